"""What a frame of the game costs: ``pytest tests/play_benchmark.py``.

Two ticks of the world, and the picture of 480 × 270 pixels enlarged into a window of 960 × 540,
for a level of 200 columns that a pilot runs through. The budget is 4 ms, for one frame in a
hundred as well; counted is the time of the processor, so that nobody else's work counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from game_support import headless, make_app  # noqa: F401
from pytest_benchmark.fixture import BenchmarkFixture

from procgen_sim.game.app import App
from procgen_sim.game.controls import Script
from procgen_sim.game.scenes.playing import INTRO_TICKS, PlayingScene, Showing
from procgen_sim.game.settings import Settings
from procgen_sim.generators import Builder
from procgen_sim.levels import Level
from procgen_sim.platformer import Action, World
from procgen_sim.rng import stream

N_COLUMNS = 200
N_FRAMES = 1500
BUDGET_MS = 4.0


def busy_level() -> Level:
    """A level of 200 columns with much of everything that is drawn."""
    vector = [3, 2.5, 2, 0.3, 8, 4, 6, 2, 10, 0, 0.6]
    return Builder(N_COLUMNS).build(vector, rng=stream(1, "test", 310)).level


def hops(world: World) -> int:
    """Runs right and jumps all the time; also past what would stop it."""
    return Action.RIGHT | (Action.JUMP if world.tick % 70 < 45 else 0)


@pytest.fixture
def apps(headless: Path) -> Iterator[list[App]]:  # noqa: F811, ARG001
    """Where a test leaves the app that is to be closed."""
    made: list[App] = []
    yield made
    for app in made:
        app.close()


@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("art", ["samurai", "space_opera", "generic"])
@pytest.mark.parametrize("forecast", [False, True], ids=["plain", "forecast"])
def test_frame(apps: list[App], benchmark: BenchmarkFixture, art: str, forecast: bool) -> None:
    showing = Showing(
        title="Level 1",
        level=busy_level(),
        art=art,
        forecast=np.linspace(0, 1, N_COLUMNS),
        boredom=(0.3, 0.6),
    )
    scene = PlayingScene(showing, pilot=hops)
    app = make_app(first=scene, script=Script(), settings=Settings(forecast=forecast), scale=2)
    apps.append(app)
    for _ in range(INTRO_TICKS // 2 + 1):
        app.step()
    # One step has all of it: the ticks, the drawing, the enlarging; the invisible window only
    # saves the copy to a screen.
    benchmark.pedantic(app.step, rounds=N_FRAMES, iterations=1)
    times_ms = np.array(benchmark.stats.stats.data) * 1000
    benchmark.extra_info["median_ms"] = float(np.median(times_ms))
    benchmark.extra_info["p99_ms"] = float(np.percentile(times_ms, 99))
    benchmark.extra_info["deaths"] = scene.deaths
    p99_ms = float(np.percentile(times_ms, 99))
    print(f"\nmedian {np.median(times_ms):.2f} ms, 99th percentile {p99_ms:.2f} ms")
    assert np.median(times_ms) < BUDGET_MS
    assert p99_ms < BUDGET_MS


@pytest.mark.benchmark(timer=time.process_time)
def test_begin(apps: list[App], benchmark: BenchmarkFixture) -> None:
    """Painting a level of 200 columns, once, when it begins."""
    level = busy_level()

    def begin() -> None:
        scene = PlayingScene(Showing(title="Level 1", level=level, art="samurai"))
        app = make_app(first=scene, script=Script()) if not apps else apps[0]
        if not apps:
            apps.append(app)
        app.go(scene)

    begin()
    benchmark.pedantic(begin, rounds=10, iterations=1)
