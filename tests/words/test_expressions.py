"""The free algebra: texts that read back, equal words in equal form, hostile text in one clear line."""

from __future__ import annotations

import pytest

from polylaw.algebra.ring import Exponential, Ring, RootOfTime
from polylaw.algebra.words.expression import Alphabet, contraction
from polylaw.algebra.words.parse import parse_words, word_letters
from polylaw.algebra.words.term import canonical
from polylaw.errors import ParseError, PolylawError, UnknownNameError
from tests.helpers import at_most_calls

PARAMETERS = Ring((), ("tau", "a"))
LETTERS = {
    "U": ("n", "r"),
    "dU": ("n", "r"),
    "V": ("m", "r"),
    "b": ("r",),
    "Q": ("h", "a", "n"),
    "S": ("r", "r"),
}
ALPHABET = Alphabet(LETTERS, Ring((), ("tau", "a"), Exponential(PARAMETERS.generator("tau"))))
TIMED = Alphabet(LETTERS, Ring((), (), RootOfTime(2)))

#: text: canonical text
TEXTS = {
    "U'*U - V'*V": "U' U - V' V",
    "U' U - V' V + V' V": "U' U",
    "exp(tau*t) (U' dU - dU' U)": "exp(tau*t) (U' dU - dU' U)",
    "exp(tau*t)^2*U'U": "exp(2*tau*t) (U' U)",
    "diag(U'U) - 2 b .* b": "diag(U' U - 2 b b')",
    "1' U - 1' V": "1' U - 1' V",
    "U' 1": "1' U",
    "a U' U - 2/3*V'*V": "a U' U - 2/3 V' V",
    "(a + tau) U' U": "(tau + a) U' U",
    "a^2 U'U": "a^2 U' U",
    "tr(U' U - V' V)": "tr(U' U - V' V)",
    "tr(U U')": "tr(U' U)",
    "tr(U U') U' U": "tr(U' U) U' U",
    "b b'": "b b'",
    "b' b": "b' b",
    "b' S b": "b' S b",
    "(U V')'": "V U'",
    "U''": "U",
    "U diag(b) V'": "[i,j] U[i,k] V[j,k] b[k]",
    "[i,j] U[k,i] U[k,j]": "U' U",
    "[p] U[x,p] U[x,p]": "diag(U' U)",
    "[h,a,b] Q[h,a,i] Q[h,b,i]": "[i,j,k] Q[i,j,l] Q[i,k,l]",
    "U .* dU": "[i,j] U[i,j] dU[i,j]",
    "sym(S)": "S + S'",
    "skew(S) + S'": "S",
    "2 1' U - diag(V'V + b b')": "2 1' U - diag(V' V + b b')",
    "S 1": "S 1",
    "1' S 1": "1' S 1",
    "[i] one_n[j] b[i]": "[i] b[i] one_n[j]",
    "U - U": "0",
    "3": "3",
    "-U": "-U",
}


@pytest.mark.parametrize("text", TEXTS)
def test_canonical_text_reads_back(text: str) -> None:
    value = parse_words(ALPHABET, text)
    assert str(value) == TEXTS[text]
    if value:
        assert parse_words(ALPHABET, str(value)) == value


def test_powers_of_the_clock() -> None:
    assert str(parse_words(TIMED, "t^3 (U'U) + 2 t^(1/2) U' U")) == "t^(1/2) (2 U' U) + t^3 (U' U)"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("tr(U' U V' V)", "tr(V' V U' U)"),
        ("tr(S U' U)", "tr(S' U' U)"),
        ("[i] U[j,i] U[k,i] V[l,i] V[l,i] U[j,p] U[k,p]", "[i] U[x,i] U[y,i] U[y,q] U[x,q] V[z,i] V[z,i]"),
        ("U' U .* (V' V)", "V' V .* (U' U)"),
        ("diag(S)", "diag(S')"),
    ],
)
def test_the_same_word_written_differently(left: str, right: str) -> None:
    assert parse_words(ALPHABET, left) == parse_words(ALPHABET, right)


