"""Whether the claims of a certificate are true, by arithmetic of its own: no code of polylaw, none of its
checker.

Flows are written down here again from their definitions, and evaluated at random points of the field of P =
2^61 - 1 elements, where a polynomial of degree d that is not 0 vanishes with probability at most d/P.
Parameters have random values, the same for all of a claim, so spaces and ranks are those over the rational
functions of the parameters.  Words are evaluated entry by entry, at small widths.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import prod
from typing import Any

__all__ = ["is_true"]

P = 2**61 - 1
POINTS = 3
Data = dict[str, Any]
Terms = Sequence[Sequence[Any]]
Field = dict[int, Any]


def is_true(data: Data, claim: Data) -> bool:
    """Whether one claim of a certificate is true."""
    if data["flow"]["type"].startswith("shaped"):
        return all(Words(data).is_law(data["laws"][i]) for i in claim["laws"])
    return bool(getattr(Flow(data), claim["type"])(claim))


def residue(c: Any) -> int:
    c = Fraction(c)
    return c.numerator * pow(c.denominator, -1, P) % P


def value(terms: Terms, x: Sequence[Any]) -> Any:
    """A polynomial of the certificate at elements of any ring over the integers."""
    powers = lambda t: (x[k] ** e for k, e in zip(t[1::2], t[2::2], strict=True))  # noqa: E731
    return sum((prod(powers(t), start=residue(t[0])) for t in terms), start=0)


def derivative(terms: Terms, k: int) -> list[list[Any]]:
    """By the k-th coordinate."""
    found = []
    for c, *powers in terms:
        e = dict(zip(powers[::2], powers[1::2], strict=True))
        if k in e:
            rest = e | {k: e[k] - 1}
            found.append([Fraction(c) * e[k], *(n for pair in rest.items() if pair[1] for n in pair)])
    return found


def rank(rows: Iterable[Sequence[int]]) -> int:
    """Over the field of P elements."""
    pivots: list[tuple[int, list[int]]] = []
    for given in rows:
        row = [v % P for v in given]
        for column, pivot in pivots:
            if factor := row[column]:
                row = [(v - factor * w) % P for v, w in zip(row, pivot, strict=True)]
        if (column := next((i for i, v in enumerate(row) if v), None)) is not None:
            inverse = pow(row[column], -1, P)
            pivots.append((column, [v * inverse % P for v in row]))
    return len(pivots)


class Poly(dict[tuple[int, ...], int]):
    """{word of generators, ascending: coefficient mod P}, without zeros."""

    @staticmethod
    def of(given: Any) -> Poly:
        return given if isinstance(given, Poly) else Poly({(): given % P} if given % P else {})

    def __add__(self, other: Any) -> Poly:
        other = Poly.of(other)
        total = {m: (self.get(m, 0) + other.get(m, 0)) % P for m in {*self, *other}}
        return Poly({m: c for m, c in total.items() if c})

    def __mul__(self, other: Any) -> Poly:
        total: dict[tuple[int, ...], int] = {}
        for m, c in self.items():
            for n, d in Poly.of(other).items():
                word = tuple(sorted(m + n))
                total[word] = (total.get(word, 0) + c * d) % P
        return Poly({m: c for m, c in total.items() if c})

    def __pow__(self, e: int) -> Poly:
        return prod([self] * e, start=Poly.of(1))

    __radd__, __rmul__ = __add__, __mul__

    def slope(self, k: int) -> Poly:
        at = {m: m.index(k) for m in self if k in m}
        return Poly({m[:i] + m[i + 1 :]: self[m] * m.count(k) % P for m, i in at.items()})

    def at(self, x: Sequence[int]) -> int:
        return sum(c * prod(x[k] for k in m) for m, c in self.items()) % P


class Flow:
    """A flow of polynomial fields, from its definition."""

    def __init__(self, data: Data) -> None:
        self.data, self.draw = data, random.Random(1)
        self.size = len(data["variables"])
        self.moving = self.size + (data["clock"] is not None)
        self.parameters = [self.draw.randrange(1, P) for _ in data["parameters"]]
        self.laws: list[Terms] = [h["polynomial"] for h in data["laws"]]

    def point(self) -> list[int]:
        """A random state, with the values of the parameters."""
        return [*(self.draw.randrange(1, P) for _ in range(self.moving)), *self.parameters]

    def generators(self) -> list[Any]:
        """The state as polynomials, with the values of the parameters."""
        return [*(Poly({(k,): 1}) for k in range(self.moving)), *self.parameters]

    def fields(self, x: list[Any]) -> list[Field]:
        """Those that are not 0, at these values of the coordinates, each times a function."""
        return [field for field, known in zip(self._fields(x), self._known(), strict=True) if known]

    def _known(self) -> list[bool]:
        found = [self._fields(self.point()) for _ in range(POINTS)]
        return [any(v % P for at in same for v in at.values()) for same in zip(*found, strict=True)]

    def _fields(self, x: list[Any]) -> list[Field]:
        flow, clock, n = self.data["flow"], self.data["clock"], self.size
        if flow["type"] == "fields":
            return [{k: value(p, x) for k, p in field} for field in flow["fields"]]
        # all is multiplied by time: t = s^q for the clock s = t^(1/q), whose motion is s/(q t)
        time, tick = 1, {}
        if clock is not None:
            time = x[n] ** clock["root"] if "root" in clock else 1
            tick = {
                n: x[n]
                * (residue(Fraction(1, clock["root"])) if "root" in clock else value(clock["rate"], x))
            }
        if flow["type"] == "ode":
            below = [value(f[1], x) if len(f) == 2 else 1 for f in flow["rhs"]]
            others = (prod(below[:k] + below[k + 1 :]) for k in range(len(below)))
            parts = [value(f[0], x) * other * time for f, other in zip(flow["rhs"], others, strict=True)]
            return [{**dict(enumerate(parts)), **{k: v * prod(below) for k, v in tick.items()}}]
        if flow["type"] == "gradient":
            drift = {k: x[k] * value(flow.get("weight_decay", []), x) * time * -1 for k in range(n)}
            return [*self._kicks(x, 0, list(x), 1), {**drift, **tick}]
        # tau t, with the clock that this needs
        d, rate = (
            n // 2,
            residue(flow["over_time"]) if "over_time" in flow else value(flow["damping"], x) * time,
        )
        assert "over_time" not in flow or "root" in clock
        drift = {k: x[d + k] * time for k in range(d)} | {d + k: x[d + k] * rate * -1 for k in range(d)}
        lifted = [x[k] * rate + x[d + k] * time for k in range(d)]
        return [*self._kicks(x, d, [*lifted, *x[d:]], time), {**drift, **tick}]

    def _kicks(self, x: list[Any], shift: int, lifted: list[Any], time: Any) -> list[Field]:
        """M grad phi_j, with M at lifted/time, times a power of it."""
        d, flow = len(x[shift : self.size]), self.data["flow"]
        entries = flow.get("metric", [[k, k, [["1"]]] for k in range(d)])
        power = lambda t: sum(e for k, e in zip(t[1::2], t[2::2], strict=True) if k < d)  # noqa: E731
        degree = [[*map(power, m)] for _, _, m in entries]
        top = max((e for row in degree for e in row), default=0)
        metric = [
            (
                i,
                j,
                sum((value([t], lifted) * time ** (top - e) for t, e in zip(m, row, strict=True)), start=0),
            )
            for (i, j, m), row in zip(entries, degree, strict=True)
        ]
        found = []
        for p, *q in flow["phi"]:
            below = q[0] if q else [["1"]]
            above, under = value(p, x), value(below, x)
            slopes = [
                value(derivative(p, k), x) * under + value(derivative(below, k), x) * above * -1
                for k in range(d)
            ]
            kick: Field = {}
            for i, j, m in metric:
                kick[shift + i] = kick.get(shift + i, 0) + m * slopes[j]
            found.append(kick)
        return found

    # -- claims ---------------------------------------------------------------------------------------
    def along(self, field: Field, law: Terms, x: list[int]) -> int:
        """The derivative of a law along a field at a point."""
        return sum(v * value(derivative(law, k), x) for k, v in field.items()) % P

    def vanishes(self, law: Terms, choose: Callable[[int], bool] = lambda j: True) -> bool:
        """Whether its derivatives along the chosen fields are 0."""
        points = [self.point() for _ in range(POINTS)]
        chosen = ((f, x) for x in points for j, f in enumerate(self.fields(x)) if choose(j))
        return not any(self.along(f, law, x) for f, x in chosen)

    def conserved(self, claim: Data) -> bool:
        return all(self.vanishes(self.laws[i]) for i in claim["laws"])

    def not_conserved(self, claim: Data) -> bool:
        return not self.vanishes(self.laws[claim["law"]], lambda j: j == claim["field"])

    def jacobian_rank(self, laws: Iterable[int]) -> int:
        x = self.point()
        return rank([[value(derivative(self.laws[i], k), x) for k in range(self.moving)] for i in laws])

    def independent(self, claim: Data) -> bool:
        return self.jacobian_rank(claim["laws"]) == len(claim["laws"])

    def most(self) -> int:
        """How many laws of any kind are independent: by the rank of all brackets."""
        x = self.point()
        row = lambda f: [f[k].at(x) if k in f else 0 for k in range(self.moving)]  # noqa: E731
        basis: list[dict[int, Poly]] = []
        waiting = [{k: Poly.of(v) for k, v in f.items()} for f in self.fields(self.generators())]
        while waiting:
            field = waiting.pop(0)
            if rank([*map(row, basis), row(field)]) > len(basis):
                waiting += [self.bracket(f, field) for f in basis]
                basis.append(field)
        return self.moving - len(basis)

    def bracket(self, f: dict[int, Poly], g: dict[int, Poly]) -> dict[int, Poly]:
        total: dict[int, Poly] = {}
        for sign, a, b in ((1, f, g), (-1, g, f)):
            for k, i in product(b, a):
                total[k] = total.get(k, Poly()) + a[i] * b[k].slope(i) * sign
        return {k: v for k, v in total.items() if v}

    def max_laws(self, claim: Data) -> bool:
        return bool(self.most() <= claim["bound"])

    def exactly(self, claim: Data) -> bool:
        listed = {i for c in self.data["claims"] if c["type"] == "conserved" for i in c["laws"]}
        rank = self.jacobian_rank(sorted(i for i in listed if self.vanishes(self.laws[i])))
        return bool(rank >= claim["count"] == self.most())

    def monomials(self, claim: Data) -> list[tuple[int, ...]]:
        """Words of variables and clock; a parameter is a number, so it makes no other monomial."""
        if "monomials" in claim:
            powers = [zip(m[::2], m[1::2], strict=True) for m in claim["monomials"]]
            listed = [tuple(k for k, e in m if k < self.moving for _ in range(e)) for m in powers]
        else:
            names = range(self.size) if claim["variables"] is None else claim["variables"]
            degrees = range(claim["least"], claim["degree"] + 1)
            chosen = (c for e in degrees for c in combinations_with_replacement(sorted(names), e))
            listed = [(*c, *[self.size] * j) for c in chosen for j in range(claim["clock"] + 1)]
        return [m for m in dict.fromkeys(listed) if m]

    def complete(self, claim: Data) -> bool:
        """The space of laws has this dimension, and products of the listed laws span it."""
        unknowns = self.monomials(claim)
        texts = [[["1", *(n for k in sorted({*m}) for n in (k, m.count(k)))]] for m in unknowns]
        rows = []
        for _ in range(len(unknowns) + 5):
            x = self.point()
            fields = self.fields(x)
            weights = [self.draw.randrange(P) for _ in fields]
            pairs = [*zip(weights, fields, strict=True)]
            rows.append([sum(w * self.along(f, m, x) for w, f in pairs) for m in texts])
        dimension = len(unknowns) - rank(rows)
        laws = [value(self.laws[i], self.generators()) for i in claim["laws"]]
        inside, top = set(unknowns), max(map(self.degree, unknowns))
        products = [[q.get(m, 0) for m in unknowns] for q in self.products(laws, top) if inside.issuperset(q)]
        return self.conserved(claim) and bool(dimension == claim["dimension"] == rank(products))

    def degree(self, monomial: tuple[int, ...]) -> int:
        """In the variables."""
        return sum(k < self.size for k in monomial)

    def products(self, laws: Sequence[Poly], top: int) -> Iterator[Poly]:
        """Of degree at most `top` in the variables."""
        for i, h in enumerate(laws):
            degree = max(map(self.degree, h))
            if degree <= top:
                yield h
                yield from (h * q for q in self.products(laws[i:], top - degree))


class Words:
    """A flow of matrices of small sizes."""

    def __init__(self, data: Data) -> None:
        self.data, self.draw = data, random.Random(2)
        self.flow = data["flow"]
        count = len(data["parameters"]) + (data["clock"] is not None)
        self.scalars = [self.draw.randrange(1, P) for _ in range(count)]
        self.momentum = self.flow["type"] == "shaped_momentum"
        self.shapes = dict([*self.flow["weights"], *self.flow["constants"]])
        self.shapes |= {f"d{w}": shape for w, shape in self.flow["weights"] if self.momentum}
        names = {w for e in [*self.flow["phi"], *data["laws"]] for w in e["open"]}
        names |= {w for s in self.shapes.values() for w in s}
        self.sizes = {w: self.draw.choice((2, 2, 3)) for w in sorted(names)}
        self.arrays = {name: self.array(shape) for name, shape in self.shapes.items()}

    def array(self, shape: Sequence[str]) -> dict[tuple[int, ...], int]:
        return {at: self.draw.randrange(P) for at in product(*(range(self.size(w)) for w in shape))}

    def size(self, width: str) -> int:
        return self.sizes.setdefault(width, 2)

    def entries(self, opened: Sequence[str], factors: Sequence[Any]) -> Iterator[dict[int, int]]:
        """Every choice of the indices, those of identity matrices being equal."""
        widths = dict(enumerate(opened))
        for name, *at in factors:
            widths |= dict(zip(at, [name[1:]] * 2 if name[0] == "=" else self.shapes[name], strict=True))
        ties = [at for name, *at in factors if name[0] == "="]
        for chosen in product(*(range(self.size(w)) for w in widths.values())):
            index = dict(zip(widths, chosen, strict=True))
            if all(index[i] == index[j] for i, j in ties):
                yield index

    def is_law(self, law: Data) -> bool:
        """Whether the derivative of every entry along the flow is 0, for a random loss."""
        moves, clock = self.motion()
        total: dict[tuple[int, ...], int] = {}
        for c, *factors in law["terms"]:
            letters = [f for f in factors if f[0][0] != "="]
            scale, slope = value(c, self.scalars), value(derivative(c, 0), self.scalars) * clock
            for index in self.entries(law["open"], factors):
                at = [tuple(index[i] for i in f[1:]) for f in letters]
                numbers = [self.arrays[f[0]][i] for f, i in zip(letters, at, strict=True)]
                key = tuple(index[k] for k in range(len(law["open"])))
                total[key] = total.get(key, 0) + slope * prod(numbers)
                for k, (f, i) in enumerate(zip(letters, at, strict=True)):
                    total[key] += scale * moves[f[0]][i] * prod(numbers[:k] + numbers[k + 1 :])
        return not any(v % P for v in total.values())

    def motion(self) -> tuple[dict[str, dict[tuple[int, ...], int]], int]:
        """The derivatives of all letters by time, and that of the clock."""
        flow, clock, s = self.flow, self.data["clock"], self.scalars
        inverse = tick = 0  # of t
        if clock is not None:
            inverse = pow(pow(s[0], clock["root"], P), -1, P) if "root" in clock else 0
            tick = s[0] * (
                inverse * residue(Fraction(1, clock["root"])) if "root" in clock else value(clock["rate"], s)
            )
        assert "over_time" not in flow or inverse
        tau = value(flow.get("damping", flow.get("weight_decay", [])), s)
        tau = residue(flow["over_time"]) * inverse if "over_time" in flow else tau
        slopes, moves = self.slopes(), {}
        for w, _ in flow["weights"]:
            x, v = self.arrays[w], self.arrays.get(f"d{w}", {})
            place = {i: tau * x[i] + v[i] if self.momentum else x[i] for i in x}
            rate = value(flow["rates"].get(w, [["1"]]), s)
            kick = {i: -slopes[w][i] * (place[i] if w in flow["mirror"] else rate) for i in x}
            if self.momentum:
                moves[w], moves[f"d{w}"] = v, {i: kick[i] - tau * v[i] for i in x}
            else:
                moves[w] = {i: kick[i] - tau * x[i] for i in x}
        return moves, tick

    def slopes(self) -> dict[str, dict[tuple[int, ...], int]]:
        """The gradient of a loss whose gradients by phi_j are random."""
        total = {w: dict.fromkeys(self.arrays[w], 0) for w, _ in self.flow["weights"]}
        for phi in self.flow["phi"]:
            loss = self.array(phi["open"])
            for c, *factors in phi["terms"]:
                letters, scale = [f for f in factors if f[0][0] != "="], value(c, self.scalars)
                for index in self.entries(phi["open"], factors):
                    at = [tuple(index[i] for i in f[1:]) for f in letters]
                    numbers = [self.arrays[f[0]][i] for f, i in zip(letters, at, strict=True)]
                    seen = scale * loss[tuple(index[k] for k in range(len(phi["open"])))]
                    for k, (f, i) in enumerate(zip(letters, at, strict=True)):
                        if f[0] in total:
                            total[f[0]][i] = (
                                total[f[0]][i] + seen * prod(numbers[:k] + numbers[k + 1 :])
                            ) % P
        return total
