"""``bursts rate length``: breaks that come together, as seasons and events do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from procgen_sim._checks import check_number
from procgen_sim.injection.audience import Audience
from procgen_sim.injection.schedules.base import (
    Director,
    Schedule,
    too_many_numbers,
    whole_levels,
)

__all__ = ["Bursts"]

_DEFAULT_LENGTH = 3


@dataclass(frozen=True)
class Bursts(Schedule):
    """Runs of ``length`` breaks, apart so that the long-run share of breaks is ``rate``.

    A two-state chain: outside a burst one begins with the chance that gives the rate; a burst
    ends after ``length`` levels. The state before level 0 is drawn from the long run, so the
    expected share is ``rate`` from the first level on.
    """

    EXAMPLE: ClassVar[str] = "bursts:0.3:4"

    rate: float
    length: int

    @classmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Bursts:
        too_many_numbers("bursts", numbers, 2, where)
        share = check_number(where, numbers[0] if numbers else rate, low=0.0, high=1.0)
        length = numbers[1] if len(numbers) > 1 else _DEFAULT_LENGTH
        return cls(share, whole_levels("as the length of a burst", length, where))

    def start(self, audience: Audience, *, rng: np.random.Generator) -> Director:  # noqa: ARG002
        if self.rate >= 1.0:
            return lambda _level: True
        # Mean pause between bursts m follows from length / (length + m) = rate; a pause is
        # geometric from 0, so a burst begins at a free level with chance 1 / (1 + m).
        begin = self.rate / (self.rate + self.length * (1.0 - self.rate))
        left = int(rng.integers(0, self.length)) if rng.random() < self.rate else 0

        def breaks(_level: int) -> bool:
            nonlocal left
            if left == 0 and rng.random() < begin:
                left = self.length
            if left > 0:
                left -= 1
                return True
            return False

        return breaks
