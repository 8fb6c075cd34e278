"""Models with symbolic widths: weight letters, and phi as expressions in them.

>>> from polylaw.models.shaped import shaped
>>> two_layers = shaped({"U": ("n", "r"), "V": ("m", "r")}, ["U V'"])
>>> two_layers.at({"n": 2, "m": 1, "r": 2}).phi[1].numerator
Polynomial('U_2_1*V_1_1 + U_2_2*V_1_2')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.ring import Ring, nearest
from polylaw.algebra.words.expression import Alphabet, Expression, Widths, tied
from polylaw.algebra.words.notation import MOST_INDICES
from polylaw.algebra.words.parse import parse_words
from polylaw.algebra.words.term import Term
from polylaw.errors import InputError, NameConflictError, PolylawError, UnknownNameError
from polylaw.models.contraction import bounded_product
from polylaw.models.model import Model, bounded_size, entry_name, indices, width
from polylaw.models.word_entries import all_entries

__all__ = ["MOST_WIDTHS", "ShapedModel", "alphabet_of", "shaped"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,31}")
_RESERVED = ("exp", "diag", "tr", "sym", "skew", "t")
MOST_WIDTHS = 60
_MOST_LETTERS = 60
_MOST_WEIGHTS = 100_000


@dataclass(frozen=True)
class ShapedModel:
    """Weight letters (with their widths) and the map phi the loss sees, for all widths at once.

    `alphabet` has the weights and the `constants`: letters that stand for anything a law may not depend on,
    such as frozen weights, the other layers of a deep network, or masks.  A law without them holds whatever
    they are and however they move.  `metric` is that of the model unless a flow says otherwise, `source`
    cites the model and its laws, and `notes` say in words what the description leaves out.
    """

    name: str
    alphabet: Alphabet
    weights: tuple[str, ...]
    phi: tuple[Expression, ...]
    metric: str = "euclidean"
    source: str = ""
    notes: tuple[str, ...] = field(default=())

    def __hash__(self) -> int:
        return hash((self.name, self.weights, self.phi))

    @property
    def constants(self) -> tuple[str, ...]:
        """The letters that are no weights."""
        return tuple(name for name in self.alphabet.letters if name not in self.weights)

    @cached_property
    def widths(self) -> Widths:
        """The names of the widths, in order of first occurrence."""
        return tuple(dict.fromkeys(w for ends in self.alphabet.letters.values() for w in ends))

    def gradients(self, letters: Sequence[str], alphabet: Alphabet) -> dict[str, Expression]:
        """dL/dX for every weight X, over `alphabet`, which has one letter of `letters` for dL/dphi_j, with
        the axes of phi_j, for each component.

        L depends on the weights through phi alone, so dL/dX = sum_j <dL/dphi_j, dphi_j/dX>.  Any array is
        dL/dphi_j for some loss, a linear one, so letters that are free lose nothing: the fields X_G over all
        values of G span the same as grad phi_j over all entries of phi_j.  Where an axis of phi_j is tied to
        an axis of every factor (masks, entrywise products, copies), so is that of G.
        """
        images: dict[str, dict[Term, Polynomial]] = {name: {} for name in self.weights}
        for letter, phi in zip(letters, self.phi, strict=True):
            for term, c in phi.over(alphabet):
                every = range(term.indices)
                widths = dict(zip(term.open, phi.widths, strict=True)) | alphabet.index_widths(term.factors)
                for place, (name, labels) in enumerate(term.factors):
                    if name in images:
                        rest = Term(
                            tuple(every),
                            (*term.factors[:place], *term.factors[place + 1 :], (letter, term.open)),
                        )
                        found = tied(labels, [(rest, every)], widths)
                        images[name][found] = images[name][found] + c if found in images[name] else c
        return {name: Expression(alphabet, alphabet.widths(name), terms) for name, terms in images.items()}

    def sizes(self, given: Mapping[str, int], argument: str = "widths") -> dict[str, int]:
        """Checked sizes, one for each width of the model."""
        for name in given:
            if name not in self.widths:
                raise UnknownNameError(argument, name, "a width of this model", nearest(name, self.widths))
        for name in self.widths:
            if name not in given:
                raise InputError(argument, f"no {name}", f"a size for each of {', '.join(self.widths)}")
        return {name: width(given[name], f"{argument} {name}") for name in self.widths}

    def at(self, sizes: Mapping[str, int], *, name: str = "") -> Model:
        """The model at these widths.  Entries of constants become parameters; phi is listed component by
        component, each in row-major order, without zero entries."""
        sizes = self.sizes(sizes)
        arrays = {
            letter: tuple(sizes[w] for w in self.alphabet.widths(letter)) for letter in self.alphabet.letters
        }
        total = sum(bounded_product(shape, "number of weights", _MOST_WEIGHTS) for shape in arrays.values())
        bounded_size(total, "number of weights", _MOST_WEIGHTS)
        for phi in self.phi:
            for term in phi.terms:
                found = self.alphabet.index_widths(term.factors)
                bounded_product(
                    [len(term.factors), *(sizes[w] for w in found.values())], "number of factors in phi"
                )

        def names(letters: Sequence[str]) -> list[str]:
            return [entry_name(letter, index) for letter in letters for index in indices(arrays[letter])]

        ring = Ring(names(self.weights), [*self.alphabet.scalars.parameters, *names(self.constants)])
        one = ring.constant(1)
        components = [h for phi in self.phi for h in all_entries(phi, sizes, ring).values() if h]
        title = name or f"{self.name} {' '.join(f'{w}={n}' for w, n in sizes.items())}"
        shapes = {letter: arrays[letter] for letter in self.weights}
        return Model(
            title,
            ring,
            tuple(RationalFunction(h, one) for h in components),
            shapes,
            self.metric,
            self.source,
            self.notes,
        )

    def named(self, name: str) -> ShapedModel:
        """The same model under another name."""
        return replace(self, name=name)


def shaped(
    letters: Mapping[str, Sequence[str]],
    phi: Sequence[str],
    *,
    constants: Mapping[str, Sequence[str]] | None = None,
    parameters: Sequence[str] = (),
    metric: str = "euclidean",
    name: str = "words",
    source: str = "",
    notes: Sequence[str] = (),
) -> ShapedModel:
    """The model with weights `letters`, each with the names of its widths, and phi as texts.

    Texts are matrix words, or terms with indices (`polylaw.algebra.words.parse`):

        linear         shaped({"U": ("n", "r"), "V": ("m", "r")}, ["U V'"])
        ReLU neurons   the same with ["[k,i,j] U[i,k] V[j,k]"]: one product for each neuron, open over k
        heads          shaped({"Q": ("h", "a", "n"), "K": ("h", "a", "n")}, ["[h,i,j] Q[h,a,i] K[h,a,j]"])

    `constants` are letters no law may contain.  `parameters` are names of scalar symbols.  Raises
    `InputError`, `NameConflictError`, `ParseError`, `UnknownNameError`.
    """
    if not isinstance(letters, Mapping):
        raise InputError(
            "letters", letters, "the widths of each letter by name", "for example {'U': ('n', 'r')}"
        )
    if not phi or isinstance(phi, str) or not isinstance(phi, Iterable):
        raise InputError("phi", phi or "none", "a list of at least one word", 'for example ["U V\'"]')
    alphabet = alphabet_of(letters, constants or {}, parameters)
    words = tuple(_component(alphabet, text, f"phi[{j}]") for j, text in enumerate(phi, 1))
    return ShapedModel(name, alphabet, tuple(letters), words, metric, source, tuple(notes))


def alphabet_of(
    letters: Mapping[str, Sequence[str]],
    constants: Mapping[str, Sequence[str]],
    parameters: Sequence[str] = (),
) -> Alphabet:
    """The alphabet of a model's weights and constants; `InputError`, `NameConflictError` for names and
    numbers that it may not have."""
    weights = {_name(letter): _ends(letter, ends) for letter, ends in letters.items()}
    fixed = {_name(letter): _ends(letter, ends) for letter, ends in constants.items()}
    if not weights:
        raise InputError("matrices", "none", "at least one matrix", "for example U = (n, r)")
    _distinct(weights, fixed, parameters)
    if len(weights) + len(fixed) > _MOST_LETTERS:
        raise InputError("matrices", f"{len(weights) + len(fixed)} matrices", f"at most {_MOST_LETTERS}")
    widths = {w for ends in (*weights.values(), *fixed.values()) for w in ends}
    if len(widths) > MOST_WIDTHS:
        raise InputError("matrices", f"{len(widths)} widths", f"at most {MOST_WIDTHS} different widths")
    return Alphabet(weights | fixed, Ring((), tuple(parameters)))


def _component(alphabet: Alphabet, text: str, argument: str) -> Expression:
    try:
        value = parse_words(alphabet, text, argument)
    except PolylawError as error:
        raise error if error.argument.startswith(argument) else error.within(argument) from None
    if not value.letters:
        raise InputError(
            argument, text, "a word that contains a matrix", "the loss sees nothing of the weights here"
        )
    return value


def _name(name: str) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError("matrix name", name, "a letter, then at most 31 letters or digits")
    if name in _RESERVED:
        raise NameConflictError("matrix name", name, "a name that is not reserved", "rename this matrix")
    return name


def _ends(letter: str, ends: Sequence[str]) -> Widths:
    if isinstance(ends, str) or not isinstance(ends, Sequence) or len(ends) > MOST_INDICES:
        expected = f"a list of at most {MOST_INDICES} names of widths"
        raise InputError(f"widths of {letter}", ends, expected, 'for example ["n", "r"]')
    for end in ends:
        if not isinstance(end, str) or not _NAME.fullmatch(end):
            raise InputError(
                f"widths of {letter}",
                end,
                "names such as n or r",
                "a size belongs to `at`, not to a shaped model",
            )
    return tuple(ends)


def _distinct(
    weights: Mapping[str, Widths], constants: Mapping[str, Widths], parameters: Sequence[str]
) -> None:
    """Letters, velocities and scalars have different names."""
    used: set[str] = set()
    for name in [*weights, *(f"d{w}" for w in weights), *constants, *parameters]:
        if name in used:
            raise NameConflictError(
                "matrix name",
                name,
                "each name once, and dU only as the velocity of U",
                "rename one of the two",
            )
        used.add(name)
