"""No false certificate is accepted: thousands of mutants of true ones, signed again as an adversary would.

A mutant that is accepted must be true: what it says is then worked out again by the engine from the mutated
data.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from polylaw.proof import checker
from tests.helpers import mostly_slow
from tests.proof.certificates import CERTIFICATES, accepted, certificate, claims_are_true

MUTANTS = 150
Data = dict[str, Any]


# -- mutations: each changes one thing, in place ---------------------------------------------------
def polynomials(data: Data) -> Iterator[list[list[Any]]]:
    """All polynomials of laws and flow, those of laws three times as often."""
    for law in data["laws"]:
        yield from [law["polynomial"]] * 3
    for key, value in data["flow"].items():
        if key in ("phi", "rhs"):
            yield from (p for parts in value for p in parts)
        elif key == "metric":
            yield from (m for _, _, m in value)
        elif key in ("damping", "weight_decay"):
            yield value
    if data["clock"] and "rate" in data["clock"]:
        yield data["clock"]["rate"]


def change_polynomial(data: Data, draw: random.Random) -> str:
    p = draw.choice(list(polynomials(data)))
    coordinates = len(data["variables"]) + len(data["parameters"]) + (data["clock"] is not None)
    how = draw.choice(["sign", "coefficient", "exponent", "variable", "drop", "add"])
    if how == "add" or not p:
        p.append(["1", draw.randrange(coordinates), draw.randint(1, 4)])
    elif how == "drop":
        p.remove(draw.choice(p))
    else:
        term = draw.choice(p)
        if how == "sign":
            term[0] = term[0][1:] if term[0].startswith("-") else f"-{term[0]}"
        elif how == "coefficient" or len(term) == 1:
            term[0] = draw.choice([f"{term[0]}7", "0", "1/3", "-5/2"])
        elif how == "exponent":
            term[2 * draw.randrange(1, (len(term) + 1) // 2)] += 1
        else:
            term[2 * draw.randrange(1, (len(term) + 1) // 2) - 1] = draw.randrange(coordinates)
    return f"polynomial: {how}"


def change_claim(data: Data, draw: random.Random) -> str:
    claim = draw.choice(data["claims"])
    key = draw.choice([key for key in claim if key != "type"])
    value = claim[key]
    if isinstance(value, int) and not isinstance(value, bool):
        claim[key] = draw.choice(
            [value + 1, value - 1, value + 2, 0, -value, value * value, str(value), None, True]
        )
    elif isinstance(value, list) and value:
        how = draw.choice(["drop", "repeat", "swap", "change", "clear"])
        place = draw.randrange(len(value))
        if how == "drop":
            del value[place]
        elif how == "repeat":
            value.append(copy.deepcopy(value[place]))
        elif how == "swap":
            value.reverse()
        elif how == "clear":
            value.clear()
        elif isinstance(value[place], str):
            value[place] = draw.choice(["0", "1", "-1", "17", "x", "1.5", "1/0"])
        elif isinstance(value[place], int):
            value[place] += draw.choice([1, -1, 1000])
        else:
            value[place] = draw.choice([[0, 0], [10**6, 0], [], None])
    else:
        claim[key] = draw.choice([[0], 3, {}])
    return f"{claim['type']}: {key}"


def change_claims(data: Data, draw: random.Random) -> str:
    how = draw.choice(["type", "law dropped", "claim first", "law replaced"])
    if how == "type":
        draw.choice(data["claims"])["type"] = draw.choice(
            ["conserved", "exactly", "complete", "max_laws", "proved", 3]
        )
    elif how == "law dropped" and data["laws"]:
        del data["laws"][draw.randrange(len(data["laws"]))]
    elif how == "law replaced" and data["laws"]:
        data["laws"][draw.randrange(len(data["laws"]))]["polynomial"] = draw.choice(
            [[], [["1"]], [["1", 0, 1]]]
        )
    else:
        data["claims"].reverse()
    return f"claims: {how}"


def change_header(data: Data, draw: random.Random) -> str:
    key = draw.choice(["format", "version", "variables", "parameters", "clock", "flow"])
    if key in ("variables", "parameters") and data[key]:
        draw.choice(
            [list.pop, list.sort, lambda names: names.append(names[0]), lambda names: names.append("new")]
        )(data[key])
    elif key == "flow":
        data["flow"]["type"] = draw.choice(["gradient", "momentum", "ode", "fields", "none"])
    elif key == "clock":
        data["clock"] = draw.choice(
            [None, {"root": 1}, {"root": 2}, {"rate": [["1"]]}, {"rate": [["2"]]}, {"rate": []}]
        )
    else:
        data[key] = draw.choice([0, 2, 1.0, "1", None, True, "polylaw"])
    return f"header: {key}"


MUTATIONS: list[tuple[Callable[[Data, random.Random], str], int]] = [
    (change_polynomial, 4),
    (change_claim, 5),
    (change_claims, 1),
    (change_header, 1),
]


def mutants(name: str) -> Iterator[tuple[str, Data]]:
    """The seeded mutants of a certificate; those that changed nothing are left out."""
    draw = random.Random(name)
    original = certificate(name).data
    functions, weights = zip(*MUTATIONS, strict=True)
    while True:
        data = copy.deepcopy(original)
        what = draw.choices(functions, weights)[0](data, draw)
        if data != original:
            yield what, data


@pytest.mark.parametrize("name", mostly_slow(CERTIFICATES, "nesterov", "oscillator"))
def test_no_mutant_is_accepted_unless_it_is_true(name: str) -> None:
    seen: Counter[str] = Counter()
    for (what, data), _ in zip(mutants(name), range(MUTANTS), strict=False):
        if accepted(data):
            assert claims_are_true(data), what
            seen["equivalent"] += 1
        else:
            seen["refused"] += 1
    assert seen.total() == MUTANTS
    assert seen["refused"] > seen["equivalent"]


def test_there_are_enough_mutants() -> None:
    assert len(CERTIFICATES) >= 12
    assert MUTANTS * len(CERTIFICATES) >= 2000


@pytest.mark.parametrize("name", CERTIFICATES)
def test_the_originals_are_true(name: str) -> None:
    assert accepted(certificate(name).data)
    assert claims_are_true(certificate(name).data)


def test_a_changed_byte_breaks_the_hash() -> None:
    data = copy.deepcopy(certificate("linear").data)
    data["model"]["title"] += "!"
    with pytest.raises(checker.Refused, match="sha256"):
        list(checker.check(data))
