"""Certificates that claim something false, or that nothing defines: each would be accepted if one line of the
checker were another.  The oracle says which claims are false, where a claim can be false at all."""

from __future__ import annotations

from typing import Any

import pytest

from polylaw.proof import checker
from tests.proof.certificates import signed
from tests.proof.degenerate import AT_MOST_1, AT_MOST_2, CIRCLE, QUADRATIC, ROTATION, TIME, X, Y, exactly
from tests.proof.hostile import (
    PRIME,
    complete,
    concrete,
    conserved,
    fields,
    gradient,
    independent,
    max_laws,
    ode,
    shaped,
)
from tests.proof.oracle import is_true

Data = dict[str, Any]
ONE = [["1"]]
FREE = fields()
XY = [["1", 0, 1, 1, 1]]
MOMENTUM = ["x", "dx"]
SPEED = [["1", 1, 1]]


def momentum(**damping: Any) -> Data:
    return {"type": "momentum", "phi": [], **damping}


def not_conserved(law: int, field: int, *point: str) -> Data:
    return {"type": "not_conserved", "law": law, "field": field, "point": list(point), "prime": PRIME}


def word(opened: Any, *terms: Any) -> Data:
    return {"open": list(opened), "terms": [[c, *factors] for c, *factors in terms]}


def words(law: Data, phi: Data, **more: Any) -> Data:
    return shaped([["U", ["n", "n"]], ["V", ["n", "n"]], ["B", ["n"]], ["W", ["n"]]], [phi], [law], **more)


CHAIN = word((), (ONE, ["U", 0, 1], ["V", 1, 0]), (ONE, ["B", 0], ["W", 0]))  # tr(U V) + B' W
MINUS = [["-1"]]
TIES = (["=n", 3, 4], ["=n", 2, 3])

