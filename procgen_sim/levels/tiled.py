"""What a Tiled map means as a level: the rules shared by ``.tmx`` and ``.tmj``.

Our maps carry their tileset: each tile has the properties ``character`` and ``tags`` (separated
by commas, or a JSON list where a tag holds a comma), so a level round-trips without any other
file. Reading somebody else's map [Tiled]_ follows four rules, and refuses rather than guesses:

1. *The layer.* The one named ``level``; else the only one with any tile in it.
2. *The tileset.* The one given by the caller; else the map's own ``character`` and ``tags``;
   else a ``tileset.json`` beside the map or in the folder above.
3. *The tiles.* A tile is the character its property says. In a map whose tiles say nothing, and
   with one tileset, tile number *n* (from 0) is the *n*-th of the given tileset.
4. *Nothing there* is the tileset's first tile tagged ``empty``.

Mirrored and turned tiles count as the tile they mirror: that is a matter of looks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import quoted, shown
from procgen_sim.levels.tileset import Affordance, Tileset
from procgen_sim.levels.tileset_file import check_tile

__all__ = [
    "LAYER_NAME",
    "TILE_PX",
    "MapLayer",
    "MapTile",
    "MapTileset",
    "TiledMap",
    "level_from_map",
    "tags_as_text",
]

LAYER_NAME: Final = "level"
TILE_PX: Final = 16

_NOT_FLAGS: Final = 0x1FFFFFFF  # the upper bits mirror and turn a tile
_EMBED: Final = "name a tileset, or give its tiles the properties 'character' and 'tags'"


@dataclass(frozen=True, kw_only=True)
class MapTile:
    """What a tile of a map's tileset says about itself; None where it says nothing."""

    character: str | None
    tags: str | None


@dataclass(frozen=True, kw_only=True)
class MapTileset:
    """A tileset inside a map.

    Attributes
    ----------
    first
        The number of its first tile in the map's layers, at least 1.
    n_tiles
        How many tiles it has; None when the map does not say.
    tiles
        Tile number from 0 to what it says.
    """

    name: str
    first: int
    n_tiles: int | None
    tiles: dict[int, MapTile]


@dataclass(frozen=True, kw_only=True)
class MapLayer:
    """A layer of tiles: ``(rows, columns)`` numbers, 0 for nothing, flags in the upper bits."""

    name: str
    numbers: npt.NDArray[np.uint32]


@dataclass(frozen=True, kw_only=True)
class TiledMap:
    """A Tiled map, whichever of the two formats it was in."""

    path: Path
    layers: tuple[MapLayer, ...]
    tilesets: tuple[MapTileset, ...]


def level_from_map(
    source: TiledMap, tileset: Tileset | None = None, nearby: Tileset | None = None
) -> Level:
    """Return the level a map holds, by the four rules of this module.

    Parameters
    ----------
    source
        The map.
    tileset
        What the caller says the tileset is; None to go by the map.
    nearby
        The tileset of the folder, for maps that do not carry one; None when there is none.

    Raises
    ------
    InputError
        If a rule finds nothing or more than one thing, or a tile is unknown: says where.
    """
    where = shown(source.path)
    layer = _layer(where, source.layers)
    if tileset is None:
        own = _own_tileset(where, source.tilesets)
        tileset = nearby if own is None or _agrees(own, nearby) else own
    if tileset is None:
        raise InputError(
            where, expected="tiles that say what they are, or a tileset", found="neither", do=_EMBED
        )
    codes = _codes(where, source, layer, tileset)
    return Level(codes, tileset, shown(Path(source.path.stem)))


def _layer(where: str, layers: Sequence[MapLayer]) -> MapLayer:
    candidates = [layer for layer in layers if layer.name == LAYER_NAME]
    if not candidates and len(layers) == 1:
        candidates = list(layers)
    if not candidates:
        candidates = [layer for layer in layers if layer.numbers.any()]
    if len(candidates) == 1:
        return candidates[0]
    names = ", ".join(quoted(layer.name) for layer in (candidates or layers)[:8])
    raise InputError(
        where,
        expected=f"one layer with tiles, or one named {LAYER_NAME!r}",
        found=(f"{len(candidates)} ({names})" if candidates else "none"),
    )


