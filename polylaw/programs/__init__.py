"""Networks as straight-line programs with roots, exponentials and logarithms, counted mod a prime."""

from polylaw.programs.program import Program, program
from polylaw.programs.trace import (
    Array,
    concatenate,
    einsum,
    exp,
    gelu,
    gelu_tanh,
    layer_norm,
    leaky_relu,
    log,
    relu,
    rms_norm,
    sigmoid,
    silu,
    softmax,
    softplus,
    sqrt,
    tanh,
)

__all__ = [
    "Array", "Program", "concatenate", "einsum", "exp", "gelu", "gelu_tanh", "layer_norm", "leaky_relu",
    "log", "program", "relu", "rms_norm", "sigmoid", "silu", "softmax", "softplus", "sqrt", "tanh",
]  # fmt: skip
