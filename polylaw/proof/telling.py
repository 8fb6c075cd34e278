"""The statements of a certificate in plain text and as JSON: what `polylaw verify` prints, and what files say
of themselves.

Names are those of the certificate where they are names of polylaw and all different; a velocity is named
after its position.  Any other coordinate is `z1`, `z2`, ..., and what that stands for is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import TIME, Exponential, Ring, RootOfTime
from polylaw.errors import InputError
from polylaw.proof.certificate import read_certificate
from polylaw.proof.forms import Form, form_words
from polylaw.proof.motion import Quotient
from polylaw.proof.reading import Certified, RefusedError, certified
from polylaw.proof.statements import (
    KINDS,
    AtMost,
    Complete,
    Conserved,
    ConservedForAllWidths,
    ConservedWhere,
    Crossed,
    Exactly,
    Independent,
    Jumps,
    Kept,
    NotConserved,
    Statement,
)
from polylaw.proof.system import Condition, FunctionOf, Law, System
from polylaw.proof.widths import decoded_flow, told_laws

__all__ = ["Labels", "Verified", "as_json", "one_line", "system_lines", "told_lines", "verified"]

_LONGEST, _MOST_NAMED, _MOST_FORMULAS = 160, 12, 3
_DEFAULT = "z"


class Labels:
    """Names of coordinates, all different, and polynomials written with them."""

    def __init__(self, system: System) -> None:
        self.system = system
        positions = system.names[: system.positions]
        velocities = (f"d{name}" for name in positions if system.kind == "momentum")
        functions = system.names[system.coordinates.own :]
        wanted = [*positions, *velocities, *functions, *system.parameters]
        self.strange: dict[str, str] = {}  # label: the name it stands for
        labels = self._different(wanted)
        moving = len(system.names)
        clock: Exponential | RootOfTime | None = None
        if system.clock is not None:
            parameters = Ring((), labels[moving:])
            rate = system.clock.rate
            clock = (
                RootOfTime(system.clock.root)
                if rate is None
                else Exponential(self._constant(rate, parameters))
            )
        self.ring = Ring(labels[:moving], labels[moving:], clock)

    def _different(self, wanted: Sequence[str]) -> list[str]:
        """Each name once, as far as it may be one of a ring with a clock; others are numbered."""
        labels: list[str] = []
        known = set(wanted)
        for name in wanted:
            free = name not in labels and (
                name != TIME or (len(labels) < len(self.system.names) and self._is_time(len(labels)))
            )
            label = name if free and _is_name(name) else ""
            number = 1
            while not label:
                label = "" if (spare := f"{_DEFAULT}{number}") in known or spare in labels else spare
                number += 1
            labels.append(label)
            if label != name:
                self.strange[label] = name
        return labels

    def _is_time(self, variable: int) -> bool:
        """Whether a variable of an ODE moves as time does, so that it may be called t."""
        moved = not self.system.clock and variable < len(self.system.rhs)
        return moved and all(p == 1 for p in self.system.rhs[variable])

    def _constant(self, p: Polynomial, ring: Ring) -> Polynomial:
        shift = self.system.coordinates.moving
        return Polynomial(ring, {tuple((k - shift, e) for k, e in m): c for m, c in p.terms.items()})

    def text(self, p: Polynomial) -> str:
        """A polynomial, cut where it is long."""
        return shortened(str(Polynomial(self.ring, p.terms)))

    def quotient(self, f: Quotient) -> str:
        """A rational function."""
        p, q = map(self.text, f)
        return p if f[1] == 1 else f"({p})/({q})"

    def law(self, law: Law) -> str:
        """A law, cut where it is long."""
        return self.text(law.polynomial) if law.over is None else self.quotient((law.polynomial, law.over))

    def whole(self, law: Law) -> str:
        """A law, however long."""
        parts = [str(Polynomial(self.ring, p.terms)) for p in (law.polynomial, law.over) if p is not None]
        return parts[0] if len(parts) == 1 else "({})/({})".format(*parts)

    def function(self, f: FunctionOf) -> str:
        """`log|x|`, `(x^2 + y^2)^(1/2)`, ..."""
        above, below = f.argument
        inside = self.quotient(f.argument)
        if f.kind == "time":
            return f"log({self.text(above)})/({self.text(below)}), the time"
        if f.kind == "root":
            return f"({inside})^(1/{f.degree})"
        return {"log": f"log|{inside}|", "abs": f"|{inside}|"}.get(f.kind, f"{f.kind}({inside})")

    def condition(self, condition: Condition) -> str:
        """`x != 0`, `x - y > 0`"""
        return f"{self.text(condition.polynomial)} {'>' if condition.positive else '!='} 0"


def _is_name(name: str) -> bool:
    try:
        return name != "pi" and bool(Ring([name]))
    except InputError:
        return False


def shortened(text: str) -> str:
    """Cut where it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text)} characters)"


