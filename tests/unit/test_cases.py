"""Case distinctions on cofactors: nothing is lost, and every line that soundness rests on is needed."""

from __future__ import annotations

from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

import polylaw as pl
from polylaw.domains.darboux import cases, monomials
from polylaw.domains.darboux.cases import cofactors_by_cases, special_cofactors
from polylaw.domains.darboux.eigenspaces import Eigenspaces, cofactors_of
from polylaw.domains.darboux.elimination import UndecidedCaseError
from polylaw.domains.darboux.extactic import extactic_factors
from polylaw.domains.darboux.monomials import monomials_up_to
from tests.helpers import examples


def cofactors(flow: pl.Flow, degree: int, budget: pl.Budget | None = None) -> set[tuple[str, ...]]:
    """The cofactors of the Darboux polynomials of at most this degree, those of candidates that are none left
    out."""
    monomials = monomials_up_to(range(len(flow.ring.variables)), degree)
    fields = [field.components for field in flow.distribution.fields]
    found = cofactors_by_cases(flow.ring, fields, monomials, budget or pl.Budget())
    spaces = Eigenspaces(flow.distribution, monomials, pl.Budget())
    return {tuple(map(str, c)) for c in found if spaces.of(c)}


#: ODE, parameters, degree: all cofactors there are, by hand
KNOWN: dict[str, tuple[dict[str, str], list[str], int, set[str]]] = {
    "numbers": ({"x": "2*x", "y": "3*y"}, [], 2, {"0", "2", "3", "4", "5", "6"}),
    "a pair over Q(i)": (
        {"x": "y", "y": "-x"},
        [],
        2,
        {"0"},
    ),  # x + i*y has cofactor -i, which is no polynomial over Q
    "a trace": ({"x": "a*x + b*y", "y": "c*x + d*y"}, ["a", "b", "c", "d"], 2, {"0", "a + d"}),
    "predators": (
        {"x": "a*x - b*x*y", "y": "c*x*y - d*y"},
        ["a", "b", "c", "d"],
        1,
        {"0", "-b*y + a", "c*x - d"},
    ),
    "constant fields": ({"x": "1", "y": "2"}, [], 3, {"0"}),
    "one variable": (
        {"x": "x*(x - 1)"},
        [],
        3,
        {"0", "x", "x - 1", "2*x", "2*x - 1", "2*x - 2", "3*x", "3*x - 1", "3*x - 2", "3*x - 3"},
    ),
    "a pivot with a cofactor in it": ({"x": "x + y + 1", "y": "x - y + z", "z": "z"}, [], 1, {"0", "1"}),
    "a pivot that may vanish in a row of several entries": (
        {
            "x": "(x + y)*(2*y + z) - x*(x + y)",
            "y": "(2*x - 2*y + z)*(x + y) - y*(x + y)",
            "z": "(y - x + z)*(y - x) - z*(x + y)",
        },
        [],
        2,
        {"0", "x - y + 2*z", "2*x - 2*y + 4*z"},
    ),
    "a polytope": ({"x": "x^2*y^3", "y": "x*y^4 + y"}, [], 1, {"0", "x*y^3", "x*y^3 + 1"}),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_cofactors_of_a_system(name: str) -> None:
    rhs, parameters, degree, expected = KNOWN[name]
    assert cofactors(pl.PolynomialODE(rhs, parameters), degree) == {(c,) for c in expected}


def test_several_fields_have_a_cofactor_each() -> None:
    """Of two fields, the second constant: the first component of the cofactors is not lost."""
    ring = pl.Ring(("x", "y"))
    fields = [{0: ring.parse("x"), 1: ring.parse("y")}, {1: ring.parse("1")}]
    found = cofactors_by_cases(ring, fields, monomials_up_to(range(2), 2), pl.Budget())
    assert {tuple(map(str, c)) for c in found} >= {("0", "0"), ("1", "0"), ("2", "0")}
    assert all(len(c) == 2 for c in found)


_NUMBERS = st.integers(-2, 2)
_LINES = st.tuples(_NUMBERS, _NUMBERS, _NUMBERS).filter(lambda line: any(line[:2]))


@examples(60)
@given(st.lists(_LINES, min_size=1, max_size=3, unique=True), _NUMBERS, _NUMBERS)
def test_planted_lines_are_never_lost(lines: list[tuple[int, int, int]], p: int, q: int) -> None:
    """x' = -dF/dy + p*F, y' = dF/dx + q*F leaves every factor of F invariant."""
    ring = pl.Ring(("x", "y"))
    factors = [ring.parse(f"({a})*x + ({b})*y + ({c})") for a, b, c in lines]
    whole = ring.constant(1)
    for factor in factors:
        whole = whole * factor
    rhs = {"x": whole * p - whole.derivative(1), "y": whole * q + whole.derivative(0)}
    assume(all(rhs.values()))
    flow = pl.PolynomialODE(rhs)
    try:
        found = cofactors(flow, 1)
    except UndecidedCaseError:
        return  # no answer is no wrong one
    for factor in factors:
        planted = cofactors_of(flow.distribution, factor)
        assert planted is not None
        assert tuple(map(str, planted)) in found


@examples(60)
@given(st.lists(st.integers(-2, 2), min_size=12, max_size=12))
def test_cases_and_the_extactic_polynomial_agree(numbers: list[int]) -> None:
    """Quadratic systems in the plane: two proofs that share no line."""
    terms = ("1", "x", "y", "x^2", "x*y", "y^2")
    rhs = {
        v: " + ".join(f"({c})*{m}" for c, m in zip(part, terms, strict=True))
        for v, part in (("x", numbers[:6]), ("y", numbers[6:]))
    }
    flow = pl.PolynomialODE(rhs)
    [field] = flow.distribution.fields
    assume(len(field.components) == 2)
    for degree in (1, 2):
        monomials = monomials_up_to(range(2), degree)
        exact = extactic_factors(flow.ring, field.components, monomials, pl.Budget())
        assume(exact is not None)
        assert exact is not None
        try:
            found = cofactors(flow, degree)
        except UndecidedCaseError:
            continue
        low = {
            tuple(map(str, c))
            for f in exact.factors
            if f.degree <= degree and (c := cofactors_of(flow.distribution, f))
        }
        assert low <= found
        if not exact.deficient:  # then every cofactor is a sum of those of the factors
            basic = [
                c[0]
                for f in exact.factors
                if f.degree <= degree and (c := cofactors_of(flow.distribution, f))
            ]
            zero = flow.ring.constant(0)
            powers = product(range(degree + 1), repeat=len(basic))
            sums = {str(sum((c * k for c, k in zip(basic, each, strict=True)), zero)) for each in powers}
            assert {c for (c,) in found} <= sums


def test_special_values_of_parameters() -> None:
    ring = pl.Ring(("x", "y"), ("a", "b"))
    fields = [{0: ring.parse("a*x"), 1: ring.parse("b*y + x")}]
    found = special_cofactors(ring, fields, monomials_up_to(range(2), 1), pl.Budget())
    relations = {tuple((ring.name(g), str(value)) for g, value in values) for values, _ in found}
    assert {(), (("a", "0"),), (("b", "0"),)} <= relations


def test_too_much_is_undecided_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = pl.PolynomialODE({"x": "y + x*z", "y": "-x + 2*y*z", "z": "z^2 + x + 1"})
    assert cofactors(flow, 2)
    for name in ("_MOST_MONOMIALS", "_MOST_SHIFTS"):
        with monkeypatch.context() as patch:
            patch.setattr(monomials, name, 1)
            with pytest.raises(UndecidedCaseError, match="too many monomials"):
                cofactors(flow, 2)
    for bound, words in (
        ("max_cases", "too many cases"),
        ("max_cofactors", "4 coefficients of cofactors are too many to distinguish cases"),
        ("max_terms", "coefficients of some case are too long"),
        ("max_degree", "coefficients of some case are too long"),
    ):
        with pytest.raises(UndecidedCaseError, match=f"{bound} 1: {words}"):
            cofactors(flow, 2, pl.Budget(**{bound: 1}))
    substituted = pl.PolynomialODE({"x": "x*(y + 1)^2", "y": "y^2 + y"})
    with pytest.raises(UndecidedCaseError, match="max_terms 2: coefficients of some case are too long"):
        cofactors(substituted, 2, pl.Budget(max_terms=2))


def test_a_case_that_stays_open_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = pl.PolynomialODE({"x": "2*x", "y": "3*y"})
    monkeypatch.setattr(cases._Cases, "_solvable", lambda self, f: None)
    monkeypatch.setattr(cases._Cases, "_has_no_root", lambda self, f: False)
    with pytest.raises(UndecidedCaseError, match="a case could not be decided"):
        cofactors(flow, 1)


def test_long_coefficients_are_factored() -> None:
    """Factors with coefficients beyond machine integers, which flint's own integer factors cannot be sorted
    by."""
    import flint

    from polylaw.algebra.factor import integer_factors

    x, y = (context := flint.fmpz_mpoly_ctx.get(("x", "y"), flint.Ordering.degrevlex)).gens()
    pieces = [(10**30 * x + y, 1), (x - 10**31 * y, 2)]
    content, found = integer_factors(-6 * pieces[0][0] * pieces[1][0] ** 2)
    assert content == -6
    assert sorted(found, key=str) == sorted(pieces, key=str)
    assert integer_factors(context.constant(-4)) == (-4, [])
    rates = {"x": "-4*x + 1000000*y*z", "y": "4*x - 1000000*y*z - 3000000000*y^2", "z": "3000000000*y^2"}
    assert pl.count_laws(pl.PolynomialODE(rates)).lower == 1
