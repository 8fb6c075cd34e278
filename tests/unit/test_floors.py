"""The plan of the house: no module imports, however indirectly, itself; and imports go to the same room or to
a lower floor.  All imports count, those inside functions and those for types alone too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import polylaw

ROOT = Path(polylaw.__file__).parent
#: From the ground up, rooms as the modules and packages of polylaw that they hold: the small tools of the
#: ground floor are one room, and so is the entrance.  The package itself is "polylaw".
FLOORS = (
    ("errors arguments lists files frozen workers truth budget version",),
    ("algebra",),
    ("models",),
    ("flows",),
    ("laws",),
    ("domains",),
    ("verbs", "report", "proof", "readers"),
    ("testing", "cli __main__ polylaw"),
)
#: name of a module or package: its room, and the floor of that
ROOMS = {name: (rooms, i) for i, floor in enumerate(FLOORS, 1) for rooms in floor for name in rooms.split()}
#: name of a module: its file
MODULES = {
    ".".join(("polylaw", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}


def top(module: str) -> str:
    """The module or package of polylaw that a module is, or lies in."""
    return module.split(".")[1] if "." in module else module


def imported(module: str) -> set[str]:
    """The modules of polylaw that a module names in its imports; of a package only its own file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            found.update(_from(module, node))
    return found - {module}


def _from(module: str, node: ast.ImportFrom) -> Iterator[str]:
    base = node.module or ""
    if node.level:
        package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
        parts = package.split(".")[: len(package.split(".")) + 1 - node.level]
        base = ".".join([*parts, *([node.module] if node.module else [])])
    for alias in node.names:
        inside = f"{base}.{alias.name}"
        if inside in MODULES:
            yield inside
        elif base in MODULES:
            yield base


GRAPH = {module: imported(module) for module in MODULES}


def test_every_module_has_a_room() -> None:
    assert {top(module) for module in MODULES} == set(ROOMS)
    assert len(FLOORS) <= 8


def test_no_module_imports_itself() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None


def test_imports_go_down() -> None:
    wrong = []
    for module, others in GRAPH.items():
        room, floor = ROOMS[top(module)]
        for other in sorted(others):
            its_room, its_floor = ROOMS[top(other)]
            if its_room != room and its_floor >= floor:
                wrong.append(f"{module} (floor {floor}) imports {other} (floor {its_floor})")
    assert wrong == []
