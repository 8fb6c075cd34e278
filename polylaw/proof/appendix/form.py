"""The form of laws in formulas: which polynomials a statement of completeness is about."""

from __future__ import annotations

from polylaw.proof.appendix.document import Part
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import counted, listed, runs
from polylaw.proof.forms import Form, form_words

_MOST_LISTED = 12


def form_parts(form: Form, names: Names, *, plural: bool) -> list[Part]:
    """`a polynomial of degree at most 2 in theta`."""
    clock: Part = names.clock(1) if names.time else ""
    return form_words(form, _inside(form, names), clock, _terms(form, names), plural=plural)


def _inside(form: Form, names: Names) -> list[Part]:
    """` in theta and its velocity`, ` in x and y`: the variables, by which the clock is left out."""
    chosen = [names.symbols[k] for k in form.variables]
    if len(chosen) == names.variables and (len(chosen) > 4 or names.kind.trained):
        if names.kind.velocities:
            return [" in ", names.state, " and ", names.velocity]
        return [" in ", names.state] if names.kind.trained else [" in the variables"]
    if len(chosen) > _MOST_LISTED:
        return [f" in the {len(chosen)} variables that the certificate lists"]
    return [" in ", *runs(chosen)]


def _terms(form: Form, names: Names) -> list[Part]:
    """The monomials of a list, or the variables of larger weight."""
    if form.weights:
        return [names.symbols[k] for k, w in zip(form.variables, form.weights, strict=True) if w > 1]
    if len(form.listed) > _MOST_LISTED:
        return [f"the {counted(form.count, 'monomial')} listed in the certificate"]
    monomials = (names.ring.monomial(tuple((k, m.count(k)) for k in sorted(set(m)))) for m in form.listed)
    return [*listed([names.polynomial(p) for p in monomials])]
