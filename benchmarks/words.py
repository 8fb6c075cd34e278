"""All laws of a transformer's weights, evaluated by matrix products: `python -m benchmarks.words [LAYERS]`.

Each layer has attention (Q, K, V, O of d1 = 64 for each of 12 heads, d = 768) and a ReLU feed-forward block
of 3072 neurons with bias; weights are random float32 arrays.  The words are found, proved for all widths, and
then evaluated. Prints seconds for the search, for the evaluation, and how many numbers the laws are.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np

import polylaw as pl

HEADS, ROWS, WIDTH, NEURONS = 12, 64, 768, 3072

SHAPES = dict.fromkeys("QKVO", (HEADS, ROWS, WIDTH)) | {
    "U": (NEURONS, WIDTH),
    "b": (NEURONS,),
    "W": (WIDTH, NEURONS),
}

LAYER = {
    "letters": dict.fromkeys("QKVO", ("h", "a", "n")) | {"U": ("r", "n"), "b": ("r",), "W": ("n", "r")},
    "phi": [
        "[h,i,j] Q[h,a,i] K[h,a,j]",
        "[h,i,j] V[h,a,i] O[h,a,j]",
        "[k,i,j] W[i,k] U[k,j]",
        "[k,i] W[i,k] b[k]",
    ],
}


def run(layers: int) -> dict[str, Any]:
    """The seconds of each step."""
    from polylaw.algebra.words.evaluate import evaluate, multiplications

    start = time.perf_counter()
    laws = pl.find_laws(pl.ShapedFlow.gradient(pl.shaped(LAYER["letters"], LAYER["phi"])))  # type: ignore[arg-type]
    searched = time.perf_counter() - start
    assert laws.complete
    random = np.random.default_rng(0)
    weights = [
        {name: random.standard_normal(shape, dtype=np.float32) for name, shape in SHAPES.items()}
        for _ in range(layers)
    ]
    start = time.perf_counter()
    values = [evaluate(law, layer) for layer in weights for law in laws]
    evaluated = time.perf_counter() - start
    sizes = {"h": HEADS, "a": ROWS, "n": WIDTH, "r": NEURONS}
    return {
        "layers": layers,
        "parameters": sum(array.size for layer in weights for array in layer.values()),
        "words": [str(law) for law in laws],
        "numbers": sum(value.size for value in values),
        "multiplications": layers * sum(multiplications(law, sizes) for law in laws),
        "search_seconds": round(searched, 3),
        "evaluation_seconds": round(evaluated, 3),
    }


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if sys.argv[1:] else 12), indent=2))
