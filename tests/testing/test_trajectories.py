"""Laws along exact series, enclosures and floating point: true ones are kept, false ones are not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

import polylaw as pl
from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import BudgetError, InputError
from polylaw.testing import (
    assert_conserved,
    drift_of,
    enclosed_drift,
    enclosures,
    exact_change,
    law_enclosure,
    modular_change,
    random_drive,
    trajectory,
)
from polylaw.testing import strategies as some
from polylaw.testing.drive import Drive, loss_slopes, outputs_ring
from polylaw.testing.floating import ADAPTIVE
from polylaw.testing.methods import METHODS, Tableau
from polylaw.testing.rigorous import EnclosedDrift, _ball, _box, ball_series
from tests.helpers import complete_laws, examples, gradient, momentum, mostly_slow
from tests.proof.certificates import CERTIFICATES

SPECS = (
    "linear:2,2,2",
    "linear:2,2,2,2",
    "linear:1,2,1",
    "lora:3,2,1",
    "relu:2,2,2",
    "relu:2,2,1?bias=true",
    "leaky_relu:2,1,2",
    "homogeneous:1,2,1?p=2",
    "nmf:2,2,1",  # its metric is the mirror
    "icnn:1,2,1",
    "attention:d1=2,dim=2",
    "attention:d1=1,dim=2,heads=2",
    "attention:d1=2,dim=1,vo=false,rope=true",
    "softmax:2,2",
    "conv:1,2,1?taps=2,2",
    "conv:2,2,1?taps=2,1&activation=relu",
    "residual:2,2,2",
    "gated:2,1,2",
    "swiglu:2,1,2",
    "normalized:2,2",
    "cp:2,2,2?rank=1",
    "tucker:2,2?ranks=2,2",
    "tt:2,2,2?ranks=2,1",
)
#: The models of the theory with all kinds of flows, and those of the certificates.
FLOWS: dict[str, pl.Flow] = {name: flow for name, (flow, _, _) in CERTIFICATES.items()} | {
    f"{spec}, {damping}": gradient(spec) if damping is None else momentum(spec, damping)
    for spec in SPECS
    for damping in (None, 0, 1, "3/t")
}
#: All of them, up to products.
LAWS = {name: generators for name, flow in FLOWS.items() if (generators := pl.find_laws(flow).generators)}
named = pytest.mark.parametrize("name", LAWS)
EVERY = sorted(LAWS)
mostly_named = pytest.mark.parametrize("name", mostly_slow(LAWS, *[*LAWS][::7]))


def false_versions(law: Polynomial) -> list[Polynomial]:
    """One coefficient off, one sign off, a wrong power of the clock."""
    first, last = law.sorted_terms()[0], law.sorted_terms()[-1]
    changed = [dict(law.terms) for _ in range(2)]
    changed[0][first[0]] = first[1] * 2
    changed[1][last[0]] = -last[1]
    wrong = [Polynomial(law.ring, terms) for terms in changed]
    clock = law.ring.clock_index
    if clock in law.support:
        wrong.append(law * law.ring.monomial(((clock, 1),)))
    return [h for h in wrong if len(law.terms) > 1 or clock in h.support]


# -- exact -----------------------------------------------------------------------------------------
@examples(150)
@given(st.sampled_from(EVERY), st.integers(0, 10_000))
def test_every_law_is_constant_as_a_formal_power_series(name: str, seed: int) -> None:
    drive = random_drive(FLOWS[name], seed)
    for law in LAWS[name]:
        assert exact_change(drive, law, 5) is None
        assert modular_change(drive, law, 6) is None


@mostly_named
def test_false_laws_change_at_some_order(name: str) -> None:
    drives = [random_drive(FLOWS[name], seed) for seed in range(3)]
    for law in LAWS[name]:
        for wrong in false_versions(law):
            if isinstance(pl.check_law(FLOWS[name], wrong), pl.Proved):
                continue
            exact = [exact_change(drive, wrong, 5) for drive in drives]
            modular = [modular_change(drive, wrong, 5) for drive in drives]
            assert any(exact)
            assert [c and c.order for c in exact] == [c and c.order for c in modular]


def test_the_exact_series_of_a_known_solution() -> None:
    flow = pl.PolynomialODE({"x": "x"})
    drive = random_drive(flow, start={"x": 1})
    change = exact_change(drive, flow.parse("x"), 3)
    assert change is not None
    assert (change.order, change.coefficient) == (1, 1)
    line = pl.PolynomialODE({"x": "y", "y": "0"})
    quadratic = exact_change(random_drive(line, start={"x": 0, "y": 2}), line.parse("x^3"), 5)
    assert quadratic is not None
    assert (quadratic.order, quadratic.coefficient) == (3, 8)


@given(st.integers(0, 1000))
def test_a_loss_of_the_outputs_is_a_motion_too(seed: int) -> None:
    flow = gradient("linear:2,2,2")
    drive = random_drive(flow, seed)
    loss = outputs_ring(flow).parse("(y1 - 1/3)^2 + y2*y3 - 2*y4^2 + y1*y4")
    driven = replace(drive, loss=loss)
    for law in complete_laws(flow).basis:
        assert exact_change(driven, law, 4) is None
    assert exact_change(driven, flow.parse("U1_1_1^2 - U2_1_1^2"), 4) is not None


@pytest.mark.parametrize("flow", [pl.GradientFlow, pl.MomentumFlow])
def test_a_loss_moves_the_fields_of_its_outputs(flow: Any) -> None:
    """Constant components of phi have no field, so the numbers of outputs and of fields differ."""
    chosen = flow(pl.models.from_map(["u", "v"], ["2", "u*v", "u + v"]))
    assert [field.output for field in chosen.distribution.fields if not field.steady] == [1, 2]
    loss = outputs_ring(chosen).parse("y1 + 3*y3")
    slopes = loss_slopes(replace(random_drive(chosen), loss=loss))
    assert {k: str(slope) for k, slope in slopes.items()} == {1: "3"}


@pytest.mark.parametrize("phi", ["x", "3*x", "x/2"])
def test_a_loss_moves_the_weights_as_its_gradient_does(phi: str) -> None:
    """x' = -dL/dx: of L = phi it is -dphi/dx, whatever the field of phi was divided by."""
    flow = pl.GradientFlow(pl.models.from_map(["x"], [phi]))
    drive = Drive(flow, (1,), ((),), outputs_ring(flow).parse("y1"))
    change = exact_change(drive, flow.parse("x"), 1)
    assert change is not None
    assert Fraction(str(change.coefficient)) == -flow.parse(phi).at({0: 1})


