"""From null spaces mod primes to candidates, and from hashes to groups: what an unlucky prime or hash
does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from polylaw.algebra.linear.blocks import ModularSolution
from polylaw.algebra.linear.lifting import Lift
from polylaw.errors import VerificationError
from polylaw.laws import verify

P, Q = 101, 103


def solution(prime: int, *vectors: dict[int, int]) -> ModularSolution:
    return ModularSolution(prime, vectors, 1, 1)


HALF = {0: pow(-2, -1, P), 1: 1}  # x_0 + 2 x_1 = 0 up to sign: (-1/2, 1)
HALF_Q = {0: pow(-2, -1, Q), 1: 1}


def test_primes_are_combined() -> None:
    lift = Lift()
    assert lift.add(solution(P, HALF))
    assert not lift.add(solution(Q, HALF_Q))
    assert (lift.prime, lift.modulus) == (P, P * Q)
    assert lift.vectors[0][0] % P == HALF[0]
    assert lift.vectors[0][0] % Q == HALF_Q[0]
    assert lift.rational(0) == {0: -1, 1: 2}


@pytest.mark.parametrize(
    "worse", [({0: 1}, {1: 1}), ({0: 1},)], ids=["more vectors", "a vector that leads further left"]
)
def test_a_prime_that_says_more_than_the_truth_is_dropped(worse: tuple[dict[int, int], ...]) -> None:
    """Mod a prime that divides a minor the null space is larger, or its vectors end earlier: whenever it
    comes, it plays no part."""
    lift = Lift()
    assert lift.add(solution(P, *worse))
    assert lift.add(solution(Q, HALF_Q))
    assert (lift.prime, lift.modulus, lift.vectors) == (Q, Q, [HALF_Q])
    assert not lift.add(solution(P, *worse))
    assert (lift.prime, lift.modulus, lift.vectors) == (Q, Q, [HALF_Q])


ROWS = np.array([[0, 1], [2, 3], [0, 1], [1, 1], [2, 3]])


class _Constant:
    """A source of random numbers that are all the same."""

    def integers(self, low: int, high: int, size: int, dtype: Any) -> Any:
        return np.zeros(size, dtype=dtype)


def _grouped() -> list[list[tuple[int, ...]]]:
    order, starts = verify._groups(ROWS)
    return sorted([tuple(row) for row in part.tolist()] for part in np.split(ROWS[order], starts[1:]))


def test_equal_rows_are_grouped() -> None:
    assert _grouped() == [[(0, 1), (0, 1)], [(1, 1)], [(2, 3), (2, 3)]]


@pytest.mark.parametrize("collisions", [0, 1, 2, 3])
def test_rows_with_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch, collisions: int) -> None:
    """Hashes that collide are noticed, and others taken; when all do, that is said."""
    real, seeds = np.random.default_rng, sorted(verify._SALTS)[:collisions]
    monkeypatch.setattr(
        verify.np.random, "default_rng", lambda seed: _Constant() if seed[0] in seeds else real(seed)
    )
    if collisions == 3:
        with pytest.raises(VerificationError, match="collisions with three seeds"):
            verify._groups(ROWS)
    else:
        assert _grouped() == [[(0, 1), (0, 1)], [(1, 1)], [(2, 3), (2, 3)]]


def test_of_two_primes_the_one_whose_last_vector_ends_later_is_truer() -> None:
    """However early the others end."""
    truer, worse = ({0: 1}, {3: 1}), ({1: 1}, {2: 1})
    lift = Lift()
    assert lift.add(solution(P, *worse))
    assert lift.add(solution(Q, *truer))
    assert not lift.add(solution(P, *worse))
    assert (lift.prime, lift.lead) == (Q, (0, 3))
