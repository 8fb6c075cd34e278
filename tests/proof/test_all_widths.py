"""Certificates of laws for all widths: written, read back, verified by the standalone checker; false ones
refused."""

from __future__ import annotations

import copy
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.algebra.words.expression import Expression
from polylaw.algebra.words.term import canonical
from polylaw.errors import BudgetError, InputError
from polylaw.flows.shaped import ShapedFlow
from polylaw.proof import checker
from polylaw.proof.appendix import render
from polylaw.proof.coq import coq_source
from polylaw.proof.encoding import decoded
from polylaw.proof.widths import decoded_expression, decoded_flow
from tests.helpers import mostly_slow
from tests.proof.certificates import SCHEMA, accepted, signed
from tests.proof.test_checker import refused
from tests.proof.words import FEW_WORDS, WORDS, word_certificate, word_laws

MUTANTS = 60
Data = dict[str, Any]
names = pytest.mark.parametrize("name", FEW_WORDS)


@names
def test_it_is_accepted_and_fits_the_schema(name: str) -> None:
    made = word_certificate(name)
    count = len(made.data["laws"])
    assert made.verify() == [f"conserved_for_all_widths: {count} laws, whatever the widths"]
    SCHEMA.validate(made.data)


def test_signing_keeps_to_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    monkeypatch.setattr(
        "polylaw.proof.certificate.steps_within", lambda s: seen.append(s) or checker.MAX_STEPS
    )
    pl.certify(["U1' U1 - U2 U2'"], flow=WORDS["linear"], budget=pl.Budget(max_seconds=100))
    assert 0 < seen[0] <= 100


@names
def test_it_reads_back(name: str) -> None:
    data, flow = json.loads(word_certificate(name).text()), WORDS[name]
    again = decoded_flow(data)
    assert (again.name, again.derivations) == (flow.name, flow.derivations)
    assert [str(phi) for phi in again.model.phi] == [str(phi) for phi in flow.model.phi]
    assert [decoded_expression(again.alphabet, law) for law in data["laws"]] == list(word_laws(name))
    assert pl.certify([law["text"] for law in data["laws"]], flow=again).data["laws"] == data["laws"]


@names
def test_the_checker_moves_letters_as_the_flow_does(name: str) -> None:
    """Images of the letters, computed there from phi, up to the sign of the loss and to the time a flow with
    damping c/t is multiplied by."""
    data, flow = word_certificate(name).data, WORDS[name]
    (kicks, _), (drift, clock) = checker.reading(data).moves
    scalars, damping = flow.alphabet.scalars, flow.damping
    time = scalars.constant(-1)
    if damping is not None and damping.over_time and not flow.metric.mirrored:
        time = scalars.monomial(((0, damping.rate.denominator),), -1)
    theirs = {w: image * time for w, image in flow.derivations[0].images.items() if image}
    assert {w: _image(flow, w, kicks[w]) for w in kicks} == theirs
    moves = {w: image for w, terms in drift.items() if (image := _image(flow, w, terms))}
    expected = flow.derivations[1].images if len(flow.derivations) > 1 else {}
    assert moves == {w: image for w, image in expected.items() if image}
    if len(flow.derivations) > 1:
        assert _scalar(flow, clock[0]) == flow.derivations[1].clock


def _scalar(flow: ShapedFlow, p: dict[tuple[int, ...], Any]) -> pl.Polynomial:
    terms = [[str(c), *(n for pair in sorted(Counter(m).items()) for n in pair)] for m, c in p.items() if c]
    return decoded(flow.alphabet.scalars, terms)