def test_drives_are_checked() -> None:
    flow = gradient("linear:1,1")
    with pytest.raises(InputError, match="start: found '0 values'"):
        Drive(flow, (), ((),))
    with pytest.raises(InputError, match="controls: found '0 rows'"):
        Drive(flow, (1,), ())
    with pytest.raises(InputError, match="loss: found Polynomial"):
        Drive(flow, (1,), ((),), flow.parse("U1_1_1"))
    with pytest.raises(InputError, match="an ODE has no loss"):
        Drive(pl.PolynomialODE({"y1": "1"}), (1,), ((),), pl.Ring(["y1"]).generator("y1"))
    assert random_drive(flow, 3) == random_drive(flow, 3) != random_drive(flow, 4)
    assert random_drive(flow).moves
    assert not Drive(flow, (1,), ((0, 1),)).moves
    assert Drive(flow, ("1/2",), ((0, "2/3"),)).start == (Fraction(1, 2),)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="controls"):
        Drive(flow, (1,), ((0, "one"),))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="an ODE has no loss"):
        outputs_ring(pl.PolynomialODE({"x": "x"}))


# -- rigorous --------------------------------------------------------------------------------------
@mostly_named
def test_enclosures_contain_the_value_a_law_had(name: str) -> None:
    drive = random_drive(FLOWS[name], 2)
    first, *_, last = enclosures(drive, Fraction(1, 64), steps=4, order=8)
    assert last.time == Fraction(1, 64)
    for law in LAWS[name]:
        assert law_enclosure(law, last).overlaps(law_enclosure(law, first))


@pytest.mark.parametrize("name", ["linear", "nmf", "decay", "nesterov", "symbolic damping", "oscillator"])
def test_disjoint_enclosures_refute(name: str) -> None:
    drive = random_drive(FLOWS[name], 2)
    for wrong in false_versions(LAWS[name][0]):
        assert enclosed_drift(wrong, drive, Fraction(1, 64), steps=4, order=8).refuted
    true = enclosed_drift(LAWS[name][0], drive, Fraction(1, 64), steps=16, order=16)
    assert not true.refuted
    assert true.radius <= true.at_most < 1e-6
    assert str(true).startswith("changed by at most ")


