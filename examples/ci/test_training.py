import pytest
import training
import training_broken

import polylaw as pl

LAWS = pl.find_laws(pl.GradientFlow(pl.models.linear(3, 2, 2)))


def test_every_step_moves_the_laws_as_theory_says(law_checker):
    weights, inputs, targets = training.start()
    for _ in range(5):
        law_checker.step(lambda w: training.step(w, inputs, targets), weights, LAWS)
        weights = training.step(weights, inputs, targets)


def test_a_mistake_is_caught(law_checker):
    weights, inputs, targets = training.start()
    with pytest.raises(AssertionError, match="broken"):
        law_checker.step(lambda w: training_broken.step(w, inputs, targets), weights, LAWS)
