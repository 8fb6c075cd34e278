"""Strategies give valid things, and a failing case shrinks to the smallest."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

import polylaw as pl
import polylaw.testing
from polylaw.testing import Drive, assert_conserved, exact_change
from polylaw.testing import strategies as some
from tests.helpers import examples, gradient, momentum


@examples(50)
@given(st.data())
def test_every_law_of_every_model_is_constant(data: Any) -> None:
    flow = pl.GradientFlow(data.draw(some.models()))
    drive = data.draw(some.drives(flow))
    for law in pl.find_laws(flow):
        assert exact_change(drive, law, 4) is None


@examples(50)
@given(st.data())
def test_every_law_of_every_ode_is_constant(data: Any) -> None:
    flow = data.draw(some.polynomial_odes())
    drive = data.draw(some.drives(flow))
    for law in pl.find_laws(flow):
        assert exact_change(drive, law, 4) is None


@examples(30)
@given(st.data())
def test_laws_are_kept_along_trajectories(data: Any) -> None:
    flow = momentum("linear:1,2,1", data.draw(st.sampled_from([0, 1, "3/t"])))
    path = data.draw(some.trajectories(flow))
    assert_conserved(data.draw(some.laws(flow)), path)


@examples(30)
@given(st.data())
def test_losses_are_polynomials_in_the_outputs(data: Any) -> None:
    flow = gradient("linear:2,1,2")
    loss = data.draw(some.losses(flow))
    assert loss.ring.variables == ("y1", "y2", "y3", "y4")
    assert loss.degree <= 3


@pytest.mark.slow
def test_shrinking_ends_at_the_smallest() -> None:
    assert find(some.linear_networks(), lambda model: True).name == "linear 1-1"
    assert find(some.linear_networks(), lambda model: len(model.phi) > 1).name in ("linear 1-2", "linear 2-1")
    assert find(some.relu_networks(), lambda model: True).name == "relu 1-1"
    assert str(find(some.polynomial_maps(), lambda model: True).phi[0]) in ("x1", "-x1")
    point = find(some.rational_points(gradient("linear:1,1")), lambda point: True)
    assert point == (Fraction(1),)


@pytest.mark.slow
def test_a_failing_case_shrinks_to_the_smallest_model_and_the_simplest_motion() -> None:
    """Of the false claim that the square of the first weight of any network is kept."""

    def wrong(drive: Drive) -> bool:
        first = drive.flow.ring.monomial(((0, 2),))
        return exact_change(drive, first, 3) is not None

    drive = find(some.linear_networks().flatmap(lambda model: some.drives(pl.GradientFlow(model))), wrong)
    assert drive.flow.title == "linear 1-1"
    assert (drive.start, drive.controls) == ((1,), ((1, 0),))


def test_strategies_are_names_of_the_package_too() -> None:
    names = set(dir(polylaw.testing)) & set(vars(some))
    assert names >= {
        "drives",
        "laws",
        "losses",
        "models",
        "polynomial_odes",
        "rational_points",
        "trajectories",
    }
    assert all(getattr(polylaw.testing, name) is getattr(some, name) for name in names)


def test_from_type() -> None:
    assert isinstance(find(st.from_type(pl.Model), lambda model: True), pl.Model)


def test_a_flow_without_laws_is_rejected() -> None:
    """Other draws go on; where there is no other, Hypothesis says so."""
    flows = st.sampled_from([gradient("linear:2,2,2"), gradient("linear:2,1,2", weight_decay=1)])
    assert find(flows.flatmap(lambda flow: some.laws(flow, 2)), lambda law: True)
    assert some.laws(gradient("linear:2,2,2"), 1).is_empty


@pytest.mark.slow
@pytest.mark.parametrize(
    "imports", ["import hypothesis, polylaw as pl", "import polylaw as pl; pl.Model; import hypothesis"]
)
def test_from_type_works_in_either_order_of_imports(imports: str) -> None:
    code = (
        f"{imports}; from hypothesis import find, strategies as st; "
        "print(type(find(st.from_type(pl.Model), lambda m: True)).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Model\n", "")
