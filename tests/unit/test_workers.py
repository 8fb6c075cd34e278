"""Worker processes are gone when the process that started them is, in whatever way it ended."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from polylaw.errors import BudgetError, InputError
from polylaw.workers import workers

#: Nothing is measured: who waits longer hangs.
_LONG = 300.0


def gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except ProcessLookupError:
        return True
    except FileNotFoundError:  # ended in between, or a system without such a list
        return Path("/proc/self").exists()


def wait_until_gone(pids: list[int]) -> None:
    end = time.monotonic() + _LONG
    while not all(map(gone, pids)):
        assert time.monotonic() < end, "workers are still there"
        time.sleep(0.05)


#: what the workers do meanwhile: nothing, or one computation that never lets another thread run
WORK = {"idle": "", "busy": "[executor.submit(sum, range(10**15)) for _ in range(2)]; time.sleep(1)"}


@contextmanager
def parent(work: str = "", before: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process with two workers; once it was ended, they are gone and whoever reads what it printed comes to
    the end."""
    code = f"""
        import multiprocessing, time
        {before}
        from polylaw.workers import workers
        with workers(2) as executor:
            list(executor.map(time.sleep, [0.5, 0.5]))
            {work}
            print(*[process.pid for process in multiprocessing.active_children()], flush=True)
            time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        assert len(pids) == 2
        yield process
        wait_until_gone([process.pid, *pids])
        assert process.stdout.read() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("work", WORK)
def test_workers_end_with_their_parent(number: int, work: str) -> None:
    with parent(WORK[work]) as process:
        process.send_signal(number)


def test_without_the_kernel_a_thread_watches() -> None:
    with parent(before='import sys; sys.platform = "darwin"') as process:
        process.kill()


def test_nobody_waits_for_workers_when_the_work_failed() -> None:
    begun: list[Future[Any]] = []

    def fail(executor: Executor) -> None:
        begun.extend(executor.submit(*task) for task in ((os.getpid,), (time.sleep, _LONG)))
        begun[0].result()
        raise KeyError

    with pytest.raises(KeyError), workers(1) as executor:
        fail(executor)
    assert isinstance(begun[1].exception(), BrokenExecutor)
    wait_until_gone([begun[0].result()])


def test_a_worker_that_is_ended_is_a_bound() -> None:
    with (
        pytest.raises(BudgetError, match="jobs: found 1, expected memory for so many processes"),
        workers(1) as executor,
    ):
        executor.submit(os._exit, 1).result()


def test_a_bound_on_open_files_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """More workers than the system allows: no hang, no workers left."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 20
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 12, before[1]))
    try:
        with pytest.raises(InputError, match="Too many open files; take fewer"), workers(32) as executor:
            executor.submit(os.getpid).result()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_answers_come_back() -> None:
    with workers(2) as executor:
        assert list(executor.map(abs, range(-3, 0))) == [3, 2, 1]
