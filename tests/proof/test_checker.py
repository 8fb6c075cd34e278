"""The standalone checker against hostile files: a one-line refusal, in bounded time and memory."""

from __future__ import annotations

import ast
import copy
import io
import json
import subprocess
import sys
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from polylaw.proof import checker
from tests.helpers import mostly_slow
from tests.proof.certificates import alone, certificate, signed

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


def the_claim(data: Data, kind: str) -> Data:
    return next(claim for claim in data["claims"] if claim["type"] == kind)


def set_claim(kind: str, key: str, value: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        the_claim(data, kind)[key] = value

    return change


def set_law(polynomial: Any) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        data["laws"][0]["polynomial"] = polynomial

    return change


def towers(data: Data) -> None:
    """Brackets that double the degree each time."""
    data["flow"] = {"type": "fields", "fields": [[[0, [["1", 1, 100]]]], [[1, [["1", 0, 100]]]]]}
    brackets = [[0, 1], *([i, i + 1] for i in range(1, 12))]
    place = {"prime": 4194301, "point": ["1"] * 8}
    data["claims"] = [{"type": "max_laws", "bound": 6, **place, "brackets": brackets, "elements": [0, 1]}]


def long_products(data: Data) -> None:
    """x1 is conserved, and so are its powers up to one of 80 000."""
    n = 400
    data["variables"] = [f"x{i}" for i in range(n)]
    data["flow"] = {"type": "fields", "fields": [[[1, [["1"]]]]]}
    data["laws"] = [{"polynomial": [["1", 0, 1]]}]
    listed = [[0, 1], [1, 1], [k for i in range(n) for k in (i, 200)]]
    complete = {"type": "complete", "laws": [0], "dimension": 1, "prime": 2147483629, "values": []}
    complete["monomials"] = listed
    data["claims"] = [{"type": "conserved", "laws": [0]}, complete]


def long_denominators(data: Data) -> None:
    """Denominators whose product has a variable to a power of 4000."""
    n = 20
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
    data["laws"] = [
        {"polynomial": [[f"1/{10**1990 + 2 * i + 1}", 0, 1 + i % 199, 1, 1 + i // 199] for i in range(2000)]}
    ]


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
    pairs = ((e, t) for e in range(40) for t in long[200:])
    law = {("1", 0, e + 1, *t[1:]) if t[1] else ("1", 0, t[2]) for e, t in pairs}
    data["laws"] = [{"polynomial": [*map(list, law)]}]
    data["claims"] = [{"type": "conserved", "laws": [0]}]


def monomials(*listed: list[int]) -> Callable[[Data], None]:
    """The claim of completeness with listed monomials."""

    def change(data: Data) -> None:
        claim = the_claim(data, "complete")
        for key in ("least", "degree", "clock", "variables"):
            del claim[key]
        claim.update(laws=[], dimension=0, monomials=list(listed))

    return change


def monomials_with_parameters(data: Data) -> None:
    """x' = 1, y' = -1: a x and b y are independent over Q, but x + y is a law over Q(a, b)."""
    flow = {"type": "ode", "rhs": [[[["1"]]], [[["-1"]]]]}
    data.update(variables=["x", "y"], parameters=["a", "b"], laws=[], flow=flow)
    data["claims"] = [the_claim(data, "complete")]
    monomials([0, 1, 2, 1], [1, 1, 3, 1])(data)
    data["claims"][0]["values"] = ["3", "5"]


def monomials_of_parameters(data: Data) -> None:
    monomials_with_parameters(data)
    data["claims"][0]["monomials"] = [[2, 1]]


def velocities_exchanged(data: Data) -> None:
    """x'' + c grad(x^2 + y^2) = 0 keeps x y' - y x', which these names call x x' - y y'."""
    data.update(variables=["x", "y", "dy", "dx"], clock={"root": 1})
    data["flow"] = {"type": "momentum", "phi": [[[["1", 0, 2], ["1", 1, 2]]]], "damping": []}
    data["laws"] = [{"polynomial": [["1", 0, 1, 3, 1], ["-1", 1, 1, 2, 1]]}]
    data["claims"] = [{"type": "conserved", "laws": [0]}]


REFUSALS: list[tuple[str, Callable[[Data], Any], str]] = [
    ("huge exponent", set_law([["1", 0, 10**9]]), "more than 200 in an exponent"),
    ("negative exponent", set_law([["1", 0, -1]]), "a malformed term"),
    ("boolean exponent", set_law([["1", 0, True]]), "a malformed term"),
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
    (
        "point at the pole",
        set_claim("independent", "point", ["1/2147483629"] * 8),
        "a denominator divisible by the prime",
    ),
    ("law listed twice", set_claim("independent", "laws", [0, 0]), "an index listed twice"),
    ("no such law", set_claim("conserved", "laws", [99]), "99 where an index below"),
    ("forward bracket", set_claim("max_laws", "brackets", [[4, 0]]), "4 where an index below 4"),
    ("many monomials", set_claim("complete", "degree", 40), "more than 100000000 steps"),
    ("degree beyond", set_claim("complete", "degree", 201), "201 where an index below 201"),
    ("negative degree", set_claim("complete", "degree", -1), "-1 where an index below"),
    (
        "clock powers without a clock",
        set_claim("complete", "clock", 1),
        "powers of a clock that is not there",
    ),
    ("products of laws", set_claim("complete", "degree", 13), "more than 100000000 steps"),
    (
        "completeness before conservation",
        lambda d: d["claims"].sort(key=lambda c: c["type"]),
        "not claimed to be conserved",
    ),
    ("no claim", lambda d: d["claims"].clear(), "no claim"),
    ("unknown claim", with_claim(type="true"), "an unknown type of claim"),
    ("private claim", with_claim(type="__init__"), "an unknown type of claim"),
    ("claim that is no object", lambda d: d["claims"].append(3), "malformed: TypeError"),
    ("missing key", lambda d: d.pop("flow"), "the key 'flow' is missing"),
    ("version as float", lambda d: d.update(version=1.0), "the floating-point number 1.0"),
    ("version as boolean", lambda d: d.update(version=True), "not of version 1 or 2"),
    ("repeated names", lambda d: d.update(parameters=["U1_1_1"]), "a name that is repeated"),
    (
        "too many names",
        lambda d: d.update(variables=[f"x{i}" for i in range(20001)]),
        "more than 20000 variables and parameters",
    ),
    ("unknown flow", lambda d: d["flow"].update(type="quantum"), "an unknown type of flow"),
    (
        "clock without a reason",
        lambda d: d.update(clock={"rate": [["1"]]}),
        "the clock must be exp(weight_decay t)",
    ),
    (
        "two clocks",
        lambda d: d.update(clock={"rate": [["1"]], "root": 1}),
        "a clock has either a rate or a root",
    ),
    ("towers of brackets", towers, "more than 2000 words in a term of a product"),
    ("long products", long_products, "more than 2000 words in a term of a product"),
    ("long denominators", long_denominators, "more than 2000 words in a term of a product"),
    (
        "denominator of constant term 1/2",
        denominator_of_constant_term_one_half,
        "law 0 is not conserved by field 0",
    ),
    ("clock that no field moves", clock_that_no_field_moves, "have no clock"),
    ("many denominators", many_denominators, "more than 2000 words in a common denominator"),
    ("memory of monomials", set_claim("complete", "degree", 18), "more than 100000000 steps"),
    ("dimension as boolean", set_claim("complete", "dimension", True), "claimed True"),
    ("bound as boolean", set_claim("max_laws", "bound", True), "so the bound is"),
    ("unknown key of a claim", set_claim("conserved", "degree", 2), "the unknown key 'degree'"),
    (
        "unknown key of a flow",
        lambda d: d["flow"].update(weightDecay=[["1"]]),
        "the unknown key 'weightDecay'",
    ),
    ("unknown key of the whole", lambda d: d.update(note="x"), "the unknown key 'note'"),
    ("unknown key of a law", lambda d: d["laws"][0].update(exact=True), "the unknown key 'exact'"),
    ("two kinds of monomials", set_claim("complete", "monomials", [[0, 1]]), "either monomials or bounds"),
    ("wide products", wide_product, "more than 100000000 steps"),
    ("powers of a long number", powers_of_a_long_number, "more than 2000 words in a term of a product"),
    (
        "parameter in a monomial",
        monomials_with_parameters,
        "a monomial that is 1, or in which a parameter occurs",
    ),
    (
        "parameter first in a monomial",
        monomials_of_parameters,
        "a monomial that is 1, or in which a parameter occurs",
    ),
    ("monomial 1", monomials([0, 1], []), "a monomial that is 1"),
    ("no monomials", monomials(), "no monomials"),
    (
        "no degrees",
        lambda d: the_claim(d, "complete").update(least=0, degree=0),
        "no variables or no degrees",
    ),
    (
        "degrees that descend",
        lambda d: the_claim(d, "complete").update(least=3, degree=2),
        "no variables or no degrees",
    ),
    ("no variables to be complete in", set_claim("complete", "variables", []), "no variables or no degrees"),
    ("variable listed twice", set_claim("complete", "variables", [0, 0]), "an index listed twice"),
    ("no variables", lambda d: d.update(variables=[], parameters=["a"]), "no variables"),
    ("law that is 0", set_law([]), "a law without variables, so constant"),
    ("constant law", set_law([["1"]]), "a law without variables, so constant"),
    ("conserved without laws", set_claim("conserved", "laws", []), "a claim about no law"),
    ("independent without laws", set_claim("independent", "laws", []), "a claim about no law"),
    (
        "entry of the metric twice",
        lambda d: d["flow"].update(metric=[[0, 0, [["1"]]]] * 2),
        "an entry of the metric listed twice",
    ),
    (
        "name with a line break",
        lambda d: d["variables"].__setitem__(0, "x\n  ok       y"),
        "no word of A-Z, a-z, 0-9 and _",
    ),
    (
        "name with a space of no width",
        lambda d: d["variables"].__setitem__(0, "x\u200b"),
        "no word of A-Z, a-z, 0-9 and _",
    ),
    ("name that is no text", lambda d: d["variables"].__setitem__(0, 1), "no word of A-Z, a-z, 0-9 and _"),
    ("t beside a clock", lambda d: d.update(parameters=["t"], clock={"root": 1}), "t beside a clock"),
    (
        "velocities of other variables",
        velocities_exchanged,
        "the variables of a momentum flow are x, y, ..., dx, dy, ...",
    ),
]
#: These need most of the steps there are; of the others, each in a process of its own, a third is quick.
LONG = ("products of laws", "wide products")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(c, w, id=name, marks=[pytest.mark.slow] * (name in LONG or i % 3 > 0))
        for i, (name, c, w) in enumerate(REFUSALS)
    ],
)
def test_a_hostile_certificate_is_refused(tmp_path: Path, change: Callable[[Data], Any], words: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(changed(change)))
    refused(path, words)


RAW: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "unreadable: Expecting value"),
    ("no JSON", b"x", "unreadable: Expecting value"),
    ("a list", b"[]", "not an object"),
    ("not UTF-8", b'{"format": "\xff"}', "unreadable: 'utf-8' codec can't decode"),
    ("duplicate keys", b'{"format": 1, "format": 1}', "duplicate keys"),
    ("a float", b'{"format": 1.5}', "the floating-point number 1.5"),
    ("not a number", b'{"format": NaN}', "the floating-point number NaN"),
    ("a large exponent", b'{"format": 1e999999999}', "the floating-point number"),
    ("a long integer", b'{"format": ' + b"9" * 1_000_000 + b"}", "an integer of 21 digits or more"),
    ("deep lists", b"[" * 1_000_000, "more than 20 lists and objects in each other"),
    ("deep objects", b'{"a":' * 1_000_000, "more than 20 lists and objects in each other"),
    ("lists a little too deep", b"[" * 21 + b"]" * 21, "more than 20 lists and objects in each other"),
    ("lists that are deep enough", b"[" * 20 + b"]" * 20, "not an object"),
    ("brackets in text", json.dumps(["\\" + "[" * 30 + '\\"' + "{" * 30]).encode(), "not an object"),
    (
        "brackets after text",
        json.dumps(["\\"]).encode() + b"[" * 21,
        "more than 20 lists and objects in each other",
    ),
    (
        "almost nothing",
        b'{"format": "polylaw-certificate", "version": 1, "sha256": "x"}',
        "the key 'engine' is missing",
    ),
    ("other alphabets", '{"\u0416": 1}'.encode(), "the key 'format' is missing"),
]


