"""A jaxpr as items: calls inlined, short scans unrolled, branches chosen by data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax.extend import core

from polylaw.jax.items import Item, constant
from polylaw.jax.rewriting import Items
from polylaw.networks.tensors import Shape

#: Primitives that call a function, which is the first of these settings that they have.
_CALLS = (
    "jit", "pjit", "closed_call", "core_call", "remat", "remat2", "checkpoint", "custom_jvp_call",
    "custom_vjp_call", "custom_vjp_call_jaxpr",
)  # fmt: skip
_CALLED = ("jaxpr", "call_jaxpr", "fun_jaxpr")
#: Primitives of which the derivative is 0, or taken to be.
_STILL = ("stop_gradient", "sign", "floor", "ceil", "round", "iota")
_SAME = (
    "copy", "copy_p", "convert_element_type", "reduce_precision", "optimization_barrier", "name",
    "sharding_constraint", "pvary", "device_put", "real",
)  # fmt: skip
#: What is not computed while a function is traced, even if it could be.
_DATA = ("scan", "while", "cond", "threefry2x32", "rng_bit_generator")
#: Scans are unrolled up to so many steps.
LONGEST = 64


class Trace:
    """Runs jaxprs on items."""

    def __init__(self) -> None:
        self.items = Items()

    def run(self, closed: Any, arguments: Sequence[Item]) -> list[Item]:
        """The results of a jaxpr."""
        inner = getattr(closed, "jaxpr", closed)
        values: dict[Any, Item] = dict(zip(inner.invars, arguments, strict=True))
        for var, value in zip(inner.constvars, getattr(closed, "consts", ()), strict=True):
            values[var] = constant(value)

        def read(atom: Any) -> Item:
            return constant(atom.val) if isinstance(atom, core.Literal) else values[atom]

        for eqn in inner.eqns:
            found = self._equation(eqn, [read(atom) for atom in eqn.invars])
            values.update(zip(eqn.outvars, found, strict=True))
        return [read(atom) for atom in inner.outvars]

    def _equation(self, eqn: Any, inputs: list[Item]) -> list[Item]:
        name = eqn.primitive.name
        if name in _CALLS:
            called = next(eqn.params[key] for key in _CALLED if key in eqn.params)
            return self.run(called, inputs)
        if name in _STILL or not any(x.moving for x in inputs):
            return [self._still(eqn, inputs, k) for k in range(len(eqn.outvars))]
        if name == "scan" and eqn.params["length"] <= LONGEST:
            return self._scan(eqn, inputs)
        if name == "cond":
            return self._branches(eqn, inputs)
        return [self._moving(eqn, inputs, k) for k in range(len(eqn.outvars))]

    @staticmethod
    def _still(eqn: Any, inputs: list[Item], k: int) -> Item:
        def compute(*arrays: Any) -> Any:
            found = eqn.primitive.bind(*arrays, **eqn.params)
            return found[k] if eqn.primitive.multiple_results else found

        name = eqn.primitive.name
        is_data = name in _DATA or name.startswith("random_")
        shape = _shape(eqn.outvars[k])
        return Item(name, shape, tuple(inputs), eqn.params, compute=None if is_data else compute)

    def _moving(self, eqn: Any, inputs: list[Item], k: int) -> Item:
        name, var = eqn.primitive.name, eqn.outvars[k]
        if not jnp.issubdtype(var.aval.dtype, np.inexact):
            return Item(name, _shape(var))
        stack = str(getattr(eqn.source_info, "name_stack", ""))
        what = f"{stack}/{name}" if stack else name
        if jnp.issubdtype(var.aval.dtype, np.complexfloating):
            return self.items.written(
                "opaque", inputs, _shape(var), what, {"reason": f"{name}: complex numbers"}
            )
        if name in _SAME and inputs[k].moving and inputs[k].shape == _shape(var):
            return inputs[k]
        return self.items.add(name, inputs, _shape(var), what, {**eqn.params, "index": k})

    def _scan(self, eqn: Any, inputs: list[Item]) -> list[Item]:
        """The steps one after the other."""
        p = eqn.params
        fixed, carried = p["num_consts"], p["num_consts"] + p["num_carry"]
        consts, carry, rows = inputs[:fixed], inputs[fixed:carried], inputs[carried:]
        steps: list[list[Item]] = []
        order = range(p["length"])
        for k in reversed(order) if p["reverse"] else order:
            found = self.run(p["jaxpr"], [*consts, *carry, *(self._row(x, k) for x in rows)])
            carry = found[: p["num_carry"]]
            steps.append(found[p["num_carry"] :])
        if p["reverse"]:
            steps.reverse()
        return [*carry, *(self._stacked(list(made)) for made in zip(*steps, strict=True))]

    def _row(self, x: Item, k: int) -> Item:
        """One index of the first axis."""
        shape = x.shape[1:]
        if x.moving:
            return self.items.written("row", [x], shape, "scan", {"row": k})
        return Item("row", shape, (x,), compute=lambda array: array[k])

    def _stacked(self, made: list[Item]) -> Item:
        """Along a new first axis."""
        shape = (len(made), *made[0].shape)
        if any(x.moving for x in made):
            return self.items.written("stack", made, shape, "scan", {})
        return Item("stack", shape, tuple(made), compute=lambda *arrays: np.stack(arrays))

    def _branches(self, eqn: Any, inputs: list[Item]) -> list[Item]:
        """What one of several functions gives, as data says."""
        which, *operands = inputs
        branches = eqn.params["branches"]
        if which.array is not None:
            chosen = min(max(int(which.array), 0), len(branches) - 1)
            return self.run(branches[chosen], operands)
        found = zip(*(self.run(branch, operands) for branch in branches), strict=True)
        return [self._chosen(cases) for cases in found]

    def _chosen(self, cases: Sequence[Item]) -> Item:
        shape = cases[0].shape
        if not any(x.moving for x in cases):
            return Item("cond", shape)
        return self.items.add("select_n", [Item("cond", ()), *cases], shape, "cond", {})


def _shape(var: Any) -> Shape:
    return tuple(map(int, var.aval.shape))
