"""Inverse metrics M(theta) of a gradient flow theta' = -M(theta) grad L.

The laws are found for any square matrix M; only one that is symmetric and positive is called a metric.

Natural gradient needs no class of its own: M = F^+ with F = J^T G J (Fisher or Gauss-Newton, damped or
pseudo-inverse) maps the row space of J = d phi onto itself, so the flow moves along the same span of
grad phi_j and has exactly the laws of the Euclidean flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from polylaw.algebra.parse import parse_polynomial, symbols_in
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational
from polylaw.algebra.ring import Ring, nearest
from polylaw.errors import InputError, UnknownNameError
from polylaw.frozen import Frozen
from polylaw.lists import items, once, pairs
from polylaw.models.model import Model, entry_name, indices

METRICS = ("euclidean", "mirror", "mirror:U,V", "rates:U=2,V=b")


@dataclass(frozen=True)
class ArrayMetric:
    """An inverse metric told by the names of arrays, whatever their sizes: M is diag(theta) on those that are
    `mirrored` (None: on all), a constant on those with `rates`, and 1 on the others.

    `name` is how it was written, and makes no difference to what it is.
    """

    mirrored: tuple[str, ...] | None = ()
    rates: Mapping[str, Polynomial] = Frozen()
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not self.name:
            mirrored = "mirror" if self.mirrored is None else f"mirror:{','.join(self.mirrored)}"
            rates = "rates:" + ",".join(f"{name}={rate}" for name, rate in self.rates.items())
            parts = [mirrored] * (self.mirrored != ()) + [rates] * bool(self.rates)
            object.__setattr__(self, "name", " and ".join(parts) or "euclidean")

    @staticmethod
    def read(text: str, state: Ring) -> ArrayMetric | None:
        """`euclidean`, `mirror`, `mirror:U,V` or `rates:U=2,V=b`, symbols in rates being names that are not
        in the ring of the `state`; None for any other text."""
        kind, colon, rest = text.partition(":")
        if kind == "euclidean" and not colon:
            return ArrayMetric()
        if kind == "mirror":
            return ArrayMetric(tuple(items(rest, "metric")) if colon else None)
        return ArrayMetric.of_rates(pairs(rest, "metric", METRICS[-1]), state) if kind == "rates" else None

    @staticmethod
    def of_rates(rates: Mapping[str, Any], state: Ring) -> ArrayMetric:
        """A rate is a positive rational, or an expression in symbols, which is taken to be positive."""
        symbols = [n for r in rates.values() if isinstance(r, str) for n in symbols_in(r, "rate", state)]
        ring = Ring(state.variables, (*state.parameters, *dict.fromkeys(symbols)))
        found = {name: _positive(ring, given, f"rate of {name}") for name, given in rates.items()}
        written = ",".join(f"{name}={given}" for name, given in rates.items())
        return ArrayMetric((), Frozen(found), f"rates:{written}")

    def parameters(self, known: Sequence[str]) -> tuple[str, ...]:
        """The known parameters, and the others in the rates."""
        named = (rate.ring.name(g) for rate in self.rates.values() for g in rate.support)
        return tuple(dict.fromkeys([*known, *named]))


@dataclass(frozen=True)
class Metric:
    """An inverse metric: the square matrix M over `ring`, as its columns.

    `columns[j]` lists (i, M_ij) with M_ij nonzero.  `ring` is the model's ring, with the names of symbolic
    rates added to its parameters.  `told` is how it was told by arrays, if it was, which makes no difference
    to equality.
    """

    ring: Ring
    columns: tuple[tuple[tuple[int, Polynomial], ...], ...]
    told: ArrayMetric | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """How it was written; `matrix` if it was given as one."""
        return "matrix" if self.told is None else self.told.name

    @property
    def is_identity(self) -> bool:
        """Whether it is the Euclidean one."""
        one = self.ring.constant(1)
        return all(column == ((j, one),) for j, column in enumerate(self.columns))

    @cached_property
    def fault(self) -> str:
        """Why M is no inverse metric: it is not symmetric, or it is constant and not positive definite.
        Empty where it can be one; whether a matrix that depends on theta is positive definite depends on
        theta, as for the mirror map."""
        entries = {(i, j): m for j, column in enumerate(self.columns) for i, m in column}
        if any(entries.get((j, i)) != m for (i, j), m in entries.items()):
            return "M is not symmetric"
        columns = [[(i, m.constant_value) for i, m in column] for column in self.columns]
        rows = [{i: Fraction(v) for i, v in column if v is not None} for column in columns]
        if rows == [dict(column) for column in columns] and not _positive_definite(rows):
            return "M is not positive definite"
        return ""

    @property
    def title(self) -> str:
        """The metric in words, or how a matrix that is none enters."""
        if self.fault:
            return f"forces M grad L where {self.fault}"
        return "Euclidean" if self.name == "euclidean" else f"metric {self.name}"

    @staticmethod
    def euclidean(model: Model) -> Metric:
        """M = identity."""
        return Metric.by_arrays(model, ArrayMetric())

    @staticmethod
    def mirror(model: Model, arrays: Iterable[str] = ()) -> Metric:
        """M = diag(theta) on the named weight arrays or variables (default: all), identity on the rest.

        The mirror flow of the entropy potential (arXiv 2405.12888).
        """
        return Metric.by_arrays(model, ArrayMetric(tuple(arrays) or None))

    @staticmethod
    def rates(model: Model, rates: Mapping[str, Any]) -> Metric:
        """Layer-wise learning rates: M = rate on each named array, each once; a rate is a positive rational,
        or an expression in symbols, which is taken to be positive."""
        return Metric.by_arrays(model, ArrayMetric.of_rates(rates, model.ring))

    @staticmethod
    def by_arrays(model: Model, told: ArrayMetric) -> Metric:
        """The matrix of a metric told by weight arrays or variables of the model, each once."""

        def variables(names: Iterable[str]) -> list[str]:
            return once([v for name in names for v in _variables(model, name)], "metric")

        ring = Ring(model.ring.variables, told.parameters(model.ring.parameters))
        mirrored = model.ring.variables if told.mirrored is None else variables(told.mirrored)
        variables(told.rates)
        diagonal = {ring.index(v): ring.generator(v) for v in mirrored}
        for name, rate in told.rates.items():
            diagonal |= {ring.index(v): rate.into(ring) for v in _variables(model, name)}
        one = ring.constant(1)
        return Metric(ring, tuple(((k, diagonal.get(k, one)),) for k in range(len(ring.variables))), told)

    @staticmethod
    def matrix(model: Model, rows: Sequence[Sequence[Any]]) -> Metric:
        """Any D x D matrix of polynomials in the model's ring, given as text, numbers or `Polynomial`s;
        `fault` says whether it is no inverse metric."""
        size = model.dimension
        if len(rows) != size or any(
            isinstance(row, str) or not isinstance(row, Sequence) or len(row) != size for row in rows
        ):
            raise InputError("metric", f"{len(rows)} rows", f"a square matrix with {size} rows and columns")
        entries = [
            [_entry(model.ring, value, f"metric[{i},{j}]") for j, value in enumerate(row, 1)]
            for i, row in enumerate(rows, 1)
        ]
        columns = tuple(tuple((i, row[j]) for i, row in enumerate(entries) if row[j]) for j in range(size))
        return Metric(model.ring, columns)

    def entries(self, ring: Ring) -> list[tuple[int, int, Polynomial]]:
        """The nonzero (i, j, M_ij), over a larger ring."""
        return [(i, j, m.into(ring)) for j, column in enumerate(self.columns) for i, m in column]


def metric_of(model: Model, given: Any) -> Metric:
    """The metric meant by `given`: a `Metric`, an `ArrayMetric`, None (the model's own), a name such as
    `mirror:U` or `rates:U=2,V=b`, or a square list of rows."""
    if given is None:
        given = model.metric
    if isinstance(given, Metric):
        return given
    if isinstance(given, str):
        told = ArrayMetric.read(given, model.ring)
        if told is None:
            near = nearest(given.partition(":")[0], ["euclidean", "mirror", "rates"])
            raise UnknownNameError("metric", given, f"one of {', '.join(METRICS)}", near)
        given = told
    if isinstance(given, ArrayMetric):
        return Metric.by_arrays(model, given)
    if not isinstance(given, Sequence):
        raise InputError("metric", given, f"one of {', '.join(METRICS)}, or a matrix")
    return Metric.matrix(model, given)


def _variables(model: Model, name: str) -> list[str]:
    """The variables of a weight array, or the one variable of that name."""
    if name in model.arrays:
        return [entry_name(name, index) for index in indices(model.arrays[name])]
    if name in model.ring.variables:
        return [name]
    near = nearest(name, [*model.arrays, *model.ring.variables])
    raise UnknownNameError("metric", name, "a weight array or variable", near)


def _entry(ring: Ring, value: Any, argument: str) -> Polynomial:
    if isinstance(value, Polynomial):
        return value.into(ring)
    if isinstance(value, str):
        return parse_polynomial(ring, value, argument)
    return ring.constant(rational(value, argument))


def _positive_definite(rows: list[dict[int, Fraction]]) -> bool:
    """Whether a symmetric matrix, given by the entries of its rows that are not 0, has positive pivots."""
    for k, row in enumerate(rows):
        pivot = row.get(k, Fraction(0))
        if pivot <= 0:
            return False
        for i in (i for i in row if i > k):
            factor = row[i] / pivot
            for j in (j for j in row if j > k):
                rows[i][j] = rows[i].get(j, Fraction(0)) - factor * row[j]
    return True


def _positive(ring: Ring, value: Any, argument: str) -> Polynomial:
    rate = _entry(ring, value, argument)
    number = rate.constant_value
    if rate.degree > 0 or (number is not None and number <= 0):
        raise InputError(argument, value, "a positive constant", "use a rational number above 0 or a symbol")
    return rate
