"""The laws of networks: graphs of tensor operations, and what each operation does to symmetries."""

from polylaw.networks.gradients import Findings
from polylaw.networks.graph import Graph
from polylaw.networks.law import Law
from polylaw.networks.laws import NetworkLaws, laws_of
from polylaw.networks.registry import rule

__all__ = ["Findings", "Graph", "Law", "NetworkLaws", "laws_of", "rule"]
