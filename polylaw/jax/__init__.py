"""The laws of JAX functions of parameters."""

from polylaw.jax.functions import laws
from polylaw.jax.gradients import assert_gradients

__all__ = ["assert_gradients", "laws"]
