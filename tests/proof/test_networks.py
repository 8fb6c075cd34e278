"""Certificates of networks: written, checked alone, told, and never true of another network by mistake."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import BudgetError, InputError
from polylaw.networks.graph import Graph
from polylaw.networks.laws import laws_of
from polylaw.proof import checker
from polylaw.proof.certificate import Certificate
from polylaw.proof.coq import coq_source
from polylaw.proof.networks import certify_network
from polylaw.proof.reading import certified
from polylaw.proof.telling import system_lines, told_lines
from tests.proof.certificates import SCHEMA, accepted, alone, signed
from tests.proof.network_cases import NETWORKS, gpt, linear
from tests.proof.network_mutants import mutants
from tests.proof.network_oracle import is_kept

MUTANTS = 25


@cache
def certificate(name: str) -> Certificate:
    return certify_network(laws_of(NETWORKS[name]()))


def claims_are_true(data: dict[str, Any]) -> bool:
    claims = ((i, claim.get("without_eps", False)) for claim in data["claims"] for i in claim["laws"])
    return all(is_kept(data, i, without_eps=without) for i, without in claims)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_certificate_is_as_the_schema_says_and_true(name: str) -> None:
    data = certificate(name).data
    SCHEMA.validate(data)
    assert accepted(data)
    assert claims_are_true(data)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_laws_that_are_read_are_those_that_were_written(name: str) -> None:
    found = laws_of(NETWORKS[name]())
    told = [statement.law for statement in certified(certificate(name).data).of_network]
    laws = [law for law in found.laws if not law.skew]
    assert sorted(str(law) for law in told if not law.skew) == sorted(map(str, laws))
    assert {str(law): law.exact for law in told if not law.skew} == {str(law): law.exact for law in laws}
    assert sum(law.skew for law in told) == len(found.laws) - len(laws)


def test_statements_of_a_block() -> None:
    told = certified(certificate("block").data)
    assert [*system_lines(told), *told_lines(told)] == [
        "training of a network with 8 parameters of 183 entries, on any data",
        "27 operations: product 13, sum 12, length 1, opaque 1",
        "sums along an axis are given: opaque results 1",
        "any loss that sees the parameters only through the outputs",
        "conserved: qkv: W[0:6] W[0:6]' - W[6:12] W[6:12]' + b[0:6] b[0:6]' - b[6:12] b[6:12]'"
        "   (2 blocks, 3 x 3)",
        "conserved: qkv.W[12:18] qkv.W[12:18]' + qkv.b[12:18] qkv.b[12:18]' - out.W' out.W"
        "   (2 blocks, 3 x 3)",
        "conserved: norm.g[i]^2 + norm.b[i]^2 - |qkv.W[0:6, i]|^2 - |qkv.W[6:12, i]|^2 - |qkv.W[12:18, i]|^2"
        "   (i < 5)",
        "never moves: qkv: b[i + 6]   (i < 6)",
        "conserved: head: sum(W[:, i])   (i < 5)",
        "conserved, where every eps is 0: |in.W|^2 + |out.b|^2 - |head.W|^2 + |out.W|^2",
    ]


def test_a_skew_matrix_is_of_momentum() -> None:
    """-M' is M then, so there are no signs: a velocity stands for the first factor throughout."""
    first, *_ = told_lines(certified(certificate("rms without gain").data))
    start = "conserved with momentum, the first factors being velocities, less the transpose: "
    assert first.startswith(f"{start}in.W in.W' + up0.W' up0.W + ")


def test_names_that_mislead_are_told_apart() -> None:
    graph = Graph()
    x = linear(graph, graph.fixed((5, 2)), "one] + |two", 3)
    hidden = graph.power(graph.add([x, graph.parameter("a.W", (3,))]), 1)
    graph.output(linear(graph, hidden, "a", 2))
    told = certified(certify_network(laws_of(graph)).data)
    assert system_lines(told)[-3:] == [
        "#1 stands for the name 'one] + |two.weight'",
        "#2 stands for the name 'a.W'",
        "#3 stands for the name 'a.weight'",
    ]
    assert told_lines(told) == ["conserved: |#1[i]|^2 + #2[i]^2 - |#3[:, i]|^2   (i < 3)"]


