"""Families of the zoo with symbolic widths: `linear:*`, `linear:*,*,*`, `attention:d1=*,dim=*,heads=*`.

In a spec a star stands for any width.  `linear:*`, `residual:*`, `relu:*` and `leaky_relu:*`, with a single
star, mean any depth: two neighbouring layers, the others being letters that may be anything.  A spec with
widths, `linear:2,3,2`, gives the same shaped model together with the sizes, and the names under which its
concrete model has the entries of the letters. Models, laws and sources are those of the families themselves:
concrete and shaped models have one description (`polylaw.models.description`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.notation import MOST_LETTERS
from polylaw.algebra.words.term import Term, canonical
from polylaw.arguments import instance
from polylaw.errors import InputError, VerificationError
from polylaw.models.description import ONE_REGION, Component, Description, Letters
from polylaw.models.family import FAMILIES
from polylaw.models.model import Naming, entry_name
from polylaw.models.shaped import MOST_WIDTHS, ShapedModel, alphabet_of, shaped
from polylaw.models.spec import STAR, Spec

__all__ = ["Described", "described", "shaped_of_spec"]

#: Two sizes that every family takes at a star: even, for rotary positions, and at least 2, for softmax and
#: heads.  What is said of widths is the same at both; a width whose size is the same too is none that a
#: star has left open.
_SIZES = (2, 4)


@dataclass(frozen=True)
class Described:
    """A shaped model; the `fixed` sizes of those of its widths that are said; `naming`, how the concrete
    model of the zoo calls the entries of its letters; the `spec`, if the model is one of the zoo, and whether
    its depth is left open too."""

    model: ShapedModel
    fixed: Mapping[str, int]
    naming: Naming = entry_name
    spec: Spec | None = None
    any_depth: bool = False


def described(given: Spec | str) -> Described:
    """The shaped model of a spec.

    Raises what `model_from_spec` raises, except that stars are allowed and no size is too large, and
    `InputError` for a family that has no description by matrix words.
    """
    spec = (
        given
        if isinstance(given, Spec)
        else Spec.parse(instance(given, str, "model", "for example 'linear:*,*,*'"))
    )
    text, name = spec.text, spec.family.name
    if spec.arguments.get("widths") == (STAR,) and name in _ANY_DEPTH:
        return Described(_ANY_DEPTH[name](spec), {}, spec=spec, any_depth=True)
    found, other = (spec.description(size) for size in _SIZES)
    if found is None or other is None:
        known = ", ".join(name for name, family in FAMILIES.items() if family.describe)
        raise InputError(
            "model",
            text,
            f"a family with matrix words: {known}",
            "or describe it by matrices and phi in a .toml file",
        )
    if len(found.sizes) > MOST_WIDTHS:
        raise InputError(
            "model",
            text,
            f"at most {MOST_WIDTHS} different widths, not {len(found.sizes)}",
            "take fewer layers or axes",
        )
    alphabet = alphabet_of(found.letters, _constants(found))
    phi = _phi(alphabet, found)
    if dict(found.letters) != dict(other.letters) or phi != _phi(alphabet, other):
        raise VerificationError("model", text, "one description for all widths", "please report this family")
    title = text if spec.has_stars else f"{text} with symbolic widths"
    model = ShapedModel(
        title,
        alphabet,
        tuple(found.letters),
        phi,
        found.metric,
        spec.family.source,
        (*found.notes, *found.regions),
    )
    fixed = {w: size for w, size in found.sizes.items() if w in model.widths and size == other.sizes[w]}
    return Described(model, fixed, found.naming, spec)


def shaped_of_spec(spec: str) -> ShapedModel:
    """The shaped model of a spec, such as `linear:*` or `attention:d1=*,dim=*,heads=*`; raises as
    `described`."""
    return described(spec).model


def _constants(found: Description) -> Letters:
    """The constants that occur beside a weight.  Constant summands of phi are left out: no loss gradient has
    them."""
    used = {letter for part in found.phi for _, factors in _moving(found, part) for letter, _ in factors}
    return {letter: graph.widths for letter, graph in found.constants.items() if letter in used}


def _moving(found: Description, part: Component) -> list[tuple[int, list[tuple[str, tuple[object, ...]]]]]:
    """The products of a component that have a weight, with their coefficients."""
    products = [(c, [(letter, tuple(labels)) for letter, labels in factors]) for c, factors in part.products]
    return [(c, factors) for c, factors in products if any(letter in found.letters for letter, _ in factors)]


def _phi(alphabet: Alphabet, found: Description) -> tuple[Expression, ...]:
    return tuple(_expression(alphabet, found, part) for part in found.phi)


def _expression(alphabet: Alphabet, found: Description, part: Component) -> Expression:
    """The component, with its widths left open."""
    terms: dict[Term, int] = {}
    widths: dict[object, str] = {}
    for c, factors in _moving(found, part):
        if len(factors) > MOST_LETTERS:
            raise InputError(
                "phi", f"a product of {len(factors)} letters", f"at most {MOST_LETTERS} letters in a product"
            )
        term = canonical(tuple(part.open), factors)
        terms[term] = terms.get(term, 0) + c
        widths |= {
            label: w
            for letter, labels in factors
            for label, w in zip(labels, alphabet.widths(letter), strict=True)
        }
    return alphabet.expression([widths[label] for label in part.open], terms)


# -- any depth ---------------------------------------------------------------------------------------
_NEIGHBOURS: Letters = {"U1": ("l", "n"), "U2": ("n", "r")}
_AROUND: Letters = {"A": ("p", "l"), "B": ("r", "q")}


def _linear_of_any_depth(spec: Spec) -> ShapedModel:
    """A U1 U2 B: two neighbouring layers; A and B, all other ones, may be anything."""
    if spec.options.keys() != {"widths"}:
        name = spec.family.name
        raise InputError(
            f"{name} options",
            spec.text,
            "none for a network of any depth",
            f"write the number of layers, {name}:*,*,*",
        )
    note = "U1 and U2 are any two neighbouring layers, A and B the layers before and after them"
    return _any_depth(spec, _NEIGHBOURS, ["A U1 U2 B"], note)


def _relu_of_any_depth(spec: Spec) -> ShapedModel:
    letters, phi = dict(_NEIGHBOURS), ["[p,i,j,k,q] A[p,i] U1[i,j] U2[j,k] B[k,q]"]
    if spec.arguments["bias"]:
        letters["b1"] = ("n",)
        phi.append("[j,k,q] b1[j] U2[j,k] B[k,q]")
    note = (
        "U1 and U2 are any two neighbouring layers, A and B products of weights along paths before and "
        "after them"
    )
    return _any_depth(spec, letters, phi, note, ONE_REGION)


def _any_depth(spec: Spec, letters: Letters, phi: list[str], *notes: str) -> ShapedModel:
    family = spec.family
    return shaped(
        letters, phi, constants=_AROUND, name=f"{family.name} of any depth", source=family.source, notes=notes
    )


_ANY_DEPTH: dict[str, Callable[[Spec], ShapedModel]] = {
    "linear": _linear_of_any_depth,
    "residual": _linear_of_any_depth,
    "relu": _relu_of_any_depth,
    "leaky_relu": _relu_of_any_depth,
}
