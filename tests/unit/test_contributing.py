"""The pages of CONTRIBUTING.md are followed to the letter."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jsonschema
import pytest

import polylaw
from polylaw import report
from polylaw.proof import coq_flow
from polylaw.proof.appendix import flows
from polylaw.proof.checker import canonical

PAGES = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8")


def code(name: str) -> str:
    """The block of code of that name."""
    found = re.search(rf"```python {name}\n(.*?)```", PAGES, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_an_output_format_is_one_place(polylaw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert polylaw("count", "linear:2,1,2", "--format", "pairs").code == 2
    monkeypatch.setattr(report, "FORMATS", dict(report.FORMATS))
    exec(code("format"), {**vars(report)})  # noqa: S102 (a page of ours)
    run = polylaw("count", "linear:2,1,2", "--format", "pairs")
    assert run.code == 0
    assert "lower = 1\nupper = 1\nexact = True\n" in run.out


# -- a flow ----------------------------------------------------------------------------------------
Run = Callable[..., CompletedProcess[str]]
FLOW = re.findall(r"```(python|diff) (polylaw/\S+)\n(.*?)```", PAGES.partition("## A flow\n")[2], re.DOTALL)
#: For phi = x y the law is t^(2 c) (x^2 - y^2): its derivative is 2 c t^(2 c - 1) (x^2 - y^2) from time, less
#: the same from the decay, and t^(2 c) (2 x y - 2 y x) w from the loss.
TIKHONOV = ("linear:1,1,1", "--flow", "tikhonov", "--weight-decay", "3/2")
LAW = "t^3*(U1_1_1^2 - U2_1_1^2)"


def follow(root: Path, language: str, place: str, block: str) -> None:
    """A new file, or lines of a diff, whose context is in one place of the file."""
    path = root / place
    if language == "python":
        assert not path.exists()
        path.write_text(block, "utf-8")
        return
    lines, text = block.splitlines(keepends=True), path.read_text("utf-8")
    old, new = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
    assert text.count(old) == 1, (place, old)
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the new flow."""
    root = tmp_path_factory.mktemp("flow")
    shutil.copytree(Path(polylaw.__file__).parent, root / "polylaw")
    for block in FLOW:
        follow(root, *block)
    return root


@pytest.fixture(scope="module")
def run(followed: Path) -> Run:
    """A command of the copy, in a process of its own."""

    def command(*arguments: str, module: bool = True) -> CompletedProcess[str]:
        line = [sys.executable, *(["-m", "polylaw"] if module else []), *arguments]
        return subprocess.run(line, capture_output=True, text=True, cwd=followed, check=False)

    return command


@pytest.fixture(scope="module")
def certificate(followed: Path, run: Run) -> dict[str, Any]:
    """Of the new flow, as it is in `c.json`, too."""
    assert run("certify", *TIKHONOV, "-o", "c.json").returncode == 0
    data: dict[str, Any] = json.loads((followed / "c.json").read_text("utf-8"))
    return data


def test_a_flow_is_at_most_eight_places() -> None:
    assert len({place for _, place, _ in FLOW}) == 7  # and Coq


def test_laws_of_the_new_flow_are_those_of_a_computation_by_hand(run: Run) -> None:
    assert f"  [1,1]  {LAW}\n" in run("find", *TIKHONOV).stdout
    mirror = run("find", "nmf:2,1,2", "--flow", "tikhonov", "--weight-decay", "2").stdout
    assert "  [1]  t^2*(U_1_1 + U_2_1 - V_1_1 - V_2_1)\n" in mirror
    assert run("check", *TIKHONOV, LAW).returncode == 0
    assert run("check", *TIKHONOV, LAW.replace("t^3", "t^2")).returncode == 1
    assert "exactly 1 independent law of any kind" in run("count", *TIKHONOV).stdout
    assert "tikhonov | ode (default" in run("find", "--help").stdout
    public = run("-c", "import polylaw; print(polylaw.TikhonovFlow)", module=False)
    assert "polylaw.flows.tikhonov.TikhonovFlow" in public.stdout


@pytest.mark.usefixtures("certificate")
def test_the_new_flow_is_certified_and_told(run: Run, followed: Path) -> None:
    schema = json.loads((followed / "polylaw/proof/certificate.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads((followed / "c.json").read_text("utf-8")), schema)
    checked = run("polylaw/proof/checker.py", "c.json", module=False)
    assert checked.returncode == 0
    assert "exactly: exactly 1 independent laws" in checked.stdout
    verified = run("verify", "c.json").stdout
    assert "training flow in 2 variables: U1_1_1, U2_1_1\n  state' = -J^T w - (3/2/t) state, w" in verified
    assert f"h1 = {LAW}" in verified
    assert run("appendix", "c.json", "-o", "c.md").returncode == 0
    page = (followed / "c.md").read_text("utf-8")
    assert r"\dot{\theta} &= -J_{\varphi}^{\top}(\theta)w(t) - \frac{3}{2t}\theta" in page
    assert r"X_0 h &= t\partial_{t}h - \frac{3}{2}\langle\theta, \nabla h\rangle" in page


@pytest.mark.parametrize(("rate", "code"), [("3/2", 0), ("1/2", 1), ("1/3", 2)])
def test_the_checker_knows_the_new_flow_for_itself(
    run: Run, followed: Path, certificate: dict[str, Any], rate: str, code: int
) -> None:
    """The law of another rate does not hold, and another clock is malformed."""
    from hashlib import sha256

    other = {**certificate, "flow": {**certificate["flow"], "over_time": rate}}
    other["sha256"] = sha256(canonical(other)).hexdigest()
    (followed / "other.json").write_text(json.dumps(other), "utf-8")
    assert run("polylaw/proof/checker.py", "other.json", module=False).returncode == code


@pytest.mark.usefixtures("certificate")
def test_what_the_new_flow_does_not_have_is_said_in_one_line(run: Run) -> None:
    coq = run("prove", "c.json", "-o", "c.v")
    assert (coq.returncode, coq.stderr.count("\n")) == (3, 1)
    assert "a flow of kind tikhonov" in coq.stderr
    words = run("words", "linear:*", "--flow", "tikhonov")
    assert (words.returncode, words.stderr.count("\n")) == (2, 1)
    assert "expected gradient or momentum" in words.stderr
    assert run("find", *TIKHONOV, "--damping", "1").returncode == 2
    assert run("find", *TIKHONOV[:-1], "0").returncode == 2


@pytest.mark.parametrize(
    ("table", "command"), [(flows.SETTINGS, "appendix"), (coq_flow.WRITERS, "prove")], ids=["appendix", "coq"]
)
def test_words_for_a_kind_of_flow_may_be_left_out(
    polylaw: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: Any, command: str
) -> None:
    path = tmp_path / "c.json"
    assert polylaw("certify", "linear:1,1,1", "-o", str(path)).code == 0
    monkeypatch.delitem(table, next(kind for kind in table if kind.name == "gradient"))
    run = polylaw(command, str(path), "-o", str(tmp_path / "out.md"))
    assert run.code == 3
    assert "a flow of kind gradient" in run.err
