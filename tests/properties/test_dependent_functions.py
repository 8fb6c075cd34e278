"""Functions that depend on each other in hidden ways never give a false "complete".

x' = F and y' = c*F, where the second F is the first one written otherwise, have the law y - c*x by
construction: who says that there is none, or that all are found without it, is wrong.
"""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given

import polylaw as pl
from polylaw.algebra.function import Function
from polylaw.algebra.functions import Absolute, Atan, Cosine, Exp, Log, Root, Sine
from polylaw.domains.elementary.independence import independence
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.domains.elementary.parse import parse_element
from polylaw.domains.elementary.tower import Tower
from tests.helpers import examples

#: Ways to write a function of u, with a second argument v; all are the same where u, v > 0.
WAYS = {
    "exp": [
        "exp(u)",
        "exp(u/2)^2",
        "exp(2*u)/exp(u)",
        "exp(u + 1)/exp(1)",
        "1/exp(-u)",
        "cosh(u) + sinh(u)",
        "exp(u - v)*exp(v)",
    ],
    "log": [
        "log(u)",
        "log(u^2)/2",
        "log(3*u) - log(3)",
        "2*log(sqrt(u))",
        "-log(1/u)",
        "log(u*v) - log(v)",
        "log(abs(u))",
    ],
    "sqrt": [
        "sqrt(u)",
        "sqrt(4*u)/2",
        "sqrt(u*v)/sqrt(v)",
        "u/sqrt(u)",
        "sqrt(u^3)/u",
        "sqrt(2*u)/sqrt(2)",
        "1/sqrt(1/u)",
        "(u^2)^(1/4)",
    ],
    "sin": [
        "sin(u)",
        "2*sin(u/2)*cos(u/2)",
        "-sin(-u)",
        "tan(u)*cos(u)",
        "sin(2*u)/(2*cos(u))",
        "sin(u + v)*cos(v) - cos(u + v)*sin(v)",
    ],
    "atan": ["atan(u)", "-atan(-u)", "-atan(1/u)", "-atan((1 - u)/(1 + u))"],  # up to constants
    "abs": ["abs(u)", "sqrt(u^2)", "abs(u*v)/abs(v)", "abs(-u)", "exp(log(u))"],
}
arguments = st.sampled_from(
    ["x", "x + 1", "x^2 + 1", "x*z", "2*x", "sqrt(x) + 1", "log(z) + 2", "exp(z)", "x/z"]
)


@st.composite
def written_twice(draw: st.DrawFn) -> tuple[str, str]:
    """One function written in two ways: a product or a sum of up to two."""
    parts = []
    for name in draw(st.lists(st.sampled_from([n for n in WAYS if n != "atan"]), min_size=1, max_size=2)):
        ways = draw(st.tuples(st.sampled_from(WAYS[name]), st.sampled_from(WAYS[name])))
        u, v = draw(arguments), draw(st.sampled_from(["x", "z", "x + 2"]))
        parts.append(
            [
                w.replace("u", "U").replace("v", "V").replace("U", f"({u})").replace("V", f"({v})")
                for w in ways
            ]
        )
    mark = draw(st.sampled_from([" + ", "*"]))
    return mark.join(f"({p[0]})" for p in parts), mark.join(f"({p[1]})" for p in parts)


@examples(60)
@given(written_twice(), st.sampled_from(["1", "2", "-1/3"]))
def test_a_law_between_hidden_forms_is_found_or_the_answer_is_not_complete(
    forms: tuple[str, str], c: str
) -> None:
    first, second = forms
    try:
        flow = ElementaryODE({"x": first, "y": f"{c}*({second})", "z": "1"})
    except pl.PolylawError:
        return
    laws = pl.find_laws(flow, 1, augment=[], budget=pl.Budget(max_seconds=0.02))  # 20,000 looks
    assert not laws.complete or laws.independent.lower >= 1


