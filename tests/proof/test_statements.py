"""Statements say in data what was checked, and in words no more: forms of laws, names, scope, and what is
read back."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from itertools import combinations, combinations_with_replacement, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import polylaw as pl
from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import InputError
from polylaw.proof.appendix import html, latex, render, typst
from polylaw.proof.appendix.document import Number, Operator, Row, Symbol
from polylaw.proof.appendix.expand import Meaning, reproduced
from polylaw.proof.appendix.lettering import face, lettered
from polylaw.proof.coq import coq_source
from polylaw.proof.forms import Form, form_of, form_words
from polylaw.proof.labels import Labels
from polylaw.proof.reading import RefusedError, certified
from polylaw.proof.statements import ORDER, AtMost, Complete, Conserved, Exactly, Independent
from polylaw.proof.telling import as_json, system_lines, told_lines
from tests.helpers import ROTATION, examples, gradient, momentum
from tests.proof.certificates import CERTIFICATES, certificate, not_admitted, signed, system_of

Multiset = tuple[int, ...]
names = pytest.mark.parametrize("name", CERTIFICATES)


def made(flow: pl.Flow, ansatz: str = "degree:2", **options: Any) -> dict[str, Any]:
    return pl.certify(pl.find_laws(flow, ansatz=pl.Ansatz.parse(ansatz)), **options).data


def said(flow: pl.Flow, ansatz: str) -> str:
    """What the appendix says of completeness."""
    page = render(made(flow, ansatz, count=False), "md").decode()
    words = page.split("**Theorem.**")[1].split("*Proof.*")[0]
    [sentence] = re.findall(r"(?:Every conservation law that|The only conservation laws? that)[^\n]*", words)
    return str(sentence)


def told(flow: pl.Flow, ansatz: str) -> str:
    """What `polylaw verify` says of completeness."""
    told = told_lines(certified(made(flow, ansatz, count=False)))
    [line] = [line for line in told if line.startswith("complete")]
    return line


# -- values ----------------------------------------------------------------------------------------
@names
def test_laws_and_statements_are_those_of_the_certificate(name: str) -> None:
    data = certificate(name).data
    found, system = system_of(data)
    laws = [system.coordinates.polynomial(h["polynomial"]) for h in data["laws"]]
    assert [law.polynomial for law in system.laws] == laws
    assert len(found.statements) == len(data["claims"])
    assert all(hash(statement) == hash(copy.copy(statement)) for statement in found.statements)
    assert certified(json.loads(json.dumps(data))) is certified(data)


def test_what_the_checker_refuses_has_no_statement() -> None:
    data = copy.deepcopy(certificate("linear").data)
    data["laws"][0]["polynomial"][0][0] = "2"
    for wrong in (data, signed(data), {**data, "flow": 3}):  # a claim, or the sha256, does not hold
        with pytest.raises(RefusedError):
            certified(wrong)


#: entry: (what it is not, why)
MALFORMED = {
    "flow": (3, "malformed: TypeError"),
    "claims": ([], "no claim"),
    "version": (3, "not of version 1 or 2"),
    "variables": ([1] * 8, "a name that is repeated, or no word"),
}


@pytest.mark.parametrize("key", MALFORMED)
def test_what_is_no_certificate_has_no_statement(key: str, polylaw: Any, tmp_path: Path) -> None:
    entry, reason = MALFORMED[key]
    not_admitted(signed({**certificate("linear").data, key: entry}), reason, polylaw, tmp_path)
    not_admitted({}, "the key 'format' is missing", polylaw, tmp_path)


def test_statements_point_to_what_they_rest_on() -> None:
    """Laws that are independent but not conserved, a weaker bound, and a smaller set of laws come first."""
    data = copy.deepcopy(certificate("linear").data)
    [independent] = [c for c in data["claims"] if c["type"] == "independent"]
    [bound] = [c for c in data["claims"] if c["type"] == "max_laws"]
    weak = {**bound, "bound": 8, "brackets": [], "elements": []}
    fewer = {**independent, "laws": independent["laws"][:1]}
    data["laws"] += [{"polynomial": [["1", k, 1]]} for k in range(3)]
    count = len(data["laws"])
    others = {**independent, "laws": list(range(count - 3, count)), "point": ["1"] * 8}
    data["claims"] = [weak, fewer, others, *data["claims"], data["claims"][0]]
    found = certified(signed(data)).statements
    [exactly] = [s for s in found if isinstance(s, Exactly)]
    lower, upper = found[(exactly.lower or 0) - 1], found[exactly.upper - 1]
    assert isinstance(lower, Independent)
    assert isinstance(upper, AtMost)
    assert lower.conserved
    assert lower.laws == exactly.laws
    assert [law.number for law in exactly.laws] == independent["laws"]
    assert upper.bound == len(exactly.laws)
    assert sum(isinstance(s, Conserved) for s in found) == 1  # the same claim twice is one statement
    words = render(signed(data), "md").decode()
    assert f"at least three by ({exactly.lower}), and at most three by ({exactly.upper})" in words


# -- forms -----------------------------------------------------------------------------------------
def monomials(variables: tuple[int, ...], degrees: range, power: int, clock: int) -> set[Multiset]:
    plain = [m for e in degrees for m in combinations_with_replacement(variables, e)]
    return {m + (clock,) * j for m in plain for j in range(power + 1)} - {()}


bounds = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda pair: range(min(pair), max(pair) + 1))


@given(st.sets(st.integers(0, 3), min_size=1).map(sorted), bounds, st.integers(0, 2))
@examples(60)
def test_a_form_is_exactly_its_set(chosen: list[int], degrees: range, power: int) -> None:
    whole = monomials(tuple(chosen), degrees, power, 4)
    if not whole:
        return
    form = form_of(whole, 4, 4)
    if not form.listed:
        again = monomials(form.variables, form.degrees, form.clock, 4)
        assert again == whole if not form.weights else len(again) >= len(whole)
    # without one of its monomials it is described as something else
    for missing in sorted(whole)[:3]:
        other = form_of(whole - {missing}, 4, 4) if len(whole) > 1 else None
        assert other != form


@given(
    st.sets(
        st.lists(st.integers(0, 2), min_size=1, max_size=3).map(lambda m: tuple(sorted(m))),
        min_size=1,
        max_size=12,
    )
)
@examples(100)
@example({(0, 0), (1,)})
@example({(0,), (1,), (0, 0)})
def test_any_set_is_described_or_listed(whole: set[Multiset]) -> None:
    form = form_of(whole, 3, None)
    weight = dict(zip(form.variables, form.weights or (1,) * 3, strict=False))
    every = (m for e in range(7) for m in combinations_with_replacement(form.variables, e))
    described = {m for m in every if m and sum(weight[k] for k in m) in form.degrees}
    assert (set(form.listed) if form.listed else described) == whole


def test_weights() -> None:
    every = (m for e in range(1, 5) for m in combinations_with_replacement((0, 1), e))
    whole = {m for m in every if sum(1 + k for k in m) <= 4}
    assert form_of(whole, 2, None) == Form(len(whole), (0, 1), range(5), 0, (1, 2))
    found = form_words(form_of(whole, 2, None), [" in x and y"], "", ["y"], plural=False)
    assert "".join(found) == "a polynomial of weight at most 4 in x and y, with y of weight 2,"


@pytest.mark.parametrize("wrong", [[()], [(0,), (0,)], [(3,)], [(0, 3)]])
def test_no_form_has_1_or_a_parameter(wrong: list[Multiset]) -> None:
    with pytest.raises(InputError, match="monomials"):
        form_of(wrong, 2, 2)


PARABOLA = pl.PolynomialODE({"x": "1", "y": "-2*x"})
FALL = pl.PolynomialODE({"x": "v", "v": "g"}, ["g"], time="t")
#: (flow, ansatz): (what the appendix says, what verify says)
FORMS: dict[str, tuple[pl.Flow, str, str, str]] = {
    "homogeneous, none": (
        PARABOLA,
        "homogeneous:2",
        "The only conservation law that is a homogeneous polynomial of degree 2 in $x$ and $y$ is zero.",
        "complete: a law that is a homogeneous polynomial of degree 2 in x, y is 0",
    ),
    "homogeneous": (
        ROTATION,
        "homogeneous:2",
        "Every conservation law that is a homogeneous polynomial of degree 2 in $x$ and $y$ is a multiple "
        "of $h_1$. "
        "These laws form a vector space of dimension 1.",
        "complete: a law that is a homogeneous polynomial of degree 2 in x, y is a combination of h1; "
        "dimension 1",
    ),
    "degree": (
        PARABOLA,
        "degree:2",
        "Every conservation law that is a polynomial of degree at most 2 in $x$ and $y$ is, up to an "
        "additive constant, a multiple "
        "of $h_1$. Modulo constants, these laws form a vector space of dimension 1.",
        "complete: a law that is a polynomial of degree at most 2 in x, y is, up to an additive constant, "
        "a combination of h1; "
        "dimension 1",
    ),
    "no power of the clock": (
        FALL,
        "bidegree:0,2",
        "Every conservation law that is a polynomial of degree at most 2 in $x$ and $v$ is, up to an "
        "additive constant, a multiple "
        "of $h_1$. Modulo constants, these laws form a vector space of dimension 1.",
        "complete for generic values of the parameters: a law that is a polynomial of degree at most 2 in "
        "x, v, not in t, is, up to "
        "an additive constant, a combination of h1; dimension 1",
    ),
    "powers of the clock": (
        FALL,
        "bidegree:1,1",
        "Every conservation law that is a polynomial of degree at most 1 in $x$ and $v$ and degree at most "
        "1 in $t$ is, up to an "
        "additive constant, a multiple of $h_1$. Modulo constants, these laws form a vector space of "
        "dimension 1.",
        "complete for generic values of the parameters: a law that is a polynomial of degree at most 1 in "
        "x, v and degree at most 1 "
        "in t is, up to an additive constant, a combination of h1; dimension 1",
    ),
    "a list": (
        PARABOLA,
        "monomials:x^2,y,x*y",
        "Every conservation law that is a linear combination of $x^2$, $xy$, and $y$ is a multiple of $h_1$. "
        "These laws form a vector space of dimension 1.",
        "complete: a law that is a linear combination of x^2, x*y, y is a combination of h1; dimension 1",
    ),
    "weights": (
        PARABOLA,
        "weighted:4;y=2",
        "Every conservation law that is a polynomial of weight at most 4 in $x$ and $y$, with $y$ of "
        "weight 2, is a polynomial in $h_1$. "
        "Modulo constants, these laws form a vector space of dimension 2.",
        "complete: a law that is a polynomial of weight at most 4 in x, y, with y of weight 2, is a "
        "polynomial in h1; dimension 2",
    ),
}


@pytest.mark.parametrize("what", FORMS)
def test_the_form_of_the_laws_in_words(what: str) -> None:
    flow, ansatz, appendix, line = FORMS[what]
    assert said(flow, ansatz) == appendix
    assert re.sub(r"h1 = .*?(?=;)", "h1", told(flow, ansatz)) == line


def test_clocks_of_training_flows_are_named_only_where_they_occur() -> None:
    softmax = momentum("softmax:3,2", "tau")
    quadratic, decaying = (
        r"degree at most 2 in $x$ and $\dot{x}$",
        gradient("softmax:3,2", weight_decay="lam"),
    )
    assert f"{quadratic} is a polynomial in $h_1$ and $h_2$" in said(softmax, "bidegree:0,2")
    bidegree = rf"{quadratic} and degree at most 1 in $\mathrm{{e}}^{{\tau t}}$ is"
    assert bidegree in said(softmax, "bidegree:1,2")
    assert r"degree at most 2 in $x$ are the constants" in said(decaying, "bidegree:0,2")


# -- names -----------------------------------------------------------------------------------------
USUAL = [
    "lam",
    "lambda",
    "U1",
    "U_1",
    "U_11",
    "U1_1",
    "U_1_1",
    "X",
    "f",
    "h",
    "t",
    "theta",
    "phi",
    "ell",
    "d",
    "e",
    "j",
    "ones",
    "w",
]
USUAL += ["exp", "log", "d_x", "x_", "x" * 32, "x" * 64]
words = st.one_of(
    st.sampled_from(USUAL),
    st.from_regex(r"\A[a-zA-Z]{1,2}[0-9]{0,2}(_[0-9]{1,2}){0,2}\Z"),
    st.from_regex(r"\A[a-z][a-zA-Z0-9_]{0,9}\Z"),
)
no_words = st.text(max_size=4).filter(lambda name: not re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name))
admitted = st.lists(words, unique=True, min_size=2, max_size=9)
adversarial = st.lists(st.one_of(words, no_words.filter(bool)), unique=True, min_size=2, max_size=9)
RENDERED = tuple(form.RENDERER.typeset for form in (latex, typst, html))


@pytest.mark.slow
@given(adversarial)
@examples(200)
@example(["lam", "lambda"])
@example(["U1", "U_1", "U1_1", "U_11", "U_1_1", "U11"])
@example(["x", "x\u200b", "\u0445"])
def test_no_two_names_have_one_symbol(chosen: list[str]) -> None:
    symbols, strange = lettered(chosen, {face(Symbol(letter)) for letter in ("t", "d", "j", "euler")})
    assert list(symbols) == chosen or set(symbols) == set(chosen)
    marks = r"<[^>]*>|[{}]|\\math\w+|\\\w+norm\w+"
    for rendered in (*RENDERED, face, lambda s: re.sub(marks, "", latex.RENDERER.typeset(s))):
        shown = [rendered(symbol) for symbol in symbols.values()]
        assert len(set(shown)) == len(shown), shown
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) for name in chosen if name not in strange)


def steady(chosen: list[str]) -> dict[str, Any]:
    """x_k' = k + 1 for all variables: the laws tell apart every pair of them."""
    n = len(chosen)
    data = {**certificate("euler top").data, "variables": chosen, "parameters": []}
    data["model"] = {**data["model"], "matrices": [], "title": "", "source": ""}
    data["flow"] = {"type": "ode", "rhs": [[[[str(k + 1)]]] for k in range(n)]}
    pairs = combinations(range(n), 2)
    data["laws"] = [{"polynomial": [[str(j + 1), i, 1], [str(-i - 1), j, 1]]} for i, j in pairs]
    data["claims"] = [{"type": "conserved", "laws": list(range(len(data["laws"])))}]
    return signed(data)


