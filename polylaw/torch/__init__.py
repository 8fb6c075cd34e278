"""The laws of PyTorch modules."""

from polylaw.torch.gradients import assert_gradients
from polylaw.torch.modules import laws
from polylaw.torch.optimizers import GradientReader
from polylaw.torch.passes import assert_module

__all__ = ["GradientReader", "assert_gradients", "assert_module", "laws"]
