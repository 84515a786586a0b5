"""Pictures of levels."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_corpus, render, save_level, save_png
from procgen_sim.levels.art import ARTS, affordance_key, art_for, load_art, picture_keys, with_sides
from procgen_sim.levels.autotile import picture_layers


def fronts(rows: list[str], tileset: Tileset, art: str) -> npt.NDArray[np.intp]:
    return picture_layers(Level.from_rows(rows, tileset), load_art(art))[1]


@pytest.mark.parametrize("art", ARTS)
def test_a_picture_is_sixteen_pixels_a_tile_and_the_same_every_time(
    tiny_level: Level, art: str
) -> None:
    picture = render(tiny_level, art=art)
    assert (picture.size, picture.mode) == ((24 * 16, 7 * 16), "RGB")
    assert picture.tobytes() == render(tiny_level, art=art).tobytes()
    large = render(tiny_level, art=art, scale=3)
    assert np.array_equal(np.asarray(large)[1::3, 1::3], np.asarray(picture))


def test_the_arts_differ(tiny_level: Level) -> None:
    pictures = {art: render(tiny_level, art=art).tobytes() for art in ARTS}
    assert len(set(pictures.values())) == len(ARTS)
    assert render(tiny_level).tobytes() == pictures["samurai"]


@pytest.mark.parametrize("art", ARTS)
def test_every_house_tile_but_air_has_a_picture(house_tileset: Tileset, art: str) -> None:
    look = load_art(art)
    keys = dict(zip(house_tileset.characters, picture_keys(look, house_tileset), strict=True))
    assert [character for character, key in keys.items() if key is None] == ["-"]
    for key in filter(None, keys.values()):
        for mask in range(16):
            (number, *_) = look.variants[with_sides(look.variants, key, mask)]
            assert look.pictures[number, ..., 3].any()


def test_other_games_are_drawn_by_what_their_tiles_afford() -> None:
    lode_runner = Tileset(
        {
            "B": ("solid", "ground"),
            "b": ("solid", "diggable", "ground"),
            ".": ("passable", "empty"),
            "-": ("passable", "climbable", "rope"),
            "G": ("passable", "pickupable", "gold"),
            "E": ("damaging", "enemy"),
            "M": ("passable", "spawn"),
            "T": ("solid", "pipe", "hazard"),
            "P": ("background", "passable"),
            "1": ("passable", "hidden block"),
            "z": ("wobbly",),
        }
    )
    assert art_for(lode_runner).name == "generic"
    assert [affordance_key(lode_runner, character) for character in lode_runner.characters] == [
        "solid",
        "breakable",
        None,
        "climbable",
        "collectable",
        "enemy",
        "start",
        "solid",
        "background",
        "passable",
        "unknown",
    ]
    # A genre's picture of a character is used only where the character means the same.
    assert picture_keys(load_art("samurai"), lode_runner)[3] == "generic:climbable"


def test_open_sides_choose_the_picture(house_tileset: Tileset) -> None:
    art = load_art("samurai")
    found = fronts(["-----", "-XXX-", "-XXX-", "-XXX-", "-----"], house_tileset, "samurai")
    expected = [
        ["X_top_left", "X_top", "X_top_right"],
        ["X_left", "X", "X_right"],
        ["X_bottom_left", "X_bottom", "X_bottom_right"],
    ]
    for row, keys in enumerate(expected):
        for column, key in enumerate(keys):
            assert found[row + 1, column + 1] in art.variants[key], key


def test_what_is_outside_goes_on_with_what_is_inside(house_tileset: Tileset) -> None:
    art = load_art("samurai")
    assert set(fronts(["XX", "XX"], house_tileset, "samurai").flat) <= set(art.variants["X"])


def test_masonry_in_earth_has_no_seam_and_platforms_have_ends(house_tileset: Tileset) -> None:
    art = load_art("samurai")
    assert fronts(["---", "X#X"], house_tileset, "samurai")[1, 1] in art.variants["#_top"]
    ends = fronts(["-==-=-"], house_tileset, "samurai")[0, [1, 2, 4]]
    assert [(*art.variants[key],) for key in ("=_left", "=_right", "=_single")] == [
        (end,) for end in ends
    ]


def test_liquid_grows_no_grass_and_has_a_surface(house_tileset: Tileset) -> None:
    art = load_art("samurai")
    found = fronts(["-", "~", "~", "X"], house_tileset, "samurai")[:, 0]
    for row, key in enumerate(["~_top", "~", "X"], 1):
        assert found[row] in art.variants[key]


def test_background_goes_on_behind_things(house_tileset: Tileset) -> None:
    art = load_art("samurai")
    level = Level.from_rows(["-|--", "-o%o", "-|-o"], house_tileset)
    behind = picture_layers(level, art)[0]
    (panel,), (post,) = art.variants["%"], art.variants["|"]
    assert behind.tolist() == [[0, 0, 0, 0], [0, panel, 0, panel], [0, 0, 0, 0]]
    level = Level.from_rows(["-|--", "-o-o", "-|-o"], house_tileset)
    assert picture_layers(level, art)[0][1].tolist() == [0, post, 0, 0]


def test_neighbouring_tiles_of_one_kind_vary(house_tileset: Tileset) -> None:
    found = fronts(["X" * 40] * 10, house_tileset, "samurai")
    counts = np.bincount(found.ravel())
    assert np.count_nonzero(counts) == len(load_art("samurai").variants["X"])
    # Each of 8 variants shows about 50 times of 400, standard error 6.6.
    assert np.abs(counts[counts > 0] - 50).max() < 5 * 6.6


def test_files_hold_the_picture(tmp_path: Path, tiny_level: Level) -> None:
    save_png(tiny_level, tmp_path / "a" / "tiny.png", scale=2)
    with Image.open(tmp_path / "a" / "tiny.png") as image:
        assert image.tobytes() == render(tiny_level, scale=2).tobytes()
    save_level(tiny_level, tmp_path / "tiny.PNG", art="space_opera")
    with Image.open(tmp_path / "tiny.PNG") as image:
        assert image.tobytes() == render(tiny_level, art="space_opera").tobytes()


def test_wrong_use_is_told(tiny_level: Level) -> None:
    with pytest.raises(InputError, match="art: expected one of generic, .*did you mean 'samurai'"):
        render(tiny_level, art="samuray")
    with pytest.raises(InputError, match="scale: expected a whole number from 1 to 16, found 0"):
        render(tiny_level, scale=0)
    wide = Level(np.zeros((100, 3000), dtype=np.uint8), tiny_level.tileset, "wide")
    with pytest.raises(InputError, match="picture of level 'wide': expected at most 67,108,864"):
        render(wide)


def test_one_tile_is_a_picture_too(house_tileset: Tileset) -> None:
    for character in house_tileset.characters:
        level = Level.from_rows([character], house_tileset)
        assert [render(level, art=art).size for art in ARTS] == [(16, 16)] * 3


def test_a_usual_level_takes_milliseconds(house_tileset: Tileset) -> None:
    level = Level.from_rows(["-" * 200] * 12 + ["X" * 200] * 4, house_tileset)
    render(level)  # loads the art
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        render(level)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.25  # measured 0.01; the margin is for machines under load


def test_the_levels_of_real_games_can_be_drawn(shared_data: Path) -> None:
    for folder in ("vglc/kid_icarus", "vglc/lode_runner", "vglc/super_mario_bros"):
        level = load_corpus(shared_data / folder).levels[0]
        for art in ARTS:
            assert render(level, art=art).size == (16 * level.n_columns, 16 * level.n_rows)
