"""What is heard of what happens in a level."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from procgen_sim.platformer import Event

__all__ = ["HEARD", "LevelSounds"]

HEARD: Final = (
    (Event.WON, "win"),
    (Event.DIED, "die"),
    (Event.STOMPED, "stomp"),
    (Event.BONUS, "bonus"),
    (Event.BROKE, "break"),
    (Event.COIN, "coin"),
    (Event.GRABBED, "grab"),
    (Event.JUMPED, "jump"),
)
"""What happens, and the sound it always makes."""

HARD_LANDING: Final = 192
"""Downward speed, units a tick, above which a landing is heard."""


class LevelSounds:
    """Plays the sounds of a level.

    Parameters
    ----------
    play
        Plays the sound of a name.
    """

    def __init__(self, play: Callable[[str], None]) -> None:
        self._play = play
        self._skidding = False

    def hear(self, happened: Event, fell: int) -> None:
        """Play what is heard of a tick.

        Parameters
        ----------
        happened
            What happened in it.
        fell
            Downward speed before it, units a tick.
        """
        for event, name in HEARD:
            if happened & event:
                self._play(name)
        if happened & Event.BUMPED and not happened & (Event.BROKE | Event.BONUS):
            self._play("bump")
        if happened & Event.LANDED and fell > HARD_LANDING:
            self._play("land")
        skidding = bool(happened & Event.SKIDDED)
        if skidding and not self._skidding:
            self._play("skid")
        self._skidding = skidding
