"""Gröbner bases: orders, pairs, Hilbert series, proofs, ideals."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import polylaw as pl
from benchmarks.backends import BACKENDS, PROGRAMS
from benchmarks.systems import cyclic, eco, katsura
from polylaw.algebra.groebner import Ideal, Order, groebner_basis, trace
from polylaw.algebra.groebner import homogeneous as homogeneous_module
from polylaw.algebra.groebner.elimination import Residues
from polylaw.algebra.groebner.exact import divisors
from polylaw.algebra.groebner.grading import grading
from polylaw.algebra.groebner.hilbert import HilbertSeries
from polylaw.algebra.groebner.matrices import SymbolicMatrix
from polylaw.algebra.groebner.pairs import CriticalPairs
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Exponential, Ring
from polylaw.errors import BudgetError, InputError, VerificationError
from tests.helpers import examples, mostly_slow

RING = Ring(["x", "y", "z", "w"])
ORDERS = [Order(), Order("lex"), Order("elimination", 1), Order("elimination", 2)]


def ideal(*texts: str, ring: Ring = RING) -> Ideal:
    return Ideal(ring, [ring.parse(text) for text in texts])


def texts(polynomials: tuple[Polynomial, ...]) -> list[str]:
    return [str(p) for p in polynomials]


# -- orders ---------------------------------------------------------------------------------------
def test_the_monomials_of_degree_two_in_each_order() -> None:
    exponents = np.array([e for e in product(range(3), repeat=3) if sum(e) == 2])
    named = {
        (2, 0, 0): "xx",
        (1, 1, 0): "xy",
        (1, 0, 1): "xz",
        (0, 2, 0): "yy",
        (0, 1, 1): "yz",
        (0, 0, 2): "zz",
    }
    found = {
        o: " ".join(named[tuple(exponents[i].tolist())] for i in o.descending(exponents)) for o in ORDERS[:3]
    }
    assert found == {
        Order(): "xx xy yy xz yz zz",
        Order("lex"): "xx xy xz yy yz zz",
        Order("elimination", 1): "xx xy xz yy yz zz",
    }


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_keys_and_rows_order_the_monomials_alike(order: Order) -> None:
    exponents = np.array(list(product(range(3), repeat=4)))
    by_rows = [tuple(exponents[i].tolist()) for i in order.descending(exponents)]
    assert by_rows == sorted(map(tuple, exponents.tolist()), key=order.key, reverse=True)


@pytest.mark.parametrize(
    ("name", "block"), [("degree", 0), ("lex", 1), ("elimination", 0), ("degrevlex", -1)]
)
def test_an_order_that_does_not_exist_is_refused(name: str, block: int) -> None:
    with pytest.raises(InputError):
        Order(name, block)


# -- pairs, Hilbert series, weights ---------------------------------------------------------------
def test_pairs_with_coprime_leads_and_chains_are_left_out() -> None:
    pairs = CriticalPairs(3)
    for lead in ([2, 0, 0], [0, 2, 0], [1, 1, 0]):
        pairs.add(np.array(lead))
    assert sorted(zip(pairs.firsts.tolist(), pairs.seconds.tolist(), strict=True)) == [(0, 2), (1, 2)]


def test_the_hilbert_series_counts_the_monomials_outside() -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        leads = rng.integers(0, 4, (int(rng.integers(1, 6)), 3))
        leads = leads[leads.any(axis=1)]
        series = HilbertSeries(leads)
        counts = np.zeros(9, dtype=int)
        for e in product(range(9), repeat=3):
            if sum(e) < 9 and not any(all(a >= b for a, b in zip(e, m, strict=True)) for m in leads.tolist()):
                counts[sum(e)] += 1
        power = np.zeros(9, dtype=int)
        power[: min(9, len(series.numerator))] = series.numerator[:9]
        for _ in range(3):
            power = np.cumsum(power)
        assert power.tolist() == counts.tolist()
        assert len(series.standard(8)) == counts.sum()


@pytest.mark.parametrize(
    ("leads", "dimension", "degree"),
    [([[2, 0], [0, 3]], 0, 6), ([[1, 1]], 1, 2), ([[0, 0]], -1, 0), ([[2, 0], [1, 1]], 1, 1)],
)
def test_dimension_and_degree(leads: list[list[int]], dimension: int, degree: int) -> None:
    series = HilbertSeries(np.array(leads))
    assert (series.dimension, series.degree) == (dimension, degree)


def test_no_equations_leave_the_whole_space() -> None:
    basis = ideal().basis()
    assert (basis.polynomials, basis.dimension, basis.degree) == ((), 4, 1)


def test_weights_are_found_when_there_are_any() -> None:
    parabola = {(2, 0): 1, (0, 1): -1}
    assert (grading([np.array(list(parabola))], 2) == [1, 2]).all()
    assert grading([np.array(list(parabola)), np.eye(2, dtype=np.int64)], 2) is None
    assert grading([np.array([(1, 0), (0, 0)])], 2) is None


# -- bases ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("backend", [b for b in BACKENDS if b not in PROGRAMS])
@pytest.mark.parametrize("order", ORDERS[:2], ids=str)
def test_every_backend_gives_the_same_bytes(backend: str, order: Order) -> None:
    generators = ideal("x^2 + y*z - 2", "x*z + y^2 - 3", "x*y + z^2 - 5").generators
    ours = groebner_basis(generators, order)
    assert groebner_basis(generators, order, backend=BACKENDS[backend]).polynomials == ours.polynomials
    assert (ours.dimension, ours.degree) == (0, 8)


@pytest.mark.parametrize(
    ("system", "size", "solutions"),
    [(cyclic(5), 20, 70), (katsura(5), 22, 32), (eco(6), 18, 16)],
    ids=["cyclic", "katsura", "eco"],
)
def test_known_systems(system: tuple[list[str], list[str]], size: int, solutions: int) -> None:
    """The number of solutions is known (see `benchmarks.systems`), the size of the basis is that of
    Singular's `std`."""
    ring = Ring(system[0])
    basis = groebner_basis([ring.parse(e) for e in system[1]])
    assert (len(basis.polynomials), basis.dimension, basis.degree) == (size, 0, solutions)
    assert all(ring.parse(e) in basis for e in system[1])


