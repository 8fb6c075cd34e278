"""Specs as values: a star stands where a width stands and nowhere else, and a statement about widths says
which it is about."""

from __future__ import annotations

from typing import Any

import pytest

import polylaw as pl
from polylaw.domains.shaped.counts import formula_of
from polylaw.errors import InputError
from polylaw.models.shaped_zoo import described
from polylaw.models.spec import STAR, Spec

NO_STAR = "a star stands for any width alone"
REFUSED = [
    ("homogeneous:*,*,*?p=*", NO_STAR),
    ("elementwise:*?depth=*", NO_STAR),
    ("conv:*,*,*?taps=*", NO_STAR),
    ("conv:*,*,*?taps=2&stride=*", NO_STAR),
    ("conv:*,*,*?taps=2,*", NO_STAR),
    ("conv:*,*,*?dim=*", NO_STAR),
    ("relu:*,*?bias=*", "true or false"),
    ("linear:2*,3", "or * for any width"),
    ("linear:*x,2", "or * for any width"),
    ("linear:**", "or * for any width"),
    ("**", "a model family"),
    ("*", "a model family"),
    ("linear:2,,2", "before and after each ','"),
    ("linear:2,3,2,", "before and after each ','"),
    ("linear:,2,3", "before and after each ','"),
    ("attention:d1=2,,dim=3", "before and after each ','"),
    ("conv:1,2,1?taps=2,,2", "before and after each ','"),
    ("relu:2,2?", "at least one item"),
    ("relu:2,2?bias&&bias", "before and after each '&'"),
    ("relu:2,2?bias=true&bias=false", "each option once"),
    (
        f"conv:{','.join('*' * 36)}?taps=2&dim=2",
        "at most 60 different widths, not 106; take fewer layers or axes",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_specs_that_say_nothing_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        described(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_spec_is_a_value() -> None:
    spec = Spec.parse("attention:d1=*,dim=3,heads=*?vo=false")
    assert spec.family.name == "attention"
    assert spec.arguments == {"d1": STAR, "dim": 3, "heads": STAR, "vo": False, "rope": False}
    assert spec.has_stars
    assert spec.at(5) == {"d1": 5, "dim": 3, "heads": 5, "vo": False, "rope": False}
    assert spec.options == {"d1": STAR, "dim": 3, "heads": STAR, "vo": False}
    assert Spec.parse("tucker:*,*?ranks=2,*").at(4) == {"sizes": (4, 4), "ranks": (2, 4)}
    assert Spec.parse("map:x*y").arguments == {"components": "x*y"}
    assert not Spec.parse("map:x*y").has_stars


def test_a_model_needs_numbers() -> None:
    with pytest.raises(InputError, match="polylaw words"):
        Spec.parse("linear:*,2,*").model()
    model = Spec.parse("linear:1,2,1").model()
    assert model.spec == Spec.parse("linear:1,2,1")
    assert model.phi == pl.models.linear(1, 2, 1).phi


@pytest.mark.parametrize("p", [1, 2, 3, 5])
def test_the_degree_of_an_activation_is_no_width(p: int) -> None:
    """Found by putting 2 for every star of a text: 2 U' U - V' V for all p, which p = 3 refutes."""
    flow = pl.ShapedFlow.gradient(described(f"homogeneous:*,*,*?p={p}").model)
    [law] = pl.find_laws(flow)
    assert str(law) == ("diag(U' U - V' V)" if p == 1 else f"diag({p} U' U - V' V)")
    assert isinstance(pl.check_law(flow, "diag(2 U' U - V' V)"), pl.Proved) is (p == 2)


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("linear:1,*,1", {"n0": 1, "n2": 1}),
        ("linear:*,*,*", {}),
        ("linear:2,3,2", {"n0": 2, "n1": 3, "n2": 2}),
        ("attention:d1=*,dim=3,heads=2", {"h": 2, "n": 3}),
        ("attention:d1=4,dim=*,rope=true", {"b": 2, "a": 4}),
        ("tucker:*,3?ranks=*", {"n2": 3}),
        ("conv:*,2,*?taps=2,3", {"c1": 2, "t1x": 2, "t2x": 3}),
    ],
)
def test_which_widths_are_fixed(text: str, fixed: dict[str, int]) -> None:
    assert described(text).fixed == fixed


@pytest.mark.parametrize(
    "text", ["conv:*,*,*,*?taps=2&dim=2", "conv:*,*,*,*,*,*,*?taps=2", "conv:2,1,3,1,1?taps=2&dim=2"]
)
def test_deep_convolutions_have_a_law_for_each_hidden_layer(text: str) -> None:
    """The constant S has an axis for each tap of each layer."""
    laws = pl.find_laws(pl.ShapedFlow.gradient(described(text).model))
    assert len(laws.laws) == text.count(",") - 1
    assert laws.complete


def test_completeness_says_at_which_widths_it_holds() -> None:
    known = described("linear:1,*,1")
    laws = pl.find_laws(pl.ShapedFlow.gradient(known.model))
    assert laws.from_widths == {"n0": 2, "n1": 2, "n2": 2}
    assert laws.outside(known.fixed) == {"n0": 1, "n2": 1}
    assert laws.outside({"n0": 2, "n1": 3, "n2": 2}) == {}
    # there is one more law at these widths
    extra = pl.check_law(pl.GradientFlow(pl.models.linear(1, 2, 1)), "U1_1_1*U2_2_1 - U1_1_2*U2_1_1")
    assert isinstance(extra, pl.Proved)


@pytest.mark.parametrize(
    ("text", "options", "formula"),
    [
        ("nmf:*,*,*", {}, "r"),
        ("nmf:1,*,1", {}, None),
        ("nmf:*,*,*", {"damping": "tau"}, "0"),
        ("icnn:*,*,*", {"damping": 0}, "0"),
        ("nmf:*,*,*", {"metric": "euclidean"}, None),
        ("linear:*,*,*", {"weight_decay": "lam"}, None),
        ("linear:1,*,1", {"damping": "tau"}, None),
        (
            "attention:d1=*,dim=*,heads=*,rope=true",
            {},
            "rk (2 r + 1 - rk)/2, rk = min(2 n, r); 2 r - 1 if n = m = 1",
        ),
        ("linear:*", {}, None),
    ],
)
def test_formulas_are_chosen_by_what_moves(text: str, options: dict[str, Any], formula: str | None) -> None:
    found = described(text)
    if "damping" in options:
        flow = pl.ShapedFlow.momentum(found.model, **options)
    else:
        flow = pl.ShapedFlow.gradient(
            found.model, options.get("metric"), weight_decay=options.get("weight_decay", 0)
        )
    chosen = formula_of(found, flow)
    assert (chosen.text if chosen else None) == formula


# -- values ----------------------------------------------------------------------------------------
def _momentum(text: str) -> pl.ShapedFlow:
    model = described(text).model
    return pl.ShapedFlow.momentum(model, "tau", f"rates:{model.weights[0]}=2")


@pytest.mark.parametrize(
    "make",
    [
        Spec.parse,
        described,
        lambda text: described(text).model,
        lambda text: described(text).model.alphabet,
        lambda text: pl.ShapedFlow.gradient(described(text).model),
        _momentum,
        lambda text: pl.find_laws(pl.ShapedFlow.gradient(described(text).model), 1),
    ],
)
def test_what_means_the_same_is_equal_and_has_the_same_hash(make: Any) -> None:
    for text in ("attention:d1=2,dim=*,heads=2,rope=true", "linear:*,3,*", "relu:*"):
        assert make(text) == make(text)
        assert hash(make(text)) == hash(make(text))
    assert make("linear:*,*") != make("linear:*,*,*")


def test_a_spec_is_its_family_and_arguments_however_it_is_written() -> None:
    assert Spec.parse("relu:2,3?bias=true") == Spec.parse("relu:02, 3,bias=true")
    assert Spec.parse("relu:2,3") != Spec.parse("linear:2,3")
    assert _momentum("linear:*,*") != pl.ShapedFlow.gradient(described("linear:*,*").model)
