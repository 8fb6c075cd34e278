"""From a certificate's names and polynomials to formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction as Rational
from typing import Any

from polylaw.proof.appendix.document import Formula, Fraction, Number, Operator, Power, Row, Symbol, Words

__all__ = ["GREEK", "Names", "joined", "matrix_name", "row", "sum_lines", "width"]

GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "nu", "rho", "sigma", "tau", "omega")
_SPELLED = {"lam": "lambda"}
_NAME = re.compile(r"([A-Za-z]+)([0-9]*)((?:_[0-9]+)*)")
#: How wide the right side of a display may be, in digits.
_ROOM = 60.0

Term = Sequence[Any]


def row(*parts: Formula) -> Formula:
    """Formulas next to each other, nested rows flattened."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, Row) else (part,))]
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def joined(formulas: Iterable[Formula], separator: str = "comma") -> Formula:
    """Formulas with an operator between them."""
    parts: list[Formula] = []
    for formula in formulas:
        parts += ([Operator(separator)] if parts else []) + [formula]
    return row(*parts) if parts else Words("none")


class Names:
    """The coordinates of a certificate as symbols, and its polynomials as formulas."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        arrays = [array["name"] for array in data["model"]["arrays"]]
        self.arrays = set(arrays)
        variables = data["variables"]
        self.first_parameter = len(variables) + (data["clock"] is not None)
        self.symbols: list[Formula] = [self.symbol(name) for name in variables]
        if data["clock"] is not None:
            self.symbols.append(Words("clock"))
        self.symbols += [self.symbol(name) for name in data["parameters"]]

    def symbol(self, name: str) -> Symbol:
        """`U1_2_3` is the entry (2, 3) of U_1, `dU1_2_3` the same of its velocity; unusual names are words."""
        dotted = name.startswith("d") and name[1:] in self.data["variables"] and self.data["flow"]["type"] == "momentum"
        match = _NAME.fullmatch(name[1:] if dotted else name)
        if not match:
            return Symbol(name, dotted=dotted)
        letter, number, index = match.groups()
        letter = _SPELLED.get(letter, letter)
        return Symbol(letter, number, tuple(index.split("_")[1:]), dotted)

    def clock(self, power: int) -> Formula:
        """exp(rate t), t, t^3, or t^(3/2), to a power."""
        clock = self.data["clock"]
        if "root" in clock:
            exponent = Rational(power, clock["root"])
            return Symbol("t") if exponent == 1 else Power(Symbol("t"), self.rational(exponent))
        rate = [[str(Rational(t[0]) * power), *t[1:]] for t in clock["rate"]]
        exponent_of_t = row(self._factor(rate), Symbol("t"))
        return Power(Words("e"), exponent_of_t)

    def _factor(self, terms: Sequence[Term]) -> Formula:
        """A polynomial as a factor: in parentheses unless it is one term; nothing for 1."""
        if len(terms) > 1:
            return row(Operator("("), self.polynomial(terms), Operator(")"))
        if terms and terms[0] == ["1"]:
            return Row(())
        return self.polynomial(terms)

    # -- polynomials --------------------------------------------------------------------------------
    def rational(self, value: Rational) -> Formula:
        """A rational number, with its sign."""
        size = abs(value)
        whole: Formula = Number(str(size.numerator))
        if size.denominator > 1:
            whole = Fraction(Number(str(size.numerator)), Number(str(size.denominator)))
        return whole if value >= 0 else row(Operator("minus"), whole)

    def monomial(self, term: Term) -> list[Formula]:
        """The factors of a term without its coefficient: parameters and clock first, as people write them."""
        pairs = list(zip(term[1::2], term[2::2], strict=True))
        clock = len(self.data["variables"]) if self.data["clock"] is not None else -1
        ordered = [p for p in pairs if p[0] >= self.first_parameter] + [p for p in pairs if p[0] < self.first_parameter and p[0] != clock]
        factors: list[Formula] = [self.clock(e) for k, e in pairs if k == clock]
        for k, e in ordered:
            factors.append(self.symbols[k] if e == 1 else Power(self.symbols[k], Number(str(e))))
        return factors

    def signed(self, term: Term) -> tuple[bool, Formula]:
        """(whether negative, the term without sign)."""
        value = Rational(term[0])
        factors = self.monomial(term)
        if abs(value) != 1 or not factors:
            factors = [self.rational(abs(value)), *factors]
        return value < 0, row(*factors)

    def polynomial(self, terms: Sequence[Term]) -> Formula:
        """A polynomial in a row; 0 for no terms."""
        return row(*_summed([self.signed(t) for t in terms])) if terms else Number("0")

    def polynomial_lines(self, terms: Sequence[Term]) -> list[Formula]:
        """A polynomial on as many lines as it needs."""
        return sum_lines([self.signed(t) for t in terms])

    def fraction(self, parts: Sequence[Any]) -> Formula:
        """A rational function [numerator] or [numerator, denominator]."""
        above = self.polynomial(parts[0])
        return above if len(parts) == 1 else Fraction(above, self.polynomial(parts[1]))


def width(f: Formula) -> float:
    """About how wide a formula is set, in digits."""
    if isinstance(f, Row):
        return sum(map(width, f.parts))
    if isinstance(f, Power):
        return width(f.base) + (0.0 if isinstance(f.base, Symbol) and f.base.index else 0.7 * width(f.exponent))
    if isinstance(f, Fraction):
        return max(width(f.above), width(f.below)) + 0.5
    if isinstance(f, Symbol):
        letter = len(f.name) if f.name not in (*GREEK, "phi", "ell") else 1.1
        number = 1.6 + 0.7 * len(f.number) if f.number and f.index else 0.7 * len(f.number)
        return letter * 1.2 + number + 0.7 * sum(map(len, f.index))
    if isinstance(f, Operator):
        return {"plus": 2.4, "minus": 2.4, "equal": 2.6, "times": 1.2}.get(f.name, 1.0)
    return 1.0 * len(f.text)


def sum_lines(terms: Sequence[tuple[bool, Formula]], room: float = _ROOM) -> list[Formula]:
    """A sum of signed formulas on lines about `room` digits wide."""
    lines: list[list[tuple[bool, Formula]]] = [[]]
    used = 0.0
    for term in terms:
        needed = width(term[1]) + 2.4
        if lines[-1] and used + needed > room:
            lines.append([])
            used = 0.0
        lines[-1].append(term)
        used += needed
    return [row(*(_summed(line, first=i == 0) or [Number("0")])) for i, line in enumerate(lines)]


def _summed(terms: Sequence[tuple[bool, Formula]], first: bool = True) -> list[Formula]:
    parts: list[Formula] = []
    for negative, formula in terms:
        if parts or not first or negative:
            parts.append(Operator("minus" if negative else "plus"))
        parts.append(formula)
    return parts


_TOKEN = re.compile(
    r"\s*(diag|tr|exp\([^()]*\)|t\^\(?[0-9/]+\)?|[A-Za-z]+[0-9]*\([0-9]+\)|1\^T|[A-Za-z_]+[0-9]*|[0-9]+(?:/[0-9]+)?|\^T|[-+()])"
)


def matrix_name(text: str, names: Names) -> Formula:
    """The name of a matrix of laws, such as `diag(U1^T U1 - U2 U2^T)`, as a formula; as words when it has other parts."""
    parts: list[Formula] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match:
            return Words(text)
        place = match.end()
        formula = _word(match.group(1), names)
        if formula is None:
            return Words(text)
        if match.group(1) == "^T":
            if not parts:
                return Words(text)
            parts[-1] = Power(parts[-1], Operator("transpose"))
        else:
            parts.append(formula)
    return row(*parts)


def _word(token: str, names: Names) -> Formula | None:
    if token in ("+", "-"):
        return Operator("plus" if token == "+" else "minus")
    if token in ("(", ")"):
        return Operator(token)
    if token in ("diag", "tr"):
        return Words(token)
    if token == "1^T":
        return Power(Words("1"), Operator("transpose"))
    if token == "^T":
        return Operator("transpose")
    if token[0].isdigit():
        return names.rational(Rational(token))
    if token.startswith("exp(") or (token[0] == "t" and (token == "t" or token[1] == "^")):
        return names.clock(1) if token.startswith("exp(") else _time(token, names)
    if "(" in token:
        base, _, axis = token[:-1].partition("(")
        return row(names.symbol(base), Operator("("), Number(axis), Operator(")"))
    dotted = token.startswith("d") and token[1:] in names.arrays and token in names.arrays
    symbol = names.symbol(token[1:] if dotted else token)
    return Symbol(symbol.name, symbol.number, symbol.index, dotted)


def _time(token: str, names: Names) -> Formula:
    exponent = Rational(token[2:].strip("()") or 1) if "^" in token else Rational(1)
    return Symbol("t") if exponent == 1 else Power(Symbol("t"), names.rational(exponent))
