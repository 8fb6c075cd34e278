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
from itertools import combinations
from pathlib import Path

BOUND = 3.0
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_ENDS = {0: "yes", 1: "no", 2: "bad input", 3: "undecided"}
#: A sum of squares, and a map of as many variables with functions of each pair.
_VARIABLES = [f"x{i}" for i in range(1, 13)]
_SUM = f"({' + '.join(f'{x}^2' for x in _VARIABLES)})"
_MAP = shlex.quote(
    "map:" + ";".join(f"sqrt({x}^2+{y}^2+1)*log({x}+{y}^2)" for x, y in combinations(_VARIABLES, 2))
)
#: The slowest inputs known, and what they need first.
COMMANDS = (
    ("", "find linear:6,6,6 --degree 6"),
    ("", "find relu:12,12,12,12 --degree 4"),
    ("", "find relu-regions:10,30,5"),
    ("", "find linear:2,4,2 --on balanced --degree 4"),
    ("", "find linear:12,12,12 --on balanced"),
    ("", "find nmf:3,3,3 --augment log(*) --degree 4"),
    ("", "find nmf:3,3,3 --augment log(*) --augment exp(U_1_1) --degree 6"),
    ("", "find examples/functions/toda_periodic.toml --degree 6"),
    ("", f"find {_MAP} --degree 2"),
    ("", "count attention:d1=6,dim=6,heads=2"),
    ("", "count linear:9,9,9,9 --route brackets"),
    ("", "count linear:30,30,30"),
    ("", "count relu:30,30,30"),
    ("", "count nmf:2,6,2 --augment log(*)"),
    ("", "count examples/functions/toda_periodic.toml --degree 5"),
    ("", 'check linear:12,12,12 "tr((U1*U2)^6)"'),
    ("", "check linear:40,40,40 \"U1' U1 - U2 U2'\""),
    ("", f'check "map:sqrt({_SUM}^2 + 1)" "log({_SUM}^3 + x1*x2 + 1)/sqrt({_SUM}^2 + x1 + 2)"'),
    ("", "darboux examples/systems/euler_top.toml --degree 6"),
    ("", "darboux examples/systems/goryachev_chaplygin.toml --degree 6"),
    ("", "darboux examples/systems/kepler.toml --degree 6"),
    ("", "darboux linear:3,3,3 --degree 3"),
    ("", "relations linear:2,3,2 --degree 4 --up-to 6"),
    ("", "relations linear:1,6,1 --degree 4"),
    ("", 'relations linear:2,6,2 --at "U1_1_1=1, U2_1_1=1"'),
    ("", "words linear:*,*,*,* --length 6"),
    ("", "words linear:*,*,*,*,*,*,*,*,*,*,* --length 6"),
    ("", "words swiglu:*,*,* --length 6"),
    ("", 'words attention:d1=*,dim=*,heads=* "[h] Q[h,a,n] dQ[h,a,n]" --flow momentum'),
    ("", "certify linear:5,5,5 --degree 4 -o c.json"),
    ("", "certify linear:20,20,20 -o c.json"),
    ("", "certify relu:10,10,10,10 -o c.json"),
    ("", "certify nmf:3,3,3 --augment log(*) -o c.json"),
    ("certify linear:16,16,16 -o big.json", "verify big.json"),
    ("", "appendix big.json -o big.md"),
    ("", "prove big.json -o big.v"),
    ("", "bundle big.json -o out"),
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
    print(f"{'allowed':>8}{'wall':>8}{'CPU':>8}  verdict    end        polylaw ... --max-seconds {BOUND:g}")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(Path(__file__).parents[1] / "examples")
        for first, command in COMMANDS:
            if first:
                run(first, folder)
            wall, processor, end = run(f"{command} --max-seconds {BOUND:g}", folder)
            late += processor > most
            verdict = "LATE" if processor > most else "busy" if wall > most else "holds"
            print(f"{most:8.2f}{wall:8.2f}{processor:8.2f}  {verdict:9}  {end:9}  {command[:90]}", flush=True)
    return min(late, 1)


if __name__ == "__main__":
    sys.exit(main())
