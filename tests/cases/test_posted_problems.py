"""Problems that people posted on forums and issue trackers, each with the right answer: the one it gets, or an honest,
readable "undecided, because".  The sources stand in the model files; the answers were found by other means (by hand,
by sympy's derivatives at random points, by linear algebra mod 2^61 - 1 written for the purpose)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl

MODELS = Path(__file__).parent / "models"


def flow_of(model: str, **options: Any) -> Any:
    if model.endswith(".toml"):
        return pl.flow_from_file(MODELS / model)
    return pl.flow_of_spec(model)


@dataclass(frozen=True)
class Claims:
    """What `check` says of laws: true ones are proved, false ones refuted."""

    model: str
    true: tuple[str, ...]
    false: tuple[str, ...] = ()


CLAIMS = [
    Claims("linear_with_square.toml", ("z/y - y", "x/y - y - (z/y - y)*log(y)"), ("x/y",)),
    Claims("cubic_hamiltonian.toml", ("2*x^4 + y^4 - 4*x^2*y",), ("y*(y^2 - 1)*log(y^3 - x^2) + x^2",)),
    Claims("center.toml", ("x^2*y^3*(2*x + 3*y - 6)",), ("x^2*y^2*(2*x + 3*y - 6)",)),
    Claims("sis.toml", ("b*S + b*I - c*log(b*S - a)",), ("S + I",)),
    Claims("characteristics.toml", ("y - z", "x^2/y + 2*y - 2*(y - z)*log(y) - (y - z)^2/y"), ("y/z",)),
    Claims("characteristics_textbook.toml", ("y/z", "(x^2 + y^2 + z^2)/y"), ("y - z",)),
    Claims("three_matrix_entries.toml", ("v11 + v22", "v11*v22 - v12^2 - 6*v22"), ("v11*v22 - v12^2",)),
    Claims("linear_chain.toml", ("a + b + c", "ac*b - ab*c"), ("a + b",)),
    Claims("sir.toml", ("S + I + R", "b*R/(g*N) + log(S)", "S*exp(b*R/(g*N))"), ("S + I",)),
    Claims("quotients.toml", ("x*y", "x*exp(-t/(x*y))"), ("exp(-t)*x",)),
    Claims("products.toml", ("x/y", "t + 1/(2*x*y)"), ("x*y",)),
    Claims(
        "lorentz_force.toml",
        (
            "m*v1 - q*(x2*b3 - x3*b2) - q*e1*t",
            "m*v2 - q*(x3*b1 - x1*b3) - q*e2*t",
            "m*v3 - q*(x1*b2 - x2*b1) - q*e3*t",
            "m*(v1^2 + v2^2 + v3^2) - 2*q*(e1*x1 + e2*x2 + e3*x3)",
        ),
        ("m*(v1^2 + v2^2 + v3^2)",),
    ),
    Claims("hess_top.toml", ("g1^2 + g2^2 + g3^2",), ("M1 + M3",)),
    Claims(
        "kovalevskaya.toml",
        ("g1^2 + g2^2 + g3^2", "(M1^2 - M2^2 + 2*m*g1)^2 + (2*M1*M2 + 2*m*g2)^2"),
        ("(M1^2 - M2^2 - 2*m*g1)^2 + (2*M1*M2 + 2*m*g2)^2",),
    ),
    Claims(
        "restricted_three_bodies.toml",
        ("x^2 + y^2 + 2*(1 - mu)/sqrt((x + mu)^2 + y^2) + 2*mu/sqrt((x - 1 + mu)^2 + y^2) - vx^2 - vy^2",),
        ("x*vy - y*vx + (1 - mu)/sqrt((x + mu)^2 + y^2) + mu/sqrt((x - 1 + mu)^2 + y^2) - vx^2/2 - vy^2/2",),
    ),
    Claims("shifted_well.toml", ("v^2/2 - 1/sqrt((x + 1/2)^2 + 1)",), ("v^2/2 + 1/sqrt((x + 1/2)^2 + 1)",)),
    Claims(
        "vortices.toml",
        (
            "G1*x1 + G2*x2 + G3*x3",
            "G1*(x1^2 + y1^2) + G2*(x2^2 + y2^2) + G3*(x3^2 + y3^2)",
            "G1*G2*log((x1 - x2)^2 + (y1 - y2)^2) + G1*G3*log((x1 - x3)^2 + (y1 - y3)^2) + G2*G3*log((x2 - x3)^2 + (y2 - y3)^2)",
        ),
        ("x1 + x2 + x3",),
    ),
    Claims("may_leonard.toml", ("x*y*z/(x + y + z)^3",), ("x*y*z/(x + y + z)^2",)),
    Claims("quartic_1_6_1.toml", ("px*py + x^3*y + x*y^3", "2*px^2 + 2*py^2 + x^4 + 6*x^2*y^2 + y^4"), ("px*py",)),
    Claims("torque_pendulum.toml", ("c^2 + s^2", "w^2 - 2*u*th + 2*c"), ("w^2 + 2*c",)),
    Claims("torque_pendulum_sin.toml", ("w^2 - 2*u*th + 2*cos(th)",), ("w^2 - 2*u*th - 2*cos(th)",)),
    Claims("pendulum.toml", ("p^2 - 2*cos(q)", "p^2/2 + 2*sin(q/2)^2"), ("p^2 + 2*cos(q)",)),
    Claims("abc.toml", ("B*sin(x) + A*cos(z)",), ("B*sin(x) - A*cos(z)",)),
    Claims("abc_as_variables.toml", ("B*sx + A*cz",), ("B*sx - A*cz",)),
    Claims("two_masses.toml", ("v1 + v2",), ("x1 + x2",)),
    Claims("damped_in_space.toml", ("(x*v - y*u)/(x*w - z*u)", "exp(2*t)*(x*v - y*u)"), ("x*v - y*u",)),
    Claims("forced_autonomous.toml", ("(x + 3*s + 3)/y",), ("(x + 3*s)/y",)),
    Claims("forced.toml", ("(x + 3*t + 3)/y",), ("(x + 3*t)/y",)),
    Claims("calogero.toml", ("p1 + p2 + p3", "p1^2/2 + p2^2/2 + p3^2/2 + g/(x1 - x2)^2 + g/(x1 - x3)^2 + g/(x2 - x3)^2"), ("p1",)),
    Claims(
        "three_bodies.toml",
        (
            "m1*u1 + m2*u2 + m3*u3",
            "m1*(x1*v1 - y1*u1) + m2*(x2*v2 - y2*u2) + m3*(x3*v3 - y3*u3)",
            "m1*(u1^2 + v1^2)/2 + m2*(u2^2 + v2^2)/2 + m3*(u3^2 + v3^2)/2 - m1*m2/sqrt((x1 - x2)^2 + (y1 - y2)^2)"
            " - m1*m3/sqrt((x1 - x3)^2 + (y1 - y3)^2) - m2*m3/sqrt((x2 - x3)^2 + (y2 - y3)^2)",
        ),
        ("m1*x1 + m2*x2 + m3*x3",),
    ),
    Claims("rabinovich.toml", ("exp(2*v*t)*(x^2 + y^2 - 4*h*z)",), ("x^2 + y^2 - 4*h*z",)),
    Claims("lorenz_2s.toml", ("exp(2*s*t)*(x^2 - 2*s*z)",), ("x^2 - 2*s*z",)),
    Claims("robertson.toml", ("y1 + y2 + y3",), ("y1 + y2",)),
    Claims("feedback.toml", (), ("S1 + S2 + S3",)),
    Claims("symbolic_power.toml", ("A + B",), ("A - B",)),
    Claims("qk_norm.toml", ("gq1^2 - gk1^2", "gq2^2 - gk2^2", "Q11^2 + Q12^2 + Q21^2 + Q22^2"), ("gq1^2 - gk2^2",)),
    Claims("weight_norm.toml", ("v1^2 + v2^2 + v3^2",), ("g^2 - v1^2 - v2^2 - v3^2",)),
    Claims("weight_norm_squares.toml", ("v1^2 + v2^2 + v3^2",), ("g",)),
    Claims("dora_rows.toml", ("B1^2 + B2^2 - A1^2 - A2^2",), ("m1",)),
    Claims("tied_3_2.toml", ("(W11*W22 - W12*W21)/(W11*W32 - W12*W31)",), ("W11*W22 - W12*W21",)),
    Claims("experts_softmax.toml", ("W11 + W21", "W12 + W22", "a1^2 - c11^2 - c12^2"), ("W11",)),
    Claims("experts_sigmoid.toml", ("a1^2 - c11^2 - c12^2",), ("W11 + W21",)),
    Claims("valued_parameter.toml", ("v^2 + w*x^2", "v^2 + 2*x^2"), ("v^2 + x^2",)),
    Claims("dependent_1.toml", ("y - 2*x",), ("y - x",)),
    Claims("dependent_3.toml", ("y - exp(x)",), ("y - 2*x",)),
    Claims("dependent_4.toml", ("y - 2*x",), ("y - x",)),
    Claims("dependent_7.toml", ("y - x^2/4",), ("y - x^2",)),
    Claims("morse.toml", ("p^2/2 + a*D*0 + D*exp(-2*a*x) - 2*D*exp(-a*x)",), ("p^2/2 + D*exp(-2*a*x)",)),
]


@pytest.mark.parametrize("claims", CLAIMS, ids=lambda c: c.model)
def test_claims_are_proved_or_refuted(claims: Claims) -> None:
    flow = flow_of(claims.model)
    for law in claims.true:
        verdict = pl.check_law(flow, law)
        assert isinstance(verdict, pl.Proved), (law, verdict)
    for law in claims.false:
        verdict = pl.check_law(flow, law)
        assert isinstance(verdict, pl.Refuted), (law, verdict)
