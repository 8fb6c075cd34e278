#!/usr/bin/env python3
"""An independent checker of polylaw certificates (format "polylaw-certificate", version 1).

    python checker.py CERTIFICATE.json ...        exit status 0 only if every claim of every file holds

Standard library only, Python 3.9 or newer, no code shared with the program that wrote the file.  Read it from the
bottom: `main`, `check`, the claims, the flows, then arithmetic.

What is checked.  The state has coordinates x = (variables, clock, parameters); a law is a polynomial h with F h = 0
for every field F of the flow, where fields are computed here from the model (phi, metric, damping, right-hand sides).
    conserved       F h = 0, expanded over the integers.
    not_conserved   (F h)(point) is not 0 mod a prime, so F h is not the zero polynomial.
    independent     gradients (by variables and clock) have full rank mod a prime at a point, so at a generic point.
    complete        every law in a span V of monomials is a combination of products of the given laws: the products
                    that lie in V have rank >= d mod a prime; the linear system F h = 0 on V has rank >= dim V - d.
    max_laws        fields and brackets at a point have rank r mod a prime.  F h = G h = 0 implies [F, G] h = 0, so
                    gradients of laws are orthogonal to an r-dimensional space near a generic point: at most
                    (variables + clock) - r laws of any kind are independent on any open set.
    exactly         the laws claimed conserved and independent are as many as max_laws allows.
Ranks mod a prime, at a point, or at values of the parameters are at most the rank over the rational functions; only
this direction is used.  With parameters every statement is for generic values of them.

Arithmetic.  A monomial is one integer, sum of e_k * 2^(16 k), so products of monomials are sums; a polynomial is a
dictionary from monomials to coefficients.
"""
import hashlib
import json
import math
import random
import re
import signal
import sys
import threading
from collections import Counter
from fractions import Fraction

BITS = 16
MASK = (1 << BITS) - 1
MAX_DEGREE = 1 << BITS - 2  # of fields and brackets: one derivative of one along the other stays below 2^BITS
MAX_BYTES, MAX_DIGITS, MAX_EXPONENT, MAX_PRODUCTS, MAX_STEPS, MAX_STORE = 20_000_000, 2000, 200, 200_000, 80_000_000, 500_000_000
MAX_SECONDS = 120
RATIONAL = re.compile(rf"-?[0-9]{{1,{MAX_DIGITS}}}(/[1-9][0-9]{{0,{MAX_DIGITS - 1}}})?")


class Refused(Exception):
    """The certificate is malformed, too large, or a claim in it does not hold."""


def need(condition, message):
    if not condition:
        raise Refused(message)


