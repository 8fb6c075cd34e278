"""Small certificates of networks, each decided by one line of the checker."""

from __future__ import annotations

from typing import Any

__all__ = ["ACCEPTED", "NO_CERTIFICATES", "REFUSED"]

Data = dict[str, Any]


def entries(*sizes: int, of: int = 0) -> Data:
    """All entries of a parameter."""
    axes = [[k, n, 1] for k, n in enumerate(sizes)]
    return {"parameter": of, "start": [0] * len(sizes), "axes": axes}


def fixed(*sizes: int, **more: Any) -> Data:
    return {"sizes": list(sizes), **more}


def made(rule: str, sizes: list[int], *terms: Any, **more: Any) -> Data:
    """What a rule makes; numbers are 1 if they are not given."""
    count = {"product": len(terms[0]), "sum": len(terms[0]), "homogeneous": 1}.get(rule, 0)
    numbers = {"numbers": ["1"] * count} if count else {}
    return {"rule": rule, "sizes": sizes, "terms": list(terms), **numbers, **more}


def family(form: str, *pieces: Any, **more: Any) -> Data:
    return {"form": form, "pieces": [[str(c), k, list(axes)] for c, k, axes in pieces], **more}


def net(arrays: list[Data], *laws: Data, outputs: Any = None, parameters: Any = None, **claim: Any) -> Data:
    """A certificate without its sha256; the output is the last array, and parameters are those of `entries`
    of all."""
    given = {a["parameter"]: [n for _, n, _ in a["axes"]] for a in arrays if "parameter" in a}
    named = [[f"p{k}", given.get(k, [])] for k in range(max(given, default=-1) + 1)]
    flow = {"type": "network", "parameters": named if parameters is None else parameters, "arrays": arrays}
    flow["outputs"] = [len(arrays) - 1] if outputs is None else outputs
    header = {"format": "polylaw-certificate", "version": 2, "model": {}, "engine": {}}
    about = {"variables": [], "parameters": [], "clock": None, "flow": flow, "laws": list(laws)}
    return {**header, **about, "claims": [{"type": "network", "laws": list(range(len(laws))), **claim}]}


def layers(between: Data | None = None) -> list[Data]:
    """Arrays 0 to 5: data x, v, x v, perhaps a function of that, w, and (x v) w."""
    first = [fixed(5, 2), entries(3, 2), made("product", [5, 3], [[0, 0, 2], [1, 1, 2]])]
    middle = [made("sum", [5, 3], [[2, 0, 1]]) if between is None else between]
    return [*first, *middle, entries(4, 3, of=1), made("product", [5, 4], [[3, 0, 2], [4, 1, 2]])]


SQUARES = family("squares", (1, 1, [0]), (-1, 4, [1]))
MATRIX = family("products", (1, 1, [0]), (-1, 4, [1]))
RELU = made("homogeneous", [5, 3], [[2, 0, 1]])
NUMBER = family("squares", (1, 0, []))
VECTOR = family("squares", (1, 0, [0]))
SKEW = family("products", (1, 0, [0]), skew=True)
ALL = family("sums", (1, 0, [0]))
ONE = family("sums", (1, 0, []))


def alone(rule: str, sizes: list[int], legs: list[int], *shape: int, **more: Any) -> list[Data]:
    """One parameter, and what a rule makes of it."""
    return [entries(*shape), made(rule, sizes, [[0, *legs]], **more)]


#: x = w + b less its average, and that divided by its length: b never moves, and w has a law.
NORMALISED = [
    entries(4), entries(of=1), made("sum", [4], [[0, 0], [1]]), made("product", [], [[2, 0]]),
    made("sum", [], [[3]], numbers=["1/4"]), made("sum", [4], [[2, 0], [4]], numbers=["1", "-1"]),
    made("length", [], [[5, 0]]), made("product", [4], [[5, 0], [6]], numbers=["1", "-1"]),
]  # fmt: skip
BESIDE = net(NORMALISED, NUMBER, family("sums", (1, 1, [])))

