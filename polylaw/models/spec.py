"""Specs: `linear:2,3,2`, `relu:3,4,2?bias=true`, `attention:d1=*,dim=*,heads=8`, read once into a value.

    spec      = family [ ":" arguments ] [ "?" options ]
    arguments = argument { "," argument }
    argument  = width | integer | name "=" value          a value goes on up to the next name
    options   = name [ "=" value ] { "&" name [ "=" value ] }

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
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.ring import nearest
from polylaw.arguments import instance
from polylaw.errors import InputError, UnknownNameError
from polylaw.frozen import Frozen
from polylaw.lists import items
from polylaw.models.description import Description
from polylaw.models.family import FAMILIES, Family, example
from polylaw.models.model import Model


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

    `text` is how it was written, to be shown and never to be read again; it makes no difference to equality.
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
            [parameter] = entry.signature.parameters
            return Spec(text, entry, {parameter: text.partition(":")[2]})
        return Spec(text, entry, _arguments(entry, arguments, query if mark else None))

    @property
    def has_stars(self) -> bool:
        """Whether some width is left open."""
        values = self.arguments.values()
        return any(value is STAR or (isinstance(value, tuple) and STAR in value) for value in values)

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
        """The concrete model, written down under a check; `InputError` for stars, or from the family."""
        if self.has_stars:
            hint = "polylaw words finds laws that hold for any width, which a star means"
            raise InputError("model", self.text, "a number for every width", hint)
        described = self.description(0)
        model: Model = (
            self._called(self.family.build, self.arguments) if described is None else described.model(check)
        )
        return replace(model, spec=self)

    def description(self, size: int) -> Description | None:
        """What the family says of its models, with this size at all stars; None if it has no description."""
        describe = self.family.describe
        return None if describe is None else self._called(describe, self.at(size))

    def _called(self, function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
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


def _arguments(entry: Family, listed: str, query: str | None) -> dict[str, Any]:
    """All arguments of a family by parameter, from the text before and after the question mark."""
    positional: list[str] = []
    options: list[tuple[str, str]] = []
    for word in items(listed, f"{entry.name} arguments") if listed else ():
        key, equals, value = word.partition("=")
        if equals:
            options.append((key, value))
        elif options:  # `taps=3,3`: a comma continues the option before it
            key, value = options.pop()
            options.append((key, f"{value},{word}"))
        else:
            positional.append(word)
    for word in () if query is None else items(query, f"{entry.name} options", "&"):
        key, equals, value = word.partition("=")
        options.append((key, value if equals else "true"))
    parameters = entry.signature.parameters
    named = {name: p for name, p in parameters.items() if p.kind is not inspect.Parameter.VAR_POSITIONAL}
    values: dict[str, Any] = {}
    for key, text in options:
        argument = f"{entry.name} option"
        if key not in named:
            raise UnknownNameError(argument, key, "an option of this family", nearest(key, named))
        if key in values:
            raise InputError(f"{argument} {key}", f"{key} twice", "each option once")
        values[key] = _value(f"{argument} {key}", str(named[key].annotation), text)
    places = [p for p in parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    kinds = [p.annotation for p in places] or ["int"]  # none may be given: an integer is refused by bind
    read = [
        _value(f"{entry.name} argument {i}", str(kinds[min(i, len(kinds)) - 1]), text)
        for i, text in enumerate(positional, 1)
    ]
    try:
        bound = entry.signature.bind(*read, **values)
    except TypeError:
        given = ",".join(positional) or "none"
        hint = f"for example {example(entry)}"
        raise InputError(f"{entry.name} arguments", given, entry.arguments, hint) from None
    bound.apply_defaults()
    return dict(bound.arguments)


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
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(text) <= 9:
        return int(text)
    expected = "an integer of at most 9 digits"
    if or_star:
        raise InputError(argument, text, f"{expected}, or * for any width")
    hint = "a star stands for any width alone, and this is no width" if STAR.value in text else ""
    raise InputError(argument, text, expected, hint)
