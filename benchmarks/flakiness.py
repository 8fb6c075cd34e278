"""No law checked along floating-point motions may fail for a wrong reason: `python -m benchmarks.flakiness`.

Random motions of every flow of `FLOWS` with seeds 0, 1, ..., each law kept or not as `assert_conserved` judges, and a
version with one coefficient doubled, which must not pass where the exact series says that it changes.
"""

from __future__ import annotations

import sys

import click

import polylaw as pl
from polylaw.algebra.polynomial import Polynomial
from polylaw.testing import Drive, assert_conserved, exact_change, random_drive

FLOWS = (
    ("linear:2,2,2", None),
    ("relu:2,2,1?bias=true", None),
    ("nmf:2,2,1", None),
    ("icnn:1,2,1", None),
    ("attention:d1=2,dim=2", None),
    ("linear:2,2,2", "0"),
    ("linear:2,2,2", "1"),
    ("linear:1,2,1", "3/t"),
    ("softmax:2,2", "3/t"),
)


@click.command()
@click.option("--runs", default=200, help="seeds for each flow (default 200)")
def main(runs: int) -> None:
    """Count the checks that fail for a wrong reason; exit code 1 if there is one."""
    checked = wrong = missed = 0
    for spec, damping in FLOWS:
        model = pl.models.model_from_spec(spec)
        flow: pl.Flow = pl.GradientFlow(model) if damping is None else pl.MomentumFlow(model, damping)
        laws = pl.find_laws(flow).generators[:2]
        for seed in range(runs):
            drive = random_drive(flow, seed)
            for law in laws:
                checked += 1
                wrong += not _passes(law, drive)
                false = _doubled(law)
                if exact_change(drive, false, 2) is not None:
                    missed += _passes(false, drive)
    click.echo(f"{checked} checks of true laws, {wrong} failed; {missed} false laws passed")
    sys.exit(1 if wrong or missed else 0)


def _passes(law: Polynomial, drive: Drive) -> bool:
    try:
        assert_conserved(law, drive, until=1 / 64)
    except AssertionError:
        return False
    return True


def _doubled(law: Polynomial) -> Polynomial:
    monomial, c = law.leading
    return Polynomial(law.ring, {**law.terms, monomial: 2 * c})


if __name__ == "__main__":
    main(prog_name="python -m benchmarks.flakiness")
