"""Hypothesis strategies that the test suite shares, plural nouns like Hypothesis's own.  A new feature adds
its strategy here."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from polylaw.algebra.polynomial import Monomial, Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Clock, Exponential, Ring, RootOfTime

__all__ = [
    "clocks",
    "generator_names",
    "monomials",
    "points",
    "polynomial_tuples",
    "polynomials",
    "rational_functions",
    "rationals",
    "rings",
]

_RESERVED = {"exp", "log", "sqrt", "sin", "cos", "t"}


def rationals(largest: int = 10**6) -> SearchStrategy[Coefficient]:
    """Rational numbers, half of them integers, with numerator and denominator up to `largest`."""
    integers = st.integers(-largest, largest)
    fractions = st.builds(Fraction, integers, st.integers(1, largest))
    return st.one_of(integers, fractions.map(lambda f: f.numerator if f.denominator == 1 else f))


def generator_names() -> SearchStrategy[str]:
    """Names a ring accepts, entries of matrices and velocities among them."""
    usual = st.sampled_from(
        ["x", "y", "U_1_1", "U_1_2", "dU_1_1", "U1_2_1", "theta1", "tau", "w2", "my_name", "e", "I"]
    )
    return st.one_of(
        usual, st.from_regex(r"\A[A-Za-z][A-Za-z0-9_]{0,8}\Z").filter(lambda name: name not in _RESERVED)
    )


@st.composite
def clocks(draw: DrawFn, parameters: tuple[str, ...] = ()) -> Clock | None:
    """No clock, a root of time, or an exponential whose rate is linear in the parameters."""
    kind = draw(st.sampled_from(["none", "root", "exponential"]))
    if kind == "none":
        return None
    if kind == "root":
        return RootOfTime(draw(st.integers(1, 4)))
    ring = Ring(parameters)
    rate = draw(polynomials(ring, most_terms=2, highest_power=1).filter(bool))
    return Exponential(rate)


@st.composite
def rings(draw: DrawFn, with_clock: bool = True, fewest_variables: int = 1) -> Ring:
    """Rings of up to four variables and two parameters, with a clock of any kind unless told otherwise."""
    names = draw(st.lists(generator_names(), min_size=fewest_variables, max_size=6, unique=True))
    count = draw(st.integers(min(len(names), max(fewest_variables, len(names) - 2)), len(names)))
    parameters = tuple(names[count:])
    return Ring(names[:count], parameters, draw(clocks(parameters)) if with_clock else None)


def monomials(ring: Ring, highest_power: int = 3) -> SearchStrategy[Monomial]:
    """Monomials in up to three generators of any kind."""
    if not ring.size:
        return st.just(())
    powers = st.dictionaries(st.integers(0, ring.size - 1), st.integers(1, highest_power), max_size=3)
    return powers.map(lambda d: tuple(sorted(d.items())))


def polynomials(ring: Ring, *, most_terms: int = 5, highest_power: int = 3) -> SearchStrategy[Polynomial]:
    """Elements of `ring`, zero and constants among them."""
    terms = st.dictionaries(monomials(ring, highest_power), rationals(1000), max_size=most_terms)
    return terms.map(lambda d: Polynomial(ring, d))


@st.composite
def polynomial_tuples(draw: DrawFn, count: int, with_clock: bool = True) -> tuple[Polynomial, ...]:
    """`count` polynomials of one ring."""
    ring = draw(rings(with_clock=with_clock))
    return tuple(draw(polynomials(ring)) for _ in range(count))


@st.composite
def rational_functions(draw: DrawFn, with_clock: bool = True) -> RationalFunction:
    """Quotients of small polynomials of one ring."""
    ring = draw(rings(with_clock=with_clock))
    small = polynomials(ring, most_terms=3, highest_power=2)
    return RationalFunction(draw(small), draw(small.filter(bool)))


def points(ring: Ring) -> SearchStrategy[dict[int, Coefficient]]:
    """A rational value for every generator, by index."""
    return st.fixed_dictionaries({generator: rationals(20) for generator in range(ring.size)})
