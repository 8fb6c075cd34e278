"""`python -m tests.mutations [WORD ...]`: every mutant (that has one of these words in it) against its tests,
as a table.

The exit code is 1 when one survives.  Each runs in a fork of this process, which has imported what polylaw
and the tests need, but neither of them.
"""

from __future__ import annotations

import os
import resource
import sys
from dataclasses import astuple
from typing import Any

import flint  # noqa: F401
import hypothesis  # noqa: F401
import numpy  # noqa: F401
import pytest
import scipy.sparse  # noqa: F401
import sympy  # noqa: F401

from tests.mutations.mutants import MUTANTS, Mutant
from tests.mutations.patched import install

#: Seconds of a processor that the tests of one mutant get: who does not end is seen too.
_SECONDS = 60
#: Plain asserts: pytest reads the modules of an installed plugin, as polylaw is, with a loader of its own.
_OPTIONS = ("-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-n0")


class FirstFailure:
    """The name of the test that failed first."""

    name = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.name = self.name or report.nodeid


def outcome(tests: tuple[str, ...], mutant: Mutant | None = None) -> tuple[int, str]:
    """The exit code of pytest, negative where a signal ended it, and the test that failed."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code, seen = 70, FirstFailure()
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            if mutant is not None:
                resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
                install(*astuple(mutant)[:4])
            code = int(pytest.main([*_OPTIONS, *tests], plugins=[seen]))
        finally:
            os.write(writing, seen.name.encode())
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as told:
        name = told.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), name


def main(words: list[str]) -> int:
    """Print the table; 1 when a mutant survived or could not be tried."""
    chosen = [m for m in MUTANTS if not words or any(word in str(m) for word in words)]
    code, name = outcome(tuple(dict.fromkeys(test for m in chosen for test in m.tests)))
    if code:
        print(f"without a change: {name or f'exit code {code}'}")
        return 1
    alive = 0
    for mutant in chosen:
        code, name = outcome(mutant.tests, mutant)
        seen = name.partition("::")[2] if code == 1 else "does not end" if code < 0 else ""
        alive += not seen
        print(
            f"{mutant}\n    {seen or ('SURVIVED' if code == 0 else f'NOT TRIED: exit code {code}')}",
            flush=True,
        )
    print(f"{len(chosen)} mutants, {alive} survived")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
