"""Training steps: what a rule does to a law is known exactly, and ways of breaking it are caught."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.errors import InputError
from polylaw.models.model import entry_name, indices
from polylaw.testing import (
    Descent,
    HeavyBall,
    Nesterov,
    NesterovAhead,
    assert_count,
    assert_law,
    assert_no_law,
    assert_step_conserves,
    step_report,
)
from polylaw.testing.rules import DESCENT, Rule
from tests.helpers import ROTATION, gradient, momentum

Arrays = Mapping[str, Any]
Step = Callable[[Arrays], Arrays]

FLOW = gradient("linear:3,2,2")
SPACE = pl.find_laws(FLOW)
LAWS = SPACE.generators
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 2))
START = {"U1": RNG.normal(size=(3, 2)), "U2": RNG.normal(size=(2, 2))}
LAYERS = tuple(START)
RATE, MU = 0.05, 0.9


def gradients(p: Arrays) -> dict[str, np.ndarray]:
    """Of the mean squared error of x -> x U1 U2."""
    error = (X @ p["U1"] @ p["U2"] - Y) / len(X)
    return {"U1": X.T @ error @ p["U2"].T, "U2": p["U1"].T @ X.T @ error}


# -- gradient descent, and ways of breaking it -----------------------------------------------------
def descent(change: Callable[[Arrays, dict[str, np.ndarray]], Arrays] | None = None) -> Step:
    """A step of gradient descent, broken by `change` of parameters and gradients if given."""

    def step(p: Arrays) -> Arrays:
        g = gradients(p)
        return {k: p[k] - RATE * g[k] for k in p} if change is None else change(p, g)

    return step


def scaled(**factors: float) -> Step:
    return descent(lambda p, g: {k: p[k] - RATE * factors.get(k, 1.0) * g[k] for k in p})


def clipped(value: float) -> Step:
    return descent(lambda p, g: {k: p[k] - RATE * np.clip(g[k], -value, value) for k in p})


def decayed(factor: float) -> Step:
    return descent(lambda p, g: {k: factor * p[k] - RATE * g[k] for k in p})


def noise(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    draw = np.random.default_rng(1)
    return {k: p[k] - RATE * (g[k] + draw.normal(size=g[k].shape)) for k in p}


def normalised(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    size = np.sqrt(sum((v**2).sum() for v in g.values()))
    return {k: p[k] - RATE * g[k] / size for k in p}


def minibatch(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    error = X[:2] @ p["U1"] @ p["U2"] - Y[:2]
    return {
        "U1": p["U1"] - RATE * X[:2].T @ error @ p["U2"].T,
        "U2": p["U2"] - RATE * p["U1"].T @ X[:2].T @ error,
    }


def another_loss(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    error = np.tanh(X @ p["U1"] @ p["U2"] - Y)
    return {"U1": p["U1"] - RATE * X.T @ error @ p["U2"].T, "U2": p["U2"] - RATE * p["U1"].T @ X.T @ error}


def late(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    """The second layer sees the first one already updated."""
    first = {**p, "U1": p["U1"] - RATE * g["U1"]}
    return {**first, "U2": p["U2"] - RATE * gradients(first)["U2"]}


def adam(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
    return {k: p[k] - RATE * g[k] / (np.abs(g[k]) + 1e-8) for k in p}


def first_row(k: str) -> Callable[[Arrays, dict[str, np.ndarray]], Arrays]:
    """Only the first row of one gradient."""

    def change(p: Arrays, g: dict[str, np.ndarray]) -> Arrays:
        mask = np.zeros_like(g[k])
        mask[0] = 1
        return {j: p[j] - RATE * (g[j] * mask if j == k else g[j]) for j in p}

    return change


def single(p: Arrays) -> Arrays:
    """All in single precision."""
    small = {k: np.asarray(v, dtype=np.float32) for k, v in p.items()}
    return {
        k: small[k] - np.float32(RATE) * np.asarray(v, dtype=np.float32) for k, v in gradients(small).items()
    }


# -- momentum, and ways of breaking it -------------------------------------------------------------
MOMENTUM = momentum("linear:3,2,2", 0)
BILINEAR = pl.find_laws(MOMENTUM)
MOVING = START | {f"d{k}": RNG.normal(size=v.shape) for k, v in START.items()}


def velocities(p: Arrays) -> dict[str, np.ndarray]:
    return {k: p[f"d{k}"] for k in LAYERS}


def moved(theta: Arrays, v: Arrays) -> Arrays:
    return {k: theta[k] for k in LAYERS} | {f"d{k}": v[k] for k in LAYERS}


def heavy_ball(
    mu: float = MU,
    l2: float = 0.0,
    ahead: float = 0.0,
    mus: Arrays | None = None,
    rates: Arrays | None = None,
) -> Step:
    """v' = mu v - rate (g(theta + ahead v) + l2 theta), theta' = theta + v', with factors and rates of layers
    if given."""

    def step(p: Arrays) -> Arrays:
        v = velocities(p)
        g = gradients({k: p[k] + ahead * v[k] for k in LAYERS})
        kicked = {
            k: (mus or {}).get(k, mu) * v[k] - (rates or {}).get(k, RATE) * (g[k] + l2 * p[k]) for k in LAYERS
        }
        return moved({k: p[k] + kicked[k] for k in LAYERS}, kicked)

    return step


def by_old_velocities(p: Arrays) -> Arrays:
    after = heavy_ball()(p)
    return {**after, **{k: p[k] + p[f"d{k}"] for k in LAYERS}}


def adam_with_momentum(p: Arrays) -> Arrays:
    v, g = velocities(p), gradients(p)
    kicked = {k: MU * v[k] - RATE * np.sign(g[k]) for k in LAYERS}
    return moved({k: p[k] + kicked[k] for k in LAYERS}, kicked)


def torch_sgd(nesterov: bool, mu: float = MU, again: float = MU) -> Step:
    """torch.optim.SGD: b' = mu b + g, then theta' = theta - rate b', or theta - rate (g + mu b') with
    nesterov."""

    def step(p: Arrays) -> Arrays:
        g = gradients(p)
        b = {k: mu * p[f"d{k}"] + g[k] for k in LAYERS}
        return moved({k: p[k] - RATE * (g[k] + again * b[k] if nesterov else b[k]) for k in LAYERS}, b)

    return step


@dataclass(frozen=True)
class Way:
    """A step, and whether it moves every law as it must by the rule."""

    step: Step
    keeps: bool
    rule: Rule = DESCENT

    def check(self) -> list[Any]:
        if isinstance(self.rule, Descent):
            return assert_step_conserves(self.step, START, SPACE, rule=self.rule)
        return assert_step_conserves(self.step, MOVING, BILINEAR, rule=self.rule)

    @property
    def outcome(self) -> str:
        try:
            return " / ".join(sorted({report.verdict for report in self.check()}))
        except AssertionError as error:
            return "caught: " + ("did not move" if "did not move" in str(error) else "broken")


BALL, AHEAD, TORCH = HeavyBall(MU), Nesterov(MU), NesterovAhead(MU, scale=-RATE)
WAYS: dict[str, Way] = {
    "gradient descent": Way(descent(), True),
    "another sign of the rate": Way(descent(lambda p, g: {k: p[k] + RATE * g[k] for k in p}), True),
    "a large rate": Way(descent(lambda p, g: {k: p[k] - 10 * g[k] for k in p}), True),
    "a small rate": Way(descent(lambda p, g: {k: p[k] - 1e-3 * g[k] for k in p}), True),
    "a mini-batch": Way(descent(minibatch), True),
    "another loss": Way(descent(another_loss), True),
    "single precision": Way(single, True),
    "the gradient normalised as a whole": Way(descent(normalised), True),
    "a detached first layer": Way(scaled(U1=0.0), False),
    "a detached second layer": Way(scaled(U2=0.0), False),
    "a wrong sign in one layer": Way(scaled(U1=-1.0), False),
    "rates that differ": Way(scaled(U1=2.0), False),
    "rates that differ by a percent": Way(scaled(U2=1.01), False),
    "gradients clipped by entry": Way(clipped(0.05), False),
    "gradients clipped where nothing is large": Way(clipped(1e6), True),
    "noise in the gradients": Way(descent(noise), False),
    "layers updated one after another": Way(descent(late), False),
    "Adam": Way(descent(adam), False),
    "signs of gradients": Way(descent(lambda p, g: {k: p[k] - RATE * np.sign(g[k]) for k in p}), False),
    "one row frozen": Way(descent(first_row("U1")), False),
    "weight decay": Way(decayed(0.99), True, Descent(decay=0.99)),
    "weight decay, told another factor": Way(decayed(0.99), False, Descent(decay=0.98)),
    "weight decay that nobody told of": Way(decayed(0.999), False),
    "weight decay in one layer": Way(
        descent(lambda p, g: {k: (0.99 if k == "U1" else 1) * p[k] - RATE * g[k] for k in p}), False
    ),
    "gradients of each layer normalised": Way(
        descent(lambda p, g: {k: p[k] - RATE * g[k] / np.abs(g[k]).max() for k in p}), False
    ),
    "a transposed gradient": Way(
        descent(lambda p, g: {"U1": p["U1"] - RATE * g["U1"], "U2": p["U2"] - RATE * g["U2"].T}), False
    ),
    "weights rounded": Way(descent(lambda p, g: {k: np.round(p[k] - RATE * g[k], 3) for k in p}), False),
    "heavy ball": Way(heavy_ball(), True, BALL),
    "heavy ball, an L2 term in the loss": Way(heavy_ball(l2=0.1), True, BALL),
    "heavy ball as torch has it": Way(torch_sgd(nesterov=False), True, HeavyBall(MU, scale=-RATE)),
    "heavy ball, missing momentum factor": Way(heavy_ball(1.0), False, BALL),
    "heavy ball, missing momentum factor in one layer": Way(heavy_ball(mus={"U1": 1.0}), False, BALL),
    "heavy ball, another momentum factor": Way(heavy_ball(0.89), False, BALL),
    "heavy ball, rates that differ": Way(heavy_ball(rates={"U1": 2 * RATE}), False, BALL),
    "heavy ball, a wrong sign in one layer": Way(heavy_ball(rates={"U2": -RATE}), False, BALL),
    "heavy ball, a detached layer": Way(heavy_ball(rates={"U2": 0.0}), False, BALL),
    "heavy ball, weights moved by old velocities": Way(by_old_velocities, False, BALL),
    "heavy ball, gradient taken ahead": Way(heavy_ball(ahead=MU), False, BALL),
    "Nesterov": Way(heavy_ball(ahead=MU), True, AHEAD),
    "Nesterov, gradient not taken ahead": Way(heavy_ball(), False, AHEAD),
    "Nesterov, gradient taken too far ahead": Way(heavy_ball(ahead=1.0), False, AHEAD),
    "Nesterov, missing momentum factor": Way(heavy_ball(1.0, ahead=MU), False, AHEAD),
    "Nesterov, rates that differ": Way(heavy_ball(ahead=MU, rates={"U1": 2 * RATE}), False, AHEAD),
    "Nesterov as torch has it": Way(torch_sgd(nesterov=True), True, TORCH),
    "Nesterov as torch has it, missing momentum factor": Way(torch_sgd(nesterov=True, mu=1.0), False, TORCH),
    "Nesterov as torch has it, too far along v'": Way(
        torch_sgd(nesterov=True, again=1.0), True, TORCH
    ),  # <v', A v'> = 0
    "Adam with momentum": Way(adam_with_momentum, False, BALL),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_breaks_a_law_is_caught_and_nothing_else(name: str) -> None:
    way = WAYS[name]
    if way.keeps:
        assert {report.verdict for report in way.check()} <= {"kept", "drifts as predicted"}
    else:
        with pytest.raises(AssertionError, match=r"broken: |did not move"):
            way.check()


def test_the_table_of_ways() -> None:
    """What the assertions say of every way, as a table."""
    lines = [f"{'step':50} {'keeps laws':12} verdict"]
    lines += [f"{name:50} {'yes' if way.keeps else 'no':12} {way.outcome}" for name, way in WAYS.items()]
    table = "\n".join(lines) + "\n"
    print(table)
    assert table == Path(__file__).with_name("steps.txt").read_text("utf-8")


def test_there_are_more_than_twenty_ways() -> None:
    assert sum(not way.keeps for way in WAYS.values()) >= 20
    assert sum(way.keeps for way in WAYS.values()) >= 10


# -- what is predicted -----------------------------------------------------------------------------
def test_the_drift_is_the_quadratic_form_of_the_gradient() -> None:
    law = FLOW.parse("U1_1_1^2 + U1_2_1^2 + U1_3_1^2 - U2_1_1^2 - U2_1_2^2")
    g = gradients(START)
    report = step_report(FLOW, law, START, descent()(START))
    expected = RATE**2 * ((g["U1"][:, 0] ** 2).sum() - (g["U2"][0] ** 2).sum())
    assert report.measured == pytest.approx(expected, abs=1e-14)
    assert report.predicted == pytest.approx(expected, abs=1e-14)
    assert report.verdict == "drifts as predicted"
    assert str(report).startswith("drifts as predicted: U1_1_1^2")


def value(flow: pl.Flow, law: Any, arrays: Arrays) -> float:
    """A law at weights, exactly, rounded once."""
    entries = {
        entry_name(k, i): v[tuple(j - 1 for j in i)] for k, v in arrays.items() for i in indices(v.shape)
    }
    return float(law({flow.ring.index(name): Fraction(entry) for name, entry in entries.items()}))


def test_weight_decay_scales_the_law_as_well() -> None:
    a, step = 0.9, {k: -RATE * g for k, g in gradients(START).items()}
    for law in LAWS:
        report = step_report(FLOW, law, START, decayed(a)(START), Descent(decay=a))
        assert report.predicted == pytest.approx(
            (a**2 - 1) * value(FLOW, law, START) + value(FLOW, law, step), abs=1e-13
        )


def test_laws_of_the_flow_with_weight_decay() -> None:
    """exp(2 lambda t) h drifts by h(eta g)/a^2 alone: the factor exp(lambda t) = a^-k takes care of the
    decay."""
    laws = pl.find_laws(gradient("linear:3,2,2", weight_decay="lam"))
    a = 0.9
    reports = assert_step_conserves(decayed(a), START, laws, rule=Descent(decay=a))
    plain = [
        step_report(FLOW, law, START, {k: START[k] - RATE * g / a for k, g in gradients(START).items()})
        for law in LAWS
    ]
    assert sorted(r.measured for r in reports) == pytest.approx(sorted(r.measured for r in plain), abs=1e-13)
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(decayed(a), START, laws, rule=Descent(decay=0.95))


def test_laws_of_any_degree_have_a_prediction() -> None:
    quartic = LAWS[0] * LAWS[1]
    [report] = assert_step_conserves(descent(), START, quartic, flow=FLOW)
    assert report.verdict == "drifts as predicted"
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(scaled(U1=1.01), START, quartic, flow=FLOW)


def test_a_law_with_terms_of_two_degrees() -> None:
    """ICNN: a mirror flow in U, so that laws are linear in U and quadratic in V and b; only the latter terms
    drift."""
    flow = gradient("icnn:1,2,1")
    start = {name: RNG.uniform(1, 2, size=shape) for name, shape in flow.arrays.items()}
    by_product, by_bias = (
        np.array([[0.3, -0.7]]),
        np.array([0.2, 0.5]),
    )  # of the loss, by u_k v_k and by u_k b_k

    def step(p: Arrays, mirror: bool = True) -> Arrays:
        u, v, b = p["U"], p["V"], p["b"]
        slope = by_product * v + by_bias * b
        return {
            "U": u - RATE * (u * slope if mirror else slope),
            "V": v - RATE * by_product * u,
            "b": b - RATE * by_bias * u[0],
        }

    reports = assert_step_conserves(step, start, pl.find_laws(flow))
    after = step(start)
    for k, report in enumerate(reports):
        assert report.predicted == pytest.approx(
            (after["V"] - start["V"])[0, k] ** 2 + (after["b"] - start["b"])[k] ** 2, abs=1e-13
        )
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(lambda p: step(p, mirror=False), start, pl.find_laws(flow))


def softmax_gradient(theta: np.ndarray) -> np.ndarray:
    """Of the cross-entropy whose label is always the first class; its columns sum to 0."""
    shares = np.exp(X[:, :2] @ theta.T)
    shares /= shares.sum(axis=1, keepdims=True)
    shares[:, 0] -= 1
    return shares.T @ X[:, :2]


THETA = RNG.normal(size=(3, 2))


def test_a_linear_law_is_kept_exactly() -> None:
    laws = pl.find_laws(gradient("softmax:3,2"), 1)
    step = lambda p: {"theta": p["theta"] - RATE * softmax_gradient(p["theta"])}  # noqa: E731
    reports = assert_step_conserves(step, {"theta": THETA}, laws)
    assert {report.verdict for report in reports} == {"kept"}
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(lambda p: {"theta": step(p)["theta"] * 1.001}, {"theta": THETA}, laws)


def test_an_euler_step_of_an_ode() -> None:
    flow = ROTATION
    step = lambda p: {"x": p["x"] - 0.1 * p["y"], "y": p["y"] + 0.1 * p["x"]}  # noqa: E731
    [report] = assert_step_conserves(step, {"x": 3.0, "y": 4.0}, pl.find_laws(flow))
    assert report.predicted == pytest.approx(0.1**2 * 25)


def test_the_first_step_of_adam_in_the_positive_orthant() -> None:
    """Of u v: the signs of both gradients are the sign of the loss's slope, so that u - v is kept; nothing
    else of Adam is."""
    flow = pl.PolynomialODE({"u": "1", "v": "1"})

    def step(p: Arrays, rate: float = RATE) -> Arrays:
        g = {"u": -3 * p["v"], "v": -3 * p["u"]}
        return {"u": p["u"] - rate * np.sign(g["u"]), "v": p["v"] - RATE * np.sign(g["v"])}

    [report] = assert_step_conserves(step, {"u": 2.0, "v": 0.5}, "u - v", flow=flow)
    assert report.verdict == "kept"
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(lambda p: step(p, rate=2 * RATE), {"u": 2.0, "v": 0.5}, "u - v", flow=flow)


# -- momentum --------------------------------------------------------------------------------------
def test_heavy_ball_multiplies_the_bilinear_law_by_mu() -> None:
    [report] = assert_step_conserves(heavy_ball(), MOVING, BILINEAR, rule=BALL)
    [law] = BILINEAR.generators
    assert report.verdict == "drifts as predicted"
    assert report.predicted == pytest.approx((MU - 1) * value(MOMENTUM, law, MOVING), abs=1e-13)


def test_laws_that_depend_on_time_are_kept_by_heavy_ball() -> None:
    """With exp(tau t) = mu^-k and tau = 1/mu - 1."""
    [report] = assert_step_conserves(
        heavy_ball(), MOVING, pl.find_laws(momentum("linear:3,2,2", "tau")), rule=BALL
    )
    assert report.verdict == "kept"


@pytest.mark.parametrize("scale", [1.0, -RATE])
def test_both_laws_of_a_translation_are_kept_by_heavy_ball(scale: float) -> None:
    laws = pl.find_laws(momentum("softmax:3,2", "tau"), 1)
    assert len(laws) == 4

    def step(p: Arrays, mu: float = MU) -> Arrays:
        v = mu * scale * p["dtheta"] - RATE * softmax_gradient(p["theta"])
        return {"theta": p["theta"] + v, "dtheta": v / scale}

    start = {"theta": THETA, "dtheta": RNG.normal(size=THETA.shape)}
    reports = assert_step_conserves(step, start, laws, rule=HeavyBall(MU, scale=scale))
    assert {report.verdict for report in reports} == {"kept"}
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(lambda p: step(p, mu=1.0), start, laws, rule=HeavyBall(MU, scale=scale))


def test_the_identities_hold_in_rational_arithmetic() -> None:
    """<v', A theta'> is mu <v, A theta> for heavy ball, and mu (<v, A theta> + <v, A v'>) for Nesterov: with
    no error at all."""
    draw = np.random.default_rng(3)

    def numbers(*shape: int) -> Arrays:
        return np.vectorize(Fraction)(draw.integers(-9, 9, size=shape), draw.integers(1, 5, size=shape))

    theta, v = {"U1": numbers(3, 2), "U2": numbers(2, 2)}, {"U1": numbers(3, 2), "U2": numbers(2, 2)}
    slope, mu = numbers(3, 2), Fraction(9, 10)  # of some loss, by U1 U2

    def law(v: Arrays, theta: Arrays) -> Fraction:
        """<v, A theta> of U1' P1 - P1' U1 + U2 P2' - P2 U2', entry (1, 2), P the velocities."""
        skew = v["U1"].T @ theta["U1"] + v["U2"] @ theta["U2"].T
        return (skew - skew.T)[0, 1]

    for ahead in (Fraction(0), mu):
        at = {k: theta[k] + ahead * v[k] for k in LAYERS}
        g = {"U1": slope @ at["U2"].T, "U2": at["U1"].T @ slope}
        kicked = {k: mu * v[k] - Fraction(1, 20) * g[k] for k in LAYERS}
        after = law(kicked, {k: theta[k] + kicked[k] for k in LAYERS})
        assert after == mu * law(v, theta) + (mu * law(v, kicked) if ahead else 0)
        assert law(v, theta) != 0 != law(v, kicked)


@pytest.mark.parametrize(
    "name", [name for name, way in WAYS.items() if way.keeps and not isinstance(way.rule, Descent)]
)
def test_momentum_from_rest(name: str) -> None:
    """The first step of training, before which nothing moves."""
    resting = START | {f"d{k}": np.zeros_like(v) for k, v in START.items()}
    assert_step_conserves(WAYS[name].step, resting, BILINEAR, rule=WAYS[name].rule)


def test_rules_and_laws_must_fit() -> None:
    with pytest.raises(
        InputError, match="rule: found 'Descent', expected HeavyBall, Nesterov or NesterovAhead"
    ):
        assert_step_conserves(heavy_ball(), MOVING, BILINEAR)
    with pytest.raises(InputError, match=r"params: found 'nothing for dU1_1_1'.*takes velocities"):
        assert_step_conserves(descent(), START, SPACE, rule=AHEAD)
    with pytest.raises(InputError, match="expected a law without t"):
        assert_step_conserves(heavy_ball(), MOVING, pl.find_laws(momentum("linear:3,2,2", "3/t")), rule=BALL)
    with pytest.raises(InputError, match="mu: found 0, expected a number > 0 and at most 1"):
        HeavyBall(0)
    with pytest.raises(InputError, match="decay: found 2, expected"):
        Descent(decay=2)


# -- arguments -------------------------------------------------------------------------------------
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
    assert_step_conserves(step, {k: Tensor(v) for k, v in START.items()}, SPACE)


@pytest.mark.parametrize("seed", range(20))
def test_single_precision_is_no_wrong_reason(seed: int) -> None:
    draw = np.random.default_rng(seed)
    start = {k: draw.normal(size=v.shape).astype(np.float32) for k, v in START.items()}
    assert_step_conserves(single, start, SPACE)
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(
            lambda p: {**single(p), "U1": start["U1"] + np.float32(1.01) * (single(p)["U1"] - start["U1"])},
            start,
            SPACE,
        )


@pytest.mark.parametrize(
    "name", [name for name, way in WAYS.items() if way.keeps and not isinstance(way.rule, Descent)]
)
def test_converged_training_is_no_wrong_reason(name: str) -> None:
    """Velocities shrink to nothing while rounding errors of the gradient stay: no step may then count as
    broken."""
    state = START | {f"d{k}": np.zeros_like(v) for k, v in START.items()}
    for k in range(600):
        state = WAYS[name].step(state)
        if k % 50 == 0:
            assert_step_conserves(WAYS[name].step, state, BILINEAR, rule=WAYS[name].rule)


def test_laws_as_text_or_one_by_one() -> None:
    text = "U1_1_1^2 + U1_2_1^2 + U1_3_1^2 - U2_1_1^2 - U2_1_2^2"
    for laws in (text, [text], FLOW.parse(text), LAWS, list(LAWS)):
        assert assert_step_conserves(descent(), START, laws, flow=FLOW)
    with pytest.raises(InputError, match="flow: found None, expected the flow that the laws are of"):
        assert_step_conserves(descent(), START, LAWS)
    with pytest.raises(InputError, match="expected no flow, because the laws know theirs"):
        assert_step_conserves(descent(), START, SPACE, flow=MOMENTUM)


def test_a_step_that_changes_its_argument_is_still_measured() -> None:
    def step(p: Any) -> Arrays:
        g = gradients(p)
        for k in p:
            p[k] -= RATE * g[k]
        return p

    assert_step_conserves(step, {k: v.copy() for k, v in START.items()}, SPACE)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda p: p, "U1, U2 did not move"),
        (lambda p: None, "returned nothing"),
        (lambda p: {k: v * np.nan for k, v in p.items()}, "not finite"),
    ],
)
def test_nothing_passes_vacuously(step: Any, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        assert_step_conserves(step, START, SPACE)


@pytest.mark.parametrize("law", ["0", "7"])
def test_no_law_and_constant_laws_do_not_pass(law: str) -> None:
    with pytest.raises(AssertionError, match="says nothing"):
        assert_step_conserves(descent(), START, [law], flow=FLOW)
    with pytest.raises(AssertionError, match="no law was given"):
        assert_step_conserves(descent(), START, [], flow=FLOW)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_decay_or_momentum_alone_is_no_movement(dtype: Any) -> None:
    """A gradient that is missing is seen, though weights shrink and velocities go on."""
    shrink = lambda p: {k: (dtype(0.99) * v.astype(dtype)) for k, v in p.items()}  # noqa: E731
    with pytest.raises(AssertionError, match="U1, U2 did not move"):
        assert_step_conserves(shrink, START, SPACE, rule=Descent(decay=0.99))

    def coast(p: Arrays) -> Arrays:
        v = {k: dtype(MU) * p[f"d{k}"].astype(dtype) for k in LAYERS}
        return moved({k: p[k].astype(dtype) + v[k] for k in LAYERS}, v)

    with pytest.raises(AssertionError, match="dU1, dU2 did not move"):
        assert_step_conserves(coast, MOVING, BILINEAR, rule=BALL)


def test_arguments_are_checked() -> None:
    with pytest.raises(InputError, match=r"params\['U1'\]: found 'shape \(2, 3\)', expected shape \(3, 2\)"):
        step_report(FLOW, LAWS[0], {"U1": START["U1"].T, "U2": START["U2"]}, START)
    with pytest.raises(InputError, match="params: found 'nothing for U2_1_1'"):
        step_report(FLOW, LAWS[0], {"U1": START["U1"]}, START)
    with pytest.raises(InputError, match="params: found 'W', expected one of U1, U2"):
        step_report(FLOW, LAWS[0], {**START, "W": 1}, START)


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
    with pytest.raises(AssertionError, match="has 6 to 7 independent laws, expected 7"):
        assert_count(gradient("linear:1,2,2,1"), 7)
    with pytest.raises(AssertionError, match="has 3 laws of degree <= 2"):
        assert_no_law(FLOW, 2)
