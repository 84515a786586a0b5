"""Levels and tilesets in files, and everything that can be wrong with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.levels import (
    Level,
    Tileset,
    load_level,
    load_tileset,
    reading,
    save_level,
    save_tileset,
)

TILES = Tileset({"-": ("empty", "passable"), "X": ("solid",), "é": ("enemy",)})


def written(folder: Path, data: bytes, name: str = "level.txt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def room(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder for all examples of one property: a fixture would be shared by them anyway."""
    folder = factory.getbasetemp() / name
    folder.mkdir(exist_ok=True)
    return folder


def is_one_sentence(error: InputError) -> bool:
    text = str(error)
    return text.endswith(".") and "\n" not in text and text.isprintable() and len(text) < 2000


def test_the_tiny_level_uses_every_tile(tiny_level: Level, house_tileset: Tileset) -> None:
    assert len(np.unique(tiny_level.grid)) == len(house_tileset)


def test_text_round_trip_keeps_every_tile(tmp_path: Path, tiny_level: Level) -> None:
    save_level(tiny_level, tmp_path / "deep" / "tiny.txt")
    again = load_level(tmp_path / "deep" / "tiny.txt", tiny_level.tileset)
    assert again == tiny_level
    assert again.name == "tiny"


def test_text_file_reads_like_the_level(
    tmp_path: Path, tiny_level: Level, golden: Callable[[str, str], None]
) -> None:
    save_level(tiny_level, tmp_path / "tiny.txt")
    golden("tiny.txt", (tmp_path / "tiny.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "data",
    [
        b"--\nXX\n",
        b"--\nXX",
        b"--\r\nXX\r\n",
        b"--\rXX\r",
        b"\xef\xbb\xbf--\nXX\n",
        b"--\nXX\n\n\r\n\n",
    ],
    ids=["unix", "no last line end", "windows", "old mac", "byte order mark", "empty lines at end"],
)
def test_harmless_differences_are_the_same_level(tmp_path: Path, data: bytes) -> None:
    assert load_level(written(tmp_path, data), TILES).rows() == ["--", "XX"]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", r"level\.txt: expected a level of text, found an empty file"),
        (b"\n\r\n", r"found only empty lines"),
        (b"\n--\n", r"level\.txt, line 1: expected a row of tiles, found an empty line"),
        (b"---\n-x-\n", r"level\.txt, line 2, column 2: expected a tile .*found 'x'"),
        (b"---\n--\n", r"level\.txt, line 2, column 3: expected a row of 3 tiles .* found 2 tiles"),
        (b"--\n---\n", r"level\.txt, line 2, column 3: expected a row of 2 tiles .* found 3 tiles"),
        (b"---\n\n---\n", r"level\.txt, line 2, column 1: .* found 0 tiles"),
        (b"--\nX\0\n", r"level\.txt, line 2, byte 5: expected text, found a zero byte"),
        (b"--\nX\xe9\n", r"line 2, column 2: expected UTF-8 text, found byte 0xe9 at position 5"),
        (b"\xef\xbb\xbf-\xe9", r"line 1, column 2: .* byte 0xe9 at position 5"),
        ("é-".encode() + b"\xff", r"line 1, column 3: .* byte 0xff at position 4"),
        ("--\n".encode("utf-16"), r"byte 1: expected UTF-8 text, found UTF-16"),
        (b"-" * 100_001, r"expected 1 to 100,000 columns, found 100,001"),
        (b"-\n" * 10_001, r"expected 1 to 10,000 rows, found 10,001"),
        ((b"-" * 2000 + b"\n") * 2001, r"at most 4,000,000 tiles"),
    ],
)
def test_bad_text_is_one_sentence_that_says_where(tmp_path: Path, data: bytes, match: str) -> None:
    with pytest.raises(InputError, match=match) as caught:
        load_level(written(tmp_path, data), TILES)
    assert is_one_sentence(caught.value)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 1024**2)
    with pytest.raises(InputError, match=r"of at most 1 MiB, found a larger file"):
        load_level(written(tmp_path, b"-" * (1024**2 + 1)), TILES)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and links in the file system")
