"""Families of the zoo with symbolic widths: `linear:*`, `linear:*,*,*`, `attention:d1=*,dim=*,heads=*`.

In a spec a star stands for any width.  `linear:*`, `residual:*`, `relu:*` and `leaky_relu:*`, with a single
star, mean any depth: two neighbouring layers, the others being letters that may be anything.  A spec with
widths, `linear:2,3,2`, gives the same shaped model together with the sizes, and the names under which its
concrete model has the entries of the letters. Models, laws and sources are those of the families themselves:
concrete and shaped models have one description (`polylaw.models.description`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.letters import collected
from polylaw.algebra.words.notation import MOST_LETTERS
from polylaw.algebra.words.term import canonical
from polylaw.arguments import instance
from polylaw.errors import InputError, VerificationError
from polylaw.frozen import Frozen
from polylaw.models.contraction import Labels
from polylaw.models.description import ONE_REGION, Description, Letters, Product
from polylaw.models.family import FAMILIES
from polylaw.models.model import Naming, entry_name
from polylaw.models.shaped import MOST_WIDTHS, ShapedModel, alphabet_of, shaped
from polylaw.models.spec import STAR, Spec

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
    naming: Naming = field(default=entry_name, compare=False)  # the spec says it
    spec: Spec | None = None
    any_depth: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "fixed", Frozen(self.fixed))


def described(given: Spec | str) -> Described:
    """The shaped model of a spec.

    Raises what `model_from_spec` raises, except that stars are allowed and no size is too large, and
    `InputError` for a family that has no description by matrix words.
    """
    if not isinstance(given, Spec):
        given = Spec.parse(instance(given, str, "model", "for example 'linear:*,*,*'"))
    spec, text = given, given.text
    if spec.arguments.get("widths") == (STAR,) and spec.family.name in _ANY_DEPTH:
        return Described(_ANY_DEPTH[spec.family.name](spec), {}, spec=spec, any_depth=True)
    found, other = (spec.description(size) for size in _SIZES)
    if found is None or other is None:
        known = ", ".join(name for name, family in FAMILIES.items() if family.describe)
        hint = "or describe it by matrices and phi in a .toml file"
        raise InputError("model", text, f"a family with matrix words: {known}", hint)
    if len(found.sizes) > MOST_WIDTHS:
        expected = f"at most {MOST_WIDTHS} different widths, not {len(found.sizes)}"
        raise InputError("model", text, expected, "take fewer layers or axes")
    alphabet, phi = _symbolic(found)
    if (alphabet, phi) != _symbolic(other):
        raise VerificationError("model", text, "one description for all widths", "please report this family")
    title, letters = text if spec.has_stars else f"{text} with symbolic widths", tuple(found.letters)
    notes = (*found.notes, *found.regions)
    model = ShapedModel(title, alphabet, letters, phi, found.metric, spec.family.source, notes)
    fixed = {w: size for w, size in found.sizes.items() if w in model.widths and size == other.sizes[w]}
    return Described(model, fixed, found.naming, spec)


def shaped_of_spec(spec: str) -> ShapedModel:
    """The shaped model of a spec: `linear:*`, `attention:d1=*,dim=*,heads=*`; raises as `described`."""
    return described(spec).model


def _symbolic(found: Description) -> tuple[Alphabet, tuple[Expression, ...]]:
    """The letters and phi, with widths left open.  Constant summands of phi are left out, with the constants
    that are nowhere else: no loss gradient has them."""
    moving = [
        [(c, factors) for c, factors in part.products if any(name in found.letters for name, _ in factors)]
        for part in found.phi
    ]
    used = {name for products in moving for _, factors in products for name, _ in factors}
    constants = {name: graph.widths for name, graph in found.constants.items() if name in used}
    alphabet = alphabet_of(found.letters, constants)
    parts = zip(found.phi, moving, strict=True)
    return alphabet, tuple(_expression(alphabet, part.open, products) for part, products in parts)


def _expression(alphabet: Alphabet, open_: Labels, products: Sequence[Product]) -> Expression:
    widths: dict[Hashable, str] = {}
    for _, factors in products:
        if len(factors) > MOST_LETTERS:
            expected = f"at most {MOST_LETTERS} letters in a product"
            raise InputError("phi", f"a product of {len(factors)} letters", expected)
        for name, labels in factors:
            widths |= zip(labels, alphabet.widths(name), strict=True)
    one = alphabet.scalars.constant(1)
    terms = collected((canonical(open_, factors), one * c) for c, factors in products)
    return Expression(alphabet, tuple(widths[label] for label in open_), terms)


# -- any depth ---------------------------------------------------------------------------------------
_NEIGHBOURS: Letters = {"U1": ("l", "n"), "U2": ("n", "r")}
_AROUND: Letters = {"A": ("p", "l"), "B": ("r", "q")}


def _linear_of_any_depth(spec: Spec) -> ShapedModel:
    """A U1 U2 B: two neighbouring layers; A and B, all other ones, may be anything."""
    if spec.options.keys() != {"widths"}:
        name, hint = spec.family.name, f"write the number of layers, {spec.family.name}:*,*,*"
        raise InputError(f"{name} options", spec.text, "none for a network of any depth", hint)
    note = "U1 and U2 are any two neighbouring layers, A and B the layers before and after them"
    return _any_depth(spec, _NEIGHBOURS, ["A U1 U2 B"], note)


def _relu_of_any_depth(spec: Spec) -> ShapedModel:
    letters, phi = dict(_NEIGHBOURS), ["[p,i,j,k,q] A[p,i] U1[i,j] U2[j,k] B[k,q]"]
    if spec.arguments["bias"]:
        letters["b1"] = ("n",)
        phi.append("[j,k,q] b1[j] U2[j,k] B[k,q]")
    around = "A and B products of weights along paths before and after them"
    return _any_depth(spec, letters, phi, f"U1 and U2 are any two neighbouring layers, {around}", ONE_REGION)


def _any_depth(spec: Spec, letters: Letters, phi: list[str], *notes: str) -> ShapedModel:
    name, source = f"{spec.family.name} of any depth", spec.family.source
    return shaped(letters, phi, constants=_AROUND, name=name, source=source, notes=notes)


_ANY_DEPTH: dict[str, Callable[[Spec], ShapedModel]] = {
    "linear": _linear_of_any_depth,
    "residual": _linear_of_any_depth,
    "relu": _relu_of_any_depth,
    "leaky_relu": _relu_of_any_depth,
}