ACCEPTED: dict[str, Data] = {
    "squares of a ReLU": net(layers(RELU), SQUARES),
    "a matrix": net(layers(), MATRIX),
    "half the square": net(
        layers(made("homogeneous", [5, 3], [[2, 0, 1]], numbers=["1/2"])),
        family("squares", (2, 1, [0]), (-1, 4, [1])),
    ),
    "a length of what turns": net(alone("length", [], [0], 3, eps=True), SKEW),
    "a quotient": net(
        [entries(3), made("length", [], [[0, 0]]), made("product", [3], [[0, 0], [1]], numbers=["1", "-1"])],
        NUMBER,
    ),
    "a quotient without eps": net(
        [
            entries(3),
            made("length", [], [[0, 0]], eps=True),
            made("product", [3], [[0, 0], [1]], numbers=["1", "-1"]),
        ],
        NUMBER,
        without_eps=True,
    ),
    "a sum with 0": net(
        [
            entries(2), fixed(2, zero=True), made("sum", [2], [[0, 0], [1, 0]]), entries(2, of=1),
            made("product", [], [[2, 0], [3, 0]]),
        ],
        family("products", (1, 0, [0]), (-1, 3, [0])),
    ),
    "a product with 0": net(
        [
            entries(2), fixed(2, zero=True),
            made("product", [], [[0, 0], [1, 0]]), made("opaque", [], [[2]]),
        ],
        VECTOR,
    ),
    "blocks of a matrix": net(
        [
            entries(2, 3), entries(2, 3, of=1), fixed(2),
            made("product", [], [[0, 0, 1], [1, 0, 1], [2, 0]]),
        ],
        family("products", (1, 0, [0, 1]), (-1, 1, [0, 1])),
    ),
    "less a sum of something else": net(
        [
            *layers(),
            fixed(4),
            made("product", [4], [[5, 1, 0]]),
            made("sum", [4], [[6, 0], [7, 0]], numbers=["1", "-1"]),
        ],
        SQUARES,
    ),
    "less the average": net(
        [
            entries(4), made("product", [], [[0, 0]]), made("sum", [], [[1]], numbers=["1/4"]),
            made("sum", [4], [[0, 0], [2]], numbers=["1", "-1"]),
        ],
        ONE,
    ),
    "a share of one": net(
        [
            entries(3), fixed(4, sums=[[0, 1]]), entries(3, of=1),
            made("product", [3], [[0, 0], [1, 1]]), made("sum", [3], [[3, 0], [2, 0]]),
        ],
        family("sums", (1, 0, [0]), (-1, 2, [0])),
    ),
    "differences, added up": net([entries(3), made("product", [], [[0, 0]])], {**ALL, "centred": [0]}),
    "a maximum": net(
        [
            entries(3), made("carry", [], [[0, 0]], affine=True), entries(of=1),
            made("sum", [], [[1], [2]]),
        ],
        family("sums", (1, 0, []), (-1, 2, [])),
    ),
    "a carried matrix": net(
        [
            entries(3, 2), made("carry", [3], [[0, 0, 1]], linear=True), entries(3, of=1),
            made("product", [], [[1, 0], [2, 0]]),
        ],
        family("products", (1, 0, [0]), (-1, 2, [0])),
    ),
    "two terms": net(
        [
            entries(2), entries(3, of=1), made("product", [], [[0, 0]], [[1, 0]]), entries(of=2),
            made("product", [], [[2], [3]]),
        ],
        family("squares", (1, 0, []), (1, 1, []), (-1, 3, [])),
    ),
    "what nothing reads": net([entries(2), fixed()], VECTOR),
    "shares of exponentials": net(
        [
            entries(), fixed(3), made("sum", [3], [[1, 0], [0]]), made("exp", [3], [[2, 0]]),
            made("product", [], [[3, 0]]), made("product", [3], [[3, 0], [4]], numbers=["1", "-1"]),
        ],
        ONE,
    ),
    "a logarithm of a sum of exponentials": net(
        [
            entries(), fixed(3), made("sum", [3], [[1, 0], [0]]), made("exp", [3], [[2, 0]]),
            made("product", [], [[3, 0]]), made("log", [], [[4]]),
            made("sum", [3], [[2, 0], [5]], numbers=["1", "-1"]),
        ],
        ONE,
    ),
    "the root of a square": net(
        [
            entries(3), made("exp", [3], [[0, 0]]), made("homogeneous", [3], [[1, 0]], numbers=["2"]),
            made("product", [3], [[2, 0], [1, 0]], numbers=["1/2", "-1"]),
        ],
        ALL,
    ),
    "what is centred, added up": net(
        [
            fixed(4, 3), made("product", [4], [[0, 0, 1]]), made("sum", [4], [[1, 0]], numbers=["1/3"]),
            made("sum", [4, 3], [[0, 0, 1], [2, 0]], numbers=["1", "-1"]), entries(2),
            made("product", [4, 2], [[3, 0, 2], [4, 1]]),
        ],
        family("sums", (1, 4, [0])),
    ),
    "shares, added up": net(
        [
            fixed(4, 3), made("product", [4], [[0, 0, 1]]),
            made("product", [4, 3], [[0, 0, 1], [1, 0]], numbers=["1", "-1"]), entries(2), entries(2, of=1),
            made("product", [4, 2], [[2, 0, 2], [3, 1]]), made("sum", [4, 2], [[5, 0, 1], [4, 1]]),
        ],
        family("sums", (1, 3, [0]), (-1, 4, [0])),
    ),
    "squares beside what never moves": BESIDE,
}  # fmt: skip

