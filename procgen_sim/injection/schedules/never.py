"""``never``: stay on the model. The same as having no schedule, byte for byte."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from procgen_sim.injection.audience import Audience
from procgen_sim.injection.schedules.base import Director, Schedule, too_many_numbers

__all__ = ["Never"]


@dataclass(frozen=True)
class Never(Schedule):
    """No level breaks the model."""

    EXAMPLE: ClassVar[str] = "never"

    @classmethod
    def from_numbers(cls, numbers: Sequence[float], *, rate: float, where: str) -> Never:  # noqa: ARG003
        too_many_numbers("never", numbers, 0, where)
        return cls()

    def start(self, audience: Audience, *, rng: np.random.Generator) -> Director:  # noqa: ARG002
        return lambda _level: False
