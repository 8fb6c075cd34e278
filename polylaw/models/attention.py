"""Attention: the loss sees the query-key products Q^T K and the value-output products V^T O of every head."""

from __future__ import annotations

from collections.abc import Callable

from polylaw.errors import InputError
from polylaw.models.description import Blocks, Component, Description, component
from polylaw.models.family import shaped_family
from polylaw.models.formulas import GRAM, KEEP, SKEW, TRANSFORMATIVE, CountFormula, Moves, gram, skew
from polylaw.models.model import Index, Shape, Width, entry_name


def _per_head(count: Callable[[int, int, int], int | None]) -> Callable[..., int | None]:
    """Each head has the pairs Q, K and V, O; a rotary pair of rows of Q, K has one law."""

    def number(d1: int, dim: int, heads: int, vo: bool, rope: bool) -> int | None:
        pair = count(dim, dim, d1)
        return None if pair is None else heads * ((d1 // 2 if rope else pair) + pair * vo)

    return number


_WHERE = (
    "for each of the pairs Q, K and V, O of a head, r = d1, n = m = dim{}; with rotary positions r/2 for Q, K"
)
_GRAM, _SKEW = GRAM.replace("n + m", "2 n"), SKEW.replace("2 (n + m)", "4 n")


@shaped_family(
    "attention",
    arguments="d1=rows of Q, K, V, O; dim=their columns; heads=1; vo=true|false; rope=true|false, e.g. "
    "d1=2,dim=3",
    phi="Q^T K and V^T O per head, all of shape d1 x dim; with rope, per pair of rows b, Q_b^T K_b and "
    "Q_b^T J K_b, J a quarter turn",
    laws="gradient: Q Q^T - K K^T and V V^T - O O^T per head, with rope |Q_b|^2 - |K_b|^2 per pair; "
    "momentum: the skew counterparts",
    source="Marcotte, Gribonval, Peyre, arXiv 2506.06194; several heads and rope Tran et al., arXiv "
    "2606.17816",
    counts=(
        CountFormula(Moves.GRADIENT, _GRAM, _per_head(gram), TRANSFORMATIVE, _WHERE.format("")),
        CountFormula(Moves.MOMENTUM, _SKEW, _per_head(skew), KEEP, _WHERE.format(" > 1")),
    ),
    checked=(
        "attention:d1=2,dim=2",
        "attention:d1=3,dim=1",
        "attention:d1=2,dim=2,heads=2",
        "attention:d1=4,dim=2,rope=true",
    ),
)
def attention(*, d1: Width, dim: Width, heads: Width = 1, vo: bool = True, rope: bool = False) -> Description:
    """An attention layer; scores are x_s^T Q^T K x_t and values pass through V^T O (arXiv 2506.06194).

    With several heads the arrays of head h are `Qh`, `Kh`, `Vh`, `Oh`.  With rotary positions (arXiv
    2104.09864) the rows of Q and K split into consecutive pairs, each turned by its own angle; pair b gets
    its own arrays `Qb1`, `Kb1`, `Qb2`, ..., of head h `Qhb1`, ..., so that laws read per pair.
    """
    if rope and d1 % 2:
        hint = "rotary positions turn pairs of rows"
        raise InputError("attention option d1", d1, "an even number when rope=true", hint)
    h = "h" * (heads > 1)  # the label of heads, if there are several
    heads_axis = ("h",) * (heads > 1)
    letters: dict[str, tuple[str, ...]] = {}
    phi: list[Component] = []
    if rope:  # Qx and Qy are the first and the second rows of all pairs
        letters |= dict.fromkeys(("Qx", "Qy", "Kx", "Ky"), (*heads_axis, "b", "n"))
        left, right, open_ = f"{h}bi", f"{h}bj", f"{h}bij"
        for c, q, other in ((1, "Qx", "Qy"), (-1, "Qy", "Qx")):
            pairs = [(1, [(q, left), ("Kx", right)]), (c, [(other, left), ("Ky", right)])]
            phi.append(Component(open_, pairs))
    for one, other in [("Q", "K")] * (not rope) + [("V", "O")] * vo:
        letters |= dict.fromkeys((one, other), (*heads_axis, "a", "n"))
        phi.append(component(f"{h}ij", (one, f"{h}ai"), (other, f"{h}aj")))
    name = f"attention d1={d1} dim={dim}{f' heads={heads}' * (heads > 1)}"
    name += " without V, O" * (not vo) + " with rope" * rope
    sizes = {"h": heads, "a": d1, "b": d1 // 2, "n": dim}
    blocks = _blocks(d1, dim, heads, vo, rope)
    return Description(name, letters, phi, sizes, TRANSFORMATIVE, blocks=blocks)


def _blocks(d1: int, dim: int, heads: int, vo: bool, rope: bool) -> Blocks:
    """An array for each head, and with rope for each pair of rows of Q and K."""

    def arrays() -> dict[str, Shape]:
        shapes: dict[str, Shape] = {}
        for head in range(1, heads + 1):
            h = str(head) * (heads > 1)
            pairs = range(1, d1 // 2 + 1) if rope else ()
            shapes |= {f"{letter}{h}b{b}": (2, dim) for b in pairs for letter in "QK"}
            shapes |= dict.fromkeys((f"{letter}{h}" for letter in "QK" * (not rope) + "VO" * vo), (d1, dim))
        return shapes

    def naming(letter: str, index: Index) -> str:
        velocity, name = ("d", letter[1:]) if letter.startswith("d") else ("", letter)
        h, rest = (str(index[0]), index[1:]) if heads > 1 else ("", index)
        if len(name) == 1:
            return entry_name(f"{velocity}{name}{h}", rest)
        pair, column = rest
        return entry_name(f"{velocity}{name[0]}{h}b{pair}", ("xy".index(name[1]) + 1, column))

    return Blocks(arrays, naming, "hb")