def test_what_is_not_a_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    for name, found in {
        "missing.txt": "nothing of that name",
        "folder.txt": "a folder",
        "nowhere.txt": "a link to nothing",
        "a.txt": "a link that leads back to itself",
        "pipe.txt": "neither a file nor a folder",
        "x" * 300 + ".txt": "file name too long",
        "folder.txt/level.txt": "nothing of that name",
    }.items():
        with pytest.raises(InputError, match=f"expected a level of text, found {found}"):
            load_level(tmp_path / name, TILES)
    with pytest.raises(InputError, match="expected the name of a file or folder"):
        load_level("a\0b.txt", TILES)

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    (tmp_path / "mine.txt").touch()
    with pytest.raises(InputError, match="found permission denied"):
        load_level(tmp_path / "mine.txt", TILES)


def test_unknown_suffixes_are_refused_both_ways(tmp_path: Path) -> None:
    level = Level.from_rows(["-X"], TILES)
    with pytest.raises(InputError, match=r"to be read: \.txt, \.tmx, \.tmj, found the suffix"):
        load_level(written(tmp_path, b"--", "level.png"), TILES)
    with pytest.raises(InputError, match=r"to be written: .*\.png, found no suffix"):
        save_level(level, tmp_path / "level")


def test_names_with_line_breaks_do_not_break_the_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"two\\nlines") as caught:
        load_level(tmp_path / "two\nlines.txt", TILES)
    assert is_one_sentence(caught.value)


def test_the_tileset_is_looked_for_in_the_folder_and_above(tmp_path: Path) -> None:
    (tmp_path / "game" / "levels").mkdir(parents=True)
    path = written(tmp_path / "game" / "levels", b"-X\n")
    with pytest.raises(InputError, match=r"expected a tileset\.json in its folder"):
        load_level(path)
    save_tileset(TILES, tmp_path / "game" / "tileset.json")
    assert load_level(path).tileset == TILES
    save_tileset(Tileset({"X": (), "-": ()}), path.parent / "tileset.json")
    assert load_level(path).tileset == Tileset({"X": (), "-": ()})
    assert load_level(path, tmp_path / "game" / "tileset.json").tileset == TILES


def test_tileset_round_trip_keeps_order_and_tags(tmp_path: Path) -> None:
    tiles = Tileset({'"': ("a b", ""), "\\": (), "木": ("très, bien",), " ": ("empty",)})
    save_tileset(tiles, tmp_path / "tileset.json")
    again = load_tileset(tmp_path / "tileset.json")
    assert list(again.tags.items()) == list(tiles.tags.items())


def test_tilesets_in_another_order_are_not_equal() -> None:
    one, other = Tileset({"-": (), "X": ()}), Tileset({"X": (), "-": ()})
    assert one != other
    assert Level.from_rows(["-"], one) != Level.from_rows(["X"], other)


