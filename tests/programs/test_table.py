"""Exactly how many laws architectures have, against numbers by hand.

e rows of Q, K, V and O allow the movements Q -> g Q, K -> g^-T K and V -> g V, O -> g^-T O for each head;
symmetric generators make e (e + 1)/2 laws each.  Everything else is said where the numbers are.  Gradients
show that there are so many laws, and a rank of the Lie algebra that there are no more."""

from __future__ import annotations

from itertools import product

import pytest

import polylaw as pl
from benchmarks.program_cases import CASES, NORMS, UNITS, Case
from examples.programs.parts import (
    GELU,
    LAYER,
    LAYER_BARE,
    LAYER_EPS,
    NONE,
    RELU,
    RMS,
    RMS_BARE,
    RMS_EPS,
    SILU,
    SWIGLU,
    Norm,
    Units,
)
from polylaw.budget import Budget
from polylaw.programs.count import ProgramCount, count_program
from tests.helpers import mostly_slow

NAMED = {case.name: case for case in CASES}


def pair(e: int) -> int:
    """Symmetric e x e matrices."""
    return e * (e + 1) // 2


#: By hand, for everything but norms beside layers of units.
EXPECTED = {
    # H heads: two symmetric matrices each
    "softmax, d=2 e=1 H=1": 2 * pair(1),
    "softmax, d=2 e=1 H=2": 2 * 2 * pair(1),
    "softmax, d=2 e=2 H=1": 2 * pair(2),
    "softmax, d=2 e=1 H=3": 3 * 2 * pair(1),
    "softmax, d=3 e=1 H=2": 2 * 2 * pair(1),
    "softmax, d=2 e=2 H=2": 2 * 2 * pair(2),
    "softmax, d=3 e=2 H=2": 2 * 2 * pair(2),
    "softmax, d=4 e=2 H=3": 3 * 2 * pair(2),
    "causal, 3 tokens, d=2 e=2 H=1": 2 * pair(2),
    "causal, 3 tokens, d=2 e=1 H=2": 2 * 2 * pair(1),
    # g has to commute with turns of the plane: of the symmetric matrices only multiples of 1 do
    "rotary, d=2 e=2 H=1": 1 + pair(2),
    "rotary, d=3 e=2 H=2": 2 * (1 + pair(2)),
    # g moves the biases of queries and values too; those of keys add a number to all scores of a query, which
    # softmax does not see: their gradients are 0
    "biases, d=2 e=2 H=1": 2 * pair(2) + 2,
    "biases, d=3 e=1 H=2": 2 * (2 * pair(1) + 1),
    # one g for both heads
    "grouped queries, d=2 e=2": 2 * pair(2),
    "grouped queries, d=3 e=2": 2 * pair(2),
    # the sum keeps layers from moving each other
    "2 residual layers, d=2 e=1 H=1": 2 * 2 * pair(1),
    "2 residual layers, d=2 e=1 H=2": 2 * 2 * 2 * pair(1),
    "2 residual layers, d=2 e=2 H=1": 2 * 2 * pair(2),
    "3 residual layers, d=2 e=1 H=1": 3 * 2 * pair(1),
    # B -> B g^-1, A -> g A for each product
    "LoRA of rank 1 on Q and V, d=3 e=2": 2 * pair(1),
    "LoRA of rank 2 on Q and V, d=3 e=2": 2 * pair(2),
    # 2 heads, and each of the 4 coordinates after each of 2 norms
    "pre-norm block, LayerNorm, SiLU, d=4 e=2 H=2": 2 * 2 * pair(2) + 2 * 4,
    # with key biases, and a number that one output bias gives to the other: the norm between does not see it
    "block as in GPT-2, d=3 e=2 H=1": 2 * pair(2) + 2 + 2 * 3 + 1,
    # rotary queries in one group, values, 2 norms of 3, 2 gated units
    "block as in Llama, d=3 e=2": 1 + pair(2) + 2 * 3 + 2,
    # 2 layers, 3 norms; after LayerNorm, one row of O in each layer may get the same number everywhere
    "2 residual layers of attention with norms, last norm, head: RMSNorm, d=2 e=1": 2 * 2 * pair(1) + 3 * 2,
    "2 residual layers of attention with norms, last norm, head: LayerNorm, d=3 e=1": 2 * 2 * pair(1)
    + 3 * 3
    + 2,
    # one for each hidden unit if it is homogeneous, of degree 1 in one factor
    "ReLU 2,3,2": 3,
    "ReLU 2,2,2,2": 2 + 2,
    "SwiGLU 2,2,2": 2,
    # softmax does not see what is added to all classes: a number for each of 2 units and for the bias
    "cross-entropy, SiLU 2,2,3 with biases": 2 + 1,
    "cross-entropy, ReLU 2,2,3 with biases": 2 + 1 + 2,
    # the length of each of 2 directions; g against V if the unit is homogeneous
    "weight normalisation, ReLU 2,2,2": 2 + 2,
    "weight normalisation, SiLU 2,2,2": 2,
    # softmax does not see what all experts get, for each of d coordinates; other gates do
    "2 linear experts, d=2, softmax gate": 2,
    "2 linear experts, d=2, sigmoid gate": 0,
    "2 linear experts, d=2, normalised sigmoid gate": 0,
    "3 linear experts, d=3, softmax gate": 3,
    "3 linear experts, d=3, sigmoid gate": 0,
    "3 linear experts, d=3, normalised sigmoid gate": 0,
    "2 ReLU experts, d=2 h=2, softmax gate": 2 * 2 + 2,
    "2 ReLU experts, d=2 h=2, sigmoid gate": 2 * 2,
    "2 ReLU experts, d=2 h=2, normalised sigmoid gate": 2 * 2,
    # b_ih and b_hh appear as a sum in each gate of an LSTM, and in r and z of a GRU
    "LSTM with b_ih and b_hh, 1 to 2": 4 * 2,
    "LSTM with b_ih and b_hh, 2 to 1": 4 * 1,
    "LSTM with one bias, 1 to 2": 0,
    "LSTM without biases, 1 to 2": 0,
    "GRU with b_ih and b_hh, 1 to 2": 2 * 2,
    "GRU with b_ih and b_hh, 2 to 1": 2 * 1,
    # what is written into a state against what is read from it
    "selective state space, d=2, 1 states": 1,
    "selective state space, d=2, 2 states": 2,
    # in each of 2 channels: the bias before BatchNorm; the length of the kernel, with eps = 0; gain against V
    "ReLU, eps 0": 2 * 3,
    "ReLU, eps 1/3": 2 * 2,
    # of the exponentials of each channel one is the inverse product of the others, but for a parameter
    "SiLU, eps 0": 2 * 2,
}
#: Units that are homogeneous of degree 1 in U or G give one law each.
PER_UNIT = {RELU: 1, SWIGLU: 1, GELU: 0, SILU: 0}
#: Without biases, smooth units give none, however many layers there are.
NONE_AT_ALL = [
    f"{name} {widths}"
    for name in ("SiLU", "tanh", "GELU", "GELU with tanh")
    for widths in ("2,3,2", "2,2,2,2", "2,3,2,1", "2,2,2,2,1")
]
#: Whether a norm has gains; does not see what is added to the stream; does not see its length.
GAINS, BLIND, SCALED = (
    (LAYER, LAYER_EPS, RMS, RMS_EPS),
    (LAYER, LAYER_EPS, LAYER_BARE),
    (LAYER, LAYER_BARE, RMS, RMS_BARE),
)


