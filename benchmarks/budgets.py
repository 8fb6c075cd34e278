"""Whether `--max-seconds` holds, for every command, on inputs that would take far longer.

Written by `python -m benchmarks.budgets`: seconds of wall time of the whole process, against 1.5 times the
bound and one second more for the start and the end.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BOUND = 3.0
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


def seconds(command: str, folder: str) -> float:
    """The wall time of one command."""
    start = time.monotonic()
    words = [sys.executable, "-m", "polylaw", *shlex.split(command)]
    subprocess.run(words, cwd=folder, capture_output=True, check=False)
    return time.monotonic() - start


def main() -> int:
    """The table; 1 if a bound did not hold."""
    late = 0
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(Path(__file__).parents[1] / "examples")
        for first, command in COMMANDS:
            if first:
                seconds(first, folder)
            took = seconds(f"{command} --max-seconds {BOUND:g}", folder)
            holds = took <= 1.5 * BOUND + 1
            late += not holds
            print(f"{took:7.2f} s   {'' if holds else 'LATE   '}polylaw {command}", flush=True)
    return min(late, 1)


if __name__ == "__main__":
    sys.exit(main())
