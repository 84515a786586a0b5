"""Where a level lies against the model: the corpus, the fit, and the region that is on the model.

The picture has two axes, the model eleven. Rings show the fit as seen from here: they hold half and
nine tenths of the model's levels, whatever their other parameters. The plain ground is the part of
*this* plane, through the chosen point, where a level would be on the model; the hatched ground is
off it. A point among the corpus's dots may well stand on hatched ground: then it is another
parameter, one not to be seen here, that is off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.game.desk import spoken
from procgen_sim.game.director import Director
from procgen_sim.game.palette import (
    GREEN,
    INK,
    PANEL_EDGE,
    SKY_BLUE,
    TEXT,
    TEXT_DIM,
    Colour,
)
from procgen_sim.game.text import draw_text
from procgen_sim.game.view.curve import draw_diamond
from procgen_sim.models.plane import Plane, plane_of

__all__ = ["Scatter", "View"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CELL_PX: Final = 2
HATCH_PX: Final = 6
MARGIN: Final = np.array([0.06, 0.15])
"""Room around what is shown, as a share of it: more above and below, where the labels are."""
HELD: Final = (0.5, 0.9)
ON_GROUND: Final[Colour] = (34, 62, 66)
HATCH: Final[Colour] = (58, 62, 72)
N_TOLD: Final = 2
"""Parameters named on a principal axis."""


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A plane in the space of design parameters, and the part of it that is shown.

    Attributes
    ----------
    plane
        Unit coordinates to the picture's two.
    low, high
        ``(2,)`` ends of what is shown, across and up.
    labels
        What more of each axis means, across and up.
    """

    plane: Plane
    low: Floats
    high: Floats
    labels: tuple[str, str]

    @classmethod
    def principal(cls, director: Director) -> View:
        """Where the corpus spreads most."""
        unit = director.space.to_unit(director.prepared.data)
        plane = plane_of(unit)
        fresh = plane.see(director.space.to_unit(director.prepared.setting.yardstick.fresh))
        seen = np.concatenate([plane.see(unit), np.quantile(fresh, (0.002, 0.998), axis=0)])
        low, high = seen.min(axis=0), seen.max(axis=0)
        room = MARGIN * np.maximum(high - low, 1e-6)
        labels = [_told(axis, director.space.names) for axis in plane.axes]
        return cls(plane=plane, low=low - room, high=high + room, labels=(labels[0], labels[1]))

    @classmethod
    def of_parameters(
        cls, director: Director, across: int, up: int, low: Floats, high: Floats
    ) -> View:
        """Two parameters, over the ranges ``(d,)`` of their sliders in natural units."""
        axes = np.eye(director.space.n)[[across, up]]
        centre = np.zeros(director.space.n)
        ends = director.space.to_unit(np.stack([low, high]))[:, [across, up]]
        room = MARGIN * (ends[1] - ends[0])
        names = director.space.names
        return cls(
            plane=Plane(centre, axes, np.zeros(2)),
            low=ends[0] - room,
            high=ends[1] + room,
            labels=(spoken(names[across]), spoken(names[up])),
        )


