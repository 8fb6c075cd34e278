"""Certificates as Coq files: data, and theorems that the library in `proofs/coq` proves by computation.

Exported: `conserved` (constant along every solution, for arbitrary controls), `independent` and `max_laws` at an integer
point.  What is left out (completeness, which is no statement about solutions; rational phi) is named in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd, lcm
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.errors import BudgetError
from polylaw.proof.motion import Motion, motion_of

__all__ = ["LIMIT", "coq_source"]

#: Beyond this many characters a file takes minutes to check.
LIMIT = 250_000

_HEAD = """\
(* {title}

   Conservation laws of a flow, from the certificate with sha256
   {sha256}.

   Coordinates: {coordinates}.
   {meaning}
{withheld}*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound.
Import ListNotations.
Open Scope positive_scope.

"""


def coq_source(data: dict[str, Any], *, limit: int = LIMIT) -> str:
    """The Coq file of a certificate.

    Raises `BudgetError` when it would have more than `limit` characters, or nothing in the certificate can be stated.
    """
    motion = motion_of(data)
    writer = _Writer(data, motion)
    parts = [writer.definitions()]
    for claim in data["claims"]:
        parts.append(writer.theorem(claim))
    if not writer.proved:
        reason = "; ".join(writer.withheld) or "there is no law"
        raise BudgetError("certificate", "nothing that Coq can be told", "a claim that can be exported", reason)
    names = "".join(f"Print Assumptions {name}.\n" for name in writer.proved)
    text = writer.head() + "".join(parts) + names
    if len(text) > limit:
        raise BudgetError("coq", f"{len(text)} characters", f"at most {limit}", "raise the limit; such a file takes minutes to check")
    return text


class _Writer:
    def __init__(self, data: dict[str, Any], motion: Motion) -> None:
        self.data, self.motion, self.ring = data, motion, motion.ring
        self.laws = [_integral(motion.polynomial(law["polynomial"])) for law in data["laws"]]
        self.proved: list[str] = []
        self.withheld: list[str] = []
        if motion.withheld:
            self.withheld.append(motion.withheld)

    # -- text around the theorems ------------------------------------------------------------------
    def head(self) -> str:
        names = [*self.data["variables"], *(["clock"] if self.data["clock"] is not None else []), *self.data["parameters"]]
        coordinates = ", ".join(f"{i} = {name}" for i, name in enumerate(names, 1))
        withheld = "".join(f"   Not in this file: {_plain(reason)}.\n" for reason in dict.fromkeys(self.withheld))
        title = f"{self.data['model']['title']}, {self.data['model']['flow']}"
        fields = {"title": _plain(title), "sha256": self.data["sha256"], "coordinates": _plain(coordinates)}
        return _HEAD.format(**fields, meaning=self._meaning(), withheld=withheld)

    def _meaning(self) -> str:
        if self.motion.plain:
            return "x is any solution of x' = - J_phi(x)^T w(t), w any function: any loss and any data."
        if not self.motion.phi:
            return "x is any solution of q(x) x' = X0(x), for all real values of the parameters."
        return "x is any solution of q(x) x' = X0(x) - M(x) J_phi(x)^T w(t), w any function: any loss and any data."

    def definitions(self) -> str:
        motion = self.motion
        text = _definition("laws", "list poly", _listed(map(_poly, self.laws))) if self.laws else ""
        text += _definition("phi", "list poly", _listed(map(_poly, motion.phi)))
        if not motion.plain:
            rows = _listed(f"({i + 1}, {j + 1}, {_poly(m)})" for i, j, m in motion.matrix)
            drift = _listed(f"({k + 1}, {_poly(p)})" for k, p in sorted(motion.drift.items()))
            text += _definition("q", "poly", _poly(motion.factor)) + _definition("M", "matrix", rows)
            text += _definition("X0", "vf", f"fun k => lookup k {drift}")
        return text

    # -- theorems ----------------------------------------------------------------------------------
    def theorem(self, claim: dict[str, Any]) -> str:
        """The theorem for a claim, or nothing, with the reason kept."""
        if self.motion.withheld and claim["type"] != "independent":
            return ""
        kind = claim["type"]
        if kind == "conserved":
            return self._conserved(claim)
        if kind in ("independent", "max_laws"):
            point = self._point(claim)
            if point is None:
                self.withheld.append(f"{kind}, because its point is not integral")
                return ""
            return self._independent(claim, point) if kind == "independent" else self._bound(claim, point)
        if kind == "complete":
            self.withheld.append("completeness among polynomials of a degree (the certificate's checker proves it)")
        elif kind == "not_conserved":
            self.withheld.append("claims that are refuted")
        return ""

    def _conserved(self, claim: dict[str, Any]) -> str:
        motion, size = self.motion, self.ring.size
        chosen = self._chosen("conserved_laws", claim["laws"])
        law = f"gradient_law {size} phi" if motion.plain else f"driven_law {size} q X0 M phi"
        rule = "check_gradient_sound" if motion.plain else "check_driven_sound"
        self.proved.append("conserved")
        return chosen.text + (
            f"Theorem conserved : Forall ({law}) {chosen.name}.\nProof. apply {rule}. vm_compute. reflexivity. Qed.\n\n"
        )

    def _independent(self, claim: dict[str, Any], point: list[int]) -> str:
        chosen = self._chosen("independent_laws", claim["laws"])
        values = dict(enumerate(point))
        moving = range(self.motion.moving)
        gradients = [self.laws[i].gradient() for i in claim["laws"]]
        matrix = [[int(g[k](values)) if k in g else 0 for k in moving] for g in gradients]
        columns, inverse = _unit_combinations([list(column) for column in zip(*matrix, strict=True)])
        self.proved.append("independent")
        return (
            chosen.text
            + _definition("independent_at_point", "list Z", _integers(point))
            + f"Theorem independent : independent_at (rpoint independent_at_point) {chosen.name}.\n"
            + f"Proof.\n  apply (check_independent_sound independent_at_point {_positives(columns)} {chosen.name}\n"
            + f"   {_listed(map(_integers, inverse))}).\n  vm_compute. reflexivity.\nQed.\n\n"
        )

    def _bound(self, claim: dict[str, Any], point: list[int]) -> str:
        motion, size = self.motion, self.ring.size
        fields = motion.fields()
        for a, b in claim["brackets"]:
            fields.append(fields[a].bracket(fields[b]))
        values = dict(enumerate(point))
        rows = [[int(fields[i].components[k](values)) if k in fields[i].components else 0 for k in range(size)] for i in claim["elements"]]
        pivots, multipliers = _unit_combinations_of_rows(rows)
        free = [k for k in range(size) if k not in pivots]
        witness = []
        for k, chosen in zip(pivots, multipliers, strict=True):
            full = [0] * len(fields)
            for i, m in zip(claim["elements"], chosen, strict=True):
                full[i] = m
            witness.append(f"({k + 1}, {_integers(full)})")
        # the library's bracket F G is F(G_k) - G(F_k), the certificate's [X, Y] = DX.Y - DY.X is Y(X_k) - X(Y_k)
        brackets = "[" + "; ".join(f"({b}, {a})%nat" for a, b in claim["brackets"]) + "]"
        bound = claim["bound"]
        parameters = size - motion.moving
        # parameters are coordinates that nothing moves, so they are free, and no laws
        note = f"(* {len(free)} free directions, {parameters} of them parameters: at most {bound} independent laws *)\n"
        note = note if parameters else ""
        self.proved.append(f"at_most_{bound}")
        return (
            _definition("bound_at_point", "list Z", _integers(point))
            + _definition("free", "list positive", _positives(free))
            + _definition("fields", "list vf", motion.fields_text())
            + note
            + f"Theorem at_most_{bound} : law_gradients_determined {size} fields (rpoint bound_at_point) free.\n"
            + f"Proof.\n  apply (check_bound_sound {size} fields {brackets} bound_at_point free\n   {_listed(witness)}).\n"
            + "  vm_compute. reflexivity.\nQed.\n\n"
        )

    def _point(self, claim: dict[str, Any]) -> list[int] | None:
        return None if any("/" in c for c in claim["point"]) else [int(c) for c in claim["point"]]

    def _chosen(self, name: str, laws: Sequence[int]) -> _Chosen:
        if list(laws) == list(range(len(self.laws))):
            return _Chosen("laws", "")
        text = _definition(name, "list poly", _listed(f"nth {i} laws []" for i in laws))
        return _Chosen(name, text)


class _Chosen:
    """A list of laws by its name in the file, with the definition it needs."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text


# -- exact linear algebra --------------------------------------------------------------------------
def _unit_combinations(rows: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """(positions of k rows of full rank k, for each unit vector the integer combination of them that is a positive
    multiple of it): rows have k entries."""
    positions = _independent_rows(rows)
    chosen = [rows[i] for i in positions]
    return positions, _scaled_inverse_columns([list(column) for column in zip(*chosen, strict=True)])


def _unit_combinations_of_rows(rows: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """(pivot columns, for each of them the integer combination of the rows that is 0 in all other pivot columns)."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    pivots = _independent_rows(columns)
    square = [columns[k] for k in pivots]  # square[k][i]: entry of row i in pivot column k
    return pivots, _scaled_inverse_columns(square)


def _independent_rows(rows: list[list[int]]) -> list[int]:
    """Positions of rows that are independent over Q of those before them."""
    import flint

    if not rows or not rows[0]:
        return []
    reduced, _, rank = flint.fmpz_mat([list(column) for column in zip(*rows, strict=True)]).rref()
    pivots: list[int] = []
    column = 0
    for row in range(rank):
        while reduced[row, column] == 0:
            column += 1
        pivots.append(column)
    return pivots


def _scaled_inverse_columns(square: list[list[int]]) -> list[list[int]]:
    """For each i the primitive integer vector b with square b = d e_i."""
    import flint

    if not square:
        return []
    inverse = flint.fmpz_mat(square).inv()
    result = []
    for i in range(len(square)):
        column = [inverse[k, i] for k in range(len(square))]
        scale = lcm(*(int(c.q) for c in column))
        entries = [int(c.p) * (scale // int(c.q)) for c in column]
        content = gcd(*entries)
        result.append([e // content for e in entries])
    return result


# -- Coq syntax ------------------------------------------------------------------------------------
def _integral(p: Polynomial) -> Polynomial:
    return p * lcm(*(c.denominator for c in p.terms.values())) if p else p


def _poly(p: Polynomial) -> str:
    """A polynomial with terms in the descending order that the library keeps: smaller variables and higher powers first."""
    last = (1 << 62, 0)
    terms = sorted(p.terms.items(), key=lambda term: [*((g, -e) for g, e in term[0]), last])
    return "[" + "; ".join(f"({_integer(int(c))}%Z, [{'; '.join(f'({g + 1}, {e})' for g, e in m)}])" for m, c in terms) + "]"


def _integer(value: int) -> str:
    return str(value) if value >= 0 else f"({value})"


def _integers(values: Iterable[int]) -> str:
    return "[" + "; ".join(map(_integer, values)) + "]%Z"


def _positives(indices: Iterable[int]) -> str:
    return "[" + "; ".join(str(k + 1) for k in indices) + "]"


def _listed(items: Iterable[str]) -> str:
    return "[" + ";\n   ".join(items) + "]"


def _definition(name: str, kind: str, body: str) -> str:
    return f"Definition {name} : {kind} :=\n  {body}.\n\n"


def _plain(text: str) -> str:
    """Text that cannot end a comment or open a string."""
    return "".join(c if c.isascii() and c.isprintable() and c not in '"*' else "?" for c in text)
