"""``adaptive``: break where the forecast gets too good, and save what is not needed yet.

A game can run a shadow player beside each real one and ask it how much of the coming level it
would foresee. Where that is too much, and the budget allows, the level leaves the model. Newcomers
foresee little, so nothing is spent on them: what was saved is there when they have seen enough. Who
says to be bored gets breaks sooner, who says not to be, later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Final

import numpy as np

from procgen_sim._checks import check_number
from procgen_sim.injection.audience import LEAST_RATING, MOST_RATING, Audience
from procgen_sim.injection.schedules.base import (
    Director,
    Schedule,
    affordable,
    too_many_numbers,
)

__all__ = ["Adaptive"]

_TOO_GOOD: Final = 0.7
"""ASSUMPTION: a level of which a shadow foresees this share of what can be foreseen is too easy to
see coming."""

_MOODS: Final = 3
"""Ratings that say what mood somebody is in: the last ones."""

_SHIFT: Final = 0.1
"""By how much one step of the rating scale moves what is too good."""


@dataclass(frozen=True)
class Adaptive(Schedule):
    """Break where the shadow's forecast is at least ``too_good``, within a ``budget``.

    After any number n of levels, at most ``budget`` × n have left the model, exactly.
    """

    EXAMPLE: ClassVar[str] = "adaptive:0.2:0.7"

    budget: float
    too_good: float

    @classmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Adaptive:
        too_many_numbers("adaptive", numbers, 2, where)
        budget = check_number(where, numbers[0] if numbers else rate, low=0.0, high=1.0)
        too_good = numbers[1] if len(numbers) > 1 else _TOO_GOOD
        return cls(budget, check_number(where, too_good, low=0.0, high=1.0))

    def start(self, audience: Audience, *, rng: np.random.Generator) -> Director:  # noqa: ARG002
        budget = Fraction(repr(self.budget))

        def breaks(level: int) -> bool:
            if not affordable(audience.broke, level, budget):
                return False
            return bool(audience.forecast >= self.too_good - _SHIFT * _mood(audience.ratings))

        return breaks


def _mood(ratings: Sequence[float]) -> float:
    """Steps of the scale above its middle that somebody is bored: 0 if they said nothing."""
    said = [rating for rating in ratings[-_MOODS:] if not math.isnan(rating)]
    return sum(said) / len(said) - (LEAST_RATING + MOST_RATING) / 2 if said else 0.0
