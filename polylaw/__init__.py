"""polylaw: exact polynomial conservation laws of training flows and polynomial ODEs.

    >>> import polylaw as pl
    >>> laws = pl.find_laws(pl.GradientFlow(pl.models.linear(2, 1, 2)))
    >>> print(laws.generators[0])
    U1_1_1^2 + U1_2_1^2 - U2_1_1^2 - U2_1_2^2
    >>> laws.complete
    True

Names are loaded on first use, so that `import polylaw` costs nothing.
"""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

from polylaw.flows import KINDS
from polylaw.version import __version__ as __version__

if TYPE_CHECKING:
    from polylaw import models as models
    from polylaw.algebra.ring import Polynomial as Polynomial
    from polylaw.algebra.ring import Ring as Ring
    from polylaw.budget import Budget as Budget
    from polylaw.domains.count import Count as Count
    from polylaw.domains.darboux.laws import DarbouxLaw as DarbouxLaw
    from polylaw.domains.darboux.result import DarbouxLaws as DarbouxLaws
    from polylaw.domains.elementary.domain import Domain as Domain
    from polylaw.domains.elementary.expression import Expression as Expression
    from polylaw.domains.elementary.result import AugmentedLaws as AugmentedLaws
    from polylaw.domains.geometry.level_set import LevelSet as LevelSet
    from polylaw.domains.geometry.level_set import level_set as level_set
    from polylaw.domains.geometry.local_count import LocalCount as LocalCount
    from polylaw.domains.geometry.matrix_values import MatrixClaim as MatrixClaim
    from polylaw.domains.geometry.membership import GeneratingSet as GeneratingSet
    from polylaw.domains.geometry.membership import Membership as Membership
    from polylaw.domains.geometry.membership import express as express
    from polylaw.domains.geometry.membership import generating_set as generating_set
    from polylaw.domains.geometry.relations import Relations as Relations
    from polylaw.domains.geometry.relations import relations as relations
    from polylaw.domains.geometry.restricted import LawsOnVariety as LawsOnVariety
    from polylaw.domains.geometry.variety import Invariance as Invariance
    from polylaw.domains.geometry.variety import Variety as Variety
    from polylaw.domains.shaped.check import RefutedAt as RefutedAt
    from polylaw.domains.shaped.search import WordLaws as WordLaws
    from polylaw.domains.verdict import Proved as Proved
    from polylaw.domains.verdict import Refuted as Refuted
    from polylaw.domains.verdict import Undecided as Undecided
    from polylaw.domains.verdict import Verdict as Verdict
    from polylaw.errors import PolylawError as PolylawError
    from polylaw.flows.flow import Flow as Flow
    from polylaw.flows.gradient import GradientFlow as GradientFlow
    from polylaw.flows.metric import Metric as Metric
    from polylaw.flows.momentum import MomentumFlow as MomentumFlow
    from polylaw.flows.ode import PolynomialODE as PolynomialODE
    from polylaw.flows.shaped import ShapedFlow as ShapedFlow
    from polylaw.laws.ansatz import Ansatz as Ansatz
    from polylaw.laws.independence import Rank as Rank
    from polylaw.laws.law_space import LawSpace as LawSpace
    from polylaw.laws.naming import NamedLaws as NamedLaws
    from polylaw.laws.naming import name_laws as name_laws
    from polylaw.laws.solving import Evidence as Evidence
    from polylaw.models import Model as Model
    from polylaw.models.shaped import ShapedModel as ShapedModel
    from polylaw.models.shaped import shaped as shaped
    from polylaw.models.shaped_zoo import shaped_of_spec as shaped_of_spec
    from polylaw.programs.count import ProgramCount as ProgramCount
    from polylaw.programs.program import Program as Program
    from polylaw.programs.program import program as program
    from polylaw.proof.certificate import Certificate as Certificate
    from polylaw.proof.certify import certify as certify
    from polylaw.readers import flow_from_file as flow_from_file
    from polylaw.readers import flow_of_spec as flow_of_spec
    from polylaw.truth import Answer as Answer
    from polylaw.truth import Bounds as Bounds
    from polylaw.verbs.check import check_law as check_law
    from polylaw.verbs.count import count_laws as count_laws
    from polylaw.verbs.find import find_laws as find_laws

