"""The search against independent routes: sympy's derivatives, a dense rational null space, changes of
variables."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations_with_replacement

import flint
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

import polylaw as pl
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.sympy_bridge import to_sympy
from tests.helpers import examples
from tests.witnesses import recomputed_rank

VARIABLES = ("x", "y", "z")
DEGREE = 3
RING = pl.Ring(VARIABLES)
MONOMIALS = [
    RING.parse("*".join(VARIABLES[i] for i in factors))
    for degree in range(1, DEGREE + 1)
    for factors in combinations_with_replacement(range(len(VARIABLES)), degree)
]
FEW = [m for m in MONOMIALS if m.degree <= 2]


def right_hand_sides() -> st.SearchStrategy[Polynomial]:
    terms = st.tuples(st.integers(-3, 3), st.sampled_from(FEW))
    return st.lists(terms, max_size=2).map(lambda chosen: Polynomial.sum(RING, (m * c for c, m in chosen)))


def odes() -> st.SearchStrategy[pl.PolynomialODE]:
    return st.tuples(right_hand_sides(), right_hand_sides(), right_hand_sides()).map(
        lambda fs: pl.PolynomialODE(dict(zip(VARIABLES, fs, strict=True)))
    )


def maps() -> st.SearchStrategy[pl.Model]:
    components = right_hand_sides().filter(bool)
    return st.lists(components, min_size=1, max_size=2).map(lambda phi: pl.models.from_map(VARIABLES, phi))


def matrices() -> st.SearchStrategy[list[list[int]]]:
    rows = st.lists(st.integers(-2, 2), min_size=3, max_size=3)
    return st.lists(rows, min_size=3, max_size=3).filter(lambda a: flint.fmpz_mat(a).det() != 0)


def derivative_by_sympy(law: Polynomial, rhs: dict[str, sympy.Expr]) -> sympy.Expr:
    h = to_sympy(law)
    return sympy.expand(sum(f * sympy.diff(h, sympy.Symbol(v)) for v, f in rhs.items()))


def dense_null_space_dimension(flow: pl.Flow) -> int:
    """The dimension of the laws of degree at most DEGREE, from the whole dense matrix over Q."""
    columns = [
        {(j, m): c for j, field in enumerate(flow.distribution.fields) for m, c in field(h).terms.items()}
        for h in MONOMIALS
    ]
    rows = sorted({place for column in columns for place in column})
    if not rows:
        return len(MONOMIALS)
    matrix = flint.fmpz_mat([[int(column.get(row, 0)) for column in columns] for row in rows])
    return len(MONOMIALS) - int(matrix.rank())


@given(odes())
def test_laws_of_an_ode_are_constant_by_sympy(flow: pl.PolynomialODE) -> None:
    rhs = {v: to_sympy(f.numerator) for v, f in flow.rhs.items()}
    for law in pl.find_laws(flow, DEGREE):
        assert derivative_by_sympy(law, rhs) == 0


@given(maps())
def test_laws_of_a_model_are_orthogonal_to_all_gradients_by_sympy(model: pl.Model) -> None:
    for law in pl.find_laws(pl.GradientFlow(model), DEGREE):
        for component in model.phi:
            phi = to_sympy(component.numerator)
            assert derivative_by_sympy(law, {v: sympy.diff(phi, sympy.Symbol(v)) for v in VARIABLES}) == 0


@given(st.one_of(odes(), maps().map(pl.GradientFlow)))
def test_the_law_space_is_that_of_a_dense_rational_null_space(flow: pl.Flow) -> None:
    laws = pl.find_laws(flow, DEGREE)
    assert laws.complete
    assert laws.dimension == dense_null_space_dimension(flow)
    place = {next(iter(m.terms)): i for i, m in enumerate(MONOMIALS)}
    rows = [[0] * len(MONOMIALS) for _ in laws]
    for row, law in zip(rows, laws, strict=True):
        for monomial, c in law.terms.items():
            row[place[monomial]] = int(c)
    assert not rows or flint.fmpz_mat(rows).rank() == len(rows)


@pytest.mark.slow
@given(st.one_of(odes(), maps().map(pl.GradientFlow)))
def test_three_variables_less_what_the_brackets_span_bound_the_laws(flow: pl.Flow) -> None:
    count, plain = pl.count_laws(flow, 2), pl.count_laws(flow, 2, route="brackets")
    assert (count.lower, count.upper) == (plain.lower, plain.upper)
    assert (
        count.lower
        <= count.upper
        == 3 - recomputed_rank(flow, count.witness)
        == 3 - recomputed_rank(flow, plain.witness)
    )
    polynomial = pl.find_laws(flow, 2).independent.lower
    more = bool(count.darboux or count.augmented)
    assert count.lower > polynomial if more else count.lower == polynomial


@examples(50)
@given(odes(), matrices())
def test_a_linear_change_of_variables_carries_laws_to_laws(
    flow: pl.PolynomialODE, matrix: list[list[int]]
) -> None:
    """With old = A new the flow is new' = A^-1 f(A new), and h(A new) is conserved exactly when h is."""
    laws = pl.find_laws(flow, 2)
    assume(laws.dimension < len(FEW))  # not the zero field
    images = {
        i: Polynomial.sum(RING, (RING.generator(v) * a for v, a in zip(VARIABLES, row, strict=True)))
        for i, row in enumerate(matrix)
    }
    inverse = flint.fmpq_mat(flint.fmpz_mat(matrix)).inv().tolist()
    moved = [flow.rhs[v].numerator.substitute(images, RING) for v in VARIABLES]
    new = {
        v: Polynomial.sum(RING, (f * Fraction(int(a.p), int(a.q)) for a, f in zip(row, moved, strict=True)))
        for v, row in zip(VARIABLES, inverse, strict=True)
    }
    changed = pl.PolynomialODE(new)
    assert pl.find_laws(changed, 2).dimension == laws.dimension
    for law in laws:
        assert isinstance(pl.check_law(changed, law.substitute(images, RING)), pl.Proved)
