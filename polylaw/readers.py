"""From a spec string or a TOML file to a flow.

    name = "two neurons"                      optional
    parameters = ["g"]                        symbols; or a table [parameters] g = "2/3" of values

    [model]
    spec = "linear:2,3,2"                     either a family,
    variables = ["u1", "u2", "v1", "v2"]      or variables (or matrices) and phi,
    phi = ["u1*v1", "u2*v2"]
    metric = "mirror"                         optional, also as a matrix of rows
    [model.matrices]
    U = [2, 1]

    [data]                                    optional: the laws on these points alone
    inputs = [[1, 0], ["1/2", 3]]             a list of numbers, or a table by name, for each point
    targets = [[1, 1], [0, "2/3"]]
    loss = "square"                           any | square | a polynomial in z1, z2, ... and y1, y2, ...

    [ode]                                     or an ODE instead of a model
    x = "v"
    v = "-2*g*v - w2*x"

    [flow]                                    optional; the command line goes first
    kind = "momentum"                         gradient | momentum | ode
    damping = "tau"
    weight_decay = "1/10"
    time = "exp(2*g*t)"

    [expect]                                  optional: what `pytest` tests (`polylaw.testing.pytest_files`)
    laws = ["u1^2 - v1^2"]
    not_laws = ["u1^2"]
    count = 2
    no_law_degree = 1

All numbers are exact: integers, decimals such as 0.04 and 1e-3, which mean what is written, or text such as
"2/3".
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from polylaw.algebra.check import Check, unchecked
from polylaw.algebra.parse import has_functions
from polylaw.algebra.rationals import decimal, rational, rational_text
from polylaw.algebra.ring import TIME, advice, nearest
from polylaw.errors import InputError, PolylawError, UnknownNameError
from polylaw.flows import Flow, GradientFlow, MomentumFlow, PolynomialODE
from polylaw.flows.ode import undeclared
from polylaw.models import Model, model_from_spec, on_data
from polylaw.models.maps import components_of, from_map
from polylaw.models.spec import Spec

__all__ = [
    "FlowOptions",
    "data_of_file",
    "expectations_of_file",
    "flow_from_file",
    "flow_of",
    "flow_of_data",
    "flow_of_spec",
]

_MOST_BYTES = 5_000_000
#: A dotted key of more parts than this: no model has one, and reading it would take time quadratic in its
#: length.
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
    r"""(?:[ \t]*+\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')){16}"""
)
_LONGEST_NAME = 200
_TOP = ("name", "parameters", "model", "data", "ode", "flow", "expect")
_MODEL = ("spec", "variables", "phi", "metric", "matrices", "parameters", "name")
_DATA = ("inputs", "targets", "loss")
_KINDS = ("gradient", "momentum", "ode")
_EXPECTED = ("laws", "not_laws", "count", "no_law_degree")


@dataclass(frozen=True)
class FlowOptions:
    """How a model moves.  None means: not said."""

    kind: str | None = None
    damping: Any = None
    metric: Any = None
    weight_decay: Any = None
    time: str | None = None

    @property
    def kind_or_default(self) -> str:
        """The kind of flow of a model: a damping alone means momentum."""
        return self.kind if self.kind is not None else "gradient" if self.damping is None else "momentum"

    def over(self, other: FlowOptions) -> FlowOptions:
        """These options, and those of `other` where nothing is said here.

        Another kind of flow takes back what `other` says of its own kind, such as the damping of a momentum
        flow.
        """
        if {self.kind, other.kind_or_default} == {"gradient", "momentum"}:
            other = FlowOptions(metric=other.metric)
        return replace(other, **{f.name: v for f in fields(self) if (v := getattr(self, f.name)) is not None})


def flow_of(model: Model, options: FlowOptions) -> Flow:
    """The flow of a model; options that do not belong to its kind are errors.  A damping alone means
    momentum."""
    kind = options.kind_or_default
    if kind not in _KINDS:
        raise UnknownNameError("flow", kind, f"one of {', '.join(_KINDS)}", nearest(kind, _KINDS))
    if kind == "ode":
        raise InputError(
            "flow", "ode", "gradient or momentum for a model", "an ODE comes from a file with an [ode] table"
        )
    _unused(kind, time=options.time)
    if kind == "gradient":
        _unused(kind, damping=options.damping)
        return GradientFlow(
            model, options.metric, weight_decay=0 if options.weight_decay is None else options.weight_decay
        )
    _unused(kind, weight_decay=options.weight_decay)
    return MomentumFlow(model, 0 if options.damping is None else options.damping, options.metric)


