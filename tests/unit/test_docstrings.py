"""Every module can be imported, whichever extras are installed, and the examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import polylaw

MODULES = ["polylaw", *(m.name for m in pkgutil.walk_packages(polylaw.__path__, "polylaw."))]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    modules = map(importlib.import_module, MODULES)
    assert sum(len(test.examples) for m in modules for test in doctest.DocTestFinder().find(m)) >= 7
