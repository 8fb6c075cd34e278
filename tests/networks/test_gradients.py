"""Backward passes that are wrong are refused; those that no identity can see are known; nothing passes
because nothing was tested."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from polylaw.networks.gradients import Findings  # noqa: E402
from polylaw.networks.laws import NetworkLaws  # noqa: E402
from polylaw.torch import assert_gradients, laws  # noqa: E402
from tests.networks.faults import INVISIBLE, LOST_IN_BFLOAT16, VISIBLE, Fault  # noqa: E402
from tests.networks.nets import NETS  # noqa: E402
from tests.networks.runs import BFLOAT16, FLOAT32, FLOAT64, backward_of, generic, laws_of  # noqa: E402


def found(fault: Fault, dtype: torch.dtype, seed: int = 0) -> Findings:
    """What the check says of a network with this fault."""
    net = NETS[fault.net]
    module = generic(net, seed).to(dtype)
    fault.plant(module)
    fault.run(module, backward_of(net, module, seed))
    return assert_gradients(module, laws_of(fault.net))


# -- faults ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("dtype", [FLOAT64, FLOAT32], ids=["float64", "float32"])
@pytest.mark.parametrize("fault", VISIBLE, ids=str)
def test_a_fault_is_refused(fault: Fault, dtype: torch.dtype) -> None:
    with pytest.raises(AssertionError, match=r"the identity of .* allowed|no gradient of attn.k"):
        found(fault, dtype)


@pytest.mark.slow
@pytest.mark.parametrize("fault", VISIBLE, ids=str)
def test_a_fault_is_refused_wherever_it_is_tried(fault: Fault) -> None:
    """Also in bfloat16, unless it is smaller than what rounding does there."""

    def refused(dtype: torch.dtype, seed: int) -> bool:
        try:
            found(fault, dtype, seed)
        except AssertionError:
            return True
        return False

    assert all(refused(dtype, seed) for dtype in (FLOAT64, FLOAT32) for seed in range(1, 4))
    assert all(refused(BFLOAT16, seed) for seed in range(3)) == (str(fault) not in LOST_IN_BFLOAT16)


@pytest.mark.parametrize("fault", INVISIBLE, ids=str)
def test_what_no_identity_can_see(fault: Fault) -> None:
    assert fault.why_invisible
    for dtype in (FLOAT64, FLOAT32, BFLOAT16):
        assert found(fault, dtype).telling


def test_there_are_faults_enough() -> None:
    assert len({str(fault) for fault in VISIBLE}) == len(VISIBLE) >= 40
    assert {str(fault) for fault in VISIBLE} > LOST_IN_BFLOAT16


@pytest.mark.parametrize("name", NETS)
def test_no_fault_is_seen_where_there_is_none(name: str) -> None:
    for dtype in (FLOAT64, FLOAT32, BFLOAT16):
        assert 0 <= found(Fault("none", name), dtype).largest < 0.3


@pytest.mark.parametrize("name", NETS)
def test_three_per_cent_of_any_parameter_that_is_seen(name: str) -> None:
    """In float32: errors of that size, of gradients or where they are 0 of those beside them.  What is in one
    number only is not seen if errors happen to add up to little; so one of three tries has to be refused."""
    net, known = NETS[name], laws_of(name)
    module = generic(net, 0)
    backward_of(net, module, 0)(0)
    seen = {*known.shapes} - {*assert_gradients(module, known).unseen}
    assert seen
    still = {view.name for view in known.frozen}
    for parameter in seen:
        p = module.get_parameter(parameter)
        right, beside = p.grad, module.get_parameter(parameter.replace("bias", "weight")).grad
        size = (beside if parameter in still else right).square().mean().sqrt()
        refused = 0
        for _ in range(3):
            p.grad = right + 0.03 * size * torch.randn(p.shape)
            refused += _refused(module, known)
        assert refused, parameter
        p.grad = right


def _refused(module: nn.Module, known: NetworkLaws) -> bool:
    try:
        assert_gradients(module, known)
    except AssertionError:
        return True
    return False


# -- what is said ----------------------------------------------------------------------------------
def net_and_laws() -> tuple[nn.Module, object]:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    return net, laws(net, (torch.zeros(5, 3),))
