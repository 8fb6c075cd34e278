"""Polynomial systems of the literature on Gröbner bases, as (variables, equations).

Katsura, cyclic and eco are those of the PoSSo suite; katsura(n) has n + 1 variables and 2^n solutions, eco(n)
has 2^(n-2), cyclic 5 and 6 have 70 and 156 (Björck & Fröberg 1991, J. Symbolic Comput. 12, 329-336).
"""

from __future__ import annotations

System = tuple[list[str], list[str]]


def katsura(n: int) -> System:
    """n quadrics and one linear equation in u0, ..., un."""
    names = [f"u{i}" for i in range(n + 1)]
    equations = []
    for m in range(n):
        products = [f"{names[abs(k)]}*{names[abs(m - k)]}" for k in range(-n, n + 1) if abs(m - k) <= n]
        equations.append(f"{' + '.join(products)} - {names[m]}")
    return names, [*equations, f"{names[0]} + {' + '.join(f'2*{u}' for u in names[1:])} - 1"]


def cyclic(n: int) -> System:
    """The cyclic n-roots."""
    names = [f"x{i}" for i in range(n)]
    equations = [
        " + ".join("*".join(names[(i + j) % n] for j in range(d)) for i in range(n)) for d in range(1, n)
    ]
    return names, [*equations, f"{'*'.join(names)} - 1"]


def eco(n: int) -> System:
    """The economics system of n equations in n variables (Morgan 1987)."""
    names = [f"x{i}" for i in range(1, n + 1)]
    equations = []
    for k in range(1, n):
        products = "".join(f" + {names[i - 1]}*{names[i + k - 1]}" for i in range(1, n - k))
        equations.append(f"({names[k - 1]}{products})*{names[-1]} - {k}")
    return names, [*equations, f"{' + '.join(names[:-1])} + 1"]
