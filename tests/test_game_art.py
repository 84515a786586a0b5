"""The art that only the game uses: moves, distances, signs."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pygame
import pytest
from PIL import Image

from procgen_sim._checks import InputError
from procgen_sim.files import assets_folder
from procgen_sim.game.icons import (
    BOREDOM_FACES,
    draw_icon,
    icon,
    icons,
    title_letters,
    window_icon,
)
from procgen_sim.levels.art import ARTS, load_art

ART = assets_folder() / "art"
MOVES = {
    "idle": 2, "run": 8, "jump": 1, "fall": 1, "skid": 1, "land": 1, "climb": 2, "hurt": 1,
    "win": 4, "enemy_squashed": 1, "flyer_squashed": 1,
}  # fmt: skip


def pixels(path: Path) -> npt.NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


def moves(art: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ART / art / "sprites.json").read_text("utf-8"))
    return document


def frames(art: str) -> dict[str, list[npt.NDArray[np.uint8]]]:
    sheet = pixels(ART / art / "sprites.png")
    return {
        name: [sheet[y : y + h, x : x + w] for x, y, w, h in move["frames"]]
        for name, move in moves(art).items()
    }


def readme_names(title: str) -> set[str]:
    """The names in code in the first column of the first table after ``title``."""
    text = (ART / "README.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| (`.*?) \|", text[text.index(title) :].split("\n## ", 1)[0])
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("art", ARTS)
def test_every_player_can_do_the_same(art: str) -> None:
    assert {name: len(move["frames"]) for name, move in moves(art).items()} == MOVES
    assert all(1 <= move["fps"] <= 60 for move in moves(art).values())
    assert readme_names("- `sprites.png`") == set(MOVES)


@pytest.mark.parametrize("art", ARTS)
def test_frames_lie_inside_the_sheet_and_show_something(art: str) -> None:
    height, width = pixels(ART / art / "sprites.png").shape[:2]
    for name, move in moves(art).items():
        for x, y, w, h in move["frames"]:
            assert (w, h) == (16, 16)
            assert 0 <= x <= width - w
            assert 0 <= y <= height - h
        for frame in frames(art)[name]:
            shown = frame[..., 3] > 0
            # A body is 12 × 14 pixels; what is squashed is lower than half a tile.
            assert shown.sum() > (60 if "squashed" in name else 110), name
            assert set(np.unique(frame[..., 3])) <= {0, 255}


@pytest.mark.parametrize("art", ARTS)
def test_those_on_the_ground_stand_on_it(art: str) -> None:
    pictures = frames(art)
    for name in ("idle", "run", "skid", "land", "win", "enemy_squashed", "flyer_squashed"):
        assert all(frame[-1, :, 3].any() for frame in pictures[name]), name
    for name in ("enemy_squashed", "flyer_squashed"):
        assert not pictures[name][0][:7, :, 3].any()
    assert not pictures["land"][0][:3, :, 3].any()


@pytest.mark.parametrize("art", ARTS)
def test_running_never_shows_the_same_picture_twice_in_a_row(art: str) -> None:
    run = frames(art)["run"]
    for one, next_one in zip(run, [*run[1:], run[0]], strict=True):
        assert not np.array_equal(one, next_one)


@pytest.mark.parametrize("art", ARTS)
def test_distances_are_repeatable_and_the_nearer_move_faster(art: str) -> None:
    entries = json.loads((ART / art / "tiles.json").read_text("utf-8"))["backdrop"]
    assert len(entries) == 4
    factors = [entry["parallax"] for entry in entries]
    assert factors == sorted(set(factors))
    assert 0 < factors[0] < factors[-1] < 1
    for entry, picture in zip(entries, load_art(art).backdrops(), strict=True):
        height = 256 if "sky" in entry["image"] else 184
        assert picture.size == (512, height)
        solid = np.asarray(picture)[-1, :, 3]
        # Land reaches the lower edge everywhere; the sky and space do not.
        if any(name in entry["image"] for name in ("middle", "near")):
            assert solid.all()


@pytest.mark.parametrize("art", ARTS)
def test_the_distance_is_quieter_than_what_matters(art: str) -> None:
    """Lightness varies less from pixel to pixel behind the level than in enemies and goals."""
    look = load_art(art)
    luma = np.array([0.299, 0.587, 0.114])
    behind = Image.new(
        "RGB", (512, 256), tuple((a + b) // 2 for a, b in zip(*look.sky, strict=True))
    )
    for picture in look.backdrops():
        behind.paste(picture, (0, 256 - picture.height), picture)
    noise = np.abs(np.diff(np.asarray(behind) @ luma, axis=1)).mean()
    keys = ["generic:enemy", "generic:goal"] if art == "generic" else ["E", "F"]
    for key in keys:
        picture = look.pictures[look.variants[key][0]]
        inside = (picture[:, 1:, 3] > 0) & (picture[:, :-1, 3] > 0)
        assert np.abs(np.diff(picture[..., :3] @ luma, axis=1))[inside].mean() > 8 * noise


def test_every_sign_exists_and_lies_inside_the_sheet() -> None:
    places = json.loads((ART / "hud.json").read_text("utf-8"))
    assert set(places) == readme_names("## Signs") == set(icons())
    sheet = pixels(ART / "hud.png")
    for name, (x, y, w, h) in places.items():
        size = 16 if name in BOREDOM_FACES else 11 if name.startswith("face_") else 12
        assert (w, h) == (size, size)
        assert x + w <= sheet.shape[1]
        assert y + h <= sheet.shape[0]
        assert (sheet[y : y + h, x : x + w, 3] > 0).sum() > 25, name
        assert icon(name).get_size() == (w, h)


def test_faces_get_darker_with_boredom() -> None:
    sheet = pixels(ART / "hud.png")
    places = json.loads((ART / "hud.json").read_text("utf-8"))
    lightness = []
    for name in BOREDOM_FACES:
        x, y, *_ = places[name]
        brow = sheet[y + 4, x + 7 : x + 9, :3]  # nothing is drawn there
        lightness.append(float((brow @ np.array([0.299, 0.587, 0.114])).mean()))
    assert all(a - b > 10 for a, b in pairwise(lightness))


def test_the_window_has_an_icon() -> None:
    assert window_icon().get_size() == (32, 32)


def test_the_letters_of_the_name_stand_side_by_side() -> None:
    letters = title_letters()
    assert len(letters.calm) == len(letters.odd) == len("procgen_sim")
    for calm, odd in zip(letters.calm, letters.odd, strict=True):
        assert calm.get_size() == odd.get_size()
        assert pygame.mask.from_surface(calm).count() == pygame.mask.from_surface(odd).count()
        assert calm.get_buffer().raw != odd.get_buffer().raw
    edges = letters.places(240)
    ends = [edge + each.get_width() for edge, each in zip(edges, letters.calm, strict=True)]
    # Outlines overlap by no more than themselves, so no letter covers another's inside.
    for end, edge in zip(ends[:-1], edges[1:], strict=True):
        assert end - edge == 2 * letters.border - letters.gap <= 2 * letters.border
    assert abs((480 - ends[-1]) - edges[0]) <= 1
    assert letters.gap >= letters.border


def test_signs_are_drawn_where_asked() -> None:
    surface = pygame.Surface((40, 40), pygame.SRCALPHA)
    assert draw_icon(surface, "coin", (10, 20)) == pygame.Rect(10, 20, 12, 12)
    assert pygame.Rect(10, 20, 12, 12).contains(surface.get_bounding_rect())
    with pytest.raises(InputError, match="icon: expected one of .*did you mean 'clock'"):
        icon("clok")
