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


@functools.cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(source_of(module))


def replace_code(module: str, where: str, old: str, new: str) -> None:
    """From now on the function `where` of `module`, which was imported before, runs the change; `ValueError`
    where only another import brings it.

    What the function returned when modules were imported stays."""
    body, place = found(tree_of(module), where)
    was, now = body[place], _changed(body[place], where, old, new)
    if not isinstance(was, ast.FunctionDef) or [type(node) for node in now] != [ast.FunctionDef]:
        raise ValueError(f"{where}: no function")
    head = ast.copy_location(ast.FunctionDef(**{**dict(ast.iter_fields(was)), "body": now[0].body}), was)
    if ast.unparse(head) != ast.unparse(now[0]):
        raise ValueError(f"{where}: the change is not in the body")
    for name in reversed(where.split(".")[:-1]):
        now = [ast.ClassDef(name=name, bases=[], keywords=[], body=now, decorator_list=[])]
    # no other line of the module is compiled again, nor is an annotation looked at
    alone = ast.Module([*ast.parse("from __future__ import annotations").body, *now], [])
    code = compile(ast.fix_missing_locations(alone), sys.modules[module].__file__ or "", "exec")
    function = _function_of(module, where)
    [changed] = [c for c in _codes(code) if c.co_qualname == where]
    if function.__code__.co_qualname != where:
        raise ValueError(f"{where}: no code of this name")
    function.__code__ = changed


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
    body[place : place + 1] = _changed(body[place], where, old, new)
    return ast.fix_missing_locations(tree)


def _changed(node: ast.stmt, where: str, old: str, new: str) -> list[ast.stmt]:
    text = ast.unparse(node)
    if text.count(old) != 1:
        raise ValueError(f"{where}: {old!r} occurs {text.count(old)} times, not once, in\n{text}")
    return ast.parse(text.replace(old, new)).body


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
