"""The camera: what part of the level is seen.

It follows a *focus*, a point that stays within a dead zone around the player and runs ahead of
where they face, so that small steps and jumps do not move the picture and one sees what comes.
It moves once a tick and is interpolated in between like everything else.
"""

from __future__ import annotations

from typing import Final

__all__ = ["Camera"]

LOOK_AHEAD_PX: Final = 56.0
DEAD_ZONE_X_PX: Final = 20.0
DEAD_ZONE_Y_PX: Final = 40.0
LOOK_DOWN_PX: Final = 20.0
"""How far below the focus the view's middle lies: what can hurt is mostly there."""

AHEAD_EASE: Final = 1 / 48
"""Share of the way to the wanted look-ahead each tick."""

FOLLOW_EASE: Final = 1 / 10
LAND_EASE: Final = 1 / 24
"""Share of the way to the wanted place each tick: sideways, and up or down while standing."""


class Camera:
    """A view of fixed size over a level.

    Parameters
    ----------
    view
        Width and height of the view, pixels.
    level
        Width and height of the level, pixels. A level narrower than the view is in its middle,
        a lower one stands on its lower edge.
    """

    def __init__(self, view: tuple[int, int], level: tuple[int, int]) -> None:
        self.view: Final = view
        self.level: Final = level
        self._ahead = 0.0
        self._focus_x = self._focus_y = 0.0
        self._x = self._y = self._was_x = self._was_y = 0.0

    def jump_to(self, x: float, y: float) -> None:
        """Look at a point at once, in pixels from the level's top left corner."""
        self._ahead = 0.0
        self._focus_x, self._focus_y = x, y
        self._x, self._y = self._wanted()
        self._was_x, self._was_y = self._x, self._y

    def follow(self, x: float, y: float, *, facing: int, speed: float, settled: bool) -> None:
        """Move by one tick.

        Parameters
        ----------
        x, y
            The middle of the player, pixels.
        facing
            +1 to the right, −1 to the left.
        speed
            0 standing to 1 running at full speed: who stands still keeps the view they have.
        settled
            True on the ground or a ladder: only then the height is made good within the dead
            zone, so a jump on the spot does not rock the picture.
        """
        self._was_x, self._was_y = self._x, self._y
        if speed > 0:
            self._ahead += (facing * LOOK_AHEAD_PX - self._ahead) * AHEAD_EASE * speed
        self._focus_x = min(max(self._focus_x, x - DEAD_ZONE_X_PX), x + DEAD_ZONE_X_PX)
        self._focus_y = min(max(self._focus_y, y - DEAD_ZONE_Y_PX), y + DEAD_ZONE_Y_PX)
        if settled:
            self._focus_y += (y - self._focus_y) * LAND_EASE
        wanted_x, wanted_y = self._wanted()
        self._x += (wanted_x - self._x) * FOLLOW_EASE
        self._y += (wanted_y - self._y) * FOLLOW_EASE

    def at(self, alpha: float) -> tuple[int, int]:
        """The level's pixel in the view's top left corner, ``alpha`` of the way into the tick."""
        x = self._was_x + (self._x - self._was_x) * alpha
        y = self._was_y + (self._y - self._was_y) * alpha
        return round(x), round(y)

    def _wanted(self) -> tuple[float, float]:
        width, height = self.view
        left = self._focus_x + self._ahead - width / 2
        top = self._focus_y + LOOK_DOWN_PX - height / 2
        return (
            _within(left, self.level[0] - width, 2),
            _within(top, self.level[1] - height, 1),
        )


def _within(wanted: float, room: int, share: int) -> float:
    """Keep the view inside; ``room`` is negative where the level is smaller than the view."""
    return min(max(wanted, 0.0), float(room)) if room >= 0 else room / share
