"""Numbers of independent laws known beforehand, from formulas alone: nothing here asks polylaw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Known:
    """How many independent laws there are: `polynomial` ones, and of any kind, `every` one of them."""

    polynomial: int
    every: int

    @property
    def gap(self) -> bool:
        """Whether there are laws that are no function of polynomial ones."""
        return self.polynomial < self.every

    def __str__(self) -> str:
        return f"{self.polynomial} to {self.every}" if self.gap else str(self.every)


def none(sizes: Sequence[int] = ()) -> Known:
    """No law at all: ReLU networks, NMF and ICNN with momentum (arXiv 2405.12888)."""
    return Known(0, 0)


def relu_gradient(widths: Sequence[int]) -> Known:
    """One law for each hidden neuron (arXiv 2307.00144)."""
    neurons = sum(widths[1:-1])
    return Known(neurons, neurons)


def nmf_gradient(n: int, r: int, m: int) -> Known:
    """The r differences of column sums (arXiv 2405.12888); for n = m = 1 one field, hence 2 r - 1 laws, the
    others with logarithms."""
    laws = 2 * r - 1 if n == m == 1 else r
    return Known(laws, laws)


def icnn_gradient(n: int, r: int, m: int) -> Known:
    """One law for each hidden neuron (arXiv 2405.12888)."""
    return Known(r, r)


def linear_gradient(widths: Sequence[int]) -> Known:
    """Balancedness, and what a sub-chain between two layers of width 1 keeps besides.

    Such a sub-chain is a scalar s, and all its fields are multiples of grad s: of its D weights' functions D
    - 1 are kept, more than the balancedness entries if it has two or more wide layers, for example 1-2-2-1
      (arXiv 2307.00144).
    """
    besides = sum(max(parameters(chain) - 1 - _balancedness(chain), 0) for chain in _scalar_chains(widths))
    polynomial = _balancedness(widths)
    return Known(polynomial, polynomial + besides)


def _balancedness(widths: Sequence[int]) -> int:
    """How many entries of all U_k^T U_k - U_(k+1) U_(k+1)^T are independent.

    A relation between their gradients is a tuple of symmetric A_k, of size r_k, with U_k A_k = A_(k-1) U_k
    and A = 0 at both ends.  Then A_k commutes with U_(k+1) U_(k+1)^T, whose eigenvalues are generic, and
    layer by layer it follows that A_k lives on the complement, of dimension r_k - r_(k-1) - r_(k+1), of what
    its neighbours see.  For two layers this is rk (2 r + 1 - rk)/2 with rk = min(n + m, r), as in arXiv
    2307.00144.
    """
    inner = [(r, max(r - before - after, 0)) for before, r, after in _neighbours(widths)]
    return sum(r * (r + 1) // 2 - s * (s + 1) // 2 for r, s in inner)


def linear_momentum(widths: Sequence[int]) -> Known:
    """The skew counterparts of balancedness, r (r - 1)/2 for each inner width r, if no r exceeds twice the
    sum of its neighbours; 1-r-1 keeps 4 r - 6, if r > 1 (arXiv 2405.12888)."""
    if any(r > 2 * (before + after) for before, r, after in _neighbours(widths)):
        raise ValueError(f"no formula for widths {tuple(widths)}")
    laws = sum(
        4 * r - 6 if before == after == 1 < r else r * (r - 1) // 2
        for before, r, after in _neighbours(widths)
    )
    return Known(laws, laws)


def parameters(widths: Sequence[int]) -> int:
    """The number of weights of a chain of matrices."""
    return sum(a * b for a, b in pairwise(widths))


def _neighbours(widths: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    return zip(widths, widths[1:], widths[2:], strict=False)


def _scalar_chains(widths: Sequence[int]) -> Iterable[Sequence[int]]:
    """The sub-chains from one width 1 to the next."""
    ones = [k for k, w in enumerate(widths) if w == 1]
    return (widths[i : j + 1] for i, j in pairwise(ones))
