"""Rings: names, clocks, indices, and values that travel."""

from __future__ import annotations

import pickle

import pytest

from polylaw.algebra.ring import Exponential, Ring, RootOfTime, nearest
from polylaw.errors import InputError, NameConflictError, PolylawError, UnknownNameError

PARAMETERS = Ring(("tau", "g"))
TAU = PARAMETERS.generator("tau")

BAD_NAMES = [
    ("", InputError, "a letter, then"),
    ("1x", InputError, "a letter, then"),
    ("_x", InputError, "a letter, then"),
    ("x y", InputError, "a letter, then"),
    ("x\n", InputError, "a letter, then"),
    ("é", InputError, "a letter, then"),
    ("x²", InputError, "a letter, then"),
    ("x" * 64, InputError, "at most 62"),
    (3, InputError, "found 3"),
    (None, InputError, "found None"),
    ("exp", NameConflictError, "not reserved"),
    ("sqrt", NameConflictError, "not reserved"),
    ("x", NameConflictError, "each name once"),
]


@pytest.mark.parametrize(("name", "error", "fragment"), BAD_NAMES)
def test_bad_names(name: str, error: type[PolylawError], fragment: str) -> None:
    for variables, parameters in ((("x", name), ()), (("x",), (name,))):
        with pytest.raises(error, match=fragment):
            Ring(variables, parameters)


def test_time_is_reserved_only_beside_a_clock() -> None:
    assert "t" in Ring(("t",))
    for clock in (RootOfTime(), Exponential(TAU)):
        with pytest.raises(NameConflictError, match="'t'"):
            Ring(("t",), ("tau",), clock)


def test_generators_are_variables_then_clock_then_parameters() -> None:
    ring = Ring(("x", "y"), ("a", "b"), RootOfTime(2))
    assert ring.size == 5
    assert ring.clock_index == 2
    assert list(ring.parameter_indices) == [3, 4]
    assert [ring.name(i) for i in range(5)] == ["x", "y", "t^(1/2)", "a", "b"]
    assert [ring.index(name) for name in "xyab"] == [0, 1, 3, 4]
    plain = Ring(("x",))
    assert plain.clock_index is None
    assert not plain.parameter_indices
    assert plain.size == 1


def test_unknown_names_come_with_the_nearest_known_one() -> None:
    ring = Ring(("U_1_1", "U_1_2", "V_1_1"))
    with pytest.raises(UnknownNameError, match="did you mean 'U_1_2'"):
        ring.index("U_1_22")
    with pytest.raises(UnknownNameError, match="known: U_1_1, U_1_2, V_1_1"):
        ring.generator("zzz")


def test_nearest_is_bounded_for_long_words_and_long_lists() -> None:
    names = [f"U_{i}_{j}" for i in range(300) for j in range(300)]
    assert nearest("q" * 10**6, names).endswith(", ...")
    assert nearest("x", []) == "none are defined"


@pytest.mark.parametrize(
    ("clock", "powers"),
    [
        (RootOfTime(), ["t", "t^2", "t^3"]),
        (RootOfTime(2), ["t^(1/2)", "t", "t^(3/2)"]),
        (Exponential(PARAMETERS.constant(1)), ["exp(t)", "exp(2*t)", "exp(3*t)"]),
        (Exponential(TAU), ["exp(tau*t)", "exp(2*tau*t)", "exp(3*tau*t)"]),
        (Exponential(TAU / 2), ["exp(1/2*tau*t)", "exp(tau*t)", "exp(3/2*tau*t)"]),
        (Exponential(TAU + 1), ["exp((tau + 1)*t)", "exp((2*tau + 2)*t)", "exp((3*tau + 3)*t)"]),
    ],
)
def test_powers_of_the_clock(clock: RootOfTime | Exponential, powers: list[str]) -> None:
    assert [clock.text(k) for k in (1, 2, 3)] == powers


@pytest.mark.parametrize("root", [0, -1, "2", 0.5, None])
def test_roots_of_time_are_positive_integers(root: int) -> None:
    with pytest.raises(InputError, match="root: found"):
        RootOfTime(root)


def test_rates_are_nonzero_and_in_the_parameters() -> None:
    with pytest.raises(InputError, match="a nonzero polynomial in the parameters"):
        Exponential(TAU - TAU)
    with pytest.raises(InputError, match="clock: found 'tau'"):
        Ring(("x",), ("a",), Exponential(TAU))
    with pytest.raises(InputError, match="clock: found 'tau'"):
        Ring(("tau",), (), Exponential(TAU))


def test_rings_are_values() -> None:
    def ring() -> Ring:
        return Ring(["x", "y"], ["tau"], Exponential(Ring(("tau",)).generator("tau")))

    assert ring() == ring()
    assert hash(ring()) == hash(ring())
    assert ring() != Ring(("x", "y"), ("tau",))
    assert Ring(("x",), clock=RootOfTime(1)) != Ring(("x",), clock=RootOfTime(2))
    copy = pickle.loads(pickle.dumps(ring()))  # noqa: S301
    assert copy == ring()
    assert hash(copy) == hash(ring())
    assert copy.index("tau") == 3


def test_too_many_generators() -> None:
    with pytest.raises(InputError, match="at most 100000 generators"):
        Ring([f"x{i}" for i in range(100_001)])
