"""Folders of levels."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import (
    SHIPPED,
    Corpus,
    Level,
    Tileset,
    combine,
    load_corpus,
    save_level,
    save_tileset,
    shipped_corpus,
)
from procgen_sim.levels.corpus import natural_order

TILES = Tileset({"-": ("empty", "passable"), "X": ("solid",)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three good levels, and the other things folders hold."""
    folder = tmp_path / "game"
    folder.mkdir()
    save_tileset(TILES, folder / "tileset.json")
    (folder / "lvl-10.txt").write_text("---\nXXX\n")
    (folder / "lvl-2.txt").write_text("--\nXX\n")
    save_level(Level.from_rows(["-X"], TILES), folder / "LVL-3.TMX")
    for name in ("index.toml", "README.md", "readme.txt", "LICENSE.txt", ".hidden.txt", "a.png"):
        (folder / name).write_bytes(b"\0 not a level")
    (folder / "old.txt").mkdir()
    return folder


def test_levels_come_in_the_order_people_number_them(folder: Path) -> None:
    corpus = load_corpus(folder)
    assert [level.name for level in corpus.levels] == ["lvl-2", "LVL-3", "lvl-10"]
    assert (corpus.name, corpus.folder, corpus.skipped) == ("game", folder, ())
    assert corpus.tileset == TILES


def test_numbers_sort_by_value_wherever_they_stand() -> None:
    names = ["b", "a10b2", "a10b10", "a2", "a", "A1", "10", "9", "007", "7"]
    expected = ["007", "7", "9", "10", "a", "A1", "a2", "a10b2", "a10b10", "b"]
    assert natural_order(names) == expected


def test_a_bad_file_is_named(folder: Path) -> None:
    (folder / "lvl-4.txt").write_text("--\nX?\n")
    with pytest.raises(InputError, match=r"lvl-4\.txt, line 2, column 2: .* found '\?'"):
        load_corpus(folder)


def test_bad_files_can_be_skipped_and_are_listed(folder: Path) -> None:
    (folder / "lvl-4.txt").write_text("--\nX?\n")
    (folder / "lvl-5.tmx").write_bytes(b"\xff\xfe")
    (folder / "lvl-6.txt").symlink_to(folder / "gone")
    corpus = load_corpus(folder, skip_bad=True)
    assert len(corpus.levels) == 3
    assert [Path(sentence.split(",")[0].split(": ")[0]).name for sentence in corpus.skipped] == [
        "lvl-4.txt",
        "lvl-5.tmx",
        "lvl-6.txt",
    ]


def test_a_folder_of_bad_files_is_an_error_all_the_same(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("?\n")
    with pytest.raises(InputError, match=r"found 2 that cannot; the first says: .*a\.txt"):
        load_corpus(tmp_path, tileset=TILES, skip_bad=True)


def test_folders_without_levels_say_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="found an empty folder"):
        load_corpus(tmp_path / "empty")
    (tmp_path / "empty" / "notes.md").touch()
    with pytest.raises(InputError, match=r"expected a folder with level files .* found none"):
        load_corpus(tmp_path / "empty")
    with pytest.raises(InputError, match="expected a folder of levels, found nothing of that name"):
        load_corpus(tmp_path / "missing")
    with pytest.raises(InputError, match="expected a folder of levels, found a file"):
        load_corpus(folder / "lvl-2.txt")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(InputError, match="a link that leads back to itself"):
        load_corpus(tmp_path / "loop")


def test_a_bad_tileset_is_not_skipped(folder: Path) -> None:
    (folder / "tileset.json").write_text("{")
    with pytest.raises(InputError, match=r"tileset\.json, line 1, column 2"):
        load_corpus(folder, skip_bad=True)
    assert load_corpus(folder, tileset=TILES).tileset == TILES


def test_a_map_shares_the_tileset_of_its_folder_where_they_agree(folder: Path) -> None:
    save_level(Level.from_rows(["X"], Tileset({"X": ("solid",)})), folder / "lvl-11.tmx")
    assert load_corpus(folder).levels[-1].tileset == TILES
    save_level(Level.from_rows(["X"], Tileset({"X": ("ice",)})), folder / "lvl-11.tmx")
    corpus = load_corpus(folder)
    assert corpus.levels[-1].tileset == Tileset({"X": ("ice",)})
    assert corpus.tileset is None


def test_a_level_in_two_formats_is_one_level(folder: Path) -> None:
    before = load_corpus(folder)
    save_level(before.levels[0], folder / "lvl-2.tmj")
    corpus = load_corpus(folder)
    assert corpus.levels == before.levels
    assert len(corpus.skipped) == 1
    assert "lvl-2.txt: left out, it is the same level as" in corpus.skipped[0]
    (folder / "lvl-2.txt").write_text("X-\nXX\n")
    assert len(load_corpus(folder).levels) == len(before.levels) + 1


def test_combining_keeps_every_level_and_its_tileset(folder: Path) -> None:
    one = load_corpus(folder)
    other = Corpus(name="ice", levels=(Level.from_rows(["X"], Tileset({"X": ("ice",)})),))
    both = combine([one, other])
    assert both.levels == one.levels + other.levels
    assert (both.name, both.folder, both.tileset) == ("game + ice", None, None)
    assert combine([one, one], name="twice").tileset == TILES
    assert combine([one]) == one
    with pytest.raises(InputError, match="expected at least one corpus, found none"):
        combine([])


def test_a_corpus_has_levels() -> None:
    with pytest.raises(InputError, match="corpus 'none': expected at least one level"):
        Corpus(name="none", levels=())


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_corpora_load(name: str, house_tileset: Tileset) -> None:
    corpus = shipped_corpus(name)
    assert corpus.tileset == house_tileset
    assert len({level.name for level in corpus.levels}) == len(corpus.levels)
    assert len({level.digest() for level in corpus.levels}) == len(corpus.levels)


def test_a_mistyped_corpus_is_told_the_nearest() -> None:
    with pytest.raises(InputError, match=r"one of samurai, space_opera.*did you mean 'samurai'"):
        shipped_corpus("samuri")


@pytest.mark.parametrize(
    ("path", "n_levels", "n_rows", "n_columns", "n_tiles"),
    [
        ("vglc/super_mario_bros", 15, 14, None, None),
        ("vglc/kid_icarus", 6, None, 16, 6),
        ("vglc/lode_runner", 150, 22, 32, 8),
        ("mario_ai/notch", 200, 16, 200, None),
        ("mario_ai/notchParam", 200, 16, 200, None),
        ("mario_ai/hopper", 200, 16, 200, None),
    ],
)
def test_the_bodies_of_real_games_load_whole(
    shared_data: Path,
    path: str,
    n_levels: int,
    n_rows: int | None,
    n_columns: int | None,
    n_tiles: int | None,
) -> None:
    corpus = load_corpus(shared_data / path)
    assert len(corpus.levels) == n_levels
    assert n_rows is None or {level.n_rows for level in corpus.levels} == {n_rows}
    assert n_columns is None or {level.n_columns for level in corpus.levels} == {n_columns}
    used = Counter(
        character for level in corpus.levels for row in level.rows() for character in row
    )
    assert n_tiles is None or len(used) == n_tiles
    characters = sum(len(level.rows()) * level.n_columns for level in corpus.levels)
    assert sum(used.values()) == characters
    numbers = [int("".join(filter(str.isdigit, level.name))) for level in corpus.levels]
    assert numbers == sorted(numbers)
