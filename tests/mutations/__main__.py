"""`python -m tests.mutations [WORD ...]`: every mutant (that has one of these words in it) against its tests,
as a table.

The exit code is 1 when one survives.  A process that has imported polylaw and collected the tests forks for
each, and the fork puts the change into the function that is there.  What is not seen in this way, or cannot
be done in it, is tried in a fork of a process that has imported neither of them, so that what is computed on
import has the change too.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from typing import Any, TextIO

import flint  # noqa: F401
import hypothesis  # noqa: F401
import jinja2  # noqa: F401
import numpy  # noqa: F401
import pytest
import scipy.optimize
import scipy.sparse  # noqa: F401
import sympy  # noqa: F401

from tests.mutations.mutants import MUTANTS, Mutant
from tests.mutations.patched import install, replace_code, tree_of

#: Seconds of a processor that the tests of one mutant get: who does not end is seen too.
_SECONDS = 60
#: Plain asserts: pytest reads the modules of an installed plugin, as polylaw is, with a loader of its own.
_OPTIONS = ("-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-n0")
#: What nothing ended with: neither pytest nor a signal.
_FAILED = 70


class FirstFailure:
    """The name of the test that failed first."""

    name = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.name = self.name or report.nodeid


Outcome = tuple[int, str]


def outcome(tests: tuple[str, ...], mutant: Mutant) -> Outcome:
    """The exit code of pytest, negative where a signal ended it, and the test that failed."""

    def run(seen: FirstFailure) -> int:
        install(*astuple(mutant)[:4])
        return int(pytest.main([*_OPTIONS, *tests], plugins=[seen]))

    return forked(run, FirstFailure(), _SECONDS)


def forked(run: Callable[[FirstFailure], int], seen: FirstFailure, seconds: int | None) -> Outcome:
    """What a fork of this process ended with, and the test that it saw fail."""
    with child() as (number, told):
        if not number:
            code = _FAILED
            try:
                silence()
                if seconds:
                    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
                code = run(seen)
            finally:
                told.write(seen.name)
                told.flush()
                os._exit(code)
        name = told.read()
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), name


@contextmanager
def child() -> Iterator[tuple[int, TextIO]]:
    """A fork: its number and what it tells to read here, 0 and where to tell there."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    number = os.fork()
    os.close(writing if number else reading)
    with os.fdopen(reading if number else writing, "r" if number else "w") as told:
        yield number, told


def silence() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)


class Quick:
    """A plugin of pytest that runs what was collected in forks: once without a change, then for every mutant
    with the change in what was imported."""

    def __init__(self, mutants: list[Mutant], seen: FirstFailure, told: TextIO) -> None:
        self.mutants, self.seen, self.told = mutants, seen, told

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        caches = [x for x in gc.get_objects() if isinstance(x, functools._lru_cache_wrapper)]
        self.tell(forked(lambda _: self.run(session.items), self.seen, None))
        for mutant in self.mutants:
            tree_of(mutant.module)
        gc.freeze()  # no fork copies what it only looks at
        for mutant in self.mutants:

            def run(_: FirstFailure, mutant: Mutant = mutant) -> int:
                replace_code(*astuple(mutant)[:4])
                for cache in caches:
                    cache.cache_clear()
                items = [item for test in mutant.tests for item in session.items if of(item, test)]
                return self.run([*dict.fromkeys(items)])

            self.tell(forked(run, self.seen, _SECONDS))
        return True

    def run(self, items: list[pytest.Item]) -> int:
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.seen.name:
                return 1
        return 0

    def tell(self, outcome: Outcome) -> None:
        self.told.write(json.dumps(outcome) + "\n")
        self.told.flush()


def of(item: pytest.Item, test: str) -> bool:
    """Whether it is this test, or is in this module."""
    return item.nodeid == test or item.nodeid.startswith((f"{test}::", f"{test}["))


def quick_outcomes(mutants: list[Mutant]) -> Iterator[Outcome]:
    """First without a change, then for every mutant; it ends early when the tests cannot be collected."""
    with child() as (number, told):
        if not number:
            try:
                silence()
                seen, tests = FirstFailure(), dict.fromkeys(test for m in mutants for test in m.tests)
                pytest.main([*_OPTIONS, *tests], plugins=[seen, Quick(mutants, seen, told)])
            finally:
                os._exit(0)
        for line in told:
            code, name = json.loads(line)
            yield code, name
    os.waitpid(number, 0)


def is_seen(outcome: Outcome) -> bool:
    """A test failed, or it does not end."""
    code, name = outcome
    return code < 0 or (code == 1 and bool(name))


def main(words: list[str]) -> int:
    """Print the table; 1 when a mutant survived or could not be tried."""
    chosen = [m for m in MUTANTS if not words or any(word in str(m) for word in words)]
    if not chosen:
        print(f"no mutant is called {' or '.join(words)}")
        return 1
    outcomes = quick_outcomes(chosen)
    code, name = next(outcomes, (_FAILED, ""))
    if code:
        print(f"without a change: {name or f'exit code {code}'}")
        return 1
    alive = again = 0
    for mutant, quick in zip(chosen, outcomes, strict=True):
        found = quick if is_seen(quick) else outcome(mutant.tests, mutant)
        again += found is not quick
        code, name = found
        seen = (name.partition("::")[2] or "does not end") if is_seen(found) else ""
        alive += not seen
        print(
            f"{mutant}\n    {seen or ('SURVIVED' if code == 0 else f'NOT TRIED: exit code {code}')}",
            flush=True,
        )
    print(f"{len(chosen)} mutants, {again} of them imported anew, {alive} survived")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
