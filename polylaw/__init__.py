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

__version__ = "0.1.0"

if TYPE_CHECKING:
    from polylaw import models
    from polylaw.algebra.polynomial import Polynomial
    from polylaw.algebra.ring import Ring
    from polylaw.errors import PolylawError
    from polylaw.flows import Flow, GradientFlow, Metric, MomentumFlow, PolynomialODE
    from polylaw.laws.ansatz import Ansatz
    from polylaw.laws.budget import Budget
    from polylaw.laws.check import Proved, Refuted, Undecided, check_law
    from polylaw.laws.count import Count, count_laws
    from polylaw.laws.law_space import LawSpace
    from polylaw.laws.naming import name_laws
    from polylaw.laws.search import find_laws
    from polylaw.models import Model
    from polylaw.proof.certificate import Certificate, certify
    from polylaw.readers import flow_from_file, flow_of_spec

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
    "Budget": "polylaw.laws.budget",
    "LawSpace": "polylaw.laws.law_space",
    "find_laws": "polylaw.laws.search",
    "name_laws": "polylaw.laws.naming",
    "count_laws": "polylaw.laws.count",
    "Count": "polylaw.laws.count",
    "check_law": "polylaw.laws.check",
    "Proved": "polylaw.laws.check",
    "Refuted": "polylaw.laws.check",
    "Undecided": "polylaw.laws.check",
    # proofs
    "certify": "polylaw.proof.certificate",
    "Certificate": "polylaw.proof.certificate",
    # ground
    "Ring": "polylaw.algebra.ring",
    "Polynomial": "polylaw.algebra.polynomial",
    "PolylawError": "polylaw.errors",
}

__all__ = [
    "Ansatz",
    "Budget",
    "Certificate",
    "Count",
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
    "Undecided",
    "__version__",
    "certify",
    "check_law",
    "count_laws",
    "find_laws",
    "flow_from_file",
    "flow_of_spec",
    "models",
    "name_laws",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'polylaw' has no attribute {name!r}")
    home = import_module(_HOMES[name])
    value = home if name == "models" else getattr(home, name)
    globals()[name] = value
    if name == "Model" and "hypothesis" in sys.modules:  # so that hypothesis.strategies.from_type(Model) works
        import_module("polylaw.testing.strategies")
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