def test_enclosures_contain_the_exponential() -> None:
    *_, last = enclosures(
        random_drive(pl.PolynomialODE({"x": "x"}), start={"x": 1}), Fraction(1), steps=8, order=16
    )
    with flint.ctx.workprec(300):
        assert last.state[0].contains(flint.arb(1).exp())
    assert float(last.state[0].rad()) < 1e-10


def test_a_solution_that_blows_up_is_not_enclosed() -> None:
    drive = random_drive(pl.PolynomialODE({"x": "x^2"}), start={"x": 1})  # 1/(1 - t)
    with pytest.raises(BudgetError, match=r"it may blow up|a shorter time"):
        list(enclosures(drive, Fraction(2)))


def test_results_are_values() -> None:
    """Equal by what they hold, also where that is arrays or balls."""
    drives = [random_drive(FLOWS["linear"], seed) for seed in (1, 1, 2)]
    law, time = LAWS["linear"][0], Fraction(1, 64)
    for result in (
        lambda drive: trajectory(drive, 1 / 64, 4),
        lambda drive: list(enclosures(drive, time, steps=2))[-1],
        lambda drive: enclosed_drift(law, drive, time, steps=2),
        lambda drive: drift_of(law, drive, 1 / 64),
    ):
        first, second, other = map(result, drives)
        assert first == second != other
        assert len({first, second, other}) == 2


def test_an_enclosure_stays_in_its_budget() -> None:
    drive = random_drive(gradient("linear:1,1"))
    for bound, words in ((pl.Budget(max_steps=2), "max_steps: found 2"), (pl.Budget(1e-9), "max_seconds")):
        with pytest.raises(BudgetError, match=words):
            list(enclosures(drive, Fraction(1), budget=bound))


# -- floating --------------------------------------------------------------------------------------
@pytest.mark.slow
@examples(100)
@given(st.sampled_from(EVERY), st.integers(0, 10_000))
def test_true_laws_are_kept_within_what_the_order_allows(name: str, seed: int) -> None:
    drive = random_drive(FLOWS[name], seed)
    for law in LAWS[name]:
        assert_conserved(law, drive, until=1 / 64)


@mostly_named
def test_false_laws_are_not_kept(name: str) -> None:
    drive = random_drive(FLOWS[name], 1)
    for wrong in false_versions(LAWS[name][0]):
        if exact_change(drive, wrong, 3) is not None:
            with pytest.raises(
                AssertionError, match=r"is not kept: drift .*, allowed .*, slope under step halving"
            ):
                assert_conserved(wrong, drive, until=1 / 64)


ERRORS = {"rk4": 1e-9, "rk38": 1e-9, "kutta3": 1e-6, "heun": 1e-4} | dict.fromkeys(ADAPTIVE, 1e-8)


@pytest.mark.parametrize(("method", "error"), ERRORS.items())
def test_methods_agree(method: str, error: float) -> None:
    drive = random_drive(pl.PolynomialODE({"x": "y", "y": "-x"}), start={"x": 1, "y": 0})
    path = trajectory(drive, 1.0, 64, method)
    assert path.finite
    assert path.states[-1][0] == pytest.approx(0.5403023058681398, abs=error)  # cos 1
    assert path.values(drive.flow.parse("x^2 + y^2")) == pytest.approx(1.0, abs=error)


def order_of(method: Tableau) -> int:
    """The largest order up to 4 whose conditions, one for each rooted tree, the exact table meets (Hairer,
    Norsett, Wanner I, II.2)."""
    a, b, c = method.a, method.b, method.c
    stages = range(len(b))
    ac = [sum(a[i][j] * c[j] for j in stages) for i in stages]
    acc = [sum(a[i][j] * c[j] ** 2 for j in stages) for i in stages]
    aac = [sum(a[i][j] * ac[j] for j in stages) for i in stages]
    conditions = {
        1: [(1, [Fraction(1)] * len(b))],
        2: [(2, c)],
        3: [(3, [x**2 for x in c]), (6, ac)],
        4: [(4, [x**3 for x in c]), (8, [x * y for x, y in zip(c, ac, strict=True)]), (12, acc), (24, aac)],
    }
    met = [
        all(d * sum(x * y for x, y in zip(b, v, strict=True)) == 1 for d, v in conditions[p])
        for p in (1, 2, 3, 4)
    ]
    return [*met, False].index(False)


@pytest.mark.parametrize("name", METHODS)
def test_the_order_of_every_method_is_a_fact_about_its_table(name: str) -> None:
    assert order_of(METHODS[name]) == METHODS[name].order


