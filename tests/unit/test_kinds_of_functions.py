"""A function is one class: everything else asks it, and what it does not say is refused or in doubt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polylaw as pl
from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Function, everywhere
from polylaw.algebra.functions import CALLS, ELSEWHERE, KINDS, Log
from polylaw.algebra.generators import TIME
from polylaw.domains.elementary.borders import Slope
from polylaw.domains.elementary.flow import fields_of
from polylaw.domains.elementary.independence import independence
from polylaw.domains.elementary.ode import ElementaryODE
from polylaw.domains.elementary.parse import expression_of
from polylaw.domains.elementary.tower import Tower
from polylaw.errors import InputError, VerificationError

FLOW = pl.PolynomialODE({"x": "1", "y": "2"}, ["c"])
#: The checker stands alone, doors read the words of other libraries, rules of networks have names of their
#: own, and programs functions of arrays; exp of the clock is part of polynomials and words.
ALONE = (
    "proof/checker.py",
    "proof/coq",
    "algebra/functions.py",
    "torch/",
    "jax/",
    "networks/flat.py",
    "programs/",
    "appendix/network_lemmas.py",
)
CLOCK = (
    "algebra/parse.py",
    "algebra/words/",
    "geometry/matrices.py",
    "models/shaped.py",
    "appendix/matrices.py",
)


def test_the_names_of_the_grammar_are_those_of_the_table() -> None:
    named = {name for name in (function.name for function in KINDS.values()) if name not in ("", TIME)}
    assert named <= set(CALLS)
    assert set(ELSEWHERE.values()) <= set(CALLS)
    assert not set(ELSEWHERE) & set(CALLS)
    assert all(kind == function.kind for kind, function in KINDS.items())


def test_no_other_file_compares_names_of_functions() -> None:
    room = Path(pl.__file__).parent
    quoted = re.compile(rf"""["']({"|".join(CALLS)})["']""")
    found = [
        (path.relative_to(room).as_posix(), name)
        for path in sorted(room.rglob("*.py"))
        for name in quoted.findall(path.read_text("utf-8"))
    ]
    other = [(path, name) for path, name in found if not any(part in path for part in ALONE)]
    other = [(path, name) for path, name in other if name != "exp" or not any(part in path for part in CLOCK)]
    assert other == []


class Erf(Function[Quotient]):
    """The error function, without what independence needs."""

    name, asks = "erf", everywhere

    def slope(self, w: Quotient, partner: Quotient) -> Quotient:
        return w**0

    def value(self, a: Any) -> Any:
        return a.erf()


def test_nothing_is_taken_for_independent_that_nothing_is_known_of() -> None:
    tower = Tower(FLOW)
    tower.add(Erf(tower.element(FLOW.ring.generator("x"))))
    assert independence(tower, [0], pl.Budget()).doubt == "nothing is known of erf(x)"
    tower = Tower(FLOW)
    tower.add(Erf(tower.constant(1)))
    doubt = independence(tower, [0], pl.Budget()).doubt
    assert doubt == "whether the numbers erf(1) are independent is not known"
    tower = Tower(FLOW)
    tower.add(Log(tower.constant(2)))
    assert independence(tower, [0], pl.Budget()).proved


class Square(Erf):
    """An algebraic function that does not say how its relation holds modulo primes."""

    name, order = "square", 2


def test_an_algebraic_function_has_values_modulo_primes_only_if_it_says_which() -> None:
    x = Tower(FLOW).constant(1)
    values, random = np.ones(3, dtype=np.int64), np.random.default_rng(0)
    assert len(Erf(x).residues(values, 101, random)[0][0]) == 3
    with pytest.raises(VerificationError, match="modulo primes"):
        Square(x).residues(values, 101, random)


def test_a_function_is_bounded_where_its_domain_ends_only_if_it_says_so() -> None:
    """x' = x*w(x): the cofactor w of x has a pole at x = 0 for a logarithm, and none for a root."""
    for text, bounded in (("x*log(x)", False), ("x*sqrt(x)", True)):
        tower = expression_of(ElementaryODE({"x": text}), "x").tower
        [(_, field)] = fields_of(tower)
        slope = Slope(tower, field, tower.element(tower.flow.ring.generator("x")).above, pl.Budget())
        assert (slope.cofactor is not None) is bounded


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("log(x*y)", "log(x) + log(y)", True),
        ("sqrt(x)*sqrt(x*y)", "x*sqrt(y)", True),  # where both are defined
        ("sin(2*x)", "2*sin(x)*cos(x)", True),
        ("exp(x + y)/exp(y)", "exp(x)", True),
        ("sqrt(x^2)", "abs(x)", True),
        ("sqrt(x^2)", "x", False),
        ("x^c*x", "x^(c + 1)", True),
        ("atan(x)", "-atan(-x)", True),
        ("(x^2 - y^2)/(x + y)", "x - y", True),
    ],
)
def test_expressions_are_equal_as_functions(one: str, other: str, same: bool) -> None:
    left, right = expression_of(FLOW, one), expression_of(pl.PolynomialODE(FLOW.rhs, ["c"]), other)
    assert left.tower is not right.tower
    assert (left == right) is same
    assert (right == left) is same
    assert left == expression_of(FLOW, one)
    assert not same or hash(left) == hash(right)


def test_a_flow_does_not_make_expressions_equal() -> None:
    """Where sqrt(x) is in the flow x is positive, so |x| is x there: that is x, and |x| elsewhere is not."""
    positive, free = ElementaryODE({"x": "sqrt(x)"}), pl.PolynomialODE({"x": "1"})
    x, there, elsewhere = (
        expression_of(flow, text) for flow, text in ((free, "x"), (positive, "abs(x)"), (free, "abs(x)"))
    )
    assert x == there
    assert elsewhere not in (x, there)


def test_flows_with_functions_are_equal_by_value() -> None:
    flow = ElementaryODE({"x": "sqrt(4*x) + y", "y": "log(x)"})
    assert flow == ElementaryODE({"x": "y + 2*sqrt(x)", "y": "log(2*x) - log(2)"})
    assert hash(flow) == hash(ElementaryODE({"x": "y + 2*sqrt(x)", "y": "log(x)"}))
    assert flow != ElementaryODE({"x": "2*sqrt(x) + y", "y": "log(y)"})
    assert ElementaryODE({"x": "x"}) != ElementaryODE({"x": "sqrt(x)^2"})  # defined for x > 0 only
    assert ElementaryODE({"x": "sqrt(x)"}) != ElementaryODE({"x": "sqrt(x)"}, time=True)


def test_what_users_get_is_equal_by_value_and_has_a_hash() -> None:
    flow = pl.PolynomialODE({"x": "x", "y": "2*y"})
    for found in (
        lambda: pl.find_laws(flow, 1, augment=["log(x)", "log(y)"]),
        lambda: pl.find_laws(flow, 1, kind="darboux"),
        lambda: pl.check_law(flow, "2*log(x) - log(y)"),
        lambda: pl.check_law(flow, "log(x) - log(y)"),
        lambda: pl.find_laws(flow, 1, augment=["log(x)", "log(y)"]).domains[0],
    ):
        assert found() == found()
        assert hash(found()) == hash(found())


def test_functions_may_be_given_as_expressions() -> None:
    logs = [expression_of(FLOW, text) for text in ("log(x)", "log(y)")]
    given = pl.find_laws(FLOW, 1, augment=logs)
    assert given == pl.find_laws(FLOW, 1, augment=["log(x)", "log(y)"])
    with pytest.raises(InputError, match="a list of functions"):
        pl.find_laws(FLOW, augment=logs[0])  # type: ignore[arg-type]
