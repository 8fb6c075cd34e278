"""Training steps: what gradient descent does to a law is known exactly, and ways of breaking it are caught."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.errors import InputError
from polylaw.testing import (
    assert_count,
    assert_law,
    assert_momentum_step_conserves,
    assert_no_law,
    assert_step_conserves,
    step_report,
)
from tests.helpers import gradient, momentum

Arrays = Mapping[str, Any]
FLOW = gradient("linear:3,2,2")
LAWS = pl.find_laws(FLOW).generators
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))
START = {"U1": RNG.normal(size=(3, 2)), "U2": RNG.normal(size=(2, 2))}
RATE = 0.05


def gradients(p: Arrays) -> dict[str, np.ndarray]:
    """Of the mean squared error of x -> x U1 U2."""
    error = (X @ p["U1"] @ p["U2"] - Y) / len(X)
    return {"U1": X.T @ error @ p["U2"].T, "U2": p["U1"].T @ X.T @ error}


def descent(change: Callable[[Arrays, dict[str, np.ndarray]], Arrays] | None = None) -> Callable[[Arrays], Arrays]:
    """A step of gradient descent, broken by `change` of parameters and gradients if given."""

    def step(p: Arrays) -> Arrays:
        g = gradients(p)
        return {k: p[k] - RATE * g[k] for k in p} if change is None else change(p, g)

    return step


def scaled(**factors: float) -> Callable[[Arrays], Arrays]:
    return descent(lambda p, g: {k: p[k] - RATE * factors.get(k, 1.0) * g[k] for k in p})


def clipped(value: float) -> Callable[[Arrays], Arrays]:
    return descent(lambda p, g: {k: p[k] - RATE * np.clip(g[k], -value, value) for k in p})


def noise(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    draw = np.random.default_rng(1)
    return {k: p[k] - RATE * (g[k] + draw.normal(size=g[k].shape)) for k in p}


def normalised(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    size = np.sqrt(sum((v**2).sum() for v in g.values()))
    return {k: p[k] - RATE * g[k] / size for k in p}


def minibatch(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    error = X[:2] @ p["U1"] @ p["U2"] - Y[:2]
    return {"U1": p["U1"] - RATE * X[:2].T @ error @ p["U2"].T, "U2": p["U2"] - RATE * p["U1"].T @ X[:2].T @ error}


def another_loss(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    error = np.tanh(X @ p["U1"] @ p["U2"] - Y)
    return {"U1": p["U1"] - RATE * X.T @ error @ p["U2"].T, "U2": p["U2"] - RATE * p["U1"].T @ X.T @ error}


def late(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    """The second layer sees the first one already updated."""
    first = {**p, "U1": p["U1"] - RATE * g["U1"]}
    return {**first, "U2": p["U2"] - RATE * gradients(first)["U2"]}


def adam(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    return {k: p[k] - RATE * g[k] / (np.abs(g[k]) + 1e-8) for k in p}


def first(k: str) -> Callable[[Arrays, dict[str, np.ndarray]], Arrays]:
    """Only the first row of one gradient."""

    def change(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
        mask = np.zeros_like(g[k])
        mask[0] = 1
        return {j: p[j] - RATE * (g[j] * mask if j == k else g[j]) for j in p}

    return change


#: a step, and whether it keeps every law as theory says
STEPS: dict[str, tuple[Callable[[Arrays], Arrays], bool]] = {
    "gradient descent": (descent(), True),
    "another sign of the rate": (descent(lambda p, g: {k: p[k] + RATE * g[k] for k in p}), True),
    "a large rate": (descent(lambda p, g: {k: p[k] - 10 * g[k] for k in p}), True),
    "a small rate": (descent(lambda p, g: {k: p[k] - 1e-3 * g[k] for k in p}), True),
    "a mini-batch": (descent(minibatch), True),
    "another loss": (descent(another_loss), True),
    "the gradient normalised as a whole": (descent(normalised), True),
    "a detached first layer": (scaled(U1=0.0), False),
    "a detached second layer": (scaled(U2=0.0), False),
    "a wrong sign in one layer": (scaled(U1=-1.0), False),
    "rates that differ": (scaled(U1=2.0), False),
    "rates that differ by a percent": (scaled(U2=1.01), False),
    "gradients clipped by entry": (clipped(0.05), False),
    "gradients clipped where nothing is large": (clipped(1e6), True),
    "noise in the gradients": (descent(noise), False),
    "layers updated one after another": (descent(late), False),
    "Adam": (descent(adam), False),
    "signs of gradients": (descent(lambda p, g: {k: p[k] - RATE * np.sign(g[k]) for k in p}), False),
    "one row frozen": (descent(first("U1")), False),
    "weight decay that nobody told of": (descent(lambda p, g: {k: 0.999 * p[k] - RATE * g[k] for k in p}), False),
    "weight decay in one layer": (descent(lambda p, g: {k: (0.99 if k == "U1" else 1) * p[k] - RATE * g[k] for k in p}), False),
    "gradients of each layer normalised": (descent(lambda p, g: {k: p[k] - RATE * g[k] / np.abs(g[k]).max() for k in p}), False),
    "a transposed gradient": (descent(lambda p, g: {**{k: p[k] - RATE * g[k] for k in p}, "U2": p["U2"] - RATE * g["U2"].T}), False),
    "weights rounded": (descent(lambda p, g: {k: np.round(p[k] - RATE * g[k], 3) for k in p}), False),
}


@pytest.mark.parametrize("name", STEPS)
def test_what_breaks_a_law_is_caught_and_nothing_else(name: str) -> None:
    step, keeps = STEPS[name]
    if keeps:
        reports = assert_step_conserves(FLOW, step, START, LAWS)
        assert {report.verdict for report in reports} <= {"kept", "drifts as predicted"}
    else:
        with pytest.raises(AssertionError, match=r"broken: |did not move"):
            assert_step_conserves(FLOW, step, START, LAWS)


def test_the_table_of_ways() -> None:
    """What the assertions say of every way, as a table."""
    lines = [f"{'step':45} {'keeps laws':12} verdict"]
    for name, (step, keeps) in STEPS.items():
        try:
            reports = assert_step_conserves(FLOW, step, START, LAWS)
            verdict = " / ".join(sorted({report.verdict for report in reports}))
        except AssertionError as error:
            verdict = "caught: " + ("did not move" if "did not move" in str(error) else "broken")
        lines.append(f"{name:45} {'yes' if keeps else 'no':12} {verdict}")
    table = "\n".join(lines) + "\n"
    print(table)
    assert table == Path(__file__).with_name("steps.txt").read_text("utf-8")


def test_there_are_twenty_ways() -> None:
    assert len(STEPS) >= 20
    assert sum(keeps for _, keeps in STEPS.values()) >= 6


def test_weight_decay_that_is_told() -> None:
    step = descent(lambda p, g: {k: 0.99 * p[k] - RATE * g[k] for k in p})
    assert_step_conserves(FLOW, step, START, LAWS, decay=0.99)
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(FLOW, step, START, LAWS, decay=0.98)


def test_the_drift_is_the_quadratic_form_of_the_gradient() -> None:
    law = FLOW.parse("U1_1_1^2 + U1_2_1^2 + U1_3_1^2 - U2_1_1^2 - U2_1_2^2")
    g = gradients(START)
    report = step_report(FLOW, law, START, descent()(START))
    expected = RATE**2 * ((g["U1"][:, 0] ** 2).sum() - (g["U2"][0] ** 2).sum())
    assert report.measured == pytest.approx(expected, abs=1e-14)
    assert report.verdict == "drifts as predicted"
    assert str(report).startswith("drifts as predicted: U1_1_1^2")


def test_a_linear_law_is_kept_exactly() -> None:
    flow = gradient("softmax:3,2")

    def step(p: Arrays) -> Arrays:
        logits = X[:, :2] @ p["theta"].T
        shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        shares[:, 0] -= 1
        return {"theta": p["theta"] - RATE * shares.T @ X[:, :2]}

    start = {"theta": RNG.normal(size=(3, 2))}
    reports = assert_step_conserves(flow, step, start, pl.find_laws(flow, 1).generators)
    assert {report.verdict for report in reports} == {"kept"}
    broken = lambda p: {"theta": step(p)["theta"] * 1.001}  # noqa: E731
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(flow, broken, start, pl.find_laws(flow, 1).generators)


MOMENTUM = momentum("linear:3,2,2", 0)
BILINEAR = pl.find_laws(MOMENTUM).generators
MOVING = START | {f"d{k}": RNG.normal(size=v.shape) for k, v in START.items()}


def heavy_ball(mu: float = 0.9, **rates: float) -> Callable[[Arrays], Arrays]:
    def step(p: Arrays) -> Arrays:
        g = gradients(p)
        v = {k: mu * p[f"d{k}"] - rates.get(k, RATE) * g[k] for k in START}
        return {k: p[k] + v[k] for k in START} | {f"d{k}": v[k] for k in START}

    return step


def test_heavy_ball_multiplies_the_bilinear_law_by_mu() -> None:
    [report] = assert_momentum_step_conserves(MOMENTUM, heavy_ball(), MOVING, BILINEAR, mu=0.9)
    assert report.verdict == "drifts as predicted"


def without_factor(p: Arrays) -> Arrays:
    """The momentum factor is forgotten in one layer."""
    after = dict(heavy_ball()(p))
    after["dU1"] = p["dU1"] - RATE * gradients(p)["U1"]
    after["U1"] = p["U1"] + after["dU1"]
    return after


def lookahead(p: Arrays) -> Arrays:
    """Nesterov's step, whose gradient is taken elsewhere: no identity holds for it."""
    g = gradients({k: p[k] + 0.9 * p[f"d{k}"] for k in START})
    v = {k: 0.9 * p[f"d{k}"] - RATE * g[k] for k in START}
    return {k: p[k] + v[k] for k in START} | {f"d{k}": v[k] for k in START}


