"""How many independent laws a family of the zoo has, as a formula in its widths."""

from __future__ import annotations

from polylaw.flows.shaped import ShapedFlow, metric_of_letters
from polylaw.models.formulas import CountFormula, Moves
from polylaw.models.shaped_zoo import Described

#: A width at which every formula is asked whether it is one for a spec with stars: even, and none of those it
#: leaves out.
_LARGE = 4


def formula_of(found: Described, flow: ShapedFlow) -> CountFormula | None:
    """The formula for the family and arguments of a described model, stars standing for any width, and for
    how it moves; None if there is none, as for any depth, other metrics, weight decay and models of one's
    own."""
    spec, moves = found.spec, Moves.GRADIENT if flow.damping is None else Moves.MOMENTUM
    usual = metric_of_letters(flow.model, None)
    if spec is None or found.any_depth or flow.weight_decay or flow.metric != usual:
        return None
    for formula in spec.family.counts:
        if formula.moves is moves and formula.count(**spec.at(_LARGE)) is not None:
            return formula
    return None
