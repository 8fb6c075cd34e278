"""Every module can be imported, whichever extras are installed, and the examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
from pathlib import Path

import polylaw

MODULES = ["polylaw", *(m.name for m in pkgutil.walk_packages(polylaw.__path__, "polylaw."))]


def test_examples() -> None:
    with_examples = [name for name in MODULES if ">>> " in _source(name)]
    results = [doctest.testmod(importlib.import_module(name)) for name in with_examples]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) >= 7


def _source(name: str) -> str:
    spec = importlib.util.find_spec(name)
    return Path(str(spec and spec.origin)).read_text("utf-8")
