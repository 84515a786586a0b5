"""Tiled's JSON format, ``.tmj``, in and out [Tiled]_. Nothing a map refers to is opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.files import write_text
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import (
    as_path,
    check_size,
    in_words,
    kind_of,
    parse_json,
    quoted,
    read_text,
    shown,
)
from procgen_sim.levels.tiled import (
    LAYER_NAME,
    TILE_PX,
    MapLayer,
    MapTile,
    MapTileset,
    TiledMap,
    tags_as_text,
)
from procgen_sim.levels.tiled_data import numbers_from_base64, numbers_from_list
from procgen_sim.levels.tileset_file import check_tile

__all__ = ["read_tmj", "save_tmj"]


def read_tmj(path: Path | str) -> TiledMap:
    """Read a map; see :func:`procgen_sim.levels.tiled.level_from_map` for the level in it.

    Raises
    ------
    InputError
        If it is not JSON or not a map, or uses what we do not read: infinite maps, other grids
        than squares, tilesets in other files, zstandard compression.
    """
    path = as_path(path)
    where = shown(path)
    root = parse_json(path, read_text(path, "a Tiled map"), "a Tiled map")
    if root.get("infinite", False) is not False:
        raise InputError(where, expected="a map of fixed size", found="an infinite map")
    orientation = root.get("orientation", "orthogonal")
    if orientation != "orthogonal":
        raise InputError(where, expected="an orthogonal map", found=in_words(orientation))
    shape = _whole(where, root, "height"), _whole(where, root, "width")
    check_size(where, *shape)
    layers: list[MapLayer] = []
    waiting = _objects(where, root, "layers")[::-1]
    while waiting:  # groups hold layers; no recursion, so no depth is too deep
        layer = waiting.pop()
        if layer.get("type") == "group":
            waiting.extend(_objects(where, layer, "layers")[::-1])
        elif layer.get("type") == "tilelayer":
            layers.append(_layer(where, layer, shape))
    if not layers:
        raise InputError(where, expected="a layer of tiles", found="none")
    tilesets = tuple(_tileset(where, each) for each in _objects(where, root, "tilesets"))
    return TiledMap(path=path, layers=tuple(layers), tilesets=tilesets)


def _whole(where: str, of: dict[str, Any], key: str) -> int:
    value = of.get(key)
    if type(value) is not int or not 0 <= value < 2**32:
        found = "no such key" if key not in of else in_words(value)
        raise InputError(f"{where}, key {key!r}", expected="a whole number", found=found)
    return value


def _objects(where: str, of: dict[str, Any], key: str) -> list[dict[str, Any]]:
    values = of.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        found = kind_of(values) if not isinstance(values, list) else "a list of other things"
        raise InputError(f"{where}, key {key!r}", expected="a list of objects", found=found)
    return values


def _text(of: dict[str, Any], key: str) -> str:
    value = of.get(key, "")
    return value if isinstance(value, str) else ""


def _layer(where: str, layer: dict[str, Any], shape: tuple[int, int]) -> MapLayer:
    name = _text(layer, "name")
    where = f"{where}, layer {quoted(name)}"
    if "chunks" in layer:
        raise InputError(where, expected="a map of fixed size", found="chunks of an infinite map")
    for side, length in zip(("height", "width"), shape, strict=True):
        if side in layer and _whole(where, layer, side) != length:
            raise InputError(
                where, expected=f"{side} {length} like the map", found=str(layer[side])
            )
    data = layer.get("data")
    if isinstance(data, list):
        return MapLayer(name=name, numbers=numbers_from_list(where, data, shape))
    if isinstance(data, str):
        compression = _text(layer, "compression")
        return MapLayer(name=name, numbers=numbers_from_base64(where, data, compression, shape))
    raise InputError(where, expected="data: a list or base64", found=kind_of(data))


def _tileset(where: str, tileset: dict[str, Any]) -> MapTileset:
    if "source" in tileset:
        raise InputError(
            where,
            expected="a tileset inside the map",
            found=f"one in the file {quoted(_text(tileset, 'source'))}",
            do="embed it: Tiled, tileset's button 'Embed Tileset'",
        )
    name = _text(tileset, "name")
    where = f"{where}, tileset {quoted(name)}"
    tiles = {}
    for tile in _objects(where, tileset, "tiles"):
        found = {
            # A tile "1" may well have got a property of type whole number.
            _text(each, "name"): str(each["value"])
            if type(each.get("value")) is int
            else _text(each, "value")
            for each in _objects(where, tile, "properties")
        }
        tiles[_whole(where, tile, "id")] = MapTile(
            character=found.get("character"), tags=found.get("tags")
        )
    first = _whole(where, tileset, "firstgid")
    if first < 1:
        raise InputError(where, expected="a firstgid of at least 1", found=str(first))
    n_tiles = _whole(where, tileset, "tilecount") if "tilecount" in tileset else None
    return MapTileset(name=name, first=first, n_tiles=n_tiles, tiles=tiles)


def save_tmj(level: Level, path: Path | str, *, image: tuple[str, int, int] | None = None) -> None:
    """Write a map with its tileset inside; the arguments are :func:`~.tmx.save_tmx`'s.

    Raises
    ------
    InputError
        If the place cannot be written, or the tileset has tiles that no file can hold.
    """
    tiles = []
    for code, (character, tags) in enumerate(level.tileset.tags.items()):
        check_tile("tileset", character, list(tags))
        properties = {"character": character, "tags": tags_as_text(tags)}
        tiles.append(
            {
                "id": code,
                "properties": [
                    {"name": key, "type": "string", "value": value}
                    for key, value in properties.items()
                ],
            }
        )
    tileset: dict[str, Any] = {
        "firstgid": 1,
        "name": "tiles",
        "tilewidth": TILE_PX,
        "tileheight": TILE_PX,
        "tilecount": len(tiles),
        "columns": image[1] // TILE_PX if image else 0,
        "margin": 0,
        "spacing": 0,
        "tiles": tiles,
    }
    if image:
        tileset |= {"image": image[0], "imagewidth": image[1], "imageheight": image[2]}
    document = {
        "type": "map",
        "version": "1.10",
        "orientation": "orthogonal",
        "renderorder": "right-down",
        "width": level.n_columns,
        "height": level.n_rows,
        "tilewidth": TILE_PX,
        "tileheight": TILE_PX,
        "infinite": False,
        "nextlayerid": 2,
        "nextobjectid": 1,
        "tilesets": [tileset],
        "layers": [
            {
                "id": 1,
                "name": LAYER_NAME,
                "type": "tilelayer",
                "x": 0,
                "y": 0,
                "width": level.n_columns,
                "height": level.n_rows,
                "opacity": 1,
                "visible": True,
                "data": (level.grid.astype(np.uint32) + 1).ravel().tolist(),
            }
        ],
    }
    write_text(as_path(path), json.dumps(document, ensure_ascii=False) + "\n")
