"""Reading one module of polylaw with a change in one function.

The change is one of text in the function as `ast.unparse` writes it, so that it does not depend on how the
source is formatted."""

from __future__ import annotations

import ast
import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import Any


def source_of(module: str) -> str:
    """The text of a module of polylaw, which is not imported."""
    return (Path(__file__).parents[2].joinpath(*module.split(".")).with_suffix(".py")).read_text("utf-8")


def install(module: str, where: str, old: str, new: str) -> None:
    """From now on `module`, which was not imported before, is read with the change; `ValueError` where that
    cannot be."""
    assert module not in sys.modules
    mutated(source_of(module), where, old, new)
    sys.meta_path.insert(0, _Finder(module, where, old, new))


def mutated(source: str, where: str, old: str, new: str) -> ast.Module:
    """The module with `old`, which occurs once in the function (or class, or assigned name) `where`, replaced
    by `new`; `ValueError` where that cannot be."""
    tree = ast.parse(source)
    body, place = found(tree, where)
    text = ast.unparse(body[place])
    if text.count(old) != 1:
        raise ValueError(f"{where}: {old!r} occurs {text.count(old)} times, not once, in\n{text}")
    body[place : place + 1] = ast.parse(text.replace(old, new)).body
    return ast.fix_missing_locations(tree)


def found(tree: ast.Module, where: str) -> tuple[list[ast.stmt], int]:
    """The statements among which what is called `where` stands, and its place there."""
    return _find(tree.body, where.split("."))


def _find(body: list[ast.stmt], names: Sequence[str]) -> tuple[list[ast.stmt], int]:
    """The last of that name: before it may stand its types for several kinds of arguments."""
    for i, node in reversed(list(enumerate(body))):
        if _name(node) == names[0]:
            return (body, i) if len(names) == 1 else _find(node.body, names[1:])  # type: ignore[attr-defined]
    raise ValueError(f"no {names[0]!r}")


def _name(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    return getattr(node, "name", None)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, module: str, *change: str) -> None:
        self.module, self.change = module, change

    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == self.module else None
        if spec is not None:
            assert spec.origin is not None
            spec.loader = _Loader(self.change, name, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, change: tuple[str, ...], name: str, path: str) -> None:
        super().__init__(name, path)
        self.change = change

    def get_code(self, fullname: str) -> Any:
        return compile(mutated(self.get_source(fullname) or "", *self.change), self.path, "exec")
