"""Small levels, hands to play them with, and random ones of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from procgen_sim.levels import Level, Tileset, house_tileset
from procgen_sim.platformer import RULES, Action, Event, World

TILES = Tileset({**house_tileset().tags, "Q": ("solid", "bonus block", "breakable")})
"""The tileset of the shipped corpora, and a block that gives something and then breaks."""

T = RULES.tile
NONE = Action(0)
L, R, J, D, U = Action.LEFT, Action.RIGHT, Action.JUMP, Action.DOWN, Action.UP

Held = Sequence[tuple[int, int]]
"""What is held, and for how many ticks."""


def level(*rows: str) -> Level:
    width = max(map(len, rows))
    return Level.from_rows([row.ljust(width, "-") for row in rows], TILES)


def world(*rows: str) -> World:
    """A world whose player has come to rest on the ground."""
    made = World(level(*rows))
    hold(made, NONE, 4)
    assert made.state.grounded
    return made


def hold(made: World, action: int, n: int = 1) -> Event:
    """Everything that happens while an action is held."""
    happened = Event(0)
    for _ in range(n):
        happened |= made.step(action)
    return happened


def until(made: World, action: int, done: Callable[[World], bool], limit: int = 600) -> Event:
    """Hold an action until something is true; everything that happens."""
    happened = Event(0)
    while not done(made):
        assert made.status == "playing", made.state
        assert made.tick < limit, made.state
        happened |= made.step(action)
    return happened


def stand_at(made: World, x: int) -> None:
    """Walk until the left edge is exactly there, and at rest."""
    while made.state.x != x or made.state.vx:
        assert made.tick < 2000, made.state
        assert made.status == "playing", made.state
        left, speed = x - made.state.x, made.state.vx
        side = R if left > 0 else L
        brakes = sum(range(0, abs(speed) + 1 + RULES.accel, RULES.accel))
        made.step(side if abs(left) >= brakes or speed * left < 0 else NONE)


def row_of(made: World) -> float:
    """The row whose lower edge the feet are on."""
    return (made.state.y + RULES.body_height) / T - 1


def gap(width: int, step: int = 0, near: int = 8) -> Level:
    """Ground, a bottomless gap, and ground that is ``step`` tiles higher; the goal is the end."""
    ground = 6
    columns = ["X" * ground] * near + [""] * width + ["X" * (ground + step)] * 6
    return level(*("".join(row) for row in zip(*(c.rjust(22, "-") for c in columns), strict=True)))


def random_level(rng: np.random.Generator) -> Level:
    """Ground with holes, and above it a thin scatter of every tile."""
    n_rows, n_cols = int(rng.integers(5, 12)), int(rng.integers(6, 24))
    scatter = "------------XSQ?=HH|^~EBo*"
    rows = np.full((n_rows, n_cols), "-")
    density = rng.uniform(0.1, 0.9)
    there = rng.random((n_rows, n_cols)) < density
    rows[there] = rng.choice(list(scatter), int(there.sum()))
    rows[-1] = np.where(rng.random(n_cols) < 0.85, "X", "-")
    for _ in range(int(rng.integers(0, 3))):  # ladders come in columns, planks in rows
        row, col = int(rng.integers(n_rows - 2)), int(rng.integers(n_cols - 3))
        rows[row : row + int(rng.integers(2, 7)), col] = "H"
        rows[int(rng.integers(1, n_rows - 1)), col : col + 3] = "="
    start = int(rng.integers(3))
    rows[int(rng.integers(n_rows)), start] = "M"
    if rng.random() < 0.5:
        rows[int(rng.integers(n_rows)), -1] = "F"
    return Level.from_rows(["".join(row) for row in rows], TILES)


def random_input(rng: np.random.Generator, n: int = 24) -> list[tuple[int, int]]:
    """Keys held for a while, as people do; to the right more often than not."""
    held = []
    for _ in range(n):
        action = int(rng.integers(32))
        if rng.random() < 0.5:
            action = action & ~int(L) | int(R)
        held.append((action, int(rng.choice([1, 2, 7, 15, 40]))))
    return held
