"""No law may fail for a wrong reason, nor a false one pass: `python -m benchmarks.flakiness`.

For seeds 0, 1, ...: random motions of every flow of `FLOWS`, by several methods, each law kept or not as
`assert_conserved` judges; and random training steps of every rule of `RULES` in double and single precision,
as `assert_step_conserves` judges. Beside each, what must not pass: a law with one coefficient doubled, where
the exact series says that it changes, and a step in double precision with one layer's rate wrong by a tenth.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click
import numpy as np

import polylaw as pl
from polylaw.algebra.polynomial import Polynomial
from polylaw.testing import (
    Descent,
    Drive,
    HeavyBall,
    Nesterov,
    NesterovAhead,
    assert_conserved,
    assert_step_conserves,
    exact_change,
    random_drive,
)

FLOWS = (
    ("linear:2,2,2", None),
    ("relu:2,2,1?bias=true", None),
    ("nmf:2,2,1", None),
    ("icnn:1,2,1", None),
    ("attention:d1=2,dim=2", None),
    ("linear:2,2,2", "0"),
    ("linear:2,2,2", "1"),
    ("linear:1,2,1", "3/t"),
    ("softmax:2,2", "3/t"),
)
METHODS = ("rk4", "heun", "implicit_midpoint", "DOP853", "Radau")
RATE, MU, DECAY = 0.05, 0.9, 0.99
RULES = (Descent(), Descent(decay=DECAY), HeavyBall(MU), Nesterov(MU), NesterovAhead(MU, scale=-RATE))
Arrays = dict[str, Any]
#: A verdict on something true, or on something false.
Verdict = tuple[bool, bool]


@click.command()
@click.option("--runs", default=200, help="seeds for each flow and rule (default 200)")
def main(runs: int) -> None:
    """Count true checks that fail and false ones that pass; exit code 1 if there is one."""
    wrong = 0
    for what, verdicts in (("trajectories", _motions(runs)), ("training steps", _steps(runs))):
        counts = Counter(verdicts)
        failed, passed = counts[True, False], counts[False, True]
        true, false = counts[True, True] + failed, counts[False, False] + passed
        click.echo(f"{what}: {true} true, {failed} failed; {false} false, {passed} passed")
        wrong += failed + passed
    sys.exit(1 if wrong else 0)


# -- trajectories ----------------------------------------------------------------------------------
def _motions(runs: int) -> Iterator[Verdict]:
    """(whether a law is true, whether it passed)"""
    for spec, damping in FLOWS:
        model = pl.models.model_from_spec(spec)
        flow: pl.Flow = pl.GradientFlow(model) if damping is None else pl.MomentumFlow(model, damping)
        laws = pl.find_laws(flow).generators[:2]
        for seed in range(runs):
            drive = random_drive(flow, seed)
            for law in laws:
                method = METHODS[seed % len(METHODS)]
                yield True, _kept(law, drive, method)
                false = _doubled(law)
                if exact_change(drive, false, 2) is not None:
                    yield False, _kept(false, drive, method)


def _kept(law: Polynomial, drive: Drive, method: str) -> bool:
    try:
        assert_conserved(law, drive, until=1 / 64, method=method)
    except AssertionError:
        return False
    return True


def _doubled(law: Polynomial) -> Polynomial:
    monomial, c = law.leading
    return Polynomial(law.ring, {**law.terms, monomial: 2 * c})


# -- training steps --------------------------------------------------------------------------------
def _steps(runs: int) -> Iterator[Verdict]:
    model = pl.models.linear(3, 2, 2)
    gradient, momentum = pl.find_laws(pl.GradientFlow(model)), pl.find_laws(pl.MomentumFlow(model, 0))
    for seed in range(runs):
        for rule in RULES:
            laws = gradient if isinstance(rule, Descent) else momentum
            yield True, _step_kept(rule, laws, seed, np.float64)
            yield True, _step_kept(rule, laws, seed, np.float32)
            yield False, _step_kept(rule, laws, seed, np.float64, factor=1.1)


def _step_kept(rule: Any, laws: pl.LawSpace, seed: int, kind: Any, factor: float = 1.0) -> bool:
    draw, rate, mu = np.random.default_rng(seed), kind(RATE), kind(MU)
    data, targets = draw.normal(size=(8, 3)).astype(kind), draw.normal(size=(8, 2)).astype(kind)
    start = {array: draw.normal(size=shape).astype(kind) for array, shape in laws.flow.arrays.items()}

    def gradients(p: Arrays) -> Arrays:
        error = (data @ p["U1"] @ p["U2"] - targets) / kind(8)
        return {"U1": kind(factor) * (data.T @ error @ p["U2"].T), "U2": p["U1"].T @ data.T @ error}

    def step(p: Arrays) -> Arrays:
        if isinstance(rule, Descent):
            return {k: kind(rule.decay) * p[k] - rate * g for k, g in gradients(p).items()}
        v = {k: p[f"d{k}"] for k in ("U1", "U2")}
        if isinstance(rule, NesterovAhead):
            g = gradients(p)
            stored = {k: mu * v[k] + g[k] for k in v}
            weights = {k: p[k] - rate * (g[k] + mu * stored[k]) for k in v}
        else:
            ahead = mu if isinstance(rule, Nesterov) else kind(0)
            g = gradients({k: p[k] + ahead * v[k] for k in v})
            stored = {k: mu * v[k] - rate * g[k] for k in v}
            weights = {k: p[k] + stored[k] for k in v}
        return weights | {f"d{k}": x for k, x in stored.items()}

    try:
        assert_step_conserves(step, start, laws, rule=rule)
    except AssertionError:
        return False
    return True


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.flakiness")
