"""Witnesses of completeness for Coq: products of laws, and as many unknowns at which their coefficients have
an inverse.

The unknowns are the coefficients of a polynomial in the monomials of a claim.  That all fields annihilate it
is a system of sparse linear equations; where the chosen unknowns are 0, all others must be.  Coq eliminates
by itself: first equations with one unknown left, one after the other, then what remains.  Unknowns are chosen
so that little remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from polylaw.algebra.linear.modular import pivot_columns
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.flows.distribution import Field
from polylaw.proof import coq_system as linear
from polylaw.proof.coq_syntax import definition, integers, joined, listed
from polylaw.proof.coq_witness import scaled_inverse_columns
from polylaw.proof.motion import Coordinates

_SPAN = "because products of the laws do not span all that the fields annihilate"


@dataclass(frozen=True)
class Completeness:
    """The monomials as a term of Coq; numbers of the laws in each product; unknowns that are free, and the
    inverse of the matrix of the coefficients of the products at them, its rows times integers."""

    monomials: str
    products: list[list[int]]
    free: list[int]
    inverse: list[list[int]]

    def definitions(self) -> str:
        """`unknowns` and `products`."""
        listing = f"map (product laws) {joined(map(_numbers, self.products))}%nat"
        products = definition("products", "list poly", listing if self.products else "[]")
        return definition("unknowns", "list mono", self.monomials) + products

    def arguments(self) -> str:
        """Those of the theorem in the library that only help to check."""
        return f"{_numbers(self.free)}%nat\n   {listed(map(integers, map(_trimmed, self.inverse)))}"


def completeness(
    claim: dict[str, Any], x: Coordinates, laws: Sequence[Polynomial], fields: Iterable[Field], budget: Budget
) -> Completeness:
    """The witness for a claim, verified exactly; coefficients are integers.  Raises `WithheldError`."""
    if x.ring.size > x.moving:
        raise linear.WithheldError("because the flow has parameters")
    text, unknowns = linear.monomials(claim, x, budget)
    system = linear.equations(unknowns, fields, budget)
    products, vectors = _products(claim, x, laws, unknowns)
    if len(unknowns) * (len(unknowns) + sum(map(len, vectors))) > budget.max_coq_steps:
        raise linear.WithheldError("because its products take Coq too long (max_coq_steps)")
    free, rest = linear.free_unknowns(system, vectors, len(unknowns))
    square = [[v.get(i, 0) for v in vectors] for i in free]
    witness = Completeness(text, products, free, scaled_inverse_columns(square))
    _verify(witness, vectors, system, rest, budget)
    return witness


def _verify(
    witness: Completeness, vectors: list[linear.Row], system: list[linear.Row], rest: set[int], budget: Budget
) -> None:
    """That the inverse is one, products are annihilated, and what remains determines the unknowns that do."""
    for k, combination in enumerate(witness.inverse):
        pairs = [*zip(combination, vectors, strict=True)]
        values = [sum(c * v.get(i, 0) for c, v in pairs) for i in witness.free]
        assert [i for i, value in enumerate(values) if value] == [k]
    if any(sum(c * v.get(i, 0) for i, c in row.items()) for row in system for v in vectors):
        raise linear.WithheldError("because its products are no laws")
    remaining = ({i: c for i, c in row.items() if i in rest} for row in system)
    if not linear.eliminate([row for row in remaining if row], len(rest), budget):
        raise linear.WithheldError(_SPAN)


def _products(
    claim: dict[str, Any], x: Coordinates, laws: Sequence[Polynomial], unknowns: Sequence[linear.Monomial]
) -> tuple[list[list[int]], list[linear.Row]]:
    """(as many products of laws as are independent, short ones first, their coefficients)"""
    place = {m: i for i, m in enumerate(unknowns)}

    def degree_of(monomials: Iterable[linear.Monomial]) -> int:
        return max((sum(e for g, e in m if g < x.variables) for m in monomials), default=0)

    top = degree_of(unknowns)
    found: list[tuple[list[int], Polynomial, int]] = [([], x.ring.constant(1), 0)]
    for i in claim["laws"]:
        degree = degree_of(laws[i].terms)
        for numbers, p, d in found if degree else list(found):  # the list grows by powers of the law
            if d + degree <= top:
                found.append(([*numbers, i], p * laws[i], d + degree))
    short = sorted(found[1:], key=lambda item: (len(item[0]), item[0]))
    inside = [(numbers, p.terms) for numbers, p, _ in short if p.terms.keys() <= place.keys()]
    rows = [{place[m]: int(c) for m, c in terms.items()} for _, terms in inside]
    columns = linear.coefficients(rows, len(unknowns)).T.copy()
    chosen = pivot_columns(columns, linear.PRIME).tolist()
    if len(chosen) != claim["dimension"]:
        raise linear.WithheldError(_SPAN)
    return [inside[k][0] for k in chosen], [rows[k] for k in chosen]


def _numbers(numbers: Iterable[int]) -> str:
    return joined(map(str, numbers))


def _trimmed(row: list[int]) -> list[int]:
    """Without zeros at the end."""
    while row and not row[-1]:
        row = row[:-1]
    return row
