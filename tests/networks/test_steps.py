"""Steps of torch.optim against the laws of modules, by their own names and layouts."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.errors import BlindError, InputError
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.pieces import Form
from polylaw.testing import Descent, HeavyBall, NesterovAhead
from polylaw.testing import assert_step_conserves as assert_arrays
from tests.helpers import gradient, mostly_slow

torch = pytest.importorskip("torch")
nn = torch.nn

from polylaw.torch import Monitor, assert_step_conserves, laws  # noqa: E402  (needs torch)

warnings.filterwarnings("ignore", category=FutureWarning, module="copyreg")  # of torch.export


def mlp(activation: Any = nn.ReLU, dtype: Any = torch.float64) -> Any:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(5, 7), activation(), nn.Linear(7, 4)).to(dtype)


@cache
def mlp_laws() -> NetworkLaws:
    return laws(mlp(), (torch.zeros(8, 5, dtype=torch.float64),))


def squared(module: Any, *inputs: Any) -> Any:
    out = module(*inputs)
    return (out[0] if isinstance(out, tuple) else out).square().mean()


def training(module: Any, optimizer: Any, after: Callable[[], None] = lambda: None) -> Callable[[], None]:
    """Steps on random data, each followed by something that nobody told the optimiser of."""
    draw = torch.Generator().manual_seed(1)
    dtype = next(module.parameters()).dtype

    def step() -> None:
        x = torch.randn(32, 5, generator=draw, dtype=torch.float64).to(dtype)
        optimizer.zero_grad()
        (module(x) - x[:, :4]).square().mean().backward()
        optimizer.step()
        after()

    return step


def sgd(module: Any, lr: float, **settings: Any) -> Any:
    return torch.optim.SGD(module.parameters(), lr=lr, **settings)


SETTINGS: dict[str, dict[str, Any]] = {
    "descent": {},
    "decay": {"weight_decay": 0.1},
    "ascent": {"maximize": True, "weight_decay": 0.1},
    "heavy ball": {"momentum": 0.9},
    "dampening and decay": {"momentum": 0.9, "dampening": 0.3, "weight_decay": 0.1},
    "Nesterov": {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    "one by one": {"momentum": 0.9, "foreach": False},
    "all at once": {"momentum": 0.9, "nesterov": True, "foreach": True},  # which changes gradients in place
}


# -- linear rules ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SETTINGS)
def test_the_drift_of_sgd_is_predicted(name: str) -> None:
    module = mlp()
    optimizer = sgd(module, 0.05, **SETTINGS[name])
    for _ in range(4):
        [report] = assert_step_conserves(module, optimizer, training(module, optimizer), mlp_laws())
        assert report.verdict == "drifts as predicted"
        assert report.sight < 1e-10
        assert abs(report.measured) > 1e4 * report.rounding


@pytest.mark.parametrize("lr", [1e-1, 1e-3, 1e-4, 1e-5])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
def test_faults_are_broken_or_undecided(dtype: Any, lr: float) -> None:
    """Broken in double precision; and a net without the laws in single precision too, at every rate: rounding
    of weights does not stand in the way."""

    def decays() -> None:
        for p in module.parameters():
            p.data.mul_(1 - lr * 0.01)

    def doubles() -> None:
        for p in (module[0].bias, module[2].bias):
            p.data.sub_(lr * p.grad)

    for after in (decays, doubles):
        module = mlp(dtype=dtype)
        optimizer = sgd(module, lr)
        with pytest.raises(AssertionError, match=r"by the rule of the optimiser|undecided") as caught:
            assert_step_conserves(module, optimizer, training(module, optimizer, after), mlp_laws())
        if dtype is torch.float64:
            assert not isinstance(caught.value, BlindError)
    module = mlp(nn.GELU, dtype)
    optimizer = sgd(module, lr, momentum=0.9)
    with pytest.raises(AssertionError, match="broken" if dtype is not torch.bfloat16 else "broken|undecided"):
        assert_step_conserves(module, optimizer, training(module, optimizer), mlp_laws())


@pytest.mark.parametrize(("lr", "seen"), [(1e-1, True), (1e-2, True), (1e-3, True), (1e-5, False)])
def test_single_precision_passes_where_it_can_see(lr: float, seen: bool) -> None:
    module = mlp(dtype=torch.float32)
    optimizer = sgd(module, lr, momentum=0.9, weight_decay=0.01)
    step = training(module, optimizer)
    if seen:
        [report] = assert_step_conserves(module, optimizer, step, mlp_laws())
        assert report.sight < 0.01
    else:
        with pytest.raises(BlindError, match="in float32 no fault of the update below"):
            assert_step_conserves(module, optimizer, step, mlp_laws())
        assert assert_step_conserves(module, optimizer, step, mlp_laws(), fault=100)


def test_bfloat16_is_read() -> None:
    module = mlp(dtype=torch.bfloat16)
    optimizer = sgd(module, 0.1, momentum=0.9)
    [report] = assert_step_conserves(module, optimizer, training(module, optimizer), mlp_laws(), fault=10)
    assert (report.format, report.sight > 0.01) == ("bfloat16", True)


def test_settings_that_differ_leave_nothing_to_test() -> None:
    module = mlp()
    optimizer = torch.optim.SGD(
        [{"params": module[0].parameters(), "lr": 0.1}, {"params": [*module[2].parameters()]}], lr=0.2
    )
    with pytest.raises(
        AssertionError, match="SGD with these settings is not known to keep any of 1 families"
    ):
        assert_step_conserves(module, optimizer, training(module, optimizer), mlp_laws())


@pytest.mark.parametrize("times", [0, 2])
def test_one_step_is_taken(times: int) -> None:
    module = mlp()
    optimizer = sgd(module, 0.1)
    step = training(module, optimizer)
    with pytest.raises(AssertionError, match=f"optimizer.step.. {times} times, expected once"):
        assert_step_conserves(module, optimizer, lambda: [step() for _ in range(times)], mlp_laws())


def test_nothing_passes_vacuously() -> None:
    module = mlp()
    optimizer = sgd(module, 0.1)
    with pytest.raises(AssertionError, match="nothing that the laws depend on moved"):
        assert_step_conserves(module, optimizer, optimizer.step, mlp_laws())


class Attention(nn.Module):
    """As GPT-2 has it: queries, keys and values in one matrix, stored (in, out)."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Parameter(0.5 * torch.randn(6, 18))
        self.bias = nn.Parameter(0.5 * torch.randn(18))
        self.out = nn.Parameter(0.5 * torch.randn(6, 6))

    def forward(self, x: Any) -> Any:
        q, k, v = ((x @ self.qkv + self.bias).view(2, 4, 3, 2, 3).permute(2, 0, 3, 1, 4)).unbind(0)
        mixed = nn.functional.scaled_dot_product_attention(q, k, v)
        return mixed.transpose(1, 2).reshape(2, 4, 6) @ self.out


