"""Flows, their fields and their results are values: equal when the same moves in the same way, whatever it is
called, with equal hashes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import InputError
from polylaw.flows.damping import damping_of
from polylaw.flows.distribution import Distribution, Field
from polylaw.flows.metric import ArrayMetric, Metric
from polylaw.models.maps import from_map
from polylaw.models.shaped import ShapedModel, shaped
from polylaw.models.spec import Spec

LETTERS = {"U": ("n", "r"), "V": ("m", "r")}


def two_factors(name: str = "two factors") -> ShapedModel:
    return replace(shaped(LETTERS, ["U V'"]), name=name)


def a_map(name: str = "a map", phi: str = "u*v") -> Any:
    return from_map(["u", "v"], [phi], name=name)


def an_ode(name: str = "an ODE", moves: str = "-x") -> pl.PolynomialODE:
    return pl.PolynomialODE({"x": "y", "y": moves}, name=name)


def a_field(name: str) -> Field:
    ring = pl.Ring(("x", "y"))
    return Field.primitive(name, {0: ring.parse("2*y"), 1: ring.parse("-2*x")})


SAME: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "ODE": (an_ode, lambda: an_ode("another name", "-1*x")),
    "gradient": (lambda: pl.GradientFlow(a_map()), lambda: pl.GradientFlow(a_map("b", "v*u"), "euclidean")),
    "rates": (
        lambda: pl.GradientFlow(a_map(), "rates:u=1/2"),
        lambda: pl.GradientFlow(a_map(), [["1/2", 0], [0, 1]]),
    ),
    "momentum": (lambda: pl.MomentumFlow(a_map(), "3/t"), lambda: pl.MomentumFlow(a_map("b"), "6/2/t")),
    "decay": (
        lambda: pl.GradientFlow(a_map(), weight_decay="a + b"),
        lambda: pl.GradientFlow(a_map(), weight_decay=pl.Ring((), ("a", "b")).parse("b + a")),
    ),
    "damping": (
        lambda: damping_of("a/2", (), ()),
        lambda: damping_of(damping_of("a/2", (), ()), (), ()),
    ),
    "metric": (lambda: Metric.mirror(a_map()), lambda: Metric.mirror(a_map(), ["v", "u"])),
    "field": (lambda: a_field("X"), lambda: a_field("Y")),
    "distribution": (
        lambda: Distribution(pl.Ring(("x", "y")), (a_field("X"),)),
        lambda: Distribution(pl.Ring(("x", "y")), (a_field("Y"),), an_ode().distribution.record),
    ),
    "shaped gradient": (
        lambda: pl.ShapedFlow.gradient(two_factors(), "mirror"),
        lambda: pl.ShapedFlow.gradient(two_factors("b"), "mirror:V,U"),
    ),
    "shaped momentum": (
        lambda: pl.ShapedFlow.momentum(two_factors(), "tau", "rates:U=2"),
        lambda: pl.ShapedFlow.momentum(two_factors(), pl.Ring((), ("tau",)).parse("tau"), "rates:U=4/2"),
    ),
    "laws": (lambda: pl.find_laws(an_ode()), lambda: pl.find_laws(an_ode("b"))),
    "laws with functions": (
        lambda: pl.find_laws(an_ode(), augment=["log(x)"]),
        lambda: pl.find_laws(an_ode("b"), augment=["log(x)"]),
    ),
    "Darboux": (
        lambda: pl.find_laws(an_ode(), kind="darboux"),
        lambda: pl.find_laws(an_ode("b"), kind="darboux"),
    ),
    "words": (
        lambda: pl.find_laws(pl.ShapedFlow.gradient(two_factors())),
        lambda: pl.find_laws(pl.ShapedFlow.gradient(two_factors("b"))),
    ),
    "count": (lambda: pl.count_laws(an_ode()), lambda: pl.count_laws(an_ode("b"))),
    "spec": (lambda: Spec.parse("linear:2,3,2"), lambda: Spec.parse("linear: 2,3, 2")),
}


@pytest.mark.parametrize("name", SAME)
def test_what_means_the_same_is_equal(name: str) -> None:
    left, right = (make() for make in SAME[name])
    assert left == right
    assert hash(left) == hash(right)


OTHER: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "ODE": (an_ode, lambda: an_ode(moves="x")),
    "time": (an_ode, lambda: pl.PolynomialODE({"x": "y", "y": "-x"}, time="t")),
    "map": (lambda: pl.GradientFlow(a_map()), lambda: pl.GradientFlow(a_map(phi="u^2*v"))),
    "kind": (lambda: pl.GradientFlow(a_map()), lambda: pl.MomentumFlow(a_map())),
    "metric": (lambda: pl.GradientFlow(a_map()), lambda: pl.GradientFlow(a_map(), "mirror")),
    "decay": (lambda: pl.GradientFlow(a_map()), lambda: pl.GradientFlow(a_map(), weight_decay=1)),
    "damping": (lambda: pl.MomentumFlow(a_map(), 3), lambda: pl.MomentumFlow(a_map(), "3/t")),
    "steady": (lambda: a_field("X"), lambda: Field("X", a_field("X").components, steady=True)),
    "shaped": (
        lambda: pl.ShapedFlow.gradient(two_factors()),
        lambda: pl.ShapedFlow.gradient(two_factors(), "mirror:U"),
    ),
    "spec": (lambda: Spec.parse("linear:2,3,2"), lambda: Spec.parse("linear:2,3,3")),
}


@pytest.mark.parametrize("name", OTHER)
def test_what_means_something_else_is_not(name: str) -> None:
    left, right = (make() for make in OTHER[name])
    assert left != right


def test_a_metric_of_both_kinds_has_a_name() -> None:
    ring = pl.Ring((), ("b",))
    metric = ArrayMetric(("U",), {"V": ring.parse("b/2")})
    assert metric.name == "mirror:U and rates:V=1/2*b"
    flow = pl.ShapedFlow.gradient(two_factors(), metric)
    concrete = flow.at({"n": 1, "m": 1, "r": 1})
    assert [[str(m) for _, m in column] for column in concrete.metric.columns] == [["U_1_1"], ["1/2*b"]]


def test_parameters_of_a_damping_join_those_of_the_model() -> None:
    """A damping that is a value is read over the parameters of the metric, as its text is."""
    model = from_map(["u", "v"], ["a*u*v"], parameters=["a"])
    damping = damping_of("tau", (), ())
    assert pl.MomentumFlow(model, damping) == pl.MomentumFlow(model, "tau")
    with pytest.raises(InputError, match="u is not constant"):
        pl.MomentumFlow(model, pl.Ring((), ("u",)).parse("u"))