def test_a_number_leaves_an_unfolding_as_it_is() -> None:
    assert parse_words(ALPHABET, "2 Q(2) Q(2)'") == parse_words(ALPHABET, "2 (Q(2) Q(2)')")
    for text in ("2 Q(2)'", "Q(2)' 2", "2 Q(2)' 1", "2 Q(2)' Q(2)"):
        with pytest.raises(ParseError, match="an unfolding only beside its like"):
            parse_words(ALPHABET, text)


def test_different_words_differ() -> None:
    assert parse_words(ALPHABET, "tr(S S)") != parse_words(ALPHABET, "tr(S S')")
    assert parse_words(ALPHABET, "S") != parse_words(ALPHABET, "S'")


def test_many_like_parts_are_put_in_order_at_once() -> None:
    with at_most_calls(300_000):
        assert parse_words(ALPHABET, " ".join(["tr(U' U)"] * 8)).length == 16


def test_contraction_ties_axes_of_one_width_only() -> None:
    u, v = ALPHABET.letter("U"), ALPHABET.letter("V")
    assert contraction("ij", (u, "ik"), (v, "jk")) == parse_words(ALPHABET, "U V'")
    with pytest.raises(PolylawError, match="width m meets width n"):
        contraction("", (u, "ik"), (v, "ik"))


def test_symmetry() -> None:
    assert parse_words(ALPHABET, "U'U").symmetry == "symmetric"
    assert parse_words(ALPHABET, "U'dU - dU'U").symmetry == "skew"
    assert parse_words(ALPHABET, "S").symmetry == ""
    assert parse_words(ALPHABET, "[h,a,b] Q[h,a,i] Q[h,b,i]").symmetry == "symmetric"


def test_bound_indices_are_numbered_after_open_ones() -> None:
    term = canonical("ab", [("U", "xb"), ("U", "xa")])
    assert (term.open, list(term.bound), term.length, term.indices) == ((0, 1), [2], 2, 3)


def test_letters_of_a_text() -> None:
    assert word_letters("exp(tau*t) U' diag(b) V - [i] Q[i,j,k]") == ["tau", "t", "U", "b", "V", "Q"]


REFUSED = [
    ("", "a letter, a number"),
    ("U' U +", "a letter, a number"),
    ("U' U )", "an operator or the end"),
    ("(U' U", "'\\)'"),
    ("U U", "width n meets width r"),
    ("U' U - V V'", "the shape r x r"),
    ("tr(U)", "a square matrix in tr"),
    ("U .* V", "two arrays of one shape"),
    ("b b", "a row on the right"),
    ("b U'", "a row on the right"),
    ("1' b'", "a matrix beside the vector of ones"),
    ("U (1' 2)", "a matrix beside the vector of ones"),
    ("X' X", "a matrix letter or a parameter"),
    ("U[i,j] U[i]", "2, one for each axis"),
    ("[i] U[i,i]", "one width for each index"),
    ("[x] U[i,j]", "an index of some letter"),
    ("[i,j] U[i,j] + [", "a letter with indices"),
    ("Q", "matrices and vectors"),
    ("U' U; import os", "a letter, a number, or one of"),
    ("__import__('os')", "a letter, a number, or one of"),
    ("1/0 U", "nonzero"),
    ("0.5 U", "a letter, a number, or one of"),
    ("(" * 100 + "U" + ")" * 100, "at most 40 nested"),
    ("U'U" * 10_000, "at most 20000"),
    ("U' U " * 30, "at most 40"),
    pytest.param("(U'U + S) " * 12, "at most", marks=pytest.mark.slow),
    ("[i] " + "b[i] " * 50, "at most 40"),
    ("[" + ",".join(f"i{k}" for k in range(99)) + "] U[a,b]", "at most 60 indices"),
    ("9" * 5000 + " U", "digits"),
    ("exp(tau*t U", "'\\)'"),
    ("exp(a*t) U", "exp"),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED, ids=lambda text: text[:20])
def test_refused(text: str, expected: str) -> None:
    with at_most_calls(20_000_000), pytest.raises(PolylawError, match=expected) as caught:
        parse_words(ALPHABET, text)
    assert isinstance(caught.value, (ParseError, UnknownNameError))
    assert "\n" not in str(caught.value)
