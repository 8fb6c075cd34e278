"""Every polynomial family of the zoo as a network: the laws that inference derives from its graph span those
that `find` proves to be all, up to degree 2, but for a table of differences, each with its reason.

Not among them: `map`, which is no network, and `relu-regions`, where more holds near one theta_0 than for
all weights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.models import FAMILIES, model_from_spec
from polylaw.models.spec import Spec
from polylaw.networks.graph import Graph
from polylaw.networks.laws import NetworkLaws, laws_of
from polylaw.networks.pieces import Form
from tests.helpers import gradient, momentum, mostly_slow, span_dimension, unfolded, weights
from tests.networks.expansion import Arrays, mirrored, quantities, turns, with_products
from tests.networks.zoo import network_of

_CONV = ["1,1", "1,1,1", "1,2,1", "2,1,2", "2,2,1", "1,1,1,1", "1,2,2,1"]
_RESIDUAL = ["1,1", "2,2", "1,1,1", "1,2,1", "2,1,2", "2,2,2", "2,3,2", "1,2,2,1", "1,1,1,1"]
_RELU = [
    "1,1",
    "2,1",
    "1,1,1",
    "1,2,1",
    "1,1,2",
    "2,1,2",
    "2,3,1",
    "1,1,1,1",
    "1,2,2,1",
    "2,2,2,2",
    "1,1,1,1,1",
]
_CP = ["1,1", "1,2", "2,2", "2,3", "1,1,1", "1,1,2", "1,2,2", "2,2,2", "1,1,1,1", "2,2,2,2", "1,1,2,2"]
_TT = ["1,1", "1,2", "2,2", "1,1,1", "1,2,1", "2,1,2", "2,2,2", "1,1,1,1"]
_TUCKER = ["1,1", "1,2", "2,2", "1,1,1", "1,1,2", "1,2,2", "2,2,2"]
_ON_OFF = ("false", "true")
#: Texts of specs, and what stands in their gaps.
_GRIDS: list[tuple[Any, ...]] = [
    ("linear:{},{}", (1, 2), (1, 2)),
    ("linear:{},{},{}", (1, 2, 3), (1, 2, 3, 4), (1, 2, 3)),
    ("linear:{},{},{},{}", *[(1, 2)] * 4),
    ("linear:{}", ("1,1,1,1,1", "1,2,3,2,1", "1,2,1,2,1", "1,8,2")),
    ("factorization:{},{},{}", (1, 2), (1, 2, 3), (1, 2, 3, 4)),
    ("lora:{},{},{}", (1, 2), (1, 2), (1, 2, 3)),
    ("homogeneous:{},{},{}?p={}", (1, 2), (1, 2), (1, 2), (1, 2, 3)),
    ("gated:{},{},{}", (1, 2), (1, 2, 3), (1, 2)),
    ("swiglu:{},{},{}", (1, 2), (1, 2), (1, 2)),
    ("softmax:{},{}", (2, 3), (1, 2, 3)),
    ("normalized:{},{}", (2, 3), (1, 2)),
    ("relu:{}?bias={}", _RELU, _ON_OFF),
    ("leaky_relu:{}?bias={}", _RELU, _ON_OFF),
    ("residual:{}?activation={}&bias={}", _RESIDUAL, ("linear", "relu"), _ON_OFF),
    ("conv:{}?taps={}&stride={}&dim={}", _CONV, (1, 2, 3), (1, 2), (1, 2)),
    ("conv:{}?taps={}&dim={}&activation=relu", _CONV, (1, 2), (1, 2)),
    ("conv:{}", ("1,2,1?taps=2,3", "1,2,1?taps=1,2", "1,2,2?taps=2,2", "1,2,1,1?taps=1,2,1")),
    ("conv:{}", ("1,1,2,1?taps=1,2,2",)),
    ("cp:{}?rank={}", _CP, (1, 2, 3)),
    ("tucker:{}?ranks={}", _TUCKER, (1, 2)),
    ("tucker:{}", ("2,2,2?ranks=1,1,2", "2,2,2?ranks=1,2,2", "3,3?ranks=2,1", "1,2,2?ranks=1,2,2")),
    ("tt:{}?ranks={}", _TT, (1, 2, 3)),
    ("tt:{}", ("2,2,2?ranks=1,2",)),
    ("elementwise:{}?depth={}", (1, 2, 3), (2, 3, 4)),
    ("attention:d1={},dim={},heads={},vo={}", (1, 2, 3), (1, 2, 3), (1, 2), _ON_OFF),
    ("attention:d1={},dim={},heads={},vo={},rope=true", (2, 4), (1, 2, 3), (1, 2), _ON_OFF),
]
_SPECS = [text.format(*chosen) for text, *gaps in _GRIDS for chosen in product(*gaps)]
#: In the quick suite, beside those with a difference of few weights.
_QUICK = {
    "linear:2,3,2", "linear:1,2,1", "linear:1,2,1,2", "factorization:1,1,3", "lora:2,2,1", "gated:1,2,1",
    "homogeneous:2,2,1?p=3", "swiglu:2,2,1", "softmax:3,2", "normalized:3,2", "relu:2,3,1?bias=true",
    "leaky_relu:1,2,1?bias=false", "residual:2,2,2?activation=linear&bias=true", "tucker:1,2,2?ranks=2",
    "residual:2,1,2?activation=relu&bias=true", "conv:1,2,1?taps=2&stride=1&dim=1", "tt:2,1,2?ranks=2",
    "conv:2,2,1?taps=2&dim=2&activation=relu", "cp:1,1?rank=2", "cp:1,2,2?rank=2", "elementwise:2?depth=3",
    "attention:d1=2,dim=2,heads=2,vo=true", "attention:d1=2,dim=1,heads=1,vo=true,rope=true", "linear:1,8,2",
}  # fmt: skip

#: The first difference.  Two factors u, v with hidden units k, of which the network sees sum_k u_k * v_k
#: alone, where * commutes: numbers, or kernels of one channel with the same taps.  Then u and v may be
#: exchanged, and u_k v_l - u_l v_k is a law for k < l.  It mixes different arrays and needs outer axes of
#: width 1, while inference knows matrices on an axis, for all widths.  Of numbers these laws are functions
#: of the others, of kernels they are new.  Each row has the pairs of arrays with the axes of their units.
_SWAPS: dict[str, list[tuple[str, int, str, int]]] = {
    **{f"linear:1,{n},1": [("U1", 1, "U2", 0)] for n in (2, 3, 4)},
    **{spec: [("U1", 1, "U2", 0)] for spec in ("linear:1,2,1,1", "linear:1,2,1,2")},
    **{spec: [("U2", 1, "U3", 0)] for spec in ("linear:1,1,2,1", "linear:2,1,2,1")},
    "linear:1,2,1,2,1": [("U1", 1, "U2", 0), ("U3", 1, "U4", 0)],
    **{f"{name}:1,1,{r}": [("U", 1, "V", 1)] for name in ("factorization", "lora") for r in (2, 3, 4)},
    "residual:1,2,1?activation=linear&bias=false": [("U1", 1, "U2", 0)],
    **{
        f"conv:1,2,1?taps={taps}&stride={stride}&dim={dim}": [("W1", 0, "W2", 1)]
        for taps, stride, dim in product((1, 2, 3), (1, 2), (1, 2))
        if stride == 1 or taps == 1
    },
    "conv:1,1,2,1?taps=1,2,2": [("W2", 0, "W3", 1)],
    **{f"cp:1,1?rank={r}": [("A1", 1, "A2", 1)] for r in (2, 3)},
    **{f"tt:1,1?ranks={r}": [("G1", 1, "G2", 0)] for r in (2, 3)},
    **{
        f"attention:d1={d},dim=1,heads={heads},vo={vo}{rope}": [
            (one + h, 0, two + h, 0)
            for h in ([""] if heads == 1 else ["1", "2"])
            for one, two in [("Q", "K")] * (not rope) + [("V", "O")] * (vo == "true")
        ]
        for d, heads, vo, rope in product((2, 3, 4), (1, 2), _ON_OFF, ("", ",rope=true"))
    },
}


def _swaps(spec: str, arrays: Arrays, others: Arrays) -> Iterator[pl.Polynomial]:
    for one, axis, two, other in _SWAPS.get(spec, []):
        pair = unfolded(arrays[one], axis), unfolded(others[two], other)
        matrix = pair[0] @ pair[1].T
        yield from (matrix - matrix.T)[np.triu_indices(len(matrix), 1)]


def _rotary_turns(spec: str, arrays: Arrays, velocities: Arrays) -> list[pl.Polynomial]:
    """The second difference, for momentum only.  Rotary positions turn the pair of rows of Q_b and of K_b by
    angles that add up, so that turning all pairs by one more angle changes nothing: <dQ_b, J Q_b> + <dK_b, J
    K_b> is a law.  That generator mixes the halves of an axis that a module keeps apart; inference knows
    matrices inside each."""
    found = []
    if "rope=true" in spec:
        for q in (name for name in arrays if name.startswith("Q")):
            pair = [(arrays[x], velocities[x]) for x in (q, q.replace("Q", "K"))]
            found.append(sum(np.dot(v[0], x[1]) - np.dot(v[1], x[0]) for x, v in pair))
    return found


def _assert_spans(derived: list[Any], missed: list[Any], true: pl.LawSpace) -> None:
    """What is derived are laws, and with those in the table of differences they are all; none of these is
    there for nothing."""
    assert true.complete
    assert span_dimension([*true.basis, *derived]) == len(true.basis), "what is derived is no law"
    joint = [*derived, *missed]
    assert span_dimension([*true.basis, *joint]) == len(true.basis), "the table of differences is wrong"
    assert span_dimension(joint) == len(true.basis), [str(h) for h in true.basis]
    assert span_dimension(joint) == span_dimension(derived) + len(missed)


def _laws(spec: str) -> NetworkLaws:
    found = laws_of(network_of(spec))
    assert all(law.exact for law in found.laws)
    return found


@pytest.mark.parametrize("spec", mostly_slow(_SPECS, *_QUICK))
def test_laws_of_the_gradient_flow_are_all_that_find_proves(spec: str) -> None:
    flow, found = gradient(spec), _laws(spec)
    arrays, true = weights(flow), pl.find_laws(flow, 2)
    derived = [h for law in found.laws if not law.skew for h in quantities(law, arrays)]
    linear = [h for law in found.laws if law.form is Form.SUMS for h in quantities(law, arrays)]
    missed = list(_swaps(spec, arrays, arrays))
    _assert_spans(with_products(derived, linear), missed, true)
    if not missed:
        assert true.independent == found.independent


@pytest.mark.parametrize("spec", mostly_slow([s for s in _SPECS if "normalized" not in s], *_QUICK))
def test_laws_with_momentum_are_all_that_find_proves(spec: str) -> None:
    flow, found = momentum(spec, 0), _laws(spec)
    arrays, true = weights(flow), pl.find_laws(flow, 2)
    velocities = {name: arrays[f"d{name}"] for name in model_from_spec(spec).arrays}
    products = [law for law in found.laws if law.form is Form.PRODUCTS and not law.symmetric]
    derived = [h for law in products for h in turns(law, arrays, velocities)]
    sums = [law for law in found.laws if law.form is Form.SUMS]
    speeds = [h for law in sums for h in quantities(law, velocities)]
    places = [h for law in sums for h in quantities(law, arrays)]
    linear = [*speeds, *(x - arrays["clock"] * v for x, v in zip(places, speeds, strict=True))]
    exchanged = zip(_swaps(spec, arrays, velocities), _swaps(spec, velocities, arrays), strict=True)
    missed = [one - two for one, two in exchanged]
    missed += _rotary_turns(spec, arrays, velocities)
    _assert_spans(with_products([*derived, *linear], linear), missed, true)
    if not missed:
        assert true.independent == sum(law.count_with_momentum for law in found.laws)


@pytest.mark.parametrize(
    "spec", [f"{name}:{n},{r},{m}" for name in ("nmf", "icnn") for n, r, m in product((1, 2), (1, 2), (1, 2))]
)
def test_identities_give_the_laws_of_mirror_flows(spec: str) -> None:
    """The identities of gradients know no metric."""
    flow, found = gradient(spec), _laws(spec)
    told = flow.model.metric.partition(":")[2].split(",")
    arrays = weights(flow)
    derived = [
        h
        for law in found.laws
        if not law.hollow
        for h in mirrored(law, arrays, lambda name: told == [""] or name in told)
    ]
    true = pl.find_laws(flow, 2)
    products = with_products(derived, derived if spec.startswith("nmf") else [])
    _assert_spans(products, [], true)


@pytest.mark.parametrize("seed", range(3))
def test_laws_for_all_weights_hold_near_each(seed: int) -> None:
    spec = f"relu-regions:2,3,1?bias=true&inputs=40&seed={seed}"
    flow = gradient(spec)
    true, arrays = pl.find_laws(flow, 2), weights(flow)
    derived = [h for law in _laws(spec).laws for h in quantities(law, arrays)]
    assert derived
    assert span_dimension([*true.basis, *derived]) == len(true.basis)


def test_what_others_imply_is_not_counted() -> None:
    """In a ring of three tensors the traces of the three balances add up to 0."""
    graph = Graph()
    tensors = [graph.parameter(name, (2, 2, 2)) for name in "abc"]
    graph.output(graph.contract(tensors, [(10, 0, 11), (11, 1, 12), (12, 2, 10), (0, 1, 2)]))
    one = "a_{p}_{i}_{q}*b_{q}_{j}_{r}*c_{r}_{k}_{p}"
    pairs = list(product((1, 2), repeat=3))
    ring = ["+".join(one.format(p=p, q=q, r=r, i=i, j=j, k=k) for p, q, r in pairs) for i, j, k in pairs]
    found = laws_of(graph)
    assert [law.count for law in found.laws] == [3, 3, 2]
    assert pl.find_laws(gradient(f"map:{';'.join(ring)}"), 2).independent == found.independent


def test_every_family_is_tried() -> None:
    tried = {Spec.parse(spec).family.name for spec in _SPECS}
    assert {*FAMILIES} - tried == {"map", "nmf", "icnn", "relu-regions"}
    assert {*_SPECS} >= _QUICK
