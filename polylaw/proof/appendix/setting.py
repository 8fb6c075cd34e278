"""The flow in words and formulas: what moves, and when a function is a conservation law."""

from __future__ import annotations

from polylaw.proof.appendix.document import (
    Block,
    Formula,
    Fraction,
    Monospace,
    Number,
    Operator,
    Paragraph,
    Part,
    Power,
    Row,
    Subscript,
    Symbol,
)
from polylaw.proof.appendix.domains import definitions
from polylaw.proof.appendix.fields import Fields
from polylaw.proof.appendix.formulas import (
    COMMA,
    EQUAL,
    MINUS,
    PLUS,
    ZERO,
    Equation,
    aligned,
    angle,
    at,
    parenthesised,
    rational,
    row,
    sum_lines,
    transposed,
)
from polylaw.proof.appendix.map import map_of, metric_of, right_side
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed, shortened
from polylaw.proof.appendix.references import References
from polylaw.proof.statements import ABOUT_DOMAINS, AtMost, Conserved, Exactly, Independent

_MOST_LINES = 12
TIME, ELL, J = Symbol("t"), Symbol("ell"), Symbol("j")
NABLA, PARTIAL = Operator("nabla"), Operator("partial")
DERIVATIVE = Fraction(Symbol("d"), row(Symbol("d"), TIME))
#: Steps of the program that need no remark: the fields below are written with these factors.
_WRITTEN_OUT = ("denominators cleared", "time rescaled", "the drift was multiplied by t")


def setting(names: Names, fields: Fields, references: References) -> list[Block]:
    """The section that says what the flow is, and what a conservation law of it."""
    return [*by_the_author(names), *_Setting(names, fields, references).blocks()]


def by_the_author(names: Names) -> list[Paragraph]:
    """How the certificate calls its model, and what the symbols of strange names stand for."""
    paragraphs: list[Paragraph] = []
    if title := names.data["model"]["title"]:
        paragraphs.append(
            Paragraph((f"The author of the certificate calls the model \u201c{shortened(title)}\u201d.",))
        )
    if names.strange:
        text: list[Part] = []
        for name in names.strange:
            text += [
                "; " if text else "In formulas, ",
                names.by_name[name],
                " stands for ",
                Monospace(shortened(ascii(name))),
            ]
        paragraphs.append(Paragraph((*text, ".")))
    return paragraphs


