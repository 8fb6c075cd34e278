"""Flows, polynomials and ansätze as the plain data of a certificate.

A polynomial is a list of terms ["c", v, e, v, e, ...]: a rational coefficient as text, then coordinates
(variables, clock, parameters; from 0, ascending) with their exponents.  A rational function is [numerator] or
[numerator, denominator].  What a flow is made of is written down as given (phi, metric, damping, right-hand
sides), never its fields: those the checker computes itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.rationals import rational, rational_text
from polylaw.algebra.ring import Exponential, Ring, RootOfTime
from polylaw.budget import Budget
from polylaw.flows.damping import Damping
from polylaw.flows.distribution import Step
from polylaw.flows.flow import Flow
from polylaw.flows.shaped import ShapedFlow
from polylaw.laws.ansatz import Ansatz

#: A certificate, or a part of it.
Data = Mapping[str, Any]


def encoded(h: Polynomial) -> list[list[Any]]:
    """The terms of a polynomial in canonical order."""
    return [[rational_text(c), *(n for pair in m for n in pair)] for m, c in h.sorted_terms()]


def decoded(ring: Ring, terms: Sequence[Sequence[Any]]) -> Polynomial:
    """The polynomial with these terms, in a ring whose generators are the coordinates."""
    pairs = {tuple(zip(t[1::2], t[2::2], strict=True)): rational(t[0], "coefficient") for t in terms}
    return Polynomial(ring, pairs)


def described(
    flow: Flow | ShapedFlow, command: str, steps: Iterable[Step] = (), **more: Any
) -> dict[str, Any]:
    """The entry `model` of a certificate: what readers are told; no claim rests on it.  The kind of a step is
    how it changed the fields, or `note`."""
    kinds = ((step.change.name.lower() if step.change else "note", step) for step in steps)
    return {
        "title": flow.model.name if isinstance(flow, ShapedFlow) else flow.title,
        "flow": flow.name,
        "ansatz": "",
        "arrays": [{"name": n, "shape": list(shape)} for n, shape in getattr(flow, "arrays", {}).items()],
        "matrices": [],
        "steps": [{"kind": kind, "text": str(step)} for kind, step in kinds],
        "source": getattr(getattr(flow, "model", None), "source", ""),
        "command": command,
        **more,
    }


def encoded_ring(ring: Ring) -> dict[str, Any]:
    """The entries `variables`, `parameters` and `clock` of a certificate."""
    clock: dict[str, Any] | None = None
    if isinstance(ring.clock, Exponential):
        clock = {"rate": encoded(ring.clock.rate.into(ring))}
    elif isinstance(ring.clock, RootOfTime):
        clock = {"root": ring.clock.root}
    return {"variables": list(ring.variables), "parameters": list(ring.parameters), "clock": clock}


def encoded_damping(damping: Damping, ring: Ring) -> dict[str, Any]:
    """The damping c/t, or a constant."""
    if damping.over_time:
        return {"over_time": rational_text(damping.rate)}
    return {"damping": encoded(damping.constant.into(ring))}


def encoded_monomials(ansatz: Ansatz, ring: Ring, budget: Budget) -> dict[str, Any]:
    """The monomials of an ansatz: by degree where that says all, else as a list."""
    if ansatz.monomials is None and not ansatz.weights:
        chosen = None if ansatz.variables is None else sorted(ring.index(v) for v in ansatz.variables)
        degrees = {"least": ansatz.degrees.start, "degree": ansatz.degrees.stop - 1}
        return {**degrees, "clock": ansatz.clock or 0, "variables": chosen}
    table = ansatz.table(ring, budget)
    return {"monomials": [[n for pair in table.monomial(i) for n in pair] for i in range(len(table))]}
