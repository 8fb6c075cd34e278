"""What gradient and momentum flows of a model share: a metric, and a field for each component of phi."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import InputError
from polylaw.flows.distribution import Change, Distribution, Field, Step
from polylaw.flows.flow import Flow, checked_model
from polylaw.flows.metric import Metric, metric_of
from polylaw.flows.motion import Entry, Loss, Motion
from polylaw.frozen import Frozen
from polylaw.models.model import Model


class TrainedFlow(Flow):
    """A model and the inverse metric it is trained with."""

    def __init__(self, model: Model, metric: Any) -> None:
        self.model = checked_model(model)
        self.metric: Metric = metric_of(model, metric)
        self.title = model.name

    @property
    def made_of(self) -> Hashable:
        """The ring, the map or the program, the arrays that laws are named by, and the metric."""
        return self.ring, self.model.phi, self.model.program, Frozen(self.arrays), self.metric

    @property
    def denominators(self) -> tuple[Polynomial, ...]:
        """Those of the map."""
        found = (f.denominator.into(self.ring) for f in self.model.phi if not f.is_polynomial)
        return tuple(dict.fromkeys(found))

    @property
    def loss(self) -> Loss:
        """The map and the metric, over the state ring."""
        phi = ((f.numerator.into(self.ring), f.denominator.into(self.ring)) for f in self.model.phi)
        return phi, self.metric.entries(self.ring)

    def moved(self, motion: Motion, kick: str, drift: str, *steps: Step) -> Distribution:
        """The fields that are not 0, by these names, and how they were changed.  Raises `InputError` for a
        program, whose fields are computed, not written down."""
        if self.model.program is not None:
            hint = "programs are counted: polylaw count, polylaw.count_laws"
            raise InputError(
                "model", self.model.name, "a map that is a polynomial or a quotient of two", hint
            )
        kicks = (Field.primitive(f"{kick}[{j + 1}]", f, output=j) for j, f in enumerate(motion.kicks) if f)
        steady = [Field.primitive(drift, motion.drift, steady=True)] if motion.drift else []
        return Distribution(self.ring, (*kicks, *steady), (*self.record, *steps))

    def pushed(self) -> tuple[list[Entry], Motion]:
        """The entries M_ij of the matrix by which grad phi moves coordinate i, and the motion without a loss,
        both over the state ring."""
        raise TypeError(f"{type(self).__name__} does not say how it is pushed")

    @property
    def record(self) -> Iterator[Step]:
        """The notes of the model, and that denominators were cleared, if any had to be."""
        yield from map(Step, self.model.notes)
        rational = [j for j, component in enumerate(self.model.phi, 1) if not component.is_polynomial]
        if rational:
            which = ", ".join(map(str, rational[:6])) + (", ..." if len(rational) > 6 else "")
            how = (
                f": the fields of components {which} of phi were multiplied by the square of the "
                "denominator, a nonzero function where phi is defined, so the laws are the same"
            )
            yield Step(how, Change.CLEARED)
