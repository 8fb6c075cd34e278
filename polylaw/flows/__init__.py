"""What moves: gradient flows, momentum flows, polynomial ODEs; each yields a `Distribution`."""

from polylaw.flows.distribution import Distribution, Field
from polylaw.flows.flow import Flow
from polylaw.flows.gradient import GradientFlow
from polylaw.flows.metric import Metric
from polylaw.flows.momentum import MomentumFlow
from polylaw.flows.ode import PolynomialODE

__all__ = ["Distribution", "Field", "Flow", "GradientFlow", "Metric", "MomentumFlow", "PolynomialODE"]