def flow_of_spec(text: str | Path, options: FlowOptions | None = None, *, check: Check = unchecked) -> Flow:
    """The flow of a spec such as `linear:2,3,2`, or of a file when `text` is a path or ends in `.toml`.  A
    family of the zoo is written down under a check, which may end that."""
    options = options or FlowOptions()
    if not isinstance(text, (str, Path)):
        raise InputError(
            "model", text, "a spec as text, or a path", "for example 'linear:2,3,2' or 'model.toml'"
        )
    if isinstance(text, Path) or (isinstance(text, str) and text.endswith(".toml")):
        return flow_from_file(text, options, check=check)
    spec = Spec.parse(text)
    if spec.family.name == "map":
        variables, phi = components_of(str(spec.arguments["components"]))
        table = {"variables": variables, "phi": phi}
        if _phi_has_functions(table):
            return _gradient_with_functions(table, options, "map")
    return flow_of(spec.model(check), options)


def flow_from_file(path: str | Path, options: FlowOptions | None = None, *, check: Check = unchecked) -> Flow:
    """The flow a TOML file describes, with `options` taking precedence over its [flow] table.

    Raises a `PolylawError` that names file and key; nothing in the file is ever evaluated as code.
    """
    if not isinstance(path, (str, Path)):
        raise InputError("path", path, "the path of a TOML file", "for example 'model.toml'")
    place = str(path)
    return flow_of_data(data_of_file(path), place, options, check=check)


def flow_of_data(
    data: Mapping[str, Any], place: str, options: FlowOptions | None = None, *, check: Check = unchecked
) -> Flow:
    """The flow that the contents of a model file describe; errors name `place`."""
    try:
        return _flow(data, options or FlowOptions(), _stem(place), check)
    except PolylawError as error:
        raise error.within(place) from None


def expectations_of_file(path: str | Path) -> dict[str, list[Any]]:
    """What the table [expect] of a model file says, by kind: `laws`, `not_laws`, `count`, `no_law_degree`;
    empty without it.

    Raises a `PolylawError` for what says nothing: an empty table, a list without laws, a number in quotes.
    """
    data = data_of_file(path)
    try:
        return _expectations(data)
    except PolylawError as error:
        raise error.within(str(path)) from None


def data_of_file(path: str | Path) -> dict[str, Any]:
    """The tables of a TOML file; `InputError` if it is too large, unreadable or no TOML."""
    return _load(Path(path), str(path))


def _load(path: Path, place: str) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise InputError(
            place, error.strerror or type(error).__name__, "a readable TOML file", "check the path"
        ) from None
    except ValueError as error:  # a path with a null character or half of a surrogate pair
        raise InputError(place, str(error), "a path", "check the path") from None
    if len(raw) > _MOST_BYTES:
        raise InputError(place, f"more than {_MOST_BYTES} bytes", "a smaller model file")
    try:
        text = raw.decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except UnicodeDecodeError as error:
        raise InputError(
            place,
            f"byte {raw[error.start]:#04x} at offset {error.start}",
            "UTF-8 text",
            "is this a TOML file?",
        ) from None
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
        raise InputError(
            place, "values nested too deeply or numbers with too many digits", "a plain TOML file"
        ) from None


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
    return InputError(
        f"{place}: line {number}",
        line or "the end of the file",
        f"valid TOML ({reason.partition(' (at')[0]})",
        advice,
    )