@pytest.mark.parametrize(
    ("raw", "words"),
    mostly_slow([(r, w) for _, r, w in RAW], *(r for _, r, _ in RAW[::2])),
    ids=[name for name, *_ in RAW],
)
def test_a_broken_file_is_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(raw)
    refused(path, words)


def refused(path: Path, words: str) -> int:
    """One line says why: on stderr with exit code 2 for what is no certificate, else on stdout, with 3 for a
    bound."""
    run = alone(path)
    if run.returncode == 2:
        assert (run.stdout, run.stderr.count("\n")) == ("", 1)
        first, reason = run.stderr.rstrip().split("  REFUSED  ")
    else:
        first, *lines = run.stdout.splitlines()
        assert (run.returncode in (1, 3), run.stderr) == (True, "")
        assert [line[:11] for line in lines] == ["  ok       "] * (len(lines) - 1) + ["  REFUSED  "]
        reason = lines[-1]
    assert first == str(path)
    assert words in reason
    assert (run.returncode == 3) == ("more than" in words)
    return run.returncode


CODES: list[tuple[str, Callable[[Data], Any], int]] = [
    ("law that is none", set_law([["1", 0, 1]]), 1),
    ("other hash", lambda d: None, 1),
    ("dependent laws", set_claim("independent", "point", ["0"] * 8), 1),
    ("other bound", set_claim("max_laws", "bound", 4), 1),
    ("other number", set_claim("exactly", "count", 4), 1),
    ("other dimension", set_claim("complete", "dimension", 4), 1),
    (
        "completeness by laws that were not shown to be conserved",
        lambda d: d.update(claims=d["claims"][1:]),
        1,
    ),
    ("derivative that is 0", set_claim("not_conserved", "point", ["0"] * 8), 1),
    ("malformed", lambda d: d.pop("laws"), 2),
    ("too large", set_claim("complete", "degree", 40), 3),
]