def test_other_keys_of_a_tileset_file_are_left_alone(tmp_path: Path) -> None:
    document = {"name": "game", "tiles": {"X": ["solid"]}, "structures": [1, {"a": None}]}
    path = written(tmp_path, json.dumps(document).encode(), "tileset.json")
    assert load_tileset(path) == Tileset({"X": ("solid",)})


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "expected a tileset file, found an empty file"),
        ('{\n "tiles": {,}', r"tileset\.json, line 2, column 12: expected a tileset .* in JSON"),
        ("[]", "expected a tileset .* found a list"),
        ("null", "found nothing"),
        ("{}", "key 'tiles': .* found no such key"),
        ('{"tiles": ["X"]}', "key 'tiles': .* found a list"),
        ('{"tiles": {}}', "expected 1 to 255 tiles, found 0"),
        ('{"tiles": {"XY": []}}', "tile 'XY': expected one visible character, found 2 characters"),
        ('{"tiles": {"": []}}', "expected one visible character, found 0 characters"),
        ('{"tiles": {"\\n": []}}', "expected one visible character, found an invisible one"),
        ('{"tiles": {"\\ud800": []}}', "expected one visible character"),
        ('{"tiles": {"\\ufeff": []}}', "expected one visible character"),
        ('{"tiles": {"X": "solid"}}', "tile 'X': expected a list of tags, found a text"),
        ('{"tiles": {"X": [1]}}', "tile 'X': expected tags that are texts, found a number"),
        ('{"tiles": {"X": ["a\\nb"]}}', "expected tags of one line"),
        ('{"tiles": {"X": [], "X": ["solid"]}}', "expected each key once, found 'X' twice"),
        ("[" * 100_000, "nested without end"),
        ('{"tiles": ' + "9" * 5000 + "}", "thousands of digits"),
        (
            json.dumps({"tiles": {chr(0x4E00 + i): [] for i in range(256)}}),
            "expected 1 to 255 tiles, found 256",
        ),
    ],
)
def test_bad_tilesets_are_one_sentence_that_says_where(
    tmp_path: Path, text: str, match: str
) -> None:
    with pytest.raises(InputError, match=match) as caught:
        load_tileset(written(tmp_path, text.encode(), "tileset.json"))
    assert is_one_sentence(caught.value)
    assert "tileset.json" in str(caught.value)


def test_what_no_file_can_hold_is_not_written(tmp_path: Path) -> None:
    level = Level.from_rows(["\ud800"], Tileset({"\ud800": ()}))
    for name in ("level.txt", "level.tmx", "level.tmj"):
        with pytest.raises(InputError, match="expected one visible character"):
            save_level(level, tmp_path / name)
    assert not list(tmp_path.glob("*.t*"))


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="expected a place to write to"):
        save_level(Level.from_rows(["-"], TILES), tmp_path / "file" / "level.txt")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text("-Xé\r\n\ufeff\0 ", max_size=60).map(str.encode))
def test_any_bytes_are_a_level_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = written(room(tmp_path_factory, "text"), data)
    try:
        level = load_level(path, TILES)
    except InputError as error:
        assert is_one_sentence(error)
    else:
        assert level.n_rows >= 1


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=100)
    | JSON_VALUES.map(lambda value: json.dumps(value).encode())
    | JSON_VALUES.map(lambda value: json.dumps({"tiles": value}).encode())
)
def test_any_bytes_are_a_tileset_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = written(room(tmp_path_factory, "tileset"), data, "tileset.json")
    try:
        tiles = load_tileset(path)
    except InputError as error:
        assert is_one_sentence(error)
    else:
        save_tileset(tiles, path)
        assert load_tileset(path) == tiles


VISIBLE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Co", "Zl", "Zp"))


@settings(max_examples=50, deadline=None)
@given(
    st.dictionaries(
        VISIBLE, st.lists(st.text("ab ,[]\"'é", max_size=5), max_size=3), min_size=1, max_size=9
    ),
    st.integers(1, 5),
    st.integers(1, 5),
    st.integers(0, 2**32),
    st.sampled_from([".txt", ".tmx", ".tmj"]),
)
def test_every_format_gives_back_what_it_was_given(
    tmp_path_factory: pytest.TempPathFactory,
    tags: dict[str, list[str]],
    n_rows: int,
    n_columns: int,
    seed: int,
    suffix: str,
) -> None:
    tiles = Tileset(tags)
    rng = np.random.default_rng(seed)
    level = Level(rng.integers(0, len(tiles), (n_rows, n_columns)).astype(np.uint8), tiles)
    path = room(tmp_path_factory, "formats") / f"any{suffix}"
    save_level(level, path)
    given_tiles = tiles if suffix == ".txt" else None
    assert load_level(path, given_tiles) == level


def test_importing_levels_loads_no_format() -> None:
    heavy = ("PIL", "xml.etree", "base64", "sklearn", "matplotlib", "numba", "duckdb")
    code = f"import sys, procgen_sim.levels; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
