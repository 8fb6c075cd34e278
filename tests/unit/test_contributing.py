"""The pages of CONTRIBUTING.md are followed to the letter."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from polylaw import report
from polylaw.proof import coq_flow
from polylaw.proof.appendix import flows
from polylaw.proof.checker import canonical

ROOM = Path(report.__file__).parents[1]
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


class Copy:
    """A copy of the package in a folder, and its commands, each in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOM, root / "polylaw", ignore=shutil.ignore_patterns("__pycache__"))

    def __call__(self, *arguments: str, module: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *(["-m", "polylaw"] if module else []), *arguments]
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": ""}
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )


# -- a function ------------------------------------------------------------------------------------
RATES = '[ode]\nx = "1"\ny = "lambertw(x)"\n'
INTEGRAL = "y - x*lambertw(x) + x - x/lambertw(x)"
SEARCH = ("rates.toml", "--degree", "2", "--augment", "1/lambertw(x)")


@pytest.fixture
def extended(tmp_path: Path) -> Copy:
    """A copy of polylaw in which one file has the function of the page."""
    copy = Copy(tmp_path)
    with (tmp_path / "polylaw" / "algebra" / "functions.py").open("a", encoding="utf-8") as file:
        file.write("\n\n" + code("function"))
    (tmp_path / "rates.toml").write_text(RATES, "utf-8")
    return copy


def test_a_function_is_one_place(extended: Copy, tmp_path: Path) -> None:
    proved = extended("check", "rates.toml", INTEGRAL)
    assert proved.returncode == 0, proved.stderr
    assert "where x > 0" in proved.stdout
    refuted = extended("check", "rates.toml", "y - lambertw(x)")
    assert refuted.returncode == 1
    derivative = "(x*lambertw(x)^2 + x*lambertw(x) - lambertw(x))/(x*lambertw(x) + x)"
    assert f"{derivative}\n  which is 0.205247033775... at x = 1" in refuted.stdout
    # what the normal form does not see is undecided, and what depends on others is not said to be complete
    assert extended("check", "rates.toml", "exp(lambertw(x)) - x/lambertw(x)").returncode == 3
    found = extended("find", *SEARCH)
    assert "complete: no other law" in found.stdout
    assert "x/(lambertw(x)) + x*lambertw(x) - x - y" in found.stdout
    dependent = extended("find", "rates.toml", "--augment", "log(lambertw(x))", "--augment", "log(x)")
    assert "not proved: lambertw(x), log(lambertw(x)), log(x) depend on each other" in dependent.stdout
    # Darboux polynomials are those of polynomial flows; laws of them may be compared with the function
    plain = tmp_path / "plain.toml"
    plain.write_text('[ode]\nx = "x"\ny = "2*y"\n', "utf-8")
    assert extended("darboux", "plain.toml").returncode == 0
    assert extended("check", "plain.toml", "lambertw(-y/x^2) + lambertw(-1/x)*x*0").returncode == 0


def test_the_name_of_a_new_function_is_reserved(extended: Copy, tmp_path: Path) -> None:
    for text, hint in (("lambertw + y", "write lambertw(x)"), ("lambertw(-1)*y", "at which it is defined")):
        refused = extended("check", "rates.toml", text)
        assert refused.returncode == 2
        assert hint in refused.stderr
    (tmp_path / "named.toml").write_text('[ode]\nx = "1"\nlambertw = "x"\n', "utf-8")
    assert "a name that is not reserved" in extended("find", "named.toml").stderr


@pytest.mark.slow
def test_a_certificate_with_a_function_needs_the_checkers_own_definition(
    extended: Copy, tmp_path: Path
) -> None:
    refused = extended("certify", *SEARCH, "-o", "laws.json")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "found 'lambertw', expected functions that the checker defines too" in refused.stderr
    checker = tmp_path / "polylaw" / "proof" / "checker.py"
    start = "        rules = {\n"
    text = checker.read_text("utf-8")
    assert start in text
    checker.write_text(text.replace(start, start + code("checker")), "utf-8")
    assert extended("certify", *SEARCH, "-o", "laws.json").returncode == 0
    assert extended("verify", "laws.json").returncode == 0
    for kind, symbol in (("tex", "f_1 &= W(x)"), ("typ", r"= W \( x \)"), ("html", "<mo>W</mo>")):
        assert extended("appendix", "laws.json", "-o", f"laws.{kind}").returncode == 0
        assert symbol in (tmp_path / f"laws.{kind}").read_text("utf-8")
    wrong = code("checker").replace("term(1, w), one)", "term(2, w), one)")
    checker.write_text(text.replace(start, start + wrong), "utf-8")
    assert extended("verify", "laws.json").returncode == 1


# -- a flow ----------------------------------------------------------------------------------------
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
def run(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy of polylaw with the flow of the page."""
    copy = Copy(tmp_path_factory.mktemp("flow"))
    for block in FLOW:
        follow(copy.root, *block)
    return copy


@pytest.fixture(scope="module")
def certificate(run: Copy) -> dict[str, Any]:
    """Of the new flow, as it is in `c.json`, too."""
    assert run("certify", *TIKHONOV, "-o", "c.json").returncode == 0
    data: dict[str, Any] = json.loads((run.root / "c.json").read_text("utf-8"))
    return data


def test_a_flow_is_at_most_eight_places() -> None:
    assert len({place for _, place, _ in FLOW}) == 7  # and Coq


def test_laws_of_the_new_flow_are_those_of_a_computation_by_hand(run: Copy) -> None:
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
def test_the_new_flow_is_certified_and_told(run: Copy) -> None:
    schema = json.loads((run.root / "polylaw/proof/certificate.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads((run.root / "c.json").read_text("utf-8")), schema)
    checked = run("polylaw/proof/checker.py", "c.json", module=False)
    assert checked.returncode == 0
    assert "exactly: exactly 1 independent laws" in checked.stdout
    verified = run("verify", "c.json").stdout
    assert "training flow in 2 variables: U1_1_1, U2_1_1\n  state' = -J^T w - (3/2/t) state, w" in verified
    assert f"h1 = {LAW}" in verified
    assert run("appendix", "c.json", "-o", "c.md").returncode == 0
    page = (run.root / "c.md").read_text("utf-8")
    assert r"\dot{\theta} &= -J_{\varphi}^{\top}(\theta)w(t) - \frac{3}{2t}\theta" in page
    assert r"X_0 h &= t\partial_{t}h - \frac{3}{2}\langle\theta, \nabla h\rangle" in page


@pytest.mark.parametrize(("rate", "code"), [("3/2", 0), ("1/2", 1), ("1/3", 2)])
def test_the_checker_knows_the_new_flow_for_itself(
    run: Copy, certificate: dict[str, Any], rate: str, code: int
) -> None:
    """The law of another rate does not hold, and another clock is malformed."""
    other = {**certificate, "flow": {**certificate["flow"], "over_time": rate}}
    other["sha256"] = sha256(canonical(other)).hexdigest()
    (run.root / "other.json").write_text(json.dumps(other), "utf-8")
    assert run("polylaw/proof/checker.py", "other.json", module=False).returncode == code


@pytest.mark.usefixtures("certificate")
def test_what_the_new_flow_does_not_have_is_said_in_one_line(run: Copy) -> None:
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
