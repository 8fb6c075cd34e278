"""The papers an appendix rests on, numbered in the order of their list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from polylaw.proof.appendix.document import Inline, Link, Paragraph
from polylaw.proof.kinds import kind_of

_FLOWS, _MOMENTUM = "2307.00144", "2405.12888"
_MGP = "S. Marcotte, R. Gribonval, and G. Peyré"
_PAPERS = {
    _FLOWS: f"{_MGP}. Abide by the Law and Follow the Flow: Conservation Laws for Gradient Flows",
    _MOMENTUM: f"{_MGP}. Keep the Momentum: Conservation Laws beyond Euclidean Gradient Flows",
    "2506.06194": f"{_MGP}. Transformative or Conservative? Conservation Laws for ResNets and Transformers",
    "2606.17816": "Tran et al. Conservation Laws for Modern Neural Architectures",
    "2012.04728": "D. Kunin, J. Sagastuy-Brena, S. Ganguli, D. L. K. Yamins, and H. Tanaka. "
    "Neural Mechanics: Symmetry and Broken Conservation Laws in Deep Learning Dynamics",
    "2210.17216": "B. Zhao, I. Ganev, R. Walters, R. Yu, and N. Dehmamy. "
    "Symmetries, Flat Minima, and the Conserved Quantities of Gradient Flow",
    "2102.09972": "N. Razin, A. Maman, and N. Cohen. Implicit Regularization in Tensor Factorization",
    "2002.05202": "N. Shazeer. GLU Variants Improve Transformer",
}
_ARXIV = re.compile(r"\b[0-9]{4}\.[0-9]{5}\b")


class References:
    """`flows`: where laws of such flows are defined; `model`: where else the model and its laws come from."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        kind, source = kind_of(data), data["model"]["source"]
        self.flows = [_FLOWS] if kind.trained else []
        metric = any(data["flow"].get(key) for key in ("metric", "mirror", "rates"))
        self.flows += [_MOMENTUM] if metric or kind.velocities else []
        cited = [number for number in dict.fromkeys(_ARXIV.findall(source)) if number in _PAPERS]
        self.model = [number for number in cited if number not in self.flows]
        if source and not cited:
            self.model = [source]
        self._order = [*self.flows, *self.model]

    def cite(self, works: Sequence[str]) -> str:
        """`[1]`, or `[1, 2]`."""
        return f"[{', '.join(str(1 + self._order.index(work)) for work in works)}]"

    def of_model(self) -> str:
        """Where the model is studied, as the end of a sentence."""
        where = f"; for this model, the author of the certificate refers to {self.cite(self.model)}"
        return where if self.model else ""

    def paragraphs(self) -> list[Paragraph]:
        """The list."""
        entries = (_linked(f"{_PAPERS[w]}. {w}" if w in _PAPERS else w) for w in self._order)
        return [Paragraph((f"[{n}] ", *entry, ".")) for n, entry in enumerate(entries, 1)]


def _link(number: str) -> Link:
    return Link(f"arXiv:{number}", f"https://arxiv.org/abs/{number}")


def _linked(source: str) -> list[Inline]:
    """Words with the numbers of arXiv as links."""
    parts: list[Inline] = []
    place = 0
    for match in _ARXIV.finditer(source):
        before = source[place : match.start()].removesuffix("arXiv ").removesuffix("arXiv:")
        parts += [before, _link(match.group())]
        place = match.end()
    return [*parts, source[place:]]
