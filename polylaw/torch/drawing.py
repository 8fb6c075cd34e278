"""A picture of what a monitor has seen: the drift of laws that was measured, and what was predicted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike, fspath
from typing import Any

import numpy as np

from polylaw.errors import InputError

Look = Mapping[str, float | str]
_STYLE: Any = {"svg.hashsalt": "polylaw"}
_SIZE = (9.0, 5.0)
#: Characters of a law in a legend.
_LONGEST = 60


def draw(history: Sequence[Look], target: Any, most: int) -> Any:
    """Families of the largest drift along a run, at most so many, on `target`: axes, a path of a picture, or
    None for new axes, which are returned."""
    families = _families(history)
    if not families:
        raise InputError("history", f"{len(history)} looks", "one with a prediction", "train, then plot")
    shown = sorted(families, key=lambda law: -_largest(history, law))[:most]
    if target is not None and not isinstance(target, (str, PathLike)):
        return _fill(target, history, shown, len(families))
    matplotlib, figure = _figure()
    axes = _fill(figure.subplots(), history, shown, len(families))
    if target is not None:
        with matplotlib.rc_context(_STYLE):
            figure.savefig(fspath(target))
    return axes


def _figure() -> tuple[Any, Any]:
    """Matplotlib and a figure of it that no window belongs to."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError("matplotlib", str(error), "matplotlib", "pip install matplotlib") from error
    return matplotlib, Figure(_SIZE, layout="constrained")


def _families(history: Iterable[Look]) -> list[str]:
    """The laws of which anything was predicted."""
    found = (key.removesuffix("/predicted") for look in history for key in look if key.endswith("/predicted"))
    return list(dict.fromkeys(found))


def series(history: Iterable[Look], key: str) -> list[float]:
    """The numbers of a key, `nan` where there are none."""
    return [float(look.get(key, "nan")) for look in history]


def _largest(history: Sequence[Look], law: str) -> float:
    sizes = np.abs(series(history, f"{law}/measured"))
    return float(np.max(sizes, initial=0.0, where=np.isfinite(sizes)))


def _fill(axes: Any, history: Sequence[Look], shown: Sequence[str], count: int) -> Any:
    steps, sizes = series(history, "step"), [0.0]
    for number, law in enumerate(shown):
        measured, predicted = (series(history, f"{law}/{what}") for what in ("measured", "predicted"))
        colour, label = f"C{number}", law if len(law) <= _LONGEST else f"{law[:_LONGEST]} ..."
        axes.plot(steps, predicted, "-", color=colour, linewidth=1)
        axes.plot(steps, measured, "o", color=colour, markersize=4, label=label)
        broken = [k for k, look in enumerate(history) if look.get(f"{law}/verdict") == "broken"]
        if broken:
            axes.plot([steps[k] for k in broken], [measured[k] for k in broken], "kx", label="broken")
        sizes += [abs(y) for y in (*measured, *predicted) if np.isfinite(y)]
    if any(sizes):
        largest = max(sizes)
        axes.set_yscale("symlog", linthresh=max(min(filter(None, sizes)), 1e-6 * largest))
    what = "all" if len(shown) == count else f"{len(shown)} of"
    title = f"{what} {count} families of laws" + (", of the largest drift" if len(shown) < count else "")
    axes.set(xlabel="step", ylabel="drift in one step: measured (dots), predicted (lines)", title=title)
    axes.grid(linewidth=0.3)
    axes.legend(fontsize=7)
    return axes
