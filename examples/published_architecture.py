"""Which laws does one attention head keep, and are they the published ones?"""

import polylaw as pl

# A spec (`polylaw models` lists the families) or a call: here Q, K, V, O of shape 2 x 3, seen through Q^T K
# and V^T O.
model = pl.models.attention(d1=2, dim=3)
flow = pl.GradientFlow(model)
print(f"{flow.title}: {model.dimension} weights, {len(model.phi)} components of phi")

# Every law of degree <= 2, and the proof that there is no other one.
laws = pl.find_laws(flow, degree=2)
print(f"{laws.dimension} laws, {laws.independent} independent, complete: {laws.complete}")

# The same laws by name.  Marcotte, Gribonval, Peyre, arXiv 2506.06194: Q Q' - K K' and V V' - O O'.
named, rest = pl.name_laws(laws)
for group in named:
    print(f"\n{group.name}      {group.size}")
    for index, law in group.entries.items():
        print(f"  {index}  {law}")
assert not rest, "a law without a name would be a discovery"
