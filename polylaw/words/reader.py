"""From a spec or a TOML file to a shaped flow.

    [model]
    spec = "linear:*,*,*"             either a family, or
    phi = ["U V'"]                    words, or terms with indices (polylaw.algebra.words.parse)
    metric = "mirror"                 optional
    [model.matrices]
    U = ["n", "r"]                    names of widths where a concrete model has sizes
    V = ["m", "r"]
    [model.constants]                 optional: letters a law may not contain
    D = ["r"]
    [model.widths]                    optional: sizes, to see the entries of the laws
    n = 2

with `name`, `parameters` and `[flow]` as in `polylaw.readers`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from polylaw.algebra.ring import nearest
from polylaw.errors import InputError, PolylawError, UnknownNameError
from polylaw.flows.shaped import ShapedFlow
from polylaw.lists import pairs
from polylaw.models.model import width
from polylaw.models.shaped import shaped
from polylaw.models.shaped_zoo import Described, described
from polylaw.readers import FlowOptions, data_of_file

__all__ = ["model_of", "shaped_flow", "sizes_of_text"]

_TOP = ("name", "parameters", "model", "flow")
_MODEL = ("spec", "phi", "metric", "matrices", "constants", "widths")


def model_of(text: str) -> tuple[Described, FlowOptions]:
    """The shaped model of a spec, or of a file when `text` ends in `.toml`, and how the file says it
    moves."""
    if not text.endswith(".toml"):
        return described(text), FlowOptions()
    try:
        return _of_tables(data_of_file(text), Path(text).stem)
    except PolylawError as error:
        raise (error if error.argument.startswith(text) else error.within(text)) from None


def shaped_flow(found: Described, options: FlowOptions) -> ShapedFlow:
    """The flow of a shaped model; a damping alone means momentum."""
    kind = options.kind_or_default
    if kind not in ("gradient", "momentum"):
        raise UnknownNameError(
            "flow", kind, "gradient or momentum", "words are laws of models, not of an ODE"
        )
    unused = {
        "time": options.time,
        **({"damping": options.damping} if kind == "gradient" else {"weight_decay": options.weight_decay}),
    }
    for key, value in unused.items():
        if value is not None:
            raise InputError(
                key, value, f"no {key} for a flow of kind {kind}", "leave it out or change the kind of flow"
            )
    if kind == "gradient":
        return ShapedFlow.gradient(
            found.model,
            options.metric,
            weight_decay=0 if options.weight_decay is None else options.weight_decay,
        )
    return ShapedFlow.momentum(found.model, 0 if options.damping is None else options.damping, options.metric)


def sizes_of_text(text: str, argument: str = "widths") -> dict[str, int]:
    """`n=2,r=3` as sizes."""
    sizes: dict[str, int] = {}
    for name, value in pairs(text, argument, "n=2,r=3").items():
        if not value.isascii() or not value.isdigit() or len(value) > 6:
            raise InputError(f"{argument} {name}", value, "a size of at most 6 digits")
        sizes[name] = width(int(value), f"{argument} {name}")
    return sizes


def _of_tables(data: Mapping[str, Any], stem: str) -> tuple[Described, FlowOptions]:
    if "ode" in data:
        raise InputError(
            "ode",
            "a table [ode]",
            "a [model], whose matrices have widths",
            "polylaw find has the laws of an ODE",
        )
    _known(data, _TOP, "")
    model, flow = (_table(data, key, "") for key in ("model", "flow"))
    _known(model, _MODEL, "model.")
    _known(flow, [f.name for f in fields(FlowOptions)], "flow.")
    metric = model.get("metric", "euclidean")
    if not isinstance(metric, str):
        raise InputError("model.metric", metric, "text such as mirror or rates:U=2,V=b")
    name = data.get("name", stem)
    if not isinstance(name, str) or len(name) > 200 or not name.isprintable():
        raise InputError("name", name, "one line of at most 200 printable characters")
    if "spec" in model:
        known = _of_spec(model)
        known = replace(known, model=known.model.named(name)) if "name" in data else known
        return known, replace(FlowOptions(metric=model.get("metric")), **flow)
    found = shaped(
        _letters(model, "matrices"),
        _texts(model.get("phi"), "model.phi"),
        constants=_letters(model, "constants"),
        parameters=_texts(data.get("parameters", []), "parameters"),
        metric=metric,
        name=name,
    )
    sizes = _table(model, "widths", "model.")
    return Described(found, found.sizes(sizes, "model.widths") if sizes else {}), replace(
        FlowOptions(), **flow
    )


def _of_spec(model: Mapping[str, Any]) -> Described:
    for key in model:
        if key not in ("spec", "metric"):
            raise InputError(f"model.{key}", model[key], "nothing beside spec", "leave spec or this key out")
    if not isinstance(model["spec"], str):
        raise InputError("model.spec", model["spec"], "text in quotes, such as linear:*,*,*")
    return described(model["spec"])


def _letters(model: Mapping[str, Any], key: str) -> dict[str, list[str]]:
    table = _table(model, key, "model.")
    for letter, ends in table.items():
        if not isinstance(ends, list) or not all(isinstance(end, str) for end in ends):
            hint = "sizes belong into [model.widths]; a model with sizes alone is for polylaw find"
            raise InputError(f"model.{key}.{letter}", ends, 'names of widths such as ["n", "r"]', hint)
    return dict(table)


def _texts(values: Any, argument: str) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InputError(
            argument,
            "nothing" if values is None else values,
            "a list of texts",
            'for example phi = ["U V\'"]',
        )
    return values


def _table(data: Mapping[str, Any], key: str, prefix: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError(f"{prefix}{key}", value, "a table", f"write [{prefix}{key}]")
    return value


def _known(table: Mapping[str, Any], keys: Any, prefix: str) -> None:
    for key in table:
        if key not in keys:
            raise UnknownNameError(f"key {prefix}{key}", key, "a known key", nearest(key, keys))
