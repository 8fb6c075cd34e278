"""Statements of certificates in plain text and as JSON: for `polylaw verify`, and in files made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from polylaw.budget import Budget
from polylaw.errors import InputError
from polylaw.proof import statements as kinds
from polylaw.proof.certificate import read_certificate
from polylaw.proof.forms import Form, form_words
from polylaw.proof.kinds import TrainedKind
from polylaw.proof.labels import Labels, one_line, shortened
from polylaw.proof.reading import Certified, RefusedError, certified
from polylaw.proof.system import Condition, Law, System
from polylaw.proof.widths import decoded_flow, told_laws

_MOST_NAMED, _MOST_FORMULAS, _MOST_CHARACTERS = 12, 3, 160


@dataclass(frozen=True)
class Verified:
    """What was found about a file: what a certificate that holds says, or why the checker refused it."""

    path: str
    holds: bool
    reason: str = ""
    system: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """What `polylaw verify` prints."""
        lines = [*(f"  {line}" for line in self.system), *(f"  ok       {line}" for line in self.statements)]
        refused = [f"  REFUSED  {one_line(self.reason)}"]
        return "\n".join([one_line(self.path), *(lines if self.holds else refused)])

    def as_json(self) -> dict[str, Any]:
        """The same as data."""
        found = self.data if self.holds else {"reason": one_line(self.reason)}
        return {"file": self.path, "holds": self.holds, **found}


def verified(path: str, budget: Budget | None = None) -> Verified:
    """Read and verify a file; `InputError` for one that is no certificate, or that cannot be told."""
    try:
        told = certified(read_certificate(path, budget).data, budget)
    except RefusedError as error:
        return Verified(path, holds=False, reason=str(error.found))
    try:
        return Verified(path, True, "", tuple(system_lines(told)), tuple(told_lines(told)), as_json(told))
    except InputError as error:
        raise error.within(one_line(path)) from None


# -- the system ----------------------------------------------------------------------------------------
def system_lines(told: Certified) -> list[str]:
    """What the statements are about, in formulas."""
    if told.system is None:
        return _shaped_lines(told)
    system, labels, kind = told.system, Labels(told.system), told.system.kind
    moves = _loss_lines(system, kind, labels) if isinstance(kind, TrainedKind) else _equations(system, labels)
    lines = [_counts(system, labels), *moves]
    strange = labels.strange.items()
    lines += [f"{label} stands for the name {ascii(name)[:_MOST_CHARACTERS]}" for label, name in strange]
    lines += [f"{labels.ring.name(f.variable)} = {labels.function(f)}" for f in system.functions]
    if system.denominators:
        lines.append(f"where none of these is 0: {_some(map(labels.text, system.denominators))}")
    return lines


def _counts(system: System, labels: Labels) -> str:
    """`training flow in 4 variables: x, y, z, w; parameters a`"""
    variables, positions, own = labels.ring.variables, system.positions, system.coordinates.own
    others = {"velocities": variables[positions:own], "functions": variables[own:]}
    others["parameters"] = labels.ring.parameters
    more = "".join(f"; {kind} {_some(names)}" for kind, names in others.items() if names)
    of = "variable" if positions == 1 else "variables"
    return f"{system.kind.what} in {positions} {of}: {_some(variables[:positions])}{more}"


def _loss_lines(system: System, kind: TrainedKind, labels: Labels) -> list[str]:
    """The equation of motion, the map, the matrix."""
    phi = list(map(labels.quotient, system.phi))
    loss = "w arbitrary, J the Jacobian matrix of phi: any loss that sees the state only through phi"
    the_map = f"phi = {_some(phi, '; ', _MOST_FORMULAS)}" if phi else "phi has no components"
    lines = [f"{kind.equation(system, labels.text)}, {loss}", the_map]
    if system.metric is not None:
        entries = [f"M[{i + 1},{j + 1}] = {labels.text(p)}" for i, j, p in system.metric]
        shown = f"the matrix M: {_some(entries, most=_MOST_FORMULAS)}"
        lines.append(shown if entries else "the matrix M is 0")
    return lines


def _equations(system: System, labels: Labels) -> list[str]:
    if system.rhs:
        pairs = zip(labels.ring.variables, system.rhs, strict=False)  # functions come last, and have none
        return [_some(f"{name}' = {labels.quotient(f)}" for name, f in pairs)]
    fields = (
        " + ".join(f"({labels.text(p)}) d/d{labels.ring.name(k)}" for k, p in field.items())
        for field in system.fields
    )
    return [_some(fields, "; ") or "no field"]


def _shaped_lines(told: Certified) -> list[str]:
    flow = decoded_flow(told.data)
    widths = flow.model.alphabet.widths
    shapes, fixed = (
        [f"{name}: {' x '.join(widths(name)) or 'a number'}" for name in names]
        for names in (flow.model.weights, flow.model.constants)
    )
    seen = _some([shortened(str(phi)) for phi in flow.model.phi], "; ")
    return [
        f"{flow.name}, for all widths: {_some(shapes)}{f'; anything: {_some(fixed)}' if fixed else ''}",
        f"any loss that sees the weights only through {seen}",
    ]


def _some(items: Iterable[str], separator: str = ", ", most: int = _MOST_NAMED) -> str:
    """The first of many."""
    texts = list(items)
    rest = len(texts) - most
    return separator.join([*texts[:most], f"... ({rest} more)"] if rest > 0 else texts)


def _runs(numbers: Sequence[int]) -> list[str]:
    """`h1 to h6`, `h8`: numbers from 0, those that follow one another together."""
    runs = ((f"h{i + 1}" for i in run) for run in kinds.chained(numbers, lambda a, b: b == a + 1))
    ends = ((first, *rest[-1:], " to " if rest[1:] else ", ") for first, *rest in runs)
    return [separator.join(names) for *names, separator in ends]


# -- statements ----------------------------------------------------------------------------------------
def told_lines(told: Certified) -> list[str]:
    """One line for each statement; a law is written out where it is first named."""
    if told.system is None:
        laws = told_laws(decoded_flow(told.data), told.data, told.conserved)
        return [f"conserved for all widths: {shortened(str(law))}" for law in laws]
    teller = _Teller(told.system, Labels(told.system))
    return [kinds.rendered(teller, statement) for statement in told.statements]


class _Teller:
    """What each kind of statement says."""

    def __init__(self, system: System, labels: Labels) -> None:
        self.system, self.labels = system, labels
        self.known: set[int] = set()
        self.generic = " for generic values of the parameters" if system.parameters else ""

    def _conserved(self, statement: kinds.Conserved) -> str:
        every = " for all values of the parameters" if self.system.parameters else ""
        return f"conserved{every}: {self._laws(statement.laws)}"

    def _conserved_where(self, statement: kinds.ConservedWhere) -> str:
        pieces = " on each piece of a trajectory" if statement.conditions else ""
        return f"conserved{pieces}{self._where(statement.conditions)}: {self._laws(statement.laws)}"

    def _kept(self, statement: kinds.Kept) -> str:
        u, where = self.labels.text(statement.polynomial), self._where(statement.conditions)
        return f"no trajectory enters or leaves {u} = 0{where}"

    def _crossed(self, statement: kinds.Crossed) -> str:
        u, point = self.labels.text(statement.polynomial), self._point(statement.point)
        return f"a trajectory crosses {u} = 0 at {point}"

    def _jumps(self, statement: kinds.Jumps) -> str:
        u, jump = self.labels.text(statement.polynomial), self.labels.quotient(statement.factor)
        law, size = self._laws([statement.law]), "" if jump == "1" else f"({jump})*"
        beside = "".join(f", {self.labels.text(p)} != 0" for p in statement.beside)
        where = f"where {u} changes its sign{beside} and the rest of it is smooth"
        return f"{law} jumps by {size}pi, up or down, {where}"

    def _independent(self, statement: kinds.Independent) -> str:
        return f"independent near generic points{self.generic}: {self._laws(statement.laws)}"

    def _complete(self, statement: kinds.Complete) -> str:
        constants = statement.form.constants
        start = f"complete{self.generic}: a law that is {''.join(self._form(statement.form))} is"
        if not statement.dimension:
            return f"{start} {'constant' if constants else '0'}"
        laws = self._laws(statement.laws)
        modulo = ", up to an additive constant," if constants else ""
        what = f" a polynomial in {laws}" if statement.products else f"{modulo} a combination of {laws}"
        return f"{start}{what}; dimension {statement.dimension}"

    def _max_laws(self, statement: kinds.AtMost) -> str:
        laws = "law of any kind is" if statement.bound == 1 else "laws of any kind are"
        return f"at most {statement.bound} {laws} independent at any point{self.generic}"

    def _exactly(self, statement: kinds.Exactly) -> str:
        count = len(statement.laws)
        laws, what = "law" if count == 1 else "laws", f": {self._laws(statement.laws)}" if count else ""
        return f"exactly {count} independent {laws} near generic points{self.generic}{what}"

    def _not_conserved(self, statement: kinds.NotConserved) -> str:
        return f"not conserved{self.generic}: {self._laws([statement.law])}"

    # -- parts --------------------------------------------------------------------------------------
    def _laws(self, laws: Sequence[Law]) -> str:
        """`h1 = x^2 - y^2, h2 = ..., h3 = ..., h4 to h9`: the first that are new are written out, once."""
        new = [law.number for law in laws if law.number not in self.known][:_MOST_FORMULAS]
        self.known.update(law.number for law in laws)
        told = [f"h{i + 1} = {self.labels.law(self.system.laws[i])}" for i in new]
        return ", ".join([*told, *_runs([law.number for law in laws if law.number not in new])])

    def _where(self, conditions: Sequence[Condition]) -> str:
        return f" where {_some(map(self.labels.condition, conditions))}" if conditions else ""

    def _point(self, values: Sequence[Fraction]) -> str:
        """`x = 0, y = 1`"""
        names = map(self.labels.coordinate, self.system.coordinates.independent)
        return _some(f"{name} = {value}" for name, value in zip(names, values, strict=True))

    def _form(self, form: Form) -> list[str]:
        ring = self.labels.ring
        inside = [ring.name(k) for k in form.variables]
        every = len(inside) == len(ring.variables) and len(inside) > 4
        all_of_them = "all variables and velocities" if self.system.kind.velocities else "all variables"
        clock = self.labels.coordinate(ring.clock_index) if ring.clock_index is not None else ""
        without = f", not in {clock}," if clock and not form.clock else ""
        terms = [ring.name(k) for k, w in zip(form.variables, form.weights, strict=False) if w > 1]
        if not form.weights:
            terms = [_some(str(ring.monomial(tuple(sorted(Counter(m).items())))) for m in form.listed)]
        where = f" in {all_of_them if every else _some(inside)}{without}"
        return [*form_words(form, [where], clock, terms, plural=False)]


# -- JSON ----------------------------------------------------------------------------------------------
def as_json(told: Certified) -> dict[str, Any]:
    """The statements as data, with the sentences of `told_lines`."""
    sentences = told_lines(told)
    system = told.system
    if system is None:
        kind = kinds.ConservedForAllWidths.kind
        statements: list[dict[str, Any]] = [{"kind": kind, "sentence": text} for text in sentences]
    else:
        labels, pairs = Labels(system), zip(told.statements, sentences, strict=True)
        statements = [{"kind": s.kind, **_data(s, system, labels), "sentence": text} for s, text in pairs]
    return {"sha256": told.data["sha256"], "system": system_lines(told), "statements": statements}


def _which(statement: kinds.Statement, every: tuple[type[kinds.Statement], ...]) -> str:
    """For which points, or values of parameters, something holds."""
    conditions = isinstance(statement, kinds.Kept) and statement.conditions
    if conditions or isinstance(statement, (kinds.ConservedWhere, kinds.Jumps)):
        return "where"
    if isinstance(statement, kinds.Crossed):
        return "one"
    return "all" if isinstance(statement, every) else "generic"


def _data(statement: kinds.Statement, system: System, labels: Labels) -> dict[str, Any]:
    data: dict[str, Any] = {
        "parameters": _which(statement, (kinds.Conserved, kinds.Kept)) if system.parameters else None,
        "points": _which(statement, (kinds.Conserved, kinds.AtMost, kinds.Kept)),
        "nonzero": [labels.exact(q) for q in system.denominators],
        "controls": "arbitrary" if system.kind.trained else None,
    }
    single = [statement.law] if isinstance(statement, (kinds.NotConserved, kinds.Jumps)) else ()
    laws = single or getattr(statement, "laws", ())
    data["laws"] = {f"h{law.number + 1}": labels.whole(law) for law in laws}
    if isinstance(statement, kinds.Complete):
        form = statement.form
        data["dimension"] = statement.dimension
        data |= {"modulo_constants": form.constants, "monomials": form.count}
    elif isinstance(statement, kinds.AtMost):
        data["bound"] = statement.bound
    if isinstance(statement, (kinds.ConservedWhere, kinds.Kept)):
        data["where"] = [labels.condition(c) for c in statement.conditions]
    if isinstance(statement, (kinds.Kept, kinds.Crossed, kinds.Jumps)):
        data["polynomial"] = labels.text(statement.polynomial)
    elif isinstance(statement, kinds.Exactly):
        data["count"] = len(statement.laws)
    return data
