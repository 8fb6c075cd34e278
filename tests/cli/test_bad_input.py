"""Bad input: one line that names what was found and what was expected, exit code 2, nothing on standard
output, no traceback."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

UV = '[model]\nvariables = ["u", "v"]\nphi = ["u*v"]\n'
DATA = '[model]\nspec = "linear:2,1,2"\n[data]\n'
ODE = '[ode]\nx = "y"\ny = "-x"\n'

#: (model spec, what the message names)
SPECS = [
    ("", "model: found ''"),
    ("lineer:2,3,2", "did you mean 'linear'?"),
    ("zebra", "model: found 'zebra', expected a model family or a .toml file"),
    ("linear", "linear widths: found 'none', expected at least 2 widths"),
    ("linear:2", "linear widths: found '2'"),
    ("nmf:3,2", "nmf arguments: found '3,2', expected n,r,m"),
    ("nmf:3,2,4,5", "nmf arguments: found '3,2,4,5'"),
    ("linear:0,2", "linear width 1: found 0, expected an integer >= 1"),
    ("linear:2,-3", "linear width 2: found -3"),
    ("linear:2,1.5", "linear argument 2: found '1.5'"),
    ("linear:2,x", "linear argument 2: found 'x'"),
    ("linear:999999999,2", "number of weights: found 1999999998, expected at most"),
    ("linear:99999999999999,2", "linear argument 1: found '99999999999999'"),
    ("relu:" + ",".join(["2"] * 40), "number of path products"),
    (
        "relu:2,2?bais=true",
        "relu option: found 'bais', expected an option of this family; did you mean 'bias'?",
    ),
    ("relu:2,2?bias=perhaps", "relu option bias: found 'perhaps', expected true or false"),
    ("cp:2,2?rank=1&rank=2", "cp option rank: found 'rank twice'"),
    ("residual:2,3", "residual widths: found '2,3', expected the first and last width equal"),
    ("map:", "phi: found 'none', expected at least one component"),
    ("map:x;;y", "phi[2]: found 'end of text'"),
    ("map:1/(x - x)", "phi[1]: found 'division by zero'"),
    ("a\x1b[31mb\nc.toml", "a?[31mb?c.toml: found 'No such file or directory'"),
]

#: (options after `find linear:2,3,2`, what the message names)
OPTIONS = [
    ("--flow circular", "flow: found 'circular', expected one of gradient, momentum, ode"),
    ("--flow gradent", "did you mean 'gradient'?"),
    ("--flow ode", "flow: found 'ode', expected gradient or momentum for a model"),
    ("--flow gradient --damping 1", "damping: found '1', expected no damping for a flow of kind gradient"),
    ("--damping -1", "damping: found '-1', expected a damping >= 0"),
    ("--damping 0/t", "damping: found '0/t', expected c/t with c > 0"),
    ("--damping x/t", "damping: found 'x/t', expected c/t with a positive rational c"),
    ("--damping 1/0", "damping: found '1/0'"),
    ("--damping strong!", "damping: found '!'"),
    (
        "--damping U1_1_1",
        "damping: found 'U1_1_1', expected a rational number or an expression in parameters; U1_1_1 is not "
        "constant",
    ),
    ("--damping dU1_1_1", "dU1_1_1 is not constant along the flow"),
    (
        "--damping t",
        "damping: found 't', expected a rational number or an expression in parameters; t is not constant "
        "along the flow",
    ),
    (
        "--weight-decay 1+U1_1_1",
        "weight_decay: found '1+U1_1_1', expected a rational number or an expression in parameters",
    ),
    ("--metric rates", "metric: found '', expected a list of at least one item"),
    ("--metric rates:U1", "metric: found 'U1', expected names with values, such as rates:U=2,V=b"),
    ("--metric hyperbolic", "metric: found 'hyperbolic', expected one of euclidean, mirror"),
    ("--metric mirror:Q", "metric: found 'Q', expected a weight array or variable"),
    ("--metric rates:U1=0", "rate of U1: found '0', expected a positive constant"),
    ("--weight-decay 1/0", "weight_decay: found '1/0'"),
    (
        "--weight-decay 1 --flow momentum",
        "weight_decay: found '1', expected no weight_decay for a flow of kind momentum",
    ),
    ("--time t", "time: found 't', expected no time for a flow of kind gradient"),
    ("--degree -1", "degree: found -1, expected an integer from 1 to 200"),
    ("--degree 0", "degree: found 0"),
    ("--degree 201", "degree: found 201"),
    ("--degree 99999999999999999999999", "degree: found 99999999999999999999999"),
    ("--degree 1.5", "'1.5' is not a valid integer. (see polylaw find --help)"),
    ("--degree 3 --ansatz degree:3", "degree: found 3, expected either a degree or an ansatz"),
    ("--ansatz=", "ansatz: found ''"),
    ("--ansatz degre:3", "ansatz: found 'degre:3'"),
    ("--ansatz degree:x", "ansatz: found 'degree:x'"),
    ("--ansatz bidegree:3", "ansatz: found 'bidegree:3'"),
    ("--ansatz homogeneous:0", "degree: found 0"),
    ("--ansatz weighted:3;q=1", "ansatz variable: found 'q'"),
    ("--ansatz weighted:3;U1_1_1=0", "weight of U1_1_1: found 0"),
    ("--ansatz monomials:", "ansatz: found '', expected a list of at least one item"),
    ("--ansatz monomials:z", "ansatz monomial 1: name: found 'z'"),
    ("--ansatz monomials:1", "ansatz monomial 1: found '1'"),
    ("--ansatz monomials:U1_1_1+U1_1_2", "ansatz monomial 1: found 'U1_1_1+U1_1_2'"),
    ("--metric rates:U1=-1/2", "rate of U1: found '-1/2', expected a positive constant"),
    ("--metric rates:U1=2,U1=3", "metric: found 'U1 twice', expected each name once"),
    ("--metric rates:U1=2,,U2=3", "expected something before and after each ','"),
    ("--metric rates:U1=nan", "rate: found 'nan', expected a rational number or a symbol"),
    ("--metric rates:U1=2,U1_1_1=3", "metric: found 'U1_1_1 twice', expected each name once"),
    ("--metric mirror:U1,U1", "metric: found 'U1_1_1 twice', expected each name once"),
    ("--metric mirror:U1,", "expected something before and after each ','"),
    ("--metric mirror:", "metric: found '', expected a list of at least one item"),
    ("--metric=", "metric: found '', expected one of euclidean"),
    ("--flow=", "flow: found '', expected one of gradient, momentum, ode"),
    ("--damping Inf", "damping: found 'Inf', expected a rational number or a symbol"),
    ("--weight-decay nan", "weight_decay: found 'nan', expected a rational number or a symbol"),
    ("--ansatz weighted:6;U1_1_1=1,U1_1_1=2", "ansatz: found 'U1_1_1 twice', expected each name once"),
    ("--ansatz weighted:6;U1_1_1=1,", "expected something before and after each ','"),
    ("--ansatz weighted:6;", "ansatz: found '', expected a list of at least one item"),
    (
        "--ansatz monomials:2*U1_1_1^2",
        "ansatz monomial 1: found '2*U1_1_1^2', expected a nonconstant product of powers of variables",
    ),
    (
        "--ansatz monomials:U1_1_1,U1_1_1^1",
        "ansatz monomial 2: found 'U1_1_1^1', expected each monomial once; it is monomial 1",
    ),
    ("--ansatz monomials:U1_1_1,", "expected something before and after each ','"),
    ("--variables U1_1_1,", "--variables: found 'U1_1_1,', expected something before and after each ','"),
    ("--variables=", "--variables: found '', expected a list of at least one item"),
    ("--variables U1_1_1,W", "ansatz variable: found 'W', expected a variable of this flow"),
    (
        "--variables U1_1_1,U1_1_1",
        "variables: found 'U1_1_1,U1_1_1', expected at least one variable, each once",
    ),
    ("--jobs 0", "--jobs: found 0, expected a number of processes from 1 to 256"),
    ("--jobs 100000", "--jobs: found 100000"),
    ("--max-seconds 0", "max_seconds: found 0.0, expected a positive number"),
    ("--max-seconds -1", "max_seconds: found -1.0"),
    ("--max-seconds nan", "max_seconds: found nan"),
    ("--max-unknowns 0", "max_unknowns: found 0"),
    ("--dampin 1", "No such option"),
    ("more", "unexpected extra argument (more) (see polylaw find --help)"),
]

#: (law for `check linear:2,3,2`, what the message names)
LAWS = [
    ("", "law: found 'end of text'"),
    ("U1_1_1^2 -", "see column 11"),
    ("U9_1_1", "law: name: found 'U9_1_1', expected a variable or a parameter"),
    ("dU1_1_1", "law: found 'dU1_1_1', expected a name of this flow's state; dU1_1_1 is a velocity"),
    ("exp(t)*U1_1_1", "law: found 't', expected a law without time"),
    ("1/(U1_1_1 - U1_1_1)", "found 'division by zero', expected a nonzero denominator"),
    ("log(U1_1_1) + logg(U1_1_1)", "law: found 'logg'"),
    ("U1_1_1^U1_1_2", "expected a constant exponent"),
    ("log(U1_1_1^2 - U1_1_1*U1_1_1)", "law: found '0', expected an argument that is not 0"),
    ("exp((U1_1_1 + U1_1_2 + 1)^900)*log(2)", "expected at most"),
    ("U1_1_1 = 0", "law: found '= 0'"),
    ("__import__('os').system('echo owned')", "law: found "),
    ("(lambda: 0)()", "law: found "),
    ("U1_1_1.__class__", "law: found '.__class__'"),
    ("(" * 5000 + "U1_1_1" + ")" * 5000, "expected at most 100 nested parentheses"),
    ("U1_1_1^999999999", "law: found '999999999 degree', expected at most 1000"),
    ("9^9^9^9", "law: found '^'"),
    ("(U1_1_1 + U1_1_2 + U1_1_3 + U1_2_1)^400", "terms', expected at most 200000"),
    ("7" * 5000, "expected at most 4000 digits"),
    ("U1_1_1²", "law: found '²'"),
    ("Ü^2", "law: found 'Ü^2'"),
    ("\u202eU1_1_1", r"law: found '\u202eU1_1_1'"),
    ("\udcff", r"law: found '\udcff'"),
    ("\x00", r"law: found '\x00'"),
]

#: (text of a model file, what the message names beside the file)
FILES = [
    (
        ".".join(["a"] * 200_000) + " = 1",
        "line 1: found 'a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a', expected keys of at most 16 dotted parts",
    ),
    (
        "[model]\nx = {" + ".".join(["a"] * 200_000) + " = 1}",
        "line 2: found 'a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a'",
    ),
    ("[" + " . ".join(["'a b'"] * 200_000) + "]", "expected keys of at most 16 dotted parts"),
    (
        '[parameters]\na = 0\n[ode]\nx = "1/a"',
        "ode.x: found '1/a', expected a nonzero denominator; a is 0 for the values",
    ),
    ("", "model: found 'neither [model] nor [program] nor [ode]', expected exactly one of them"),
    (UV + ODE, "model: found 'both [model] and [ode]'"),
    ("[modell]\n", "key modell: found 'modell', expected a known key; did you mean 'model'?"),
    (UV + 'fi = "x"', "key model.fi: found 'fi'"),
    (
        UV + '[flow]\ndampin = "1"',
        "key flow.dampin: found 'dampin', expected a known key; did you mean 'damping'?",
    ),
    ('model = "linear:2,2"', "model: found 'linear:2,2', expected a table; write [model]"),
    ('[model]\nvariables = ["u"]', "model.phi: found 'nothing'"),
    ('[model]\nphi = ["u"]', "model.variables: found 'nothing'"),
    ('[model]\nvariables = ["u"]\nphi = "u"', "model.phi: found 'u', expected a list of texts"),
    ('[model]\nvariables = ["u"]\nphi = []', "phi: found 'none'"),
    ('[model]\nvariables = ["u", "u"]\nphi = ["u"]', "variable name: found 'u', expected each name once"),
    ('[model]\nvariables = ["u v"]\nphi = ["1"]', "variable name: found 'u v'"),
    ('[model]\nvariables = ["u"]\nphi = ["u*w"]', "phi[1]: name: found 'w'"),
    ('[model]\nvariables = ["u"]\nphi = ["u", true]', "model.phi[2]: found True, expected text in quotes"),
    ('[model]\nvariables = ["u"]\nphi = [true]', "model.phi[1]: found True"),
    (
        '[model]\nphi = ["1"]\n[model.matrices]\nU = [2, 0]',
        "model.matrices.U: found [2, 0], expected a shape",
    ),
    (
        '[model]\nphi = ["1"]\n[model.matrices]\nU = [99999, 99999]',
        "number of weights of U: found 9999800001",
    ),
    ('[model]\nspec = "linear:2,2"\nphi = ["x"]', "model.phi: found ['x'], expected nothing beside spec"),
    (
        'parameters = ["a"]\n[model]\nspec = "linear:2,2"',
        "model.parameters: found ['a'], expected nothing beside spec",
    ),
    ('[model]\nspec = "linear:2"', "linear widths: found '2'"),
    ("[parameters]\na = 1\n" + UV, "parameters: found ['a'], expected symbols only, for a model"),
    ('name = "two\\nlines"\n' + UV, r"name: found 'two\nlines', expected one line"),
    (f'name = "{"x" * 300}"\n' + UV, "name: found 'xxx"),
    (UV + "[flow]\nkind = 3", "flow.kind: found 3, expected text in quotes"),
    (UV + '[flow]\nkind = "circular"', "flow: found 'circular'"),
    (UV + "[flow]\ndamping = true", "flow.damping: found True"),
    (
        UV + '[flow]\nkind = "gradient"\ndamping = "1"',
        "damping: found '1', expected no damping for a flow of kind gradient",
    ),
    (UV + "[flow]\nmetric = 3", "metric: found 3"),
    (
        UV + "[flow]\nmetric = [[1, 0], [0]]",
        "metric: found '2 rows', expected a square matrix with 2 rows and columns",
    ),
    ("[ode]\n", "ode: found 'no equation'"),
    ("[ode]\nx = nan", "found 'nan', expected a finite number"),
    ('[ode]\nx = "g*x"', "ode.x: name: found 'g'"),
    ("[ode]\nx = v", 'expected valid TOML (Invalid value); put text in quotes: x = "v"'),
    ('[ode]\nx = "ln(x)"', "ode.x: name: found 'ln', expected a variable or a parameter; write log(x)"),
    (
        '[ode]\nx = "x + t"',
        "ode.x: name: found 't', expected a variable or a parameter; time is declared by --time t, by time =",
    ),
    (
        '[ode]\nx = "sin(th)"',
        "found 'th', expected a variable or a declared parameter; a symbol is declared by parameters = "
        '["th"],',
    ),
    (
        '[ode]\nx = "cos(t)"\n[flow]\ntime = "exp(2*t)"',
        "time: found 'exp(2*t)', expected t, for an ODE with functions",
    ),
    (
        'parameters = ["t"]\n[ode]\nx = "t"',
        "parameters: found 't', expected names of constants; time is declared by --time t",
    ),
    (
        '[model]\nvariables = ["u"]\nphi = ["exp(u)"]\nmetric = "mirror"',
        "metric: found 'mirror', expected no metric",
    ),
    ('parameters = ["x"]\n' + ODE, "variable name: found 'x', expected each name once"),
    ("parameters = 3\n" + ODE, "parameters: found 3, expected a list of texts"),
    (ODE + '[flow]\nkind = "gradient"', "flow.kind: found 'gradient', expected ode"),
    (ODE + '[flow]\nmetric = "mirror"', "metric: found 'mirror', expected no metric for a flow of kind ode"),
    (ODE + '[flow]\ntime = "sin(t)"', "time: found 'sin(t)', expected t or exp(rate*t)"),
    ("data = 3\n" + UV, "data: found 3, expected a table; write [data]"),
    (ODE + "[data]\ninputs = [[1]]", "data: found {'inputs': [[1]]}, expected no [data] beside [ode]"),
    (
        UV + "[data]\ninputs = [[1]]",
        "data: model: found 'model', expected a model with inputs; linear, lora, factorization",
    ),
    (
        '[model]\nspec = "nmf:2,1,2"\n[data]\ninputs = [[1, 0]]',
        "data: model: found 'nmf 2-1-2', expected a model with inputs",
    ),
    (DATA, "data.inputs: found 'nothing', expected a list of points"),
    (
        DATA + 'inputs = [[1, 0]]\nlos = "any"',
        "key data.los: found 'los', expected a known key; did you mean 'loss'?",
    ),
    (DATA + "inputs = []", "data: inputs: found [], expected a list of points"),
    (DATA + "inputs = [1, 0]", "data: inputs[1]: found 1, expected a list of exact numbers"),
    (
        DATA + "inputs = [[1, 0], [1]]",
        "data: inputs[2]: found '1 number', expected 2, one for each of x1, x2",
    ),
    (DATA + 'inputs = [[1, "a"]]', "data: inputs[1][2]: found 'a', expected a rational number such as"),
    (DATA + "inputs = [[1, true]]", "data: inputs[1][2]: found True"),
    (
        DATA + "inputs = [{x1 = 1}]",
        "data: inputs[1]: found 'nothing for x2', expected a number for each of x1, x2",
    ),
    (
        DATA + "inputs = [{x1 = 1, x2 = 2, y = 1}]",
        "data: inputs[1]: found 'y', expected the name of an input",
    ),
    (DATA + "inputs = [[1, 0]]\nloss = 3", "data.loss: found 3, expected text in quotes"),
    (
        DATA + 'inputs = [[1, 0]]\nloss = "sqare"',
        "data: loss: found 'sqare', expected any, square or a polynomial in z1 to z2; did",
    ),
    (DATA + 'inputs = [[1, 0]]\nloss = "z1 -"', "data: loss: found 'end of text'"),
    (DATA + 'inputs = [[1, 0]]\nloss = "1/z1"', "data: loss: found '1/z1', expected a polynomial"),
    (
        DATA + 'inputs = [[1, 0]]\nloss = "z1^999"',
        "data: loss at inputs[1]: found '1998 degree', expected at most 1000",
    ),
    (
        DATA + 'inputs = [[1, 0]]\nloss = "square"',
        "data: targets: found 'nothing', expected a list of targets for each point",
    ),
    (
        DATA + 'inputs = [[1, 0]]\nloss = "z1*y2"',
        "data: targets: found 'nothing', expected a list of targets for each point",
    ),
    (
        DATA + 'inputs = [[1, 0]]\ntargets = [[1, 0], [0, 1]]\nloss = "square"',
        "data: targets: found '2 targets', expected 1, one",
    ),
    (
        DATA + 'inputs = [[1, 0]]\ntargets = [[1]]\nloss = "square"',
        "data: targets[1]: found '1 number', expected 2, one for each output",
    ),
    (
        DATA + "inputs = [[1, 0], [0, 1]]\ntargets = [[1], []]",
        "data: targets[2]: found '0 numbers', expected 1, as for the first point",
    ),
    (
        '[model]\nparameters = ["x"]\nvariables = ["u"]\nphi = ["u/x"]\n[data]\ninputs = [[0]]',
        "data: inputs[1]: found 'a pole of phi[1]'",
    ),
    (f"{UV}[expect]\n", "expect: found 'an empty table', expected laws, not_laws, count or no_law_degree"),
    (f"{UV}[expect]\nlws = 3", "key expect.lws: found 'lws', expected a known key; did you mean 'laws'?"),
    (
        f"{UV}[expect]\nlaws = []",
        "expect.laws: found [], expected at least one law; an empty list says nothing; leave the key out",
    ),
    (f"{UV}[expect]\ncount = 1\nnot_laws = []", "expect.not_laws: found [], expected at least one law"),
    (f"{UV}[expect]\nlaws = [true]", "expect.laws[1]: found True, expected text in quotes"),
    (
        f'{UV}[expect]\ncount = "3"',
        "expect.count: found '3', expected an integer >= 0, without quotes; for example count = 3",
    ),
    (f"{UV}[expect]\ncount = [3, 4]", "expect.count: found [3, 4], expected an integer >= 0"),
    (f"{UV}[expect]\nno_law_degree = true", "expect.no_law_degree: found True, expected an integer >= 0"),
    ("expect = 3\n" + UV, "expect: found 3, expected a table; write [expect]"),
    ("[model\n", "expected valid TOML"),
    (b"\x7fELF\x02\x01\x00\xff\xfe", "found 'byte 0xff at offset 7', expected UTF-8 text"),
    ('name = "é"'.encode()[:-2], "found 'byte 0xc3 at offset 8', expected UTF-8 text"),
    ("x = " + "[" * 100_000 + "]" * 100_000, "expected a plain TOML file"),
    ("x = " + "{a=" * 20_000 + "1" + "}" * 20_000, "expected a plain TOML file"),
    ("x = " + "9" * 5000, "expected a plain TOML file"),
]


def short(value: object) -> str:
    """An identifier for a test, from text of any length."""
    return ascii(value)[:60]


def refused(run: Any, *words: str) -> None:
    """Exit code 2, one line on standard error with all the words in it, and nothing else."""
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("polylaw: ")
    assert run.err.endswith("\n")
    assert run.err.count("\n") == 1
    assert len(run.err) < 900
    assert [word for word in words if word not in run.err] == [], run.err


@pytest.mark.parametrize(("spec", "words"), SPECS, ids=short)
def test_models(polylaw: Any, spec: str, words: str) -> None:
    refused(polylaw("find", spec), words)


@pytest.mark.parametrize(("options", "words"), OPTIONS, ids=short)
def test_options(polylaw: Any, options: str, words: str) -> None:
    refused(polylaw("find", "linear:2,3,2", *options.split()), words)


@pytest.mark.parametrize(("law", "words"), LAWS, ids=short)
def test_laws(polylaw: Any, law: str, words: str) -> None:
    refused(polylaw("check", "linear:2,3,2", law), words)


@pytest.mark.parametrize(("content", "words"), FILES, ids=short)
def test_files(polylaw: Any, written: Any, content: str | bytes, words: str) -> None:
    path = written(content)
    refused(polylaw("find", path), f"polylaw: {path}: ", words)


def test_a_name_used_twice_as_variable_and_velocity(polylaw: Any, written: Any) -> None:
    path = written('[model]\nvariables = ["u", "du"]\nphi = ["u"]')
    refused(polylaw("find", path, "--flow", "momentum"), "variable name: found 'du', expected each name once")


def test_options_of_a_gradient_flow_on_an_ode(polylaw: Any, written: Any) -> None:
    path = written(ODE)
    refused(
        polylaw("find", path, "--damping", "1"),
        path,
        "damping: found '1', expected no damping for a flow of kind ode",
    )
    refused(polylaw("find", path, "--time", "exp(g*t)"), path, "declare its names as parameters")


def test_unreadable_files(polylaw: Any, tmp_path: Path) -> None:
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    refused(polylaw("find", str(folder)), f"{folder}: found ")
    missing = str(tmp_path / "missing.toml")
    refused(polylaw("find", missing), f"{missing}: found 'No such file or directory'")
    refused(polylaw("find", "null\0character.toml"), "expected a path")


def test_a_file_without_permission(polylaw: Any, written: Any) -> None:
    path = written(UV)
    os.chmod(path, 0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    refused(polylaw("find", path), f"{path}: found 'Permission denied'")


def test_missing_arguments_and_commands(polylaw: Any) -> None:
    refused(polylaw("find"), "Missing argument 'MODEL'. (see polylaw find --help)")
    refused(polylaw("check", "linear:2,2"), "Missing argument 'LAW'. (see polylaw check --help)")
    refused(polylaw("fnd"), "No such command 'fnd'", "(see polylaw --help)")
    refused(polylaw("find", "linear:2,2", "two\nlines"), "(two?lines)")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["find", "lineer:2,3,2"], "did you mean 'linear'?", marks=pytest.mark.slow),
        pytest.param(
            ["find", "linear:2,3,2", "--damping", "-1"], "damping: found '-1'", marks=pytest.mark.slow
        ),
        pytest.param(["check", "linear:2,3,2", "(" * 5000], "law: found '('", marks=pytest.mark.slow),
    ],
    ids=["model", "option", "law"],
)
def test_in_a_process_of_its_own(process: Any, arguments: list[str], words: str) -> None:
    refused(process(*arguments), words)
