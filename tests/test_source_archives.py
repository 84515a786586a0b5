"""Zip archives as sources of levels, honest and not."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from procgen_sim._checks import InputError
from procgen_sim.generators.sources import archive as archives
from procgen_sim.generators.sources import open_source
from procgen_sim.generators.sources.text import NO_TILESET
from procgen_sim.levels import Tileset
from procgen_sim.levels.tileset import Affordance

TILESET_JSON = '{"tiles": {"-": ["empty"], "X": ["solid"]}}'
TILES = Tileset({"-": ("empty",), "X": ("solid",), "o": ("collectable",)})
LEVELS = {"lvl-8.txt": "--\nXX\n", "lvl-9.txt": "-X\nXX\n", "lvl-10.txt": "X-\nX-\n"}


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_is_read_like_its_folder(here: Path) -> None:
    zipped(here / "game.zip", {**LEVELS, "tileset.json": TILESET_JSON, "README.txt": "?"})
    source = open_source("game.zip")
    assert [level.rows() for level in source.levels] == [t.split() for t in LEVELS.values()]
    assert source.origins == ("lvl-8.txt", "lvl-9.txt", "lvl-10.txt")
    assert (source.name, source.kind, source.notes) == ("game", "zip", ())
    assert source.levels[0].mask(Affordance.SOLID).sum() == 2
    assert source.detail == "the level files of the archive game.zip"
    assert len(open_source("game.zip", n_levels=1).levels) == 1


@pytest.mark.parametrize("tiles", ["a/b/tileset.json", "a/tileset.json"])
def test_levels_may_be_in_one_folder_inside(tiles: str, here: Path) -> None:
    members = {f"a/b/{name}": text for name, text in LEVELS.items()}
    junk = {
        "__MACOSX/a/b/._lvl-8.txt": "\0",
        "a/b/.hidden.txt": "\0",
        "c/notes.md": "x",
        "a/x.txt/": "",
    }
    zipped(here / "game.zip", {**members, **junk, tiles: TILESET_JSON})
    source = open_source("game.zip")
    assert len(source.levels) == 3
    assert source.levels[0].tileset.characters == ("-", "X")
    assert source.notes == ()
    assert source.detail == "the level files of the folder a/b of the archive game.zip"


def test_backslashes_separate_folders_too(here: Path) -> None:
    path = zipped(here / "game.zip", {"a/lvl-8.txt": "XX"})
    path.write_bytes(path.read_bytes().replace(b"a/lvl", b"a\\lvl"))
    assert open_source("game.zip").origins == ("lvl-8.txt",)


def test_a_given_tileset_is_used_whatever_is_inside(here: Path) -> None:
    zipped(here / "game.zip", {"level 1: start.txt": "XX", "tileset.json": "{"})
    with pytest.raises(InputError, match=r"^game\.zip, tileset\.json, line 1, column 2"):
        open_source("game.zip")
    assert open_source("game.zip", tileset=TILES).origins == ("level 1: start.txt",)


def test_an_archive_without_a_tileset(here: Path) -> None:
    zipped(here / "game.zip", LEVELS)
    assert open_source("game.zip").notes == (NO_TILESET,)
    (here / "tileset.json").write_text(TILESET_JSON)
    beside = open_source("game.zip")
    assert beside.notes == ()
    assert beside.levels[0].mask(Affordance.SOLID).any()
    (here / "tileset.json").write_text("{")
    with pytest.raises(InputError, match=r"tileset\.json, line 1, column 2") as caught:
        open_source("game.zip")
    assert "above" not in str(caught.value)
    assert open_source("game.zip", tileset=TILES).levels[0].tileset == TILES


def test_errors_name_the_member_and_not_where_it_was_unpacked(here: Path) -> None:
    zipped(
        here / "game.zip", {**{f"in/{n}": t for n, t in LEVELS.items()}, "in/lvl-9.txt": "XX\nX"}
    )
    with pytest.raises(InputError, match=r"^game\.zip, in/lvl-9\.txt, line 2, column 2: "):
        open_source("game.zip")
    source = open_source("game.zip", skip_bad=True)
    assert len(source.levels) == 2
    assert source.skipped[0].startswith("game.zip, in/lvl-9.txt, line 2")
    with pytest.raises(InputError, match=r"^game\.zip, in/lvl-8\.txt, line 1, column 1: "):
        open_source("game.zip", tileset=Tileset({"?": ()}))


@pytest.mark.parametrize(
    "name", ["../lvl-1.txt", "a/../../lvl-1.txt", "/etc/lvl-1.txt", "C:/lvl-1.txt", "..\\lvl-1.txt"]
)
def test_names_that_lead_out_are_refused(name: str, here: Path) -> None:
    zipped(here / "game.zip", {**LEVELS, name: "XX"})
    with pytest.raises(
        InputError, match="names of files inside the archive.*which leads out of it"
    ):
        open_source("game.zip")
    assert sorted(path.name for path in here.parent.rglob("*.txt")) == []


def test_what_is_no_archive(here: Path) -> None:
    (here / "text.zip").write_text("hello")
    (here / "empty.zip").touch()
    whole = zipped(here / "game.zip", LEVELS).read_bytes()
    (here / "cut.zip").write_bytes(whole[: len(whole) // 2])
    for name in ("text.zip", "empty.zip", "cut.zip"):
        with pytest.raises(
            InputError, match=rf"^{name}: expected a zip archive of levels, found a f"
        ):
            open_source(name)
    zipped(here / "none.zip", {"notes.md": "x"})
    with pytest.raises(InputError, match=r"an archive with level files .* found none"):
        open_source("none.zip")
    zipped(here / "two.zip", {"a/1.txt": "X", "b/1.txt": "X"})
    with pytest.raises(
        InputError, match="one folder of the archive, found some in each of 'a', 'b'"
    ):
        open_source("two.zip")


def test_a_damaged_member_is_named(here: Path) -> None:
    path = here / "game.zip"
    with zipfile.ZipFile(path, "w") as archive:  # stored, so that the text can be found
        for name, text in LEVELS.items():
            archive.writestr(name, text)
    path.write_bytes(path.read_bytes().replace(b"-X\nXX", b"oX\nXX"))
    with pytest.raises(
        InputError, match=r"game\.zip, lvl-9\.txt: .* unpacked, found a damaged one"
    ):
        open_source("game.zip")
    source = open_source("game.zip", skip_bad=True)
    assert (len(source.levels), len(source.skipped)) == (2, 1)


def test_encrypted_members_links_and_unknown_compressions(here: Path) -> None:
    path = zipped(here / "game.zip", {"a.txt": "X"})
    plain = path.read_bytes()
    local, central = plain.index(b"PK\3\4"), plain.index(b"PK\1\2")
    for at, value, says in ((6, 1, "an encrypted one"), (8, 77, "an unknown compression")):
        data = bytearray(plain)
        for start in (local + at, central + at + 2):
            data[start : start + 2] = struct.pack("<H", value)
        path.write_bytes(data)
        with pytest.raises(InputError, match=rf"game\.zip, a\.txt: .* found {says}"):
            open_source("game.zip")
        with pytest.raises(InputError, match=says):
            open_source("game.zip", skip_bad=True)
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="expected a file, found a link"):
        open_source("game.zip")


def test_bombs_are_not_unpacked(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(here / "bomb.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", b"X" * 15_000_000)
    with pytest.raises(InputError, match="times its size, found 14 MiB, .* times its size"):
        open_source("bomb.zip")
    monkeypatch.setattr(archives, "_MAX_UNPACKED", 5)
    zipped(here / "game.zip", LEVELS)
    with pytest.raises(InputError, match="MiB when unpacked"):
        open_source("game.zip")
    monkeypatch.setattr(archives, "_MAX_ARCHIVE", 5)
    with pytest.raises(InputError, match="an archive of at most"):
        open_source("game.zip")


def test_a_size_that_is_a_lie_helps_nobody(here: Path) -> None:
    path = zipped(here / "game.zip", {"a.txt": b"X" * 17 * 1024**2})
    data = bytearray(path.read_bytes())
    central = data.index(b"PK\1\2")
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"game\.zip, a\.txt"):
        open_source("game.zip")
