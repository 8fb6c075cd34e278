"""Laws checked along trajectories and training steps, for test suites and continuous integration.

    exact       `exact_change`, `modular_change`: Taylor series over Q or mod p, no tolerance
    rigorous    `enclosures`: balls that contain the true solution, so that disjoint values refute a law
    floating    `trajectory`, `drift_of`: fixed and adaptive steps; what is allowed follows from the method
                and the law's terms
    steps       `step_report` with a rule (`Descent`, `HeavyBall`, ...): what one training step must do to a
                law, exactly
    assertions  `assert_law`, `assert_conserved`, `assert_step_conserves`, `assert_no_law`, `assert_count`
    strategies  Hypothesis strategies for models, flows, motions and laws

Names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from polylaw.steps import StepReport
    from polylaw.testing.assertions import (
        assert_conserved,
        assert_count,
        assert_law,
        assert_no_law,
        assert_step_conserves,
    )
    from polylaw.testing.drift import Drift, drift_of
    from polylaw.testing.drive import Drive, random_drive
    from polylaw.testing.floating import Trajectory, trajectory
    from polylaw.testing.rigorous import EnclosedDrift, Enclosure, enclosed_drift, enclosures, law_enclosure
    from polylaw.testing.rules import Descent, HeavyBall, Nesterov, NesterovAhead
    from polylaw.testing.series import Change, exact_change, modular_change
    from polylaw.testing.steps import step_report
    from polylaw.testing.strategies import (
        drives,
        laws,
        linear_networks,
        losses,
        models,
        polynomial_maps,
        polynomial_odes,
        rational_points,
        relu_networks,
        trajectories,
    )

#: The module of each name.
_HOMES = {
    name: home
    for home, names in {
        "assertions": "assert_conserved assert_count assert_law assert_no_law assert_step_conserves",
        "drift": "Drift drift_of",
        "drive": "Drive random_drive",
        "floating": "Trajectory trajectory",
        "rigorous": "EnclosedDrift Enclosure enclosed_drift enclosures law_enclosure",
        "rules": "Descent HeavyBall Nesterov NesterovAhead",
        "series": "Change exact_change modular_change",
        "steps": "StepReport step_report",
        "strategies": "drives laws linear_networks losses models polynomial_maps polynomial_odes "
        "rational_points relu_networks trajectories",
    }.items()
    for name in names.split()
}

__all__ = [
    "Change", "Descent", "Drift", "Drive", "EnclosedDrift", "Enclosure", "HeavyBall", "Nesterov",
    "NesterovAhead", "StepReport", "Trajectory", "assert_conserved", "assert_count", "assert_law",
    "assert_no_law", "assert_step_conserves", "drift_of", "drives", "enclosed_drift", "enclosures",
    "exact_change", "law_enclosure", "laws", "linear_networks", "losses", "models", "modular_change",
    "polynomial_maps", "polynomial_odes", "random_drive", "rational_points", "relu_networks", "step_report",
    "trajectories", "trajectory",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'polylaw.testing' has no attribute {name!r}")
    value = getattr(import_module(f"polylaw.testing.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
