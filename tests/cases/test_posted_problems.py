"""Problems that people posted on forums and issue trackers, each with the right answer: the one it gets, or
an honest, readable "undecided, because".  The sources stand in the model files; the answers were found by
other means (by hand, by sympy's derivatives at random points, by linear algebra mod 2^61 - 1 written for the
purpose)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from tests.helpers import mostly_slow

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
            "G1*G2*log((x1 - x2)^2 + (y1 - y2)^2) + G1*G3*log((x1 - x3)^2 + (y1 - y3)^2) + G2*G3*log((x2 - "
            "x3)^2 + (y2 - y3)^2)",
        ),
        ("x1 + x2 + x3",),
    ),
    Claims("may_leonard.toml", ("x*y*z/(x + y + z)^3",), ("x*y*z/(x + y + z)^2",)),
    Claims(
        "quartic_1_6_1.toml", ("px*py + x^3*y + x*y^3", "2*px^2 + 2*py^2 + x^4 + 6*x^2*y^2 + y^4"), ("px*py",)
    ),
    Claims("torque_pendulum.toml", ("c^2 + s^2", "w^2 - 2*u*th + 2*c"), ("w^2 + 2*c",)),
    Claims("torque_pendulum_sin.toml", ("w^2 - 2*u*th + 2*cos(th)",), ("w^2 - 2*u*th - 2*cos(th)",)),
    Claims("pendulum.toml", ("p^2 - 2*cos(q)", "p^2/2 + 2*sin(q/2)^2"), ("p^2 + 2*cos(q)",)),
    Claims("abc.toml", ("B*sin(x) + A*cos(z)",), ("B*sin(x) - A*cos(z)",)),
    Claims("abc_as_variables.toml", ("B*sx + A*cz",), ("B*sx - A*cz",)),
    Claims("two_masses.toml", ("v1 + v2",), ("x1 + x2",)),
    Claims("damped_in_space.toml", ("(x*v - y*u)/(x*w - z*u)", "exp(2*t)*(x*v - y*u)"), ("x*v - y*u",)),
    Claims("forced_autonomous.toml", ("(x + 3*s + 3)/y",), ("(x + 3*s)/y",)),
    Claims("forced.toml", ("(x + 3*t + 3)/y",), ("(x + 3*t)/y",)),
    Claims(
        "calogero.toml",
        ("p1 + p2 + p3", "p1^2/2 + p2^2/2 + p3^2/2 + g/(x1 - x2)^2 + g/(x1 - x3)^2 + g/(x2 - x3)^2"),
        ("p1",),
    ),
    Claims(
        "three_bodies.toml",
        (
            "m1*u1 + m2*u2 + m3*u3",
            "m1*(x1*v1 - y1*u1) + m2*(x2*v2 - y2*u2) + m3*(x3*v3 - y3*u3)",
            "m1*(u1^2 + v1^2)/2 + m2*(u2^2 + v2^2)/2 + m3*(u3^2 + v3^2)/2 - m1*m2/sqrt((x1 - x2)^2 + (y1 - "
            "y2)^2)"
            " - m1*m3/sqrt((x1 - x3)^2 + (y1 - y3)^2) - m2*m3/sqrt((x2 - x3)^2 + (y2 - y3)^2)",
        ),
        ("m1*x1 + m2*x2 + m3*x3",),
    ),
    Claims("rabinovich.toml", ("exp(2*v*t)*(x^2 + y^2 - 4*h*z)",), ("x^2 + y^2 - 4*h*z",)),
    Claims("lorenz_2s.toml", ("exp(2*s*t)*(x^2 - 2*s*z)",), ("x^2 - 2*s*z",)),
    Claims("robertson.toml", ("y1 + y2 + y3",), ("y1 + y2",)),
    Claims("feedback.toml", (), ("S1 + S2 + S3",)),
    Claims("symbolic_power.toml", ("A + B",), ("A - B",)),
    Claims(
        "qk_norm.toml",
        ("gq1^2 - gk1^2", "gq2^2 - gk2^2", "Q11^2 + Q12^2 + Q21^2 + Q22^2"),
        ("gq1^2 - gk2^2",),
    ),
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


@pytest.mark.parametrize("claims", mostly_slow(CLAIMS, *CLAIMS[::4]), ids=lambda c: c.model)
def test_claims_are_proved_or_refuted(claims: Claims) -> None:
    flow = flow_of(claims.model)
    for law in claims.true:
        verdict = pl.check_law(flow, law)
        assert isinstance(verdict, pl.Proved), (law, verdict)
    for law in claims.false:
        verdict = pl.check_law(flow, law)
        assert isinstance(verdict, pl.Refuted), (law, verdict)


@dataclass(frozen=True)
class Laws:
    """What `find` says: the complete list of generators, of degree <= 2 or as the options say."""

    model: str
    laws: tuple[str, ...]
    options: tuple[str, ...] = ()


_QUARTIC = ("--ansatz", "weighted:8;x=1,y=1,px=2,py=2")
FOUND = [
    Laws("linear_chain.toml", ("a + b + c", "ac*b - ab*c")),
    Laws("cubic_hamiltonian.toml", ("2*x^4 + y^4 - 4*x^2*y",), ("--degree", "4")),
    Laws(
        "lorentz_force.toml",
        (
            "2*m*b1*x1 + 2*m*b2*x2 + 2*m*b3*x3 - 2*m*b1*t*v1 - 2*m*b2*t*v2 - 2*m*b3*t*v3 + q*e1*b1*t^2 + "
            "q*e2*b2*t^2 + q*e3*b3*t^2",
            "q*b2*x1 - q*b1*x2 - m*v3 + q*e3*t",
            "q*b3*x1 - q*b1*x3 + m*v2 - q*e2*t",
            "q*b3*x2 - q*b2*x3 - m*v1 + q*e1*t",
            "m*v1^2 + m*v2^2 + m*v3^2 - 2*q*e1*x1 - 2*q*e2*x2 - 2*q*e3*x3",
        ),
    ),
    Laws(
        "kovalevskaya.toml",
        (
            "M1^2 + M2^2 + 2*M3^2 - 2*m*g1",
            "M1*g1 + M2*g2 + M3*g3",
            "g1^2 + g2^2 + g3^2",
            "M1^2*M3^2 + M2^2*M3^2 + M3^4 - 2*m*M1^2*g1 - 2*m*M1*M2*g2 - 2*m*M3^2*g1 - m^2*g2^2",
        ),
        ("--degree", "4"),
    ),
    Laws(
        "hess_top.toml",
        ("2*M1^2 + 3*M2^2 + 4*M3^2 + 2*g1 + 2*g3", "M1*g1 + M2*g2 + M3*g3", "g1^2 + g2^2 + g3^2"),
    ),
    Laws(
        "vortices.toml",
        (
            "G1*x1 + G2*x2 + G3*x3",
            "G1*y1 + G2*y2 + G3*y3",
            "G1*x1^2 + G1*y1^2 + G2*x2^2 + G2*y2^2 + G3*x3^2 + G3*y3^2",
        ),
    ),
    Laws(
        "restricted_three_bodies.toml",
        (
            "x^2 + y^2 - vx^2 - vy^2 + mu^2 - 2*mu + 1 - 2*(mu - 1)/sqrt(x^2 + y^2 + 2*mu*x + mu^2)"
            " + 2*mu/sqrt(x^2 + y^2 + 2*mu*x - 2*x + mu^2 - 2*mu + 1)",
        ),
    ),
    Laws("shifted_well.toml", ("v^2 - 4/sqrt(4*x^2 + 4*x + 5)",)),
    Laws(
        "quartic_1_6_1.toml",
        ("x^4 + 6*x^2*y^2 + y^4 + 2*px^2 + 2*py^2", "x^3*y + x*y^3 + px*py"),
        ("--degree", "4"),
    ),
    Laws(
        "quartic_1_12_16.toml",
        ("2*x^4 + 24*x^2*y^2 + 32*y^4 + px^2 + py^2", "4*x^4*y + 8*x^2*y^3 + x*px*py - y*px^2"),
        _QUARTIC,
    ),
    Laws("pendulum.toml", ("p^2 - 2*cos(q)",)),
    Laws("torque_pendulum.toml", ("c^2 + s^2", "w^2 - 2*u*th + 2*c")),
    Laws("torque_pendulum_sin.toml", ("w^2 - 2*u*th + 2*cos(th)",)),
    Laws("abc.toml", ("A*cos(z) + B*sin(x)",)),
    Laws("abc_as_variables.toml", ("B*sx + A*cz", "sx^2 + cx^2", "sz^2 + cz^2")),
    Laws("two_masses.toml", ("v1 + v2",)),
    Laws("robertson.toml", ("y1 + y2 + y3",)),
    Laws(
        "stem_cell.toml",
        (
            "X1 + X2 + X4 + X7 + X8 + X13",
            "X1 + X5",
            "X2 + X6 + X7 + X8 + X13",
            "X6 + X7 + X8 + X12 + X13",
            "X9 + X11",
            "X10 + X11",
            "X14 + X16",
            "X15 + X16",
            "X17 + X19",
            "X18 + X19",
        ),
    ),
    Laws("feedback.toml", ()),
    Laws("symbolic_power.toml", ("A + B",)),
    Laws("symbolic_stoichiometry.toml", ("k2*N*A + k*n*X + k2*X", "k2*N*B - k*n*X")),
    Laws("halphen.toml", (), ("--degree", "6")),
    Laws(
        "biomodel_475.toml",
        (
            "x1 + x3 + x9 + x10 + x11 + x12 + x14 + x16 + x17 + x19 + x20 + x21 + x22 + x23",
            "x2 + x3 + x9 + x10 + x11 + x12 + x14 + x16 + x17 + x19 + x20 + x21 + x22 + x23",
            "2*x4 + x5 + 2*x9 + 2*x10 + 2*x11",
            "x6 + x7 + x10",
            "x7 + x8 + x10 + x11 + x12 + x14 + x15 + 2*x16 + 2*x17 + 2*x19 + 3*x20 + 3*x21 + 3*x22",
            "x13 + x14 + x16 + x17 + x20 + x21",
            "x15 + x16 + x18 + x20",
        ),
    ),
    Laws(
        "pollution.toml",
        (
            "NO2 + NO + PAN + HNO3 + NO3 + 2*N2O5",
            "HCHO + CO + 2*ALD + MEO2 + 2*C2O3 + CO2 + 2*PAN + CH3O",
            "SO2 + SO4",
        ),
    ),
    Laws("superfast.toml", ("4*k18*DMS + 3*k19*DMS + 4*k18*SO2 + 4*k19*SO2 + 4*k18*SO4 + 4*k19*SO4",)),
    Laws(
        "qk_norm.toml",
        ("Q11^2 + Q12^2 + Q21^2 + Q22^2", "K11^2 + K12^2 + K21^2 + K22^2", "gq1^2 - gk1^2", "gq2^2 - gk2^2"),
    ),
    Laws("weight_norm.toml", ("sqrt(v1^2 + v2^2 + v3^2)", "1/sqrt(v1^2 + v2^2 + v3^2)")),
    Laws("weight_norm_squares.toml", ("v1^2 + v2^2 + v3^2",)),
    Laws("dora_rows.toml", ("B1^2 + B2^2 - A1^2 - A2^2",)),
    Laws("dora_columns.toml", ("B1^2 + B2^2 - A1^2 - A2^2",)),
    Laws("experts_softmax.toml", ("W11 + W21", "W12 + W22", "a1^2 - c11^2 - c12^2", "a2^2 - c21^2 - c22^2")),
    Laws("experts_sigmoid.toml", ("a1^2 - c11^2 - c12^2", "a2^2 - c21^2 - c22^2")),
    Laws(
        "simsiam.toml",
        (
            "P11^2 + P21^2 - W11^2 - W12^2",
            "P11*P12 + P21*P22 - W11*W21 - W12*W22",
            "P12^2 + P22^2 - W21^2 - W22^2",
        ),
    ),
    Laws("sigmoid_unit.toml", ()),
    Laws(
        "state_space.toml",
        (
            "A_1_1*A_1_2 - A_1_1*A_2_1 - A_1_2*A_2_2 + A_2_1*A_2_2 - B_1_1*B_2_1 + C_1_1*C_1_2",
            "A_1_2^2 - A_2_1^2 - B_2_1^2 + C_1_2^2",
            "B_1_1^2 + B_2_1^2 - C_1_1^2 - C_1_2^2",
        ),
    ),
    Laws("valued_parameter.toml", ("2*x^2 + v^2",)),
    Laws("dependent_1.toml", ("2*x - y",)),
    Laws("dependent_2.toml", ("y*sqrt(2) - 2*x",)),
    Laws("dependent_3.toml", ("y - exp(x)",)),
    Laws("dependent_4.toml", ("2*x - y",)),
    Laws("dependent_5.toml", ("x - y",)),
    Laws("dependent_6.toml", ("2*x - z", "2*y - 3*z")),
    Laws("dependent_7.toml", ("x^2 - 4*y",)),
    Laws("morse.toml", ("p^2 - 4*D*exp(-a*x) + 2*D*exp(-2*a*x)",)),
    Laws(
        "characteristics.toml",
        ("y - z", "(x^2 + 3*y*z - z^2)/y - 2*(y - z)*log(y)"),
        ("--degree", "3", "--augment", "log(y)", "--augment", "1/y"),
    ),
]


@pytest.mark.parametrize("found", mostly_slow(FOUND, *FOUND[::4]), ids=lambda f: f.model)
def test_all_laws_are_found_and_readable(polylaw: Any, found: Laws) -> None:
    run = polylaw("find", str(MODELS / found.model), *found.options, "--json")
    data = json.loads(run.out)
    assert (run.code, data["complete"]) == (0, True)
    assert tuple(data["generators"]) == found.laws


@dataclass(frozen=True)
class Darboux:
    """What `darboux` says: all Darboux polynomials of a degree, the laws made of them, how many laws without
    time are independent and at most can be, and special relations between parameters."""

    model: str
    polynomials: tuple[str, ...]
    laws: tuple[str, ...]
    independent: tuple[int, int]
    special: tuple[tuple[str, str], ...] = ()
    degree: int = 2


MADE = [
    Darboux("center.toml", ("x", "2*x + 3*y - 6", "y"), ("x^2*y^3*(2*x + 3*y - 6)",), (1, 1), degree=3),
    Darboux(
        "sis.toml",
        ("b*S - a", "I"),
        ("b*S + b*I - c*log(b*S - a)",),
        (1, 1),
        (("b = 0", "a*S + c*S + a*I"), ("c = 0", "S + I")),
    ),
    Darboux("saddle_focus.toml", ("y",), (), (0, 1), degree=3),
    Darboux(
        "sir.toml", ("S", "I"), ("b*S + b*I - g*N*log(S)",), (2, 2), (("g = 0", "S + I"), ("g = 0", "R"))
    ),
    Darboux("quotients.toml", ("x", "y"), (), (1, 1)),
    Darboux("products.toml", ("x", "y"), ("x/y",), (1, 1)),
    Darboux(
        "linear_with_square.toml",
        ("y", "y^2 - z"),
        ("(y^2 - z)/y", "(x - z)/(y^2 - z) + log(y)", "exp(-t)*y"),
        (2, 2),
    ),
    Darboux(
        "characteristics_textbook.toml",
        ("y", "z", "x^2 + y^2 + z^2"),
        ("y/z", "(x^2 + y^2 + z^2)/y", "(t*x^2 + t*y^2 + t*z^2 - x)/(x^2 + y^2 + z^2)"),
        (2, 2),
    ),
    Darboux("halphen.toml", ("x1 - x2", "x1 - x3", "x2 - x3"), (), (0, 2)),
    Darboux(
        "lorenz.toml",
        (),
        (),
        (0, 2),
        (
            ("s = 0", "x"),
            ("s = 1/2*b", "x^2 - b*z"),
            ("s = 1, b = 1", "r*x^2 - y^2 - z^2"),
            ("r = 0, b = 1", "y^2 + z^2"),
        ),
    ),
    Darboux(
        "may_leonard.toml",
        ("x", "x + y + z", "x + y + z - 1", "y", "z"),
        ("(x + y + z)^3/(x*y*z)", "exp(-t)*(x + y + z)/(x + y + z - 1)"),
        (1, 2),
    ),
    Darboux(
        "damped_cubic.toml",
        ("x*v - y*u", "x*w - z*u", "y*w - z*v"),
        ("(x*v - y*u)/(x*w - z*u)", "(x*v - y*u)/(y*w - z*v)", "exp(2*t)*(x*v - y*u)"),
        (2, 5),
    ),
    Darboux("forced.toml", ("x + 3*t + 3", "y"), ("(x + 3*t + 3)/y", "exp(-t)*y"), (2, 2)),
    Darboux(
        "forced_autonomous.toml", ("3*s + x + 3", "y"), ("(3*s + x + 3)/y", "s - log(y)", "s - t"), (2, 2)
    ),
    Darboux(
        "rabinovich.toml",
        ("x^2 + y^2 - 4*h*z",),
        ("exp(2*v*t)*(x^2 + y^2 - 4*h*z)",),
        (0, 2),
        (("v = 0", "x + z + h"), ("v = 0", "x - z - h")),
    ),
    Darboux(
        "lorenz_2s.toml",
        ("x^2 - 2*s*z",),
        ("exp(2*s*t)*(x^2 - 2*s*z)",),
        (0, 2),
        (("s = 1/2, r = 0", "y^2 + z^2"),),
    ),
    Darboux(
        "tied_3_2.toml",
        ("W11*W22 - W12*W21", "W11*W32 - W12*W31", "W21*W32 - W22*W31"),
        ("(W11*W22 - W12*W21)/(W11*W32 - W12*W31)", "(W11*W22 - W12*W21)/(W21*W32 - W22*W31)"),
        (2, 2),
    ),
]


@pytest.mark.parametrize(
    "made",
    mostly_slow(MADE, *(m for m in MADE if m.model not in ("damped_cubic.toml", "may_leonard.toml"))),
    ids=lambda m: m.model,
)
def test_all_darboux_polynomials_and_their_laws(polylaw: Any, made: Darboux) -> None:
    run = polylaw("darboux", str(MODELS / made.model), "--degree", str(made.degree), "--json")
    data = json.loads(run.out)
    assert (run.code, data["complete"]) == (0, True)
    assert tuple(d["polynomial"] for d in data["polynomials"]) == made.polynomials
    assert tuple(law["law"] for law in data["laws"]) == made.laws
    assert (data["independent"], data["independent_at_most"]) == made.independent
    assert tuple((s["relation"], s["polynomial"]) for s in data["special"]) == made.special


@pytest.mark.parametrize(
    ("model", "bounds"),
    [
        ("linear_with_square.toml", (2, 2)),
        ("three_matrix_entries.toml", (2, 2)),
        ("tied_3_2.toml", (2, 2)),
        ("qk_norm.toml", (4, 4)),
        ("weight_norm.toml", (1, 1)),
        ("state_space.toml", (3, 3)),
        ("kovalevskaya.toml", (4, 5)),
        ("robertson.toml", (1, 2)),
        ("saddle_focus.toml", (0, 1)),
        pytest.param("may_leonard.toml", (1, 2), marks=pytest.mark.slow),
    ],
)
def test_counts_meet_or_say_what_is_open(polylaw: Any, model: str, bounds: tuple[int, int]) -> None:
    run = polylaw("count", str(MODELS / model))
    low, high = bounds
    laws = f"{low} independent law{'s' * (low != 1)}"
    assert run.out.splitlines()[1].startswith(
        f"exactly {laws}" if low == high else f"{laws} found, of at most {high}"
    )
    assert run.code == (0 if low == high else 3)
    assert ("open: whether there are polynomial laws of degree above" in run.out) == (low < high)


@pytest.mark.slow
def test_logarithms_of_the_distances_of_vortices(polylaw: Any) -> None:
    distances = [f"(x{i} - x{j})^2 + (y{i} - y{j})^2" for i, j in ((1, 2), (1, 3), (2, 3))]
    augment = [word for distance in distances for word in ("--augment", f"log({distance})")]
    run = polylaw("find", str(MODELS / "vortices.toml"), "--degree", "1", *augment, "--json")
    data = json.loads(run.out)
    assert run.code == 0
    energy = [law for law in data["generators"] if "log" in law]
    assert len(energy) == 1
    assert energy[0].count("log") == 3


def test_sums_of_terms_are_printed_as_sums(polylaw: Any) -> None:
    augment = [word for pair in ("x1-x2", "x1-x3", "x2-x3") for word in ("--augment", f"1/({pair})")]
    data = json.loads(polylaw("find", str(MODELS / "calogero.toml"), *augment, "--json").out)
    assert "p1^2 + p2^2 + p3^2 + 2*g/(x1 - x2)^2 + 2*g/(x1 - x3)^2 + 2*g/(x2 - x3)^2" in data["generators"]
