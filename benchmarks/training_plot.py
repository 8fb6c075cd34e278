"""What `python -m benchmarks.training` measured, as a table and as a picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any

import numpy as np

from benchmarks.grid import Grid
from benchmarks.training import CHANNELS, CONV1, CONV2, HEAD, NEURONS, PUBLISHED, QUERIES, VALUES, Run
from polylaw.networks.values import Array

_STYLE: Any = {"svg.hashsalt": "polylaw", "svg.fonttype": "none", "font.size": 9.0}
_SIZE = (10.0, 7.5)
_MARKERS = "o^sv"
#: Of coordinates in points two decimal places are enough.
_PLACES = r"(\.\d\d)\d{3,}"
#: Steps between two marks.
_APART = 5


def rms(values: Array) -> float:
    """The root mean square over all indices."""
    return float(np.sqrt(np.mean(np.square(values))))


def norm(values: Array) -> float:
    """The root of the sum of squares; the size of a number."""
    return float(np.sqrt(np.sum(np.square(values))))


def summary(runs: Sequence[Run]) -> Grid:
    """The change over the whole run, root mean squares over indices, and how well it was predicted."""
    lines = [
        (
            name,
            f"{run.rate:g}",
            f"{rms(curve.measured[-1]):.3e}",
            f"{rms(curve.predicted[-1]):.3e}",
            f"{curve.error:.0e}",
        )
        for name in runs[0].curves
        for run in runs
        for curve in [run.curves[name]]
    ]
    return Grid(("quantity", "rate", "change", "predicted", "error"), (0,), tuple(lines))


def picture(resnet: Sequence[Run], transformer: Sequence[Run]) -> str:
    """Of each experiment what is published, and the laws; measured (marks) and predicted (lines)."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        figure = Figure(_SIZE, layout="constrained")
        axes = figure.subplots(2, 2).flat
        _panel(next(axes), resnet, [PUBLISHED, CONV1, CONV2], _total, "ResNet-18: total of the first block")
        _panel(next(axes), resnet, [CHANNELS, CONV1], rms, "ResNet-18: laws, root mean square")
        _panel(next(axes), transformer, [HEAD], norm, "transformer: norm of the change")
        names = [QUERIES, VALUES, NEURONS]
        _panel(next(axes), transformer, names, rms, "transformer: laws, root mean square")
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return re.sub(_PLACES, r"\1", text.getvalue())


def _total(values: Array) -> float:
    return abs(float(np.sum(values)))


def _panel(
    axes: Any, runs: Sequence[Run], names: Sequence[str], size: Callable[[Array], float], title: str
) -> None:
    """A colour for each rate, a mark for each quantity."""
    for k, run in enumerate(runs):
        for mark, name in zip(_MARKERS, names, strict=False):
            curve = run.curves[name]
            steps = range(1, len(curve.measured) + 1)
            axes.plot(steps, [size(x) for x in curve.predicted], "-", color=f"C{k}", linewidth=1)
            axes.plot(
                steps,
                [size(x) for x in curve.measured],
                mark,
                color=f"C{k}",
                markersize=4,
                markevery=_APART,
                label=name if k == 0 else None,
            )
        axes.plot([], [], "-", color=f"C{k}", label=f"rate {run.rate:g}")
    axes.set(yscale="log", xlabel="step", ylabel="change since the start", title=title)
    axes.grid(linewidth=0.3)
    axes.legend(fontsize=7)
