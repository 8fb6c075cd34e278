"""The published campaigns of arXiv 2307.00144 and 2405.12888 with draws of our own: all laws of random
networks counted.

A draw is fine when the bounds of `polylaw.count_laws` meet at the known number of laws, or, if laws are known
that are no function of polynomial ones, when they are the known bounds.  Draws depend on nothing but the
seed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.grid import Grid
from benchmarks.known import (
    Known,
    icnn_gradient,
    linear_gradient,
    linear_momentum,
    nmf_gradient,
    none,
    relu_gradient,
)
from polylaw.workers import workers as pool

WORKERS = 2
_SEED = 2307
_DAMPINGS = ("0", "1", "2/3", "3/t")


@dataclass(frozen=True)
class Draw:
    """A model and how it moves (no `damping`: gradient flow), with the number of laws that is known."""

    spec: str
    known: Known
    damping: str = ""

    def __str__(self) -> str:
        return self.spec + (f", damping {self.damping}" if self.damping else "")


@dataclass(frozen=True)
class Campaign:
    """Draws of one kind."""

    name: str
    draws: tuple[Draw, ...]


@dataclass(frozen=True)
class Kind:
    """How networks of one family are drawn: how many, of which sizes, and what is known of those."""

    family: str
    moves: str
    number: int
    sizes: Callable[[random.Random], list[int]]
    known: Callable[[Sequence[int]], Known]

    @property
    def name(self) -> str:
        """The family and how it moves."""
        return f"{self.family}, {self.moves}"

    def campaign(self, most: int) -> Campaign:
        """Draws of this kind; each kind has its own random numbers, so that none depends on the others."""
        draw = random.Random(f"{_SEED} {self.name}")
        return Campaign(self.name, tuple(self._draw(draw) for _ in range(min(most, self.number))))

    def _draw(self, draw: random.Random) -> Draw:
        sizes = self.sizes(draw)
        spec = f"{self.family}:{','.join(map(str, sizes))}"
        if self.family == "relu":
            spec += draw.choice(("", "?bias=true"))
        return Draw(spec, self.known(sizes), draw.choice(_DAMPINGS) if self.moves == "momentum" else "")


def _widths(depths: tuple[int, int], widths: tuple[int, int]) -> Callable[[random.Random], list[int]]:
    """Layer widths of a network with so many weight matrices; both ranges include their ends."""
    return lambda draw: [draw.randint(*widths) for _ in range(draw.randint(*depths) + 1)]


def _three(draw: random.Random) -> list[int]:
    """n, r, m of two factors."""
    return [draw.randint(1, 4) for _ in range(3)]


_KINDS = (
    Kind("linear", "gradient", 50, _widths((2, 4), (2, 5)), linear_gradient),
    Kind("relu", "gradient", 50, _widths((2, 4), (2, 9)), relu_gradient),
    Kind("linear", "momentum", 20, _widths((2, 3), (1, 3)), linear_momentum),
    Kind("relu", "momentum", 20, _widths((2, 3), (1, 4)), none),
    Kind("nmf", "gradient", 20, _three, lambda sizes: nmf_gradient(*sizes)),
    Kind("nmf", "momentum", 20, _three, none),
    Kind("icnn", "gradient", 20, _three, lambda sizes: icnn_gradient(*sizes)),
    Kind("icnn", "momentum", 20, _three, none),
)


def campaigns(*, quick: bool = False) -> list[Campaign]:
    """All campaigns, or only their first two draws each."""
    return [kind.campaign(2 if quick else kind.number) for kind in _KINDS]


@dataclass(frozen=True)
class Counted:
    """A draw, the bounds for its number of laws, the dimension of its state, and the worker's seconds."""

    draw: Draw
    lower: int
    upper: int
    state: int
    seconds: float

    @property
    def problem(self) -> str:
        """What is wrong with the bounds; empty if they are the known numbers."""
        known = self.draw.known
        if (self.lower, self.upper) == (known.polynomial, known.every):
            return ""
        bounds = str(self.lower) if self.lower == self.upper else f"{self.lower} to {self.upper}"
        return f"{self.draw}: {bounds} laws, expected {known}"

    @property
    def predicted_gap(self) -> bool:
        """Whether the bounds differ, and as they should."""
        return self.draw.known.gap and not self.problem


@dataclass(frozen=True)
class Replay:
    """What the draws of every campaign gave, and the wall time of all campaigns together."""

    results: Mapping[Campaign, Sequence[Counted]]
    seconds: float

    @property
    def problems(self) -> list[str]:
        """What is wrong, one line for each draw."""
        return [
            f"campaign {campaign.name}: {c.problem}"
            for campaign, counted in self.results.items()
            for c in counted
            if c.problem
        ]

    @property
    def gaps(self) -> list[str]:
        """The draws whose bounds differ, as predicted."""
        return list(
            dict.fromkeys(
                f"{c.draw}: {c.draw.known}"
                for counted in self.results.values()
                for c in counted
                if c.predicted_gap
            )
        )

    @property
    def table(self) -> Grid:
        """One line for each campaign."""
        head = ("campaign", "draws", "largest state", "exact", "gaps predicted", "problems", "seconds")
        return Grid(
            head, (0,), tuple(_line(campaign.name, counted) for campaign, counted in self.results.items())
        )

    @property
    def summary(self) -> str:
        """Wall time and predicted gaps, in a line each."""
        draws = sum(map(len, self.results.values()))
        gaps = f"Gaps predicted: {'; '.join(self.gaps)}." if self.gaps else "No gaps predicted."
        return f"{draws} draws in {self.seconds:.1f} s of wall time, {WORKERS} processes.\n{gaps}"


def _line(name: str, counted: Sequence[Counted]) -> tuple[str, ...]:
    problems, gaps = sum(bool(c.problem) for c in counted), sum(c.predicted_gap for c in counted)
    numbers = (len(counted), max(c.state for c in counted), len(counted) - problems - gaps, gaps, problems)
    return (name, *map(str, numbers), f"{sum(c.seconds for c in counted):.1f}")


def replay(chosen: Sequence[Campaign], workers: int = WORKERS) -> Replay:
    """Count the laws of every draw, in one pool of processes."""
    start = time.perf_counter()
    with pool(workers) as executor:
        counted = executor.map(_counted, [draw for campaign in chosen for draw in campaign.draws])
        results = {campaign: [next(counted) for _ in campaign.draws] for campaign in chosen}
    return Replay(results, time.perf_counter() - start)


def _counted(draw: Draw) -> Counted:
    """The work of one draw, building the model included."""
    import polylaw as pl
    from polylaw.readers import FlowOptions

    start = time.perf_counter()
    count = pl.count_laws(pl.flow_of_spec(draw.spec, FlowOptions(damping=draw.damping or None)))
    return Counted(draw, count.lower, count.upper, count.state, time.perf_counter() - start)
