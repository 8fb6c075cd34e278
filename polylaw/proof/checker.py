#!/usr/bin/env python3
"""An independent checker of polylaw certificates: `python checker.py CERTIFICATE.json ...` exits with 0 only
if every claim of every file holds; with 1 if one does not, 2 if a file is no certificate, 3 if one is beyond
the bounds below. Standard library only, Python 3.9 or newer, no code shared with the program that wrote them.

The state has coordinates x = (variables, clock, parameters), of which variables and clock move; K =
Q(parameters).  A law is a polynomial h in Q[x] with F h = 0 for every field F of the flow, where fields are
computed here from the model (phi, metric, damping, right-hand sides) and multiplied by their denominators.
The claims, with their theorems at `check_...`:
    conserved, not_conserved        F h is 0 in Q[x], or is not.
    independent     so many functions of variables and clock are independent.
    complete        the laws in the span over K of some monomials are spanned by products of the given laws.
    max_laws        at most so many laws of any kind are independent.
    exactly         the laws claimed conserved and independent are as many as max_laws allows.
    conserved_for_all_widths    F h = 0 as a formal sum of products of matrices, of any sizes (class Shaped).
and where there are functions such as log |x| in the laws (class Functions):
    conserved_where     F h = 0 wherever h is smooth, so h is constant on every piece of a trajectory there.
    kept, crossed       a polynomial keeps its sign along every trajectory; or changes it along one.
    jumps               by how much a law changes where a polynomial changes its sign.
and of networks, which are arrays and rules (class Network), with claims that do not depend on sizes:
    network     laws are kept by the training of a network, whatever the loss and the data.
Polynomials of flow and laws are multiplied by positive integers until they are in Z[x]; x -> point mod a
prime p is then a homomorphism of rings, so what is not 0 mod p is not 0, and ranks mod p are at most the
ranks over K(variables, clock). Only this direction is used.  "Generic" points or values of the parameters are
those where one polynomial, which is not the zero polynomial, is not 0.
"""

import hashlib
import json
import math
import re
import sys
from bisect import bisect_left
from collections import Counter
from fractions import Fraction
from functools import cache, partial
from heapq import heapify, heappop, heappush
from itertools import accumulate, chain, combinations_with_replacement

MAX_BYTES, MAX_DEPTH, MAX_STEPS, MAX_SIZE = 20_000_000, 20, 100_000_000, 2000
MAX_DIGITS, MAX_EXPONENT, MAX_COORDINATES, MAX_FACTORS = 2000, 200, 20_000, 200
RATIONAL = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}(/[1-9][0-9]{{0,{MAX_DIGITS - 1}}})?")
NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")


class Refused(Exception):
    """This is no certificate.  `code` is the exit code."""

    code = 2


class Fails(Refused):
    """A claim, or the sha256, does not hold."""

    code = 1


class TooLarge(Refused):
    """The certificate is beyond the bound that is named, which says nothing of its claims."""

    code = 3


class Stopped(TooLarge):
    """So many steps were not allowed by who asked; with more of them every claim may be found to hold."""


def need(condition, message, result=None, error=Refused):
    if not condition:
        raise error(message)
    return result


def holds(condition, message):
    need(condition, message, error=Fails)


def within(amount, bound, unit):
    need(amount <= bound, f"more than {bound} {unit}", error=TooLarge)


class Work:
    """The steps of one check: at least one for every word of memory that is written, and for what takes 0.2
    microseconds.  There is no clock, so a file is refused at the same step on every machine.  Who asks may
    allow fewer steps than `MAX_STEPS`: then the refusal is `Stopped`."""

    def __init__(self, most=math.inf):
        self.steps, self.most = 0, min(most, MAX_STEPS)

    def add(self, steps):
        self.steps += steps
        if self.steps > self.most:
            raise (TooLarge if self.most == MAX_STEPS else Stopped)(f"more than {self.most} steps")


# ------------------------------------------------------------------ reading
def load(path):
    with open(path, "rb") as file:
        raw = file.read(MAX_BYTES + 1)
    within(len(raw), MAX_BYTES, "bytes")
    outside = b"".join(raw.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])  # of strings
    marks = outside.translate(None, bytes({*range(256)} - {*b"[]{}"}))
    within(max(accumulate(1 if mark in b"[{" else -1 for mark in marks), default=0), MAX_DEPTH,
           "lists and objects in each other")
    hooks = {
        "object_pairs_hook": lambda ps: need(len(dict(ps)) == len(ps), "duplicate keys", dict(ps)),
        "parse_int": lambda n: int(need(len(n) <= 20, "an integer of 21 digits or more outside of text", n)),
        "parse_float": lambda text: need(False, f"the floating-point number {text[:20]}"),
    }
    return json.loads(raw.decode("utf-8"), parse_constant=hooks["parse_float"], **hooks)


def keys(data, words):
    """An object has these keys (those with ? perhaps) and no others, so that nothing in it is silently left
    unchecked."""
    need(isinstance(data, dict), "not an object")
    for word in words.split():
        need(word in data or word[-1] == "?", f"the key {word!r} is missing")
    for key in data:
        need(key in words.replace("?", "").split(), f"the unknown key {key[:40]!r}")
    return data


def index(value, below):
    return need(type(value) is int and 0 <= value < below,
                f"{value!r} where an index below {below} is expected", value)


def a_list(value, length=None):
    return need(isinstance(value, list) and length in (None, len(value)),
                "a list is missing or has the wrong length", value)


def indices(value, below):
    return need(len({index(i, below) for i in a_list(value)}) == len(value), "an index listed twice", value)


def flag(data, key):
    return need(type(data.get(key, False)) is bool, f"{key} is true or false", data.get(key, False))


def rational(text, work):
    need(isinstance(text, str) and RATIONAL.fullmatch(text), "a rational number must be text such as -3/2")
    work.add(20 + len(text))
    return Fraction(text) if "/" in text else int(text)


# -------------------------------------------------------------- polynomials
def words(c):
    """Those a number takes; fractions cost time as if they took 100 more."""
    return (c.numerator.bit_length() + c.denominator.bit_length()) // 64 + 100 * isinstance(c, Fraction)


