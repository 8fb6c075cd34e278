"""Names of version 0.1 still work, and say what is called now."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

import polylaw as pl


@pytest.mark.parametrize(("name", "home"), [(name, home) for name, (home, _) in pl._OLD.items()])
def test_an_old_name_warns(name: str, home: str) -> None:
    with pytest.warns(DeprecationWarning, match=rf"polylaw\.{name} is now polylaw\.") as seen:
        assert getattr(pl, name) is getattr(import_module(home), name)
    assert [warning.filename for warning in seen] == [__file__]
    assert name not in dir(pl)


def test_old_names_give_what_the_new_ones_give() -> None:
    flow, shaped = (
        pl.PolynomialODE({"x": "-y", "y": "x"}),
        pl.ShapedFlow.gradient(pl.shaped_of_spec("linear:*")),
    )
    word = "U1' U1 - U2 U2'"
    pairs: list[tuple[str, tuple[Any, ...], Any]] = [
        ("find_laws_with", (flow, ["atan(y/x)"], 1), pl.find_laws(flow, 1, augment=["atan(y/x)"])),
        ("find_laws_on", (flow, ["x^2 + y^2 = 1"], 2), pl.find_laws(flow, 2, on=["x^2 + y^2 = 1"])),
        ("find_darboux", (flow, 2), pl.find_laws(flow, 2, kind="darboux")),
        ("find_words", (shaped,), pl.find_laws(shaped)),
        ("check_words", (shaped, word), pl.check_law(shaped, word)),
        ("certify_words", (shaped, [word]), pl.certify([word], flow=shaped)),
    ]
    assert {name for name, *_ in pairs} == set(pl._OLD)
    for name, arguments, now in pairs:
        with pytest.warns(DeprecationWarning, match=name):
            assert getattr(pl, name)(*arguments) == now, name


def test_a_test_that_uses_one_fails() -> None:
    with pytest.raises(DeprecationWarning):
        callable(pl.find_words)
