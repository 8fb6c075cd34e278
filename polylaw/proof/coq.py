"""Certificates as Coq files: data, and theorems that the library in `proofs/coq` proves by computation.

Exported: `conserved` (constant along every solution, for arbitrary controls and all real values of the
parameters), `independent` and `max_laws` at an integer point (that of the certificate, or one with a shorter
witness), `exactly` where their points agree, and `complete` (without parameters, and where Coq has time for
it).  What is left out is named in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from polylaw.budget import Budget, given_budget
from polylaw.errors import BudgetError
from polylaw.flows.distribution import Field
from polylaw.proof import coq_syntax as syntax
from polylaw.proof.coq_complete import completeness
from polylaw.proof.coq_flow import CoqFlow, coq_flow, over_integer
from polylaw.proof.coq_system import WithheldError
from polylaw.proof.coq_witness import bound_at, independence_at, small_points
from polylaw.proof.labels import Labels, one_line
from polylaw.proof.reading import Certified, certified
from polylaw.proof.system import System

#: A witness with more digits is looked for at other points.
_SHORT = 2_000

_HEAD = """\
(* Conservation laws of a flow, from the certificate with sha256
   {sha256}.
{author}
   Coordinates: {coordinates}.
   {meaning}
   Laws are multiplied by integers, so that their coefficients are integers.
{theorems}{withheld}*)
Require Import Reals ZArith PArith List.
From Polylaw Require Import Polynomials Curves Flows Independence Bound{more}.
Import ListNotations.
Open Scope positive_scope.

