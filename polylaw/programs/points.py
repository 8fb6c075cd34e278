"""Points mod a prime at which a program can be evaluated, and why values there may be chosen.

A law h(theta) annihilates the fields of a program for all data xi.  Hold theta fixed, and let xi move:

*Exponentials and logarithms.*  Let z_1, ..., z_n be the arguments of all exponentials that depend on data,
and the logarithms.  If no combination of them with rational coefficients, not all 0, is independent of xi,
then by Ax's theorem exp(z_i), and the logarithms, are algebraically independent over all algebraic functions
of xi (and of constants, among which theta counts).  So what vanishes for all xi vanishes for all values of
them: h annihilates the fields with c_i exp(z_i(theta) - z_i(theta_0)) in place of exp(z_i) too, for any c_i.
That is shown by a rank: derivatives of the z_i by xi at points mod p that are independent.

*Roots.*  If a radicand a is no square in the field of what was computed before, not even up to a factor that
does not depend on xi, then analytic continuation in xi alone takes the root to minus the root.  That is shown
by two points with the same theta at which a is a square mod p and is none: if a = alpha(theta) b^2, its
quadratic character would be that of alpha.

What depends on no data is treated alike, with theta in place of xi.  These statements hold for each data
point alone, so that each data point has values of its own; and in each region of rectifiers alone, since the
functions are others in another region.

Sources: J. Ax, On Schanuel's conjectures, Ann. of Math. 93 (1971)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from polylaw.algebra.check import TimedCheck, unchecked
from polylaw.algebra.linear.modular import rank, seconds_to_reduce
from polylaw.algebra.linear.residues import Residues, inverses, is_square, reduced, roots
from polylaw.programs.dependence import Entry, Relations, Ties, tied
from polylaw.programs.jets import STAGE, Jet, Jets, Point
from polylaw.programs.regions import Regions
from polylaw.programs.tape import Kind, Step, Tape

#: Below 2^22, and 3 mod 4, so that roots are powers.
PRIMES = (4194287, 4194271)
#: Candidates of a round, and rounds.
_CANDIDATES, _ROUNDS = 256, 512
#: Data points for each choice of parameters where independence is looked for, and choices that may show
#: nothing new.
_SOME, _IDLE = 2, 4
_CHOSEN = (Kind.ROOT, Kind.EXP, Kind.LOG, Kind.ERF)
Flags = npt.NDArray[np.bool_]


class NoPointError(Exception):
    """Why there is no point, or why values at it may not be chosen."""


def draws(prime: int, seed: int, *what: int) -> Callable[[Sequence[int]], Residues]:
    """Residues from 1 to prime - 1, the same on every machine, in arrays of any shape."""
    source = np.random.PCG64([seed, *what])

    def draw(shape: Sequence[int]) -> Residues:
        raw = source.random_raw(int(np.prod(shape, dtype=np.int64))) % np.uint64(prime - 1)
        return raw.astype(np.float64).reshape(shape) + 1

    return draw


@dataclass
class Drawing:
    """Candidates, all at once, and which of them are points."""

    prime: int
    count: int
    draw: Callable[[Sequence[int]], Residues]
    valid: Flags = field(init=False)
    #: For each entry of a root whether candidates that were points until then had a square there, and none.
    seen: dict[tuple[int, int], Flags] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.valid = np.ones(self.count, dtype=bool)

    def choose(self, x: int, step: Step, source: Residues) -> Residues:
        """The value of a function that is chosen, at t = 0; the source is (candidate, entries)."""
        if step.kind is not Kind.ROOT:
            return self.draw((self.count, *step.shape))
        flat = source.reshape(len(source), -1)
        square = is_square(flat, self.prime)
        for entry in range(flat.shape[1]):
            still = self.valid & (flat[:, entry] != 0)
            both = [(still & square[:, entry]).any(), (still & ~square[:, entry]).any()]
            self.seen[x, entry] = np.array(both)
            self.valid = still & square[:, entry]
        return np.where(square.reshape(source.shape), roots(source, self.prime), 1.0)

    def refuse_zeros(self, source: Residues) -> None:
        """There is no inverse of 0."""
        self.valid &= (source != 0).reshape(len(source), -1).all(1)


@dataclass(frozen=True)
class Place:
    """Parameters mod a prime, by step, and data points with all that is chosen there."""

    theta: dict[int, Residues]
    point: Point
    count: int


class Search:
    """Looks for a place in one region of rectifiers, and for what shows that its values may be chosen.

    `masks` are those of the region, `ties` those of exponentials of parameters alone, where they are known
    from another region: they are the same in all, as are the parameters for one seed."""

    def __init__(
        self,
        tape: Tape,
        wanted: Sequence[int],
        masks: Mapping[int, Residues],
        seed: int,
        region: int = 0,
        ties: Ties | None = None,
        check: TimedCheck = unchecked,
    ) -> None:
        self.tape, self.masks, self.seed, self.region = tape, dict(masks), seed, region
        self.stop = check
        self.prime = PRIMES[seed % len(PRIMES)]
        self.ties: dict[Entry, Mapping[Entry, int]] = dict(ties or {})
        self.alone = ties is None
        before = Jets(tape, Point(self.prime, {}, {}), 1, {}).needed(wanted)[0]
        self.still = [x for x in before if tape.trained[x] and not tape.varied[x]]
        self.moving = [x for x in before if tape.varied[x]]
        self.parameters = [x for x in before if tape.steps[x].kind is Kind.PARAMETER]
        self.data = [x for x in before if tape.steps[x].kind is Kind.DATA]
        self.of_numbers = [
            x for x in before if tape.steps[x].kind in _CHOSEN and not tape.trained[x] and not tape.varied[x]
        ]

    def number(self, *kinds: Kind) -> int:
        """How many entries of these kinds a data point has, and parameters alone."""
        steps = (self.tape.steps[x] for x in (*self.still, *self.moving))
        return sum(step.size for step in steps if step.kind in kinds)

    def draw(self, purpose: int, count: int) -> Residues:
        """Residues for other purposes."""
        return draws(self.prime, self.seed, 0, purpose)((count,))

    def points(self, count: int) -> Place:
        """Parameters, and so many data points, where values may be chosen.  Raises `NoPointError`."""
        return self._place(count, 0)

    def check(self) -> None:
        """Values may be chosen in this region; else `NoPointError`."""
        if self.of_numbers:
            raise NoPointError("a root, or a transcendental function, of numbers alone is not supported")
        if self.alone:
            self._independent(self.still, self.parameters)
        self._independent(self.moving, self.data)
        self._place(1, 0)

    @property
    def ties_alone(self) -> Ties:
        """Those of exponentials of parameters alone."""
        return {entry: parts for entry, parts in self.ties.items() if not self.tape.varied[entry[0]]}

    def _place(self, count: int, turn: int) -> Place:
        theta, chosen = self._theta(turn)
        found, kept, seen = dict[int, list[Residues]](), 0, dict[tuple[int, int], Flags]()
        for k in range(_ROUNDS):
            drawing = Drawing(self.prime, _CANDIDATES, draws(self.prime, self.seed, turn, 1, k, self.region))
            data = {x: drawing.draw((_CANDIDATES, *self.tape.shape(x))) for x in self.data}
            given = {**chosen, **self._exponentials(drawing, self.moving)}
            jets = self._run(theta, data, given, drawing, self.moving)
            for entry, both in drawing.seen.items():
                seen[entry] = seen.get(entry, np.zeros(2, dtype=bool)) | both
            here = np.flatnonzero(drawing.valid)[: count - kept]
            kept += len(here)
            for x, values in {**data, **{x: v for x, v in jets.chosen.items() if x not in chosen}}.items():
                found.setdefault(x, []).append(values[here])
            if kept == count and all(both.all() for both in seen.values()):
                break
        if kept < count:
            tried = _ROUNDS * _CANDIDATES
            raise NoPointError(f"{kept} of {tried} data points are defined mod {self.prime}, {count} wanted")
        _require(seen, "roots of what depends on data")
        points = {x: np.concatenate(values) for x, values in found.items()}
        return Place(theta, Point(self.prime, {**chosen, **points}, self.masks), count)

    def _theta(self, turn: int) -> tuple[dict[int, Residues], dict[int, Residues]]:
        """Parameters at which what depends on them alone is defined, and what is chosen there."""
        seen = dict[tuple[int, int], Flags]()
        for round_ in range(_ROUNDS):
            drawing = Drawing(self.prime, _CANDIDATES, draws(self.prime, self.seed, turn, 0, round_))
            theta = {x: drawing.draw((_CANDIDATES, *self.tape.shape(x))) for x in self.parameters}
            jets = self._run(theta, {}, self._exponentials(drawing, self.still), drawing, self.still)
            for entry, both in drawing.seen.items():
                seen[entry] = seen.get(entry, np.zeros(2, dtype=bool)) | both
            if drawing.valid.any() and all(both.all() for both in seen.values()):
                k = int(np.flatnonzero(drawing.valid)[0])
                first, second = ({x: v[k : k + 1] for x, v in of.items()} for of in (theta, jets.chosen))
                return first, second
        _require(seen, "roots of what parameters make")
        raise NoPointError(f"no point mod {self.prime} has all roots and inverses of what parameters make")

    def _exponentials(self, drawing: Drawing, steps: Sequence[int]) -> dict[int, Residues]:
        """Values of all exponentials among these steps, which are free but for their relations."""
        found = [x for x in steps if self.tape.steps[x].kind is Kind.EXP]
        values = {x: drawing.draw((_CANDIDATES, *self.tape.shape(x))) for x in found}
        return tied(values, {e: t for e, t in self.ties.items() if e[0] in values}, self.prime)

    def _run(
        self,
        theta: dict[int, Residues],
        data: dict[int, Residues],
        chosen: dict[int, Residues],
        drawing: Drawing,
        steps: Sequence[int],
    ) -> Jets:
        given = {x: Jet(values[None]) for x, values in {**theta, **data}.items()}
        jets = Jets(self.tape, Point(self.prime, chosen, self.masks), 1, given, drawing, self.stop)
        jets.run(steps)
        return jets

    def _independent(self, steps: Sequence[int], directions: Sequence[int]) -> None:
        """No rational combination of the arguments of these exponentials, and of these logarithms, is free of
        what the directions are of, but for relations that are proved, to which the values are tied."""
        free = [x for x in steps if self.tape.steps[x].kind in (Kind.EXP, Kind.LOG)]
        entries = [(x, k) for x in free for k in range(self.tape.steps[x].size)]
        known = 0
        while entries:
            matrix, rank = self._matrix(free, directions, len(entries) - known)
            if rank == len(entries) - known:
                return
            relations = Relations(entries, matrix, self.prime)
            tied_to_erf = any(step.kind is Kind.ERF for step in self.tape.steps)
            if len(relations.rows) <= known or tied_to_erf or not relations.proved(self.tape, self.masks):
                what = "data" if directions is self.data else "parameters alone"
                raise NoPointError(
                    f"of {len(entries)} arguments of exponentials, and logarithms, that depend on {what}, "
                    f"only {rank} are seen to be independent"
                )
            known = len(relations.rows)
            self.ties.update(relations.ties())

    def _matrix(self, free: Sequence[int], directions: Sequence[int], wanted: int) -> tuple[Residues, int]:
        """Slopes at points with several parameters, as coefficients are numbers, until their rank is as
        wanted or grows no more."""
        columns, ranks = list[Residues](), [-_IDLE]
        while ranks[-1] < wanted and (len(ranks) <= _IDLE or ranks[-1] > ranks[-1 - _IDLE]):
            columns.append(self._slopes(self._place(_SOME, len(ranks)), free, directions))
            matrix = np.concatenate(columns, 1)
            self.stop(STAGE, seconds_to_reduce(*matrix.shape))
            ranks.append(rank(matrix.astype(np.int64), self.prime))
        return matrix, ranks[-1]

    def _slopes(self, place: Place, free: Sequence[int], directions: Sequence[int]) -> Residues:
        """Derivatives of arguments and logarithms, (entry, data point and direction)."""
        varied = directions is self.data
        count, width = place.count if varied else 1, sum(self.tape.steps[d].size for d in directions)
        given = _along(self.tape, place, directions, self.data if varied else [])
        jets = Jets(self.tape, place.point, 1, given, check=self.stop)
        rows = []
        for x, jet in zip(free, jets.run([self.tape.steps[x].sources[0] for x in free]), strict=True):
            size = self.tape.steps[x].size
            slope = (
                np.zeros((1, 1, size))
                if jet.slope is None
                else jet.slope.reshape(*jet.slope.shape[1:3], size)
            )
            if self.tape.steps[x].kind is Kind.LOG:
                slope = reduced(slope * inverses(jet.value.reshape(-1, size), self.prime), self.prime)
            rows.append(np.broadcast_to(slope, (width, count, size)).reshape(-1, size).T)
        return np.concatenate(rows)


def _require(seen: dict[tuple[int, int], Flags], what: str) -> None:
    dependent = sum(not both.all() for both in seen.values())
    if dependent:
        raise NoPointError(f"{dependent} {what} are not seen to be independent of those before them")


def _along(tape: Tape, place: Place, directions: Sequence[int], data: Sequence[int]) -> dict[int, Jet]:
    """Parameters and data as jets of one coefficient, with derivatives along all entries of these steps."""
    width = sum(tape.steps[x].size for x in directions)
    given, start = {}, 0
    for x, values in {**place.theta, **{x: place.point.chosen[x] for x in data}}.items():
        slope = None
        if x in directions:
            size = tape.steps[x].size
            slope = np.zeros((1, width, 1, size))
            slope[0, range(start, start + size), 0, range(size)] = 1
            slope = slope.reshape(1, width, 1, *tape.shape(x))
            start += size
        given[x] = Jet(values[None], slope)
    return given


def place_in(
    tape: Tape, wanted: Sequence[int], regions: Regions, seed: int, count: int, check: TimedCheck = unchecked
) -> tuple[Place, Regions, Search]:
    """A place with so many data points, and more if there are more regions, in those regions in which values
    may be chosen, and the search of one of them.  Raises `NoPointError` if there is none."""
    ties: Ties | None = None
    found, reason = dict[int, Search](), NoPointError("no region of rectifiers is reached")
    for k in range(regions.count):
        search = Search(tape, wanted, regions.at([k]).masks, seed, k, ties, check)
        try:
            search.check()
        except NoPointError as error:
            reason = error
            continue
        ties, found[k] = search.ties_alone, search
    if not found:
        raise reason
    each = -(-count // len(found))
    places = [search.points(each) for search in found.values()]
    return _joined(tape, places), regions.at([*found]), next(iter(found.values()))


def _joined(tape: Tape, places: Sequence[Place]) -> Place:
    """Data points of all regions."""
    first, count = places[0], sum(place.count for place in places)
    chosen, masks = dict[int, Residues](), dict[int, Residues]()
    for x in first.point.chosen:
        alone = not tape.varied[x]
        every = [place.point.chosen[x] for place in places]
        chosen[x] = every[0] if alone else np.concatenate(every)
    for x in first.point.masks:
        rows = [np.broadcast_to(p.point.masks[x], (p.count, *p.point.masks[x].shape[1:])) for p in places]
        masks[x] = np.concatenate(rows) if tape.varied[x] else first.point.masks[x]
    return Place(first.theta, Point(first.point.prime, chosen, masks), count)
