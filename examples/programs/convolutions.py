"""Convolutions over one axis: `polylaw count examples.programs.convolutions:batch_norm`."""

from __future__ import annotations

from fractions import Fraction

from examples.programs.parts import Function
from polylaw.models import Model
from polylaw.programs import Array, concatenate, einsum, layer_norm, program, relu
from polylaw.programs.program import Weights


def convolved(x: Array, kernel: Array) -> Array:
    """x has the axes (item, channel, place), a kernel (channel, channel before, place)."""
    size = x.shape[2] - kernel.shape[2] + 1
    windows = [x[:, :, k : k + size].reshape(*x.shape[:2], 1, size) for k in range(kernel.shape[2])]
    return einsum("nakt,cak->nct", concatenate(windows, 2), kernel)


def over_batch(x: Array, gain: Array, shift: Array, eps: Fraction | int) -> Array:
    """Each channel normalised over items and places."""
    items, channels, places = x.shape
    rows = layer_norm(x.transpose(1, 0, 2).reshape(channels, items * places), eps=eps)
    y = rows.reshape(channels, items, places).transpose(1, 0, 2)
    return y * gain.reshape(1, channels, 1) + shift.reshape(1, channels, 1)


def batch_norm(
    channels: int = 2, items: int = 3, places: int = 3, eps: Fraction | int = 0, act: Function = relu
) -> Model:
    """A convolution with a bias, BatchNorm, and a convolution; a batch is one data point."""

    def function(w: Weights, x: Array) -> Array:
        y = over_batch(convolved(x, w.W) + w.b.reshape(1, channels, 1), w.g, w.s, eps)
        return convolved(act(y), w.V)

    shapes = {"W": (channels, 1, 2), **dict.fromkeys("bgs", (channels,)), "V": (1, channels, 2)}
    return program(function, shapes, [(items, 1, places)], name="convolutions and BatchNorm")
