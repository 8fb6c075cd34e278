"""The register of model families.

A family is a function from widths and options.  The decorator `shaped_family` registers one that returns a
`Description`, from which both its concrete and its shaped models come, and `family` one that can only build a
`Model`.  The signature of the function is the grammar of its specs (`polylaw.models.spec`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from polylaw.models.description import Description
from polylaw.models.model import Model

_P = ParamSpec("_P")


@dataclass(frozen=True)
class Family:
    """One entry of the zoo: how to build it, what the loss sees, which laws are known, and who showed it.

    `describe` takes the arguments of `build`; it is None where phi is not made of products of letters.
    """

    name: str
    build: Callable[..., Model]
    arguments: str
    phi: str
    laws: str
    source: str
    describe: Callable[..., Description] | None = None

    @property
    def signature(self) -> inspect.Signature:
        """The builder's signature; its annotations are text."""
        return inspect.signature(self.build)

    @property
    def takes_text(self) -> bool:
        """Whether a spec's arguments are one text: the builder has one positional-only `str` and no more."""
        parameters = self.signature.parameters.values()
        return [(p.kind, p.annotation) for p in parameters] == [(inspect.Parameter.POSITIONAL_ONLY, "str")]


FAMILIES: dict[str, Family] = {}


def family(
    name: str, *, arguments: str, phi: str, laws: str, source: str
) -> Callable[[Callable[_P, Model]], Callable[_P, Model]]:
    """Register a builder as the model family `name`."""

    def register(build: Callable[_P, Model]) -> Callable[_P, Model]:
        FAMILIES[name] = Family(name, build, arguments, phi, laws, source)
        return build

    return register


def shaped_family(
    name: str, *, arguments: str, phi: str, laws: str, source: str
) -> Callable[[Callable[_P, Description]], Callable[_P, Model]]:
    """Register a description as the family `name`; the function becomes the builder of concrete models."""

    def register(describe: Callable[_P, Description]) -> Callable[_P, Model]:
        @wraps(describe)
        def build(*args: _P.args, **kwargs: _P.kwargs) -> Model:
            return describe(*args, **kwargs).model()

        build.__annotations__ = describe.__annotations__ | {"return": "Model"}
        build.__dict__["__signature__"] = inspect.signature(describe).replace(return_annotation="Model")
        FAMILIES[name] = Family(name, build, arguments, phi, laws, source, describe)
        return build

    return register


def example(entry: Family) -> str:
    """A spec of this family that works, from the words of `arguments` up to the first bracket."""
    return (
        f"{entry.name}:{entry.arguments.split(' e.g. ')[-1]}" if " e.g. " in entry.arguments else entry.name
    )