#: name: (data, what the refusal says); the last claim is the false one.
FALSE: dict[str, tuple[Data, str]] = {
    "x y and k x y are not independent": (
        concrete(2, FREE, [XY, [["1", 0, 1, 1, 1, 2, 1]]], [independent([0, 1], 3)], parameters=["k"]),
        "the gradients are dependent at the point",
    ),
    "completeness by too few laws": (
        concrete(2, ROTATION, [], [{**QUADRATIC, "laws": []}]),
        "the dimension lies between 0 and 1, claimed 1",
    ),
    "completeness that forgets a law": (
        concrete(2, ROTATION, [], [{**QUADRATIC, "laws": [], "dimension": 0}]),
        "the dimension lies between 0 and 1, claimed 0",
    ),
    "completeness of a larger dimension": (
        concrete(2, ROTATION, [CIRCLE], [conserved(0), {**QUADRATIC, "dimension": 2}]),
        "the dimension lies between 1 and 1, claimed 2",
    ),
    "completeness by powers that leave the span": (
        concrete(
            2, ROTATION, [CIRCLE], [conserved(0), complete([0], monomials=[[0, 4], [1, 4]], dimension=1)]
        ),
        "the dimension lies between 0 and 0, claimed 1",
    ),
    "completeness by a law that leaves the span over Q(a)": (
        # a x + (a - 3) y, with a = 3, and x alone
        concrete(
            2,
            FREE,
            [[["1", 0, 1, 2, 1], ["1", 1, 1, 2, 1], ["-3", 1, 1]]],
            [conserved(0), complete([0], monomials=[[0, 1]], values=["3"], dimension=1)],
            parameters=["a"],
        ),
        "the dimension lies between 0 and 1, claimed 1",
    ),
    "completeness by what is no law": (
        concrete(2, ROTATION, [X, CIRCLE], [conserved(1), {**QUADRATIC, "laws": [0, 1]}]),
        "laws that were not claimed to be conserved",
    ),
    "exactly as many as functions that are no laws": (
        concrete(2, ROTATION, [X, CIRCLE], [conserved(1), independent([0], 2), AT_MOST_1, exactly(1)]),
        "at least 0, at most 1",
    ),
    "exactly as many as laws and others": (
        concrete(
            2, fields([[0, ONE]]), [X, Y], [conserved(1), independent([0, 1], 2), AT_MOST_1, exactly(2)]
        ),
        "at least 0, at most 1",
    ),
    "exactly more than a bound": (
        concrete(2, FREE, [X, Y], [conserved(0, 1), independent([0, 1], 2), exactly(1)]),
        "at least 2, at most inf",
    ),
    "exactly fewer than the bound": (
        concrete(2, FREE, [X, Y], [conserved(0), independent([0], 2), AT_MOST_2, exactly(1)]),
        "at least 1, at most 2",
    ),
    "a bound from two fields that are one": (
        concrete(2, fields([[0, ONE]], [[0, ONE]]), [], [max_laws(2, [], [0, 1], bound=0)]),
        "the rank is 1, so the bound is 1",
    ),
    "a bound from a bracket that is 0": (
        concrete(3, fields([[0, ONE]], [[1, ONE]]), [], [max_laws(3, [[0, 1]], [0, 1, 2], bound=0)]),
        "the rank is 2, so the bound is 1",
    ),
    "a bound from the bracket of a field with itself": (
        concrete(2, ROTATION, [], [max_laws(2, [[0, 0]], [0, 1], bound=0)]),
        "the rank is 1, so the bound is 1",
    ),
    "a bound that forgets the clock": (
        concrete(1, ode([ONE]), [], [max_laws(2, [], [0], bound=0)], clock=TIME),
        "the rank is 1, so the bound is 1",
    ),
    "a law along another field": (
        concrete(2, fields([[0, ONE]], [[1, ONE]]), [Y], [conserved(0)]),
        "law 0 is not conserved by field 1",
    ),
    "a dimension as boolean": (
        concrete(2, ROTATION, [CIRCLE], [conserved(0), {**QUADRATIC, "dimension": True}]),
        "the dimension lies between 1 and 1, claimed True",
    ),
    "a bound as boolean": (
        concrete(2, ROTATION, [], [{**AT_MOST_1, "bound": True}]),
        "the rank is 1, so the bound is 1",
    ),
    "a number as boolean": (
        concrete(
            2,
            ROTATION,
            [CIRCLE],
            [conserved(0), independent([0], 2), AT_MOST_1, {**exactly(1), "count": True}],
        ),
        "at least 1, at most 1",
    ),
    "no law where it is one": (
        concrete(2, ROTATION, [CIRCLE], [not_conserved(0, 0, "1", "2")]),
        "the derivative is 0 at the point",
    ),
    # -- flows ------------------------------------------------------------------------------------------
    "weight decay without its sign": (
        concrete(
            1,
            gradient(phi=[], weight_decay=[["1", 2, 1]]),
            [[["1", 0, 2], ["-1", 1, 2]]],
            [conserved(0)],
            parameters=["a"],
            clock={"rate": [["1", 2, 1]]},
        ),
        "law 0 is not conserved by field 0",
    ),
    "damping without its sign": (
        concrete(
            MOMENTUM,
            momentum(damping=ONE),
            [[["1", 0, 1], ["-1", 1, 1]]],
            [conserved(0)],
            clock={"rate": ONE},
        ),
        "law 0 is not conserved by field 0",
    ),
    "a quotient whose denominator is forgotten": (
        concrete(2, gradient(phi=[[X, Y]]), [[["1", 1, 1]]], [conserved(0)]),
        "law 0 is not conserved by field 0",
    ),
    "a quotient with the other sign": (
        concrete(2, gradient(phi=[[X, Y]]), [[["1", 0, 2], ["-1", 1, 2]]], [conserved(0)]),
        "law 0 is not conserved by field 0",
    ),
    "a metric that is transposed": (
        concrete(2, gradient(phi=[[X]], metric=[[1, 0, ONE]]), [Y], [conserved(0)]),
        "law 0 is not conserved by field 0",
    ),
    "a metric at 2 tau theta + v": (
        concrete(
            MOMENTUM,
            {"type": "momentum", "phi": [[X]], "metric": [[0, 0, X]], "damping": ONE},
            [SPEED],
            [not_conserved(0, 0, "1", "-1", "1")],
            clock={"rate": ONE},
        ),
        "the derivative is 0 at the point",
    ),
    "a metric with two entries in a column": (
        concrete(2, gradient(phi=[[X]], metric=[[0, 0, ONE], [1, 0, ONE]]), [Y], [conserved(0)]),
        "law 0 is not conserved by field 0",
    ),
    "a metric of several degrees that is not lifted": (
        concrete(
            ["x", "y", "dx", "dy"],
            {"type": "momentum", "phi": [[X]], "metric": [[0, 0, X], [1, 0, ONE]], "over_time": "1"},
            [[["1", 3, 1]]],
            [not_conserved(0, 0, "1", "1", "1", "1", "0")],
            clock=TIME,
        ),
        "the derivative is 0 at the point",
    ),
    "a denominator of one component only": (
        concrete(2, ode([ONE, X], [ONE]), [[["1", 0, 1], ["-1", 1, 1]]], [conserved(0)]),
        "law 0 is not conserved by field 0",
    ),
    "a clock that ignores the denominator": (
        concrete(1, ode([ONE, [["2"]]]), [[["1", 0, 1], ["-1", 1, 1]]], [conserved(0)], clock=TIME),
        "law 0 is not conserved by field 0",
    ),
}

