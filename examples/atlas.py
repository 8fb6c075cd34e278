"""An atlas: how many independent laws architectures have, under gradient flow and with momentum.

    python examples/atlas.py OUT_DIR [--jobs N] [--small]

Writes OUT_DIR/atlas.csv and OUT_DIR/atlas.md.  Every finished row is on disk at once, so an interrupted sweep
goes on where it stopped when it is started again; the finished files do not depend on how often that was, or
on N.
"""

import argparse
import csv
import io
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from itertools import product
from pathlib import Path

import polylaw as pl
from polylaw.files import Output
from polylaw.workers import workers

HEAD = ["model", "flow", "state", "laws at least", "laws at most", "exact"]
FLOWS = ["gradient", "momentum 0", "momentum tau", "momentum 3/t"]


def architectures(small: bool) -> list[str]:
    """The specs of the sweep."""
    widths = range(1, 3 if small else 4)
    specs = [f"linear:{n},{r},{m}" for n, r, m in product(widths, repeat=3)]
    specs += [f"relu:{n},{r},1" for n, r in product(widths, repeat=2)]
    specs += [f"nmf:{n},{r},1" for n, r in product(widths, repeat=2)]
    if not small:
        specs += [f"linear:{n},2,{r},2" for n, r in product(widths, repeat=2)]
        specs += [f"attention:d1={d},dim=2" for d in widths] + [
            "conv:1,2,1?taps=2,2",
            "gated:2,2,2",
            "swiglu:2,2,2",
            "softmax:3,2",
        ]
    return specs


def row(spec: str, kind: str) -> list[str]:
    """One line of the atlas: the exact count, or its bounds."""
    model = pl.models.model_from_spec(spec)
    flow = pl.GradientFlow(model) if kind == "gradient" else pl.MomentumFlow(model, kind.split()[1])
    count = pl.count_laws(flow)
    return [spec, kind, str(count.state), str(count.lower), str(count.upper), "yes" if count.exact else "no"]


def finished_rows(file: Path) -> dict[tuple[str, str], list[str]]:
    """The whole lines of an earlier run; a line cut short by an interruption is dropped."""
    text = file.read_text("utf-8") if file.exists() else ""
    whole = list(csv.reader(text.rpartition("\n")[0].splitlines()))
    if whole[:1] not in ([], [HEAD]):
        raise SystemExit(f"{file} is no atlas: its first line is not {','.join(HEAD)}; choose another folder")
    return {(line[0], line[1]): line for line in whole[1:] if len(line) == len(HEAD)}


def sweep(wanted: list[tuple[str, str]], file: Path, executor: Executor) -> dict[tuple[str, str], list[str]]:
    """All rows, those that are missing computed and appended to the file one by one."""
    done = finished_rows(file)
    write_csv(file, done.values())
    futures = {executor.submit(row, *task): task for task in wanted if task not in done}
    try:
        with file.open("a", encoding="utf-8", newline="") as out:
            for future in as_completed(futures):
                if error := future.exception():  # the other rows are finished all the same
                    print(f"{' '.join(futures[future])}: {error}", file=sys.stderr)
                    continue
                done[futures[future]] = future.result()
                csv.writer(out, lineterminator="\n").writerow(future.result())
                out.flush()
                os.fsync(out.fileno())
    finally:
        executor.shutdown(cancel_futures=True)
    return done


def write_csv(file: Path, rows: Iterable[list[str]]) -> None:
    """The table, whole or not at all."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEAD, *rows])
    Output.of(file).write(text.getvalue())


def markdown(rows: list[list[str]]) -> Iterator[str]:
    """One line for each architecture, one column for each flow; a range where the bounds do not meet."""
    yield f"| model | {' | '.join(FLOWS)} |"
    yield "| --- |" + " ---: |" * len(FLOWS)
    for spec in dict.fromkeys(line[0] for line in rows):
        counts = {
            kind: low if low == high else f"{low} to {high}" for s, kind, _, low, high, _ in rows if s == spec
        }
        yield f"| {spec} | {' | '.join(counts.get(kind, '') for kind in FLOWS)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the conservation laws of many architectures.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1, help="worker processes")
    parser.add_argument("--small", action="store_true", help="a sweep of a few seconds")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    wanted = list(product(architectures(options.small), FLOWS))
    table = options.folder / "atlas.csv"
    with workers(options.jobs) if options.jobs > 1 else ThreadPoolExecutor(1) as executor:
        done = sweep(wanted, table, executor)
    missing = [task for task in wanted if task not in done]
    order = [*wanted, *(task for task in sorted(done) if task not in wanted)]  # rows of a larger sweep stay
    rows = [done[task] for task in order if task in done]
    write_csv(table, rows)
    Output.of(options.folder / "atlas.md").write("\n".join(markdown(rows)) + "\n")
    print(f"{len(rows)} rows: {table}, {options.folder / 'atlas.md'}")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
