"""Quotients of polynomials in lowest terms; and polynomials, which are at home in `polylaw.algebra.ring`."""

from __future__ import annotations

from fractions import Fraction

from polylaw.algebra.ring import Polynomial, Ring
from polylaw.algebra.terms import Monomial, degree_of, multiply_monomials, multiset
from polylaw.errors import InputError

__all__ = ["Monomial", "Polynomial", "RationalFunction", "degree_of", "multiply_monomials", "multiset"]


class RationalFunction:
    """numerator / denominator in lowest terms over Q, the denominator primitive.

    Raises `InputError` for a zero denominator, or for parts in different rings.
    """

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Polynomial, denominator: Polynomial) -> None:
        numerator._same_ring(denominator)
        if not denominator:
            raise InputError("denominator", "0", "a nonzero polynomial")
        if denominator == 1:
            self.numerator, self.denominator = numerator, denominator
            return
        common = None if denominator.constant_value is not None else numerator.gcd(denominator)
        if common is not None and common.constant_value is None:
            numerator, denominator = numerator.divide_exactly(common), denominator.divide_exactly(common)
        self.denominator = denominator.primitive()
        self.numerator = numerator * (Fraction(self.denominator.leading[1]) / denominator.leading[1])

    def into(self, ring: Ring) -> RationalFunction:
        """The same quotient in another ring; see `Polynomial.into`."""
        return RationalFunction(self.numerator.into(ring), self.denominator.into(ring))

    def __bool__(self) -> bool:
        return bool(self.numerator)

    @property
    def is_polynomial(self) -> bool:
        """Whether the denominator is 1."""
        return self.denominator == 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RationalFunction):
            return NotImplemented
        return self.numerator == other.numerator and self.denominator == other.denominator

    def __hash__(self) -> int:
        return hash((self.numerator, self.denominator))

    def __str__(self) -> str:
        return str(self.numerator) if self.is_polynomial else f"({self.numerator})/({self.denominator})"

    def __repr__(self) -> str:
        return f"RationalFunction({str(self)!r})"
