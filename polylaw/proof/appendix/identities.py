"""The identities X h = 0 written out, with one representative for all that are equal up to renaming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from polylaw.algebra.check import Check
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.proof.appendix.document import Formula, Number, Operator
from polylaw.proof.appendix.expand import reproduced
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.formulas import MINUS, Signed, parenthesised, row, sum_lines, width
from polylaw.proof.appendix.names import Names
from polylaw.proof.system import Law

#: A sum of more terms is too long for a factor; nor is one wider than this, in digits, set in parentheses.
_LONG, _WIDE = 3, 44.0
#: How many products, over all identities, are sorted into classes; an identity of more terms is not printed.
_MOST_PRODUCTS, _MOST_TERMS = 200_000, 1000
_ONE = Number("1")

Products = list[tuple[Polynomial, Polynomial]]


@dataclass(frozen=True)
class Identity:
    """The derivative of a law along a field as a sum of products, on lines."""

    law: int
    field: int
    lines: tuple[Formula, ...]


@dataclass(frozen=True)
class Identities:
    """Representatives; how many identities are one of them up to names, are not told, have no product."""

    shown: tuple[Identity, ...]
    renamed: int
    untold: int
    empty: int

    @property
    def total(self) -> int:
        """How many identities have a product."""
        return len(self.shown) + self.renamed + self.untold


def identities(
    fields: Fields, laws: Sequence[Law], names: Names, most_lines: int, check: Check
) -> Identities:
    """The identities of these laws of the certificate, in this order; representatives fill about `most_lines`
    lines.

    Two identities are the same when one renaming of the variables carries the products of the one, in order,
    to those of the other; the clock and the parameters keep their names.
    """
    found: dict[Any, tuple[int, int, Products]] = {}
    counts: dict[Any, int] = {}
    empty = seen = 0
    for law in laws:
        gradient = law.polynomial.gradient()
        for field in range(len(fields.components)):
            check("sorting identities")
            products = fields.products(field, gradient)
            if not products:
                empty += 1
                continue
            seen += len(products)
            sorted_in, parts = seen <= _MOST_PRODUCTS, [p for pair in products for p in pair]
            shape = shape_of(parts) if sorted_in else "not sorted"
            found.setdefault(shape, (law.number, field, products))
            counts[shape] = counts.get(shape, 0) + 1
    shown: list[Identity] = []
    total, used, told = sum(counts.values()), 0, 0
    for shape, (number, field, products) in found.items():
        check("writing identities out")
        if sum(len(a.terms) * len(b.terms) for a, b in products) > _MOST_TERMS:
            continue
        lines = _lines(products, names)
        if used + len(lines) > most_lines:
            continue
        shown.append(Identity(number, field, tuple(lines)))
        used += len(lines)
        told += 1 if shape == "not sorted" else counts[shape]
    return Identities(tuple(shown), told - len(shown), total - told, empty)


def shape_of(polynomials: Sequence[Polynomial]) -> tuple[Any, ...]:
    """Polynomials with variables renamed in the order in which they occur."""
    new: dict[int, int] = {}

    def renamed(g: int, ring: Ring) -> tuple[bool, int]:
        return (True, new.setdefault(g, len(new))) if g < len(ring.variables) else (False, g)

    return tuple(
        tuple((c, tuple((renamed(g, p.ring), e) for g, e in m)) for m, c in p.sorted_terms())
        for p in polynomials
    )


def _lines(products: Products, names: Names) -> list[Formula]:
    """The sum of the products on lines; a power of the clock that all share stands in front."""
    lines = _written(products, names)
    reproduced(names.meaning, Polynomial.sum(names.ring, (a * b for a, b in products)), *lines)
    return lines


def _written(products: Products, names: Names) -> list[Formula]:
    clock = names.clock_index
    powers = [[{dict(m).get(clock, 0) for m in p.terms} for p in pair] for pair in products]
    common = min(sum(map(min, pair)) for pair in powers)
    if not common or any(len(found) > 1 for pair in powers for found in pair):
        return sum_lines(_signed(products, names))
    firsts = (min(power, common) for (power,), _ in powers)
    pairs = zip(products, firsts, strict=True)
    bare = [(_lowered(a, clock, n), _lowered(b, clock, common - n)) for (a, b), n in pairs]
    return names.scaled(names.clock(common), _signed(bare, names))


def _lowered(p: Polynomial, coordinate: int, power: int) -> Polynomial:
    """p divided by a power of a coordinate."""
    lower = {m: tuple((k, e - power if k == coordinate else e) for k, e in m) for m in p.terms}
    return Polynomial(p.ring, {tuple(q for q in lower[m] if q[1]): c for m, c in p.terms.items()})


def _signed(products: Products, names: Names) -> list[Signed]:
    """Each product with at most one sign in front; one with a long factor is multiplied out."""
    terms: list[Signed] = []
    for a, b in products:
        (sign_a, left), (sign_b, right) = _factor(a, names), _factor(b, names)
        factors = [f for f in (left, right) if f != _ONE] or [_ONE]
        between = [Operator("times")] if len(factors) > 1 else []
        whole = row(factors[0], *between, *factors[1:])
        long = max(len(a.terms), len(b.terms)) > _LONG
        if long and (between or width(whole) > _WIDE):
            terms += names.summands(a * b)
        else:
            negative = sign_a != sign_b
            reproduced(names.meaning, a * b, row(*([MINUS] if negative else []), whole))
            terms.append((negative, whole))
    return terms


def _factor(p: Polynomial, names: Names) -> Signed:
    """(whether one term with a minus sign, the factor without that sign, in parentheses if it is a sum)."""
    terms = names.summands(p)
    return terms[0] if len(terms) == 1 else (False, parenthesised(names.polynomial(p)))