@given(words, no_words)
@examples(60)
@example("x", "x\u200b")
@example("x", "\u0445")
@example("x", "x\n")
@example("x", "")
def test_names_that_are_no_words_or_repeated_are_not_admitted(word: str, name: str) -> None:
    """Neither of a variable nor of a parameter."""
    variables = [word, f"{word}1"]
    data = steady(variables)
    assert certified(data).conserved == (0,)
    for wrong in (name, word):
        for change in ({"variables": [word, wrong]}, {"parameters": [wrong]}):
            with pytest.raises(InputError, match="a name that is repeated, or no word") as caught:
                certified(signed({**data, **change}))
            assert not isinstance(caught.value, RefusedError)


@pytest.mark.slow
@given(admitted)
@examples(60)
@example(["x", "exp", "t", "x" * 32, "x" * 64, "z1"])
def test_an_appendix_of_any_names_reads_back(chosen: list[str]) -> None:
    data = steady(chosen)
    found, system = system_of(data)
    labels = Labels(system)
    assert len({*labels.ring.variables}) == len(chosen)
    pairs = zip(labels.ring.variables, chosen, strict=True)
    assert all(label == name or label in labels.strange for label, name in pairs)
    for kind in ("tex", "typ", "html", "md"):
        assert render(data, kind)
    assert all(line.isascii() and "\n" not in line for line in [*system_lines(found), *told_lines(found)])
    assert coq_source(data).isascii()


