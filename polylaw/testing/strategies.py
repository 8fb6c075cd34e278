"""Hypothesis strategies for models, flows and motions, which shrink to small architectures and numbers.

Importing this module lets `hypothesis.strategies.from_type` build a `Model`.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.flows.flow import Flow
from polylaw.flows.ode import PolynomialODE
from polylaw.laws.search import find_laws
from polylaw.models import Model, from_map, linear, relu
from polylaw.models.model import monomial
from polylaw.testing.drive import Drive, outputs_ring
from polylaw.testing.floating import Trajectory, trajectory


def linear_networks(*, largest_width: int = 3, largest_depth: int = 3) -> SearchStrategy[Model]:
    """Linear networks of 1 to `largest_depth` layers; the smallest is 1-1."""
    return _widths(largest_width, largest_depth).map(lambda widths: linear(*widths))


def relu_networks(*, largest_width: int = 3, largest_depth: int = 3) -> SearchStrategy[Model]:
    """ReLU networks by path lifting, with and without bias; the smallest is 1-1 without."""
    return st.builds(
        lambda widths, bias: relu(*widths, bias=bias), _widths(largest_width, largest_depth), st.booleans()
    )


def _widths(largest_width: int, largest_depth: int) -> SearchStrategy[list[int]]:
    return st.lists(st.integers(1, largest_width), min_size=2, max_size=largest_depth + 1)


@st.composite
def polynomial_maps(draw: DrawFn, *, most_variables: int = 3, most_components: int = 2) -> Model:
    """Maps by polynomials of degree at most 3 with small integer coefficients, none of them constant."""
    ring = draw(_rings(most_variables))
    components = _polynomials(ring).filter(lambda p: bool(p.support))
    return from_map(ring.variables, draw(st.lists(components, min_size=1, max_size=most_components)))


@st.composite
def polynomial_odes(draw: DrawFn, *, most_variables: int = 3) -> PolynomialODE:
    """Polynomial ODEs of degree at most 3 with small integer coefficients."""
    ring = draw(_rings(most_variables))
    return PolynomialODE({variable: draw(_polynomials(ring)) for variable in ring.variables})


def models() -> SearchStrategy[Model]:
    """Models of all kinds above."""
    return st.one_of(linear_networks(), relu_networks(), polynomial_maps())


def _rings(most_variables: int) -> SearchStrategy[Ring]:
    return st.integers(1, most_variables).map(lambda n: Ring([f"x{i}" for i in range(1, n + 1)]))


def _polynomials(ring: Ring, most_terms: int = 3) -> SearchStrategy[Polynomial]:
    factors = st.lists(st.integers(0, len(ring.variables) - 1), max_size=3)
    terms = st.lists(st.tuples(st.integers(-3, 3), factors), max_size=most_terms)
    return terms.map(lambda chosen: Polynomial.sum(ring, (ring.monomial(monomial(*f), c) for c, f in chosen)))


def losses(flow: Flow) -> SearchStrategy[Polynomial]:
    """Polynomial losses of degree at most 3 in the outputs `y1`, `y2`, ... of a flow's model."""
    return _polynomials(outputs_ring(flow))


def _rationals(*, positive: bool = False) -> SearchStrategy[Fraction]:
    numerators = st.integers(1, 12) if positive else st.integers(-12, 12).filter(bool)
    return st.builds(Fraction, numerators, st.integers(1, 6))


def rational_points(flow: Flow) -> SearchStrategy[tuple[Fraction, ...]]:
    """Values of all generators of the state ring, none of them 0; clock and parameters are positive."""
    variables = len(flow.ring.variables)
    return st.tuples(*(_rationals(positive=g >= variables) for g in range(flow.ring.size)))


@st.composite
def drives(draw: DrawFn, flow: Flow, *, order: int = 1) -> Drive:
    """Motions of a flow that move at the start: a rational start, and for each field a polynomial in time."""
    numbers = st.builds(Fraction, st.integers(-4, 4), st.integers(1, 4))
    control = st.tuples(numbers.filter(bool), *[numbers] * order)
    rows = (draw(st.just(()) if field.steady else control) for field in flow.distribution.fields)
    return Drive(flow, controls=tuple(rows), start=draw(rational_points(flow)))


def trajectories(
    flow: Flow, *, until: float = 1 / 64, steps: int = 64, method: str = "rk4"
) -> SearchStrategy[Trajectory]:
    """Floating-point trajectories of a flow that do not blow up and stay in its domain."""
    paths = drives(flow).map(lambda drive: trajectory(drive, until, steps, method))
    return paths.filter(lambda path: path.finite and path.crossed is None)


def laws(flow: Flow, degree: int = 2) -> SearchStrategy[Polynomial]:
    """The generators of the laws of a flow up to a degree; a flow without any is rejected."""
    found = find_laws(flow, degree).generators
    return st.sampled_from(found) if found else st.nothing()


st.register_type_strategy(Model, models())