def _image(flow: ShapedFlow, letter: str, terms: list[tuple[Any, Any, list[Any]]]) -> Expression:
    known = {*flow.letters, *flow.model.constants}
    gradients = [name for name in flow.alphabet.letters if name not in known]
    parts = []
    for c, opened, factors in terms:
        same = {factor[2]: factor[1] for factor in factors if factor[0] == "="}
        kept = [(name, labels) for name, *labels in factors if name != "=" and name[0] != "sum"]
        named = ((n if isinstance(n, str) else gradients[n[1]], labels) for n, labels in kept)
        letters = [(name, [same.get(i, i) for i in labels]) for name, labels in named]
        term = canonical([same.get(i, i) for i in opened], letters)
        parts.append(Expression(flow.alphabet, flow.alphabet.widths(letter), {term: _scalar(flow, c)}))
    return Expression.sum(flow.alphabet, flow.alphabet.widths(letter), parts)


def test_words_that_are_no_laws_are_not_certified() -> None:
    flow = WORDS["linear"]
    with pytest.raises(InputError, match="words that are laws for all widths"):
        pl.certify(["U1' U1 - 2 U2 U2'"], flow=flow)
    with pytest.raises(InputError, match="no law"):
        pl.certify([], flow=flow)
    one = pl.certify(["U1' U1 - U2 U2'", "tr(U1' U1) - tr(U2 U2')"], flow=flow, command="made by hand")
    assert [law["open"] for law in one.data["laws"]] == [["n", "n"], []]
    assert one.data["model"]["command"] == "made by hand"


def test_identities_that_follow_from_each_other() -> None:
    """Three axes made equal by two identity matrices, in any order, are one index."""
    alphabet = WORDS["trace"].alphabet
    for ties in ([["=n", 0, 1], ["=n", 2, 1]], [["=n", 2, 1], ["=n", 1, 0]], [["=n", 0, 2], ["=n", 0, 1]]):
        data = {"open": ["n", "n", "n"], "terms": [[[["1"]], ["V", 3, 1], *ties]]}
        assert str(decoded_expression(alphabet, data)) == "[i,i,i] V[j,i]"


def test_nothing_is_written_about_a_model_without_weights() -> None:
    data = json.loads(word_certificate("linear").text())
    data["flow"].update(weights=[], constants=[], phi=[])
    data["laws"] = [{"open": [], "terms": [[[["1"]], ["=n", 0, 0]]]}]
    assert not accepted(data)  # the number n is constant, for any flow
    data = json.loads(word_certificate("linear").text())
    data["flow"].update(phi=[])
    assert accepted(data)  # nothing moves
    with pytest.raises(InputError, match="no weights or no phi"):
        render(signed(data), "md")


def test_coq_is_told_where_proofs_are() -> None:
    with pytest.raises(BudgetError, match=r"proofs/coq/all_widths\.v"):
        coq_source(word_certificate("linear").data)


# -- mutants -----------------------------------------------------------------------------------------
def expressions(data: Data) -> list[Data]:
    """Laws three times as often as phi."""
    return [*data["flow"]["phi"], *data["laws"] * 3]


def change_term(data: Data, draw: random.Random) -> None:
    expression = draw.choice(expressions(data))
    terms = expression["terms"]
    term = draw.choice(terms)
    how = draw.choice(["coefficient", "sign", "drop", "double", "factor", "index", "letter", "clock"])
    if how == "coefficient":
        term[0][0][0] = draw.choice(["7", "-1/2", "0"])
    elif how == "sign":
        term[0][0][0] = term[0][0][0][1:] if term[0][0][0].startswith("-") else f"-{term[0][0][0]}"
    elif how == "drop":
        terms.remove(term)
    elif how == "double":
        terms.append(copy.deepcopy(term))
    elif how == "factor" and len(term) > 1:
        term.append(draw.choice(term[1:]))
    elif how == "index" and len(term) > 1 and len(factor := draw.choice(term[1:])) > 1:
        factor[draw.randrange(1, len(factor))] = draw.randrange(6)
    elif how == "letter" and len(term) > 1:
        draw.choice(term[1:])[0] = draw.choice([letter for letter, _ in data["flow"]["weights"]])
    elif how == "clock" and data["clock"]:
        term[0][0][1:] = [0, draw.randint(1, 4)]


