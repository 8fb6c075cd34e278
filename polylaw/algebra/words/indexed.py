"""The notation of words with every index written out: `[i,k] U[i,j] V[k,j] - 2 W[i,k]`."""

from __future__ import annotations

from itertools import chain

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.letters import collected
from polylaw.algebra.words.notation import MOST_INDICES, Words
from polylaw.algebra.words.term import canonical, is_ones
from polylaw.errors import ParseError


class _Products(list[tuple[Polynomial, list[tuple[str, tuple[str, ...]]]]]):
    """Products of letters with named indices, and their coefficients."""

    def __neg__(self) -> _Products:
        return _Products((-c, factors) for c, factors in self)


class Indexed(Words[_Products]):
    """The notation with indices."""

    operators = ("*",)
    postfixes = ()
    operand = "a letter with indices, a number or '('"

    def expression(self) -> Expression:
        """The value of the text, its open indices in front."""
        names = self.labels() if self.here.text == "[" else ()
        products = self.whole()
        widths = self.widths(names, products)
        terms = collected((canonical(names, factors), c) for c, factors in products)
        return self.alphabet.expression([widths[name] for name in names], terms)

    def widths(self, names: tuple[str, ...], products: _Products) -> dict[str, str]:
        """The width of every open index; each index must have one width in each product."""
        found: dict[str, str] = {}
        for _, factors in products:
            here: dict[str, str] = {}
            for letter, labels in factors:
                for label, width in zip(labels, self.alphabet.widths(letter), strict=True):
                    known = here.setdefault(label, found.get(label, width) if label in names else width)
                    if known != width:
                        clash = f"index {label} over {known} and {width}"
                        raise ParseError(self.argument, clash, "one width for each index")
            found |= {label: width for label, width in here.items() if label in names}
        for name in names:
            if name not in found:
                raise ParseError(self.argument, f"open index {name}", "an index of some letter")
        return found

    def labels(self) -> tuple[str, ...]:
        """Names of indices in brackets."""
        self.expect("[")
        labels: list[str] = []
        while not self.take("]"):
            if labels:
                self.expect(",")
            if self.here.kind != "name":
                raise self.error("the name of an index")
            labels.append(self.step().text)
            if len(labels) > MOST_INDICES:
                raise self.error(f"at most {MOST_INDICES} indices")
        return tuple(labels)

    def total(self, summands: list[_Products]) -> _Products:
        """All products, one after the other."""
        total = _Products(chain(*summands))
        self.bounded(len(total), 0)
        return total

    def times(self, left: _Products, mark: str, right: _Products) -> _Products:
        """The product, multiplied out."""
        letters = sum(max(len(factors) for _, factors in value) for value in (left, right))
        self.bounded(len(left) * len(right), letters)
        return _Products((c * d, [*f, *g]) for c, f in left for d, g in right)

    def constant(self, scalar: Polynomial) -> _Products:
        """A product of no letters."""
        return _Products([(scalar, [])])

    def letter(self, depth: int) -> _Products:
        """A letter with its indices."""
        name = self.here.text
        if name not in self.alphabet.letters and not is_ones(name):
            raise self.unknown()
        self.position += 1
        labels = self.labels() if self.here.text == "[" else ()
        axes = len(self.alphabet.widths(name))
        if len(labels) != axes:
            found = f"{name} with {len(labels)} indices"
            raise ParseError(self.argument, found, f"{axes}, one for each axis")
        return _Products([(self.alphabet.scalars.constant(1), [(name, labels)])])
