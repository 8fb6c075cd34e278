"""What every rule says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from polylaw.networks.meeting import Labels, Meeting
from polylaw.networks.mixing import Mixings
from polylaw.networks.scales import Part, Scales
from polylaw.networks.shifts import Shifts
from polylaw.networks.tensors import Block


@dataclass
class Generators:
    """The unknown generator, as the rules see it."""

    scales: Scales = field(default_factory=Scales)
    mixings: Mixings = field(default_factory=Mixings)
    shifts: Shifts = field(default_factory=Shifts)
    #: Rescalings that are absorbed up to the eps of a normalisation.
    up_to_eps: list[Part] = field(default_factory=list)

    def fix(self, block: Block) -> None:
        """The block stands still."""
        self.scales.fix(block)
        self.mixings.fix(block)


@dataclass(frozen=True)
class Rule(ABC):
    """An operation with one output.  `labels` has those of the axes of each input, then of the output; axes
    that have one label run together, and one that only inputs have is summed, or searched, over."""

    labels: tuple[Labels, ...]

    @property
    def gone(self) -> set[int]:
        """The labels that the output lacks."""
        return {label for names in self.labels[:-1] for label in names} - set(self.labels[-1])

    @abstractmethod
    def apply(self, meeting: Meeting, unknown: Generators) -> None:
        """Says how the generator of the output follows from those of the inputs, for all their values."""

    def stop(self, meeting: Meeting, unknown: Generators) -> None:
        """Nothing moves: inputs and output stand still."""
        for side in meeting.sides:
            unknown.fix(side.block)
        for side in meeting.inputs:
            unknown.shifts.forbid(side)