#: What does not hold: (data, what the refusal says).
REFUSED: dict[str, tuple[Data, str]] = {
    "squares of a GELU": (net(layers(made("opaque", [5, 3], [[2, 2, 3]])), SQUARES), "goes no further"),
    "a matrix before a ReLU": (net(layers(RELU), MATRIX), "goes no further"),
    "squares with a wrong sign": (
        net(layers(RELU), family("squares", (1, 1, [0]), (1, 4, [1]))),
        "goes no further",
    ),
    "a matrix with a wrong sign": (
        net(layers(), family("products", (1, 1, [0]), (1, 4, [1]))),
        "goes no further",
    ),
    "a matrix with another factor": (
        net(layers(), family("products", (1, 1, [0]), (-2, 4, [1]))),
        "goes no further",
    ),
    "a law of half of it": (net(layers(RELU), family("squares", (1, 1, [0]))), "goes no further"),
    "the square of a square": (
        net(layers(made("homogeneous", [5, 3], [[2, 0, 1]], numbers=["2"])), SQUARES),
        "goes no further",
    ),
    "an output that moves": (net([entries(2)], VECTOR), "an output moves"),
    "a length of what is stretched": (net(alone("length", [], [0], 3), VECTOR), "goes no further"),
    "a length of what no turn moves": (
        net(alone("length", [], [0], 3), family("products", (1, 0, [0]))),
        "goes no further",
    ),
    "lengths that are turned": (net(alone("length", [3], [0, 1], 3, 2), SKEW), "goes no further"),
    "a length with eps": (
        net(
            [
                entries(3),
                made("length", [], [[0, 0]], eps=True),
                made("product", [3], [[0, 0], [1]], numbers=["1", "-1"]),
            ],
            NUMBER,
        ),
        "without its eps only",
    ),
    "a quotient with power 1": (
        net([entries(3), made("length", [], [[0, 0]]), made("product", [3], [[0, 0], [1]])], NUMBER),
        "an output moves",
    ),
    "a sum of what moves and not": (
        net([entries(2), fixed(2), made("sum", [2], [[0, 0], [1, 0]])], VECTOR),
        "goes no further",
    ),
    "a sum of what turns and is repeated": (
        net(
            [
                entries(2), entries(of=1), made("sum", [2], [[0, 0], [1]]), entries(2, of=2),
                made("product", [], [[2, 0], [3, 0]]),
            ],
            family("products", (1, 0, [0]), (-1, 3, [0])),
        ),
        "goes no further",
    ),
    "two terms of which one moves": (
        net(
            [
                entries(2), entries(3, of=1), made("product", [], [[0, 0]], [[1, 0]]), entries(of=2),
                made("product", [], [[2], [3]]),
            ],
            family("squares", (1, 0, []), (-1, 3, [])),
        ),
        "move in different ways",
    ),
    "a matrix along an axis of two": (
        net(
            [
                entries(2), fixed(2), made("product", [2], [[0, 0], [1, 0]]), entries(2, of=1),
                made("product", [], [[2, 0], [3, 0]]),
            ],
            family("products", (1, 0, [0]), (-1, 3, [0])),
        ),
        "goes no further",
    ),
    "a matrix along an axis of three": (
        net(
            [entries(2), entries(2, of=1), fixed(2), made("product", [], [[0, 0], [1, 0], [2, 0]])],
            family("products", (1, 0, [0]), (-1, 1, [0])),
        ),
        "goes no further",
    ),
    "a matrix under a square": (
        net(
            [entries(2), entries(2, of=1), made("product", [], [[0, 0], [1, 0]], numbers=["2", "2"])],
            family("products", (1, 0, [0]), (-1, 1, [0])),
        ),
        "goes no further",
    ),
    "a matrix of one index and another": (
        net(
            [
                entries(2, 3), entries(2, 2, 3, of=1), fixed(2),
                made("product", [], [[0, 0, 1], [1, 0, 2, 1], [2, 2]]),
            ],
            family("products", (1, 0, [0, 1]), (-1, 1, [1, 2])),
        ),
        "goes no further",
    ),
    "a matrix of an index that is summed over": (
        net(
            [entries(2, 3), made("product", [3], [[0, 1, 0]]), entries(3, of=1),
             made("product", [], [[1, 0], [2, 0]])],
            family("products", (1, 0, [0, 1])),
        ),
        "goes no further",
    ),
    "a turn that a maximum carries": (
        net(
            [
                entries(3, 2), made("carry", [3], [[0, 0, 1]]), entries(3, of=1),
                made("product", [], [[1, 0], [2, 0]]),
            ],
            family("products", (1, 0, [0]), (-1, 2, [0])),
        ),
        "goes no further",
    ),
    "a matrix along what is carried": (
        net(alone("carry", [3], [0, 1], 3, 2, linear=True), family("products", (1, 0, [1]))),
        "goes no further",
    ),
    "scales along what is carried": (
        net(alone("carry", [3], [0, 1], 3, 2, linear=True), family("squares", (1, 0, [1]))),
        "goes no further",
    ),
    "shares that are added up and repeated": (
        net(
            [
                fixed(2, 3), made("product", [3], [[0, 1, 0]]),
                made("product", [2, 5], [[0, 0, 7], [1, 7]], numbers=["1", "-1"]), entries(), entries(of=1),
                made("product", [5], [[2, 1, 0], [3]]), made("sum", [5], [[5, 0], [4]]),
            ],
            family("sums", (1, 3, []), (-1, 4, [])),
        ),
        "an output moves",
    ),
    "a shift of a ReLU": (net(alone("homogeneous", [2], [0], 2), ALL), "goes no further"),
    "a shift of a length": (net(alone("length", [], [0], 2), ALL), "goes no further"),
    "a shift that is not carried": (
        net(alone("carry", [2], [0, 1], 2, 2, linear=True), ALL), "goes no further",
    ),
    "a shift along what is carried": (
        net(alone("carry", [], [0], 2, affine=True), {**ALL, "centred": [0]}), "goes no further",
    ),
    "a shift of a part of what is carried": (
        net(
            [
                entries(2), fixed(3), made("carry", [], [[0, 0]], [[1, 0]], affine=True), entries(of=1),
                made("sum", [], [[2], [3]]),
            ],
            family("sums", (1, 0, []), (-1, 3, [])),
        ),
        "goes no further",
    ),
    "a shift of a square": (
        net([entries(2), made("product", [], [[0, 0]], numbers=["2"])], ALL),
        "goes no further",
    ),
    "a shift times the same": (
        net([entries(2), made("product", [], [[0, 0], [0, 0], [0, 0]])], ALL),
        "goes no further",
    ),
    "a shift less half": (
        net([entries(2), made("sum", [2], [[0, 0], [0, 0]], numbers=["1", "-1/2"])], ALL),
        "an output moves",
    ),
    "less the average of more": (
        net(
            [
                entries(4), made("product", [], [[0, 0]]), made("sum", [], [[1]], numbers=["1/3"]),
                made("sum", [4], [[0, 0], [2]], numbers=["1", "-1"]),
            ],
            ONE,
        ),
        "an output moves",
    ),
    "a share of two": (
        net(
            [
                entries(3), fixed(4, sums=[[0, 2]]), entries(3, of=1),
                made("product", [3], [[0, 0], [1, 1]]), made("sum", [3], [[3, 0], [2, 0]]),
            ],
            family("sums", (1, 0, [0]), (-1, 2, [0])),
        ),
        "an output moves",
    ),
    "a share of what is not shared": (
        net(
            [
                entries(3), fixed(4, sums=[[0, 1]]), fixed(4), entries(3, of=1),
                made("product", [3], [[0, 0], [1, 1], [2, 1]]), made("sum", [3], [[4, 0], [3, 0]]),
            ],
            family("sums", (1, 0, [0]), (-1, 3, [0])),
        ),
        "an output moves",
    ),
    "a share of what is shifted": (
        net(
            [
                entries(4), fixed(4, sums=[[0, 1]]), entries(of=1),
                made("product", [], [[0, 0], [1, 0]]), made("sum", [], [[3], [2]]),
            ],
            family("sums", (1, 0, [0])),
        ),
        "an output moves",
    ),
    "a share of a share that is free": (
        net(
            [
                entries(3), fixed(4, 5, sums=[[0, 1]]), entries(3, of=1),
                made("product", [3], [[0, 0], [1, 1, 2]]), made("sum", [3], [[3, 0], [2, 0]]),
            ],
            family("sums", (1, 0, [0]), (-1, 2, [0])),
        ),
        "an output moves",
    ),
    "a term that occurs twice": (
        net(
            [
                entries(2), entries(2, of=1), made("product", [2], [[0, 0]], times=[2]),
                made("sum", [2], [[2, 0], [1, 0]], numbers=["1", "1"]),
            ],
            family("sums", (1, 0, [0]), (-1, 1, [0])),
        ),
        "an output moves",
    ),
    "sums, not only differences": (net([entries(3), made("product", [], [[0, 0]])], ALL), "an output moves"),
    "differences of the wrong index": (
        net(
            [entries(3, 2), made("product", [3], [[0, 0, 1]])],
            family("sums", (1, 0, [0, 1]), centred=[0]),
        ),
        "an output moves",
    ),
    "a shift of both factors": (
        net(
            [entries(2), entries(2, of=1), made("product", [2], [[0, 0], [1, 0]])],
            family("sums", (1, 0, [0]), (-1, 1, [0])),
        ),
        "an output moves",
    ),
    "a product with what is 0 to the power 0": (
        net(
            [
                entries(2), fixed(2, zero=True), made("product", [2], [[0, 0], [1, 0]], numbers=["1", "0"]),
            ],
            VECTOR,
        ),
        "an output moves",
    ),
    "the power 0 of what is 0": (
        net(
            [
                fixed(2, zero=True), made("homogeneous", [2], [[0, 0]], numbers=["0"]), entries(2),
                made("sum", [2], [[1, 0], [2, 0]]),
            ],
            family("squares", (1, 2, [0])),
        ),
        "goes no further",
    ),
    "0 and an eps": (
        net(
            [
                fixed(2, zero=True), made("length", [2], [[0, 0]], eps=True), entries(2),
                made("sum", [2], [[1, 0], [2, 0]]),
            ],
            family("squares", (1, 2, [0])),
        ),
        "goes no further",
    ),
    "a function of 0": (
        net(
            [
                fixed(2, zero=True), made("opaque", [2], [[0, 1]]), entries(2),
                made("sum", [2], [[1, 0], [2, 0]]),
            ],
            family("squares", (1, 2, [0])),
        ),
        "goes no further",
    ),
    "a product that is 0 in part": (
        net(
            [
                fixed(2, zero=True), fixed(2), made("product", [2], [[0, 0]], [[1, 0]]), entries(2),
                made("sum", [2], [[2, 0], [3, 0]]),
            ],
            family("squares", (1, 3, [0])),
        ),
        "goes no further",
    ),
    "a matrix before what stands still": (
        net([fixed(2), entries(2), made("product", [], [[0, 0], [1, 0]])], family("products", (1, 1, [0]))),
        "goes no further",
    ),
    "a matrix along an axis of two that it moves": (
        net(
            [
                entries(2), entries(2, of=1), made("product", [2], [[0, 0], [1, 0]]), entries(2, of=2),
                made("product", [], [[2, 0], [3, 0]]),
            ],
            family("products", (1, 0, [0]), (1, 1, [0]), (-1, 3, [0])),
        ),
        "goes no further",
    ),
    "a matrix and its opposite along an axis": (
        net(
            [entries(2), entries(2, of=1), made("product", [2], [[0, 0], [1, 0]])],
            family("products", (1, 0, [0]), (-1, 1, [0])),
        ),
        "goes no further",
    ),
    "two shares of one": (
        net(
            [
                entries(3), fixed(4, sums=[[0, 1]]), fixed(4, sums=[[0, 1]]), entries(3, of=1),
                made("product", [3], [[0, 0], [1, 1], [2, 1]]), made("sum", [3], [[4, 0], [3, 0]]),
            ],
            family("sums", (1, 0, [0]), (-1, 3, [0])),
        ),
        "an output moves",
    ),
    "shares of what differs": (
        net(
            [
                entries(4), fixed(4, sums=[[0, 1]]),
                made("product", [], [[0, 0], [1, 0]]), made("product", [], [[0, 0]]),
                made("sum", [], [[2], [3]], numbers=["1", "-1"]),
            ],
            ALL,
        ),
        "an output moves",
    ),
    "shares that are not added up": (
        net(
            [
                entries(), fixed(4, sums=[[0, 1]]), entries(of=1),
                made("product", [4], [[0], [1, 0]]), made("sum", [4], [[3, 0], [2]]),
            ],
            family("sums", (1, 0, []), (-1, 2, [])),
        ),
        "an output moves",
    ),
    "differences, weighted": (
        net([entries(3), fixed(3), made("product", [], [[0, 0], [1, 0]])], {**ALL, "centred": [0]}),
        "an output moves",
    ),
    "exponentials that are not shares": (
        net([entries(3), made("exp", [3], [[0, 0]])], ALL),
        "an output moves",
    ),
    "shares of what grows in different ways": (
        net(
            [
                entries(3), made("exp", [3], [[0, 0]]), made("product", [], [[1, 0]]),
                made("product", [3], [[1, 0], [2]], numbers=["1", "-1"]),
            ],
            ALL,
        ),
        "goes no further",
    ),
    "an exponential of an exponential": (
        net([entries(3), made("exp", [3], [[0, 0]]), made("exp", [3], [[1, 0]])], ALL),
        "goes no further",
    ),
    "a logarithm of what is shifted": (net(alone("log", [3], [0], 3), ALL), "goes no further"),
    "a ReLU of an exponential": (
        net(
            [
                entries(3), made("exp", [3], [[0, 0]]), made("homogeneous", [3], [[1, 0]], numbers=["2"]),
                made("product", [3], [[2, 0], [1, 0]], numbers=["1", "-1"]),
            ],
            ALL,
        ),
        "an output moves",
    ),
    "a sum of exponentials and one": (
        net([entries(3), made("exp", [3], [[0, 0]]), fixed(3), made("sum", [3], [[1, 0], [2, 0]])], ALL),
        "goes no further",
    ),
    "a length of an exponential": (
        net([entries(3), made("exp", [3], [[0, 0]]), made("length", [], [[1, 0]])], ALL),
        "goes no further",
    ),
    "scales of an exponential": (net(alone("exp", [3], [0], 3), VECTOR), "goes no further"),
    "less half the average, added up": (
        net(
            [
                fixed(4, 3), made("product", [4], [[0, 0, 1]]),
                made("sum", [4], [[1, 0]], numbers=["1/2"]),
                made("sum", [4, 3], [[0, 0, 1], [2, 0]], numbers=["1", "-1"]), entries(2),
                made("product", [4, 2], [[3, 0, 2], [4, 1]]),
            ],
            family("sums", (1, 4, [0])),
        ),
        "an output moves",
    ),
    "less the average of another, added up": (
        net(
            [
                fixed(4, 3), made("product", [4], [[0, 0, 1]]),
                made("sum", [4], [[1, 0]], numbers=["1/3"]), fixed(4, 3),
                made("sum", [4, 3], [[3, 0, 1], [2, 0]], numbers=["1", "-1"]), entries(2),
                made("product", [4, 2], [[4, 0, 2], [5, 1]]),
            ],
            family("sums", (1, 5, [0])),
        ),
        "an output moves",
    ),
    "less the average along another index, added up": (
        net(
            [
                fixed(3, 3), made("product", [3], [[0, 0, 1]]),
                made("sum", [3], [[1, 0]], numbers=["1/3"]),
                made("sum", [3, 3], [[0, 0, 1], [2, 1]], numbers=["1", "-1"]), entries(2),
                made("product", [3, 2], [[3, 0, 2], [4, 1]]),
            ],
            family("sums", (1, 4, [0])),
        ),
        "an output moves",
    ),
    "less an average with eps, added up": (
        net(
            [
                fixed(4, 3), made("product", [4], [[0, 0, 1]]),
                made("sum", [4], [[1, 0]], numbers=["1/3"], eps=True),
                made("sum", [4, 3], [[0, 0, 1], [2, 0]], numbers=["1", "-1"]), entries(2),
                made("product", [4, 2], [[3, 0, 2], [4, 1]]),
            ],
            family("sums", (1, 4, [0])),
        ),
        "an output moves",
    ),
    "shares of a square, added up": (
        net(
            [
                fixed(4, 3), made("product", [4], [[0, 0, 1]], numbers=["2"]),
                made("product", [4, 3], [[0, 0, 1], [1, 0]], numbers=["1", "-1"]), entries(2),
                entries(2, of=1), made("product", [4, 2], [[2, 0, 2], [3, 1]]),
                made("sum", [4, 2], [[5, 0, 1], [4, 1]]),
            ],
            family("sums", (1, 3, [0]), (-1, 4, [0])),
        ),
        "an output moves",
    ),
    "twice the shares, added up": (
        net(
            [
                fixed(4, 3), made("product", [4], [[0, 0, 1]]),
                made("product", [4, 3], [[0, 0, 1], [1, 0]], numbers=["1", "-1"], times=[2]), entries(2),
                entries(2, of=1), made("product", [4, 2], [[2, 0, 2], [3, 1]]),
                made("sum", [4, 2], [[5, 0, 1], [4, 1]]),
            ],
            family("sums", (1, 3, [0]), (-1, 4, [0])),
        ),
        "an output moves",
    ),
    "what is centred times what varies, added up": (
        net(
            [
                fixed(3, sums=[[0, 0]]), fixed(3), made("product", [3], [[0, 0], [1, 0]]), entries(2),
                made("product", [2], [[2, 1], [3, 0]]),
            ],
            family("sums", (1, 3, [0])),
        ),
        "an output moves",
    ),
    "squares beside what moves": (
        net(
            [entries(3), entries(3, of=1), made("sum", [3], [[0, 0], [1, 0]]), made("length", [], [[2, 0]]),
             made("product", [3], [[2, 0], [3]], numbers=["1", "-1"])],
            NUMBER,
        ),
        "goes no further",
    ),
    "squares along what never moves but is repeated": (
        net(NORMALISED, VECTOR, family("sums", (1, 1, []))),
        "goes no further",
    ),
    "squares beside what has squares": (
        net(
            [
                entries(3), entries(3, of=1), made("sum", [3], [[0, 0], [1, 0]]),
                made("length", [], [[2, 0]]), made("product", [3], [[2, 0], [3]], numbers=["1", "-1"]),
            ],
            NUMBER,
            family("squares", (1, 0, []), (1, 1, [])),
            laws=[1, 0],
        ),
        "goes no further",
    ),
    "squares beside what has differences": (
        net(
            [
                entries(3), entries(3, of=1), made("sum", [3], [[0, 0], [1, 0]]),
                made("product", [], [[2, 0]]), entries(of=2),
                made("product", [], [[3], [4]], numbers=["1", "-1"]),
            ],
            family("squares", (1, 0, []), (1, 4, [])),
            family("sums", (1, 1, [0]), centred=[0]),
        ),
        "goes no further",
    ),
    "squares beside what has a sum": (
        net(
            [entries(4), entries(4, of=1), made("sum", [4], [[0, 0], [1, 0]]), *NORMALISED[3:]],
            NUMBER,
            family("sums", (1, 1, [])),
        ),
        "goes no further",
    ),
}  # fmt: skip


