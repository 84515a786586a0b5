"""Whatever a bot is, it keeps the contract; and each does what it is for."""

from __future__ import annotations

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.generators.builder import Builder
from procgen_sim.levels import Level, Tileset, house_tileset
from procgen_sim.levels.design import PARAMETERS
from procgen_sim.platformer import RULES, Action, World
from procgen_sim.platformer.bots import BOTS, Bot, make_bot
from procgen_sim.rng import stream

MOST = int(~Action(0))


def play(bot: Bot, world: World, limit: int = 3000) -> bytes:
    """What the bot held until the end, or the limit."""
    held = bytearray()
    while world.status == "playing" and len(held) < limit:
        held.append(bot(world))
        world.step(held[-1])
    return bytes(held)


def ground(*columns: str) -> Level:
    """Columns of tiles from the ground up, under open sky."""
    tiles = Tileset(
        {
            "-": (),
            "X": ("solid",),
            "^": ("hazard",),
            "E": ("enemy",),
            "H": ("climbable",),
            "M": ("start",),
        }
    )
    n_rows = 14
    filled = [column.ljust(n_rows, "-")[::-1] for column in columns]
    return Level.from_rows(["".join(row) for row in zip(*filled, strict=True)], tiles)


START = ["XXM", *["XX"] * 9]
END = ["XX"] * 8


@pytest.mark.parametrize("name", BOTS)
class TestEveryBot:
    def test_has_a_docstring_of_its_own(self, name: str) -> None:
        assert BOTS[name].__doc__ != Bot.__doc__
        assert BOTS[name].__doc__

    def test_is_deterministic_and_leaves_the_world_alone(
        self, name: str, tiny_level: Level
    ) -> None:
        played = []
        for _ in range(2):
            world = World(tiny_level)
            bot = make_bot(name, tiny_level, rng=stream(1, "bot", 3))
            first = world.key()
            action = bot(world)
            assert world.key() == first
            world.step(action)
            played.append(bytes([action]) + play(bot, world))
        assert played[0] == played[1]

    def test_holds_what_can_be_held_and_goes_on_after_a_reset(
        self, name: str, tiny_level: Level
    ) -> None:
        world = World(tiny_level)
        bot = make_bot(name, tiny_level, rng=stream(1, "bot", 0))
        for _ in range(4):
            held = play(bot, world, 700)
            assert max(held) <= MOST
            assert all(isinstance(bot(world), int) for _ in range(3)), "also when it is over"
            world.reset()

    def test_draws_only_from_its_own_stream(self, name: str, tiny_level: Level) -> None:
        np.random.seed(0)  # noqa: NPY002 – the state nobody may touch
        before = np.random.get_state()[1].tobytes()  # type: ignore[index]  # noqa: NPY002
        play(make_bot(name, tiny_level, rng=stream(1, "bot", 0)), World(tiny_level))
        assert np.random.get_state()[1].tobytes() == before  # type: ignore[index]  # noqa: NPY002


def test_a_mistyped_bot_is_named(tiny_level: Level) -> None:
    with pytest.raises(InputError, match="one of solver, runner, dawdler.*did you mean 'runner'"):
        make_bot("runer", tiny_level, rng=stream(1, "bot", 0))


def test_the_solver_wins_where_there_is_a_proof_and_says_so_where_there_is_none(
    tiny_level: Level,
) -> None:
    world = World(tiny_level)
    play(make_bot("solver", tiny_level, rng=stream(1, "bot", 0)), world)
    assert world.status == "won"
    wall = ground(*START, *["X" * 8] * 4, *END)
    with pytest.raises(InputError, match="proven playable, found not playable"):
        make_bot("solver", wall, rng=stream(1, "bot", 0))


@pytest.mark.parametrize(
    "middle",
    [
        [],
        ["X" * 6] * 3,
        [""] * 6,
        ["XX^"] * 2,
        ["XX", "XX", "XXE", "XX"],
        [*["XX"] * 6, *["X" * 5] * 3, *[""] * 4],
        ["XXHHHHHHHH", *["X" * 10] * 3],
        ["X" * 5, *["XX"] * 9, *["XX^"] * 2, *["XX"] * 9, *[""] * 5],
    ],
    ids=["plain", "wall", "gap", "spikes", "creature", "steps", "ladder", "mixed"],
)
def test_the_runner_gets_past_what_it_sees(middle: list[str]) -> None:
    level = ground(*START, *middle, *END)
    world = World(level)
    play(make_bot("runner", level, rng=stream(1, "bot", 0)), world)
    assert world.status == "won", (world.cause, world.column, level.rows())


def test_the_runner_fails_where_one_has_to_think() -> None:
    level = ground(*START, *["X" * 8] * 2, *END)
    world = World(level)
    play(make_bot("runner", level, rng=stream(1, "bot", 0)), world)
    assert world.status == "playing"


def test_the_runner_finishes_some_built_levels_and_not_all() -> None:
    low = np.array([parameter.low for parameter in PARAMETERS])
    high = np.array([parameter.high for parameter in PARAMETERS])
    share = np.linspace(0.0, 0.4, 12)[:, None]
    batch = Builder(60).build_many(
        low + share * (high - low), [stream(1, "test", k) for k in range(12)]
    )
    ends = []
    for grid in batch.grids:
        level = Level(grid, house_tileset())
        world = World(level)
        play(make_bot("runner", level, rng=stream(1, "bot", 0)), world)
        ends.append(world.status)
    assert 3 <= ends.count("won") < 12, ends


def test_the_dawdler_dawdles_like_people() -> None:
    level = ground(*["XX"] * 400)
    world = World(level)
    held = play(make_bot("dawdler", level, rng=stream(1, "bot", 0)), world, 12_000)
    actions = np.frombuffer(held, np.uint8)
    jumps = (actions & Action.JUMP) != 0
    presses = np.flatnonzero(jumps[1:] & ~jumps[:-1])
    lengths = np.diff(np.flatnonzero(np.diff(jumps)))
    assert len(presses) > 40
    assert lengths.min() >= 9, "nobody presses a key for less than a twelfth of a second"
    assert world.column > 10, "to the right in the long run"
    assert not (actions & Action.LEFT & (actions >> 1)).any(), "one hand, one direction"
    assert world.state.x <= 400 * RULES.tile


def test_attempts_of_the_dawdler_differ() -> None:
    level = ground(*START, *["XX^"] * 4, *END)
    world = World(level)
    bot = make_bot("dawdler", level, rng=stream(1, "bot", 0))
    attempts = set()
    for _ in range(4):
        attempts.add(play(bot, world, 300))
        world.reset()
    assert len(attempts) == 4
