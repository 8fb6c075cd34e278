"""Names of coordinates for plain text, and polynomials written with them.

Names are those of the certificate where they are names of polylaw and all different; a velocity is named
after its position.  Any other coordinate is `z1`, `z2`, ..., and what that stands for is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from polylaw.algebra.functions import Root, Time
from polylaw.algebra.polynomial import Polynomial
from polylaw.algebra.ring import TIME, Ring
from polylaw.errors import InputError
from polylaw.flows.motion import Ratio
from polylaw.proof.system import Condition, FunctionOf, Law, System

_LONGEST = 160
_DEFAULT = "z"


class Labels:
    """Names of coordinates, all different, and polynomials written with them."""

    def __init__(self, system: System) -> None:
        self.system = system
        positions = system.names[: system.positions]
        velocities = (f"d{name}" for name in positions if system.kind.velocities)
        functions = system.names[system.coordinates.own :]
        wanted = [*positions, *velocities, *functions, *system.parameters]
        labels = self._different(wanted)
        #: label: the name it stands for
        self.strange = {label: name for label, name in zip(labels, wanted, strict=True) if label != name}
        moving = len(system.names)
        clock = system.clock.of_ring(labels[moving:]) if system.clock else None
        self.ring = Ring(labels[:moving], labels[moving:], clock)

    def _different(self, wanted: Sequence[str]) -> list[str]:
        """Each name once, as far as it may be one of a ring with a clock; others are numbered."""
        labels: list[str] = []
        spare = (name for n in count(1) if (name := f"{_DEFAULT}{n}") not in wanted)
        for place, name in enumerate(wanted):
            free = name not in labels and (name != TIME or self._is_time(place))
            labels.append(name if free and _is_name(name) else next(spare))
        return labels

    def _is_time(self, place: int) -> bool:
        """Whether a variable of an ODE moves as time does, so that it may be called t."""
        moved = not self.system.clock and place < len(self.system.rhs)
        return moved and all(p == 1 for p in self.system.rhs[place])

    def exact(self, p: Polynomial) -> str:
        """A polynomial, however long."""
        return str(Polynomial(self.ring, p.terms))

    def text(self, p: Polynomial) -> str:
        """A polynomial, cut where it is long."""
        return shortened(self.exact(p))

    def quotient(self, f: Ratio) -> str:
        """A rational function, its parts cut where they are long."""
        p, q = map(self.text, f)
        return p if f[1] == 1 else f"({p})/({q})"

    def law(self, law: Law) -> str:
        """A law, cut where it is long."""
        return self.text(law.polynomial) if law.over is None else self.quotient((law.polynomial, law.over))

    def whole(self, law: Law) -> str:
        """A law, however long."""
        above = self.exact(law.polynomial)
        return above if law.over is None else f"({above})/({self.exact(law.over)})"

    def function(self, f: FunctionOf) -> str:
        """`log|x|`, `(x^2 + y^2)^(1/2)`, ..."""
        function, inside = f.function, self.quotient(f.function.argument)
        if isinstance(function, Time):
            return f"log({inside})/({self.text(function.rate.above)}), the time"
        if isinstance(function, Root):
            return f"({inside})^(1/{function.degree})"
        return function.shown(inside)

    def condition(self, condition: Condition) -> str:
        """`x != 0`, `x - y > 0`"""
        return f"{self.text(condition.polynomial)} {'>' if condition.positive else '!='} 0"

    def coordinate(self, k: int) -> str:
        """A coordinate; the clock as it is written in polynomials."""
        return self.ring.power_text(k, 1) if k == self.ring.clock_index else self.ring.name(k)


def _is_name(name: str) -> bool:
    try:
        return name != "pi" and bool(Ring([name]))
    except InputError:
        return False


def shortened(text: str) -> str:
    """Cut where it is long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ... ({len(text)} characters)"


def one_line(text: str) -> str:
    """Text by others, such as the name of a file: printable ASCII, on one line, cut where it is long."""
    return shortened("".join(c if " " <= c <= "~" and c != "\\" else ascii(c)[1:-1] for c in text))
