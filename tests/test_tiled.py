"""Tiled maps in and out."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytmx  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_level, save_level
from procgen_sim.levels.tmj import save_tmj
from procgen_sim.levels.tmx import save_tmx

TILES = Tileset({"-": ("empty", "passable"), "X": ("solid",), "o": ("coin, or so", "collectable")})
LEVEL = Level.from_rows(["--o", "XXX"], TILES, "small")
NUMBERS = [1, 1, 3, 2, 2, 2]
BYTES = np.array(NUMBERS, dtype="<u4").tobytes()

PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<map width="3" height="2" tilewidth="8" tileheight="8">
 <tileset firstgid="1" name="theirs" tilecount="3"/>
 <layer name="ground" width="3" height="2">
  <data encoding="csv">
1,1,3,
2,2,2
</data>
 </layer>
</map>
"""
"""Somebody else's map, whose tiles say nothing about themselves."""


def is_one_sentence(error: InputError) -> bool:
    text = str(error)
    return text.endswith(".") and "\n" not in text and text.isprintable() and len(text) < 2000


def tmx(folder: Path, text: str | bytes) -> Path:
    path = folder / "map.tmx"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def document() -> dict[str, Any]:
    """Somebody else's map as ``.tmj``."""
    return {
        "width": 3,
        "height": 2,
        "infinite": False,
        "tilesets": [{"firstgid": 1, "name": "theirs", "tilecount": 3}],
        "layers": [{"type": "tilelayer", "name": "ground", "data": NUMBERS}],
    }


def tmj(folder: Path, value: object) -> Path:
    path = folder / "map.tmj"
    path.write_text(json.dumps(value))
    return path


@pytest.mark.parametrize("suffix", [".tmx", ".tmj"])
def test_a_map_needs_no_other_file(tmp_path: Path, tiny_level: Level, suffix: str) -> None:
    for level in (tiny_level, LEVEL):
        path = tmp_path / f"map{suffix}"
        save_level(level, path)
        for picture in tmp_path.glob("*.png"):
            picture.unlink()
        again = load_level(path)
        assert again == level
        assert tuple(again.tileset.tags) == tuple(level.tileset.tags)


def test_a_map_file_reads_like_the_level(
    tmp_path: Path, golden: Callable[[str, str], None]
) -> None:
    save_tmx(LEVEL, tmp_path / "small.tmx")
    save_tmj(LEVEL, tmp_path / "small.tmj")
    golden("small.tmx", (tmp_path / "small.tmx").read_text(encoding="utf-8"))
    golden("small.tmj", (tmp_path / "small.tmj").read_text(encoding="utf-8"))


def test_an_independent_reader_sees_the_same_tiles(tmp_path: Path, tiny_level: Level) -> None:
    save_level(tiny_level, tmp_path / "tiny.tmx")
    theirs = pytmx.TiledMap(str(tmp_path / "tiny.tmx"))
    assert (theirs.width, theirs.height) == (tiny_level.n_columns, tiny_level.n_rows)
    for row, characters in enumerate(tiny_level.rows()):
        for column, character in enumerate(characters):
            properties = theirs.get_tile_properties(column, row, 0)
            assert properties["character"] == character
            assert properties["tags"] == ", ".join(tiny_level.tileset.tags[character])


def test_the_picture_beside_a_map_shows_its_tiles(tmp_path: Path, tiny_level: Level) -> None:
    from PIL import Image

    for name in ("one.tmx", "two.tmx", "three.tmj"):
        save_level(tiny_level, tmp_path / name)
    (picture,) = tmp_path.glob("*.png")
    assert f'source="{picture.name}"' in (tmp_path / "one.tmx").read_text()
    with Image.open(picture) as image:
        assert image.size == (256, 32)
        opacity = image.getchannel("A")
        assert opacity.getpixel((16 + 8, 8)) == 255  # X is opaque, - is not
        assert opacity.getpixel((8, 8)) == 0


