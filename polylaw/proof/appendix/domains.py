"""Functions in laws, where these are conserved, how trajectories leave that set: definitions, sentences."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction as Rational

from polylaw.algebra.bounded import Quotient
from polylaw.algebra.function import Function
from polylaw.algebra.functions import Root, Time
from polylaw.proof.appendix.document import Formula, Number, Operator, Paragraph, Part, Power, Symbol
from polylaw.proof.appendix.formulas import EQUAL, ZERO, aligned, parenthesised, rational, row
from polylaw.proof.appendix.names import Names
from polylaw.proof.appendix.phrases import listed, runs, said
from polylaw.proof.statements import ConservedWhere, Crossed, Jumps, Kept
from polylaw.proof.system import Condition, Law, System

PI, _BAR = Symbol("pi"), Operator("bar")


def definitions(names: Names, system: System) -> list[Paragraph]:
    """What the functions are that occur in the laws or in the flow."""
    if not system.functions:
        return []
    functions = system.functions
    equations = [(names.symbols[f.variable], [_definition(names, f.function)]) for f in functions]
    start = "The following function occurs" if len(equations) == 1 else "The following functions occur"
    roots = ["Roots are positive."] if any(isinstance(f.function, Root) for f in functions) else []
    return [Paragraph((f"{start} in the laws or in the flow:", aligned(equations), *roots))]


def _definition(names: Names, function: Function[Quotient]) -> Formula:
    if isinstance(function, Time):
        return Symbol("t")
    inside = names.fraction(function.argument)
    if isinstance(function, Root):
        return Power(parenthesised(inside), row(Number("1"), Operator("slash"), Number(str(function.degree))))
    name = [Operator(function.kind)] if function.signs else []
    return row(*name, *((_BAR, inside, _BAR) if function.bars else (parenthesised(inside),)))


class DomainWriter(ABC):
    """The sentences of a theorem that are about domains."""

    def __init__(self, names: Names) -> None:
        self.names = names

    @abstractmethod
    def listing(self, laws: Sequence[Law]) -> list[Part]:
        """The laws written out."""

    def law(self, law: Law) -> Symbol:
        """h_1, h_2, ..."""
        return self.names.numbered("law", law.number + 1)

    def laws(self, chosen: Sequence[Law]) -> list[Part]:
        """`h_1, h_2, and h_3`, shortened where numbers follow one another."""
        return runs([self.law(law) for law in chosen])

    def _conserved_where(self, statement: ConservedWhere) -> list[Part]:
        laws, one = statement.laws, len(statement.laws) == 1
        start = said("The function {} below is" if one else "The functions {} below are", self.laws(laws))
        if not statement.conditions:
            return [*start, " a conservation law." if one else " conservation laws.", *self.listing(laws)]
        where = " constant along every piece of a solution on which {}.{}"
        return [*start, *said(where, self._conditions(statement.conditions), self.listing(laws))]

    def _kept(self, statement: Kept) -> list[Part]:
        u, where = self.names.polynomial(statement.polynomial), self._conditions(statement.conditions)
        along = said("Where {}, along", where) if where else "Along"
        return said("{} every solution {} is zero always or never, so it keeps its sign.", along, u)

    def _crossed(self, statement: Crossed) -> list[Part]:
        sentence = "There is a solution along which {} changes its sign: one through the point {}."
        return said(sentence, self.names.polynomial(statement.polynomial), self._coordinates(statement.point))

    def _jumps(self, statement: Jumps) -> list[Part]:
        u, law = self.names.polynomial(statement.polynomial), self.laws([statement.law])
        beside = self._conditions([Condition(p) for p in statement.beside])
        whole = said(
            "Where {u} changes its sign along a solution{beside}, and the other functions in {law} are "
            "smooth, {law} changes by {jump}, up or down.",
            u=u,
            beside=said(", {}", beside) if beside else "",
            law=law,
            jump=self._jump(statement),
        )
        others = (s.laws for s in self.names.told.statements if isinstance(s, ConservedWhere))
        if any(statement.law in laws for laws in others):
            return whole
        return [*whole, " Here", *self.listing([statement.law])]

    def _jump(self, statement: Jumps) -> list[Part]:
        """`pi`, `2 pi`, or `pi times the function ...`"""
        factor = statement.factor
        number = factor[0].constant_value if factor[1] == 1 else None
        if number is None:
            return said("{} times {}", PI, self.names.fraction(factor))
        size = abs(Rational(number))
        return [PI if size == 1 else row(rational(size), PI)]

    def _conditions(self, conditions: Sequence[Condition]) -> list[Part]:
        """`x is not 0 and y > 0`"""
        signs = {True: Operator("greater"), False: Operator("unequal")}
        return listed([row(self.names.polynomial(c.polynomial), signs[c.positive], ZERO) for c in conditions])

    def _coordinates(self, values: Sequence[Rational]) -> list[Part]:
        """`x = 0, y = 1`, in all coordinates that are no functions."""
        symbols = [self.names.symbols[k] for k in self.names.coordinates.independent]
        return listed([row(s, EQUAL, rational(v)) for s, v in zip(symbols, values, strict=True)])
