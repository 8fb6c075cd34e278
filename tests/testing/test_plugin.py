"""The pytest plugin: files become tests, checks are summed up, unrelated runs pay nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.helpers import mostly_slow
from tests.proof.certificates import certificate

EXAMPLE = Path(__file__).parents[2] / "examples" / "ci"
MODEL = '[model]\nspec = "linear:2,2,2"\n'


def test_the_example_repository(pytester: pytest.Pytester) -> None:
    for file in EXAMPLE.iterdir():
        if file.is_file():
            shutil.copy(file, pytester.path)
    result = pytester.runpytest_subprocess("--strict-markers", "--polylaw-report", "report.json")
    result.assert_outcomes(passed=7)
    steps = "step * 18   3 did not hold, as expected; worst drift 0.* of what is allowed"
    result.stdout.fnmatch_lines(["*polylaw*", "certificate * 1", steps])
    report = json.loads((pytester.path / "report.json").read_text())
    assert report["schema"] == "polylaw-pytest-1"
    assert len(report["checked"]) == 23
    assert {entry["kind"] for entry in report["checked"]} == {"certificate", "count", "law", "no law", "step"}
    verdicts = {entry["verdict"]: entry["holds"] for entry in report["checked"]}
    assert verdicts == {
        "holds": True,
        "proved": True,
        "refuted": True,
        "drifts as predicted": True,
        "broken": False,
    }


@pytest.mark.slow
def test_workers_send_what_they_checked(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    for file in EXAMPLE.iterdir():
        if file.is_file():
            shutil.copy(file, pytester.path)
    result = pytester.runpytest_subprocess("-n", "2", "--polylaw-report", "report.json")
    result.assert_outcomes(passed=7)
    assert len(json.loads((pytester.path / "report.json").read_text())["checked"]) == 23


def test_a_certificate_that_fails(pytester: pytest.Pytester) -> None:
    text = certificate("nmf").text().replace('"count":2', '"count":3')
    (pytester.path / "bad.polylaw.json").write_text(text)
    (pytester.path / "good.polylaw.json").write_text(certificate("nmf").text())
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*bad.polylaw.json: certificate", "REFUSED  the sha256 does not fit the contents"]
    )
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("expect", "words"),
    mostly_slow(
        [
            ('laws = ["U1_1_1^2 - U2_1_1^2"]', "*is not conserved: its derivative along*"),
            ('not_laws = ["U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"]', "*is proved, expected refuted"),
            ("count = 4", "*has 3 independent laws, expected 4*"),
            ("no_law_degree = 2", "*has 3 laws of degree <= 2*"),
            ('laws = ["U9"]', "*U9*"),
        ],
        "count = 4",
    ),
)
def test_an_expectation_that_fails(pytester: pytest.Pytester, expect: str, words: str) -> None:
    (pytester.path / "m.polylaw.toml").write_text(f"{MODEL}[expect]\n{expect}\n")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([words])
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("content", "words"),
    mostly_slow(
        [
            (MODEL, "*found no table [[]expect], expected one: a test without a claim says nothing"),
            (
                f"{MODEL}[expect]\nlws = 3\n",
                "*m.polylaw.toml: key expect.lws: found 'lws', expected a known key; did you mean 'laws'[?]",
            ),
            (
                f"{MODEL}[expect]\nlaws = []\n",
                "*expect.laws: found [[][]], expected at least one law; an empty list says nothing*",
            ),
            ("[", "*expected valid TOML*"),
        ],
    ),
)
def test_a_model_file_that_cannot_be_collected(pytester: pytest.Pytester, content: str, words: str) -> None:
    (pytester.path / "m.polylaw.toml").write_text(content)
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([words])


def test_a_checker_that_is_never_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        def test_nothing(law_checker): pass

        def test_no_round(law_checker):
            for _ in range(0): law_checker.step(None, {}, [])

        @pytest.fixture
        def mine(law_checker): return 1

        def test_through_a_fixture(mine): pass

        def test_wrong_for_another_reason(law_checker): assert False

        def test_skipped(law_checker): pytest.skip("no model here")

        def test_without_it(): pass
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=4, skipped=1)
    lines = [line for line in result.stdout.lines if line.startswith("law_checker was never asked anything")]
    assert len(lines) == 3


@pytest.mark.slow
def test_what_does_not_hold(pytester: pytest.Pytester) -> None:
    """Said to be expected if its test passed; what cannot be measured at all is recorded too."""
    pytester.makepyfile(
        """
        import numpy as np
        import pytest
        import polylaw as pl

        LAWS = pl.find_laws(pl.GradientFlow(pl.models.linear(2, 1, 2)))

        def test_frozen(law_checker):
            start = {"U1": np.ones((2, 1)), "U2": np.ones((1, 2))}
            with pytest.raises(AssertionError, match="did not move"):
                law_checker.step(lambda w: w, start, LAWS)

        def test_constant(law_checker):
            with pytest.raises(AssertionError, match="says nothing"):
                law_checker.conserved("2", flow=LAWS.flow)

        def test_false(law_checker): law_checker.law(LAWS.flow, "U1_1_1")
        """
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=1)
    found = [line.split(maxsplit=2) for line in result.stdout.lines if "did not hold" in line]
    expected = "did not hold, as expected"
    assert found == [
        ["law", "1", "1 did not hold"],
        ["step", "1", f"1 {expected}"],
        ["trajectory", "1", f"1 {expected}"],
    ]


@pytest.mark.slow
def test_the_flow_of_a_law_may_follow_it(pytester: pytest.Pytester) -> None:
    """By name or by place; the two the other way round are told apart."""
    pytester.makepyfile(
        """
        import numpy as np
        import pytest
        import polylaw as pl
        from polylaw.errors import InputError
        from polylaw.testing import assert_step_conserves

        FLOW = pl.GradientFlow(pl.models.linear(1, 1, 1))
        LAW = "U1_1_1^2 - U2_1_1^2"
        WEIGHTS = {"U1": np.array([[1.0]]), "U2": np.array([[3.0]])}

        def step(w): return {"U1": w["U1"] + w["U2"] / 4, "U2": w["U2"] + w["U1"] / 4}

        @pytest.mark.parametrize(("given", "named"), [((FLOW,), {}), ((), {"flow": FLOW})])
        def test_step(law_checker, given, named):
            law_checker.step(step, WEIGHTS, LAW, *given, **named)
            assert_step_conserves(step, WEIGHTS, LAW, *given, **named)

        def test_exchanged():
            with pytest.raises(InputError, match="flow: found 'U1_1_1.*, expected a Flow"):
                assert_step_conserves(step, WEIGHTS, FLOW, LAW)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("name", "workers"), mostly_slow([("nowhere/report.json", ()), (".", ("-n", "1"))], "nowhere/report.json")
)
def test_a_report_that_cannot_be_written(
    pytester: pytest.Pytester, name: str, workers: tuple[str, ...]
) -> None:
    """Said before the tests run, not after."""
    pytester.makepyfile("def test_it(): open('ran', 'w').close()")
    result = pytester.runpytest_subprocess(f"--polylaw-report={name}", *workers)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: polylaw_report: {name}: found *"])
    assert not (pytester.path / "ran").exists()


