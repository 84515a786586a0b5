"""Small pictures that belong to no genre: signs for numbers and choices, the title, the window."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pygame

from procgen_sim._checks import InputError, check_choice
from procgen_sim.files import assets_folder

__all__ = [
    "BOREDOM_FACES",
    "TitleLetters",
    "draw_icon",
    "icon",
    "icons",
    "title_letters",
    "window_icon",
]

BOREDOM_FACES: Final = ("bored_0", "bored_1", "bored_2", "bored_3", "bored_4")
"""Faces from wide awake to yawning; eyes, mouth and lightness all say which."""


@dataclass(frozen=True, kw_only=True)
class TitleLetters:
    """The letters of the game's name, as pictures.

    Attributes
    ----------
    calm, odd
        Each letter as one that keeps to the line and as one that leaves it.
    border
        Width of their outline in pixels: how far each picture reaches over its neighbours' place.
    gap
        Pixels between two letters, between their outlines' inner edges.
    """

    calm: tuple[pygame.Surface, ...]
    odd: tuple[pygame.Surface, ...]
    border: int
    gap: int

    def places(self, centre: int) -> list[int]:
        """The left edge of each picture when the name's middle stands at x = ``centre``."""
        widths = [letter.get_width() - 2 * self.border for letter in self.calm]
        x = centre - (sum(widths) + self.gap * (len(widths) - 1)) // 2 - self.border
        edges = []
        for width in widths:
            edges.append(x)
            x += width + self.gap
        return edges


def icons() -> Mapping[str, pygame.Surface]:
    """All signs by name; ``assets/art/README.md`` lists them.

    Raises
    ------
    InputError
        If their files are missing or damaged.
    """
    return _icons()


def icon(name: str) -> pygame.Surface:
    """One sign: 12 × 12 pixels; faces 11 × 11 and 16 × 16.

    Raises
    ------
    InputError
        If no sign has that name.
    """
    return _icons()[check_choice("icon", name, _icons())]


def draw_icon(surface: pygame.Surface, name: str, place: tuple[int, int]) -> pygame.Rect:
    """Draw a sign with its top left corner at ``place``; the place it takes comes back."""
    return surface.blit(icon(name), place)


@cache
def title_letters() -> TitleLetters:
    """The game's name; all letters are equally high, 52 pixels.

    Raises
    ------
    InputError
        If its files are missing or damaged.
    """
    sheet = _picture("title.png")
    try:
        document = _document("title.json")
        calm, odd = (tuple(map(sheet.subsurface, document[look])) for look in ("calm", "odd"))
        return TitleLetters(
            calm=calm, odd=odd, border=int(document["border"]), gap=int(document["gap"])
        )
    except (ValueError, TypeError, KeyError):
        raise _damaged("title.json") from None


def window_icon() -> pygame.Surface:
    """The picture for the window and the task bar, 32 × 32 pixels."""
    return _picture("icon.png")


@cache
def _icons() -> Mapping[str, pygame.Surface]:
    sheet = _picture("hud.png")
    try:
        return {name: sheet.subsurface(box) for name, box in _document("hud.json").items()}
    except (ValueError, TypeError):
        raise _damaged("hud.json") from None


def _document(name: str) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads((assets_folder() / "art" / name).read_text("utf-8"))
        return document
    except (OSError, ValueError):
        raise _damaged(name) from None


@cache
def _picture(name: str) -> pygame.Surface:
    try:
        return pygame.image.load(assets_folder() / "art" / name)
    except (OSError, pygame.error):
        raise _damaged(name) from None


def _damaged(name: str) -> InputError:
    return InputError(
        f"assets/art/{name}",
        expected="a picture of the game",
        found="a missing or damaged file",
        do="install procgen-sim again",
    )
