"""The laws the papers state, family by family, checked exactly: (M grad phi_j) . grad h = 0 for every
component j.

A law is written in a shorthand: `U_*_1.V_*_1` is the inner product of column 1 of U with that of V, `W_1_**`
runs over all remaining indices, and a pattern without a dot is the sum of the entries it matches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement

import flint
import pytest

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import Ring
from polylaw.models import FAMILIES, Model, model_from_spec

_PRIME = 2_147_483_629
_PATTERN = re.compile(r"([A-Za-z][\w*]*)(?:\.([A-Za-z][\w*]*))?")


def pairs(n: int) -> list[tuple[int, int]]:
    """1 <= i <= j <= n: the entries of a symmetric n x n matrix."""
    return list(combinations_with_replacement(range(1, n + 1), 2))


def gram(n: int, template: str) -> list[str]:
    """One law for each entry (i, j) of a symmetric n x n matrix; `#i` and `#j` stand for the indices."""
    return [template.replace("#i", str(i)).replace("#j", str(j)) for i, j in pairs(n)]


def each(n: int, template: str) -> list[str]:
    """One law for each index #k = 1..n."""
    return [template.replace("#k", str(k)) for k in range(1, n + 1)]


# Independent in degree 1 and 2; with products of the linear ones these are all laws of degree <= 2.
LAWS: dict[str, list[str]] = {
    "linear:2,3,2": gram(3, "U1_*_#i.U1_*_#j - U2_#i_*.U2_#j_*"),
    "linear:2,2,2,2": gram(2, "U1_*_#i.U1_*_#j - U2_#i_*.U2_#j_*")
    + gram(2, "U2_*_#i.U2_*_#j - U3_#i_*.U3_#j_*"),
    "factorization:2,2,2": gram(2, "U_*_#i.U_*_#j - V_*_#i.V_*_#j"),
    "factorization:1,1,2": [*gram(2, "U_*_#i.U_*_#j - V_*_#i.V_*_#j"), "U_*_1.V_*_2 - V_*_1.U_*_2"],
    "lora:3,2,2": gram(2, "U_*_#i.U_*_#j - V_*_#i.V_*_#j"),
    "relu:2,2,2": each(2, "U1_*_#k.U1_*_#k - U2_#k_*.U2_#k_*"),
    "relu:2,2,2,1?bias=true": each(2, "U1_*_#k.U1_*_#k + b1_#k.b1_#k - U2_#k_*.U2_#k_*")
    + each(2, "U2_*_#k.U2_*_#k + b2_#k.b2_#k - U3_#k_*.U3_#k_*"),
    "relu-regions:2,2,1?inputs=200&seed=1": each(2, "U1_*_#k.U1_*_#k - U2_#k_*.U2_#k_*"),
    "leaky_relu:3,2,1": each(2, "U1_*_#k.U1_*_#k - U2_#k_*.U2_#k_*"),
    "homogeneous:2,2,2?p=1": each(2, "U_*_#k.U_*_#k - V_*_#k.V_*_#k"),
    "homogeneous:2,2,2?p=2": each(2, "2*U_*_#k.U_*_#k - V_*_#k.V_*_#k"),
    "homogeneous:1,2,2?p=3": each(2, "3*U_*_#k.U_*_#k - V_*_#k.V_*_#k"),
    "nmf:3,2,4": each(2, "U_*_#k - V_*_#k"),
    "icnn:2,2,2": each(2, "2*U_*_#k - V_*_#k.V_*_#k - b_#k.b_#k"),
    "attention:d1=2,dim=2": gram(2, "Q_#i_*.Q_#j_* - K_#i_*.K_#j_*")
    + gram(2, "V_#i_*.V_#j_* - O_#i_*.O_#j_*"),
    "attention:d1=2,dim=3,vo=false": gram(2, "Q_#i_*.Q_#j_* - K_#i_*.K_#j_*"),
    "attention:d1=1,dim=2,heads=2": [
        law
        for h in "12"
        for law in (f"Q{h}_1_*.Q{h}_1_* - K{h}_1_*.K{h}_1_*", f"V{h}_1_*.V{h}_1_* - O{h}_1_*.O{h}_1_*")
    ],
    "attention:d1=4,dim=2,vo=false,rope=true": each(2, "Qb#k_*_*.Qb#k_*_* - Kb#k_*_*.Kb#k_*_*"),
    "softmax:3,2": each(2, "theta_*_#k"),
    "conv:2,2,2?taps=2,3&activation=relu": each(2, "W1_#k_**.W1_#k_** - W2_*_#k_*.W2_*_#k_*"),
    "conv:1,2,1?taps=2&dim=2&activation=relu": each(2, "W1_#k_**.W1_#k_** - W2_*_#k_**.W2_*_#k_**"),
    "conv:1,2,1?taps=3,2": gram(2, "W1_#i_**.W1_#j_** - W2_*_#i_*.W2_*_#j_*"),
    "conv:2,2,2?taps=2": gram(2, "W1_#i_**.W1_#j_** - W2_*_#i_*.W2_*_#j_*"),
    "conv:1,2,1?taps=2,2": [
        *gram(2, "W1_#i_**.W1_#j_** - W2_*_#i_*.W2_*_#j_*"),
        "W1_1_**.W2_1_2_* - W1_2_**.W2_1_1_*",
    ],
    "conv:1,2,1?taps=2,2&stride=2,1": gram(2, "W1_#i_**.W1_#j_** - W2_*_#i_*.W2_*_#j_*"),
    "residual:2,3,2": gram(3, "U1_*_#i.U1_*_#j - U2_#i_*.U2_#j_*"),
    "residual:2,2,2?bias=true": gram(2, "U1_*_#i.U1_*_#j + b1_#i.b1_#j - U2_#i_*.U2_#j_*"),
    "residual:2,2,2?bias=true&activation=relu": each(2, "U1_*_#k.U1_*_#k + b1_#k.b1_#k - U2_#k_*.U2_#k_*"),
    "gated:2,2,2": each(2, "A_*_#k.A_*_#k - B_#k_*.B_#k_*") + each(2, "B_#k_*.B_#k_* - C_#k_*.C_#k_*"),
    "swiglu:2,2,2": each(2, "A_*_#k.A_*_#k - C_#k_*.C_#k_*"),
    "normalized:3,2": each(2, "w_#k_*.w_#k_*"),
    "normalized:2,2": each(2, "w_#k_*.w_#k_*"),
    "cp:2,2,2?rank=2": each(2, "A1_*_#k.A1_*_#k - A2_*_#k.A2_*_#k")
    + each(2, "A2_*_#k.A2_*_#k - A3_*_#k.A3_*_#k"),
    "tucker:2,2,2?ranks=2": gram(2, "A1_*_#i.A1_*_#j - G_#i_*_*.G_#j_*_*")
    + gram(2, "A2_*_#i.A2_*_#j - G_*_#i_*.G_*_#j_*")
    + gram(2, "A3_*_#i.A3_*_#j - G_*_*_#i.G_*_*_#j"),
    "tucker:2,2?ranks=1,2": gram(1, "A1_*_#i.A1_*_#j - G_#i_*.G_#j_*")
    + gram(2, "A2_*_#i.A2_*_#j - G_*_#i.G_*_#j"),
    "tt:2,2,2?ranks=2,1": gram(2, "G1_*_#i.G1_*_#j - G2_#i_*_*.G2_#j_*_*")
    + gram(1, "G2_*_*_#i.G2_*_*_#j - G3_#i_*.G3_#j_*"),
    "elementwise:2?depth=3": each(2, "u1_#k.u1_#k - u2_#k.u2_#k") + each(2, "u1_#k.u1_#k - u3_#k.u3_#k"),
    "map:x1*x2*x3": ["x1.x1 - x3.x3", "x2.x2 - x3.x3"],
}

