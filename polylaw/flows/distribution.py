"""What every flow becomes: polynomial vector fields that a conservation law must annihilate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from polylaw.algebra.polynomial import Monomial, Polynomial
from polylaw.algebra.rationals import Coefficient, content
from polylaw.algebra.ring import Ring
from polylaw.frozen import Frozen


@dataclass(frozen=True)
class Field:
    """The vector field sum_k components[k] d/dx_k on a ring, with integer coefficients.

    Scaling a field by a nonzero constant changes no law, so fields are kept primitive.  A `steady` field is
    there whatever the loss (drift, decay, an ODE's right-hand side); the others come with coefficients that
    the loss decides.  Equality is that of vector fields: names make no difference.
    """

    name: str = field(compare=False)
    components: Mapping[int, Polynomial]
    steady: bool = False
    #: What the field as it was given is, divided by this one.
    content: Coefficient = field(default=1, compare=False)
    #: The number, from 0, of the component of phi whose gradient moves the field, if one does.
    output: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "components", Frozen(self.components))

    def __call__(self, h: Polynomial) -> Polynomial:
        """The derivative X h, exactly."""
        parts = [p * self.components[k] for k, p in h.gradient().items() if k in self.components]
        return Polynomial.sum(h.ring, parts)

    @staticmethod
    def primitive(
        name: str, components: Mapping[int, Polynomial], *, steady: bool = False, output: int | None = None
    ) -> Field:
        """The field divided by its rational content; zero components are dropped."""
        kept = {k: p for k, p in sorted(components.items()) if p}
        scale = content(c for p in kept.values() for c in p.terms.values()) if kept else 1
        if scale != 1:
            kept = {k: p / scale for k, p in kept.items()}
        return Field(name, kept, steady, scale, output)

    def bracket(self, other: Field) -> Field:
        """The Lie bracket [X, Y] = DX.Y - DY.X of this field X and another one Y."""
        parts = {k: other(p) for k, p in self.components.items()}
        for k, p in other.components.items():
            parts[k] = parts[k] - self(p) if k in parts else -self(p)
        return Field(f"[{self.name}, {other.name}]", {k: p for k, p in sorted(parts.items()) if p})

    def terms(self) -> Iterable[tuple[int, int, Monomial]]:
        """(moved generator, integer coefficient, monomial) for every term of the field."""
        for k, p in self.components.items():
            for monomial, c in p.terms.items():
                yield k, int(c), monomial


class Change(Enum):
    """How fields differ from the flow as given, which changes no law: words that say so begin with these."""

    CLEARED = "denominators cleared"
    RESCALED = "time rescaled"
    MULTIPLIED = "the drift was multiplied by t"


@dataclass(frozen=True)
class Step:
    """A change of the fields and its details in words; or words alone, of what the model is restricted to."""

    words: str
    change: Change | None = None

    def __str__(self) -> str:
        return self.words if self.change is None else self.change.value + self.words


@dataclass(frozen=True)
class Distribution:
    """Fields on a state ring; h is a conservation law iff X h = 0 for every field X.

    `record` has the model's notes, and how the fields differ from the flow as given.
    """

    ring: Ring
    fields: tuple[Field, ...]
    record: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def steps(self) -> tuple[str, ...]:
        """The record in words."""
        return tuple(map(str, self.record))

    def residuals(self, h: Polynomial) -> dict[str, Polynomial]:
        """The nonzero X h by field name; empty exactly when h is a law."""
        return {field.name: r for field in self.fields if (r := field(h))}
