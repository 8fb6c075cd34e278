"""How commands end: exit codes, what they leave on disk and on standard output, each as a process of its
own."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from polylaw.cli import exits
from polylaw.errors import VerificationError
from tests.proof.certificates import certificate

COMMAND = [sys.executable, "-m", "polylaw"]


def ended(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A command that came to its end."""
    return subprocess.run([*COMMAND, *arguments], check=False, timeout=120, stderr=subprocess.PIPE, **options)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a certificate of laws, one of words and a model."""
    certificate("linear").save(tmp_path / "c.json")
    (tmp_path / "e.toml").write_text('[ode]\nx = "y"\ny = "-x"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


WRITERS = [
    ("certify", "e.toml", "-o"),
    ("words", "linear:*", "-o"),
    ("prove", "c.json", "-o"),
    ("appendix", "c.json", "--to", "md", "-o"),
    ("appendix", "c.json", "--to", "pdf", "-o"),
]


def mostly(quick: str, table: list[tuple[str, ...]]) -> list[Any]:
    """Rows of one command are quick, the others slow."""
    return [pytest.param(words, marks=[pytest.mark.slow] * (words[0] != quick)) for words in table]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# -- where results go ------------------------------------------------------------------------------
@pytest.mark.parametrize("words", mostly("prove", WRITERS), ids=" ".join)
def test_minus_is_standard_output(polylaw: Any, folder: Path, words: tuple[str, ...]) -> None:
    """The bytes of the file, and nothing else; what is said besides is on standard error."""
    if "pdf" in words:
        pytest.importorskip("typst")
    polylaw(*words, "file")
    done = ended(*words, "-", stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout) == (0, (folder / "file").read_bytes())
    assert done.stderr
    assert "-" not in names(folder)
    json_too = ended(*words[:2], "--json", "-o", "-", stdout=subprocess.PIPE)
    assert json_too.returncode == 2
    assert json_too.stdout == b""


@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
def test_pipes_and_links(polylaw: Any, folder: Path, words: tuple[str, ...]) -> None:
    if "pdf" in words:
        pytest.importorskip("typst")
    polylaw(*words, "file")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("target")
    with subprocess.Popen(["cat", "pipe"], stdout=subprocess.PIPE) as reader:
        assert polylaw(*words, "pipe").code == 0
        assert reader.communicate(timeout=60)[0] == (folder / "file").read_bytes()
    assert (folder / "pipe").is_fifo()
    assert polylaw(*words, "link").code == 0
    assert (folder / "link").is_symlink()
    assert (folder / "target").read_bytes() == (folder / "file").read_bytes()


@pytest.mark.parametrize("words", WRITERS, ids=" ".join)
def test_a_full_device(polylaw: Any, folder: Path, words: tuple[str, ...]) -> None:
    """A copy of /dev/full, made where it can do no harm."""
    if "pdf" in words:
        pytest.importorskip("typst")
    try:
        os.mknod("full", 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        (folder / "full").write_bytes(b"")
    except OSError:
        pytest.skip("this user, or this file system, has no devices")
    run = polylaw(*words, "full")
    line = (
        "polylaw: full: found 'No space left on device', expected a file that can be written; check the "
        "path\n"
    )
    assert (run.code, run.err) == (2, line)
    assert (folder / "full").is_char_device()


@pytest.mark.parametrize("words", [*WRITERS, ("bundle", "c.json", "-o")], ids=" ".join)
def test_an_output_never_overwrites_an_input(polylaw: Any, folder: Path, words: tuple[str, ...]) -> None:
    if words[0] == "words":
        words = ("words", "e.toml", "-o")
    source = folder / words[1]
    before = source.read_bytes()
    (folder / "soft").symlink_to(source)
    (folder / "hard").hardlink_to(source)
    for name in (words[1], "soft", "hard", f"../{folder.name}/{words[1]}"):
        run = polylaw(*words, name)
        assert (run.code, run.out) == (2, "")
        assert run.err.count("\n") == 1
    assert source.read_bytes() == before
    assert names(folder) == {"c.json", "e.toml", "soft", "hard"}


@pytest.mark.parametrize("words", mostly("prove", [*WRITERS, ("bundle", "c.json", "-o")]), ids=" ".join)
def test_a_limit_on_the_size_of_files(folder: Path, words: tuple[str, ...]) -> None:
    """One line, exit code 2, nothing on disk."""
    if "pdf" in words:
        pytest.importorskip("typst")
    done = ended(
        *words,
        "new",
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512)),
    )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("polylaw: new: found 'File too large', expected a f")
    assert done.stderr.count(b"\n") == 1
    assert names(folder) == {"c.json", "e.toml"}


def test_bundle_onto_a_file_or_nothing(polylaw: Any, folder: Path) -> None:
    for name, words in (
        ("e.toml", "found 'a file', expected a new or empty folder"),
        ("-", "found 'standard output', expected the name of a folder"),
        ("no/where", "found 'No such file or directory'"),
    ):
        run = polylaw("bundle", "c.json", "-o", name)
        assert (run.code, run.out, words in run.err) == (2, "", True)
    assert names(folder) == {"c.json", "e.toml"}


def test_a_bundle_of_words_has_no_empty_folder(polylaw: Any, folder: Path) -> None:
    assert polylaw("words", "linear:*", "-o", "w.json").code == 0
    assert polylaw("bundle", "w.json", "-o", "b").code == 0
    assert all(any(path.iterdir()) for path in [folder / "b", *(folder / "b").rglob("*")] if path.is_dir())


@pytest.mark.slow
def test_certificates_from_a_pipe(folder: Path) -> None:
    maker = subprocess.Popen(
        [*COMMAND, "certify", "e.toml", "-o", "-"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with maker:
        done = ended("verify", "/dev/stdin", stdin=maker.stdout, stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")


def test_what_comes_next_can_be_pasted(polylaw: Any, folder: Path) -> None:
    (folder / "e.toml").rename("-dash.toml")
    run = polylaw("find", "--", "-dash.toml")
    assert "polylaw count ./-dash.toml" in run.out
    run = polylaw("certify", "./-dash.toml", "-o", "-c.json")
    assert run.out.endswith("next: polylaw verify ./-c.json\n")
    assert polylaw("verify", "./-c.json").code == 0


# -- standard output -------------------------------------------------------------------------------
PRINTERS: list[tuple[str, ...]] = [
    ("--help",),
    ("--version",),
    ("models",),
    ("find", "linear:2,1,2"),
    ("find", "linear:2,1,2", "--json"),
    ("check", "linear:2,1,2", "U1_1_1"),
    ("verify", "c.json"),
    ("certify", "e.toml", "-o", "-"),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", mostly("check", PRINTERS), ids=" ".join)
def test_a_full_standard_output(folder: Path, words: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        done = ended(*words, stdout=full)
    line = (
        b"polylaw: standard output: found 'No space left on device', expected room for what is printed; "
        b"is the disk full?\n"
    )
    assert (done.returncode, done.stderr) == (2, line)


@pytest.mark.parametrize("words", mostly("verify", PRINTERS), ids=" ".join)
def test_a_closed_pipe(folder: Path, words: tuple[str, ...]) -> None:
    """As other programs that get SIGPIPE: 141, and no word."""
    read, write = os.pipe()
    os.close(read)
    done = ended(*words, stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.slow
def test_a_closed_standard_output(folder: Path) -> None:
    done = ended("check", "linear:2,1,2", "U1_1_1", preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_standard_error_leaves_the_exit_code(folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        assert (
            subprocess.run([*COMMAND, "find", "zebra"], stderr=full, check=False, timeout=60).returncode == 2
        )


@pytest.mark.slow
def test_names_in_other_alphabets_where_the_locale_is_c(folder: Path) -> None:
    (folder / "e.toml").rename("fünf.toml")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = ended("find", "fünf.toml", stdout=subprocess.PIPE, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith("fünf   n = 2")


# -- exit codes ------------------------------------------------------------------------------------
#: A command that is interrupted from outside when it is at work: at the tenth look at its budget.
INTERRUPTED = """
import signal, sys
from itertools import count
from polylaw.__main__ import main
from polylaw.budget import Budget
check, looks = Budget.check, count()
signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it