def one_line(text: str) -> str:
    """Text by somebody else, such as the name of a file or of a model: printable ASCII, on one line, cut
    where it is long."""
    return shortened("".join(c if " " <= c <= "~" and c != "\\" else ascii(c)[1:-1] for c in text))


@dataclass(frozen=True)
class Verified:
    """What was found about a file: what a certificate that holds is about and says, or why the checker
    refused it."""

    path: str
    holds: bool
    reason: str = ""
    system: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """What `polylaw verify` prints."""
        lines = [*(f"  {line}" for line in self.system), *(f"  ok       {line}" for line in self.statements)]
        return "\n".join(
            [one_line(self.path), *(lines if self.holds else [f"  REFUSED  {one_line(self.reason)}"])]
        )

    def as_json(self) -> dict[str, Any]:
        """The same as data."""
        return {
            "file": self.path,
            "holds": self.holds,
            **(self.data if self.holds else {"reason": one_line(self.reason)}),
        }


def verified(path: str) -> Verified:
    """Read and verify a file; `InputError` for one that is no certificate, or that cannot be told."""
    try:
        told = certified(read_certificate(path).data)
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
    system, labels = told.system, Labels(told.system)
    lines = [_counts(system, labels)]
    lines += _loss_lines(system, labels) if system.trained else _equations(system, labels)
    lines += [
        f"{label} stands for the name {ascii(name)[:_LONGEST]}" for label, name in labels.strange.items()
    ]
    lines += [f"{labels.ring.name(f.variable)} = {labels.function(f)}" for f in system.functions]
    if system.denominators:
        lines.append(f"where none of these is 0: {_some([labels.text(q) for q in system.denominators])}")
    return lines


def _counts(system: System, labels: Labels) -> str:
    """`gradient flow of 4 variables: x, y, z, w; parameters a`"""
    what = {
        "gradient": "training flow",
        "momentum": "training flow with momentum",
        "ode": "ODE",
        "fields": "vector fields",
    }
    names = labels.ring.variables[: system.positions]
    of = "variable" if len(names) == 1 else "variables"
    parameters = f"; parameters {_some(labels.ring.parameters)}" if labels.ring.parameters else ""
    own = system.coordinates.own
    velocities = (
        f"; velocities {_some(labels.ring.variables[system.positions : own])}"
        if system.kind == "momentum"
        else ""
    )
    functions = f"; functions {_some(labels.ring.variables[own:])}" if system.functions else ""
    return f"{what[system.kind]} in {len(names)} {of}: {_some(names)}{velocities}{functions}{parameters}"


def _loss_lines(system: System, labels: Labels) -> list[str]:
    """The equation of motion, the map, the matrix."""
    m = "" if system.metric is None else "M "
    if system.kind == "gradient":
        equation = f"state' = -{m}J^T w{f' - ({labels.text(system.decay)}) state' if system.decay else ''}"
    else:
        rate = (
            f"({system.over_time}/t)"
            if system.over_time
            else f"({labels.text(system.damping)})"
            if system.damping
            else ""
        )
        place = f"M({rate} state + state') " if rate else "M(state') "
        equation = f"state'' + {rate} state' = " if rate else "state'' = "
        equation += f"-{place if m else ''}J^T w"
    phi = [labels.quotient(f) for f in system.phi]
    lines = [
        f"{equation}, w arbitrary, J the Jacobian matrix of phi: any loss that sees the state only through "
        "phi"
    ]
    lines.append(f"phi = {_some(phi, '; ', _MOST_FORMULAS)}" if phi else "phi has no components")
    if system.metric is not None:
        entries = [f"M[{i + 1},{j + 1}] = {labels.text(p)}" for i, j, p in system.metric]
        lines.append(
            f"the matrix M: {_some(entries, most=_MOST_FORMULAS)}" if entries else "the matrix M is 0"
        )
    return lines


def _equations(system: System, labels: Labels) -> list[str]:
    if system.kind == "ode":
        pairs = zip(labels.ring.variables, system.rhs, strict=False)  # functions come last, and have none
        return [_some([f"{name}' = {labels.quotient(f)}" for name, f in pairs])]
    fields = [
        " + ".join(f"({labels.text(p)}) d/d{labels.ring.name(k)}" for k, p in field.items())
        for field in system.fields
    ]
    return [_some(fields, "; ") or "no field"]


