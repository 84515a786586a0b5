"""How much game time has passed: whole ticks, whatever the frame rate is."""

from __future__ import annotations

from typing import Final

from procgen_sim.platformer.physics import TICKS_PER_S

__all__ = ["MOST_TICKS_A_FRAME", "TickClock"]

SECOND_NS: Final = 1_000_000_000
MOST_TICKS_A_FRAME: Final = 12
"""Ticks a frame catches up at most, 0.1 s. After a longer hitch the game is late, not lost: a
frame that must make up for a slow one would else be slower still."""


class TickClock:
    """Turns elapsed time into ticks and keeps the rest, in whole numbers, so nothing drifts.

    >>> clock = TickClock()
    >>> clock.advance(25_000_000), clock.alpha
    (3, 0.0)
    """

    def __init__(self) -> None:
        self._rest = 0  # nanoseconds × ticks a second: a tick is one SECOND_NS of it

    def advance(self, elapsed_ns: int) -> int:
        """Ticks due after ``elapsed_ns`` more nanoseconds, 0 to ``MOST_TICKS_A_FRAME``."""
        due, self._rest = divmod(self._rest + max(elapsed_ns, 0) * TICKS_PER_S, SECOND_NS)
        return min(due, MOST_TICKS_A_FRAME)

    @property
    def alpha(self) -> float:
        """How far into the next tick we are, in [0, 1)."""
        return self._rest / SECOND_NS
