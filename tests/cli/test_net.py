"""`polylaw net`: the laws of PyTorch modules."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
from polylaw.algebra.ring import Ring

NETS = """\
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.qkv, self.out = nn.LayerNorm(8), nn.Linear(8, 24), nn.Linear(8, 8)

    def forward(self, x):
        q, k, v = self.qkv(self.norm(x)).reshape(*x.shape[:2], 3, 2, 4).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return x + self.out(y.transpose(1, 2).reshape(x.shape))


def two_layers():
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)), (torch.zeros(5, 3),)


def attention():
    return nn.Sequential(Attention(), nn.LayerNorm(8), nn.Linear(8, 5)), (torch.zeros(2, 6, 8),)


class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two, self.idle = nn.Linear(3, 4), nn.Linear(4, 2), nn.Conv1d(1, 1, 5, padding=2)

    def forward(self, x):
        return self.two(torch.cumprod(self.one(x), 0)), self.idle(x[:, None, :1])


def odd():
    return Odd(), (torch.zeros(5, 3),)


def branching():
    class Net(nn.Module):
        def forward(self, x):
            return x if x.sum() > 0 else -x

    return Net(), (torch.zeros(3),)


def nothing():
    return nn.Linear(1, 1)


def raising():
    raise ValueError("no weights\\nhere")
"""

TWO_LAYERS = """\
nets:two_layers   4 parameters with 26 entries   gradient flow   loss: any
4 independent laws, for all data
in widths: n3   (n3 = 4)

  squares: 4
          4  |0.W[i]|^2 + 0.b[i]^2 - |2.W[:, i]|^2   (i < 4)
"""

ATTENTION = """\
nets:attention   10 parameters with 365 entries   gradient flow   loss: cross-entropy
82 independent laws, for all data
in widths: n1*n2^2 + 3*n1*n2 + 3*n4 + 2   (n1 = 2, n2 = 4, n4 = 8)

  entries whose gradient is 0 for every loss: 8
          8  0.qkv: b[i + 8]   (i < 8)

  matrices: 40
         20  0.qkv: W[0:8] W[0:8]' - W[8:16] W[8:16]' + b[0:8] b[0:8]' - b[8:16] b[8:16]'   (2 blocks, 4 x 4)
         20  0: qkv.W[16:24] qkv.W[16:24]' + qkv.b[16:24] qkv.b[16:24]' - out.W' out.W   (2 blocks, 4 x 4)

  squares: 16
          8  0: norm.g[i]^2 + norm.b[i]^2 - |qkv.W[0:8, i]|^2 - |qkv.W[8:16, i]|^2 - |qkv.W[16:24, i]|^2\
   (i < 8)
          8  1.g[i]^2 + 1.b[i]^2 - |2.W[:, i]|^2   (i < 8)

  sums: 18
          8  0.out: sum(W[:, i])   (i < 8)
          8  2: sum(W[:, i])   (i < 8)
          1  0.out: sum(b)
          1  2: sum(b)
