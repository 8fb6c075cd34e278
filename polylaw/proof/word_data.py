"""Words as the plain data of a certificate, and back.

An expression is {"open": widths of its axes, "terms": [[c, [letter, index, ...], ...], ...]}: c times a
product of entries, summed over all indices but 0, 1, ..., which are the axes.  The letter `=n` is the n x n
identity matrix, for a diagonal array and for an index that occurs in no letter.  Coefficients are polynomials
in the clock, if there is one, and the parameters, numbered from 0; they are written as in
`polylaw.proof.encoding`.
"""

from __future__ import annotations

from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.printing import ordered
from polylaw.algebra.words.term import Term, canonical, is_ones, ones
from polylaw.proof.encoding import Data, decoded, encoded


def encoded_expression(expression: Expression) -> dict[str, Any]:
    """The data of an expression."""
    terms = [_encoded_term(term, c, expression.widths) for term, c in ordered(expression)]
    return {"open": list(expression.widths), "terms": terms}


def _encoded_term(term: Term, c: Polynomial, widths: tuple[str, ...]) -> list[Any]:
    axis = {label: k for k, label in reversed(list(enumerate(term.open)))}
    more = len(term.open) - len(axis)  # axes beside the first on a diagonal
    at = {label: axis.get(label, label + more) for label in range(term.indices)}
    factors: list[list[Any]] = []
    for name, labels in term.factors:
        places = [at[label] for label in labels]
        identity = [f"={name.removeprefix(ones(''))}", *places]
        factors.append([*identity, *places] if is_ones(name) else [name, *places])
    axes = enumerate(zip(term.open, widths, strict=True))
    ties = [[f"={width}", at[label], k] for k, (label, width) in axes if at[label] != k]
    return [encoded(c), *factors, *ties]


def decoded_expression(alphabet: Alphabet, data: Data) -> Expression:
    """An expression of a certificate, over an alphabet whose scalars are its coordinates."""
    widths = tuple(data["open"])
    pairs = ((_decoded_term(factors, len(widths)), c) for c, *factors in data["terms"])
    terms = ({term: decoded(alphabet.scalars, c)} for term, c in pairs)
    return Expression.sum(alphabet, widths, (Expression(alphabet, widths, term) for term in terms))


def _decoded_term(factors: list[list[Any]], axes: int) -> Term:
    same: dict[int, int] = {}  # indices that identity matrices make equal: one of them stands for all
    identities = [f for f in factors if f[0].startswith("=")]
    for _, i, j in identities:
        old, new = same.get(j, j), same.get(i, i)
        same = {k: new if s == old else s for k, s in same.items()} | {old: new}
    vectors = [(ones(name[1:]), [i]) for name, i, j in identities if i == j]
    others = (f for f in factors if not f[0].startswith("="))
    letters = [(name, [same.get(i, i) for i in labels]) for name, *labels in others]
    return canonical([same.get(k, k) for k in range(axes)], [*letters, *vectors])
