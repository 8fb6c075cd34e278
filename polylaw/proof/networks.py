"""The certificate of the laws of a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from polylaw.budget import Budget, given_budget
from polylaw.errors import BudgetError, InputError
from polylaw.networks.flat import Network
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws
from polylaw.networks.path import Path
from polylaw.proof import checker
from polylaw.proof.certificate import Certificate
from polylaw.proof.network_data import encoded_law, encoded_network
from polylaw.proof.network_paths import path
from polylaw.proof.reading import steps_within


def certify_network(
    laws: NetworkLaws, *, title: str = "network", command: str = "", budget: Budget | None = None
) -> Certificate:
    """The certificate of all laws of a network, verified by the standalone checker, which follows each motion
    of the parameters through the network rule by rule.  `command` is how to make it again.

    It says what gradients obey, so it has the laws of every training: rates and decays are not in it.  Laws
    that the checker's rules do not reach are left out, and named in the notes of the model.

    Raises `InputError` for a network without laws, or without one that the checker reaches, `BudgetError`
    when a bound is hit.
    """
    budget = given_budget(budget)
    if not laws.laws:
        hint = "what is not known of the network is said where its laws are shown"
        raise InputError("laws", "no law", "something to certify", hint)
    with budget.working():
        reached = list(zip(laws.laws, paths_of(laws, budget), strict=True))
        kept, left = [law for law, way in reached if way], [law for law, way in reached if not way]
        if not kept:
            raise InputError("laws", str(left[0]), "one that the rules of the checker reach")
        return Certificate.signed(_data(laws.network, kept, left, title, command), budget.left)


def paths_of(laws: NetworkLaws, budget: Budget) -> list[Path | None]:
    """For each law the proof by the checker's rules, if they show it.  Raises `BudgetError`."""
    if not laws.laws:
        return []
    data = _data(laws.network, laws.laws, (), "", "")
    state: Any = checker.reading(data, steps_within(budget.left))
    found: list[Path | None] = [None] * len(laws.laws)
    for i in sorted(range(len(found)), key=lambda i: (not laws.laws[i].is_frozen, not laws.laws[i].exact)):
        budget.check("following motions")
        try:
            found[i] = path(state, state.laws[i], exact=laws.laws[i].exact)
        except checker.TooLarge as error:
            raise BudgetError("certificate", str(error), "what the checker has room for") from None
        except checker.Fails:
            continue
    return found


def _data(
    network: Network, laws: Sequence[Law], left: Sequence[Law], title: str, command: str
) -> dict[str, Any]:
    exact = [law.exact for law in laws]
    claims: list[dict[str, Any]] = []
    if any(exact):
        claims.append({"type": "network", "laws": [i for i, kept in enumerate(exact) if kept]})
    if not all(exact):
        nearly = [i for i, kept in enumerate(exact) if not kept]
        claims.append({"type": "network", "laws": nearly, "without_eps": True})
    return {
        "model": {
            "title": title,
            "flow": "training",
            "ansatz": "symmetries",
            "arrays": [{"name": name, "shape": list(shape)} for name, shape in network.shapes.items()],
            "matrices": [],
            "steps": [],
            "source": "",
            "command": command,
            "notes": [f"left out, since the rules of the checker do not reach it: {law}" for law in left],
        },
        **{"variables": [], "parameters": [], "clock": None},
        "flow": encoded_network(network),
        "laws": [encoded_law(network, law) for law in laws],
        "claims": claims,
    }