@pytest.mark.parametrize("name", METHODS)
def test_the_slope_under_step_halving_is_the_order(name: str) -> None:
    flow = momentum("linear:1,2,1", 1)
    drift = drift_of(complete_laws(flow).basis[0], random_drive(flow, 5), until=1.0, steps=32, method=name)
    assert drift.kept
    assert drift.slope == pytest.approx(METHODS[name].order, abs=0.2)
    assert drift.measured == pytest.approx(drift.predicted, rel=0.2)


@pytest.mark.parametrize("name", METHODS)
def test_a_false_law_has_slope_0(name: str) -> None:
    flow = gradient("linear:2,2,2")
    drift = drift_of(
        flow.parse("U1_1_1^2 - U2_1_1^2"), random_drive(flow, 3), until=1 / 16, steps=64, method=name
    )
    assert not drift.kept
    assert drift.slope == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("spec", ["linear:2,2,2", "relu:2,2,1?bias=true", "attention:d1=2,dim=2"])
def test_the_implicit_midpoint_rule_keeps_quadratic_laws(spec: str) -> None:
    """To rounding, however long the step; explicit methods do not, and are not asked to."""
    assert [name for name, method in METHODS.items() if method.keeps_quadratic_laws] == ["implicit_midpoint"]
    flow = gradient(spec)
    for seed in range(5):
        drive = random_drive(flow, seed)
        for law in complete_laws(flow).generators[:2]:
            implicit, explicit = (
                trajectory(drive, 1 / 64, 4, method) for method in ("implicit_midpoint", "midpoint")
            )
            assert abs(implicit.values(law)[-1] - implicit.values(law)[0]) <= 1e-14 * implicit.size(law)
            assert drift_of(law, drive, 1 / 64, 4, "implicit_midpoint").allowed <= 1e-12 * implicit.size(law)
            assert abs(explicit.values(law)[-1] - explicit.values(law)[0]) > 1e-12 * explicit.size(law)


@pytest.mark.slow
@examples(60)
@given(st.sampled_from(EVERY), st.integers(0, 10_000), st.sampled_from([*METHODS, "RK45", "DOP853", "Radau"]))
def test_every_method_keeps_true_laws(name: str, seed: int, method: str) -> None:
    drive = random_drive(FLOWS[name], seed)
    for law in LAWS[name][:2]:
        assert_conserved(law, drive, until=1 / 64, method=method)


@pytest.mark.slow
@named
def test_adaptive_methods_do_not_keep_false_laws(name: str) -> None:
    drive = random_drive(FLOWS[name], 1)
    for wrong in false_versions(LAWS[name][0]):
        if exact_change(drive, wrong, 3) is not None:
            with pytest.raises(
                AssertionError,
                match=r"is not kept: drift .*, allowed .*, steps chosen by DOP853 with rtol 1e-10",
            ):
                assert_conserved(wrong, drive, until=1 / 64, method="DOP853")


def test_a_method_that_there_is_not() -> None:
    with pytest.raises(
        InputError, match=r"method: found 'rk5', expected one of euler, .*, Radau; did you mean 'rk4'\?"
    ):
        trajectory(random_drive(gradient("linear:1,1")), 1.0, 4, "rk5")


@pytest.mark.parametrize("method", mostly_slow([*METHODS, *ADAPTIVE], *METHODS, "RK45", "DOP853"))
def test_a_solution_that_blows_up_is_seen_by_every_method(method: str) -> None:
    drive = random_drive(pl.PolynomialODE({"x": "x^2", "y": "0"}), start={"x": 10**6, "y": 1})
    with pytest.raises(AssertionError, match="blew up"):
        assert_conserved("x + y", drive, until=1.0, method=method)


def test_a_solution_that_blows_up_for_shorter_steps() -> None:
    """A true law: that its drift is no number does not say that it is not kept."""
    drive = Drive(gradient("linear:2,1,1,1"), (1, -1, 5, 6), ((1, 0), (Fraction(1, 2), 0)))
    assert trajectory(drive, 0.25, 64, "rk4").finite
    with pytest.raises(
        AssertionError, match=r"blew up before time 0\.25, with half the step: take a shorter time"
    ):
        assert_conserved("U2_1_1^2 - U3_1_1^2", drive)


