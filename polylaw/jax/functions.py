"""The laws of a function of parameters and data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from polylaw.budget import Budget
from polylaw.errors import InputError, UnknownNameError
from polylaw.jax import arithmetic, contractions, reductions, views  # noqa: F401  (they say what they translate)
from polylaw.jax.items import Item
from polylaw.jax.tracing import Trace
from polylaw.jax.translation import Translation
from polylaw.networks.laws import NetworkLaws, laws_of
from polylaw.networks.loss import LOSSES

#: What tracing says of a function that it cannot trace is told up to so many characters.
_LONGEST = 300


def laws(
    f: Callable[..., Any], params: Any, *inputs: Any, loss: str = "any", budget: Budget | None = None
) -> NetworkLaws:
    """The laws of a function f(params, *inputs), for all parameters, data and losses.

    `params` is any pytree, whose floating-point leaves are the parameters, named by their paths; leaves that
    are one array are one parameter.  Of `params` and `inputs` only shapes and dtypes matter, so that leaves
    may be `jax.ShapeDtypeStruct`s.  What f closes over is data.  `loss` is `any` function of all real
    outputs, `mse`, or `cross-entropy`, which does not see a constant added to the last axis of an output.

    The laws are those of what f computes: custom derivatives are taken to be its derivatives.  Raises
    `InputError` for a function that cannot be traced, `BudgetError`.

    >>> def net(params, x):
    ...     return jax.nn.relu(x @ params["in"] + params["b"]) @ params["out"]
    >>> params = {"in": jnp.ones((2, 3)), "b": jnp.ones(3), "out": jnp.ones((3, 2))}
    >>> found = laws(net, params, jnp.ones((5, 2)))
    >>> found.independent, str(found.laws[0])
    (3, '|in[:, i]|^2 + b[i]^2 - |out[i]|^2   (i < 3)')
    """
    return laws_of(translated(f, params, *inputs, loss=loss).graph, budget)


def translated(f: Callable[..., Any], params: Any, *inputs: Any, loss: str = "any") -> Translation:
    """The graph of a function, with what the loss does not see."""
    if loss not in LOSSES:
        raise UnknownNameError("loss", loss, f"one of {', '.join(LOSSES)}")
    closed = _traced(f, (params, *inputs))
    trace = Trace()
    parameters: dict[str, Item] = {}
    for name, leaf in named(params):
        if name is not None and name not in parameters:
            parameters[name] = trace.items.parameter(name, np.shape(leaf))
    data = (Item("", tuple(np.shape(leaf))) for leaf in jax.tree_util.tree_leaves(inputs))
    own = (parameters[name] if name is not None else Item("", np.shape(leaf)) for name, leaf in named(params))
    results = trace.run(closed, [*own, *data])
    outputs = [x for x, out in zip(results, closed.out_avals, strict=True) if x.moving and is_real(out)]
    translation = Translation()
    for value in translation.run(trace.items.all, outputs):
        LOSSES[loss](translation.graph, value)
    return translation


def named(params: Any) -> list[tuple[str | None, Any]]:
    """The leaves of a pytree, and the name of each parameter: that of its first leaf; None for what is no
    parameter, such as counters."""
    first: dict[int, str] = {}
    found: list[tuple[str | None, Any]] = []
    for path, leaf in jax.tree_util.tree_flatten_with_path(params)[0]:
        name = jax.tree_util.keystr(path, simple=True, separator=".") or "params"
        if isinstance(leaf, (jax.Array, np.ndarray)):
            name = first.setdefault(id(leaf), name)
        found.append((name if is_real(leaf) else None, leaf))
    return found


def is_real(leaf: Any) -> bool:
    """Whether it consists of real numbers that derivatives are taken by."""
    return bool(jnp.issubdtype(getattr(leaf, "dtype", None) or jnp.result_type(leaf), np.floating))


def _traced(f: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The jaxpr of a function."""
    try:
        return jax.make_jaxpr(f)(*arguments)
    except Exception as error:  # whatever the function raises, and all that tracing does
        [first, *_] = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        found = f"{getattr(f, '__name__', f)}, of which JAX says: {first.strip()[:_LONGEST]}"
        hint = "call it on the example first; branches on values of arrays have to go"
        raise InputError("function", found, "a function that jax.make_jaxpr takes", hint) from error
