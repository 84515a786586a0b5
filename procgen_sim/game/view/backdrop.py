"""What lies behind the level: the sky and the distance, which moves more slowly."""

from __future__ import annotations

from typing import Final

import pygame

from procgen_sim.game.palette import mix
from procgen_sim.game.view.sprites import as_surface
from procgen_sim.levels.art import Art

__all__ = ["Backdrop"]


class Backdrop:
    """Sky and distance of an art.

    Parameters
    ----------
    art
        Whose.
    view
        Width and height of what is drawn on, pixels.
    """

    def __init__(self, art: Art, view: tuple[int, int]) -> None:
        self._view: Final = view
        self._sky = pygame.Surface(view)
        for y in range(view[1]):
            self._sky.fill(mix(*art.sky, y / (view[1] - 1)), (0, y, view[0], 1))
        if pygame.display.get_surface():
            self._sky = self._sky.convert()
        self._distances = tuple(
            (as_surface(image), parallax)
            for image, parallax in zip(art.backdrops(), art.parallax, strict=True)
        )

    def draw(self, surface: pygame.Surface, camera: tuple[int, int], sink_px: int) -> None:
        """Draw it.

        Parameters
        ----------
        surface
            The view.
        camera
            The level's pixel in the view's top left corner.
        sink_px
            Pixels between the view's and the level's lower edge; 0 where the view stands on it.
        """
        surface.blit(self._sky, (0, 0))
        width, height = self._view
        for picture, parallax in self._distances:
            top = height - picture.get_height() + round(sink_px * parallax)
            left = -(round(camera[0] * parallax) % picture.get_width())
            for x in range(left, width, picture.get_width()):
                surface.blit(picture, (x, top))
