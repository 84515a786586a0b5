"""The game's colours, by what they are for.

Whatever carries meaning uses the colours of Okabe and Ito, which people with any common kind of
colour blindness tell apart [Okabe2008]_, and never the colour alone: a shape, a pattern or a
word says the same.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "ACCENT",
    "BLACK",
    "BLUE",
    "DUST",
    "EXPECTED",
    "GREEN",
    "INK",
    "ORANGE",
    "PALE",
    "PANEL",
    "PANEL_EDGE",
    "PURPLE",
    "SKY_BLUE",
    "SURPRISING",
    "TEXT",
    "TEXT_DIM",
    "VERMILLION",
    "WHITE",
    "YELLOW",
    "Colour",
    "mix",
    "surprise",
]

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

BLACK: Final[Colour] = (0, 0, 0)
WHITE: Final[Colour] = (255, 255, 255)

ORANGE: Final[Colour] = (230, 159, 0)
SKY_BLUE: Final[Colour] = (86, 180, 233)
GREEN: Final[Colour] = (0, 158, 115)
YELLOW: Final[Colour] = (240, 228, 66)
BLUE: Final[Colour] = (0, 114, 178)
VERMILLION: Final[Colour] = (213, 94, 0)
PURPLE: Final[Colour] = (204, 121, 167)

INK: Final[Colour] = (17, 20, 24)
"""Outlines and the letterbox."""

PANEL: Final[Colour] = (24, 27, 36)
"""The ground of bars, cards and menus."""

PANEL_EDGE: Final[Colour] = (70, 80, 91)
TEXT: Final[Colour] = (246, 243, 234)
TEXT_DIM: Final[Colour] = (159, 170, 182)
ACCENT: Final[Colour] = YELLOW
"""What is chosen, what is new."""

PALE: Final[Colour] = (213, 218, 222)
DUST: Final[Colour] = (214, 200, 178)

EXPECTED: Final[Colour] = (36, 112, 196)
SURPRISING: Final[Colour] = (255, 176, 32)
"""The ends of the forecast's scale. From the first to the second the lightness only grows, so
that the scale reads in grey as well."""


def mix(low: Colour, high: Colour, share: float) -> Colour:
    """The colour ``share`` (0 to 1) of the way from ``low`` to ``high``.

    >>> mix((0, 0, 0), (100, 200, 50), 0.5)
    (50, 100, 25)
    """
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return red, green, blue


def surprise(share: float) -> Colour:
    """The forecast's colour for a surprise of 0 (expected) to 1.

    >>> surprise(0.0) == EXPECTED, surprise(1.0) == SURPRISING
    (True, True)
    """
    return mix(EXPECTED, SURPRISING, share)
