"""Gröbner bases by several programs: `python -m benchmarks.solvers SOLVER SYSTEM` computes one and prints
what it cost.

The time is that of the basis alone, in degrevlex over Q, from the parsed equations; for Singular, a process
of its own, from start to exit.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from benchmarks.systems import System, cyclic, eco, katsura

SYSTEMS: dict[str, System] = {
    "cyclic-5": cyclic(5),
    "cyclic-6": cyclic(6),
    "katsura-6": katsura(6),
    "katsura-7": katsura(7),
    "katsura-8": katsura(8),
    "eco-8": eco(8),
    "eco-9": eco(9),
}
#: Seconds, and the number of elements of the reduced basis.
Cost = tuple[float, int]


def _polylaw(names: Sequence[str], equations: Sequence[str]) -> Cost:
    from polylaw.algebra.groebner import groebner_basis
    from polylaw.algebra.ring import Ring

    ring = Ring(names)
    polynomials = [ring.parse(e) for e in equations]
    start = time.perf_counter()
    basis = groebner_basis(polynomials)
    return time.perf_counter() - start, len(basis.polynomials)


def _flint(names: Sequence[str], equations: Sequence[str]) -> Cost:
    import flint

    from polylaw.algebra.ring import Ring
    from polylaw.algebra.terms import exponents

    ring, places = Ring(names), range(len(names))
    context = flint.fmpz_mpoly_ctx.get(tuple(names), flint.Ordering.degrevlex)
    terms = [{exponents(m, places): int(c) for m, c in ring.parse(e)} for e in equations]
    polynomials = [context.from_dict(t) for t in terms]
    start = time.perf_counter()
    basis = flint.fmpz_mpoly_vec(polynomials, context).buchberger_naive().autoreduction()
    return time.perf_counter() - start, len(basis)


def _sympy(names: Sequence[str], equations: Sequence[str]) -> Cost:
    from sympy import QQ, Poly, groebner, symbols

    from polylaw.algebra.ring import Ring
    from polylaw.algebra.sympy_bridge import to_sympy

    ring, generators = Ring(names), symbols(names)
    polynomials = [Poly(to_sympy(ring.parse(e)), *generators, domain=QQ) for e in equations]
    start = time.perf_counter()
    basis = groebner(polynomials, *generators, order="grevlex")
    return time.perf_counter() - start, len(basis.polys)


def _singular(names: Sequence[str], equations: Sequence[str]) -> Cost:
    source = (
        f"option(redSB); ring r = 0, ({','.join(names)}), dp; ideal i = "
        f"{', '.join(equations)};\nideal g = std(i); print(size(g)); quit;\n"
    )
    start = time.perf_counter()
    done = subprocess.run(
        ["Singular", "-q", "--no-rc"], input=source, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, int(done.stdout)


#: Each with what its answer is worth.
SOLVERS: dict[str, tuple[Callable[[Sequence[str], Sequence[str]], Cost], str]] = {
    "polylaw": (_polylaw, "certified"),
    "python-flint": (_flint, "exact, no certificate"),
    "sympy": (_sympy, "exact, no certificate"),
    "Singular": (_singular, "exact, no certificate"),
}


def main() -> None:
    """One system by one solver, as JSON."""
    solver, system = sys.argv[1:]
    seconds, size = SOLVERS[solver][0](*SYSTEMS[system])
    print(json.dumps({"seconds": seconds, "size": size}))


if __name__ == "__main__":
    main()
