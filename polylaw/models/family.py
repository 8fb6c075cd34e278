"""The register of model families.

A family is a function from widths and options.  The decorator `shaped_family` registers one that returns a
`Description`, from which both its concrete and its shaped models come, and `family` one that can only build a
`Model`.  The signature of the function is the grammar of its specs (`polylaw.models.spec`), and its arguments
are checked against it: a `Width` is an integer >= 1, a `bool` true or false.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from polylaw.errors import InputError
from polylaw.models.description import Description
from polylaw.models.formulas import CountFormula
from polylaw.models.model import Model, width
from polylaw.models.options import flag

_P = ParamSpec("_P")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Family:
    """One entry of the zoo: how to build it, what the loss sees, which laws are known, and who showed it.

    `describe` takes the arguments of `build`; it is None where phi is not made of products of letters.
    `counts` are formulas for the number of laws, and `checked` specs at which tests compare them with proved
    counts.
    """

    name: str
    build: Callable[..., Model]
    arguments: str
    phi: str
    laws: str
    source: str
    counts: tuple[CountFormula, ...] = ()
    checked: tuple[str, ...] = ()
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

#: For some widths the least size, and why it is that.
Least = Mapping[str, tuple[int, str]]


def family(
    name: str, *, least: Least | None = None, **texts: Any
) -> Callable[[Callable[_P, Model]], Callable[_P, Model]]:
    """Register a builder as the model family `name`; `texts` are the fields of `Family`, and `least` has the
    widths that must be larger than 1, with the reason."""

    def register(build: Callable[_P, Model]) -> Callable[_P, Model]:
        FAMILIES[name] = Family(name, _checked(name, build, least), **texts)
        return FAMILIES[name].build

    return register


def shaped_family(
    name: str, *, least: Least | None = None, **texts: Any
) -> Callable[[Callable[_P, Description]], Callable[_P, Model]]:
    """Register a description as the family `name`; the function becomes the builder of concrete models."""

    def register(function: Callable[_P, Description]) -> Callable[_P, Model]:
        describe = _checked(name, function, least)

        @wraps(function)
        def build(*args: _P.args, **kwargs: _P.kwargs) -> Model:
            return describe(*args, **kwargs).model()

        build.__annotations__ = function.__annotations__ | {"return": "Model"}
        build.__dict__["__signature__"] = inspect.signature(function).replace(return_annotation="Model")
        FAMILIES[name] = Family(name, build, describe=describe, **texts)
        return build

    return register


def _checked(name: str, function: Callable[_P, _Made], least: Least | None) -> Callable[_P, _Made]:
    """The function with its arguments checked against its signature; errors name family and argument."""
    signature = inspect.signature(function)

    @wraps(function)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> _Made:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:  # Python says best what is missing
            return function(*args, **kwargs)
        bound.apply_defaults()
        for argument, value in bound.arguments.items():
            kind = signature.parameters[argument].annotation
            if kind == "bool":
                flag(value, f"{name} option {argument}")
            elif kind == "Width":
                is_list = signature.parameters[argument].kind is inspect.Parameter.VAR_POSITIONAL
                bounds = (least or {}).get(argument, ())
                bound.arguments[argument] = (
                    _widths(value, name) if is_list else width(value, f"{name} {argument}", *bounds)
                )
        return function(*bound.args, **bound.kwargs)

    return checked


def _widths(widths: Sequence[Any], name: str) -> tuple[int, ...]:
    """The widths of two or more layers or axes."""
    if len(widths) < 2:
        found, hint = ",".join(map(str, widths)) or "none", f"for example {name}:2,3,2"
        raise InputError(f"{name} widths", found, "at least 2 widths", hint)
    return tuple(width(w, f"{name} width {i}") for i, w in enumerate(widths, 1))


def example(entry: Family) -> str:
    """A spec of this family that works, from the words of `arguments` up to the first bracket."""
    _, mark, words = entry.arguments.rpartition(" e.g. ")
    return f"{entry.name}:{words}" if mark else entry.name
