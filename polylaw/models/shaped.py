"""Models with symbolic widths: weight letters, and phi as expressions in them.

>>> from polylaw.models.shaped import shaped
>>> two_layers = shaped({"U": ("n", "r"), "V": ("m", "r")}, ["U V'"])
>>> two_layers.at({"n": 2, "m": 1, "r": 2}).phi[1].numerator
Polynomial('U_2_1*V_1_1 + U_2_2*V_1_2')
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from polylaw.algebra.polynomial import Polynomial, RationalFunction
from polylaw.algebra.ring import Ring
from polylaw.algebra.words.expression import Alphabet, Expression, tied
from polylaw.algebra.words.letters import Widths, collected
from polylaw.algebra.words.notation import MOST_INDICES
from polylaw.algebra.words.parse import parse_words
from polylaw.algebra.words.term import Term
from polylaw.errors import InputError, NameConflictError, PolylawError
from polylaw.models.contraction import bounded_product
from polylaw.models.model import MOST_WEIGHTS, Model, bounded_size, width
from polylaw.models.options import one_for_each
from polylaw.models.word_entries import all_entries, ring_of_entries

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,31}")
_RESERVED = ("exp", "diag", "tr", "sym", "skew", "t")
MOST_WIDTHS = 60
_MOST_LETTERS = 60


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
    notes: tuple[str, ...] = ()

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
        images: dict[str, list[tuple[Term, Polynomial]]] = {name: [] for name in self.weights}
        for letter, phi in zip(letters, self.phi, strict=True):
            for term, c in phi.over(alphabet):
                for name, labels, (every, others) in term.parts():
                    if name in images:
                        rest = Term(every, (*others, (letter, term.open)))
                        images[name].append((tied(labels, [(rest, every)], phi.extents(term)), c))
        terms = {name: collected(found) for name, found in images.items()}
        return {name: Expression(alphabet, alphabet.widths(name), found) for name, found in terms.items()}

    def sizes(self, given: Mapping[str, int], argument: str = "widths") -> dict[str, int]:
        """Checked sizes, one for each width of the model."""
        expected = f"a size for each of {', '.join(self.widths)}"
        sizes = one_for_each(self.widths, given, argument, "a width of this model", expected, "no {}")
        return {name: width(size, f"{argument} {name}") for name, size in sizes.items()}

    def at(self, sizes: Mapping[str, int], *, name: str = "") -> Model:
        """The model at these widths.  Entries of constants become parameters; phi is listed component by
        component, each in row-major order, without zero entries."""
        sizes, alphabet = self.sizes(sizes), self.alphabet
        shapes = {letter: tuple(sizes[w] for w in ends) for letter, ends in alphabet.letters.items()}
        total = sum(bounded_product(shape, "number of weights", MOST_WEIGHTS) for shape in shapes.values())
        bounded_size(total, "number of weights", MOST_WEIGHTS)
        for factors in (term.factors for phi in self.phi for term in phi.terms):
            extents = (sizes[w] for w in alphabet.index_widths(factors).values())
            bounded_product([len(factors), *extents], "number of factors in phi")
        constants = ring_of_entries(alphabet, self.constants, sizes).variables
        weights = ring_of_entries(alphabet, self.weights, sizes).variables
        ring = Ring(weights, [*alphabet.scalars.parameters, *constants])
        entries = (h for phi in self.phi for h in all_entries(phi, sizes, ring).values() if h)
        components = tuple(RationalFunction(h, ring.constant(1)) for h in entries)
        title = name or f"{self.name} {' '.join(f'{w}={n}' for w, n in sizes.items())}"
        arrays = {letter: shapes[letter] for letter in self.weights}
        return Model(title, ring, components, arrays, self.metric, self.source, self.notes)


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
        expected, hint = "the widths of each letter by name", "for example {'U': ('n', 'r')}"
        raise InputError("letters", letters, expected, hint)
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
    names = [*weights, *(f"d{w}" for w in weights), *fixed, *parameters]
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        expected = "each name once, and dU only as the velocity of U"
        raise NameConflictError("matrix name", twice[0], expected, "rename one of the two")
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
        hint = "the loss sees nothing of the weights here"
        raise InputError(argument, text, "a word that contains a matrix", hint)
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
            hint = "a size belongs to `at`, not to a shaped model"
            raise InputError(f"widths of {letter}", end, "names such as n or r", hint)
    return tuple(ends)
