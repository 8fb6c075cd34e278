"""The laws of PyTorch modules."""

from polylaw.torch.gradients import assert_gradients
from polylaw.torch.modules import laws
from polylaw.torch.monitor import Monitor
from polylaw.torch.steps import assert_step_conserves

__all__ = ["Monitor", "assert_gradients", "assert_step_conserves", "laws"]
