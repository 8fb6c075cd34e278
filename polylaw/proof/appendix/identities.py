"""The identities X h = 0 written out, with one representative for all that are equal up to renaming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction as Rational
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.flows.distribution import Field
from polylaw.proof.appendix.document import Formula, Number, Operator
from polylaw.proof.appendix.mathematics import Names, row, sum_lines

__all__ = ["Identity", "identities"]

Term = list[Any]
#: A sum of more terms than this is too long for a factor.
_LONG = 3


@dataclass(frozen=True)
class Identity:
    """X_field h_law = sum of products = 0, on lines; `others` are equal to it up to the names of variables."""

    law: int
    field: int
    lines: tuple[Formula, ...]
    others: int


def identities(
    fields: Sequence[Field], laws: Sequence[Polynomial], names: Names, most: int
) -> tuple[list[Identity], int, int]:
    """(representatives, how many identities have a nonzero product, how many have none).

    At most `most` representatives are returned; two identities are the same when one renaming of the coordinates
    carries the products of the one, in order, to those of the other.
    """
    found: dict[Any, list[Any]] = {}
    empty = total = 0
    for i, law in enumerate(laws):
        gradient = law.gradient()
        for j, field in enumerate(fields):
            products = [(gradient[k], field.components[k]) for k in sorted(gradient.keys() & field.components.keys())]
            if not products:
                empty += 1
                continue
            total += 1
            found.setdefault(_shape(products), []).append((i, j, products))
    chosen = []
    for same in list(found.values())[:most]:
        i, j, products = same[0]
        chosen.append(Identity(i, j, tuple(_lines(products, names)), len(same) - 1))
    return chosen, total, empty


def _shape(products: Sequence[tuple[Polynomial, Polynomial]]) -> tuple[Any, ...]:
    """The products with coordinates renamed in the order in which they occur."""
    new: dict[int, int] = {}

    def renamed(p: Polynomial) -> tuple[Any, ...]:
        return tuple((c, tuple((new.setdefault(g, len(new)), e) for g, e in m)) for m, c in p.sorted_terms())

    return tuple((renamed(a), renamed(b)) for a, b in products)


def _lines(products: Sequence[tuple[Polynomial, Polynomial]], names: Names) -> list[Formula]:
    """The sum of the products, each with at most one sign in front; a product with a long factor is multiplied out."""
    terms = []
    for a, b in products:
        if max(len(a.terms), len(b.terms)) > _LONG:
            terms += [names.signed(terms_of(m, c)) for m, c in (a * b).sorted_terms()]
            continue
        (sign_a, left), (sign_b, right) = _factor(a, names), _factor(b, names)
        negative = sign_a != sign_b
        if left == Number("1") or right == Number("1"):
            terms.append((negative, right if left == Number("1") else left))
        else:
            terms.append((negative, row(left, Operator("times"), right)))
    return sum_lines(terms)


def _factor(p: Polynomial, names: Names) -> tuple[bool, Formula]:
    """(whether one term with a minus sign, the factor without that sign, in parentheses if it is a sum)."""
    terms = [terms_of(m, c) for m, c in p.sorted_terms()]
    if len(terms) == 1:
        return names.signed(terms[0])
    return False, row(Operator("("), names.polynomial(terms), Operator(")"))


def terms_of(monomial: Any, c: Any) -> Term:
    """A term as certificates write it."""
    return [str(Rational(c)), *(n for pair in monomial for n in pair)]