def _shaped_lines(told: Certified) -> list[str]:
    flow = decoded_flow(told.data)
    shapes = [
        f"{name}: {' x '.join(flow.model.alphabet.widths(name)) or 'a number'}" for name in flow.model.weights
    ]
    fixed = [
        f"{name}: {' x '.join(flow.model.alphabet.widths(name)) or 'a number'}"
        for name in flow.model.constants
    ]
    lines = [f"{flow.name}, for all widths: {_some(shapes)}{f'; anything: {_some(fixed)}' if fixed else ''}"]
    return [
        *lines,
        "any loss that sees the weights only through "
        f"{_some([shortened(str(phi)) for phi in flow.model.phi], '; ')}",
    ]


def _some(texts: Sequence[str], separator: str = ", ", most: int = 0) -> str:
    """The first of many."""
    most = most or _MOST_NAMED
    rest = len(texts) - most
    return separator.join([*texts[:most], f"... ({rest} more)"] if rest > 0 else texts)


def _runs(numbers: Sequence[int]) -> list[str]:
    """`h1 to h6`, `h8`: numbers from 0, those that follow one another together."""
    runs: list[list[int]] = []
    for i in numbers:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return [
        f"h{r[0] + 1}" if len(r) == 1 else f"h{r[0] + 1}{', ' if len(r) == 2 else ' to '}h{r[-1] + 1}"
        for r in runs
    ]


# -- statements ----------------------------------------------------------------------------------------
def told_lines(told: Certified) -> list[str]:
    """One line for each statement; a law is written out where it is first named."""
    if told.system is None:
        numbers = dict.fromkeys(
            i for s in told.statements if isinstance(s, ConservedForAllWidths) for i in s.laws
        )
        return [
            f"conserved for all widths: {shortened(str(law))}"
            for law in told_laws(decoded_flow(told.data), told.data, numbers)
        ]
    teller = _Teller(told.system, Labels(told.system))
    return [teller.line(s) for s in told.statements]


class _Teller:
    def __init__(self, system: System, labels: Labels) -> None:
        self.system, self.labels = system, labels
        self.known: set[int] = set()
        self.generic = " for generic values of the parameters" if system.parameters else ""

    def line(self, statement: Statement) -> str:
        """What a statement says."""
        if isinstance(statement, Conserved):
            every = " for all values of the parameters" if self.system.parameters else ""
            return f"conserved{every}: {self._laws(statement.laws)}"
        if isinstance(statement, ConservedWhere):
            return self._conserved_where(statement)
        if isinstance(statement, Kept):
            where = self._where(statement.conditions)
            return f"no trajectory enters or leaves {self.labels.text(statement.polynomial)} = 0{where}"
        if isinstance(statement, Crossed):
            return (
                f"a trajectory crosses {self.labels.text(statement.polynomial)} = 0 at "
                f"{self._point(statement.point)}"
            )
        if isinstance(statement, Jumps):
            return self._jumps(statement)
        if isinstance(statement, Independent):
            return f"independent near generic points{self.generic}: {self._laws(statement.laws)}"
        if isinstance(statement, Complete):
            return self._complete(statement)
        if isinstance(statement, AtMost):
            laws = "law of any kind is" if statement.bound == 1 else "laws of any kind are"
            return f"at most {statement.bound} {laws} independent at any point{self.generic}"
        if isinstance(statement, Exactly):
            count = len(statement.laws)
            what = f": {self._laws(statement.laws)}" if count else ""
            return (
                f"exactly {count} independent {'law' if count == 1 else 'laws'} near generic "
                f"points{self.generic}{what}"
            )
        assert isinstance(statement, NotConserved)
        return f"not conserved{self.generic}: {self._laws([statement.law])}"

    def _laws(self, laws: Sequence[Law]) -> str:
        """`h1 = x^2 - y^2, h2 = ..., h3 = ..., h4 to h9`: the first that are new are written out, once."""
        new = [law.number for law in laws if law.number not in self.known][:_MOST_FORMULAS]
        self.known.update(law.number for law in laws)
        told = [f"h{i + 1} = {self.labels.law(self.system.laws[i])}" for i in new]
        return ", ".join([*told, *_runs([law.number for law in laws if law.number not in new])])

    def _conserved_where(self, statement: ConservedWhere) -> str:
        if not statement.conditions:
            return f"conserved: {self._laws(statement.laws)}"
        return (
            f"conserved on each piece of a trajectory{self._where(statement.conditions)}: "
            f"{self._laws(statement.laws)}"
        )

    def _where(self, conditions: Sequence[Condition]) -> str:
        return f" where {_some([self.labels.condition(c) for c in conditions])}" if conditions else ""

    def _point(self, values: Sequence[Fraction]) -> str:
        """`x = 0, y = 1`"""
        ring, own = self.labels.ring, self.system.coordinates.own
        indices = [k for k in range(ring.size) if not own <= k < len(ring.variables)]
        named = [
            (ring.name(k) if k != ring.clock_index else ring.power_text(k, 1), v)
            for k, v in zip(indices, values, strict=True)
        ]
        return _some([f"{name} = {value}" for name, value in named])

    def _jumps(self, statement: Jumps) -> str:
        labels, law = self.labels, self._laws([statement.law])
        rest = "".join(f", {labels.text(p)} != 0" for p in statement.beside)
        jump = labels.quotient(statement.factor)
        where = (
            f"where {labels.text(statement.polynomial)} changes its sign{rest} and the rest of it is smooth"
        )
        return f"{law} jumps by {'' if jump == '1' else f'({jump})*'}pi, up or down, {where}"

    def _complete(self, statement: Complete) -> str:
        form = "".join(self._form(statement.form))
        modulo = ", up to an additive constant," if statement.form.constants else ""
        if not statement.dimension:
            only = "is constant" if statement.form.constants else "is 0"
            return f"complete{self.generic}: a law that is {form} {only}"
        laws = self._laws(statement.laws)
        what = f"a polynomial in {laws}" if statement.products else f"a combination of {laws}"
        modulo = "" if statement.products else modulo
        return (
            f"complete{self.generic}: a law that is {form} is{modulo} {what}; dimension {statement.dimension}"
        )

    def _form(self, form: Form) -> list[str]:
        names = self.labels.ring
        inside = [names.name(k) for k in form.variables]
        every = len(inside) == len(names.variables) and len(inside) > 4
        all_of_them = "all variables and velocities" if self.system.kind == "momentum" else "all variables"
        clock = names.power_text(names.clock_index, 1) if names.clock_index is not None else ""
        timeless = f", not in {clock}," if clock and not form.clock else ""
        where = f" in {all_of_them if every else _some(inside)}{timeless}"
        if form.weights:
            terms = [names.name(k) for k, w in zip(form.variables, form.weights, strict=True) if w > 1]
        else:
            monomials = (
                self.labels.ring.monomial(tuple((k, m.count(k)) for k in sorted(set(m)))) for m in form.listed
            )
            terms = [_some([str(p) for p in monomials])]
        return [*form_words(form, [where], clock, terms, plural=False)]