@pytest.mark.parametrize(
    ("attributes", "content"),
    [
        ('encoding="csv"', "1,1,3,2,2,2"),
        ('encoding="csv"', "\n1, 1, 3,\r\n\t2,2,2\n"),
        ('encoding="base64"', base64.b64encode(BYTES).decode()),
        ('encoding="base64"', f"\n  {base64.b64encode(BYTES).decode()}\n"),
        ('encoding="base64" compression=""', base64.b64encode(BYTES).decode()),
        ('encoding="base64" compression="zlib"', base64.b64encode(zlib.compress(BYTES)).decode()),
        ('encoding="base64" compression="gzip"', base64.b64encode(gzip.compress(BYTES)).decode()),
        ("", "".join(f'<tile gid="{number}"/>' for number in NUMBERS)),
        ('encoding="csv"', f"{1 | 1 << 31},1,3,{2 | 1 << 30},{2 | 1 << 29},2"),
    ],
    ids=["csv", "spaces", "base64", "indented", "none", "zlib", "gzip", "tiles", "mirrored"],
)
def test_every_encoding_is_the_same_level(tmp_path: Path, attributes: str, content: str) -> None:
    text = PLAIN.replace('encoding="csv"', attributes).replace("\n1,1,3,\n2,2,2\n", content)
    assert load_level(tmx(tmp_path, text), TILES).rows() == LEVEL.rows()
    if "base64" in attributes:
        value = document()
        value["layers"][0]["data"] = content
        value["layers"][0]["compression"] = attributes.partition('compression="')[2][:-1]
        assert load_level(tmj(tmp_path, value), TILES).rows() == LEVEL.rows()


def test_numbers_go_by_the_given_tilesets_order(tmp_path: Path) -> None:
    assert load_level(tmx(tmp_path, PLAIN), TILES).rows() == ["--o", "XXX"]
    assert load_level(tmj(tmp_path, document()), TILES).rows() == ["--o", "XXX"]
    small = Tileset({"-": (), "X": ()})
    with pytest.raises(InputError, match=r"row 1, column 3: expected a tile number below 2"):
        load_level(tmx(tmp_path, PLAIN), small)
    with pytest.raises(
        InputError, match=r"map\.tmx: expected tiles that say what they are, or a tileset, found"
    ):
        load_level(tmx(tmp_path, PLAIN))


def test_nothing_there_is_the_empty_tile(tmp_path: Path) -> None:
    text = PLAIN.replace("1,1,3", "0,0,3")
    assert load_level(tmx(tmp_path, text), TILES).rows() == LEVEL.rows()
    tiles = Tileset({"-": ("passable",), "X": ("solid",), "o": ()})
    with pytest.raises(InputError, match=r"row 1, column 1: .*none tagged 'empty'"):
        load_level(tmx(tmp_path, text), tiles)


def test_the_given_tileset_wins_over_the_maps_own(tmp_path: Path) -> None:
    save_level(LEVEL, tmp_path / "map.tmx")
    other = Tileset({"o": (), "X": (), "-": ()})
    assert load_level(tmp_path / "map.tmx", other).rows() == LEVEL.rows()
    with pytest.raises(InputError, match=r"row 1, column 3: .* found 'o'"):
        load_level(tmp_path / "map.tmx", Tileset({"-": (), "X": ()}))


LAYER = PLAIN[PLAIN.index(" <layer") : PLAIN.index("</map>")]


def test_one_layer_is_the_level(tmp_path: Path) -> None:
    empty = LAYER.replace("1,1,3", "0,0,0").replace("2,2,2", "0,0,0").replace("ground", "sky")
    for text in (
        PLAIN.replace(LAYER, empty + LAYER),
        PLAIN.replace(LAYER, f"<group><group>{LAYER}</group></group><objectgroup/>"),
        PLAIN.replace(LAYER, LAYER.replace("1,1", "2,2") + LAYER.replace("ground", "level")),
    ):
        assert load_level(tmx(tmp_path, text), TILES).rows() == LEVEL.rows()
    with pytest.raises(InputError, match=r"named 'level', found 2 \('ground', 'ground'\)"):
        load_level(tmx(tmp_path, PLAIN.replace(LAYER, LAYER + LAYER)), TILES)
    with pytest.raises(InputError, match="named 'level', found none"):
        load_level(tmx(tmp_path, PLAIN.replace(LAYER, empty + empty)), TILES)


def test_several_tilesets_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    def tile(number: int, character: str) -> str:
        properties = {"character": character, "tags": "solid"}
        inner = "".join(f'<property name="{k}" value="{v}"/>' for k, v in properties.items())
        return f'<tile id="{number}"><properties>{inner}</properties></tile>'

    sets = (
        f'<tileset firstgid="3" name="b" tilecount="1">{tile(0, "o")}</tileset>'
        f'<tileset firstgid="1" name="a" tilecount="2">{tile(0, "-")}{tile(1, "X")}</tileset>'
    )
    old = ' <tileset firstgid="1" name="theirs" tilecount="3"/>'
    level = load_level(tmx(tmp_path, PLAIN.replace(old, sets)))
    assert level.rows() == LEVEL.rows()
    assert level.tileset.characters == ("-", "X", "o")
    partly = sets.replace(tile(1, "X"), "")
    with pytest.raises(InputError, match=r"row 2, column 1: .* found tile 1 of tileset 'a'"):
        load_level(tmx(tmp_path, PLAIN.replace(old, partly)))
    clash = sets.replace(tile(0, "o"), tile(0, "X").replace("solid", "ice"))
    with pytest.raises(InputError, match="expected the tags 'X' had before, found other tags"):
        load_level(tmx(tmp_path, PLAIN.replace(old, clash)))