def _flow(data: Mapping[str, Any], options: FlowOptions, stem: str, check: Check) -> Flow:
    _known(data, _TOP, "")
    _expectations(data)
    options = options.over(_options(_table(data, "flow")))
    if ("model" in data) == ("ode" in data):
        raise InputError(
            "model",
            "both [model] and [ode]" if "model" in data else "neither [model] nor [ode]",
            "exactly one of them",
        )
    if "model" in data:
        table = _table(data, "model")
        if "widths" in table:
            raise InputError(
                "model.widths",
                table["widths"],
                "sizes in [model.matrices]",
                "widths with names are for polylaw words",
            )
        _known(table, _MODEL, "model.")
        above = {key: data[key] for key in ("name", "parameters") if key in data}
        options = options.over(FlowOptions(metric=table.get("metric")))
        if "data" not in data and _phi_has_functions(table):
            return _gradient_with_functions({**above, **table}, options, stem)
        model = _model({**above, **table}, stem, check)
        if "data" in data:
            model = _on_data(model, _table(data, "data"))
        return flow_of(model, options)
    if "data" in data:
        raise InputError("data", data["data"], "no [data] beside [ode]", "data are for a [model] with inputs")
    if options.kind not in (None, "ode"):
        raise InputError("flow.kind", options.kind, "ode, since the file has an [ode] table")
    _unused("ode", damping=options.damping, metric=options.metric, weight_decay=options.weight_decay)
    return _ode(_table(data, "ode"), _parameters(data.get("parameters")), options.time, _name(data, stem))


