"""What is run: one call of `polylaw find` or `polylaw count` each, with the size of the problem and the
number of laws known beforehand."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb, prod
from pathlib import Path

from benchmarks.known import parameters

_TEN_VARIABLES = Path(__file__).with_name("ten_variables.toml")
_SEED = 20


@dataclass(frozen=True)
class Case:
    """`polylaw find MODEL --degree N OPTIONS`, which must find exactly `laws` laws; or with `degree` 0
    `polylaw count MODEL OPTIONS`, which must prove that exactly so many independent laws of any kind exist.

    `size` counts the parameters of a model (`letter` D) or the variables of an ODE (n).  `model` is what the
    command line takes, or the text of a model file when it has more than one line.
    """

    name: str
    model: str
    degree: int
    size: int
    fields: int
    laws: int
    letter: str = "D"
    options: tuple[str, ...] = ()

    def arguments(self, folder: Path) -> list[str]:
        """The command line after `polylaw`; a model given as text is written to `folder`."""
        model = self.model
        if "\n" in model:
            file = folder / "model.toml"
            file.write_text(model, encoding="utf-8")
            model = str(file)
        wanted = ["find", model, "--degree", str(self.degree)] if self.degree else ["count", model]
        return [*wanted, *self.options, "--json"]

    @property
    def title(self) -> str:
        """Name and degree."""
        return f"{self.name}, degree {self.degree}" if self.degree else self.name


def start_up() -> Case:
    """The smallest model there is: what every run pays before it begins to think."""
    return Case("start-up: elementwise 1", "elementwise:1", 2, size=2, fields=1, laws=1)


def linear(*widths: int, degree: int = 2, options: Sequence[str] = ()) -> Case:
    """A linear network.  Its laws are the polynomials in the balancedness entries, r (r + 1)/2 for each inner
    width r, which are algebraically independent when no width exceeds the sum of its neighbours (arXiv
    2307.00144)."""
    entries = sum(r * (r + 1) // 2 for r in widths[1:-1])
    laws = comb(entries + degree // 2, degree // 2) - 1
    return _network("linear", widths, degree, widths[0] * widths[-1], laws, tuple(options))


def relu(*widths: int) -> Case:
    """ReLU by path lifting: a field for each path, a law for each hidden neuron (arXiv 2307.00144)."""
    return _network("relu", widths, 2, prod(widths), sum(widths[1:-1]))


def _network(
    family: str, widths: Sequence[int], degree: int, fields: int, laws: int, options: tuple[str, ...] = ()
) -> Case:
    name, spec = (f"{family}{start}{mark.join(map(str, widths))}" for start, mark in (" -", ":,"))
    return Case(name, spec, degree, parameters(widths), fields, laws, options=options)


def momentum(damping: str, *widths: int) -> Case:
    """A linear network with momentum: r (r - 1)/2 laws for each inner width r (arXiv 2405.12888)."""
    case = linear(*widths)
    laws = sum(r * (r - 1) // 2 for r in widths[1:-1])
    name, options = f"momentum {case.name}, damping {damping}", ("--flow", "momentum", "--damping", damping)
    return replace(case, name=name, laws=laws, fields=case.fields + 1, options=options)


def counted(case: Case, independent: int) -> Case:
    """The count of all laws of a model, of which so many are known to be independent."""
    return replace(case, name=f"count {case.name}", degree=0, laws=independent)


def ten_variables(degree: int) -> Case:
    """Ten coupled quadratic equations whose laws are the polynomials in z1*z2 and x3*y3*z2^3."""
    laws = sum((degree - 5 * j) // 2 + 1 for j in range(degree // 5 + 1)) - 1
    return Case("ten variables", str(_TEN_VARIABLES), degree, size=10, fields=1, laws=laws, letter="n")


def dense(*widths: int, degree: int) -> Case:
    """A two-layer linear network in mixed orthogonal coordinates, where no equation has a single unknown."""
    case = linear(*widths, degree=degree)
    return replace(case, name=f"dense {case.name}", model=_mixed_model(*widths))


def _mixed_model(n: int, r: int, m: int) -> str:
    """The model file of U V, the entries of U and V replaced by orthogonal integer forms in x1, x2, ..."""
    size = r * (n + m)
    forms = iter(_reflected(size))
    u = [[next(forms) for _ in range(r)] for _ in range(n)]
    v = [[next(forms) for _ in range(m)] for _ in range(r)]
    phi = [" + ".join(f"({u[i][k]})*({v[k][j]})" for k in range(r)) for i in range(n) for j in range(m)]
    variables = [f"x{i}" for i in range(1, size + 1)]
    # JSON lists of texts are TOML
    return f'name = "dense"\n\n[model]\nvariables = {json.dumps(variables)}\nphi = {json.dumps(phi)}\n'


def _reflected(size: int) -> list[str]:
    """Coordinates after the reflection x -> |a|^2 x - 2 (a, x) a, with a random vector a of small integers.

    Laws of a gradient flow depend on the metric, so only an orthogonal change of coordinates (here up to a
    factor) carries them over.
    """
    draw = random.Random(_SEED)
    a = [draw.choice((-2, -1, 1, 2)) for _ in range(size)]
    square = sum(c * c for c in a)
    return [
        " + ".join(f"({square * (i == j) - 2 * a[i] * a[j]})*x{j + 1}" for j in range(size))
        for i in range(size)
    ]