def changed(data: Data, *path: Any, value: Any) -> Data:
    """The data with another value at one place."""
    key, *rest = path
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[key] = changed(data[key], *rest, value=value) if rest else value
    return copy  # type: ignore[return-value]


def part(start: int, *axes: list[int]) -> Data:
    return {"parameter": 0, "start": [start], "axes": list(axes)}


def of_parts(*parts: Data, size: int = 6) -> Data:
    return net([*parts, fixed()], family("squares", (1, 0, [])), parameters=[["p", [size]]])


BASE = net(layers(RELU), SQUARES)
PRODUCT = ("flow", "arrays", 2)
LAW = ("laws", 0)
OVERLAP = "entries of a parameter in two arrays"

#: What is no certificate: (data, what the refusal says).
NO_CERTIFICATES: dict[str, tuple[Data, str]] = {
    "parts that overlap": (of_parts(part(0, [0, 4, 1]), part(3, [0, 3, 1])), OVERLAP),
    "the same part twice": (of_parts(part(0, [0, 4, 1]), part(0, [0, 4, 1])), OVERLAP),
    "parts in turn that overlap": (of_parts(part(0, [0, 3, 2]), part(1, [0, 2, 1])), OVERLAP),
    "one part that overlaps": (of_parts(part(0, [0, 2, 1], [0, 2, 1])), OVERLAP),
    "a stride of 0": (of_parts(part(0, [0, 2, 0])), "a stride that is no positive integer"),
    "entries beyond the end": (of_parts(part(3, [0, 4, 1])), "entries that a parameter does not have"),
    "an axis of a number": (
        net([{"parameter": 0, "start": [], "axes": [[0, 5, 1]]}], VECTOR, parameters=[["p", []]]),
        "an index below 0 is expected",
    ),
    "a rule that is none": (changed(BASE, *PRODUCT, "rule", value=None), "an unknown rule"),
    "an axis beyond the last": (of_parts(part(0, [1, 2, 1])), "an index below 1 is expected"),
    "a size of 0": (of_parts(part(0, [0, 0, 1])), "a size that is no positive integer"),
    "a shape of 0": (of_parts(part(0, [0, 2, 1]), size=0), "a shape that is none"),
    "an array of itself": (
        changed(BASE, *PRODUCT, "terms", 0, 0, 0, value=2),
        "an index below 2 is expected",
    ),
    "a leg of two sizes": (changed(BASE, *PRODUCT, "terms", 0, 1, 2, value=0), "a leg of two sizes"),
    "a leg twice": (changed(BASE, *PRODUCT, "terms", 0, 0, value=[0, 0, 0]), "an index listed twice"),
    "a leg too few": (changed(BASE, *PRODUCT, "terms", 0, 0, value=[0, 0]), "a leg of two sizes"),
    "an axis of another size": (changed(BASE, *PRODUCT, "sizes", value=[5, 4]), "a leg of two sizes"),
    "a number too few": (changed(BASE, *PRODUCT, "numbers", value=["1"]), "not one number for each input"),
    "a term without inputs": (changed(BASE, *PRODUCT, "terms", 0, value=[]), "not one number"),
    "no term": (changed(BASE, *PRODUCT, "terms", value=[]), "a rule of one term has none, or several"),
    "a term that occurs less than once": (changed(BASE, *PRODUCT, "times", value=[0]), "less than once"),
    "a sum that occurs twice": (
        changed(BASE, *PRODUCT, value=made("sum", [5, 2], [[0, 0, 1]], times=[2])),
        "a rule of one term has none, or several",
    ),
    "a ReLU of two": (
        changed(BASE, "flow", "arrays", 3, "terms", value=[[[2, 0, 1]], [[2, 0, 1]]]),
        "a rule of one term has none, or several",
    ),
    "a length of two inputs": (
        changed(BASE, *PRODUCT, value=made("length", [5, 3], [[0, 0, 2], [1, 1, 2]])),
        "a rule with too many inputs",
    ),
    "a sum over an axis": (
        changed(BASE, *PRODUCT, value=made("sum", [5, 3], [[0, 0, 2], [1, 1, 2]])),
        "a leg that is summed over by a rule that does not",
    ),
    "sums of a product": (changed(BASE, *PRODUCT, "sums", value=[[0, 1]]), "sums of what is computed, or 0"),
    "sums of what is 0": (
        changed(BASE, "flow", "arrays", 0, value=fixed(5, 2, zero=True, sums=[[0, 1]])),
        "sums of what is computed, or 0",
    ),
    "two sums": (
        changed(BASE, "flow", "arrays", 0, value=fixed(5, 2, sums=[[0, 1], [0, 2]])),
        "an axis with two sums",
    ),
    "another rule": (changed(BASE, *PRODUCT, "rule", value="unknown"), "an unknown rule"),
    "a flag that is a number": (changed(BASE, *PRODUCT, "eps", value=1), "eps is true or false"),
    "a remark": (changed(BASE, *PRODUCT, "remark", value="true"), "the unknown key 'remark'"),
    "no output": (changed(BASE, "flow", "outputs", value=[]), "no output"),
    "a coordinate": (changed(BASE, "variables", value=["x"]), "coordinates beside a network"),
    "one name twice": (
        changed(BASE, "flow", "parameters", 1, 0, value="p0"),
        "two parameters of one name",
    ),
    "a law in data": (changed(BASE, *LAW, "pieces", 0, 1, value=0), "a law in what is no parameter"),
    "a piece twice": (
        changed(BASE, *LAW, value=family("squares", (1, 1, [0]), (-1, 1, [0]))),
        "a piece listed twice",
    ),
    "an axis that is moved twice": (
        net([entries(2, 2, 3), fixed()], family("products", (1, 0, [0, 2]), (1, 0, [1, 2]))),
        "an axis that is moved twice",
    ),
    "a zero coefficient": (changed(BASE, *LAW, "pieces", 0, 0, value="0"), "a zero coefficient"),
    "no piece": (changed(BASE, *LAW, "pieces", value=[]), "no piece"),
    "an index of two lengths": (changed(BASE, *LAW, "pieces", 0, 2, value=[1]), "an index of two lengths"),
    "an axis twice": (changed(BASE, *LAW, "pieces", 0, 2, value=[0, 0]), "an index listed twice"),
    "a matrix without an index": (
        net(layers(), family("products", (1, 1, []))),
        "a matrix without an index",
    ),
    "skew squares": (changed(BASE, *LAW, "skew", value=True), "a skew law that is no matrix"),
    "another form": (changed(BASE, *LAW, "form", value="cubes"), "an unknown form of laws"),
    "a claim about no law": (changed(BASE, "claims", 0, "laws", value=[]), "a claim about no law"),
    "a claim of conserved": (
        changed(BASE, "claims", 0, "type", value="conserved"),
        "an unknown type of claim",
    ),
}  # fmt: skip
