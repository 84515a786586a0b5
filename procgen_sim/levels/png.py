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
from procgen_sim.levels.art import SIDES, Art, art_for, picture_keys, with_sides
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import as_path
from procgen_sim.levels.tileset import Affordance, Tileset

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["render", "save_png", "save_tile_sheet"]

MAX_PIXELS: Final = 2**26
MAX_SCALE: Final = 16
_SHEET_COLUMNS: Final = 16
_BLOCKS: Final = ("generic:solid", "generic:breakable", "generic:bonus")
_DECO_PER_1000: Final = 120


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
    tiles = look.pictures[_picture_indices(level, look)].swapaxes(1, 2).reshape(*size, 4)
    image = Image.fromarray(_sky(look, size))
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


def _picture_indices(level: Level, art: Art) -> npt.NDArray[np.intp]:
    """``(rows, columns)`` which of the art's pictures each tile is shown by."""
    keys = picture_keys(art, level.tileset)
    n_masks = 2 ** len(SIDES)
    starts = np.zeros((len(keys), n_masks), dtype=np.intp)
    counts = np.ones((len(keys), n_masks), dtype=np.intp)
    for code, key in enumerate(keys):
        if key is not None:
            for mask in range(n_masks):
                variants = art.variants[with_sides(art, key, mask)]
                starts[code, mask], counts[code, mask] = variants[0], len(variants)
    dice = _dice(level.grid.shape)
    masks = _open_sides(level, art, keys)
    codes = level.grid
    indices: npt.NDArray[np.intp] = starts[codes, masks] + dice % counts[codes, masks]
    _decorate(indices, level, art, keys, masks, dice)
    return indices


def _open_sides(level: Level, art: Art, keys: list[str | None]) -> npt.NDArray[np.intp]:
    """``(rows, columns)`` bits of :data:`SIDES` where a neighbour is of another material.

    Materials drawn with all four sides join each other: masonry set into earth leaves no seam.
    What lies outside the level continues it.
    """
    materials = np.arange(len(keys))
    for code, key in enumerate(keys):
        if key in _BLOCKS or all(f"{key}_{side}" in art.variants for side in SIDES):
            materials[code] = -1
    field = np.pad(materials[level.grid], 1, mode="edge")
    here = field[1:-1, 1:-1]
    neighbours = (field[:-2, 1:-1], field[2:, 1:-1], field[1:-1, :-2], field[1:-1, 2:])
    masks = np.zeros(here.shape, dtype=np.intp)
    for bit, neighbour in enumerate(neighbours):
        masks |= (neighbour != here).astype(np.intp) << bit
    return masks


def _decorate(
    indices: npt.NDArray[np.intp],
    level: Level,
    art: Art,
    keys: list[str | None],
    masks: npt.NDArray[np.intp],
    dice: npt.NDArray[np.intp],
) -> None:
    """Put a tuft or a stone on some empty tiles above open ground, in place."""
    ornaments = art.variants.get("deco")
    if not ornaments or level.n_rows < 2:
        return
    ground = np.array([key == "X" for key in keys])[level.grid] & (masks & 1 != 0)
    empty = level.mask(Affordance.EMPTY) & ~level.mask(Affordance.START | Affordance.GOAL)
    rolled = dice[:-1] // 8 % 1000
    place = np.zeros(indices.shape, dtype=np.bool_)
    place[:-1] = empty[:-1] & ground[1:] & (rolled < _DECO_PER_1000)
    indices[place] = ornaments[0] + dice[place] % len(ornaments)


def _dice(shape: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """``shape`` numbers that follow from the place alone: the same level, the same picture."""
    rows, columns = np.indices(shape, dtype=np.uint32)
    mixed = rows * np.uint32(0x9E3779B1) ^ columns * np.uint32(0x85EBCA77)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    mixed ^= mixed >> np.uint32(13)
    dice: npt.NDArray[np.intp] = (mixed >> np.uint32(4)).astype(np.intp)
    return dice