@pytest.mark.parametrize("dtype", mostly_slow([torch.float64, torch.float32], torch.float64))
def test_a_fused_projection_with_frozen_biases(dtype: Any) -> None:
    """Matrices of laws, and key biases, whose gradients are 0 but for rounding."""
    torch.manual_seed(0)
    module = Attention().to(dtype)
    x = torch.randn(2, 4, 6, dtype=dtype)
    known = laws(module, (x,))
    assert any(law.form is Form.PRODUCTS for law in known.laws)
    assert any(law.is_frozen for law in known.laws)
    optimizer = sgd(module, 0.1, momentum=0.9, nesterov=True)

    def step() -> None:
        optimizer.zero_grad()
        (module(x) - x).square().mean().backward()
        optimizer.step()

    for _ in range(3):
        reports = assert_step_conserves(module, optimizer, step, known)
        assert len(reports) == len(known.laws)
        assert {report.verdict for report in reports} == {"kept", "drifts as predicted"}
    module.qkv.register_hook(lambda g: g * torch.tensor([1.01] + [1.0] * 17, dtype=dtype))
    with pytest.raises(AssertionError, match="broken"):
        assert_step_conserves(module, optimizer, step, known)


# -- entrywise rules -------------------------------------------------------------------------------
@cache
def lstm_laws() -> NetworkLaws:
    return laws(nn.LSTM(3, 4).double(), (torch.zeros(5, 2, 3, dtype=torch.float64),))