@pytest.mark.parametrize("step", [lookahead, heavy_ball(0.8), heavy_ball(U1=2 * RATE), heavy_ball(U2=-RATE), without_factor])
def test_broken_heavy_ball_is_caught(step: Callable[[Arrays], Arrays]) -> None:
    with pytest.raises(AssertionError, match="broken: "):
        assert_momentum_step_conserves(MOMENTUM, step, MOVING, BILINEAR, mu=0.9)


def test_heavy_ball_arguments() -> None:
    with pytest.raises(AssertionError, match="did not move"):
        assert_momentum_step_conserves(MOMENTUM, lambda p: p, MOVING, BILINEAR, mu=0.9)
    with pytest.raises(InputError, match="a law that is bilinear"):
        assert_momentum_step_conserves(MOMENTUM, heavy_ball(), MOVING, ["U1_1_1^2"], mu=0.9)


class Tensor:
    """Quacks like a torch tensor."""

    def __init__(self, data: np.ndarray) -> None:
        self.data = data

    def detach(self) -> Tensor:
        return self

    def cpu(self) -> np.ndarray:
        return self.data


def test_tensors_are_read() -> None:
    step = lambda p: {k: Tensor(v) for k, v in descent()({k: t.data for k, t in p.items()}).items()}  # noqa: E731
    assert_step_conserves(FLOW, step, {k: Tensor(v) for k, v in START.items()}, LAWS)


