"""Laws of JAX functions: how many there are, and that gradients obey them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax")
import jax.numpy as jnp  # noqa: E402

from polylaw.errors import InputError, UnknownNameError  # noqa: E402
from polylaw.jax import assert_gradients, laws  # noqa: E402
from polylaw.jax.functions import named  # noqa: E402
from polylaw.networks.laws import NetworkLaws  # noqa: E402
from polylaw.networks.pieces import Form  # noqa: E402
from polylaw.networks.values import identity  # noqa: E402
from tests.networks.jax_functions import CASES, HEADS, HIDDEN, SEQUENCE, Case, X, attention, hidden  # noqa: E402

#: Those whose gradients are taken in the quick suite; the others compile too slowly.
QUICK = ("relu, classes", "unit vectors", "moments, no eps")
#: Differences of averages lose digits, which what the check of gradients allows for does not count.
CANCELLING = ("layer norm of moments", "moments, no eps", "no variance of sums")
#: What this computes is infinite.
INFINITE = "a mask taken off"
CHECKED = [name for name, case in CASES.items() if case.exact and name != INFINITE]


@pytest.fixture(autouse=True)
def _doubles() -> Any:
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", before)


def found(case: Case) -> NetworkLaws:
    return laws(case.function, case.params, *case.inputs, loss=case.loss)


@pytest.mark.parametrize("name", CASES)
def test_how_many_laws(name: str) -> None:
    case = CASES[name]
    known = found(case)
    assert (known.independent, known.independent_up_to_eps) == (case.exact, case.nearly)
    assert tuple(missed.reason for missed in known.missed) == case.missed


def random_like(tree: Any, seed: int) -> Any:
    """Random numbers in place of those of a tree; leaves that are one array stay one."""
    source, made = np.random.default_rng(seed), dict[int, Any]()

    def leaf(x: Any) -> Any:
        if not np.issubdtype(x.dtype, np.floating):
            return jnp.asarray(x)
        return made.setdefault(id(x), jnp.asarray(source.normal(size=x.shape)))

    return jax.tree_util.tree_map(leaf, tree)


def gradients(case: Case, params: Any, inputs: Any, seed: int) -> Any:
    """Of a random loss of the outputs."""

    def loss(params: Any) -> Any:
        source, value = np.random.default_rng(seed), jnp.zeros(())
        for out in jax.tree_util.tree_leaves(case.function(params, *inputs)):
            if case.loss == "cross-entropy":
                at = source.integers(0, out.shape[-1], (*out.shape[:-1], 1))
                value -= jnp.take_along_axis(jax.nn.log_softmax(out), at, -1).mean()
            else:
                factors = source.normal(size=out.shape)
                value += (out * factors).sum() + jnp.cos(out + factors).sum()
        return value

    return jax.jit(jax.grad(loss))(params)


def largest_residual(known: NetworkLaws, params: Any, grads: Any) -> float:
    """Of all exact identities, relative to the largest numbers that they are about."""
    theta = {name: np.asarray(leaf) for name, leaf in named(params) if name}
    g: dict[str, Any] = {}
    for (name, _), leaf in zip(named(params), jax.tree_util.tree_leaves(grads), strict=True):
        g[str(name)] = g.get(str(name), 0) + np.asarray(leaf)
    whole, worst = max(abs(x).max() for x in g.values()), 0.0
    for law in (law for law in known.laws if law.exact):
        sizes = [abs(g[p.view.name]).max() * max(1, abs(theta[p.view.name]).max()) for p in law.pieces]
        size = whole if law.form is Form.SUMS else max(sizes)
        worst = max(float(abs(identity(law, theta, g)).max()) / (size or 1), worst)
    assert np.isfinite(whole)
    return worst


@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in CHECKED]
)
def test_every_identity_holds(name: str) -> None:
    case, seeds = CASES[name], (1,) if name in QUICK else (1, 2, 3)
    known = found(case)
    for seed in seeds:
        params, inputs = random_like(case.params, seed), random_like(case.inputs, seed + 10)
        grads = gradients(case, params, inputs, seed)
        assert largest_residual(known, params, grads) < 1e-10
        assert name in CANCELLING or assert_gradients(params, grads, known).checked


@cache
def of_relu() -> tuple[Any, Any, NetworkLaws]:
    case = CASES["relu"]
    params = random_like(case.params, 1)
    return params, gradients(case, params, random_like(case.inputs, 2), 3), found(case)


FAULTS = {
    "doubled": lambda g: {**g, "out": {**g["out"], "w": 2 * g["out"]["w"]}},
    "forgotten": lambda g: {**g, "in": {**g["in"], "b": 0 * g["in"]["b"]}},
    "another sign": lambda g: {**g, "in": {**g["in"], "w": -g["in"]["w"]}},
    "mixed up": lambda g: {**g, "out": {**g["out"], "w": g["out"]["w"][::-1]}},
    "not a number": lambda g: {**g, "in": {**g["in"], "b": g["in"]["b"] * jnp.nan}},
    "all 0": lambda g: jax.tree_util.tree_map(jnp.zeros_like, g),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused(fault: str) -> None:
    params, grads, known = of_relu()
    with pytest.raises(AssertionError):
        assert_gradients(params, FAULTS[fault](grads), known)


def test_what_is_measured_is_told() -> None:
    params, grads, known = of_relu()
    with pytest.raises(AssertionError, match=r"in.w, in.b, out.w: the identity of .*, allowed"):
        assert_gradients(params, FAULTS["doubled"](grads), known)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_gradients_of_other_formats(dtype: str) -> None:
    case = CASES["relu"]
    params, inputs = (
        jax.tree_util.tree_map(lambda x: x.astype(dtype), random_like(tree, 4))
        for tree in (case.params, case.inputs)
    )
    grads, known = gradients(case, params, inputs, 5), laws(case.function, params, *inputs)
    assert assert_gradients(params, grads, known).checked == case.exact
    with pytest.raises(AssertionError):
        assert_gradients(params, FAULTS["doubled"](grads), known)


@pytest.mark.slow
def test_a_wrong_backward_pass_of_softmax_is_refused() -> None:
    """It forgets that all weights change when one score does, which a key bias finds."""

    @jax.custom_vjp
    def softmax(z: Any) -> Any:
        return jax.nn.softmax(z)

    def backward(p: Any, g: Any) -> tuple[Any]:
        return (p * g,)

    softmax.defvjp(lambda z: (softmax(z),) * 2, backward)
    case = Case(attention(softmax), HEADS, (SEQUENCE,), 30, 30)
    assert found(case).independent == case.exact
    params, inputs = random_like(case.params, 1), random_like(case.inputs, 2)
    with pytest.raises(AssertionError, match=r"gradients of k\.b"):
        assert_gradients(params, gradients(case, params, inputs, 3), found(case))


@pytest.mark.slow
def test_a_gradient_that_one_of_tied_leaves_lacks_is_refused() -> None:
    case = CASES["tied leaves"]
    params, inputs = random_like(case.params, 1), random_like(case.inputs, 2)
    grads = gradients(case, params, inputs, 3)
    with pytest.raises(AssertionError):
        assert_gradients(params, {**grads, "h": 0 * grads["h"]}, found(case))


def test_gradients_of_something_else() -> None:
    params, grads, known = of_relu()
    with pytest.raises(InputError, match="laws"):
        assert_gradients(params["in"], grads["in"], known)
    with pytest.raises(InputError, match="gradients"):
        assert_gradients(params, grads["in"], known)
    with pytest.raises(InputError, match=r"laws: found 'dict', expected the laws of the function"):
        assert_gradients({"a": 1.0}, {"a": 1.0}, {})  # type: ignore[arg-type]


def test_names_are_the_paths_of_leaves() -> None:
    shape = jax.ShapeDtypeStruct((2, 2), np.float32)
    params = {"layers": [{"w": shape}, (shape, shape)], "step": np.zeros((), int)}

    def f(p: Any, x: Any) -> Any:
        return x @ p["layers"][0]["w"] @ p["layers"][1][1] * p["step"]

    known = laws(f, params, X)
    assert list(known.shapes) == ["layers.0.w", "layers.1.0", "layers.1.1"]
    assert [view.name for view in known.unreached] == ["layers.1.0"]
    assert list(laws(lambda w, x: x @ w, shape, X).shapes) == ["params"]


def test_what_a_function_closes_over_is_data() -> None:
    fixed = np.ones((3, 2))
    known = laws(lambda p, x: jax.nn.relu(x @ p["w"]) @ fixed, {"w": np.zeros((2, 3))}, X)
    assert known.independent == 0


def test_a_parameter_reaches_what_has_no_rule() -> None:
    def f(p: Any, x: Any) -> Any:
        w = p["in"]["w"]
        return p["out"]["w"] @ jnp.linalg.cholesky(w @ w.T + jnp.eye(2))

    known = laws(f, HIDDEN, X)
    [missed] = known.missed
    assert (missed.reason, missed.parameters) == ("no rule for cholesky", ("in.w",))
    assert known.independent == 0


def test_a_function_that_cannot_be_traced() -> None:
    with pytest.raises(InputError, match="function"):
        laws(lambda p, x: x if p["in"]["b"][0] > 0 else 2 * x, HIDDEN, X)
    with pytest.raises(UnknownNameError, match="loss"):
        laws(hidden(jnp.tanh), HIDDEN, X, loss="none")