#: Functions as they are, not in normal form: whether they are independent.
FAMILIES: list[tuple[list[tuple[type[Function], str, int]], bool]] = [
    ([(Exp, "x", 0), (Exp, "2*x", 0)], False),
    ([(Exp, "x", 0), (Exp, "x + 1", 0)], False),
    ([(Exp, "x", 0), (Exp, "a*x", 0), (Exp, "x^2", 0)], True),
    ([(Exp, "1/(x - 1)", 0), (Exp, "x/(x - 1)", 0)], False),
    ([(Log, "x", 0), (Log, "x^2", 0)], False),
    ([(Log, "x", 0), (Log, "3*x", 0)], False),
    ([(Log, "x", 0), (Log, "y", 0), (Log, "x*y", 0)], False),
    ([(Log, "x", 0), (Log, "x + 1", 0), (Log, "x + y", 0), (Exp, "x", 0)], True),
    ([(Exp, "x", 0), (Exp, "exp(x)", 0)], True),
    ([(Exp, "x", 0), (Log, "exp(x) + 1", 0), (Exp, "x + log(exp(x) + 1)", 0)], False),
    ([(Root, "x", 2), (Root, "4*x", 2)], False),
    ([(Root, "x", 2), (Root, "2*x", 2)], False),
    ([(Root, "x", 2), (Root, "y", 2), (Root, "x*y", 2)], False),
    ([(Root, "x", 2), (Root, "y", 2), (Root, "x + y", 2)], True),
    ([(Root, "x", 2), (Root, "x", 3)], True),
    ([(Root, "x", 2), (Root, "x^3", 4)], False),
    ([(Root, "x^2", 2)], False),
    ([(Root, "x^2 - 2*x*y + y^2", 4)], False),
    ([(Root, "x", 2), (Root, "sqrt(x) + 1", 2)], True),
    ([(Root, "x", 2), (Root, "x + 2*sqrt(x) + 1", 2)], False),
    (
        [(Root, "x^2 - 1", 2), (Root, "2*x + 2*sqrt(x^2 - 1)", 2), (Root, "x + 1", 2), (Root, "x - 1", 2)],
        False,
    ),
    ([(Atan, "x", 0), (Atan, "1/x", 0)], False),
    ([(Atan, "x", 0), (Atan, "2*x/(1 - x^2)", 0)], False),
    ([(Atan, "x", 0), (Atan, "y", 0), (Atan, "(x + y)/(1 - x*y)", 0)], False),
    ([(Atan, "x", 0), (Log, "x^2 + 1", 0)], True),
    ([(Cosine, "x", 0), (Cosine, "2*x", 0)], False),
    ([(Cosine, "x", 0), (Cosine, "y", 0), (Exp, "x", 0)], True),
    ([(Cosine, "x", 0), (Root, "1 - cos(x)^2", 2)], False),
    ([(Cosine, "x", 0), (Root, "1 - cos(x)", 2), (Root, "1 + cos(x)", 2)], False),
    ([(Cosine, "x", 0), (Root, "1 - cos(x)", 2)], True),
    ([(Cosine, "x", 0), (Cosine, "atan(y)", 0), (Atan, "y", 0)], False),
    ([(Absolute, "x", 0)], True),
    ([(Absolute, "x", 0), (Absolute, "x*y", 0), (Absolute, "y", 0)], False),
    ([(Absolute, "x^2 + 1", 0)], False),
    ([(Absolute, "x", 0), (Root, "x", 2)], False),
    ([(Exp, "1", 0), (Exp, "x", 0)], True),
    ([(Log, "2", 0), (Log, "x", 0)], True),
    ([(Log, "2", 0), (Log, "3", 0)], False),
    ([(Log, "2", 0), (Exp, "1", 0)], False),
    ([(Root, "2", 2), (Root, "3", 2), (Exp, "sqrt(2)*x", 0), (Exp, "x", 0)], True),
    ([(Root, "2", 2), (Root, "8", 2)], False),
    ([(Root, "a", 2), (Root, "a*x", 2), (Root, "x", 2)], False),
    ([(Root, "x", 2), (Root, "sqrt(x)", 2)], True),
    ([(Root, "x", 2), (Root, "1 - x", 3), (Root, "(1 - x)*(1 + sqrt(x))^3", 3)], False),
    ([(Root, "x", 2), (Root, "1 + sqrt(x)", 2), (Root, "(1 - sqrt(x))*(1 - x)", 2)], False),
    ([(Absolute, "x", 0), (Exp, "abs(x) + x + y", 0), (Exp, "y", 0)], False),
    ([(Absolute, "x", 0), (Root, "abs(x) + x + 1", 2)], False),
]


@pytest.mark.parametrize(
    ("family", "independent"), FAMILIES, ids=[str([(k.__name__, a) for k, a, _ in f]) for f, _ in FAMILIES]
)
def test_independence_is_proved_where_it_holds_and_never_where_it_does_not(
    family: list[tuple[type[Function], str, int]], independent: bool
) -> None:
    tower = Tower(pl.PolynomialODE({"x": "1", "y": "1"}, ["a"]))
    for kind, text, degree in family:
        argument = parse_element(tower, text, "argument")
        tower.add(kind(argument, degree) if issubclass(kind, Root) else kind(argument))  # type: ignore[call-arg]
        if kind is Cosine:
            tower.add(Sine(argument))
    found = independence(tower, range(len(tower.functions)), pl.Budget())
    assert found.proved == independent, found.doubt
    assert bool(found.doubt) != independent
