"""Which terms are matrix words, and how: the factors threaded along their indices.

A path enters a factor by one axis and leaves it by the other: it begins and ends at an open index, at a
vector or at a vector of ones, or it is a cycle, a trace.  Two factors with more axes, all but one of them
tied in the same order, are read as matrices: the unfoldings W(k), with axis k as rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from polylaw.algebra.words.letters import Letters
from polylaw.algebra.words.term import Term, is_ones


@dataclass(frozen=True, order=True)
class Letter:
    """A factor of a product of matrices: `place` in the alphabet (-1: a vector of ones, which has no name),
    whether it is transposed, and for a letter with more than two axes the one along which it is unfolded,
    from 1."""

    place: int
    turned: bool
    name: str = ""
    axis: int = 0

    @property
    def text(self) -> str:
        """`U`, `U'`, `W(2)'`, `1'`"""
        unfolded = f"({self.axis})" if self.axis else ""
        return f"{self.name or '1'}{unfolded}{self.mark}"

    @property
    def mark(self) -> str:
        """What stands for the transpose."""
        return "'" if self.turned else ""

    @property
    def transpose(self) -> Letter:
        """The same letter, transposed."""
        return replace(self, turned=not self.turned)


Product = tuple[Letter, ...]


@dataclass(frozen=True)
class MatrixWord:
    """A term as scalar products in `front`, traces of cycles (`True`) or products from vector to vector, and
    the product that carries the open axes, under `head` (`diag` or `tr`, or nothing).

    Words with a head stand in its parentheses beside others of the same `width`; `key` orders terms.
    """

    head: str
    front: tuple[tuple[bool, Product], ...]
    product: Product
    key: tuple[int, list[tuple[int, bool]]]
    width: str = ""

    @property
    def letters(self) -> Product:
        """All of its letters."""
        return tuple(letter for _, part in (*self.front, (False, self.product)) for letter in part)

    @property
    def inner(self) -> str:
        """The text, without the head."""
        front = [f"tr({_text(p)})" if cycle else _text(p) for cycle, p in self.front]
        return " ".join([*front, _text(self.product)] if self.product else front)

    @property
    def order(self) -> tuple[object, ...]:
        """Words without a head first."""
        return (self.head != "", self.head, self.width, *self.key)

    def __str__(self) -> str:
        return f"{self.head}({self.inner})" if self.head else self.inner


def matrix_word(alphabet: Letters, term: Term) -> MatrixWord | None:
    """The term as a matrix word; None when it needs indices."""
    axes = len(term.open)
    if axes > 2 or len(set(term.open)) < axes or any(is_ones(name) for name, _ in term.factors):
        return None
    threads = _Threads(alphabet, term)
    if not threads.are_paths:
        return None
    paths = threads.paths()
    main = [p for p in paths if not {p.start, p.end}.isdisjoint(range(axes))]
    scalars = sorted((p for p in paths if p not in main), key=lambda p: p.letters)
    if len({end for p in main for end in (p.start, p.end)} & set(range(axes))) < axes:
        return None
    if len(main) > 1 and any(letter.place < 0 for p in main for letter in p.letters):
        return None
    if not main and len(scalars) == 1 and scalars[0].end == "cycle":
        letters = scalars[0].letters
        return MatrixWord("tr", (), letters, _key(term, letters), threads.rows(letters[0]))
    head, letters = _main(axes, main)
    if scalars and head:
        return None
    front = tuple((p.end == "cycle", p.letters) for p in scalars)
    return MatrixWord(head, front, letters, _key(term, [x for _, p in front for x in p] + [*letters]))


def _text(letters: Product) -> str:
    return " ".join(letter.text for letter in letters)


def _key(term: Term, letters: Sequence[Letter]) -> tuple[int, list[tuple[int, bool]]]:
    return term.length, [(letter.place, letter.turned) for letter in letters]


def _reversed(letters: Product) -> Product:
    return tuple(letter.transpose for letter in reversed(letters))


@dataclass(frozen=True)
class _Path:
    """From `start` to `end`: an open index, `vector` or `ones`; `cycle` or `scalar` for both."""

    start: int | str
    end: int | str
    letters: Product

    def starting(self, end: int) -> Product:
        """The letters, read from this end."""
        return self.letters if self.start == end else _reversed(self.letters)


def _main(axes: int, paths: Sequence[_Path]) -> tuple[str, Product]:
    """The part of a word that carries the open axes, and its head."""
    if axes == 0:
        return "", ()
    if axes == 2 and len(paths) == 1:
        return "", paths[0].starting(0)
    if axes == 2:
        left, right = sorted(paths, key=lambda p: 1 in (p.start, p.end))
        return "", (*left.starting(0), *_reversed(right.starting(1)))
    if len(paths) == 2:  # an open index in two factors
        first, second = sorted(p.letters for p in paths)
        return "diag", (*first, *_reversed(second))
    [path] = paths
    if path.start == path.end == 0:
        return "diag", min(path.letters, _reversed(path.letters))
    column = path.starting(0)
    if len(column) == 1:  # a vector stands as it is, not as a row
        return "", (replace(column[0], turned=False),)
    return "", min(_reversed(column), column, key=lambda p: sum(letter.turned for letter in p))


#: A factor of a path: its name, the axis along which it is unfolded (0: not at all), and its labels.
_Part = tuple[str, int, tuple[object, ...]]


class _Threads:
    """The factors of a term by the indices that tie them."""

    def __init__(self, alphabet: Letters, term: Term) -> None:
        self.alphabet, self.open, self.parts = alphabet, term.open, _as_matrices(term)
        self.at: dict[object, list[tuple[int, int]]] = {}
        for f, (_, _, labels) in enumerate(self.parts):
            for axis, label in enumerate(labels):
                self.at.setdefault(label, []).append((f, axis))
        self.left = dict.fromkeys(range(len(self.parts)))

    @property
    def are_paths(self) -> bool:
        """Whether matrices can express the term."""
        most: dict[object, int] = {i: 2 if len(self.open) == 1 else 1 for i in self.open}
        if any(len(labels) > 2 for *_, labels in self.parts) or not self.at.keys() >= most.keys():
            return False
        return all(len(places) <= most.get(i, 2) for i, places in self.at.items())

    def paths(self) -> list[_Path]:
        """All paths; each factor is in one."""
        found = [self._walk(*start) for start in self._starts() if start[0] in self.left]
        while self.left:
            found.append(self._cycle())
        return found

    def rows(self, letter: Letter) -> str:
        """The width of the rows of a letter."""
        widths = self.alphabet.widths(letter.name)
        return widths[letter.axis - 1] if letter.axis else widths[-1 if letter.turned else 0]

    def _letter(self, f: int, turned: bool) -> Letter:
        name, axis, _ = self.parts[f]
        return Letter(self.alphabet.place[name], turned, name, axis)

    def _starts(self) -> list[tuple[int, int, int | str]]:
        """Where paths begin, (factor, axis it is entered by or -1, end): open indices, ones, vectors."""
        starts: list[tuple[int, int, int | str]] = [
            (f, axis, i) for i in sorted(set(self.open)) for f, axis in self.at[i]
        ]
        for i, places in self.at.items():
            if len(places) == 1 and i not in self.open:
                starts += [(f, axis, "ones") for f, axis in places]
        return starts + [(f, -1, "vector") for f, (*_, labels) in enumerate(self.parts) if len(labels) == 1]

    def _walk(self, f: int, entered: int, first: int | str) -> _Path:
        letters = [Letter(-1, True)] if first == "ones" else []
        while True:
            del self.left[f]
            labels = self.parts[f][2]
            if len(labels) == 1:
                if entered >= 0:  # a vector at the end is a column, one at the start a row
                    return _Path(first, "vector", (*letters, self._letter(f, False)))
                letters.append(self._letter(f, True))
                away = (f, 0)
            else:
                letters.append(self._letter(f, entered == 1))
                away = (f, 1 - entered)
            label = labels[away[1]]
            if label in self.open:
                assert isinstance(label, int)
                return _Path(first, label, tuple(letters))
            following = [p for p in self.at[label] if p != away]
            if not following:
                return _Path(first, "ones", (*letters, Letter(-1, False)))
            f, entered = following[0]

    def _cycle(self) -> _Path:
        f, entered = next(iter(self.left)), 0
        if not self.parts[f][2]:  # a letter without axes
            del self.left[f]
            return _Path("scalar", "scalar", (self._letter(f, False),))
        letters: list[Letter] = []
        while f in self.left:
            del self.left[f]
            letters.append(self._letter(f, entered == 1))
            away = (f, 1 - entered)
            f, entered = next(p for p in self.at[self.parts[f][2][1 - entered]] if p != away)
        both = tuple(letters), _reversed(tuple(letters))
        turns = [(*s[k:], *s[:k]) for s in both for k in range(len(letters))]
        # cut where many letters meet, so that traces stand together: tr(U' U - V' V)
        common = Counter(w for ends in self.alphabet.letters.values() for w in {*ends})
        return _Path("cycle", "cycle", min(turns, key=lambda turn: (-common[self.rows(turn[0])], turn)))


def _as_matrices(term: Term) -> list[_Part]:
    """The factors, two that are tied along all axes but one, in the same order, as matrices."""
    factors = term.factors
    parts: list[_Part] = [(name, 0, labels) for name, labels in factors]
    for g, (_, right) in enumerate(factors):
        for f, (_, left) in enumerate(factors[:g]):
            if len(left) != len(right) or len(left) < 3 or parts[f][1] or parts[g][1]:
                continue
            shared = _tied(term, f, g)
            if shared is None:
                continue
            for place, labels in ((f, left), (g, right)):
                axis = next(k for k, label in enumerate(labels) if label not in shared)
                parts[place] = (factors[place][0], axis + 1, (labels[axis], shared))
    return parts


def _tied(term: Term, f: int, g: int) -> tuple[int, ...] | None:
    """The indices summed over that two factors have in common and nobody else has, if they are all but one of
    each, in the same order (or all: then the first one is left out)."""
    counts = Counter(i for _, labels in term.factors for i in labels)
    left, right = term.factors[f][1], term.factors[g][1]
    shared = tuple(i for i in left if i in right and counts[i] == 2 and i not in term.open)
    if len(shared) == len(left) and left == right:
        shared = shared[1:]
    order = tuple(i for i in right if i in shared)
    return shared if len(shared) == len(left) - 1 and order == shared else None
