"""Hypothesis without a clock: a slow machine is not a failing property."""

from hypothesis import settings

settings.register_profile("polylaw", deadline=None)
settings.load_profile("polylaw")
