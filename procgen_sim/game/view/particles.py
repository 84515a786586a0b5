"""Small things that fly: dust, sparks, pieces of blocks. They mean nothing and touch nothing.

Where a particle is follows from its age alone, so they cost nothing between frames and the same
play gives the same picture.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import pygame

from procgen_sim.game.palette import DUST, PALE, SKY_BLUE, WHITE, YELLOW, Colour

__all__ = ["Particles"]

MOST: Final = 160
GRAVITY: Final = 0.05
"""Pixels a tick, each tick."""

SCATTER: Final = (0.13, 0.84, 0.42, 0.97, 0.29, 0.66, 0.05, 0.55, 0.78, 0.35)
"""Numbers that look thrown; taken in turn."""

Shape = Literal["dust", "spark", "piece", "ring"]


class Particle(NamedTuple):
    """One particle.

    Attributes
    ----------
    born, life
        The tick it appears, and how many ticks it is seen.
    x, y, vx, vy, pull
        Where it appears, how fast it flies, and how its fall quickens: pixels and ticks.
    shape
        How it is drawn.
    colour, size
        Its colour, and its radius at first, pixels.
    picture
        What a piece shows; None for the other shapes.
    """

    born: int
    life: int
    x: float
    y: float
    vx: float
    vy: float
    pull: float
    shape: Shape
    colour: Colour
    size: float
    picture: pygame.Surface | None = None


class Particles:
    """What flies about now.

    Parameters
    ----------
    still
        True to let nothing fly, for people who asked for less motion.
    """

    def __init__(self, *, still: bool) -> None:
        self.still = still
        self._all: list[Particle] = []
        self._n_thrown = 0

    def __len__(self) -> int:
        return len(self._all)

    def clear(self) -> None:
        """Take all away."""
        self._all.clear()

    def dust(self, tick: int, x: float, y: float, direction: int, n: int = 4) -> None:
        """Dust at a foot, blown to one side (−1, +1) or to both (0)."""
        for i in range(n):
            way = direction or (1 if i % 2 else -1)
            vx = way * (0.15 + 0.4 * self._thrown())
            self._add(
                Particle(
                    tick, 34, x + way * 2, y - 1, vx, -0.12 * self._thrown(), -0.001, "dust",
                    DUST, 2.0 + self._thrown(),
                )
            )  # fmt: skip

    def sparkle(self, tick: int, x: float, y: float) -> None:
        """A few stars where a coin was."""
        for dx, dy, late in ((0, 0, 0), (-5, -4, 6), (5, -2, 10), (-2, 5, 14), (4, 5, 18)):
            self._add(Particle(tick + late, 30, x + dx, y + dy, 0, -0.08, 0, "spark", YELLOW, 3.0))

    def coin(self, tick: int, x: float, y: float, picture: pygame.Surface) -> None:
        """What a bonus block gives, thrown up and lost from sight."""
        self._add(Particle(tick, 46, x, y, 0, -1.6, GRAVITY, "piece", YELLOW, 8.0, picture))

    def hop(self, tick: int, x: float, y: float, picture: pygame.Surface) -> None:
        """A block that was hit from below; (x, y) is its middle."""
        self._add(Particle(tick, 14, x, y, 0, -0.7, 0.1, "piece", PALE, 8.0, picture))

    def pieces(self, tick: int, x: float, y: float, picture: pygame.Surface) -> None:
        """A block in four pieces; (x, y) is its middle."""
        half = picture.get_width() // 2
        for left, top in ((0, 0), (1, 0), (0, 1), (1, 1)):
            piece = picture.subsurface((left * half, top * half, half, half))
            way = 1 if left else -1
            vx = way * (0.35 + 0.25 * self._thrown())
            vy = -1.5 - 0.5 * self._thrown() + 0.6 * top
            at = x + way * half / 2, y + (top * 2 - 1) * half / 2
            self._add(Particle(tick, 80, *at, vx, vy, GRAVITY, "piece", PALE, half / 2, piece))

    def puff(self, tick: int, x: float, y: float) -> None:
        """A ring and dust where a creature was knocked out."""
        self._add(Particle(tick, 22, x, y, 0, 0, 0, "ring", WHITE, 5.0))
        self.dust(tick, x, y + 5, 0, 6)

    def cheer(self, tick: int, x: float, y: float) -> None:
        """Stars thrown up: the level is won."""
        for i in range(18):
            way = (i % 6 - 2.5) * 0.24
            colour = (YELLOW, WHITE, SKY_BLUE)[i % 3]
            vy = -1.3 - 0.9 * self._thrown()
            late = i // 6 * 14
            self._add(Particle(tick + late, 70, x, y, way, vy, GRAVITY * 0.7, "spark", colour, 3.5))

    def draw(self, surface: pygame.Surface, camera: tuple[int, int], time: float) -> None:
        """Draw those that are seen at a time, a tick and a part of the next, and drop the old."""
        self._all = [each for each in self._all if time < each.born + each.life]
        for each in self._all:
            age = time - each.born
            if age < 0:
                continue
            x = round(each.x + each.vx * age) - camera[0]
            y = round(each.y + each.vy * age + each.pull * age * age / 2) - camera[1]
            _draw(surface, each, x, y, age / each.life)

    def _thrown(self) -> float:
        self._n_thrown += 1
        return SCATTER[self._n_thrown % len(SCATTER)]

    def _add(self, particle: Particle) -> None:
        if not self.still and len(self._all) < MOST:
            self._all.append(particle)


def _draw(surface: pygame.Surface, each: Particle, x: int, y: int, share: float) -> None:
    """Draw a particle, ``share`` (0 to 1) of its life old."""
    if each.picture is not None:
        half_x, half_y = each.picture.get_width() // 2, each.picture.get_height() // 2
        surface.blit(each.picture, (x - half_x, y - half_y))
    elif each.shape == "spark":
        arm = round(each.size * (1 - abs(2 * share - 0.6)))
        if arm > 0:
            pygame.draw.line(surface, each.colour, (x - arm, y), (x + arm, y))
            pygame.draw.line(surface, each.colour, (x, y - arm), (x, y + arm))
    elif each.shape == "ring":
        radius = round(each.size + 7 * share)
        pygame.draw.circle(surface, each.colour, (x, y), radius, 1 if share > 0.4 else 2)
    else:
        pygame.draw.circle(surface, each.colour, (x, y), max(1, round(each.size * (1 - share))))
