"""Certificates: laws with their proofs, as JSON that `polylaw/proof/checker.py` verifies with no code of this
package.

`certify` claims only what was proved, and lets the checker verify what it wrote before anybody sees it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from polylaw.budget import Budget
from polylaw.errors import BudgetError, InputError, PolylawError, VerificationError
from polylaw.files import Output
from polylaw.proof import checker
from polylaw.proof.reading import certified, steps_within
from polylaw.version import __version__


@dataclass(frozen=True)
class Certificate:
    """A certificate as plain data, in the format of `certificate.schema.json`."""

    data: dict[str, Any]

    @staticmethod
    def signed(data: dict[str, Any], seconds: float = inf) -> Certificate:
        """The certificate with these data, what every one of this version begins with, and their sha256,
        verified as in `verify`."""
        engine = {"name": "polylaw", "version": __version__}
        data = {"format": "polylaw-certificate", "version": 2, "engine": engine, **data}
        certificate = Certificate({**data, "sha256": hashlib.sha256(checker.canonical(data)).hexdigest()})
        certificate.verify(seconds)
        return certificate

    @staticmethod
    def load(path: str | Path) -> Certificate:
        """A certificate from a file, verified by the standalone checker; `InputError` when it is refused."""
        return read_certificate(path)

    def __repr__(self) -> str:
        title, claims = self.data["model"]["title"], ", ".join(self.claims)
        return f"<Certificate: {title}, {claims}, sha256 {self.sha256[:12]}>"

    @property
    def claims(self) -> tuple[str, ...]:
        """The types of its claims, in order."""
        return tuple(claim["type"] for claim in self.data["claims"])

    @property
    def sha256(self) -> str:
        """The hash of its canonical dump."""
        return str(self.data["sha256"])

    def text(self) -> str:
        """The file's contents: one line, keys sorted, the same bytes for the same result."""
        return json.dumps(self.data, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n"

    def verify(self, seconds: float = inf) -> list[str]:
        """What the standalone checker says of each claim; `VerificationError` when it refuses one,
        `BudgetError` beyond a bound of the checker, or of its steps in so many seconds."""
        try:
            return list(checker.check(self.data, steps_within(seconds)))
        except checker.TooLarge as error:
            more = "raise --max-seconds or " if isinstance(error, checker.Stopped) else ""
            expected = "what the checker has room for"
            raise BudgetError("certificate", str(error), expected, f"{more}lower the degree") from None
        except checker.Refused as error:
            raise VerificationError("certificate", str(error), "claims that hold") from None

    def save(self, path: str | Path) -> None:
        """Write the certificate, whole or not at all (`polylaw.files`)."""
        if not isinstance(path, (str, Path)):
            raise InputError("path", path, "a path", "for example 'cert.json'")
        Output.of(path).write(self.text())


def read_certificate(path: str | Path, budget: Budget | None = None) -> Certificate:
    """A certificate from a file, verified by the standalone checker.

    Raises `RefusedError` when a claim does not hold; `InputError` for a file that is none, when what the
    certificate tells readers about its model, which no claim rests on, is not as the schema says, and when it
    cannot be told at all; `BudgetError` when it is beyond a bound of the checker.
    """
    try:
        data = checker.load(str(path))
        certified(data, budget)
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise InputError(str(path), found, "a file that can be read", "check the path") from None
    except PolylawError as error:
        raise error.within(str(path)) from None
    except checker.TooLarge as error:
        raise BudgetError(str(path), str(error), "what the checker has room for") from None
    except (checker.Refused, ValueError, RecursionError) as error:
        found = str(error) if isinstance(error, checker.Refused) else "a file that is not JSON"
        raise InputError(str(path), found, "a certificate", "polylaw certify writes them") from None
    _check_model(path, data["model"])
    return Certificate(data)


def _check_model(path: str | Path, model: Any) -> None:
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    schema = json.loads(Path(checker.__file__).with_name("certificate.schema.json").read_text("utf-8"))
    for error in Draft202012Validator({"$ref": "#/$defs/model", "$defs": schema["$defs"]}).iter_errors(model):
        place = ".".join(["model", *map(str, error.absolute_path)])
        raise InputError(str(path), f"{place}: {error.message[:200]}", "what certificate.schema.json says")
