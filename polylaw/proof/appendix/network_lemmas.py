"""What rules do to motions of arrays, as lemmas with their proofs: those of the checker, in words."""

from __future__ import annotations

from polylaw.networks.pieces import Form
from polylaw.proof.appendix import document as doc
from polylaw.proof.appendix import formulas as fm
from polylaw.proof.appendix.phrases import said

_Y, _X, _W, _F, _M, _K, _C, _U, _V = (doc.Symbol(letter) for letter in "yxwfMkcuv")
_XJ, _KJ, _FJ = (doc.Symbol(letter, "j") for letter in "xkf")
_PHI, _SUM, _TURNED = doc.Symbol("phi"), doc.Operator("sum"), fm.transposed(_M)

#: What sentences below have in braces.
_PARTS: dict[str, doc.Part] = {
    "y": _Y,
    "x": _X,
    "w": _W,
    "k": _K,
    "f": _F,
    "M": _M,
    "xj": _XJ,
    "powers": doc.Power(_XJ, _KJ),
    "fjxj": fm.row(_FJ, _XJ),
    "kjfj": fm.row(_SUM, _KJ, _FJ),
    "fx": fm.row(_F, _X),
    "fy": fm.row(_F, _Y),
    "kfy": fm.row(_K, _F, _Y),
    "Mx": fm.row(_M, _X),
    "My": fm.row(_M, _Y),
    "Mw": fm.row(fm.MINUS, _TURNED, _W),
    "dual": fm.row(
        _SUM, fm.parenthesised(fm.parenthesised(_M, _X), _W, fm.MINUS, _X, fm.parenthesised(_TURNED, _W)),
        fm.EQUAL, fm.ZERO,
    ),
    "skew": fm.row(fm.transposed(_X), fm.parenthesised(_M, fm.PLUS, _TURNED), _X, fm.EQUAL, fm.ZERO),
    "scaled": fm.row(
        _PHI, fm.parenthesised(_C, _X), fm.EQUAL, doc.Power(_C, _K), _PHI, fm.parenthesised(_X),
    ),
    "c": _C,
    "u": _U,
    "v": _V,
    "shift": fm.row(_U, fm.PLUS, _V, _X),
    "vx": fm.row(_V, _X),
    "uy": fm.row(_U, _Y),
    "kv": fm.row(_KJ, doc.Symbol("v", "j")),
    "kvy": fm.row(_K, _V, _Y),
}  # fmt: skip

#: What an operation of each kind computes.
OPERATIONS = {
    "product": "A sum of products of powers {powers} of arrays, over some of their indices: matrix "
    "products, gains, gates, quotients, averages",
    "sum": "A sum of multiples of arrays, repeated along the indices that they lack",
    "homogeneous": "A function of each entry with {scaled} for all positive {c}, such as ReLU",
    "exp": "The exponential of each entry",
    "log": "The logarithm of each entry",
    "length": "The root of a multiple of a sum of squares over some indices",
    "carry": "What puts entries together in a way that is homogeneous of degree one, such as a maximum, "
    "a window or a copy, by indices that have nothing to do with each other",
    "opaque": "Any other function, of which nothing is used",
}

#: How arrays move for laws of a form.
MOTIONS = {
    Form.SQUARES: "Scalings: an array {x} moves by {fx}, where the factor {f} depends on some indices",
    Form.PRODUCTS: "Mixings: an array {x} moves by {Mx} along one of its indices, where the matrix {M} "
    "may depend on others",
    Form.SUMS: "Shifts: an array {x} moves by {shift}, where {u} and {v} are sums of terms, each a "
    "function of some indices times a product of arrays",
}

_LEMMAS = {
    (Form.SQUARES, "product"): "If every {xj} moves by {fjxj}, each product of the {powers} moves by the "
    "factor {f}, which is {kjfj}: this is the product rule. If {f} does not depend on the indices that "
    "are summed over, it comes out of the sum: the result {y} moves by {fy}, and stands still if {f} is "
    "zero.",
    (Form.SQUARES, "sum"): "If all summands move by the same factor {f}, and none of them is repeated "
    "along an index on which it depends, then the sum moves by it.",
    (Form.SQUARES, "homogeneous"): "If {x} moves by {fx}, the result {y} moves by {kfy}: take the "
    "derivative of {scaled} by {c} at one.",
    (Form.SQUARES, "length"): "If {x} moves by {fx}, where {f} does not depend on the indices that are "
    "summed over, then the length {y} moves by {fy}, since it is homogeneous of degree one in these "
    "entries.",
    (Form.SQUARES, "carry"): "If {x} moves by {fx}, where {f} does not depend on the indices along which "
    "entries are put together, then the result {y} moves by {fy}, since it is homogeneous of degree one "
    "in them.",
    (Form.PRODUCTS, "product"): "If {x} moves by {Mx} along an index of the result {y} that no other "
    "factor has, then {y} moves by {My}, because the matrix goes past the sum. If {x} moves by {Mx} and "
    "{w} by {Mw} along an index that is summed over and that no other factor has, then {y} stands still: "
    "{dual}.",
    (Form.PRODUCTS, "sum"): "If all summands move by the same matrix along an index, then the sum moves "
    "by it.",
    (Form.PRODUCTS, "length"): "If {x} moves by {Mx} with a skew matrix along an index that is summed "
    "over, the length stands still: {skew}.",
    (Form.PRODUCTS, "carry"): "If {x} moves by {Mx} along an index that is kept, and the operation is "
    "one linear map for all values of that index, then the result {y} moves by {My}.",
    (Form.SUMS, "product"): "By the product rule the result moves by the sum, over the factors, of the "
    "{u} of one times the others, and by the sum of all {kv} times itself, where this does not depend on "
    "what is summed over. Equal terms are put together; what is summed over an index along "
    "which nothing varies is counted, and entries that add up to a known number are replaced by it. What "
    "is left may be zero.",
    (Form.SUMS, "sum"): "The sum moves by the same multiples of the {u} of its summands, and by {v} "
    "times itself where {v} is the same for all. Equal terms are put together. What is left may be zero.",
    (Form.SUMS, "homogeneous"): "If {x} moves by {vx}, the result {y} moves by {kvy}: take the "
    "derivative of {scaled} by {c} at one.",
    (Form.SUMS, "exp"): "If {x} moves by {u}, its exponential {y} moves by {uy}.",
    (Form.SUMS, "log"): "If {x} moves by {vx}, its logarithm moves by {v}.",
    (Form.SUMS, "carry"): "What is added to all entries that are put together alike, or what they are "
    "all multiplied by, the result gets, too.",
}  # fmt: skip


def lemma(form: Form, rule: str) -> list[doc.Part]:
    """What a rule does to motions for laws of a form, and why."""
    return _filled(_LEMMAS[form, rule])


def operation(rule: str) -> list[doc.Part]:
    """What an operation computes."""
    return _filled(OPERATIONS[rule])


def motion(form: Form) -> list[doc.Part]:
    """How arrays move."""
    return _filled(MOTIONS[form])


def _filled(sentence: str) -> list[doc.Part]:
    return said(sentence, **_PARTS)
