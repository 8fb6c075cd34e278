"""Points at which programs are evaluated: what is chosen there belongs together."""

from __future__ import annotations

import numpy as np
import pytest

import polylaw as pl
from polylaw.programs import exp, program, relu, sqrt
from polylaw.programs.dependence import Expanded, Relations, TooManyError
from polylaw.programs.jets import Jet, Jets
from polylaw.programs.points import place_in
from polylaw.programs.regions import evaluated, regions_of
from polylaw.programs.tape import Kind, Tape


def test_roots_are_those_of_the_region_of_their_data_point() -> None:
    """A radicand that depends on which units are active."""
    model = program(lambda w, x: sqrt(relu(x @ w.A).sum(1) + 1) * w.b, {"A": (2, 3), "b": ()}, [(1, 2)])
    assert isinstance(model.program, pl.Program)
    tape, outputs = model.program.tape, model.program.outputs
    regions = regions_of(tape, outputs, 0, 6)
    assert regions.count > 3
    place, kept, _ = place_in(tape, outputs, regions, 0, 11)
    [found] = regions.masks.values()
    assert (
        kept.count == found.reshape(regions.count, -1).any(1).sum() < regions.count
    )  # not where it is sqrt(1)
    given = {x: Jet(v[None]) for x, v in place.theta.items()}
    given |= {x: Jet(v[None]) for x, v in place.point.chosen.items() if tape.steps[x].kind is Kind.DATA}
    jets = Jets(tape, place.point, 1, given)
    [root] = [x for x, step in enumerate(tape.steps) if step.kind is Kind.ROOT]
    value, radicand = jets.run([root, tape.steps[root].sources[0]])
    assert (jets.times(value.value, value.value) == radicand.value).all()
    [mask] = place.point.masks.values()
    assert len(np.unique(mask.reshape(place.count, -1), axis=0)) == kept.count
    assert place.count >= 11


def test_a_relation_that_is_none_is_not_proved() -> None:
    model = program(lambda w, x: exp(x * w.a) + exp(x * w.b) + exp(2 * x * w.a), {"a": (), "b": ()}, [()])
    assert isinstance(model.program, pl.Program)
    tape = model.program.tape
    given = {x: np.array([{"a": 1.0, "b": 3.0}.get(step.name, 1.0)]) for x, step in enumerate(tape.steps)}
    sources = {x for x, step in enumerate(tape.steps) if step.kind in (Kind.PARAMETER, Kind.DATA)}
    values = evaluated(tape, model.program.outputs, {x: given[x] for x in sources})
    exps = [x for x, step in enumerate(tape.steps) if step.kind is Kind.EXP]
    one, twice, two = ((x, 0) for x in sorted(exps, key=lambda x: float(values[x][0])))
    for alone in (False, True):
        assert not Relations._holds(tape, Expanded(tape, {}), {one: 1, two: -1}, alone=alone)
        assert not Relations._holds(tape, Expanded(tape, {}), {one: 1, twice: -1}, alone=alone)
        assert Relations._holds(tape, Expanded(tape, {}), {one: -2, twice: 1}, alone=alone)


def test_products_of_long_polynomials_are_not_begun() -> None:
    """4 * 10^8 terms, of which there is room for fewer."""
    tape = Tape()
    sums = [tape.contract([tape.data(name, (20_000,))], [(0,)], ()) for name in "xy"]
    with pytest.raises(TooManyError):
        Expanded(tape, {}).entries(tape.multiply(*sums))
