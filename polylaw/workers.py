"""Worker processes that end with the process that started them, in whatever way that ends.

A worker that waits for work does not notice that nobody is left to send any: it would wait for ever, and hold
open what it inherited, such as the pipe that the command wrote to.  So each one watches its parent.  On Linux
the kernel does, which also ends a worker that is in the middle of a long computation; elsewhere a thread
does, which has to wait for that.
"""

from __future__ import annotations

import ctypes
import errno
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager

from polylaw.errors import BudgetError, InputError

#: `PR_SET_PDEATHSIG` of <linux/prctl.h>: the signal that this process gets when its parent ends.
_SET_DEATH_SIGNAL = 1
_TOO_MANY = (errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


@contextmanager
def workers(jobs: int) -> Iterator[Executor]:
    """A pool of so many processes, which are gone when the work inside is over, also when it failed.

    Raises `InputError` when the system allows no more processes or open files, `BudgetError` when it ended
    one.
    """
    others = set(multiprocessing.active_children())
    try:
        with ProcessPoolExecutor(jobs, initializer=_end_with_parent) as executor:
            try:
                yield executor
            except BaseException:  # nobody waits for what they are doing
                for process in set(multiprocessing.active_children()) - others:
                    process.kill()
                raise
    except BrokenExecutor:
        hint = "one of them was ended; take fewer"
        raise BudgetError("jobs", jobs, "memory for so many processes", hint) from None
    except OSError as error:
        if error.errno not in _TOO_MANY:
            raise
        hint = f"{error.strerror}; take fewer"
        raise InputError("jobs", jobs, "as many processes as the system allows", hint) from None


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # in a worker
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: multiprocessing.process.BaseProcess) -> None:
    """End this process when the parent has, also if it did so before the kernel was asked."""
    parent.join()
    os._exit(1)
