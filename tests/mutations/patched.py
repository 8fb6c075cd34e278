"""One function of polylaw with a change: put into a module that is there, or read when it is imported.

The change is one of text in the function as `ast.unparse` writes it, so that it does not depend on how the
source is formatted."""

from __future__ import annotations

import ast
import functools
import importlib.abc
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
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


def replace_code(module: str, where: str, old: str, new: str) -> None:
    """From now on the function `where` of `module`, which was imported before, runs the change; `ValueError`
    where only another import brings it.

    What the function returned when modules were imported stays."""
    source = source_of(module)
    before, after = ast.parse(source), mutated(source, where, old, new)
    was, now = (body[place] for body, place in (found(before, where), found(after, where)))
    if not isinstance(was, ast.FunctionDef) or not isinstance(now, ast.FunctionDef):
        raise ValueError(f"{where}: no function")
    was.body = now.body
    if ast.unparse(was) != ast.unparse(now):
        raise ValueError(f"{where}: the change is not in the body")
    function = _function_of(module, where)
    codes = [c for c in _codes(compile(after, source, "exec")) if c.co_qualname == where]
    if function.__code__.co_qualname != where or not codes:
        raise ValueError(f"{where}: no code of this name")
    function.__code__ = codes[-1]


def _codes(code: CodeType) -> list[CodeType]:
    inner = [c for c in code.co_consts if isinstance(c, CodeType)]
    return inner + [c for each in inner for c in _codes(each)]


def _function_of(module: str, where: str) -> FunctionType:
    """The function as it was written, below its decorators."""
    value: Any = sys.modules[module]
    for name in where.split("."):
        value = vars(value).get(name)
        while not isinstance(value, FunctionType | type) or hasattr(value, "__wrapped__"):
            value = _inner(value)
    if not isinstance(value, FunctionType):
        raise ValueError(f"{where}: no function")
    return value


def _inner(value: Any) -> Any:
    if isinstance(value, property):
        return value.fget
    if isinstance(value, functools.cached_property):
        return value.func
    if not hasattr(value, "__wrapped__"):
        raise ValueError(f"{value!r} holds no function")
    return value.__wrapped__  # also of a static method and of a class method


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
