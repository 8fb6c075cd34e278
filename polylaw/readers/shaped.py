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

from collections.abc import Callable
from dataclasses import replace

from polylaw.errors import InputError, UnknownNameError
from polylaw.flows import KINDS
from polylaw.flows.shaped import ShapedFlow
from polylaw.lists import pairs
from polylaw.models.model import width
from polylaw.models.shaped import shaped
from polylaw.models.shaped_zoo import Described, described
from polylaw.readers.options import FlowOptions
from polylaw.readers.tables import Table, errors_at, stem
from polylaw.readers.toml import data_of_file

_MAKERS: dict[str, Callable[..., ShapedFlow]] = {
    "gradient": ShapedFlow.gradient,
    "momentum": ShapedFlow.momentum,
}
_TOP = ("name", "parameters", "model", "flow")
_SPEC = ("spec", "metric")
_PHI = """["U V'"]"""
_MODEL = (*_SPEC, "phi", "matrices", "constants", "widths")


def model_of(text: str) -> tuple[Described, FlowOptions]:
    """The shaped model of a spec, or of a file if `text` ends in `.toml`, and how the file says it moves."""
    if not text.endswith(".toml"):
        return described(text), FlowOptions()
    data = data_of_file(text)
    with errors_at(text):
        return _of_tables(Table(data), stem(text))


def shaped_flow(found: Described, options: FlowOptions) -> ShapedFlow:
    """The flow of a shaped model; a damping alone means momentum."""
    name = options.kind_or_default
    if name not in _MAKERS:
        raise UnknownNameError("flow", name, " or ".join(_MAKERS), "other flows have no laws that are words")
    return _MAKERS[name](found.model, **options.only(name, KINDS[name].options))


def sizes_of_text(text: str, argument: str = "widths") -> dict[str, int]:
    """`n=2,r=3` as sizes."""
    sizes: dict[str, int] = {}
    for name, value in pairs(text, argument, "n=2,r=3").items():
        if not value.isascii() or not value.isdigit() or len(value) > 6:
            raise InputError(f"{argument} {name}", value, "a size of at most 6 digits")
        sizes[name] = width(int(value), f"{argument} {name}")
    return sizes


def _of_tables(data: Table, stem: str) -> tuple[Described, FlowOptions]:
    if "ode" in data:
        expected = "a [model], whose matrices have widths"
        raise InputError("ode", "a table [ode]", expected, "polylaw find has the laws of an ODE")
    model, options = data.only(_TOP).table("model"), FlowOptions.of(data.table("flow"))
    model.only(_MODEL)
    metric = model.get("metric", "euclidean")
    if not isinstance(metric, str):
        raise InputError("model.metric", metric, "text such as mirror or rates:U=2,V=b")
    name = data.title(stem)
    if "spec" in model:
        model.alone("spec", (key for key in _MODEL if key not in _SPEC))
        known = described(model.text("spec", such_as="linear:*,*,*"))
        shaped_model = replace(known.model, name=name) if "name" in data else known.model
        return replace(known, model=shaped_model), options.over(FlowOptions(metric=model.get("metric")))
    parameters = data.texts("parameters") if "parameters" in data else ()
    letters, phi = _letters(model, "matrices"), model.texts("phi", _PHI)
    constants = _letters(model, "constants")
    found = shaped(letters, phi, constants=constants, parameters=parameters, metric=metric, name=name)
    sizes = model.table("widths")
    return Described(found, found.sizes(sizes.entries, sizes.name) if sizes.entries else {}), options


def _letters(model: Table, key: str) -> dict[str, list[str]]:
    table = model.table(key)
    for letter, ends in table.entries.items():
        if not isinstance(ends, list) or not all(isinstance(end, str) for end in ends):
            hint = "sizes belong into [model.widths]; a model with sizes alone is for polylaw find"
            raise InputError(table.place(letter), ends, 'names of widths such as ["n", "r"]', hint)
    return dict(table.entries)
