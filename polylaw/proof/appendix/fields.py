"""The vector fields of a certificate, in its numbering, with the names an appendix gives them.

Fields are those of the definition: X_j = M grad phi_j for component j of the map, X_0 for what moves without
a loss, or X alone for a differential equation.  Where the definition has denominators or 1/t, the field is
multiplied by them.
"""

from __future__ import annotations

from collections.abc import Mapping

from polylaw.algebra.polynomial import Polynomial
from polylaw.flows.motion import Components
from polylaw.proof.appendix.document import Formula, Symbol
from polylaw.proof.appendix.names import Names
from polylaw.proof.system import System


class Fields:
    """The nonzero fields of a certificate and their symbols; brackets follow them in its numbering."""

    def __init__(self, system: System, names: Names) -> None:
        self.names, self.system, self.motion = names, system, system.motion
        steady = names.numbered("field", 0) if names.kind.trained else names["field"]
        kicks = [(names.numbered("field", j), kick) for j, kick in enumerate(self.motion.kicks, 1)]
        kept = {s: components for s, components in [*kicks, (steady, self.motion.drift)] if components}
        self.symbols: list[Symbol] = [*kept]
        self.components: list[Components] = [*kept.values()]

    def element(self, number: int) -> Formula:
        """The symbol of a field or, after all fields, of a bracket."""
        if number < len(self.symbols):
            return self.symbols[number]
        return self.names.numbered("bracket", number - len(self.symbols) + 1)

    def products(self, field: int, gradient: Mapping[int, Polynomial]) -> list[tuple[Polynomial, Polynomial]]:
        """The nonzero products whose sum is the derivative along a field, of what has this gradient."""
        components = self.components[field]
        return [(gradient[k], components[k]) for k in sorted(gradient.keys() & components.keys())]
