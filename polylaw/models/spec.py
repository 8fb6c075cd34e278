"""Specs: `linear:2,3,2`, `relu:3,4,2?bias=true`, `attention:d1=*,dim=*,heads=8`, read once into a value.

    spec      = family [ ":" arguments ] [ "?" options ]
    arguments = argument { "," argument }          a width, an integer, or name=value
    options   = name [ "=" value ] { "&" name [ "=" value ] }

The value of an argument with a name goes on up to the next name.

The signature of a family is the grammar of its specs: its positional arguments, then keyword options;
annotations (`Width`, `int`, `bool`, `str`, and tuples of the first two) say how the text of each is read.  A
star stands for any width, and only where the signature says `Width`: what an integer means that is no width,
such as a degree or a depth, differs from one to the next.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeVar

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.ring import nearest
from polylaw.arguments import instance
from polylaw.errors import InputError, UnknownNameError
from polylaw.frozen import Frozen
from polylaw.lists import items
from polylaw.models.description import Description
from polylaw.models.family import FAMILIES, Family, example
from polylaw.models.model import Model

_Made = TypeVar("_Made")


class Star(Enum):
    """The one value that stands for any width."""

    STAR = "*"


STAR = Star.STAR

_LONGEST = 100_000
#: Other names of what some families are, with specs that work.
_ALIASES = {
    **dict.fromkeys(
        ("mlp", "fc", "dense", "feedforward", "nn"), "relu:2,3,2 or linear:2,3,2, by the widths of the layers"
    ),
    **dict.fromkeys(("cnn", "conv1d", "conv2d", "convolution"), "conv:2,2,2?taps=3"),
    **dict.fromkeys(("resnet", "skip"), "residual:2,3,2"),
    **dict.fromkeys(("transformer", "self-attention", "mha"), "attention:d1=2,dim=3"),
    **dict.fromkeys(("logistic", "classifier"), "softmax:2,3"),
}


@dataclass(frozen=True)
class Spec:
    """A family and its `arguments` by parameter, defaults filled in; widths are integers or `STAR`.

    `text` is how it was written, to be shown and never to be read again.
    """

    text: str = field(compare=False)
    family: Family
    arguments: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", Frozen(self.arguments))

    @staticmethod
    def parse(text: str) -> Spec:
        """The spec written in `text`.

        Raises `UnknownNameError` for an unknown family or option (naming the nearest), `InputError` for
        anything else that cannot be read.
        """
        if len(text) > _LONGEST:
            raise InputError("model", f"{len(text)} characters", f"a spec of at most {_LONGEST} characters")
        head, mark, query = text.partition("?")
        name, _, arguments = head.partition(":")
        if name not in FAMILIES:
            raise UnknownNameError("model", name, "a model family or a .toml file", _advice(name))
        entry = FAMILIES[name]
        if entry.takes_text:
            return Spec(text, entry, {_only_parameter(entry): text.partition(":")[2]})
        return Spec(text, entry, _Reader(entry).arguments(arguments, query if mark else None))

    @property
    def has_stars(self) -> bool:
        """Whether some width is left open."""
        return any(
            value is STAR or (isinstance(value, tuple) and STAR in value) for value in self.arguments.values()
        )

    @property
    def options(self) -> Mapping[str, Any]:
        """The arguments that are not the default of the family."""
        parameters = self.family.signature.parameters
        return {name: value for name, value in self.arguments.items() if value != parameters[name].default}

    def at(self, size: int) -> Mapping[str, Any]:
        """The arguments with this size at every star."""

        def sized(value: Any) -> Any:
            return tuple(map(sized, value)) if isinstance(value, tuple) else size if value is STAR else value

        return {name: sized(value) for name, value in self.arguments.items()}

    def model(self, check: Check = unchecked) -> Model:
        """The concrete model, written down under a check; `InputError` for a spec with stars, and what the
        family raises."""
        if self.has_stars:
            hint = "polylaw words finds laws that hold for any width, which a star means"
            raise InputError("model", self.text, "a number for every width", hint)
        described = self.description()
        model = described.model(check) if described else self._called(self.family.build, self.arguments)
        return replace(model, spec=self)

    def description(self, size: int = 1) -> Description | None:
        """What the family says of its models, with this size at every star; None for a family without a
        description."""
        return None if self.family.describe is None else self._called(self.family.describe, self.at(size))

    def _called(self, function: Callable[..., _Made], arguments: Mapping[str, Any]) -> _Made:
        bound = inspect.BoundArguments(self.family.signature, dict(arguments))
        return function(*bound.args, **bound.kwargs)


def model_from_spec(spec: str, *, check: Check = unchecked) -> Model:
    """The model a spec string names; raises as `Spec.parse` and `Spec.model`."""
    return Spec.parse(instance(spec, str, "model", "for example 'linear:2,3,2'")).model(check)


def _advice(name: str) -> str:
    """What to write instead of a name that is no family."""
    if "." in name or "/" in name:
        return "a file must end in .toml; polylaw models lists the families"
    if near := _ALIASES.get(name.lower()):
        return f"here that is {near}; polylaw models lists all families"
    return nearest(name, FAMILIES)


def _only_parameter(entry: Family) -> str:
    [name] = entry.signature.parameters
    return name


class _Reader:
    """Reads the arguments of one family."""

    def __init__(self, entry: Family) -> None:
        self.entry = entry
        parameters = entry.signature.parameters.items()
        self.named = {name: p for name, p in parameters if p.kind is not inspect.Parameter.VAR_POSITIONAL}

    def arguments(self, listed: str, query: str | None) -> dict[str, Any]:
        """All arguments by parameter, from the text before and after the question mark."""
        name = self.entry.name
        positional: list[str] = []
        options: dict[str, str] = {}
        last = ""
        for word in items(listed, f"{name} arguments") if listed else ():
            key, equals, value = word.partition("=")
            if equals:
                last = self._add(options, key, value)
            elif last:  # `taps=3,3`: a comma continues the option before it
                options[last] += f",{word}"
            else:
                positional.append(word)
        for word in () if query is None else items(query, f"{name} options", "&"):
            key, equals, value = word.partition("=")
            self._add(options, key, value if equals else "true")
        return self._bound(positional, options)

    def _add(self, options: dict[str, str], key: str, value: str) -> str:
        if key in options:
            raise InputError(f"{self.entry.name} option {key}", f"{key} twice", "each option once")
        options[key] = value
        return key

    def _bound(self, positional: list[str], options: dict[str, str]) -> dict[str, Any]:
        entry = self.entry
        values = {}
        for key, text in options.items():
            if key not in self.named:
                raise UnknownNameError(
                    f"{entry.name} option", key, "an option of this family", nearest(key, self.named)
                )
            values[key] = _value(f"{entry.name} option {key}", str(self.named[key].annotation), text)
        places = [
            p for p in entry.signature.parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY
        ]
        kinds = [
            str((places[min(i, len(places) - 1)] if places else _INTEGER).annotation)
            for i in range(len(positional))
        ]
        read = [
            _value(f"{entry.name} argument {i}", kind, text)
            for i, (kind, text) in enumerate(zip(kinds, positional, strict=True), 1)
        ]
        try:
            bound = entry.signature.bind(*read, **values)
        except TypeError:
            given = ",".join(positional) or "none"
            raise InputError(
                f"{entry.name} arguments", given, entry.arguments, f"for example {example(entry)}"
            ) from None
        bound.apply_defaults()
        return dict(bound.arguments)


#: A positional argument of a family that takes none.
_INTEGER = inspect.Parameter("none", inspect.Parameter.POSITIONAL_ONLY, annotation="int")


def _value(argument: str, kind: str, text: str) -> Any:
    """The value of an argument whose annotation is `kind`."""
    if kind == "bool":
        if text.lower() not in ("true", "false"):
            raise InputError(argument, text, "true or false")
        return text.lower() == "true"
    if kind.startswith("tuple["):
        inner = kind.removeprefix("tuple[").partition(",")[0]
        return tuple(_value(argument, inner, word) for word in items(text, argument))
    if kind == "Width" and text.strip() == STAR.value:
        return STAR
    return _integer(argument, text, kind == "Width") if kind in ("int", "Width") else text


def _integer(argument: str, text: str, or_star: bool) -> int:
    text = text.strip()
    if text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) <= 9:
        return int(text)
    hint = (
        "" if or_star or STAR.value not in text else "a star stands for any width alone, and this is no width"
    )
    raise InputError(
        argument, text, f"an integer of at most 9 digits{', or * for any width' if or_star else ''}", hint
    )
