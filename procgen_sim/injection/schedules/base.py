"""The face all schedules share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import ClassVar, Final

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.injection.audience import Audience

__all__ = [
    "MOST_LEVELS",
    "Director",
    "Schedule",
    "affordable",
    "too_many_numbers",
    "whole_levels",
]

MOST_LEVELS: Final = 1_000_000
"""The longest that a schedule counts: more levels than anybody plays."""

Director = Callable[[int], bool]
"""One player's schedule under way: level number (from 0, in order) → break the model here?"""


class Schedule(ABC):
    """When to break. A frozen dataclass; :meth:`start` makes one player's director.

    Attributes
    ----------
    EXAMPLE
        One way people write it, name and numbers; tests use it.
    """

    EXAMPLE: ClassVar[str]

    @classmethod
    @abstractmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Schedule:
        """Make one from the numbers people wrote; ``rate`` stands for one left out."""

    @abstractmethod
    def start(self, audience: Audience, *, rng: np.random.Generator) -> Director:
        """A director for one player, drawing only from ``rng``.

        ``audience`` is that player as the game sees them; it grows as levels are shown, and a
        director may look at it whenever it is asked.
        """


def affordable(broke: Sequence[bool], level: int, budget: Fraction) -> bool:
    """Whether one more break at ``level`` (from 0) keeps the breaks within a budget.

    It does if the breaks so far and this one are at most ``budget`` × (``level`` + 1). Who asks
    this before every break has broken at most ``budget`` × n of any first n levels, exactly.

    Parameters
    ----------
    broke
        Which of the levels so far left the model on purpose.
    level
        The number of the coming level, from 0.
    budget
        Share of levels. ``Fraction(repr(0.29))`` of 100 levels are 29; the binary 0.29 is a little
        less.

    Examples
    --------
    >>> affordable([False] * 3, 3, Fraction("0.2")), affordable([False] * 4, 4, Fraction("0.2"))
    (False, True)
    """
    return sum(broke) + 1 <= budget * (level + 1)


def too_many_numbers(name: str, numbers: Sequence[float], most: int, where: str) -> None:
    """Refuse numbers that would do nothing."""
    if len(numbers) > most:
        raise InputError(
            where,
            expected=f"at most {most} number{'s' if most != 1 else ''} after {name!r}",
            found=str(len(numbers)),
        )


def whole_levels(what: str, number: float, where: str) -> int:
    """Return a number of levels that is whole and not absurd; ``what`` says what it is."""
    if 1 <= number <= MOST_LEVELS and number == int(number):
        return int(number)
    raise InputError(
        where,
        expected=f"a whole number from 1 to {MOST_LEVELS:,} {what}",
        found=f"{number:g}",
    )
