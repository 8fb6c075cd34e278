"""How many independent laws families of the zoo have, as formulas in the widths.

Each formula has the source that states it, if we know one; without a source it is only checked: the tests
compare it with the count that `count_laws` proves at the specs `CHECKED`, which is no proof for others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from polylaw.flows.shaped import ShapedFlow, metric_of_letters
from polylaw.models.shaped_zoo import Described
from polylaw.models.spec import Spec

#: A width at which every formula is asked whether it is one for a spec with stars: even, and none of those it
#: leaves out.
_LARGE = 4
_ABIDE, _KEEP, _TRANSFORMATIVE = (f"arXiv {n}" for n in ("2307.00144", "2405.12888", "2506.06194"))


@dataclass(frozen=True)
class CountFormula:
    """The number of independent laws of a family, near a generic point.

    `kind` is gradient or momentum; `text` the formula; `where` the arguments it is for, in words (empty:
    all); `count` the number for the arguments of a spec, None where the formula does not apply.
    """

    family: str
    kind: str
    text: str
    source: str
    count: Callable[[Mapping[str, Any]], int | None]
    where: str = ""

    def at(self, spec: str) -> int | None:
        """The number for a spec of the family; None where the formula does not apply."""
        return self.of(Spec.parse(spec))

    def of(self, spec: Spec) -> int | None:
        """The same, stars being as large as they must be for the formula to be asked."""
        return self.count(spec.at(_LARGE)) if spec.family.name == self.family else None


def formula_of(found: Described, flow: ShapedFlow) -> CountFormula | None:
    """The formula for the family and arguments of a described model, stars standing for any width, and for
    how it moves; None if there is none, as for any depth, other metrics, weight decay and models of one's
    own."""
    spec, kind = found.spec, "gradient" if flow.damping is None else "momentum"
    if (
        spec is None
        or found.any_depth
        or flow.weight_decay
        or flow.metric != metric_of_letters(flow.model, None)
    ):
        return None
    return next((f for f in FORMULAS if f.kind == kind and f.of(spec) is not None), None)


# -- the numbers -----------------------------------------------------------------------------------
def _two_factors(n: int, m: int, r: int) -> int:
    rank = min(n + m, r)
    return rank * (2 * r + 1 - rank) // 2 if max(n, m) > 1 else 2 * r - 1


def _two_factors_momentum(n: int, m: int, r: int) -> int | None:
    rank = min(2 * (n + m), r)
    return rank * (2 * r - 1 - rank) // 2 if max(n, m) > 1 else None


def _of_two_layers(count: Callable[[int, int, int], int | None]) -> Callable[[Mapping[str, Any]], int | None]:
    def number(values: Mapping[str, Any]) -> int | None:
        widths = values["widths"]
        if len(widths) != 3 or values.get("activation", "linear") != "linear" or values.get("bias"):
            return None
        return count(widths[0], widths[2], widths[1])

    return number


def _per_head(
    count: Callable[[int, int, int], int | None], rotary: int
) -> Callable[[Mapping[str, Any]], int | None]:
    """Each head has the pairs Q, K and V, O; a rotary pair of rows of Q, K has `rotary` laws."""

    def number(values: Mapping[str, Any]) -> int | None:
        pair = count(values["dim"], values["dim"], values["d1"])
        if pair is None:
            return None
        scores = rotary * values["d1"] // 2 if values["rope"] else pair
        return int(values["heads"]) * (scores + (pair if values["vo"] else 0))

    return number


def _hidden(values: Mapping[str, Any]) -> int:
    return sum(values["widths"][1:-1])


def _none(values: Mapping[str, Any]) -> int:
    return 0


def _nmf(values: Mapping[str, Any]) -> int | None:
    return values["r"] if max(values["n"], values["m"]) > 1 else None


def _gated(values: Mapping[str, Any]) -> int | None:
    """A loss that sees one number leaves all laws but one: 3 h - 1 for n = m = 1."""
    return 2 * values["h"] if max(values["n"], values["m"]) > 1 or values["h"] == 1 else None


def _cp(values: Mapping[str, Any]) -> int | None:
    """As many as for gated layers, which are of order 3."""
    sizes, rank = values["sizes"], values["rank"]
    return rank * (len(sizes) - 1) if len(sizes) > 2 and (max(sizes) > 1 or rank == 1) else None


_GRAM = "rk (2 r + 1 - rk)/2, rk = min(n + m, r); 2 r - 1 if n = m = 1"
_SKEW = "rk (2 r - 1 - rk)/2, rk = min(2 (n + m), r)"
_LAYERS = "n and m the outer widths, r the inner one, two layers"
_ATTENTION = "for each of the pairs Q, K and V, O of a head"

FORMULAS: tuple[CountFormula, ...] = (
    CountFormula("linear", "gradient", _GRAM, _ABIDE, _of_two_layers(_two_factors), _LAYERS),
    CountFormula(
        "linear", "momentum", _SKEW, _KEEP, _of_two_layers(_two_factors_momentum), f"{_LAYERS}, not n = m = 1"
    ),
    CountFormula("residual", "gradient", _GRAM, _TRANSFORMATIVE, _of_two_layers(_two_factors), _LAYERS),
    CountFormula(
        "residual",
        "momentum",
        _SKEW,
        _TRANSFORMATIVE,
        _of_two_layers(_two_factors_momentum),
        f"{_LAYERS}, not n = m = 1",
    ),
    *(
        CountFormula(family, kind, text, source, lambda v, count=count: count(v["n"], v["m"], v["r"]), where)  # type: ignore[misc]
        for family in ("factorization", "lora")
        for kind, text, source, count, where in (
            ("gradient", _GRAM, _ABIDE, _two_factors, ""),
            ("momentum", _SKEW, _KEEP, _two_factors_momentum, "not n = m = 1"),
        )
    ),
    CountFormula(
        "attention",
        "gradient",
        _GRAM.replace("n + m", "2 n"),
        _TRANSFORMATIVE,
        _per_head(_two_factors, 1),
        f"{_ATTENTION}, r = d1, n = m = dim; with rotary positions r/2 for Q, K",
    ),
    CountFormula(
        "attention",
        "momentum",
        _SKEW.replace("2 (n + m)", "4 n"),
        _KEEP,
        _per_head(_two_factors_momentum, 1),
        f"{_ATTENTION}, r = d1, n = m = dim > 1; with rotary positions r/2 for Q, K",
    ),
    *(
        CountFormula(family, "gradient", "the sum of the hidden widths", _ABIDE, _hidden)
        for family in ("relu", "leaky_relu")
    ),
    *(
        CountFormula(family, "momentum", "0", _KEEP, _none)
        for family in ("relu", "leaky_relu", "nmf", "icnn")
    ),
    *(CountFormula(family, "momentum", "0", "", _none) for family in ("gated", "swiglu")),
    CountFormula("homogeneous", "gradient", "r", "", lambda v: v["r"]),
    CountFormula("nmf", "gradient", "r", _KEEP, _nmf, "not n = m = 1"),
    CountFormula("icnn", "gradient", "r", _KEEP, lambda v: v["r"]),
    CountFormula("softmax", "gradient", "m", "", lambda v: v["m"]),
    CountFormula("softmax", "momentum", "2 m", "", lambda v: 2 * v["m"]),
    CountFormula(
        "conv",
        "gradient",
        "c1",
        _TRANSFORMATIVE,
        lambda v: v["channels"][1] if len(v["channels"]) == 3 and v["activation"] == "relu" else None,
        "two layers, activation=relu",
    ),
    CountFormula("gated", "gradient", "2 h", "", _gated, "not n = m = 1 with h > 1"),
    CountFormula("swiglu", "gradient", "h", "", lambda v: v["h"]),
    CountFormula(
        "cp",
        "gradient",
        "rank (q - 1)",
        "",
        _cp,
        "q > 2 the order, rank small enough for the components to be unique; not all sizes 1 with rank > 1",
    ),
    CountFormula("elementwise", "gradient", "n (depth - 1)", "", lambda v: v["n"] * (v["depth"] - 1)),
)

#: The specs at which the formulas of a family are checked (by the tests), where they apply.
CHECKED: dict[str, tuple[str, ...]] = {
    "linear": (
        "linear:2,1,2",
        "linear:1,2,2",
        "linear:1,3,1",
        "linear:2,3,2",
        "linear:2,5,2",
        "linear:1,4,2",
    ),
    "residual": ("residual:2,2,2", "residual:2,3,2"),
    "factorization": ("factorization:2,1,3", "factorization:1,2,4"),
    "lora": ("lora:3,3,2", "lora:1,3,2"),
    "attention": (
        "attention:d1=2,dim=2",
        "attention:d1=3,dim=1",
        "attention:d1=2,dim=2,heads=2",
        "attention:d1=4,dim=2,rope=true",
    ),
    "relu": ("relu:2,3,2", "relu:2,2,2,1?bias=true"),
    "leaky_relu": ("leaky_relu:2,3,1",),
    "homogeneous": ("homogeneous:2,2,2?p=3", "homogeneous:1,2,1"),
    "nmf": ("nmf:2,2,1", "nmf:3,2,2"),
    "icnn": ("icnn:1,2,1", "icnn:2,2,2"),
    "softmax": ("softmax:2,3", "softmax:3,2"),
    "conv": ("conv:1,2,1?taps=2,2&activation=relu",),
    "gated": ("gated:2,2,2", "gated:1,1,2"),
    "swiglu": ("swiglu:1,2,1", "swiglu:2,2,2"),
    "cp": ("cp:2,2,2?rank=2", "cp:2,2,2,2?rank=1"),
    "elementwise": ("elementwise:3?depth=3",),
}
