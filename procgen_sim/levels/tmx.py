"""Tiled's XML format, ``.tmx``, in and out [Tiled]_.

The XML is read with no document type, so it can define no entities, fetch no files and expand no
further than its own length. Nothing a map refers to is opened.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.parsers import expat

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.files import write_bytes
from procgen_sim.levels.level import Level
from procgen_sim.levels.reading import as_path, check_size, quoted, read_bytes, shown
from procgen_sim.levels.tiled import (
    LAYER_NAME,
    TILE_PX,
    MapLayer,
    MapTile,
    MapTileset,
    TiledMap,
    tags_as_text,
)
from procgen_sim.levels.tiled_data import (
    numbers_from_base64,
    numbers_from_csv,
    numbers_from_list,
)
from procgen_sim.levels.tileset_file import check_tile

__all__ = ["read_tmx", "save_tmx"]

_MAX_ELEMENTS: Final = 1_000_000
_MAX_DEPTH: Final = 100
_XML_ERRORS: Final = {3: "the end of the file", 4: "something that is not well formed"}


def read_tmx(path: Path | str) -> TiledMap:
    """Read a map; see :func:`procgen_sim.levels.tiled.level_from_map` for the level in it.

    Raises
    ------
    InputError
        If it is not XML or not a map, or uses what we do not read: document types, infinite
        maps, other grids than squares, tilesets in other files, zstandard compression.
    """
    path = as_path(path)
    document = _parse(path, read_bytes(path, "a Tiled map"))
    root = document.root
    if root.tag != "map":
        raise document.error(root, "a Tiled map, <map>", f"<{root.tag[:40]}>")
    if root.get("infinite", "0") != "0":
        raise document.error(root, "a map of fixed size", "an infinite map")
    if root.get("orientation", "orthogonal") != "orthogonal":
        raise document.error(root, "an orthogonal map", quoted(root.get("orientation", "")))
    shape = document.whole(root, "height"), document.whole(root, "width")
    check_size(document.at(root), *shape)
    layers = tuple(_layer(document, layer, shape) for layer in root.iter("layer"))
    if not layers:
        raise document.error(root, "a layer of tiles", "none")
    return TiledMap(
        path=path,
        layers=layers,
        tilesets=tuple(_tileset(document, tileset) for tileset in root.findall("tileset")),
    )


@dataclass(frozen=True)
class _Document:
    where: str
    root: ET.Element
    lines: dict[ET.Element, int] = field(repr=False)

    def at(self, element: ET.Element) -> str:
        return f"{self.where}, line {self.lines[element]}"

    def error(self, element: ET.Element, expected: str, found: str, **do: str) -> InputError:
        return InputError(self.at(element), expected=expected, found=found, **do)

    def whole(self, element: ET.Element, name: str) -> int:
        text = element.get(name, "").strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 10):
            found = quoted(text) if text else f"no {name}"
            raise self.error(element, f"a whole number as {name} of <{element.tag[:40]}>", found)
        return int(text)


def _parse(path: Path, data: bytes) -> _Document:
    where = shown(path)
    parser = expat.ParserCreate()
    builder = ET.TreeBuilder()
    lines: dict[ET.Element, int] = {}
    depth = 0

    def refuse_doctype(*_: object) -> None:
        raise InputError(
            f"{where}, line {parser.CurrentLineNumber}",
            expected="a map without a document type",
            found="<!DOCTYPE",
            do="delete it; no map needs one",
        )

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH or len(lines) >= _MAX_ELEMENTS:
            limit = f"{_MAX_ELEMENTS:,} elements, nested at most {_MAX_DEPTH} deep"
            raise InputError(
                f"{where}, line {parser.CurrentLineNumber}",
                expected=f"a map of at most {limit}",
                found="more",
            )
        lines[builder.start(tag, attributes)] = parser.CurrentLineNumber

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InputError(
            f"{where}, line {error.lineno}, column {error.offset + 1}",
            expected="XML",
            found=_XML_ERRORS.get(error.code, expat.ErrorString(error.code)),
        ) from None
    except InputError:
        raise
    except (LookupError, ValueError):  # the declaration names an encoding nobody has
        raise InputError(where, expected="XML in UTF-8", found="another encoding") from None
    return _Document(where, builder.close(), lines)


def _layer(document: _Document, layer: ET.Element, shape: tuple[int, int]) -> MapLayer:
    name = layer.get("name", "")
    for side, length in zip(("height", "width"), shape, strict=True):
        if layer.get(side) is not None and document.whole(layer, side) != length:
            raise document.error(
                layer, f"{side} {length} like the map", f"{document.whole(layer, side)}"
            )
    data = layer.find("data")
    if data is None:
        raise document.error(layer, "a layer with <data>", "none")
    if data.find("chunk") is not None:
        raise document.error(data, "a map of fixed size", "chunks of an infinite map")
    where = f"{document.at(data)}, layer {quoted(name)}"
    encoding, text = data.get("encoding", ""), data.text or ""
    if encoding == "csv":
        line = document.lines[data]
        numbers = numbers_from_csv(document.where, name, line, text, shape)
    elif encoding == "base64":
        numbers = numbers_from_base64(where, text, data.get("compression", ""), shape)
    elif encoding == "":
        gids = [
            document.whole(tile, "gid") if "gid" in tile.keys() else 0  # noqa: SIM118
            for tile in data.iterfind("tile")
        ]
        numbers = numbers_from_list(where, list[object](gids), shape)
    else:
        raise InputError(where, expected="CSV or base64", found=f"the encoding {quoted(encoding)}")
    return MapLayer(name=name, numbers=numbers)


def _tileset(document: _Document, tileset: ET.Element) -> MapTileset:
    if tileset.get("source") is not None:
        raise document.error(
            tileset,
            "a tileset inside the map",
            f"one in the file {quoted(tileset.get('source', ''))}",
            do="embed it: Tiled, tileset's button 'Embed Tileset'",
        )
    n_tiles = document.whole(tileset, "tilecount") if tileset.get("tilecount") else None
    tiles = {}
    for tile in tileset.iterfind("tile"):
        found: dict[str, str] = {}
        for each in tile.iterfind("properties/property"):
            # Tiled writes a text of several lines as the element's content.
            found[each.get("name", "")] = each.get("value", each.text or "")
        tiles[document.whole(tile, "id")] = MapTile(
            character=found.get("character"), tags=found.get("tags")
        )
    first = document.whole(tileset, "firstgid")
    if first < 1:
        raise document.error(tileset, "a firstgid of at least 1", str(first))
    return MapTileset(name=tileset.get("name", ""), first=first, n_tiles=n_tiles, tiles=tiles)


def save_tmx(level: Level, path: Path | str, *, image: tuple[str, int, int] | None = None) -> None:
    """Write a map with its tileset inside.

    Parameters
    ----------
    level, path
        What to write, and where.
    image
        File name, width and height in pixels of a picture of the tiles, 16 × 16 pixels each in
        the order of their codes; None for a map that only programs will read.

    Raises
    ------
    InputError
        If the place cannot be written, or the tileset has tiles that no file can hold.
    """
    n_tiles, columns = len(level.tileset), image[1] // TILE_PX if image else 0
    root = ET.Element(
        "map",
        version="1.10",
        orientation="orthogonal",
        renderorder="right-down",
        width=str(level.n_columns),
        height=str(level.n_rows),
        tilewidth=str(TILE_PX),
        tileheight=str(TILE_PX),
        infinite="0",
        nextlayerid="2",
        nextobjectid="1",
    )
    tileset = ET.SubElement(
        root,
        "tileset",
        firstgid="1",
        name="tiles",
        tilewidth=str(TILE_PX),
        tileheight=str(TILE_PX),
        tilecount=str(n_tiles),
        columns=str(columns),
    )
    if image:
        source, width, height = image
        ET.SubElement(tileset, "image", source=source, width=str(width), height=str(height))
    for code, (character, tags) in enumerate(level.tileset.tags.items()):
        check_tile("tileset", character, list(tags))
        tile = ET.SubElement(tileset, "tile", id=str(code))
        properties = ET.SubElement(tile, "properties")
        ET.SubElement(properties, "property", name="character", value=character)
        ET.SubElement(properties, "property", name="tags", value=tags_as_text(tags))
    layer = ET.SubElement(
        root,
        "layer",
        id="1",
        name=LAYER_NAME,
        width=str(level.n_columns),
        height=str(level.n_rows),
    )
    ET.indent(root, space=" ")
    data = ET.SubElement(layer, "data", encoding="csv")
    rows = (level.grid.astype(np.uint32) + 1).tolist()
    data.text = "\n" + ",\n".join(",".join(map(str, row)) for row in rows) + "\n"
    write_bytes(as_path(path), ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n")
