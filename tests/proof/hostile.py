"""Certificates under 1 MB that ask for as much work as they can, one for every loop of the checker."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["HOSTILE", "concrete", "shaped"]

Data = dict[str, Any]
PRIME = 2147483647
ONE = [["1"]]
BUILDERS: dict[str, Callable[[], Data]] = {}


def concrete(
    variables: Any, flow: Data, laws: Any, claims: Any, *, parameters: Any = (), clock: Any = None
) -> Data:
    """A certificate without its sha256; a number of variables stands for x0, x1, ..."""
    names = [f"x{i}" for i in range(variables)] if isinstance(variables, int) else list(variables)
    header = {"format": "polylaw-certificate", "version": 1, "model": {}}
    header["engine"] = {"name": "polylaw", "version": "0"}
    about = {"variables": names, "parameters": list(parameters), "clock": clock, "flow": flow}
    return {**header, **about, "laws": [{"polynomial": h} for h in laws], "claims": claims}


def shaped(weights: Any, phi: Any, laws: Any, **more: Any) -> Data:
    """A certificate of laws for all widths without its sha256, of a gradient flow."""
    trained = {"weights": weights, "constants": [], "phi": phi}
    flow = {"type": "shaped_gradient", **trained, "mirror": [], "rates": {}, **more}
    claim = {"type": "conserved_for_all_widths", "laws": list(range(len(laws)))}
    return {**concrete(0, flow, [], [claim]), "laws": laws}


def hostile(function: Callable[[], Data]) -> Callable[[], Data]:
    BUILDERS[function.__name__.replace("_", " ")] = function
    return function


def fields(*given: Any) -> Data:
    return {"type": "fields", "fields": list(given)}


def ode(*rhs: Any) -> Data:
    return {"type": "ode", "rhs": list(rhs)}


def gradient(**made_of: Any) -> Data:
    return {"type": "gradient", **made_of}


def constant(k: int) -> list[Any]:
    """The field d/dx_k."""
    return [[k, ONE]]


def x(k: int, e: int = 1) -> list[Any]:
    return [["1", k, e]]


def conserved(*laws: int) -> Data:
    return {"type": "conserved", "laws": list(laws)}


def independent(laws: Any, size: int, value: str = "1") -> Data:
    return {"type": "independent", "laws": list(laws), "point": [value] * size, "prime": PRIME}


def complete(laws: Any, **more: Any) -> Data:
    return {"type": "complete", "laws": list(laws), "dimension": 0, "prime": PRIME, "values": [], **more}


def max_laws(size: int, brackets: Any, elements: Any, bound: int = 0) -> Data:
    place = {"point": ["1"] * size, "prime": PRIME}
    return {"type": "max_laws", "bound": bound, **place, "brackets": brackets, "elements": elements}


def random_monomials(size: int, degree: int, count: int, seed: int = 0) -> Iterator[list[int]]:
    """Products of `degree` different variables."""
    draw = random.Random(seed)
    seen: set[tuple[int, ...]] = set()
    while len(seen) < count:
        m = tuple(sorted(draw.sample(range(size), degree)))
        if m not in seen:
            seen.add(m)
            yield [n for k in m for n in (k, 1)]


@hostile
def laws_times_fields() -> Data:
    return concrete(2, fields(*[constant(1)] * 20_000), [x(0)] * 20_000, [conserved(*range(20_000))])


@hostile
def trial_divisions() -> Data:
    return concrete(1, fields(), [x(0)], [independent([0], 1)] * 12_000)


@hostile
def denominators_times_components() -> Data:
    return concrete(20_000, ode(*[[[], [["2"]]]] * 20_000), [], [{"type": "exactly", "count": 0}])


@hostile
def components_of_phi() -> Data:
    return concrete(20_000, {"type": "gradient", "phi": [[[]]] * 120_000}, [x(0)], [conserved(0)])


@hostile
def metric_times_phi() -> Data:
    metric = [[i, 0, ONE] for i in range(10_000)]
    flow = gradient(metric=metric, phi=[[x(0)]] * 40_000)
    return concrete(10_000, flow, [x(0)], [conserved(0)])


@hostile
def products_of_long_components() -> Data:
    """Equations on monomials with long exponents."""
    listed = [[0, i, 1, j, 2, 100 - i] for i in range(1, 100) for j in range(1, 100)]
    quadratic = [["1", i, 1, j, 1] for i in range(3, 150) for j in range(i + 1, 150)]
    return concrete(150, fields([[0, quadratic]]), [], [complete([], monomials=listed)])


@hostile
def rounds_of_an_elimination() -> Data:
    """A chain of monomials, of which each round drops one, and fields that do nothing to them."""
    n = 1000
    chain = [[i, [["1", i + 1, 1], ["1", i, 1]]] for i in range(n)]
    idle = [[[n + 1, [["1", n + 1, 1, n + 2, e] for e in range(1, 100)]]]] * 200
    return concrete(n + 3, fields(*idle, chain), [], [complete([], monomials=[[i, 1] for i in range(n)])])


@hostile
def fill_in_of_a_sparse_matrix() -> Data:
    draw, n = random.Random(1), 3000
    laws = [[[str(draw.randint(1, 99)), k, 1] for k in sorted(draw.sample(range(n), 12))] for _ in range(n)]
    return concrete(n, fields(), laws, [independent(range(n), n)])


@hostile
def long_row_and_short_pivots() -> Data:
    n = 12_000
    laws = [*map(x, range(n)), [["1", k, 1] for k in range(n)]]
    return concrete(n, fields(), laws, [independent(range(n + 1), n)])


@hostile
def fractions_of_long_numbers() -> Data:
    draw = random.Random(2)

    def long(k: int) -> list[Any]:
        return [[f"{draw.getrandbits(3000)}/{draw.getrandbits(3000) | 1}", k, e] for e in range(1, 40)]

    rhs = [[long(0), long(1)], [long(2), long(3)], [long(1), long(2)], [long(3), long(0)]]
    return concrete(4, {"type": "ode", "rhs": rhs}, [x(0)], [conserved(0)])


@hostile
def short_fractions() -> Data:
    p = [[f"{e}/7", k, e] for k in range(8) for e in range(1, 99)]
    return concrete(20, {"type": "ode", "rhs": [[p, p]] * 20}, [x(0)], [conserved(0)])


@hostile
def common_denominators() -> Data:
    h = [[f"1/{3**i}", k, e] for i, (k, e) in enumerate((k, e) for k in range(4) for e in range(1, 200))]
    return concrete(5, fields(constant(4)), [h], [conserved(0)])


@hostile
def numerators_times_a_common_denominator() -> Data:
    h = [[f"1/{10**1900 + i}", 0, i] for i in range(1, 19)] + [
        ["1", 1, e, 2, f] for e in range(1, 200) for f in range(1, 200)
    ]
    return concrete(4, fields(constant(3)), [h], [conserved(0)])


@hostile
def derivatives_at_a_point_again_and_again() -> Data:
    draw = random.Random(3)
    h = [[str(draw.getrandbits(6600)), 0, e] for e in range(1, 100)]
    claim = {"type": "not_conserved", "law": 0, "field": 0, "point": ["1"], "prime": PRIME}
    return concrete(1, fields(constant(0)), [h], [claim] * 9000)


@hostile
def long_exponents() -> Data:
    h = [["1", 0, e, 1, f, 2, 200, 3, 200] for e in range(1, 160) for f in range(1, 200)]
    return concrete(5, fields(constant(4)), [h], [conserved(0)])


@hostile
def many_monomials_of_a_law() -> Data:
    h = [["1", *m] for m in random_monomials(200, 20, 8000)]
    return concrete(201, fields(constant(200)), [h], [conserved(0)])


@hostile
def products_of_laws() -> Data:
    n = 60
    laws = [[["1", k, 1], ["1", k + 1, 1]] for k in range(n)]
    claims = [conserved(*range(n)), complete(range(n), monomials=[[0, 200, 1, 200]])]
    return concrete(n + 2, fields(constant(n + 1)), laws, claims)


@hostile
def products_of_many_laws() -> Data:
    n = 20_000
    claims = [conserved(*range(n)), complete(range(n), monomials=[[0, 200]])]
    return concrete(2, fields(constant(1)), [x(0)] * n, claims)


@hostile
def powers_in_a_metric() -> Data:
    metric = [[0, 0, [["1", 0, e, 1, 200 - e] for e in range(1, 200)]]]
    flow = {"type": "momentum", "phi": [[x(0)]], "metric": metric, "damping": [["1", 5, 1], ["1", 6, 1]]}
    names = ["x", "y", "dx", "dy"]
    clock = {"rate": flow["damping"]}
    return concrete(names, flow, [x(0)], [conserved(0)], parameters=["a", "b"], clock=clock)


@hostile
def brackets_of_long_constant_fields() -> Data:
    n = 15_000
    return concrete(n, fields([[k, ONE] for k in range(n)]), [], [max_laws(n, [[0, 0]] * 50_000, [0])])


@hostile
def brackets_that_grow() -> Data:
    n = 30
    given = [
        [[k, [["1", (k + 1) % n, 2], ["1", (k + 2) % n, 1, (k + 3) % n, 1 + i]]] for k in range(n - 4)]
        for i in range(2)
    ]
    return concrete(n, fields(*given), [], [max_laws(n, [[0, 1], *([i, i + 1] for i in range(20))], [0])])


@hostile
def long_numbers_of_points() -> Data:
    point = [f"{7**2300}/{3**4100}"] * 120
    claim = {"type": "independent", "laws": [0], "point": point, "prime": PRIME}
    return concrete(120, fields(), [x(0)], [claim] * 2)


@hostile
def all_monomials_again_and_again() -> Data:
    claims = [complete([], least=0, degree=12, clock=0)] * 5000
    return concrete(4, fields(*map(constant, range(4))), [], claims)


@hostile
def long_lists_of_monomials() -> Data:
    listed = [[k, 200, k + 1, e] for k in range(200) for e in range(1, 200)]
    return concrete(202, fields(constant(0)), [], [complete([], monomials=listed)])


def word(opened: Any, *terms: Any) -> Data:
    return {"open": list(opened), "terms": list(terms)}


SQUARE = [["U", ["n", "n"]]]


@hostile
def alike_factors() -> Data:
    loop = [["U", i, i + 1] for i in range(40)]
    laws = [word([], [ONE, *loop, ["U", 41, 0]], [ONE, *loop[1:], ["U", 0, 41], ["U", 41, 40]])]
    return shaped(SQUARE, [word([], [ONE, ["U", 0, 0]])], laws)


@hostile
def alike_terms() -> Data:
    terms = [[ONE, *[["U", 2 * j, (i >> j) % 7] for j in range(1, 8)]] for i in range(6000)]
    return shaped(SQUARE, [word([], [ONE, ["U", 0, 0]])], [word([], *terms)])


@hostile
def terms_of_phi_times_terms_of_laws() -> Data:
    phi = word([], *[[ONE, ["U", 0, 1], ["U", 1, 0]]] * 10_000)
    return shaped(SQUARE, [phi], [word([], *[[ONE, ["U", 0, 1], ["U", 1, 0]]] * 10_000)])


@hostile
def many_identities() -> Data:
    ties = [["=n", i, i + 1] for i in range(90)]
    phi, law = (word([], *[[ONE, ["U", *at], *ties]] * 300) for at in ((0, 90), (90, 0)))
    return shaped(SQUARE, [phi], [law])


@hostile
def many_axes() -> Data:
    axes = list(range(190))
    long = [word([], *[[ONE, ["U", *axes]]] * 500)]
    return shaped([["U", ["n"] * 190]], long, long)


@hostile
def long_coefficients_of_words() -> Data:
    c = [[f"{e}/7", k, e] for k in range(20) for e in range(1, 100)]
    data = shaped(
        SQUARE, [word([], [c, ["U", 0, 0]])], [word([], *[[c, ["U", i % 3, 0]] for i in range(15)])]
    )
    return {**data, "parameters": [f"a{k}" for k in range(20)]}


@hostile
def open_axes() -> Data:
    return shaped(SQUARE, [word(["n"] * 60_000, *[[ONE]] * 60_000)], [word([], [ONE, ["U", 0, 0]])])


def network(parameters: Any, arrays: Any, *laws: Any, times: int = 1) -> Data:
    flow = {"type": "network", "parameters": parameters, "arrays": arrays, "outputs": [len(arrays) - 1]}
    claim = {"type": "network", "laws": list(range(len(laws)))}
    return {**concrete(0, flow, [], [claim] * times), "laws": list(laws)}


def made(rule: str, sizes: Any, *terms: Any, **more: Any) -> Data:
    return {"rule": rule, "sizes": list(sizes), "terms": list(terms), **more}


NUMBER = {"parameter": 0, "start": [], "axes": []}
SQUARE_OF = {"form": "squares", "pieces": [["1", 0, []]]}


@hostile
def a_deep_network_again_and_again() -> Data:
    arrays = [NUMBER, *[made("homogeneous", [], [[k]], numbers=["1"]) for k in range(5000)], {"sizes": []}]
    return network([["w", []]], arrays, *[SQUARE_OF] * 1500, times=20)


@hostile
def entries_along_an_axis() -> Data:
    array = {"parameter": 0, "start": [0], "axes": [[0, 10**4, 1], [0, 10**4, 10**4]]}
    return network([["w", [10**8]]], [array], SQUARE_OF)


@hostile
def arrays_that_everything_reads() -> Data:
    n = 300
    arrays = [NUMBER, *[made("carry", [], *[[[j]] for j in range(k)]) for k in range(1, n)], {"sizes": []}]
    return network([["w", []]], arrays, *[SQUARE_OF] * 3000, times=20)


@hostile
def degrees_that_grow() -> Data:
    degree = [f"{10**1900 + 1}/{10**1900}"]
    arrays = [NUMBER, *[made("homogeneous", [], [[k]], numbers=degree) for k in range(200)], {"sizes": []}]
    return network([["w", []]], arrays, SQUARE_OF)


@hostile
def shifts_of_many_factors() -> Data:
    """Every array is the product of the one before with a matrix."""
    arrays: list[Data] = [NUMBER, *[{"sizes": [2, 2]}] * 400]
    for k in range(1, 400):
        before = [0] if k == 1 else [len(arrays) - 1, 0, 2]
        arrays.append(made("product", [2, 2], [before, [k, 2, 1]], numbers=["1", "1"]))
    return network([["w", []]], [*arrays, {"sizes": []}], *[{**SQUARE_OF, "form": "sums"}] * 3000)


#: name: builder of its data, to be signed
HOSTILE = BUILDERS