def _own_tileset(where: str, tilesets: Sequence[MapTileset]) -> Tileset | None:
    tags: dict[str, list[str]] = {}
    for tileset in sorted(tilesets, key=lambda each: each.first):
        for number, tile in sorted(tileset.tiles.items()):
            if tile.character is None:
                continue
            if tile.tags is None:
                return None
            at = f"{where}, tileset {quoted(tileset.name)}, tile {number}"
            words = _tags_from_text(at, tile.tags)
            check_tile(at, tile.character, words)
            if tags.setdefault(tile.character, words) != words:
                raise InputError(
                    at,
                    expected=f"the tags {tile.character!r} had before",
                    found="other tags",
                )
    if not tags:
        return None
    try:
        return Tileset(tags)
    except InputError as error:
        raise InputError(where, expected=error.expected, found=error.found) from None


def _agrees(own: Tileset, nearby: Tileset | None) -> bool:
    # Codes follow the tileset's order, so a map edited in Tiled had better share its folder's.
    return nearby is not None and all(
        nearby.tags.get(character) == tags for character, tags in own.tags.items()
    )


def _codes(
    where: str, source: TiledMap, layer: MapLayer, tileset: Tileset
) -> npt.NDArray[np.uint8]:
    numbers = layer.numbers & np.uint32(_NOT_FLAGS)
    by_position = len(source.tilesets) == 1 and all(
        tile.character is None for tile in source.tilesets[0].tiles.values()
    )
    used, first_at, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    codes = np.empty(len(used), dtype=np.uint8)
    for i, number in enumerate(used.tolist()):
        row, column = divmod(int(first_at[i]), numbers.shape[1])
        at = f"{where}, layer {quoted(layer.name)}, row {row + 1}, column {column + 1}"
        codes[i] = _code(at, number, source.tilesets, tileset, by_position)
    grid: npt.NDArray[np.uint8] = codes[inverse.reshape(numbers.shape)]
    return grid


def _code(
    at: str, number: int, tilesets: Sequence[MapTileset], tileset: Tileset, by_position: bool
) -> int:
    if number == 0:
        empty = tileset.first(Affordance.EMPTY)
        if empty is None:
            raise InputError(
                at,
                expected="a tile, since the tileset has none tagged 'empty'",
                found="nothing there",
            )
        return tileset.codes[empty]
    owners = [each for each in tilesets if each.first <= number]
    owner = max(owners, key=lambda each: each.first) if owners else None
    if owner is None or (owner.n_tiles is not None and number - owner.first >= owner.n_tiles):
        raise InputError(at, expected="a tile of the map's tilesets", found=f"number {number}")
    local = number - owner.first
    if by_position:
        if local >= len(tileset):
            raise InputError(
                at,
                expected=f"a tile number below {len(tileset)}, the size of the given tileset",
                found=str(local),
                do="or name the tiles by a property 'character'",
            )
        return local
    character = owner.tiles[local].character if local in owner.tiles else None
    if character is None:
        raise InputError(
            at,
            expected="a tile with the property 'character'",
            found=f"tile {local} of tileset {quoted(owner.name)} without",
        )
    code = tileset.codes.get(character)
    if code is None:
        raise InputError(
            at,
            expected=f"a tile of the tileset ({''.join(tileset.characters)})",
            found=quoted(character),
            do="add it to tileset.json or correct the map",
        )
    return code


def tags_as_text(tags: Sequence[str]) -> str:
    """Tags as a map's property: separated by commas, or JSON where that would be ambiguous.

    >>> tags_as_text(["solid", "question block"]), tags_as_text(["a,b"])
    ('solid, question block', '["a,b"]')
    """
    plain = all(tag and tag == tag.strip() and "," not in tag for tag in tags)
    if plain and not (tags and tags[0].startswith("[")):
        return ", ".join(tags)
    return json.dumps(list(tags), ensure_ascii=False)


def _tags_from_text(at: str, text: str) -> list[str]:
    if text.startswith("["):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            raise InputError(
                at, expected="tags separated by commas, or a JSON list", found=quoted(text)
            )
        return value
    return [tag.strip() for tag in text.split(",") if tag.strip()]
