"""Whether claims about laws with functions are true, by numbers of 60 digits: no code of polylaw, none of its
checker.

Functions are evaluated by mpmath, derivatives are taken as differences along the right-hand sides as they
stand in the certificate, and all of it at random points where everything is defined.  An identity of analytic
functions that holds at random points to 20 digits holds; a claim for which no point is found says nothing,
and counts as true.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from mpmath import mp, mpf

__all__ = ["is_true"]

Data = dict[str, Any]
Point = dict[int, Any]
POINTS, TRIES = 3, 60
DIGITS, STEP, SMALL = 60, mpf(10) ** -20, mpf(10) ** -15


class UndefinedError(Exception):
    """A function is not smooth at the point."""


def is_true(data: Data, claim: Data) -> bool:
    """Whether one claim of a certificate with functions is true."""
    with mp.workdps(DIGITS):
        return bool(getattr(_Oracle(data), claim["type"])(claim))


class _Oracle:
    def __init__(self, data: Data) -> None:
        self.data, self.functions = data, data["functions"]
        self.variables = len(data["variables"])
        self.own = self.variables - len(self.functions)
        self.clock = None if data["clock"] is None else self.variables
        self.size = self.variables + (self.clock is not None) + len(data["parameters"])
        self.random = random.Random(0)

    # -- values ---------------------------------------------------------------------------------------
    def polynomial(self, terms: Sequence[Any], x: Point) -> Any:
        total = mpf(0)
        for c, *powers in terms:
            value = mpf(Fraction(c).numerator) / Fraction(c).denominator
            for k, e in zip(powers[::2], powers[1::2], strict=True):
                value *= x[k] ** e
            total += value
        return total

    def quotient(self, parts: Sequence[Any], x: Point) -> Any:
        below = self.polynomial(parts[1], x) if len(parts) > 1 else mpf(1)
        if abs(below) < SMALL:
            raise UndefinedError
        return self.polynomial(parts[0], x) / below

    def extended(self, x: Point, only: set[int] | None = None) -> Point:
        """The point with the values of functions, perhaps only of some."""
        x = dict(x)
        for i, f in enumerate(self.functions):
            if only is None or i in only:
                x[self.own + i] = self.function(f, self.quotient(f["of"], x), x)
        return x

    def function(self, f: Data, a: Any, x: Point) -> Any:
        kind = f["kind"]
        if (kind in ("log", "abs") and abs(a) < SMALL) or (kind == "root" and a < SMALL):
            raise UndefinedError
        if kind == "time":
            rate = self.polynomial(self.data["clock"]["rate"], x)
            if abs(rate) < SMALL:
                raise UndefinedError
            return mp.log(a) / rate
        if kind == "root":
            return a ** (mpf(1) / f["degree"])
        if kind == "log":
            return mp.log(abs(a))
        return {"abs": abs, "exp": mp.exp, "atan": mp.atan, "cos": mp.cos, "sin": mp.sin}[kind](a)

    def inside(self, *terms: Any) -> set[int]:
        """The functions in polynomials, and in their arguments."""
        found: set[int] = set()
        waiting = list(terms)
        while waiting:
            for _, *powers in waiting.pop():
                for i in (k - self.own for k in powers[::2] if self.own <= k < self.variables):
                    if i not in found:
                        found.add(i)
                        waiting += self.functions[i]["of"]
        return found

    # -- points and motion ----------------------------------------------------------------------------
    def points(self) -> Iterator[Point]:
        for _ in range(TRIES):
            own = {
                k: mpf(self.random.randint(-3000, 3000)) / 1000
                for k in range(self.size)
                if not self.own <= k < self.variables
            }
            if self.clock is not None:
                own[self.clock] = abs(own[self.clock]) + mpf("0.1")
            yield own

    @property
    def in_flow(self) -> set[int]:
        flow = self.data["flow"]
        return self.inside(*(p for f in flow.get("rhs", flow.get("phi", [])) for p in f))

    def motions(self, x: Point) -> Iterator[Point]:
        """The fields at a point, one after another, by the definitions of the flows."""
        flow, at = self.data["flow"], self.extended(x, self.in_flow)
        tick: Point = {}
        if self.clock is not None:
            clock = self.data["clock"]
            tick = {
                self.clock: self.polynomial(clock["rate"], x) * x[self.clock] if "rate" in clock else mpf(1)
            }
        if flow["type"] == "ode":
            yield {k: self.quotient(f, at) for k, f in enumerate(flow["rhs"])} | tick
            return
        assert flow["type"] == "gradient"
        metric = flow.get("metric", [[k, k, [["1"]]] for k in range(self.own)])
        for phi in flow["phi"]:
            slope = [
                self.slope(lambda at, phi=phi: self.quotient(phi, at), x, {j: mpf(1)})
                for j in range(self.own)
            ]  # type: ignore[misc]
            field: Point = {k: mpf(0) for k in range(self.own)}
            for i, j, m in metric:
                field[i] += self.polynomial(m, x) * slope[j]
            yield field
        if "weight_decay" in flow:
            yield {k: -self.polynomial(flow["weight_decay"], x) * x[k] for k in range(self.own)} | tick

    def slope(self, value: Callable[[Point], Any], x: Point, field: Point) -> Any:
        """The derivative along a field at a point."""
        ahead, behind = ({**x, **{k: x[k] + sign * STEP * v for k, v in field.items()}} for sign in (1, -1))
        return (value(ahead) - value(behind)) / (2 * STEP)

    # -- claims ---------------------------------------------------------------------------------------
    def law(self, i: int) -> Callable[[Point], Any]:
        h = self.data["laws"][i]
        parts = [h["polynomial"], *([h["over"]] if "over" in h else [])]
        only = self.inside(*parts)
        return lambda x: self.quotient(parts, self.extended(x, only))

    def everywhere(self, test: Callable[[Point], bool]) -> bool:
        """Whether a test holds at random points where everything is defined."""
        seen = 0
        for x in self.points():
            try:
                if not test(x):
                    return False
                seen += 1
            except (UndefinedError, ZeroDivisionError):
                continue
            if seen == POINTS:
                break
        return True

    def conserved_where(self, claim: Data) -> bool:
        def test(x: Point, value: Callable[[Point], Any]) -> bool:
            size = 1 + abs(value(x))
            return all(abs(self.slope(value, x, field)) < SMALL * size * 1000 for field in self.motions(x))

        return all(self.everywhere(lambda x, i=i: test(x, self.law(i))) for i in claim["laws"])  # type: ignore[misc]

    def kept(self, claim: Data) -> bool:
        """u'/u, taken at points, is defined where u is 0 too: at such points, found along lines, u' is 0."""
        only = self.inside(claim["polynomial"])

        def u(x: Point) -> Any:
            return self.polynomial(claim["polynomial"], self.extended(x, only))

        def test(x: Point) -> bool:
            zero = self.zero(u, x)
            return zero is None or all(
                abs(self.slope(u, zero, field)) < SMALL for field in self.motions(zero)
            )

        return self.everywhere(test)

    def zero(self, u: Callable[[Point], Any], x: Point) -> Point | None:
        """A point with u = 0 on a line along a variable."""
        for k in range(self.own):
            try:
                root = mp.findroot(lambda v, k=k: u({**x, k: v}), (x[k], x[k] + 1), tol=mpf(10) ** -80)  # type: ignore[misc]
            except (ValueError, ZeroDivisionError, UndefinedError):
                continue
            if not isinstance(root, mpf):  # a complex one
                continue
            return {**x, k: root}
        return None

    def crossed(self, claim: Data) -> bool:
        own = [k for k in range(self.size) if not self.own <= k < self.variables]
        x = {
            k: mpf(Fraction(c).numerator) / Fraction(c).denominator
            for k, c in zip(own, claim["point"], strict=True)
        }

        def u(x: Point) -> Any:
            return self.polynomial(claim["polynomial"], x)

        positive = self.clock is None or x[self.clock] > 0
        if "rate" in (self.data["clock"] or {}) and self.polynomial(self.data["clock"]["rate"], x) == 0:
            positive = positive and x[self.clock] == 1
        return (
            positive
            and abs(u(x)) < SMALL
            and any(abs(self.slope(u, x, field)) > SMALL for field in self.motions(x))
        )

    def jumps(self, claim: Data) -> bool:
        """The law on both sides of u = 0, near it; the jump is pi times a number that is the law's slope in
        the arc tangent."""
        law = self.data["laws"][claim["law"]]
        parts = [law["polynomial"], *([law["over"]] if "over" in law else [])]
        w, of_u = self.own + claim["function"], self.inside(claim["polynomial"])

        def u(x: Point) -> Any:
            return self.polynomial(claim["polynomial"], self.extended(x, of_u))

        def test(x: Point) -> bool:
            zero = self.zero(u, x)
            if zero is None:
                return True
            k = next(k for k in range(self.own) if abs(u({**zero, k: zero[k] + STEP})) > STEP / 1000)
            sides = [
                self.extended({**zero, k: zero[k] + sign * STEP}, self.inside(*parts)) for sign in (1, -1)
            ]
            jump = self.quotient(parts, sides[0]) - self.quotient(parts, sides[1])
            factor = self.quotient(parts, {**sides[0], w: sides[0][w] + 1}) - self.quotient(parts, sides[0])
            return abs(abs(jump) - mp.pi * abs(factor)) < mpf(10) ** -10

        return self.everywhere(test)