def change_flow(data: Data, draw: random.Random) -> None:
    flow = data["flow"]
    how = draw.choice(["type", "mirror", "rate", "damping", "decay", "clock"])
    letter = draw.choice(flow["weights"])[0]
    if how == "type":
        flow["type"] = draw.choice(["shaped_gradient", "shaped_momentum", "gradient"])
    elif how == "mirror":
        flow["mirror"] = draw.choice([[], [letter], ["="], ["G"], letter])
    elif how == "rate":
        flow["rates"] = {letter: [["2"]]}
    elif how == "damping":
        flow.pop("over_time", None)
        flow["damping"], data["clock"] = [["2"]], {"rate": [["2"]]}
    elif how == "decay":
        flow["weight_decay"], data["clock"] = [["2"]], {"rate": [["2"]]}
    else:
        data["clock"] = draw.choice([None, {"root": 1}, {"root": 2}, {"rate": [["1"]]}])


def mutants(name: str) -> Iterator[Data]:
    draw = random.Random(name)
    original = json.loads(word_certificate(name).text())
    while True:
        data = copy.deepcopy(original)
        draw.choice([change_term, change_term, change_term, change_flow])(data, draw)
        if data != original:
            yield data


def is_true(data: Data) -> bool:
    """What the engine says of the mutated data."""
    flow = decoded_flow(data)
    return all(not flow.residuals(decoded_expression(flow.alphabet, law)) for law in data["laws"])


def can_be_told(data: Data) -> bool:
    """Whatever is accepted can be written about, or is refused with a line."""
    try:
        return bool(render(data, "md"))
    except InputError as error:
        return bool(re.search("no weight in it|a nonzero constant", str(error)))


@pytest.mark.parametrize("name", mostly_slow(WORDS, *[*WORDS][::6]))
def test_no_mutant_is_accepted_unless_it_is_true(name: str) -> None:
    seen: Counter[bool] = Counter()
    for data, _ in zip(mutants(name), range(MUTANTS), strict=False):
        verdict = accepted(data)
        seen[verdict] += 1
        assert not verdict or is_true(data)
        assert not verdict or can_be_told(signed(data))
    assert seen.total() == MUTANTS
    assert seen[False] > MUTANTS // 3


# -- hostile files -----------------------------------------------------------------------------------
def law(*terms: Any, opened: Any = ("n", "n")) -> Callable[[Data], None]:
    return lambda data: data.update(laws=[{"open": list(opened), "terms": list(terms)}])


def flow_with(**entries: Any) -> Callable[[Data], None]:
    return lambda data: data["flow"].update(entries)


