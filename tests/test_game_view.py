"""What is drawn while a level is played: camera, tiles, forecast, bar, particles, whole frames."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pygame
import pytest
from game_support import headless  # noqa: F401
from PIL import Image

from procgen_sim.game.palette import EXPECTED, SURPRISING, surprise
from procgen_sim.game.view import (
    VIEW_PX,
    Camera,
    Forecast,
    Hud,
    LevelView,
    Meter,
    Particles,
    Standing,
    Tiles,
)
from procgen_sim.game.view.actors import between, pose
from procgen_sim.game.view.forecast import STRIP_PX
from procgen_sim.game.view.hud import HUD_PX
from procgen_sim.game.view.meter import draw_bar, draw_face
from procgen_sim.game.view.tiles import TICKS_A_PICTURE, TILE_PX
from procgen_sim.levels import Affordance, Level, Tileset, shipped_corpus
from procgen_sim.levels.art import ARTS, load_art
from procgen_sim.levels.autotile import picture_layers
from procgen_sim.platformer import RULES, Action, Event, World

GOLDEN = Path(__file__).parent / "golden"

Picture = npt.NDArray[np.uint8]


@pytest.fixture
def display(headless: Path) -> pygame.Surface:  # noqa: F811, ARG001
    """A window nobody sees, so that surfaces are those of the game."""
    pygame.display.init()
    return pygame.display.set_mode((96, 54))


def pixels(surface: pygame.Surface) -> Picture:
    """``(height, width, 3)`` colours."""
    return np.array(pygame.surfarray.array3d(surface)).swapaxes(0, 1)


def grey(picture: Picture) -> npt.NDArray[np.float64]:
    """Luma, as a person who sees no colours would have it."""
    weights = np.array([0.299, 0.587, 0.114])
    return np.asarray(picture, np.float64) @ weights


# Camera


@pytest.mark.parametrize("level_px", [(3200, 256), (480, 256), (300, 120), (700, 3000)])
def test_the_camera_never_shows_what_is_not_there(level_px: tuple[int, int]) -> None:
    camera = Camera(VIEW_PX, level_px)
    rng = np.random.default_rng(7)
    for _ in range(5):
        camera.jump_to(*(rng.uniform(-500, 4000, 2)))
        for _ in range(200):
            x, y = rng.uniform(0, level_px[0]), rng.uniform(-300, level_px[1] + 300)
            facing = int(rng.choice([-1, 1]))
            camera.follow(x, y, facing=facing, speed=rng.random(), settled=bool(rng.random() < 0.5))
            left, top = camera.at(rng.random())
            if level_px[0] >= VIEW_PX[0]:
                assert 0 <= left <= level_px[0] - VIEW_PX[0]
            else:
                assert left == (level_px[0] - VIEW_PX[0]) / 2
            if level_px[1] >= VIEW_PX[1]:
                assert 0 <= top <= level_px[1] - VIEW_PX[1]
            else:
                assert top == level_px[1] - VIEW_PX[1]


@pytest.mark.parametrize("facing", [-1, 1])
def test_the_camera_looks_ahead(facing: int) -> None:
    camera = Camera(VIEW_PX, (4000, 256))
    x = 2000.0
    camera.jump_to(x, 200)
    for _ in range(240):
        x += 1.25 * facing
        camera.follow(x, 200, facing=facing, speed=1.0, settled=True)
    in_view = x - camera.at(1.0)[0]
    middle = VIEW_PX[0] / 2
    assert (in_view - middle) * facing < -20
    assert 0 < in_view < VIEW_PX[0]


def test_small_steps_and_jumps_leave_the_picture_alone() -> None:
    camera = Camera(VIEW_PX, (4000, 2000))
    camera.jump_to(2000, 1000)
    at = camera.at(1.0)
    for i in range(240):
        x, y = 2000 + 15 * np.sin(i / 9), 1000 - 35 * abs(np.sin(i / 20))
        camera.follow(x, y, facing=1, speed=0.0, settled=False)
    assert camera.at(1.0) == at
    for _ in range(240):
        camera.follow(2100, 1000, facing=1, speed=0.0, settled=False)
    assert camera.at(1.0)[0] > at[0] + 50


def test_the_camera_is_interpolated() -> None:
    camera = Camera(VIEW_PX, (4000, 2000))
    camera.jump_to(500, 500)
    camera.follow(900, 900, facing=1, speed=0.0, settled=False)
    (x0, y0), (x1, y1), (x2, y2) = (camera.at(alpha) for alpha in (0.0, 0.5, 1.0))
    assert x0 < x1 < x2
    assert y0 < y1 < y2
    assert abs(x1 - (x0 + x2) / 2) <= 1


# Between two ticks


def test_a_place_between_two_ticks() -> None:
    assert between(2560, 5120, 0.0) == 10
    assert between(2560, 5120, 1.0) == 20
    assert between(2560, 5120, 0.5) == 15
    places = [between(0, 4096, alpha) for alpha in np.linspace(0, 1, 50)]
    assert places == sorted(places)


def test_the_player_is_drawn_between_the_two_ticks(
    display: pygame.Surface,  # noqa: ARG001
    tiny_level: Level,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(tiny_level)
    view = LevelView(tiny_level, load_art("samurai"), None, still=True)
    view.restart(world)
    for _ in range(60):
        view.follow(world, world.step(Action.RIGHT))
    was = world.state
    view.follow(world, world.step(Action.RIGHT))
    now = world.state
    assert now.x > was.x
    drawn: list[tuple[int, int]] = []
    monkeypatch.setattr(view._player, "draw", lambda _s, _c, feet, *_: drawn.append(feet))
    canvas = pygame.Surface((480, 270))
    for alpha in (0.0, 0.25, 1.0):
        view.draw(canvas, alpha, forecast=False)
    half, height = RULES.body_width // 2, RULES.body_height
    assert drawn[0] == ((was.x + half) // 256, (was.y + height) // 256)
    assert drawn[2] == (round((now.x + half) / 256), (now.y + height) // 256)
    assert drawn[0][0] <= drawn[1][0] <= drawn[2][0]


@pytest.mark.parametrize(
    ("changed", "move"),
    [
        ({}, "idle"),
        ({"vx": 320}, "run"),
        ({"vx": -320}, "skid"),
        ({"grounded": 0, "vy": -100}, "jump"),
        ({"grounded": 0, "vy": 100}, "fall"),
        ({"grounded": 0, "climbing": 1}, "climb"),
    ],
)
def test_what_a_body_is_seen_doing(tiny_level: Level, changed: dict[str, int], move: str) -> None:
    state = World(tiny_level).state._replace(**{"grounded": 1, "facing": 1, "vx": 0, **changed})
    assert pose(state, 1000, 1000)[0] == move
    if move == "idle":
        assert pose(state, 1000, 2)[0] == "land"


# Tiles


@pytest.mark.parametrize("art_name", ARTS)
def test_tiles_are_those_of_the_pictures_of_levels(
    display: pygame.Surface,  # noqa: ARG001
    tiny_level: Level,
    art_name: str,
) -> None:
    art = load_art(art_name)
    behind, front = picture_layers(tiny_level, art)
    front[tiny_level.mask(Affordance.ENEMY)] = 0
    size = tiny_level.n_columns * TILE_PX, tiny_level.n_rows * TILE_PX
    wanted = Image.new("RGBA", size, (90, 120, 150, 255))
    for indices in (behind, front):
        layer = art.pictures[indices].swapaxes(1, 2).reshape(size[1], size[0], 4)
        wanted.alpha_composite(Image.fromarray(np.ascontiguousarray(layer)))
    surface = pygame.Surface(size)
    surface.fill((90, 120, 150))
    Tiles(tiny_level, art).draw(surface, (0, 0), 0)
    difference = pixels(surface).astype(int) - np.asarray(wanted.convert("RGB")).astype(int)
    assert abs(difference).max() <= 3  # two layers, each rounded by another library


def test_tiles_move_and_change_and_come_back(
    display: pygame.Surface,  # noqa: ARG001
    tiny_level: Level,
) -> None:
    tiles = Tiles(tiny_level, load_art("samurai"))

    def shot(tick: int = 0) -> Picture:
        surface = pygame.Surface((tiny_level.n_columns * TILE_PX, tiny_level.n_rows * TILE_PX))
        tiles.draw(surface, (0, 0), tick)
        return pixels(surface)

    def cells(changed: npt.NDArray[np.bool_]) -> set[str]:
        rows = tiny_level.rows()
        return {rows[y // TILE_PX][x // TILE_PX] for y, x in np.argwhere(changed)}

    first = shot()
    moving = cells((first != shot(TICKS_A_PICTURE)).any(axis=2))
    assert {"o", "*", "~"} <= moving <= {"o", "*", "~", "^"}
    for row, column, what in ((1, 3, "coin"), (2, 7, "broken"), (2, 8, "bonus")):
        before = shot()
        tiles.change(row, column, what)
        ys, xs = np.nonzero((shot() != before).any(axis=2))
        assert set(ys // TILE_PX) == {row}
        assert set(xs // TILE_PX) == {column}
        seen = shot()[row * TILE_PX : (row + 1) * TILE_PX, column * TILE_PX :][:, :TILE_PX]
        assert bool(seen.any()) is (what == "bonus")
    assert (shot(TICKS_A_PICTURE)[TILE_PX : 2 * TILE_PX, 3 * TILE_PX : 4 * TILE_PX] == 0).all()
    tiles.reset()
    assert (shot() == first).all()


def test_a_huge_level_is_painted_as_one_goes(
    display: pygame.Surface,  # noqa: ARG001
    house_tileset: Tileset,
) -> None:
    rng = np.random.default_rng(3)
    codes = [house_tileset.codes[character] for character in "-X#o="]
    level = Level(rng.choice(codes, (40, 2500)).astype(np.uint8), house_tileset)
    tiles = Tiles(level, load_art("samurai"))
    surface = pygame.Surface(VIEW_PX)
    tiles.draw(surface, (0, 0), 0)
    first = pixels(surface)
    for x in range(0, 40_000 - VIEW_PX[0], 400):
        tiles.draw(surface, (x, 300), 0)
    tiles.change(0, 2499, "coin")
    surface.fill(0)
    tiles.draw(surface, (0, 0), 0)
    assert (pixels(surface) == first).all()
    assert len(tiles._squares) <= 64


# The forecast


def test_each_column_gets_its_own_tint(display: pygame.Surface) -> None:  # noqa: ARG001
    columns = np.array([0.0, 1.0, 0.5, 0.25, 1.0, np.nan, 7.0] + [0.5] * 60)
    forecast = Forecast(columns, VIEW_PX)
    for camera_x in (0, 5, 37):
        view = pygame.Surface(VIEW_PX)
        view.fill((128, 128, 128))
        forecast.draw(view, (camera_x, 0))
        drawn = pixels(view)
        for column in range(camera_x // TILE_PX + 1, 30):
            share = min(1.0, float(np.nan_to_num(columns[column])))
            tint = np.array(surprise(share))
            x = column * TILE_PX - camera_x
            part = drawn[STRIP_PX:, x : x + TILE_PX]
            assert (part == part[0, 0]).all()
            wanted = 128 + (tint - 128) * 78 / 255
            assert abs(part[0, 0] - wanted).max() <= 4
            bar = drawn[12 : STRIP_PX - 2, x + TILE_PX // 2]
            height = (abs(bar.astype(int) - tint).max(axis=1) == 0).sum()
            assert height == 1 + round(share * 18)


def test_the_scale_reads_in_grey() -> None:
    luma = [float(grey(np.array(surprise(share)))) for share in np.linspace(0, 1, 20)]
    assert (np.diff(luma) > 2).all()
    assert surprise(0.0) == EXPECTED
    assert surprise(1.0) == SURPRISING
    # Blue against orange: the difference people with any colour blindness see.
    assert EXPECTED[2] > EXPECTED[0] + 100
    assert SURPRISING[0] > SURPRISING[2] + 100


# The bar


def words_of(monkeypatch: pytest.MonkeyPatch, draw: Callable[[], None]) -> list[str]:
    from procgen_sim.game.view import hud

    said: list[str] = []
    real = hud.draw_text

    def listening(surface: pygame.Surface, text: str, *args: Any, **given: Any) -> pygame.Rect:
        said.append(text)
        return real(surface, text, *args, **given)

    monkeypatch.setattr(hud, "draw_text", listening)
    draw()
    return said


def test_the_bar_says_what_is_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = pygame.Surface((480, 270))
    standing = Standing(title="Level 12", coins=7, ticks=120 * 83 + 60, deaths=3)
    hud = Hud(Meter(0.33, 0.33, 0.4))
    said = words_of(monkeypatch, lambda: hud.draw(canvas, standing, 0))
    assert said == [
        "Level 12",
        "7",
        "Time 1:23.5",
        "Deaths 3",
        "very bored 33 %",
        "Simulated player",
    ]
    assert pixels(canvas)[HUD_PX:].max() == 0  # the bar stays a bar
    hud = Hud(None)
    assert words_of(monkeypatch, lambda: hud.draw(canvas, standing, 0))[-1] == "Deaths 3"


def test_a_long_name_leaves_room(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = pygame.Surface((480, 270))
    standing = Standing(title="a-level-with-a-long-name", coins=0, ticks=0, deaths=0)
    beside = words_of(monkeypatch, lambda: Hud(Meter(0.2, 0.8)).draw(canvas, standing, 0))
    assert beside[0].endswith("…")
    assert len(beside[0]) < 15
    # Where there is no meter there is more room.
    alone = words_of(monkeypatch, lambda: Hud(None).draw(canvas, standing, 0))
    assert alone[0] == standing.title


def test_the_meter_moves_to_what_it_is_told() -> None:
    meter = Meter(0.2, 0.8)
    seen = []
    for _ in range(600):
        meter.tick()
        seen.append(meter.shown)
    assert seen == sorted(seen)
    assert 0.2 < seen[0] < 0.25
    assert seen[-1] == 0.8


def test_boredom_is_told_without_colours(display: pygame.Surface) -> None:  # noqa: ARG001
    shown = (0.05, 0.15, 0.3, 0.45, 0.55)
    faces, stripes = [], []
    for boredom in shown:
        surface = pygame.Surface((80, 20))
        draw_face(surface, (0, 0), boredom, 100, 0.5)
        lit = grey(pixels(surface)[:11, :11])
        faces.append(tuple((lit > 60).ravel().tolist()))
        draw_bar(surface, pygame.Rect(12, 0, 58, 9), boredom, 0.5)
        inside = grey(pixels(surface)[1:6, 13 : 13 + round(56 * boredom)])
        stripes.append(float((inside < 60).mean()))
    assert len(set(faces)) >= 4
    assert stripes == sorted(stripes)
    assert len(set(stripes)) == 5


# Particles


def test_particles_come_and_go() -> None:
    surface = pygame.Surface((100, 100))
    particles = Particles(still=False)
    for i in range(100):
        particles.dust(i, 50, 50, 0)
    assert 0 < len(particles) <= 160
    particles.draw(surface, (0, 0), 10.0)
    assert pixels(surface).any()
    particles.draw(surface, (0, 0), 1000.0)
    assert len(particles) == 0


def test_nothing_flies_for_people_who_want_less_motion() -> None:
    particles = Particles(still=True)
    particles.dust(0, 1, 1, 0)
    particles.sparkle(0, 1, 1)
    particles.puff(0, 1, 1)
    particles.cheer(0, 1, 1)
    particles.pieces(0, 1, 1, pygame.Surface((16, 16)))
    assert len(particles) == 0


def test_what_happens_is_seen(
    display: pygame.Surface,  # noqa: ARG001
    house_tileset: Tileset,
) -> None:
    level = Level.from_rows(
        ["----------", "----------", "----------", "-M--o----F", "XXXXXXXXXX"], house_tileset
    )
    for still in (False, True):
        world = World(level)
        view = LevelView(level, load_art("samurai"), None, still=still)
        view.restart(world)
        n_seen = 0
        for _ in range(100):
            happened = world.step(Action.RIGHT)
            view.follow(world, happened)
            if happened & Event.COIN:
                n_seen = len(view.particles)
                break
        assert (n_seen > 0) is (not still)
        view.restart(world)
        assert len(view.particles) == 0


# Whole frames


@pytest.fixture
def frame(request: pytest.FixtureRequest) -> Callable[[str, Picture], None]:
    """Compares a frame with ``tests/golden``; libraries may round colours by a little."""

    def check(name: str, drawn: Picture) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            Image.fromarray(drawn).save(path, optimize=True)
        assert path.is_file(), f"no golden file {name}: run pytest --update-golden"
        with Image.open(path) as image:
            wanted = np.asarray(image.convert("RGB")).astype(int)
        assert wanted.shape == drawn.shape
        n_different = int((abs(wanted - drawn.astype(int)).max(axis=2) > 6).sum())
        assert n_different == 0, f"{name} differs: look at it, then run pytest --update-golden"

    return check


def played(art: str, ticks: int, *, forecast: bool) -> Picture:
    """The canvas after holding right, and jump now and then, in the first level of a corpus."""
    corpus = shipped_corpus("space_opera" if art == "space_opera" else "samurai")
    level = corpus.levels[0]
    world = World(level)
    columns = np.arange(level.n_columns) * 5 % 7 / 6
    view = LevelView(level, load_art(art), columns, still=False)
    hud = Hud(Meter(0.4, 0.4))
    view.restart(world)
    for tick in range(ticks):
        jump = Action.JUMP if tick % 70 < 40 else 0
        view.follow(world, world.step(Action.RIGHT | jump))
    canvas = pygame.Surface((480, 270))
    view.draw(canvas, 0.5, forecast=forecast)
    standing = Standing(title="Level 1", coins=world.n_coins, ticks=world.tick, deaths=0)
    hud.draw(canvas, standing, ticks)
    return pixels(canvas)


@pytest.mark.parametrize(
    ("art", "ticks", "forecast"),
    [("samurai", 90, False), ("space_opera", 120, True), ("generic", 45, False)],
)
def test_frames_are_as_they_were(
    display: pygame.Surface,  # noqa: ARG001
    frame: Callable[[str, Picture], None],
    art: str,
    ticks: int,
    forecast: bool,
) -> None:
    frame(f"game_{art}.png", played(art, ticks, forecast=forecast))


def test_the_same_play_gives_the_same_frame(display: pygame.Surface) -> None:  # noqa: ARG001
    one = played("samurai", 100, forecast=True)
    assert (one == played("samurai", 100, forecast=True)).all()
    assert (one != played("samurai", 101, forecast=True)).any()