@pytest.mark.parametrize(("change", "code"), [(c, n) for _, c, n in CODES], ids=[name for name, *_ in CODES])
def test_exit_codes(tmp_path: Path, change: Callable[[Data], Any], code: int) -> None:
    path = tmp_path / "c.json"
    data = changed(change)
    path.write_text(json.dumps(data if data != certificate("linear").data else {**data, "sha256": "0" * 64}))
    assert refused(path, "more than" if code == 3 else "") == code


def test_the_worst_of_several_files_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A claim that does not hold, then what is no certificate, then what is too large."""
    wrong = dict(enumerate((lambda d: None, set_law([["1", 0, 1]]), lambda d: d.pop("laws"))))
    wrong[3] = set_claim("complete", "degree", 40)
    for code, change in wrong.items():
        (tmp_path / f"{code}.json").write_text(json.dumps(changed(change)))
    paths = {code: str(tmp_path / f"{code}.json") for code in wrong}
    orders = ([3, 2, 1, 0], [0, 3, 2], [0, 3], [0, 0])
    assert [checker.main([paths[k] for k in order]) for order in orders] == [1, 2, 3, 0]
    assert capsys.readouterr().err.count("REFUSED") == 2


@pytest.mark.parametrize(
    "name",
    ["c\n  ok       exactly: exactly 0 independent laws.json", "  ok       conserved.json", "c\x1b[1A.json"],
)
def test_no_name_of_a_file_looks_like_a_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(json.dumps(changed(set_law([["1", 0, 1]]))))
    run = alone(name)
    assert run.returncode == 1
    assert run.stdout.splitlines() == [ascii(name), "  REFUSED  law 0 is not conserved by field 0"]


def test_interleaved_checks_count_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each would go beyond the bound if it counted the steps of the others."""
    data = changed(lambda d: d["claims"].extend([d["claims"][2]] * 300))
    works: list[checker.Work] = []

    class Work(checker.Work):
        def __init__(self, most: float) -> None:
            super().__init__(most)
            works.append(self)

    monkeypatch.setattr(checker, "Work", Work)
    for checks in ([checker.check(data)], [checker.check(data) for _ in range(4)]):
        for _ in range(len(data["claims"])):
            for one in checks:
                next(one)
    assert {work.steps for work in works} == {works[0].steps}
    assert (len(works), works[0].steps > checker.MAX_STEPS // 5) == (5, True)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    with path.open("wb") as file:
        file.truncate(30_000_000)
    assert refused(path, "more than 20000000 bytes") == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.json", "unreadable: No such file or directory") == 2
    assert refused(tmp_path, "unreadable: Is a directory") == 2


def test_several_files_and_no_file(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    certificate("nmf").save(good)
    bad.write_text(json.dumps(changed(set_law([["1", 0, 1]]))))
    command = [sys.executable, "-I", FILE, good, bad, good]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout.count("REFUSED") == 1
    assert run.stdout.count("ok       exactly: exactly 2 independent laws") == 2
    assert subprocess.run([sys.executable, "-I", FILE], capture_output=True, check=False).returncode == 2


def test_it_stands_alone() -> None:
    """One file for Python 3.9 that imports the standard library only."""
    tree = ast.parse(FILE.read_text("utf-8"), feature_version=(3, 9))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {
        "bisect",
        "collections",
        "contextvars",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "math",
        "re",
        "sys",
    }
    assert imported <= sys.stdlib_module_names


def code_lines(path: Path) -> int:
    """Lines with code on them: no blank ones, comments and docstrings."""
    text = path.read_text("utf-8")
    unseen, found = {"NL", "NEWLINE", "COMMENT", "INDENT", "DEDENT", "ENDMARKER"}, set[int]()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if tokenize.tok_name[token.type] not in unseen:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        defined = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if defined and ast.get_docstring(node) is not None:
            found.difference_update(range(node.body[0].lineno, int(node.body[0].end_lineno or 0) + 1))
    return len(found)


def test_a_referee_can_read_it() -> None:
    """About 1000 lines: a third for networks, a seventh for functions in the laws, a ninth for laws for all
    widths, a tenth for bounds and what is malformed."""
    assert code_lines(FILE) <= 1049


def test_a_terminal_that_knows_ascii_only(tmp_path: Path) -> None:
    path = tmp_path / "\u0416.json"
    path.write_text(json.dumps(changed(lambda d: d.update({"\u0416": 1}))))
    command = [sys.executable, "-I", "-X", "utf8=0", FILE, path]
    run = subprocess.run(
        command, capture_output=True, check=False, env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    )
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"REFUSED  the unknown key" in run.stderr
