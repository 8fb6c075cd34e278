"""From the coordinates of a certificate and its polynomials to formulas, each read back before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Rational
from itertools import product
from math import prod

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.flows.motion import Ratio
from polylaw.models.model import entry_name, indices
from polylaw.proof.appendix import formulas as fm
from polylaw.proof.appendix.document import Formula, Fraction, Number, Operator, Power, Row, Symbol
from polylaw.proof.appendix.expand import Grid, Meaning, reproduced
from polylaw.proof.appendix.lettering import face, lettered, spare_letters
from polylaw.proof.kinds import kind_of
from polylaw.proof.motion import Clock, Coordinates, clock_of, moved
from polylaw.proof.reading import Certified

#: What the text needs a letter for, and the letters it may take: the first that is free.
_CHOICES = {
    "state": ("theta", "x", "z", "xi"),
    "control": ("w", "c", "r"),
    "map": ("phi", "f", "F"),
    "law": ("h", "g", "p"),
    "matrix": ("H", "L", "S", "P"),
    "field": ("X", "Z", "A"),
    "bracket": ("Y", "B", "E"),
    "metric": ("M", "N", "D"),
    "jacobian": ("J", "T", "I"),
    "right side": ("f", "F", "G"),
    "denominator": ("q", "d", "s"),
    "one field": ("F", "K", "P"),
    "other field": ("G", "L", "Q"),
}
#: Letters that mean something everywhere: time, differentials, the index j, e in a clock exp(rate t), pi.
_RESERVED = ("t", "d", "j", "euler", "pi")


class Names:
    """The coordinates of a certificate as symbols, and its polynomials as formulas.

    `symbols` are those of the coordinates; a velocity is that of its position with a dot, whatever its name.
    `strange` are names whose symbols have to be explained.  `arrays` are those whose entries are the trained
    parameters; `words` are names besides variables and parameters that need symbols: letters of words, and
    widths.
    """

    def __init__(self, told: Certified, words: Sequence[str] = ()) -> None:
        self.told, self.data = told, told.data
        self.coordinates = Coordinates.of(dict(told.data))
        self.kind = kind_of(self.data)
        self.ring, self.moving = self.coordinates.ring, self.coordinates.moving
        self.variables = self.coordinates.variables
        own = self.coordinates.own
        self.trained = own // 2 if self.kind.velocities else own
        self.time: Clock | None = clock_of(self.data, self.coordinates)
        self.clock_index = self.variables if self.time else -1
        positions = self.data["variables"][: self.trained]
        self.shapes = self._shapes(positions)
        self.row_by_row = bool(self.shapes) and self._entries(self.shapes) == list(positions)
        functions = self.data["variables"][own:]
        named = [*positions, *functions, *self.data["parameters"], *words]
        taken = set(map(face, map(Symbol, _RESERVED)))
        self.by_name, self.strange = lettered([*named, *self.shapes], taken)
        first, others, self.parameters = (
            [self.by_name[name] for name in names]
            for names in (positions, functions, self.data["parameters"])
        )
        velocities = map(self.velocity_of, first) if self.kind.velocities else ()
        clock = [Symbol("t")] if self.time else []  # a place for it: it may need the parameters
        self.symbols: list[Formula] = [*first, *velocities, *others, *clock, *self.parameters]
        self._choose_letters()
        self.meaning = self._meaning()
        if self.time:
            self.symbols[self.clock_index] = self.clock(1)

    def _shapes(self, positions: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """The arrays of the author whose entries are the trained parameters, each once; else none."""
        shapes = {array["name"]: tuple(array["shape"]) for array in self.data["model"]["arrays"]}
        if self.kind.velocities:
            shapes = {name: shape for name, shape in shapes.items() if f"d{name}" in shapes}
        if sum(prod(shape) for shape in shapes.values()) != len(positions):
            return {}
        return shapes if sorted(self._entries(shapes)) == sorted(positions) else {}

    @staticmethod
    def _entries(shapes: dict[str, tuple[int, ...]]) -> list[str]:
        return [entry_name(name, index) for name, shape in shapes.items() for index in indices(shape)]

    def _choose_letters(self) -> None:
        taken = {face(s)[0] for s in (*self.by_name.values(), *map(Symbol, _RESERVED))}
        self.letters: dict[str, Symbol] = {}
        for use, choices in _CHOICES.items():
            self.letters[use] = Symbol(next(spare_letters(choices, taken)))
            taken.add(face(self.letters[use])[0])
        self.state = self.letters["state"]
        self.velocity = Symbol(self.state.name, dots=1)

    def _meaning(self) -> Meaning:
        """What the symbols mean, for reading formulas back."""
        generators = [*range(self.variables), *range(self.moving, self.ring.size)]
        values = {self.symbols[k]: self.coordinates[k] for k in generators}
        meaning = Meaning(self.ring, values, self.time)
        place = {name: k for k, name in enumerate(self.data["variables"][: self.trained])}
        shifts = (0, self.trained) if self.kind.velocities else (0,)
        for (name, shape), shift in product(self.shapes.items(), shifts):
            symbol = self.velocity_of(self.by_name[name]) if shift else self.by_name[name]
            for axis in range(1, len(shape) + 1):  # a scalar is its own entry
                grid = self._grid(name, shape, axis, place, shift)
                meaning.grids.setdefault(symbol, grid)
                meaning.grids[unfolded(symbol, axis)] = grid
        return meaning

    def _grid(self, name: str, shape: tuple[int, ...], axis: int, place: dict[str, int], shift: int) -> Grid:
        """An array as a matrix: rows along an axis, columns along all others."""
        others = [n for k, n in enumerate(shape, 1) if k != axis]
        rows: list[tuple[int, ...]] = [(i,) for i in range(1, shape[axis - 1] + 1)]

        def entry(r: tuple[int, ...], c: tuple[int, ...]) -> Polynomial:
            return self.coordinates[place[entry_name(name, (*c[: axis - 1], *r, *c[axis - 1 :]))] + shift]

        return Grid(rows, list(indices(tuple(others))), entry)

    def __getitem__(self, use: str) -> Symbol:
        """The letter for `state`, `control`, `map`, ..."""
        return self.letters[use]

    def numbered(self, use: str, number: object) -> Symbol:
        """The letter for `field`, `law`, ... with a number."""
        return Symbol(self.letters[use].name, str(number))

    @staticmethod
    def velocity_of(symbol: Symbol) -> Symbol:
        """The symbol with a dot."""
        return Symbol(symbol.name, symbol.number, symbol.index, 1)

    # -- time ---------------------------------------------------------------------------------------
    def clock(self, power: int) -> Formula:
        """exp(rate t), t, t^3, or t^(3/2), to a power."""
        assert self.time is not None
        time = Symbol("t")
        if self.time.rate is not None:
            return Power(Symbol("euler"), self._exponent(self.time.rate * power, time))
        exponent = Rational(power, self.time.root)
        return time if exponent == 1 else Power(time, _slashed(exponent, Number(str(exponent.numerator))))

    def _exponent(self, rate: Polynomial, time: Formula) -> Formula:
        """rate t"""
        if len(rate.terms) > 1:
            return fm.row(self.factor(rate), time)
        [(monomial, c)] = rate.terms.items()
        value = Rational(c)
        size: list[Formula] = [Number(str(abs(value.numerator)))] if abs(value.numerator) != 1 else []
        sign: list[Formula] = [fm.MINUS] if value < 0 else []
        return _slashed(value, fm.row(*sign, *size, *self.monomial(monomial), time))

    @property
    def over_time(self) -> Rational:
        """The number c of the rate c/t."""
        return Rational(self.data["flow"]["over_time"])

    @property
    def damping(self) -> Formula | None:
        """tau, or c/t; None for no damping."""
        flow = self.data["flow"]
        if "over_time" in flow:
            return self.fading()
        return self.factor(self.coordinates.polynomial(flow["damping"])) if flow["damping"] else None

    def fading(self, *, on_one_line: bool = False) -> Formula:
        """c/t"""
        c = self.over_time
        size = [Number(str(c.denominator))] if c.denominator != 1 else []
        above, below = Number(str(c.numerator)), fm.row(*size, Symbol("t"))
        if on_one_line:
            return fm.row(above, Operator("slash"), fm.parenthesised(below) if size else below)
        return Fraction(above, below)

    # -- polynomials --------------------------------------------------------------------------------
    def monomial(self, monomial: Monomial) -> list[Formula]:
        """The factors of a monomial: clock and parameters first."""
        factors = [self.clock(e) for k, e in monomial if k == self.clock_index]
        ordered = sorted((p for p in monomial if p[0] != self.clock_index), key=lambda p: p[0] < self.moving)
        powers = ((self.symbols[k], e) for k, e in ordered)
        return factors + [symbol if e == 1 else Power(symbol, Number(str(e))) for symbol, e in powers]

    def summands(self, p: Polynomial) -> list[fm.Signed]:
        """The terms of a polynomial, in canonical order."""
        terms: list[fm.Signed] = []
        for monomial, c in p.sorted_terms():
            size, factors = abs(Rational(c)), self.monomial(monomial)
            number = [fm.rational(size)] if size != 1 or not factors else []
            terms.append((c < 0, fm.row(*number, *factors)))
        return terms

    def polynomial(self, p: Polynomial) -> Formula:
        """A polynomial in a row; 0 for no terms."""
        whole = fm.summed(self.summands(p))
        reproduced(self.meaning, p, whole)
        return whole

    def factor(self, p: Polynomial) -> Formula:
        """A polynomial as a factor: in parentheses unless it is one term without sign; nothing for 1."""
        if p == 1:
            return Row(())
        whole = self.polynomial(p)
        return whole if len(p.terms) == 1 and not has_sign(p) else fm.parenthesised(whole)

    def times(self, scalar: Polynomial, product: Formula) -> fm.Signed:
        """(whether negative, scalar product without that sign), for a scalar in clock and parameters"""
        if scalar in (1, -1):
            return bool(scalar == -1), product
        if len(scalar.terms) > 1:
            return False, fm.row(self.factor(moved(scalar, self.ring)), product)
        [(negative, size)] = self.summands(moved(scalar, self.ring))
        return negative, fm.row(size, product)

    def lines(self, p: Polynomial, room: float = fm.ROOM) -> list[Formula]:
        """A polynomial on as many lines as it needs; a power of the clock in all terms stands in front."""
        power, rest = self.without_clock(p)
        if power and len(p.terms) > 1:
            lines = self.scaled(self.clock(power), self.summands(rest), room)
        else:
            lines = fm.sum_lines(self.summands(p), room)
        reproduced(self.meaning, p, *lines)
        return lines

    def scaled(self, front: Formula, terms: Sequence[fm.Signed], room: float = fm.ROOM) -> list[Formula]:
        """front (sum of terms), on as many lines as it needs."""
        first, *others = fm.sum_lines(terms, room - fm.width(front) - 2)
        lines = [fm.row(front, fm.OPEN, first), *others]
        lines[-1] = fm.row(lines[-1], fm.CLOSE)
        return lines

    def without_clock(self, p: Polynomial) -> tuple[int, Polynomial]:
        """(the power of the clock in every term, the polynomial without it); 0 when powers differ."""
        powers = {dict(m).get(self.clock_index, 0) for m in p.terms}
        if len(powers) != 1 or powers == {0}:
            return 0, p
        bare = {tuple(pair for pair in m if pair[0] != self.clock_index): c for m, c in p.terms.items()}
        return powers.pop(), Polynomial(p.ring, bare)

    def fraction(self, parts: Ratio) -> Formula:
        """A rational function; a single minus sign stands in front."""
        above, below = parts
        if below == 1:
            return self.polynomial(above)
        if has_sign(above):
            return fm.row(fm.MINUS, Fraction(self.polynomial(-above), self.polynomial(below)))
        return Fraction(self.polynomial(above), self.polynomial(below))


def has_sign(p: Polynomial) -> bool:
    """Whether it is one term with a minus sign."""
    return len(p.terms) == 1 and p.leading[1] < 0


def unfolded(symbol: Symbol, axis: int) -> Symbol:
    """An array as a matrix whose rows lie along an axis."""
    return Symbol(symbol.name, symbol.number, (f"({axis})",), symbol.dots)


def _slashed(value: Rational, above: Formula) -> Formula:
    """above / denominator"""
    below = value.denominator
    return above if below == 1 else fm.row(above, Operator("slash"), Number(str(below)))
