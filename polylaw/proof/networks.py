"""Certificates of laws of networks: arrays, rules and laws as plain data, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from polylaw.algebra.rationals import rational_text
from polylaw.budget import Budget, given_budget
from polylaw.errors import InputError
from polylaw.networks.flat import Computed, Fixed, Input, Network, located
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.pieces import Form, Piece, View
from polylaw.proof.certificate import Certificate
from polylaw.proof.encoding import Data

#: What is said of an array where it is not `False`.
_FLAGS = ("eps", "linear", "affine")


def certify_network(laws: NetworkLaws, *, command: str = "", budget: Budget | None = None) -> Certificate:
    """The certificate of all laws of a network, verified by the standalone checker, which follows each motion
    of the parameters through the network rule by rule.  `command` is how to make it again.

    Raises `InputError` for a network without laws, `BudgetError` when a bound is hit.
    """
    budget = given_budget(budget)
    if not laws.laws:
        hint = "what is not known of the network is said where its laws are shown"
        raise InputError("laws", "no law", "something to certify", hint)
    with budget.working():
        return Certificate.signed(_data(laws, command), budget.left)


def _data(laws: NetworkLaws, command: str) -> dict[str, Any]:
    network, exact = laws.network, [law.exact for law in laws.laws]
    claims: list[dict[str, Any]] = []
    if any(exact):
        claims.append({"type": "network", "laws": [i for i, kept in enumerate(exact) if kept]})
    if not all(exact):
        nearly = [i for i, kept in enumerate(exact) if not kept]
        claims.append({"type": "network", "laws": nearly, "without_eps": True})
    return {
        "model": {
            "title": "network",
            "flow": "training",
            "ansatz": "symmetries",
            "arrays": [{"name": name, "shape": list(shape)} for name, shape in network.shapes.items()],
            "matrices": [],
            "steps": [],
            "source": "",
            "command": command,
        },
        **{"variables": [], "parameters": [], "clock": None},
        "flow": _encoded(network),
        "laws": [_encoded_law(network, law) for law in laws.laws],
        "claims": claims,
    }


# -- to data -------------------------------------------------------------------------------------------
def _encoded(network: Network) -> dict[str, Any]:
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


def _encoded_law(network: Network, law: Law) -> dict[str, Any]:
    """A symmetric family is part of one that the checker accepts, and one without its diagonal, too."""
    whole, numbers = located(network, law)
    data: dict[str, Any] = {"form": law.form.value, "text": law.text()}
    data["pieces"] = [
        [rational_text(piece.coefficient), number, list(piece.index)]
        for piece, number in zip(whole.pieces, numbers, strict=True)
    ]
    if law.skew:
        data["skew"] = True
    return data | ({"centred": sorted(whole.centred)} if whole.centred else {})


# -- from data -----------------------------------------------------------------------------------------
def decoded(data: Data) -> Network:
    """The network of a certificate that the checker accepts."""
    flow = data["flow"]
    shapes = {name: tuple(shape) for name, shape in flow["parameters"]}
    named = list(shapes.items())
    arrays = tuple(_decoded_array(array, named) for array in flow["arrays"])
    return Network(shapes, arrays, tuple(flow["outputs"]))


def _decoded_array(data: Data, named: Sequence[tuple[str, tuple[int, ...]]]) -> View | Fixed | Computed:
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


def decoded_laws(network: Network, data: Data) -> Iterable[tuple[int, Law]]:
    """The laws that the claims of a certificate are about, with their numbers; what is claimed without eps
    only is not exact."""
    exact = {i for claim in data["claims"] if not claim.get("without_eps") for i in claim["laws"]}
    every = dict.fromkeys(i for claim in data["claims"] for i in claim["laws"])
    return ((i, _decoded_law(network, data["laws"][i], exact=i in exact)) for i in every)


def _decoded_law(network: Network, data: Data, *, exact: bool) -> Law:
    pieces = []
    for c, number, index in data["pieces"]:
        view = network.arrays[number]
        assert isinstance(view, View)  # as the checker found
        pieces.append(Piece(Fraction(c), view, tuple(index)))
    sizes = tuple(pieces[0].view.axes[axis][1] for axis in pieces[0].index)
    centred = frozenset(data.get("centred", ()))
    law = Law(Form(data["form"]), sizes, tuple(pieces), centred, exact, skew=data.get("skew", False))
    return law.merged()
