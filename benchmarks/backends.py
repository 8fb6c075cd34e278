"""Other programs that compute candidates for a Gröbner basis, as `backend` of `polylaw.algebra.groebner`:
whoever it is, the answer counts only after the same exact proof."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from polylaw.algebra.groebner.exact import Terms
from polylaw.algebra.groebner.homogeneous import Backend
from polylaw.algebra.groebner.trace import Generators
from polylaw.errors import BudgetError, InputError, VerificationError

_SECONDS = 3600


def _refuse(order: str, name: str, known: Iterable[str]) -> None:
    if order not in known:
        raise InputError("backend", name, f"a backend with the order {order}", "leave the backend out")


def _flint(generators: Generators) -> list[Terms]:
    """`fmpz_mpoly_vec.buchberger_naive` of python-flint."""
    import flint

    _refuse(generators.order.name, "flint", ("degrevlex", "lex"))
    names = tuple(f"x{i}" for i in range(len(generators.weights)))
    context: Any = flint.fmpz_mpoly_ctx.get(names, getattr(flint.Ordering, generators.order.name))
    polynomials = [context.from_dict(p) for p in _terms(generators)]
    basis = flint.fmpz_mpoly_vec(polynomials, context).buchberger_naive().autoreduction()
    return [{tuple(map(int, m)): int(c) for m, c in g.to_dict().items()} for g in basis]


def _sympy(generators: Generators) -> list[Terms]:
    """`sympy.polys.groebnertools.groebner`, the slow reference."""
    from sympy import QQ, ring
    from sympy.polys.groebnertools import groebner

    _refuse(generators.order.name, "sympy", ("degrevlex", "lex"))
    names = [f"x{i}" for i in range(len(generators.weights))]
    order = {"degrevlex": "grevlex", "lex": "lex"}[generators.order.name]
    polynomials, *_ = ring(names, QQ, order)
    basis = groebner(
        [polynomials.from_dict({m: QQ(c) for m, c in p.items()}) for p in _terms(generators)], polynomials
    )
    cleared = [g.clear_denoms()[1] for g in basis]
    return [{tuple(map(int, m)): int(c) for m, c in g.terms()} for g in cleared]


def _singular(generators: Generators) -> list[Terms]:
    """`std` of Singular."""
    _refuse(generators.order.name, "Singular", ("degrevlex", "lex"))
    order = {"degrevlex": "dp", "lex": "lp"}[generators.order.name]
    names = ",".join(_names(generators))
    polynomials = ",\n".join(_written(p) for p in _terms(generators))
    source = (
        f"option(redSB); short = 0; ring r = 0, ({names}), {order}; ideal i = {polynomials};\n"
        "i = std(i); int k; for (k = 1; k <= size(i); k++) { print(cleardenom(i[k])); } quit;\n"
    )
    lines = _output(["Singular", "-q", "--no-rc"], source).splitlines()
    return [_read(line, len(generators.weights)) for line in lines if line.strip()]


def _msolve(generators: Generators) -> list[Terms]:
    """`msolve -g 2`: the basis in degrevlex over Q, by many primes, as it says without a proof."""
    _refuse(generators.order.name, "msolve", ("degrevlex",))
    polynomials = ",\n".join(_written(p) for p in _terms(generators))
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder, "in.ms"), Path(folder, "out.ms")
        given.write_text(f"{','.join(_names(generators))}\n0\n{polynomials}\n", encoding="ascii")
        _output(["msolve", "-g", "2", "-f", str(given), "-o", str(found)], "")
        text = found.read_text(encoding="ascii") if found.exists() else ""
    body = "".join(line for line in text.splitlines() if not line.startswith("#"))
    listed = body.strip().removesuffix(":").removeprefix("[").removesuffix("]")
    return [_read(part, len(generators.weights)) for part in listed.split(",") if part.strip()]


def _output(command: list[str], source: str) -> str:
    """What a program writes, as a process of its own."""
    try:
        done = subprocess.run(
            command, input=source, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise BudgetError(
            command[0], f"no answer in {_SECONDS} s", "a basis", "leave the backend out"
        ) from None
    return done.stdout


def _names(generators: Generators) -> list[str]:
    return [f"x{i}" for i in range(len(generators.weights))]


def _terms(generators: Generators) -> list[Terms]:
    return [generators.terms(i) for i in range(len(generators.exponents))]


def _written(polynomial: Terms) -> str:
    products = [
        "*".join([str(c), *(f"x{i}^{e}" for i, e in enumerate(m) if e)]) for m, c in polynomial.items()
    ]
    return "+".join(products).replace("+-", "-")


_TERM = re.compile(r"([+-]?)(\d+)?((?:\*?x\d+(?:\^\d+)?)*)")
_POWER = re.compile(r"x(\d+)(?:\^(\d+))?")


def _read(text: str, variables: int) -> Terms:
    """A polynomial as programs print it.  Raises `VerificationError` for anything else."""
    terms: dict[tuple[int, ...], int] = {}
    position, text = 0, text.replace(" ", "")
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or match.end() == position:
            raise VerificationError(
                "backend", text[position : position + 40], "a polynomial with integer coefficients"
            )
        sign, number, powers = match.groups()
        exponents = [0] * variables
        for index, power in _POWER.findall(powers):
            if int(index) >= variables:
                raise VerificationError("backend", f"x{index}", "one of the variables")
            exponents[int(index)] += int(power or 1)
        terms[tuple(exponents)] = int(number or 1) * (-1 if sign == "-" else 1)
        position = match.end()
    return terms


#: Used when they are on the PATH.
PROGRAMS = ("Singular", "msolve")
BACKENDS: dict[str, Backend] = {"flint": _flint, "sympy": _sympy, "Singular": _singular, "msolve": _msolve}