#: name: (data, what the refusal says); nothing defines what these claim.
UNDEFINED: dict[str, tuple[Data, str]] = {
    "the clock t^(1/2) of an ODE": (
        concrete(1, ode([ONE]), [[["1", 0, 1], ["-1", 1, 1]]], [conserved(0)], clock={"root": 2}),
        "the clock of an ODE is t or exp(rate t)",
    ),
    "a clock of rate 0": (
        concrete(1, ode([ONE]), [SPEED], [conserved(0)], clock={"rate": []}),
        "a clock of rate or root 0",
    ),
    "a clock of root 0": (
        concrete(1, ode([ONE]), [[["1", 0, 1], ["-1", 1, 1]]], [conserved(0)], clock={"root": 0}),
        "a clock of rate or root 0",
    ),
    "a clock with rate and root": (
        concrete(
            1, ode([ONE]), [[["1", 0, 1], ["-1", 1, 1]]], [conserved(0)], clock={"root": 1, "rate": ONE}
        ),
        "a clock has either a rate or a root",
    ),
    "a clock whose rate moves": (
        concrete(1, ode([[]]), [X], [conserved(0)], clock={"rate": [["1", 0, 1]]}),
        "a variable that may not occur here",
    ),
    "a damping that moves": (
        concrete(MOMENTUM, momentum(damping=X), [X], [conserved(0)], clock={"rate": ONE}),
        "a variable that may not occur here",
    ),
    "velocities in phi": (
        concrete(
            MOMENTUM,
            {"type": "momentum", "phi": [[SPEED]], "damping": []},
            [SPEED],
            [conserved(0)],
            clock=TIME,
        ),
        "a variable that may not occur here",
    ),
    "the clock in phi": (
        concrete(1, gradient(phi=[[SPEED]], weight_decay=ONE), [XY], [conserved(0)], clock={"rate": ONE}),
        "a variable that may not occur here",
    ),
    "a metric with the clock": (
        concrete(
            1,
            gradient(phi=[], metric=[[0, 0, SPEED]], weight_decay=ONE),
            [XY],
            [conserved(0)],
            clock={"rate": ONE},
        ),
        "a variable that may not occur here",
    ),
    "a damping that is constant and over time": (
        concrete(MOMENTUM, momentum(damping=[], over_time="1"), [SPEED], [conserved(0)], clock=TIME),
        "a momentum flow has either damping or over_time",
    ),
    "no damping": (
        concrete(MOMENTUM, momentum(), [SPEED], [conserved(0)], clock=TIME),
        "a momentum flow has either damping or over_time",
    ),
    "no damping and the clock t^(1/2)": (
        concrete(
            MOMENTUM,
            momentum(damping=[]),
            [[["1", 0, 1], ["-1", 1, 1, 2, 1]]],
            [conserved(0)],
            clock={"root": 2},
        ),
        "the clock must be exp(damping t), or t without damping",
    ),
    "a damping over time with another clock": (
        concrete(MOMENTUM, momentum(over_time="3/2"), [[["1", 1, 1, 2, 3]]], [conserved(0)], clock=TIME),
        "the clock must be t^(1/q) with q the denominator of c",
    ),
    "a damping over time that is negative": (
        concrete(
            MOMENTUM,
            momentum(over_time="-1"),
            [[["1", 1, 1, 2, 1], ["-2", 0, 1]]],
            [conserved(0)],
            clock=TIME,
        ),
        "the clock must be t^(1/q) with q the denominator of c",
    ),
    "a denominator that is 0": (
        concrete(2, ode([ONE, []], [ONE]), [Y], [conserved(0)]),
        "a zero denominator",
    ),
    "a denominator with a coefficient 0": (
        concrete(2, ode([ONE, [["0"]]], [ONE]), [Y], [conserved(0)]),
        "a zero coefficient",
    ),
    "two denominators": (
        concrete(2, ode([ONE, ONE, X], [ONE]), [[["1", 0, 1], ["-1", 1, 1]]], [conserved(0)]),
        "an expression is a list",
    ),
    "a variable without an exponent": (
        concrete(2, gradient(phi=[[[["1", 0]]]]), [X], [conserved(0)]),
        "a malformed term",
    ),
    "a law of a parameter": (
        concrete(1, FREE, [[["1", 1, 1]]], [conserved(0)], parameters=["a"]),
        "a law without variables, so constant",
    ),
    "a right-hand side too few": (concrete(2, ode([[]]), [Y], [conserved(0)]), "wrong length"),
    "components twice in a field": (
        concrete(2, fields([[0, ONE], [0, []]]), [X], [conserved(0)]),
        "a coordinate listed twice",
    ),
    "a component along a parameter": (
        concrete(1, fields([[1, ONE]]), [X], [conserved(0)], parameters=["a"]),
        "1 where an index below 1 is expected",
    ),
    "text for a list": (concrete(1, gradient(phi=""), [X], [conserved(0)]), "a list is missing"),
    "a field twice in a bound": (
        concrete(2, fields([[0, ONE]]), [], [max_laws(2, [], [0, 0], bound=1)]),
        "an index listed twice",
    ),
    "no variables": (concrete(0, FREE, [], [max_laws(0, [], [], bound=0), exactly(0)]), "no variables"),
    "a law as boolean": (
        concrete(2, FREE, [X, Y], [conserved(0, True)]),
        "True where an index below 2 is expected",
    ),
    "velocities fewer than variables": (
        concrete(
            ["x", "y", "dx"],
            {"type": "momentum", "phi": [], "damping": []},
            [[["1", 2, 1]]],
            [conserved(0)],
            clock=TIME,
        ),
        "the variables of a momentum flow are x, y, ..., dx, dy, ...",
    ),
}

