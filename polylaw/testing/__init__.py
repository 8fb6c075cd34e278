"""Laws checked along trajectories and training steps, for test suites and continuous integration.

    exact       `exact_change`, `modular_change`: Taylor series over Q or mod p, no tolerance
    rigorous    `enclosures`: balls that contain the true solution, so that disjoint values refute a law
    floating    `trajectory`, `drift_of`, `assert_conserved`: tolerance from the method's order and the law's terms
    steps       `step_report`, `assert_step_conserves`: what one training step must do to a law, exactly
"""

from __future__ import annotations

from polylaw.testing.assertions import (
    assert_conserved,
    assert_count,
    assert_law,
    assert_momentum_step_conserves,
    assert_no_law,
    assert_step_conserves,
)
from polylaw.testing.drive import Drive, random_drive
from polylaw.testing.floating import Drift, Trajectory, drift_of, trajectory
from polylaw.testing.rigorous import EnclosedDrift, Enclosure, enclosed_drift, enclosures, law_enclosure
from polylaw.testing.series import Change, exact_change, modular_change
from polylaw.testing.steps import StepReport, momentum_report, step_report

__all__ = [
    "Change",
    "Drift",
    "Drive",
    "EnclosedDrift",
    "Enclosure",
    "StepReport",
    "Trajectory",
    "assert_conserved",
    "assert_count",
    "assert_law",
    "assert_momentum_step_conserves",
    "assert_no_law",
    "assert_step_conserves",
    "drift_of",
    "enclosed_drift",
    "enclosures",
    "exact_change",
    "law_enclosure",
    "modular_change",
    "momentum_report",
    "random_drive",
    "step_report",
    "trajectory",
]
