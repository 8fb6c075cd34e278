"""Gradient flows of maps with functions in them: 1/(1 + exp(-v)), or a weight over sqrt(v1^2 + v2^2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.ring import Ring
from polylaw.budget import Budget
from polylaw.domains.elementary.derivation import Derivation
from polylaw.domains.elementary.flow import READING, ElementaryFlow, settled
from polylaw.domains.elementary.parse import parse_element
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError


class ElementaryGradientFlow(ElementaryFlow):
    """The Euclidean gradient flow of all losses of phi: the fields are the gradients of the components of
    `phi`, which are texts with functions of the `variables` and `parameters`.  Raises `ParseError`,
    `UnknownNameError`, `InputError`, `BudgetError`."""

    def __init__(
        self,
        variables: Sequence[str],
        phi: Sequence[str],
        parameters: Sequence[str] = (),
        *,
        name: str = "map",
        budget: Budget | None = None,
    ) -> None:
        if not phi:
            hint = "write what the loss sees of the weights"
            raise InputError("phi", "none", "at least one component", hint)
        self.phi = tuple(phi)
        self.ring = Ring(tuple(variables), tuple(parameters))
        self.title, self.name = name, "gradient flow"
        settled(self, lambda tower: tower, budget)  # errors come now

    def fields(self, tower: Tower, budget: Budget) -> list[tuple[str, Mapping[int, Quotient]]]:
        """The gradient of every component."""
        texts = budget.each(READING, enumerate(self.phi, 1))
        components = [parse_element(tower, text, f"phi[{i}]") for i, text in texts]
        positions, one = tower.used(*(p for component in components for p in component)), tower.constant(1)
        slopes = {k: Derivation(tower, {k: one}, positions, budget) for k in range(tower.first)}
        return [
            (f"grad phi[{i}]", {k: tower.normal(slopes[k].of(p)) for k in budget.each(READING, slopes)})
            for i, p in enumerate(components, 1)
        ]
