"""Elementary functions of the state as new generators, so that laws with logarithms are polynomials again.

A `Tower` is a flow's ring with generators added one on another (`polylaw.elementary.functions`).  Arguments are brought to
a normal form first: log of a product is the sum of the logs of its irreducible factors, exp of a sum is the product of the
exps of its terms, exp(c*log(p)) is |p|^c, sines and cosines of sums and multiples are polynomials in those of the terms, and
a root that roots before it can express is expressed by them (`polylaw.elementary.radicals`).  An element is 0 in the field
of these generators only if it is 0 as a function, so identities proved here are true; the converse is not relied on
(`polylaw.elementary.independence` proves it where it can): that something is not 0 is shown at a point, in ball arithmetic
(`polylaw.elementary.balls`).

Source: Bronstein, Symbolic Integration I (2005), chapters 3 and 5: differential fields and towers of monomials.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import count
from math import lcm

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.rationals import Coefficient
from polylaw.algebra.ring import Exponential, Ring
from polylaw.elementary.functions import Absolute, Atan, Cosine, Exp, Function, Log, Root, Sine, Time
from polylaw.elementary.numbers import by_power, highest_powers, prime_factors, root_of_rational
from polylaw.elementary.radicals import Radical, Vector, relation, times, together
from polylaw.errors import InputError
from polylaw.flows.flow import Flow

__all__ = ["Tower"]

#: Most generators in one tower; unused ones cost nothing.
MOST_FUNCTIONS = 200
#: sin(n*x) is a polynomial of degree n in sin(x) and cos(x).
_MOST_TURNS = 40


class Tower:
    """The ring of a flow with room for functions, and the functions added so far.

    `ring` has the variables of the flow first, then the functions, then clock and parameters; `functions[i]` belongs to
    generator `first + i`.  Functions are only ever added, so an element stays what it is.  `finest` tells into how many
    parts angles are divided, where that is known before: `parts` collects it.
    """

    def __init__(self, flow: Flow, finest: Mapping[Quotient, int] | None = None) -> None:
        base = flow.ring
        self.flow, self.first = flow, len(base.variables)
        stem = next(s for i in count(1) if not any(name.startswith(s := "fn" * i + "_") for name in (*base.variables, *base.parameters)))
        slots = [f"{stem}{i}" for i in range(MOST_FUNCTIONS)]
        self.ring = Ring((*base.variables, *slots), base.parameters, base.clock)
        self.functions: list[Function] = []
        #: The fields of a flow with functions in it, once they were read.
        self.fields: list[tuple[str, Mapping[int, Quotient]]] | None = None
        self.finest, self.parts = dict(finest or {}), dict[Quotient, int]()
        #: The roots among the functions, by position.
        self.radicals: dict[int, Radical] = {}
        self._one = self.ring.constant(1)

    @property
    def state(self) -> list[int]:
        """The flow's own variables and clock, as generators of `ring`."""
        return [*range(self.first), *([] if self.ring.clock_index is None else [self.ring.clock_index])]

    # -- elements ---------------------------------------------------------------------------------
    def element(self, polynomial: Polynomial) -> Quotient:
        """A polynomial of the flow's ring as an element."""
        return Quotient(polynomial.into(self.ring), self._one)

    def constant(self, value: Coefficient) -> Quotient:
        """A rational number as an element."""
        return Quotient(self.ring.constant(value), self._one)

    def function(self, generator: int) -> Function | None:
        """The function that a generator of `ring` stands for, None if it is one of the flow's own."""
        return self.functions[generator - self.first] if self.first <= generator < self.first + len(self.functions) else None

    def function_of(self, kind: type[Function]) -> int | None:
        """The position of the first function of a kind."""
        return next((i for i, f in enumerate(self.functions) if isinstance(f, kind)), None)

    def generator(self, position: int) -> Polynomial:
        """The generator of the function at this position."""
        return self.ring.monomial(((self.first + position, 1),))

    def add(self, function: Function) -> Quotient:
        """The function as a generator, the same one for the same function."""
        if function not in self.functions:
            if len(self.functions) == MOST_FUNCTIONS:
                raise InputError("functions", len(self.functions) + 1, f"at most {MOST_FUNCTIONS} different functions")
            self.functions.append(function)
        return Quotient(self.generator(self.functions.index(function)), self._one)

    def partner(self, position: int) -> Polynomial:
        """The generator of the other one of a pair, of the function itself if it has no other one."""
        return self.generator(position + self.functions[position].partner)

    def normal(self, value: Quotient) -> Quotient:
        """The element in lowest terms, powers of roots reduced; raises `InputError` for a denominator that is 0."""
        above, below = self.reduced(value.above), self.reduced(value.below)
        if not below:
            raise InputError("expression", "division by zero", "a nonzero denominator")
        lowest = RationalFunction(above, below)
        above, below = self._without_roots_below(lowest.numerator, lowest.denominator)
        if below is not lowest.denominator:
            lowest = RationalFunction(self.reduced(above), self.reduced(below))
        return Quotient(lowest.numerator, lowest.denominator)

    def _without_roots_below(self, above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
        """The quotient with algebraic generators that divide the denominator moved up: A/w is A*w^(n-1)/a for w^n = a."""
        for position in reversed(range(len(self.functions))):
            function, w = self.functions[position], self.first + position
            if not function.order or w not in below.support:
                continue
            power = min(by_power(below, w))
            if power:
                root, value = self.generator(position), function.power(self.partner(position))
                above = above * root ** (function.order - power) * value.below
                below = below.divide_exactly(root**power) * value.above
        return above, below

    def reduced(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial with powers of algebraic generators replaced: w^n by a, if a is a polynomial."""
        return self._without_powers([polynomial], clear=False)[0]

    def cleared(self, polynomials: Sequence[Polynomial]) -> list[Polynomial]:
        """The polynomials with all powers w^n replaced, all of them times one and the same polynomial that is not 0."""
        return self._without_powers(polynomials, clear=True)

    def is_zero(self, polynomial: Polynomial) -> bool:
        """Whether a polynomial is 0 by the relations of the algebraic generators (all others taken as independent)."""
        return not self.cleared([polynomial])[0]

    def _without_powers(self, polynomials: Sequence[Polynomial], *, clear: bool) -> list[Polynomial]:
        """Powers w^n replaced by A/B, later functions first; multiplied by powers of B if `clear`, else only if B is 1."""
        found = list(polynomials)
        for position in reversed(range(len(self.functions))):
            order, w = self.functions[position].order, self.first + position
            if not order or max(highest_powers(p).get(w, 0) for p in found) < order:
                continue
            above, below = self.functions[position].power(self.partner(position))
            if not (clear or below == 1):
                continue
            parts = [by_power(p, w) for p in found]
            top = max((k // order for part in parts for k in part), default=0)
            root = self.generator(position)
            found = [
                Polynomial.sum(
                    self.ring,
                    (c * above ** (k // order) * below ** (top - k // order) * root ** (k % order) for k, c in part.items()),
                )
                for part in parts
            ]
        return found

    # -- functions --------------------------------------------------------------------------------
    def call(self, name: str, value: Quotient) -> Quotient:
        """The function of this name (`polylaw.algebra.parse.FUNCTIONS`) of a value."""
        if name in ("sin", "cos", "tan"):
            cosine, sine = self.cosine_and_sine(value)
            return {"sin": sine, "cos": cosine}.get(name) or self.times(sine, self.inverse(cosine))
        if name in ("sinh", "cosh", "tanh"):
            growing = self.exp(value)
            falling = self.inverse(growing)
            sine, cosine = self.plus(growing, self._negated(falling)), self.plus(growing, falling)
            half = self.constant(Fraction(1, 2))
            return self.times(sine, self.inverse(cosine)) if name == "tanh" else self.times(half, sine if name == "sinh" else cosine)
        if name == "sqrt":
            return self.root(value, 2)
        return {"exp": self.exp, "log": self.log, "atan": self.atan, "abs": self.absolute}[name](value)

    def log(self, value: Quotient) -> Quotient:
        """log |value|, as a sum over its irreducible factors over Q; `InputError` for 0."""
        above, below = self.normal(value)
        if not above:
            raise InputError("log", "0", "an argument that is not 0")
        total = self.constant(0)
        for sign, part in ((1, above), (-1, below)):
            content, pieces = factors(part)
            numbers = [(self.ring.constant(prime), power) for prime, power in prime_factors(abs(Fraction(content)))]
            for piece, power in [*numbers, *pieces]:
                total = self.plus(total, self.times(self._log_of(piece), self.constant(sign * power)))
        return total

    def _log_of(self, piece: Polynomial) -> Quotient:
        """log of an irreducible polynomial or of an integer > 1."""
        generator = _single(piece)
        function = None if generator is None else self.function(generator)
        if isinstance(function, Exp):
            return function.argument
        if isinstance(function, (Root, Absolute)):
            degree = function.degree if isinstance(function, Root) else 1
            return self.times(self.log(function.argument), self.constant(Fraction(1, degree)))
        if generator is not None and generator == self.ring.clock_index and isinstance(self.ring.clock, Exponential):
            return self.times(self.element(self.ring.clock.rate), self.time())
        return self.add(Log(Quotient(piece, self._one)))

    def exp(self, value: Quotient) -> Quotient:
        """exp(value), as a product over the terms of the value."""
        value = self.normal(value)
        steps = self._clock_steps(value)
        if steps is not None:
            assert self.ring.clock_index is not None
            clock = Quotient(self.ring.monomial(((self.ring.clock_index, abs(steps)),)), self._one)
            return clock if steps >= 0 else self.inverse(clock)
        result = self.constant(1)
        for atom, scale in self._summands(value):
            result = self.times(result, self._exp_of(atom, scale))
        return result

    def _summands(self, value: Quotient) -> list[tuple[Quotient, Fraction]]:
        """The value in lowest terms as a sum of rational multiples: of products of generators, or of one quotient."""
        if not value.above:
            return []
        if value.below != 1:
            content = Fraction(value.above.leading[1]) / value.above.primitive().leading[1]
            return [(Quotient(value.above.primitive(), value.below), content)]
        return [(Quotient(self.ring.monomial(m), self._one), Fraction(c)) for m, c in value.above.sorted_terms()]

    def _exp_of(self, atom: Quotient, scale: Fraction) -> Quotient:
        """exp(scale * atom) for a rational scale."""
        generator = _single(atom.above) if atom.below == 1 else None
        function = None if generator is None else self.function(generator)
        if isinstance(function, Log):  # exp(c log |p|) = |p|^c
            whole = scale.denominator == 1 and scale.numerator % 2 == 0
            return self.power(function.argument if whole else self.absolute(function.argument), scale)
        return self.power(self.add(Exp(atom)), scale)

    def absolute(self, value: Quotient) -> Quotient:
        """|value|, as a product over its irreducible factors; those known to be positive stay as they are."""
        value = self.normal(value)
        if not value.above:
            return value
        content, vector = self._vector(value, roots=False)
        return self.times(self.constant(abs(content)), self._magnitudes(vector))

    def _magnitudes(self, vector: Vector) -> Quotient:
        """The product of |p|^z, for whole numbers z."""
        result = self.constant(1)
        for atom, z in vector.items():
            base = self.constant(atom) if isinstance(atom, int) else Quotient(atom, self._one)
            whole = z.numerator
            if whole % 2 and not isinstance(atom, int) and not self._is_positive(atom):
                result = self.times(result, self.add(Absolute(base)))
                whole -= 1
            result = self.times(result, self.power(base, Fraction(whole)))
        return result

    def _is_positive(self, piece: Polynomial) -> bool:
        """Whether an irreducible polynomial is positive wherever the functions of the tower are defined, by its form."""
        if isinstance(self._under(piece), (Exp, Root, Absolute)):
            return True
        if any(isinstance(f, Root) and f.degree % 2 == 0 and f.argument == (piece, self._one) for f in self.functions):
            return True
        return all(c > 0 and all(power % 2 == 0 for _, power in m) for m, c in piece.terms.items())

    def _vector(self, value: Quotient, *, roots: bool) -> tuple[Fraction, dict[Polynomial | int, Fraction]]:
        """(content, exponents) of a product of irreducible polynomials over Q; with `roots`, these count by what is under them."""
        content, found = Fraction(1), list[Vector]()
        for sign, part in ((1, value.above), (-1, value.below)):
            c, pieces = factors(part)
            content *= Fraction(c) ** sign
            for piece, power in pieces:
                generator = _single(piece)
                under = generator is not None and roots and isinstance(self.function(generator), Root)
                vector: Vector = {piece: Fraction(1)}
                if under and generator is not None:
                    vector = self.radicals[generator - self.first].vector
                found.append(times(vector, sign * power))
        return content, together(*found)

    def root(self, value: Quotient, degree: int) -> Quotient:
        """The positive root of this degree; `InputError` for a negative number."""
        value = self.normal(value)
        if not value.above:
            return value
        content, vector = self._vector(value, roots=True)
        if content < 0 and not vector:
            raise InputError("root", str(value.above), "a number that is not negative")
        outside, inside = root_of_rational(abs(content), degree)
        result = self.constant(outside)
        numbers: Vector = {prime: Fraction(power) for prime, power in prime_factors(Fraction(inside))}
        vector = together(vector, numbers)
        for part in [{atom: u} for atom, u in vector.items() if self._is_exponential(atom)]:  # positive: their roots multiply
            result = self.times(result, self._radical(times(part, Fraction(1, degree)), 1))
        constants: Vector = {atom: u / degree for atom, u in vector.items() if isinstance(atom, int)}
        rest: Vector = {atom: u / degree for atom, u in vector.items() if not isinstance(atom, int) and not self._is_exponential(atom)}
        result = self.times(result, self._radical(constants, 1))
        return self.times(result, self._root_of(value, degree, rest, 1 if content > 0 else -1))

    def _root_of(self, value: Quotient, degree: int, target: Vector, sign: int) -> Quotient:
        """The root, described by `target`, of a value with this sign of its content; numbers and exponentials are taken out.

        Roots in the value are positive: what its sign depends on are the other factors with odd powers.  If some stand beside
        roots, the vector does not tell them apart, and only what is positive for sure is taken out.
        """
        pieces = [(piece, s * power) for s, part in zip((1, -1), value, strict=True) for piece, power in factors(part)[1]]
        plain = [(piece, power) for piece, power in pieces if not isinstance(self._under(piece), (Root, Exp))]
        roots = [(piece, power) for piece, power in pieces if self._is_root(piece)]
        if sign < 0 and all(power % 2 == 0 for _, power in plain):
            raise InputError("root", "something that is nowhere positive", "something that has a real root")
        if not roots:
            return self._radical(target, sign)
        sure = sign > 0 and all(self._is_positive(piece) for piece, power in plain if power % 2)
        found = relation(target, list(self.radicals.values())) if sure and target else None
        if found and found[0] == 1:
            return self._expressed(target, list(self.radicals), *found)
        parts = [self.ring.constant(sign), self._one]
        for piece, power in (*plain, *roots):
            parts[power < 0] = parts[power < 0] * piece ** abs(power)
        return self._new_root(Quotient(*parts), degree, target)

    def _under(self, piece: Polynomial) -> Function | None:
        """The function that a polynomial is, if it is one."""
        generator = _single(piece)
        return None if generator is None else self.function(generator)

    def _is_root(self, piece: Polynomial) -> bool:
        """Whether a polynomial is a root that is neither a number nor an exponential."""
        if not isinstance(self._under(piece), Root):
            return False
        atoms = self.radicals[piece.support[0] - self.first].vector
        return any(not isinstance(atom, int) and not self._is_exponential(atom) for atom in atoms)

    def _is_exponential(self, atom: Polynomial | int) -> bool:
        return isinstance(atom, Polynomial) and isinstance(self._under(atom), Exp)

    def _radical(self, target: Vector, sign: int) -> Quotient:
        """The product of |p|^u where `sign` times the powers of p under the root is positive."""
        if not target:
            return self.constant(1)
        if all(u < 0 for u in target.values()):
            return self.inverse(self._radical(times(target, -1), sign))
        positions, known = list(self.radicals), list(self.radicals.values())
        found = relation(target, known)
        m, powers = found or (0, [0] * len(known))
        signs = [self._sign(positions[k]) for k, e in enumerate(powers) if e % 2]
        if not m or sign * (-1) ** signs.count(-1) < 0:  # too many to compare, or nowhere defined together
            m, powers = 0, [0] * len(known)
        if m == 1 or any(powers):
            return self._expressed(target, positions, m, powers)
        return self._new_radical(target, sign)

    def _expressed(self, target: Vector, positions: Sequence[int], m: int, powers: Sequence[int]) -> Quotient:
        """The root by others: its m-th power is a product of powers of them and of magnitudes."""
        roots = [(position, e) for position, e in zip(positions, powers, strict=True) if e]
        base = self._magnitudes(together(times(target, m), *(times(self.radicals[k].vector, -e) for k, e in roots)))
        for k, e in roots:
            base = self.times(base, self.power(self.absolute(Quotient(self.generator(k), self._one)), Fraction(e)))
        return base if m == 1 else self._new_root(self.normal(base), m, target)

    def _new_radical(self, target: Vector, sign: int) -> Quotient:
        """A root that those before do not express: whole powers stand before it, as far as signs allow."""
        degree = lcm(*(u.denominator for u in target.values()))
        step = 1 if degree % 2 == 0 else 2
        whole = {atom: Fraction(int(u / step) * step) for atom, u in target.items()}
        part = together(target, times(whole, -1))
        above, below = self.ring.constant(sign), self._one
        for atom, u in part.items():
            factor = (atom if isinstance(atom, Polynomial) else self.ring.constant(atom)) ** abs(int(u * degree))
            above, below = (above * factor, below) if u > 0 else (above, below * factor)
        root = self._new_root(Quotient(above, below), degree, part)
        return self.times(self._magnitudes({atom: z for atom, z in whole.items() if z}), root)

    def _new_root(self, argument: Quotient, degree: int, vector: Vector) -> Quotient:
        root = Root(argument, degree)
        if root not in self.functions:
            self.radicals[len(self.functions)] = Radical(vector, degree)
        return self.add(root)

    def _sign(self, position: int) -> int:
        """The sign that the product of the irreducible factors has under a root, or a root of a root: all are of something
        positive."""
        above = self.functions[position].power(self.partner(position)).above
        while isinstance(root := self._under(above), Root):
            above = root.argument.above
        return -1 if above.leading[1] < 0 else 1

    def atan(self, value: Quotient) -> Quotient:
        """The arc tangent; it is odd, so the argument is given a positive leading coefficient."""
        value = self.normal(value)
        if not value.above:
            return value
        if value.above.leading[1] < 0:
            return self._negated(self.atan(self._negated(value)))
        return self.add(Atan(value))

    def cosine_and_sine(self, value: Quotient) -> tuple[Quotient, Quotient]:
        """(cos, sin) of a value, as polynomials in those of its terms."""
        total = self.constant(1), self.constant(0)
        for atom, scale in self._summands(self.normal(value)):
            cosine, sine = self._pair(atom, scale.denominator)
            turn = (cosine, sine if scale > 0 else self._negated(sine))
            total = self._turned(total, turn, abs(scale.numerator))
        return total

    def _pair(self, atom: Quotient, divisor: int) -> tuple[Quotient, Quotient]:
        """(cos, sin) of atom/divisor, by those of the finest part of the atom that is known to occur."""
        self.parts[atom] = lcm(self.parts.get(atom, 1), divisor)
        finest = self.finest.get(atom, divisor)
        finest = divisor if finest % divisor else finest
        argument = Quotient(atom.above * Fraction(1, finest), atom.below)
        cosine = self.add(Cosine(argument))
        if Sine(argument) not in self.functions:  # |sin| is the root of (1 - cos)*(1 + cos)
            halves: Vector = {cosine.above - 1: Fraction(1, 2), cosine.above + 1: Fraction(1, 2)}
            self.radicals[len(self.functions)] = Radical(halves, 2)
        turn = cosine, self.add(Sine(argument))
        return self._turned((self.constant(1), self.constant(0)), turn, finest // divisor)

    def _turned(
        self, start: tuple[Quotient, Quotient], turn: tuple[Quotient, Quotient], times: int
    ) -> tuple[Quotient, Quotient]:
        """(cos, sin) of a sum of angles, the second one taken some times."""
        if times > _MOST_TURNS:
            raise InputError("angle", f"{times} times another one", f"at most {_MOST_TURNS} times")
        (cosine, sine), (c, s) = start, turn
        for _ in range(times):
            cosine, sine = (
                self.normal(self.plus(self.times(cosine, c), self._negated(self.times(sine, s)))),
                self.normal(self.plus(self.times(sine, c), self.times(cosine, s))),
            )
        return cosine, sine

    def time(self) -> Quotient:
        """Time itself in a flow whose clock is exp(rate*t)."""
        clock, index = self.ring.clock, self.ring.clock_index
        assert isinstance(clock, Exponential)
        assert index is not None
        return self.add(Time(Quotient(self.ring.monomial(((index, 1),)), self._one), clock.rate.into(self.ring)))

    def power(self, base: Quotient, exponent: Fraction | Polynomial) -> Quotient:
        """base^exponent for a rational exponent, or one that is a polynomial in the parameters: base^(a + 1) is
        base*exp(a*log(base)), and the base is positive."""
        if isinstance(exponent, Polynomial):
            number = exponent.terms.get((), 0)
            symbols = exponent - number
            if symbols:
                power = self.exp(self.times(self.element(symbols), self.log(base)))
                return self.times(self.power(base, Fraction(number)), power) if number else power
            exponent = Fraction(number)
        if exponent < 0:
            base, exponent = self.inverse(base), -exponent
        if exponent.denominator != 1:
            base = self.root(base, exponent.denominator)
        return Quotient(base.above**exponent.numerator, base.below**exponent.numerator)

    def _clock_steps(self, value: Quotient) -> int | None:
        """The k for which exp(value) is the k-th power of the clock exp(rate*t), if there is one."""
        clock = self.ring.clock
        if not isinstance(clock, Exponential) or value.below != 1 or not value.above:
            return None
        time = self.function_of(Time)
        if time is None:
            return None
        unit = self.element(clock.rate).above * self.generator(time)
        ratio = Fraction(value.above.leading[1]) / unit.leading[1]
        return ratio.numerator if ratio.denominator == 1 and value.above == unit * ratio else None

    # -- field operations -------------------------------------------------------------------------
    def times(self, left: Quotient, right: Quotient) -> Quotient:
        """left * right."""
        return Quotient(left.above * right.above, left.below * right.below)

    def plus(self, left: Quotient, right: Quotient) -> Quotient:
        """left + right."""
        if left.below == right.below:
            return Quotient(left.above + right.above, left.below)
        return Quotient(left.above * right.below + right.above * left.below, left.below * right.below)

    def inverse(self, value: Quotient) -> Quotient:
        """1/value; `InputError` for 0."""
        if not self.reduced(value.above):
            raise InputError("expression", "division by zero", "a nonzero denominator")
        return Quotient(value.below, value.above)

    def _negated(self, value: Quotient) -> Quotient:
        return Quotient(-value.above, value.below)

    def translated(self, source: Tower, value: Quotient) -> Quotient:
        """An element of another tower over the same ring, its functions added to this one."""
        images: dict[int, Quotient] = {}
        for position in source.used(*value):
            function = source.functions[position]
            argument = self._substituted(function.argument, source, images)
            images[source.first + position] = self._like(function, argument)
        return self.normal(self._substituted(value, source, images))

    def _like(self, function: Function, argument: Quotient) -> Quotient:
        if isinstance(function, Root):
            return self.root(argument, function.degree)
        return self.time() if isinstance(function, Time) else self.call(function.name, argument)

    def _substituted(self, value: Quotient, source: Tower, images: Mapping[int, Quotient]) -> Quotient:
        """The value with these images for functions; both rings have the other generators in the same places."""
        parts = []
        for part in value:
            total = self.constant(0)
            for monomial, c in part:
                own = tuple(q for q in monomial if source.function(q[0]) is None)
                term = Quotient(self.ring.monomial(own, c), self._one)
                for g, power in monomial:
                    if g in images:
                        term = self.times(term, Quotient(images[g].above**power, images[g].below**power))
                total = self.plus(total, term)
            parts.append(total)
        return self.times(parts[0], self.inverse(parts[1]))

    def used(self, *polynomials: Polynomial) -> list[int]:
        """Positions of the functions that occur in the polynomials, or in arguments of those, pairs together, ascending."""
        found: set[int] = set()
        waiting = list(polynomials)
        while waiting:
            for position in (g - self.first for g in waiting.pop().support if self.function(g)):
                if position not in found:
                    found |= {position, position + self.functions[position].partner}
                    waiting += self.functions[position].argument
        return sorted(found)


def _single(polynomial: Polynomial) -> int | None:
    """The generator that the polynomial is, if it is one."""
    [(monomial, c), *more] = polynomial.terms.items() or [((), 0)]
    return monomial[0][0] if not more and c == 1 and len(monomial) == 1 and monomial[0][1] == 1 else None