def interrupted(budget, *arguments):
    if next(looks) == 10:
        signal.raise_signal(signal.SIGINT)
    check(budget, *arguments)

Budget.check = interrupted
sys.argv = ["polylaw", "darboux", "linear:2,2,2", "--degree", "3", "--max-seconds", "60"]
main()
"""


def test_an_interruption() -> None:
    run = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "interrupted\n")


def test_an_interruption_while_it_is_loaded(folder: Path) -> None:
    code = "import sys; sys.modules['polylaw.cli'] = None\n"
    code += "import builtins; real = builtins.__import__\n"
    code += (
        "def stop(name, *rest):\n    if name == 'polylaw.cli': raise KeyboardInterrupt\n    return "
        "real(name, *rest)\n"
    )
    code += "builtins.__import__ = stop\nfrom polylaw.__main__ import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (130, b"interrupted\n")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (
            ZeroDivisionError("by\nzero"),
            70,
            "ZeroDivisionError: by?zero: this is a defect in polylaw, please report it (POLYLAW",
        ),
        (RecursionError("too deep"), 70, "RecursionError: too deep: this is a defect in polylaw"),
        (ImportError("cannot allocate memory"), 70, "ImportError: cannot allocate memory"),
        (AssertionError(), 70, "AssertionError: : this is a defect"),
        (
            VerificationError("laws", 1, "laws"),
            70,
            "VerificationError: laws: found 1, expected laws: this is a defect",
        ),
        (MemoryError(), 3, "out of memory: lower the degree"),
        (
            PermissionError(13, "Permission denied", "x"),
            2,
            "x: found 'Permission denied', expected what polylaw needs to run",
        ),
        (OSError(24, "Too many open files"), 2, "the system: found 'Too many open files'"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (SystemExit(1), 1, ""),
    ],
)
def test_what_ends_a_command(
    polylaw: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, words: str
) -> None:
    """Nothing but a refutation ends with 1, and nothing shows a traceback that nobody asked for."""

    def raises(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("polylaw.cli.options.budget_of", raises)
    monkeypatch.setattr("polylaw.laws.search.find_laws", raises)
    run = polylaw("find", "linear:2,1,2", "--degree", "1")
    assert (run.code, run.out) == (code, "")
    assert words in run.err
    assert run.err.count("\n") == bool(words)
    monkeypatch.setenv(exits.TRACEBACK, "1")
    assert ("Traceback" in polylaw("find", "linear:2,1,2").err) == (code == 70)


def test_verify_reads_before_it_judges(polylaw: Any, folder: Path) -> None:
    """A file that cannot be read is bad input, 2; what is too big is undecided, 3; a certificate that does
    not hold is refused, 1."""
    wrong: dict[str, str | bytes] = {
        "nothere.json": "",
        "e.toml": "e.toml: found ",
        "folder": "found 'Is a directory'",
        "empty.json": "empty.json: found ",
        "latin.json": "latin.json: found ",
        "deep.json": "deep.json: found ",
        "null\0.json": "null",
        "object.json": "object.json: certificate: found ",
        "real.json": "real.json: found ",
    }
    (folder / "folder").mkdir()
    (folder / "empty.json").touch()
    (folder / "latin.json").write_bytes(b'{"\xe9": 1}')
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "object.json").write_text("{}")
    (folder / "real.json").write_text("[0.5]")
    verbs: list[Callable[[str], Any]] = [
        lambda name: polylaw("verify", name),
        lambda name: polylaw("verify", name, "--json"),
        lambda name: polylaw("prove", name, "-o", "new"),
        lambda name: polylaw("appendix", name, "-o", "new.md"),
        lambda name: polylaw("bundle", name, "-o", "new"),
    ]
    for name, words in wrong.items():
        for verb in verbs:
            run = verb(name)
            assert (run.code, run.err.count("\n")) == (3 if name == "deep.json" else 2, 1), (name, run)
            assert words in run.err
    certificate = json.loads((folder / "c.json").read_text())
    certificate["laws"][0]["polynomial"][0][0] = "7"
    (folder / "bad.json").write_text(json.dumps(certificate))
    assert polylaw("verify", "c.json", "bad.json").code == 1
    assert "new" not in names(folder)


# -- JSON ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "words",
    [
        ("find", "linear:3,3,3", "--on", "balanced"),
        ("check", "linear:3,3,3", "U1_1_1", "--on", "balanced"),
        ("relations", "linear:2,3,2"),
        ("find", "linear:2,3,2"),
        ("count", "linear:2,3,2"),
        ("check", "linear:2,3,2", "U1_1_1"),
        ("darboux", "linear:2,3,2"),
    ],
    ids=" ".join,
)
def test_json_comes_also_where_a_bound_is_hit(polylaw: Any, words: tuple[str, ...]) -> None:
    run = polylaw(*words, "--json", "--max-seconds", "1e-9")
    data = json.loads(run.out)
    assert run.code == (1 if data.get("verdict") == "refuted" else 3)
    if words[0] == "relations":
        assert (data["schema"], data["verdict"]) == ("polylaw-undecided-1", "undecided")
        assert run.err == f"polylaw: {data['reason']}\n"
        assert polylaw(*words, "--max-seconds", "1e-9").out == ""


def test_json_where_memory_is_over(polylaw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("polylaw.laws.search.find_laws", raises)
    run = polylaw("find", "linear:2,1,2", "--json")
    assert (run.code, json.loads(run.out)["reason"]) == (3, run.err.removeprefix("polylaw: ").strip())


def test_json_of_certificates(polylaw: Any, folder: Path) -> None:
    run = polylaw("certify", "e.toml", "-o", "new.json", "--json")
    sha = json.loads((folder / "new.json").read_text())["sha256"]
    claims = ["conserved", "independent", "max_laws", "exactly", "complete"]
    expected = {
        "schema": "polylaw-certify-1",
        "file": "new.json",
        "claims": claims,
        "sha256": sha,
        "complete": True,
    }
    assert (run.code, json.loads(run.out)) == (0, expected)
    (folder / "bad.json").write_text((folder / "new.json").read_text().replace('"count":1', '"count":2'))
    run = polylaw("verify", "new.json", "bad.json", "--json")
    data = json.loads(run.out)
    assert (run.code, data["schema"]) == (1, "polylaw-verify-1")
    assert [(file["file"], file["holds"]) for file in data["certificates"]] == [
        ("new.json", True),
        ("bad.json", False),
    ]


# -- options ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "relations linear:1,2,1 --express U1_1_1 --at U1_1_1=1",
            "--at: found 'U1_1_1=1', expected no --at beside --express",
        ),
        (
            "relations linear:1,2,1 --express U1_1_1 --up-to 3",
            "--up-to: found 3, expected no --up-to beside --express",
        ),
        ("find linear:1,2,1 --on balanced --jobs 2", "--jobs: found 2, expected no --jobs beside --on"),
        (
            "find linear:1,2,1 --on balanced --augment log(*)",
            "--on: found '--augment beside it', expected a set in the state of",
        ),
        (
            "count e.toml --route brackets",
            "--route: found 'brackets', expected no --route beside functions of the state",
        ),
        ("words linear:* tr(U1) --widths l=2", "--widths: found 'l=2', expected no --widths beside WORD"),
        ("words linear:* tr(U1) --length 3", "--length: found 3, expected no --length beside WORD"),
        (
            "find linear:1,2,1 --flow gradient --damping 1",
            "damping: found '1', expected no damping for a flow of kind gradient",
        ),
        (
            "words linear:* --flow gradient --damping 1",
            "damping: found '1', expected no damping for a flow of kind gradient",
        ),
        ("find m.toml --damping 1", "damping: found '1', expected no damping for a flow of kind ode"),
        ("relations linear:1,2,1 --at U1_1_1=1 --up-to 3", "--up-to: found 3"),
    ],
)
def test_options_that_would_be_ignored(polylaw: Any, folder: Path, words: str, message: str) -> None:
    (folder / "m.toml").write_bytes((folder / "e.toml").read_bytes())
    (folder / "e.toml").write_text('[ode]\nx = "sqrt(x)"\n')
    run = polylaw(*words.split())
    assert (run.code, run.out) == (2, "")
    assert message in run.err