def test_a_prime_that_divides_a_leading_coefficient_misleads_nobody() -> None:
    """Mod the first prime tried, 8388593 x^2 + x is x; and x is no multiple of it."""
    basis = ideal("8388593*x^2 + x").basis()
    assert texts(basis.polynomials) == ["8388593*x^2 + x"]
    assert RING.parse("x") not in basis


def test_large_coefficients() -> None:
    basis = ideal("(10^40 + 1)*x - y", "x^2 - 3").basis(Order("lex"))
    assert texts(basis.polynomials) == [f"y^2 - {3 * (10**40 + 1) ** 2}", f"{10**40 + 1}*x - y"]


def test_equations_without_solution_generate_everything() -> None:
    basis = ideal("x^2 + 1", "x^2").basis()
    assert (texts(basis.polynomials), basis.dimension, basis.is_everything) == (["1"], -1, True)
    assert basis.normal_form(RING.parse("x^3*y - 7")) == 0
    assert RING.parse("y") in basis


def test_the_normal_form_is_exact_and_linear() -> None:
    basis = ideal("2*x^2 - 3*y", "x*y - 1/7").basis()
    f, g = RING.parse("x^4/3 + x*y^2 - z"), RING.parse("5*x^3*y + 1/2")
    assert basis.normal_form(f + 2 * g) == basis.normal_form(f) + 2 * basis.normal_form(g)
    assert f - basis.normal_form(f) in basis
    assert str(basis.normal_form(RING.parse("x^2"))) == "3/2*y"


def test_orders_without_a_native_division_agree_with_lex() -> None:
    equations = ("x - z^2 + w", "y - z*w - 1")
    by_lex = [p for p in ideal(*equations, "z^3 - w").basis(Order("lex")).polynomials if 0 not in p.support]
    eliminated = ideal(*equations, "z^3 - w").eliminate([0])
    assert Ideal(RING, by_lex, variables=(1, 2, 3)) == eliminated


def test_other_generators_of_the_ring_are_refused() -> None:
    basis = groebner_basis([RING.parse("x^2 - y")])
    with pytest.raises(InputError, match="found 'z', expected only variables of the ideal"):
        basis.normal_form(RING.parse("z"))
    with pytest.raises(InputError):
        groebner_basis([RING.parse("x^2 - y")], variables=[0])


def test_standard_monomials_of_a_finite_quotient() -> None:
    basis = groebner_basis([RING.parse("x^2 - y"), RING.parse("y^2 - x")])
    names = [str(RING.monomial(m)) for m in basis.standard_monomials(5)]
    assert names == ["x*y", "x", "y", "1"]
    assert basis.degree == 4


