"""Gradients by a pytree of parameters, checked by the identities that they obey for every loss."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from polylaw.errors import InputError
from polylaw.jax.functions import named
from polylaw.networks.gradients import Findings, Rounding, assert_identities
from polylaw.networks.laws import NetworkLaws


def assert_gradients(params: Any, gradients: Any, laws: NetworkLaws) -> Findings:
    """`gradients`, as `jax.grad` gives them, obey every identity of the function with these `laws`.

    Those of leaves that are one array are added up.  Raises `AssertionError` that names the parameters, the
    identity, and what was measured and allowed; also where nothing was tested, since all gradients are 0.
    """
    if not isinstance(laws, NetworkLaws):
        raise InputError("laws", type(laws).__name__, "the laws of the function: polylaw.jax.laws")
    leaves = named(params)
    trained = {name: leaf for name, leaf in leaves if name is not None}
    if set(trained) != set(laws.shapes):
        raise InputError(
            "laws", sorted({*laws.shapes} ^ {*trained})[:3], "laws of a function of these parameters"
        )
    structure = jax.tree_util.tree_structure(params)
    if jax.tree_util.tree_structure(gradients) != structure:
        raise InputError("gradients", "another pytree", "one like the parameters")
    added: dict[str, Any] = {}
    for (name, _), gradient in zip(leaves, jax.tree_util.tree_leaves(gradients), strict=True):
        if name is not None:
            added[name] = added[name] + array_of(gradient) if name in added else array_of(gradient)
    formats = (jnp.finfo(jnp.result_type(leaf)) for leaf in trained.values())
    coarsest = max(formats, key=lambda info: float(info.eps))
    rounding = Rounding.of(float(coarsest.eps), float(coarsest.tiny))
    return assert_identities(laws, {name: array_of(leaf) for name, leaf in trained.items()}, added, rounding)


def array_of(leaf: Any) -> np.ndarray[Any, Any]:
    """The numbers of a leaf; those of a format that numpy lacks as float32, which has them all."""
    array = np.asarray(leaf)
    return array if array.dtype in (np.float16, np.float32, np.float64) else array.astype(np.float32)