def test_a_law_of_large_terms_that_cancel() -> None:
    flow = gradient("linear:1,1,1")
    drive = Drive(flow, (10**6, 10**6), ((Fraction(1, 10**3), 1, 0),))
    drift = drift_of(flow.parse("U1_1_1^2 - U2_1_1^2"), drive, until=0.25)
    assert drift.kept
    assert drift.allowed > 1e-4  # 1e12 cannot be told from 1e12 + 1e-5
    with pytest.raises(AssertionError, match="is not kept"):
        assert_conserved("U1_1_1^2", drive)


def test_nothing_passes_vacuously() -> None:
    flow = gradient("linear:1,1,1")
    still = Drive(flow, (1, 1), ((0,),))
    with pytest.raises(AssertionError, match="nothing that the law depends on moved"):
        assert_conserved("U1_1_1^2 - U2_1_1^2", still)
    with pytest.raises(AssertionError, match="does not depend on the state"):
        assert_conserved("3", random_drive(flow))
    explosive = random_drive(pl.PolynomialODE({"x": "x^2", "y": "0"}), start={"x": 10**6})
    with pytest.raises(AssertionError, match="blew up"):
        assert_conserved("x + y", explosive, until=1e6)
    with pytest.raises(AssertionError, match="does not depend on the state"):
        assert_conserved("0", random_drive(flow))


def test_text_of_a_drift() -> None:
    flow = gradient("linear:1,1,1")
    text = str(drift_of(flow.parse("U1_1_1"), random_drive(flow)))
    assert text.startswith("U1_1_1 is not kept: drift ")
    assert text.endswith("(rk4 has order 4)")


def test_long_series_are_not_cut() -> None:
    """x^15 changes at order 15 when x = t: beyond the length that flint's series have by default."""
    flow = pl.PolynomialODE({"x": "1"})
    change = exact_change(random_drive(flow, start={"x": 0}), flow.parse("x^15"), 16)
    assert change is not None
    assert (change.order, change.coefficient) == (15, 1)


def test_the_context_of_flint_is_put_back() -> None:
    before = flint.ctx.cap, flint.ctx.prec
    steps = enclosures(random_drive(gradient("linear:1,1"), 1), Fraction(1, 8), order=20)
    next(steps), next(steps)
    assert (flint.ctx.cap, flint.ctx.prec) == before


@pytest.mark.parametrize("method", ["rk4", "DOP853", "Radau"])
def test_nesterov_near_time_zero(method: str) -> None:
    """In the time of the fields t' = t, so the damping 3/t is no singularity there."""
    flow = momentum("linear:1,2,1", "3/t")
    law = complete_laws(flow).basis[0]
    assert_conserved(law, random_drive(flow, 2, start={"clock": "1/1000"}), until=1 / 8, method=method)


@pytest.mark.parametrize("method", ["rk4", "DOP853", "Radau"])
def test_a_mirror_flow_near_the_boundary(method: str) -> None:
    flow = gradient("nmf:2,2,1")
    drive = random_drive(flow, 2, start={"U_1_1": "1/1000000", "V_1_2": "1/1000000"})
    for law in complete_laws(flow, 1).basis:
        assert_conserved(law, drive, until=1 / 64, method=method)
    assert trajectory(drive, 1 / 64, 64, method).states[:, flow.ring.index("U_1_1")].min() > 0


@pytest.mark.slow
@examples(40)
@given(st.data())
def test_laws_hold_for_random_losses_of_the_outputs(data: Any) -> None:
    name = data.draw(
        st.sampled_from(["linear:2,2,2, None", "linear:1,2,1, 0", "relu:2,2,2, None", "nmf:2,2,1, None"])
    )
    flow = FLOWS[name]
    loss = data.draw(some.losses(flow)) / 100  # losses without a lower bound blow up soon
    drive = replace(random_drive(flow, data.draw(st.integers(0, 999))), loss=loss)
    finite = trajectory(drive, 1 / 1024, 32).finite
    for law in LAWS[name]:
        assert exact_change(drive, law, 3) is None
        assert not finite or drift_of(law, drive, until=1 / 1024).kept


def test_a_trajectory_that_leaves_the_domain() -> None:
    flow = pl.PolynomialODE({"x": "-1"}, time="t")
    backwards = Drive(flow, (1, Fraction(1, 10)), ((),))
    assert trajectory(backwards, -1.0, 8).states[-1][1] < 0
    with pytest.raises(AssertionError, match="left the domain: t changed its sign"):
        assert_conserved("x + t", backwards, until=-1.0)


