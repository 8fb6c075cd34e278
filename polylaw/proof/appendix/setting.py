"""The flow in words and formulas: what moves, and when a function is a conservation law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from polylaw.flows.distribution import Change
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
from polylaw.proof.appendix.phrases import listed, paragraph, said, shortened
from polylaw.proof.appendix.references import References
from polylaw.proof.statements import ABOUT_DOMAINS, AtMost, Conserved, Exactly, Independent

_MOST_LINES = 12
TIME, ELL, J = Symbol("t"), Symbol("ell"), Symbol("j")
NABLA, PARTIAL = Operator("nabla"), Operator("partial")
DERIVATIVE = Fraction(Symbol("d"), row(Symbol("d"), TIME))
#: How texts of version 1 begin that need no remark: the fields below are written with these factors.
_WRITTEN_OUT = tuple(change.value for change in Change)


def setting(names: Names, fields: Fields, references: References) -> list[Block]:
    """The section that says what the flow is, and what a conservation law of it."""
    return [*by_the_author(names), *_Setting(names, fields, references).blocks()]


def by_the_author(names: Names) -> list[Paragraph]:
    """How the certificate calls its model, and what the symbols of strange names stand for."""
    paragraphs: list[Paragraph] = []
    if title := names.data["model"]["title"]:
        calls = f"The author of the certificate calls the model \u201c{shortened(title)}\u201d."
        paragraphs.append(Paragraph((calls,)))
    if names.strange:
        text: list[Part] = []
        for name in names.strange:
            stands = "; {} stands for {}" if text else "In formulas, {} stands for {}"
            text += said(stands, names.by_name[name], Monospace(shortened(ascii(name))))
        paragraphs.append(Paragraph((*text, ".")))
    return paragraphs


def remarks(notes: Iterable[str]) -> list[Paragraph]:
    """What the author of the certificate adds."""
    lead = "Remark by the author of the certificate."
    return [Paragraph((f"\u201c{note}\u201d",), lead) for note in notes]


def constants(parameters: Sequence[Formula]) -> list[Part]:
    """`The parameters a and b are constants.`"""
    several = "The parameters {} are constants." if len(parameters) > 1 else "The parameter {} is a constant."
    return said(several, listed(parameters))


def _noted(step: str | Mapping[str, str]) -> str:
    """A step that needs a remark, in words; the others are seen in the fields."""
    if isinstance(step, str):
        return "" if step.startswith(_WRITTEN_OUT) else step
    return step["text"] if step["kind"] == "note" else ""


class _Setting:
    def __init__(self, names: Names, fields: Fields, references: References) -> None:
        self.names, self.fields, self.references, self.system = names, fields, references, fields.system
        self.data, self.flow = names.data, names.data["flow"]
        self.x, self.v = names.state, names.velocity
        self.w, self.phi, self.h = names["control"], names["map"], names["law"]
        self.field_0, self.field_j = names.numbered("field", 0), names.numbered("field", "j")
        self.phi_j, self.w_j = names.numbered("map", "j"), names.numbered("control", "j")
        self.parameters: list[Formula] = [*names.parameters]
        self.over_time, self.metric = self.system.over_time is not None, self.system.metric is not None
        self.quotients = bool(self.system.denominators)

    def blocks(self) -> list[Block]:
        kinds = {"ode": self.ode, "gradient": self.gradient, "momentum": self.momentum}
        return [
            *kinds.get(self.names.kind, self.given_fields)(),
            *definitions(self.names, self.system),
            *self.conventions(),
            *remarks(filter(None, map(_noted, self.data["model"]["steps"]))),
        ]

    # -- differential equations and fields ----------------------------------------------------------
    def ode(self) -> list[Paragraph]:
        d = Symbol("d")
        pairs = zip(self.names.symbols, self.system.rhs, strict=False)
        slopes = ((Fraction(row(d, x), row(d, TIME)), parts) for x, parts in pairs)
        equations: list[Equation] = [(left, right_side(self.names, parts)) for left, parts in slopes]
        parameters = said(" with the constant parameter{} {}", *self._parameters()) if self.parameters else ""
        where = " wherever no denominator is zero" if self.quotients else ""
        start = paragraph(
            "We consider the differential equations{}{}{}", parameters, where, aligned(equations)
        )
        f, q, clocked = self.names["right side"], self.names["denominator"], self.names.time is not None
        slope = angle(f, row(NABLA, self.h))
        slope = row(slope, PLUS, Subscript(PARTIAL, TIME), self.h) if clocked else slope
        derivative = row(self.names["field"], self.h)
        value = row(q, parenthesised(slope) if clocked else slope) if self.quotients else slope
        model = self.references.model
        source = " As their source, the author of the certificate names {}."
        law = paragraph(
            "{law}. By the chain rule this means that {zero} identically, where{derivative}and {f} is the "
            "vector of the right-hand sides{denominator}.{source}",
            law=self._law_is([]),
            zero=row(derivative, EQUAL, ZERO),
            derivative=aligned([(derivative, [value])], "comma"),
            f=f,
            denominator=said(", and {} their least common denominator", q) if self.quotients else "",
            source=said(source, self.references.cite(model)) if model else "",
        )
        return [start, law]

    def _parameters(self) -> tuple[str, list[Part]]:
        return "s" if len(self.parameters) > 1 else "", listed(self.parameters)

    def given_fields(self) -> list[Paragraph]:
        symbols = self.fields.symbols
        terms: list[Equation] = []
        for symbol, components in list(zip(symbols, self.fields.components, strict=True))[:_MOST_LINES]:
            slopes = ((self.names.factor(p), self.names.symbols[k]) for k, p in components.items())
            terms.append((symbol, sum_lines([(False, row(f, Subscript(PARTIAL, x))) for f, x in slopes])))
        rest = len(symbols) - len(terms)
        if not terms:
            none = "No vector field is given, or all of them are zero: "
            return [Paragraph((none + "every smooth function of the variables is a conservation law.",))]
        text = paragraph(
            "We consider the vector field{}{}{}A conservation law is a smooth function {}, on an open set, "
            "that all of them annihilate: the derivative of {} along each of them is zero identically.",
            "s" if len(symbols) > 1 else "",
            aligned(terms, "comma" if rest else "period"),
            f"and {rest} more, listed in the certificate. " if rest else "",
            *(self.h, self.h),
        )
        return [text]

    # -- training flows ------------------------------------------------------------------------------
    def gradient(self) -> list[Paragraph]:
        decay = self.names.factor(self.system.decay) if self.system.decay else None
        metric = [self.names["metric"]] if self.metric else []
        right = [MINUS, *(at(m, self.x) for m in metric), self._jacobian(), at(self.w, TIME)]
        right += [MINUS, decay, self.x] if decay is not None else []
        derivative = row(DERIVATIVE, at(self.h, at(self.x, TIME), *([TIME] if decay is not None else [])))
        kick = angle(row(*metric, NABLA, self.phi_j), row(NABLA, self.h))
        slope = angle(self.x, row(NABLA, self.h))
        drift = row(Subscript(PARTIAL, TIME), self.h, MINUS, decay, slope) if decay is not None else None
        kind = "the flow" if self.metric else "gradient flow"
        flow = self._flow(f"{kind} with weight decay" if decay is not None else kind, (self.v, [row(*right)]))
        law = self._law(derivative, kick, drift, [self.x])
        return [map_of(self.names, self.system), flow, *metric_of(self.names, self.system), *law]

    def momentum(self) -> list[Paragraph]:
        tau = self.names.damping
        acceleration = Symbol(self.x.name, dots=2)
        left = row(acceleration, PLUS, tau, self.v) if tau else acceleration
        place = row(tau, self.x, PLUS, self.v) if tau else self.v
        metric = at(self.names["metric"], place) if self.metric else Row(())
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
            size = [] if friction == Number("1") else [friction]
            parts += [MINUS, *size, angle(self.v, row(Subscript(NABLA, self.v), self.h))]
        return row(*parts, PLUS, *time, Subscript(PARTIAL, TIME), self.h)

    def _jacobian(self) -> Formula:
        return at(transposed(Subscript(self.names["jacobian"], self.phi)), self.x)

    def _flow(self, kind: str, equation: Equation) -> Paragraph:
        """The differential equation, and what w and J are."""
        matrix = "and with the matrix {} " if "with" in kind else "with the matrix {} "
        return paragraph(
            "For a loss {loss}, {kind} {matrix}is{equation}{when}where {jacobian} is the Jacobian matrix of "
            "{phi} and {control}. Such a loss enters only through {w}, and below {w} is any continuous "
            "function of time.{constants}",
            loss=at(ELL, at(self.phi, self.x)),
            kind=kind,
            matrix=said(matrix, self.names["metric"]) if self.metric else "",
            equation=aligned([equation], "comma"),
            when=said("for {}, ", row(TIME, Operator("greater"), ZERO)) if self.over_time else "",
            jacobian=Subscript(self.names["jacobian"], self.phi),
            phi=self.phi,
            control=row(at(self.w, TIME), EQUAL, NABLA, at(ELL, at(self.phi, at(self.x, TIME)))),
            w=self.w,
            constants=said(" {}", constants(self.parameters)) if self.parameters else "",
        )

    # -- conservation laws ---------------------------------------------------------------------------
    def _law(
        self, derivative: Formula, kick: Formula, drift: Formula | None, variables: list[Formula]
    ) -> list[Paragraph]:
        """The fields `kick` and `drift`, the chain rule, and when a function is a conservation law."""
        q, quotient = self.names.numbered("denominator", "j"), self.quotients
        law = paragraph(
            "{law}, for every {w}. As {w} is arbitrary, this means that {zero}{see}",
            law=self._law_is(variables),
            w=self.w,
            zero=self._annihilated(steady=bool(drift)),
            see=self._see(),
        )
        fields: list[Equation] = []
        if self.system.phi:
            fields = [(row(self.field_j, self.h), [row(Power(q, Number("2")), kick) if quotient else kick])]
        fields += [(row(self.field_0, self.h), [drift])] if drift else []
        if not fields:
            return [law]
        inverse = [Power(q, row(MINUS, Number("2")))] if quotient else []
        steady = [self.field_0, self.h] if drift else []
        every, w = Subscript(Operator("sum"), J), at(self.w_j, TIME)
        right = row(*steady, MINUS, *self._left(), every, *inverse, w, self.field_j, self.h)
        total = (row(*([TIME] if self.over_time else []), derivative), [right])
        denominator = "where {} is the denominator of {}, not zero along a solution. "
        chain = paragraph(
            "Let vector fields act on functions {} by{}{}By the chain rule, along a solution{}",
            self.h,
            aligned(fields, "comma" if quotient else "period"),
            said(denominator, q, self.phi_j) if quotient else "",
            aligned([total]),
        )
        return [chain, law]

    def _law_is(self, variables: list[Formula]) -> list[Part]:
        """`A conservation law is a smooth function h of theta ...`; of all variables where none is named."""
        clocked = self.names.time is not None
        of: list[Part] = ["the variables and of time" if clocked else "the variables"]
        if variables:
            of = listed([*variables, *([TIME] if clocked else [])])
        where = "on an open set, that is constant along every solution in it"
        return said("A conservation law is a smooth function {} of {}, {}", self.h, of, where)

    def _annihilated(self, *, steady: bool) -> list[Part]:
        """`X_0 h = 0 and X_j h = 0 identically, for j = 1, ..., 4.`"""
        count = len(self.system.phi)
        field = self.field_j if count > 1 else self.names.numbered("field", 1)
        fields = [*([self.field_0] if steady else []), *([field] if count else [])]
        if not fields:
            return ["every smooth function is one."]
        dots = [Operator("dots"), COMMA] if count > 2 else []
        every = row(J, EQUAL, Number("1"), COMMA, *dots, Number(str(count)))
        zero = listed([row(f, self.h, EQUAL, ZERO) for f in fields])
        return said("{} identically{}.", zero, said(", for {}", every) if count > 1 else "")

    def _left(self) -> list[Formula]:
        """The power of t in front of the fields of the map in the chain rule: t without a metric, then t^(1 -
        degree)."""
        power = 1 - self.fields.motion.lifted if self.over_time else 0
        return [TIME] * power if power in (0, 1) else [Power(TIME, row(MINUS, Number(str(-power))))]

    def _see(self) -> str:
        """Where such laws, and those of this model, are studied."""
        momentum = " and flows with momentum" if self.names.kind == "momentum" else ""
        where = self.references.cite(self.references.flows)
        return f" See {where} for conservation laws of gradient flows{momentum}{self.references.of_model()}."

    def conventions(self) -> list[Paragraph]:
        """The words of the theorem, as far as it needs them."""
        statements = self.names.told.statements
        generic, text = [], ""
        if any(isinstance(s, (Independent, AtMost, Exactly)) for s in statements):
            generic.append("at generic points")
            time = ", with time as a variable," if self.names.time else ""
            text = f"Functions are functionally independent at a point if their gradients{time} are linearly "
            text += "independent there. "
        if self.parameters and not all(isinstance(s, (Conserved, *ABOUT_DOMAINS)) for s in statements):
            generic.append("for generic values of the parameters")
        if generic:
            text += f"A statement holds {' and '.join(generic)} if it holds wherever a certain polynomial, "
            text += "not identically zero, does not vanish; hence on a dense open set."
        return [Paragraph((text,))] if text else []
