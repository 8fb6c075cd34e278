"""The architectures of `python -m benchmarks.programs`, and the laws that are known of each.

Letters: d the width of the stream, e that of a head, H heads, h hidden units, o outputs.  A symmetric matrix
of e rows has e (e + 1)/2 entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from examples.programs import attention, blocks, convolutions, experts, sequences, units
from examples.programs.parts import (
    GELU,
    LAYER,
    LAYER_BARE,
    LAYER_EPS,
    NONE,
    RELU,
    RMS,
    RMS_BARE,
    RMS_EPS,
    SILU,
    SWIGLU,
    Norm,
    Units,
)
from polylaw.models import Model
from polylaw.programs import gelu, gelu_tanh, relu, sigmoid, silu, tanh

#: How many laws, and which.
Laws = tuple[tuple[int, str], ...]
NORMS = (NONE, LAYER, LAYER_EPS, LAYER_BARE, RMS, RMS_EPS, RMS_BARE)
UNITS = (RELU, SWIGLU, GELU, SILU)


@dataclass(frozen=True)
class Case:
    """Bounds do not meet if `most` is more than the number of laws that are known; `why` they do not."""

    group: str
    name: str
    build: Callable[[], Model]
    laws: Laws = ()
    most: int | None = None
    why: str = ""

    @property
    def known(self) -> int:
        """The number of laws that are known, all of them independent."""
        return sum(number for number, _ in self.laws)

    @property
    def bounds(self) -> tuple[int, int]:
        """On the number of laws."""
        return self.known, self.known if self.most is None else self.most


def entries(rows: int) -> int:
    """Of a symmetric matrix."""
    return rows * (rows + 1) // 2


def _some(*laws: tuple[int, str]) -> Laws:
    return tuple(law for law in laws if law[0])


def _heads(inner: int, heads: int = 1) -> Laws:
    each = entries(inner) * heads
    return ((each, "Q Q' - K K'"), (each, "V V' - O O'"))


# -- attention -----------------------------------------------------------------------------------------
def _attention() -> Iterator[Case]:
    case = partial(Case, "attention")
    for d, e, heads in (
        (2, 1, 1),
        (2, 1, 2),
        (2, 2, 1),
        (2, 1, 3),
        (3, 1, 2),
        (2, 2, 2),
        (3, 2, 2),
        (4, 2, 3),
    ):
        yield case(f"softmax, d={d} e={e} H={heads}", partial(attention.layer, d, e, heads), _heads(e, heads))
    for d, e, heads in ((2, 2, 1), (2, 1, 2)):
        yield case(
            f"causal, 3 tokens, d={d} e={e} H={heads}",
            partial(attention.causal, d, e, heads),
            _heads(e, heads),
        )
    for d, heads in ((2, 1), (3, 2)):
        laws = ((heads, "|Q|^2 - |K|^2"), (3 * heads, "V V' - O O'"))
        yield case(f"rotary, d={d} e=2 H={heads}", partial(attention.rotary, d, heads), laws)
    for d, e, heads in ((2, 2, 1), (3, 1, 2)):
        each = entries(e) * heads
        laws = ((each, "[Q q] [Q q]' - K K'"), (each, "[V v] [V v]' - O O'"), (e * heads, "key biases"))
        yield case(f"biases, d={d} e={e} H={heads}", partial(attention.biased, d, e, heads), laws)
    for d in (2, 3):
        laws = ((3, "Q0 Q0' + Q1 Q1' - K K'"), (3, "V V' - O0 O0' - O1 O1'"))
        yield case(f"grouped queries, d={d} e=2", partial(attention.grouped, d), laws)
    for e, heads, layers in ((1, 1, 2), (1, 2, 2), (2, 1, 2), (1, 1, 3)):
        build = partial(attention.stacked, 2, e, heads, layers=layers)
        yield case(f"{layers} residual layers, d=2 e={e} H={heads}", build, _heads(e, heads * layers))
    for rank in (1, 2):
        laws = ((2 * entries(rank), "A A' - B' B"),)
        yield case(f"LoRA of rank {rank} on Q and V, d=3 e=2", partial(attention.lora, rank), laws)


# -- norms ---------------------------------------------------------------------------------------------
def _hidden(kind: Units, hidden: int) -> tuple[int, str]:
    """ReLU is homogeneous, and SwiGLU linear in one of its matrices; GELU and SiLU are neither."""
    if kind is RELU:
        return hidden, "|U[:,k]|^2 - |V[k]|^2"
    return hidden if kind is SWIGLU else 0, "|G[:,k]|^2 - |V[k]|^2"


def _readers(norm: Norm, width: int, norms: int, columns: int) -> tuple[int, str]:
    """Each gain and shift against the matrices that read them.  Without a gain, what they read adds up to 0
    after LayerNorm, so that so many of their columns have sums that stay."""
    if norm is LAYER_BARE:
        return columns, "sums in matrices that read norms"
    return norms * width if norm.letters else 0, "g[j]^2 + b[j]^2 - |rows that read j|^2"


def _writers(norm: Norm, rows: int) -> tuple[int, str]:
    """LayerNorm does not see a number added to the whole stream."""
    return rows if norm in (LAYER, LAYER_EPS, LAYER_BARE) else 0, "sums in matrices that write the stream"


def _scale(norm: Norm, what: str) -> tuple[int, str]:
    """With eps = 0 norms do not see the length of the stream, if all of it comes from parameters."""
    return int(norm in (LAYER, LAYER_BARE, RMS, RMS_BARE)), what


def pre_norm_laws(norm: Norm, kind: Units) -> Laws:
    """d = 3, e = H = h = 1, o = 2, three norms.  Data are part of the stream: no law of its scale."""
    columns = 3 + (2 if kind.gated else 1) + 2
    return _some(*_heads(1), _hidden(kind, 1), _readers(norm, 3, 3, columns), _writers(norm, 1 + 1))


def post_norm_laws(norm: Norm, kind: Units) -> Laws:
    """d = 3, e = H = 1, h = 2.  The first norm is read by a sum, too: its gain has no law of its own, and its
    scale has one."""
    scaled = () if norm is LAYER_BARE or not norm.letters else (_scale(norm, _SCALES[kind]),)
    columns = 4 if kind.gated else 2
    return _some(*_heads(1), _hidden(kind, 2), _readers(norm, 3, 0, columns), _writers(norm, 1 + 2), *scaled)


_SCALES = {
    kind: "|g|^2 + |b|^2 of the first norm" + ("" if kind is RELU else ", |V|^2, and less those of U and G")
    for kind in UNITS
}


def embedded_laws(norm: Norm, kind: Units) -> Laws:
    """Two symbols, d = 3, h = o = 2.  Without norms, all of the stream may be transformed."""
    if norm is NONE:
        return _some((entries(3), "E' E + V' V - U U' - G G' - W W'"), _hidden(kind, 2))
    readers = _readers(norm, 3, 2, 2 + (4 if kind.gated else 2))
    return _some(readers, _writers(norm, 2 + 2), _hidden(kind, 2), _scale(norm, "|E|^2 + |V|^2"))


def tied_laws(norm: Norm, kind: Units) -> Laws:
    """The same with o = 2 symbols.  The head sees the sums of E unless what it reads adds up to 0, and the
    scale of E unless a gain makes up for it."""
    readers = _readers(norm, 3, 1, 4 if kind.gated else 2)
    writers = _writers(norm, 2 + (2 if norm is LAYER_BARE else 0))
    scaled = (_scale(norm, "|E|^2 + |V|^2 - |g2|^2 - |b2|^2"),) if norm.letters else ()
    return _some(readers, writers, _hidden(kind, 2), *scaled)


def _norms() -> Iterator[Case]:
    for group, build, laws in (
        ("pre-norm block, last norm and head", blocks.pre_norm_head, pre_norm_laws),
        ("post-norm block", blocks.post_norm, post_norm_laws),
        ("embedding, units after a norm, last norm, head", units.embedded, embedded_laws),
        ("the same, head tied to the embedding", units.tied, tied_laws),
    ):
        for norm in NORMS:
            for kind in UNITS:
                made = partial(build, norm=norm, units=kind)
                yield Case(group, f"{group}: {norm.name}, {kind.name}", made, laws(norm, kind))


def _blocks() -> Iterator[Case]:
    case = partial(Case, "blocks")
    gains = "g[j]^2 + b[j]^2 - |rows that read j|^2"
    yield case("pre-norm block, LayerNorm, SiLU, d=4 e=2 H=2", blocks.pre_norm, (*_heads(2, 2), (8, gains)))
    biased = ((3, "[Q q] [Q q]' - K K'"), (3, "[V v] [V v]' - O O'"), (2, "key biases"))
    sums = (1, "sum of one bias less that of the other")
    yield case("block as in GPT-2, d=3 e=2 H=1", blocks.gpt, (*biased, (6, gains), sums))
    shared = ((1, "|Q0|^2 + |Q1|^2 - |K|^2"), (3, "V V' - O0 O0' - O1 O1'"))
    rows = (6, "g[j]^2 - |rows that read j|^2")
    yield case("block as in Llama, d=3 e=2", blocks.llama, (*shared, rows, (2, "|G[:,k]|^2 - |V[k]|^2")))
    twice = "2 residual layers of attention with norms, last norm, head: "
    yield case(f"{twice}RMSNorm, d=2 e=1", blocks.norm_twice, (*_heads(1, 2), rows))
    laws = (*_heads(1, 2), (9, gains), (2, "sums of rows of O"))
    yield case(f"{twice}LayerNorm, d=3 e=1", partial(blocks.norm_twice, 3, norm=LAYER), laws)


def _pairs() -> Iterator[Case]:
    """After LayerNorm two coordinates are one number and less that number, so that U[1].U[2] + g[1] g[2] -
    b[1] b[2] is a law of each norm: inference, which is for all widths, has none of them."""
    for kind in (RELU, SILU):
        build = partial(units.embedded, width=2, norm=LAYER_EPS, units=kind)
        laws = _some(_readers(LAYER_EPS, 2, 2, 0), _writers(LAYER_EPS, 2 + 2), _hidden(kind, 2))
        most = sum(number for number, _ in laws) + 2
        name = f"embedding, norm of 2 coordinates, {kind.name}"
        yield Case("LayerNorm of two coordinates", name, build, laws, most, "laws of width 2 are missing")


# -- units ---------------------------------------------------------------------------------------------
def _units() -> Iterator[Case]:
    case = partial(Case, "layers of units")
    for act, name in ((silu, "SiLU"), (tanh, "tanh"), (gelu, "GELU"), (gelu_tanh, "GELU with tanh")):
        for widths in ((2, 3, 2), (2, 2, 2, 2), (2, 3, 2, 1), (2, 2, 2, 2, 1)):
            yield case(f"{name} {','.join(map(str, widths))}", partial(units.deep, widths, act))
    for widths in ((2, 3, 2), (2, 2, 2, 2)):
        laws = ((sum(widths[1:-1]), "row less column of each hidden unit"),)
        yield case(f"ReLU {','.join(map(str, widths))}", partial(units.deep, widths, relu), laws)
    yield case("SwiGLU 2,2,2", units.gated, ((2, "|G[:,k]|^2 - |V[k]|^2"),))
    sums = (3, "sums over classes")
    yield case("cross-entropy, SiLU 2,2,3 with biases", units.classifier, (sums,))
    laws = (sums, (2, "|U[:,k]|^2 + b[k]^2 - |V[k]|^2"))
    yield case("cross-entropy, ReLU 2,2,3 with biases", partial(units.classifier, act=relu), laws)
    lengths = (2, "|U[k]|^2")
    laws = (lengths, (2, "g[k]^2 - |V[k]|^2"))
    yield case("weight normalisation, ReLU 2,2,2", units.weight_norm, laws)
    yield case("weight normalisation, SiLU 2,2,2", partial(units.weight_norm, act=silu), (lengths,))


# -- experts, sequences, convolutions ------------------------------------------------------------------
def _experts() -> Iterator[Case]:
    case = partial(Case, "mixtures of experts")
    for d, count in ((2, 2), (3, 3)):
        name, build = f"{count} linear experts, d={d}", partial(experts.mixture, d, count)
        yield case(f"{name}, softmax gate", build, ((d, "sums over experts of the gate"),))
        yield case(f"{name}, sigmoid gate", partial(build, gate=sigmoid))
        yield case(f"{name}, normalised sigmoid gate", partial(build, gate=experts.sigmoid_share))
    name, build, hidden = "2 ReLU experts, d=2 h=2", experts.mixture_of_units, (4, "|U[:,k]|^2 - |V[k]|^2")
    yield case(f"{name}, softmax gate", build, (hidden, (2, "sums over experts of the gate")))
    yield case(f"{name}, sigmoid gate", partial(build, gate=sigmoid), (hidden,))
    yield case(f"{name}, normalised sigmoid gate", partial(build, gate=experts.sigmoid_share), (hidden,))


def _sequences() -> Iterator[Case]:
    case = partial(Case, "recurrent cells, two steps")
    for width, state in ((1, 2), (2, 1)):
        both = ((4 * state, "b_ih - b_hh"),)
        yield case(
            f"LSTM with b_ih and b_hh, {width} to {state}", partial(sequences.lstm, width, state), both
        )
    yield case("LSTM with one bias, 1 to 2", partial(sequences.lstm, biases="b"))
    yield case("LSTM without biases, 1 to 2", partial(sequences.lstm, biases=""))
    for width, state in ((1, 2), (2, 1)):
        both = ((2 * state, "b_ih - b_hh of two gates"),)
        yield case(f"GRU with b_ih and b_hh, {width} to {state}", partial(sequences.gru, width, state), both)
    for states in (1, 2):
        build = partial(sequences.state_space, 2, states)
        yield case(
            f"selective state space, d=2, {states} states", build, ((states, "|B[:,n]|^2 - |C[:,n]|^2"),)
        )


def _convolutions() -> Iterator[Case]:
    case = partial(Case, "convolutions and BatchNorm")
    frozen, gains = (2, "biases before BatchNorm"), (2, "g^2 + s^2 - |V of the channel|^2")
    lengths = (2, "|W of the channel|^2")
    yield case("ReLU, eps 0", convolutions.batch_norm, (frozen, lengths, gains))
    build = partial(convolutions.batch_norm, eps=Fraction(1, 3))
    yield case("ReLU, eps 1/3", build, (frozen, gains))
    build = partial(convolutions.batch_norm, act=silu)
    yield case("SiLU, eps 0", build, (frozen, lengths))


CASES = (
    *_attention(),
    *_norms(),
    *_blocks(),
    *_pairs(),
    *_units(),
    *_experts(),
    *_sequences(),
    *_convolutions(),
)
