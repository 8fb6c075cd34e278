"""One kernel for all algebras: polynomials, polynomials modulo an ideal, towers of functions, words."""

from __future__ import annotations

import pytest

import polylaw as pl
from polylaw.algebra.protocol import Element
from polylaw.algebra.ring import Polynomial
from polylaw.algebra.words.expression import Expression
from polylaw.domains.elementary.parse import expression_of
from polylaw.domains.shaped.search import coordinates, unknowns_of
from polylaw.errors import VerificationError
from polylaw.laws.kernel import equations, images, kernel, verified
from polylaw.laws.parametric import split_parameters
from polylaw.models.shaped import shaped

RING = pl.Ring(("x", "y"), ("a",))


def killed(variables: dict[str, str], candidates: list[str]) -> list[str]:
    """The combinations of candidates that are constant along an ODE with the parameter a."""
    flow = pl.PolynomialODE(variables, ["a"])
    elements = [flow.polynomial(text) for text in candidates]
    fields = flow.distribution.fields
    laws = kernel(elements, images(elements, fields, split_parameters), flow.ring)
    return [str(h.primitive()) for h in verified(laws, fields)]


@pytest.mark.parametrize(
    ("variables", "candidates", "laws"),
    [
        ({"x": "y", "y": "-x"}, ["x^2", "x*y", "y^2"], ["x^2 + y^2"]),
        ({"x": "a*y", "y": "-x"}, ["x^2", "y^2", "x"], ["x^2 + a*y^2"]),
        ({"x": "y", "y": "1"}, ["x", "y"], []),
        ({"x": "0", "y": "1"}, ["x", "y", "x^2"], ["x", "x^2"]),
    ],
)
def test_polynomials(variables: dict[str, str], candidates: list[str], laws: list[str]) -> None:
    assert killed(variables, candidates) == laws


def test_blocks_that_share_no_column_change_nothing() -> None:
    x, y, a = RING.generators()
    one = RING.constant(1)
    rows = [{"u": one}, {"v": a}, {"u": a}, {"v": one}, {}]
    found = kernel([x, y, x * y, x**2, y**2], rows, RING)
    assert list(map(str, found)) == ["x*y - a*x", "a*x^2 - y", "y^2"]
    assert equations(rows) == [{0: one, 2: a}, {1: a, 3: one}]


def test_words() -> None:
    flow = pl.ShapedFlow.gradient(shaped({"U": ("n", "r"), "V": ("m", "r")}, ["U V'"]))
    words = [flow.parse(text) for text in ("U' U", "V' V")]
    terms = [term for word in words for term in word.terms]
    elements = unknowns_of(flow.alphabet, words[0].widths, terms, [0])
    rows = images(elements, flow.derivations, coordinates)
    [law] = verified(kernel(elements, rows, flow.alphabet.scalars), flow.derivations)
    assert str(law.primitive()) == "U' U - V' V"


def test_what_is_no_law_is_a_defect() -> None:
    field = pl.PolynomialODE({"x": "y", "y": "-x"}).distribution.fields[0]
    with pytest.raises(VerificationError, match="derivative 0 along every field"):
        verified([field.components[0]], [field])


def test_what_elements_share() -> None:
    flow = pl.PolynomialODE({"x": "y", "y": "-x"})
    letters = pl.ShapedFlow.gradient(shaped({"U": ("n", "n")}, ["U"])).alphabet
    polynomial: Element = Polynomial(flow.ring, {((0, 1),): 1})
    word: Element = Expression(letters, ("n", "n"), letters.letter("U").terms)
    for element in (polynomial, word):
        assert bool(element)
        assert not element - element
        assert element + element == element * 2
        assert hash(element * 2) == hash(element + element)
        assert -element != element
    law = expression_of(flow, "log(x)")
    assert bool(law)
    assert law == expression_of(flow, "log(x)*1")
    twice = law.value + law.value
    assert pl.Expression(law.tower, twice) == pl.Expression(law.tower, law.value * 2)
