"""Levels with the forecast over them: pale where a veteran knew what comes, dark where not.

The level itself is drawn in light greys, so that it can be read below one scale of colour whose
brightness falls all the way: it works in print and for any kind of colour vision.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels import SHIPPED, Level, Tileset, render
from procgen_sim.report.audit.reading import Source
from procgen_sim.report.style import INK, QUIET

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL import Image

__all__ = ["MOST_BITS", "TILE_PX", "as_level", "draw_legend", "plain", "png_of", "tinted"]

TILE_PX: Final = 16
MOST_BITS: Final = 6.0
"""Bits from which all tiles are tinted alike: the forecast gave what came 1 chance in 64."""

_SCALE: Final = ("#ffffff", "#fee6b8", "#fdbb6c", "#f0803c", "#cf4a24", "#a02020")
_DARKEST: Final = 0.48
"""Brightness of what is black in the level's own picture."""


def as_level(rows: Sequence[str], source: Source, name: str = "") -> Level:
    """Rows of characters as a level of a source; a character its tileset lacks means nothing."""
    tags: dict[str, tuple[str, ...]] = {
        character: tuple(words) for character, words in (source.get("tileset") or {}).items()
    }
    for character in sorted({character for row in rows for character in row}):
        tags.setdefault(character, ())
    return Level.from_rows(rows, Tileset(tags), name)


def plain(level: Level, source: Source) -> Image.Image:
    """The level's picture, in a shipped corpus's own art."""
    return render(level, art=source.name if source.name in SHIPPED else None)


def tinted(level: Level, source: Source, bits: npt.NDArray[np.float64]) -> Image.Image:
    """A level's picture in greys under the tint of its ``(rows, columns)`` bits."""
    from PIL import Image

    grey = np.asarray(plain(level, source).convert("L"), dtype=np.float32) / np.float32(255)
    grey = _DARKEST + (1.0 - _DARKEST) * grey
    colours = _colours(np.clip(bits / MOST_BITS, 0.0, 1.0)).astype(np.float32)
    colours = colours.repeat(TILE_PX, axis=0).repeat(TILE_PX, axis=1)
    return Image.fromarray(np.rint(grey[..., None] * colours * 255.0).astype(np.uint8))


def _colours(shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """``(…, 3)`` red, green, blue from 0 to 1 along the scale."""
    stops = np.array([[int(c[i : i + 2], 16) / 255.0 for i in (1, 3, 5)] for c in _SCALE])
    at = np.linspace(0.0, 1.0, len(stops))
    return np.stack([np.interp(shares, at, stops[:, i]) for i in range(3)], axis=-1)


def png_of(picture: Image.Image, *, tile_px: float = TILE_PX, colours: int = 96) -> bytes:
    """The picture at so many pixels a tile, of few colours, as PNG."""
    from PIL import Image

    if tile_px < TILE_PX:
        size = tuple(max(1, round(n * tile_px / TILE_PX)) for n in picture.size)
        picture = picture.resize(size, Image.Resampling.BOX)  # type: ignore[arg-type]
    buffer = io.BytesIO()
    fewer = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    fewer.save(buffer, format="PNG")
    return buffer.getvalue()


def draw_legend(**_: Any) -> Figure:
    """The scale of the tint, in bits and in words."""
    from matplotlib.colors import ListedColormap

    from procgen_sim.report.style import new_figure

    figure, (axes,) = new_figure(1, narrow=False, height=0.75, width=4.3)
    shares = np.linspace(0.0, 1.0, 256)
    axes.imshow(
        shares[None],
        cmap=ListedColormap(_colours(shares)),
        extent=(0.0, MOST_BITS, 0.0, 1.0),
        aspect="auto",
    )
    words: Mapping[float, str] = {
        0: "certain",
        1: "1 in 2",
        2: "1 in 4",
        4: "1 in 16",
        6: "1 in 64 or less",
    }
    axes.set_xticks(list(words), [f"{bits:g}{' +' if bits == MOST_BITS else ''}" for bits in words])
    axes.set_yticks([])
    axes.tick_params(length=2)
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(QUIET)
    for bits, word in words.items():
        side = "left" if bits == 0 else "right" if bits == MOST_BITS else "center"
        axes.annotate(
            word, (bits, 1.0), xytext=(0, 3), textcoords="offset points", ha=side, size=8, color=INK
        )
    axes.set_xlabel("bits a tile: the chance a veteran gave what came", size=8.5)
    return figure