# -- JSON ----------------------------------------------------------------------------------------------
def as_json(told: Certified) -> dict[str, Any]:
    """The statements as data, with the sentences of `told_lines`."""
    sentences = told_lines(told)
    if told.system is None:
        statements: list[dict[str, Any]] = [
            {"kind": "conserved_for_all_widths", "sentence": text} for text in sentences
        ]
    else:
        labels = Labels(told.system)
        pairs = zip(told.statements, sentences, strict=True)
        statements = [
            {"kind": KINDS[type(s)], **_data(s, told.system, labels), "sentence": text} for s, text in pairs
        ]
    return {"sha256": told.data["sha256"], "system": system_lines(told), "statements": statements}


def _which(statement: Statement, every: tuple[type[Statement], ...]) -> str:
    """For which points, or values of parameters, something holds."""
    if isinstance(statement, (ConservedWhere, Jumps)) or (
        isinstance(statement, Kept) and statement.conditions
    ):
        return "where"
    if isinstance(statement, Crossed):
        return "one"
    return "all" if isinstance(statement, every) else "generic"


def _data(statement: Statement, system: System, labels: Labels) -> dict[str, Any]:
    data: dict[str, Any] = {
        "parameters": _which(statement, (Conserved, Kept)) if system.parameters else None,
        "points": _which(statement, (Conserved, AtMost, Kept)),
        "nonzero": [str(Polynomial(labels.ring, q.terms)) for q in system.denominators],
        "controls": "arbitrary" if system.trained else None,
    }
    laws = [statement.law] if isinstance(statement, (NotConserved, Jumps)) else getattr(statement, "laws", ())
    data["laws"] = {f"h{law.number + 1}": labels.whole(law) for law in laws}
    if isinstance(statement, Complete):
        data |= {
            "dimension": statement.dimension,
            "modulo_constants": statement.form.constants,
            "monomials": statement.form.count,
        }
    elif isinstance(statement, AtMost):
        data["bound"] = statement.bound
    if isinstance(statement, (ConservedWhere, Kept)):
        data["where"] = [labels.condition(c) for c in statement.conditions]
    if isinstance(statement, (Kept, Crossed, Jumps)):
        data["polynomial"] = labels.text(statement.polynomial)
    elif isinstance(statement, Exactly):
        data["count"] = len(statement.laws)
    return data
