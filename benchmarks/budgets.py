"""Whether `--max-seconds` holds, for every command, on inputs that would take far longer.

Written by `python -m benchmarks.budgets`: seconds of the whole process, against 1.5 times the bound and one
second more for the start and the end.  Wall time is what a user waits, processor time what that is on an
idle machine: LATE if this is too long, busy if only the wall time is.
"""

from __future__ import annotations

import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BOUND = 3.0
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_ENDS = {0: "yes", 1: "no", 2: "bad input", 3: "undecided"}
#: The slowest inputs known, and what they need first.
COMMANDS = (
    ("", "find linear:6,6,6 --degree 6"),
    ("", "find relu:12,12,12,12 --degree 4"),
    ("", "find linear:2,4,2 --on balanced --degree 4"),
    ("", "find nmf:3,3,3 --augment log(*) --degree 4"),
    ("", "count attention:d1=6,dim=6,heads=2"),
    ("", "count linear:9,9,9,9 --route brackets"),
    ("", 'check linear:12,12,12 "tr((U1*U2)^6)"'),
    ("", "darboux examples/systems/euler_top.toml --degree 6"),
    ("", "relations linear:2,3,2 --degree 4 --up-to 6"),
    ("", "words linear:*,*,*,* --length 6"),
    ("", 'words attention:d1=*,dim=*,heads=* "[h] Q[h,a,n] dQ[h,a,n]" --flow momentum'),
    ("", "certify linear:5,5,5 --degree 4 -o c.json"),
    ("certify linear:6,6,6 -o big.json", "verify big.json"),
    ("certify linear:6,6,6 -o big.json", "appendix big.json -o big.md"),
    ("certify linear:6,6,6 -o big.json", "prove big.json -o big.v"),
)


def run(command: str, folder: str) -> tuple[float, float, str]:
    """Seconds of wall time and of processor time (with children) of one command, and what it ended with."""
    words = [sys.executable, "-m", "polylaw", *shlex.split(command)]
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, cwd=folder, capture_output=True, check=False, env=os.environ | _ONE_THREAD)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, _ENDS.get(done.returncode, f"crashed ({done.returncode})")


def main() -> int:
    """The table; 1 if a bound did not hold."""
    late, most = 0, 1.5 * BOUND + 1
    print(f"{'allowed':>8}{'wall':>8}{'CPU':>8}  verdict    polylaw ... --max-seconds {BOUND:g}")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(Path(__file__).parents[1] / "examples")
        for first, command in COMMANDS:
            if first:
                run(first, folder)
            wall, processor, end = run(f"{command} --max-seconds {BOUND:g}", folder)
            late += processor > most
            verdict = "LATE" if processor > most else "busy" if wall > most else "holds"
            print(f"{most:8.2f}{wall:8.2f}{processor:8.2f}  {verdict:9}  {command}: {end}", flush=True)
    return min(late, 1)


if __name__ == "__main__":
    sys.exit(main())
