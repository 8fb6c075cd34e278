"""Witnesses of a Lie rank recomputed the plain way: Python integers, dictionaries, no code of the engine's
routes.

What is shared is only what a witness is about: the fields of a distribution, read term by term.
"""

from __future__ import annotations

from hashlib import sha256

import polylaw as pl
from polylaw.laws.witness import BracketWitness, SeriesWitness

__all__ = ["recomputed_rank"]

Polynomial = dict[tuple[tuple[int, int], ...], int]
Field = dict[int, Polynomial]
Series = list[int]


def recomputed_rank(flow: pl.Flow, witness: SeriesWitness | BracketWitness) -> int:
    """The rank mod its prime of the vectors a witness stands for."""
    fields = [
        {k: {m: int(c) for m, c in p.terms.items()} for k, p in field.components.items()}
        for field in flow.distribution.fields
    ]
    state = flow.ring.parameter_indices.start
    assert all(witness.prime % d for d in range(2, 2049))  # so it is prime, being below 2^22
    vectors = (
        _series_vectors(fields, state, witness)
        if isinstance(witness, SeriesWitness)
        else _bracket_vectors(fields, state, witness)
    )
    return _rank(vectors, witness.prime)


def _rank(rows: list[list[int]], p: int) -> int:
    rows, rank = [list(row) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column] % p), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        scale = pow(rows[rank][column], -1, p)
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] * scale % p
            rows[i] = [(a - factor * b) % p for a, b in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank


# -- power series ----------------------------------------------------------------------------------
def _control(witness: SeriesWitness, field: int, order: int) -> int:
    digest = sha256(f"{witness.seed} control {field} {order}".encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % (witness.prime - 1)


def _times(a: Series, b: Series, p: int) -> Series:
    return [sum(a[i] * b[k - i] for i in range(k + 1)) % p for k in range(len(a))]


def _at(polynomial: Polynomial, x: list[Series], p: int) -> Series:
    size = len(x[0])
    total = [0] * size
    for monomial, c in polynomial.items():
        value = [c % p] + [0] * (size - 1)
        for generator, power in monomial:
            for _ in range(power):
                value = _times(value, x[generator], p)
        total = [(a + b) % p for a, b in zip(total, value, strict=True)]
    return total


def _derivative(polynomial: Polynomial, generator: int) -> Polynomial:
    result: Polynomial = {}
    for monomial, c in polynomial.items():
        powers = dict(monomial)
        if e := powers.get(generator, 0):
            powers[generator] = e - 1
            lower = tuple(sorted((g, q) for g, q in powers.items() if q))
            result[lower] = result.get(lower, 0) + c * e
    return result


def _series_vectors(fields: list[Field], state: int, witness: SeriesWitness) -> list[list[int]]:
    p, size = witness.prime, 1 + max((order for order, _ in witness.elements), default=0)
    controls = [[_control(witness, j, k) for k in range(size)] for j in range(len(fields))]
    x = [[value] + [0] * (size - 1) for value in witness.point]
    for _ in range(size):  # every pass of Picard's iteration makes one more coefficient right
        velocity = [[0] * size for _ in range(state)]
        for j, field in enumerate(fields):
            for k, component in field.items():
                part = _times(controls[j], _at(component, x, p), p)
                velocity[k] = [(a + b) % p for a, b in zip(velocity[k], part, strict=True)]
        for k in range(state):
            x[k] = [x[k][0]] + [velocity[k][i - 1] * pow(i, -1, p) % p for i in range(1, size)]
    slope = [[[0] * size for _ in range(state)] for _ in range(state)]
    for j, field in enumerate(fields):
        for k, component in field.items():
            for i in range(state):
                part = _times(controls[j], _at(_derivative(component, i), x, p), p)
                slope[k][i] = [(a + b) % p for a, b in zip(slope[k][i], part, strict=True)]
    n = [[[[int(a == b)] + [0] * (size - 1) for b in range(state)] for a in range(state)]][0]
    for k in range(1, size):  # k N_k = - sum_i N_i Df_(k-1-i)
        for a in range(state):
            for b in range(state):
                total = sum(n[a][c][i] * slope[c][b][k - 1 - i] for c in range(state) for i in range(k))
                n[a][b][k] = -total * pow(k, -1, p) % p
    vectors = []
    for order, j in witness.elements:
        values = {k: _at(component, x, p) for k, component in fields[j].items()}
        vectors.append(
            [sum(_times(n[a][k], value, p)[order] for k, value in values.items()) % p for a in range(state)]
        )
    return vectors


# -- brackets --------------------------------------------------------------------------------------
def _along(field: Field, polynomial: Polynomial) -> Polynomial:
    result: Polynomial = {}
    for k, component in field.items():
        for m, c in _derivative(polynomial, k).items():
            for n, d in component.items():
                powers = dict(m)
                for generator, power in n:
                    powers[generator] = powers.get(generator, 0) + power
                product = tuple(sorted(powers.items()))
                result[product] = result.get(product, 0) + c * d
    return result


def _bracket(left: Field, right: Field) -> Field:
    result: Field = {}
    for sign, field, by in ((1, left, right), (-1, right, left)):
        for k, component in field.items():
            target = result.setdefault(k, {})
            for monomial, c in _along(by, component).items():
                target[monomial] = target.get(monomial, 0) + sign * c
    return result


def _bracket_vectors(fields: list[Field], state: int, witness: BracketWitness) -> list[list[int]]:
    elements = list(fields)
    for a, b in witness.brackets:
        elements.append(_bracket(elements[a], elements[b]))
    point = [[value] for value in witness.point]
    return [
        [_at(elements[i].get(k, {}), point, witness.prime)[0] for k in range(state)] for i in witness.elements
    ]
