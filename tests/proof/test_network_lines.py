"""Each line of the checker that networks rest on, and that what it refuses is false."""

from __future__ import annotations

import pytest

from polylaw.proof import checker
from tests.proof.certificates import signed
from tests.proof.network_lines import ACCEPTED, NO_CERTIFICATES, REFUSED
from tests.proof.network_oracle import is_kept


@pytest.mark.parametrize("name", ACCEPTED)
def test_it_is_accepted_and_true(name: str) -> None:
    data = ACCEPTED[name]
    [claim] = data["claims"]
    assert list(checker.check(signed(data)))
    assert is_kept(data, 0, without_eps=claim.get("without_eps", False))


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_false(name: str) -> None:
    data, reason = REFUSED[name]
    with pytest.raises(checker.Fails) as refusal:
        list(checker.check(signed(data)))
    assert reason in str(refusal.value)
    assert not is_kept(data, 0)


@pytest.mark.parametrize("name", NO_CERTIFICATES)
def test_it_is_no_certificate(name: str) -> None:
    data, reason = NO_CERTIFICATES[name]
    with pytest.raises(checker.Refused) as refusal:
        list(checker.check(signed(data)))
    assert reason in str(refusal.value)
    assert refusal.value.code == 2