def pre_norm(norm: Norm, kind: Units) -> int:
    """d = 3, e = H = h = 1: heads, units, 3 norms of 3 gains; rows of O and V; without gains columns of Q, K,
    V, U and G, and 2 of the head."""
    columns = 3 + (2 if kind is SWIGLU else 1) + 2
    return (
        2 + PER_UNIT[kind] + 9 * (norm in GAINS) + (1 + 1) * (norm in BLIND) + columns * (norm is LAYER_BARE)
    )


def post_norm(norm: Norm, kind: Units) -> int:
    """d = 3, e = H = 1, h = 2: heads, units; rows of O and V; the scale of the first norm, if the second does
    not see it; without gains columns of U and G."""
    columns = 4 if kind is SWIGLU else 2
    rows = (1 + 2) * (norm in BLIND)
    return 2 + 2 * PER_UNIT[kind] + rows + (norm in (LAYER, RMS)) + columns * (norm is LAYER_BARE)


def embedded(norm: Norm, kind: Units) -> int:
    """2 symbols, d = 3, h = o = 2: 2 norms of 3 gains; 2 rows of E and of V; the scale; without gains columns
    of U, G and the head.  Without norms, symmetric 3 x 3 matrices act on the stream."""
    columns = (4 if kind is SWIGLU else 2) + 2
    norms = 6 * (norm in GAINS) + 4 * (norm in BLIND) + (norm in SCALED) + columns * (norm is LAYER_BARE)
    return 2 * PER_UNIT[kind] + (pair(3) if norm is NONE else norms)


