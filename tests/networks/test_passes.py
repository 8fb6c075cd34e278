"""One call, one backward pass: `assert_module`, and the fixture."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from polylaw.torch import assert_module  # noqa: E402
from tests.networks.faults import VISIBLE, Fault  # noqa: E402
from tests.networks.nets import NETS, Calls  # noqa: E402
from tests.networks.runs import generic, source  # noqa: E402

#: A branch that is detached in the forward pass is part of what the module is, so that its laws know of it.
DETACHED = ("one head of queries detached", "tie undone: the head only", "tie undone: the embedding only")


@pytest.mark.slow
@pytest.mark.parametrize("fault", [f for f in VISIBLE if f.is_planted], ids=str)
def test_laws_of_a_module_with_wrong_functions_are_those_of_the_forward_pass(fault: Fault) -> None:
    """No module without the fault is needed: torch.export sees what a custom function computes."""
    net = NETS[fault.net]
    module = generic(net, 0).double()
    fault.plant(module)
    if fault.what in DETACHED:
        assert assert_module(module, (net.data(source(0)),), net.loss).telling
        return
    with pytest.raises(AssertionError, match=r"the identity of|no gradient of attn.k"):
        assert_module(module, (net.data(source(0)),), net.loss)


class Two(nn.Module):
    """Several outputs, one of them a mask, and one that no parameter moves."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(3, 20), nn.Linear(20, 2)

    def forward(self, x: torch.Tensor) -> dict[str, Any]:
        y = torch.relu(self.one(x))
        return {"all": (self.two(y), [self.two(2 * y), x]), "mask": x > 0}


def test_gradients_and_random_numbers_stay() -> None:
    torch.manual_seed(0)
    net, x = Two(), torch.randn(9, 3)
    net.one.weight.grad = torch.ones(20, 3)
    torch.manual_seed(1)
    following = torch.rand(1)
    torch.manual_seed(1)
    assert assert_module(net, (x,), up_to_eps=0.1, unused=()).telling
    assert torch.rand(1) == following
    assert torch.equal(net.one.weight.grad, torch.ones(20, 3))
    assert net.two.weight.grad is None


def test_no_output_depends_on_a_parameter() -> None:
    module = Calls(torch.relu)
    module.weight = nn.Parameter(torch.ones(3))
    with pytest.raises(AssertionError, match="no output depends on a parameter"):
        assert_module(module, (torch.ones(3),))


def test_the_fixture(law_checker: Any) -> None:
    torch.manual_seed(0)
    net, x = nn.Sequential(nn.Linear(3, 20), nn.ReLU(), nn.Linear(20, 2)), torch.randn(50, 3)
    law_checker.module(net, (x,), "cross-entropy")
    net(x).square().sum().backward()
    law_checker.gradients(net, (x,))
    net[0].weight.grad *= 2
    with pytest.raises(AssertionError, match="the identity of"):
        law_checker.gradients(net, (x,))
    one, two, three = law_checker.entries
    assert (one["kind"], one["holds"], one["allowed"]) == ("gradients", True, 1.0)
    assert one["what"] == "Sequential: 41 of 41 identities tell something"
    assert 0 <= one["measured"] < two["measured"] + 0.1 < 0.2
    assert (three["what"], three["verdict"], three["holds"]) == ("Sequential", "break an identity", False)


def test_the_fixture_does_not_load_torch() -> None:
    code = (
        "import sys, _polylaw_pytest_plugin, polylaw.testing.law_checker; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
