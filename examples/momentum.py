"""What momentum does to the laws of gradient flow (Marcotte, Gribonval, Peyre, arXiv 2405.12888)."""

import polylaw as pl


def count(flow: pl.Flow) -> str:
    """How many independent laws of degree <= 2 there are."""
    laws = pl.find_laws(flow)
    assert laws.complete
    return f"{laws.independent} independent"


# A linear network keeps its 3 balancedness laws under gradient flow, but only one law, a skew one, with
# momentum.
linear = pl.models.linear(2, 2, 2)
print(f"{linear.name}, gradient flow: {count(pl.GradientFlow(linear))}")

# Dampings: 0, a rational, a symbol (then for every value of it), or Nesterov's 3/t.
for damping in (0, "1/2", "tau", "3/t"):
    flow = pl.MomentumFlow(linear, damping)
    print(f"{linear.name}, {flow.name}: {count(flow)}")

# The law itself: velocities are dU1_1_1, ..., and time enters as exp(tau*t).
[law] = pl.find_laws(pl.MomentumFlow(linear, "tau")).generators
print(law)

# A ReLU network loses every law.
relu = pl.models.relu(2, 2, 2)
print(f"{relu.name}, gradient flow: {count(pl.GradientFlow(relu))}")
print(f"{relu.name}, momentum: {count(pl.MomentumFlow(relu, 'tau'))}")
