"""Small certificates, each decided by one line of the checker: true ones that it must accept, and what it
must not read in another way."""

from __future__ import annotations

from typing import Any

import pytest

from polylaw.proof import checker
from tests.proof.certificates import signed
from tests.proof.degenerate import AT_MOST_1, CIRCLE, FREE, QUADRATIC, ROTATION, TIME, X, Y
from tests.proof.hostile import PRIME, concrete, conserved, gradient, independent, ode, shaped

Data = dict[str, Any]
ONE = [["1"]]
SPEED = [["1", 1, 1]]


DECAY = gradient(phi=[], weight_decay=ONE)
OVER_TIME = {"type": "momentum", "phi": [], "over_time": "3/2"}

ACCEPTED: dict[str, Data] = {
    "x exp(t) where x decays": concrete(1, DECAY, [[["1", 0, 1, 1, 1]]], [conserved(0)], clock={"rate": ONE}),
    "x + 2 t v and t^(3/2) v where v' = -3/2 v/t": concrete(
        ["x", "dx"],
        OVER_TIME,
        [[["1", 0, 1], ["2", 1, 1, 2, 2]], [["1", 1, 1, 2, 3]]],
        [conserved(0, 1)],
        clock={"root": 2},
    ),
    "x^2/2 - y where x' = 1/x, y' = 1": concrete(
        2, ode([ONE, X], [ONE]), [[["1/2", 0, 2], ["-1", 1, 1]]], [conserved(0)]
    ),
}

#: name: (data, what the refusal says, exit code)
REFUSED: dict[str, tuple[Data, str, int]] = {
    "the clock as a law": (
        concrete(1, DECAY, [SPEED], [conserved(0)], clock={"rate": ONE}),
        "law 0 is not conserved by field 0",
        1,
    ),
    "x - y where x' = 1/x, y' = x": (
        concrete(2, ode([ONE, X], [X]), [[["1", 0, 1], ["-1", 1, 1]]], [conserved(0)]),
        "law 0 is not conserved by field 0",
        1,
    ),
    "a prime that is none": (
        concrete(2, ROTATION, [CIRCLE], [{**independent([0], 2), "prime": 1009 * 1013}]),
        "not a prime in 10^6..2^31",
        2,
    ),
    "a prime that is small": (
        concrete(2, ROTATION, [CIRCLE], [{**independent([0], 2), "prime": 101}]),
        "not a prime in 10^6..2^31",
        2,
    ),
    "a point that is infinite mod the prime": (
        concrete(2, ROTATION, [CIRCLE], [independent([0], 2, f"1/{PRIME}")]),
        "a denominator divisible by the prime",
        2,
    ),
    "a parameter among the monomials": (
        concrete(
            1,
            FREE,
            [X],
            [
                conserved(0),
                {
                    "type": "complete",
                    "laws": [0],
                    "dimension": 1,
                    "prime": PRIME,
                    "values": ["1"],
                    "monomials": [[0, 1, 1, 1]],
                },
            ],
            parameters=["a"],
        ),
        "a monomial that is 1, or in which a parameter occurs",
        2,
    ),
    "an entry of a metric twice": (
        concrete(1, gradient(phi=[[X]], metric=[[0, 0, ONE], [0, 0, [["2"]]]]), [X], [conserved(0)]),
        "an entry of the metric listed twice",
        2,
    ),
    "a clock of fields that are given": (
        concrete(1, FREE, [X], [conserved(0)], clock=TIME),
        "fields that are given one by one have no clock",
        2,
    ),
    "another clock than that of the decay": (
        concrete(1, DECAY, [X], [conserved(0)], clock={"rate": [["2"]]}),
        "the clock must be exp(weight_decay t)",
        2,
    ),
    "a term twice": (
        concrete(2, ROTATION, [[["1", 0, 2], ["1", 0, 2]]], [conserved(0)]),
        "a repeated monomial",
        2,
    ),
    "a claim about no law": (concrete(2, ROTATION, [CIRCLE], [conserved()]), "a claim about no law", 2),
    "a claim with a remark": (
        concrete(2, ROTATION, [CIRCLE], [{**conserved(0), "remark": "true"}]),
        "the unknown key 'remark'",
        2,
    ),
    "a dimension with another exponent": (
        concrete(2, ROTATION, [CIRCLE], [conserved(0), {**QUADRATIC, "least": 3}]),
        "no variables or no degrees",
        2,
    ),
    "powers of no clock": (
        concrete(2, ROTATION, [CIRCLE], [conserved(0), {**QUADRATIC, "clock": 1}]),
        "powers of a clock that is not there",
        2,
    ),
    "a point in the wrong space": (
        concrete(2, ROTATION, [CIRCLE], [{**AT_MOST_1, "point": ["1"]}]),
        "a list is missing or has the wrong length",
        2,
    ),
    "a constant letter in a law for all widths": (
        shaped(
            [["B", ["n"]]],
            [{"open": [], "terms": [[ONE, ["B", 0], ["C", 0]]]}],
            [{"open": [], "terms": [[ONE, ["C", 0], ["C", 0]]]}],
            constants=[["C", ["n"]]],
        ),
        "a letter that may not occur here",
        2,
    ),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_it_is_accepted(name: str) -> None:
    assert len(list(checker.check(signed(ACCEPTED[name])))) == len(ACCEPTED[name]["claims"])


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name: str) -> None:
    data, reason, code = REFUSED[name]
    with pytest.raises(checker.Refused) as refusal:
        list(checker.check(signed(data)))
    assert reason in str(refusal.value)
    assert refusal.value.code == code


def test_the_hash_is_that_of_the_contents() -> None:
    data = signed(concrete(2, ROTATION, [CIRCLE, Y], [conserved(0)]))
    assert list(checker.check(data))
    with pytest.raises(checker.Fails, match="the sha256 does not fit the contents"):
        list(checker.check({**data, "engine": {"name": "another", "version": "0"}}))
