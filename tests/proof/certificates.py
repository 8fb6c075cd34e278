"""The certificates that the tests of proofs share, and their meaning worked out again by the engine."""

from __future__ import annotations

import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import polylaw as pl
from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import InputError
from polylaw.laws.independence import gradient_rank_at_least
from polylaw.laws.lie_series import lie_series_rank
from polylaw.proof import checker
from polylaw.proof.certificate import Certificate
from polylaw.proof.certify import certify
from polylaw.proof.reading import Certified, certified
from polylaw.proof.system import System
from tests.helpers import EULER_TOP, OSCILLATOR, gradient, momentum

__all__ = [
    "CERTIFICATES",
    "SCHEMA",
    "accepted",
    "alone",
    "certificate",
    "claims_are_true",
    "not_admitted",
    "signed",
]

Flow = pl.Flow
SCHEMA = jsonschema.Draft202012Validator(
    json.loads(Path(checker.__file__).with_name("certificate.schema.json").read_text("utf-8"))
)

#: name: (flow, degree, claims that are refuted)
CERTIFICATES: dict[str, tuple[Flow, int, tuple[str, ...]]] = {
    "linear": (gradient("linear:2,2,2"), 4, ("U1_1_1^2 - U2_1_1^2",)),
    "deep linear": (gradient("linear:1,2,2,1"), 2, ()),
    "relu": (gradient("relu:2,2,1?bias=true"), 2, ("U1_1_1*U1_1_2",)),
    "nmf": (gradient("nmf:2,2,1"), 2, ()),
    "icnn": (gradient("icnn:1,2,1"), 2, ()),
    "rates": (gradient("linear:1,2,1", "rates:U1=a,U2=2"), 2, ()),
    "rational": (gradient("map:u/v;u*w"), 2, ()),
    "decay": (gradient("linear:1,2,1", weight_decay="lam"), 2, ()),
    "momentum": (momentum("linear:1,2,1", 0), 2, ("U1_1_1*dU1_1_2",)),
    "rational damping": (momentum("linear:2,2,1", "2/3"), 2, ()),
    "symbolic damping": (momentum("linear:2,2,1", "tau"), 2, ("U1_1_1*dU1_1_2 - U1_1_2*dU1_1_1",)),
    "nesterov": (momentum("linear:1,2,1", "3/t"), 2, ()),
    "fractional nesterov": (momentum("linear:1,1", "3/2/t"), 2, ()),
    "mirror momentum": (momentum("nmf:1,1,1", "1/t"), 2, ()),
    "euler top": (EULER_TOP, 4, ("w1^2",)),
    "oscillator": (OSCILLATOR, 2, ()),
    "rational ode": (
        pl.PolynomialODE({"x": "-x/(k + x)", "y": "x/(k + x)", "z": "1"}, ["k"], time="t"),
        2,
        (),
    ),
}


@cache
def certificate(name: str) -> Certificate:
    """The certificate of one row."""
    flow, degree, false = CERTIFICATES[name]
    refuted = [verdict for claim in false if isinstance(verdict := pl.check_law(flow, claim), pl.Refuted)]
    assert len(refuted) == len(false)
    return certify(pl.find_laws(flow, degree), refuted=refuted)


def signed(data: dict[str, Any]) -> dict[str, Any]:
    """The data with a sha256 that fits."""
    return {**data, "sha256": hashlib.sha256(checker.canonical(data)).hexdigest()}


def system_of(data: dict[str, Any]) -> tuple[Certified, System]:
    """The statements of a certificate at given widths, and its system."""
    told = certified(data)
    assert told.system is not None
    return told, told.system


def accepted(data: dict[str, Any]) -> bool:
    """Whether the checker finds that every claim holds, once the data are signed."""
    try:
        return bool(list(checker.check(signed(data))))
    except Exception:  # the command line turns whatever is raised into a refusal
        return False


