"""Laws for all widths: those of the papers are found, no others; at given widths they are what the concrete
solver finds."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest

import polylaw as pl
from polylaw.algebra.linear.exact import relations
from polylaw.domains.shaped.ansatz import candidates
from polylaw.domains.shaped.bridge import instances, word_of
from polylaw.errors import BudgetError
from polylaw.models.family import FAMILIES, Family, example
from polylaw.models.formulas import CountFormula, Moves
from polylaw.models.shaped_zoo import described
from polylaw.models.spec import Spec
from polylaw.models.word_entries import all_entries
from tests.helpers import DAMPINGS, complete_laws, gradient, momentum, mostly_slow, span_dimension

TWO = pl.shaped({"U": ("n", "r"), "V": ("m", "r")}, ["U V'"])


def found(flow: pl.ShapedFlow, length: int = 2) -> list[str]:
    laws = pl.find_laws(flow, length)
    assert laws.complete
    return [str(law) for law in laws]


# -- papers ----------------------------------------------------------------------------------------
#: spec: (laws of gradient flow, laws of momentum without damping)
PAPERS: dict[str, tuple[list[str], list[str]]] = {
    "linear:*": (["U1' U1 - U2 U2'"], ["U1' dU1 - dU1' U1 + U2 dU2' - dU2 U2'"]),
    "linear:*,*,*,*": (
        ["U1' U1 - U2 U2'", "U2' U2 - U3 U3'"],
        ["U1' dU1 - dU1' U1 + U2 dU2' - dU2 U2'", "U2' dU2 - dU2' U2 + U3 dU3' - dU3 U3'"],
    ),
    "lora:*,*,*": (["U' U - V' V"], ["U' dU - dU' U + V' dV - dV' V"]),
    "relu:*": (["diag(U1' U1 - U2 U2')"], []),
    "relu:*?bias=true": (["diag(U1' U1 - U2 U2' + b1 b1')"], []),
    "relu:*,*,*": (["diag(U1' U1 - U2 U2')"], []),
    "homogeneous:*,*,*?p=3": (["diag(3 U' U - V' V)"], []),
    "attention:d1=*,dim=*": (
        ["Q Q' - K K'", "V V' - O O'"],
        ["Q dQ' - dQ Q' + K dK' - dK K'", "V dV' - dV V' + O dO' - dO O'"],
    ),
    "attention:d1=*,dim=*,heads=*,vo=false": (
        ["[i,j,k] Q[i,j,l] Q[i,k,l] - K[i,j,l] K[i,k,l]"],
        ["[i,j,k] Q[i,j,l] dQ[i,k,l] - dQ[i,j,l] Q[i,k,l] + K[i,j,l] dK[i,k,l] - dK[i,j,l] K[i,k,l]"],
    ),
    "attention:d1=*,dim=*,rope=true,vo=false": (
        ["diag(Qx Qx' + Qy Qy' - Kx Kx' - Ky Ky')"],
        ["diag(Qx dQy' - dQx Qy' + Kx dKy' - dKx Ky')"],
    ),
    "gated:*,*,*": (["diag(A' A - B B')", "diag(A' A - C C')"], []),
    "swiglu:*,*,*": (["diag(A' A - C C')"], []),
    "nmf:*,*,*": (["1' U - 1' V"], []),
    "icnn:*,*,*": (["2 1' U - diag(V' V + b b')"], []),
    "softmax:*,*": (["1' theta"], ["1' theta - t (1' dtheta)", "1' dtheta"]),
    "conv:*,*,*?activation=relu": (["diag(W1(1) W1(1)' - W2(2) W2(2)')"], []),
    "conv:*,*,*": (
        ["W1(1) W1(1)' - W2(2) W2(2)'"],
        ["W1(1) dW1(1)' - dW1(1) W1(1)' + W2(2) dW2(2)' - dW2(2) W2(2)'"],
    ),
    "residual:*,*,*?bias=true": (
        ["U1' U1 - U2 U2' + b1 b1'"],
        ["U1' dU1 - dU1' U1 + U2 dU2' - dU2 U2' + b1 db1' - db1 b1'"],
    ),
    "cp:*,*,*?rank=*": (["diag(A1' A1 - A2' A2)", "diag(A1' A1 - A3' A3)"], []),
    "cp:*,*?rank=*": (["A1' A1 - A2' A2"], ["A1' dA1 - dA1' A1 + A2' dA2 - dA2' A2"]),
    "tt:*,*?ranks=*": (["G1' G1 - G2 G2'"], ["G1' dG1 - dG1' G1 + G2 dG2' - dG2 G2'"]),
    "tt:*,*,*?ranks=*": (
        ["G1' G1 - G2(1) G2(1)'", "G2(3) G2(3)' - G3 G3'"],
        [
            "G1' dG1 - dG1' G1 + G2(1) dG2(1)' - dG2(1) G2(1)'",
            "G2(3) dG2(3)' - dG2(3) G2(3)' + G3 dG3' - dG3 G3'",
        ],
    ),
    "elementwise:*?depth=2": (["diag(u1 u1' - u2 u2')"], []),
}


@pytest.mark.parametrize("spec", mostly_slow(PAPERS, *[*PAPERS][::2]))
def test_laws_of_the_papers(spec: str) -> None:
    model = described(spec).model
    assert found(pl.ShapedFlow.gradient(model)) == PAPERS[spec][0]
    assert found(pl.ShapedFlow.momentum(model)) == PAPERS[spec][1]


@pytest.mark.parametrize("damping", DAMPINGS)
def test_dampings(damping: Any) -> None:
    skew = "U' dU - dU' U + V' dV - dV' V"
    factor = DAMPINGS[damping][0]
    assert found(pl.ShapedFlow.momentum(TWO, damping)) == [f"{factor} ({skew})" if factor else skew]


@pytest.mark.parametrize(
    ("metric", "laws"),
    [
        ("rates:U=a,V=b", ["b U' U - a V' V"]),
        ("rates:U=2,V=3", ["3 U' U - 2 V' V"]),
        ("mirror", ["1' U - 1' V"]),
        ("mirror:U", ["2 1' U - diag(V' V)"]),
    ],
)
def test_metrics(metric: str, laws: list[str]) -> None:
    assert found(pl.ShapedFlow.gradient(TWO, metric)) == laws


def test_weight_decay_and_rates_of_momentum() -> None:
    assert found(pl.ShapedFlow.gradient(TWO, weight_decay="lam")) == ["exp(2*lam*t) (U' U - V' V)"]
    rates = pl.ShapedFlow.momentum(TWO, "tau", "rates:U=a,V=b")
    assert found(rates) == ["exp(tau*t) (b U' dU - b dU' U + a V' dV - a dV' V)"]


SHAPES: list[tuple[dict[str, Any], list[str], dict[str, Any], list[str]]] = [
    ({"U": ("n", "r"), "V": ("m", "r")}, ["U diag(d) V'"], {"d": ("r",)}, ["diag(U' U - V' V)"]),  # a mask
    (
        {"U": ("n", "r"), "V": ("m", "r")},
        ["U W V'"],
        {"W": ("r", "r")},
        ["tr(U' U - V' V)"],
    ),  # a frozen matrix between
    ({"A": ("n", "m"), "B": ("n", "m")}, ["A .* B"], {}, ["[i,j] A[i,j] A[i,j] - B[i,j] B[i,j]"]),
    (
        {"A": ("n", "m"), "B": ("p", "q")},
        ["[i,j,k,l] A[i,j] B[k,l]"],
        {},
        ["tr(A A') - tr(B B')"],
    ),  # a Kronecker product
    ({"U": ("n", "r")}, ["U U'"], {}, []),
    ({"c": (), "U": ("n",)}, ["c U"], {}, ["c c - U' U"]),  # a number that scales
    ({"c": (), "U": ("n", "m")}, ["[i,j] c c U[i,j]"], {}, ["c c - tr(2 U U')"]),
    ({"U": ("n", "n"), "V": ("n", "n")}, ["U V"], {}, ["U' U - V V'"]),  # equal widths
    (
        {"U": ("n", "r"), "V": ("m", "r"), "W": ("p", "r")},
        ["U V'", "U W'"],
        {},
        ["U' U - V' V - W' W"],
    ),  # shared
    (
        {"U": ("n", "r"), "V": ("m", "r"), "W": ("m", "r")},
        ["U V' + U W'"],
        {},
        ["V - W", "U' U - V' W - W' V"],
    ),
]


@pytest.mark.parametrize(("letters", "phi", "constants", "laws"), SHAPES, ids=lambda x: str(x)[:40])
def test_constructions(
    letters: dict[str, Any], phi: list[str], constants: dict[str, Any], laws: list[str]
) -> None:
    assert found(pl.ShapedFlow.gradient(pl.shaped(letters, phi, constants=constants))) == laws


@pytest.mark.slow
def test_longer_words_are_products_of_shorter_laws() -> None:
    for flow in (
        pl.ShapedFlow.gradient(TWO),
        pl.ShapedFlow.momentum(TWO, "tau"),
        pl.ShapedFlow.gradient(described("nmf:*,*,*").model),
    ):
        assert found(flow, 4) == found(flow, 2)
    assert found(pl.ShapedFlow.gradient(TWO), 6) == found(pl.ShapedFlow.gradient(TWO), 2)
    heads = pl.ShapedFlow.gradient(described("attention:d1=*,dim=*,heads=*,vo=false").model)
    assert found(heads, 4) == found(heads, 2)


def test_powers_in_phi() -> None:
    """Powers of entries in phi become coefficients of the laws."""
    triple = pl.shaped({"u": ("n",), "v": ("n",), "w": ("n",)}, ["[i] u[i] v[i] v[i] w[i] w[i] w[i]"])
    assert found(pl.ShapedFlow.gradient(triple)) == ["diag(2 u u' - v v')", "diag(3 u u' - w w')"]


def test_a_derivative_that_counts_a_width_leaves_the_search_undecided() -> None:
    laws = pl.find_laws(pl.ShapedFlow.gradient(pl.shaped({"X": ("n", "m")}, ["1' X"])))
    assert not laws.complete
    assert laws.from_widths is None


def test_the_shaped_model_of_a_spec() -> None:
    assert found(pl.ShapedFlow.gradient(pl.shaped_of_spec("lora:*,*,*"))) == ["U' U - V' V"]


def test_candidates_of_length_two() -> None:
    flow = pl.ShapedFlow.gradient(TWO)
    terms = candidates(flow.alphabet, flow.letters, 2)["r", "r"]
    assert {str(flow.alphabet.expression(("r", "r"), {t: 1})) for t in terms} == {"U' U", "V' V"}


# -- the bridge to concrete laws -------------------------------------------------------------------
BRIDGE = [example(family) for family in FAMILIES.values() if family.describe and family.name != "conv"] + [
    "linear:2,2,3,2",
    "linear:3,1,2",
    "factorization:2,1,4",
    "attention:d1=2,dim=2,heads=2",
    "attention:d1=4,dim=2,rope=true",
    "attention:d1=4,dim=2,rope=true,heads=2",
    "conv:2,2,2?taps=2,3",
    "conv:2,2,2?taps=2,3&activation=relu",
    "conv:2,2,2?taps=2&dim=2",
    "relu:2,2,2,1?bias=true",
    "residual:2,3,2?activation=relu",
    "residual:2,3,2?bias=true",
    "homogeneous:2,2,2?p=3",
]


@pytest.mark.parametrize("spec", mostly_slow(BRIDGE, *BRIDGE[::7]))
@pytest.mark.parametrize("damping", [None, "tau"])
def test_words_at_given_widths_are_the_laws_the_solver_finds(spec: str, damping: str | None) -> None:
    known = described(spec)
    shaped = (
        pl.ShapedFlow.gradient(known.model)
        if damping is None
        else pl.ShapedFlow.momentum(known.model, damping)
    )
    concrete = gradient(spec) if damping is None else momentum(spec, damping)
    laws = complete_laws(concrete).generators
    entries = instances(pl.find_laws(shaped).laws, known.fixed, concrete.ring, known.naming)
    assert bool(laws) == bool(entries)
    if laws:
        assert span_dimension(entries) == span_dimension(laws) == span_dimension([*laws, *entries])


#: Families that list all entries of their words, and add no constant.
SAME_PHI = [
    spec for spec in BRIDGE if not spec.startswith(("softmax", "residual:2,3,2", "conv")) or "relu" in spec
]


@pytest.mark.parametrize("spec", SAME_PHI)
def test_words_name_the_entries_a_concrete_model_lists(spec: str) -> None:
    """The text of phi, read as words, with the names of entries; `tests.unit.test_networks` says that phi is
    the right map."""
    known, model = described(spec), pl.models.model_from_spec(spec)
    phi = [
        h
        for word in known.model.phi
        for h in all_entries(word, known.fixed, model.ring, known.naming).values()
    ]
    assert {h.primitive() for h in phi if h} == {c.numerator.primitive() for c in model.phi}
    assert known.model.metric == model.metric


def test_constants_say_which_taps_belong_to_an_offset() -> None:
    """A linear convolution of words, with the numbers of S, is the concrete one."""
    known, concrete = described("conv:2,2,2?taps=2,2"), pl.models.model_from_spec("conv:2,2,2?taps=2,2")
    model = known.model.at({**known.fixed, "s": 3})
    masks = {
        f"S_{s}_{a}_{b}": int(s - 1 == (a - 1) + (b - 1)) for s in (1, 2, 3) for a in (1, 2) for b in (1, 2)
    }
    phi = [_with_numbers(c.numerator, masks, concrete.ring) for c in model.phi]
    assert phi == [c.numerator for c in concrete.phi]


def _with_numbers(h: pl.Polynomial, numbers: dict[str, int], ring: pl.Ring) -> pl.Polynomial:
    terms = ring.constant(0)
    for monomial, c in h.terms.items():
        named = {h.ring.name(g): power for g, power in monomial}
        factors = [ring.generator(name) ** power for name, power in named.items() if name not in numbers]
        terms += prod(factors, start=ring.constant(c)) * prod(
            numbers[name] for name in named if name in numbers
        )
    return terms


@pytest.mark.parametrize("spec", ["residual:3,2,3?bias=true", "residual:2,2,2"])
def test_the_skip_connection_is_no_matter_of_words(spec: str) -> None:
    assert not described(spec).model.constants


@pytest.mark.parametrize(
    ("n", "m", "r"),
    [(n, m, r) for n in (1, 2, 3) for m in (1, 2) for r in (1, 2, 3) if max(n, m) > 1],
    ids=str,
)
def test_a_grid_of_widths(n: int, m: int, r: int) -> None:
    flow, sizes = pl.ShapedFlow.gradient(TWO), {"n": n, "m": m, "r": r}
    concrete = flow.at(sizes)
    laws = pl.find_laws(concrete)
    entries = instances(pl.find_laws(flow).laws, sizes, concrete.ring)
    assert len(entries) == laws.dimension == span_dimension([*laws, *entries])


def test_equal_ends_of_width_one_have_more_laws_than_words() -> None:
    """U V' with n = m = 1, below the widths from which words are complete."""
    flow = pl.ShapedFlow.gradient(TWO)
    assert pl.find_laws(flow).from_widths == {"n": 2, "m": 2, "r": 2}
    assert pl.find_laws(flow.at({"n": 1, "m": 1, "r": 3})).dimension == 9