ONE = [["1"]]
FACTORS = [["U1", 2 * i, 2 * i + 1] for i in range(20)]
MANY = "more than 100000000 steps"
REFUSALS: list[tuple[str, Callable[[Data], Any], str]] = [
    ("a law that is none", law([ONE, ["U1", 2, 0], ["U1", 2, 1]]), "law 0 is not conserved for all widths"),
    ("a constant in a law", law([ONE, ["A", 2, 3]]), "a letter that may not occur here"),
    ("a velocity without momentum", law([ONE, ["dU1", 2, 0]]), "a letter that may not occur here"),
    ("a loss gradient in a law", law([ONE, ["dL/dphi", 2, 0]]), "a letter that may not occur here"),
    ("a clock that is not there", law([[["1", 0, 1]], ["U1", 2, 0]]), "an index below 0 is expected"),
    ("an axis too few", law([ONE, ["U1", 2]]), "wrong length"),
    ("two widths for an index", law([ONE, ["U1", 2, 2]]), "an index over two widths"),
    ("an index of another width", law([ONE, ["U1", 0, 1]]), "an index over two widths"),
    ("a large index", law([ONE, ["U1", 1000, 0]]), "1000 where an index below 1000 is expected"),
    ("an index as boolean", law([ONE, ["U1", True, 0]]), "True where an index"),
    ("no such law", lambda d: d["claims"][0]["laws"].append(7), "7 where an index below"),
    ("a claim of other flows", lambda d: d["claims"][0].update(type="conserved"), "an unknown type of claim"),
    ("a repeated letter", lambda d: d["flow"]["constants"].append(["U1", ["n"]]), "a repeated letter"),
    ("identity as a weight", lambda d: d["flow"]["weights"].append(["=", ["n", "n"]]), "is no word"),
    (
        "a letter that begins with a digit",
        lambda d: d["flow"]["weights"].append(["1x", ["n", "n"]]),
        "is no word",
    ),
    ("identity that moves", flow_with(mirror=["="]), "a metric for other letters than weights"),
    ("rates of constants", flow_with(rates={"A": ONE}), "a metric for other letters than weights"),
    ("a width as number", lambda d: d["flow"]["weights"].append(["Z", [3]]), "malformed: TypeError"),
    ("a width without a name", lambda d: d["flow"]["weights"].append(["Z", [""]]), "a width that is no word"),
    (
        "a width of axes that is no word",
        law([ONE, ["U1", 2, 1]], opened=["a b", "n"]),
        "a width that is no word",
    ),
    (
        "a width of an identity that is no word",
        law([ONE, ["U1", 2, 3], ["=", 4, 4]], opened=()),
        "a width that is no word",
    ),
    ("a letter twice in the metric", flow_with(mirror=["U1", "U1"]), "a letter twice in the metric"),
    ("two metrics", flow_with(mirror=["U1"], rates={"U2": [["2"]]}), "a metric is either mirror or rates"),
    (
        "two metrics of a letter",
        flow_with(mirror=["U1"], rates={"U1": [["2"]]}),
        "a metric is either mirror or rates",
    ),
    ("a rate of 0", flow_with(rates={"U1": []}), "a rate that is 0"),
    ("a parameter with the name of a letter", lambda d: d.update(parameters=["U1"]), "a repeated letter"),
    ("a claim without laws", lambda d: d["claims"][0].update(laws=[]), "a claim about no law"),
    ("a law twice", lambda d: d["claims"][0].update(laws=[0, 0]), "an index listed twice"),
    ("a law without terms", law(), "law 0 is without letters, so constant"),
    (
        "a constant law",
        law([ONE, ["=n", 2, 2]], [[["-3"]], ["=n", 0, 1]]),
        "law 0 is without letters, so constant",
    ),
    (
        "a law that cancels",
        law([ONE, ["U1", 2, 0], ["U1", 2, 1]], [[["-1"]], ["U1", 3, 1], ["U1", 3, 0]]),
        "law 0 is without letters",
    ),
    ("variables", lambda d: d["variables"].append("x"), "a metric for other letters than weights"),
    ("an unknown key", flow_with(noise=1), "the unknown key 'noise'"),
    ("no clock for the decay", flow_with(weight_decay=ONE), "the clock must be exp(weight_decay t)"),
    (
        "alike factors",
        law([ONE, *FACTORS, ["U1", 60, 61]], [ONE, *FACTORS[1:], ["U1", 60, 61], ["U1", 62, 61]], opened=()),
        MANY,
    ),
    ("a long term", law([ONE, *FACTORS * 400], opened=()), "more than 200 axes and factors in a term"),
    (
        "many indices",
        law([ONE, *[["U1", 2 * i, 2 * i + 1] for i in range(70)]], opened=()),
        "more than 200 indices and factors in a term",
    ),
    ("many axes", law([ONE, ["U1", 0, 1]], opened=["n"] * 201), "more than 200 axes and factors in a term"),
]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(c, w, id=name, marks=[pytest.mark.slow] * (i % 3 > 0))
        for i, (name, c, w) in enumerate(REFUSALS)
    ],
)
def test_a_hostile_certificate_is_refused(tmp_path: Path, change: Callable[[Data], Any], words: str) -> None:
    data = json.loads(word_certificate("linear").text())
    change(data)
    path = tmp_path / "c.json"
    path.write_text(json.dumps(signed(data)))
    refused(path, words)
