"""The floors of ARCHITECTURE.md: rooms import from lower ones only, at the top, inside functions, and for
types; and no modules import each other in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import polylaw

PACKAGE = Path(polylaw.__file__).parent
ARCHITECTURE = PACKAGE.parent / "ARCHITECTURE.md"
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


@cache
def floors() -> dict[str, int]:
    """The floor of each room, as the table says."""
    rows = re.findall(r"^\| (\d) \| ([^|]+) \|", ARCHITECTURE.read_text("utf-8"), re.MULTILINE)
    return {room: int(floor) for floor, rooms in rows for room in rooms.replace("\\", "").split(", ")}


def room(module: str) -> str:
    """The package, or the file beside the packages, that a module is in; the ground is one room."""
    name = [*module.split("."), "polylaw"][1]
    return "ground" if floors()[name] == 1 else "cli" if name == "__main__" else name


@cache
def imported(module: str) -> frozenset[str]:
    """All modules of the package that a module imports, wherever the statement stands."""
    return frozenset(_imported(module)) - {module}


def _imported(module: str) -> Iterator[str]:
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield from [inner] if inner in MODULES else [base] if base in MODULES else []


def test_there_are_at_most_eight_floors() -> None:
    assert sorted(set(floors().values())) == list(range(1, max(floors().values()) + 1))
    assert max(floors().values()) <= 8
    assert set(floors()) == {[*module.split("."), "polylaw"][1] for module in MODULES}


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    here, known = room(module), {**floors(), "ground": 1}
    assert [m for m in imported(module) if room(m) != here and known[room(m)] >= known[here]] == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: imported(module) for module in MODULES}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_what_goes_up_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "law.py"
    path.write_text("def f():\n    from polylaw.cli import main\n    return main\n", "utf-8")
    monkeypatch.setitem(MODULES, "polylaw.laws.law", path)
    assert imported("polylaw.laws.law") == {"polylaw.cli"}
    with pytest.raises(AssertionError):
        test_imports_go_down("polylaw.laws.law")
