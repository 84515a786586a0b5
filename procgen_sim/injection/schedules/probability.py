"""``probability p``: each level breaks the model with chance p, whatever came before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from procgen_sim._checks import check_number
from procgen_sim.injection.audience import Audience
from procgen_sim.injection.schedules.base import Director, Schedule, too_many_numbers

__all__ = ["Probability"]


@dataclass(frozen=True)
class Probability(Schedule):
    """Independent breaks with probability ``p`` each.

    Two rates share their random numbers: whatever breaks at 10 % also breaks at 20 %.
    """

    EXAMPLE: ClassVar[str] = "probability:0.3"

    p: float

    @classmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Probability:
        too_many_numbers("probability", numbers, 1, where)
        return cls(check_number(where, numbers[0] if numbers else rate, low=0.0, high=1.0))

    def start(self, audience: Audience, *, rng: np.random.Generator) -> Director:  # noqa: ARG002
        return lambda _level: bool(rng.random() < self.p)