BOMB = base64.b64encode(zlib.compress(bytes(50_000_000))).decode()
ZLIB = 'encoding="base64" compression="zlib"'


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        (PLAIN, "", "expected a Tiled map, found an empty file"),
        (PLAIN, "\0\1\2", "line 1, column 1: expected XML"),
        (PLAIN, "<map", r"line 1, column 1: expected XML, found unclosed token"),
        ("</map>", "", r"line 11, column 1: expected XML, found the end of the file"),
        (PLAIN, "<tileset/>", "expected a Tiled map, <map>, found <tileset>"),
        ("<map ", '<!DOCTYPE map SYSTEM "map.dtd">\n<map ', r"line 2: .* found <!DOCTYPE"),
        ("<map ", '<!DOCTYPE map [<!ENTITY a "b">]><map ', "without a document type"),
        ('"ground"', '"&lol;"', "expected XML, found undefined entity"),
        ("UTF-8", "no-such", "expected XML"),
        ("UTF-8", "utf-7", "expected XML"),
        ("<map ", '<map infinite="1" ', "expected a map of fixed size, found an infinite map"),
        ("<map ", '<map orientation="hexagonal" ', "an orthogonal map, found 'hexagonal'"),
        ('<map width="3"', '<map width="x"', "line 2: expected a whole number as width .* 'x'"),
        ('<map width="3"', "<map", "found no width"),
        ('<map width="3"', '<map width="0"', "expected 1 to 100,000 columns, found 0"),
        ('<map width="3"', '<map width="9999999999"', "expected 1 to 100,000 columns"),
        ('<map width="3"', '<map width="4"', r"line 4: expected width 4 like the map, found 3"),
        (LAYER, "", "expected a layer of tiles, found none"),
        ('name="theirs"', 'source="a.tsx"', r"line 3: .* one in the file 'a\.tsx'; embed it"),
        ('firstgid="1"', 'firstgid="0"', "expected a firstgid of at least 1, found 0"),
        ('firstgid="1"', "", "line 3: expected a whole number as firstgid"),
        ("1,1,3", "1,1,4", r"row 1, column 3: .* of the map's tilesets, found number 4"),
        ("1,1,3", "1,z,3", r"line 6, layer 'ground', row 1, column 2: .* found 'z'"),
        ("2,2,2", "2,-2,2", r"line 7, layer 'ground', row 2, column 2: .* found '-2'"),
        ("2,2,2", "2,2,4294967296", r"row 2, column 3: .* found 4294967296"),
        ("2,2,2", "2,2", r"expected 6 tiles \(2 rows of 3\), found 5"),
        ("1,1,3,\n2,2,2", "", r"expected 6 tiles .* found 0"),
        ('encoding="csv"', 'encoding="hex"', "expected CSV or base64, found the encoding 'hex'"),
        ('encoding="csv"', "", "expected 6 tiles .* found 0"),
        ('encoding="csv"', 'encoding="base64"', "expected base64, found"),
        ('encoding="csv"', 'encoding="base64" compression="zstd"', "the compression 'zstd'"),
        ('encoding="csv">\n1,1,3,\n2,2,2\n', f"{ZLIB}>{BOMB}", "24 bytes .* found more than 24"),
        ('encoding="csv">\n1,1,3,\n2,2,2\n', f"{ZLIB}>AAAA", "zlib data, found damaged"),
        (
            'encoding="csv">\n1,1,3,\n2,2,2\n',
            f"{ZLIB}>{base64.b64encode(zlib.compress(BYTES)[:-5]).decode()}",
            "zlib data, found a cut end",
        ),
        (
            'encoding="csv">\n1,1,3,\n2,2,2\n',
            f'encoding="base64">{base64.b64encode(BYTES[:-1]).decode()}',
            "expected 24 bytes for 2 rows of 3 tiles, found 23",
        ),
        ('<data encoding="csv">', "<data><chunk/>", "chunks of an infinite map"),
        (LAYER, "<layer/>", "expected a layer with <data>, found none"),
        (LAYER, "<a>" * 200, "nested at most 100 deep, found more"),
    ],
)
def test_bad_xml_maps_are_one_sentence(tmp_path: Path, old: str, new: str, match: str) -> None:
    assert old in PLAIN
    path = tmx(tmp_path, PLAIN.replace(old, new))
    with pytest.raises(InputError, match=match) as caught:
        load_level(path, TILES)
    assert is_one_sentence(caught.value)
    assert "map.tmx" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"infinite": True}, "found an infinite map"),
        ({"orientation": "isometric"}, "an orthogonal map, found 'isometric'"),
        ({"width": "3"}, "key 'width': expected a whole number, found '3'"),
        ({"width": True}, "key 'width': expected a whole number, found true or false"),
        ({"height": 10**9}, "expected 1 to 10,000 rows, found 1,000,000,000"),
        ({"layers": None}, "key 'layers': expected a list of objects, found nothing"),
        ({"layers": [1]}, "key 'layers': expected a list of objects"),
        ({"layers": []}, "expected a layer of tiles, found none"),
        ({"layers": [{"type": "tilelayer", "chunks": []}]}, "chunks of an infinite map"),
        ({"layers": [{"type": "tilelayer"}]}, "expected data: a list or base64, found nothing"),
        ({"layers": [{"type": "tilelayer", "data": [1]}]}, "expected 6 tiles"),
        ({"layers": [{"type": "tilelayer", "data": [1, 1, 3, 2, None, 2]}]}, "row 2, column 2"),
        ({"layers": [{"type": "tilelayer", "data": [1, 1, 3, 2, 2, 2**32]}]}, "row 2, column 3"),
        ({"layers": [{"type": "tilelayer", "data": "!"}]}, "expected base64"),
        ({"layers": [{"type": "tilelayer", "width": 4}]}, "width 3 like the map, found 4"),
        ({"tilesets": [{"firstgid": 1, "source": "a.tsj"}]}, r"one in the file 'a\.tsj'"),
        ({"tilesets": [{}]}, "key 'firstgid': expected a whole number, found no such key"),
        ({"tilesets": [{"firstgid": 1, "tiles": [{}]}]}, "key 'id': expected a whole number"),
        ({"tilesets": []}, r"row 1, column 1: .* found number 1"),
    ],
)
def test_bad_json_maps_are_one_sentence(tmp_path: Path, change: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match) as caught:
        load_level(tmj(tmp_path, document() | change), TILES)
    assert is_one_sentence(caught.value)