class _Setting:
    def __init__(self, names: Names, fields: Fields, references: References) -> None:
        self.names, self.fields, self.references, self.system = names, fields, references, fields.system
        self.data, self.flow = names.data, names.data["flow"]
        self.x, self.v, self.w, self.phi, self.h = (
            names.state,
            names.velocity,
            names["control"],
            names["map"],
            names["law"],
        )
        self.field_0, self.field_j = names.numbered("field", 0), names.numbered("field", "j")
        self.phi_j, self.w_j = names.numbered("map", "j"), names.numbered("control", "j")
        self.parameters: list[Formula] = [*names.parameters]
        self.over_time, self.metric = self.system.over_time is not None, self.system.metric is not None
        self.quotients = bool(self.system.denominators)

    def blocks(self) -> list[Block]:
        kinds = {
            "ode": self.ode,
            "gradient": self.gradient,
            "momentum": self.momentum,
            "fields": self.given_fields,
        }
        remarks = [step for step in self.data["model"]["steps"] if step and not step.startswith(_WRITTEN_OUT)]
        return [
            *kinds[self.names.kind](),
            *definitions(self.names, self.system),
            *self.conventions(),
            *(
                Paragraph((f"\u201c{step}\u201d",), "Remark by the author of the certificate.")
                for step in remarks
            ),
        ]

    # -- differential equations and fields ----------------------------------------------------------
    def ode(self) -> list[Paragraph]:
        equations: list[Equation] = []
        for k, parts in enumerate(self.system.rhs):
            equations.append(
                (
                    Fraction(row(Symbol("d"), self.names.symbols[k]), row(Symbol("d"), TIME)),
                    right_side(self.names, parts),
                )
            )
        start: list[Part] = ["We consider the differential equations"]
        if self.parameters:
            start += [
                f" with the constant parameter{'s' if len(self.parameters) > 1 else ''} ",
                *listed(self.parameters),
            ]
        f, q, clocked = self.names["right side"], self.names["denominator"], self.names.time is not None
        start += [" wherever no denominator is zero"] if self.quotients else []
        slope = angle(f, row(NABLA, self.h))
        slope = row(slope, PLUS, Subscript(PARTIAL, TIME), self.h) if clocked else slope
        derivative = row(self.names["field"], self.h)
        value = row(q, parenthesised(slope) if clocked else slope) if self.quotients else slope
        law: list[Part] = [
            *self._law_is([]),
            ". By the chain rule this means that ",
            row(derivative, EQUAL, ZERO),
        ]
        law += [
            " identically, where",
            aligned([(derivative, [value])], "comma"),
            "and ",
            f,
            " is the vector of the right-hand sides",
        ]
        law += [", and ", q, " their least common denominator"] if self.quotients else []
        law.append(".")
        works = self.references.model
        law += (
            [f" As their source, the author of the certificate names {self.references.cite(works)}."]
            if works
            else []
        )
        return [Paragraph((*start, aligned(equations))), Paragraph(tuple(law))]

    def given_fields(self) -> list[Paragraph]:
        symbols = self.fields.symbols
        terms: list[Equation] = []
        for symbol, components in list(zip(symbols, self.fields.components, strict=True))[:_MOST_LINES]:
            parts = [
                (False, row(self.names.factor(p), Subscript(PARTIAL, self.names.symbols[k])))
                for k, p in components.items()
            ]
            terms.append((symbol, sum_lines(parts)))
        rest = len(symbols) - len(terms)
        if not terms:
            start = (
                "No vector field is given, or all of them are zero: every smooth function of the "
                "variables is a conservation law."
            )
            return [Paragraph((start,))]
        text: list[Part] = [f"We consider the vector field{'s' if len(symbols) > 1 else ''}"]
        text += [
            aligned(terms, "comma" if rest else "period"),
            *([f"and {rest} more, listed in the certificate. "] if rest else []),
        ]
        text += [
            "A conservation law is a smooth function ",
            self.h,
            ", on an open set, that all of them annihilate: the derivative of ",
        ]
        return [Paragraph((*text, self.h, " along each of them is zero identically."))]

    # -- training flows ------------------------------------------------------------------------------
    def gradient(self) -> list[Paragraph]:
        decay = self.names.factor(self.system.decay) if self.system.decay else None
        right = [
            MINUS,
            at(self.names["metric"], self.x) if self.metric else Row(()),
            self._jacobian(),
            at(self.w, TIME),
        ]
        right += [MINUS, decay, self.x] if decay is not None else []
        derivative = row(DERIVATIVE, at(self.h, at(self.x, TIME), *([TIME] if decay is not None else [])))
        kick = angle(
            row(*([self.names["metric"]] if self.metric else []), NABLA, self.phi_j), row(NABLA, self.h)
        )
        slope = angle(self.x, row(NABLA, self.h))
        drift = row(Subscript(PARTIAL, TIME), self.h, MINUS, decay, slope) if decay is not None else None
        kind = "the flow" if self.metric else "gradient flow"
        flow = self._flow(f"{kind} with weight decay" if decay is not None else kind, (self.v, [row(*right)]))
        return [
            map_of(self.names, self.system),
            flow,
            *metric_of(self.names, self.system),
            *self._law(derivative, kick, drift, [self.x]),
        ]

    def momentum(self) -> list[Paragraph]:
        tau = self.names.damping
        acceleration = Symbol(self.x.name, dots=2)
        left = row(acceleration, PLUS, tau, self.v) if tau else acceleration
        metric = (
            at(self.names["metric"], row(tau, self.x, PLUS, self.v) if tau else self.v)
            if self.metric
            else Row(())
        )
        right = row(MINUS, metric, self._jacobian(), at(self.w, TIME))
        derivative = row(DERIVATIVE, at(self.h, at(self.x, TIME), at(self.v, TIME), TIME))
        kick = angle(row(metric, NABLA, self.phi_j), row(Subscript(NABLA, self.v), self.h))
        if self.over_time and (lifted := self.fields.motion.lifted):
            kick = row(TIME if lifted == 1 else Power(TIME, Number(str(lifted))), kick)
        law = self._law(derivative, kick, self._drift(tau), [self.x, self.v])
        flow = self._flow("the flow with momentum", (left, [right]))
        return [map_of(self.names, self.system), flow, *metric_of(self.names, self.system), *law]

    def _drift(self, tau: Formula | None) -> Formula:
        """X_0 h for momentum, times t for damping c/t."""
        time = [TIME] if self.over_time else []
        friction = rational(self.names.over_time) if self.over_time else tau
        parts = [*time, angle(self.v, row(Subscript(NABLA, self.x), self.h))]
        if friction:
            parts += [
                MINUS,
                *([] if friction == Number("1") else [friction]),
                angle(self.v, row(Subscript(NABLA, self.v), self.h)),
            ]
        return row(*parts, PLUS, *time, Subscript(PARTIAL, TIME), self.h)

    def _jacobian(self) -> Formula:
        return at(transposed(Subscript(self.names["jacobian"], self.phi)), self.x)

    def _flow(self, kind: str, equation: Equation) -> Paragraph:
        """The differential equation, and what w and J are."""
        text: list[Part] = ["For a loss ", at(ELL, at(self.phi, self.x)), f", {kind} "]
        text += (
            ["and with the matrix " if "with" in kind else "with the matrix ", self.names["metric"], " "]
            if self.metric
            else []
        )
        text += ["is", aligned([equation], "comma")]
        text += ["for ", row(TIME, Operator("greater"), ZERO), ", "] if self.over_time else []
        loss = row(at(self.w, TIME), EQUAL, NABLA, at(ELL, at(self.phi, at(self.x, TIME))))
        text += [
            "where ",
            Subscript(self.names["jacobian"], self.phi),
            " is the Jacobian matrix of ",
            self.phi,
            " and ",
            loss,
        ]
        text += [
            ". Such a loss enters only through ",
            self.w,
            ", and below ",
            self.w,
            " is any continuous function of time.",
        ]
        if self.parameters:
            be = " is a constant." if len(self.parameters) == 1 else " are constants."
            text += [
                " The parameter " if len(self.parameters) == 1 else " The parameters ",
                *listed(self.parameters),
                be,
            ]
        return Paragraph(tuple(text))

    # -- conservation laws ---------------------------------------------------------------------------
    def _law(
        self, derivative: Formula, kick: Formula, drift: Formula | None, variables: list[Formula]
    ) -> list[Paragraph]:
        """The fields `kick` and `drift`, the chain rule, and when a function is a conservation law."""
        q, quotient = self.names.numbered("denominator", "j"), self.quotients
        fields: list[Equation] = []
        if self.system.phi:
            fields = [(row(self.field_j, self.h), [row(Power(q, Number("2")), kick) if quotient else kick])]
        fields += [(row(self.field_0, self.h), [drift])] if drift else []
        inverse = [Power(q, row(MINUS, Number("2")))] if quotient else []
        steady = [self.field_0, self.h] if drift else []
        controlled = row(
            *self._left(), Subscript(Operator("sum"), J), *inverse, at(self.w_j, TIME), self.field_j, self.h
        )
        chain: list[Part] = [
            "Let vector fields act on functions ",
            self.h,
            " by",
            aligned(fields, "comma" if quotient else "period"),
        ]
        chain += (
            ["where ", q, " is the denominator of ", self.phi_j, ", not zero along a solution. "]
            if quotient
            else []
        )
        total = (row(*([TIME] if self.over_time else []), derivative), [row(*steady, MINUS, controlled)])
        law: list[Part] = [
            *self._law_is(variables),
            ", for every ",
            self.w,
            ". As ",
            self.w,
            " is arbitrary, this means that ",
        ]
        law += [*self._annihilated(steady=bool(drift)), *self._see()]
        if not fields:
            return [Paragraph(tuple(law))]
        return [
            Paragraph((*chain, "By the chain rule, along a solution", aligned([total]))),
            Paragraph(tuple(law)),
        ]

    def _law_is(self, variables: list[Formula]) -> list[Part]:
        """`A conservation law is a smooth function h of theta ...`; of all variables where none is named."""
        clocked = self.names.time is not None
        of: list[Part] = ["the variables", " and of time" if clocked else ""]
        if variables:
            of = [*listed([*variables, *([TIME] if clocked else [])])]
        where = ", on an open set, that is constant along every solution in it"
        return ["A conservation law is a smooth function ", self.h, " of ", *of, where]

    def _annihilated(self, *, steady: bool) -> list[Part]:
        """`X_0 h = 0 and X_j h = 0 identically, for j = 1, ..., 4.`"""
        count = len(self.system.phi)
        parts: list[Part] = [row(self.field_0, self.h, EQUAL, ZERO)] if steady else []
        if count:
            parts += [" and "] if steady else []
            parts.append(
                row(self.field_j if count > 1 else self.names.numbered("field", 1), self.h, EQUAL, ZERO)
            )
        parts.append(" identically" if parts else "every smooth function is one")
        if count > 1:
            dots = [Operator("dots"), COMMA] if count > 2 else []
            parts += [", for ", row(J, EQUAL, Number("1"), COMMA, *dots, Number(str(count)))]
        return [*parts, "."]

    def _left(self) -> list[Formula]:
        """The power of t in front of the fields of the map in the chain rule: t without a metric, then t^(1 -
        degree)."""
        power = 1 - self.fields.motion.lifted if self.over_time else 0
        return [TIME] * power if power in (0, 1) else [Power(TIME, row(MINUS, Number(str(-power))))]

    def _see(self) -> list[Part]:
        """Where such laws, and those of this model, are studied."""
        flows, model = self.references.flows, self.references.model
        more = (
            f"; for this model, the author of the certificate refers to {self.references.cite(model)}"
            if model
            else ""
        )
        kinds = (
            "gradient flows and flows with momentum" if self.names.kind == "momentum" else "gradient flows"
        )
        return [f" See {self.references.cite(flows)} for conservation laws of {kinds}{more}."]

    def conventions(self) -> list[Paragraph]:
        """The words of the theorem, as far as it needs them."""
        independence = any(isinstance(s, (Independent, AtMost, Exactly)) for s in self.names.told.statements)
        text: list[Part] = []
        if independence:
            text.append("Functions are functionally independent at a point if their gradients")
            text.append(", with time as a variable, " if self.names.time else " ")
            text.append("are linearly independent there. ")
        generic = ["at generic points"] if independence else []
        if self.parameters and not all(
            isinstance(s, (Conserved, *ABOUT_DOMAINS)) for s in self.names.told.statements
        ):
            generic.append("for generic values of the parameters")
        if generic:
            text += [
                f"A statement holds {' and '.join(generic)} if it holds wherever a certain polynomial, not "
                "identically zero, "
            ]
            text.append("does not vanish; hence on a dense open set.")
        return [Paragraph(tuple(text))] if text else []