def test_a_mirror_flow_that_a_long_step_takes_out_of_the_domain() -> None:
    flow = pl.GradientFlow(pl.models.from_map(["u", "v"], ["u - v"]), "mirror")
    drive = Drive(flow, (1, 1), ((-40,),))
    with pytest.raises(AssertionError, match="left the domain: u changed its sign"):
        assert_conserved("u*v", drive, until=1.0, steps=8, method="euler")
    assert assert_conserved("u*v", drive, until=1 / 64, steps=64).kept


def test_a_denominator_is_a_bound_of_the_domain() -> None:
    flow = pl.GradientFlow(pl.models.from_map(["x", "y"], ["1/(x - y)"]))
    drive = Drive(flow, (1, Fraction(1, 2)), ((-1,),))
    law = "x + y"
    assert assert_conserved(law, drive, until=1 / 64).kept
    with pytest.raises(AssertionError, match="left the domain: x - y changed its sign"):
        assert_conserved(law, Drive(flow, (1, Fraction(1, 2)), ((1,),)), until=1.0, steps=4, method="euler")


def test_a_trajectory_stands_for_its_motion() -> None:
    flow = FLOWS["linear"]
    for method in ("rk4", "euler", "DOP853"):
        path = trajectory(random_drive(flow, 3), 1 / 64, 32, method)
        drift = assert_conserved(LAWS["linear"][0], path)
        assert (drift.kept, drift.method) == (True, method)


@pytest.mark.parametrize(("step", "encloses"), [("1/8", True), ("2", False), ("1", False)])
def test_a_box_is_one_that_the_solution_cannot_leave(step: str, encloses: bool) -> None:
    """x' = x^2 from 1 is 1/(1 - t): it is 8/7 at 1/8, and infinite at 1, though y stays where it is."""
    drive = Drive(pl.PolynomialODE({"x": "x^2", "y": "0"}), (1, 0), ((),))
    kind = ball_series()
    with flint.ctx.workprec(120):
        box = _box(drive, (_ball(1), _ball(0)), Fraction(0), Fraction(step), kind)
        assert (box is not None) is encloses
        if box is not None:
            assert box[0].contains(_ball(1))
            assert box[0].contains(_ball(Fraction(8, 7)))


def test_a_box_holds_the_motion_at_all_times_of_the_step() -> None:
    """x' = t from 0 is 1/2 at 1, though it stands still at 0."""
    drive = Drive(gradient("map:x"), (0,), ((0, 1),))
    with flint.ctx.workprec(120):
        box = _box(drive, (_ball(0),), Fraction(0), Fraction(1), ball_series())
        assert box is not None
        assert box[0].contains(_ball(Fraction(1, 2)))


@pytest.mark.parametrize(("control", "steps", "value"), [((0, 1), 2, "1/2"), ((0, 0, 1), 1, "1/3")])
def test_a_remainder_holds_the_derivatives_at_all_times_of_the_step(
    control: tuple[int, ...], steps: int, value: str
) -> None:
    """x' = t^n from 0 is 1/(n + 1) at 1; the expansion ends with the first power."""
    drive = Drive(gradient("map:x"), (0,), (control,))
    *_, last = enclosures(drive, Fraction(1), steps=steps, order=1)
    with flint.ctx.workprec(120):
        assert last.state[0].contains(_ball(Fraction(value)))


def test_short_expansions_enclose_too() -> None:
    import flint

    *_, last = enclosures(
        random_drive(pl.PolynomialODE({"x": "x"}), start={"x": 1}), Fraction(1), steps=2, order=2
    )
    with flint.ctx.workprec(300):
        assert last.state[0].contains(flint.arb(1).exp())


def test_enclosures_end_at_the_time_asked_for() -> None:
    """Steps are halved where they must be, and doubled where they can be."""
    drive = random_drive(pl.PolynomialODE({"x": "x^2"}), start={"x": 1})  # 1/(1 - t)
    *_, last = enclosures(drive, Fraction(3, 4), steps=1)
    assert last.time == Fraction(3, 4)
    with flint.ctx.workprec(120):
        assert last.state[0].contains(_ball(4))
    with pytest.raises(BudgetError, match="max_steps: found 2, expected time 3/4 to be reached"):
        list(enclosures(drive, Fraction(3, 4), steps=1, budget=pl.Budget(max_steps=2)))


def test_balls_that_meet_decide_nothing() -> None:
    drift = EnclosedDrift(start=flint.arb(0, 1), end=flint.arb(1.5, 1))
    assert not drift.refuted
    assert drift.at_most >= 3.5
    assert EnclosedDrift(start=flint.arb(0, 1), end=flint.arb(3, 1)).refuted