def room(factory: pytest.TempPathFactory) -> Path:
    folder = factory.getbasetemp() / "maps" / "fuzz"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def comes_out_whole(path: Path) -> None:
    for tiles in (TILES, None):
        try:
            level = load_level(path, tiles)
        except InputError as error:
            assert is_one_sentence(error)
        else:
            assert level.n_rows >= 1


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """A file in which a few stretches were replaced, doubled or lost."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 8)))
        words = (b"", b"9", b"-1", b'"', b"<", b">", b"null", b"0", b"\xff", b"[", b",")
        new = draw(st.sampled_from(words) | st.binary(max_size=3) | st.just(data[start:end] * 2))
        data = data[:start] + new + data[end:]
    return data


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("originals")
    save_tmx(LEVEL, folder / "a.tmx")
    save_tmj(LEVEL, folder / "a.tmj")
    return {".tmx": (folder / "a.tmx").read_bytes(), ".tmj": (folder / "a.tmj").read_bytes()}


@settings(max_examples=400, deadline=None)
@given(data=st.data(), suffix=st.sampled_from([".tmx", ".tmj"]))
def test_any_damage_is_a_level_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory,
    originals: dict[str, bytes],
    data: st.DataObject,
    suffix: str,
) -> None:
    path = room(tmp_path_factory) / f"damaged{suffix}"
    path.write_bytes(data.draw(mutated(originals[suffix])))
    comes_out_whole(path)


KEYS = ("type", "name", "data", "layers", "id", "properties", "value", "width", "firstgid")
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.integers()
    | st.floats()
    | st.sampled_from(["tilelayer", "group", "character", "tags", "[", "X", "", "\ud800", "\n"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_json_is_a_level_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, originals: dict[str, bytes], data: st.DataObject
) -> None:
    value = json.loads(originals[".tmj"])
    for _ in range(data.draw(st.integers(1, 3))):
        at: Any = value
        while True:  # walk to some place in the map, and put something odd there
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if not isinstance(at[key], dict | list) or data.draw(st.integers(0, 3)) == 0:
                at[key] = data.draw(ODD)
                break
            at = at[key]
    path = room(tmp_path_factory) / "odd.tmj"
    path.write_text(json.dumps(value))
    comes_out_whole(path)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=100), suffix=st.sampled_from([".tmx", ".tmj"]))
def test_any_bytes_are_a_level_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    path = room(tmp_path_factory) / f"bytes{suffix}"
    path.write_bytes(data)
    comes_out_whole(path)