def test_a_step_that_changes_its_argument_is_still_measured() -> None:
    def step(p: Any) -> Arrays:
        g = gradients(p)
        for k in p:
            p[k] -= RATE * g[k]
        return p

    assert_step_conserves(FLOW, step, {k: v.copy() for k, v in START.items()}, LAWS)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda p: p, "did not move"),
        (lambda p: None, "returned nothing"),
        (lambda p: {k: v * np.nan for k, v in p.items()}, "not finite"),
    ],
)
def test_nothing_passes_vacuously(step: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        assert_step_conserves(FLOW, step, START, LAWS)
    with pytest.raises(AssertionError, match="no law was given"):
        assert_step_conserves(FLOW, descent(), START, [])


def test_arguments_are_checked() -> None:
    with pytest.raises(InputError, match=r"parameters\['U1'\]: found 'shape \(2, 3\)', expected shape \(3, 2\)"):
        step_report(FLOW, LAWS[0], {"U1": START["U1"].T, "U2": START["U2"]}, START)
    with pytest.raises(InputError, match="parameters: found 'nothing for U2_1_1'"):
        step_report(FLOW, LAWS[0], {"U1": START["U1"]}, START)
    with pytest.raises(InputError, match="parameters: found 'W', expected one of U1, U2"):
        step_report(FLOW, LAWS[0], {**START, "W": 1}, START)
    with pytest.raises(InputError, match="law: found"):
        step_report(FLOW, LAWS[0] * LAWS[0], START, START)


# -- exact assertions ------------------------------------------------------------------------------
def test_exact_assertions() -> None:
    assert_law(FLOW, LAWS[0])
    assert_count(FLOW, 3)
    assert_no_law(gradient("relu:2,2,2"), 1)
    with pytest.raises(AssertionError, match=r"is not conserved: its derivative along .* near it, and true"):
        assert_law(FLOW, "U1_1_1^2 - U2_1_1^2")
    with pytest.raises(AssertionError, match="says nothing"):
        assert_law(FLOW, "1")
    with pytest.raises(AssertionError, match="has 3 independent laws, expected 4"):
        assert_count(FLOW, 4)
    with pytest.raises(AssertionError, match="has 2 to 3 independent laws, expected 3"):
        assert_count(gradient("nmf:1,2,1"), 3)
    with pytest.raises(AssertionError, match="has 3 laws of degree <= 2"):
        assert_no_law(FLOW, 2)
