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

from polylaw.networks.choices import MINUS_INFINITY
from polylaw.networks.tensors import Shape

#: Arrays are looked into up to so many entries; larger ones are data.
_LARGEST = 1 << 16
#: Primitives of which the result is no minus infinity although their argument has one somewhere.
_BOUNDED = ("exp", "exp2", "logistic", "tanh", "erf", "reduce_max", "reduce_some", "is_finite")
#: Primitives that arrange entries anew, and that compute each from those at the same place.
_ARRANGING = (
    "broadcast_in_dim",
    "reshape",
    "squeeze",
    "expand_dims",
    "transpose",
    "slice",
    "tile",
    "rev",
    "copy",
)
_ENTRYWISE = (
    "add", "sub", "mul", "div", "neg", "max", "min", "sqrt", "rsqrt", "integer_pow", "pow", "square", "exp",
    "log", "convert_element_type", "stop_gradient", "select_n", "eq", "ne", "lt", "le", "gt", "ge", "and",
    "or", "not", "is_finite", "abs", "sign", "floor", "ceil", "round",
)  # fmt: skip


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
    #: The axis along which its entries add up to 0.
    centred: int | None = None
    #: Whether entries may stand for infinity, since such a constant is among what it is computed from.
    far: bool = field(init=False)

    def __post_init__(self) -> None:
        self.far = self.op not in _BOUNDED and any(x.far for x in self.inputs)
        if not self.inputs and self.array is not None and _is_real(self.array):
            self.far = bool((np.abs(np.asarray(self.array, np.float64)) >= -MINUS_INFINITY).any())

    @cached_property
    def array(self) -> Any:
        """A constant as an array, None for all that depends on parameters or inputs, or is large."""
        if self.moving or self.compute is None or prod(self.shape) > _LARGEST:
            return None
        arrays = [x.array for x in self.inputs]
        return None if any(x is None for x in arrays) else self.compute(*arrays)

    @cached_property
    def entry(self) -> Any:
        """What all entries of a constant are, as an array without axes; None for what has not one value, or
        where that is not seen at once."""
        if self.moving or self.compute is None:
            return None
        if self.inputs and self.op in _ARRANGING:
            return self.inputs[0].entry
        if self.inputs and self.op in _ENTRYWISE:
            entries = [x.entry for x in self.inputs]
            return None if any(x is None for x in entries) else self.compute(*entries)
        if self.inputs and self.shape:
            return None
        array = self.array
        if array is None or not _is_real(array):
            return None
        numbers = np.asarray(array)
        alike = numbers.size and (numbers == numbers[(0,) * numbers.ndim]).all()
        return numbers[(0,) * numbers.ndim] if alike else None

    @property
    def uniform(self) -> float | None:
        """The number that all entries of a constant are."""
        return None if self.entry is None or not _is_real(self.entry) else float(self.entry)

    @property
    def number(self) -> Fraction | None:
        """The same, exactly, if it is finite."""
        value = self.uniform
        return Fraction(value) if value is not None and isfinite(value) else None

    @property
    def is_zero(self) -> bool:
        """Whether it is a constant that is 0 everywhere."""
        return self.uniform == 0


def _is_real(array: Any) -> bool:
    """Whether it consists of real numbers, or of truth values."""
    dtype = jnp.result_type(array)
    return any(jnp.issubdtype(dtype, kind) for kind in (np.bool_, np.integer, np.floating))


def constant(value: Any) -> Item:
    """A constant."""
    return Item("", tuple(np.shape(value)), compute=lambda: value)