FALSE = [
    ("softmax:3,2", "theta_1_* - theta_2_*"),
    ("normalized:3,2", "w_1_1.w_1_1 - w_1_2.w_1_2"),
    ("homogeneous:2,2,2?p=2", "U_*_1.U_*_1 - 2*V_*_1.V_*_1"),
    ("nmf:3,2,4", "U_*_1.U_*_1 - V_*_1.V_*_1"),
    ("icnn:2,2,2", "2*U_*_1 - V_*_1.V_*_1"),
    ("relu:2,2,2", "U1_*_1.U1_*_2 - U2_1_*.U2_2_*"),
    ("conv:2,2,2?taps=2,3&activation=relu", "W1_1_**.W1_2_** - W2_*_1_*.W2_*_2_*"),
    ("conv:1,2,1?taps=2,2&stride=2,1", "W1_1_**.W2_1_2_* - W1_2_**.W2_1_1_*"),
    ("attention:d1=4,dim=2,vo=false,rope=true", "Qb1_1_*.Qb1_1_* - Kb1_1_*.Kb1_1_*"),
    ("swiglu:2,2,2", "A_*_1.A_*_1 - B_1_*.B_1_*"),
    ("residual:2,2,2?bias=true", "U1_*_1.U1_*_1 - U2_1_*.U2_1_*"),
]


