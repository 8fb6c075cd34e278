"""The certificate of the laws of a network."""

from __future__ import annotations

from typing import Any

from polylaw.budget import Budget, given_budget
from polylaw.errors import InputError
from polylaw.networks.laws import NetworkLaws
from polylaw.proof.certificate import Certificate
from polylaw.proof.network_data import encoded_law, encoded_network


def certify_network(
    laws: NetworkLaws, *, title: str = "network", command: str = "", budget: Budget | None = None
) -> Certificate:
    """The certificate of all laws of a network, verified by the standalone checker, which follows each motion
    of the parameters through the network rule by rule.  `command` is how to make it again.

    It says what gradients obey, so it has the laws of every training: rates and decays are not in it.

    Raises `InputError` for a network without laws, `BudgetError` when a bound is hit.
    """
    budget = given_budget(budget)
    if not laws.laws:
        hint = "what is not known of the network is said where its laws are shown"
        raise InputError("laws", "no law", "something to certify", hint)
    with budget.working():
        return Certificate.signed(_data(laws, title, command), budget.left)


def _data(laws: NetworkLaws, title: str, command: str) -> dict[str, Any]:
    network, exact = laws.network, [law.exact for law in laws.laws]
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
        },
        **{"variables": [], "parameters": [], "clock": None},
        "flow": encoded_network(network),
        "laws": [encoded_law(network, law) for law in laws.laws],
        "claims": claims,
    }
