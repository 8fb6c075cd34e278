"""The standalone checker against hostile files: a one-line refusal, in bounded time and memory."""

from __future__ import annotations

import ast
import copy
import io
import json
import resource
import subprocess
import sys
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from polylaw.proof import checker
from tests.proof.certificates import certificate, signed

FILE = Path(checker.__file__)
Data = dict[str, Any]


def changed(change: Callable[[Data], Any], name: str = "linear") -> Data:
    data = copy.deepcopy(certificate(name).data)
    change(data)
    return signed(data)


def with_claim(**claim: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["claims"] = [*data["claims"], claim]

    return change


def set_claim(kind: str, key: str, value: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        next(claim for claim in data["claims"] if claim["type"] == kind)[key] = value

    return change


def set_law(polynomial: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["laws"][0]["polynomial"] = polynomial

    return change


def towers(data: Data) -> None:
    """Brackets that double the degree each time."""
    data["flow"] = {"type": "fields", "fields": [[[0, [["1", 1, 100]]]], [[1, [["1", 0, 100]]]]]}
    brackets = [[0, 1], *([i, i + 1] for i in range(1, 12))]
    data["claims"] = [{"type": "max_laws", "bound": 6, "prime": 4194301, "point": ["1"] * 8, "brackets": brackets, "elements": [0, 1]}]


def long_products(data: Data) -> None:
    """x1 is conserved, and so are its powers up to one of 80 000."""
    n = 400
    data["variables"] = [f"x{i}" for i in range(n)]
    data["flow"] = {"type": "fields", "fields": [[[1, [["1"]]]]]}
    data["laws"] = [{"polynomial": [["1", 0, 1]]}]
    listed = [[0, 1], [1, 1], [k for i in range(n) for k in (i, 200)]]
    complete = {"type": "complete", "laws": [0], "dimension": 1, "prime": 2147483629, "values": [], "monomials": listed}
    data["claims"] = [{"type": "conserved", "laws": [0]}, complete]


def long_denominators(data: Data) -> None:
    """Denominators whose product has a variable to a power of 80 000."""
    n = 400
    data["variables"] = [f"x{i}" for i in range(n)]
    data["flow"] = {"type": "ode", "rhs": [[[["1"]], [["1", 0, 200]]] for _ in range(n)]}
    data["laws"] = [{"polynomial": [["1", 1, 1]]}]
    data["claims"] = [{"type": "conserved", "laws": [0]}]


def denominator_of_constant_term_one_half(data: Data) -> None:
    """x' = 1/(1/2 + x), y' = 1: x - y is no law."""
    data.update(variables=["x", "y"], parameters=[], clock=None)
    data["flow"] = {"type": "ode", "rhs": [[[["1"]], [["1/2"], ["1", 0, 1]]], [[["1"]]]]}
    data["laws"] = [{"polynomial": [["1", 0, 1], ["-1", 1, 1]]}]
    data["claims"] = [{"type": "conserved", "laws": [0]}]


def clock_that_no_field_moves(data: Data) -> None:
    data["clock"] = {"rate": [["5"]]}
    data["flow"] = {"type": "fields", "fields": [[[0, [["1"]]]]]}


def many_denominators(data: Data) -> None:
    data["laws"] = [{"polynomial": [[f"1/{10**1990 + 2 * i + 1}", 0, 1 + i % 199, 1, 1 + i // 199] for i in range(2000)]}]


def powers_of_a_long_number(data: Data) -> None:
    """A metric taken at (c theta + t v), c having 1999 digits."""
    data.update(variables=["x", "y", "z", "dx", "dy", "dz"], parameters=[], clock={"root": 1})
    metric = [[0, 0, [["1", 0, 60, 1, 60, 2, 60]]]]
    data["flow"] = {"type": "momentum", "phi": [[[["1", 0, 1]]]], "metric": metric, "over_time": "9" * 1999}
    data.update(laws=[], claims=[{"type": "exactly", "count": 0}])


def wide_product(data: Data) -> None:
    """Two long polynomials whose product would fill the memory."""
    long = [["1", k, e] for k in range(8) for e in range(1, 200)]
    data["flow"] = {"type": "fields", "fields": [[[0, long]]] * 50}
    data["laws"] = [{"polynomial": [["1", 0, e + 1, *t[1:]] if t[1] else ["1", 0, t[2]] for e in range(40) for t in long[200:]]}]
    data["laws"][0]["polynomial"] = [list(t) for t in {tuple(t) for t in data["laws"][0]["polynomial"]}]
    data["claims"] = [{"type": "conserved", "laws": [0]}]


REFUSALS: list[tuple[str, Callable[[Data], Any], str]] = [
    ("huge exponent", set_law([["1", 0, 10**9]]), "exponents lie in 1..200"),
    ("negative exponent", set_law([["1", 0, -1]]), "exponents lie in 1..200"),
    ("boolean exponent", set_law([["1", 0, True]]), "exponents lie in 1..200"),
    ("unknown variable", set_law([["1", 8, 1]]), "8 where an index below 8 is expected"),
    ("descending variables", set_law([["1", 1, 1, 0, 1]]), "variables must ascend"),
    ("repeated monomial", set_law([["1", 0, 1], ["2", 0, 1]]), "a repeated monomial"),
    ("zero coefficient", set_law([["0", 0, 1]]), "a zero coefficient"),
    ("integer coefficient", set_law([[1, 0, 1]]), "a rational number must be text"),
    ("float as text", set_law([["1.5", 0, 1]]), "a rational number must be text"),
    ("zero denominator", set_law([["1/0", 0, 1]]), "a rational number must be text"),
    ("long number", set_law([["9" * 2001, 0, 1]]), "a rational number must be text"),
    ("other digits", set_law([["\N{ARABIC-INDIC DIGIT ONE}", 0, 1]]), "a rational number must be text"),
    ("even term", set_law([["1", 0]]), "a malformed term"),
    ("text for terms", set_law("x"), "a list is missing"),
    ("composite prime", set_claim("independent", "prime", 1000001), "not a prime"),
    ("strong pseudoprime", set_claim("independent", "prime", 25326001), "not a prime"),
    ("square of a prime", set_claim("independent", "prime", 46337**2), "not a prime"),
    ("Carmichael number", set_claim("independent", "prime", 1590231231), "not a prime"),
    ("large prime", set_claim("independent", "prime", 2**61 - 1), "not a prime"),
    ("small prime", set_claim("independent", "prime", 101), "not a prime"),
    ("prime as text", set_claim("independent", "prime", "2147483629"), "not a prime"),
    ("short point", set_claim("independent", "point", ["1"] * 7), "wrong length"),
    ("point at the pole", set_claim("independent", "point", ["1/2147483629"] * 8), "a denominator divisible by the prime"),
    ("law listed twice", set_claim("independent", "laws", [0, 0]), "a law listed twice"),
    ("no such law", set_claim("conserved", "laws", [99]), "99 where an index below"),
    ("forward bracket", set_claim("max_laws", "brackets", [[4, 0]]), "4 where an index below 4"),
    ("many monomials", set_claim("complete", "degree", 40), "steps"),
    ("degree beyond", set_claim("complete", "degree", 201), "201 where an index below 201"),
    ("negative degree", set_claim("complete", "degree", -1), "-1 where an index below"),
    ("clock powers without a clock", set_claim("complete", "clock", 1), "powers of a clock that is not there"),
    ("products of laws", set_claim("complete", "degree", 13), "steps"),
    ("completeness before conservation", lambda d: d["claims"].sort(key=lambda c: c["type"]), "not claimed to be conserved"),
    ("no claim", lambda d: d["claims"].clear(), "no claim"),
    ("unknown claim", with_claim(type="true"), "an unknown type of claim"),
    ("private claim", with_claim(type="__init__"), "an unknown type of claim"),
    ("claim that is no object", lambda d: d["claims"].append(3), "malformed: TypeError"),
    ("missing key", lambda d: d.pop("flow"), "the key 'flow' is missing"),
    ("version as float", lambda d: d.update(version=1.0), "the floating-point number 1.0"),
    ("version as boolean", lambda d: d.update(version=True), "not of version 1"),
    ("repeated names", lambda d: d.update(parameters=["U1_1_1"]), "a repeated name"),
    ("too many names", lambda d: d.update(variables=[f"x{i}" for i in range(20001)]), "too many coordinates"),
    ("unknown flow", lambda d: d["flow"].update(type="quantum"), "an unknown type of flow"),
    ("clock without a reason", lambda d: d.update(clock={"rate": [["1"]]}), "the clock must be exp(weight_decay t)"),
    ("two clocks", lambda d: d.update(clock={"rate": [["1"]], "root": 1}), "a clock has either a rate or a root"),
    ("towers of brackets", towers, "degrees or coefficients too large"),
    ("long products", long_products, "degrees or coefficients too large"),
    ("long denominators", long_denominators, "degrees or coefficients too large"),
    ("denominator of constant term 1/2", denominator_of_constant_term_one_half, "law 0 is not conserved by field 0"),
    ("clock that no field moves", clock_that_no_field_moves, "have no clock"),
    ("many denominators", many_denominators, "steps"),
    ("memory of monomials", set_claim("complete", "degree", 18), "steps"),
    ("dimension as boolean", set_claim("complete", "dimension", True), "claimed True"),
    ("bound as boolean", set_claim("max_laws", "bound", True), "so the bound is"),
    ("unknown key of a claim", set_claim("conserved", "degree", 2), "the unknown key 'degree'"),
    ("unknown key of a flow", lambda d: d["flow"].update(weightDecay=[["1"]]), "the unknown key 'weightDecay'"),
    ("unknown key of the whole", lambda d: d.update(note="x"), "the unknown key 'note'"),
    ("unknown key of a law", lambda d: d["laws"][0].update(exact=True), "the unknown key 'exact'"),
    ("two kinds of monomials", set_claim("complete", "monomials", [[0, 1]]), "either monomials or bounds"),
    ("wide products", wide_product, "steps"),
    ("powers of a long number", powers_of_a_long_number, "degrees or coefficients too large"),
]


@pytest.mark.parametrize(("change", "words"), [(c, w) for _, c, w in REFUSALS], ids=[name for name, *_ in REFUSALS])
def test_a_hostile_certificate_is_refused(tmp_path: Path, change: Callable[[Data], Any], words: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(changed(change)))
    refused(path, words)


RAW: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "malformed"),
    ("no JSON", b"x", "malformed"),
    ("a list", b"[]", "not an object"),
    ("not UTF-8", b'{"format": "\xff"}', "malformed"),
    ("duplicate keys", b'{"format": 1, "format": 1}', "duplicate keys"),
    ("a float", b'{"format": 1.5}', "the floating-point number 1.5"),
    ("not a number", b'{"format": NaN}', "the floating-point number NaN"),
    ("a large exponent", b'{"format": 1e999999999}', "the floating-point number"),
    ("a long integer", b'{"format": ' + b"9" * 1_000_000 + b"}", "an integer of more than 20 digits"),
    ("deep lists", b"[" * 1_000_000, "malformed: RecursionError"),
    ("deep objects", b'{"a":' * 1_000_000, "malformed: RecursionError"),
    ("almost nothing", b'{"format": "polylaw-certificate", "version": 1, "sha256": "x"}', "the key 'engine' is missing"),
    ("other alphabets", '{"\u0416": 1}'.encode(), "the key 'format' is missing"),
]


@pytest.mark.parametrize(("raw", "words"), [(r, w) for _, r, w in RAW], ids=[name for name, *_ in RAW])
def test_a_broken_file_is_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(raw)
    refused(path, words)


def refused(path: Path, words: str) -> None:
    """One line says why, in at most 60 seconds and 2 GB."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 60))

    run = subprocess.run([sys.executable, "-I", FILE, path], capture_output=True, text=True, check=False, preexec_fn=limit)
    assert (run.returncode, run.stderr) == (1, "")
    first, *lines = run.stdout.splitlines()
    assert first == str(path)
    assert sum(line.startswith("  REFUSED  ") for line in lines) == 1
    assert lines[-1].startswith("  REFUSED  ")
    assert words in lines[-1]


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    with path.open("wb") as file:
        file.truncate(30_000_000)
    refused(path, "more than 20000000 bytes")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    refused(tmp_path / "none.json", "unreadable: No such file or directory")
    refused(tmp_path, "unreadable: Is a directory")


def test_several_files_and_no_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    certificate("nmf").save(good)
    bad.write_text("{}")
    run = subprocess.run([sys.executable, "-I", FILE, good, bad, good], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout.count("REFUSED") == 1
    assert run.stdout.count("ok       exactly: exactly 2 independent laws") == 2
    assert subprocess.run([sys.executable, "-I", FILE], capture_output=True, check=False).returncode == 2


def test_it_stands_alone() -> None:
    """One file for Python 3.9 that imports the standard library only."""
    tree = ast.parse(FILE.read_text("utf-8"), feature_version=(3, 9))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"bisect", "fractions", "hashlib", "itertools", "json", "math", "re", "sys", "time"}
    assert imported <= sys.stdlib_module_names


def code_lines(path: Path) -> int:
    """Lines with code on them: no blank ones, comments and docstrings."""
    text = path.read_text("utf-8")
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER):
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            found.difference_update(range(node.body[0].lineno, int(node.body[0].end_lineno or 0) + 1))
    return len(found)


def test_a_referee_can_read_it() -> None:
    """About 400 lines, of which a quarter is for laws for all widths."""
    assert code_lines(FILE) <= 415


def test_a_terminal_that_knows_ascii_only(tmp_path: Path) -> None:
    path = tmp_path / "\u0416.json"
    path.write_text(json.dumps(changed(lambda d: d.update({"\u0416": 1}))))
    command = [sys.executable, "-I", "-X", "utf8=0", FILE, path]
    run = subprocess.run(command, capture_output=True, check=False, env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"})
    assert (run.returncode, run.stderr) == (1, b"")
    assert b"REFUSED  the unknown key" in run.stdout


def test_time_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(changed(set_claim("complete", "degree", 12))))
    monkeypatch.setattr(checker, "MAX_SECONDS", 1)
    holds, lines = checker.verify(str(path))
    assert not holds
    assert lines[-1] == "  REFUSED  more than 1 seconds"
