"""Runs the commands of `commands.txt` in one process, each group in an empty folder with `examples/` in
it."""

from __future__ import annotations

import io
import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from polylaw.cli import main

__all__ = ["EXPECTED", "groups", "outputs"]

HERE = Path(__file__).parent
EXPECTED = HERE / "expected"
ROOT = HERE.parents[1]


def groups() -> dict[str, list[str]]:
    """The commands by the name of their group, which stands in brackets above them."""
    found: dict[str, list[str]] = {}
    for line in (HERE / "commands.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name].append(line)
    return found


def outputs() -> Iterator[tuple[str, str]]:
    """(name of a group, everything its commands print and write)"""
    for name in groups():
        yield name, output_of(name)


def output_of(group: str) -> str:
    """What the commands of one group print and write, with their exit codes."""
    with _folder():
        return "\n".join(_run(command) for command in groups()[group])


@contextmanager
def _folder() -> Iterator[None]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _run(command: str) -> str:
    """One command: `file <<TEXT` writes a file of lines parted by | instead."""
    if " << " in command:
        path, _, text = command.partition(" << ")
        Path(path).write_text(text.replace(" | ", "\n") + "\n", "utf-8")
        return f"$ {command}\n"
    known = {p: p.stat().st_mtime_ns for p in _files()}
    out, err, code, before = io.StringIO(), io.StringIO(), 0, sys.argv
    sys.argv = ["polylaw", *shlex.split(command)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.argv = before
    lines = [
        f"$ polylaw {command}\n",
        out.getvalue(),
        *([f"-- stderr\n{err.getvalue()}"] if err.getvalue() else []),
    ]
    written = [p for p in _files() if known.get(p) != p.stat().st_mtime_ns]
    return "".join([*lines, *([f"-- exit code {code}\n"] if code else []), *map(_shown, written)])


def _files() -> list[Path]:
    return sorted(p for p in Path().rglob("*") if p.is_file() and "examples" not in p.parts)


def _shown(path: Path) -> str:
    """A file that was written; of a PDF, whose bytes depend on the version of typst, only that it is one."""
    raw = path.read_bytes()
    return f"-- wrote {path}\n{'a PDF' if raw.startswith(b'%PDF') else raw.decode('utf-8')}\n"
