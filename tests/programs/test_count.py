"""Numbers of laws of programs, against what is known by other means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy

import polylaw as pl
from polylaw.budget import Budget
from polylaw.errors import InputError
from polylaw.models import Model
from polylaw.programs import concatenate, exp, gelu, log, program, relu, rms_norm, silu, softmax, sqrt, tanh
from polylaw.programs.count import ProgramCount, count_program
from tests.programs.exact import rank_of_brackets


def counted(model: Model, seed: int = 0, **flow: Any) -> ProgramCount:
    return count_program(pl.GradientFlow(model, **flow), Budget(), seed=seed)


def attention(width: int, inner: int, heads: int, tokens: int = 2) -> Model:
    def function(w: Any, x: Any) -> Any:
        total = 0
        for k in range(heads):
            q, key, v = (x @ w[f"{letter}{k}"].T for letter in "QKV")
            total = softmax(q @ key.T) @ v @ w[f"O{k}"] + total
        return total

    shapes = {f"{letter}{k}": (inner, width) for k in range(heads) for letter in "QKVO"}
    return program(function, shapes, [(tokens, width)])


# -- against the engine for polynomials ----------------------------------------------------------------
POLYNOMIAL: dict[str, tuple[Callable[..., Any], dict[str, tuple[int, ...]], int]] = {
    "linear:2,3,2": (lambda w, x: x @ w.U2.T @ w.U1.T, {"U1": (2, 3), "U2": (3, 2)}, 2),
    "linear:3,1,2": (lambda w, x: x @ w.U2.T @ w.U1.T, {"U1": (3, 1), "U2": (1, 2)}, 2),
    "linear:2,2,2,2": (
        lambda w, x: x @ w.U3.T @ w.U2.T @ w.U1.T, {"U1": (2, 2), "U2": (2, 2), "U3": (2, 2)}, 2
    ),
    "homogeneous:2,3,2?p=2": (lambda w, x: (x @ w.V) ** 2 @ w.U, {"U": (3, 2), "V": (2, 3)}, 2),
    "gated:2,2,2": (
        lambda w, x: ((x @ w.B.T) * (x @ w.C.T)) @ w.A.T, {"A": (2, 2), "B": (2, 2), "C": (2, 2)}, 2
    ),
    "softmax:3,2": (lambda w, x: x @ w.theta.T, {"theta": (3, 2)}, 2),
}  # fmt: skip


@pytest.mark.parametrize("spec", POLYNOMIAL)
@pytest.mark.parametrize(
    "options", [{}, {"weight_decay": "1/2"}, {"damping": 0}, {"damping": "tau"}, {"damping": "3/t"}], ids=str
)
def test_as_many_laws_as_the_polynomial_engine_counts(spec: str, options: dict[str, Any]) -> None:
    function, shapes, width = POLYNOMIAL[spec]
    model = program(function, shapes, [(1, width)], loss="cross-entropy" if "softmax" in spec else "any")
    flow = pl.MomentumFlow if "damping" in options else pl.GradientFlow
    found, true = (
        pl.count_laws(flow(model, **options)),
        pl.count_laws(flow(pl.models.model_from_spec(spec), **options)),
    )
    assert isinstance(found, ProgramCount)
    assert (found.exact, found.lower, found.state) == (true.exact, true.lower, true.state)


# -- against published and derived numbers -------------------------------------------------------------
@pytest.mark.parametrize(
    ("width", "inner", "heads", "known"),
    [(2, 1, 1, 2), (2, 1, 2, 4), (2, 2, 1, 6), (2, 1, 3, 6), (3, 1, 2, 4), (2, 2, 2, 12), (3, 2, 2, 12)],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_attention_has_the_laws_of_its_heads_and_no_other(
    width: int, inner: int, heads: int, known: int, seed: int
) -> None:
    """Q Q' - K K' and V V' - O O' for each head (arXiv 2506.06194)."""
    assert known == heads * 2 * inner * (inner + 1) // 2
    found = counted(attention(width, inner, heads), seed)
    assert (found.exact, found.lower) == (True, known)


@pytest.mark.parametrize("act", [silu, tanh, gelu], ids=lambda f: f.__name__)
def test_deep_networks_with_smooth_activations_have_none(act: Any) -> None:
    shapes = {"A": (2, 2), "B": (2, 2), "C": (2, 2)}
    found = counted(program(lambda w, x: act(act(x @ w.A) @ w.B) @ w.C, shapes, [(1, 2)]))
    assert (found.exact, found.lower) == (True, 0)
    assert found.assumed == (
        () if act is not gelu else ("integrals of exp(-x^2/2) are taken as independent functions",)
    )


def test_normalised_sigmoid_gates_have_no_law_and_softmax_has() -> None:
    """Column sums of the router, two experts, two features: against Theorem 4.7 of arXiv 2606.17816."""
    shapes = {"R": (2, 2), "A": (2, 2)}

    def of_softmax(w: Any, x: Any) -> Any:
        return (softmax(x @ w.R) * (x @ w.A)).sum(1)

    def of_sigmoids(w: Any, x: Any) -> Any:
        e = exp(x @ w.R)
        g = e / (1 + e)
        return (g / g.sum(1, keepdims=True) * (x @ w.A)).sum(1)

    one, two = (counted(program(f, shapes, [(1, 2)])) for f in (of_softmax, of_sigmoids))
    assert (one.exact, one.lower) == (True, 2)
    assert (two.exact, two.lower) == (True, 0)


def test_a_gap_is_shown_with_what_was_tried() -> None:
    """b and c stand still, since the exponentials cancel, which no rule sees."""
    function, shapes, true = DEPENDENT["a difference that is 0"]
    found = counted(program(function, shapes, [()]))
    assert (found.lower, found.upper, found.settled) == (0, true, True)
    assert "rank 1, no growth in one further order" in found.tried[-1]


# -- dependent functions -------------------------------------------------------------------------------
DEPENDENT: dict[str, tuple[Callable[..., Any], dict[str, tuple[int, ...]], int]] = {
    "a product that is 1": (
        lambda w, x: exp(x * w.a) * exp(x * w.b) / exp(x * (w.a + w.b)) * w.c, {"a": (), "b": (), "c": ()}, 2
    ),
    "a difference that is 0": (
        lambda w, x: w.c * (exp((w.a + w.b) * x) - exp(w.a * x) * exp(w.b * x)) + w.a * x,
        {"a": (), "b": (), "c": ()}, 2,
    ),
    "a square that is the same": (
        lambda w, x: exp(x * (w.a * w.b)) - exp(x * w.a * (w.b / 2)) ** 2 + x * w.a, {"a": (), "b": ()}, 1
    ),
    "a number apart": (
        lambda w, x: exp(x * w.a + 1) / exp(x * w.a) * w.c + x * w.b, {"a": (), "b": (), "c": ()}, 1
    ),
    "of parameters alone": (
        lambda w, x: w.c * (exp(w.a + w.b) - exp(w.a) * exp(w.b)) * x**2 + w.a * x,
        {"a": (), "b": (), "c": ()},
        2,
    ),
    "numbers in products": (
        lambda w, x: w.c * (exp(2 * w.a * x * (3 * w.b)) - exp(w.a * x * w.b) ** 6) + w.a * x,
        {"a": (), "b": (), "c": ()},
        2,
    ),
    "apart by a parameter": (
        lambda w, x: exp(x * w.a + w.b) / exp(x * w.a) + x * w.c, {"a": (), "b": (), "c": ()}, 1
    ),
    # 0 in both regions; where there are data in an exponential it is multiplied by 0
    "an exponential of 0 in one region": (
        lambda w, x: (exp(relu(x * w.u)) - 1) * relu(-(x * w.u)) * w.b + x * w.a,
        {"u": (), "a": (), "b": ()},
        2,
    ),
    "an exponential of a parameter in one region": (
        lambda w, x: relu(-x) * (w.a * exp(relu(x) + w.t) + w.b), {"a": (), "b": (), "t": ()}, 2
    ),
    "a root of a square in one region": (
        lambda w, x: (sqrt(4 * w.a * w.a + relu(x * w.u)) - 2 * w.a) * relu(-(x * w.u)) * w.b + x * w.c,
        {"u": (), "a": (), "b": (), "c": ()},
        3,
    ),
    "cosh^2 - sinh^2": (
        lambda w, x: ((exp(x * w.a) + exp(-(x * w.a))) ** 2 - (exp(x * w.a) - exp(-(x * w.a))) ** 2) * w.b,
        {"a": (), "b": ()}, 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEPENDENT)
@pytest.mark.parametrize("seed", [0, 1])
def test_dependent_exponentials_get_the_values_they_must_have(name: str, seed: int) -> None:
    """With free values the rank would be larger, and the bound below the true number of laws."""
    function, shapes, true = DEPENDENT[name]
    found = counted(program(function, shapes, [()]), seed)
    assert found.lower <= true <= found.upper == true


@pytest.mark.parametrize(
    "name",
    ["a square that is the same", "a difference that is 0", "of parameters alone", "numbers in products"],
)
def test_a_careless_choice_would_be_wrong(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test above would see."""
    from polylaw.programs.points import Search

    monkeypatch.setattr(Search, "_independent", lambda *_: None)
    function, shapes, true = DEPENDENT[name]
    assert counted(program(function, shapes, [()])).upper < true


