"""What a module was like when its laws were derived: training or evaluation, and formats of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from inspect import isfunction, unwrap

import torch

from polylaw.networks.laws import NetworkLaws


@dataclass(frozen=True)
class ModuleLaws(NetworkLaws):
    """Laws of a module; whether each of its submodules, by name, was in training mode; and the coarsest
    format in which it computes something, if that of its parameters is finer."""

    training: Mapping[str, bool]
    computed_in: torch.dtype | None


def modes_of(module: torch.nn.Module) -> dict[str, bool]:
    """Whether a module and its submodules, by name, are in training mode."""
    return {name: part.training for name, part in module.named_modules()}


def assert_same_modes(module: torch.nn.Module, known: NetworkLaws) -> None:
    """Raises `AssertionError` if a submodule that asks for its mode is in another one than its laws."""
    if not isinstance(known, ModuleLaws):
        return
    parts = dict(module.named_modules())
    other = [name for name, mode in known.training.items() if name in parts and parts[name].training != mode]
    if wrong := [name for name in other if _asks(parts[name])]:
        then, now = ("training", "evaluation") if known.training[wrong[0]] else ("evaluation", "training")
        kind, name = type(parts[wrong[0]]).__name__, f" {wrong[0]}" if wrong[0] else ""
        raise AssertionError(
            f"the laws are those of {then}, but{name} ({kind}) is in {now} mode now, where others hold: call "
            f"module.{'train' if then == 'training' else 'eval'}() before the forward pass, or derive laws "
            "in this mode"
        )


def _asks(part: torch.nn.Module) -> bool:
    """Whether the code of a module reads `self.training`."""
    return any("training" in code for code in _names(type(part)))


def _names(kind: type) -> Iterator[tuple[str, ...]]:
    """The names that each method of a kind of modules uses."""
    for above in kind.__mro__:
        if above is torch.nn.Module:
            return
        yield from (unwrap(found).__code__.co_names for found in vars(above).values() if isfunction(found))
