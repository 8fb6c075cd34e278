"""The version, on the ground, so that certificates can name it."""

__version__ = "0.1.0"
