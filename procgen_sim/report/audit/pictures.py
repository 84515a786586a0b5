"""Pictures on the page: levels under the forecast, and tropes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from procgen_sim.report.audit.pieces import cut, is_tall
from procgen_sim.report.audit.reading import Source
from procgen_sim.report.audit.tint import TILE_PX, as_level, plain, png_of, tinted
from procgen_sim.report.audit.tropes import MOST_TROPES, trope_words
from procgen_sim.report.audit.words import bits
from procgen_sim.report.document import data_uri

__all__ = ["Pictured", "show_levels", "show_tropes"]

_WIDE: Final = (80, 12.0)
_NARROW: Final = (40, 14.0)
"""Tiles that stand side by side, and pixels a tile, on wide and narrow pages."""

_MOST_LINES: Final = 800


@dataclass(frozen=True, kw_only=True)
class Pictured:
    """A picture on the page.

    Attributes
    ----------
    title, caption, alt
        Above it; beside that; what a person who cannot see it is told.
    wide, narrow
        Data URIs for wide and narrow pages; ``narrow`` None for the same.
    width_px, height_px
        How large the wide one is shown at most.
    """

    title: str
    caption: str
    alt: str
    wide: str
    narrow: str | None
    width_px: int
    height_px: int


_WHY: Final = {
    "typical": "Most typical: foretold best",
    "surprising": "Most surprising: foretold worst",
}


def show_levels(source: Source, number: int, keep: Callable[[str, bytes], None]) -> list[Pictured]:
    """The typical and the surprising level of a source; files go to ``keep``."""
    found = []
    for shown in source.get("shown_levels") or ():
        rows = shown["rows"]
        title = _WHY.get(shown["why"], str(shown["why"]))
        caption = f"{shown['file']}: {bits(shown['bits_per_active_column'])} bits an active "
        caption += f"{source.line} to somebody who knows the other levels."
        tiles = np.asarray(shown["tile_bits"], dtype=np.float64)
        from_below = source.get("order") == "rows-up"
        if len(rows[0]) > _MOST_LINES:
            caption += f" The first {_MOST_LINES} of its {len(rows[0])} columns."
            rows, tiles = [row[:_MOST_LINES] for row in rows], tiles[:, :_MOST_LINES]
        if len(rows) > _MOST_LINES:
            part = slice(-_MOST_LINES, None) if from_below else slice(_MOST_LINES)
            caption += f" The {'lowest' if from_below else 'first'} {_MOST_LINES} of its rows."
            rows, tiles = rows[part], tiles[part]
        if is_tall(len(rows)):
            caption += " Cut into pieces side by side"
            caption += ", the bottom of the level first." if from_below else ", its top first."
        picture = tinted(as_level(rows, source, shown["file"]), source, tiles)
        images = [
            (cut(picture, tile_px=TILE_PX, across=across, from_below=from_below), px)
            for across, px in (_WIDE, _NARROW)
        ]
        wide, narrow = (png_of(image, tile_px=px) for image, px in images)
        keep(f"level_{number:02d}_{shown['why']}.png", wide)
        size = images[0][0].size
        same = images[0][0].size == images[1][0].size
        found.append(
            Pictured(
                title=title,
                caption=caption,
                alt=f"{title}. {caption} A picture of {len(rows)} × {len(rows[0])} tiles, darker "
                f"where the forecast was worse; {_worst(tiles, source)}",
                wide=data_uri(wide, "image/png"),
                narrow=None if same else data_uri(narrow, "image/png"),
                width_px=round(size[0] * 13.6 / TILE_PX),
                height_px=round(size[1] * 13.6 / TILE_PX),
            )
        )
    return found


def _worst(tiles: np.ndarray[Any, np.dtype[np.float64]], source: Source) -> str:
    """Where the forecast was worst, for those who cannot see it."""
    lines = tiles.sum(axis=0) if source.line == "column" else tiles.sum(axis=1)
    at = int(lines.argmax())
    from_the = "left" if source.line == "column" else "top"
    return f"worst in {source.line} {at + 1} from the {from_the}, {bits(float(lines[at]))} bits."


def show_tropes(source: Source) -> list[Pictured]:
    """The tropes of a source, those that pay most first."""
    found = []
    for trope in (source.get("tropes") or [])[:MOST_TROPES]:
        picture = plain(as_level(trope["rows"], source), source)
        title, caption = trope_words(trope, source)
        size = f"{len(trope['rows'])} × {len(trope['rows'][0])} tiles"
        found.append(
            Pictured(
                title=title,
                caption=caption,
                alt=f"A pattern of {size}, {title}; {caption}.",
                wide=data_uri(png_of(picture, colours=64), "image/png"),
                narrow=None,
                width_px=picture.width,
                height_px=picture.height,
            )
        )
    return found
