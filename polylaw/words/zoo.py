"""Families of the zoo with symbolic widths: `linear:*`, `linear:*,*,*`, `attention:d1=*,dim=*,heads=*`.

In a spec a star stands for any width.  `linear:*`, `residual:*`, `relu:*` and `leaky_relu:*`, with a single star, mean any
depth: two neighbouring layers, the others being letters that may be anything.  A spec with widths, `linear:2,3,2`, gives
the same shaped model together with the sizes, and the names under which its concrete model has the entries of the letters.
Models, laws and sources are those of the families themselves: concrete and shaped models have one description
(`polylaw.models.description`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from polylaw.errors import InputError
from polylaw.models.contraction import Labels
from polylaw.models.description import ONE_REGION, Component, Description, Letters, Product
from polylaw.models.family import FAMILIES, Family, description_of_spec
from polylaw.models.model import Naming, entry_name
from polylaw.words.model import ShapedModel, shaped

__all__ = ["Described", "described", "shaped_of_spec"]

#: What a star is read as where a spec wants an integer: even, for rotary positions, and at least 2, for softmax and heads.
_ANY = "2"


@dataclass(frozen=True)
class Described:
    """A shaped model; with a spec that says them, the `sizes` of its widths; and `naming`, how the concrete model of the
    zoo calls the entries of its letters."""

    model: ShapedModel
    sizes: Mapping[str, int] | None
    naming: Naming = entry_name


def described(spec: str) -> Described:
    """The shaped model of a spec.

    Raises what `model_from_spec` raises, except that no size is too large, and `InputError` for a family that has no
    description by matrix words.
    """
    head, _, query = spec.partition("?")
    name, _, arguments = head.partition(":")
    if arguments.strip() == "*" and name in _ANY_DEPTH:
        return Described(_ANY_DEPTH[name](name, query), None)
    entry, found = description_of_spec(spec.replace("*", _ANY))
    if found is None:
        known = ", ".join(name for name, family in FAMILIES.items() if family.describe)
        raise InputError("model", spec, f"a family with matrix words: {known}", "or describe it by matrices and phi in a .toml file")
    stars = "*" in spec
    model = _shaped(entry, found, spec if stars else f"{spec} with symbolic widths")
    return Described(model, None if stars else {w: found.sizes[w] for w in model.widths if w in found.sizes}, found.naming)


def shaped_of_spec(spec: str) -> ShapedModel:
    """The shaped model of a spec, such as `linear:*` or `attention:d1=*,dim=*,heads=*`; raises as `described`."""
    return described(spec).model


def _shaped(entry: Family, found: Description, name: str) -> ShapedModel:
    """Letters and phi with their widths left open.  Constant summands of phi are left out: no loss gradient has them."""
    parts = [[(c, f) for c, f in part.products if any(letter in found.letters for letter, _ in f)] for part in found.phi]
    used = {letter for products in parts for _, factors in products for letter, _ in factors}
    return shaped(
        found.letters,
        [_text(part, products) for part, products in zip(found.phi, parts, strict=True)],
        constants={letter: graph.widths for letter, graph in found.constants.items() if letter in used},
        metric=found.metric,
        name=name,
        source=entry.source,
        notes=(*found.notes, *found.regions),
    )


def _text(part: Component, products: Sequence[Product]) -> str:
    """The component in the notation of `polylaw.words.parse`."""
    names: dict[object, str] = {}

    def indexed(letter: str, labels: Labels) -> str:
        return f"{letter}[{','.join(names.setdefault(label, f'i{len(names)}') for label in labels)}]"

    open_ = indexed("", part.open)
    terms = (f"{c:+} {' '.join(indexed(letter, labels) for letter, labels in factors)}" for c, factors in products)
    return f"{open_} {' '.join(terms)}"


# -- any depth ---------------------------------------------------------------------------------------
def _linear_of_any_depth(name: str, query: str) -> ShapedModel:
    """A U1 U2 B: two neighbouring layers; A and B, all other ones, may be anything."""
    if query:
        raise InputError(f"{name} options", query, "none for a network of any depth", f"write the number of layers, {name}:*,*,*")
    letters: dict[str, tuple[str, ...]] = {"U1": ("l", "n"), "U2": ("n", "r")}
    note = "U1 and U2 are any two neighbouring layers, A and B the layers before and after them"
    return _any_depth(name, letters, ["A U1 U2 B"], {"A": ("p", "l"), "B": ("r", "q")}, note)


def _relu_of_any_depth(name: str, query: str) -> ShapedModel:
    letters: dict[str, tuple[str, ...]] = {"U1": ("l", "n"), "U2": ("n", "r")}
    phi = ["[p,i,j,k,q] A[p,i] U1[i,j] U2[j,k] B[k,q]"]
    if query not in ("", "bias=true", "bias=false", "bias"):
        raise InputError(f"{name} options", query, "bias=true or bias=false")
    if query in ("bias=true", "bias"):
        letters["b1"] = ("n",)
        phi.append("[j,k,q] b1[j] U2[j,k] B[k,q]")
    note = "U1 and U2 are any two neighbouring layers, A and B products of weights along paths before and after them"
    return _any_depth(name, letters, phi, {"A": ("p", "l"), "B": ("r", "q")}, note, ONE_REGION)


def _any_depth(name: str, letters: Letters, phi: list[str], constants: Letters, *notes: str) -> ShapedModel:
    return shaped(letters, phi, constants=constants, name=f"{name} of any depth", source=FAMILIES[name].source, notes=notes)


_ANY_DEPTH: dict[str, Callable[[str, str], ShapedModel]] = {
    "linear": _linear_of_any_depth,
    "residual": _linear_of_any_depth,
    "relu": _relu_of_any_depth,
    "leaky_relu": _relu_of_any_depth,
}
