"""From specs and TOML files to flows: every key, and which of two places that say the same wins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import polylaw as pl
from polylaw.errors import InputError, PolylawError, UnknownNameError
from polylaw.readers import FlowOptions, expectations_of_file, flow_from_file, flow_of, flow_of_spec

UV = '[model]\nvariables = ["u", "v"]\nphi = ["u*v"]\n'
MATRICES = '[model]\nphi = ["U_1_1*V_1_1 + U_1_2*V_1_2"]\n[model.matrices]\nU = [1, 2]\nV = [1, 2]\n'


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """The flow of a file with the given text, named `pair.toml`."""

    def flow(text: str, **options: Any) -> pl.Flow:
        path = tmp_path / "pair.toml"
        path.write_text(text, "utf-8")
        return flow_from_file(path, FlowOptions(**options))

    return flow


def laws(flow: pl.Flow) -> list[str]:
    """The generators to degree 2, as text."""
    return [str(h) for h in pl.find_laws(flow).generators]


# -- options ---------------------------------------------------------------------------------------
def test_options_that_are_said_go_over_those_that_are_not() -> None:
    here, there = (
        FlowOptions(damping=0, metric="mirror"),
        FlowOptions(kind="momentum", damping="tau", time="t"),
    )
    assert here.over(there) == FlowOptions(kind="momentum", damping=0, metric="mirror", time="t")
    assert FlowOptions().over(there) == there.over(FlowOptions()) == there


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "gradient flow, Euclidean"),
        ({"kind": "momentum"}, "momentum flow, damping 0"),
        ({"damping": 0}, "momentum flow, damping 0"),
        ({"damping": "3/t"}, "momentum flow, damping 3/t"),
        (
            {"kind": "momentum", "damping": "tau", "metric": "mirror"},
            "momentum flow, damping tau, metric mirror",
        ),
        ({"metric": "rates:U1=2"}, "gradient flow, metric rates:U1=2"),
        ({"weight_decay": "lam"}, "gradient flow, Euclidean, weight decay lam"),
        ({"weight_decay": 0}, "gradient flow, Euclidean"),
    ],
    ids=str,
)
def test_a_model_moves_as_the_options_say(options: dict[str, Any], name: str) -> None:
    model = pl.models.linear(2, 1, 2)
    assert (
        flow_of(model, FlowOptions(**options)).name
        == flow_of_spec("linear:2,1,2", FlowOptions(**options)).name
        == name
    )


def test_the_options_of_the_call_go_over_the_flow_table(read: Any) -> None:
    momentum = UV + '[flow]\nkind = "momentum"\ndamping = "tau"\n'
    assert read(momentum).name == "momentum flow, damping tau"
    assert read(momentum, damping="3/t").name == "momentum flow, damping 3/t"
    assert read(UV + '[flow]\nmetric = "mirror"\n', metric="euclidean").name == "gradient flow, Euclidean"
    assert (
        read(UV + '[flow]\nweight_decay = "1/10"\n', weight_decay="lam").name
        == "gradient flow, Euclidean, weight decay lam"
    )


def test_a_metric_comes_from_the_call_the_flow_table_the_model_table_or_the_family_in_this_order(
    read: Any,
) -> None:
    family = '[model]\nspec = "nmf:2,1,2"\n'
    model = f'{family}metric = "mirror:U"\n'
    flow = f'{model}[flow]\nmetric = "mirror:V"\n'
    names = [read(text).metric.name for text in (family, model, flow)]
    assert names == ["mirror", "mirror:U", "mirror:V"]
    assert read(flow, metric="euclidean").metric.name == "euclidean"


# -- files with a model ----------------------------------------------------------------------------
def test_a_file_with_a_spec(read: Any) -> None:
    flow = read('[model]\nspec = "linear:2,1,2"\n')
    assert (flow.title, flow.model.dimension) == ("linear 2-1-2", 4)


def test_a_spec_that_ends_in_toml_is_a_path(read: Any, tmp_path: Path) -> None:
    assert read(UV).ring == flow_of_spec(str(tmp_path / "pair.toml")).ring


def test_variables_and_phi(read: Any) -> None:
    flow = read(UV)
    assert flow.ring.variables == ("u", "v")
    assert laws(flow) == ["u^2 - v^2"]


def test_numbers_may_be_integers_decimals_in_quotes_or_fractions(read: Any) -> None:
    assert laws(read('[model]\nvariables = ["u", "v"]\nphi = [3, "1.5*u*v", "u*v/7"]\n')) == ["u^2 - v^2"]


def test_matrices_come_before_variables_and_name_the_laws(read: Any) -> None:
    flow = read(
        '[model]\nvariables = ["b"]\nphi = ["U_1_1*V_1_1 + U_1_2*V_1_2", "b"]\n[model.matrices]\nU = [1, '
        "2]\nV = [1, 2]\n"
    )
    assert flow.ring.variables == ("U_1_1", "U_1_2", "V_1_1", "V_1_2", "b")
    assert flow.arrays == {"U": (1, 2), "V": (1, 2)}
    named, _ = pl.name_laws(pl.find_laws(flow))
    assert {group.name for group in named} == {"U' U - V' V", "U' V - V' U"}


def test_arrays_of_any_order(read: Any) -> None:
    flow = read('[model]\nphi = ["s*G_1_2_1 + w_2"]\n[model.matrices]\ns = []\nw = [2]\nG = [1, 2, 1]\n')
    assert flow.ring.variables == ("s", "w_1", "w_2", "G_1_1_1", "G_1_2_1")


@pytest.mark.parametrize(
    "place", ["{symbols}[model]\n{rest}", "[model]\n{symbols}{rest}"], ids=["above", "in the model table"]
)
def test_symbols_of_a_model(read: Any, place: str) -> None:
    flow = read(
        place.format(symbols='parameters = ["c"]\n', rest='variables = ["u", "v"]\nphi = ["u*v + c*u"]\n')
    )
    assert flow.ring.parameters == ("c",)
    assert laws(flow) == ["u^2 - v^2 - 2*c*v"]


def test_a_metric_as_rows_of_a_matrix(read: Any) -> None:
    rows = 'metric = [["u", 0], [0, "2*v"]]\n'
    in_model, in_flow = read(UV + rows), read(UV + "[flow]\n" + rows)
    assert laws(in_model) == laws(in_flow) == ["2*u - v"]
    assert in_model.metric == in_flow.metric


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (UV, "pair"),
        ('name = "two weights"\n' + UV, "two weights"),
        (UV + 'name = "in the table"\n', "in the table"),
        ('name = "above"\n' + UV + 'name = "in the table"\n', "in the table"),
        ('name = "my network"\n[model]\nspec = "linear:2,1,2"\n', "my network"),
        ('name = "growth"\n[ode]\nx = "x"\n', "growth"),
        ('[ode]\nx = "x"\n', "pair"),
    ],
    ids=["the file", "above", "table", "both", "over a spec", "an ode", "an ode in a file"],
)
def test_names(read: Any, text: str, title: str) -> None:
    assert read(text).title == title


def test_momentum_of_matrices_has_velocity_arrays(read: Any) -> None:
    flow = read(MATRICES + "[flow]\ndamping = 0\n")
    assert flow.arrays == {"U": (1, 2), "V": (1, 2), "dU": (1, 2), "dV": (1, 2)}


# -- files with data -------------------------------------------------------------------------------
POINTS = '[data]\ninputs = [[1, 0], ["1/2", 3]]\ntargets = [[1, 1], [0, "2/3"]]\nloss = "square"\n'


def test_a_model_on_data(read: Any) -> None:
    flow = read('[model]\nspec = "linear:2,2,2"\n' + POINTS)
    model = pl.models.on_data(pl.models.linear(2, 2, 2), [[1, 0], ["1/2", 3]], [[1, 1], [0, "2/3"]], "square")
    assert flow.model == model
    assert flow.title == "linear 2-2-2 on 2 points"
    assert flow.distribution.steps == model.notes


def test_data_of_a_map_by_the_names_of_its_parameters(read: Any) -> None:
    text = (
        'parameters = ["x", "c"]\n[model]\nvariables = ["u", "v"]\nphi = ["u*v*x + '
        'c*u"]\n[data]\ninputs = [{x = 2, c = "1/3"}]\n'
    )
    assert [str(component) for component in read(text).model.phi] == ["2*u*v + 1/3*u"]


def test_data_goes_with_any_flow(read: Any) -> None:
    flow = read('[model]\nspec = "linear:2,2,2"\n' + POINTS + '[flow]\ndamping = "3/t"\n')
    assert flow.name == "momentum flow, damping 3/t"
    assert flow.distribution.steps[:1] == flow.model.notes


# -- files with an ODE -----------------------------------------------------------------------------
def test_the_order_of_equations_is_the_order_of_variables(read: Any) -> None:
    assert read('[ode]\ny = "z"\nx = 1\nz = "-y"\n').ring.variables == ("y", "x", "z")


def test_parameters_as_symbols_or_as_values(read: Any) -> None:
    equations = '[ode]\nx = "a*y"\ny = "-b*x"\n'
    symbols, values = (
        read('parameters = ["a", "b"]\n' + equations),
        read('[parameters]\na = 2\nb = "1/2"\n' + equations),
    )
    assert (symbols.ring.parameters, values.ring.parameters) == (("a", "b"), ())
    assert (laws(symbols), laws(values)) == (["b*x^2 + a*y^2"], ["x^2 + 4*y^2"])


def test_a_rational_right_hand_side_is_cleared_and_recorded(read: Any) -> None:
    flow = read('[ode]\nx = "1/(1 + y)"\ny = "x/(1 - y)"\n')
    assert flow.distribution.steps == ("time rescaled: the field was multiplied by its denominator y^2 - 1",)
    assert read('[ode]\nx = "1/2*y"\ny = "x"\n').distribution.steps == ()


def test_time_as_t_and_as_an_exponential(read: Any) -> None:
    assert laws(read('[ode]\nx = 2\n[flow]\ntime = "t"\n')) == ["x - 2*t"]
    decay = 'parameters = ["g"]\n[ode]\nx = "-2*g*x"\n'
    assert laws(read(decay + '[flow]\nkind = "ode"\ntime = "exp(g*t)"\n')) == ["exp(2*g*t)*x"]
    assert laws(read(decay, time="exp(2*g*t)")) == ["exp(2*g*t)*x"]


def test_decimals_of_toml_are_read_exactly_as_written(read: Any) -> None:
    assert (
        laws(read('[parameters]\nk = 0.04\n[ode]\nx = "-k*y"\ny = "1e2*k*y + 0.350E+00"\nz = 2.5e-1\n'))[0]
        == "500*x + 5*y - 7*z"
    )
    assert read(UV + "[flow]\ndamping = 0.5\n").name == "momentum flow, damping 1/2"
    assert laws(read('[model]\nvariables = ["u", "v"]\nphi = [1.5, "u*v"]\n')) == ["u^2 - v^2"]


# -- errors ----------------------------------------------------------------------------------------
def test_errors_name_file_and_key_and_keep_their_kind(read: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"pair\.toml: found '-inf', expected a finite number"):
        read(UV + "[flow]\ndamping = -inf\n")
    with pytest.raises(UnknownNameError, match=r"pair\.toml: key model\.metrik: .*did you mean 'metric'"):
        read(UV + 'metrik = "mirror"\n')
    with pytest.raises(PolylawError) as caught:
        flow_from_file(tmp_path / "absent.toml")
    assert caught.value.argument == str(tmp_path / "absent.toml")


def test_a_file_that_is_too_long_is_refused_before_it_is_parsed(read: Any) -> None:
    with pytest.raises(PolylawError, match="more than 5000000 bytes"):
        read("#" * 5_000_001)


def test_nothing_in_a_file_is_run_as_code(read: Any, tmp_path: Path) -> None:
    target = tmp_path / "owned"
    with pytest.raises(PolylawError):
        read(f"""[ode]\nx = "open('{target.as_posix()}', 'w')"\n""")
    assert not target.exists()


def test_a_metric_row_that_is_no_list_is_an_input_error(tmp_path):
    path = tmp_path / "flat.toml"
    path.write_text('[model]\nvariables = ["u", "v"]\nphi = ["u*v"]\n[flow]\nmetric = [1, 2]\n')
    with pytest.raises(InputError, match="a square matrix with 2 rows"):
        flow_from_file(path)


FIRST_MISTAKES = {
    '[ode]\nx = y\ny = "-x"\n': "line 2: found 'x = y', expected valid TOML (Invalid value); put text in "
    'quotes: x = "y"',
    "[ode]\nx = -y\n": 'put text in quotes: x = "-y"',
    'parameters = [a, b]\n[ode]\nx = "a*x"\n': 'put text in quotes: parameters = ["a", "b"]',
    '[ode\nx = "y"\n': "line 1: found '[ode'",
    '[ode]\nx = "y\n': "line 2: found 'x = \"y', expected valid TOML (Illegal character '?n'); close the "
    "quotes",
    '[ode]\nx = "x"\nx = "2*x"\n': "each key once",
    '[ode]\nx = "k*x"\n': 'a symbol is declared by parameters = ["k"]',
    '[ode]\nx = "x + t"\n': 'time is declared by --time t, by time = "t" in the table [flow]',
    '[ode]\nx = "ln(x)"\n': "write log(x)",
}


@pytest.mark.parametrize("text", FIRST_MISTAKES)
def test_first_mistakes_get_advice(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        flow_from_file(path)
    assert FIRST_MISTAKES[text].replace("?n", "\\n") in str(error.value)


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    path = tmp_path / "model.toml"
    path.write_bytes(b"\xef\xbb\xbf[ode]\nx = '1'\n")
    assert flow_from_file(path).ring.variables == ("x",)


def test_a_path_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_text("[ode]\nx = '1'\n", encoding="utf-8")
    assert flow_of_spec(path).ring.variables == ("x",)


@pytest.mark.parametrize(
    ("spec", "advice"),
    [
        ("mlp:2,3,2", "relu:2,3,2 or linear:2,3,2"),
        ("cnn", "conv:2,2,2"),
        ("transformer", "attention:d1=2,dim=3"),
        ("model.yaml", "a file must end in .toml"),
        ("linaer:2,3", "did you mean 'linear'?"),
    ],
)
def test_other_names_of_models_lead_to_families(spec: str, advice: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        flow_of_spec(spec)
    assert advice in str(error.value)


def test_the_specs_that_are_advised_work() -> None:
    for spec in (
        "relu:2,3,2",
        "linear:2,3,2",
        "conv:2,2,2?taps=3",
        "residual:2,3,2",
        "attention:d1=2,dim=3",
        "softmax:2,3",
    ):
        assert flow_of_spec(spec).distribution.fields


@pytest.mark.parametrize(
    ("said", "typed", "name"),
    [
        ('kind = "momentum"\ndamping = "3/t"', {"kind": "gradient"}, "gradient flow, Euclidean"),
        ('damping = "3/t"', {"kind": "gradient"}, "gradient flow, Euclidean"),
        ('damping = "3/t"\nmetric = "mirror"', {"kind": "gradient"}, "gradient flow, metric mirror"),
        (
            'damping = "3/t"',
            {"kind": "gradient", "weight_decay": 1},
            "gradient flow, Euclidean, weight decay 1",
        ),
        ('weight_decay = "1/2"', {"kind": "momentum"}, "momentum flow, damping 0"),
        (
            'kind = "momentum"\nweight_decay = "1/2"\nmetric = "mirror"',
            {"kind": "gradient"},
            "gradient flow, metric mirror",
        ),
        ('damping = "3/t"', {"kind": "momentum"}, "momentum flow, damping 3/t"),
        ('kind = "momentum"', {"damping": 1}, "momentum flow, damping 1"),
    ],
)
def test_another_kind_of_flow_takes_back_what_the_file_says(
    written: Any, said: str, typed: dict[str, Any], name: str
) -> None:
    path = written(f'[model]\nspec = "linear:1,1,1"\n[flow]\n{said}\n')
    assert flow_from_file(path, FlowOptions(**typed)).name == name


def test_what_is_not_taken_back_is_still_a_contradiction(written: Any) -> None:
    path = written('[model]\nspec = "linear:1,1,1"\n[flow]\nkind = "gradient"\ndamping = 1\n')
    for typed in (FlowOptions(), FlowOptions(kind="gradient")):
        with pytest.raises(InputError, match="damping: found 1, expected no damping"):
            flow_from_file(path, typed)
    with pytest.raises(InputError, match="weight_decay: found '1/2', expected no weight_decay"):
        flow_from_file(
            written('[model]\nspec = "linear:1,1,1"\n[flow]\nweight_decay = "1/2"\n'), FlowOptions(damping=1)
        )


def test_expectations_are_known_to_every_reader(written: Any) -> None:
    path = written(
        '[ode]\nx = "y"\ny = "-x"\n[expect]\nlaws = "x^2 + y^2"\nnot_laws = ["x"]\ncount = '
        "1\nno_law_degree = 1\n"
    )
    assert expectations_of_file(path) == {
        "laws": ["x^2 + y^2"],
        "not_laws": ["x"],
        "count": [1],
        "no_law_degree": [1],
    }
    assert flow_from_file(path).ring.variables == ("x", "y")
    assert expectations_of_file(written('[ode]\nx = "y"\n')) == {}
