"""The laws of PyTorch modules."""

from polylaw.torch.coverage import coverage
from polylaw.torch.gradients import assert_gradients
from polylaw.torch.modules import laws
from polylaw.torch.monitor import Monitor
from polylaw.torch.optimizers import GradientReader
from polylaw.torch.passes import assert_module
from polylaw.torch.steps import assert_step_conserves

__all__ = [
    "GradientReader", "Monitor", "assert_gradients", "assert_module", "assert_step_conserves", "coverage",
    "laws",
]  # fmt: skip
