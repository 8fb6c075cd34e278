"""The laws of networks: graphs of tensor operations, and what each operation does to symmetries."""

from polylaw.networks.registry import rule

__all__ = ["rule"]
