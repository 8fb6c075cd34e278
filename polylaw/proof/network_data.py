"""Networks and their laws as the plain data of a certificate, and back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.networks.flat import Computed, Fixed, Input, Network, located
from polylaw.networks.law import Law
from polylaw.networks.pieces import Form, Piece, View
from polylaw.networks.tensors import Shape
from polylaw.networks.text import symbol
from polylaw.proof.encoding import Data

#: What is said of an array where it is not `False`.
_FLAGS = ("eps", "linear", "affine")
#: Names that are told as they are.
_PLAIN = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")
_LONGEST_NAME = 120


# -- to data -------------------------------------------------------------------------------------------
def encoded_network(network: Network) -> dict[str, Any]:
    """The entry `flow`."""
    number = {name: k for k, name in enumerate(network.shapes)}
    return {
        "type": "network",
        "parameters": [[name, list(shape)] for name, shape in network.shapes.items()],
        "arrays": [_array(array, number) for array in network.arrays],
        "outputs": list(network.outputs),
    }


def _array(array: View | Fixed | Computed, number: dict[str, int]) -> dict[str, Any]:
    if isinstance(array, View):
        axes = [list(axis) for axis in array.axes]
        return {"parameter": number[array.name], "start": list(array.start), "axes": axes}
    data: dict[str, Any] = {"sizes": list(array.sizes)}
    if array.sums:
        data["sums"] = [list(pair) for pair in array.sums]
    if isinstance(array, Fixed):
        return data | ({"zero": True} if array.zero else {})
    data["rule"] = array.rule
    data["terms"] = [[[x.array, *x.legs] for x in term] for term in array.terms]
    if array.numbers:
        data["numbers"] = list(map(rational_text, array.numbers))
    if any(n != 1 for n in array.times):
        data["times"] = list(array.times)
    return data | {key: True for key in _FLAGS if getattr(array, key)}


def encoded_law(network: Network, law: Law) -> dict[str, Any]:
    """A law of the network; of a matrix that is symmetric, or without its diagonal, the whole."""
    whole, numbers = located(network, law)
    if law.skew:  # -M' is M then
        whole = replace(whole, pieces=tuple(replace(p, coefficient=abs(p.coefficient)) for p in whole.pieces))
    data: dict[str, Any] = {"form": law.form.value, "text": whole.merged().text()}
    data["pieces"] = [
        [rational_text(piece.coefficient), number, list(piece.index)]
        for piece, number in zip(whole.pieces, numbers, strict=True)
    ]
    if law.skew:
        data["skew"] = True
    return data | ({"centred": sorted(whole.centred)} if whole.centred else {})


# -- from data -----------------------------------------------------------------------------------------
def decoded_network(data: Data) -> Network:
    """The network of a certificate that the checker accepts, its parameters by the names of `labels`."""
    flow = data["flow"]
    shapes = [tuple(shape) for _, shape in flow["parameters"]]
    named = list(zip(labels(data), shapes, strict=True))
    arrays = tuple(_decoded_array(array, named) for array in flow["arrays"])
    return Network(dict(named), arrays, tuple(flow["outputs"]))


def labels(data: Data) -> list[str]:
    """What parameters are called: by their names where these are plain, and told apart from all others where
    they are shortened; else `#1`, `#2`, ..."""
    named = [(name, symbol(View(name, tuple(shape), (), ()))) for name, shape in data["flow"]["parameters"]]
    times = Counter(short for _, short in named)
    return [
        name if len(name) <= _LONGEST_NAME and _PLAIN.fullmatch(name) and times[short] == 1 else f"#{k}"
        for k, (name, short) in enumerate(named, 1)
    ]


def _decoded_array(data: Data, named: Sequence[tuple[str, Shape]]) -> View | Fixed | Computed:
    if "parameter" in data:
        axes = tuple((axis, size, stride) for axis, size, stride in data["axes"])
        return View(*named[data["parameter"]], tuple(data["start"]), axes)
    sizes, sums = tuple(data["sizes"]), tuple((axis, n) for axis, n in data.get("sums", ()))
    if "rule" not in data:
        return Fixed(sizes, sums, data.get("zero", False))
    terms = tuple(tuple(Input(k, tuple(legs)) for k, *legs in term) for term in data["terms"])
    times = tuple(data.get("times", [1] * len(terms)))
    numbers = tuple(map(Fraction, data.get("numbers", ())))
    flags = {key: data.get(key, False) for key in _FLAGS}
    return Computed(sizes, data["rule"], terms, times, numbers, **flags, sums=sums)


def decoded_law(network: Network, data: Data, *, exact: bool) -> Law:
    """A law of the network, which is claimed with or without eps."""
    pieces = []
    skew = data.get("skew", False)
    for c, number, index in data["pieces"]:
        view = network.arrays[number]
        assert isinstance(view, View)  # as the checker found
        pieces.append(Piece(abs(Fraction(c)) if skew else Fraction(c), view, tuple(index)))
    sizes = tuple(pieces[0].view.axes[axis][1] for axis in pieces[0].index)
    centred = frozenset(data.get("centred", ()))
    law = Law(Form(data["form"]), sizes, tuple(pieces), centred, exact, skew=skew)
    return law.merged()