# -- mod a prime ------------------------------------------------------------------------------------
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_the_basis_mod_a_prime_is_that_over_q_for_most_primes(order: Order) -> None:
    generators = ideal("x^2 + y*z - 2", "x*z + 1/3*y^2 - 3", "x*y + z^2 - 5").generators
    over_q = groebner_basis(generators, order)
    prime = 1009
    found = groebner_basis(generators, order, prime=prime)
    monic = [
        p * (Fraction(1) / p.terms[max(p.terms, key=lambda m: order.key(exponents_of(m, 3)))])
        for p in over_q.polynomials
    ]
    residues = [
        {m: c.numerator * pow(c.denominator, -1, prime) % prime for m, c in p.terms.items()} for p in monic
    ]
    assert [p.terms for p in found.polynomials] == [{m: c for m, c in r.items() if c} for r in residues]
    assert (found.dimension, found.degree, str(found.proof).startswith(f"certified over F_{prime}")) == (
        0,
        8,
        True,
    )


def exponents_of(monomial: Any, variables: int) -> tuple[int, ...]:
    return tuple(dict(monomial).get(v, 0) for v in range(variables))


def test_the_basis_mod_a_prime_is_that_of_sympy() -> None:
    from sympy import GF, groebner, symbols

    names, equations = katsura(3)
    ring = Ring(names)
    found = groebner_basis([ring.parse(e) for e in equations], prime=101)
    theirs = groebner(
        [e.replace("^", "**") for e in equations],
        *symbols(names),
        order="grevlex",
        domain=GF(101, symmetric=False),
    )
    assert {str(p) for p in found.polynomials} == {
        str(ring.parse(str(g.as_expr()).replace("**", "^"))) for g in theirs.polys
    }


def test_a_prime_can_change_the_ideal() -> None:
    """Mod 5, 5x^2 + x is x; mod 7 the circle x^2 + y^2 - 7 is a pair of lines through the origin."""
    assert texts(groebner_basis([RING.parse("5*x^2 + x")], prime=5).polynomials) == ["x"]
    basis = groebner_basis([RING.parse("x^2 + y^2 - 7"), RING.parse("x")], prime=7)
    assert texts(basis.polynomials) == ["x", "y^2"]
    assert RING.parse("y^2 + 14*x") in basis
    assert str(basis.normal_form(RING.parse("1/2*y + 8"))) == "4*y + 1"


@pytest.mark.parametrize("prime", [1, 2, 9, 8388617, -3, True])
def test_other_numbers_are_no_primes(prime: int) -> None:
    with pytest.raises(InputError, match="an odd prime below 8388608"):
        groebner_basis([RING.parse("x")], prime=prime)


def test_denominators_divisible_by_the_prime_are_refused() -> None:
    with pytest.raises(InputError, match="choose another prime"):
        groebner_basis([RING.parse("x/5 - 1")], prime=5)


# -- proofs ---------------------------------------------------------------------------------------
def changed(basis: list[dict[tuple[int, ...], int]], kind: str) -> list[dict[tuple[int, ...], int]]:
    """A wrong basis with the right leading monomials, or without one of them."""
    if kind == "element missing":
        return basis[:-1]
    last = dict(basis[-1])
    tail = min(last, key=Order().key)
    last[tail] += 1 if last[tail] != -1 else 2
    return [*basis[:-1], last]


#: Three quadrics that meet in points, and the three minors of a matrix that define a curve: too many for
#: codimension 2.
QUADRICS = ("x^2 + y*z - 2", "x*z + y^2 - 3", "x*y + z^2 - 5")
MINORS = ("x*z - y^2", "x*w - y*z", "y*w - z^2")


@pytest.mark.parametrize(
    ("equations", "argument"), [(QUADRICS, "complete intersection"), (MINORS, "all pairs")]
)
def test_the_argument_that_proves_a_basis(equations: tuple[str, ...], argument: str) -> None:
    assert ideal(*equations).basis().proof.argument == argument


@pytest.mark.parametrize("kind", ["element missing", "coefficient wrong"])
@pytest.mark.parametrize("equations", [QUADRICS, MINORS])
def test_a_wrong_basis_from_a_backend_is_refused(equations: tuple[str, ...], kind: str) -> None:
    with pytest.raises(VerificationError):
        groebner_basis(
            ideal(*equations).generators,
            backend=lambda g: changed([dict(p) for p in BACKENDS["flint"](g)], kind),
        )


