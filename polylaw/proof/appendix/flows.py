"""What an appendix says of each kind of flow: what moves, and when a function is a conservation law."""

from __future__ import annotations

from polylaw.proof.appendix.document import (
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
from polylaw.proof.appendix.phrases import listed, paragraph, said
from polylaw.proof.appendix.references import References
from polylaw.proof.appendix.setting import DERIVATIVE, TIME, Setting, constants
from polylaw.proof.kinds import FIELDS, GRADIENT, MOMENTUM, ODE, FlowKind

_MOST_LINES = 12
ELL, J = Symbol("ell"), Symbol("j")
NABLA, PARTIAL = Operator("nabla"), Operator("partial")


class _Equations(Setting):
    title = "Conservation laws of differential equations"
    subtitle = ("Ordinary differential equations",)

    def flow(self) -> list[Paragraph]:
        d = Symbol("d")
        pairs = zip(self.names.symbols, self.system.rhs, strict=False)
        slopes = ((Fraction(row(d, x), row(d, TIME)), parts) for x, parts in pairs)
        equations: list[Equation] = [(left, right_side(self.names, parts)) for left, parts in slopes]
        several = "s" if len(self.parameters) > 1 else ""
        fixed = said(" with the constant parameter{} {}", several, listed(self.parameters))
        where = " wherever no denominator is zero" if self.quotients else ""
        moves = "We consider the differential equations{}{}{}"
        start = paragraph(moves, fixed if self.parameters else "", where, aligned(equations))
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
            law=self.law_is([]),
            zero=row(derivative, EQUAL, ZERO),
            derivative=aligned([(derivative, [value])], "comma"),
            f=f,
            denominator=said(", and {} their least common denominator", q) if self.quotients else "",
            source=said(source, self.references.cite(model)) if model else "",
        )
        return [start, law]


class _GivenFields(Setting):
    title = "Conservation laws of vector fields"
    subtitle = ("Vector fields",)

    def flow(self) -> list[Paragraph]:
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


class _Trained(Setting):
    def _with_matrix(self) -> list[Part]:
        return said(" with the matrix {}", self.names["metric"]) if self.metric else []

    def _told(self, kind: str, equation: Equation, law: list[Paragraph]) -> list[Paragraph]:
        """The map, the differential equation, the matrix, and the conservation laws."""
        flow = [map_of(self.names, self.system), self._flow(kind, equation)]
        return [*flow, *metric_of(self.names, self.system), *law]

    def _descent(
        self, kind: str, rate: Formula | None = None, drift: Formula | None = None
    ) -> list[Paragraph]:
        """x' = -M J^T w - rate x, with the derivative of a function along the drift."""
        metric = [self.names["metric"]] if self.metric else []
        right = [MINUS, *(at(m, self.x) for m in metric), self._jacobian(), at(self.w, TIME)]
        right += [MINUS, rate, self.x] if rate else []
        derivative = row(DERIVATIVE, at(self.h, at(self.x, TIME), *([TIME] if rate else [])))
        kick = angle(row(*metric, NABLA, self.phi_j), row(NABLA, self.h))
        return self._told(kind, (self.v, [row(*right)]), self._law(derivative, kick, drift))

    @property
    def _radial(self) -> Formula:
        """The derivative of a function along x."""
        return angle(self.x, row(NABLA, self.h))

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

    def _law(self, derivative: Formula, kick: Formula, drift: Formula | None) -> list[Paragraph]:
        """The fields `kick` and `drift`, the chain rule, and when a function is a conservation law."""
        q, quotient = self.names.numbered("denominator", "j"), self.quotients
        law = paragraph(
            "{law}, for every {w}. As {w} is arbitrary, this means that {zero}{see}",
            law=self.law_is([self.x, self.v] if self.names.kind.velocities else [self.x]),
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
        """The power of t in front of fields of the map: t without a metric, then t^(1 - degree)."""
        power = 1 - self.fields.motion.lifted if self.over_time else 0
        return [TIME] * power if power in (0, 1) else [Power(TIME, row(MINUS, Number(str(-power))))]

    def _see(self) -> str:
        """Where such laws, and those of this model, are studied."""
        momentum = " and flows with momentum" if self.names.kind.velocities else ""
        where = self.references.cite(self.references.flows)
        return f" See {where} for conservation laws of gradient flows{momentum}{self.references.of_model()}."


class _Gradient(_Trained):
    @property
    def title(self) -> str:
        return f"Conservation laws of a {'training' if self.metric else 'gradient'} flow"

    @property
    def subtitle(self) -> list[Part]:
        decay = self.system.decay
        words = " and weight decay {}" if self.metric else " with weight decay {}"
        rate = said(words, self.names.polynomial(decay)) if decay else []
        return ["Training flow" if self.metric else "Gradient flow", *self._with_matrix(), *rate]

    def flow(self) -> list[Paragraph]:
        kind = "the flow" if self.metric else "gradient flow"
        if not self.system.decay:
            return self._descent(kind)
        rate = self.names.factor(self.system.decay)
        drift = row(Subscript(PARTIAL, TIME), self.h, MINUS, rate, self._radial)
        return self._descent(f"{kind} with weight decay", rate, drift)


class _Momentum(_Trained):
    title = "Conservation laws of a flow with momentum"

    @property
    def subtitle(self) -> list[Part]:
        tau = self.names.fading(on_one_line=True) if self.over_time else self.names.damping
        damping = said(", damping {}", tau) if tau else ", without damping"
        return said("Flow with momentum{}{}", self._with_matrix(), damping)

    def flow(self) -> list[Paragraph]:
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
        law = self._law(derivative, kick, self._drift(tau))
        return self._told("the flow with momentum", (left, [right]), law)

    def _drift(self, tau: Formula | None) -> Formula:
        """X_0 h for momentum, times t for damping c/t."""
        time = [TIME] if self.over_time else []
        friction = rational(self.names.over_time) if self.over_time else tau
        parts = [*time, angle(self.v, row(Subscript(NABLA, self.x), self.h))]
        if friction:
            size = [] if friction == Number("1") else [friction]
            parts += [MINUS, *size, angle(self.v, row(Subscript(NABLA, self.v), self.h))]
        return row(*parts, PLUS, *time, Subscript(PARTIAL, TIME), self.h)


#: What tells of a flow of each kind.
SETTINGS: dict[FlowKind, type[Setting]] = {
    GRADIENT: _Gradient,
    MOMENTUM: _Momentum,
    ODE: _Equations,
    FIELDS: _GivenFields,
}


def setting_of(names: Names, fields: Fields, references: References) -> Setting:
    """What tells of the flow of a certificate."""
    return names.kind.among(SETTINGS, "the appendix has no words for others")(names, fields, references)
