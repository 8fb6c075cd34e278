"""Gröbner bases over Q, proved, with the packages pip installs: reduced bases, normal forms, ideals."""

from polylaw.algebra.groebner.basis import GroebnerBasis, groebner_basis
from polylaw.algebra.groebner.ideal import Ideal
from polylaw.algebra.groebner.orders import Order

__all__ = ["GroebnerBasis", "Ideal", "Order", "groebner_basis"]
