"""Your own architecture: write down what the loss sees of the weights, and choose how they are trained."""

import polylaw as pl

# A neuron u*(v1*x1 + v2*x2 + b): any loss sees its weights through three products.
neuron = pl.models.from_map(["u", "v1", "v2", "b"], ["u*v1", "u*v2", "u*b"], name="neuron with bias")


def show(flow: pl.GradientFlow) -> None:
    """All laws of degree <= 2, up to products."""
    laws = pl.find_laws(flow)
    print(f"{flow.name}: {laws.independent} independent")
    for law in laws.generators:
        print(f"  {law}")


# Plain gradient descent in the limit of small steps.
show(pl.GradientFlow(neuron))

# Another learning rate for the output weight: 2, or a symbol, and then the law holds for every rate.
show(pl.GradientFlow(neuron, "rates:u=2"))
show(pl.GradientFlow(neuron, "rates:u=eta"))

# Positive weights trained by multiplicative updates: the inverse metric is diag(theta).
show(pl.GradientFlow(neuron, "mirror"))

# Weight decay of rate 1/10.  Numbers are exact: text or a fraction, never a float.
show(pl.GradientFlow(neuron, weight_decay="1/10"))
