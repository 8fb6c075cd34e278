"""What a monitor remembers and draws, and how little of a step it copies."""

from __future__ import annotations

import sys
import tracemalloc
import warnings
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from polylaw.errors import InputError
from polylaw.networks import moved

torch = pytest.importorskip("torch")
nn = torch.nn

from polylaw.torch import Monitor, laws  # noqa: E402  (needs torch)

warnings.filterwarnings("ignore", category=FutureWarning, module="copyreg")  # of torch.export


def trained(monitored: int = 6, depth: int = 3, activation: Any = nn.ReLU, **options: Any) -> Monitor:
    """A monitor after some steps of a network with a family of laws for each hidden layer."""
    torch.manual_seed(0)
    widths = [3 + k for k in range(depth + 2)]
    layers = [nn.Linear(n, m) for n, m in pairwise(widths)]
    x = torch.randn(16, 3, dtype=torch.float64)

    def net(kind: Any) -> Any:
        parts = [part for layer in layers for part in (layer, kind())]
        return nn.Sequential(*parts[:-1]).double()

    known, module = laws(net(nn.ReLU), (x,)), net(activation)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
    monitor = Monitor(module, optimizer, known, **options)
    for _ in range(monitored):
        optimizer.zero_grad()
        (module(x)[:, :3] - x).square().mean().backward()
        optimizer.step()
    return monitor


# -- memory ----------------------------------------------------------------------------------------
def test_every_look_is_remembered_or_the_last_ones() -> None:
    whole, last = trained(every=2), trained(every=2, remembered=2)
    assert [look["step"] for look in whole.history] == [1, 3, 5]
    assert [look["step"] for look in last.history] == [3, 5]
    assert whole.history[-1] is whole.latest
    assert len({*map(tuple, whole.history)}) == 1
    for wrong in (0, True, 2.0):
        with pytest.raises(InputError, match=r"remembered: found .*, expected an integer >= 1"):
            trained(0, remembered=wrong)


def test_a_look_copies_what_the_step_overwrites_and_little_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parameters, gradients and momenta; nothing of a whole parameter in double precision."""
    monkeypatch.setattr(moved, "_MOST", 1 << 12)
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(800, 600), nn.ReLU(), nn.Linear(600, 4))
    x = torch.randn(4, 800)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
    with Monitor(module, optimizer, (x,)) as monitor:
        peaks = []
        for _ in range(2):
            optimizer.zero_grad()
            module(x).square().mean().backward()
            tracemalloc.start()
            optimizer.step()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        [verdict] = {monitor.latest[key] for key in monitor.latest if key.endswith("verdict")}
    size = sum(4 * p.numel() for p in module.parameters())
    assert verdict == "drifts as predicted"
    assert 2.9 * size < peaks[-1] < 3.6 * size


def test_steps_that_are_not_looked_at_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polylaw.torch.monitor.copies_of", lambda *_: pytest.fail("a copy"))
    monitor = trained(0, every=3)
    monitor._steps = 1
    optimizer = monitor._optimizer
    for _ in range(2):
        optimizer.step()
    with pytest.raises(pytest.fail.Exception, match="a copy"):
        optimizer.step()


def test_blocks_are_all_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = trained(3).history
    monkeypatch.setattr(moved, "_MOST", 5)
    parts = trained(3).history
    for one, two in zip(whole, parts, strict=True):
        assert [*one] == [*two]
        for key, value in one.items():
            expected = value if isinstance(value, str) else pytest.approx(value, rel=1e-12, nan_ok=True)
            assert two[key] == expected, key


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")
def test_the_benchmark_measures_a_module_and_judges() -> None:
    from benchmarks import monitor as benchmark

    small = benchmark.Trained("small", lambda: nn.Linear(6, 5), lambda: torch.ones(4, 6), 5)
    cost = benchmark.measure(small, times=2)
    assert (cost.entries, cost.families, cost.verdicts) == (35, 0, {})
    assert cost.step > 0
    assert cost.look > 0
    assert benchmark.wrong(replace(cost, step=1.0, look=2.5)) == []
    [costly, broken] = benchmark.wrong(
        replace(cost, entries=benchmark.LARGE, step=1.0, look=2.5, verdicts={"broken": 2, "kept": 1})
    )
    assert costly == "looking at one step of 100 takes 2.5 % of the time of the steps"
    assert broken == "2 families are broken"
    assert benchmark.line("a", replace(cost, step=1.0, look=2.5))[5] == "2.50"


# -- pictures --------------------------------------------------------------------------------------
def drawn(axes: Any) -> list[tuple[list[float], list[float]]]:
    """The coordinates of all lines."""
    return [tuple([*map(float, data)] for data in line.get_data()) for line in axes.lines]


def numbers(monitor: Monitor, key: str) -> list[float]:
    return [float(look[key]) for look in monitor.history]


def test_what_is_drawn_is_the_history() -> None:
    pytest.importorskip("matplotlib")
    monitor = trained(every=2)
    axes = monitor.plot()
    families = sorted(
        map(str, monitor.laws.laws), key=lambda law: -max(map(abs, numbers(monitor, f"{law}/measured")))
    )
    expected = [
        ([1.0, 3.0, 5.0], numbers(monitor, f"{law}/{what}"))
        for law in families
        for what in ("predicted", "measured")
    ]
    assert drawn(axes) == expected
    assert axes.get_title() == "all 3 families of laws"
    assert [text.get_text()[:60] for text in axes.get_legend().get_texts()] == [law[:60] for law in families]


def test_the_largest_drifts_of_many_families_are_drawn(tmp_path: Path) -> None:
    """On given axes, too, and in a file."""
    figures = pytest.importorskip("matplotlib.figure")
    monitor, axes = trained(), figures.Figure().subplots()
    assert monitor.plot(axes, most=1) is axes
    assert axes.get_title() == "1 of 3 families of laws, of the largest drift"
    largest = max(np.abs(numbers(monitor, f"{law}/measured")).max() for law in monitor.laws.laws)
    assert max(map(abs, drawn(axes)[1][1])) == largest
    monitor.plot(tmp_path / "run.svg")
    assert (tmp_path / "run.svg").read_text("utf-8").startswith("<?xml")


def test_broken_laws_are_marked() -> None:
    pytest.importorskip("matplotlib")
    monitor = trained(2, depth=1, activation=nn.GELU)
    [law] = map(str, monitor.laws.laws)
    assert drawn(monitor.plot())[2] == ([1.0, 2.0], numbers(monitor, f"{law}/measured"))


def test_there_is_something_to_draw_with_and_of(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="history: found '0 looks', expected one with a prediction"):
        trained(0).plot()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"matplotlib: found .*; pip install matplotlib$"):
        trained(1).plot()
