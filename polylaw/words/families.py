"""The families of the zoo in matrix letters: from the arguments of a spec to letters with widths, phi, and sizes.

What is written here is tested to be, at given widths, the map phi of the family itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from polylaw.models.family import FAMILIES
from polylaw.models.model import entry_name
from polylaw.words.entries import Index, Naming
from polylaw.words.model import ShapedModel, shaped

__all__ = ["Described", "Letters", "SHAPED"]


@dataclass(frozen=True)
class Described:
    """A shaped model; with a spec that says them, the `sizes` of its widths; and `naming`, how the concrete model of the
    zoo calls the entries of its letters."""

    model: ShapedModel
    sizes: Mapping[str, int] | None
    naming: Naming = entry_name


#: Letters with their widths.
Letters = dict[str, tuple[str, ...]]
#: Letters, phi, sizes.
_Parts = tuple[Mapping[str, tuple[str, ...]], list[str], Mapping[str, int]]


def _described(name: str, parts: _Parts, *, naming: Naming = entry_name, **options: Any) -> Described:
    letters, phi, sizes = parts
    model = shaped(letters, phi, name=name, source=FAMILIES[name].source, **options)
    return Described(model, {w: sizes[w] for w in model.widths if w in sizes}, naming)


# -- chains ----------------------------------------------------------------------------------------
def _chain(sizes: tuple[int, ...]) -> tuple[Letters, dict[str, int]]:
    widths = [f"n{k}" for k in range(len(sizes))]
    letters: Letters = {f"U{k}": ends for k, ends in enumerate(pairwise(widths), 1)}
    return letters, dict(zip(widths, sizes, strict=True))


def _linear(values: dict[str, Any], _: bool) -> Described:
    letters, sizes = _chain(values["widths"])
    return _described("linear", (letters, [" ".join(letters)], sizes))


def _residual(values: dict[str, Any], _: bool) -> Described:
    if values["activation"] == "relu":
        return _relu(values, False)
    letters, sizes = _chain(values["widths"])
    words = list(letters)
    phi = [" ".join(words)]
    if values["bias"]:
        letters |= {f"b{k}": (letters[u][1],) for k, u in enumerate(words, 1)}
        phi += [" ".join([f"b{k}'", *words[k:]]) for k in range(1, len(words) + 1)]
    return _described("residual", (letters, phi, sizes))


def _relu(values: dict[str, Any], _: bool) -> Described:
    """Path lifting: one product of weights for each path, so all indices are open (arXiv 2310.01225)."""
    letters, sizes = _chain(values["widths"])
    words = list(letters)
    steps = [f"{u}[i{k},i{k + 1}]" for k, u in enumerate(words)]
    phi = [f"[{','.join(f'i{k}' for k in range(len(steps) + 1))}] {' '.join(steps)}"]
    if values["bias"]:
        letters |= {f"b{k}": (letters[u][1],) for k, u in enumerate(words, 1)}
        for k in range(1, len(steps) + 1):
            phi.append(f"[{','.join(f'i{j}' for j in range(k, len(steps) + 1))}] {' '.join([f'b{k}[i{k}]', *steps[k:]])}")
    return _described("relu", (letters, phi, sizes))


# -- two factors -----------------------------------------------------------------------------------
_U_V = {"U": ("n", "r"), "V": ("m", "r")}


def _two_factors(name: str, phi: list[str], metric: str = "euclidean", bias: bool = False) -> Callable[[dict[str, Any], bool], Described]:
    def build(values: dict[str, Any], _: bool) -> Described:
        sizes = {w: values[w] for w in "nmr"}
        letters: Letters = _U_V | ({"b": ("r",)} if bias else {})
        return _described(name, (letters, phi, sizes), metric=metric)

    return build


def _homogeneous(values: dict[str, Any], _: bool) -> Described:
    power = [f"V[j{k},k]" for k in range(values["p"])]
    phi = f"[k,i,{','.join(f'j{k}' for k in range(len(power)))}] U[i,k] {' '.join(power)}"
    return _described("homogeneous", (dict(_U_V), [phi], {w: values[w] for w in "nmr"}))


def _softmax(values: dict[str, Any], _: bool) -> Described:
    """Logits up to a common shift: all differences of rows."""
    return _described("softmax", ({"theta": ("n", "m")}, ["[i,j,k] theta[i,k] - theta[j,k]"], {w: values[w] for w in "nm"}))


def _gated(values: dict[str, Any], _: bool) -> Described:
    letters = {"A": ("n", "h"), "B": ("h", "m"), "C": ("h", "m")}
    phi = "[i,p,q] A[i,k] B[k,p] C[k,q] + A[i,k] B[k,q] C[k,p]"  # the coefficient of x_p x_q
    return _described("gated", (letters, [phi], {w: values[w] for w in "nhm"}))


def _swiglu(values: dict[str, Any], _: bool) -> Described:
    letters = {"A": ("n", "h"), "B": ("h", "m"), "C": ("h", "m")}
    return _described("swiglu", (letters, ["[k,i,j] A[i,k] C[k,j]", "B"], {w: values[w] for w in "nhm"}))


# -- attention -------------------------------------------------------------------------------------
def _attention(values: dict[str, Any], any_heads: bool) -> Described:
    """Per head Q' K and V' O; with rotary positions per pair of rows, Qx and Qy being the first and the second rows."""
    heads, rope = values["heads"] > 1 or any_heads, values["rope"]
    h, head = ("h,", ("h",)) if heads else ("", ())
    sizes = {"h": values["heads"], "a": values["d1"], "b": values["d1"] // 2, "n": values["dim"]}
    letters: Letters = {}
    if rope:
        letters |= dict.fromkeys(("Qx", "Qy", "Kx", "Ky"), (*head, "b", "n"))
        x, y = f"[{h}b,i]", f"[{h}b,j]"
        phi = [f"[{h}b,i,j] Qx{x} Kx{y} + Qy{x} Ky{y}", f"[{h}b,i,j] Qy{x} Kx{y} - Qx{x} Ky{y}"]
    else:
        letters |= dict.fromkeys("QK", (*head, "a", "n"))
        phi = [f"[{h}i,j] Q[{h}a,i] K[{h}a,j]"]
    if values["vo"]:
        letters |= dict.fromkeys("VO", (*head, "a", "n"))
        phi.append(f"[{h}i,j] V[{h}a,i] O[{h}a,j]")

    def naming(letter: str, index: Index) -> str:
        velocity, name = ("d", letter[1:]) if letter not in letters else ("", letter)
        number, rest = (str(index[0]), index[1:]) if heads else ("", index)
        if len(name) == 2:
            pair, column = rest
            return f"{velocity}{name[0]}{number}b{pair}_{'xy'.index(name[1]) + 1}_{column}"
        return entry_name(f"{velocity}{name}{number}", rest)

    return _described("attention", (letters, phi, sizes), naming=naming)


# -- tensors ---------------------------------------------------------------------------------------
def _cp(values: dict[str, Any], _: bool) -> Described:
    shape = values["sizes"]
    letters = {f"A{k}": (f"n{k}", "r") for k in range(1, len(shape) + 1)}
    phi = f"[{','.join(f'i{k}' for k in range(1, len(shape) + 1))}] {' '.join(f'A{k}[i{k},r]' for k in range(1, len(shape) + 1))}"
    return _described("cp", (letters, [phi], {f"n{k}": n for k, n in enumerate(shape, 1)} | {"r": values["rank"]}))


def _each(value: tuple[int, ...] | int, places: int) -> tuple[int, ...]:
    given = value if isinstance(value, tuple) else (value,)
    return given * places if len(given) == 1 else given


def _tucker(values: dict[str, Any], _: bool) -> Described:
    shape = values["sizes"]
    places = range(1, len(shape) + 1)
    ranks = _each(values["ranks"], len(shape))
    letters: Letters = {f"A{k}": (f"n{k}", f"r{k}") for k in places}
    letters["G"] = tuple(f"r{k}" for k in places)
    factors = [f"A{k}[i{k},a{k}]" for k in places]
    phi = f"[{','.join(f'i{k}' for k in places)}] {' '.join(factors)} G[{','.join(f'a{k}' for k in places)}]"
    sizes = {f"n{k}": n for k, n in enumerate(shape, 1)} | {f"r{k}": r for k, r in enumerate(ranks, 1)}
    return _described("tucker", (letters, [phi], sizes))


def _tt(values: dict[str, Any], _: bool) -> Described:
    shape = values["sizes"]
    q = len(shape)
    ranks = _each(values["ranks"], q - 1)
    letters: Letters = {}
    factors = []
    for k in range(1, q + 1):
        axes = [(f"r{k - 1}", f"a{k - 1}")] * (k > 1) + [(f"n{k}", f"i{k}")] + [(f"r{k}", f"a{k}")] * (k < q)
        letters[f"G{k}"] = tuple(w for w, _ in axes)
        factors.append(f"G{k}[{','.join(i for _, i in axes)}]")
    sizes = {f"n{k}": n for k, n in enumerate(shape, 1)} | {f"r{k}": r for k, r in enumerate(ranks, 1)}
    return _described("tt", (letters, [f"[{','.join(f'i{k}' for k in range(1, q + 1))}] {' '.join(factors)}"], sizes))


def _elementwise(values: dict[str, Any], _: bool) -> Described:
    letters = {f"u{k}": ("n",) for k in range(1, values["depth"] + 1)}
    return _described("elementwise", (letters, [" .* ".join(letters)], {"n": values["n"]}))


def _conv(values: dict[str, Any], _: bool) -> Described:
    """Kernels Wk of shape c_k x c_(k-1) x taps.  A ReLU network is seen through all products along channels and taps, a
    linear one through their sums over taps with equal offset: S, which says which taps belong to an offset, may be
    anything here, so that no stride and no coincidence of taps is used."""
    channels = values["channels"]
    layers, axes = len(channels) - 1, values["dim"]
    taps = _each(values["taps"], layers)
    letters: Letters = {}
    factors, tap_indices, tap_widths = [], [], []
    for k in range(1, layers + 1):
        widths, places = [f"t{k}{x}" for x in "xy"[:axes]], [f"a{k}{x}" for x in "xy"[:axes]]
        letters[f"W{k}"] = (f"c{k}", f"c{k - 1}", *widths)
        factors.append(f"W{k}[{','.join([f'i{k}', f'i{k - 1}', *places])}]")
        tap_indices += places
        tap_widths += widths
    sizes = {f"c{k}": n for k, n in enumerate(channels)} | {f"t{k}{x}": t for k, t in enumerate(taps, 1) for x in "xy"[:axes]}
    if values["activation"] == "relu":
        open_ = [*(f"i{k}" for k in range(layers, -1, -1)), *tap_indices]
        return _described("conv", (letters, [f"[{','.join(open_)}] {' '.join(factors)}"], sizes))
    phi = f"[i{layers},i0,s] {' '.join(factors)} S[s,{','.join(tap_indices)}]"
    note = "S says which taps belong to an offset; laws that need more of it than that are not found here"
    return _described("conv", (letters, [phi], sizes), constants={"S": ("s", *tap_widths)}, notes=[note])


#: Each family that has matrix words, with how its arguments (and whether there are any number of heads) give them.
SHAPED: dict[str, Callable[[dict[str, Any], bool], Described]] = {
    "linear": _linear,
    "factorization": _two_factors("factorization", ["U V'"]),
    "lora": _two_factors("lora", ["U V'"]),
    "relu": _relu,
    "leaky_relu": _relu,
    "homogeneous": _homogeneous,
    "nmf": _two_factors("nmf", ["U V'"], "mirror"),
    "icnn": _two_factors("icnn", ["[k,i,j] U[i,k] V[j,k]", "[k,i] U[i,k] b[k]"], "mirror:U", bias=True),
    "attention": _attention,
    "softmax": _softmax,
    "conv": _conv,
    "residual": _residual,
    "gated": _gated,
    "swiglu": _swiglu,
    "cp": _cp,
    "tucker": _tucker,
    "tt": _tt,
    "elementwise": _elementwise,
}
