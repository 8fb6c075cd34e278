"""Numbers of laws as formulas: they are the numbers at the sizes at hand, and at others."""

from __future__ import annotations

import pytest

from polylaw.networks.laws import NetworkLaws, laws_of
from tests.networks.numbers import Program
from tests.networks.test_inference import attention, heads, linear
from tests.networks.zoo import network_of


def block(n: int, h: int, d: int, m: int, t: int) -> Program:
    """A block of h heads of d with a ReLU layer of m, between tokens with places and a head, t places."""
    p = Program()
    x = p.contract([p.fixed((3, t, n)), p.parameter("token", (n, h * d))], [(0, 1, 2), (2, 3), (0, 1, 3)])
    x = p.add([x, p.parameter("place", (t, h * d))])
    y = p.normalise(x, [2], centred=True, eps=True)
    q, k, v = (heads(p, linear(p, y, name, h * d, bias=True), h) for name in "qkv")
    x = p.add([x, linear(p, attention(p, q, k, v), "out", h * d, bias=True)])
    y = p.normalise(x, [2], centred=False, eps=False)
    x = p.add([x, linear(p, p.power(linear(p, y, "up", m, bias=True), 1), "down", h * d)])
    p.output(linear(p, p.normalise(x, [2], centred=True, eps=False), "head", n), 2)
    return p


def ring(n: int) -> Program:
    """Three tensors in a ring: of the traces of the three balances one follows."""
    p = Program()
    tensors = [p.parameter(name, (n, n, n)) for name in "abc"]
    p.output(p.contract(tensors, [(10, 0, 11), (11, 1, 12), (12, 2, 10), (0, 1, 2)]))
    return p


#: How a network is made from its widths; widths, and others.
CASES = {
    "linear": (lambda a, b, c: network_of(f"linear:{a},{b},{c}"), (2, 3, 4), (3, 8, 7)),
    "low rank": (lambda a, b, c: network_of(f"linear:{a},{b},{c}"), (2, 8, 3), (3, 13, 4)),
    "relu": (lambda a, b, c: network_of(f"relu:{a},{b},{c}?bias=true"), (2, 3, 4), (6, 8, 7)),
    "residual": (lambda a, b: network_of(f"residual:{a},{b},{a}?bias=true"), (2, 3), (6, 4)),
    "gated": (lambda a, b, c: network_of(f"gated:{a},{b},{c}"), (2, 3, 4), (6, 7, 8)),
    "softmax": (lambda a, b: network_of(f"softmax:{a},{b}"), (2, 3), (4, 8)),
    "normalized": (lambda a, b: network_of(f"normalized:{a},{b}"), (2, 3), (4, 8)),
    "attention": (lambda a, b: network_of(f"attention:d1={a},dim={b},heads=2"), (3, 7), (4, 8)),
    "block": (block, (11, 2, 3, 13, 5), (23, 3, 4, 31, 7)),
    "block of one head": (block, (11, 1, 3, 13, 5), (23, 1, 4, 31, 7)),
    "ring": (ring, (2,), (4,)),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("momentum", [False, True])
def test_a_formula_holds_at_other_widths(name: str, momentum: bool) -> None:
    made, widths, others = CASES[name]
    one, two = laws_of(made(*widths)), laws_of(made(*others))
    assert _numbers(one, momentum) == [law.formula(momentum=momentum)(one.lengths) for law in one.laws]
    elsewhere = dict(zip(widths, others, strict=True))
    if "block" in name:  # the width of the stream, by heads
        elsewhere[widths[1] * widths[2]] = others[1] * others[2]
    lengths = {letter: elsewhere.get(n, n) for letter, n in one.lengths.items()}
    formulas = [law.formula(momentum=momentum) for law in one.laws]
    assert [formula(lengths) for formula in formulas] == _numbers(two, momentum)


def _numbers(laws: NetworkLaws, momentum: bool) -> list[int]:
    return [law.count_with_momentum if momentum else law.count for law in laws.laws]


def test_a_formula_is_what_one_would_write() -> None:
    found = laws_of(block(11, 2, 3, 13, 5))
    assert (found.lengths, [str(law.formula()) for law in found.laws if law.form.value == "products"]) == (
        {"n1": 2, "n2": 3, "n3": 5, "n4": 6, "n5": 11, "n6": 13},
        2 * ["1/2*n1*n2^2 + 1/2*n1*n2"],
    )
    low = laws_of(CASES["low rank"][0](2, 8, 3))
    assert [str(law.formula()) for law in low.laws] == [
        "-1/2*n1^2 - n1*n2 + n1*n3 - 1/2*n2^2 + n2*n3 + 1/2*n1 + 1/2*n2"
    ]
