"""Verdicts on claimed laws: proofs, refutations that anyone can recompute, and what is said when a bound is
hit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
import sympy

import polylaw as pl
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.domains.elementary.parse import expression_of
from polylaw.domains.polynomials import nonzero_point
from polylaw.errors import InexactError, InputError, PolylawError, UnknownNameError
from tests.helpers import CUBE, OSCILLATOR, complete_laws, each_flow, gradient, momentum

GROWTH = pl.PolynomialODE({"x": "k*x", "y": "-k*y"}, ["k"])

FLOWS = [
    *map(
        gradient,
        [
            "linear:2,3,2",
            "linear:1,2,2,1",
            "factorization:1,1,3",
            "relu:2,2,2?bias=true",
            "nmf:2,2,2",
            "icnn:1,2,2",
        ],
    ),
    *map(
        gradient,
        [
            "attention:d1=2,dim=1",
            "softmax:3,2",
            "normalized:3,1",
            "gated:1,2,2",
            "conv:1,2,1?taps=2",
            "tt:2,2,2?ranks=2",
        ],
    ),
    gradient("linear:2,2,2", "rates:U1=a,U2=b"),
    gradient("linear:2,1,2", weight_decay="lam"),
    *(momentum("factorization:1,1,2", damping) for damping in (0, 1, "tau", "3/t")),
    pl.PolynomialODE({"x": "y", "y": "x", "z": "x*y"}),
    OSCILLATOR,
]
flows = each_flow(FLOWS)


def refuted(flow: pl.Flow, claim: Any) -> pl.Refuted:
    verdict = pl.check_law(flow, claim)
    assert isinstance(verdict, pl.Refuted), verdict
    return verdict


def with_one_sign_flipped(law: pl.Polynomial) -> Iterator[pl.Polynomial]:
    """All of them, up to the sign of the whole."""
    for monomial, c in law.sorted_terms()[1:]:
        yield pl.Polynomial(law.ring, {**law.terms, monomial: -c})


def rate_of_change(flow: pl.Flow, verdict: pl.Refuted) -> Any:
    """The derivative of the claim at the witness along the field, as the coefficient of e in h(w + e X(w)):
    no derivative is taken."""
    [field] = [field for field in flow.distribution.fields if field.name == verdict.field]
    line = pl.Ring(["e"])
    names = {flow.ring.name(g): g for g in range(flow.ring.size)}
    witness = {names[name]: value for name, value in verdict.witness.items()}
    images = {g: line.constant(witness.get(g, 0)) for g in names.values()}
    images |= {
        g: images[g] + line.generator("e") * component(witness) for g, component in field.components.items()
    }
    return verdict.law.substitute(images, line).terms.get(((0, 1),), 0) * field.content


# -- true laws -------------------------------------------------------------------------------------
@flows
def test_laws_and_polynomials_in_them_are_proved(flow: pl.Flow) -> None:
    laws = complete_laws(flow).generators
    assert laws
    combination = pl.Polynomial.sum(flow.ring, (h * h - h * Fraction(i, 3) for i, h in enumerate(laws)))
    for claim in (*laws, combination, *map(str, laws)):
        assert pl.check_law(flow, claim) == pl.Proved(flow.polynomial(claim))


@pytest.mark.parametrize("claim", ["0", "3", "-2/3", "k", "k^2 - 1", 5, Fraction(1, 2)])
def test_constants_are_laws_trivially(claim: Any) -> None:
    assert pl.check_law(GROWTH, claim) == pl.Proved(GROWTH.polynomial(claim), trivial=True)


def test_a_law_times_a_parameter_is_not_trivial() -> None:
    assert pl.check_law(GROWTH, "k*x*y + k") == pl.Proved(GROWTH.parse("k*x*y + k"))


def test_time_alone_is_no_constant() -> None:
    flow = momentum("linear:1,1", "tau")
    verdict = refuted(flow, "exp(tau*t)")
    assert (str(verdict.residual), verdict.value) == ("tau*exp(tau*t)", 1)


@pytest.mark.parametrize(
    "claim", ["x1^2 - x3^2", "(x1 - x3)*(x1 + x3)", sympy.Symbol("x1") ** 2 - sympy.Symbol("x3") ** 2]
)
def test_claims_come_as_text_polynomial_or_sympy(claim: Any) -> None:
    law = CUBE.parse("x1^2 - x3^2")
    assert pl.check_law(CUBE, claim) == pl.check_law(CUBE, law) == pl.Proved(law)


def test_a_polynomial_of_another_ring_is_moved() -> None:
    law = pl.Ring(["x3", "x1"]).parse("x1^2 - x3^2")
    assert isinstance(pl.check_law(CUBE, law), pl.Proved)


# -- false laws ------------------------------------------------------------------------------------
@flows
def test_a_flipped_sign_is_refuted_with_a_witness(flow: pl.Flow) -> None:
    for law in complete_laws(flow).generators:
        for claim in with_one_sign_flipped(law):
            verdict = refuted(flow, claim)
            assert verdict.law == claim
            [field] = [x for x in flow.distribution.fields if x.name == verdict.field]
            assert verdict.residual == field(claim) * field.content
            assert verdict.value == rate_of_change(flow, verdict) != 0


@flows
def test_laws_near_a_false_claim_are_true(flow: pl.Flow) -> None:
    for law in complete_laws(flow).generators[:2]:
        for claim in [*with_one_sign_flipped(law)][:2]:
            nearest = refuted(flow, claim).nearest
            assert law in nearest
            assert all(isinstance(pl.check_law(flow, h), pl.Proved) for h in nearest)


@pytest.mark.parametrize(
    ("claim", "residual", "witness", "value", "nearest"),
    [
        ("x1^2 + x3^2", "4*x1*x2*x3", {"x1": 1, "x2": 1, "x3": 1}, 4, ["x1^2 - x3^2"]),
        ("x1", "x2*x3", {"x2": 1, "x3": 1}, 1, []),
        ("x1^2 - x2^2 + x1", "x2*x3", {"x2": 1, "x3": 1}, 1, ["x1^2 - x2^2"]),
        ("2*x1^2 - x2^2", "2*x1*x2*x3", {"x1": 1, "x2": 1, "x3": 1}, 2, ["x1^2 - x2^2"]),
        (
            "x1^4 - x3^4",
            "4*x1^3*x2*x3 - 4*x1*x2*x3^3",
            {"x1": 1, "x2": 1, "x3": 2},
            -24,
            ["x1^4 - 2*x1^2*x2^2 + 2*x2^2*x3^2 - x3^4"],
        ),
    ],
)
def test_refutations_in_full(
    claim: str, residual: str, witness: dict[str, int], value: int, nearest: list[str]
) -> None:
    verdict = refuted(CUBE, claim)
    assert verdict.field == "grad phi[1]"
    assert (str(verdict.residual), dict(verdict.witness), verdict.value) == (residual, witness, value)
    assert [str(h) for h in verdict.nearest] == nearest


def test_the_nearest_law_is_an_orthogonal_projection() -> None:
    """No monomials of the claim carry a law; the difference to the nearest one is orthogonal to every law."""
    claim = CUBE.parse("3*x1^2 + x1*x2")
    [law] = refuted(CUBE, claim).nearest
    assert str(law) == "2*x1^2 - x2^2 - x3^2"


def test_a_claim_far_from_every_law_has_none_near_it() -> None:
    assert refuted(momentum("relu:2,2,2", 0), "U1_1_1*dU1_1_1").nearest == ()


@pytest.mark.parametrize(
    ("damping", "right", "wrong"),
    [("3/t", "t^3", "t^2"), ("tau", "exp(tau*t)", "exp(3*tau*t)"), (1, "exp(t)", "1")],
)
def test_a_wrong_power_of_time_is_refuted_and_the_right_one_shown(
    damping: Any, right: str, wrong: str
) -> None:
    flow = momentum("factorization:2,1,2", damping)
    [law] = complete_laws(flow).generators
    assert isinstance(pl.check_law(flow, law), pl.Proved)
    assert refuted(flow, str(law).replace(right, wrong)).nearest == (law,)


def test_a_gradient_law_is_no_momentum_law() -> None:
    refuted(momentum("linear:2,2,2", 0), str(complete_laws(gradient("linear:2,2,2")).basis[0]))


# -- witnesses -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("5", {}),
        ("x1", {0: 1}),
        ("x1 + 1", {0: 0}),
        ("x1^2 - x1", {0: -1}),
        ("x1*x2 - x1", {0: 1, 1: 0}),
        ("x1^3 - 4*x1", {0: 1}),
    ],
)
def test_witnesses_are_small(text: str, point: dict[int, int]) -> None:
    polynomial = CUBE.parse(text)
    assert nonzero_point(polynomial) == point
    assert polynomial(point) != 0


def test_the_clock_and_the_parameters_of_a_witness_are_positive() -> None:
    flow = pl.PolynomialODE({"x": "(k - 1)*(k + 2)"}, ["k"], time="exp(k*t)")
    verdict = refuted(flow, "x*(exp(k*t) - 1)")
    assert verdict.witness["k"] > 1
    assert verdict.witness["exp(k*t)"] > 1


# -- wrong claims ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("claim", "error", "words"),
    [
        ("x1^2 - x4^2", UnknownNameError, "'x4'"),
        ("dx1*x1", UnknownNameError, "only a momentum flow has those"),
        ("x1 +", InputError, "law"),
        ("", InputError, "law"),
        ("x1/0", InputError, "law"),
        ("t*x1", PolylawError, "law"),
        (1.5, InexactError, 'for example "3/2"'),
        (None, InputError, "law"),
        (["x1"], InputError, "law"),
    ],
    ids=str,
)
def test_what_is_no_claim_is_refused(claim: Any, error: type[PolylawError], words: str) -> None:
    with pytest.raises(error, match=words):
        pl.check_law(CUBE, claim)


@pytest.mark.parametrize("on", [None, 0, False])
def test_what_is_no_set_is_not_everywhere(on: Any) -> None:
    with pytest.raises(InputError, match="on: found"):
        pl.check_law(CUBE, "x1^2 - x3^2", on=on)


@pytest.mark.parametrize("claim", ["x^200", "x^201", "x^1000", "(x + y)^1000", "(x^2 - y^2)^101 + x"])
def test_a_false_claim_of_any_degree_is_refuted(claim: str) -> None:
    """Laws near it are not sought where no ansatz has its degree, or its monomials have too many factors."""
    verdict = pl.check_law(gradient("map:x*y*z"), claim)
    assert isinstance(verdict, pl.Refuted)
    assert verdict.value
    assert verdict.nearest == ()


def test_a_true_claim_of_any_degree_is_proved() -> None:
    assert isinstance(pl.check_law(gradient("map:x*y*z"), "(x^2 - y^2)^101"), pl.Proved)


def test_a_field_that_keeps_a_claim_proves_nothing_of_the_others() -> None:
    flow = gradient("map:x;y")
    assert refuted(flow, "y").field == "grad phi[2]"
    assert refuted(flow, "x").field == "grad phi[1]"


def test_the_shortest_residual_is_shown() -> None:
    verdict = refuted(gradient("map:x^2*y + x*y + y;y"), "x + y")
    assert (verdict.field, str(verdict.residual)) == ("grad phi[2]", "1")


def test_a_witness_is_where_the_flow_is_defined() -> None:
    verdict = refuted(pl.PolynomialODE({"x": "1/y", "y": "0"}), "x")
    assert verdict.witness["y"] == verdict.value == 1


class Odd:
    """No expression of sympy, though its text could be one."""

    def __str__(self) -> str:
        return "x1^2 - log(x3)"


def test_only_text_and_sympy_are_read() -> None:
    with pytest.raises(InputError, match="law: found"):
        pl.check_law(CUBE, Odd())
    assert isinstance(pl.check_law(CUBE, sympy.log(sympy.Symbol("x1"))), pl.Refuted)


def test_claims_with_functions_come_as_text_or_expression() -> None:
    pendulum = ElementaryODE({"x": "v", "v": "-sin(x)"})
    for claim in ("v^2/2 - cos(x)", expression_of(pendulum, "v^2/2 - cos(x)")):
        assert isinstance(pl.check_law(pendulum, claim), pl.Proved)
    assert refuted(pendulum, "v").value
    law = "x1^2 - x3^2"
    assert pl.check_law(CUBE, expression_of(CUBE, law)) == pl.check_law(CUBE, law)


def test_laws_near_a_claim_have_its_powers_of_the_clock() -> None:
    """The laws of this degree are sought to the second power of exp(t) otherwise."""
    flow = pl.PolynomialODE({"x": "y - 5*x", "y": "-x - 5*y"}, time="exp(t)")
    assert [str(h) for h in refuted(flow, "exp(10*t)*x^2").nearest] == ["exp(10*t)*(x^2 + y^2)"]


def test_a_claim_on_a_flow_with_functions_may_be_a_value() -> None:
    flow, y = ElementaryODE({"x": "sqrt(y)", "y": "0"}), sympy.Symbol("y")
    for claim in (flow.ring.parse("y^2"), sympy.sqrt(y), "y"):
        assert pl.check_law(flow, claim)
    assert not pl.check_law(flow, flow.ring.parse("x"))