class Work:
    """Counts elementary steps and the bytes of monomials kept, so that a hostile file ends in a refusal."""

    steps = kept = coordinates = 0

    @classmethod
    def add(cls, steps):
        cls.steps += steps
        need(cls.steps <= MAX_STEPS, f"more than {MAX_STEPS} steps")

    @classmethod
    def keep(cls, monomials):
        cls.kept += monomials * (64 + BITS // 8 * cls.coordinates)
        need(cls.kept <= MAX_STORE, f"more than {MAX_STORE} bytes of monomials")


# ------------------------------------------------------------------ reading
def unique_keys(pairs):
    return need(len({k for k, _ in pairs}) == len(pairs), "duplicate keys") or dict(pairs)


def whole(text):
    return need(len(text) <= 20, "an integer of more than 20 digits outside of text") or int(text)


def refuse_float(text):
    need(False, f"the floating-point number {text[:20]}")


def load(path):
    with open(path, "rb") as file:
        raw = file.read(MAX_BYTES + 1)
    need(len(raw) <= MAX_BYTES, f"more than {MAX_BYTES} bytes")
    hooks = {"object_pairs_hook": unique_keys, "parse_int": whole, "parse_float": refuse_float, "parse_constant": refuse_float}
    data = json.loads(raw.decode("utf-8"), **hooks)
    need(isinstance(data, dict), "not an object")
    return data


def keys(data, required, optional=""):
    """An object has these keys (as words) and no others, so that nothing in it is silently left unchecked."""
    need(isinstance(data, dict), "an object is missing")
    missing, unknown = set(required.split()) - set(data), set(data) - set(required.split()) - set(optional.split())
    need(not missing, f"the key {min(missing, default='')!r} is missing")
    need(not unknown, f"the unknown key {min(unknown, default='')[:40]!r}")
    return data


def index(value, below):
    return need(type(value) is int and 0 <= value < below, f"{value!r} where an index below {below} is expected") or value


def a_list(value, length=None):
    return need(isinstance(value, list) and length in (None, len(value)), "a list is missing or has the wrong length") or value


def rational(text):
    return need(isinstance(text, str) and RATIONAL.fullmatch(text), "a rational number must be text such as -3/2") or Fraction(text)


def polynomial(terms, n):
    """[["c", variable, exponent, variable, exponent, ...], ...]"""
    result = {}
    Work.keep(len(a_list(terms)))
    for term in terms:
        Work.add(1)
        need(isinstance(term, list) and len(term) % 2 == 1, "a malformed term")
        m, last = 0, -1
        for v, e in zip(term[1::2], term[2::2]):
            need(index(v, n) > last, "variables must ascend")
            need(type(e) is int and 0 < e <= MAX_EXPONENT, f"exponents lie in 1..{MAX_EXPONENT}")
            m, last = m + (e << BITS * v), v
        need(m not in result, "a repeated monomial")
        result[m] = rational(term[0])
    need(all(result.values()), "a zero coefficient")
    return result


# -------------------------------------------------------------- polynomials
def variables(p):
    """The coordinates that occur in a polynomial or other collection of monomials, ascending."""
    seen, found = 0, []
    for m in p:
        seen |= m
    while seen:
        k = ((seen & -seen).bit_length() - 1) // BITS
        found.append(k)
        seen &= ~(MASK << BITS * k)
    Work.add(len(found) * (1 + Work.coordinates // 256))
    return found


def degree(m, below=None):
    if below is not None:
        m &= (1 << BITS * below) - 1
    return sum(m >> BITS * k & MASK for k in variables((m,)))


def clean(p):
    return {m: c for m, c in p.items() if c}


def add_product(total, p, q, sign=1, mod=None):
    Work.add(len(p) * len(q))
    need(len(p) * len(q) * Work.coordinates <= MAX_STORE, "a product with too many terms")
    for m, c in p.items():
        for n, d in q.items():
            v = total.get(m + n, 0) + sign * c * d
            total[m + n] = v % mod if mod else v


def product(p, q):
    """p q; degrees are bounded before, because an exponent of 2^16 would be taken for the next variable."""
    need(max(map(degree, p), default=0) + max(map(degree, q), default=0) <= MAX_DEGREE, "degrees too large")
    total = {}
    add_product(total, p, q)
    return clean(total)


def derivative(p, k):
    shift = BITS * k
    Work.add(len(p) * (1 + Work.coordinates // 256))
    return {m - (1 << shift): c * (m >> shift & MASK) for m, c in p.items() if m >> shift & MASK}


def along(field, p, mod=None):
    """The derivative of p along a field {coordinate: polynomial}."""
    total = {}
    for k in variables(p):
        if k in field:
            add_product(total, field[k], derivative(p, k), 1, mod)
    return clean(total)


def value(p, x, mod):
    total = 0
    for m, c in p.items():
        v = c % mod
        for k in variables((m,)):
            v = v * pow(x[k], m >> BITS * k & MASK, mod) % mod
        total += v
    return total % mod


def integral(polynomials):
    """A list of polynomials times one common denominator."""
    d, terms = 1, sum(map(len, polynomials))
    for c in (c for p in polynomials for c in p.values()):
        d = math.lcm(d, c.denominator)
        need(d.bit_length() * terms <= 8 * MAX_STORE, "denominators too large")
    return [{m: int(c * d) for m, c in p.items()} for p in polynomials]


def specialised(p, x, first, mod):
    """p mod a prime with the coordinates from `first` on set to x.  Monomials whose coefficient becomes 0 are kept."""
    result, low = {}, (1 << BITS * first) - 1
    for m, c in p.items():
        result[m & low] = (result.get(m & low, 0) + value({m & ~low: c}, x, mod)) % mod
    return result


# --------------------------------------------------------- ranks mod a prime
def is_prime(n):
    """Miller and Rabin with bases that decide below 3.2e9 (Pomerance, Selfridge and Wagstaff 1980)."""
    bases = (2, 3, 5, 7)
    if n < 2 or n > 2**31 or any(n % q == 0 for q in bases):
        return n in bases
    s = (n - 1 & 1 - n).bit_length() - 1
    for a in bases:
        x = pow(a, n - 1 >> s, n)
        if x != 1 and all(pow(x, 2**i, n) != n - 1 for i in range(s)):
            return False
    return True


def rank_dense(rows, p, stop=math.inf):
    """Rank mod p of rows {column: value}, at most `stop`.  A row is one integer with a slot for each column, wide
    enough for all unreduced updates."""
    columns = {c: i for i, c in enumerate(sorted({c for r in rows for c in r}))}
    size = (2 * p.bit_length() + len(columns).bit_length() + 8) // 8
    slot, pivots = (1 << 8 * size) - 1, []
    for row in rows:
        if len(pivots) >= stop:
            break
        Work.add((len(pivots) + 1) * (1 + len(columns) // 16))
        raw = bytearray(size * len(columns))
        for c, v in row.items():
            raw[size * columns[c] : size * columns[c] + size] = (v % p).to_bytes(size, "little")
        r = int.from_bytes(raw, "little")
        for place, pivot in pivots:
            factor = (r >> place & slot) % p
            if factor:
                r += (p - factor) * pivot
        raw = r.to_bytes(len(raw), "little")
        values = [int.from_bytes(raw[i : i + size], "little") % p for i in range(0, len(raw), size)]
        lead = next((i for i, v in enumerate(values) if v), None)
        if lead is not None:
            scale = pow(values[lead], -1, p)
            packed = b"".join((v * scale % p).to_bytes(size, "little") for v in values)
            pivots.append((8 * size * lead, int.from_bytes(packed, "little")))
    return len(pivots)


def rank_of_blocks(rows, p, stop):
    """A lower bound for the rank mod p of sparse rows: every connected block by itself, the largest last."""
    parent = {}

    def root(c):
        while parent.setdefault(c, c) != c:
            parent[c] = c = parent[parent[c]]
        return c

    rows = list({tuple(sorted(r.items())): r for r in rows}.values())
    for r in rows:
        first = root(next(iter(r)))
        for c in r:
            parent[root(c)] = first
    blocks = {}
    for r in rows:
        blocks.setdefault(root(next(iter(r))), []).append(r)
    rank = 0
    for block in sorted(blocks.values(), key=len):
        random.Random(0).shuffle(block)  # full rank is reached early
        rank += rank_dense(block, p, stop - rank)
    return rank


def system_rank(unknowns, fields, p, stop):
    """A lower bound for the rank mod p of the system F h = 0 on h = sum of unknowns times monomials.  An equation with
    one remaining unknown gives a pivot; these come field by field, then what is left is eliminated."""
    holding = {}
    for m in unknowns:
        for k in variables((m,)):
            holding.setdefault(k, []).append(m)
    alive, killed = set(unknowns), 0

    def equations(field):
        rows = {}
        for k, component in field.items():
            shift, terms = BITS * k, list(component.items())
            holding[k] = [m for m in holding.get(k, ()) if m in alive]
            Work.add(len(terms) * len(holding[k]))
            for m in holding[k]:
                lower, e = m - (1 << shift), m >> shift & MASK
                for n, c in terms:
                    row = rows.setdefault(lower + n, {})
                    row[m] = (row.get(m, 0) + c * e) % p
        return [r for r in (clean(r) for r in rows.values()) if r]

    before = -1
    while before != killed < stop:
        before = killed
        for field in fields:
            for row in equations(field):
                left = [m for m in row if m in alive]
                if len(left) == 1:
                    alive.discard(left[0])
                    killed += 1
    rest = [row for field in fields for row in equations(field)] if killed < stop else []
    return killed + rank_of_blocks(rest, p, stop - killed)


# -------------------------------------------------------------------- flows
class State:
    """The coordinates (variables, clock, parameters), the clock, and the fields a law must annihilate."""

    def __init__(self, data):
        names = [a_list(data["variables"]), a_list(data["parameters"])]
        need(all(isinstance(name, str) and name for part in names for name in part), "a name is not text")
        need(len({*names[0], *names[1]}) == len(names[0]) + len(names[1]), "a repeated name")
        clock, self.variables = data["clock"], len(names[0])
        self.moving = self.variables + (clock is not None)  # variables and clock
        self.n = self.moving + len(names[1])
        need(0 < self.n <= 20_000, "too many coordinates")
        Work.coordinates = self.n
        self.rate = self.root = None
        if clock is not None:
            need(isinstance(clock, dict) and set(clock) in ({"rate"}, {"root"}), "a clock has either a rate or a root")
            if "rate" in clock:  # exp(rate t)
                self.rate = self.polynomial(clock["rate"], 0)
                need(self.rate, "a clock of rate 0")
            else:  # t^(1/root)
                self.root = 1 + index(clock["root"] - 1 if type(clock["root"]) is int else None, 1000)
        kind = data["flow"]["type"]
        need(kind in FLOWS, "an unknown type of flow")
        keys(data["flow"], *FLOW_KEYS[kind])
        fields = [{k: q for k, q in field.items() if q} for field in FLOWS[kind](self, data["flow"])]
        self.fields = [dict(zip(f, integral(list(f.values())))) for f in fields if f]
        need(all(degree(m) <= MAX_DEGREE for f in self.fields for q in f.values() for m in q), "degrees too large")

    def polynomial(self, terms, below=None):
        p = polynomial(terms, self.n)
        need(below is None or all(k < below or k >= self.moving for k in variables(p)), "a variable that may not occur here")
        return p

    def fraction(self, parts, below):
        """[numerator] or [numerator, denominator]"""
        need(isinstance(parts, list) and len(parts) in (1, 2), "an expression is a list of numerator and perhaps denominator")
        p = [self.polynomial(part, below) for part in parts] + [{0: Fraction(1)}]
        need(p[1], "a zero denominator")
        return p[0], p[1]

    def gradients(self, flow, below):
        """For every component p/q of phi, q dp - p dq: a multiple of its gradient by q^2."""
        for parts in a_list(flow["phi"]):
            p, q = self.fraction(parts, below)
            gradient = {}
            for k in sorted({*variables(p), *variables(q)}):
                if k < below:
                    add_product(gradient.setdefault(k, {}), q, derivative(p, k))
                    add_product(gradient[k], p, derivative(q, k), -1)
            yield {k: clean(g) for k, g in gradient.items()}

    def metric(self, flow, below):
        """Entries (i, j, M_ij) of the inverse metric, or None for the identity."""
        if "metric" not in flow:
            return None
        return [(index(i, below), index(j, below), self.polynomial(m, below)) for i, j, m in (a_list(e, 3) for e in a_list(flow["metric"]))]


def times_metric(metric, gradient):
    if metric is None:
        return gradient
    result = {}
    for i, j, m in metric:
        if j in gradient:
            add_product(result.setdefault(i, {}), m, gradient[j])
    return {i: clean(g) for i, g in result.items()}


def gradient_flow(state, flow):
    """theta' = -M J^T w - lambda theta, w arbitrary; the clock is exp(lambda t)."""
    d, fields = state.variables, []
    metric = state.metric(flow, d)
    fields = [times_metric(metric, g) for g in state.gradients(flow, d)]
    decay = state.polynomial(flow["weight_decay"], 0) if "weight_decay" in flow else {}
    need((state.rate or {}) == decay and state.root is None, "the clock must be exp(weight_decay t)")
    if decay:
        field = {k: {m + (1 << BITS * k): -c for m, c in decay.items()} for k in range(d)}
        field[d] = {m + (1 << BITS * d): c for m, c in decay.items()}
        fields.append(field)
    return fields


def momentum_flow(state, flow):
    """theta' = v, v' = -tau v - M(tau theta + v) J^T w, for tau = c/t multiplied by t (and M by a power of t)."""
    need(state.variables % 2 == 0, "a momentum flow has as many velocities as variables")
    d, one = state.variables // 2, {0: Fraction(1)}
    s = 1 << BITS * 2 * d  # the clock
    need(("over_time" in flow) != ("damping" in flow), "a momentum flow has either damping or over_time")
    if "over_time" in flow:  # tau = c/t, c = a/q, clock t^(1/q); t = s^q
        c = rational(flow["over_time"])
        need(c > 0 and state.root == c.denominator, "the clock must be t^(1/q) with q the denominator of c")
        rate, time, clock = {0: c}, {s * c.denominator: Fraction(1)}, {s: Fraction(1, c.denominator)}
    else:
        rate, time = state.polynomial(flow["damping"], 0), one
        need((state.rate or {}) == rate and state.root == (None if rate else 1), "the clock must be exp(damping t), or t without damping")
        clock = product(rate, {s: Fraction(1)}) if rate else one
    drift = {2 * d: clock}
    for k in range(d):
        drift[k] = product(time, {1 << BITS * (d + k): Fraction(1)})
        drift[d + k] = {m + (1 << BITS * (d + k)): -c for m, c in rate.items()}
    metric = state.metric(flow, d)
    if metric is not None:
        images = [{**product(rate, {1 << BITS * k: Fraction(1)}), **drift[k]} for k in range(d)]
        top = max((degree(m, d) for _, _, entry in metric for m in entry), default=0)
        metric = [(i, j, lifted(entry, images, time, top, d)) for i, j, entry in metric]
    fields = [{d + i: g for i, g in times_metric(metric, gradient).items()} for gradient in state.gradients(flow, d)]
    return [*fields, drift]


def lifted(entry, images, time, top, d):
    """entry(images), every term of degree e times time^(top - e)"""
    total = {}
    for m, c in entry.items():
        term = {m >> BITS * d << BITS * d: c}
        for k in range(d):
            for _ in range(m >> BITS * k & MASK):
                term = product(term, images[k])
        for _ in range(top - degree(m, d)):
            term = product(term, time)
        add_product(total, term, {0: 1})
    return clean(total)


def ode_flow(state, flow):
    """x' = p/q for every variable; the field is multiplied by all denominators."""
    parts = [state.fraction(f, state.moving) for f in a_list(flow["rhs"], state.variables)]
    need(state.root in (None, 1), "the clock of an ODE is t or exp(rate t)")
    common, field = {0: Fraction(1)}, {}
    for i, (p, q) in enumerate(parts):
        for j, (_, other) in enumerate(parts):
            if i != j and other != {0: 1}:
                p = product(p, other)
        field[i], common = p, product(common, q)
    if state.moving > state.variables:
        s = 1 << BITS * state.variables
        field[state.variables] = product(product(state.rate, {s: Fraction(1)}), common) if state.rate else common
    return [field]


def general_fields(state, flow):
    need(state.moving == state.variables, "fields that are given one by one have no clock")
    fields = []
    for field in a_list(flow["fields"]):  # [[coordinate, polynomial], ...]
        pairs = [a_list(pair, 2) for pair in a_list(field)]
        need(len({k for k, _ in pairs}) == len(pairs), "a coordinate listed twice")
        fields.append({index(k, state.moving): state.polynomial(q) for k, q in pairs})
    return fields


FLOW_KEYS = {
    "gradient": ("type phi", "metric weight_decay"),
    "momentum": ("type phi", "metric damping over_time"),
    "ode": ("type rhs",),
    "fields": ("type fields",),
}
FLOWS = {"gradient": gradient_flow, "momentum": momentum_flow, "ode": ode_flow, "fields": general_fields}


# ------------------------------------------------------------------- claims
class Checking:
    """The claims of one certificate, in order."""

    def __init__(self, data):
        self.state = State(data)
        laws = [keys(h, "polynomial", "text") for h in a_list(data["laws"])]
        self.laws = [integral([self.state.polynomial(h["polynomial"])])[0] for h in laws]
        self.conserved, self.independent, self.bound = set(), set(), None

    def prime(self, claim):
        p = claim["prime"]
        need(type(p) is int and p > 10**6 and is_prime(p), "not a prime between 10^6 and 2^31")
        return p

    def point(self, claim, p, key="point", length=None):
        values = [rational(c) for c in a_list(claim[key], self.state.n if length is None else length)]
        need(all(c.denominator % p for c in values), "a denominator divisible by the prime")
        return [c.numerator * pow(c.denominator, -1, p) % p for c in values]

    def chosen(self, claim):
        laws = [index(i, len(self.laws)) for i in a_list(claim["laws"])]
        need(len(set(laws)) == len(laws), "a law listed twice")
        return laws

    def check_conserved(self, claim):
        for i in self.chosen(claim):
            for j, field in enumerate(self.state.fields):
                need(not along(field, self.laws[i]), f"law {i} is not conserved by field {j}")
            self.conserved.add(i)
        return f"{len(claim['laws'])} laws annihilated by {len(self.state.fields)} fields"

    def check_not_conserved(self, claim):
        p, law = self.prime(claim), self.laws[index(claim["law"], len(self.laws))]
        field = self.state.fields[index(claim["field"], len(self.state.fields))]
        need(value(along(field, law), self.point(claim, p), p), "the derivative is 0 at the point")
        return f"the derivative of law {claim['law']} along field {claim['field']} is not 0 at the point"

    def check_independent(self, claim):
        p, chosen = self.prime(claim), self.chosen(claim)
        x = self.point(claim, p)
        rows = [{k: value(derivative(self.laws[i], k), x, p) for k in variables(self.laws[i]) if k < self.state.moving} for i in chosen]
        need(rank_dense(rows, p) == len(chosen), "the gradients are dependent at the point")
        self.independent |= {frozenset(chosen)}
        return f"the gradients of {len(chosen)} laws are independent at the point"

    def monomials(self, claim):
        bounds = {"least", "degree", "clock", "variables"}
        need(("monomials" in claim) != bool(bounds & set(claim)), "a claim of completeness has either monomials or bounds of degrees")
        if "monomials" in claim:
            return list(polynomial([["1", *m] for m in a_list(claim["monomials"])], self.state.moving))
        least, top, power = (index(claim[key], MAX_EXPONENT + 1) for key in ("least", "degree", "clock"))
        names = range(self.state.variables) if claim.get("variables") is None else claim["variables"]
        names = sorted({index(k, self.state.variables) for k in names})
        need(names and (power == 0 or self.state.moving > self.state.variables), "no variables, or powers of a clock that is not there")
        count = math.comb(len(names) + top, top) * (power + 1)
        need(500 * count <= MAX_STORE, f"{count} monomials take too much memory")
        Work.keep(count)
        Work.add(10 * count)
        found = [(0, 0, 0)]  # (monomial, degree, first variable that may follow)
        for m, e, first in found:
            if e < top:
                found.extend((m + (1 << BITS * names[i]), e + 1, i) for i in range(first, len(names)))
        clocks = [j << BITS * self.state.variables for j in range(power + 1)]
        monomials = [m + s for m, e, _ in found if e >= least for s in clocks if m + s]
        # integers have equal hashes modulo 2^61 - 1, so coordinates k and k + 61 collide in dictionaries
        Work.add(sum(c * c for c in Counter(map(hash, monomials)).values()) // 8)
        return monomials

    def check_complete(self, claim):
        p, chosen, s = self.prime(claim), self.chosen(claim), self.state
        x = [0] * s.moving + self.point(claim, p, "values", s.n - s.moving)
        unknowns = self.monomials(claim)
        inside, top = set(unknowns), max((degree(m, s.variables) for m in unknowns), default=0)
        need(set(chosen) <= self.conserved, "laws that were not claimed to be conserved")
        need(top <= MAX_EXPONENT, "degrees too large")
        products = [({0: 1}, 0)]  # with coefficients 0 mod p, so that "inside V" is meant over the rational functions
        for i in chosen:
            h = specialised(self.laws[i], x, s.moving, p)
            e = max((degree(m, s.variables) for m in h), default=0)
            for q, f in list(products):
                powers = 1 if e == 0 else (top - f) // e  # of a law in the clock alone no higher power is needed
                for k in range(1, powers + 1):
                    q, old = {}, q
                    add_product(q, old, h, 1, p)
                    products.append((q, f + k * e))
                    Work.keep(len(q))
                need(len(products) <= MAX_PRODUCTS, f"more than {MAX_PRODUCTS} products of laws")
        lower = rank_dense([q for q, _ in products[1:] if inside.issuperset(q)], p)
        fields = [{k: clean(specialised(c, x, s.moving, p)) for k, c in field.items()} for field in s.fields]
        upper = len(unknowns) - system_rank(unknowns, fields, p, len(unknowns) - lower)
        claimed = claim["dimension"]
        need(type(claimed) is int and lower == upper == claimed, f"the dimension lies between {lower} and {upper}, claimed {claimed!r}")
        return f"the laws among {len(unknowns)} monomials have dimension {upper}"

    def check_max_laws(self, claim):
        p, s = self.prime(claim), self.state
        x = self.point(claim, p)
        elements = [{k: clean(specialised(c, x, s.moving, p)) for k, c in field.items()} for field in s.fields]
        for pair in a_list(claim["brackets"]):
            f, g = (elements[index(i, len(elements))] for i in a_list(pair, 2))
            bracket = {}
            for k in {*f, *g}:
                a, b = along(g, f.get(k, {}), p), along(f, g.get(k, {}), p)
                bracket[k] = clean({m: (a.get(m, 0) - b.get(m, 0)) % p for m in {*a, *b}})
                need(all(degree(m) <= MAX_DEGREE for m in bracket[k]), "degrees too large")
                Work.keep(len(bracket[k]))
            elements.append({k: q for k, q in bracket.items() if q})
        rows = [elements[index(i, len(elements))] for i in a_list(claim["elements"])]
        rank = rank_dense([{k: value(q, x, p) for k, q in row.items()} for row in rows], p)
        need(type(claim["bound"]) is int and claim["bound"] == s.moving - rank, f"the rank is {rank}, so the bound is {s.moving - rank}")
        self.bound = claim["bound"] if self.bound is None else min(self.bound, claim["bound"])
        return f"rank {rank} at the point: at most {s.moving - rank} independent laws of any kind"

    def check_exactly(self, claim):
        most = max((len(laws) for laws in self.independent if laws <= self.conserved), default=0)
        need(type(claim["count"]) is int and claim["count"] == most == self.bound, f"at least {most}, at most {self.bound}")
        return f"exactly {most} independent laws"


CLAIM_KEYS = {
    "conserved": ("type laws",),
    "not_conserved": ("type law field point prime",),
    "independent": ("type laws point prime",),
    "complete": ("type laws dimension prime values", "least degree clock variables monomials"),
    "max_laws": ("type bound point prime brackets elements",),
    "exactly": ("type count",),
}


def canonical(data):
    """The bytes whose sha256 a certificate carries: everything but the sha256 itself, keys sorted."""
    rest = {k: v for k, v in data.items() if k != "sha256"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def check(data):
    """Verify a certificate, yielding one line for each claim; raises `Refused` at the first that does not hold."""
    Work.steps = Work.kept = Work.coordinates = 0
    keys(data, "format version engine model variables parameters clock flow laws claims sha256")
    need(data["format"] == "polylaw-certificate" and data["version"] == 1 and type(data["version"]) is int, "not of version 1")
    need(hashlib.sha256(canonical(data)).hexdigest() == data["sha256"], "the sha256 does not fit the contents")
    need(a_list(data["claims"]), "no claim")
    checking = Checking(data)
    for claim in data["claims"]:
        kind = claim["type"]
        need(isinstance(kind, str) and kind in CLAIM_KEYS, "an unknown type of claim")
        keys(claim, *CLAIM_KEYS[kind])
        yield f"{kind}: {getattr(checking, f'check_{kind}')(claim)}"


def verify(path):
    """(every claim holds, lines to print); whatever goes wrong is a refusal."""
    lines = []
    alarm = hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread()
    try:
        if alarm:
            before = signal.signal(signal.SIGALRM, too_long)
            signal.alarm(MAX_SECONDS)
        for line in check(load(path)):
            lines.append(f"  ok       {line}")
        return True, lines
    except Refused as error:
        reason = str(error)
    except KeyError as error:
        reason = f"the key {error} is missing"
    except OSError as error:
        reason = f"unreadable: {error.strerror}"
    except Exception as error:  # malformed in a way no rule above names
        reason = f"malformed: {type(error).__name__}: {error}"
    finally:
        if alarm:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)
    return False, [*lines, "  REFUSED  " + "".join(c if " " <= c <= "~" else "?" for c in reason[:200])]


def too_long(*_):
    raise Refused(f"more than {MAX_SECONDS} seconds")


def main(paths):
    if not paths:
        print("usage: checker.py CERTIFICATE.json ...", file=sys.stderr)
        return 2
    accepted = True
    for path in paths:
        holds, lines = verify(path)
        print("\n".join([path.encode("ascii", "replace").decode(), *lines]))
        accepted = accepted and holds
    return 0 if accepted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
