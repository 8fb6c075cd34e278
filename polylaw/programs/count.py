"""How many laws of any kind a program has, proved from both sides.

at least   the rank of the gradients of laws that symmetry inference derives (`polylaw.networks`)
at most    the dimension of the state less a rank of values of the Lie algebra of the fields mod a prime
           (`polylaw.programs.series`, and `polylaw.programs.points` why these values may be chosen)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from polylaw.algebra.linear.modular import Span
from polylaw.algebra.linear.residues import EXACT_SUM, Residues, matmul
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget, Progress, silent
from polylaw.errors import BudgetError, VerificationError
from polylaw.flows.trained import TrainedFlow
from polylaw.laws.independence import gradient_rank_at_least, gradients_at
from polylaw.networks.laws import NetworkLaws
from polylaw.programs.laws import polynomials_of
from polylaw.programs.points import NoPointError, Place, place_in
from polylaw.programs.program import Program
from polylaw.programs.regions import Regions, regions_of
from polylaw.programs.series import Fields, Pushes, Series
from polylaw.programs.tape import Kind
from polylaw.truth import Bounds

#: Data points beyond those whose gradients would fill the state if all were independent.
_MORE = 3
#: Coefficients of the series: from so many on until one more adds nothing.
_SHORTEST = 2


@dataclass(frozen=True)
class ProgramWitness:
    """What the upper bound rests on: residues of parameters and data points mod `prime`, with all that is
    chosen there, coefficients of the fields from the `seed`, and the length of the series; `functions` says
    how many exponentials and logarithms, and `roots` how many roots, of a data point are shown to be free."""

    prime: int
    seed: int
    length: int
    place: Place
    regions: Regions
    functions: int
    roots: int


@dataclass(frozen=True, eq=False)
class ProgramCount(Bounds):
    """The number of independent laws of a program near generic parameters lies in [`lower`, `upper`].

    `laws` are those that were derived, `basis` the same as polynomials in the state; `state` is its
    dimension, clock included; `assumed` says in words what the upper bound rests on beside the point; `tried`
    what was done."""

    flow: TrainedFlow
    lower: int
    upper: int
    state: int
    laws: NetworkLaws
    basis: tuple[Polynomial, ...]
    witness: ProgramWitness | None
    settled: bool
    assumed: tuple[str, ...]
    tried: tuple[str, ...]

    @property
    def lie_rank(self) -> int:
        """The proved lower bound for dim Lie(W) at generic parameters."""
        return self.state - self.upper

    def __repr__(self) -> str:
        return f"ProgramCount(lower={self.lower}, upper={self.upper})"


def count_program(
    flow: TrainedFlow, budget: Budget, *, seed: int = 0, progress: Progress = silent
) -> ProgramCount:
    """The number of laws of a flow of a program."""
    program = flow.model.program
    assert isinstance(program, Program)
    state, tried = flow.ring.parameter_indices.start, list[str]()
    basis = polynomials_of(program.laws, flow)
    if basis is None:
        tried.append("laws of this metric are not derived from symmetries")
    lower = gradient_rank_at_least(flow, basis, budget) if basis else 0
    if basis is not None:
        tried.append(f"laws that symmetries give: {len(basis)}, of them {lower} independent")
    upper = _Upper(flow, program, state - lower, seed, budget, progress)
    try:
        upper.run(tried)
    except (NoPointError, BudgetError) as reason:
        tried.append(f"the Lie algebra: undecided, {reason}")
    try:
        upper.check(basis or [])
    except BudgetError as reason:
        tried.append(f"laws at that point: not compared with the Lie algebra, {reason}")
    return ProgramCount(
        flow,
        lower,
        state - upper.rank,
        state,
        program.laws,
        tuple(basis or ()),
        upper.witness,
        upper.settled,
        tuple(_assumed(program, upper.regions)),
        tuple(tried),
    )


def _assumed(program: Program, regions: Regions | None) -> list[str]:
    """In words."""
    found, kinds = [], {step.kind for step in program.tape.steps}
    if Kind.RECTIFY in kinds and regions is not None:
        found.append(f"parameters near which data reach the same {regions.count} regions of rectifiers")
    if _nested_erf(program):
        found.append("integrals of exp(-x^2/2) are taken as independent functions")
    return found


def _nested_erf(program: Program) -> bool:
    """Whether an argument of an error function is more than an algebraic function of parameters and data."""
    beyond: list[bool] = []
    steps = program.tape.steps
    for step in steps:
        beyond.append(step.kind in (Kind.EXP, Kind.LOG, Kind.ERF) or any(beyond[s] for s in step.sources))
    return any(step.kind is Kind.ERF and beyond[step.sources[0]] for step in steps)


class _Upper:
    """The rank of the Lie algebra, as far as it is known."""

    def __init__(
        self, flow: TrainedFlow, program: Program, target: int, seed: int, budget: Budget, progress: Progress
    ) -> None:
        self.flow, self.program, self.target, self.seed = flow, program, target, seed
        self.budget, self.progress = budget, progress
        self.rank, self.settled = 0, False
        self.witness: ProgramWitness | None = None
        self.regions: Regions | None = None
        self.vectors: Residues | None = None
        self.start: Residues | None = None

    def run(self, tried: list[str]) -> None:
        """Longer and longer series, until the rank is as large as it can be, or grows no more."""
        entries, motion = self.flow.pushed()
        state = self.flow.ring.parameter_indices.start
        self.budget.check_entries(state**2)
        tape, outputs, check = self.program.tape, self.program.outputs, self.budget.check
        fields = Fields(tape, outputs, self.program.arrays, check)
        self.regions = regions_of(tape, outputs, self.seed, fields.dimension, check)
        if not self.regions.count:
            raise NoPointError("no region of the rectifiers is known to be reached")
        count = -(-fields.dimension // max(fields.width, 1)) + _MORE
        place, self.regions, search = place_in(tape, outputs, self.regions, self.seed, count, check)
        count = place.count
        self.start = self._start(fields, place, search.draw(7, self.flow.ring.size))
        pushes = Pushes(state, entries, motion.drift)
        series = Series(fields, pushes, place.point, self.start, count, self.seed)
        free = search.number(Kind.EXP, Kind.LOG), search.number(Kind.ROOT)
        span, known = Span(state, place.point.prime, check), 0
        longest = min(self.budget.max_orders, EXACT_SUM)  # sums of so many products are exact
        stopped = f"still growing at order {longest} (max_orders)"
        for length in range(_SHORTEST, longest + 1):
            vectors = series.vectors(length)
            span.add(vectors[known:].reshape(-1, state).T.astype(np.int64))
            self.settled, known = span.rank == self.rank, length
            if not self.settled:
                self.rank, self.vectors = span.rank, vectors.reshape(-1, state)
                self.witness = ProgramWitness(span.prime, self.seed, length, place, self.regions, *free)
            self.progress("Lie algebra of the fields", min(self.rank, self.target), self.target)
            if self.rank >= self.target or self.settled:
                stopped = "no growth in one further order" if self.settled else "as large as it can be"
                break
        where = f"{count} data points mod {place.point.prime}"
        tried.append(f"Lie algebra at random parameters and {where}: rank {self.rank}, {stopped}")

    @staticmethod
    def _start(fields: Fields, place: Place, others: Residues) -> Residues:
        """Residues of the state, its clock and the parameters of the flow."""
        start = others.copy()
        for x, first, last in fields.parameters:
            if x in place.theta:
                start[first:last] = place.theta[x].reshape(-1)
        return start

    def check(self, basis: Sequence[Polynomial]) -> None:
        """Gradients of laws are orthogonal to the Lie algebra: both sides were proved, so this must hold."""
        if self.vectors is None or self.witness is None or self.start is None:
            return
        prime, point = self.witness.prime, [int(value) for value in self.start]
        slopes = gradients_at(self.flow.ring, basis, point, prime, self.budget)
        wrong = np.flatnonzero(matmul(self.vectors, slopes.T.astype(float), prime).any(0))
        if len(wrong):
            expected = "a law that the fields annihilate"
            raise VerificationError("count", str(basis[wrong[0]]), expected, "please report this program")
