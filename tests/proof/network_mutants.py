"""Seeded wrong changes of certificates of networks."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["mutants"]

Data = dict[str, Any]


def _law(data: Data, draw: random.Random) -> str:
    law = draw.choice(data["laws"])
    piece = draw.choice(law["pieces"])
    how = draw.choice(["sign", "coefficient", "array", "axis", "drop", "skew", "form", "centred", "more"])
    if how == "sign":
        piece[0] = piece[0][1:] if piece[0].startswith("-") else f"-{piece[0]}"
    elif how == "coefficient":
        piece[0] = draw.choice([f"{piece[0]}0", "1/2", "2", "-3"])
    elif how == "array":
        piece[1] = draw.randrange(len(data["flow"]["arrays"]))
    elif how == "axis" and piece[2]:
        piece[2][draw.randrange(len(piece[2]))] = draw.randrange(3)
    elif how == "drop" and len(law["pieces"]) > 1:
        law["pieces"].remove(piece)
    elif how == "skew":
        law["skew"] = not law.get("skew", False)
    elif how == "form":
        law["form"] = draw.choice(["squares", "sums", "products"])
    elif how == "centred":
        law["centred"] = [] if law.get("centred") else [0]
    else:
        arrays = [k for k, a in enumerate(data["flow"]["arrays"]) if "parameter" in a]
        law["pieces"].append(
            [draw.choice(["1", "-1", "2"]), draw.choice(arrays), draw.choice([[], [0], [1]])]
        )
    return f"law: {how}"


def _rule(data: Data, draw: random.Random) -> str:
    arrays = data["flow"]["arrays"]
    number = draw.choice([k for k, a in enumerate(arrays) if "rule" in a])
    array = arrays[number]
    term = draw.choice(array["terms"])
    used = draw.choice(term)
    how = draw.choice(["input", "leg", "swap", "number", "drop", "term", "rule", "flag", "sums", "times"])
    if how == "input":
        used[0] = draw.randrange(number)
    elif how == "leg" and len(used) > 1:
        used[draw.randrange(1, len(used))] = draw.randrange(5)
    elif how == "swap" and len(used) > 2:
        used[1], used[2] = used[2], used[1]
    elif how == "number" and array.get("numbers"):
        array["numbers"][draw.randrange(len(array["numbers"]))] = draw.choice(["1", "2", "-1", "1/2", "0"])
    elif how == "drop" and len(term) > 1:
        place = draw.randrange(len(term))
        del term[place]
        del array["numbers"][place]
    elif how == "term":
        array["terms"].append(copy.deepcopy(term)) if draw.random() < 0.5 else array["terms"].remove(term)
    elif how == "rule":
        array["rule"] = draw.choice(
            ["product", "sum", "homogeneous", "exp", "log", "length", "carry", "opaque"]
        )
        count = {"product": len(term), "sum": len(term), "homogeneous": 1}.get(array["rule"], 0)
        array["numbers"] = [draw.choice(["1", "1", "2"]) for _ in range(count)]
    elif how == "flag":
        flag = draw.choice(["eps", "linear", "affine"])
        array[flag] = not array.get(flag, False)
    elif how == "sums" and array["sizes"]:
        axis = [draw.randrange(len(array["sizes"])), draw.randrange(3)]
        array["sums"] = [] if array.get("sums") else [axis]
    else:
        array["times"] = [draw.randint(1, 3) for _ in array["terms"]]
    return f"rule: {how}"


def _source(data: Data, draw: random.Random) -> str:
    arrays = data["flow"]["arrays"]
    array = draw.choice([a for a in arrays if "rule" not in a])
    how = draw.choice(["moved", "stride", "length", "fixed", "trained", "zero", "sums", "outputs"])
    if how == "outputs":
        chosen = data["flow"]["outputs"]
        chosen.append(draw.randrange(len(arrays))) if draw.random() < 0.5 else chosen.pop()
    elif "parameter" in array:
        if how == "stride" and array["axes"]:
            draw.choice(array["axes"])[2] += draw.choice([1, -1])
        elif how == "length" and array["axes"]:
            draw.choice(array["axes"])[1] += draw.choice([1, -1])
        elif how in ("fixed", "zero"):
            array["sizes"] = [size for _, size, _ in array["axes"]]
            array["zero"] = how == "zero"
            for key in ("parameter", "start", "axes"):
                del array[key]
        elif array["start"]:
            array["start"][draw.randrange(len(array["start"]))] += draw.choice([1, -1, 2])
    elif how == "trained":
        sizes = array.pop("sizes")
        array.clear()
        array |= {"parameter": len(data["flow"]["parameters"]), "start": [0] * len(sizes)}
        array["axes"] = [[k, n, 1] for k, n in enumerate(sizes)]
        data["flow"]["parameters"].append(["new", sizes])
    elif how == "sums" and array["sizes"]:
        array["sums"] = [[draw.randrange(len(array["sizes"])), draw.randrange(3)]]
    else:
        array["zero"] = not array.get("zero", False)
    return f"source: {how}"


def _claim(data: Data, draw: random.Random) -> str:
    claim = draw.choice(data["claims"])
    claim["without_eps"] = not claim.get("without_eps", False)
    return "claim"


_MUTATIONS: list[tuple[Callable[[Data, random.Random], str], int]] = [
    (_law, 5), (_rule, 6), (_source, 3), (_claim, 1)
]  # fmt: skip


def mutants(name: str, original: Data) -> Iterator[tuple[str, Data]]:
    """The mutants of a certificate, by its name; those that changed nothing are left out."""
    # read from a text, which is quicker than a deep copy
    draw, stored = random.Random(name), json.dumps(original)
    functions, weights = zip(*_MUTATIONS, strict=True)
    while True:
        data = json.loads(stored)
        what = draw.choices(functions, weights)[0](data, draw)
        if data != original:
            yield what, data
