"""Gradient flows of maps with functions in them: a weight normalised by sqrt(v1^2 + v2^2), a sigmoid 1/(1 +
exp(-v))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.domains.elementary.derivation import Derivation
from polylaw.domains.elementary.flow import ElementaryFlow, settled
from polylaw.domains.elementary.parse import parse_element
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError


class ElementaryGradientFlow(ElementaryFlow):
    """The Euclidean gradient flow of all losses of phi: the fields are the gradients of the components of
    `phi`, which are texts with functions of the `variables` and `parameters`.  Raises `ParseError`,
    `UnknownNameError`, `InputError`."""

    def __init__(
        self,
        variables: Sequence[str],
        phi: Sequence[str],
        parameters: Sequence[str] = (),
        *,
        name: str = "map",
    ) -> None:
        if not phi:
            raise InputError(
                "phi", "none", "at least one component", "write what the loss sees of the weights"
            )
        self.phi = tuple(phi)
        self.ring = Ring(tuple(variables), tuple(parameters))
        self.arrays: Mapping[str, tuple[int, ...]] = {}
        self.title, self.name = name, "gradient flow"
        settled(self, self.fields)  # errors come now

    def fields(self, tower: Tower) -> list[tuple[str, Mapping[int, Quotient]]]:
        """The gradient of every component."""
        components = [parse_element(tower, text, f"phi[{i}]") for i, text in enumerate(self.phi, 1)]
        positions = tower.used(*(p for component in components for p in component))
        one, budget = tower.constant(1), Budget()
        slopes = {k: Derivation(tower, {k: one}, positions, budget) for k in range(tower.first)}
        return [
            (f"grad phi[{i}]", {k: tower.normal(slope.of(component)) for k, slope in slopes.items()})
            for i, component in enumerate(components, 1)
        ]
