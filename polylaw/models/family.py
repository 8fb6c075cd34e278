"""The register of model families, and spec strings: `linear:2,3,2`, `relu:3,4,2?bias=true`, `attention:d1=2,dim=3`.

A family is a function from widths and options.  The decorator `shaped_family` registers one that returns a `Description`, from
which both its concrete and its shaped models come, and `family` one that can only build a `Model`.  The signature of the
function is the grammar of its spec: positional integers, then keyword options; annotations (`int`, `bool`, `str`,
`tuple[int, ...]`) say how the text of an option is read.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from polylaw.algebra.ring import nearest
from polylaw.arguments import instance
from polylaw.errors import InputError, UnknownNameError
from polylaw.models.description import Description
from polylaw.models.model import Model

__all__ = ["FAMILIES", "Family", "arguments_of_spec", "description_of_spec", "family", "model_from_spec", "shaped_family"]

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
        """Whether a spec's arguments are one text, such as formulas: the builder has one positional-only `str` and no more."""
        parameters = self.signature.parameters.values()
        return [(p.kind, p.annotation) for p in parameters] == [(inspect.Parameter.POSITIONAL_ONLY, "str")]


FAMILIES: dict[str, Family] = {}

#: Other names of what some families are, with specs that work.
_ALIASES = {
    **dict.fromkeys(("mlp", "fc", "dense", "feedforward", "nn"), "relu:2,3,2 or linear:2,3,2, by the widths of the layers"),
    **dict.fromkeys(("cnn", "conv1d", "conv2d", "convolution"), "conv:2,2,2?taps=3"),
    **dict.fromkeys(("resnet", "skip"), "residual:2,3,2"),
    **dict.fromkeys(("transformer", "self-attention", "mha"), "attention:d1=2,dim=3"),
    **dict.fromkeys(("logistic", "classifier"), "softmax:2,3"),
}


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
    """Register a description as the model family `name`; the function becomes the builder of its concrete models."""

    def register(describe: Callable[_P, Description]) -> Callable[_P, Model]:
        @wraps(describe)
        def build(*args: _P.args, **kwargs: _P.kwargs) -> Model:
            return describe(*args, **kwargs).model()

        build.__annotations__ = describe.__annotations__ | {"return": "Model"}
        build.__dict__["__signature__"] = inspect.signature(describe).replace(return_annotation="Model")
        FAMILIES[name] = Family(name, build, arguments, phi, laws, source, describe)
        return build

    return register


def model_from_spec(spec: str) -> Model:
    """The model a spec string names.

    Raises `UnknownNameError` for an unknown family or option (naming the nearest), `InputError` for
    anything else that cannot be read.
    """
    entry, positional, options = _split(spec)
    if entry.takes_text:
        return entry.build(spec.partition(":")[2])
    return entry.build(*positional, **_values(entry, positional, options))


def description_of_spec(spec: str) -> tuple[Family, Description | None]:
    """The family a spec names and the description it gives; None for a family without one.  Raises as `model_from_spec`."""
    entry, positional, options = _split(spec)
    return entry, entry.describe(*positional, **_values(entry, positional, options)) if entry.describe else None


def arguments_of_spec(spec: str) -> tuple[Family, dict[str, Any]]:
    """The family a spec names and the arguments it gives it, by parameter, defaults filled in.

    Raises what `model_from_spec` raises for a spec that cannot be read; the model itself is not built.
    """
    entry, positional, options = _split(spec)
    if entry.takes_text:
        return entry, {"text": spec.partition(":")[2]}
    bound = entry.signature.bind(*positional, **_values(entry, positional, options))
    bound.apply_defaults()
    return entry, dict(bound.arguments)


def _split(spec: str) -> tuple[Family, list[int], dict[str, str]]:
    """The family, positional arguments and options of a spec, options still as text."""
    instance(spec, str, "model", "for example 'linear:2,3,2'")
    if len(spec) > 100_000:
        raise InputError("model", f"{len(spec)} characters", "a spec of at most 100000 characters")
    head, _, query = spec.partition("?")
    name, _, arguments = head.partition(":")
    if name not in FAMILIES:
        raise UnknownNameError("model", name, "a model family or a .toml file", _advice(name))
    entry = FAMILIES[name]
    if entry.takes_text:
        return entry, [], {}
    positional: list[int] = []
    options: dict[str, str] = {}
    last = ""
    for word in filter(None, arguments.split(",")):
        key, equals, value = word.partition("=")
        if equals:
            last = _add_option(options, name, key, value)
        elif last:  # `taps=3,3`: a comma continues the option before it
            options[last] += f",{word}"
        else:
            positional.append(_integer(f"{name} argument {len(positional) + 1}", word))
    for word in filter(None, query.split("&")):
        key, equals, value = word.partition("=")
        _add_option(options, name, key, value if equals else "true")
    return entry, positional, options


def _advice(name: str) -> str:
    """What to write instead of a name that is no family."""
    if "." in name or "/" in name:
        return "a file must end in .toml; polylaw models lists the families"
    if near := _ALIASES.get(name.lower()):
        return f"here that is {near}; polylaw models lists all families"
    return nearest(name, FAMILIES)


def _add_option(options: dict[str, str], name: str, key: str, value: str) -> str:
    if key in options:
        raise InputError(f"{name} option {key}", f"{key} twice", "each option once")
    options[key] = value
    return key


def _values(entry: Family, positional: list[int], options: dict[str, str]) -> dict[str, Any]:
    """The values of the options; `InputError` unless they and the positional arguments are what the family takes."""
    parameters = entry.signature.parameters
    named = {n: p for n, p in parameters.items() if p.kind is not inspect.Parameter.VAR_POSITIONAL}
    values = {}
    for key, text in options.items():
        if key not in named:
            raise UnknownNameError(f"{entry.name} option", key, "an option of this family", nearest(key, named))
        values[key] = _option_value(f"{entry.name} option {key}", named[key].annotation, text)
    try:
        entry.signature.bind(*positional, **values)
    except TypeError:
        given = ",".join(map(str, positional)) or "none"
        raise InputError(f"{entry.name} arguments", given, entry.arguments, f"for example {example(entry)}") from None
    return values


def example(entry: Family) -> str:
    """A spec of this family that works, from the words of `arguments` up to the first bracket."""
    return f"{entry.name}:{entry.arguments.split(' e.g. ')[-1]}" if " e.g. " in entry.arguments else entry.name


def _integer(argument: str, text: str) -> int:
    text = text.strip()
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > 9:
        raise InputError(argument, text, "an integer of at most 9 digits")
    return int(text)


def _option_value(argument: str, annotation: Any, text: str) -> Any:
    kind = str(annotation)
    if kind == "bool":
        if text.lower() not in ("true", "false"):
            raise InputError(argument, text, "true or false")
        return text.lower() == "true"
    if kind.startswith("tuple[int"):
        return tuple(_integer(argument, word) for word in text.split(","))
    if kind.startswith("int"):
        return _integer(argument, text)
    return text
