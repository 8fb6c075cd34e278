"""The certificates of laws for all widths that tests share."""

from __future__ import annotations

from functools import cache

import polylaw as pl
from polylaw.flows.shaped import ShapedFlow
from polylaw.proof.certificate import Certificate
from tests.helpers import mostly_slow

__all__ = ["FEW_WORDS", "WORDS", "word_certificate", "word_laws"]

_model = pl.shaped_of_spec
_gradient, _momentum = ShapedFlow.gradient, ShapedFlow.momentum
_TRACE = pl.shaped({"U": ("n", "n"), "V": ("n", "n")}, ["tr(U)"])
_DIAGONAL = pl.shaped({"U": ("n", "n"), "V": ("n", "n")}, ["diag(U' U)", "tr(V)"])
_UNSEEN = pl.shaped({"U": ("n", "r"), "V": ("m", "r"), "Z": ("n",)}, ["U V'"])
_TWO = pl.shaped({"U": ("n", "r"), "V": ("m", "r")}, ["U V'"], parameters=["a"])

#: All flows, and models with every kind of product: words, heads, diagonals, tensors, entrywise ones,
#: identities.
WORDS: dict[str, ShapedFlow] = {
    "linear": _gradient(_model("linear:*")),
    "deep linear with decay": _gradient(_model("linear:*,*,*,*"), weight_decay="lam"),
    "momentum": _momentum(_model("linear:*"), 0),
    "damping": _momentum(_model("linear:*,*,*"), "tau"),
    "rational damping": _momentum(_model("lora:*,*,*"), "3/2"),
    "nesterov": _momentum(_model("attention:d1=*,dim=*,heads=*"), "3/t"),
    "fractional nesterov": _momentum(_model("linear:*"), "3/2/t"),
    "rates": _gradient(_TWO, "rates:U=a,V=2*b", weight_decay="lam"),
    "attention": _gradient(_model("attention:d1=*,dim=*,heads=*")),
    "rope": _gradient(_model("attention:d1=*,dim=*,rope=true")),
    "relu with bias": _gradient(_model("relu:*?bias=true")),
    "channels": _gradient(_model("conv:*,*,*")),
    "gated": _gradient(_model("gated:*,*,*")),
    "nmf": _gradient(_model("nmf:*,*,*")),
    "icnn": _gradient(_model("icnn:*,*,*")),
    "mirror momentum": _momentum(_UNSEEN, "1/t", "mirror:U,V"),
    "mirror with decay": _gradient(_UNSEEN, "mirror:U,V", weight_decay="lam"),
    "softmax": _gradient(_model("softmax:*,*")),
    "tensor train": _gradient(_model("tt:*,*,*?ranks=*")),
    "trace": _gradient(_TRACE),
    "diagonal": _gradient(_DIAGONAL),
}

#: Those rows that are tested in the quick suite, the others being slow.
FEW_WORDS = mostly_slow(WORDS, *[*WORDS][::3], "diagonal")


@cache
def word_laws(name: str) -> pl.WordLaws:
    """All laws of length at most 2 of one row."""
    laws = pl.find_laws(WORDS[name])
    assert isinstance(laws, pl.WordLaws)
    return laws


@cache
def word_certificate(name: str) -> Certificate:
    """Their certificate."""
    return pl.certify(word_laws(name))
