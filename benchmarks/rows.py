"""The ladder: what must be reached, from small to large."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.cases import Case, counted, dense, linear, momentum, relu, ten_variables
from benchmarks.outcome import Outcome


@dataclass(frozen=True)
class Reach:
    """What a row has to keep below: seconds in all, seconds beyond start-up, peak megabytes."""

    seconds: float = 60
    beyond: float | None = None
    megabytes: float | None = None

    def __str__(self) -> str:
        beyond = f"< {self.beyond:g} s beyond start-up" if self.beyond is not None else ""
        memory = f", < {self.megabytes:g} MB" if self.megabytes is not None else ""
        return (beyond or f"< {self.seconds:g} s") + memory

    def met(self, outcome: Outcome, start_up: float) -> bool:
        """Whether the measured run stays below all bounds."""
        return (
            outcome.seconds < self.seconds
            and (self.beyond is None or outcome.seconds - start_up < self.beyond)
            and (self.megabytes is None or outcome.megabytes < self.megabytes)
        )


@dataclass(frozen=True)
class Row:
    """A case and its reach; `quick` rows also run with `--quick`, `large` ones only with `--try-large`."""

    case: Case
    reach: Reach = Reach()
    quick: bool = False
    large: bool = False


def count_linear(n: int) -> Case:
    """The count for n-n-n, where the n (n + 1)/2 balancedness entries are independent (arXiv 2307.00144)."""
    return counted(linear(n, n, n), n * (n + 1) // 2)


LADDER: tuple[Row, ...] = (
    Row(linear(15, 12, 15)),
    Row(linear(24, 16, 24)),
    Row(linear(32, 32, 32), Reach(seconds=10, megabytes=1000)),
    Row(linear(8, 8, 8, 8, 8)),
    Row(relu(9, 9, 9, 9)),
    Row(linear(4, 4, 4, degree=4), quick=True),
    Row(momentum("tau", 4, 4, 4), quick=True),
    Row(momentum("3/t", 4, 4, 4)),
    Row(momentum("tau", 8, 8, 8)),
    Row(momentum("3/t", 8, 8, 8)),
    Row(ten_variables(5), quick=True),
    Row(ten_variables(6), Reach(beyond=1)),
    Row(ten_variables(7)),
    Row(ten_variables(8)),
    Row(dense(2, 2, 2, degree=4), quick=True),
    Row(dense(2, 2, 2, degree=6)),
    Row(dense(3, 3, 3, degree=3)),
    Row(count_linear(16), Reach(seconds=1.0)),
    Row(count_linear(22), Reach(seconds=4.4)),
    Row(count_linear(32), Reach(seconds=40)),
    Row(counted(relu(9, 9, 9, 9), 18), Reach(seconds=2)),
    Row(counted(relu(2, 3, 2), 3), quick=True),
    Row(dense(3, 3, 3, degree=4), large=True),
    Row(linear(50, 100, 50, options=("--max-unknowns", "60000000")), large=True),
)


def rows(*, quick: bool = False, large: bool = False) -> list[Row]:
    """The rows of the ladder that are to run, in order."""
    return [row for row in LADDER if (row.quick or not quick) and (large or not row.large)]