"""


def coq_source(data: dict[str, Any], budget: Budget | None = None) -> str:
    """The Coq file of a certificate.

    Raises `RefusedError` when a claim does not hold, `InputError` for what is no certificate, `BudgetError`
    when a bound is hit, or nothing in the certificate can be stated.
    """
    budget = given_budget(budget)
    with budget.working():
        return _source(certified(data, budget), data, budget)


def _source(told: Certified, data: dict[str, Any], budget: Budget) -> str:
    if told.system is None:
        models = "linear networks, attention, ReLU neurons, NMF and softmax layers"
        reason = f"proofs/coq/all_widths.v has proofs for {models}"
        raise BudgetError("certificate", "laws for all widths", "laws at given widths", reason)
    if "functions" in data:
        have = "the checker and the appendix have these laws"
        reason = f"the library in proofs/coq speaks of polynomials; {have}"
        raise BudgetError("certificate", "laws with functions or quotients", "polynomial laws", reason)
    writer, limit = _Writer(told, told.system, coq_flow(told.system), budget), budget.max_characters
    theorems = [(claim["type"], writer.theorem(claim)) for claim in data["claims"]]
    if not writer.proved:
        found, reason = "nothing that Coq can be told", "; ".join(writer.withheld) or "there is no law"
        raise BudgetError("certificate", found, "a claim that can be exported", reason)
    text = writer.whole(part for _, part in theorems)
    if len(text) > limit and "completeness" in writer.proved:
        writer.withhold_completeness("because the file would be too long")
        text = writer.whole(part for kind, part in theorems if kind != "complete")
    if len(text) > limit:
        room = f"room for {len(text)} characters"
        raise BudgetError("max_characters", limit, room, "raise --limit; such a file takes minutes to check")
    return text


class _Writer:
    def __init__(self, told: Certified, system: System, flow: CoqFlow, budget: Budget) -> None:
        x, data, self.budget = system.coordinates, told.data, budget
        self.labels, self.data, self.flow, self.coordinates = Labels(system), data, flow, x
        self.size, self.moving = x.ring.size, x.moving
        self.laws = [over_integer(law.polynomial)[0] for law in system.laws]
        self.proved: dict[str, str] = {}  # what each theorem says
        self.withheld: list[str] = [flow.withheld] if flow.withheld else []
        self.points: dict[tuple[int, ...], str] = {}
        self.told: set[str] = set()  # kinds of claims that have a theorem
        self.conserved = set(told.conserved)
        self.independent: tuple[list[int], str] | None = None  # point, name of the laws
        self.bound: tuple[list[int], int] | None = None
        self.instead = self._shorter_points()

    # -- text around the theorems ------------------------------------------------------------------
    def whole(self, theorems: Iterable[str]) -> str:
        """The file."""
        return self.head() + self.definitions() + "".join(theorems) + self.assumptions()

    def withhold_completeness(self, reason: str) -> None:
        """Name why it is not in the file."""
        self.proved.pop("completeness", None)
        self.withheld.append(f"completeness among polynomials of a degree, {reason}")

    def head(self) -> str:
        ring = self.labels.ring
        names = [*ring.variables, *(["the clock"] if ring.clock is not None else []), *ring.parameters]
        coordinates = ", ".join(f"{i} = {name}" for i, name in enumerate(names, 1))
        strange = self.labels.strange.items()
        coordinates += "".join(f"; {label} stands for {name!a}" for label, name in strange)
        reasons = dict.fromkeys(self.withheld)
        withheld = "".join(f"   Not in this file: {syntax.plain(reason)}.\n" for reason in reasons)
        theorems = "".join(f"   {name}: {words}.\n" for name, words in self.proved.items())
        title = syntax.plain(one_line(self.data["model"]["title"]))
        author = f"   Its author calls the model '{title}', which nothing here depends on.\n" if title else ""
        fields = {"author": author, "sha256": self.data["sha256"], "coordinates": syntax.plain(coordinates)}
        more = " Completeness" if "completeness" in self.proved else ""
        fields |= {"more": more, "meaning": self.flow.meaning, "theorems": theorems, "withheld": withheld}
        return _HEAD.format(**fields)

    def definitions(self) -> str:
        laws, fields = syntax.listed(map(syntax.poly, self.laws)), self.flow.fields_text
        text = syntax.definition("laws", "list poly", laws) if self.laws else ""
        text += self.flow.definitions
        return text + syntax.definition("fields", "list vf", fields) if fields else text

    def assumptions(self) -> str:
        """One command for all theorems, because each takes as long as a small file."""
        together = next(iter(self.proved)) if len(self.proved) == 1 else "theorems"
        text = "" if len(self.proved) == 1 else f"Definition theorems := ({', '.join(self.proved)}).\n"
        comment = "(* What the proofs rest on: the axioms of Coq's real numbers. *)\n"
        return f"{comment}{text}Print Assumptions {together}.\n"

    # -- theorems ----------------------------------------------------------------------------------
    def theorem(self, claim: dict[str, Any]) -> str:
        """The theorem for the first claim of a kind that has one, or nothing, with the reason kept."""
        kind = claim["type"]
        if kind in self.told:
            self.withheld.append(f"another claim of the kind {kind}")
            return ""
        if self.flow.withheld and kind != "independent":
            return ""
        text: str = getattr(self, f"_{kind}")(claim)
        self.told |= {kind} if text else set()
        return text

    def _integral_point(self, claim: dict[str, Any]) -> list[int] | None:
        """The point of a claim, or one with a shorter witness; None, with a reason kept, if fractional."""
        if any("/" in c for c in claim["point"]):
            self.withheld.append(f"{claim['type']}, because its point is not integral")
            return None
        point = [int(c) for c in claim["point"]]
        return self.instead.get(tuple(point), point)

    def _not_conserved(self, claim: dict[str, Any]) -> str:
        self.withheld.append("claims that are refuted")
        return ""

    def _conserved(self, claim: dict[str, Any]) -> str:
        name, text = self._chosen("conserved_laws", claim["laws"])
        self.proved["conserved"] = "each of these polynomials is constant along every such solution"
        return text + (
            f"Theorem conserved : Forall ({self.flow.law}) {name}.\n"
            f"Proof. apply ({self.flow.rule} {name}). vm_compute. reflexivity. Qed.\n\n"
        )

    def _independent(self, claim: dict[str, Any]) -> str:
        point = self._integral_point(claim)
        if point is None:
            return ""
        name, text = self._chosen("independent_laws", claim["laws"])
        witness = independence_at([self.laws[i] for i in claim["laws"]], point, self.moving)
        if witness is None:
            self.withheld.append("independent, because the gradients are dependent at the point")
            return ""
        columns, combinations = witness
        where, point_text = self._point(point)
        gradients = f"gradients of these polynomials by coordinates 1..{self.moving}"
        self.proved["independent"] = f"{gradients} are linearly independent at the point"
        if self.conserved.issuperset(claim["laws"]):
            self.independent = (point, name)
        return f"{text}{point_text}" + syntax.by_computation(
            f"independent : independent_at {self.moving} (rpoint {where}) {name}",
            f"check_independent_sound {self.moving} {where} {syntax.positives(columns)} {name}\n"
            f"   {syntax.listed(map(syntax.integers, combinations))}",
        )

    def _max_laws(self, claim: dict[str, Any]) -> str:
        point = self._integral_point(claim)
        if point is None:
            return ""
        where, point_text = self._point(point)
        witness = bound_at(self._elements(claim), claim["elements"], point, self.moving)
        pairs = zip(witness.bound, witness.combinations, strict=True)
        combinations = syntax.listed(f"({k + 1}, {syntax.shortened(m)})" for k, m in pairs)
        # the library's bracket F G is F(G_k) - G(F_k), the certificate's [X, Y] = DX.Y - DY.X is Y(X_k) -
        # X(Y_k)
        brackets = "[" + "; ".join(f"({b}, {a})%nat" for a, b in claim["brackets"]) + "]"
        bound, coordinates = len(witness.free), f"{self.size} {self.moving}"
        some = f"no {bound + 1} polynomials" if bound else "no polynomial"
        has = "have linearly independent gradients" if bound else "has a gradient that is not zero"
        self.proved[f"at_most_{bound}"] = f"{some} that the fields annihilate {has} at the point"
        self.bound = (point, bound)
        free = syntax.definition("free", "list positive", syntax.positives(witness.free))
        return f"{point_text}{free}" + syntax.by_computation(
            f"at_most_{bound} : at_most {coordinates} fields (rpoint {where}) {bound}%nat",
            f"check_at_most_sound {coordinates} fields {brackets} {where} free\n   {combinations}",
        )

    def _exactly(self, claim: dict[str, Any]) -> str:
        count = claim["count"]
        if count == 0 and self.bound is not None and self.bound[1] == 0:
            return ""  # at most none says it
        point, name = self.independent or (None, "")
        if point is None or self.bound != (point, count):
            self.withheld.append("the exact number, because its two halves are not there at one point")
            return ""
        self.proved[f"exactly_{count}"] = f"no {count + 1} do, and {count} {'do' if count > 1 else 'does'}"
        return (
            f"Theorem exactly_{count} : exactly {self.size} {self.moving} fields (rpoint "
            f"{self.points[tuple(point)]}) {count}%nat.\n"
            f"Proof.\n  split; [exact at_most_{count}|]. exists {name}.\n"
            "  split; [reflexivity|]. split; [|exact independent].\n"
            "  apply killed_by_computation. vm_compute. reflexivity.\nQed.\n\n"
        )

    def _complete(self, claim: dict[str, Any]) -> str:
        try:
            witness = completeness(claim, self.coordinates, self.laws, self.flow.fields, self.budget)
        except WithheldError as reason:
            self.withhold_completeness(str(reason))
            return ""
        text = witness.definitions() + syntax.by_computation(
            "completeness : complete fields unknowns products",
            f"check_complete_sound {self.size} fields unknowns products {witness.arguments()}",
        )
        are = "is a combination of these products of laws" if witness.products else "is zero"
        each = "each polynomial with real coefficients in these monomials"
        self.proved["completeness"] = f"{each} that the fields annihilate {are}"
        return text

    # -- points --------------------------------------------------------------------------------------
    def _elements(self, claim: dict[str, Any]) -> list[Field]:
        """The fields of the flow, then the brackets of a claim."""
        fields = list(self.flow.fields)
        for a, b in claim["brackets"]:
            fields.append(fields[a].bracket(fields[b]))
        return fields

    def _shorter_points(self) -> dict[tuple[int, ...], list[int]]:
        """For the common point of the claims: one where a long witness is shorter and proves as much."""
        claims = {claim["type"]: claim for claim in self.data["claims"]}
        bound, independent = claims.get("max_laws"), claims.get("independent")
        if bound is None or self.flow.withheld or any("/" in c for c in bound["point"]):
            return {}
        if independent is not None and independent["point"] != bound["point"]:
            return {}
        fields, moving = self._elements(bound), self.moving
        old = [int(c) for c in bound["point"]]
        best = bound_at(fields, bound["elements"], old, moving)
        laws = [self.laws[i] for i in (independent or {"laws": []})["laws"]]
        shortest, chosen = best.digits, old
        if shortest <= _SHORT:
            return {}
        for point in small_points(len(self.data["variables"]), self.size):
            self.budget.check("shorter witnesses")
            if laws and independence_at(laws, point, moving) is None:
                continue
            found = bound_at(fields, bound["elements"], point, moving)
            if len(found.free) == len(best.free) and found.digits < shortest:
                shortest, chosen = found.digits, point
        return {tuple(old): chosen}

    # -- names in the file ---------------------------------------------------------------------------
    def _point(self, point: list[int]) -> tuple[str, str]:
        """(name of a point, its definition where it is new)"""
        if (key := tuple(point)) in self.points:
            return self.points[key], ""
        name = self.points[key] = "point" if not self.points else f"point_{len(self.points) + 1}"
        return name, syntax.definition(name, "list Z", syntax.integers(point))

    def _chosen(self, name: str, laws: Sequence[int]) -> tuple[str, str]:
        """(name of a list of laws, its definition where it is new)"""
        if list(laws) == list(range(len(self.laws))):
            return "laws", ""
        return name, syntax.definition(name, "list poly", syntax.listed(f"nth {i} laws []" for i in laws))
