"""Derivatives of a program by its parameters, as further steps of the same tape (reverse mode)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from polylaw.programs.tape import Kind, Labels, Step, Tape


def gradient(tape: Tape, seeds: Mapping[int, int]) -> dict[int, int]:
    """For each parameter the step that is the derivative of the sum over outputs of output times seed;
    `seeds` has the seed of each output, which is data."""
    last = len(tape.steps)
    adjoints: dict[int, list[int]] = {x: [seed] for x, seed in seeds.items()}
    found: dict[int, int] = {}
    for x in reversed(range(last)):
        if x not in adjoints or not tape.trained[x]:
            continue
        total, step = tape.add_up(adjoints.pop(x)), tape.steps[x]
        if step.kind is Kind.PARAMETER:
            found[x] = total
            continue
        for source, part in _parts(tape, x, step, total):
            if tape.trained[source]:
                adjoints.setdefault(source, []).append(part)
    return found


def _parts(tape: Tape, x: int, step: Step, g: int) -> list[tuple[int, int]]:
    """What each source gets of the derivative g by a step."""
    if step.kind is Kind.SUM:
        return [(s, tape.add_up([g], [c])) for s, c in zip(step.sources, step.numbers, strict=True)]
    if step.kind is Kind.TAKE:
        return _given_back(tape, step, g)
    if step.kind is Kind.CONTRACT:
        return _contracted(tape, step, g)
    if step.kind is Kind.RECTIFY:
        return [(step.sources[1], tape.add(replace(step, sources=(step.sources[0], g))))]
    return [(step.sources[0], tape.multiply(g, _slope(tape, x, step)))]


def _slope(tape: Tape, x: int, step: Step) -> int:
    """The derivative of a function of one entry."""
    if step.kind is Kind.INVERSE:
        return tape.add_up([tape.multiply(x, x)], [-1])
    if step.kind is Kind.ROOT:
        return tape.add_up([tape.inverse(x)], [Fraction(1, 2)])
    if step.kind is Kind.EXP:
        return x
    if step.kind is Kind.LOG:
        return tape.inverse(step.sources[0])
    assert step.kind is Kind.ERF
    return step.sources[1]


def _given_back(tape: Tape, step: Step, g: int) -> list[tuple[int, int]]:
    """Entries that are taken several times get the sum."""
    found, start = [], 0
    taken = np.array(step.taken, dtype=np.int64)
    zero = tape.number(Fraction(0), (1,))
    for source in step.sources:
        size, shape = tape.steps[source].size, tape.shape(source)
        here = np.flatnonzero((taken >= start) & (taken < start + size))
        places: list[list[int]] = [[] for _ in range(size)]
        for k in here.tolist():
            places[int(taken[k]) - start].append(k)
        most = max(map(len, places), default=0)
        table = np.array([p + [step.size] * (most - len(p)) for p in places]).reshape(*shape, most)
        rows = tape.take([g, zero], table)
        axes = tuple(range(len(shape)))
        found.append(
            (source, tape.contract([rows], [(*axes, len(shape))], axes))
            if most != 1
            else (source, tape.reshape(rows, shape))
        )
        start += size
    return found


def _contracted(tape: Tape, step: Step, g: int) -> list[tuple[int, int]]:
    """The product of g with the other factor, and copies along what only this one is summed over."""
    *names, result = step.labels
    found = []
    for k, (source, own) in enumerate(zip(step.sources, names, strict=True)):
        others = [(s, n) for j, (s, n) in enumerate(zip(step.sources, names, strict=True)) if j != k]
        sources, labels = [g, *(s for s, _ in others)], [result, *(n for _, n in others)]
        reached: Labels = tuple(label for label in own if any(label in n for n in labels))
        part = tape.contract(sources, labels, reached)
        found.append((source, tape.expand(part, reached, own, tape.shape(source))))
    return found
