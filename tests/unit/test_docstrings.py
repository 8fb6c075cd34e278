"""Every module can be imported, whichever extras are installed, and the examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import polylaw

MODULES = ["polylaw", *(m.name for m in pkgutil.walk_packages(polylaw.__path__, "polylaw."))]


def test_examples() -> None:
    results = [doctest.testmod(importlib.import_module(name)) for name in MODULES]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) >= 7
