"""Words on the canvas, in the pixel font of ``assets/art/font.png``.

The font is a picture in shades of white, so a letter in any colour is that picture times the
colour. A finished line of words is kept, for most lines are drawn again in the next frame.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, Literal, TypeAlias

import pygame

from procgen_sim._checks import InputError, check_choice
from procgen_sim.files import assets_folder
from procgen_sim.game.palette import Colour

__all__ = ["SIZES", "Font", "draw_text", "line_height", "text_width", "wrap"]

SIZES: Final = ("small", "large")
"""``small`` for words that are read, ``large``, with an outline, for headings."""

Align: TypeAlias = Literal["left", "centre", "right"]
Size: TypeAlias = Literal["small", "large"]

_KEPT_LINES: Final = 512


@dataclass(frozen=True, kw_only=True, eq=False)
class Font:
    """One size of the font.

    Attributes
    ----------
    sheet
        The picture of all glyphs: white where the colour is to be full, darker in the shade,
        nearly black in the outline.
    glyphs
        Character to the left, top, and width of its glyph, in pixels of the sheet; the glyph of
        characters that the font lacks, a box, is called ``unknown``.
    height
        Height of every glyph in pixels, outline included.
    border
        Width of the outline in pixels; it reaches beyond the place that a letter takes.
    gap
        Pixels between two letters.
    line
        Pixels from one line to the next.
    """

    sheet: pygame.Surface
    glyphs: Mapping[str, tuple[int, int, int]]
    height: int
    border: int
    gap: int
    line: int

    @staticmethod
    def get(size: Size = "small") -> Font:
        """The font of that size; the file is read once.

        Raises
        ------
        InputError
            If there is no such size, or the font's files are missing or damaged.
        """
        check_choice("size", size, SIZES)
        return _fonts()[size]

    def __contains__(self, character: object) -> bool:
        return character in self.glyphs and character != "unknown"

    def glyph(self, character: str) -> tuple[int, int, int]:
        """The left, top and width of a character's glyph, or of the box for unknown ones."""
        return self.glyphs[character if character in self else "unknown"]

    def width(self, text: str) -> int:
        """The pixels that a line takes, without the outline on both sides.

        >>> Font.get().width("") == 0
        True
        """
        if not text:
            return 0
        letters = sum(self.glyph(character)[2] - 2 * self.border for character in text)
        return letters + self.gap * (len(text) - 1)


def text_width(text: str, size: Size = "small") -> int:
    """The width in pixels of one line of words."""
    return Font.get(size).width(text)


def line_height(size: Size = "small") -> int:
    """Pixels from the top of one line to the top of the next."""
    return Font.get(size).line


def wrap(text: str, width: int, size: Size = "small") -> list[str]:
    """Break words into lines that are at most ``width`` pixels wide.

    A line feed always starts a new line. A word that is wider than a whole line is cut.
    """
    font = Font.get(size)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if font.width(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _cut(font, word, width)
            lines.extend(full)
        lines.append(line)
    return lines


def draw_text(
    surface: pygame.Surface,
    text: str,
    place: tuple[int, int],
    colour: Colour,
    *,
    align: Align = "left",
    size: Size = "small",
    shadow: Colour | None = None,
) -> pygame.Rect:
    """Draw one line of words.

    Parameters
    ----------
    surface
        What to draw on.
    text
        The words; a character that the font lacks shows as a box.
    place
        x and y in pixels: the left end, middle or right end, as ``align`` says, of the line's top.
    colour
        A colour of :mod:`procgen_sim.game.palette`.
    align
        Which part of the line stands at x.
    size
        One of :data:`SIZES`.
    shadow
        Colour of the same words a pixel lower and to the right, behind; None for none.

    Returns
    -------
    pygame.Rect
        The place that the line takes, :func:`line_height` high, outline and shadow left out.
    """
    font = Font.get(size)
    width = font.width(text)
    x, y = place
    left = {"left": x, "centre": x - width // 2, "right": x - width}[align]
    if text:
        picture = _line(text, tuple(colour), size, None if shadow is None else tuple(shadow))
        surface.blit(picture, (left - font.border, y - font.border))
    return pygame.Rect(left, y, width, font.line)


@lru_cache(maxsize=_KEPT_LINES)
def _line(text: str, colour: Colour, size: Size, shadow: Colour | None) -> pygame.Surface:
    """A picture of the line, outline included, one pixel larger than it for the shadow."""
    font = Font.get(size)
    extent = font.width(text) + 2 * font.border + 1, font.height + 1
    picture = pygame.Surface(extent, pygame.SRCALPHA)
    layers = [(0, colour)] if shadow is None else [(1, shadow), (0, colour)]
    for offset, tint in layers:
        sheet = _tinted(size, tint)
        x = offset
        for character in text:
            left, top, width = font.glyph(character)
            picture.blit(sheet, (x, offset), (left, top, width, font.height))
            x += width - 2 * font.border + font.gap
    return picture


@lru_cache(maxsize=32)
def _tinted(size: Size, colour: Colour) -> pygame.Surface:
    sheet = Font.get(size).sheet.copy()
    sheet.fill(colour, special_flags=pygame.BLEND_RGB_MULT)
    return sheet


def _cut(font: Font, word: str, width: int) -> list[str]:
    """The word in pieces that fit, each at least one character long."""
    pieces = [""]
    for character in word:
        if pieces[-1] and font.width(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


@cache
def _fonts() -> Mapping[str, Font]:
    folder = assets_folder() / "art"
    try:
        document = json.loads((folder / "font.json").read_text("utf-8"))
        sheet = pygame.image.load(folder / document["image"])
        return {size: _font(sheet, document["sizes"][size]) for size in SIZES}
    except (OSError, ValueError, KeyError, TypeError, pygame.error):
        raise InputError(
            "assets/art/font.json",
            expected="the game's font",
            found="missing or damaged files",
            do="install procgen-sim again",
        ) from None


def _font(sheet: pygame.Surface, entry: Mapping[str, Any]) -> Font:
    return Font(
        sheet=sheet,
        glyphs={name: (left, top, width) for name, (left, top, width) in entry["glyphs"].items()},
        height=int(entry["height"]),
        border=int(entry["border"]),
        gap=int(entry["gap"]),
        line=int(entry["line"]),
    )