def test_the_checker_alone_accepts(tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    certificate("block").save(path)
    run = alone(path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[1:] == [
        "  ok       network: 5 families of laws, whatever the loss",
        "  ok       network: 1 families of laws, whatever the loss, if every eps is 0",
    ]
    told = Certificate.load(path)
    assert told.data == certificate("block").data


def test_what_holds_without_eps_is_not_claimed_with_it() -> None:
    data = json.loads(certificate("block").text())
    [exact, nearly] = data["claims"]
    del nearly["without_eps"]
    assert not accepted(data)
    assert not is_kept(data, nearly["laws"][0])
    data["claims"] = [exact]
    assert accepted(data)


def test_a_law_of_another_network_is_refused() -> None:
    """That of a ReLU in place of a GELU, and that of a tied embedding where it is not tied."""
    relu, other = (json.loads(certificate(name).text()) for name in ("relu", "gelu"))
    law = relu["laws"][0]
    places = [k for k, a in enumerate(other["flow"]["arrays"]) if "parameter" in a]
    law["pieces"] = [["1", places[0], [0]], ["-1", places[1], [1]]]
    assert not accepted({**other, "laws": [law], "claims": [{"type": "network", "laws": [0]}]})
    tied = json.loads(certificate("tied").text())
    arrays, parameters = tied["flow"]["arrays"], tied["flow"]["parameters"]
    assert accepted(tied)
    twin = next(k for k, a in enumerate(arrays) if a.get("parameter") == 0)
    arrays.insert(0, arrays[twin] | {"parameter": len(parameters)})
    parameters.append(["twin", parameters[0][1]])
    for array in arrays:
        array["terms"] = [[[k + 1, *legs] for k, *legs in term] for term in array.get("terms", ())]
    for array in (a for a in arrays if not a["terms"]):
        del array["terms"]
    tied["flow"]["outputs"] = [k + 1 for k in tied["flow"]["outputs"]]
    for law in tied["laws"]:
        law["pieces"] = [[c, k + 1, axes] for c, k, axes in law["pieces"]]
    assert accepted(tied)
    reader = next(term for term in arrays[-1]["terms"] for used in term if used[0] == twin + 1)
    next(used for used in reader if used[0] == twin + 1)[0] = 0
    assert not accepted(tied)


def test_three_layers_take_few_steps() -> None:
    data = certify_network(laws_of(gpt(3))).data
    assert len(list(checker.check(data, 400_000))) == 2


@pytest.mark.slow
def test_the_steps_grow_with_the_square_of_the_layers() -> None:
    data = certify_network(laws_of(gpt(12))).data
    assert len(list(checker.check(data, 3_000_000))) == 2


@pytest.mark.parametrize("name", NETWORKS)
def test_no_mutant_is_accepted_unless_it_is_true(name: str) -> None:
    _check_mutants(name, name, MUTANTS)


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("seed", range(3))
def test_no_mutant_of_many_is_accepted_unless_it_is_true(name: str, seed: int) -> None:
    _check_mutants(name, f"{name} {seed}", 500)


def _check_mutants(name: str, seed: str, count: int) -> None:
    seen: Counter[bool] = Counter()
    for (what, data), _ in zip(mutants(seed, certificate(name).data), range(count), strict=False):
        accepts = accepted(data)
        seen[accepts] += 1
        if accepts:
            assert claims_are_true(data), what
    assert seen[False] > count // 4
    assert seen[True] > count // 25


def test_laws_that_the_checker_does_not_reach_are_left_out_and_named() -> None:
    found = laws_of(NETWORKS["relu"]())
    first, *others = found.laws
    false = replace(first, pieces=first.pieces[:1])
    made = certify_network(replace(found, laws=(false, *others)))
    [note] = made.data["model"]["notes"]
    assert note == f"left out, since the rules of the checker do not reach it: {false}"
    assert len(told_lines(certified(made.data))) == len(others)
    with pytest.raises(InputError, match="one that the rules of the checker reach"):
        certify_network(replace(found, laws=(false,)))


def test_laws_of_another_network_are_no_claims() -> None:
    found, other = (laws_of(NETWORKS[name]()) for name in ("relu", "tied"))
    with pytest.raises(InputError, match="a law of this network"):
        certify_network(replace(other, laws=found.laws))


def test_there_is_nothing_to_certify_without_laws() -> None:
    graph = Graph()
    graph.output(graph.parameter("w", (3,)))
    with pytest.raises(InputError, match="something to certify"):
        pl.certify(laws_of(graph))


def test_coq_is_withheld() -> None:
    with pytest.raises(BudgetError, match="proofs/coq has no tensor operations"):
        coq_source(certificate("relu").data)


def test_a_module_is_certified_by_its_own_names() -> None:
    torch = pytest.importorskip("torch")
    from polylaw.torch import laws

    layers = (torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.LayerNorm(4), torch.nn.Linear(4, 2))
    found = pl.certify(laws(torch.nn.Sequential(*layers), (torch.zeros(5, 3),), "cross-entropy"))
    told = told_lines(certified(found.data))
    assert "conserved: 2.g[i]^2 + 2.b[i]^2 - |3.W[:, i]|^2   (i < 4)" in told
    assert signed(found.data) == found.data