#: Where the public names are defined.
_HOMES = {
    "polylaw.models": "Model",
    "polylaw.flows.flow": "Flow",
    "polylaw.flows.metric": "Metric",
    **{flow.home: flow.public for flow in KINDS.values()},
    "polylaw.readers": "flow_from_file flow_of_spec",
    "polylaw.verbs.find": "find_laws",
    "polylaw.verbs.check": "check_law",
    "polylaw.verbs.count": "count_laws",
    "polylaw.domains.count": "Count",
    "polylaw.proof.certify": "certify",
    "polylaw.proof.certificate": "Certificate",
    "polylaw.budget": "Budget",
    "polylaw.laws.ansatz": "Ansatz",
    "polylaw.laws.law_space": "LawSpace",
    "polylaw.laws.solving": "Evidence",
    "polylaw.laws.independence": "Rank",
    "polylaw.laws.naming": "NamedLaws name_laws",
    "polylaw.domains.verdict": "Proved Refuted Undecided Verdict",
    "polylaw.domains.elementary.domain": "Domain",
    "polylaw.domains.elementary.expression": "Expression",
    "polylaw.domains.elementary.result": "AugmentedLaws",
    "polylaw.domains.darboux.laws": "DarbouxLaw",
    "polylaw.domains.darboux.result": "DarbouxLaws",
    "polylaw.domains.geometry.variety": "Invariance Variety",
    "polylaw.domains.geometry.restricted": "LawsOnVariety",
    "polylaw.domains.geometry.local_count": "LocalCount",
    "polylaw.domains.geometry.matrix_values": "MatrixClaim",
    "polylaw.domains.geometry.relations": "Relations relations",
    "polylaw.domains.geometry.membership": "GeneratingSet Membership express generating_set",
    "polylaw.domains.geometry.level_set": "LevelSet level_set",
    "polylaw.domains.shaped.search": "WordLaws",
    "polylaw.domains.shaped.check": "RefutedAt",
    "polylaw.models.shaped": "ShapedModel shaped",
    "polylaw.programs.program": "Program program",
    "polylaw.programs.count": "ProgramCount",
    "polylaw.models.shaped_zoo": "shaped_of_spec",
    "polylaw.flows.shaped": "ShapedFlow",
    "polylaw.algebra.ring": "Polynomial Ring",
    "polylaw.truth": "Answer Bounds",
    "polylaw.errors": "PolylawError",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}
#: Names of version 0.1: where they are, and what is called now.
_OLD = {
    "find_laws_with": ("polylaw.domains.elementary.search", "find_laws(flow, augment=functions)"),
    "find_laws_on": ("polylaw.domains.geometry.restricted", "find_laws(flow, on=constraints)"),
    "find_darboux": ("polylaw.domains.darboux.search", 'find_laws(flow, kind="darboux")'),
    "find_words": ("polylaw.domains.shaped.search", "find_laws(shaped_flow)"),
    "check_words": ("polylaw.domains.shaped.check", "check_law(shaped_flow, word)"),
    "certify_words": ("polylaw.proof.widths", "certify(find_laws(shaped_flow))"),
}

#: All public names, which a type checker reads off the imports above.
__all__ = sorted([*_HOME_OF, "__version__", "models"])  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _OLD:
        home, instead = _OLD[name]
        warnings.warn(f"polylaw.{name} is now polylaw.{instead}", DeprecationWarning, stacklevel=2)
        return getattr(import_module(home), name)
    if name == "models":
        return import_module("polylaw.models")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'polylaw' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    if name == "Model" and "hypothesis" in sys.modules:  # so that strategies.from_type(Model) works
        import_module("polylaw.testing.strategies")
    return value


def __dir__() -> list[str]:
    return __all__