def test_every_single_wrong_coefficient_is_refused() -> None:
    honest = BACKENDS["flint"]
    for equations in (QUADRICS, MINORS):
        generators = ideal(*equations).generators
        for i, terms in enumerate(honest(homogeneous_of(generators))):
            for term in terms if len(terms) > 1 else ():  # a multiple of a monomial is as good
                with pytest.raises(VerificationError):
                    groebner_basis(generators, backend=lambda g, i=i, term=term: one_off(honest(g), i, term))  # type: ignore[misc]


def homogeneous_of(generators: tuple[Polynomial, ...]) -> Any:
    """What a backend is given for these generators."""
    seen: list[Any] = []

    def look(g: Any) -> list[dict[tuple[int, ...], int]]:
        seen.append(g)
        return []

    with pytest.raises(VerificationError):
        groebner_basis(generators, backend=look)
    return seen[0]


def one_off(basis: list[Any], element: int, term: tuple[int, ...]) -> list[Any]:
    """The basis with one coefficient changed by 7."""
    wrong = [dict(p) for p in basis]
    wrong[element][term] += 7
    return wrong


def test_a_basis_of_a_larger_ideal_is_refused() -> None:
    """All generators and S-polynomials reduce to 0 by {1}, so only the leading monomials tell."""
    with pytest.raises(VerificationError):
        groebner_basis(ideal("x^2 - y").generators, backend=lambda g: [{(0,) * len(g.weights): 1}])


def test_a_wrong_reconstruction_is_refused_and_the_next_one_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    honest, wrong = homogeneous_module.candidates, []

    def hasty(*arguments: Any) -> Iterator[list[tuple[int, ...]]]:
        for guess in honest(*arguments):
            wrong.append([*guess[:-1], (guess[-1][0], *(c + 1 for c in guess[-1][1:]))])
            yield wrong[-1]
            yield guess

    monkeypatch.setattr(homogeneous_module, "candidates", hasty)
    names, equations = katsura(4)
    ring = Ring(names)
    basis = groebner_basis([ring.parse(e) for e in equations])
    assert wrong
    monkeypatch.undo()
    assert basis.polynomials == groebner_basis([ring.parse(e) for e in equations]).polynomials


def test_s_polynomials_that_do_not_vanish_are_noticed() -> None:
    polynomials = [{(2, 0): 1, (0, 1): -1}, {(1, 1): 1, (0, 0): -1}]
    for order in (Order(), Order("elimination", 1)):
        division = divisors(polynomials, 2, order)
        assert not division.pair_remainder_vanishes(0, 1)
        assert division.remainder({(3, 1): 2})[0] == {(0, 1): 2}


def test_residues_are_reduced_exactly() -> None:
    residues = Residues((8388593, 3))
    values = [2**52 - 1, -(2**52), 0, 8388593 * 5, -1]
    reduced = residues.reduce(np.array([values, values], dtype=np.float64))
    assert reduced.astype(int).tolist() == [[v % p for v in values] for p in (8388593, 3)]


def test_a_bound_on_time_stops_the_work() -> None:
    def stop(stage: str) -> None:
        raise BudgetError("budget", stage, "more time")

    with pytest.raises(BudgetError, match="Gröbner basis mod a prime, degree"):
        groebner_basis(ideal("x^2 - y").generators, check=stop)


def program(folder: Path, name: str, body: str) -> None:
    script = folder / name
    script.write_text(f"#!{sys.executable}\n{body}")
    script.chmod(0o755)


#: What Singular and msolve are given and print for x^2 = y, as a program that knows only that.
SINGULAR = "import sys\nassert 'ideal i = 1*x0^2-1*x1^1;' in sys.stdin.read()\nprint('x0^2-x1')\n"
MSOLVE = """\
import sys
given, found = sys.argv[4], sys.argv[6]
assert open(given).read() == "x0,x1\\n0\\n1*x0^2-1*x1^1\\n"
open(found, "w").write("#Reduced Groebner basis data\\n#---\\n#field characteristic: 0\\n[1*x0^2-1*x1^1]:\\n")
"""