def alone(path: Path | str) -> subprocess.CompletedProcess[str]:
    """The checker by itself, in at most 60 seconds of a processor and 1 GB."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    command = [sys.executable, "-I", checker.__file__, path]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)


def not_admitted(data: dict[str, Any], reason: str, polylaw: Callable[..., Any], folder: Path) -> None:
    """Every verb says in one line that the data are no certificate, and why, and writes nothing."""
    with pytest.raises(InputError) as caught:
        certified(data)
    assert type(caught.value) is InputError  # and not that a claim does not hold
    assert reason in str(caught.value)
    path = folder / "c.json"
    path.write_text(json.dumps(data), "utf-8")
    for verb, *output in (("verify",), ("appendix", "-o", "a.md"), ("prove", "-o", "p.v")):
        run = polylaw(verb, str(path), *output[:1], *(str(folder / name) for name in output[1:]))
        assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
        assert reason in run.err
    assert list(folder.iterdir()) == [path]


# -- the meaning of a certificate, by the engine ---------------------------------------------------
def decoded_polynomial(ring: pl.Ring, terms: list[list[Any]]) -> Polynomial:
    factors = lambda t: "*".join(f"({ring.power_text(v, e)})" for v, e in zip(t[1::2], t[2::2], strict=True))  # noqa: E731
    texts = (f"({t[0]})" + (f"*{factors(t)}" if len(t) > 1 else "") for t in terms)
    return ring.parse(" + ".join(texts) or "0")


def decoded_flow(data: dict[str, Any]) -> Flow:
    """The flow a certificate describes, from its text and numbers alone."""
    variables, parameters, flow = data["variables"], data["parameters"], data["flow"]
    known = pl.Ring((), parameters)
    shifted = len(variables) + (data["clock"] is not None)

    def moved(terms: list[list[Any]], first: int, by: int) -> list[list[Any]]:
        """Coordinates from `first` on have smaller numbers in a ring."""
        numbers = lambda t: (v if i % 2 or v < first else v - by for i, v in enumerate(t[1:]))  # noqa: E731
        return [[t[0], *numbers(t)] for t in terms]

    def constant(terms: list[list[Any]]) -> Polynomial:
        return decoded_polynomial(known, moved(terms, 0, shifted))

    def text(ring: pl.Ring, parts: list[Any]) -> str:
        inside = (decoded_polynomial(ring, moved(p, len(ring.variables), offset)) for p in parts)
        return "/".join(f"({p})" for p in inside)

    if flow["type"] == "ode":
        ring, offset = pl.Ring(variables, parameters), shifted - len(variables)
        clock, time = data["clock"], None
        if clock is not None:
            time = "t" if "root" in clock else f"exp(({constant(clock['rate'])})*t)"
        rhs = {v: text(ring, f) for v, f in zip(variables, flow["rhs"], strict=True)}
        return pl.PolynomialODE(rhs, parameters, time=time)
    theta = variables[: len(variables) // 2] if flow["type"] == "momentum" else variables
    ring, offset = pl.Ring(theta, parameters), shifted - len(theta)
    model = pl.models.from_map(theta, [text(ring, f) for f in flow["phi"]], parameters=parameters)
    metric = None
    if "metric" in flow:
        metric = [["0"] * len(theta) for _ in theta]
        for i, j, entry in flow["metric"]:
            metric[i][j] += f" + {text(ring, [entry])}"
    if flow["type"] == "gradient":
        return pl.GradientFlow(model, metric, weight_decay=constant(flow.get("weight_decay", [])))
    damping = f"{flow['over_time']}/t" if "over_time" in flow else str(constant(flow["damping"]))
    result = pl.MomentumFlow(model, damping, metric)
    assert list(result.ring.variables) == variables
    return result


def claims_are_true(data: dict[str, Any]) -> bool:
    """Whether every claim is true, by the engine: what an accepted mutant must be."""
    flow = decoded_flow(data)
    laws = [decoded_polynomial(flow.ring, h["polynomial"]) for h in data["laws"]]
    return all(_is_true(flow, laws, claim) for claim in data["claims"])


def _is_true(flow: Flow, laws: list[Polynomial], claim: dict[str, Any]) -> bool:
    state = flow.ring.parameter_indices.start
    chosen = [laws[i] for i in claim.get("laws", [])]
    if claim["type"] == "conserved":
        return all(isinstance(pl.check_law(flow, h), pl.Proved) for h in chosen)
    if claim["type"] == "not_conserved":
        return isinstance(pl.check_law(flow, laws[claim["law"]]), pl.Refuted)
    if claim["type"] == "independent":
        return gradient_rank_at_least(flow, chosen, pl.Budget()) == len(chosen)
    if claim["type"] == "max_laws":
        return state - lie_series_rank(flow.distribution, state, pl.Budget()).rank <= claim["bound"]
    if claim["type"] == "exactly":
        count = pl.count_laws(flow)
        return count.lower == claim["count"] == count.upper
    found = pl.find_laws(flow, ansatz=pl.Ansatz.of(_listed_monomials(flow.ring, claim)))
    return found.complete and found.dimension == claim["dimension"]


def _listed_monomials(ring: pl.Ring, claim: dict[str, Any]) -> list[str]:
    chosen = range(len(ring.variables)) if claim["variables"] is None else sorted(set(claim["variables"]))
    texts = []
    for degree in range(claim["least"], claim["degree"] + 1):
        for factors in combinations_with_replacement(chosen, degree):
            words = [ring.variables[k] for k in factors]
            for power in range(claim["clock"] + 1):
                clock = [ring.power_text(len(ring.variables), power)] if power else []
                texts.append("*".join([*words, *clock]))
    return [text for text in texts if text]
