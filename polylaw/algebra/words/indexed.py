"""The notation of words with every index written out: `[i,k] U[i,j] V[k,j] - 2 W[i,k]`."""

from __future__ import annotations

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.term import Term, canonical, is_ones
from polylaw.algebra.words.tokens import MOST_INDICES, MOST_LETTERS, MOST_NESTING, MOST_TERMS, Reader
from polylaw.errors import ParseError

__all__ = ["Indexed"]

#: Products of letters with named indices, and their coefficients.
_Products = list[tuple[Polynomial, list[tuple[str, tuple[str, ...]]]]]


class Indexed(Reader):
    """The notation with indices."""

    def whole(self) -> Expression:
        """The value of the whole text."""
        names = self.labels() if self.here.text == "[" else ()
        products = self.sum(0)
        self.end()
        widths = self.widths(names, products)
        terms: dict[Term, Polynomial] = {}
        for c, factors in products:
            term = canonical(names, factors)
            terms[term] = terms[term] + c if term in terms else c
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
                        raise ParseError(
                            self.argument,
                            f"index {label} over {known} and {width}",
                            "one width for each index",
                        )
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
            labels.append(self.here.text)
            self.position += 1
            if len(labels) > MOST_INDICES:
                raise self.error(f"at most {MOST_INDICES} indices")
        return tuple(labels)

    def sum(self, depth: int) -> _Products:
        """Products, added."""
        total: _Products = []
        mark = self.take("+", "-") or "+"
        while mark:
            total += [(-c if mark == "-" else c, factors) for c, factors in self.product(depth)]
            mark = self.take("+", "-") or ""
        if len(total) > MOST_TERMS:
            raise ParseError(self.argument, f"{len(total)} terms", f"at most {MOST_TERMS}")
        return total

    def product(self, depth: int) -> _Products:
        """Factors, multiplied out."""
        value = self.factor(depth)
        while self.take("*") or self.starts_factor():
            right = self.factor(depth)
            if len(value) * len(right) > MOST_TERMS:
                raise ParseError(self.argument, f"{len(value) * len(right)} terms", f"at most {MOST_TERMS}")
            value = [(c * d, [*f, *g]) for c, f in value for d, g in right]
            if max(len(f) for _, f in value) > MOST_LETTERS:
                raise ParseError(
                    self.argument, "a longer product", f"at most {MOST_LETTERS} letters in a product"
                )
        return value

    def factor(self, depth: int) -> _Products:
        """A letter with its indices, a scalar, or a sum in parentheses."""
        if depth > MOST_NESTING:
            raise self.error(f"at most {MOST_NESTING} nested parentheses")
        token = self.here
        one = self.alphabet.scalars.constant(1)
        if token.kind == "number" or self.is_scalar_name():
            return [(self.scalar(), [])]
        if self.take("("):
            value = self.sum(depth + 1)
            self.expect(")")
            return value
        if token.kind != "name":
            raise self.error("a letter with indices, a number or '('")
        if token.text not in self.alphabet.letters and not is_ones(token.text):
            raise self.unknown()
        self.position += 1
        labels = self.labels() if self.here.text == "[" else ()
        axes = len(self.alphabet.widths(token.text))
        if len(labels) != axes:
            raise ParseError(
                self.argument, f"{token.text} with {len(labels)} indices", f"{axes}, one for each axis"
            )
        return [(one, [(token.text, labels)])]
