"""Do the functions of a tower depend on each other?  A proof that they do not, or what could not be shown.

Let K be the field of rational functions, over the complex numbers, of the flow's generators and parameters.

Transcendental functions.  Write each as a pair (y, z) with dy = dz/z: (log a, a), (a, exp a), (2i atan a, (1
+ ia)/(1 - ia)), (i a, exp(i a)) for a sine and a cosine.  If the y are linearly independent over Q modulo
constants, all functions are algebraically independent over K (Ax, On Schanuel's conjectures, Ann. of Math.
93, 1971, theorem 3 with its corollaries, applied to these y and those coordinates that they do not span; for
logarithms alone, and for exponentials alone, this is Ostrowski's and Kolchin's theorem).  It holds for
functions of functions too: what is used of the field of the tower, for one function after another, is known
from those before.  The y are independent modulo constants exactly when the dy are, which is linear algebra
over Q, in the field of the tower; real and imaginary ones apart, since all functions are real.

Roots.  The field that they generate has the product of their degrees as its degree when each has, modulo
those before it, a vector of exponents of exactly its degree (Kummer theory: Lang, Algebra, VI, section 8;
irreducible polynomials over Q have no common factor over C, and no multiple one).  A root of something that
has another root in it, not as a factor, is of degree n over all roots before it if the norm of what is under
it has an irreducible factor p, to a power prime to n, at which these are unramified: for each prime q that
divides n, q does not divide the valuation of what is under the root at some place above p. They ramify only
above the polynomials of their vectors and those that divide such norms, so p must be none of them; and a
vector with such a polynomial is not compared with other vectors alone. sin(a) is a root of (1 - cos a)(1 +
cos a), with a sign.  |a| is a or -a: all combinations of signs must occur at real points.

Constants.  Roots of numbers count as roots.  exp of algebraic numbers that are independent over Q, or else a
single logarithm, arc tangent or cosine of a number that is algebraic, are independent (Lindemann,
Weierstrass); of others nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.factor import factors
from polylaw.algebra.function import Side
from polylaw.algebra.functions import Absolute, Exp, Time
from polylaw.algebra.linear.exact import Row, relations
from polylaw.algebra.polynomial import Polynomial
from polylaw.budget import Budget
from polylaw.domains.elementary.balls import candidates, places
from polylaw.domains.elementary.derivation import Derivation, numerators
from polylaw.domains.elementary.numbers import by_power, factored, prime_factors, put
from polylaw.domains.elementary.printing import expression_text
from polylaw.domains.elementary.radicals import Radical, Vector, relation, times, together
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import BudgetError

_STAGE = "the independence of functions"


@dataclass(frozen=True)
class Independence:
    """Whether the functions have no relations but those of their roots: proved, or what was not shown."""

    doubt: str = ""

    @property
    def proved(self) -> bool:
        """Whether there is a proof."""
        return not self.doubt


def numbers_among(tower: Tower, positions: Sequence[int], *, parameters: bool) -> list[int]:
    """The positions of functions in which nothing moves; without `parameters` only those of numbers."""
    last = tower.ring.parameter_indices.start if parameters else tower.ring.size
    found: set[int] = set()
    for position in positions:
        inside = {g for part in tower.functions[position].argument for g in part.support}
        still = all(g >= last or g - tower.first in found for g in inside)
        if still and not isinstance(tower.functions[position], Time):
            found.add(position)
    return sorted(found)


def independence(tower: Tower, positions: Sequence[int], budget: Budget) -> Independence:
    """The proof for the functions at these positions (closed under arguments), as the text above has it."""
    doubt = _doubt_about_numbers(tower, numbers_among(tower, positions, parameters=False))
    signs = [i for i in positions if isinstance(tower.functions[i], Absolute)]
    if not doubt and len(signs) > budget.max_signs:
        found = f"max_signs {budget.max_signs}: {len(signs)} absolute values"
        doubt = f"{found} are too many to tell their signs apart"
    for choice in product((1, -1), repeat=len(signs)):
        if doubt:
            break
        part = _Part(tower, positions, dict(zip(signs, choice, strict=True)), budget)
        try:
            doubt = part.doubt_about_signs() or part.doubt_about_transcendental() or part.doubt_about_roots()
        except BudgetError as error:
            doubt = f"their independence was not decided: {error}"
    return Independence(doubt)


def _doubt_about_numbers(tower: Tower, numbers: Sequence[int]) -> str:
    transcendental = [i for i in numbers if not tower.functions[i].order]
    inside = {i: {g - tower.first for p in tower.functions[i].argument for g in p.support} for i in numbers}
    algebraic: set[int] = set()  # numbers, not only algebraic over others as sqrt(exp(1)) and sin(1) are
    for i in numbers:
        if tower.functions[i].order and not tower.functions[i].partner and inside[i] <= algebraic:
            algebraic.add(i)
    known = all(inside[i] <= algebraic for i in transcendental)
    functions = [tower.functions[i] for i in transcendental]
    exponentials = all(isinstance(f, Exp) and f.argument.below == 1 for f in functions)
    single = len(functions) <= 1 and all(f.transcendental for f in functions)
    if known and (single or exponentials):
        return ""
    return f"whether the numbers {_text(tower, transcendental)} are independent is not known"


class _Part:
    """The functions where the absolute values have these signs."""

    def __init__(
        self, tower: Tower, positions: Sequence[int], signs: Mapping[int, int], budget: Budget
    ) -> None:
        self.tower, self.positions, self.signs, self.budget = tower, positions, signs, budget

    # -- signs ------------------------------------------------------------------------------------
    def doubt_about_signs(self) -> str:
        """Whether a rational point has these signs."""
        if not self.signs:
            return ""
        tower = self.tower
        points = candidates(tower, [*tower.state, *tower.ring.parameter_indices], self.budget)
        arguments = [(tower.functions[i].argument, sign) for i, sign in self.signs.items()]
        for at in places(tower, points, self.positions, tower.asked, self.budget, _STAGE):
            if all(at.sign(argument) == sign for argument, sign in arguments):
                return ""
        shown = (f"{expression_text(tower, a)} {'>' if sign > 0 else '<'} 0" for a, sign in arguments)
        return f"no point was found where {', '.join(shown)}"

    def _signed(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial with w or -w for |w|."""
        for position, sign in reversed(list(self.signs.items())):
            inside = self.tower.functions[position].argument
            polynomial = put(polynomial, {self.tower.first + position: inside.above * sign})
        return self.tower.reduced(polynomial)

    # -- logarithms, exponentials, angles ---------------------------------------------------------
    def doubt_about_transcendental(self) -> str:
        """Whether the differentials of the y are linearly independent over Q."""
        numbers = set(numbers_among(self.tower, self.positions, parameters=False))
        moving = [i for i in self.positions if i not in numbers]
        for side in Side:
            group = [i for i in moving if self.tower.functions[i].side is side]
            if found := self._dependent(group):
                return f"{_text(self.tower, found)} depend on each other"
        unknown = [i for i in moving if not (self.tower.functions[i].side or self.tower.functions[i].order)]
        return f"nothing is known of {_text(self.tower, unknown)}" if unknown else ""

    def _dependent(self, group: Sequence[int]) -> list[int]:
        """The positions in a linear relation over Q between the differentials, none if there is none."""
        tower, functions = self.tower, [self.tower.functions[i] for i in group]
        generators = [Quotient.whole(tower.generator(i)) for i in group]
        used = {g for i in self.positions for p in tower.functions[i].argument for g in p.support}
        rows: list[Row] = [{} for _ in group]
        for k in sorted(used.intersection((*tower.state, *tower.ring.parameter_indices))) if group else ():
            along = Derivation(tower, {k: tower.constant(1)}, self.positions, self.budget).of
            pairs = zip(functions, generators, strict=True)
            differentials = [f.differential(along(f.argument), w) for f, w in pairs]
            signed = [self._signed(p) for p in numerators(tower, differentials)[0]]
            for row, p in zip(rows, tower.cleared(signed), strict=True):
                row.update({(k, m): tower.ring.constant(c) for m, c in p})
        found = relations(rows, tower.ring, self.budget.check, _STAGE)
        return [group[i] for i in sorted(found[0])] if found else []

    # -- roots ------------------------------------------------------------------------------------
    def doubt_about_roots(self) -> str:
        """Whether every root has its full degree over those before it."""
        tower = self.tower
        known: list[Radical] = []
        nested: set[Polynomial | int] = set()  # above these a root of something with roots in it may ramify
        for i in self.positions:
            self.budget.check(_STAGE)
            function = tower.functions[i]
            if not function.order or i in self.signs:
                continue
            value = function.power(tower.partner(i))
            vector = self._vector(value)
            undecided = f"whether {_text(tower, [i])} depends on the other roots was not decided"
            if vector is not None:
                if nested & vector.keys():
                    return undecided
                radical = Radical(times(vector, Fraction(1, function.order)), function.order)
                found = relation(radical.vector, known)
                if found is None or found[0] != function.order:
                    return f"{_text(tower, [i])} and the other roots depend on each other"
                known.append(radical)
                continue
            pieces = self._norm(i)
            branched = nested.union(*(radical.vector for radical in known))
            if not any(gcd(power, function.order) == 1 and piece not in branched for piece, power in pieces):
                return undecided
            nested.update(piece for piece, _ in pieces)
        return ""

    def _vector(self, value: Quotient) -> Vector | None:
        """The exponents of an element that is a product of irreducible polynomials without roots in them and
        of roots; None if it is not.  Numbers count only in numbers: others are over the complex numbers,
        where they have all roots."""
        tower = self.tower
        found: list[Vector] = []
        content, pieces = factored(Quotient(*map(self._signed, value)))
        found += [{prime: Fraction(power)} for prime, power in prime_factors(abs(content))]
        for piece, power in pieces:
            inside = (g - tower.first for g in piece.support if tower.function(g))
            roots = [i for i in inside if tower.functions[i].order]
            if not roots:
                found.append({piece: Fraction(power)})
                continue
            function = tower.functions[roots[0]]
            single = len(piece.terms) == 1
            under = self._vector(function.power(tower.partner(roots[0]))) if single else None
            if under is None:
                return None
            found.append(times(under, Fraction(power, function.order)))
        total = together(*found)
        polynomials: Vector = {atom: u for atom, u in total.items() if not isinstance(atom, int)}
        return polynomials or total

    def _norm(self, position: int) -> list[tuple[Polynomial, int]]:
        """The irreducible factors of the norm of what is under an n-th root, times an n-th power and up to
        factors above which roots in it are infinite; none if there are other roots in it than square
        roots."""
        tower, function = self.tower, self.tower.functions[position]
        above, below = map(self._signed, function.argument)
        norm = above * below ** (function.order - 1)
        for j in reversed(range(position)):
            inside = tower.functions[j]
            if inside.order and tower.first + j in norm.support:
                if inside.order != 2:
                    return []
                parts = by_power(tower.cleared([norm])[0], tower.first + j)
                even, odd = (parts.get(k, tower.ring.constant(0)) for k in (0, 1))
                square = inside.power(tower.partner(j))
                norm = even * even * square.below - odd * odd * square.above
        return factors(norm)[1]


def _text(tower: Tower, positions: Iterable[int]) -> str:
    return ", ".join(expression_text(tower, Quotient.whole(tower.generator(i))) for i in positions)