@given(admitted)
@examples(40)
@example(["X", "f", "h", "t", "theta", "phi", "w", "J", "ell"])
def test_letters_of_the_text_are_free(chosen: list[str]) -> None:
    """A training flow whose variables have any names, also those of the text: X, f, h, t, theta, phi."""
    n = len(chosen)
    data = {**certificate("nmf").data, "variables": chosen, "parameters": []}
    data["model"] = {**data["model"], "matrices": [], "arrays": [], "title": ""}
    data["flow"] = {"type": "gradient", "phi": [[[["1", k, 1] for k in range(n)]]]}
    data["laws"] = [{"polynomial": [["1", 0, 1], ["-1", k, 1]]} for k in range(1, n)]
    data["claims"] = [{"type": "conserved", "laws": list(range(n - 1))}]
    assert render(signed(data), "md")


# -- reading back ----------------------------------------------------------------------------------
RING = pl.Ring(["x", "y"])
X, Y = Symbol("x"), Symbol("y")
MEANING = Meaning(RING, {X: RING.generator("x"), Y: RING.generator("y")})
PLUS, MINUS, OPEN, CLOSE, TIMES = map(Operator, ("plus", "minus", "(", ")", "times"))
TWO = Number("2")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((TWO, X, MINUS, OPEN, X, PLUS, Y, CLOSE, Y), "2*x - (x + y)*y"),
        ((MINUS, X, TIMES, Y), "-x*y"),
        ((X, Operator("slash"), TWO), "x/2"),
    ],
)
def test_a_formula_means_what_it_shows(parts: tuple[Any, ...], expected: str) -> None:
    reproduced(MEANING, RING.parse(expected), Row(parts))
    with pytest.raises(InputError, match="something else"):
        reproduced(MEANING, RING.parse(f"{expected} + x"), Row(parts))


