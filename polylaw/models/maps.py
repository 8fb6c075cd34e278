"""Any polynomial or rational map, from text, sympy expressions or polynomials."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from polylaw.algebra.functions import CALLS
from polylaw.algebra.parse import names_in
from polylaw.algebra.polynomial import RationalFunction
from polylaw.algebra.ring import Ring
from polylaw.algebra.sympy_bridge import read_rational
from polylaw.errors import InputError, PolylawError
from polylaw.models.contraction import bounded_product
from polylaw.models.family import family
from polylaw.models.model import Layout, Model, width

_Item = TypeVar("_Item")


def from_map(
    variables: Sequence[str] | None,
    phi: Sequence[object],
    *,
    parameters: Sequence[str] = (),
    arrays: Mapping[str, Sequence[int]] | None = None,
    name: str = "map",
    metric: str = "euclidean",
) -> Model:
    """The model with the given map: each component of `phi` is text, a sympy expression, a `Polynomial`, a
    `RationalFunction` or an exact number.

    The ring has the entries of `arrays` (name to shape) first, then `variables`, which may be None when
    arrays are given.  Component i is named `phi[i]` in errors, from 1.  Raises `NameConflictError` for a name
    used twice, `UnknownNameError` for one that is not declared, `InexactError` for floats, `InputError` for
    an empty phi and anything else that cannot be read.
    """
    layout = Layout()
    for array, shape in (arrays or {}).items():
        sizes = [width(n, f"size of {array}") for n in _listed(shape, f"shape of {array}")]
        bounded_product(sizes, f"number of weights of {array}")
        layout.array(array, *sizes)
    names = [*layout.ring.variables, *_listed(variables or (), "variables")]
    if not _listed(phi, "phi"):
        raise InputError("phi", "none", "at least one component", "write what the loss sees of the weights")
    if not names:
        raise InputError("variables", "none", "at least one variable", "declare variables or arrays")
    ring = Ring(names, _listed(parameters, "parameters"))
    components = tuple(_component(ring, value, f"phi[{i}]") for i, value in enumerate(phi, 1))
    return Model(name, ring, components, layout.arrays, metric)


def _listed(values: Sequence[_Item], argument: str) -> Sequence[_Item]:
    """`values`, unless it is one text, which Python would take apart into letters."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise InputError(argument, values, "a list", "put it in brackets, [...]")
    return values


def _component(ring: Ring, value: object, argument: str) -> RationalFunction:
    try:
        return read_rational(ring, value, argument)
    except PolylawError as error:
        raise error if error.argument.startswith(argument) else error.within(argument) from None


@family(
    "map",
    arguments="components separated by semicolons (quote them in a shell), e.g. x1*x2*x3;x1*x4",
    phi="the given polynomials or quotients, in the variables that occur in them; find, count, check and "
    f"certify also take {', '.join(CALLS)} and powers such as x^(1/3)",
    laws="what polylaw finds",
    source="the map is yours; method Marcotte, Gribonval, Peyre, arXiv 2307.00144",
)
def from_text(components: str, /) -> Model:
    """The map of a spec, `map:x1*x2*x3;x1*x4`; its variables are the names that occur, x2 before x10."""
    return from_map(*components_of(components))


def components_of(text: str) -> tuple[list[str], list[str]]:
    """The variables and the components of a map written in a spec."""
    phi = text.split(";") if text.strip() else []
    names = {found for i, component in enumerate(phi, 1) for found in names_in(component, f"phi[{i}]")}
    return sorted(names, key=_natural), phi


def _natural(name: str) -> tuple[str, str]:
    """Sort key under which runs of digits compare as numbers; names have at most 63 characters."""
    return re.sub(r"\d+", lambda run: run[0].zfill(63), name), name
