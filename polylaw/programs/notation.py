"""Programs as text: sums and products of arrays, `silu(layer_norm(x)*g @ U) @ V'`.

    product = power { ("*" | "/" | "@") power }
    power   = atom { "'" | "^" exponent }           X' is X transposed, exponents are multiples of 1/2
    atom    = number | name | function "(" sum ")" | "(" sum ")"

`@` is a product of matrices; all else is entry by entry, broadcast as in numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from polylaw.algebra.generators import nearest
from polylaw.algebra.rationals import decimal
from polylaw.errors import UnknownNameError
from polylaw.networks.graph import Graph
from polylaw.programs import trace
from polylaw.programs.trace import Array
from polylaw.syntax.grammar import Grammar
from polylaw.syntax.tokens import Lexicon, Token, errors_of, tokens_of

_NUMBER, _MEANT = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", "a number, a name, or one of + - * / @ ' ^ ( )"
_LEXICON = Lexicon(_NUMBER, r"\*\*|[-+*/^()@']", _MEANT, 20_000)
#: Functions by name; those of rows are taken along the last axis.
FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    name: getattr(trace, name)
    for name in (
        "exp", "log", "sqrt", "sigmoid", "silu", "tanh", "softplus", "gelu", "gelu_tanh", "relu",
        "leaky_relu", "softmax", "layer_norm", "rms_norm",
    )
}  # fmt: skip


def array_of(text: str, argument: str, graph: Graph, names: Mapping[str, Array]) -> Array:
    """The array that a text means.  Raises `ParseError`, `UnknownNameError`."""
    with errors_of(argument):
        return _Arrays(argument, tokens_of(text, argument, _LEXICON), graph, names).whole()


class _Arrays(Grammar[Array]):
    """The notation of arrays."""

    operators = ("*", "/", "@")
    postfixes = ("^", "**", "'")

    def __init__(self, argument: str, tokens: list[Token], graph: Graph, names: Mapping[str, Array]) -> None:
        super().__init__(argument, tokens)
        self.graph, self.names = graph, names

    def total(self, summands: list[Array]) -> Array:
        """As soon as they are read."""
        found = summands[0]
        for other in summands[1:]:
            found = found + other
        return found

    def times(self, left: Array, mark: str, right: Array) -> Array:
        """Of matrices, or entry by entry."""
        return left @ right if mark == "@" else left * right if mark == "*" else left / right

    def raised(self, value: Array, mark: str, first: Token, depth: int) -> Array:
        """A power, or the transpose."""
        return value.T if mark == "'" else value ** self._exponent()

    def _exponent(self) -> Fraction:
        """An integer, or (p/q), of either sign."""
        inside, sign = self.take("("), -1 if self.take("-") else 1
        if self.here.kind != "number":
            raise self.error("an exponent such as 2, -1 or (1/2)")
        value = Fraction(decimal(self.step().text))
        if inside and self.take("/"):
            below = decimal(self.here.text) if self.here.kind == "number" else 0
            if not below:
                raise self.error("a denominator that is not 0")
            value /= Fraction(below)
            self.step()
        if inside:
            self.expect(")")
        return sign * value

    def number(self) -> Array:
        """A constant."""
        return Array(self.graph, self.graph.constant([Fraction(decimal(self.step().text))], ()))

    def name(self, depth: int) -> Array:
        """An array, or a function of one."""
        name = self.step().text
        if self.here.text == "(" and name not in self.names:
            if name not in FUNCTIONS:
                hint = nearest(name, FUNCTIONS)
                raise UnknownNameError(self.argument, name, f"one of {', '.join(FUNCTIONS)}", hint)
            return FUNCTIONS[name](self.argument_of(depth))
        if name not in self.names:
            expected = f"one of {', '.join(self.names)}"
            raise UnknownNameError(self.argument, name, expected, nearest(name, self.names))
        return self.names[name]
