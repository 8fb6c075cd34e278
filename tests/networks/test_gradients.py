"""Backward passes that are wrong are refused; those that no identity can see are known; nothing passes
because nothing was tested."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from polylaw.errors import InputError  # noqa: E402
from polylaw.networks.gradients import Findings  # noqa: E402
from polylaw.networks.laws import NetworkLaws  # noqa: E402
from polylaw.torch import assert_gradients, laws  # noqa: E402
from polylaw.torch.modes import ModuleLaws  # noqa: E402
from tests.helpers import mostly_slow  # noqa: E402
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
#: Networks whose laws are found at once.
SMALL = ("mlp", "weight norm", "lora")


@pytest.mark.parametrize(
    "fault", mostly_slow(VISIBLE, *(fault for fault in VISIBLE[::6] if fault.net in SMALL)), ids=str
)
def test_a_fault_is_refused(fault: Fault) -> None:
    for dtype in (FLOAT64, FLOAT32):
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


@pytest.mark.parametrize(
    "fault", mostly_slow(INVISIBLE, *(fault for fault in INVISIBLE if fault.net in SMALL)), ids=str
)
def test_what_no_identity_can_see(fault: Fault) -> None:
    assert fault.why_invisible
    for dtype in (FLOAT64, FLOAT32, BFLOAT16):
        assert found(fault, dtype).telling


def test_there_are_faults_enough() -> None:
    assert len({str(fault) for fault in VISIBLE}) == len(VISIBLE) >= 40
    assert {str(fault) for fault in VISIBLE} > LOST_IN_BFLOAT16


@pytest.mark.parametrize("name", mostly_slow(NETS, *SMALL))
def test_no_fault_is_seen_where_there_is_none(name: str) -> None:
    for dtype in (FLOAT64, FLOAT32, BFLOAT16):
        assert 0 <= found(Fault("none", name), dtype).largest < 0.3


@pytest.mark.slow
@pytest.mark.parametrize("name", NETS)
def test_three_per_cent_of_any_parameter_that_is_seen(name: str) -> None:
    """In float32: errors of that size, of gradients or where they are 0 of those beside them.  What is in one
    number only is not seen if errors happen to add up to little; so one of four tries has to be refused."""
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
        wrong = [1.03 * right, *(right + 0.03 * size * torch.randn(p.shape) for _ in range(3))]
        assert any(_refused(module, known, p, g) for g in wrong), parameter
        p.grad = right


def _refused(module: nn.Module, known: NetworkLaws, parameter: nn.Parameter, gradient: torch.Tensor) -> bool:
    parameter.grad = gradient
    try:
        assert_gradients(module, known)
    except AssertionError:
        return True
    return False


# -- what is said ----------------------------------------------------------------------------------
def made() -> tuple[nn.Module, ModuleLaws]:
    """A small network and its laws."""
    net = network()
    return net, laws_of_made()


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


@cache
def laws_of_made() -> ModuleLaws:
    return laws(network(), (torch.zeros(5, 3),))


def after_a_pass() -> tuple[nn.Module, ModuleLaws]:
    net, known = made()
    net(torch.randn(50, 3)).square().sum().backward()
    return net, known


def test_a_clean_pass() -> None:
    net, known = after_a_pass()
    found = assert_gradients(net, known)
    assert (found.checked, found.telling, found.failed, found.unseen) == (4, 4, (), ("2.bias",))
    assert assert_gradients(net, (torch.zeros(5, 3),)) == found


def test_the_message_names_parameters_identity_measured_and_allowed() -> None:
    net, known = after_a_pass()
    net[0].bias.grad *= 2
    with pytest.raises(AssertionError) as refused:
        assert_gradients(net, known)
    law = r"\|0\.W\[i\]\|\^2 \+ 0\.b\[i\]\^2 - \|2\.W\[:, i\]\|\^2   \(i < 4\)"
    names = "gradients of 0.weight, 0.bias, 2.weight: the identity of "
    number = r"\d\.?\d*(e-\d+)?"
    assert re.fullmatch(f"{names}{law} at [0-3] is {number}, allowed {number}", str(refused.value))


def test_no_gradient() -> None:
    net, known = made()
    with pytest.raises(AssertionError, match=r"no parameter has a gradient.*call backward\(\) first"):
        assert_gradients(net, known)


def test_all_gradients_0() -> None:
    net, known = after_a_pass()
    for p in net.parameters():
        p.grad.zero_()
    with pytest.raises(AssertionError, match="every gradient is 0, so nothing is tested"):
        assert_gradients(net, known)


@pytest.mark.parametrize("strange", [float("nan"), float("inf")])
def test_gradients_that_are_not_finite(strange: float) -> None:
    net, known = after_a_pass()
    net[2].weight.grad[0, 1] = strange
    with pytest.raises(AssertionError, match=r"2\.weight: a gradient that is not finite"):
        assert_gradients(net, known)


def test_a_gradient_that_is_missing() -> None:
    net, known = after_a_pass()
    net[2].bias.grad = None
    with pytest.raises(AssertionError, match=r"no gradient of 2\.bias: the backward pass did not get there"):
        assert_gradients(net, known)
    assert assert_gradients(net, known, unused=["2.bias"]).telling == 4
    net[0].bias.grad = None
    with pytest.raises(AssertionError, match="the identity of"):  # it would not be 0
        assert_gradients(net, known, unused=["0.bias", "2.bias"])
    with pytest.raises(InputError, match="unused"):
        assert_gradients(net, known, unused=["3.bias"])


def test_every_term_0() -> None:
    """An adapter begins with b = 0: then its identity, a g_a' = g_b' b, is 0 = 0."""
    module = generic(NETS["lora"], 0)
    nn.init.zeros_(module.b.weight)
    backward_of(NETS["lora"], module, 0)(0)
    with pytest.raises(AssertionError, match="every term of every identity is 0"):
        assert_gradients(module, laws_of("lora"))


def test_too_little_precision() -> None:
    net, known = after_a_pass()
    with pytest.raises(AssertionError, match="what rounding does can be as large as every identity"):
        assert_gradients(net, known, cancelled=1e7)
    with pytest.raises(AssertionError, match="as large"):
        assert_gradients(net, known, computed_in=torch.bfloat16, cancelled=100)


def test_no_identity() -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.GELU(), nn.Linear(4, 2))
    net(torch.randn(50, 3)).sum().backward()
    with pytest.raises(AssertionError, match="the module has no exact identity, so nothing is tested"):
        assert_gradients(net, (torch.zeros(5, 3),))


def test_laws_of_another_module() -> None:
    _, known = made()
    with pytest.raises(InputError, match=r"laws: found '0\.weight, 2\.weight, 2\.bias'"):
        assert_gradients(nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 3)), known)


def test_identities_up_to_eps() -> None:
    """|w|^2 before BatchNorm: what it does not project is refused, if one asks for it."""
    net = nn.Sequential(nn.Linear(4, 5, bias=False), nn.BatchNorm1d(5), nn.GELU(), nn.Linear(5, 3))
    x = torch.randn(7, 4)
    known = laws(net, (x,), "cross-entropy")
    assert [law.exact for law in known.laws].count(False) == 1
    nn.functional.cross_entropy(net(x), torch.arange(7) % 3).backward()
    checked = assert_gradients(net, known).checked
    assert assert_gradients(net, known, up_to_eps=0.01).checked == checked + 5
    net[0].weight.grad += 0.5 * net[0].weight.detach()
    assert_gradients(net, known)
    with pytest.raises(AssertionError, match=r"0\.weight"):
        assert_gradients(net, known, up_to_eps=0.01)


class Half(nn.Module):
    """A module that computes in a format of its own somewhere."""

    def __init__(self, inside: torch.dtype) -> None:
        super().__init__()
        self.one, self.two, self.inside = nn.Linear(3, 40), nn.Linear(40, 2), inside

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.two(torch.relu(self.one(x).to(self.inside)).to(x.dtype))


def test_a_format_inside_of_a_module() -> None:
    torch.manual_seed(0)
    net, x = Half(torch.float32).double(), torch.randn(50, 3, dtype=torch.float64)
    known = laws(net, (x,))
    assert known.computed_in is torch.float32
    assert laws(net.float(), (x.float(),)).computed_in is None
    assert laws(Half(torch.float64), (x.float(),)).computed_in is None
    net.double()(x).square().sum().backward()
    assert_gradients(net, known)
    with pytest.raises(AssertionError, match="the identity of"):
        assert_gradients(net, replace(known, computed_in=None))
    assert_gradients(net, replace(known, computed_in=None), computed_in=torch.float32)


# -- modes -----------------------------------------------------------------------------------------
class Noisy(nn.Module):
    """A module that asks for its mode in a method of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(3, 4), nn.Linear(4, 2)

    def hidden(self, x: torch.Tensor) -> torch.Tensor:
        return self.one(x) + self.training

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.two(torch.relu(self.hidden(x)))


@pytest.mark.parametrize(
    ("part", "where"),
    [(nn.BatchNorm1d(4), r"1 \(BatchNorm1d\)"), (nn.Dropout(0.2), r"1 \(Dropout\)"), (None, r" \(Noisy\)")],
)
def test_laws_of_the_other_mode(part: nn.Module | None, where: str) -> None:
    training = not isinstance(part, nn.Dropout)
    net = nn.Sequential(nn.Linear(3, 4), part, nn.Linear(4, 2)) if part else Noisy()
    x, known = torch.randn(5, 3), laws(net.train(training), (torch.zeros(5, 3),))
    net.train(not training)(x).square().sum().backward()
    then, now = ("training", "evaluation") if training else ("evaluation", "training")
    with pytest.raises(AssertionError, match=f"the laws are those of {then}, but.*{where} is in {now} mode"):
        assert_gradients(net, known)


def test_modes_of_modules_that_do_not_ask() -> None:
    net, known = after_a_pass()
    assert_gradients(net.eval(), known)