@pytest.mark.parametrize(("name", "body"), [("Singular", SINGULAR), ("msolve", MSOLVE)])
def test_programs_are_asked_in_their_own_language(
    name: str, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, name, body)
    monkeypatch.setenv("PATH", str(tmp_path))
    generators = ideal("x^2 - y").generators
    assert (
        groebner_basis(generators, backend=BACKENDS[name]).polynomials
        == groebner_basis(generators).polynomials
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_fails_or_talks_nonsense_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(
        tmp_path,
        name,
        "import sys\nopen(sys.argv[-1], 'w').write('[?]') if '-o' in sys.argv else print('? error')\n",
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VerificationError):
        groebner_basis(ideal("x^2 - y").generators, backend=BACKENDS[name])


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("system", [cyclic(5), katsura(4), eco(6)])
def test_programs_that_are_there_agree(name: str, system: tuple[list[str], list[str]]) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    ring = Ring(system[0])
    equations = [ring.parse(e) for e in system[1]]
    assert (
        groebner_basis(equations, backend=BACKENDS[name]).polynomials == groebner_basis(equations).polynomials
    )


# -- ideals ---------------------------------------------------------------------------------------
def test_elimination_of_a_parametrisation() -> None:
    assert texts(ideal("y - x^2", "z - x^3").eliminate([0]).generators) == ["y^3 - z^2"]


def test_saturation_and_intersection() -> None:
    assert ideal("x*y", "x*z").saturate(RING.parse("x")) == ideal("y", "z")
    assert ideal("x").intersect(ideal("y", "z")) == ideal("x*y", "x*z")
    assert ideal("x") + ideal("y") == ideal("x + y", "x - y")


def test_radical_membership() -> None:
    squares = ideal("x^2", "y^3")
    assert squares.radical_contains(RING.parse("x + y"))
    assert RING.parse("x + y") not in squares
    assert not squares.radical_contains(RING.parse("z"))


def test_a_ring_with_clock_and_parameters() -> None:
    base = Ring(["x", "y"], ["a"])
    ring = Ring(["x", "y"], ["a"], Exponential(base.parse("a")))
    inside = Ideal(ring, [ring.parse("x*exp(a*t) - 1"), ring.parse("y - x")])
    assert inside.saturate(ring.parse("x")) == inside
    assert ring.parse("y*exp(a*t) - 1") in inside


def test_all_pairs_reduce_to_zero_not_only_those_of_the_criteria() -> None:
    basis = ideal("x^2 + y*z - 2", "x*z + y^2 - 3", "x*y + z^2 - 5").basis()
    dense = [
        {tuple(dict(m).get(v, 0) for v in range(4)): int(c) for m, c in p.terms.items()}
        for p in basis.polynomials
    ]
    division = divisors(
        dense, 4, Order("elimination", 4)
    )  # the order is degrevlex, the division is in Python
    assert all(division.pair_remainder_vanishes(i, j) for i, j in combinations(range(len(dense)), 2))


# -- what a proof of a basis rests on -----------------------------------------------------------------
def _divides(a: Any, b: Any) -> bool:
    return all(x <= y for x, y in zip(a, b, strict=True))


@given(
    st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=2, max_size=7, unique=True),
    st.randoms(use_true_random=False),
)
@examples(200)
def test_the_pairs_that_are_left_decide_all_pairs(monomials: list[tuple[int, ...]], random: Any) -> None:
    """Buchberger: the S-polynomial of leads i and j is taken care of when a chain of leads that divide their
    lcm joins i and j, each link being a pair that is reduced, or one of coprime leads, with an lcm that
    divides that of i and j."""
    leads = [m for m in monomials if not any(other != m and _divides(other, m) for other in monomials)]
    random.shuffle(leads)
    pairs = CriticalPairs(3)
    for lead in leads:
        pairs.add(np.array(lead, dtype=np.int64))
    lcm = {(i, j): tuple(map(max, leads[i], leads[j])) for i, j in combinations(range(len(leads)), 2)}
    links = set(zip(pairs.firsts.tolist(), pairs.seconds.tolist(), strict=True))
    links |= {(i, j) for i, j in lcm if not any(map(min, leads[i], leads[j]))}
    for (i, j), top in lcm.items():
        reached, pending = {i}, [i]
        while pending:
            k = pending.pop()
            for a, b in links:
                if k in (a, b) and _divides(lcm[a, b], top) and {a, b} - reached:
                    pending += {a, b} - reached
                    reached |= {a, b}
        assert j in reached
    ends = zip(pairs.firsts.tolist(), pairs.seconds.tolist(), strict=True)
    assert [tuple(m) for m in pairs.lcms.tolist()] == [lcm[pair] for pair in ends]


