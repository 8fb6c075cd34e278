"""One motion among all that a flow allows: a start, and a coefficient for each field.

A law must hold for every loss and every data set, that is, for arbitrary coefficients w_j(t) in
x' = X_steady(x) + sum_j w_j(t) X_j(x).  Here w_j is a polynomial in time with rational coefficients, plus,
for a loss that sees phi(theta), the polynomial -dL/dphi_j at phi(theta(t)).
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import Coefficient, rational
from polylaw.algebra.ring import Ring
from polylaw.errors import InputError
from polylaw.flows.flow import Flow
from polylaw.flows.trained import TrainedFlow


@dataclass(frozen=True)
class Drive:
    """`start`: values of all generators of the state ring (variables, clock, parameters).  `controls`: for
    each field the coefficients of w_j by powers of time (ignored for steady fields, whose coefficient is 1).
    `loss`: a polynomial in `y1`, `y2`, ..., the components of phi (None: none)."""

    flow: Flow
    start: tuple[Coefficient, ...]
    controls: tuple[tuple[Coefficient, ...], ...]
    loss: Polynomial | None = None

    def __post_init__(self) -> None:
        fields = self.flow.distribution.fields
        if len(self.start) != self.flow.ring.size:
            expected = f"{self.flow.ring.size}, one for each generator of the state ring"
            raise InputError("start", f"{len(self.start)} values", expected)
        if len(self.controls) != len(fields):
            raise InputError("controls", f"{len(self.controls)} rows", f"{len(fields)}, one for each field")
        if self.loss is not None and self.loss.ring != outputs_ring(self.flow):
            raise InputError("loss", self.loss, "a polynomial in y1, y2, ...", "outputs_ring has them")
        object.__setattr__(self, "start", tuple(rational(value, "start") for value in self.start))
        rows = tuple(tuple(rational(c, "controls") for c in row) for row in self.controls)
        object.__setattr__(self, "controls", rows)

    @property
    def moves(self) -> bool:
        """Whether the state moves at the start, the loss left out."""
        point, velocity = dict(enumerate(self.start)), dict.fromkeys(range(len(self.start)), Fraction(0))
        for field, control in zip(self.flow.distribution.fields, self.controls, strict=True):
            weight = 1 if field.steady else next(iter(control), 0)
            for g, component in field.components.items():
                velocity[g] += weight * component.at(point)
        return any(velocity.values())


def outputs_ring(flow: Flow) -> Ring:
    """The ring of losses: one variable `y1`, `y2`, ... for each component of phi."""
    if not isinstance(flow, TrainedFlow):
        raise InputError("loss", flow.title, "a flow of a model", "an ODE has no loss")
    return Ring([f"y{j}" for j in range(1, len(flow.model.phi) + 1)])


def outputs_of(drive: Drive) -> list[Polynomial]:
    """The components of phi over the state ring; `InputError` for a rational phi."""
    flow = drive.flow
    assert isinstance(flow, TrainedFlow)  # no other has a loss
    if not flow.model.is_polynomial:
        raise InputError("loss", flow.model.name, "a polynomial phi", "use controls for a rational one")
    return [component.numerator.into(flow.ring) for component in flow.model.phi]


def loss_slopes(drive: Drive) -> dict[int, Polynomial]:
    """dL/dphi_j as a polynomial in the outputs, times what the field of phi_j was divided by, by the number
    of the field; empty without a loss."""
    slopes = drive.loss.gradient() if drive.loss else {}
    fields = drive.flow.distribution.fields
    return {k: slopes[x.output] * x.content for k, x in enumerate(fields) if x.output in slopes}


def bounds_of(flow: Flow) -> list[Polynomial]:
    """Polynomials that change their sign along no motion in the flow's domain: denominators of phi, the
    clock, and each generator that divides its own derivative (the weights of a mirror flow)."""
    ring = flow.ring
    bounds = [*flow.denominators] if isinstance(flow, TrainedFlow) else []
    for g in range(ring.parameter_indices.start):
        moves = [field.components[g] for field in flow.distribution.fields if g in field.components]
        divides = all(any(k == g for k, _ in monomial) for component in moves for monomial in component.terms)
        if g == ring.clock_index or (moves and divides):
            bounds.append(ring.monomial(((g, 1),)))
    return bounds


def random_drive(
    flow: Flow, seed: int = 0, *, start: Mapping[str, Any] | None = None, order: int = 2
) -> Drive:
    """A drive with small rational numbers, the same for the same seed; `start` fixes some generators by name,
    the clock by the name `clock`.

    Clock and parameters are positive; no variable is 0, so that fields which vanish with a variable move.
    """
    draw = random.Random(f"polylaw drive {seed}")
    ring = flow.ring
    values: list[Coefficient] = []
    for g in range(ring.size):
        size = Fraction(draw.randint(1, 9), draw.randint(1, 5))
        values.append(-size if g < len(ring.variables) and draw.random() < 0.5 else size)
    for name, value in (start or {}).items():
        place = ring.clock_index if name == "clock" and ring.clock_index is not None else ring.index(name)
        values[place] = rational(value, f"start of {name}")
    controls = []
    for field in flow.distribution.fields:
        row = tuple(Fraction(draw.randint(-6, 6), draw.randint(1, 4)) for _ in range(order + 1))
        controls.append(() if field.steady else row)
    return Drive(flow, tuple(values), tuple(controls))