@pytest.mark.parametrize(
    "spec",
    mostly_slow(
        ["linear:2,3,2", "relu:2,2,1?bias=true", "attention:d1=2,dim=2,heads=2", "nmf:2,2,2", "softmax:3,2"],
        "linear:2,3,2",
        "nmf:2,2,2",
        "softmax:3,2",
    ),
)
def test_the_word_behind_a_concrete_law(spec: str) -> None:
    known = described(spec)
    flow, concrete = pl.ShapedFlow.gradient(known.model), gradient(spec)
    words = {str(law) for law in pl.find_laws(flow)}
    guessed = {
        str(word_of(h, flow, known.fixed, naming=known.naming)) for h in pl.find_laws(concrete).generators
    }
    assert guessed == words


def test_a_law_of_special_widths_has_no_word() -> None:
    flow = pl.ShapedFlow.gradient(TWO)
    concrete = flow.at({"n": 1, "m": 1, "r": 2})
    law = concrete.parse("U_1_1*V_1_2 - U_1_2*V_1_1")
    assert not concrete.distribution.residuals(law)
    assert word_of(law, flow, {"n": 1, "m": 1, "r": 2}) is None


@pytest.mark.parametrize(
    "spec",
    mostly_slow(
        [
            "linear:*,*,*",
            "gated:*,*,*",
            "relu:*,*,*?bias=true",
            "nmf:*,*,*",
            "softmax:*,*",
            "cp:*,*,*?rank=*",
        ],
        "linear:*,*,*",
        "nmf:*,*,*",
        "softmax:*,*",
    ),
)
@pytest.mark.parametrize("damping", [None, 0])
def test_at_widths_as_large_as_claimed_no_other_combination_is_a_law(spec: str, damping: Any) -> None:
    """The concrete fields alone, at the widths from which words are complete: the combinations of candidates
    whose entries are laws there are as many as those that are laws formally."""
    model = described(spec).model
    flow = pl.ShapedFlow.gradient(model) if damping is None else pl.ShapedFlow.momentum(model, damping)
    sizes = pl.find_laws(flow).from_widths
    assert sizes is not None
    concrete = flow.at(sizes)
    for widths, terms in candidates(flow.alphabet, flow.letters, 2).items():
        words = [flow.alphabet.expression(widths, {term: 1}) for term in terms]
        formal = [{(name, t): c for name, r in flow.residuals(word).items() for t, c in r} for word in words]
        seen = [
            {
                (index, name, m): pl.Ring(()).constant(value)
                for index, h in all_entries(word, sizes, concrete.ring).items()
                for name, r in concrete.distribution.residuals(h).items()
                for m, value in r.terms.items()
            }
            for word in words
        ]
        assert len(relations(seen, pl.Ring(()))) == len(relations(formal, flow.alphabet.scalars))


