"""The two published experiments in small: what is followed there, and what the networks keep."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from benchmarks import training  # noqa: E402  (needs torch)
from benchmarks.training import CHANNELS, CONV1, CONV2, HEAD, NEURONS, PUBLISHED, QUERIES, VALUES  # noqa: E402

warnings.filterwarnings("ignore", category=FutureWarning, module="copyreg")  # of torch.export

RATE, STEPS = 3e-3, 4


@cache
def resnet(mode: bool, rate: float = RATE) -> training.Run:
    return training.resnet(rate, STEPS, 16, width=8, training=mode)


@cache
def transformer() -> training.Run:
    return training.transformer(RATE, STEPS, 4, length=12, vocabulary=60, width=16)


def moved(run: training.Run, name: str) -> Any:
    return np.array(run.curves[name].measured)


def test_each_filter_is_kept_alone_so_that_their_difference_says_nothing() -> None:
    """In training the published difference moves as far as either of its terms, which is as far as any two
    numbers of a network with BatchNorm would: by rate^2 times squared gradients, and little by eps."""
    run = resnet(True)
    one, two = (moved(run, name).sum(1) for name in (CONV1, CONV2))
    assert moved(run, PUBLISHED) == pytest.approx(one - two)
    assert (np.abs(moved(run, PUBLISHED)) > 0.1 * np.maximum(one, two)).all()
    assert (one > 0).all()
    assert (two > 0).all()
    for name in (CONV1, CONV2):
        assert 1e-8 < run.curves[name].error < 1e-2


def test_what_is_kept_exactly_is_predicted_exactly() -> None:
    for run, names in ((resnet(True), [CHANNELS]), (transformer(), [HEAD, QUERIES, VALUES, NEURONS])):
        for name in names:
            changes, known = (np.array(x) for x in (run.curves[name].measured, run.curves[name].predicted))
            assert np.abs(changes - known).max() < 1e-14, name
            assert np.abs(changes).max() > 1e-13, name
        assert run.curves[names[-1]].error < 1e-4
        assert "broken" not in run.verdicts
        assert run.verdicts["drifts as predicted"] > 5


def test_the_published_head_is_one_of_all_heads() -> None:
    run = transformer()
    assert moved(run, HEAD) == pytest.approx(moved(run, QUERIES)[:, 0], abs=1e-15)


def test_the_drift_goes_with_the_square_of_the_rate() -> None:
    first, second = (moved(resnet(True, rate), CHANNELS)[0] for rate in (RATE, RATE / 4))
    assert first == pytest.approx(16 * second, rel=1e-6, abs=1e-14)


def test_in_evaluation_no_filter_is_kept_and_channels_are() -> None:
    """With the statistics of other batches."""
    run = resnet(False)
    for name in (PUBLISHED, CONV1, CONV2):
        assert run.curves[name].error > 0.5, name
    assert run.curves[CHANNELS].error < 1e-6
    assert "broken" not in run.verdicts
    assert "no rule" not in run.verdicts


def test_the_picture_has_every_curve() -> None:
    pytest.importorskip("matplotlib")
    from benchmarks.training_plot import picture, summary

    text = picture([resnet(True)], [transformer()])
    assert text == picture([resnet(True)], [transformer()])
    for name in (PUBLISHED, CONV1, CONV2, CHANNELS, QUERIES, VALUES, NEURONS):
        assert name.replace("'", "&apos;") in text or name in text
    assert [line[0] for line in summary([resnet(True)]).lines] == [PUBLISHED, CONV1, CONV2, CHANNELS]