def _expectations(data: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The table [expect], each value as a list."""
    if "expect" not in data:
        return {}
    table = _table(data, "expect")
    _known(table, _EXPECTED, "expect.")
    if not table:
        raise InputError("expect", "an empty table", f"{', '.join(_EXPECTED[:-1])} or {_EXPECTED[-1]}")
    found: dict[str, list[Any]] = {}
    for key, value in table.items():
        if key in ("laws", "not_laws"):
            found[key] = [value] if isinstance(value, str) else _words(table, key, "expect.")
            if not found[key]:
                raise InputError(
                    f"expect.{key}",
                    value,
                    "at least one law",
                    "an empty list says nothing; leave the key out",
                )
        elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InputError(
                f"expect.{key}", value, "an integer >= 0, without quotes", f"for example {key} = 3"
            )
        else:
            found[key] = [value]
    return found


def _ode(rhs: Mapping[str, Any], parameters: Any, time: str | None, name: str) -> Flow:
    """The flow of an ODE, which may have functions such as sqrt in it."""
    if TIME in parameters:
        raise InputError("parameters", TIME, "names of constants", advice(TIME, ()))
    texts = {v: f if isinstance(f, str) else rational_text(rational(f, f"ode.{v}")) for v, f in rhs.items()}
    if any(has_functions(f, f"ode.{v}") for v, f in texts.items()):
        from polylaw.domains.elementary.ode import ElementaryODE

        if time is not None and time.strip() != TIME:
            raise InputError("time", time, f"{TIME}, for an ODE with functions")
        try:
            return ElementaryODE(texts, parameters, time=time is not None, name=name)
        except UnknownNameError as error:
            raise undeclared(error) from None
    return PolynomialODE(texts, parameters, time=time, name=name)


def _phi_has_functions(table: Mapping[str, Any]) -> bool:
    return "phi" in table and any(
        has_functions(text, f"phi[{i}]") for i, text in enumerate(_words(table, "phi", "model."), 1)
    )


def _gradient_with_functions(table: Mapping[str, Any], options: FlowOptions, stem: str) -> Flow:
    """The gradient flow of a phi with functions in it, which is Euclidean."""
    from polylaw.domains.elementary.gradient import ElementaryGradientFlow

    if options.kind not in (None, "gradient"):
        raise InputError("flow.kind", options.kind, "gradient, since phi has functions in it")
    metric = None if options.metric == "euclidean" else options.metric
    _unused(
        "gradient with functions in phi",
        damping=options.damping,
        metric=metric,
        weight_decay=options.weight_decay,
        time=options.time,
    )
    phi = _words(table, "phi", "model.")
    plain = _model({**table, "phi": ["0"] * len(phi)}, stem, unchecked)  # its names, checked
    return ElementaryGradientFlow(plain.ring.variables, phi, plain.ring.parameters, name=plain.name)


def _model(table: Mapping[str, Any], stem: str, check: Check) -> Model:
    if "spec" in table:
        for key in ("variables", "phi", "matrices", "parameters"):
            if key in table:
                raise InputError(
                    f"model.{key}", table[key], "nothing beside spec", "leave spec or this key out"
                )
        model = model_from_spec(_text(table, "spec", "model."), check=check)
        return replace(model, name=_name(table, model.name))
    if "phi" not in table:
        raise InputError(
            "model.phi",
            "nothing",
            "phi, the map from parameters to what the loss sees",
            'for example phi = ["u*v"]',
        )
    symbols = _parameters(table.get("parameters"))
    if isinstance(symbols, Mapping):
        raise InputError(
            "parameters", list(symbols), "symbols only, for a model", "write the numbers into phi"
        )
    matrices = {k: tuple(_shape(k, v)) for k, v in _table(table, "matrices", "model.").items()}
    variables = None if matrices and "variables" not in table else _words(table, "variables", "model.")
    phi = _words(table, "phi", "model.")
    return from_map(variables, phi, parameters=symbols, arrays=matrices or None, name=_name(table, stem))


def _on_data(model: Model, table: Mapping[str, Any]) -> Model:
    _known(table, _DATA, "data.")
    if "inputs" not in table:
        raise InputError(
            "data.inputs", "nothing", "a list of points", 'for example inputs = [[1, 0], ["1/2", 3]]'
        )
    loss = _text(table, "loss", "data.", "any")
    try:
        return on_data(model, table["inputs"], table.get("targets"), loss)
    except PolylawError as error:
        raise error.within("data") from None


def _options(table: Mapping[str, Any]) -> FlowOptions:
    _known(table, [f.name for f in fields(FlowOptions)], "flow.")
    for key in ("kind", "time"):
        _text(table, key, "flow.", "")
    for key in ("damping", "weight_decay"):
        if not isinstance(table.get(key, ""), str):
            rational(table[key], f"flow.{key}")
    return FlowOptions(**table)


def _parameters(given: Any) -> tuple[str, ...] | dict[str, Any]:
    if given is None:
        return ()
    if isinstance(given, Mapping):
        return {name: rational(value, f"parameters.{name}") for name, value in given.items()}
    return tuple(_words({"parameters": given}, "parameters", ""))


def _known(table: Mapping[str, Any], keys: Iterable[str], prefix: str) -> None:
    for key in table:
        if key not in keys:
            raise UnknownNameError(f"key {prefix}{key}", key, "a known key", nearest(key, keys))


def _table(data: Mapping[str, Any], key: str, prefix: str = "") -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, Mapping):
        raise InputError(f"{prefix}{key}", value, "a table", f"write [{prefix}{key}]")
    return value


def _text(table: Mapping[str, Any], key: str, prefix: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str):
        raise InputError(f"{prefix}{key}", value, "text in quotes")
    return value


def _name(table: Mapping[str, Any], default: str) -> str:
    name = _text(table, "name", "", default)
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise InputError("name", name, f"one line of at most {_LONGEST_NAME} printable characters")
    return name


def _stem(place: str) -> str:
    """A name for what has none: that of its file, whatever alphabet that is in."""
    text = os.fsencode(Path(place).stem).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "?" for c in text)[:_LONGEST_NAME]


def _words(table: Mapping[str, Any], key: str, prefix: str) -> list[str]:
    values = table.get(key)
    if not isinstance(values, list):
        raise InputError(
            f"{prefix}{key}",
            "nothing" if values is None else values,
            "a list of texts",
            f'for example {key} = ["u", "v"]',
        )
    for i, value in enumerate(values, 1):
        if not isinstance(value, (str, int, Fraction)) or isinstance(value, bool):
            raise InputError(f"{prefix}{key}[{i}]", value, "text in quotes")
    return [value if isinstance(value, str) else rational_text(value) for value in values]


def _shape(name: str, value: Any) -> list[int]:
    if not isinstance(value, list) or any(
        isinstance(n, bool) or not isinstance(n, int) or n < 1 for n in value
    ):
        hint = (
            "names of widths are for polylaw words"
            if isinstance(value, list) and any(isinstance(n, str) for n in value)
            else ""
        )
        raise InputError(
            f"model.matrices.{name}", value, "a shape such as [2, 1]", hint or "a list of integers >= 1"
        )
    return value


def _unused(kind: str, **options: Any) -> None:
    for key, value in options.items():
        if value is not None:
            raise InputError(
                key, value, f"no {key} for a flow of kind {kind}", "leave it out or change the kind of flow"
            )