#: name: (data, what the refusal says); laws for all widths.
WORDS: dict[str, tuple[Data, str]] = {
    "an index renamed to two": (
        # sum_ij U_ij V_ij - sum_i U_ii V_ii tr(1), which a renaming that is not one to one takes for 0
        words(
            word((), (ONE, ["U", 0, 1], ["V", 0, 1]), (MINUS, ["U", 0, 0], ["V", 0, 0], ["=n", 1, 1])), CHAIN
        ),
        "law 0 is not conserved for all widths",
    ),
    "two indices renamed to one": (
        words(
            word((), (MINUS, ["U", 0, 0], ["V", 0, 0], ["=n", 1, 1]), (ONE, ["U", 0, 1], ["V", 0, 1])), CHAIN
        ),
        "law 0 is not conserved for all widths",
    ),
    "an open index renamed": (
        words(word(("n", "n"), (ONE, ["U", 0, 1]), (MINUS, ["U", 1, 0])), CHAIN),
        "law 0 is not conserved for all widths",
    ),
    "a product with a factor more": (
        words(
            word((), (ONE, ["U", 0, 1], ["U", 0, 1]), (MINUS, ["U", 0, 1], ["U", 0, 1], ["=n", 2, 2])), CHAIN
        ),
        "law 0 is not conserved for all widths",
    ),
    "balanced with the other sign": (
        words(word((), (ONE, ["U", 0, 1], ["U", 0, 1]), (ONE, ["V", 0, 1], ["V", 0, 1])), CHAIN),
        "law 0 is not conserved for all widths",
    ),
    "a diagonal for all entries": (
        words(word(("n", "n"), (ONE, ["B", 0], ["=n", 0, 1]), (MINUS, ["B", 0])), CHAIN),
        "law 0 is not conserved for all widths",
    ),
    "a factor lost where indices are equal": (
        words(word((), (ONE, ["B", 2], ["W", 3], ["=n", 2, 3]), (MINUS, ["B", 2])), CHAIN),
        "law 0 is not conserved for all widths",
    ),
    "a width lost where indices are equal": (
        words(
            word((), (ONE, ["U", 0, 1], ["=n", 0, 1], ["=n", 2, 2]), (MINUS, ["U", 0, 1], ["=n", 0, 1])),
            CHAIN,
        ),
        "law 0 is not conserved for all widths",
    ),
    "a chain of identities that is broken": (
        words(word((), (ONE, ["B", 2], ["W", 4], *TIES), (MINUS, ["B", 2], ["W", 4])), CHAIN),
        "law 0 is not conserved for all widths",
    ),
    "a trace of the loss for its entries": (
        words(word(("n", "n"), (ONE, ["U", 0, 1], ["=n", 0, 1])), word((), (ONE, ["U", 0, 0]))),
        "law 0 is not conserved for all widths",
    ),
}

