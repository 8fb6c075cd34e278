"""Roots and absolute values in a tower: products of irreducible polynomials to rational powers.

All roots are positive, of something positive; one that roots before it express is replaced (`..radicals`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from math import lcm, prod

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.functions import Absolute, Exp, Root
from polylaw.algebra.polynomial import Polynomial
from polylaw.domains.elementary.elements import Elements
from polylaw.domains.elementary.numbers import factored, prime_factors, root_of_rational
from polylaw.domains.elementary.radicals import Radical, Vector, relation, times, together
from polylaw.errors import InputError
from polylaw.flows.flow import Flow


class Roots(Elements):
    """Elements with roots and absolute values."""

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        #: The roots among the functions, by position.
        self.radicals: dict[int, Radical] = {}
        #: Signs of irreducible polynomials wherever the flow is defined, known before anything is read.
        self.facts: Mapping[Polynomial, int] = {}

    def rational_power(self, base: Quotient, exponent: Fraction) -> Quotient:
        """base^exponent."""
        if exponent < 0:
            base, exponent = self.inverse(base), -exponent
        if exponent.denominator != 1:
            base = self.root(base, exponent.denominator)
        return base**exponent.numerator

    def absolute(self, value: Quotient) -> Quotient:
        """|value|, as a product over its irreducible factors; those known to be positive stay as they are."""
        value = self.normal(value)
        if not value.above:
            return value
        content, vector = self._vector(value, roots=False)
        return self._magnitudes(vector) * abs(content)

    def _magnitudes(self, vector: Vector) -> Quotient:
        """The product of |p|^z, for whole numbers z."""
        result = self.constant(1)
        for atom, z in vector.items():
            base = self.constant(atom) if isinstance(atom, int) else Quotient.whole(atom)
            whole = z.numerator
            if whole % 2 and not isinstance(atom, int) and not self._is_positive(atom):
                result = result * (-base if atom in self.facts else self.add(Absolute(base)))
                whole -= 1
            result = result * self.rational_power(base, Fraction(whole))
        return result

    def _is_positive(self, piece: Polynomial) -> bool:
        """Whether an irreducible polynomial is positive wherever the functions are defined, by its form."""
        if self.facts.get(piece, 0) > 0 or self._is_positive_by_form(piece):
            return True
        return any(isinstance(f, Root) and f.argument == Quotient.whole(piece) for f in self.functions)

    def _is_positive_by_form(self, piece: Polynomial) -> bool:
        if (function := self._under(piece)) is not None and function.positive:
            return True
        return all(c > 0 and all(power % 2 == 0 for _, power in m) for m, c in piece.terms.items())

    def signs_of_fields(self) -> dict[Polynomial, int]:
        """Signs that follow from what stands under roots in the flow's own fields, as they were written."""
        found = dict(self.facts)
        for asked in self.asked[: self.asked_by_fields]:
            content, vector = self._vector(self.normal(asked.value), roots=False)
            odd = [p for p, power in vector.items() if isinstance(p, Polynomial) and power.numerator % 2]
            odd = [p for p in odd if not self._is_positive_by_form(p)]
            unknown = [p for p in odd if p not in found]
            if asked.positive and len(unknown) == 1 and not any(self.function(g) for g in unknown[0].support):
                known = (found[p] for p in odd if p in found)
                found[unknown[0]] = prod(known, start=1 if content > 0 else -1)
        return found

    def _vector(self, value: Quotient, *, roots: bool) -> tuple[Fraction, dict[Polynomial | int, Fraction]]:
        """(content, exponents) over irreducible polynomials; `roots` count by what is under them."""
        content, pieces = factored(value)
        found: list[Vector] = []
        for piece, power in pieces:
            under: Vector = {piece: Fraction(1)}
            if roots and isinstance(self._under(piece), Root):
                under = self.radicals[piece.support[0] - self.first].vector
            found.append(times(under, power))
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
        vector = times(together(vector, numbers), Fraction(1, degree))
        exponentials = {atom for atom in vector if self._is_exponential(atom)}
        for atom in vector:
            if atom in exponentials:  # positive: their roots multiply
                result = result * self._radical({atom: vector[atom]}, 1)
        free = {piece for piece, power in factored(value)[1] if power % 2 == 0}
        constants: Vector = {atom: u for atom, u in vector.items() if isinstance(atom, int)}
        rest: Vector = {a: u for a, u in vector.items() if a not in constants and a not in exponentials}
        result = result * self._radical(constants, 1)
        return result * self._root_of(value, degree, rest, 1 if content > 0 else -1, free)

    def _root_of(
        self, value: Quotient, degree: int, target: Vector, sign: int, free: AbstractSet[Polynomial]
    ) -> Quotient:
        """The root, described by `target`, of a value with this sign of its content; numbers and exponentials
        are taken out. The factors that are `free` have even powers, so either sign.

        Roots in the value are positive: what its sign depends on are the other factors with odd powers.  If
        some stand beside roots, the vector does not tell them apart, and only what is positive for sure is
        taken out.
        """
        _, pieces = factored(value)
        plain = [(piece, power) for piece, power in pieces if not isinstance(self._under(piece), (Root, Exp))]
        roots = [(piece, power) for piece, power in pieces if self._is_root(piece)]
        if sign < 0 and all(power % 2 == 0 for _, power in plain):
            raise InputError("root", "something that is nowhere positive", "something that has a real root")
        if not roots:
            return self._radical(target, sign, free)
        sure = sign > 0 and all(self._is_positive(piece) for piece, power in plain if power % 2)
        found = relation(target, list(self.radicals.values())) if sure and target else None
        if found and found[0] == 1:
            return self._expressed(target, list(self.radicals), *found)
        parts = [self.ring.constant(sign), self.one]
        for piece, power in (*plain, *roots):
            parts[power < 0] = parts[power < 0] * piece ** abs(power)
        return self._new_root(Quotient(*parts), degree, target)

    def _is_root(self, piece: Polynomial) -> bool:
        """Whether a polynomial is a root that is neither a number nor an exponential."""
        if not isinstance(self._under(piece), Root):
            return False
        atoms = self.radicals[piece.support[0] - self.first].vector
        return any(not isinstance(atom, int) and not self._is_exponential(atom) for atom in atoms)

    def _is_exponential(self, atom: Polynomial | int) -> bool:
        return isinstance(atom, Polynomial) and isinstance(self._under(atom), Exp)

    # -- roots by others --------------------------------------------------------------------------
    def _radical(self, target: Vector, sign: int, free: AbstractSet[Polynomial] = frozenset()) -> Quotient:
        """The product of |p|^u, positive under the root with this sign whatever those of `free` p are."""
        if not target:
            return self.constant(1)
        if all(u < 0 for u in target.values()):
            return self.inverse(self._radical(times(target, -1), sign, free))
        positions, known = list(self.radicals), list(self.radicals.values())
        found = relation(target, known)
        m, powers = found or (0, [0] * len(known))
        signs = [self._sign(positions[k]) for k, e in enumerate(powers) if e % 2]
        if not m or sign * (-1) ** signs.count(-1) < 0:  # too many to compare, or nowhere defined together
            m, powers = 0, [0] * len(known)
        if m == 1 or any(powers):
            return self._expressed(target, positions, m, powers)
        return self._new_radical(target, sign, free)

    def _expressed(self, target: Vector, positions: Sequence[int], m: int, powers: Sequence[int]) -> Quotient:
        """The root by others: its m-th power is a product of powers of them and of magnitudes."""
        roots = [(position, e) for position, e in zip(positions, powers, strict=True) if e]
        others = (times(self.radicals[k].vector, -e) for k, e in roots)
        base = self._magnitudes(together(times(target, m), *others))
        for k, e in roots:
            base = base * self.rational_power(self.absolute(Quotient.whole(self.generator(k))), Fraction(e))
        return base if m == 1 else self._new_root(self.normal(base), m, target)

    def _new_radical(self, target: Vector, sign: int, free: AbstractSet[Polynomial]) -> Quotient:
        """A root that those before do not express: whole powers stand before it, as far as signs allow.  Of p
        to an even power under a root of even degree, such as (p^2)^(1/4), is left |p|^(1/2)."""
        degree = lcm(*(u.denominator for u in target.values()))
        step = 1 if degree % 2 == 0 else 2
        whole = {atom: Fraction(int(u / step) * step) for atom, u in target.items()}
        part = together(target, times(whole, -1))
        above, below = self.ring.constant(sign), self.one
        for atom, u in part.items():
            power = abs(int(u * degree))
            base = atom if isinstance(atom, Polynomial) else self.ring.constant(atom)
            if power % 2 and atom in free:
                base = self.absolute(Quotient.whole(base)).above
            factor = base**power
            above, below = (above * factor, below) if u > 0 else (above, below * factor)
        root = self._new_root(Quotient(above, below), degree, part)
        return self._magnitudes({atom: z for atom, z in whole.items() if z}) * root

    def _new_root(self, argument: Quotient, degree: int, vector: Vector) -> Quotient:
        root = Root(argument, degree)
        if root not in self.functions:
            self.radicals[len(self.functions)] = Radical(vector, degree)
        return self.add(root)

    def _sign(self, position: int) -> int:
        """The sign of the product of the factors under a root, or a root of a root: all of something > 0."""
        above = self.functions[position].power(self.partner(position)).above
        while isinstance(root := self._under(above), Root):
            above = root.argument.above
        return -1 if above.leading[1] < 0 else 1
