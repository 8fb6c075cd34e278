"""Pictures of growth as SVG text: the same numbers give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from benchmarks.cases import Case
from benchmarks.growth import Series, fit, points
from benchmarks.outcome import Outcome

_STYLE: Any = {"svg.hashsalt": "polylaw", "svg.fonttype": "path", "font.size": 10.0}
_SIZE = (10.0, 4.0)


def plot(axis: str, lines: Sequence[Series], outcomes: Mapping[Case, Outcome], start_up: float) -> str:
    """Seconds beyond start-up with fitted lines, and peak memory, against D (logarithmic) or the degree.

    Needs matplotlib, and a measurable point on every line.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_STYLE):
        figure = Figure(_SIZE, layout="constrained")
        seconds, memory = figure.subplots(1, 2)
        for colour, line in enumerate(lines):
            _seconds(seconds, line, outcomes, start_up, f"C{colour}")
            places = [line.place(case) for case in line.cases]
            megabytes = [outcomes[case].megabytes for case in line.cases]
            memory.plot(places, megabytes, "o-", color=f"C{colour}", linewidth=1, label=line.name)
        _dress(seconds, axis, "seconds beyond start-up")
        _dress(memory, axis, "peak resident memory, MB")
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()


def _seconds(axes: Any, line: Series, outcomes: Mapping[Case, Outcome], start_up: float, colour: str) -> None:
    measured = points(line, outcomes, start_up)
    axes.plot([x for x, _ in measured], [y for _, y in measured], "o", color=colour, label=line.name)
    if curve := fit(line, outcomes, start_up):
        ends = [measured[0][0], measured[-1][0]]
        axes.plot(ends, [curve(x) for x in ends], "--", color=colour, linewidth=1, label=str(curve))


def _dress(axes: Any, axis: str, quantity: str) -> None:
    from matplotlib.ticker import MaxNLocator, NullFormatter

    axes.set(yscale="log", xscale="log" if axis == "D" else "linear", xlabel=axis, ylabel=quantity)
    for one in (axes.yaxis, *([axes.xaxis] if axis == "D" else [])):
        one.set_major_formatter("{x:g}")
        one.set_minor_formatter(NullFormatter())
    if axis != "D":
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(True, which="both", linewidth=0.3)
    axes.legend(fontsize=8)
