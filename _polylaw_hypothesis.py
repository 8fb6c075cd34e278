"""What Hypothesis calls when it is imported: profiles of settings, and strategies for models of polylaw.

If models are loaded already, `st.from_type(polylaw.Model)` works from now on; in the other order
`polylaw.Model` itself sees to it.  A program that never uses polylaw pays nothing.
"""

from __future__ import annotations

import sys


def register() -> None:
    """Register the profiles `polylaw-ci`, `polylaw-thorough`, and the strategy for a loaded `Model`."""
    from hypothesis import settings

    settings.register_profile("polylaw-ci", derandomize=True, deadline=None)
    settings.register_profile("polylaw-thorough", max_examples=500, deadline=None)
    if "polylaw.models" in sys.modules:
        import polylaw.testing.strategies  # noqa: F401 (importing it registers)
