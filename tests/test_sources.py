"""Sources of levels: what a text means, and folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from procgen_sim._checks import InputError
from procgen_sim.generators.sources import DEFAULT_LEVELS, Limits, open_source, recognise
from procgen_sim.generators.sources.text import NO_TILESET
from procgen_sim.levels import SHIPPED, Level, Tileset, load_corpus, save_level, save_tileset
from procgen_sim.levels.tileset import Affordance

TILES = Tileset({"-": ("empty",), "X": ("solid",), "o": ("collectable",)})
PLAIN = ("--\nXX\n", "-X\nXX\n", "X-\nX-\n")


def fill(folder: Path, *, tileset: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(PLAIN, 8):
        (folder / f"lvl-{number}.txt").write_text(text)
    if tileset:
        save_tileset(TILES, folder / "tileset.json")
    return folder


# --- what a text means --------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_corpora_go_by_name(name: str) -> None:
    source = open_source(name, n_levels=4)
    assert (source.kind, source.name, len(source.levels)) == ("shipped", name, 4)
    assert source.seeds is None


def test_what_exists_is_what_it_is(here: Path) -> None:
    fill(here / "gen:make")
    fill(here / "a {seed}")
    assert recognise("gen:make") == "folder"
    assert recognise("a {seed}") == "folder"
    assert recognise("my.gen:Maker.make") == "function"


@pytest.mark.parametrize("text", ["C:\\levels", "C:/levels", "d:\\my levels\\a:b", "levels:", ":f"])
@pytest.mark.usefixtures("here")
def test_paths_with_a_drive_are_no_functions(text: str) -> None:
    with pytest.raises(InputError, match="found nothing of that name"):
        recognise(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "source: expected a folder of levels, a .zip of them"),
        (" ", "source: .* found ' '"),
        ("a\0b", "source: expected"),
        ("level", "nothing of that name; did you mean 'levels'"),
        ("samuri", "nothing of that name; did you mean 'samurai'"),
        ("packet.zip", "nothing of that name; did you mean 'packed.zip'"),
        ("levels/lvl-8.txt", "a file of another kind; name its folder, .*levels"),
        ("gen.py", r"another kind; write gen:function, or 'python gen.py \{seed\}'"),
        ("gen.py:make", "write gen:make, in the folder of the file"),
        ("gen:make(seed)", "found more; write gen:make"),
        ("lvl-{seed}.txt", r"expected \{seed\} in a command line, found it in the name of a file"),
        ("python3 gen.py", r"expected \{seed\} somewhere in a command line, found none"),
        ("python3 'gen.py {seed}", "a quote that is not closed"),
        ("gen.py {seed}", "'gen.py', which is a file in this folder; write python gen.py"),
        ("./gen.py {seed}", r"'./gen.py', which may not be executed; write python ./gen.py"),
        ("no-such-program {seed}", "'no-such-program', which is not installed"),
        ("levels {seed}", "'levels', which is a folder"),
    ],
)
def test_what_is_not_quite_a_source(text: str, says: str, here: Path) -> None:
    fill(here / "levels")
    (here / "packed.zip").touch()
    (here / "gen.py").touch()
    with pytest.raises(InputError, match=says):
        open_source(text)


def test_an_executable_is_told_about_its_seed(here: Path) -> None:
    (here / "gen").touch(mode=0o755)
    with pytest.raises(InputError, match=r"write './gen \{seed\}' with the quotes if it is a gen"):
        recognise("gen")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n_levels": 0}, "number of levels: .* found 0"),
        ({"seed": -1}, "seed: .* found -1"),
        ({"jobs": 0}, "jobs: .* found 0"),
    ],
)
def test_options_are_checked(options: dict[str, int], says: str) -> None:
    with pytest.raises(InputError, match=says):
        open_source("samurai", **options)  # type: ignore[arg-type]


def test_limits_leave_room() -> None:
    with pytest.raises(InputError, match="seconds for a level"):
        Limits(seconds=0)
    with pytest.raises(InputError, match="memory for a level"):
        Limits(memory_bytes=1)
    assert DEFAULT_LEVELS == 100


# --- folders ------------------------------------------------------------------------------------


def test_a_folder_is_read_as_everywhere(here: Path) -> None:
    folder = fill(here / "game")
    source = open_source("game")
    assert source.levels == load_corpus(folder).levels
    assert source.origins == ("lvl-8.txt", "lvl-9.txt", "lvl-10.txt")
    assert (source.name, source.kind, source.notes) == ("game", "folder", ())
    assert source.detail == "the level files of the folder game"


def test_the_first_levels_in_natural_order(here: Path) -> None:
    folder = fill(here / "game")
    (folder / "lvl-11.txt").write_text("??\n")  # never looked at
    assert open_source("game", n_levels=2).origins == ("lvl-8.txt", "lvl-9.txt")
    save_level(load_corpus(folder, skip_bad=True).levels[0], folder / "lvl-8.tmx")
    two = open_source("game", n_levels=2)
    assert [Path(name).stem for name in two.origins] == ["lvl-8", "lvl-9"]
    with pytest.raises(InputError, match=r"lvl-11\.txt, line 1, column 1"):
        open_source("game")
    skipping = open_source("game", n_levels=5, skip_bad=True)
    assert len(skipping.levels) == 3
    assert len(skipping.skipped) == 2


def test_any_game_works_without_a_tileset(here: Path) -> None:
    fill(here / "game", tileset=False)
    (here / "game" / "lvl-3.txt").write_bytes(b"\xef\xbb\xbfz X\r\nXaX\r\n\r\n")
    source = open_source("game")
    assert source.levels[0].rows() == ["z X", "XaX"]
    assert source.notes == (NO_TILESET,)
    assert {level.tileset.characters for level in source.levels} == {(" ", "-", "X", "a", "z")}
    assert not source.levels[0].mask(Affordance.SOLID).any()


def test_bad_text_without_a_tileset(here: Path) -> None:
    folder = fill(here / "game", tileset=False)
    (folder / "lvl-9.txt").write_text("XX\nX\x1b\n")
    with pytest.raises(InputError, match=r"lvl-9.txt, line 2, column 2: expected visible"):
        open_source("game")
    source = open_source("game", skip_bad=True)
    assert source.origins == ("lvl-8.txt", "lvl-10.txt")
    assert "lvl-9.txt, line 2, column 2" in source.skipped[0]
    (folder / "lvl-9.txt").write_text("XX\nX\n")
    with pytest.raises(InputError, match=r"lvl-9.txt, line 2, column 2: expected a row of 2 tiles"):
        open_source("game")
    (folder / "lvl-9.txt").write_text("".join(map(chr, range(0x4E00, 0x4E00 + 300))))
    with pytest.raises(InputError, match="at most 255 different characters, found 302"):
        open_source("game")


def test_a_given_tileset_is_kept_to(here: Path) -> None:
    fill(here / "game", tileset=False)
    save_tileset(Tileset({"-": ("empty",)}), here / "small.json")
    with pytest.raises(InputError, match=r"lvl-8.txt, line 2, column 1: .* found 'X'"):
        open_source("game", tileset="small.json")
    assert open_source("game", tileset=TILES).levels[0].tileset == TILES


def test_a_folder_of_maps_needs_no_tileset(here: Path) -> None:
    save_level(Level.from_rows(["-X"], TILES), here / "game" / "a.tmx")
    source = open_source("game")
    assert (source.levels[0].tileset, source.notes) == (TILES, ())


def test_links_to_nothing_and_to_themselves(here: Path) -> None:
    (here / "gone").symlink_to("nowhere")
    (here / "loop").symlink_to("loop")
    with pytest.raises(InputError, match="gone: expected a folder of levels, found a link to noth"):
        open_source("gone")
    with pytest.raises(InputError, match="loop: .* found a link that leads back to itself"):
        open_source("loop")


def test_the_folder_of_folders_is_advised(here: Path) -> None:
    fill(here / "all" / "game")
    with pytest.raises(InputError, match="levels one folder down: name all.game"):
        open_source("all")
