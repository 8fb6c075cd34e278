"""Functions in laws, where these are conserved, and how trajectories leave that set: the definitions and the
sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction as Rational

from polylaw.proof.appendix.document import Formula, Number, Operator, Paragraph, Part, Power, Symbol
from polylaw.proof.appendix.formulas import EQUAL, ZERO, Equation, aligned, parenthesised, rational, row
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed, runs
from polylaw.proof.statements import KINDS, ConservedWhere, Crossed, Jumps, Kept, Statement
from polylaw.proof.system import Condition, FunctionOf, Law, System

#: The statements that are written here.
ABOUT_DOMAINS = (ConservedWhere, Kept, Crossed, Jumps)
PI, _BAR = Symbol("pi"), Operator("bar")


def function_symbol(names: Names, function: FunctionOf) -> Formula:
    """The letter of a function."""
    return names.symbols[function.variable]


def definitions(names: Names, system: System) -> list[Paragraph]:
    """What the functions are that occur in the laws or in the flow."""
    if not system.functions:
        return []
    equations: list[Equation] = [
        (function_symbol(names, f), [_definition(names, f)]) for f in system.functions
    ]
    start = "The following function occurs" if len(equations) == 1 else "The following functions occur"
    roots = ["Roots are positive."] if any(f.kind == "root" for f in system.functions) else []
    return [Paragraph((f"{start} in the laws or in the flow:", aligned(equations), *roots))]


def _definition(names: Names, function: FunctionOf) -> Formula:
    if function.kind == "time":
        return Symbol("t")
    inside = names.fraction(function.argument)
    if function.kind == "root":
        return Power(parenthesised(inside), row(Number("1"), Operator("slash"), Number(str(function.degree))))
    if function.kind in ("log", "abs"):
        return row(*([Operator("log")] if function.kind == "log" else []), _BAR, inside, _BAR)
    return row(Operator(function.kind), parenthesised(inside))


class DomainWriter:
    """The sentences of a theorem that are about domains; `listing` writes laws out."""

    def __init__(self, names: Names, listing: Callable[[Sequence[Law]], list[Part]]) -> None:
        self.names, self.listing = names, listing

    def law(self, law: Law) -> Symbol:
        """h_1, h_2, ..."""
        return self.names.numbered("law", law.number + 1)

    def laws(self, chosen: Sequence[Law]) -> list[Part]:
        """`h_1, h_2, and h_3`"""
        return [*runs([self.law(law) for law in chosen])]

    def sentence(self, statement: Statement) -> list[Part]:
        """What a statement says."""
        sentence: list[Part] = getattr(self, f"_{KINDS[type(statement)]}")(statement)
        return sentence

    def _conserved_where(self, statement: ConservedWhere) -> list[Part]:
        laws = statement.laws
        start: list[Part] = ["The function " if len(laws) == 1 else "The functions ", *self.laws(laws)]
        if not statement.conditions:
            be = " below is a conservation law." if len(laws) == 1 else " below are conservation laws."
            return [*start, be, *self.listing(laws)]
        start.append(" below is" if len(laws) == 1 else " below are")
        start.append(" constant along every piece of a solution on which ")
        return [*start, *self.conditions(statement.conditions), ".", *self.listing(laws)]

    def _kept(self, statement: Kept) -> list[Part]:
        where: list[Part] = (
            ["Where ", *self.conditions(statement.conditions), ", along"]
            if statement.conditions
            else ["Along"]
        )
        return [
            *where,
            " every solution ",
            self.names.polynomial(statement.polynomial),
            " is zero always or never, so it keeps its sign.",
        ]

    def _crossed(self, statement: Crossed) -> list[Part]:
        u = self.names.polynomial(statement.polynomial)
        return [
            "There is a solution along which ",
            u,
            " changes its sign: one through the point ",
            *self.point(statement.point),
            ".",
        ]

    def _jumps(self, statement: Jumps) -> list[Part]:
        names, law = self.names, [*self.laws([statement.law])]
        where: list[Part] = [
            "Where ",
            names.polynomial(statement.polynomial),
            " changes its sign along a solution",
        ]
        where += (
            [", ", *self.conditions([Condition(p) for p in statement.beside])] if statement.beside else []
        )
        where += [
            ", and the other functions in ",
            *law,
            " are smooth, ",
            *law,
            " changes by ",
            *self.jump(statement),
        ]
        others = (s.laws for s in self.names.told.statements if isinstance(s, ConservedWhere))
        if any(statement.law in laws for laws in others):
            return [*where, ", up or down."]
        return [*where, ", up or down. Here", *self.listing([statement.law])]

    def jump(self, statement: Jumps) -> list[Part]:
        """`pi`, `2 pi`, or `pi times the function ...`"""
        factor = statement.factor
        number = factor[0].constant_value if factor[1] == 1 else None
        if number is not None:
            size = abs(Rational(number))
            return [PI if size == 1 else row(rational(size), PI)]
        return [PI, " times ", self.names.fraction(factor)]

    # -- parts ----------------------------------------------------------------------------------------
    def conditions(self, conditions: Sequence[Condition]) -> list[Part]:
        """`x is not 0 and y > 0`"""
        names = self.names
        signs = {True: Operator("greater"), False: Operator("unequal")}
        return [*listed([row(names.polynomial(c.polynomial), signs[c.positive], ZERO) for c in conditions])]

    def point(self, values: Sequence[Rational]) -> list[Part]:
        """`x = 0, y = 1`, in all coordinates that are no functions."""
        names = self.names
        own = [k for k in range(names.ring.size) if not names.coordinates.own <= k < names.variables]
        return [
            *listed([row(names.symbols[k], EQUAL, rational(v)) for k, v in zip(own, values, strict=True)])
        ]


def law_formula(names: Names, law: Law) -> Formula:
    """A law that is a quotient."""
    assert law.over is not None
    return names.fraction((law.polynomial, law.over))
