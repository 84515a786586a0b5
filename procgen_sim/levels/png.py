"""Pictures of levels."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.files import write_bytes
from procgen_sim.levels.art import Art, art_for, picture_keys
from procgen_sim.levels.autotile import picture_layers
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import as_path
from procgen_sim.levels.tileset import Tileset

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["render", "save_png", "save_tile_sheet"]

MAX_PIXELS: Final = 2**26
MAX_SCALE: Final = 16
_SHEET_COLUMNS: Final = 16


def render(level: Level, *, art: str | None = None, scale: int = 1) -> Image.Image:
    """Draw a level, 16 × 16 pixels a tile.

    Parameters
    ----------
    level
        What to draw.
    art
        One of :data:`~procgen_sim.levels.art.ARTS`; None for samurai if the level is written in
        the house tileset, else for the generic art, which shows what tiles afford. A tile that
        a genre has no picture for gets the generic one.
    scale
        Pixels a pixel, 1 to 16.

    Raises
    ------
    InputError
        If the art is unknown, or the picture would have more than 67 million pixels.
    """
    from PIL import Image

    check_int("scale", scale, low=1, high=MAX_SCALE)
    look = art_for(level.tileset, art)
    size = level.n_rows * look.tile_px, level.n_columns * look.tile_px
    if size[0] * size[1] * scale**2 > MAX_PIXELS:
        raise InputError(
            f"picture of level {level.name!r}",
            expected=f"at most {MAX_PIXELS:,} pixels",
            found=f"{size[0] * size[1] * scale**2:,}",
            do="choose a lower scale" if scale > 1 else None,
        )
    image = Image.fromarray(_sky(look, size))
    if not look.plain:
        _add_backdrops(image, look)
    for indices in picture_layers(level, look):
        if indices.any():
            tiles = look.pictures[indices].swapaxes(1, 2).reshape(*size, 4)
            image.alpha_composite(Image.fromarray(tiles))
    image = image.convert("RGB")
    if scale > 1:
        image = image.resize((size[1] * scale, size[0] * scale), Image.Resampling.NEAREST)
    return image


def save_png(level: Level, path: Path | str, *, art: str | None = None, scale: int = 1) -> None:
    """Write a picture of a level; the arguments and errors are :func:`render`'s."""
    write_bytes(as_path(path), _png(render(level, art=art, scale=scale)))


def save_tile_sheet(
    tileset: Tileset, folder: Path, *, art: str | None = None
) -> tuple[str, int, int]:
    """Write a picture of all tiles in the order of their codes, 16 a row, for Tiled.

    Returns
    -------
    tuple of str, int, int
        The file's name, its width and height in pixels. The name follows from the tileset and
        the art, so the maps of one tileset in one folder share one picture.
    """
    from PIL import Image

    look = art_for(tileset, art)
    indices = np.zeros((-(-len(tileset) // _SHEET_COLUMNS), _SHEET_COLUMNS), dtype=np.intp)
    for code, key in enumerate(picture_keys(look, tileset)):
        if key is not None:
            indices.flat[code] = look.variants[key][0]
    height, width = (n * look.tile_px for n in indices.shape)
    sheet = look.pictures[indices].swapaxes(1, 2).reshape(height, width, 4)
    told = json.dumps([look.name, *tileset.tags.items()]).encode()
    name = f"tiles_{hashlib.blake2b(told, digest_size=4).hexdigest()}.png"
    write_bytes(folder / name, _png(Image.fromarray(sheet)))
    return name, width, height


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def _sky(art: Art, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    top, bottom = np.array(art.sky, dtype=np.float64)
    share = np.linspace(0.0, 1.0, size[0])[:, None]
    sky = np.full((*size, 4), 255, dtype=np.uint8)
    sky[..., :3] = np.rint(top + share * (bottom - top)).astype(np.uint8)[:, None, :]
    return sky


def _add_backdrops(image: Image.Image, art: Art) -> None:
    """Lay the far and the near backdrop over the sky, standing on the level's bottom."""
    for backdrop in art.backdrops():
        for x in range(0, image.width, backdrop.width):
            y = image.height - backdrop.height
            source = (0, max(0, -y), min(backdrop.width, image.width - x), backdrop.height)
            image.alpha_composite(backdrop, (x, max(0, y)), source)
