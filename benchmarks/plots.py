"""Pictures of growth as SVG text: the same numbers give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from benchmarks.cases import Case
from benchmarks.growth import Series, fit, points
from benchmarks.outcome import Outcome

__all__ = ["plot"]

_STYLE: Any = {"svg.hashsalt": "polylaw", "svg.fonttype": "path", "font.size": 10.0}
_SIZE = (6.4, 4.0)


def plot(axis: str, lines: Sequence[Series], outcomes: Mapping[Case, Outcome], start_up: float) -> str:
    """Seconds beyond start-up against D (both axes logarithmic) or the degree, with fitted lines.

    Needs matplotlib, and a measurable point on every line.
    """
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, NullFormatter

    with matplotlib.rc_context(_STYLE):
        figure = Figure(_SIZE, layout="constrained")
        axes = figure.subplots()
        for colour, line in enumerate(lines):
            measured = points(line, outcomes, start_up)
            axes.plot([x for x, _ in measured], [y for _, y in measured], "o", color=f"C{colour}", label=line.name)
            if curve := fit(line, outcomes, start_up):
                ends = [measured[0][0], measured[-1][0]]
                axes.plot(ends, [curve(x) for x in ends], "--", color=f"C{colour}", linewidth=1, label=str(curve))
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
        if axis == "D":
            axes.set_xscale("log")
        else:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(axis)
        axes.set_ylabel("seconds beyond start-up")
        axes.grid(True, which="both", linewidth=0.3)
        axes.legend(fontsize=8)
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()
