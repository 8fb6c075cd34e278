"""Run one command as a child: `stopwatch.py LIMIT OUTPUT COMMAND...` prints its wall time, peak memory and
exit code.

A script of its own, on nothing but the standard library, because the peak memory the kernel reports for a
child begins at that of the process that starts it: this one is small, the benchmark is not.  After LIMIT
seconds the child is killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time


def main() -> None:
    """Standard output of the command goes to the file OUTPUT, standard error is passed through."""
    limit, output, *command = sys.argv[1:]
    to_file = (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[to_file])
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(int(limit))
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    signal.alarm(0)
    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, kibibytes on Linux
    print(
        json.dumps(
            {
                "seconds": seconds,
                "megabytes": usage.ru_maxrss * unit / 1e6,
                "code": os.waitstatus_to_exitcode(status),
            }
        )
    )


if __name__ == "__main__":
    main()
