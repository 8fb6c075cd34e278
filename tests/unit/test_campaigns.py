"""Campaigns draw the same networks every time, their formulas are those of the literature, and a wrong count
is a problem."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import campaigns
from benchmarks.campaigns import Campaign, Draw, Replay, replay
from benchmarks.known import (
    Known,
    linear_gradient,
    linear_momentum,
    nmf_gradient,
    none,
    parameters,
    relu_gradient,
)
from polylaw.models import model_from_spec

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "counts.json").read_text("utf-8"))

TINY = [
    Campaign(
        "linear, gradient",
        (
            Draw("linear:2,3,2", linear_gradient((2, 3, 2))),
            Draw("linear:2,2,2,2", linear_gradient((2, 2, 2, 2))),
            Draw("linear:1,2,2,1", linear_gradient((1, 2, 2, 1))),
        ),
    ),
    Campaign(
        "relu, gradient",
        (
            Draw("relu:2,3,2", relu_gradient((2, 3, 2))),
            Draw("relu:2,2,2?bias=true", relu_gradient((2, 2, 2))),
        ),
    ),
    Campaign(
        "linear, momentum",
        (Draw("linear:1,3,1", linear_momentum((1, 3, 1)), "3/t"), Draw("linear:2,1,2", none(), "0")),
    ),
    Campaign(
        "nmf, gradient", (Draw("nmf:1,2,1", nmf_gradient(1, 2, 1)), Draw("nmf:2,2,1", nmf_gradient(2, 2, 1)))
    ),
    Campaign("icnn, momentum", (Draw("icnn:1,2,1", none(), "2/3"), Draw("icnn:2,1,1", none(), "1"))),
]


@pytest.fixture(scope="module")
def tiny() -> Replay:
    return replay(TINY)


def test_draws_are_the_same_every_time() -> None:
    assert campaigns.campaigns() == campaigns.campaigns()


def test_a_quick_campaign_begins_like_the_whole_one() -> None:
    for quick, whole in zip(campaigns.campaigns(quick=True), campaigns.campaigns(), strict=True):
        assert quick == Campaign(whole.name, whole.draws[:2])


def test_another_seed_draws_other_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    first = campaigns.campaigns()
    monkeypatch.setattr(campaigns, "_SEED", 1)
    assert all(a.draws != b.draws for a, b in zip(first, campaigns.campaigns(), strict=True))


def test_the_published_sizes_are_drawn() -> None:
    chosen = {campaign.name: campaign for campaign in campaigns.campaigns()}
    assert {name: len(campaign.draws) for name, campaign in chosen.items()} == {
        "linear, gradient": 50,
        "relu, gradient": 50,
        **dict.fromkeys(
            (
                "linear, momentum",
                "relu, momentum",
                "nmf, gradient",
                "nmf, momentum",
                "icnn, gradient",
                "icnn, momentum",
            ),
            20,
        ),
    }
    assert sizes(chosen["linear, gradient"]) == ({3, 4, 5}, set(range(2, 6)))
    assert sizes(chosen["relu, gradient"]) == ({3, 4, 5}, set(range(2, 10)))
    assert sizes(chosen["linear, momentum"]) == ({3, 4}, {1, 2, 3})
    assert sizes(chosen["nmf, gradient"]) == ({3}, {1, 2, 3, 4})
    biased = sum("bias=true" in draw.spec for draw in chosen["relu, gradient"].draws)
    assert 15 <= biased <= 35
    for name, campaign in chosen.items():
        assert {draw.damping for draw in campaign.draws} == (
            {"0", "1", "2/3", "3/t"} if "momentum" in name else {""}
        )


def sizes(campaign: Campaign) -> tuple[set[int], set[int]]:
    """The numbers of widths, and the widths."""
    drawn = [
        [int(w) for w in draw.spec.partition(":")[2].partition("?")[0].split(",")] for draw in campaign.draws
    ]
    return {len(widths) for widths in drawn}, {w for widths in drawn for w in widths}


def test_a_tiny_campaign_is_fine(tiny: Replay) -> None:
    assert tiny.problems == []
    assert tiny.gaps == ["linear:1,2,2,1: 6 to 7"]
    assert [(line[0], *line[3:6]) for line in tiny.table.lines] == [
        ("linear, gradient", "2", "1", "0"),
        ("relu, gradient", "2", "0", "0"),
        ("linear, momentum", "2", "0", "0"),
        ("nmf, gradient", "2", "0", "0"),
        ("icnn, momentum", "2", "0", "0"),
    ]
    assert "11 draws in " in tiny.summary


def test_the_result_does_not_depend_on_the_number_of_workers(tiny: Replay) -> None:
    alone = replay(TINY, workers=1)
    for campaign in TINY:
        assert [replace(c, seconds=0) for c in alone.results[campaign]] == [
            replace(c, seconds=0) for c in tiny.results[campaign]
        ]


@pytest.mark.parametrize(
    ("draw", "problem"),
    [
        (Draw("linear:2,3,2", Known(7, 7)), "linear:2,3,2: 6 laws, expected 7"),
        (Draw("linear:2,2,2", none(), "1"), "linear:2,2,2, damping 1: 1 laws, expected 0"),
        (Draw("relu:2,2,2", Known(2, 3)), "relu:2,2,2: 2 laws, expected 2 to 3"),
        (Draw("linear:1,2,2,1", Known(6, 6)), "linear:1,2,2,1: 6 to 7 laws, expected 6"),
        (Draw("linear:1,2,2,1", Known(6, 8)), "linear:1,2,2,1: 6 to 7 laws, expected 6 to 8"),
    ],
    ids=[
        "too many expected",
        "a law not expected",
        "a gap expected",
        "a gap not expected",
        "another gap expected",
    ],
)
def test_a_count_that_is_not_the_known_one_is_a_problem(draw: Draw, problem: str) -> None:
    outcome = replay([Campaign("wrong", (draw,))], workers=1)
    assert outcome.problems == [f"campaign wrong: {problem}"]
    assert outcome.gaps == []
    assert outcome.table.lines[0][3:6] == ("0", "0", "1")


# -- formulas --------------------------------------------------------------------------------------
@pytest.mark.parametrize("row", ORACLE["gf_linear"], ids=lambda row: str(row["dims"]))
def test_the_formula_of_linear_networks(row: dict[str, object]) -> None:
    assert linear_gradient(row["dims"]) == Known(row.get("polynomial", row["laws"]), row["laws"])
    assert parameters(row["dims"]) == row["D"]


@pytest.mark.parametrize(
    ("widths", "laws"), [((2, 5, 2), 14), ((1, 3, 1), 5), ((1, 1, 3, 1), 6), ((2, 7, 1, 5, 2), 18 + 1 + 12)]
)
def test_layers_wider_than_their_neighbours_together(widths: tuple[int, ...], laws: int) -> None:
    assert linear_gradient(widths) == Known(laws, laws)


@pytest.mark.parametrize("row", ORACLE["mf_linear_dims"], ids=lambda row: str(row["dims"]))
def test_the_formula_of_linear_networks_with_momentum(row: dict[str, object]) -> None:
    assert linear_momentum(row["dims"]) == Known(row["laws"], row["laws"])


def test_no_formula_is_claimed_beyond_its_range() -> None:
    with pytest.raises(ValueError, match=r"\(1, 7, 2\)"):
        linear_momentum((1, 7, 2))


def test_the_smallest_model_of_one_field_has_no_gap() -> None:
    assert nmf_gradient(1, 1, 1) == Known(1, 1)
    assert len(model_from_spec("nmf:1,1,1").phi) == 1
