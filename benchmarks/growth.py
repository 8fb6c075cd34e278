"""How time grows with the dimension D and the degree: series of cases, and lines fitted to logarithms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from statistics import linear_regression

from benchmarks.cases import Case, counted, dense, linear, relu, ten_variables
from benchmarks.outcome import Outcome
from benchmarks.rows import count_linear

#: Below this many seconds beyond start-up a point says nothing about growth.
LEAST_SECONDS = 0.2


@dataclass(frozen=True)
class Series:
    """Cases along one axis: `D` (degree fixed) or `degree` (D fixed)."""

    name: str
    axis: str
    cases: tuple[Case, ...]

    @property
    def picture(self) -> str:
        """The picture it belongs to: `dimension`, `degree`, or `count` for counts along D."""
        return "degree" if self.axis == "degree" else "dimension" if self.cases[0].degree else "count"

    def place(self, case: Case) -> int:
        """Where a case lies on the axis."""
        return case.size if self.axis == "D" else case.degree


@dataclass(frozen=True)
class Fit:
    """seconds = scale * D^slope, or scale * exp(slope * degree)."""

    axis: str
    slope: float
    scale: float

    def __call__(self, place: float) -> float:
        """Seconds beyond start-up at a place of the axis."""
        return self.scale * (place**self.slope if self.axis == "D" else exp(self.slope * place))

    def __str__(self) -> str:
        return f"D^{self.slope:.2f}" if self.axis == "D" else f"x {exp(self.slope):.2f} for each degree"


SERIES: tuple[Series, ...] = (
    Series("linear n-n-n, degree 2", "D", tuple(linear(n, n, n) for n in (4, 6, 8, 12, 16, 20, 24, 28, 32))),
    Series("relu n-n-n-n, degree 2", "D", tuple(relu(n, n, n, n) for n in (3, 4, 5, 6, 7, 8, 9))),
    Series("count linear n-n-n", "D", tuple(count_linear(n) for n in (8, 12, 16, 20, 24, 28, 32, 36))),
    Series("count relu n-n-n-n", "D", tuple(counted(relu(n, n, n, n), 2 * n) for n in (3, 4, 5, 6, 7, 8, 9))),
    Series("count relu n-n-n", "D", tuple(counted(relu(n, n, n), n) for n in (8, 12, 16, 20, 24, 28, 32))),
    Series("linear 2-2-2", "degree", tuple(linear(2, 2, 2, degree=d) for d in range(2, 15, 2))),
    Series("linear 3-3-3", "degree", tuple(linear(3, 3, 3, degree=d) for d in range(2, 8))),
    Series("ten variables", "degree", tuple(ten_variables(d) for d in range(2, 12))),
    Series("dense linear 2-2-2", "degree", tuple(dense(2, 2, 2, degree=d) for d in range(2, 7))),
)


def series(*, quick: bool = False) -> list[Series]:
    """All series, or only their first two cases each."""
    return [Series(s.name, s.axis, s.cases[:2] if quick else s.cases) for s in SERIES]


def points(line: Series, outcomes: Mapping[Case, Outcome], start_up: float) -> list[tuple[int, float]]:
    """(place, seconds beyond start-up) of the cases that take measurable time."""
    measured = [(line.place(case), outcomes[case].seconds - start_up) for case in line.cases]
    return [(place, seconds) for place, seconds in measured if seconds >= LEAST_SECONDS]


def fit(line: Series, outcomes: Mapping[Case, Outcome], start_up: float) -> Fit | None:
    """The line through the logarithms of the measurable points; None if there are fewer than two."""
    measured = points(line, outcomes, start_up)
    if len(measured) < 2:
        return None
    places = [log(place) if line.axis == "D" else place for place, _ in measured]
    slope, intercept = linear_regression(places, [log(seconds) for _, seconds in measured])
    return Fit(line.axis, slope, exp(intercept))
