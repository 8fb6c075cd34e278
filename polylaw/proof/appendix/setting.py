"""The flow in words and formulas: what moves, and when a function is a conservation law."""

from __future__ import annotations

from fractions import Fraction as Rational
from typing import Any

from polylaw.proof.appendix.document import (
    Block,
    Display,
    Formula,
    Fraction,
    Number,
    Operator,
    Paragraph,
    Part,
    Power,
    Row,
    Subscript,
    Symbol,
)
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.formulas import (
    COMMA,
    EQUAL,
    MINUS,
    PLUS,
    ROOM,
    ZERO,
    aligned,
    angle,
    at,
    joined,
    parenthesised,
    rational,
    row,
    sum_lines,
    transposed,
    width,
)
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed, numbers

__all__ = ["setting"]

_MOST_LINES, _MOST_DIAGONAL = 12, 60
TIME, ELL, J = Symbol("t"), Symbol("ell"), Symbol("j")
NABLA, PARTIAL = Operator("nabla"), Operator("partial")


def setting(names: Names, fields: Fields) -> list[Block]:
    """The section that says what the flow is, and what a conservation law of it."""
    return _Setting(names, fields).blocks()


class _Setting:
    def __init__(self, names: Names, fields: Fields) -> None:
        self.names, self.fields, self.data, self.flow = names, fields, names.data, names.data["flow"]
        self.x, self.v, self.w, self.phi, self.h = names.state, names.velocity, names["control"], names["map"], names["law"]
        self.field_j = Symbol(names["field"].name, "j")
        self.over_time = "over_time" in self.flow

    def blocks(self) -> list[Block]:
        kinds = {"ode": self.ode, "gradient": self.gradient, "momentum": self.momentum, "fields": self.given_fields}
        blocks: list[Block] = list(kinds[self.names.kind]())
        parameters = [self.names.symbol(name) for name in self.data["parameters"]]
        if parameters:
            noun = "parameters {} are constants" if len(parameters) > 1 else "parameter {} is a constant"
            before, after = f"The {noun}.".split("{}")
            text = " Conservation is shown for all values; what is said about independence, completeness, and how many laws there are "
            blocks.append(Paragraph((before, *listed(parameters), after, text, "holds for generic values.")))
        blocks += [Paragraph((f"{step[:1].upper()}{step[1:]}.",), "Remark.") for step in self.data["model"]["steps"] if step]
        return blocks

    # -- differential equations and fields ----------------------------------------------------------
    def ode(self) -> list[Paragraph]:
        equations = []
        for k, parts in enumerate(self.flow["rhs"]):
            velocity = Fraction(row(Symbol("d"), self.names.symbols[k]), row(Symbol("d"), TIME))
            equations.append((velocity, self._right_side(parts)))
        law: list[Part] = ["A conservation law is a function ", self.h, " of the variables"]
        if self.data["clock"] is not None:
            law += [" and of time, which enters through ", self.names.clock(1), ","]
        field = self.names["field"]
        law += [" that is constant along every solution. By the chain rule this means that ", row(field, self.h, EQUAL, ZERO)]
        law += [" identically, where ", row(field, self.h), " is the sum of the partial derivatives of ", self.h]
        law.append(", each times the derivative of its variable")
        if any(len(parts) > 1 for parts in self.flow["rhs"]):
            law.append(", times the common denominator of the right-hand sides")
        return [Paragraph(("We consider the differential equations", aligned(equations))), Paragraph((*law, "."))]

    def _right_side(self, parts: list[Any]) -> list[Formula]:
        return self.names.lines(parts[0]) if len(parts) == 1 else [self.names.fraction(parts)]

    def given_fields(self) -> list[Paragraph]:
        symbols = self.fields.symbols
        terms = []
        for symbol, components in list(zip(symbols, self.fields.components, strict=True))[:_MOST_LINES]:
            parts = [
                (False, row(self.names.factor(self.fields.terms(p)), Subscript(PARTIAL, self.names.symbols[k])))
                for k, p in components.items()
            ]
            terms.append((symbol, sum_lines(parts)))
        text: list[Part] = ["We consider the vector fields" if len(symbols) > 1 else "We consider the vector field", aligned(terms)]
        if len(symbols) > len(terms):
            text.append(f"and {len(symbols) - len(terms)} more, listed in the certificate. ")
        text += ["A conservation law is a function ", self.h, " that all of them annihilate: the derivative of ", self.h]
        return [Paragraph((*text, " along each of them is zero identically."))] if terms else []

    # -- training flows ------------------------------------------------------------------------------
    def gradient(self) -> list[Paragraph]:
        decay = self.flow.get("weight_decay")
        metric = at(self.names["metric"], self.x) if self.metric else Row(())
        right = row(MINUS, metric, self._jacobian(), at(self.w, TIME))
        if decay:
            right = row(right, MINUS, self.names.factor(decay), self.x)
        text: list[Part] = ["For a loss ", at(ELL, at(self.phi, self.x)), ", gradient flow "]
        text += ["with weight decay "] if decay else []
        text += ["in the inverse metric ", self.names["metric"], " "] if self.metric else []
        flow = [*text, "is", aligned([(self.v, [right])]), *self._controls()]
        derivative = row(Fraction(Symbol("d"), row(Symbol("d"), TIME)), at(self.h, at(self.x, TIME), *([TIME] if decay else [])))
        slope = row(*self._metric_letter(), NABLA, Symbol(self.phi.name, "j"))
        definitions = [(row(self.field_j, self.h), [angle(slope, row(NABLA, self.h))])]
        if decay:
            decayed = row(Subscript(PARTIAL, TIME), self.h, MINUS, self.names.factor(decay), angle(self.x, row(NABLA, self.h)))
            definitions.append((row(self.names.numbered("field", 0), self.h), [decayed]))
        return [*self._model(), Paragraph(tuple(flow)), *self._metric(), self._law(derivative, definitions, steady=bool(decay))]

    def momentum(self) -> list[Paragraph]:
        tau = self._damping()
        acceleration = Symbol(self.x.name, dots=2)
        left = row(acceleration, PLUS, tau, self.v) if tau else acceleration
        point = row(tau, self.x, PLUS, self.v) if tau else self.v
        metric = at(self.names["metric"], point) if self.metric else Row(())
        right = row(MINUS, metric, self._jacobian(), at(self.w, TIME))
        text: list[Part] = ["For a loss ", at(ELL, at(self.phi, self.x)), ", the flow with momentum "]
        text += ["in the inverse metric ", self.names["metric"], " is"] if self.metric else ["is"]
        flow = [*text, aligned([(left, [right])]), *self._controls(positive=self.over_time)]
        arguments = (at(self.x, TIME), at(self.v, TIME), TIME)
        derivative = row(Fraction(Symbol("d"), row(Symbol("d"), TIME)), at(self.h, *arguments))
        slope = Subscript(NABLA, self.v)
        kick = angle(row(metric, NABLA, Symbol(self.phi.name, "j")), row(slope, self.h))
        lifted = self.fields.lifted_degree if self.over_time else 0
        if lifted:
            kick = row(TIME if lifted == 1 else Power(TIME, Number(str(lifted))), kick)
        time = [TIME] if self.over_time else []
        friction = rational(Rational(self.flow["over_time"])) if self.over_time else self._damping()
        drift = [*time, angle(self.v, row(Subscript(NABLA, self.x), self.h))]
        drift += [MINUS, *([] if friction == Number("1") else [friction]), angle(self.v, row(slope, self.h))] if friction else []
        drift += [PLUS, *time, Subscript(PARTIAL, TIME), self.h]
        definitions = [(row(self.field_j, self.h), [kick]), (row(self.names.numbered("field", 0), self.h), [row(*drift)])]
        return [*self._model(), Paragraph(tuple(flow)), *self._metric(), self._law(derivative, definitions, steady=True)]

    @property
    def metric(self) -> bool:
        """Whether there is a metric other than the Euclidean one."""
        return "metric" in self.flow

    def _metric_letter(self) -> list[Formula]:
        return [self.names["metric"]] if self.metric else []

    def _jacobian(self) -> Formula:
        return at(transposed(Subscript(self.names["jacobian"], self.phi)), self.x)

    def _damping(self) -> Formula | None:
        if self.over_time:
            c = Rational(self.flow["over_time"])
            return Fraction(Number(str(c.numerator)), TIME if c.denominator == 1 else row(Number(str(c.denominator)), TIME))
        return self.names.factor(self.flow["damping"]) if self.flow["damping"] else None

    def _model(self) -> list[Paragraph]:
        """The trained parameters and the map."""
        size, components = self.names.trained, self.flow["phi"]
        space: Formula = Symbol("reals") if size == 1 else Power(Symbol("reals"), Number(str(size)))
        noun = "parameter" if size == 1 else "parameters"
        text: list[Part] = ["Let ", row(self.x, Operator("in"), space), f" be the trained {noun}"]
        if self.names.arrays:
            text += [
                ", the entry of " if size == 1 else ", the entries of ",
                *listed([self._array(*pair) for pair in self.names.arrays.items()]),
            ]
        elif size <= 12:
            text += [" ", *listed(self.names.symbols[:size])]
        text += [". The loss sees ", self.x, " only through the map ", self.phi]
        equations: list[tuple[Formula, list[Formula]]] = []
        used = 0
        for j, parts in enumerate(components, 1):
            lines = self._right_side(parts)
            used += len(lines)
            if equations and used > _MOST_LINES:
                break
            equations.append((Symbol(self.phi.name, str(j)), lines))
        if not components:
            return [Paragraph((*text, ", which has no components."))]
        noun = "component" if len(components) == 1 else f"{numbers(len(components))} components"
        text += [" with the ", noun, aligned(equations)]
        rest = len(components) - len(equations)
        if rest:
            text.append(f"and {numbers(rest)} more, {'listed' if rest > 1 else 'which is'} in the certificate.")
        return [Paragraph(tuple(text))]

    def _array(self, name: str, shape: tuple[int, ...]) -> Formula:
        sizes = joined([Number(str(n)) for n in shape], Operator("by"))
        symbol = self.names.array(name)
        return row(symbol, Operator("in"), Power(Symbol("reals"), sizes)) if shape else row(symbol, Operator("in"), Symbol("reals"))

    def _controls(self, *, positive: bool = False) -> list[Part]:
        """What w and J are, after the display with the flow."""
        loss = row(at(self.w, TIME), EQUAL, NABLA, at(ELL, at(self.phi, at(self.x, TIME))))
        jacobian = Subscript(self.names["jacobian"], self.phi)
        text: list[Part] = ["for ", row(TIME, Operator("greater"), ZERO), ", " if positive else ""] if positive else []
        text += ["where ", jacobian, " is the Jacobian matrix of ", self.phi, " and ", loss, ". "]
        return [*text, "Loss and data enter only through ", self.w, ", and below ", self.w, " is any continuous function of time."]

    def _metric(self) -> list[Paragraph]:
        entries = self.flow.get("metric")
        if entries is None:
            return []
        letter = at(self.names["metric"], self.x)
        places = [(i, j) for i, j, _ in entries]
        if all(i == j for i, j in places) and len(set(places)) == len(places) and self.names.trained <= _MOST_DIAGONAL:
            table = {i: p for i, _, p in entries}
            diagonal = [self.names.polynomial(table.get(k, [])) for k in range(self.names.trained)]
            return [Paragraph(("The inverse metric is diagonal:", _diagonal(letter, diagonal)))]
        name = self.names["metric"].name
        equations = [(Symbol(name, "", (str(i + 1), str(j + 1))), self.names.lines(p)) for i, j, p in entries[:_MOST_LINES]]
        rest = len(entries) - len(equations)
        more = [f"and {numbers(rest)} more, listed in the certificate."] if rest else []
        return [Paragraph(("The inverse metric ", letter, " has the nonzero entries", aligned(equations), *more))]

    def _time_left(self) -> list[Formula]:
        """The power of t in front of the fields of the map in the chain rule: t without a metric, then t^(1 - degree)."""
        power = 1 - self.fields.lifted_degree if self.over_time else 0
        if power in (0, 1):
            return [TIME] * power
        return [Power(TIME, rational(Rational(power)))]

    def _law(self, derivative: Formula, definitions: list[tuple[Formula, list[Formula]]], *, steady: bool) -> Paragraph:
        """When a function is a conservation law."""
        count, zeroth = len(self.flow["phi"]), self.names.numbered("field", 0)
        start = [zeroth, self.h] if steady else []
        time = [TIME] if self.over_time else []
        controlled = row(Subscript(Operator("sum"), J), Symbol(self.w.name, "j"), parenthesised(TIME), self.field_j, self.h)
        text: list[Part] = ["With vector fields that act on a function ", self.h, " by"]
        if any(len(parts) > 1 for parts in self.flow["phi"]):
            q = Symbol("q", "j")
            controlled = row(Subscript(Operator("sum"), J), Power(q, row(MINUS, Number("2"))), *_parts(controlled)[1:])
            (left, (kick,)), *others = definitions
            text += [aligned([(left, [row(Power(q, Number("2")), kick)]), *others]), "where ", q]
            text += [" is the denominator of ", Symbol(self.phi.name, "j"), ", the chain rule says that along a solution"]
        else:
            text += [aligned(definitions), "the chain rule says that along a solution"]
        text += [
            aligned([(row(*time, derivative), [row(*start, MINUS, *self._time_left(), controlled)])]),
            "A conservation law is a function ",
            self.h,
        ]
        if self.data["clock"] is not None:
            text += [", in which time enters through ", self.names.clock(1), ","]
        text += [" that is constant along every solution for every ", self.w, ". This means that "]
        text += [row(zeroth, self.h, EQUAL, ZERO), " and " if count else ""] if steady else []
        if count:
            text += [row(self.field_j if count > 1 else self.names.numbered("field", 1), self.h, EQUAL, ZERO), " identically"]
            last = Number(str(count))
            indices = row(J, EQUAL, Number("1"), COMMA, *([Operator("dots"), COMMA] if count > 2 else []), last)
            text += [", for ", indices] if count > 1 else []
        return Paragraph((*text, "."))


def _parts(formula: Formula) -> tuple[Formula, ...]:
    return formula.parts if isinstance(formula, Row) else (formula,)


def _diagonal(letter: Formula, entries: list[Formula]) -> Display:
    """letter = diag(entries), on as many lines as it needs."""
    lines: list[list[Formula]] = [[]]
    used = 0.0
    for entry in entries:
        if lines[-1] and used + width(entry) + 1.5 > ROOM:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += width(entry) + 1.5
    right = [row(joined(line), COMMA) for line in lines[:-1]] + [row(joined(lines[-1]), Operator(")"))]
    right[0] = row(Operator("diag"), Operator("("), right[0])
    return aligned([(letter, right)])
