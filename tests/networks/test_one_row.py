"""Axes of one index are no obstacle: a network has the same laws on one row of data as on several."""

from __future__ import annotations

import pytest

from polylaw.networks.graph import Graph
from polylaw.networks.laws import laws_of


@pytest.mark.parametrize(("batch", "places"), [(1, 3), (2, 3), (1, 1), (2, 1)])
def test_fused_projections_that_are_viewed_and_selected(batch: int, places: int) -> None:
    """As `torch.nn.MultiheadAttention` takes its fused projection apart.  Weights of a single place are 1, so
    that queries and keys are frozen, which is all there is to say of them."""
    graph = Graph()
    x, fused = graph.fixed((places, batch, 4)), graph.parameter("fused", (12, 4))
    y = graph.contract([x, fused], [(0, 1, 2), (3, 2), (0, 1, 3)])
    y = graph.reshape(graph.reshape(y, (places, batch, 3, 4)), (1, places, batch, 3, 4))
    y = graph.reshape(graph.permute(y, [3, 1, 2, 0, 4]), (3, places, batch, 4))
    q, k, v = (graph.reshape(graph.select(y, 0, i), (places, batch * 2, 2)) for i in range(3))
    weights = graph.softmax(graph.contract([q, k], [(0, 1, 2), (3, 1, 2), (0, 3, 1)]), 1)
    graph.output(graph.contract([weights, v], [(0, 1, 2), (1, 2, 3), (0, 2, 3)]))
    found = laws_of(graph)
    assert not found.missed
    balance, still = "fused[0:4] fused[0:4]' - fused[4:8] fused[4:8]'   (2 blocks, 2 x 2)", 2 * 4 * 4
    assert [str(law) for law in found.laws if not law.is_frozen] == [balance] * (places > 1)
    assert found.independent == (2 * 3 if places > 1 else still)
