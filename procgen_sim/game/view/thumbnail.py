"""A whole level as a small picture: each tile a few pixels, in the colours of its own picture."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pygame

from procgen_sim.levels import Level
from procgen_sim.levels.art import Art, load_art
from procgen_sim.levels.autotile import picture_layers

__all__ = ["thumbnail"]

MOST_PX: Final = 6
"""Pixels a tile at most: larger, and a level looks like a bad picture rather than a small one."""

Pixels = npt.NDArray[np.float64]


def thumbnail(level: Level, art: str, size: tuple[int, int]) -> pygame.Surface:
    """A picture of the level that fits into ``size`` pixels.

    Takes a few milliseconds: tile pictures are shrunk once and only put together here.
    """
    look = load_art(art)
    scale = min(size[0] / level.n_columns, size[1] / level.n_rows, MOST_PX)
    px = math.ceil(scale)
    small = _shrunk(art, px)
    height, width = level.n_rows * px, level.n_columns * px
    top, bottom = np.array(look.sky, dtype=np.float64)
    share = np.linspace(0.0, 1.0, height)[:, None]
    picture = np.repeat((top + share * (bottom - top))[:, None, :], width, axis=1)
    for indices in picture_layers(level, look):
        layer = small[indices].swapaxes(1, 2).reshape(height, width, 4)
        picture = picture * (1.0 - layer[..., 3:]) + layer[..., :3]
    codes = np.rint(picture).astype(np.uint8)
    surface = pygame.image.frombuffer(codes.tobytes(), (width, height), "RGB")
    if scale == px:
        return surface
    extent = math.floor(level.n_columns * scale), max(1, math.floor(level.n_rows * scale))
    return pygame.transform.smoothscale(surface, extent)


@cache
def _shrunk(art: str, px: int) -> Pixels:
    """``(n, px, px, 4)`` the art's pictures, colours multiplied by opacity, opacity 0 to 1."""
    look: Art = load_art(art)
    pictures = look.pictures.astype(np.float64)
    opacity = pictures[..., 3:] / 255.0
    premultiplied = np.concatenate([pictures[..., :3] * opacity, opacity], axis=-1)
    shrink = _box(look.tile_px, px)
    return np.asarray(np.einsum("ia,jb,nabc->nijc", shrink, shrink, premultiplied, optimize=True))


def _box(n: int, m: int) -> Pixels:
    """``(m, n)`` weights that average n pixels into m."""
    edges = np.linspace(0.0, n, m + 1)
    low, high = edges[:-1, None], edges[1:, None]
    pixel = np.arange(n)[None]
    overlap = np.clip(np.minimum(high, pixel + 1) - np.maximum(low, pixel), 0.0, None)
    return np.asarray(overlap / overlap.sum(axis=1, keepdims=True))
