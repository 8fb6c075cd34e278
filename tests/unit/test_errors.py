"""Errors: one line, bounded, builtin-based, and able to cross process borders."""

from __future__ import annotations

import pickle

import pytest

from polylaw import errors
from polylaw.errors import InexactError, InputError, ParseError, PolylawError, UnknownNameError, shown

CHILDREN = [
    (errors.InputError, ValueError),
    (errors.ParseError, ValueError),
    (errors.NameConflictError, ValueError),
    (errors.UnknownNameError, LookupError),
    (errors.UnknownNameError, ValueError),
    (errors.InexactError, TypeError),
    (errors.BudgetError, RuntimeError),
    (errors.VerificationError, ArithmeticError),
]

SHOWN = [
    ("x", "'x'", "text is quoted"),
    ("a\nb\x00\u202e", r"'a\nb\x00\u202e'", "control and direction characters are escaped"),
    (3, "3", "other values by their repr"),
    (10**5000, "a very long int", "Python itself refuses to write this one"),
    ([10**5000], "a very long list", "and this one"),
]

HOSTILE = ["", "x" * 10**6, "\\" * 10**6, "\n\r\x00\x1b[31m" * 1000, "\u202e" * 500, "é'\"" * 500]


@pytest.mark.parametrize(("child", "builtin"), CHILDREN)
def test_every_error_is_also_the_builtin_one_expects(
    child: type[PolylawError], builtin: type[Exception]
) -> None:
    assert issubclass(child, PolylawError)
    assert issubclass(child, builtin)
    with pytest.raises(builtin):
        raise child("degree", -1, "an integer >= 0")


def test_all_errors_are_public() -> None:
    children = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, PolylawError)
    }
    assert len(children) > 8
    assert not any(name.startswith("_") for name in children)


@pytest.mark.parametrize(("value", "text", "reason"), SHOWN, ids=[reason for _, _, reason in SHOWN])
def test_shown(value: object, text: str, reason: str) -> None:
    assert shown(value) == text, reason


def test_shown_cuts_in_the_middle() -> None:
    text = shown("a" * 500 + "z")
    assert len(text) <= 80
    assert text.startswith("'aaa")
    assert text.endswith("aaz'")
    assert " ... " in text


def test_message_says_argument_value_expectation_and_next_step() -> None:
    error = InputError("degree", -1, "an integer >= 0", "leave it out for 2")
    assert str(error) == "degree: found -1, expected an integer >= 0; leave it out for 2"
    assert str(InputError("degree", -1, "an integer >= 0")) == "degree: found -1, expected an integer >= 0"


def test_within_keeps_the_class_and_names_the_place() -> None:
    error = UnknownNameError("name", "y", "a variable", "known: x").within("model.toml")
    assert type(error) is UnknownNameError
    assert str(error) == "model.toml: name: found 'y', expected a variable; known: x"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_messages_are_one_short_line_whatever_the_parts(text: str) -> None:
    message = str(ParseError(text, text, text, text))
    assert message.isprintable()
    assert len(message) < 400


def test_errors_pickle() -> None:
    error = pickle.loads(pickle.dumps(InexactError("rate", 0.5, "a rational", "write 1/2")))  # noqa: S301
    assert type(error) is InexactError
    assert error.found == 0.5
    assert str(error).endswith("write 1/2")