@pytest.mark.slow
def test_a_momentum_flow_in_a_model_file(pytester: pytest.Pytester) -> None:
    (pytester.path / "m.polylaw.toml").write_text(f'{MODEL}[flow]\ndamping = "tau"\n[expect]\ncount = 1\n')
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_collection_can_be_turned_off(pytester: pytest.Pytester) -> None:
    (pytester.path / "m.polylaw.toml").write_text(f"{MODEL}[expect]\ncount = 3\n")
    pytester.makeini("[pytest]\npolylaw_collect = false\n")
    assert pytester.runpytest_subprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.slow
def test_the_plugin_can_be_left_out(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_subprocess("-p", "no:polylaw")
    result.assert_outcomes(passed=1)
    assert "polylaw" not in result.stdout.str().split("test session starts")[1].split("collected")[1]


@pytest.mark.slow
def test_the_fixture(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import polylaw as pl

        def test_laws(law_checker):
            flow = pl.GradientFlow(pl.models.linear(2, 1, 2))
            law = pl.find_laws(flow).generators[0]
            law_checker.law(flow, law)
            law_checker.conserved(law, flow=flow, until=1 / 64)
            law_checker.count(flow, 1)
            law_checker.not_law(flow, "U1_1_1^2")
        """
    )
    result = pytester.runpytest_subprocess("--polylaw-seed", "7", "--junit-xml", "out.xml")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["trajectory * 1   worst drift * of what is allowed"])
    [found] = properties(pytester.path / "out.xml").values()
    assert {name for name, _ in found} == {
        "polylaw law",
        "polylaw trajectory",
        "polylaw count",
        "polylaw no law",
    }
    assert any(re.fullmatch(r"U1_1_1\^2 .*: kept, drift \S+, allowed \S+", words) for _, words in found)


def properties(report: Path) -> dict[str, list[tuple[str, str]]]:
    """JUnit properties by test."""
    cases = ElementTree.parse(report).iter("testcase")
    return {
        case.get("name", ""): [(p.get("name", ""), p.get("value", "")) for p in case.iter("property")]
        for case in cases
    }


@pytest.mark.slow
def test_collected_files_have_junit_properties(pytester: pytest.Pytester) -> None:
    """Laws checked, drift against allowance where something is measured, verdict."""
    law, false = "U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2", "U1_1_1^2 - U2_1_1^2"
    expect = f'count = 3\nno_law_degree = 1\nlaws = ["{law}", "{false}"]\nnot_laws = ["{false}"]\n'
    (pytester.path / "m.polylaw.toml").write_text(f"{MODEL}[expect]\n{expect}")
    (pytester.path / "c.polylaw.json").write_text(certificate("nmf").text())
    (pytester.path / "d.polylaw.json").write_text(certificate("nmf").text().replace('"count":2', '"count":3'))
    result = pytester.runpytest_subprocess("--junitxml", "out.xml")
    result.assert_outcomes(passed=5, failed=2)
    result.stdout.fnmatch_lines(
        ["certificate * 2   1 did not hold", "law * 2   1 did not hold", "no law * 2"]
    )
    found = properties(pytester.path / "out.xml")
    assert found["count[3]"] == [("polylaw count", "linear 2-2-2: 3 independent laws: proved")]
    assert found["no_law_degree[1]"] == [("polylaw no law", "linear 2-2-2: none of degree <= 1: proved")]
    assert found[f"laws[{law}]"] == [("polylaw law", f"{law}: proved")]
    assert found[f"laws[{false}]"] == [("polylaw law", f"{false}: not proved")]
    assert found[f"not_laws[{false}]"] == [("polylaw no law", f"{false}: refuted")]
    certificates = ElementTree.parse(pytester.path / "out.xml").findall(
        ".//testcase[@name='certificate']/properties"
    )
    good, bad = sorted(
        ([(p.get("name"), p.get("value")) for p in one] for one in certificates), key=len, reverse=True
    )
    assert good[-1] == ("polylaw certificate", "c.polylaw.json: holds")
    assert good[0][0] == "polylaw claim"
    assert str(good[0][1]).startswith("conserved: ")
    assert bad == [("polylaw certificate", "d.polylaw.json: refused")]


def test_an_unrelated_run_imports_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        "import sys\n\ndef test_nothing():\n    assert not {'polylaw', 'numpy', 'flint', 'sympy'} & "
        "set(sys.modules)\n"
    )
    others = ("-p", "no:jaxtyping")  # imports numpy where it is installed
    pytester.runpytest_subprocess(*others).assert_outcomes(passed=1)


def test_the_plugin_module_is_light() -> None:
    code = (
        "import sys, _polylaw_pytest_plugin; print(*{'polylaw', 'numpy', 'flint', 'hypothesis'} & "
        "set(sys.modules))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("profile", "expected"), [("ci", "derandomize"), ("thorough", "max_examples == 500")]
)
def test_profiles_of_hypothesis(pytester: pytest.Pytester, profile: str, expected: str) -> None:
    lines = [
        "from hypothesis import settings",
        "def test_it():",
        "    assert settings.default.deadline is None",
    ]
    pytester.makepyfile("\n".join([*lines, f"    assert settings.default.{expected}"]))
    pytester.runpytest_subprocess("--polylaw-profile", profile).assert_outcomes(passed=1)
    pytester.runpytest_subprocess("--hypothesis-profile", f"polylaw-{profile}").assert_outcomes(passed=1)
    pytester.makeini(f"[pytest]\npolylaw_profile = {profile}\n")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


@pytest.mark.slow
def test_ini_keys_stand_in_for_options(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\npolylaw_seed = 7\npolylaw_report = report.json\n")
    flow = "import polylaw as pl\nFLOW = pl.GradientFlow(pl.models.linear(1, 1, 1))\n"
    test = (
        "def test_it(law_checker):\n    law_checker.not_law(FLOW, 'U1_1_1')\n    assert law_checker.seed == "
    )
    pytester.makepyfile(f"{flow}{test}7")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)
    report = json.loads((pytester.path / "report.json").read_text())
    assert (report["schema"], len(report["checked"])) == ("polylaw-pytest-1", 1)
    pytester.makepyfile(f"{flow}{test}8")
    pytester.runpytest_subprocess("--polylaw-seed", "8").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("line", "words"),
    mostly_slow(
        [
            ("polylaw_seed = x", "ERROR: polylaw_seed: found 'x', expected an integer"),
            ("polylaw_profile = fast", "ERROR: polylaw_profile: found 'fast', expected one of ci, thorough"),
        ],
        "polylaw_seed = x",
    ),
)
def test_ini_keys_are_checked(pytester: pytest.Pytester, line: str, words: str) -> None:
    pytester.makeini(f"[pytest]\n{line}\n")
    result = pytester.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])


@pytest.mark.slow
def test_a_training_step_with_momentum(pytester: pytest.Pytester) -> None:
    """The fixture takes what `assert_step_conserves` takes."""
    pytester.makepyfile(
        """
        import numpy as np
        import polylaw as pl
        from polylaw.testing import HeavyBall

        LAWS = pl.find_laws(pl.MomentumFlow(pl.models.linear(2, 2, 2), "tau"))

        def step(p):
            g = {"U1": p["U2"].T, "U2": p["U1"].T}  # of the trace of U1 U2
            v = {k: 0.9 * p["d" + k] - 0.1 * g[k] for k in g}
            return {k: p[k] + v[k] for k in g} | {"d" + k: v[k] for k in g}

        def test_step(law_checker):
            draw = np.random.default_rng(law_checker.seed)
            start = {k: draw.normal(size=(2, 2)) for k in ("U1", "U2", "dU1", "dU2")}
            law_checker.step(step, start, LAWS, rule=HeavyBall(mu=0.9))
        """
    )
    result = pytester.runpytest_subprocess("--junitxml", "out.xml")
    result.assert_outcomes(passed=1)
    [[(name, words)]] = properties(pytester.path / "out.xml").values()
    assert name == "polylaw step"
    assert re.fullmatch(r"exp\(tau\*t\).*: kept, drift \S+, allowed \S+", words)