"""


@pytest.fixture(autouse=True)
def nets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nets.py").write_text(NETS, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "nets", raising=False)


def test_two_layers_print_exactly_this(polylaw: Any) -> None:
    run = polylaw("net", "nets:two_layers")
    assert (run.code, run.out, run.err) == (0, TWO_LAYERS, "")


def test_attention_is_told_by_its_own_names(polylaw: Any) -> None:
    run = polylaw("net", "nets:attention", "--loss", "cross-entropy")
    assert (run.code, run.out) == (0, ATTENTION)


def test_laws_go_with_the_training(polylaw: Any) -> None:
    run = polylaw("net", "nets:two_layers", "--rates", "2.*=2", "--weight-decay", "0.*=1/5,2.weight=1/10")
    flow = "gradient flow, rates 2.*=2, weight decay 0.*=1/5, 2.weight=1/10"
    law = "exp(2/5 t) times |0.W[i]|^2 + 0.b[i]^2 - 1/2 |2.W[:, i]|^2   (i < 4)"
    assert (run.code, flow in run.out, law in run.out) == (0, True, True), run.out
    apart = polylaw("net", "nets:two_layers", "--weight-decay", "0.*=1/5")  # two speeds: not kept
    assert "\n0 independent laws" in apart.out
    momentum = polylaw("net", "nets:attention", "--flow", "momentum")
    assert "\n58 independent laws" in momentum.out, momentum.out


def test_json_has_the_laws_with_their_entries(polylaw: Any) -> None:
    run = polylaw("net", "nets:attention", "--loss", "cross-entropy", "--json")
    data = json.loads(run.out)
    assert data["independent"] == sum(law["count"] for law in data["laws"] if law["exact"])
    formula = Ring([*data["lengths"]]).parse(data["formula"])
    assert formula(data["lengths"]) == data["independent"]
    assert data["laws"][0]["formula"] == "1/2*n1*n2^2 + 1/2*n1*n2"
    assert len(data["proofs"]) == len(data["identities"])
    assert data["proofs"][0] == {"passed": {"product": 2, "sum": 2}, "ends": {"product": 1}}
    assert data["independent_up_to_eps"] == sum(law["count"] for law in data["laws"])
    assert [f["entries"] for f in data["frozen"]] == ["0.qkv.bias[8:16]"]
    [query, *_] = data["laws"]
    assert query["parameters"] == ["0.qkv.weight", "0.qkv.bias"]
    assert query["pieces"][1] == {
        "coefficient": "-1",
        "parameter": "0.qkv.weight",
        "entries": "0.qkv.weight[8:16]",
        "offset": 64,
        "sizes": [2, 4, 8],
        "strides": [32, 8, 1],
        "index": [0, 1],
    }
    identity = "0.qkv: G(W[0:8]) W[0:8]' - W[8:16] G(W[8:16])' + G(b[0:8]) b[0:8]' - b[8:16] G(b[8:16])' = 0"
    assert data["identities"][0].startswith(identity)


def test_what_is_not_known_and_what_is_not_read_is_said(polylaw: Any) -> None:
    run = polylaw("net", "nets:odd")
    assert run.code == 0
    assert "note: no rule for cumprod; laws of one.weight, one.bias can be missed" in run.out
    assert "never read by the example's shapes, which is no law of the network:\n  idle.weight[" in run.out


@pytest.mark.parametrize(
    ("factory", "words"),
    [
        ("nets", "package.module:function"),
        ("nets:missing", "has no attribute 'missing'"),
        ("absent:build", "No module named 'absent'"),
        ("nets:raising", "called; ValueError: no weights here"),
        ("broken:build", "called; SyntaxError: "),
        ("nets:nothing", "returns (module, (input, ...))"),
        ("nets:branching", "torch.export says"),
        ("nets:two_layers --loss hinge", "one of any, mse, cross-entropy"),
        ("nets:two_layers --flow newton", "gradient or momentum"),
        ("nets:two_layers --rates 3.*=2", "a pattern that fits one, such as 0.weight"),
        ("nets:two_layers --rates 0.*=-2", "a number above 0"),
        ("nets:two_layers --weight-decay 0.1 --flow momentum", "0 with momentum"),
    ],
)
def test_bad_input_is_one_line(polylaw: Any, factory: str, words: str) -> None:
    Path("broken.py").write_text("def build(:", "utf-8")
    run = polylaw("net", *factory.split())
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert run.err.count("\n") == 1


def test_without_torch_it_is_said_what_to_install(polylaw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("polylaw.torch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    Path("plain.py").write_text("def made():\n    return 1, (2,)\n", "utf-8")
    run = polylaw("net", "plain:made")
    assert (run.code, run.err.count("\n")) == (2, 1)
    assert 'pip install "polylaw[torch]"' in run.err


@pytest.mark.slow
def test_two_runs_print_the_same_bytes(process: Any) -> None:
    assert process("net", "nets:attention", "--json") == process("net", "nets:attention", "--json")


def test_a_certificate_is_written_verified_and_told(polylaw: Any) -> None:
    run = polylaw("net", "nets:attention", "--loss", "cross-entropy", "-o", "net.json")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(ATTENTION + "net.json: network   sha256 ")
    assert run.out.endswith("\nnext: polylaw verify net.json\n")
    data = json.loads(Path("net.json").read_text("utf-8"))
    assert data["model"]["title"] == "nets:attention"
    assert data["model"]["command"] == "polylaw net nets:attention --loss cross-entropy -o certificate.json"
    told = polylaw("verify", "net.json")
    assert told.code == 0
    assert "  ok       never moves: 0.qkv: b[i + 8]   (i < 8)\n" in told.out
    assert polylaw("appendix", "net.json", "-o", "net.md").code == 0
    assert "which never moves" in Path("net.md").read_text("utf-8")
    refused = polylaw("prove", "net.json", "-o", "net.v")
    assert (refused.code, refused.out, refused.err.count("\n")) == (3, "", 1)
    assert polylaw("bundle", "net.json", "-o", "folder").code == 0
    assert {p.name for p in Path("folder").iterdir()} >= {"README.md", "checker.py", "appendix.md"}


def test_a_certificate_on_standard_output_is_alone_there(polylaw: Any) -> None:
    run = polylaw("net", "nets:two_layers", "-o", "-")
    assert json.loads(run.out)["claims"] == [{"type": "network", "laws": [0]}]
    assert run.err.startswith(TWO_LAYERS)


def test_without_a_law_no_certificate_is_written(polylaw: Any) -> None:
    run = polylaw("net", "nets:odd", "-o", "net.json")
    assert (run.code, Path("net.json").exists()) == (0, False)
    assert "net.json not written: there is no law" in run.err
