"""The zoo: `polylaw.models.linear(2, 3, 2)`, one file per group of families, and
`model_from_spec("linear:2,3,2")`."""

from polylaw.models.attention import attention

from polylaw.models.linear import factorization, linear, lora  # isort: skip (the order of `polylaw models`)
from polylaw.models.convolution import conv
from polylaw.models.data import on_data
from polylaw.models.family import FAMILIES, Family
from polylaw.models.gated import gated, swiglu
from polylaw.models.homogeneous import homogeneous
from polylaw.models.invariant import normalized, softmax
from polylaw.models.maps import from_map, from_text
from polylaw.models.model import Model
from polylaw.models.nonnegative import icnn, nmf
from polylaw.models.relu import leaky_relu, relu
from polylaw.models.relu_regions import relu_regions
from polylaw.models.residual import residual
from polylaw.models.spec import Spec, model_from_spec
from polylaw.models.tensors import cp, elementwise, tt, tucker

__all__ = [
    "FAMILIES", "Family", "Model", "Spec", "attention", "conv", "cp", "elementwise", "factorization",
    "from_map", "from_text", "gated", "homogeneous", "icnn", "leaky_relu", "linear", "lora",
    "model_from_spec", "nmf", "normalized", "on_data", "relu", "relu_regions", "residual", "softmax",
    "swiglu", "tt", "tucker",
]  # fmt: skip