ADAPTIVE: dict[str, Callable[[Any], Any]] = {
    "Adam": lambda p: torch.optim.Adam(p, lr=1e-2),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=1e-2, weight_decay=0.1),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=1e-2, amsgrad=True),
    "RMSprop": lambda p: torch.optim.RMSprop(p, lr=1e-2, momentum=0.9, centered=True),
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=1e-2),
    "NAdam": lambda p: torch.optim.NAdam(p, lr=1e-2),
}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.parametrize("name", ADAPTIVE)
def test_adam_keeps_equalities_of_gradients(name: str, dtype: Any) -> None:
    """The two biases of each gate."""
    torch.manual_seed(0)
    module = nn.LSTM(3, 4).to(dtype)
    optimizer, x = ADAPTIVE[name](module.parameters()), torch.randn(5, 2, 3, dtype=dtype)

    def step() -> None:
        optimizer.zero_grad()
        squared(module, x).backward()
        optimizer.step()

    for _ in range(5):
        reports = assert_step_conserves(module, optimizer, step, lstm_laws())
        assert len(reports) == 4
        assert {report.verdict for report in reports} == {
            "drifts as predicted" if name == "AdamW" else "kept"
        }

    def spoilt() -> None:
        optimizer.zero_grad()
        squared(module, x).backward()
        module.bias_ih_l0.grad[3] *= 3
        optimizer.step()

    with pytest.raises(AssertionError, match=r"broken: bias_ih_l0\[i\] - bias_hh_l0\[i\]   \(i < 4\) at 3 "):
        assert_step_conserves(module, optimizer, spoilt, lstm_laws())


def test_what_adam_does_not_keep_is_not_tested() -> None:
    """Squares, and equalities whose entries have different settings or decay inside the gradient."""
    module = mlp()
    optimizer = torch.optim.Adam(module.parameters())
    with pytest.raises(
        AssertionError, match=r"Adam .* not known to keep any of 1 families .* assert_gradients"
    ):
        assert_step_conserves(module, optimizer, training(module, optimizer), mlp_laws())


@pytest.mark.parametrize("apart", [False, True])
def test_decay_inside_the_gradient_is_not_apart(apart: bool) -> None:
    torch.manual_seed(0)
    module, x = nn.LSTM(3, 4).double(), torch.randn(5, 2, 3, dtype=torch.float64)
    optimizer = torch.optim.Adam(module.parameters(), weight_decay=0.1, decoupled_weight_decay=apart)

    def step() -> None:
        optimizer.zero_grad()
        squared(module, x).backward()
        optimizer.step()

    if apart:
        assert assert_step_conserves(module, optimizer, step, lstm_laws())
    else:
        with pytest.raises(AssertionError, match="not known to keep any"):
            assert_step_conserves(module, optimizer, step, lstm_laws())


# -- along a run -----------------------------------------------------------------------------------
def test_a_monitor_says_what_each_step_did() -> None:
    module = mlp()
    optimizer = sgd(module, 0.05, momentum=0.9)
    step, [one] = training(module, optimizer), mlp_laws().laws
    with Monitor(module, optimizer, mlp_laws(), every=2) as monitor:
        assert monitor.latest == {}
        step()
        first = monitor.latest
        assert (first["step"], first[f"{one}/verdict"]) == (1, "drifts as predicted")
        assert np.isnan(first[f"{one}/drift"])
        assert first[f"{one}/measured"] == pytest.approx(first[f"{one}/predicted"], abs=1e-12)
        step()
        assert monitor.latest is first
        step()
        assert (monitor.latest["step"], monitor.latest[f"{one}/verdict"]) == (3, "drifts as predicted")
        assert monitor.latest[f"{one}/drift"] > 0
    step()
    step()
    assert monitor.latest["step"] == 3


def test_a_monitor_notices_what_breaks_laws() -> None:
    module, other = mlp(nn.GELU), nn.LSTM(3, 4).double()
    optimizer, [one] = sgd(module, 0.05), mlp_laws().laws
    monitor = Monitor(module, optimizer, mlp_laws())
    training(module, optimizer)()
    assert monitor.latest[f"{one}/verdict"] == "broken"
    module = mlp()
    optimizer = torch.optim.Adam([*module.parameters(), *other.parameters()])
    with Monitor(module, optimizer, mlp_laws()) as monitor, Monitor(other, optimizer, lstm_laws()) as second:
        squared(other, torch.randn(5, 2, 3, dtype=torch.float64)).backward()
        training(module, optimizer)()
    assert monitor.latest[f"{one}/verdict"] == "no rule"
    assert f"{one}/predicted" not in monitor.latest
    assert {second.latest[f"{law}/verdict"] for law in lstm_laws().laws} == {
        "still"
    }  # its gradients were zeroed
    with pytest.raises(InputError, match="every: found 0, expected an integer >= 1"):
        Monitor(module, optimizer, mlp_laws(), every=0)