def test_old_pairs_go_only_when_a_chain_replaces_them() -> None:
    """x y, y z, x z: the pairs with x z have the lcm x y z of the old pair, so it stays or one of them
    does."""
    pairs = CriticalPairs(3)
    for lead in ((1, 1, 0), (0, 1, 1), (1, 0, 1)):
        pairs.add(np.array(lead, dtype=np.int64))
    assert len(pairs) == 2
    pairs = CriticalPairs(3)
    for lead in (
        (2, 0, 1),
        (0, 2, 1),
        (1, 1, 1),
    ):  # x y z divides the lcm x^2 y^2 z, and both pairs with it have smaller lcms
        pairs.add(np.array(lead, dtype=np.int64))
    assert sorted(map(tuple, pairs.lcms.tolist())) == [(1, 2, 1), (2, 1, 1)]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_chain_through_a_pair_with_the_same_lcm_is_none(order: tuple[int, ...]) -> None:
    """x^2 z and y^2 z have the lcm of x^2 z and x y^2; that pair follows from the one of y^2 z and x y^2 and
    theirs, so theirs does not follow from it, whichever comes last."""
    leads = [(2, 0, 1), (0, 2, 1), (1, 2, 0)]
    pairs = CriticalPairs(3)
    for k in order:
        pairs.add(np.array(leads[k], dtype=np.int64))
    assert sorted(map(tuple, pairs.lcms.tolist())) == [(1, 2, 1), (2, 2, 1)]


def test_pairs_that_are_taken_are_gone() -> None:
    pairs = CriticalPairs(2)
    for lead in ((3, 0), (2, 1), (0, 3)):
        pairs.add(np.array(lead, dtype=np.int64))
    assert sorted(map(tuple, pairs.lcms.tolist())) == [(2, 3), (3, 1)]
    firsts, seconds, lcms = pairs.take(pairs.lcms[:, 0] == 3)
    assert (firsts.tolist(), seconds.tolist(), lcms.tolist()) == ([0], [1], [[3, 1]])
    assert pairs.lcms.tolist() == [[2, 3]]


def test_a_complete_intersection_has_the_series_of_one() -> None:
    """Two equations and codimension 2 are not enough: x^2, x y, y^2 has it too."""
    assert HilbertSeries(np.array([[2, 0], [0, 2]])).is_complete_intersection([2, 2])
    assert not HilbertSeries(np.array([[2, 0], [1, 1], [0, 2]])).is_complete_intersection([2, 2])
    assert not HilbertSeries(np.array([[2, 0], [0, 3]])).is_complete_intersection([2, 2])
    assert not HilbertSeries(np.array([[2, 0], [0, 2]])).is_complete_intersection([2, 2, 2])
    assert not HilbertSeries(np.array([[2, 0]])).is_complete_intersection([2, 2])


@pytest.mark.slow
def test_degrees_without_new_elements_reduce_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """For balanced layers 2-4-2 the basis has degree 5, and the pairs of degrees 6 and 7 make 978 rows."""
    rows: list[int] = []
    reduced = trace.reduced_rows

    def counted(matrix: SymbolicMatrix, *rest: Any) -> Any:
        rows.append(len(matrix.rows))
        return reduced(matrix, *rest)

    monkeypatch.setattr(trace, "reduced_rows", counted)
    variety = pl.Variety.of(pl.flow_of_spec("linear:2,4,2"), "balanced")
    assert len(variety.ideal.basis().polynomials) == 189
    assert sum(rows) <= 800


@pytest.mark.parametrize("prime", mostly_slow([0, 32003], 32003))
def test_the_proof_misses_what_bad_luck_left_out(monkeypatch: pytest.MonkeyPatch, prime: int) -> None:
    ring = Ring(["x", "y", "z"])
    polynomials = [ring.parse(text) for text in ("x^2 - y*z", "x*y - z^2")]
    assert len(groebner_basis(polynomials, prime=prime).polynomials) == 3
    degrees = iter(range(2, 100))
    monkeypatch.setattr(trace, "seem_to_vanish", lambda *_: next(degrees) != 2)
    with pytest.raises(VerificationError):
        groebner_basis(polynomials, prime=prime)
