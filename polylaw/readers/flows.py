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

    [program]                                 or a network as a program, which is counted,
    outputs = ["h @ V"]                       what the loss sees
    loss = "any"                              any | mse | cross-entropy
    parameters = { U = [2, 3], V = [3, 1] }   shapes
    inputs = { x = [1, 2] }                   shapes of a data point
    steps = { h = "silu(x @ U)" }             arrays by name (`polylaw.programs.notation`)

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

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from polylaw.algebra.parse import has_functions
from polylaw.algebra.rationals import rational, rational_text
from polylaw.algebra.ring import TIME, advice
from polylaw.arguments import whole
from polylaw.budget import Budget, given_budget
from polylaw.errors import InputError, UnknownNameError
from polylaw.flows import KINDS
from polylaw.flows.flow import Flow
from polylaw.flows.ode import PolynomialODE, undeclared
from polylaw.models import Model, model_from_spec, on_data
from polylaw.models.maps import components_of, from_map
from polylaw.models.spec import Spec
from polylaw.readers.options import FlowOptions, flow_of
from polylaw.readers.tables import Table, errors_at, stem
from polylaw.readers.toml import data_of_file

_TOP = ("name", "parameters", "model", "data", "program", "ode", "flow", "expect")
_PROGRAM = ("parameters", "inputs", "steps", "outputs", "loss")
#: What a file is of: one of these.
_KINDS = ("model", "program", "ode")
_MODEL = ("spec", "variables", "phi", "metric", "matrices", "parameters", "name")
_DATA = ("inputs", "targets", "loss")
_EXPECTED = ("laws", "not_laws", "count", "no_law_degree")


def flow_of_spec(
    text: str | Path, options: FlowOptions | None = None, *, budget: Budget | None = None
) -> Flow:
    """The flow of a spec such as `linear:2,3,2`, or of a file when `text` is a path or ends in `.toml`.  A
    family of the zoo is written down within the budget; `BudgetError` when time is over."""
    options, budget = options or FlowOptions(), given_budget(budget)
    if not isinstance(text, (str, Path)):
        hint = "for example 'linear:2,3,2' or 'model.toml'"
        raise InputError("model", text, "a spec as text, or a path", hint)
    if isinstance(text, Path) or text.endswith(".toml"):
        return flow_from_file(text, options, budget=budget)
    spec = Spec.parse(text)
    if spec.family.name == "map":
        variables, phi = components_of(str(spec.arguments["components"]))
        table = Table({"variables": variables, "phi": phi}, "model")
        if _phi_has_functions(table):
            return _gradient_with_functions(table, options, "map", budget)
    return flow_of(spec.model(budget.check), options)


def flow_from_file(
    path: str | Path, options: FlowOptions | None = None, *, budget: Budget | None = None
) -> Flow:
    """The flow a TOML file describes, with `options` taking precedence over its [flow] table.

    Raises a `PolylawError` that names file and key; nothing in the file is ever evaluated as code.
    """
    if not isinstance(path, (str, Path)):
        raise InputError("path", path, "the path of a TOML file", "for example 'model.toml'")
    return flow_of_data(data_of_file(path), str(path), options, budget=budget)


def flow_of_data(
    data: Mapping[str, Any], place: str, options: FlowOptions | None = None, *, budget: Budget | None = None
) -> Flow:
    """The flow that the contents of a model file describe; errors name `place`."""
    with errors_at(place):
        return _flow(Table(data), options or FlowOptions(), stem(place), given_budget(budget))


def expectations_of_file(path: str | Path) -> dict[str, list[Any]]:
    """What [expect] of a model file says, by kind: `laws`, `not_laws`, `count`, `no_law_degree`; or nothing.

    Raises a `PolylawError` for what says nothing: an empty table, a list without laws, a number in quotes.
    """
    table = Table(data_of_file(path))
    with errors_at(str(path)):
        return _expectations(table)


