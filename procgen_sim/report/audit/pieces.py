"""Long and tall levels cut into pieces that fit a page: read like text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["GAP_TILES", "MOST_ROWS", "cut", "is_tall"]

MOST_ROWS: Final = 44
"""Rows of a level from which it is cut, as a tower of pictures would not fit a screen."""

GAP_TILES: Final = 1

_STRETCH: Final = 1.25


def is_tall(n_rows: int) -> bool:
    """Whether a level of so many rows is cut into pieces that stand side by side."""
    return n_rows > MOST_ROWS


def cut(
    picture: Image.Image, *, tile_px: int, across: int, from_below: bool = False
) -> Image.Image:
    """A picture of a level as pieces of equal size in lines of at most ``across`` tiles, on white.

    Parameters
    ----------
    picture
        The whole level.
    tile_px
        Pixels a tile.
    across
        Tiles that fit side by side. A level that is wider continues in the line below; one
        that is too tall continues beside itself, and below where that is not enough.
    from_below
        The first piece of a tall level is its bottom, as it is met.
    """
    from PIL import Image

    columns, rows = picture.width // tile_px, picture.height // tile_px
    tall, gap = is_tall(rows), GAP_TILES
    n_across = -(-columns // across)
    width = -(-columns // n_across)
    per_line = (across + gap) // (width + gap) if n_across == 1 else 1
    n_down = -(-rows // MOST_ROWS) if tall else 1
    n_lines = -(-n_down // per_line)
    if n_lines > 1 and rows <= (n_lines - 1) * per_line * MOST_ROWS * _STRETCH:
        n_lines -= 1  # rather a little taller than a line for the rest
        n_down = n_lines * per_line
    height = -(-rows // n_down)
    n_pieces = n_down * n_across
    n_beside = -(-n_down // n_lines) if n_across == 1 else 1
    n_lines = -(-n_pieces // n_beside)
    page = Image.new(
        "RGB",
        (
            (n_beside * (width + gap) - gap) * tile_px,
            (n_lines * (height + gap) - gap) * tile_px,
        ),
        "white",
    )
    for i in range(n_pieces):
        down, right = divmod(i, n_across)
        if from_below and tall:
            bottom = rows - down * height
            top = max(0, bottom - height)
        else:
            top = down * height
            bottom = min(rows, top + height)
        left, end = right * width, min(columns, (right + 1) * width)
        box = tuple(edge * tile_px for edge in (left, top, end, bottom))
        piece = picture.crop(box)  # type: ignore[arg-type]
        line, place = divmod(i, n_beside)
        # The last piece of a climb is what is left of the top: its feet stand where the others' do.
        sunk = (height - (bottom - top)) if from_below and tall else 0
        page.paste(
            piece,
            (
                place * (width + gap) * tile_px,
                (line * (height + gap) + sunk) * tile_px,
            ),
        )
    return page
