"""Expressions as text that parses back: as matrix words if all terms are, else with every index written out.

U' U - V' V                 diag(U' U) + b .* b            2 1' U - diag(V' V + b b')
exp(tau*t) (U' dU - dU' U)  tr(Q Q' - K K')                [i,j] Q[k,i,l] Q[k,j,l] - K[k,i,l] K[k,j,l]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.printing import signed_sum
from polylaw.algebra.terms import degree_of
from polylaw.algebra.words.letters import Combination, Letters
from polylaw.algebra.words.matrix_word import MatrixWord, matrix_word
from polylaw.algebra.words.term import Term

_INDICES = "ijklpqrsuvwxyzabcdefgh"


def to_text(expression: Combination) -> str:
    """Canonical text; equal expressions have equal texts."""
    if not expression:
        return "0"
    words = matrix_words(expression)
    if words is None:
        return index_text(expression)
    return signed_sum(_by_clock(expression, lambda part: _by_head(part, words)))


def matrix_words(expression: Combination) -> dict[Term, MatrixWord] | None:
    """The terms as matrix words; None when one of them needs indices."""
    words = {term: matrix_word(expression.alphabet, term) for term in expression.terms}
    known = {term: word for term, word in words.items() if word is not None}
    return known if len(known) == len(words) else None


def index_text(expression: Combination) -> str:
    """The text with every index written out: open ones in front, all others summed over."""
    # all terms of a diagonal array have the same open index twice
    names = [_index_name(i) for i in next(iter(expression.terms)).open]
    body = signed_sum(
        _by_clock(expression, lambda part: [_summand(c, _factors_text(term)) for term, c in part])
    )
    return f"[{','.join(names)}] {body}" if names else body


def ordered(expression: Combination) -> list[tuple[Term, Polynomial]]:
    """Terms with coefficients in the order of the text."""
    words = matrix_words(expression)
    if words is None:
        return sorted(expression.terms.items(), key=lambda item: _plain_key(expression.alphabet, item[0]))
    return sorted(expression.terms.items(), key=lambda item: words[item[0]].order)


def _plain_key(alphabet: Letters, term: Term) -> tuple[object, ...]:
    return (term.length, [(alphabet.place.get(name, -1), labels) for name, labels in term.factors], term.open)


def _index_name(index: int) -> str:
    return _INDICES[index] if index < len(_INDICES) else f"i{index}"


def _factors_text(term: Term) -> str:
    return " ".join(
        f"{name}[{','.join(map(_index_name, labels))}]" if labels else name for name, labels in term.factors
    )


# -- sums ------------------------------------------------------------------------------------------
#: Summands as (negative, text without sign).
_Parts = list[tuple[bool, str]]
_Terms = list[tuple[Term, Polynomial]]


def _by_clock(expression: Combination, inner: Callable[[_Terms], _Parts]) -> _Parts:
    """The summands grouped by the power of the clock, which stands in front of each group."""
    ring = expression.alphabet.scalars
    groups: dict[int, _Terms] = {}
    for term, c in ordered(expression):
        for power, rest in sorted(clock_parts(c).items()):
            groups.setdefault(power, []).append((term, rest))
    parts: _Parts = []
    for power in sorted(groups):
        parts += _behind(f"{ring.power_text(0, power)} " if power else "", groups[power], inner)
    return parts


def clock_parts(c: Polynomial) -> dict[int, Polynomial]:
    """The coefficients of a scalar by the power of the clock; each is free of it."""
    if c.ring.clock is None:
        return {0: c}
    return {degree_of(power): part for power, part in c.coefficients((0,)).items()}


def _by_head(part: _Terms, words: Mapping[Term, MatrixWord]) -> _Parts:
    """The summands by head and width; each group with a head in its parentheses."""
    groups: dict[tuple[str, str], _Terms] = {}
    for term, c in part:
        groups.setdefault((words[term].head, words[term].width), []).append((term, c))
    parts: _Parts = []
    for head, width in sorted(groups):
        group = groups[head, width]
        parts += _behind(head, group, lambda part: [_summand(c, words[t].inner) for t, c in part])
    return parts


def _behind(head: str, group: _Terms, inner: Callable[[_Terms], _Parts]) -> _Parts:
    if not head:
        return inner(group)
    negative = _is_negative(group[0][1])
    body = inner([(t, -c) for t, c in group] if negative else group)
    return [(negative, f"{head}({signed_sum(body)})")]


def _is_negative(c: Polynomial) -> bool:
    return len(c.terms) == 1 and next(iter(c.terms.values())) < 0


def _summand(c: Polynomial, text: str) -> tuple[bool, str]:
    negative = _is_negative(c)
    size = -c if negative else c
    factor = "" if size == 1 else f"{size} " if len(size.terms) == 1 else f"({size}) "
    return negative, (factor + text).strip() if text else str(size)
