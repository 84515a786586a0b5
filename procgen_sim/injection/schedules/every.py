"""``every k``: levels k, 2k, 3k, … break the model. A habit like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.injection.audience import Audience
from procgen_sim.injection.schedules.base import (
    MOST_LEVELS,
    Director,
    Schedule,
    too_many_numbers,
    whole_levels,
)

__all__ = ["Every"]


@dataclass(frozen=True)
class Every(Schedule):
    """Each ``k``-th level breaks the model; ``k`` of 1 or more."""

    EXAMPLE: ClassVar[str] = "every:4"

    k: int

    @classmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Every:
        too_many_numbers("every", numbers, 1, where)
        if not numbers and rate <= 0.0:
            raise InputError(where, expected="a rate above 0 for 'every'", found=f"{rate:g}")
        k = numbers[0] if numbers else max(1, round(min(1.0 / rate, MOST_LEVELS)))
        return cls(whole_levels("after 'every'", k, where))

    def start(self, audience: Audience, *, rng: np.random.Generator) -> Director:  # noqa: ARG002
        return lambda level: (level + 1) % self.k == 0