def tied(norm: Norm, kind: Units) -> int:
    """The same, but that the last gains are read by E', that with gains the head sees what is added to E, and
    that only gains make up for the scale of E."""
    columns = 4 if kind is SWIGLU else 2
    rows = 2 * (norm in BLIND) + 2 * (norm is LAYER_BARE)
    return (
        2 * PER_UNIT[kind]
        + 3 * (norm in GAINS)
        + rows
        + (norm in (LAYER, RMS))
        + columns * (norm is LAYER_BARE)
    )


GROUPS = {
    "pre-norm block, last norm and head": pre_norm,
    "post-norm block": post_norm,
    "embedding, units after a norm, last norm, head": embedded,
    "the same, head tied to the embedding": tied,
}
for (group, formula), a_norm, a_kind in product(GROUPS.items(), NORMS, UNITS):
    EXPECTED[f"{group}: {a_norm.name}, {a_kind.name}"] = formula(a_norm, a_kind)
EXPECTED |= dict.fromkeys(NONE_AT_ALL, 0)

QUICK = (
    "softmax, d=2 e=2 H=2",
    "rotary, d=2 e=2 H=1",
    "biases, d=2 e=2 H=1",
    "2 residual layers, d=2 e=1 H=1",
    "LoRA of rank 2 on Q and V, d=3 e=2",
    "block as in GPT-2, d=3 e=2 H=1",
    "block as in Llama, d=3 e=2",
    "post-norm block: LayerNorm, eps 0, ReLU",
    "post-norm block: LayerNorm, eps 1/3, SiLU",
    "embedding, units after a norm, last norm, head: RMSNorm, eps 0, ReLU",
    "the same, head tied to the embedding: LayerNorm, eps 0, ReLU",
    "SiLU 2,2,2,2",
    "GELU 2,2,2,2",
    "cross-entropy, ReLU 2,2,3 with biases",
    "weight normalisation, ReLU 2,2,2",
    "2 linear experts, d=2, softmax gate",
    "2 linear experts, d=2, normalised sigmoid gate",
    "LSTM with b_ih and b_hh, 2 to 1",
    "GRU with b_ih and b_hh, 2 to 1",
    "selective state space, d=2, 2 states",
    "ReLU, eps 0",
)


def counted(case: Case, seed: int) -> ProgramCount:
    return count_program(pl.GradientFlow(case.build()), Budget(), seed=seed)


def test_every_architecture_has_a_number_by_hand() -> None:
    assert {name for name, case in NAMED.items() if not case.why} == set(EXPECTED)
    assert len(NAMED) == len(CASES)
    assert {name: NAMED[name].known for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize(("name", "laws"), mostly_slow(EXPECTED.items(), *QUICK))
def test_the_count_is_exact(name: str, laws: int) -> None:
    found = counted(NAMED[name], 0)
    assert (found.lower, found.upper) == (laws, laws)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "laws"), EXPECTED.items())
def test_another_prime_and_other_points_say_the_same(name: str, laws: int) -> None:
    one, other = (counted(NAMED[name], seed) for seed in (0, 1))
    assert (other.lower, other.upper) == (laws, laws)
    assert one.witness is not None
    assert other.witness is not None
    assert one.witness.prime != other.witness.prime


#: LayerNorm of two coordinates has a law for each of 2 norms that inference misses.
OPEN = {
    "embedding, norm of 2 coordinates, ReLU": (2 * 2 + 4 + 2, 2 * 3 + 4 + 2, "no growth"),
    "embedding, norm of 2 coordinates, SiLU": (2 * 2 + 4, 2 * 3 + 4, "no growth"),
}


@pytest.mark.parametrize("name", [case.name for case in CASES if case.why])
def test_rows_whose_bounds_do_not_meet(name: str) -> None:
    least, most, told = OPEN[name]
    found = counted(NAMED[name], 0)
    assert (found.lower, found.upper) == (least, most) == NAMED[name].bounds
    assert told in found.tried[-1]
