"""Certificates that are accepted and say little: claims that are repeated or alone, flows that do not
move."""

from __future__ import annotations

from typing import Any

from tests.proof.certificates import signed
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

__all__ = ["DEGENERATE", "WITHOUT_COQ"]

Data = dict[str, Any]
EMPTY: Data = {"arrays": [], "matrices": [], "steps": []}
MODEL = {"title": "t", "flow": "f", "ansatz": "a", **EMPTY, "source": "", "command": ""}
X, Y, CIRCLE = [["1", 0, 1]], [["1", 1, 1]], [["1", 0, 2], ["1", 1, 2]]
ROTATION = ode([[["1", 1, 1]]], [[["-1", 0, 1]]])
GROWTH = ode([[["1"]]])
AT_MOST_1 = max_laws(2, [], [0], bound=1)
AT_MOST_2 = max_laws(2, [], [], bound=2)
QUADRATIC = complete([0], dimension=1, least=0, degree=2, clock=0, variables=None)
REFUTED = {"type": "not_conserved", "law": 1, "field": 0, "point": ["1", "2"], "prime": PRIME}


def exactly(count: int) -> Data:
    return {"type": "exactly", "count": count}


ALL = [conserved(0), independent([0], 2), AT_MOST_1, exactly(1), QUADRATIC]
STILL = [
    conserved(0, 1),
    independent([0, 1], 2),
    AT_MOST_2,
    exactly(2),
    {**QUADRATIC, "dimension": 5, "laws": [0, 1]},
]
TIME: Data = {"root": 1}
FREE: Data = fields()

CASES: dict[str, Data] = {
    "all claims": concrete(2, ROTATION, [CIRCLE], ALL),
    "each claim twice": concrete(2, ROTATION, [CIRCLE], [claim for claim in ALL for _ in range(2)]),
    "independence of what is no law": concrete(2, ROTATION, [X], [independent([0], 2)]),
    "independence of what is no law first": concrete(
        2, ROTATION, [X, CIRCLE], [independent([0], 2), conserved(1), AT_MOST_1]
    ),
    "a number of laws with others": concrete(
        2,
        ROTATION,
        [X, CIRCLE],
        [independent([0], 2), conserved(1), independent([1], 2), AT_MOST_1, exactly(1)],
    ),
    "a bound alone": concrete(2, ROTATION, [], [AT_MOST_1]),
    "a weak bound": concrete(2, ROTATION, [CIRCLE], [conserved(0), AT_MOST_2]),
    "a weak bound first": concrete(
        2, ROTATION, [CIRCLE], [conserved(0), independent([0], 2), AT_MOST_2, AT_MOST_1, exactly(1)]
    ),
    "a claim that is refuted": concrete(2, ROTATION, [CIRCLE, X], [REFUTED, REFUTED]),
    "a metric of several degrees, at time 0": concrete(
        ["x", "y", "dx", "dy"],
        {"type": "momentum", "phi": [[X]], "metric": [[0, 0, X], [1, 0, [["1"]]]], "over_time": "1"},
        [[["1", 2, 1]]],
        [{"type": "not_conserved", "law": 0, "field": 0, "point": ["1", "1", "1", "1", "0"], "prime": PRIME}],
        clock=TIME,
    ),
    "no law at all": concrete(1, GROWTH, [], [max_laws(1, [], [0]), exactly(0)]),
    "no law and an independent function": concrete(
        1, GROWTH, [X], [max_laws(1, [], [0]), independent([0], 1), exactly(0)]
    ),
    "no law of a degree": concrete(1, GROWTH, [], [complete([], least=0, degree=2, clock=0, variables=None)]),
    "no law among monomials": concrete(2, ROTATION, [], [complete([], monomials=[[0, 2], [0, 1, 1, 1]])]),
    "complete twice": concrete(
        2, ROTATION, [CIRCLE], [conserved(0), QUADRATIC, complete([], monomials=[[0, 1]])]
    ),
    "variables in another order": concrete(
        2, ROTATION, [CIRCLE], [conserved(0), {**QUADRATIC, "variables": [1, 0], "degree": 4, "dimension": 2}]
    ),
    "monomials that are those of a law": concrete(
        2, ROTATION, [CIRCLE], [conserved(0), complete([0], monomials=[[0, 2], [1, 2]], dimension=1)]
    ),
    "a part of the laws is independent first": concrete(
        2, FREE, [X, Y], [STILL[0], independent([0], 2), *STILL[1:4]]
    ),
    "a part of the laws is independent last": concrete(
        2, FREE, [X, Y], [*STILL[:2], independent([0], 2), *STILL[2:4]]
    ),
    "no components of phi": concrete(2, gradient(phi=[]), [X, Y], STILL),
    "phi that is 0": concrete(2, gradient(phi=[[[]]]), [X, Y], STILL),
    "phi that is constant": concrete(2, gradient(phi=[[[["1"]]]]), [X, Y], STILL),
    "no metric": concrete(2, gradient(phi=[[X]], metric=[]), [X, Y], STILL),
    "a metric that is 0": concrete(2, gradient(phi=[[X]], metric=[[0, 0, []]]), [X, Y], STILL),
    "no fields": concrete(2, FREE, [X, Y], STILL),
    "fields that are 0": concrete(2, fields([], [[0, []]]), [X, Y], STILL),
    "no motion": concrete(2, ode([[]], [[]]), [X, Y], STILL),
    "no motion but time": concrete(1, ode([[]]), [X], [conserved(0)], clock=TIME),
    "constant denominators": concrete(2, ode([Y, [["2"]]], [[["-1", 0, 1]], [["2"]]]), [CIRCLE], ALL),
    "momentum without phi": concrete(
        ["x", "dx"], {"type": "momentum", "phi": [], "damping": []}, [Y], [conserved(0)], clock=TIME
    ),
    "a law for all widths of no phi": shaped(
        [["U", ["n"]]], [], [{"open": ["n"], "terms": [[[["1"]], ["U", 0]]]}]
    ),
    "a law for all widths of phi without terms": shaped(
        [["U", ["n"]]], [{"open": [], "terms": []}], [{"open": ["n"], "terms": [[[["1"]], ["U", 0]]]}]
    ),
    "a law for all widths of numbers": shaped(
        [["U", []], ["V", []]],
        [{"open": [], "terms": [[[["1"]], ["U"], ["V"]]]}],
        [{"open": [], "terms": [[[["1"]], ["U"], ["U"]], [[["-1"]], ["V"], ["V"]]]}],
    ),
}

#: name: certificate
DEGENERATE: dict[str, Data] = {name: signed({**data, "model": MODEL}) for name, data in CASES.items()}
#: Those of which nothing can be told to Coq.
WITHOUT_COQ = {name for name in CASES if "for all widths" in name} | {
    "a claim that is refuted",
    "a metric of several degrees, at time 0",
}