def _expectations(data: Table) -> dict[str, list[Any]]:
    """The table [expect], each value as a list."""
    if "expect" not in data:
        return {}
    table = data.table("expect").only(_EXPECTED)
    if not table.entries:
        raise InputError("expect", "an empty table", f"{', '.join(_EXPECTED[:-1])} or {_EXPECTED[-1]}")
    return {key: _expected(table, key, value) for key, value in table.entries.items()}


def _expected(table: Table, key: str, value: Any) -> list[Any]:
    if key in ("laws", "not_laws"):
        laws = [value] if isinstance(value, str) else table.texts(key)
        if not laws:
            hint = "an empty list says nothing; leave the key out"
            raise InputError(table.place(key), value, "at least one law", hint)
        return laws
    number = whole(value, 0)
    if number is None:
        expected = "an integer >= 0, without quotes"
        raise InputError(table.place(key), value, expected, f"for example {key} = 3")
    return [number]


# -- flows ------------------------------------------------------------------------------------------
def _flow(data: Table, options: FlowOptions, stem: str, budget: Budget) -> Flow:
    data.only(_TOP)
    _expectations(data)
    options = options.over(FlowOptions.of(data.table("flow")))
    given = [kind for kind in _KINDS if kind in data]
    if len(given) != 1:
        found = f"both [{given[0]}] and [{given[1]}]" if given else "neither [model] nor [program] nor [ode]"
        raise InputError("model", found, "exactly one of them")
    makers = {"model": _flow_of_model, "program": _flow_of_program, "ode": _flow_of_ode}
    return makers[given[0]](data, options, stem, budget)


def _flow_of_program(data: Table, options: FlowOptions, stem: str, budget: Budget) -> Flow:
    """The flow of a network that is written as a program."""
    from polylaw.programs.program import from_texts

    table = data.table("program").only(_PROGRAM)
    if "data" in data or "parameters" in data:
        hint = "shapes of parameters are in [program], and its inputs are any data"
        raise InputError("data or parameters", "beside [program]", "neither", hint)
    shapes, inputs = (
        {k: _shape(f"program.{key}.{k}", v) for k, v in table.table(key).entries.items()}
        for key in ("parameters", "inputs")
    )
    texts = table.table("steps")
    steps, outputs = {k: texts.text(k) for k in texts.entries}, table.texts("outputs", '["x @ U"]')
    with errors_at("program"):
        model = from_texts(
            shapes, inputs, steps, outputs, loss=table.text("loss", "any"), name=data.title(stem)
        )
    return flow_of(model, options)


def _flow_of_model(data: Table, options: FlowOptions, stem: str, budget: Budget) -> Flow:
    table = data.table("model")
    if "widths" in table:
        hint = "widths with names are for polylaw words"
        raise InputError("model.widths", table.get("widths"), "sizes in [model.matrices]", hint)
    table.only(_MODEL)
    above = {key: data.entries[key] for key in ("name", "parameters") if key in data}
    table = Table({**above, **table.entries}, table.name)
    options = options.over(FlowOptions(metric=table.get("metric")))
    if "data" not in data and _phi_has_functions(table):
        return _gradient_with_functions(table, options, stem, budget)
    model = _model(table, stem, budget)
    return flow_of(_on_data(model, data.table("data")) if "data" in data else model, options)


def _phi_has_functions(table: Table) -> bool:
    texts = enumerate(table.texts("phi") if "phi" in table else (), 1)
    return any(has_functions(text, f"phi[{i}]") for i, text in texts)


def _gradient_with_functions(table: Table, options: FlowOptions, stem: str, budget: Budget) -> Flow:
    """The gradient flow of a phi with functions in it, which is Euclidean."""
    from polylaw.domains.elementary.gradient import ElementaryGradientFlow

    if options.kind not in (None, "gradient"):
        raise InputError("flow.kind", options.kind, "gradient, since phi has functions in it")
    said = replace(options, metric=None) if options.metric == "euclidean" else options
    said.only("gradient with functions in phi", ())
    phi = table.texts("phi")
    plain = Table({**table.entries, "phi": ["0"] * len(phi)}, table.name)
    named = _model(plain, stem, budget)  # its names, checked
    parts = named.ring.variables, phi, named.ring.parameters
    return ElementaryGradientFlow(*parts, name=named.name, budget=budget)


