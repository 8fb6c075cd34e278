"""The laws of a module along a run of training, as numbers for any logger."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from sys import intern
from typing import Any

import numpy as np
import torch

from polylaw.errors import InputError
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.values import Array, Numbers, quantity
from polylaw.steps import FAULT
from polylaw.torch.drawing import draw
from polylaw.torch.gradients import laws_and_parameters
from polylaw.torch.steps import Handed, check_rule, copies_of, handed_to, step_of


class Monitor:
    """Looks at every so-many-th step of an optimiser, and at what it does to each family of laws.

    `laws_or_example` are the `laws` of the module, or inputs of which they are derived first.  After each
    look `latest` has, for every family by its text,

        <law>/value      the root mean square of its values after the step, over all its indices
        <law>/drift      that of their change since the look before, `nan` at first
        <law>/measured   the drift in this step of the index that is worst, before weights are rounded
        <law>/predicted  what that has to be by the rule of the optimiser
        <law>/verdict    `kept`, `drifts as predicted`, `still`, `undecided`, `broken`, or `no rule`

    and the number of the step, from 1 on, as `step`.  Laws without a rule for this optimiser (most of them
    under Adam, and those that hold up to the eps of normalisations) have no prediction.  A law is broken too
    if the step did not put its parameters where the rule does.  It is a context manager; `close` ends it.

    `history` has all these, or the last so many that are to be remembered, and `plot` draws them.  A step
    that is not looked at costs nothing; a look copies parameters, gradients and momenta, and takes a time
    that goes with the number of their entries (`benchmarks/report/monitor.md`).

    >>> _ = torch.manual_seed(0)
    >>> net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2)).double()
    >>> sgd, x = torch.optim.SGD(net.parameters(), lr=0.1), torch.randn(9, 2, dtype=torch.float64)
    >>> with Monitor(net, sgd, (x,)) as monitor:
    ...     net(x).square().mean().backward()
    ...     sgd.step()
    >>> [monitor.latest[key] for key in monitor.latest if key.endswith("verdict")]
    ['drifts as predicted']
    """

    def __init__(
        self,
        module: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
        laws_or_example: NetworkLaws | Sequence[Any],
        loss: str = "any",
        *,
        every: int = 1,
        fault: float = FAULT,
        remembered: int | None = None,
    ) -> None:
        _require_count("every", every, "look at each step, or at one of so many")
        if remembered is not None:
            _require_count("remembered", remembered, "None remembers all looks")
        check_rule(optimizer)
        self.laws, self._parameters = laws_and_parameters(module, laws_or_example, loss)
        self._optimizer, self._every, self._fault = optimizer, every, fault
        self._steps = 0
        self._begun: tuple[dict[str, Numbers], dict[str, Handed]] | None = None
        self._values: list[Array] = []
        self._names = [str(law) for law in self.laws.laws]
        self.latest: dict[str, float | str] = {}
        self.history: deque[dict[str, float | str]] = deque(maxlen=remembered)
        self._hooks = [
            optimizer.register_step_pre_hook(lambda *_: self._begin()),
            optimizer.register_step_post_hook(lambda *_: self._end()),
        ]

    def __enter__(self) -> Monitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Look no more."""
        for hook in self._hooks:
            hook.remove()

    def _begin(self) -> None:
        self._steps += 1
        if (self._steps - 1) % self._every == 0:
            self._begun = copies_of(self._parameters), handed_to(self._optimizer, self._parameters)

    def _end(self) -> None:
        if self._begun is None:
            return
        step, self._begun = step_of(self._parameters, *self._begun), None
        reports, misplaced = step.reports(self.laws, self._fault), step.misplaced()
        values = [quantity(law, step.after) for law in self.laws.laws]
        self.latest = {"step": self._steps}
        for k, law in enumerate(self.laws.laws):
            found: dict[str, float | str] = {"value": _rms(values[k]), "verdict": "no rule"}
            found["drift"] = _rms(values[k] - self._values[k]) if self._values else float("nan")
            report = reports.get(law)
            if report is not None:
                found |= {
                    "measured": report.measured,
                    "predicted": report.predicted,
                    "verdict": report.verdict,
                }
                if any(piece.view.name in misplaced for piece in law.pieces):
                    found["verdict"] = "broken"
            self.latest |= {intern(f"{self._names[k]}/{key}"): value for key, value in found.items()}
        self._values = values
        self.history.append(self.latest)

    def plot(self, path_or_axes: Any = None, *, most: int = 8) -> Any:
        """Draw for each family what was measured and what was predicted in the steps of the history.

        Of more than `most` families those of the largest drift are shown, and the title says so.  It goes to
        the axes of matplotlib, or to the file, that are given, else to axes of a new figure, and returns the
        axes.  Raises `InputError` without matplotlib, and where nothing was predicted yet.
        """
        return draw(self.history, path_or_axes, most)


def _require_count(name: str, value: object, hint: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(name, value, "an integer >= 1", hint)


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2))) if values.size else 0.0