class Polynomial(dict):
    """{monomial: coefficient}, perhaps with zeros; the monomial of x0^2 x3 is (0, 0, 3).  `work` counts what
    is done with it."""

    __slots__ = ("work",)

    def __init__(self, work, terms=()):
        super().__init__(terms)
        self.work = work

    def one(self):
        return Polynomial(self.work, {(): 1})

    def size(self):
        """The words in its longest term."""
        self.work.add(30 + 5 * len(self))
        return max((len(m) + words(c) for m, c in self.items()), default=0)

    def add(self, p, q, sign=1):
        """Add sign p q, in place."""
        size = p.size() + q.size()
        within(size, MAX_SIZE, "words in a term of a product")
        for m, c in p.items():
            self.work.add(len(q) * (25 + size + size * size // 64))
            for n, d in q.items():
                product = tuple(sorted(m + n))
                self[product] = self.get(product, 0) + sign * c * d
        return self

    def __mul__(self, other):
        return Polynomial(self.work).add(self, other)

    def replaced(self, k, order, above, below):
        """The polynomial times a power of `below`, with every x_k^order replaced by above/below."""
        self.work.add(25)
        parts = {}
        for m, c in ((m, c) for m, c in self.items() if c):
            self.work.add(25 + len(m) + words(c))
            e = m.count(k)
            rest = tuple(sorted((*(j for j in m if j != k), *[k] * (e % order))))
            parts.setdefault(e // order, Polynomial(self.work))[rest] = c
        total, top = Polynomial(self.work), max(parts, default=0)
        for e, part in parts.items():
            for factor in [above] * e + [below] * (top - e):
                part = part * factor
            total.add(part, self.one())
        return total

    def value(self, x):
        """Exactly, with x for the coordinates."""
        total = 0
        for m, c in self.items():
            for k in m:
                self.work.add(25 + (words(c) + words(x[k])) * (1 + min(words(c), words(x[k])) // 64))
                c = c * x[k]
                within(words(c), MAX_SIZE, "words in a number")
            total += c
        return total

    def gradient(self):
        """{k: derivative by x_k}"""
        parts = {}
        for m, c in self.items():
            self.work.add(len(m) * (25 + len(m) + words(c)))
            for i, k in enumerate(m):
                part, rest = parts.setdefault(k, Polynomial(self.work)), m[:i] + m[i + 1 :]
                part[rest] = part.get(rest, 0) + c
        return parts

    def at(self, x, p, first=0):
        """Mod p, with x for the coordinates from `first` on.  Monomials whose coefficient becomes 0
        remain."""
        result = Polynomial(self.work)
        for m, c in self.items():
            self.work.add(25 + len(m) + words(c))
            i = bisect_left(m, first)
            for k in m[i:]:
                c = c * x[k] % p
            result[m[:i]] = (result.get(m[:i], 0) + c) % p
        return result


def along(field, gradient, work):
    """The derivative along a field {k: component} of what has this gradient."""
    total = Polynomial(work)
    work.add(30 + min(len(field), len(gradient)))
    for k in field.keys() & gradient.keys():
        total.add(field[k], gradient[k])
    return total


def integral(field, work):
    """The field times a common denominator, without zeros."""
    d = 1
    for p in field.values():
        for c in p.values():
            work.add(20 + words(c) * (1 + words(d)))
            d = math.lcm(d, c.denominator)
            within(words(d), MAX_SIZE, "words in a common denominator")
    work.add(words(d) * sum(map(len, field.values())))
    return {k: Polynomial(work, {m: c.numerator * (d // c.denominator) for m, c in p.items() if c})
            for k, p in field.items() if any(p.values())}


# --------------------------------------------------------- ranks mod a prime
@cache
def is_prime(p):
    """Of p > 1, by trial division; the claims of a file mostly have the same prime."""
    return all(p % d for d in range(2, math.isqrt(p) + 1))


def rank(rows, p, work, stop=math.inf):
    """Rank mod p of rows {number of a column: value}, at most `stop`, by elimination."""
    pivots = {}  # {column: a row that begins there, with 1}
    for row in sorted(rows, key=len):
        work.add(20 + 5 * len(row))
        row = {c: v % p for c, v in row.items() if v % p}
        while row and len(pivots) < stop:
            first = min(row)
            if first not in pivots:
                inverse = pow(row[first], -1, p)
                pivots[first] = {c: v * inverse % p for c, v in row.items()}
            factor = p - row[first]
            for c, v in pivots[first].items():
                row[c] = (row.get(c, 0) + factor * v) % p
            row = {c: v for c, v in row.items() if v}
            work.add(20 + 10 * len(pivots[first]) + len(row))
    return len(pivots)


def system_rank(unknowns, fields, p, work, stop):
    """A lower bound for the rank mod p of the system F h = 0 on h = sum of unknowns times monomials.  An
    equation with one remaining unknown gives a pivot; these come field by field, then what is left is
    eliminated."""
    alive, slopes, before = set(range(len(unknowns))), {}, None
    for i, m in enumerate(unknowns):
        for k, slope in Polynomial(work, {m: 1}).gradient().items():
            slopes.setdefault(k, []).append((i, *slope.popitem()))

    def equations(field):
        rows = {}
        for k, component in field.items():
            slopes[k] = [s for s in slopes.get(k, ()) if s[0] in alive]
            length = sum(len(rest) for _, rest, _ in slopes[k])
            for n, c in component.items():
                work.add(20 + len(slopes[k]) * (40 + len(n)) + length)
                for i, rest, e in slopes[k]:
                    row = rows.setdefault(tuple(sorted(rest + n)), {})
                    row[i] = (row.get(i, 0) + c * e) % p
        return rows.values()

    while before != len(alive):
        before = len(alive)
        for row in (row for field in fields for row in equations(field)):
            left = [i for i, c in row.items() if c and i in alive]
            if len(left) == 1:
                alive.remove(left[0])
    done = len(unknowns) - before
    return done + rank([row for field in fields for row in equations(field)], p, work, stop - done)


# -------------------------------------------------------------------- flows
class Coordinates:
    """Variables, clock and parameters.  The clock is None, the rate r of exp(r t), or the root q of
    t^(1/q)."""

    def __init__(self, data, work):
        self.work, self.one, self.zero = work, Polynomial(work, {(): 1}), Polynomial(work)
        self.names, clock = a_list(data["variables"]) + a_list(data["parameters"]), data["clock"]
        within(len(self.names), MAX_COORDINATES, "variables and parameters")
        named = {s for s in self.names
                 if isinstance(s, str) and NAME.fullmatch(s) and not (s == "t" and clock)}
        need(len(named) == len(self.names),
             "a name that is repeated, or no word of A-Z, a-z, 0-9 and _, or t beside a clock")
        self.variables = len(data["variables"])
        self.moving = self.variables + (clock is not None)  # variables and clock
        self.n = self.moving + len(data["parameters"])
        need(clock is None or len(keys(clock, "rate? root?")) == 1, "a clock has either a rate or a root")
        self.clock = clock and (index(clock["root"], 1001) if "root" in clock
                                else self.polynomial(clock["rate"], 0))
        need(clock is None or self.clock, "a clock of rate or root 0")
        self.tick = self.one  # the motion of the clock, if q = 1
        if not isinstance(self.clock, int):
            self.tick = (self.clock or self.zero) * self.term(1, self.variables)

    def term(self, c, *monomial):
        return Polynomial(self.work, {monomial: c})

    def chosen(self, claim, least=1):
        laws = indices(claim["laws"], len(self.laws))
        return need(len(laws) >= least, "a claim about no law", laws)

    def polynomial(self, terms, below=None):
        """[["c", coordinate, exponent, coordinate, exponent, ...], ...] in the coordinates `below` some and
        parameters."""
        p = Polynomial(self.work)
        for t in a_list(terms):
            need(isinstance(t, list) and len(t) % 2 == 1 and all(type(e) is int and e > 0 for e in t[2::2]),
                 "a malformed term")
            within(max(t[2::2], default=0), MAX_EXPONENT, "in an exponent")
            need(sorted({index(k, self.n) for k in t[1::2]}) == t[1::2], "variables must ascend")
            need(below is None or not any(below <= k < self.moving for k in t[1::2]),
                 "a variable that may not occur here")
            self.work.add(20 + 5 * len(t) + sum(t[2::2]))
            m = tuple(k for k, e in zip(t[1::2], t[2::2]) for _ in range(e))
            p[need(m not in p, "a repeated monomial", m)] = rational(t[0], self.work)
        return need(all(p.values()), "a zero coefficient", p)

    def decay(self, flow):
        decay = self.polynomial(flow.get("weight_decay", []), 0)
        return need(self.clock == (decay or None), "the clock must be exp(weight_decay t)", decay)

    def damping(self, flow):
        """(tau, 1, motion of the clock), the clock being exp(tau t), or t without damping.  For tau = c/t, c
        = a/q, the clock is s = t^(1/q) and all is multiplied by t = s^q: (c, t, s/q)."""
        need(("over_time" in flow) != ("damping" in flow), "a momentum flow has either damping or over_time")
        if "damping" in flow:
            rate = self.polynomial(flow["damping"], 0)
            return need(self.clock == (rate or 1), "the clock must be exp(damping t), or t without damping",
                        (rate, self.one, self.tick))
        c, s = rational(flow["over_time"], self.work), self.variables
        need(c > 0 and self.clock == c.denominator, "the clock must be t^(1/q) with q the denominator of c")
        return self.term(c), self.term(1, *[s] * c.denominator), self.term(Fraction(1, c.denominator), s)


class Concrete(Coordinates):
    """The fields a law must annihilate, the laws, and what was proved so far.  `own` variables are not
    functions of others."""

    def __init__(self, data, work):
        super().__init__(data, work)
        self.own = self.variables - len(a_list(data.get("functions", [])))
        need(self.own > 0, "no variables")
        fields = getattr(self, f"{data['flow']['type']}_flow")(data["flow"])
        self.fields = [f for f in (integral(field, work) for field in fields) if f]
        self.laws = [self.law(h) for h in a_list(data["laws"])]
        self.conserved, self.independent, self.bound = set(), [], math.inf

    def law(self, data):
        return integral({0: self.varying(keys(data, "polynomial text?")["polynomial"])}, self.work)[0]

    def varying(self, *parts):
        """The first of some polynomials; they are not all constant."""
        polynomials = [self.polynomial(terms) for terms in parts]
        need(any(m and m[0] < self.moving for p in polynomials for m in p),
             "a law without variables, so constant")
        return polynomials[0]

    def fraction(self, parts, below):
        """[numerator] or [numerator, denominator]"""
        need(isinstance(parts, list) and len(parts) in (1, 2),
             "an expression is a list of numerator and perhaps denominator")
        p, q = [*(self.polynomial(part, below) for part in parts), self.one][:2]
        return need(q, "a zero denominator", (p, q))

    def gradient_flow(self, flow):
        """theta' = -M J^T w - lambda theta, w arbitrary; the clock is exp(lambda t)."""
        d, decay = self.own, self.decay(keys(flow, "type phi metric? weight_decay?"))
        drift = {**{k: decay * self.term(-1, k) for k in range(d)}, self.variables: self.tick}
        return [*self.controls(flow, 0, [self.term(1, k) for k in range(d)], self.one), drift]

    def momentum_flow(self, flow):
        """theta' = v, v' = -tau v - M(tau theta + v) J^T w, w arbitrary; the velocity of x is dx."""
        d = self.own // 2
        velocities = [f"d{name}" for name in self.names[:d]]
        need(self.names[d : self.own] == velocities,
             "the variables of a momentum flow are x, y, ..., dx, dy, ...")
        rate, time, tick = self.damping(keys(flow, "type phi metric? over_time? damping?"))
        drift = {self.variables: tick}
        for k in range(d):
            drift[k], drift[d + k] = time * self.term(1, d + k), rate * self.term(-1, d + k)
        images = [(rate * self.term(1, k)).add(self.one, drift[k]) for k in range(d)]
        return [*self.controls(flow, d, images, time), drift]

    def controls(self, flow, shift, images, time):
        """M grad phi_j for every component of phi, times a function, at the coordinates from `shift` on.  In
        M the variables are replaced by images / time."""
        d, columns = len(images), {}
        metric = a_list(flow.get("metric", [[k, k, [["1"]]] for k in range(d)]))
        metric = [a_list(entry, 3) for entry in metric]
        metric = {(index(i, d), index(j, d)): self.polynomial(m, d) for i, j, m in metric}
        need(len(metric) == len(flow.get("metric", metric)), "an entry of the metric listed twice")
        top = max((bisect_left(m, d) for entry in metric.values() for m in entry), default=0)
        for (i, j), entry in metric.items():
            columns.setdefault(j, []).append((i, Polynomial(self.work)))
            for m, c in entry.items():
                degree = bisect_left(m, d)
                product = self.term(c, *m[degree:])  # the parameters in it
                for factor in [images[k] for k in m[:degree]] + [time] * (top - degree):
                    product = product * factor
                columns[j][-1][1].add(product, self.one)
        for parts in a_list(flow["phi"]):
            (p, q), field = self.fraction(parts, d), {}
            up, down = p.gradient(), q.gradient()
            for j in sorted(k for k in {*up, *down} if k < d):
                slope = (q * up.get(j, self.zero)).add(p, down.get(j, self.zero), -1)  # of p/q, times q^2
                for i, m in columns.get(j, ()):
                    field.setdefault(shift + i, Polynomial(self.work)).add(m, slope)
            yield field

    def ode_flow(self, flow):
        """x' = p/q for every variable and the clock, times all denominators."""
        need(not isinstance(self.clock, int) or self.clock == 1, "the clock of an ODE is t or exp(rate t)")
        parts = [self.fraction(f, self.moving) for f in a_list(keys(flow, "type rhs")["rhs"], self.own)]
        field = {**dict(enumerate(p for p, _ in parts)), self.variables: self.tick}
        for j, (_, q) in enumerate(parts):
            if q != self.one:
                field = {i: p if i == j else p * q for i, p in field.items()}
        return [field]

    def fields_flow(self, flow):
        """Fields [[coordinate, component], ...] that are given one by one."""
        need(self.clock is None, "fields that are given one by one have no clock")
        for pairs in a_list(keys(flow, "type fields")["fields"]):
            field = {index(k, self.own): self.polynomial(q)
                     for k, q in (a_list(pair, 2) for pair in a_list(pairs))}
            yield need(len(field) == len(pairs), "a coordinate listed twice", field)

    # ---------------------------------------------------------------- claims
    def fields_at(self, x, p):
        """The fields mod p, with x for the parameters."""
        return [{k: q.at(x, p, self.moving) for k, q in field.items()} for field in self.fields]

    def place(self, claim, key="point", first=0):
        """The prime of a claim and the coordinates from `first` on, mod the prime."""
        p, x = claim["prime"], [rational(text, self.work) for text in a_list(claim[key], self.n - first)]
        self.work.add(2**16)  # at most so many trial divisions
        need(type(p) is int and 10**6 < p < 2**31 and is_prime(p), "not a prime in 10^6..2^31")
        need(all(c.denominator % p for c in x), "a denominator divisible by the prime")
        return p, [0] * first + [c.numerator * pow(c.denominator, -1, p) % p for c in x]

    def check_conserved(self, claim):
        """F h = 0 in Z[x] for every field F: h is constant along every motion, for all values of the
        parameters, as long as no denominator of the flow is 0."""
        laws = self.chosen(keys(claim, "type laws"))
        for i in laws:
            gradient = self.laws[i].gradient()
            for j, field in enumerate(self.fields):
                holds(not any(along(field, gradient, self.work).values()),
                      f"law {i} is not conserved by field {j}")
        self.conserved.update(laws)
        return f"{len(laws)} laws annihilated by {len(self.fields)} fields"

    def check_not_conserved(self, claim):
        """F h is not 0 at a point mod p, so it is not 0 in Z[x]: h is no law, for generic values of the
        parameters."""
        p, x = self.place(keys(claim, "type law field point prime"))
        i, j = index(claim["law"], len(self.laws)), index(claim["field"], len(self.fields))
        holds(any(along(self.fields[j], self.laws[i].gradient(), self.work).at(x, p).values()),
              "the derivative is 0 at the point")
        return f"the derivative of law {i} along field {j} is not 0 at the point"

    def check_independent(self, claim):
        """The Jacobian by variables and clock has full rank at a point mod p, so a minor of it is not 0 in
        Z[x]: at generic points, for generic values of the parameters, none of these functions depends on the
        others."""
        (p, x), laws = self.place(keys(claim, "type laws point prime")), self.chosen(claim)
        gradients = [{k: q.at(x, p)[()] for k, q in self.laws[i].gradient().items() if k < self.moving}
                     for i in laws]
        holds(rank(gradients, p, self.work) == len(laws), "the gradients are dependent at the point")
        self.independent.append(set(laws))
        return f"the gradients of {len(laws)} laws are independent at the point"

    def monomials(self, claim):
        """A list, or all with `least` <= degree in `variables` <= `degree` and power of the clock <= `clock`;
        never 1."""
        bounded = not claim.keys().isdisjoint(("least", "degree", "clock", "variables"))
        need(bounded != ("monomials" in claim),
             "a claim of completeness has either monomials or bounds of degrees")
        if "monomials" in claim:
            found = list(self.polynomial([["1", *m] for m in a_list(claim["monomials"])]))
            need(all(m and m[-1] < self.moving for m in found),
                 "a monomial that is 1, or in which a parameter occurs")
            return need(found, "no monomials", found)
        least, top, power = (index(claim[key], MAX_EXPONENT + 1) for key in ("least", "degree", "clock"))
        chosen = claim.get("variables")
        names = range(self.variables) if chosen is None else sorted(indices(chosen, self.variables))
        need(names and 0 < top >= least, "no variables or no degrees")
        need(power == 0 or self.moving > self.variables, "powers of a clock that is not there")
        self.work.add(math.comb(len(names) + top, top) * (power + 1) * (50 + top + power))
        found = chain.from_iterable(combinations_with_replacement(names, e) for e in range(least, top + 1))
        return [m + (self.variables,) * j for m in found for j in range(power + 1) if m or j]

    def check_complete(self, claim):
        """V is the span over K of monomials in variables and clock, L the space of h in V with F h = 0 for
        all fields F. Products of laws lie in L if all their monomials are in V; their rank over K is at least
        that at the values mod p. F h = 0 is a linear system on V over Z[parameters], whose rank is at least
        that at the values mod p.  So dim L = d if d bounds it from below and from above, and these products
        span L: over K, and with real coefficients for generic values of the parameters."""
        keys(claim, "type laws dimension prime values least? degree? clock? variables? monomials?")
        (p, x), laws = self.place(claim, "values", self.moving), self.chosen(claim, 0)
        unknowns = self.monomials(claim)
        holds(self.conserved.issuperset(laws), "laws that were not claimed to be conserved")
        degree = lambda q: max(bisect_left(m, self.variables) for m in q)  # noqa: E731
        column, top, products = {m: i for i, m in enumerate(unknowns)}, degree(unknowns), [(self.one, 0)]
        for i in laws:
            h = self.laws[i].at(x, p, self.moving)  # with coefficients 0, so that "in V" is meant over K
            e = degree(h)  # not 0: the clock moves, so no law depends on it alone
            for q, f in products:  # the list grows by powers of h
                self.work.add(60)
                if f + e <= top:
                    products.append(((q * h).at(x, p, self.moving), f + e))
        rows = [{column[m]: c for m, c in q.items()} for q, _ in products[1:] if column.keys() >= q.keys()]
        lower, size = rank(rows, p, self.work), len(unknowns)
        upper = size - system_rank(unknowns, self.fields_at(x, p), p, self.work, size - lower)
        claimed = claim["dimension"]
        holds(type(claimed) is int and lower == upper == claimed,
              f"the dimension lies between {lower} and {upper}, claimed {claimed!r}")
        return f"the laws among {size} monomials have dimension {upper}"

    def check_max_laws(self, claim):
        """Fields and brackets have rank r at a point mod p, so at generic points, for generic values of the
        parameters. F h = G h = 0 implies [F, G] h = 0, so gradients of laws of any kind, smooth on an open
        set, are orthogonal to r dimensions there: at most (variables + clock) - r of them are independent."""
        p, x = self.place(keys(claim, "type bound point prime brackets elements"))
        elements = self.fields_at(x, p)
        for pair in a_list(claim["brackets"]):
            f, g = (elements[index(i, len(elements))] for i in a_list(pair, 2))
            bracket = {}
            for k in {*f, *g}:
                q = along(f, g.get(k, self.zero).gradient(), self.work)
                q.add(self.term(-1), along(g, f.get(k, self.zero).gradient(), self.work))
                bracket[k] = Polynomial(self.work, {m: c % p for m, c in q.items() if c % p})
            elements.append(bracket)
        chosen = indices(claim["elements"], len(elements))
        rows = [{k: q.at(x, p).get((), 0) for k, q in elements[i].items()} for i in chosen]
        found = rank(rows, p, self.work)
        bound = self.moving - found
        holds(type(claim["bound"]) is int and claim["bound"] == bound,
              f"the rank is {found}, so the bound is {bound}")
        self.bound = min(self.bound, bound)
        return f"rank {found} at the point: at most {bound} independent laws of any kind"

    def check_exactly(self, claim):
        """As many laws are conserved and independent, by these claims, as are at most independent, by
        max_laws."""
        count = keys(claim, "type count")["count"]
        self.work.add(20 * len(self.independent) + sum(map(len, self.independent)))
        most = max((len(laws) for laws in self.independent if laws <= self.conserved), default=0)
        holds(type(count) is int and count == most == self.bound, f"at least {most}, at most {self.bound}")
        return f"exactly {most} independent laws"


# --------------------------------------------------- functions in the laws
class Functions(Concrete):
    """The last variables are functions w of quotients a = p/q of coordinates before them; laws are quotients.
    Where q is not 0, and for log, abs and root what is said there, w is smooth, and F w = f (q F p - p F q)/D
    for every field F:
        log |a|, |a|        a is not 0          f = 1, w        D = p q
        a^(1/n), positive   a is positive       f = w/n         D = p q
        atan(a)                                 f = 1           D = p^2 + q^2
        exp(a)                                  f = w           D = q^2
        cos(a), then sin    neighbours          f = -sin, cos   D = q^2
        t = log(clock)/r    r is not 0          f = 1           D = r clock
    1/D is one more coordinate, behind all others, so all of this is polynomial.  |a|^2 = p^2/q^2, sin^2 = 1 -
    cos^2 and w^n = p/q for roots: what is 0 once powers and 1/D are replaced is 0 wherever the functions in
    it are smooth.  Only this direction is used.  Whether there is a point where they are smooth is not
    asked."""

    check_conserved = check_not_conserved = check_independent = None
    check_complete = check_max_laws = check_exactly = None

    def __init__(self, data, work):
        super().__init__(data, work)
        self.functions = []  # (kind, p, q, f, D, (n, A, B) if w^n = A/B else None)
        for i in range(len(data["functions"])):
            self.functions.append(self.function(i, data["functions"]))
        self.of_flow = self.inside(*(p for field in self.fields for p in field.values()))
        quotients = data["flow"].get("rhs", data["flow"].get("phi", []))
        self.denominators = [self.fraction(f, self.moving)[1] for f in quotients]
        self.of_flow |= self.inside(*self.denominators)
        for field in self.fields:
            for i, (_, p, q, f, _, _) in enumerate(self.functions):
                change = self.change(field, p, q)
                if any(change.values()):
                    field[self.own + i] = f * change * self.term(1, self.n + i)
        self.fields = [integral(field, self.work) for field in self.fields]
        moving = {*range(self.moving)}
        for i, (_, p, q, *_) in enumerate(self.functions):
            if moving.isdisjoint(chain.from_iterable([*p, *q])):
                moving.discard(self.own + i)
        self.steady = {i for i in range(len(self.functions)) if self.own + i not in moving}

    def function(self, i, listed):
        data, w = keys(listed[i], "kind of degree?"), self.own + i
        kind, (p, q) = data["kind"], self.fraction(data["of"], self.moving)
        need(all(k < w or k >= self.variables for k in chain.from_iterable([*p, *q])),
             "a function of what comes after it")
        need(("degree" in data) == (kind == "root"), "only a root has a degree, and each has one")
        if kind in ("cos", "sin"):
            other = listed[i + 1 if kind == "cos" else i - 1] if 0 < i + (kind == "cos") < len(listed) else {}
            need({kind, other.get("kind")} == {"cos", "sin"} and other["of"] == data["of"],
                 "cos and sin of the same come in pairs")
        if kind == "root":
            degree = need(index(data["degree"], 201) > 1, "a root of degree 0 or 1", data["degree"])
            return kind, p, q, self.term(Fraction(1, degree), w), p * q, (degree, p, q)
        if kind == "time":
            need(isinstance(self.clock, Polynomial) and (p, q) == (self.term(1, self.variables), self.one),
                 "no clock exp(r t)")
            return kind, p, q, self.one, p * self.clock, None
        one, term = self.one, self.term
        rules = {
            "log": lambda: (one, p * q, None),
            "abs": lambda: (term(1, w), p * q, (2, p * p, q * q)),
            "atan": lambda: (one, (p * p).add(q, q), None),
            "exp": lambda: (term(1, w), q * q, None),
            "cos": lambda: (term(-1, w + 1), q * q, None),
            "sin": lambda: (term(1, w - 1), q * q, (2, term(1).add(term(-1, w - 1), term(1, w - 1)), one)),
        }
        f, d, power = need(kind in rules, "an unknown kind of function") or rules[kind]()
        return kind, p, q, f, need(any(d.values()), "a function that is smooth nowhere", d), power

    def law(self, data):
        parts = [keys(data, "polynomial over? text?")["polynomial"],
                 *([data["over"]] if "over" in data else [])]
        self.varying(*parts)
        return self.fraction(parts, self.moving)

    def change(self, field, p, q):
        """q^2 F(p/q)"""
        return (q * along(field, p.gradient(), self.work)).add(p, along(field, q.gradient(), self.work), -1)

    def vanishes(self, p):
        """Whether p is 0 wherever the functions are smooth, because of how they are defined."""
        for i in reversed(range(len(self.functions))):
            *_, d, power = self.functions[i]
            p = p.replaced(self.n + i, 1, self.one, d)
            p = p.replaced(self.own + i, *power) if power else p
        return not any(p.values())

    def inside(self, *polynomials):
        """The numbers of the functions in polynomials, in their arguments, and so on."""
        found, waiting = set(), [*polynomials]
        while waiting:
            self.work.add(20 + sum(map(len, waiting[-1])))
            inside = {k for k in chain.from_iterable(waiting.pop()) if self.own <= k < self.variables}
            for i in {k - self.own for k in inside} - found:
                found.add(i)
                waiting += self.functions[i][1:3]
        return found

    def plain(self, terms, steady=()):
        """A polynomial, not constant, that has no function in it but perhaps those of parameters."""
        p = self.varying(terms)
        return need(self.inside(p) <= {*steady}, "a function where none may be", p)

    def check_conserved_where(self, claim):
        """F h = 0 for h = P/Q and every field F, wherever Q is not 0, no denominator of the flow is, and the
        functions in h and in the flow are smooth: h is constant along every piece of a trajectory there, for
        all values of the parameters there and all functions of time that the flow is free to choose."""
        laws = self.chosen(keys(claim, "type laws"))
        for i in laws:
            p, q = self.laws[i]
            need(not self.vanishes(q), f"law {i} has a denominator that is 0")
            for field in self.fields:
                holds(self.vanishes(self.change(field, p, q)), f"law {i} is not conserved")
        return f"{len(laws)} laws annihilated by {len(self.fields)} fields where they are smooth"

    def check_kept(self, claim):
        """F u = lambda u for every field F, with a polynomial lambda in coordinates, functions of the flow
        and functions of parameters, all of them continuous along trajectories on which these functions are
        smooth: u(t) = u(0) exp(integral of lambda) there, so u is 0 always or never."""
        u = self.plain(keys(claim, "type polynomial cofactors")["polynomial"], self.steady)
        for field, terms in zip(self.fields, a_list(claim["cofactors"], len(self.fields))):
            cofactor = self.polynomial(terms)
            need(self.inside(cofactor) <= self.of_flow | self.steady,
                 "a function where none may be that the flow has not")
            difference = along(field, u.gradient(), self.work).add(u, cofactor, -1)
            holds(self.vanishes(difference), "a polynomial is no multiple of its derivative")
        return "no trajectory passes the zeros of a polynomial"

    def check_crossed(self, claim):
        """u = 0 and F u is not 0 at a point of the domain of the flow: some trajectory through it goes from u
        < 0 to u > 0, or back.  The point gives values for variables, clock (positive) and parameters, in this
        order."""
        u = self.plain(keys(claim, "type polynomial field point")["polynomial"])
        need(not self.of_flow, "a flow with functions in it")
        given = [rational(text, self.work) for text in a_list(claim["point"], self.n - len(self.functions))]
        x = given[: self.own] + [0] * len(self.functions) + given[self.own :]
        need(self.clock is None or x[self.variables] > 0, "a clock that is not positive")
        if isinstance(self.clock, Polynomial):  # exp(0 t) is 1
            need(self.clock.value(x) or x[self.variables] == 1, "a clock that stands still is 1")
        holds(all(q.value(x) for q in self.denominators), "the flow is not defined at the point")
        field = self.fields[index(claim["field"], len(self.fields))]
        holds(u.value(x) == 0 and along(field, u.gradient(), self.work).value(x), "no crossing at the point")
        return "a trajectory crosses the zeros of a polynomial"

    def check_jumps(self, claim):
        """h = c w + r with w = atan(p/(u s)), where c is conserved, w is nowhere else in c and r, and p and s
        have no functions but those of parameters, which are continuous: where u changes its sign along a
        trajectory, p, s and the denominator of h are not 0 and what else is in h is smooth, p/(u s) goes to
        infinity with one sign and comes back with the other, so h changes by c pi or -c pi."""
        i = index(keys(claim, "type law function polynomial rest")["law"], len(self.laws))
        j = index(claim["function"], len(self.functions))
        (kind, p, q, *_), (above, below), w = self.functions[j], self.laws[i], self.own + j
        u, s = self.plain(claim["polynomial"], self.steady), self.polynomial(claim["rest"])
        product = u * s
        need(not self.vanishes(p) and self.inside(p, s) <= self.steady,
             "an arc tangent of 0, or of other functions")
        holds(kind == "atan" and not any(product.add(q, self.term(-1)).values()),
              "no arc tangent of a quotient by this polynomial")
        self.work.add(sum(20 + len(m) for m in above))
        c = Polynomial(self.work, {tuple(k for k in m if k != w): v for m, v in above.items() if w in m})
        r = Polynomial(self.work, {m: v for m, v in above.items() if w not in m})
        holds(c and all(m.count(w) < 2 for m in above) and j not in self.inside(c, r, below),
              "a law that is not c atan + r")
        holds(all(self.vanishes(self.change(field, c, below)) for field in self.fields),
              "a factor that is not conserved")
        return "a law jumps by a conserved multiple of pi"


# --------------------------------------------------------------- all widths
def same(left, right, names, work):
    """Whether the factors agree in some order when indices of the left are renamed, those in `names` as they
    say: one to one, because each index that is summed over has one factor ("sum", width), and the others have
    none and keep their names."""
    work.add(20 + 10 * len(right))
    if not left:
        return not right
    for i, (letter, *at) in enumerate(right):
        if letter == left[0][0]:
            work.add(20 * len(names) + len(right))
            more = dict(names)
            fits = all(more.setdefault(j, k) == k for j, k in zip(left[0][1:], at))
            if fits and same(left[1:], right[:i] + right[i + 1 :], more, work):
                return True
    return False


def collected(terms, size, work):
    """[(coefficient, factors), ...] with equal terms put together and without those that cancel; `size`
    indices are open."""
    total = []
    for c, factors in terms:
        names = {k: k for k in range(size)}
        known = next((d for d, other in total if same(other, factors, names, work)), None)
        total.append((Polynomial(work, c), factors)) if known is None else known.add(c, known.one())
    return [(c, factors) for c, factors in total if any(c.values())]


def sums(widths, free):
    """For every index that is summed over a factor, which stands for its width."""
    return [(("sum", width), i) for i, width in widths.items() if i not in free]


def contracted(factors, free, work):
    """The same product when indices that an identity matrix makes equal are equal; it stays where none is
    summed over."""
    rest, ties, kept = [f for f in factors if f[0] != "="], [f[1:] for f in factors if f[0] == "="], []
    work.add(20 * len(factors) * (1 + len(ties)))
    while ties:
        i, j = ties.pop()
        if j in free and (i not in free or j < i):
            i, j = j, i
        if i != j:
            rest = [(x, *(i if k == j else k for k in ks)) for x, *ks in rest
                    if j in free or x[0] != "sum" or ks != [j]]
            ties = [[i if k == j else k for k in tie] for tie in ties]
            kept += [("=", i, j)] if j in free else []
    return rest + kept


class Shaped(Coordinates):
    """Weights are letters with a symbolic width for each axis.  An expression has `open` widths w_0, ...,
    w_(k-1) and terms [c, [letter, index, ...], ...]: c times a product of entries, summed over the indices
    that are not 0, ..., k - 1. The loss sees the weights through expressions phi_j.  Its gradients by phi_j
    are arbitrary, so they are letters too, and a sum of terms in letters that cancels is 0 at any widths.
    The letter =n is the n x n identity matrix."""

    def __init__(self, data, work):
        super().__init__(data, work)
        flow, momentum = data["flow"], data["flow"]["type"] == "shaped_momentum"
        known = "type weights constants phi mirror rates "
        keys(flow, known + ("damping? over_time?" if momentum else "weight_decay?"))
        weights = dict(a_list(pair, 2) for pair in a_list(flow["weights"]))
        constants = dict(a_list(pair, 2) for pair in a_list(flow["constants"]))
        phi, letters = a_list(flow["phi"]), len(flow["weights"]) + len(flow["constants"])
        velocities = {f"d{w}": shape for w, shape in weights.items()} if momentum else {}
        self.letters = {**weights, **constants, **velocities}
        need(len({*self.letters, *self.names}) == letters + len(velocities) + len(self.names),
             "a repeated letter")
        need(all(re.fullmatch("[A-Za-z][A-Za-z0-9]*", name) for name in self.letters),
             "a letter whose name is no word of A-Z, a-z, 0-9")
        need(all(map(NAME.fullmatch, chain.from_iterable(map(a_list, self.letters.values())))),
             "a width that is no word")
        need(weights.keys() >= {*a_list(flow["mirror"]), *flow["rates"]} and not self.variables,
             "a metric for other letters than weights")
        need(len(set(flow["mirror"])) == len(flow["mirror"]), "a letter twice in the metric")
        need(not (flow["mirror"] and flow["rates"]), "a metric is either mirror or rates")
        rates = {w: self.polynomial(rate, 0) for w, rate in flow["rates"].items()}
        need(all(rates.values()), "a rate that is 0")
        rate, time, tick = self.damping(flow) if momentum else (self.decay(flow), self.one, self.tick)
        kicks, drift, v = {}, {}, "d" if momentum else ""
        seen = {*weights, *constants}
        terms = ((j, term) for j, e in enumerate(phi) for term in self.expression(e, seen, 0))
        for j, (c, widths, factors) in terms:
            for i, (w, *at) in enumerate(factors):
                rest = [*factors[:i], *factors[i + 1 :], (("dL/dphi", j), *range(len(phi[j]["open"]))),
                        *sums(widths, at)]
                self.work.add(20 * len(rest))
                if w in flow["mirror"]:  # the metric is the diagonal matrix of tau theta + theta'
                    kicks.setdefault(v + w, []).append((c * time, at, [*rest, (v + w, *at)]))
                    kicks[v + w] += [(c * rate, at, [*rest, (w, *at)])] if momentum else []
                elif w in weights:
                    kicks.setdefault(v + w, []).append((c * rates.get(w, self.one) * time, at, rest))
        for w, shape in weights.items():
            at = range(len(shape))
            drift[v + w] = [(rate * self.term(-1), at, [(v + w, *at)])]
            drift.update({w: [(time, at, [(v + w, *at)])]} if momentum else {})
        self.moves = [(kicks, {}), (drift, {0: tick})]  # the images of the letters and of the clock
        self.laws = [(len(h["open"]), self.expression(h, {*weights, *velocities}, 1))
                     for h in a_list(data["laws"])]

    def expression(self, data, letters, below):
        """Terms (c, {index: width}, factors)"""
        terms, opened = [], a_list(keys(data, "open terms text?")["open"])
        for c, *factors in map(a_list, a_list(data["terms"])):
            within(len(opened) + len(factors), MAX_FACTORS, "axes and factors in a term")
            widths = dict(enumerate(opened))
            for name, *at in map(a_list, factors):
                need(name[:1] == "=" or name in letters, "a letter that may not occur here")
                shape = a_list([name[1:]] * 2 if name[:1] == "=" else self.letters[name], len(at))
                need(all(widths.setdefault(index(i, 1000), w) == w for i, w in zip(at, shape)),
                     "an index over two widths")
            within(len(widths) + len(factors), MAX_FACTORS, "indices and factors in a term")
            need(all(map(NAME.fullmatch, widths.values())), "a width that is no word")
            terms.append((self.polynomial(c, below), widths,
                          [("=" if name[:1] == "=" else name, *at) for name, *at in factors]))
        return terms

    def derivative(self, terms, size, images, clock):
        """Terms (c, factors), some of them equal; `size` indices are open."""
        for c, widths, factors in terms:
            factors = factors + sums(widths, range(size))
            yield along(clock, c.gradient(), self.work), contracted(factors, range(size), self.work)
            for i, (letter, *at) in enumerate(factors):
                for d, opened, image in images.get(letter, ()):
                    names = {}
                    ties = [("=", names[j], k) for j, k in zip(opened, at) if names.setdefault(j, k) != k]
                    image = [(name, *(names.get(j, ("new", j)) for j in js)) for name, *js in image]
                    self.work.add(20 * len(factors + image))
                    product = [*factors[:i], *factors[i + 1 :], *ties, *image]
                    yield c * d, contracted(product, range(size), self.work)

    def check_conserved_for_all_widths(self, claim):
        """F h = 0 as a sum of products of letters with coefficients in Q[clock, parameters], products being
        equal if their indices are, up to names: every entry of h is constant along every motion, whatever the
        widths and the loss."""
        laws = self.chosen(keys(claim, "type laws"))
        for i in laws:
            size, law = self.laws[i]
            terms = ((c, contracted(factors + sums(w, range(size)), range(size), self.work))
                     for c, w, factors in law)
            terms = collected(terms, size, self.work)
            need(any(f[0] in self.letters for _, factors in terms for f in factors),
                 f"law {i} is without letters, so constant")
            for images, clock in self.moves:
                holds(not collected(self.derivative(law, size, images, clock), size, self.work),
                      f"law {i} is not conserved for all widths")
        return f"{len(laws)} laws, whatever the widths"


# ----------------------------------------------------------------- networks
class Array:
    """An array of a network: entries of a parameter, data (perhaps 0), or what a rule makes of arrays before
    it.  `sums` has what the entries along an axis always add up to, where that is given."""

    def __init__(self, data, arrays, work):
        known = "rule sizes terms numbers? times? eps? linear? affine? sums?" if "rule" in data else None
        keys(data, known or ("parameter start axes" if "parameter" in data else "sizes sums? zero?"))
        self.parameter, self.rule, self.terms, self.numbers = data.get("parameter"), data.get("rule"), [], []
        shape = [a_list(axis, 3)[1] for axis in a_list(data["axes"])] if "axes" in data else data["sizes"]
        self.sizes = [need(type(n) is int and n > 0, "a size that is no positive integer", n)
                      for n in a_list(shape)]
        within(len(self.sizes), MAX_FACTORS, "axes of an array")
        pairs = [a_list(pair, 2) for pair in a_list(data.get("sums", []))]
        self.sums = {index(axis, len(self.sizes)): index(value, 2**40) for axis, value in pairs}
        need(len(self.sums) == len(pairs), "an axis with two sums")
        self.eps, self.linear, self.affine, self.zero = map(
            partial(flag, data), ("eps", "linear", "affine", "zero"))
        need(not self.sums or (self.rule in (None, "opaque") and not self.zero),
             "sums of what is computed, or 0")
        work.add(100 + 20 * len(self.sizes))
        if "rule" in data:
            need(self.rule in RULES, "an unknown rule")
            self.numbers = [rational(text, work) for text in a_list(data.get("numbers", []))]
            self.times = a_list(data.get("times", [1] * len(a_list(data["terms"]))), len(data["terms"]))
            need(all(type(n) is int and n > 0 for n in self.times), "a term that occurs less than once")
            self.terms = [self.term(term, arrays, work) for term in data["terms"]]
            need(self.terms and (self.rule not in ENTRYWISE or self.times == [1]),
                 "a rule of one term has none, or several")
            self.zero = self.is_zero(arrays)
            work.add(100 * len(self.sizes) * sum(map(len, self.terms)))
            self.sums = self.sums or self.known_sums(arrays)

    def term(self, data, arrays, work):
        """[(array, leg of each axis), ...]; one leg has one size, and an array has it once."""
        sizes, inputs = dict(enumerate(self.sizes)), []
        for k, *legs in map(a_list, a_list(data)):
            shape = arrays[index(k, len(arrays))].sizes
            legs = indices(legs, 2**40)
            need(len(legs) == len(shape) and all(sizes.setdefault(g, n) == n for g, n in zip(legs, shape)),
                 "a leg of two sizes")
            need(self.rule not in ENTRYWISE or all(g < len(self.sizes) for g in legs),
                 "a leg that is summed over by a rule that does not")
            work.add(50 + 20 * len(legs))
            inputs.append((k, tuple(legs)))
        count = {"product": len(inputs), "sum": len(inputs), "homogeneous": 1}.get(self.rule, 0)
        need(len(self.numbers) == count, "not one number for each input")
        need(inputs and (self.rule in ("product", "sum") or len(inputs) == 1), "a rule with too many inputs")
        return inputs

    def vanishes(self, term, arrays):
        """Whether a term of a product has a factor that is 0, to a positive power."""
        factors = zip(term, self.numbers) if self.rule == "product" else ()
        return any(arrays[k].zero and n > 0 for (k, _), n in factors)

    def is_zero(self, arrays):
        """Whether all entries are 0 because inputs are."""
        if self.eps or self.rule in ("opaque", "exp", "log"):
            return False
        if self.rule == "homogeneous" and self.numbers[0] <= 0:
            return False
        if self.rule == "product":
            return all(self.vanishes(term, arrays) for term in self.terms)
        return all(arrays[k].zero for term in self.terms for k, _ in term)

    def total(self, arrays):
        """(array x, axis of x, c, axis of x for each axis of this array) if this is c times the sum of x over
        an axis."""
        (k, legs), *others = self.terms[0] if len(self.terms) == 1 else [(0, ())] * 2
        if others or self.eps or self.rule not in ("product", "sum"):
            return None
        if self.rule == "sum":
            inner = arrays[k].total(arrays) if arrays[k].rule == "product" else None
            if inner is None or len(legs) < len(self.sizes):
                return None
            x, axis, c, axes = inner
            return x, axis, self.numbers[0] * c, [axes[legs.index(g)] for g in range(len(legs))]
        gone = [a for a, g in enumerate(legs) if g >= len(self.sizes)]
        if (self.numbers, self.times, len(gone), len(legs)) == ([1], [1], 1, len(self.sizes) + 1):
            return k, gone[0], 1, [legs.index(g) for g in range(len(self.sizes))]
        return None

    def known_sums(self, arrays):
        """Sums along axes that follow from the rule: x less its average, x divided by its sum, and what has
        sum 0 times what does not vary there."""
        if len(self.terms) > 1 or self.eps or self.rule not in ("product", "sum"):
            return {}
        [term], found = self.terms, {}
        for a in range(len(self.sizes)):
            held = [(c, arrays[k].sums.get(legs.index(a)))
                    for c, (k, legs) in zip(self.numbers, term) if a in legs]
            if self.rule == "product" and held == [(1, 0)]:
                found[a] = 0
            if self.rule == "sum" and len(held) == len(term) and all(known is not None for _, known in held):
                found[a] = sum(c * known for c, known in held)
        if len(term) == 2 and (inner := arrays[term[1][0]].total(arrays)):
            (k, legs), (_, others), (x, axis, c, axes) = *term, inner
            same = k == x and others == tuple(legs[b] for b in axes) and {*legs} == {*range(len(self.sizes))}
            first, second = self.numbers
            if same and self.rule == "sum" and first + second * c * arrays[x].sizes[axis] == 0:
                found[legs[axis]] = 0
            if same and self.rule == "product" and (first, second, c, self.times) == (1, -1, 1, [1]):
                found[legs[axis]] = 1
        return found


#: What makes an array of those before it; those that take single entries, of one term.
RULES = ("product", "sum", "homogeneous", "exp", "log", "length", "carry", "opaque")
ENTRYWISE = ("sum", "homogeneous", "exp", "log")


class Moves:
    """How arrays move when parameters do.  A rule says how its result y moves, or None where that is not
    known, if the `inputs` of the term t move so; to `merge` is to say it for several terms."""

    adds = False  # whether those of the terms of a sum are added

    def __init__(self, network, law):
        self.work, self.arrays, self.law = network.work, network.arrays, law

    def merge(self, states):
        """What all terms say alike."""
        first = states[0] if states else {}
        return first if all(state == first for state in states) else None

    def sum(self, y, t, inputs):
        return self.merge([s for s, (k, _) in zip(inputs, y.terms[t]) if not self.arrays[k].zero])

    def unknown(self, y, t, inputs):
        return None

    product = homogeneous = exp = log = length = carry = opaque = unknown


class Scalings(Moves):
    """Every array moves by dT = f T, f being the sum of c phi(indices along some axes), where phi is any
    function of the indices of the law: {axes: c}.

    product: if f_y = k_1 f_1 + k_2 f_2 + ... does not depend on what is summed over, d prod x^k = f_y prod
    x^k, summed over.  sum: all f are equal.  homogeneous: phi'(x) f x = k f y (Euler).  length and carry are
    homogeneous of degree 1 in the entries that they put together, on which f has to be one number."""

    def start(self, pieces):
        return {axes: c for c, axes in pieces}

    def placed(self, state, legs):
        return {tuple(legs[a] for a in axes): c for axes, c in state.items()}

    def legs(self, state):
        return chain.from_iterable(state)

    def product(self, y, t, inputs):
        total = {}
        for state, k in zip(inputs, y.numbers):
            for axes, c in state.items():
                total[axes] = total.get(axes, 0) + times(k, c, self.work)
        return {axes: c for axes, c in total.items() if c}

    def homogeneous(self, y, t, inputs):
        return {axes: c for axes, d in inputs[0].items() if (c := times(y.numbers[0], d, self.work))}

    def length(self, y, t, inputs):
        return inputs[0]

    carry = length


class Mixings(Moves):
    """Every array moves by the sum over some of its axes of c M T along the axis, or of c M' T where c < 0,
    where M is any matrix, skew where the law is, and a function of the indices along other axes: {axis: (c,
    those axes)}.  -(c M)' is written -c; if M is skew it is c M again, and all c are positive.

    product: along an axis of y that one input has, M goes past the sum; along one that y lacks and that two
    inputs have, sum (M x)_i w_i - x_i (M' w)_i = 0.  sum: all inputs move alike, so none is repeated there.
    length: x'(M + M')x = 0 for skew M.  carry, if linear: M goes past it."""

    def start(self, pieces):
        state = {along[-1]: (abs(c) if self.law.skew else c, along[:-1]) for c, along in pieces}
        return need(len(state) == len(pieces), "an axis that is moved twice", state)

    def placed(self, state, legs):
        return {legs[a]: (c, tuple(legs[b] for b in others)) for a, (c, others) in state.items()}

    def legs(self, state):
        return chain.from_iterable((a, *others) for a, (_, others) in state.items())

    def product(self, y, t, inputs):
        found = {}
        for leg in {*chain.from_iterable(inputs)}:
            holders = [j for j, (_, legs) in enumerate(y.terms[t]) if leg in legs]
            self.work.add(50 + 10 * len(y.terms[t]))
            moved = [inputs[j].get(leg) for j in holders]
            if any(y.numbers[j] != 1 for j in holders) or None in moved:
                return None
            if leg < len(y.sizes) and len(moved) == 1:
                found[leg] = moved[0]
            else:
                (c, along), *more = moved
                dual = [(c if self.law.skew else -c, along)]
                if leg < len(y.sizes) or more != dual:
                    return None
        return found

    def length(self, y, t, inputs):
        return {} if self.law.skew and all(leg >= len(y.sizes) for leg in inputs[0]) else None

    def carry(self, y, t, inputs):
        return inputs[0] if y.linear else None


class Shifts(Moves):
    """Every array moves by dT = u + v T, where u and v are sums of terms c phi(some indices) x_1 x_2 ..., phi
    being any function of the indices of the law whose sum over each of those that are `centred` is 0, and x_j
    arrays: {(whether in v, factors, indices): c}, where a factor is (array, index, ...), an index from 0 on
    is an axis, and one is summed over those below 0.

    product: dy = sum of u_i prod_{j != i} x_j, and (k_1 v_1 + k_2 v_2 + ...) y if that is constant along what
    is summed over.  sum: dy = sum of c_j u_j, and v y if all v_j are equal.  homogeneous: k v y.  exp: u y.
    log: v.  carry: v y, and, if affine, u, if they are constant along what is put together."""

    adds = True

    def start(self, pieces):
        return {(False, (), axes): c for c, axes in pieces}

    def placed(self, state, legs):
        self.work.add(20 * sum(len(f) for _, factors, along in state for f in (*factors, along)))
        place = lambda spots: tuple(legs[s] if s >= 0 else s for s in spots)  # noqa: E731
        return {(v, tuple((k, *place(at)) for k, *at in factors), place(along)): c
                for (v, factors, along), c in state.items()}

    def legs(self, state):
        return (s for _, factors, along in state for _, *at in (*factors, (0, *along)) for s in at)

    def part(self, state, v):
        """u, or v."""
        return {key: c for key, c in state.items() if key[0] == v}

    def merge(self, states):
        """The sum, if all v are equal."""
        total = {}
        for key, c in chain.from_iterable(self.part(state, False).items() for state in states):
            total[key] = total.get(key, 0) + c
        factors = super().merge([self.part(state, True) for state in states])
        return None if factors is None else {**{key: c for key, c in total.items() if c}, **factors}

    def scaled(self, state, by):
        return {key: times(by, c, self.work) for key, c in state.items()} if by else {}

    def sum(self, y, t, inputs):
        return super().sum(y, t, [{**self.scaled(self.part(state, False), n), **self.part(state, True)}
                                  for state, n in zip(inputs, y.numbers)])

    def homogeneous(self, y, t, inputs):
        return None if self.part(inputs[0], False) else self.scaled(inputs[0], y.numbers[0])

    def exp(self, y, t, inputs):
        return None if self.part(inputs[0], True) else {(True, *key): c for (_, *key), c in inputs[0].items()}

    def log(self, y, t, inputs):
        moves = self.part(inputs[0], False)
        return None if moves else {(False, *key): c for (_, *key), c in inputs[0].items()}

    def carry(self, y, t, inputs):
        shifted = self.part(inputs[0], False)
        return inputs[0] if not shifted or (y.affine and len(y.terms) == 1) else None

    def product(self, y, t, inputs):
        found, term, size, factor = [], y.terms[t], len(y.sizes), {}
        for j, state in enumerate(inputs):
            others = tuple((k, *legs) for k, legs in term[:j] + term[j + 1 :])
            free = {g: n for g, n in zip(term[j][1], self.arrays[term[j][0]].sizes) if g >= size}
            for key, c in self.scaled(self.part(state, True), y.numbers[j]).items():
                factor[key] = factor.get(key, 0) + c
            for (_, factors, along), c in self.part(state, False).items():
                factors = factors + others
                if any(n != 1 for n in y.numbers) or len({k for k, *_ in factors}) < len(factors):
                    return None
                found.append(self.added_up(factors, along, times(y.times[t], c, self.work), free, size))
        return {**self.merge(found), **{key: c for key, c in factor.items() if c}}

    def added_up(self, factors, along, c, free, size):
        """One term, where indices that are not below `size` are summed over; `free` has the lengths of some
        along which perhaps nothing runs.  A factor goes if its sum over an index of its own is known."""
        while True:
            self.work.add(200 + 100 * sum(map(len, factors)) + 50 * len(free))
            held = Counter(s for _, *at in factors for s in at)
            for n in (n for s, n in free.items() if s not in held and s not in along):
                c = times(n, c, self.work)
            known = [(k, a, at) for k, *at in factors for a, s in enumerate(at) if not 0 <= s < size
                     and held[s] == 1 and s not in along and a in self.arrays[k].sums]
            if not known:
                break
            k, a, at = known[0]
            c = times(self.arrays[k].sums[a], c, self.work)
            factors = tuple(factor for factor in factors if factor[0] != k)
            free = {s: n for s, n in zip(at, self.arrays[k].sizes) if not 0 <= s < size and s != at[a]}
        if not c or any(along[j] not in held and not 0 <= along[j] < size for j in self.law.centred):
            return {}
        names = {}
        name = lambda s: s if 0 <= s < size else names.setdefault(s, -1 - len(names))  # noqa: E731
        factors = tuple((k, *map(name, at)) for k, *at in sorted(factors))
        return {(False, factors, tuple(map(name, along))): c}


def times(a, b, work):
    work.add(20 + words(a) * (1 + words(b)))
    within(words(a) + words(b), MAX_SIZE, "words in a number")
    return a * b


class Family:
    """A law for every value of some indices: the sum over pieces [c, array, axis of each index] of c times, r
    standing for all other axes,
        squares     the sum over r of T[i, r]^2
        sums        the sum over r of T[i, r]
        products    the sum over r of T[d, i, r] T[d, j, r], i and j being the last index."""

    def __init__(self, data, network):
        self.form, self.skew = keys(data, "form pieces skew? centred? text?")["form"], flag(data, "skew")
        self.moves = FORMS[need(self.form in FORMS, "an unknown form of laws", self.form)]
        self.pieces, sizes = {}, []
        for c, k, axes in (a_list(p, 3) for p in need(a_list(data["pieces"]), "no piece", data["pieces"])):
            array = network.arrays[index(k, len(network.arrays))]
            need(array.parameter is not None, "a law in what is no parameter")
            axes = tuple(indices(axes, len(array.sizes)))
            sizes.append([array.sizes[a] for a in axes])
            c = rational(c, network.work)
            need(c, "a zero coefficient")
            network.work.add(20 * len(self.pieces.get(k, [])))
            need(all(axes != other for _, other in self.pieces.get(k, [])), "a piece listed twice")
            self.pieces.setdefault(k, []).append((c, axes))
        need(all(size == sizes[0] for size in sizes), "an index of two lengths")
        self.centred = indices(data.get("centred", []), len(sizes[0]))
        need(sizes[0] or self.form != "products", "a matrix without an index")
        need(not self.skew or self.form == "products", "a skew law that is no matrix")
        [(k, [(_, axes), *more]), *others] = self.pieces.items()
        single = self.form == "sums" and not (self.centred or more or others)
        self.frozen = {k} if single and len(axes) == len(network.arrays[k].sizes) else set()


FORMS = {"squares": Scalings, "products": Mixings, "sums": Shifts}


class Network:
    """Arrays, each made by a rule from those before it, and a loss that is any function of some of them.  The
    inputs of a rule are [array, leg, ...] with a leg for each axis.  The legs 0, 1, ... are the axes of the
    result y, the others are those that y lacks:
        product      y = the sum over terms, and over what y lacks, of x_1^k_1 x_2^k_2 ...
        sum          y = c_1 x_1 + c_2 x_2 + ..., inputs being repeated along the axes that they lack
        homogeneous  y = phi(x) entry by entry, where phi(c x) = c^k phi(x) for all c > 0
        exp, log     entry by entry
        length       y = sqrt(the sum over terms, and over what y lacks, of x^2), or any multiple
        carry        every y[i, ...] is made of the x[i, ...], i being the indices that they share, in a way
                     that is homogeneous of degree 1; if `linear` by a linear map, the same for all i; if
                     `affine` a constant added to all x[i, ...] is added to y
        opaque       any function of the inputs
    With `eps` y is what it is said to be up to an eps > 0 that is added, or from which it is kept away.

    A law comes from a motion of the parameters under which no output moves, whatever they are, and the data:
    with dT for the motion and G for the gradient of the loss, <G, dT> = 0.  Squares come from dT = c phi(i)
    T, sums from dT = c phi(i), products from c M T (see `Scalings`, `Shifts`, `Mixings`); <G, dT> = 0 for all
    phi or M says that they are constant under theta' = -G (squares, sums, products by the symmetric part of
    M), and that sum |c| (V' V^T - V V'^T) is constant under theta'' = -G (products by the skew part)."""

    def __init__(self, data, work):
        self.work, flow = work, keys(data["flow"], "type parameters arrays outputs")
        need(not (data["variables"] or data["parameters"] or data["clock"]), "coordinates beside a network")
        named = [a_list(pair, 2) for pair in a_list(flow["parameters"])]
        need(all(isinstance(name, str) for name, _ in named), "a name that is no text")
        need(len({name for name, _ in named}) == len(named), "two parameters of one name")
        self.shapes, self.arrays = [a_list(shape) for _, shape in named], []
        need(all(type(n) is int and n > 0 for shape in self.shapes for n in shape), "a shape that is none")
        for array in a_list(flow["arrays"]):
            need(isinstance(array, dict), "not an object")
            self.arrays.append(Array(array, self.arrays, work))
        self.outputs = set(need(indices(flow["outputs"], len(self.arrays)), "no output", flow["outputs"]))
        self.readers, self.frozen = {}, set()
        for k, array in enumerate(self.arrays):
            for j in {j for term in array.terms for j, _ in term}:
                self.readers.setdefault(j, []).append(k)
        self.apart(flow["arrays"])
        self.laws = [Family(h, self) for h in a_list(data["laws"])]

    def apart(self, arrays):
        """No entry of a parameter is in two arrays: each axis of an array runs along one of the parameter;
        what two arrays have of an axis of it is the same, or has no index in common, and the latter on one
        axis at least."""
        cells, taken, places = set(), {}, set()
        for data in (data for data in arrays if "parameter" in data):
            k = index(data["parameter"], len(self.shapes))
            shape, start = self.shapes[k], a_list(data["start"], len(self.shapes[k]))
            runs = [a_list(axis, 3) for axis in data["axes"]]
            need(all(type(s) is int and s > 0 for *_, s in runs), "a stride that is no positive integer")
            need(all(index(i, len(shape)) >= 0 for i, *_ in runs), "an axis")
            place = [(k, first, *((n, s) for i, n, s in runs if i == p))
                     for p, first in enumerate(start)]
            need((k, *place) not in places, "entries of a parameter in two arrays")
            places.add((k, *place))
            for p, (_, first, *steps) in enumerate(place):
                self.work.add(20 * (1 + len(steps)))
                if (p, place[p]) in cells:
                    continue
                cells.add((p, place[p]))
                count = math.prod(n for n, _ in steps)
                within(count, MAX_STEPS, "entries along an axis")
                self.work.add(30 * count)
                found = [index(first, shape[p])]
                for n, s in steps:
                    found = [i + s * j for i in found for j in range(n)]
                need(max(found) < shape[p], "entries that a parameter does not have")
                before = taken.setdefault((k, p), set())
                need(len(set(found)) == count and before.isdisjoint(found),
                     "entries of a parameter in two arrays")
                before.update(found)

    def chosen(self, claim):
        return need(indices(claim["laws"], len(self.laws)), "a claim about no law", claim["laws"])

    def follow(self, k, moves, moved):
        """Parameters whose gradient is 0 may move in any way: in a sum that reads them first they move as the
        others in it do, where they can.  Those that do."""
        for term in self.arrays[k].terms if self.arrays[k].rule == "sum" and not moves.adds else ():
            states = [moves.placed(moved[j], legs) for j, legs in term if j in moved]
            for j, legs in term:
                self.work.add(50)
                if states and j in self.frozen and j not in moved and self.readers[j][0] == k:
                    place = {g: a for a, g in enumerate(legs)}
                    if all(g in place for g in moves.legs(states[0])):
                        moved[j] = moves.placed(states[0], place)
                        yield j

    def moved(self, law, exact):
        """How every array moves that does: parameters first, then what is made of those that move."""
        moves = law.moves(self, law)
        moved = {k: moves.start(pieces) for k, pieces in law.pieces.items()}
        todo = [k for j in moved for k in self.readers.get(j, ())]
        heapify(todo)
        while todo:
            k = heappop(todo)
            for j in list(self.follow(k, moves, moved)) if k not in moved else ():
                todo += self.readers[j]
                heapify(todo)
            if k not in moved and (state := self.result(k, moves, moved, exact)):
                moved[k] = state
                self.work.add(30 * len(self.readers.get(k, ())))
                for reader in self.readers.get(k, ()):
                    heappush(todo, reader)
        return moved

    def result(self, k, moves, moved, exact):
        """How an array moves, which a rule makes of arrays that move."""
        y, states = self.arrays[k], []
        for t, term in enumerate(y.terms):
            self.work.add(50 + sum(50 + 20 * len(legs) + 50 * len(moved.get(j, ())) for j, legs in term))
            inputs = [moves.placed(moved.get(j, {}), legs) for j, legs in term]
            if y.vanishes(term, self.arrays) or all(self.arrays[j].zero for j, _ in term):
                continue
            states.append(getattr(moves, y.rule)(y, t, inputs) if any(inputs) else {})
            holds(states[-1] is not None and all(g < len(y.sizes) for g in moves.legs(states[-1])),
                  f"what moves goes no further than the {y.rule} that is array {k}")
        state = moves.merge(states)
        holds(state is not None, f"the terms of the {y.rule} that is array {k} move in different ways")
        holds(not (state and y.eps and exact), f"array {k} moves as it does without its eps only")
        return state

    def shown(self, law, exact):
        """How arrays move for a law that holds; what it says never moves has gradient 0, at any eps."""
        self.work.add(100)
        moved = self.moved(law, exact)
        holds(self.outputs.isdisjoint(moved), "an output moves")
        self.frozen |= law.frozen if exact else set()
        return moved

    def check_network(self, claim):
        """No output moves, so the laws hold (see the class); with `without_eps` if every eps is 0."""
        exact = not flag(keys(claim, "type laws without_eps?"), "without_eps")
        laws = self.chosen(claim)
        for i in sorted(laws, key=lambda i: not self.laws[i].frozen):
            try:
                self.shown(self.laws[i], exact)
            except Fails as error:
                raise Fails(f"law {i}: {error}") from None
        return f"{len(laws)} families of laws, whatever the loss{'' if exact else ', if every eps is 0'}"


# -------------------------------------------------------------- certificates
FLOWS = {**dict.fromkeys(("gradient", "momentum", "ode", "fields"), Concrete),
         **dict.fromkeys(("shaped_gradient", "shaped_momentum"), Shaped), "network": Network}


def reading(data, most=math.inf):
    """The flow and the laws of a certificate, ready for its claims."""
    kind = FLOWS[need(data["flow"]["type"] in FLOWS, "an unknown type of flow", data["flow"]["type"])]
    need(kind is Concrete or "functions" not in data, "functions of what has no numbers")
    return (Functions if "functions" in data else kind)(data, Work(most))


def canonical(data):
    """The bytes whose sha256 a certificate carries: everything but the sha256 itself, keys sorted."""
    rest = {k: v for k, v in data.items() if k != "sha256"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def check(data, most=math.inf):
    """Verify a certificate in at most so many steps, yielding one line for each claim; raises `Refused` at
    the first that does not hold."""
    try:
        keys(data,
             "format version engine model variables parameters clock functions? flow laws claims sha256")
        kind, version = data["format"], data["version"]
        known = kind == "polylaw-certificate" and version in (1, 2) and type(version) is int
        need(known, "not of version 1 or 2")
        holds(hashlib.sha256(canonical(data)).hexdigest() == data["sha256"],
              "the sha256 does not fit the contents")
        state = reading(data, most)
        for claim in need(a_list(data["claims"]), "no claim", data["claims"]):
            state.work.add(100)
            method = getattr(state, f"check_{claim['type']}", None)
            yield f"{claim['type']}: {need(method, 'an unknown type of claim') or method(claim)}"
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise Refused(f"malformed: {type(error).__name__}: {error}") from None  # in a way no rule above names


def verdict(path):
    """(0 if every claim holds, else the code of the refusal; lines to print)"""
    lines = []
    try:
        lines += (f"  ok       {line}" for line in check(load(path)))
        return 0, lines
    except MemoryError:
        code, reason = TooLarge.code, "more memory than there is"
    except (OSError, ValueError) as error:  # no file, or no JSON
        code, reason = Refused.code, f"unreadable: {getattr(error, 'strerror', error)}"
    except Refused as error:
        code, reason = error.code, str(error)
    return code, [*lines, "  REFUSED  " + "".join(c if " " <= c <= "~" else "?" for c in reason[:200])]


def verify(path):
    """(every claim holds, lines to print); whatever goes wrong is a refusal."""
    code, lines = verdict(path)
    return code == 0, lines


def main(paths):
    """The exit code: 1 if a claim does not hold, else 2 if something is no certificate, else 3 if one is too
    large, else 0."""
    if not paths:
        print("usage: checker.py CERTIFICATE.json ...", file=sys.stderr)
        return 2
    verdicts = [verdict(path) for path in paths]
    for path, (code, lines) in zip(paths, verdicts):
        plain = re.fullmatch("[!-~]([ -~]*[!-~])?", path)
        name = path if plain else ascii(path)  # none looks like a line about a claim
        told, file = ([name + lines[-1]], sys.stderr) if code == 2 else ([name, *lines], sys.stdout)
        print(*told, sep="\n", file=file)
    return min((code for code, _ in verdicts if code), default=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