# -- bounds ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("bound", "some"), [("max_words", 12), ("max_ties", 60), ("max_unknowns", 2)])
def test_a_search_for_words_ends_at_its_bounds_and_names_them(bound: str, some: int) -> None:
    flow = pl.ShapedFlow.gradient(TWO)
    with pytest.raises(BudgetError, match=f"^{bound}: found 1, "):
        pl.find_laws(flow, budget=pl.Budget(**{bound: 1}))
    found = pl.find_laws(flow, 3, budget=pl.Budget(**{bound: some}))
    assert 0 < found.length < 3
    assert found.undecided.startswith(f"{bound}: found {some}, ")
    concrete = flow.at({"n": 2, "m": 1, "r": 2})
    law = concrete.parse("U_1_1^2 + U_2_1^2 - V_1_1^2")
    sizes = {"n": 2, "m": 1, "r": 2}
    assert str(word_of(law, flow, sizes)) == "U' U - V' V"
    with pytest.raises(BudgetError, match=bound):
        word_of(law, flow, sizes, budget=pl.Budget(**{bound: 1}))


def test_a_refutation_ends_at_its_bound() -> None:
    verdict = pl.check_law(pl.ShapedFlow.gradient(TWO), "U' U", budget=pl.Budget(max_products=1))
    assert isinstance(verdict, pl.Undecided)
    assert "max_products" in verdict.reason


