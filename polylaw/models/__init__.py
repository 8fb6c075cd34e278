"""The zoo: `polylaw.models.linear(2, 3, 2)`, one file per family, and `model_from_spec("linear:2,3,2")`."""

from polylaw.models.family import FAMILIES, Family, model_from_spec
from polylaw.models.linear import factorization, linear, lora
from polylaw.models.model import Model
from polylaw.models.relu import leaky_relu, relu

__all__ = ["FAMILIES", "Family", "Model", "factorization", "leaky_relu", "linear", "lora", "model_from_spec", "relu"]
