"""What Hypothesis calls when it is imported: if models of polylaw are there already, `st.from_type(polylaw.Model)` works.

In the other order `polylaw.Model` itself sees to it.  A program that never uses polylaw pays nothing.
"""

from __future__ import annotations

import sys


def register() -> None:
    """Register the strategy for `polylaw.Model` when that class has been loaded."""
    if "polylaw.models" in sys.modules:
        import polylaw.testing.strategies  # noqa: F401 (importing it registers)
