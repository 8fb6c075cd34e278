"""Families of the zoo with symbolic widths: `linear:*`, `linear:*,*,*`, `attention:d1=*,dim=*,heads=*`.

In a spec a star stands for any width.  `linear:*`, `residual:*`, `relu:*` and `leaky_relu:*`, with a single star, mean any
depth: two neighbouring layers, the others being letters that may be anything.  A spec with widths, `linear:2,3,2`, gives
the same shaped model together with the sizes, and the names under which its concrete model has the entries of the letters.
Models, laws and sources are those of the families themselves (`polylaw.models`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from polylaw.errors import InputError
from polylaw.models.family import FAMILIES, Family, arguments_of_spec
from polylaw.models.linear import widths_of
from polylaw.words.families import SHAPED, Described, Letters
from polylaw.words.model import ShapedModel, shaped

__all__ = ["SHAPED", "Described", "described", "shaped_of_spec"]

#: What a star is read as where a spec wants an integer: even, for rotary positions, and at least 2, for softmax.
_ANY = "2"


def described(spec: str) -> Described:
    """The shaped model of a spec.

    Raises what `model_from_spec` raises, and `InputError` for a family that has no description by matrix words.
    """
    head, _, query = spec.partition("?")
    name, _, arguments = head.partition(":")
    if arguments.strip() == "*" and name in _ANY_DEPTH:
        return Described(_ANY_DEPTH[name](name, query), None)
    stars = "*" in spec
    entry, values = arguments_of_spec(spec.replace("*", _ANY))
    if entry.name not in SHAPED:
        known = ", ".join(SHAPED)
        raise InputError("model", spec, f"a family with matrix words: {known}", "or describe it by matrices and phi in a .toml file")
    _check(entry, values)
    found = SHAPED[entry.name](values, "heads=*" in arguments or "heads=*" in query)
    model = found.model.named(spec if stars else f"{spec} with symbolic widths")
    return Described(model, None if stars else found.sizes, found.naming)


def shaped_of_spec(spec: str) -> ShapedModel:
    """The shaped model of a spec, such as `linear:*` or `attention:d1=*,dim=*,heads=*`; raises as `described`."""
    return described(spec).model


def _check(entry: Family, values: dict[str, Any]) -> None:
    """What the family itself says of these arguments: it builds a small model with large sizes made small, odd ones odd."""
    if "widths" in values:
        widths_of(entry.name, values["widths"])
        return
    small = {key: _small(value) for key, value in values.items()}
    rest = [v for key in ("channels", "sizes") for v in small.pop(key, ())]
    entry.build(*rest, **small)


def _small(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_small, value))
    return 4 - value % 2 if isinstance(value, int) and value > 4 else value


# -- any depth ---------------------------------------------------------------------------------------
def _linear_of_any_depth(name: str, query: str) -> ShapedModel:
    """A U1 U2 B: two neighbouring layers; A and B, all other ones, may be anything."""
    if query:
        raise InputError(f"{name} options", query, "none for a network of any depth", f"write the number of layers, {name}:*,*,*")
    letters: Letters = {"U1": ("l", "n"), "U2": ("n", "r")}
    note = "U1 and U2 are any two neighbouring layers, A and B the layers before and after them"
    return _any_depth(name, letters, ["A U1 U2 B"], {"A": ("p", "l"), "B": ("r", "q")}, note)


def _relu_of_any_depth(name: str, query: str) -> ShapedModel:
    letters: Letters = {"U1": ("l", "n"), "U2": ("n", "r")}
    phi = ["[p,i,j,k,q] A[p,i] U1[i,j] U2[j,k] B[k,q]"]
    if query not in ("", "bias=true", "bias=false", "bias"):
        raise InputError(f"{name} options", query, "bias=true or bias=false")
    if query in ("bias=true", "bias"):
        letters["b1"] = ("n",)
        phi.append("[j,k,q] b1[j] U2[j,k] B[k,q]")
    note = "U1 and U2 are any two neighbouring layers, A and B products of weights along paths before and after them"
    return _any_depth(name, letters, phi, {"A": ("p", "l"), "B": ("r", "q")}, note)


def _any_depth(name: str, letters: Letters, phi: list[str], constants: Letters, note: str) -> ShapedModel:
    return shaped(letters, phi, constants=constants, name=f"{name} of any depth", source=FAMILIES[name].source, notes=[note])


_ANY_DEPTH: dict[str, Callable[[str, str], ShapedModel]] = {
    "linear": _linear_of_any_depth,
    "residual": _linear_of_any_depth,
    "relu": _relu_of_any_depth,
    "leaky_relu": _relu_of_any_depth,
}