def test_a_monitor_notices_an_optimiser_that_is_not_as_it_says() -> None:
    module = mlp(dtype=torch.float32)
    optimizer, [one] = sgd(module, 1e-3), mlp_laws().laws
    optimizer.register_step_post_hook(lambda *_: [p.data.mul_(0.9999) for p in module.parameters()])
    with Monitor(module, optimizer, mlp_laws()) as monitor:
        training(module, optimizer)()
    assert monitor.latest[f"{one}/verdict"] == "broken"


def test_optimisers_with_steps_of_their_own_have_no_rule() -> None:
    class Inherited(torch.optim.AdamW):
        pass

    class Own(torch.optim.SGD):
        def step(self, closure: Any = None) -> None:
            super().step(closure)

    module = nn.LSTM(3, 4).double()
    optimizer = Inherited(module.parameters())
    Inherited.step = wraps(torch.optim.Adam.step)(
        lambda *_: None
    )  # as torch does when it is the first one made
    Monitor(module, optimizer, lstm_laws()).close()
    for other in (Own(module.parameters(), lr=0.1), torch.optim.LBFGS(module.parameters())):
        with pytest.raises(
            InputError, match=r"optimizer: found '(Own|LBFGS)', expected torch\.optim\.SGD, or"
        ):
            Monitor(module, other, lstm_laws())
        with pytest.raises(InputError, match="optimizer: found"):
            assert_step_conserves(module, other, other.step, lstm_laws())


# -- arrays by name, in any format -----------------------------------------------------------------
FLOW = gradient("relu:3,4,2")
SPACE = pl.find_laws(FLOW)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_tensors_of_every_format_are_read(dtype: Any) -> None:
    torch.manual_seed(0)
    weights = {n: torch.randn(s, dtype=dtype, requires_grad=True) for n, s in FLOW.arrays.items()}
    x = torch.randn(9, 3, dtype=dtype)

    def step(p: Any, rate: float = 1.0) -> Any:
        loss = (torch.relu(x @ p["U1"]) @ p["U2"]).square().mean()
        g = dict(zip(p, torch.autograd.grad(loss, [*p.values()]), strict=True))
        return {n: p[n] - 0.1 * (rate if n == "U1" else 1) * g[n] for n in p}

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reports = assert_arrays(step, weights, SPACE, fault=10)
        assert {report.format for report in reports} == {str(dtype).removeprefix("torch.")}
        with pytest.raises(AssertionError, match="broken"):
            assert_arrays(lambda p: step(p, 9.0), weights, SPACE, fault=10)
    if dtype is torch.bfloat16:
        with pytest.raises(BlindError, match="in bfloat16 no fault"):
            assert_arrays(step, weights, SPACE)


@pytest.mark.parametrize("name", ["heavy ball", "Nesterov", "descent", "decay"])
def test_the_rules_for_arrays_are_those_of_torch(name: str) -> None:
    """Laws of squares of a ReLU net along real steps of torch.optim.SGD."""
    torch.manual_seed(0)
    settings, rate = SETTINGS[name], 0.05
    l2 = rate * settings.get("weight_decay", 0.0)
    mu = settings.get("momentum", 0.0)
    rule: Any = Descent(1 - l2)
    if mu:
        rule = (NesterovAhead if "nesterov" in settings else HeavyBall)(mu, scale=-rate, l2=l2)
    weights = {n: torch.randn(s, dtype=torch.float64, requires_grad=True) for n, s in FLOW.arrays.items()}
    optimizer = torch.optim.SGD([*weights.values()], lr=rate, **settings)
    x = torch.randn(9, 3, dtype=torch.float64)

    def state() -> dict[str, Any]:
        found = {n: w.detach().clone() for n, w in weights.items()}
        if not mu:
            return found
        kept = {f"d{n}": optimizer.state[w].get("momentum_buffer") for n, w in weights.items()}
        return found | {
            n: torch.zeros_like(found[n[1:]]) if b is None else b.clone() for n, b in kept.items()
        }

    def step(_: Any) -> dict[str, Any]:
        optimizer.zero_grad()
        (torch.relu(x @ weights["U1"]) @ weights["U2"] - x[:, :2]).square().mean().backward()
        optimizer.step()
        return state()

    for _ in range(5):
        reports = assert_arrays(step, state(), SPACE, rule=rule)
        assert {report.verdict for report in reports} <= {"drifts as predicted", "still"}
        assert np.isfinite(reports[0].sight)
