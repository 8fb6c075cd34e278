"""What the elements of all algebras share in which laws are sought.

    polynomials                  `polylaw.algebra.ring.Polynomial`, over its coefficients and its ring
    polynomials modulo an ideal  the same, in normal form (`polylaw.algebra.groebner`)
    towers of functions          `polylaw.algebra.bounded.Quotient`, with which a tower computes; as a value,
                                 with truth, equality and text, that of such a quotient in its tower:
                                 `polylaw.domains.elementary.expression.Expression`
    matrix words                 `polylaw.algebra.words.expression.Expression`, over its ring of scalars

Equality and hash are by value: of a tower, that the difference is 0 by its rules.
"""

from __future__ import annotations

from typing import Any, Protocol, Self


class Element(Protocol):
    """An element of an algebra over a ring of scalars: true when it is not 0; its text parses back."""

    def __add__(self, other: Any, /) -> Self: ...

    def __sub__(self, other: Any, /) -> Self: ...

    def __neg__(self) -> Self: ...

    def __mul__(self, scalar: Any, /) -> Self: ...

    def __bool__(self) -> bool: ...

    def __hash__(self) -> int: ...

    def __str__(self) -> str: ...
