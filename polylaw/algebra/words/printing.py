"""Expressions as text that parses back: matrix words where all terms are words, else with every index written
out.

U' U - V' V                 diag(U' U) + b .* b            2 1' U - diag(V' V + b b')
exp(tau*t) (U' dU - dU' U)  tr(Q Q' - K K')                [i,j] Q[k,i,l] Q[k,j,l] - K[k,i,l] K[k,j,l]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.printing import signed_sum
from polylaw.algebra.words.expression import Alphabet, Expression
from polylaw.algebra.words.term import Factor, Term, is_ones

__all__ = ["clock_parts", "index_text", "ordered", "to_text", "word_text"]

_INDICES = "ijklpqrsuvwxyzabcdefgh"


@dataclass(frozen=True)
class _Word:
    """A term as text: `head` is `diag` or `tr` when the text goes into its parentheses, beside others of the
    same `width`; `key` orders terms."""

    head: str
    text: str
    key: tuple[object, ...]
    width: str = ""


def to_text(expression: Expression) -> str:
    """Canonical text; equal expressions have equal texts."""
    if not expression:
        return "0"
    written = {term: _word(expression.alphabet, term) for term in expression.terms}
    if None in written.values():
        return index_text(expression)
    body = _by_clock(expression, lambda part: _by_head(expression, part, written))
    return signed_sum(body)


def word_text(alphabet: Alphabet, term: Term) -> str | None:
    """One term as a matrix word; None when it needs indices."""
    word = _word(alphabet, term)
    return None if word is None else f"{word.head}({word.text})" if word.head else word.text


def index_text(expression: Expression) -> str:
    """The text with every index written out: open ones in front, all others summed over."""
    names = [_index_name(i) for i in range(len(expression.widths))]
    terms = list(expression.terms)
    heads = {term.open for term in terms}
    if heads - {tuple(range(len(names)))}:  # a diagonal array: the same open index twice
        names = [_index_name(i) for i in terms[0].open]
    body = signed_sum(
        _by_clock(expression, lambda part: [_summand(c, _factors_text(term)) for term, c in part])
    )
    return f"[{','.join(names)}] {body}" if names else body


def ordered(expression: Expression) -> list[tuple[Term, Polynomial]]:
    """Terms with coefficients in the order of the text."""
    alphabet = expression.alphabet
    words = {term: _word(alphabet, term) for term in expression.terms}
    if any(w is None for w in words.values()):
        return sorted(expression.terms.items(), key=lambda item: _plain_key(alphabet, item[0]))
    return sorted(expression.terms.items(), key=lambda item: _order(words[item[0]]))


def _order(word: _Word | None) -> tuple[object, ...]:
    assert word is not None
    return (word.head != "", word.head, word.width, *word.key)


def _plain_key(alphabet: Alphabet, term: Term) -> tuple[object, ...]:
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


def _by_clock(expression: Expression, inner: Callable[[_Terms], _Parts]) -> _Parts:
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
    parts: dict[int, dict[tuple[tuple[int, int], ...], object]] = {}
    for monomial, value in c.terms.items():
        power = dict(monomial).get(0, 0)
        parts.setdefault(power, {})[tuple(q for q in monomial if q[0])] = value
    return {power: Polynomial(c.ring, terms) for power, terms in parts.items()}  # type: ignore[arg-type]


def _by_head(expression: Expression, part: _Terms, written: dict[Term, _Word | None]) -> _Parts:
    def head(item: tuple[Term, Polynomial]) -> tuple[str, str]:
        word = written[item[0]]
        return (word.head, word.width) if word else ("", "")

    def plain(group: _Terms) -> _Parts:
        return [_summand(c, word.text if (word := written[term]) else "") for term, c in group]

    parts: _Parts = []
    for name in sorted({head(item) for item in part}):
        group = [item for item in part if head(item) == name]
        parts += _behind(name[0], group, plain)
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


# -- words -----------------------------------------------------------------------------------------
#: One letter of a word: position in the alphabet, whether transposed, its text.
_Step = tuple[int, bool, str]


def _word(alphabet: Alphabet, term: Term) -> _Word | None:
    """The term as a matrix word; None when it needs indices."""
    axes = len(term.open)
    if (
        axes > 2
        or len(set(term.open)) < axes
        or any(len(labels) > 2 or is_ones(name) for name, labels in term.factors)
    ):
        return None
    paths = _paths(alphabet, term)
    if paths is None:
        return None
    ends = {end: path for start, end, path in paths for end in (start, end) if end in range(axes)}
    main = [p for p in paths if p[0] in range(axes) or p[1] in range(axes)]
    scalars = sorted((p for p in paths if p not in main), key=lambda p: p[2])
    if len(ends) < axes:
        return None
    if len(main) > 1 and any(place < 0 for _, _, steps in main for place, _, _ in steps):
        return None
    head, text, steps = _main(axes, main)
    cycles = [p for p in scalars if p[0] == "cycle"]
    if not main and len(scalars) == 1 and cycles:
        steps = cycles[0][2]
        return _Word(
            "tr", _steps_text(steps), (term.length, [step[:2] for step in steps]), _cut(alphabet, steps)
        )
    front = [f"tr({_steps_text(p[2])})" if p[0] == "cycle" else _steps_text(p[2]) for p in scalars]
    if front and head:
        return None
    order = [step[:2] for path in (*(p[2] for p in scalars), steps) for step in path]
    return _Word(head, " ".join([*front, text] if text else front), (term.length, order))


_End = int | str
_Path = tuple[_End, _End, list[_Step]]


def _main(axes: int, paths: list[_Path]) -> tuple[str, str, list[_Step]]:
    """The part of a word that carries the open axes."""
    if axes == 0:
        return "", "", []
    if axes == 1 and len(paths) == 2:
        first, second = sorted(p[2] for p in paths)
        steps = [*first, *_reversed(second)]
        return "diag", _steps_text(steps), steps
    if axes == 1:
        [(start, end, steps)] = paths
        if start == end == 0:
            steps = min(steps, _reversed(steps))
            return "diag", _steps_text(steps), steps
        steps = steps if end == 0 else _reversed(steps)
        if len(steps) == 1:  # a vector stands as it is, not as a row
            return "", steps[0][2].rstrip("'"), steps
        return "", _steps_text(steps), steps
    if len(paths) == 1:
        start, _, steps = paths[0]
        steps = steps if start == 0 else _reversed(steps)
        return "", _steps_text(steps), steps
    left, right = sorted(paths, key=lambda p: p[:2] and (1 in p[:2]))
    first = left[2] if left[0] == 0 else _reversed(left[2])
    second = right[2] if right[1] == 1 else _reversed(right[2])
    return "", _steps_text([*first, *second]), [*first, *second]


def _steps_text(steps: Iterable[_Step]) -> str:
    return " ".join(text for _, _, text in steps)


def _reversed(steps: list[_Step]) -> list[_Step]:
    return [
        (place, not turned, text[:-1] if text.endswith("'") else f"{text}'")
        for place, turned, text in reversed(steps)
    ]


def _paths(alphabet: Alphabet, term: Term) -> list[_Path] | None:
    """The factors threaded along the indices: each path ends at an open index, at a vector or at ones; or is
    a cycle."""
    axes = len(term.open)
    at: dict[int, list[tuple[int, int]]] = {}
    for f, (_, labels) in enumerate(term.factors):
        for axis, label in enumerate(labels):
            at.setdefault(label, []).append((f, axis))
    if any(len(places) > (2 if i not in term.open or axes == 1 else 1) for i, places in at.items()) or any(
        i not in at for i in term.open
    ):
        return None
    paths: list[_Path] = []
    left = dict(enumerate(term.factors))
    for start in _starts(term, at):
        if start[0] not in left:
            continue
        paths.append(_walk(alphabet, term, at, left, start))
    while left:
        paths.append(_cycle(alphabet, term, at, left))
    return paths


def _starts(term: Term, at: dict[int, list[tuple[int, int]]]) -> list[tuple[int, int, _End]]:
    """Where paths begin, as (factor, axis by which it is entered or -1, end): open indices first, then
    vectors and ones."""
    starts: list[tuple[int, int, _End]] = [(f, axis, i) for i in sorted(set(term.open)) for f, axis in at[i]]
    starts += [(f, -1, "vector") for f, (_, labels) in enumerate(term.factors) if len(labels) == 1]
    starts += [
        (f, axis, "ones")
        for i, places in at.items()
        if len(places) == 1 and i not in term.open
        for f, axis in places
    ]
    return starts


def _walk(
    alphabet: Alphabet,
    term: Term,
    at: dict[int, list[tuple[int, int]]],
    left: dict[int, Factor],
    start: tuple[int, int, _End],
) -> _Path:
    f, entered, first = start
    steps: list[_Step] = [(-1, True, "1'")] if first == "ones" else []
    while True:
        name, labels = left.pop(f)
        place = alphabet.place.get(name, -1)
        if len(labels) == 1:
            if entered >= 0:  # a vector at the end is a column, one at the start a row
                return first, "vector", [*steps, (place, False, name)]
            steps.append((place, True, f"{name}'"))
            label = labels[0]
            away = (f, 0)
        else:
            turned = entered == 1
            steps.append((place, turned, f"{name}'" if turned else name))
            label = labels[1 - entered]
            away = (f, 1 - entered)
        if label in term.open:
            return first, label, steps
        following = [p for p in at[label] if p != away]
        if not following:
            return first, "ones", [*steps, (-1, False, "1")]
        f, entered = following[0]


def _cycle(
    alphabet: Alphabet, term: Term, at: dict[int, list[tuple[int, int]]], left: dict[int, Factor]
) -> _Path:
    steps: list[_Step] = []
    f, entered = next(iter(left)), 0
    if not left[f][1]:  # a letter without axes
        name = left.pop(f)[0]
        return "scalar", "scalar", [(alphabet.place[name], False, name)]
    while f in left:
        name, labels = left.pop(f)
        steps.append((alphabet.place[name], entered == 1, f"{name}'" if entered else name))
        away = (f, 1 - entered)
        f, entered = next(p for p in at[labels[1 - entered]] if p != away)
    turns = [s[k:] + s[:k] for s in (steps, _reversed(steps)) for k in range(len(steps))]
    common = {
        w: -sum(w in ends for ends in alphabet.letters.values())
        for ends in alphabet.letters.values()
        for w in ends
    }
    # cut where many letters meet, so that traces stand together: tr(U' U - V' V)
    return "cycle", "cycle", min(turns, key=lambda turn: (common[_cut(alphabet, turn)], turn))


def _cut(alphabet: Alphabet, steps: list[_Step]) -> str:
    """The width of the rows of a word."""
    place, turned, _ = steps[0]
    return list(alphabet.letters.values())[place][-1 if turned else 0]
