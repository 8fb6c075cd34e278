"""What is told about a space of polynomial laws, as far as its budget reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.words.expression import Expression
from polylaw.budget import Progress, silent
from polylaw.domains.shaped.naming import proved_words
from polylaw.errors import BudgetError
from polylaw.laws.independence import Rank
from polylaw.laws.law_space import LawSpace
from polylaw.laws.naming import NamedLaws, name_laws


@dataclass(frozen=True)
class Findings:
    """What is told about a law space: `generators` and `independent` are None, and `named` is empty and
    `rest` holds everything, where time was over first; `undecided` says so.  `words` has the names that hold
    for all widths, with the words as which they were proved."""

    laws: LawSpace
    generators: tuple[Polynomial, ...] | None
    independent: Rank | None
    named: list[NamedLaws]
    rest: list[Polynomial]
    undecided: tuple[str, ...]
    words: Mapping[Expression, Expression]

    @staticmethod
    def of(laws: LawSpace, progress: Progress = silent) -> Findings:
        """Generators, their independence, names, and their words, as far as `laws.budget` reaches."""
        undecided = [laws.undecided] if laws.undecided else []
        generators, independent = None, None
        named: list[NamedLaws] = []
        rest = list(laws.basis)
        try:
            rest = list(generators := laws.generators)
            independent = laws.independent
            named, rest = name_laws(laws, progress=progress)
        except BudgetError as error:
            undecided.append(str(error))
        words = proved_words(laws.flow, named, laws.budget)
        return Findings(laws, generators, independent, named, rest, tuple(undecided), words)
