"""Training of x -> x U1 U2 by gradient descent on the mean squared error."""

import numpy as np


def step(weights, inputs, targets, rate=0.05):
    """The weights after one step; the old ones are left as they are."""
    error = (inputs @ weights["U1"] @ weights["U2"] - targets) / len(inputs)
    return {
        "U1": weights["U1"] - rate * inputs.T @ error @ weights["U2"].T,
        "U2": weights["U2"] - rate * weights["U1"].T @ inputs.T @ error,
    }


def start(seed=0):
    """Random weights, inputs and targets."""
    draw = np.random.default_rng(seed)
    return (
        {"U1": draw.normal(size=(3, 2)), "U2": draw.normal(size=(2, 2))},
        draw.normal(size=(8, 3)),
        draw.normal(size=(8, 2)),
    )