# -- counts ----------------------------------------------------------------------------------------
FORMULAS = [(family, formula) for family in FAMILIES.values() for formula in family.counts]


def number(formula: CountFormula, spec: str) -> int | None:
    return formula.count(**Spec.parse(spec).arguments)


def agreeing(family: Family, formula: CountFormula) -> list[str]:
    """The specs at which the proved count is that of the formula; fails where it is another one."""
    agreed = []
    for spec in family.checked:
        expected = number(formula, spec)
        if expected is None:
            continue
        model = pl.flow_of_spec(spec).model
        flow = pl.GradientFlow(model) if formula.moves is Moves.GRADIENT else pl.MomentumFlow(model, "tau")
        counted = pl.count_laws(flow, 2)
        assert counted.lower <= expected <= counted.upper, spec
        agreed += [spec] if counted.exact else []
    return agreed


@pytest.mark.parametrize(("family", "formula"), FORMULAS, ids=lambda value: getattr(value, "name", ""))
def test_formulas_agree_with_proved_counts(family: Family, formula: CountFormula) -> None:
    assert agreeing(family, formula)


@pytest.mark.parametrize(
    "spec",
    [
        "linear:1,2,1",
        "linear:1,1,1",
        "residual:1,2,1",
        "factorization:1,1,2",
        "lora:1,1,2",
        "relu:1,1,1",
        "homogeneous:1,1,1",
        "nmf:1,1,1",
        "gated:1,2,1",
        "gated:1,1,1",
        "cp:1,1,1?rank=2",
        "cp:1,1,1?rank=1",
        "elementwise:1?depth=3",
    ],
)
def test_a_formula_says_all_but_one_where_the_loss_sees_one_number(spec: str) -> None:
    """One field leaves as many laws as there are parameters, less one, by the flow-box theorem."""
    model = Spec.parse(spec).model()
    assert len(model.phi) == 1
    [formula] = [f for f in FAMILIES[spec.partition(":")[0]].counts if f.moves is Moves.GRADIENT]
    assert number(formula, spec) in (None, model.dimension - 1)


def test_a_wrong_formula_is_noticed() -> None:
    with pytest.raises(AssertionError, match="relu:2,3,2"):
        agreeing(FAMILIES["relu"], CountFormula(Moves.GRADIENT, "one", lambda **_: 1))