UNDECIDED: dict[str, tuple[Callable[..., Any], dict[str, tuple[int, ...]]]] = {
    "roots whose product is a square": (
        lambda w, x: sqrt(x * w.a) * sqrt(x * w.b) / sqrt(x * x * w.a * w.b) * w.c,
        {"a": (), "b": (), "c": ()},
    ),
    "the root of a square": (lambda w, x: x * sqrt(w.a * w.a), {"a": ()}),
    "the root of a square of data": (lambda w, x: w.a * sqrt(x * x), {"a": ()}),
    "a root up to a parameter": (lambda w, x: sqrt(w.a * x * x) * w.b, {"a": (), "b": ()}),
    "an exponential of a number": (
        lambda w, x: w.a * exp(x * 0 + 1) + w.b * exp(x - x + 1), {"a": (), "b": ()}
    ),
    "the inverse of 0": (lambda w, x: w.a / (x * w.b - w.b * x), {"a": (), "b": ()}),
    "error functions of opposite arguments": (
        lambda w, x: w.c * (gelu(x * w.a) - gelu(-(x * w.a)) - x * w.a) + x * w.b, {"a": (), "b": (), "c": ()}
    ),
    "logarithms apart by what is no data": (lambda w, x: log(x * w.a) - log(x * w.b), {"a": (), "b": ()}),
    "exponentials apart by what another one is of": (
        lambda w, x: exp(x * w.a + w.b) / exp(x * w.a) - exp(w.b) + x * w.c, {"a": (), "b": (), "c": ()}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_is_not_seen_to_be_independent_is_not_used(name: str) -> None:
    function, shapes = UNDECIDED[name]
    found = counted(program(function, shapes, [()]))
    assert (found.upper, found.witness) == (found.state, None)
    assert found.tried[-1].startswith("the Lie algebra: undecided, ")


# -- an independent route ------------------------------------------------------------------------------
def test_brackets_in_sixty_digits_have_the_same_rank() -> None:
    """softmax over two places of one feature each, with a value: y = s(x q k d) v, and RMSNorm."""
    a, b, c, d = sympy.symbols("a b c d")
    data = [sympy.Rational(n, 7) for n in (1, 3, 9, 16)]

    def fields(f: Callable[[Any], Any], variables: Any) -> list[list[Any]]:
        return [[sympy.diff(f(x), v) for v in variables] for x in data]

    gated = fields(lambda x: x * a * b / (1 + sympy.exp(-x * c * d)), (a, b, c, d))
    model = program(lambda w, x: x * w.a * w.b / (1 + exp(-(x * w.c * w.d))), dict.fromkeys("abcd", ()), [()])
    found = counted(model)
    assert rank_of_brackets(gated, (a, b, c, d), 1, 0) == found.lie_rank == 2
    assert (found.exact, found.lower) == (True, 2)  # a^2 - b^2, c^2 - d^2
    length = [sympy.sqrt((x * a) ** 2 + (b + x) ** 2) for x in data]
    normed = [[sympy.diff(c * x * a / n, v) for v in (a, b, c)] for x, n in zip(data, length, strict=True)]
    model = program(
        lambda w, x: w.c * x * w.a / sqrt((x * w.a) ** 2 + (w.b + x) ** 2), dict.fromkeys("abc", ()), [()]
    )
    found = counted(model)
    assert rank_of_brackets(normed, (a, b, c), 1, 0) == found.lie_rank == 3
    assert (found.exact, found.lower) == (True, 0)


# -- flows and messages --------------------------------------------------------------------------------
def test_rates_and_metrics() -> None:
    model = program(lambda w, x: relu(x @ w.U) @ w.V, {"U": (2, 2), "V": (2, 2)}, [(1, 2)])
    rated = counted(model, metric="rates:U=2,V=1/3")
    assert (rated.exact, rated.lower, str(rated.basis[0])) == (
        True, 2, "1/2*U_1_1^2 + 1/2*U_2_1^2 - 3*V_1_1^2 - 3*V_1_2^2"
    )  # fmt: skip
    mirrored = counted(model, metric="mirror")
    assert mirrored.lower == 0
    assert "not derived from symmetries" in mirrored.tried[0]


@pytest.mark.parametrize("options", [{"metric": "mirror"}, {"metric": "mirror:U1"}], ids=str)
def test_the_upper_bound_holds_for_metrics_of_the_parameters(options: dict[str, Any]) -> None:
    function, shapes, width = POLYNOMIAL["linear:3,1,2"]
    model = program(function, shapes, [(1, width)])
    true = pl.count_laws(pl.GradientFlow(pl.models.model_from_spec("linear:3,1,2"), **options))
    assert counted(model, **options).upper == true.upper


def test_a_law_that_is_none_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    import polylaw.programs.count as module

    wrong = pl.Ring([f"{name}_{i}_{j}" for name in ("Q0", "K0", "V0", "O0") for i in (1,) for j in (1, 2)])
    monkeypatch.setattr(module, "polynomials_of", lambda *_: [wrong.parse("Q0_1_1^2 + K0_1_1^2")])
    with pytest.raises(pl.PolylawError, match="a law that the fields annihilate"):
        counted(attention(2, 1, 1))


def test_regions_that_are_not_proved_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import polylaw.programs.regions as module

    model = program(lambda w, x: relu(x @ w.A) @ w.B, {"A": (2, 2), "B": (2, 1)}, [(1, 2)])
    assert isinstance(model.program, pl.Program)
    tape, outputs, right = model.program.tape, model.program.outputs, module._reached
    true = module.regions_of(tape, outputs, 0, 9)
    assert true.count == 4

    def wrong(*arguments: Any) -> Any:
        found = right(*arguments)
        return replace(found, masks={x: 1 - mask for x, mask in found.masks.items()})

    monkeypatch.setattr(module, "_reached", wrong)
    assert module.regions_of(tape, outputs, 0, 9).count == 0
    assert counted(model).witness is None


def test_regions_are_said_and_dead_units_are_laws() -> None:
    model = program(
        lambda w, x: relu(relu(x @ w.A) @ w.B) @ w.C, {"A": (2, 3), "B": (3, 2), "C": (2, 2)}, [(1, 2)]
    )
    found = counted(model)
    assert (found.exact, found.lower) == (True, 5)
    assert found.assumed[0].startswith("parameters near which data reach the same 10 regions of rectifiers")


def test_programs_are_counted_not_searched() -> None:
    flow = pl.GradientFlow(attention(2, 1, 1))
    with pytest.raises(InputError, match="programs are counted"):
        pl.find_laws(flow)
    with pytest.raises(InputError, match="no program"):
        pl.count_laws(flow, 2)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda w, x: w.a**0.3, "number"),
        (lambda w, x: w.a ** pl.Ring(["x"]).parse("x"), "number"),
        (lambda w, x: w.q, "one of a, M"),
        (lambda w, x: 3, "arrays made of its arguments"),
        (lambda w, x: w.M[2], "indices or slices"),
        (lambda w, x: w.M[:, 0, 0], "indices or slices"),
        (lambda w, x: w.M[None], "indices or slices"),
        (lambda w, x: w.M[1:1], "indices or slices"),
        (lambda w, x: [*w.a], "an array with an axis"),
        (lambda w, x: concatenate([w.M, w.M[0]]), "as many axes"),
        (lambda w, x: concatenate([w.M, w.M[:, :1]]), "but for axis 0"),
        (lambda w, x: w.M.reshape(3), "a shape with the entries of"),
    ],
)
def test_what_is_no_program(function: Callable[..., Any], words: str) -> None:
    with pytest.raises(pl.PolylawError, match=words):
        program(function, {"a": (), "M": (2, 2)}, [()])


