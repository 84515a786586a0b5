"""The face all schedules share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np

from procgen_sim._checks import InputError

__all__ = ["Director", "Schedule", "too_many_numbers"]

Director = Callable[[int], bool]
"""One player's schedule under way: level number (from 0, in order) → break the model here?"""


class Schedule(ABC):
    """When to break. A frozen description; :meth:`start` makes one player's director."""

    @classmethod
    @abstractmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Schedule:
        """Make one from the numbers people wrote; ``rate`` stands for one left out."""

    @abstractmethod
    def start(self, *, rng: np.random.Generator) -> Director:
        """A director for one player, drawing only from ``rng``."""


def too_many_numbers(name: str, numbers: Sequence[float], most: int, where: str) -> None:
    """Refuse numbers that would do nothing."""
    if len(numbers) > most:
        raise InputError(
            where,
            expected=f"at most {most} number{'s' if most != 1 else ''} after {name!r}",
            found=str(len(numbers)),
        )
