"""The laws of PyTorch modules."""

from polylaw.torch.gradients import assert_gradients
from polylaw.torch.modules import laws

__all__ = ["assert_gradients", "laws"]
