"""Attention: the loss sees the query-key products Q^T K and the value-output products V^T O of every head."""

from __future__ import annotations

from polylaw.errors import InputError
from polylaw.models.description import Blocks, Component, Description, component
from polylaw.models.family import shaped_family
from polylaw.models.model import Index, Shape, Width, entry_name
from polylaw.models.options import flag, sizes_of


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
)
def attention(*, d1: Width, dim: Width, heads: Width = 1, vo: bool = True, rope: bool = False) -> Description:
    """An attention layer; scores are x_s^T Q^T K x_t and values pass through V^T O (arXiv 2506.06194).

    With several heads the arrays of head h are `Qh`, `Kh`, `Vh`, `Oh`.  With rotary positions (arXiv
    2104.09864) the rows of Q and K split into consecutive pairs, each turned by its own angle; pair b gets
    its own arrays `Qb1`, `Kb1`, `Qb2`, ..., of head h `Qhb1`, ..., so that laws read per pair.
    """
    d1, dim, heads = sizes_of("attention", d1=d1, dim=dim, heads=heads)
    if flag(rope, "attention option rope") and d1 % 2:
        hint = "rotary positions turn pairs of rows"
        raise InputError("attention option d1", d1, "an even number when rope=true", hint)
    flag(vo, "attention option vo")
    h = "h" * (heads > 1)  # the label of heads, if there are several
    heads_axis = ("h",) * (heads > 1)
    letters: dict[str, tuple[str, ...]] = {}
    phi: list[Component] = []
    if rope:  # Qx and Qy are the first and the second rows of all pairs
        letters |= dict.fromkeys(("Qx", "Qy", "Kx", "Ky"), (*heads_axis, "b", "n"))
        left, right, open_ = f"{h}bi", f"{h}bj", f"{h}bij"
        phi.append(Component(open_, [(1, [("Qx", left), ("Kx", right)]), (1, [("Qy", left), ("Ky", right)])]))
        phi.append(
            Component(open_, [(1, [("Qy", left), ("Kx", right)]), (-1, [("Qx", left), ("Ky", right)])])
        )
    for one, other in [("Q", "K")] * (not rope) + [("V", "O")] * vo:
        letters |= dict.fromkeys((one, other), (*heads_axis, "a", "n"))
        phi.append(component(f"{h}ij", (one, f"{h}ai"), (other, f"{h}aj")))
    name = (
        f"attention d1={d1} dim={dim}"
        + f" heads={heads}" * (heads > 1)
        + " without V, O" * (not vo)
        + " with rope" * rope
    )
    sizes = {"h": heads, "a": d1, "b": d1 // 2, "n": dim}
    return Description(
        name, letters, phi, sizes, "arXiv 2506.06194", blocks=_blocks(d1, dim, heads, vo, rope)
    )


def _blocks(d1: int, dim: int, heads: int, vo: bool, rope: bool) -> Blocks:
    """An array for each head, and with rope for each pair of rows of Q and K."""

    def arrays() -> dict[str, Shape]:
        shapes: dict[str, Shape] = {}
        for head in range(1, heads + 1):
            h = str(head) * (heads > 1)
            shapes |= (
                {f"{letter}{h}b{b}": (2, dim) for b in range(1, d1 // 2 + 1) for letter in "QK"}
                if rope
                else {}
            )
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