@pytest.mark.parametrize(
    "parts",
    [(TWO, Number("3")), (X, Symbol("z")), (OPEN, X), (X, CLOSE), (PLUS,), (X, Operator("in"), Y), ()],
)
def test_what_means_nothing_is_not_printed(parts: tuple[Any, ...]) -> None:
    with pytest.raises(InputError, match="does not read back"):
        reproduced(MEANING, RING.parse("6"), Row(parts))


def test_symbols_that_collide_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the map of names not injective, nothing would be printed."""
    data = made(pl.PolynomialODE({"U1": "U_1", "U_1": "U1"}))
    one = {"U1": Symbol("U", "1"), "U_1": Symbol("U", "1")}
    monkeypatch.setattr("polylaw.proof.appendix.names.lettered", lambda *_: (one, ()))
    with pytest.raises(InputError, match="formula: found"):
        render(data, "md")


def test_a_wrong_formula_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    from polylaw.proof.appendix import formulas as module

    right = module.sum_lines
    wrong = lambda terms, room=60.0: right([(not terms[0][0], terms[0][1]), *terms[1:]], room)  # noqa: E731
    monkeypatch.setattr(module, "sum_lines", wrong)
    with pytest.raises(InputError, match="means something else"):
        render(certificate("linear").data, "md")


def test_velocities_are_those_of_their_positions(polylaw: Any, tmp_path: Path) -> None:
    """Exchanged names are not admitted; a velocity is the symbol of its position with a dot."""
    data = copy.deepcopy(certificate("momentum").data)
    half = len(data["variables"]) // 2
    data["variables"][half:] = data["variables"][half:][::-1]
    reason = "the variables of a momentum flow are x, y, ..., dx, dy, ..."
    not_admitted(signed(data), reason, polylaw, tmp_path)
    data = {**data, "parameters": [], "clock": {"root": 1}, "claims": [{"type": "conserved", "laws": [0]}]}
    data["flow"] = {"type": "momentum", "damping": [], "phi": [[[["1", 0, 2], ["1", 1, 2]]]]}
    data["laws"] = [{"polynomial": [["1", 0, 1, 3, 1], ["-1", 1, 1, 2, 1]]}]
    data["model"] |= {"matrices": [], "arrays": []}
    for positions, law, line in (
        (["x", "dy"], r"x\dot{\mathrm{dy}} - \mathrm{dy}\,\dot{x}", "x*ddy - dy*dx"),
        (["lam", "lambda"], r"\lambda\dot{z}_1 - z_1\dot{\lambda}", "lam*dlambda - lambda*dlam"),
        (["exp", "z1"], r"\mathrm{exp}\,\dot{z}_1 - z_1\dot{\mathrm{exp}}", "z2*dz1 - z1*dexp"),
    ):
        told = signed({**data, "variables": [*positions, *(f"d{name}" for name in positions)]})
        assert f"h_1 &= {law}." in render(told, "md").decode()
        assert f"conserved: h1 = {line}" in told_lines(certified(told))


# -- scope -----------------------------------------------------------------------------------------
def test_restricted_data_say_the_same_everywhere() -> None:
    """Laws on given points are laws for losses of the outputs there: the phi that is given, and no word of
    other data."""
    model = pl.models.on_data(pl.models.model_from_spec("linear:2,1,1"), [[1, 0]])
    data = made(pl.GradientFlow(model))
    words, source = render(data, "md").decode(), coq_source(data)
    lines = "\n".join(system_lines(certified(data)))
    assert "“data: 1 given point" in words
    assert "laws hold for these points only”" in words
    assert r"see $\theta$ only through $\varphi$ as given above, and about no others" in words
    for text in (words, source, lines):
        assert "any data" not in text
        assert "all data" not in text
    assert "any loss that sees theta only through the phi below" in source
    assert "any loss that sees the state only through phi" in lines


def test_denominators_and_parameters_are_told() -> None:
    data = certificate("rational ode").data
    assert "where none of these is 0: x + k" in system_lines(certified(data))
    words = render(data, "md").decode()
    where = "with the constant parameter $k$ wherever no denominator is zero"
    assert f"We consider the differential equations {where}" in words
    assert "the following holds where no denominator is zero, (1) for all values of the parameters" in words
    assert "while no denominator is 0, for all real values of the parameters" in coq_source(data)


@names
def test_json_has_every_statement(name: str) -> None:
    found = as_json(certified(certificate(name).data))
    claimed = (c["type"] for c in certificate(name).data["claims"])
    assert [s["kind"] for s in found["statements"]] == sorted(claimed, key=ORDER.index)
    assert json.loads(json.dumps(found)) == found
    has_parameters = bool(certificate(name).data["parameters"])
    for statement in found["statements"]:
        wanted = None if not has_parameters else "all" if statement["kind"] == "conserved" else "generic"
        assert statement["parameters"] == wanted
        assert ("generic values" in statement["sentence"]) == (wanted == "generic")


def test_forms_of_completeness_are_compared_with_the_monomials() -> None:
    found, system = system_of(certificate("oscillator").data)
    [complete] = [s for s in found.statements if isinstance(s, Complete)]
    [claim] = [c for c in found.data["claims"] if c["type"] == "complete"]
    powers = [(e, j) for e, j in product(range(claim["degree"] + 1), range(claim["clock"] + 1))]
    assert complete.form.count == sum(e + 1 for e, _ in powers) - 1
    assert replace(complete.form, clock=1) != complete.form
    assert isinstance(system.laws[0].polynomial, Polynomial)