class Scatter:
    """The picture of a view.

    Parameters
    ----------
    director
        Whose corpus and model.
    size
        Pixels of the picture.
    view
        What to show first.

    Attributes
    ----------
    view
        What is shown; may be exchanged.
    """

    def __init__(self, director: Director, size: tuple[int, int], view: View) -> None:
        self._director, self._size = director, size
        self._unit = director.space.to_unit(director.prepared.data)
        self._bodies = list(dict.fromkeys(director.prepared.bodies))
        self.view = view
        self._rings: tuple[View, list[Mask]] | None = None
        self._ground: tuple[View, bytes, pygame.Surface] | None = None

    def draw(
        self,
        surface: pygame.Surface,
        corner: tuple[int, int],
        asked: Floats,
        built: Floats,
        *,
        off_model: bool,
    ) -> None:
        """Draw the picture, with its labels inside.

        Parameters
        ----------
        surface, corner
            Where to: the picture's top left corner.
        asked, built
            ``(d,)`` what is asked for and what it became, natural units.
        off_model
            Whether the latter is off the model.
        """
        place = pygame.Rect(corner, self._size)
        part = surface.subsurface(place)
        part.blit(self._painted(asked), (0, 0))
        dots = self._pixels(self.view.plane.see(self._unit))
        for dot, body in zip(dots, self._director.prepared.bodies, strict=True):
            draw_mark(part, dot, self._bodies.index(body))
        to_unit = self._director.space.to_unit
        wish, point = self._pixels(self.view.plane.see(to_unit(np.stack([asked, built]))))
        if max(abs(wish[0] - point[0]), abs(wish[1] - point[1])) > 2:
            pygame.draw.line(part, TEXT_DIM, wish, point)
            pygame.draw.line(part, TEXT_DIM, (wish[0] - 2, wish[1]), (wish[0] + 2, wish[1]))
            pygame.draw.line(part, TEXT_DIM, (wish[0], wish[1] - 2), (wish[0], wish[1] + 2))
        draw_point(part, point, off_model=off_model)
        across, up = self.view.labels
        draw_text(part, f"↑ {up}", (4, 1), TEXT, shadow=INK)
        right = self._size[0] - 4, self._size[1] - 13
        draw_text(part, f"{across} →", right, TEXT, align="right", shadow=INK)
        pygame.draw.rect(surface, PANEL_EDGE, place, 1)

    def draw_key(self, surface: pygame.Surface, corner: tuple[int, int]) -> None:
        """What the marks mean, in one line."""
        x, y = corner
        for number, body in enumerate(self._bodies[:2]):
            draw_mark(surface, (x + 3, y + 6), number)
            name = body if len(body) < 14 else f"{body[:12]}…"
            x = draw_text(surface, name, (x + 9, y), TEXT_DIM).right + 8
        pygame.draw.circle(surface, SKY_BLUE, (x + 4, y + 6), 4, 1)
        x = draw_text(surface, "fit", (x + 11, y), TEXT_DIM).right + 8
        surface.fill(ON_GROUND, (x, y + 2, 12, 9))
        pygame.draw.rect(surface, GREEN, (x, y + 2, 12, 9), 1)
        x = draw_text(surface, "on", (x + 15, y), TEXT_DIM).right + 8
        _hatched(surface, pygame.Rect(x, y + 2, 12, 9))
        draw_text(surface, "off", (x + 15, y), TEXT_DIM)

    def where(self, x: int, y: int, asked: Floats) -> Floats:
        """``(d,)`` the design vector at a pixel of the picture, natural units: what is asked for,
        moved within the plane."""
        space, view = self._director.space, self.view
        share = np.array([x / (self._size[0] - 1), 1.0 - y / (self._size[1] - 1)])
        target = view.low + share * (view.high - view.low)
        unit = space.to_unit(asked)
        moved = unit + (target - view.plane.see(unit[None])[0]) @ view.plane.axes
        return space.from_unit(moved)

    def _pixels(self, seen: Floats) -> list[tuple[int, int]]:
        """``(n, 2)`` places in the plane to pixels, those outside at the edge."""
        share = np.clip((seen - self.view.low) / (self.view.high - self.view.low), 0.0, 1.0)
        width, height = self._size[0] - 1, self._size[1] - 1
        return [(round(x * width), round((1.0 - y) * height)) for x, y in share.tolist()]

    def _painted(self, asked: Floats) -> pygame.Surface:
        """The ground and the rings, kept until the view or the point changes."""
        told = asked.tobytes()
        if self._ground is not None and self._ground[0] is self.view and self._ground[1] == told:
            return self._ground[2]
        if self._rings is None or self._rings[0] is not self.view:
            self._rings = self.view, self._outlines()
        off = self._off(asked)
        width, height = self._size
        y, x = np.mgrid[:height, :width]
        picture = np.where(off[..., None], INK, ON_GROUND).astype(np.uint8)
        picture[off & ((x + y) % HATCH_PX == 0)] = HATCH
        picture[_edge(~off)] = GREEN
        for ring in self._rings[1]:
            picture[ring] = SKY_BLUE
        surface = pygame.image.frombuffer(picture.tobytes(), self._size, "RGB")
        self._ground = self.view, told, surface
        return surface

    def _off(self, asked: Floats) -> Mask:
        """``(height, width)`` where in this plane, through what is asked for, the model ends."""
        space, view, outside = self._director.space, self.view, self._director.outside
        width, height = (-(-n // CELL_PX) for n in self._size)
        across = np.linspace(view.low[0], view.high[0], width)
        up = np.linspace(view.high[1], view.low[1], height)
        places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
        unit = space.to_unit(asked)
        moved = unit + (places - view.plane.see(unit[None])[0]) @ view.plane.axes
        log_density = outside.model.log_density(space.from_unit(moved))
        off = outside.region.is_off(log_density).reshape(height, width)
        return off.repeat(CELL_PX, axis=0).repeat(CELL_PX, axis=1)[: self._size[1], : self._size[0]]

    def _outlines(self) -> list[Mask]:
        """``(height, width)`` rings that hold shares of the fit as seen in the plane."""
        model, view = self._director.outside.model, self.view
        width, height = self._size
        across = np.linspace(view.low[0], view.high[0], width)
        up = np.linspace(view.high[1], view.low[1], height)
        places = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
        scale = view.plane.axes / model.space.width
        centres = view.plane.see(model.space.to_unit(model.means))
        covariances = scale @ model.covariances @ scale.T + 1e-9 * np.eye(2)
        density = np.zeros(len(places))
        for weight, centre, covariance in zip(model.weights, centres, covariances, strict=True):
            apart = places - centre
            squares = (apart @ np.linalg.inv(covariance) * apart).sum(axis=1)
            density += weight * np.exp(-0.5 * squares) / np.sqrt(np.linalg.det(covariance))
        falling = np.sort(density)[::-1]
        held = np.cumsum(falling) / max(float(falling.sum()), 1e-300)
        bounds = [falling[min(int(np.searchsorted(held, s)), len(held) - 1)] for s in HELD]
        return [_edge((density >= bound).reshape(height, width)) for bound in bounds]


def draw_mark(surface: pygame.Surface, middle: tuple[int, int], body: int) -> None:
    """A level of the corpus: a disc, a square frame, then in turn."""
    x, y = middle
    if body % 2 == 0:
        pygame.draw.circle(surface, INK, (x, y), 3)
        pygame.draw.circle(surface, TEXT, (x, y), 2)
    else:
        surface.fill(INK, (x - 3, y - 3, 7, 7))
        pygame.draw.rect(surface, TEXT, (x - 2, y - 2, 5, 5), 1)


def draw_point(surface: pygame.Surface, middle: tuple[int, int], *, off_model: bool) -> None:
    """The level on the desk: a ring on the model, a diamond off it; as on the card."""
    if off_model:
        draw_diamond(surface, middle, 7)
        x, y = middle
        surface.fill(INK, (x - 1, y - 1, 3, 3))
    else:
        pygame.draw.circle(surface, INK, middle, 7)
        pygame.draw.circle(surface, GREEN, middle, 6, 2)
        surface.fill(TEXT, (*middle, 1, 1))


def _hatched(surface: pygame.Surface, place: pygame.Rect) -> None:
    surface.fill(INK, place)
    part = surface.subsurface(place)
    for x in range(0, place.width + place.height, HATCH_PX):
        pygame.draw.line(part, HATCH, (x, 0), (x - place.height, place.height))
    pygame.draw.rect(surface, PANEL_EDGE, place, 1)


def _edge(inside: Mask) -> Mask:
    """The outermost pixels of an area."""
    padded = np.pad(inside, 1, mode="edge")
    deep = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return np.asarray(inside & ~deep)


def _told(axis: Floats, names: Sequence[str]) -> str:
    """``more ceiling, less coin rate``: what an axis is mostly about."""
    strongest = np.argsort(-np.abs(axis), kind="stable")[:N_TOLD].tolist()
    words = [f"{'more' if axis[i] > 0 else 'less'} {spoken(names[i])}" for i in strongest]
    return ", ".join(words)
