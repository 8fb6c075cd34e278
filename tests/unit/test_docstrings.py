"""Every module can be imported, whichever extras are installed, and the examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import polylaw

MODULES = ["polylaw", *(m.name for m in pkgutil.walk_packages(polylaw.__path__, "polylaw."))]


def test_examples() -> None:
    modules = [importlib.import_module(name) for name in MODULES]
    with_examples = [m for m in modules if ">>> " in Path(str(m.__file__)).read_text("utf-8")]
    results = [doctest.testmod(module) for module in with_examples]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) >= 7
