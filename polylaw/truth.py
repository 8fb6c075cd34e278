"""What results are when a truth value is asked of them: `if check_law(...)`, `assert check_words(...)`.

A result that answers a question is true for yes and false for no.  One that could not be decided is neither:
asking raises `UndecidedError` with the reason, so that no test suite passes on an answer that nobody has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from numbers import Integral

from polylaw.errors import UndecidedError


class Answer(ABC):
    """A result that answers a question: proved?  invariant?  is there a law?"""

    __slots__ = ()

    @abstractmethod
    def _answer(self) -> bool | str:
        """True for yes, False for no, or why it is not known, in words."""

    def __bool__(self) -> bool:
        answer = self._answer()
        if isinstance(answer, str):
            question = f"truth of {type(self).__name__}"
            raise UndecidedError(question, "undecided", "an answer that is known", answer)
        return answer


class Certainty(Enum):
    """How sure it is that a search found everything that it looked for."""

    PROVED = "proved"
    #: Proved modulo an ideal of polynomials that vanish, which may not be all that do.
    MODULO = "modulo an ideal"
    #: Nothing else follows from the form alone: it rests on an independence that was not proved.
    FORMAL = "formal"
    #: Proved unless random choices were unlucky.
    ALMOST_SURELY = "almost surely"
    UNDECIDED = "undecided"


class Search(ABC):
    """What a search found, and how sure it is that this is everything."""

    __slots__ = ()

    @property
    @abstractmethod
    def certainty(self) -> Certainty:
        """How sure it is that there is nothing else."""

    @property
    def complete(self) -> bool:
        """Whether there is provably nothing else of what was looked for."""
        return self.certainty is Certainty.PROVED


class Bounds(Answer):
    """A number of which `lower` and `upper` bounds are proved; it is true when the number is not 0.

    It equals an integer when the bounds meet there, and does not when the integer lies outside of them; when
    it lies between bounds that do not meet, comparing raises `UndecidedError`.  Two such numbers are equal
    when their bounds are: that is equality of what is known.
    """

    __slots__ = ()
    lower: int
    upper: int

    @property
    def exact(self) -> bool:
        """Whether lower = upper."""
        return self.lower == self.upper

    def _answer(self) -> bool | str:
        return self.lower > 0 or (f"the number is {self}" if self.upper > 0 else False)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Bounds):
            return (self.lower, self.upper) == (other.lower, other.upper)
        if not isinstance(other, Integral):
            return NotImplemented
        if self.exact or not self.lower <= int(other) <= self.upper:
            return self.exact and self.lower == int(other)
        question, hint = f"{type(self).__name__} == {other}", "`lower` and `upper` are what is proved"
        raise UndecidedError(question, str(self), "bounds that meet", hint)

    def __hash__(self) -> int:
        return hash(self.lower if self.exact else (self.lower, self.upper))

    def __str__(self) -> str:
        return str(self.lower) if self.exact else f"{self.lower} to {self.upper}"