def test_rows_of_an_array() -> None:
    one, two = (
        counted(program(f, {"A": (2, 3)}, [(2,)]))
        for f in (lambda w, x: [x[0] * row for row in w.A], lambda w, x: [x[0] * w.A[0], x[0] * w.A[-1]])
    )
    assert (one.lower, one.upper) == (two.lower, two.upper) == (0, 0)


def test_the_same_bytes() -> None:
    model = attention(2, 1, 2)
    one, two = (counted(model) for _ in range(2))
    assert (one.tried, one.lower, one.upper) == (two.tried, two.lower, two.upper)


def test_rms_norm_without_gain_gives_nothing() -> None:
    found = counted(
        program(lambda w, x: rms_norm(x @ w.A, eps="1/100") @ w.B, {"A": (2, 3), "B": (3, 2)}, [(1, 2)])
    )
    assert (found.exact, found.lower) == (True, 0)


def test_parameters_that_nothing_reads_stand_still() -> None:
    found = counted(
        program(lambda w, x: silu(x @ w.A) @ w.B, {"A": (2, 2), "B": (2, 1), "c": (3,)}, [(1, 2)])
    )
    assert (found.exact, found.lower) == (True, 3)
    assert [str(h) for h in found.basis] == ["c_1", "c_2", "c_3"]
    moved = pl.count_laws(pl.MomentumFlow(program(lambda w, x: x * w.a, {"a": (), "c": ()}, [()]), "tau"))
    assert (moved.exact, moved.lower) == (True, 2)
