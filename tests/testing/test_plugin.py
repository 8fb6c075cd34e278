"""The pytest plugin: certificates and model files become tests, checks are summed up, unrelated runs pay nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof.certificates import certificate

EXAMPLE = Path(__file__).parents[2] / "examples" / "ci"
MODEL = '[model]\nspec = "linear:2,2,2"\n'


def test_the_example_repository(pytester: pytest.Pytester) -> None:
    for file in EXAMPLE.iterdir():
        if file.is_file():
            shutil.copy(file, pytester.path)
    result = pytester.runpytest_subprocess("--strict-markers", "--polylaw-report", "report.json")
    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(["*polylaw*", "certificate * 1", "step * 15   worst drift * of what is allowed"])
    report = json.loads((pytester.path / "report.json").read_text())
    assert report["schema"] == "polylaw-pytest-1"
    assert len(report["checked"]) == 20
    assert {entry["kind"] for entry in report["checked"]} == {"certificate", "count", "law", "no law", "refuted", "step"}


def test_workers_send_what_they_checked(pytester: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    for file in EXAMPLE.iterdir():
        if file.is_file():
            shutil.copy(file, pytester.path)
    result = pytester.runpytest_subprocess("-n", "2", "--polylaw-report", "report.json")
    result.assert_outcomes(passed=7)
    assert len(json.loads((pytester.path / "report.json").read_text())["checked"]) == 20


def test_a_certificate_that_fails(pytester: pytest.Pytester) -> None:
    text = certificate("nmf").text().replace('"count":2', '"count":3')
    (pytester.path / "bad.polylaw.json").write_text(text)
    (pytester.path / "good.polylaw.json").write_text(certificate("nmf").text())
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*bad.polylaw.json: certificate", "REFUSED  the sha256 does not fit the contents"])
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ('laws = ["U1_1_1^2 - U2_1_1^2"]', "*is not conserved: its derivative along*"),
        ('not_laws = ["U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2"]', "*is proved, expected refuted"),
        ("count = 4", "*has 3 independent laws, expected 4*"),
        ("no_law_degree = 2", "*has 3 laws of degree <= 2*"),
        ('laws = ["U9"]', "*U9*"),
    ],
)
def test_an_expectation_that_fails(pytester: pytest.Pytester, expect: str, words: str) -> None:
    (pytester.path / "m.polylaw.toml").write_text(f"{MODEL}[expect]\n{expect}\n")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([words])
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (MODEL, "*found no table [[]expect], expected laws, not_laws, count or no_law_degree"),
        (f"{MODEL}[expect]\nlws = 3\n", "*key expect.lws: expected laws, not_laws, count or no_law_degree"),
        ("[", "*expected valid TOML*"),
    ],
)
def test_a_model_file_that_cannot_be_collected(pytester: pytest.Pytester, content: str, words: str) -> None:
    (pytester.path / "m.polylaw.toml").write_text(content)
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([words])


def test_a_momentum_flow_in_a_model_file(pytester: pytest.Pytester) -> None:
    (pytester.path / "m.polylaw.toml").write_text(f'{MODEL}[flow]\ndamping = "tau"\n[expect]\ncount = 1\n')
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_collection_can_be_turned_off(pytester: pytest.Pytester) -> None:
    (pytester.path / "m.polylaw.toml").write_text(f"{MODEL}[expect]\ncount = 3\n")
    pytester.makeini("[pytest]\npolylaw_collect = false\n")
    assert pytester.runpytest_subprocess().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_plugin_can_be_left_out(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_subprocess("-p", "no:polylaw")
    result.assert_outcomes(passed=1)
    assert "polylaw" not in result.stdout.str().split("test session starts")[1].split("collected")[1]


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
    assert 'name="polylaw trajectory"' in (pytester.path / "out.xml").read_text()


def test_an_unrelated_run_imports_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\n\ndef test_nothing():\n    assert not {'polylaw', 'numpy', 'flint', 'sympy'} & set(sys.modules)\n")
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_plugin_module_is_light() -> None:
    code = "import sys, _polylaw_pytest_plugin; print(*{'polylaw', 'numpy', 'flint', 'hypothesis'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize(("profile", "expected"), [("ci", "derandomize"), ("thorough", "max_examples == 500")])
def test_profiles_of_hypothesis(pytester: pytest.Pytester, profile: str, expected: str) -> None:
    lines = ["from hypothesis import settings", "def test_it():", "    assert settings.default.deadline is None"]
    pytester.makepyfile("\n".join([*lines, f"    assert settings.default.{expected}"]))
    pytester.runpytest_subprocess("--polylaw-profile", profile).assert_outcomes(passed=1)