#: The same, where nothing defines what is claimed, or it is no law but a constant.
UNDEFINED_WORDS: dict[str, tuple[Data, str]] = {
    "a chain of identities, less what it is": (
        words(word((), (ONE, ["B", 2], ["W", 4], *TIES), (MINUS, ["B", 2], ["W", 2])), CHAIN),
        "law 0 is without letters, so constant",
    ),
    "a rate with the clock": (
        {
            **words(word((), (ONE, ["B", 0])), word(()), rates={"U": [["1", 0, 1]]}, weight_decay=ONE),
            "clock": {"rate": ONE},
        },
        "a variable that may not occur here",
    ),
    "a phi with the clock": (
        {
            **words(word((), (ONE, ["B", 0])), word((), ([["1", 0, 1]], ["U", 0, 0])), weight_decay=ONE),
            "clock": {"rate": ONE},
        },
        "a variable that may not occur here",
    ),
}

ALL = {**FALSE, **UNDEFINED, **WORDS, **UNDEFINED_WORDS}


@pytest.mark.parametrize("name", ALL)
def test_it_is_refused(name: str) -> None:
    data, reason = ALL[name]
    with pytest.raises(checker.Refused) as refusal:
        list(checker.check(signed(data)))
    assert reason in str(refusal.value)
    assert refusal.value.code == (2 if name in {**UNDEFINED, **UNDEFINED_WORDS} else 1)


#: What is true, but not by the claims before it or at this point, or not said with a number.
NOT_SHOWN = {
    "a metric at 2 tau theta + v",
    "a metric of several degrees that is not lifted",
    "exactly as many as functions that are no laws",
    "a dimension as boolean",
    "a bound as boolean",
    "a number as boolean",
}


@pytest.mark.parametrize("name", [*FALSE, *WORDS])
def test_it_is_false(name: str) -> None:
    data, _ = ALL[name]
    assert is_true(data, data["claims"][-1]) == (name in NOT_SHOWN)
