"""What `polylaw darboux` tells: Darboux polynomials and the laws made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from polylaw.algebra.polynomial import RationalFunction
from polylaw.domains.darboux.cases import Values
from polylaw.domains.darboux.eigenspaces import DarbouxPolynomial
from polylaw.domains.darboux.laws import DarbouxLaw, Kind
from polylaw.domains.darboux.result import DarbouxLaws, Regimes
from polylaw.report import Report
from polylaw.report.domains import domain_data, laws_with_domains
from polylaw.report.pieces import clipped, counted, first_lines, flow_data, flow_line, notes
from polylaw.truth import Certainty

_TITLES = {
    Kind.RATIONAL: "rational laws",
    Kind.TIME: "laws that depend on time",
    Kind.LOGARITHMIC: "laws with logarithms",
}
_SUMS = "sums, with equal lambda, of products of these and of polynomial laws"
_MOST_LINES = 60
#: A hint names functions of Darboux polynomials with at most so many terms together.
_MOST_HINTS = 3


@dataclass(frozen=True)
class DarbouxReport(Report):
    """`model` is what a next command repeats."""

    result: DarbouxLaws
    model: str
    show_all: bool = False
    schema = "polylaw-darboux-1"

    @property
    def answer(self) -> bool | None:
        return True if self.result.complete or self.result.independent.exact else None

    def lines(self) -> list[str]:
        result, flow, found = self.result, self.result.flow, self.result.found
        polynomials = counted(len(found.polynomials), "irreducible Darboux polynomial")
        number = counted(len(result.laws) + len(result.generators), "law")
        lines = [
            f"{flow_line(flow)}   degree <= {result.degree}",
            f"{polynomials}, {number}   {_reach(result)}",
            *(f"  {reason}" for reason in found.evidence),
            *([f"  not listed: {_SUMS}"] if result.has_sums else []),
            *notes(flow.distribution.steps, self.show_all),
            *([f"undecided: {result.undecided}"] if result.undecided else []),
        ]
        body = _polynomial_lines(result) + _special_lines(result)
        for kind, title in _TITLES.items():
            known = *result.laws, *(result.more if self.show_all else ())
            laws = [law for law in known if law.kind == kind]
            body += ["", f"  {title}", *_law_lines(laws)] if laws else []
        if result.generators:
            body += ["", f"  polynomial laws of {result.polynomial.solved}"]
            body += [f"  {clipped(h, self.show_all)}" for h in result.generators]
        body += _regime_lines(result.regimes, result.budget.max_regimes)
        lines += first_lines(body, _MOST_LINES, self.show_all, "--json has everything")
        if result.more and not self.show_all:
            more = f"{counted(len(result.more), 'law')} that raised no rank beside these at the points tried"
            lines += ["", f"left out: {more} (--all prints everything)"]
        return [*lines, *_next(result, self.model)]

    def data(self) -> dict[str, Any]:
        result, flow, found = self.result, self.result.flow, self.result.found
        names = [field.name for field in flow.distribution.fields]
        certainty = result.certainty

        def polynomial(d: DarbouxPolynomial, values: Values = ()) -> dict[str, Any]:
            texts = map(_quotient_text, result.cofactors(d.cofactors, values))
            return {"polynomial": str(d.polynomial), "cofactors": dict(zip(names, texts, strict=True))}

        regimes = result.regimes
        return {
            **flow_data(flow),
            "variables": list(flow.ring.variables),
            "parameters": list(flow.ring.parameters),
            "steps": list(flow.distribution.steps),
            "degree": result.degree,
            "polynomials": [polynomial(d) for d in found.polynomials],
            "special": [{"relation": s.relation, **polynomial(s.found, s.values)} for s in result.special],
            "complete": result.complete,
            "certainty": "open" if certainty is Certainty.UNDECIDED else certainty.value,
            "not_listed": _SUMS if result.has_sums else None,
            "complete_degree": found.complete,
            "evidence": list(map(str, found.evidence)),
            **_laws_data(result),
            "more_laws": list(map(_law_data, result.more)),
            "regimes": [
                {
                    "values": {n: str(v) for n, v in r.values},
                    "complete": r.laws.complete,
                    **_laws_data(r.laws),
                }
                for r in regimes.found
            ],
            "regimes_left": [[str(p) for p in equations] for equations in regimes.left],
            "undecided": result.undecided or None,
        }


def _reach(result: DarbouxLaws) -> str:
    """How many independent laws are known, and how many there can be."""
    independent, timed = result.independent, result.independent_with_time
    clock = result.flow.ring.clock is not None
    time = ", time among the variables" if clock else " without time"
    many = f"{counted(independent.lower, 'independent law')}{time}"
    generic = " for generic values of the parameters" if result.flow.ring.parameters else ""
    if not independent.exact:
        return f"{many}, of at most {independent.upper}{generic}"
    both = timed is not None and timed.exact
    many += f" and {timed.lower} with it" if timed is not None and both else ""
    alone = independent.lower == 1 and not both
    return f"{many}, which {'is all there is' if alone else 'are all there are'}{generic}"


def _next(result: DarbouxLaws, model: str) -> list[str]:
    """What may find more, when there may be more."""
    if result.independent.exact:
        return []
    hints = [f"polylaw darboux {model} --degree {result.degree + 1}"]
    polynomials = [d.polynomial for d in result.found.polynomials]
    if result.complete and 0 < sum(len(h.terms) for h in polynomials) <= _MOST_HINTS:
        functions = " ".join(
            f'--augment "log({h})" --augment "1/{h if len(h.terms) == 1 else f"({h})"}"' for h in polynomials
        )
        hints.append(f"polylaw find {model} --degree 3 {functions}")
    return ["", f"next: {'   '.join(hints)}"]


def _polynomial_lines(result: DarbouxLaws) -> list[str]:
    """Every Darboux polynomial h with its cofactors along the flow as it was given: X h = lambda h."""
    texts = [f"  {d.polynomial}   {_cofactor_text(result, d)}" for d in result.found.polynomials]
    return ["", "  Darboux polynomials h, X h = lambda*h", *texts] if texts else []


def _cofactor_text(result: DarbouxLaws, d: DarbouxPolynomial, values: Values = ()) -> str:
    cofactors = result.cofactors(d.cofactors, values)
    if len(cofactors) == 1:
        return f"lambda = {_quotient_text(cofactors[0])}"
    fields = result.flow.distribution.fields
    pairs = zip(fields, cofactors, strict=True)
    moving = [f"{field.name}: {_quotient_text(c)}" for field, c in pairs if c.numerator]
    more = f"; {len(moving) - 4} more" if len(moving) > 4 else ""
    return f"lambda along {'; '.join(moving[:4])}{more}"


def _quotient_text(value: RationalFunction) -> str:
    if value.is_polynomial:
        return str(value.numerator)
    above, below = (str(p) if len(p.terms) == 1 else f"({p})" for p in (value.numerator, value.denominator))
    product = len(value.denominator.terms) == 1 and value.denominator.degree > 1
    return f"{above}/{f'({below})' if product else below}"


def _special_lines(result: DarbouxLaws) -> list[str]:
    """Relations between the parameters under which there are more Darboux polynomials."""
    how = "found by case distinctions; there may be others"
    title = f"  more of degree <= {result.degree} under relations between the parameters ({how})"
    pairs = ((s, _cofactor_text(result, s.found, s.values)) for s in result.special)
    texts = [f"  {s.relation}:  {s.found.polynomial}   {cofactors}" for s, cofactors in pairs]
    return ["", title, *texts] if texts else []


def _law_lines(laws: Sequence[DarbouxLaw]) -> list[str]:
    texts = (f"{law}   {law.condition}".rstrip() for law in laws)
    shown = [(t, law.domain, law.conditions) for t, law in zip(texts, laws, strict=True)]
    return [f"  {line}" for line in laws_with_domains(shown)]


def _regime_lines(regimes: Regimes, most: int) -> list[str]:
    """The laws for special values of the parameters, polynomial ones first; at most so many were searched."""
    lines = []
    for regime in regimes.found:
        laws = regime.laws
        missing = "" if laws.complete else "; Darboux polynomials of this degree may be missing"
        lines += ["", f"  for {regime}: {_reach(laws)}{missing}"]
        lines += [*(f"  {h}" for h in laws.generators), *_law_lines(laws.laws)]
    left = [", ".join(f"{p} = 0" for p in equations) for equations in regimes.left]
    bound = f" (max_regimes {most})" if len(regimes.found) >= most else ""
    return lines + ([""] + [f"  not searched: where {text}{bound}" for text in left] if left else [])


def _laws_data(result: DarbouxLaws) -> dict[str, Any]:
    timed = result.independent_with_time
    return {
        "laws": list(map(_law_data, result.laws)),
        "polynomial_laws": [str(h) for h in result.generators],
        "independent": result.independent.lower,
        "independent_at_most": result.independent.upper,
        "independent_with_time": None if timed is None else timed.lower,
        "independent_with_time_at_most": None if timed is None else timed.upper,
    }


def _law_data(law: DarbouxLaw) -> dict[str, Any]:
    return {
        "law": str(law),
        "kind": law.kind.value,
        "condition": law.condition or None,
        "domain": domain_data(law.domain),
    }
