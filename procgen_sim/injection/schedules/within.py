"""A budget kept to the letter, whatever the schedule: what would overdraw it is left out.

``probability`` and ``bursts`` keep a share only in the long run; a game that may leave the model
on a share of levels may do so after any number of them. Not written by people, so not registered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from procgen_sim.injection.audience import Audience
from procgen_sim.injection.schedules.base import Director, Schedule, affordable

__all__ = ["Within"]


@dataclass(frozen=True)
class Within(Schedule):
    """A schedule within a budget: after any number n of levels, at most ``budget`` × n broke.

    The schedule is asked at every level, so what chance tells it does not depend on the budget.
    What it could not break is not made up for.

    Examples
    --------
    >>> from procgen_sim.injection import Audience, make_schedule
    >>> audience = Audience()
    >>> director = Within(make_schedule("every:1", rate=1.0), 0.5).start(audience, rng=None)
    >>> for level in range(6):
    ...     audience.show(None, broke=director(level))
    >>> audience.broke
    [False, True, False, True, False, True]
    """

    EXAMPLE: ClassVar[str] = ""

    schedule: Schedule
    budget: float

    @classmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Within:
        raise NotImplementedError("a schedule is put within a budget, not written so")

    def start(self, audience: Audience, *, rng: np.random.Generator) -> Director:
        director, budget = self.schedule.start(audience, rng=rng), Fraction(repr(self.budget))

        def breaks(level: int) -> bool:
            return director(level) and affordable(audience.broke, level, budget)

        return breaks
