"""What a traced function computes: values, each from others by a primitive of JAX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import isfinite, prod
from typing import Any

import jax.numpy as jnp
import numpy as np

from polylaw.networks.tensors import Shape

#: Constants are computed up to so many entries; larger ones are data.
_LARGEST = 1 << 16


@dataclass(eq=False)
class Item:
    """A value; `moving` ones are computed from parameters in a way that derivatives see."""

    #: The primitive that computes it, `parameter`, or nothing for data and constants.
    op: str
    shape: Shape
    inputs: tuple[Item, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    moving: bool = False
    #: What it is called in reports; the name of a parameter.
    what: str = ""
    #: Computes it from its inputs, where that can be done now.
    compute: Callable[..., Any] | None = None
    #: The value that it is where data says so; elsewhere it is minus infinity.
    above: Item | None = None

    @cached_property
    def array(self) -> Any:
        """A constant as an array, None for all that depends on parameters or inputs."""
        if self.moving or self.compute is None:
            return None
        arrays = [x.array for x in self.inputs]
        if any(x is None for x in arrays):
            return None
        if self.op == "broadcast_in_dim" and self.inputs[0].shape == ():
            return np.broadcast_to(arrays[0], self.shape)
        if prod(self.shape) > _LARGEST:
            return None
        return self.compute(*arrays)

    @property
    def _numbers(self) -> np.ndarray[Any, Any] | None:
        """The same for one that consists of real numbers, or of truth values."""
        array = self.array
        if array is None:
            return None
        dtype = jnp.result_type(array)
        kinds = (np.bool_, np.integer, np.floating)
        real = any(jnp.issubdtype(dtype, kind) for kind in kinds)
        return np.asarray(array) if real else None

    @cached_property
    def uniform(self) -> float | None:
        """The number that all entries of a constant are."""
        array = self._numbers
        if array is None or not array.size:
            return None
        first = array[(0,) * array.ndim]
        return float(first) if not any(array.strides) or (array == first).all() else None

    @property
    def number(self) -> Fraction | None:
        """The same, exactly, if it is finite."""
        value = self.uniform
        return Fraction(value) if value is not None and isfinite(value) else None

    @property
    def adds_up(self) -> dict[int, int]:
        """What the entries of a constant add up to along axes: 0 or 1, where that is so everywhere."""
        array = self._numbers
        if array is None or not np.issubdtype(array.dtype, np.floating):
            return {}
        sums = {axis: np.asarray(array.sum(axis)) for axis in range(array.ndim)}
        return {axis: n for axis, found in sums.items() for n in (0, 1) if (found == n).all()}

    @property
    def is_zero(self) -> bool:
        """Whether it is a constant that is 0 everywhere."""
        return self.uniform == 0


def constant(value: Any) -> Item:
    """A constant."""
    return Item("", tuple(np.shape(value)), compute=lambda: value)