def _flow_of_ode(data: Table, options: FlowOptions, stem: str, budget: Budget) -> Flow:
    """The flow of an ODE, which may have functions such as sqrt in it."""
    if "data" in data:
        hint = "data are for a [model] with inputs"
        raise InputError("data", data.get("data"), "no [data] beside [ode]", hint)
    if options.kind not in (None, "ode"):
        raise InputError("flow.kind", options.kind, "ode, since the file has an [ode] table")
    options.only("ode", KINDS["ode"].options)
    equations, parameters = data.table("ode"), _parameters(data)
    name, time = data.title(stem), options.time
    if TIME in parameters:
        raise InputError("parameters", TIME, "names of constants", advice(TIME, ()))
    texts = {
        v: f if isinstance(f, str) else rational_text(rational(f, equations.place(v)))
        for v, f in equations.entries.items()
    }
    if not any(has_functions(f, equations.place(v)) for v, f in texts.items()):
        return PolynomialODE(texts, parameters, time=time, name=name)
    from polylaw.domains.elementary.ode import ElementaryODE

    if time is not None and time.strip() != TIME:
        raise InputError("time", time, f"{TIME}, for an ODE with functions")
    try:
        return ElementaryODE(texts, parameters, time=time is not None, name=name, budget=budget)
    except UnknownNameError as error:
        raise undeclared(error) from None


# -- models -----------------------------------------------------------------------------------------
def _model(table: Table, stem: str, budget: Budget) -> Model:
    if "spec" in table:
        table.alone("spec", ("variables", "phi", "matrices", "parameters"))
        model = model_from_spec(table.text("spec"), check=budget.check)
        return replace(model, name=table.title(model.name))
    if "phi" not in table:
        expected = "phi, the map from parameters to what the loss sees"
        raise InputError("model.phi", "nothing", expected, 'for example phi = ["u*v"]')
    symbols = _parameters(table)
    if isinstance(symbols, Mapping):
        hint = "write the numbers into phi"
        raise InputError("parameters", list(symbols), "symbols only, for a model", hint)
    shapes = table.table("matrices").entries.items()
    matrices = {k: tuple(_shape(f"model.matrices.{k}", v)) for k, v in shapes}
    variables = None if matrices and "variables" not in table else table.texts("variables")
    phi, name = table.texts("phi"), table.title(stem)
    return from_map(variables, phi, parameters=symbols, arrays=matrices or None, name=name)


def _on_data(model: Model, table: Table) -> Model:
    table.only(_DATA)
    if "inputs" not in table:
        hint = 'for example inputs = [[1, 0], ["1/2", 3]]'
        raise InputError("data.inputs", "nothing", "a list of points", hint)
    loss = table.text("loss", "any")
    with errors_at("data"):
        return on_data(model, table.entries["inputs"], table.get("targets"), loss)


def _parameters(table: Table) -> tuple[str, ...] | dict[str, Any]:
    """Symbols, or values by name."""
    given = table.get("parameters")
    if isinstance(given, Mapping):
        return {name: rational(value, f"parameters.{name}") for name, value in given.items()}
    return () if given is None else tuple(Table({"parameters": given}).texts("parameters"))


def _shape(place: str, value: Any) -> list[int]:
    if not isinstance(value, list) or any(whole(n, 1) is None for n in value):
        names = isinstance(value, list) and any(isinstance(n, str) for n in value)
        hint = "names of widths are for polylaw words" if names else "a list of integers >= 1"
        raise InputError(place, value, "a shape such as [2, 1]", hint)
    return value
