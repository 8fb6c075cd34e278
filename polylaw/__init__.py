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
from importlib import import_module
from typing import TYPE_CHECKING, Any

from polylaw.version import __version__

if TYPE_CHECKING:
    from polylaw import models
    from polylaw.algebra.polynomial import Polynomial
    from polylaw.algebra.ring import Ring
    from polylaw.budget import Budget
    from polylaw.domains.darboux.result import DarbouxLaws
    from polylaw.domains.darboux.search import find_darboux
    from polylaw.domains.elementary.domain import Domain
    from polylaw.domains.elementary.expression import Expression
    from polylaw.domains.elementary.result import AugmentedLaws
    from polylaw.domains.elementary.search import find_laws_with
    from polylaw.domains.geometry.level_set import level_set
    from polylaw.domains.geometry.membership import express, generating_set
    from polylaw.domains.geometry.relations import relations
    from polylaw.domains.geometry.restricted import find_laws_on
    from polylaw.domains.geometry.variety import Variety
    from polylaw.domains.shaped.check import check_words
    from polylaw.domains.shaped.search import find_words
    from polylaw.domains.verdict import Proved, Refuted, Undecided
    from polylaw.errors import PolylawError
    from polylaw.flows import Flow, GradientFlow, Metric, MomentumFlow, PolynomialODE
    from polylaw.flows.shaped import ShapedFlow
    from polylaw.laws.ansatz import Ansatz
    from polylaw.laws.law_space import LawSpace
    from polylaw.laws.naming import name_laws
    from polylaw.models import Model
    from polylaw.models.shaped import shaped
    from polylaw.models.shaped_zoo import shaped_of_spec
    from polylaw.proof.certificate import Certificate, certify
    from polylaw.proof.widths import certify_words
    from polylaw.readers import flow_from_file, flow_of_spec
    from polylaw.verbs.check import check_law
    from polylaw.verbs.count import Count, count_laws
    from polylaw.verbs.find import find_laws

_HOMES = {
    # models and flows
    "models": "polylaw.models",
    "Model": "polylaw.models",
    "Flow": "polylaw.flows",
    "GradientFlow": "polylaw.flows",
    "MomentumFlow": "polylaw.flows",
    "PolynomialODE": "polylaw.flows",
    "Metric": "polylaw.flows",
    "flow_of_spec": "polylaw.readers",
    "flow_from_file": "polylaw.readers",
    # laws
    "Ansatz": "polylaw.laws.ansatz",
    "Budget": "polylaw.budget",
    "LawSpace": "polylaw.laws.law_space",
    "find_laws": "polylaw.verbs.find",
    "name_laws": "polylaw.laws.naming",
    "count_laws": "polylaw.verbs.count",
    "Count": "polylaw.verbs.count",
    "check_law": "polylaw.verbs.check",
    "Proved": "polylaw.domains.verdict",
    "Refuted": "polylaw.domains.verdict",
    "Undecided": "polylaw.domains.verdict",
    "Domain": "polylaw.domains.elementary.domain",
    # laws that are not polynomials
    "find_laws_with": "polylaw.domains.elementary.search",
    "AugmentedLaws": "polylaw.domains.elementary.result",
    "Expression": "polylaw.domains.elementary.expression",
    "find_darboux": "polylaw.domains.darboux.search",
    "DarbouxLaws": "polylaw.domains.darboux.result",
    # laws on algebraic sets, and laws as algebras
    "Variety": "polylaw.domains.geometry.variety",
    "find_laws_on": "polylaw.domains.geometry.restricted",
    "relations": "polylaw.domains.geometry.relations",
    "express": "polylaw.domains.geometry.membership",
    "generating_set": "polylaw.domains.geometry.membership",
    "level_set": "polylaw.domains.geometry.level_set",
    # laws for all widths
    "shaped": "polylaw.models.shaped",
    "shaped_of_spec": "polylaw.models.shaped_zoo",
    "ShapedFlow": "polylaw.flows.shaped",
    "find_words": "polylaw.domains.shaped.search",
    "check_words": "polylaw.domains.shaped.check",
    # proofs
    "certify": "polylaw.proof.certificate",
    "certify_words": "polylaw.proof.widths",
    "Certificate": "polylaw.proof.certificate",
    # ground
    "Ring": "polylaw.algebra.ring",
    "Polynomial": "polylaw.algebra.polynomial",
    "PolylawError": "polylaw.errors",
}

__all__ = [
    "Ansatz",
    "AugmentedLaws",
    "Budget",
    "Certificate",
    "Count",
    "DarbouxLaws",
    "Domain",
    "Expression",
    "Flow",
    "GradientFlow",
    "LawSpace",
    "Metric",
    "Model",
    "MomentumFlow",
    "PolylawError",
    "Polynomial",
    "PolynomialODE",
    "Proved",
    "Refuted",
    "Ring",
    "ShapedFlow",
    "Undecided",
    "Variety",
    "__version__",
    "certify",
    "certify_words",
    "check_law",
    "check_words",
    "count_laws",
    "express",
    "find_darboux",
    "find_laws",
    "find_laws_on",
    "find_laws_with",
    "find_words",
    "flow_from_file",
    "flow_of_spec",
    "generating_set",
    "level_set",
    "models",
    "name_laws",
    "relations",
    "shaped",
    "shaped_of_spec",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'polylaw' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    value = home if name == "models" else getattr(home, name)
    globals()[name] = value
    if (
        name == "Model" and "hypothesis" in sys.modules
    ):  # so that hypothesis.strategies.from_type(Model) works
        import_module("polylaw.testing.strategies")
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
