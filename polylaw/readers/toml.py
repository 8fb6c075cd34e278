"""TOML text as values: every number is exact, and what cannot be read is explained."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

from polylaw.algebra.rationals import decimal
from polylaw.errors import InputError

_MOST_BYTES = 5_000_000
#: A dotted key of more parts than this: no model has one, and reading it takes quadratic time.
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{16}}")


def data_of_file(path: str | Path) -> dict[str, Any]:
    """The tables of a TOML file; `InputError` if it is too large, unreadable or no TOML."""
    place = str(path)
    text = _text_of_file(path)
    if match := _LONG_KEY.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise InputError(f"{place}: line {line}", match.group(), "keys of at most 16 dotted parts")
    try:
        return tomllib.loads(text, parse_float=lambda number: _decimal(number, place))
    except InputError:
        raise
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(place, text, str(error)) from None
    except (RecursionError, ValueError):
        found = "values nested too deeply or numbers with too many digits"
        raise InputError(place, found, "a plain TOML file") from None


def _text_of_file(path: str | Path) -> str:
    place = str(path)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise InputError(place, found, "a readable TOML file", "check the path") from None
    except ValueError as error:  # a path with a null character or half of a surrogate pair
        raise InputError(place, str(error), "a path", "check the path") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(place, f"more than {_MOST_BYTES} bytes", "a smaller model file")
    try:
        return raw.decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        found = f"byte {raw[error.start]:#04x} at offset {error.start}"
        raise InputError(place, found, "UTF-8 text", "is this a TOML file?") from None


def _decimal(text: str, place: str) -> Fraction:
    """A TOML float as the rational number that is written."""
    if not text[-1].isdigit():
        raise InputError(place, text, "a finite number")
    return Fraction(decimal(text.replace("_", ""), place))


def _no_toml(place: str, text: str, reason: str) -> InputError:
    """The line that is no TOML, and what to do about it."""
    match = re.search(r" \(at line (\d+), column \d+\)", reason)
    number = int(match.group(1)) if match else text.count("\n") + 1
    line = [*text.split("\n"), ""][number - 1].strip()
    advice = "see https://toml.io for the syntax"
    if re.fullmatch(r"[\w.-]+\s*=\s*(\[\s*)?[-+(\w][^\"'#]*", line):
        key, _, value = (part.strip() for part in line.partition("="))
        words = ", ".join(f'"{word.strip()}"' for word in value.strip("[] ").split(","))
        advice = f"put text in quotes: {key} = {f'[{words}]' if value.startswith('[') else words}"
    elif line.startswith("[") and not line.endswith("]"):
        advice = "close the bracket"
    elif line.count('"') % 2:
        advice = "close the quotes"
    elif "overwrite" in reason:
        advice = "each key once"
    expected = f"valid TOML ({reason.partition(' (at')[0]})"
    return InputError(f"{place}: line {number}", line or "the end of the file", expected, advice)