def law(ring: Ring, shorthand: str) -> Polynomial:
    """The polynomial a shorthand stands for."""

    def matches(pattern: str) -> list[str]:
        regex = re.escape(pattern).replace(r"\*\*", r"[\d_]+").replace(r"\*", r"\d+")
        found = [name for name in ring.variables if re.fullmatch(regex, name)]
        assert found, f"{pattern} matches no variable"
        return found

    def expanded(match: re.Match[str]) -> str:
        left, right = match.groups()
        terms = (
            matches(left)
            if right is None
            else [f"{a}*{b}" for a, b in zip(matches(left), matches(right), strict=True)]
        )
        return f"({' + '.join(terms)})"

    return ring.parse(_PATTERN.sub(expanded, shorthand))


def fields(model: Model) -> Iterator[dict[int, Polynomial]]:
    """M grad phi_j, times the squared denominator, by variable."""
    mirrored = model.metric.removeprefix("mirror").removeprefix(":") if model.metric != "euclidean" else None
    for component in model.phi:
        above, below = component.numerator, component.denominator
        field = {}
        for i in {*above.support, *below.support}:
            rate = below * above.derivative(i) - above * below.derivative(i)
            name = model.ring.name(i)
            moved = mirrored is not None and (not mirrored or name.startswith(f"{mirrored}_"))
            field[i] = rate * model.ring.generator(name) if moved else rate
        yield field


def rate_of_change(field: dict[int, Polynomial], h: Polynomial) -> Polynomial:
    """X h."""
    return Polynomial.sum(h.ring, (field[i] * slope for i, slope in h.gradient().items() if i in field))


def conserved(model: Model, h: Polynomial) -> bool:
    """Whether every field annihilates h."""
    return not any(rate_of_change(field, h) for field in fields(model))


def independent_mod_p(rows: list[dict[object, int]]) -> int:
    """Rank mod p of sparse integer rows."""
    columns = {key: i for i, key in enumerate({key: None for row in rows for key in row})}
    matrix = flint.nmod_mat(len(rows), max(len(columns), 1), _PRIME)
    for i, row in enumerate(rows):
        for key, value in row.items():
            matrix[i, columns[key]] = value % _PRIME
    return int(matrix.rank())


@pytest.mark.parametrize("spec", LAWS)
def test_every_law_of_the_table_is_conserved(spec: str) -> None:
    model = model_from_spec(spec)
    for shorthand in LAWS[spec]:
        assert conserved(model, law(model.ring, shorthand)), shorthand


@pytest.mark.parametrize("spec", LAWS)
def test_a_flipped_sign_is_not_conserved(spec: str) -> None:
    model = model_from_spec(spec)
    for shorthand in LAWS[spec]:
        if " - " in shorthand:
            before, _, after = shorthand.rpartition(" - ")
            assert not conserved(model, law(model.ring, f"{before} + {after}")), shorthand


@pytest.mark.parametrize(("spec", "shorthand"), FALSE)
def test_near_misses_are_not_conserved(spec: str, shorthand: str) -> None:
    model = model_from_spec(spec)
    assert not conserved(model, law(model.ring, shorthand))


@pytest.mark.parametrize("spec", LAWS)
def test_there_are_no_other_laws_of_degree_2(spec: str) -> None:
    """unknowns - rank mod p bounds the number of laws from above, so a component missing from phi would show
    here."""
    model = model_from_spec(spec)
    ring = model.ring
    laws = [law(ring, shorthand) for shorthand in LAWS[spec]]
    linear = [h for h in laws if h.degree == 1]
    laws += [a * b for i, a in enumerate(linear) for b in linear[i:]]
    found = independent_mod_p([{m: int(c) for m, c in h.terms.items()} for h in laws])

    variables = [ring.generator(name) for name in ring.variables]
    unknowns = variables + [x * y for i, x in enumerate(variables) for y in variables[i:]]
    columns: list[dict[object, int]] = [defaultdict(int) for _ in unknowns]
    for j, field in enumerate(fields(model)):
        for column, h in zip(columns, unknowns, strict=True):
            column.update({(j, m): int(c) for m, c in rate_of_change(field, h).terms.items()})
    assert found == len(laws) == len(unknowns) - independent_mod_p(columns)


def test_every_family_has_a_row() -> None:
    assert {spec.partition(":")[0] for spec in LAWS} == set(FAMILIES)
