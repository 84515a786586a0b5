"""Players who learn patterns: what they learn, what they share, what they refuse."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels.body import as_lines
from procgen_sim.models.tile import TileModel
from procgen_sim.players import (
    PatternObserver,
    Population,
    memory_kinds,
    pattern_ends,
    predictability,
)
from procgen_sim.rng import stream

Grids = npt.NDArray[np.uint8]
ROWS, COLUMNS, N_TILES = 8, 24, 5


def levels(n: int, *, rng: np.random.Generator) -> Grids:
    """``(n, rows, columns)`` ground that climbs and falls, with towers, pits and things on it."""
    grids = np.zeros((n, ROWS, COLUMNS), np.uint8)
    for grid in grids:
        height = int(rng.integers(1, 5))
        for column in range(COLUMNS):
            if rng.random() < 0.25:
                height = int(np.clip(height + rng.choice([-1, 1]), 1, 5))
            if rng.random() < 0.1:
                continue  # a pit
            grid[ROWS - height :, column] = 1
            if rng.random() < 0.3:
                grid[ROWS - height - 1, column] = rng.integers(2, N_TILES)
    return grids


def cost(model: TileModel, grid: Grids) -> float:
    return float(model.bits(as_lines(grid, "columns")).sum())


# One player


@pytest.mark.parametrize("half_life", [math.inf, 3.0])
def test_one_player_is_a_tile_model(half_life: float) -> None:
    body = levels(6, rng=stream(1, "test", 600))
    player = PatternObserver(N_TILES, half_life_levels=half_life)
    model = TileModel(N_TILES, half_life_levels=half_life)
    for grid in body:
        assert player.surprise_bits(grid) == pytest.approx([cost(model, grid)])
        seen = player.observe(grid)
        bits = float(model.learn(as_lines(grid, "columns")).sum())
        assert seen.surprise_bits == pytest.approx([bits])
        assert seen.progress_bits == pytest.approx([bits - cost(model, grid)])
    assert player.n_seen == model.n_seen == 6


def test_progress_is_what_another_of_its_kind_costs_less() -> None:
    rng = stream(15, "test", 600)
    first, second = levels(2, rng=rng)
    player, model = PatternObserver(N_TILES, half_life_levels=np.inf), TileModel(N_TILES)
    before = cost(model, second)
    model.learn(as_lines(first, "columns"))
    seen = player.observe(first, second)
    assert seen.progress_bits == pytest.approx([before - cost(model, second)])
    assert player.surprise_bits(second) == pytest.approx([cost(model, second)])  # not learned


def test_noise_is_remembered_but_teaches_nothing() -> None:
    """Once it is known that it is noise; of the level itself learning saves nearly everything."""
    rng = stream(16, "test", 600)
    noise = rng.integers(N_TILES, size=(30, ROWS, COLUMNS)).astype(np.uint8)
    player = PatternObserver(N_TILES, half_life_levels=np.inf)
    seen = [player.observe(a, b) for a, b in itertools.pairwise(noise)]
    late = np.array([each.progress_bits[0] for each in seen[10:]])
    surprise = np.array([each.surprise_bits[0] for each in seen[10:]])
    assert abs(late.mean()) < 0.02 * surprise.mean()
    twin = player.copy()
    remembered = twin.observe(noise[-1]).progress_bits[0]
    assert remembered > 0.3 * surprise.mean()


def test_asking_teaches_nothing() -> None:
    first, second = levels(2, rng=stream(2, "test", 600))
    player = PatternObserver(N_TILES, half_life_levels=np.inf)
    before = player.surprise_bits(first)
    player.surprise_bits(second)
    assert player.surprise_bits(first) == before
    assert player.n_seen == 0
    assert player.observe(first).surprise_bits == before


def test_a_level_seen_twice_costs_little() -> None:
    body = levels(5, rng=stream(3, "test", 600))
    player = PatternObserver(N_TILES, half_life_levels=np.inf)
    player.learn_many(body)
    again = player.surprise_bits(body[-1])[0]
    other = player.surprise_bits(levels(1, rng=stream(4, "test", 600))[0])[0]
    assert again < 0.5 * other


def test_half_lives_from_nothing_kept_to_everything() -> None:
    """The longer the memory, the less a level costs that was met a while ago."""
    rng = stream(5, "test", 600)
    first, between = levels(1, rng=rng)[0], levels(6, rng=rng)
    half_lives = np.array([0.1, 1.0, 4.0, np.inf])
    players = PatternObserver(N_TILES, half_life_levels=half_lives)
    naive = players.surprise_bits(first)
    assert np.ptp(naive) == 0  # a newcomer has nothing to forget
    players.observe(first)
    players.learn_many(between)
    assert (np.diff(players.surprise_bits(first)) < 0).all()
    forever = PatternObserver(N_TILES, half_life_levels=np.inf)
    forever.learn_many([first, *between])
    very_long = PatternObserver(N_TILES, half_life_levels=1e12)
    very_long.learn_many([first, *between])
    assert very_long.surprise_bits(first) == pytest.approx(forever.surprise_bits(first), rel=1e-6)


# Newcomers and veterans


def test_predictability_climbs_from_nothing_to_one() -> None:
    rng = stream(6, "test", 600)
    n_players, n_levels = 6, 60
    training, fresh = levels(150, rng=rng), levels(60, rng=rng)
    ends = pattern_ends(N_TILES, np.inf, training, fresh)
    assert ends.naive_bits > 1.2 * ends.veteran_bits
    players = PatternObserver(N_TILES, half_life_levels=np.inf, n_players=n_players)
    sequence = [levels(n_players, rng=rng) for _ in range(n_levels)]
    p = predictability(
        players.learn_many(sequence), np.array(ends.naive_bits), np.array(ends.veteran_bits)
    )

    def mean_and_error(part: slice) -> tuple[float, float]:
        flat = p[:, part].ravel()
        return float(flat.mean()), float(flat.std(ddof=1) / np.sqrt(len(flat)))

    # Both ends are known from 60 levels, which vary as those do that are asked about.
    slack = float(p.std() / np.sqrt(len(fresh)))
    start, error = mean_and_error(slice(0, 1))
    assert abs(start) < 4 * (error + slack)
    end, error = mean_and_error(slice(40, 60))
    assert abs(end - 1) < 4 * (error + slack)
    # A planted bug, learning nothing, would leave them where they began.
    still = [players.naive().surprise_bits(met) for met in sequence[-10:]]
    ignorant = predictability(
        np.array(still), np.array(ends.naive_bits), np.array(ends.veteran_bits)
    )
    assert ignorant.mean() < 0.5 * end


def test_the_ends_of_the_scale_by_hand() -> None:
    rng = stream(7, "test", 600)
    training, fresh = levels(4, rng=rng), levels(3, rng=rng)
    ends = pattern_ends(N_TILES, 2.0, training, fresh)
    model = TileModel(N_TILES, half_life_levels=2.0)
    naive = [cost(model, grid) for grid in fresh]
    for grid in training:
        model.learn(as_lines(grid, "columns"))
    assert ends.naive_bits == pytest.approx(np.mean(naive))
    assert ends.veteran_bits == pytest.approx(np.mean([cost(model, grid) for grid in fresh]))


def test_a_long_memory_leaves_less_to_be_surprised_by() -> None:
    rng = stream(8, "test", 600)
    training, fresh = levels(60, rng=rng), levels(30, rng=rng)
    bits = [pattern_ends(N_TILES, h, training, fresh).veteran_bits for h in (0.5, 4.0, np.inf)]
    assert (np.diff(bits) < 0).all()


# Many players


def test_players_do_not_know_of_each_other() -> None:
    """Whoever sits beside whom, in whatever order, remembers their own levels."""
    rng = stream(9, "test", 600)
    half_lives = np.array([4.0, np.inf, 4.0, np.inf, 1.0])
    sequence = [levels(5, rng=rng) for _ in range(3)]
    together = PatternObserver(N_TILES, half_life_levels=half_lives).observe_many(sequence)
    order = rng.permutation(5)
    shuffled = PatternObserver(N_TILES, half_life_levels=half_lives[order])
    moved = shuffled.observe_many([grids[order] for grids in sequence])
    assert np.array_equal(moved.surprise_bits, together.surprise_bits[order])
    assert np.array_equal(moved.progress_bits, together.progress_bits[order])
    for player in range(5):
        alone = PatternObserver(N_TILES, half_life_levels=half_lives[player])
        seen = alone.observe_many([grids[player] for grids in sequence])
        assert np.array_equal(seen.surprise_bits[0], together.surprise_bits[player])
        assert np.array_equal(seen.progress_bits[0], together.progress_bits[player])


def test_what_players_share_is_worked_out_once_and_the_same() -> None:
    rng = stream(10, "test", 600)
    half_lives = np.array([4.0, np.inf, 4.0])
    same, own, last = levels(2, rng=rng), levels(3, rng=rng), levels(3, rng=rng)
    sharing = PatternObserver(N_TILES, half_life_levels=half_lives)
    apart = PatternObserver(N_TILES, half_life_levels=half_lives)
    for grid in same:  # one level for all, or three that happen to be equal
        one, three = sharing.observe(grid), apart.observe(np.stack([grid] * 3))
        assert np.array_equal(one.surprise_bits, three.surprise_bits)
        assert np.array_equal(one.progress_bits, three.progress_bits)
    assert len(sharing._models) == 2
    assert np.array_equal(sharing.surprise_bits(own), apart.surprise_bits(own))
    for grids in (own, last):
        assert np.array_equal(
            sharing.observe(grids).surprise_bits, apart.observe(grids).surprise_bits
        )
    assert len(sharing._models) == 3


def test_some_can_be_asked() -> None:
    rng = stream(11, "test", 600)
    players = PatternObserver(N_TILES, half_life_levels=[1.0, 5.0, np.inf])
    players.observe(levels(3, rng=rng))
    grids = levels(3, rng=rng)
    everyone = players.surprise_bits(grids)
    assert np.array_equal(players.surprise_bits(grids[[2, 0]], who=[2, 0]), everyone[[2, 0]])
    assert players.surprise_bits(grids[:0], who=[]).shape == (0,)


def test_a_copy_lives_its_own_life() -> None:
    rng = stream(12, "test", 600)
    players = PatternObserver(N_TILES, half_life_levels=[2.0, np.inf])
    players.observe(levels(2, rng=rng))
    grids, others = levels(2, rng=rng), levels(2, rng=rng)
    expected = players.surprise_bits(grids)
    twin = players.copy()
    assert twin.n_seen == 1
    twin.learn_many([others, others])
    assert np.array_equal(players.surprise_bits(grids), expected)
    assert not np.array_equal(twin.surprise_bits(grids), expected)
    newcomer = PatternObserver(N_TILES, half_life_levels=[2.0, np.inf]).surprise_bits(grids)
    assert np.array_equal(players.naive().surprise_bits(grids), newcomer)


@pytest.mark.parametrize(("order", "turn"), [("reading", 0), ("rows-up", 2)])
def test_rows_are_met_as_columns_are(order: str, turn: int) -> None:
    grids = levels(3, rng=stream(13, "test", 600))
    by_rows = PatternObserver(N_TILES, half_life_levels=np.inf, order=order)  # type: ignore[arg-type]
    upright = PatternObserver(N_TILES, half_life_levels=np.inf)
    for grid in grids:
        turned = (grid[::-1] if turn else grid).T
        assert np.array_equal(
            by_rows.observe(grid).surprise_bits, upright.observe(turned).surprise_bits
        )


def test_people_have_memories_of_few_kinds() -> None:
    people = Population.sample(200, seed=1)
    players = people.pattern_observer(N_TILES)
    kinds = np.unique(players.half_life_levels)
    assert 3 <= len(kinds) <= 8
    ratio = players.half_life_levels / people.half_life_levels
    assert ratio.max() <= 2.0000001
    assert ratio.min() >= 0.4999999
    assert memory_kinds([math.inf, 64.0]).tolist() == [math.inf, 64.0]


# What is refused


def test_wrong_levels_are_refused_and_nothing_is_learned() -> None:
    players = PatternObserver(N_TILES, half_life_levels=[1.0, 2.0, 3.0])
    good = levels(3, rng=stream(14, "test", 600))
    for wrong in (good[:2], good[0, 0], np.zeros((3, 0, 4), np.uint8)):
        with pytest.raises(InputError, match="one such grid for each of 3 players"):
            players.observe(wrong)
    for wrong in (good + np.uint8(N_TILES), good.astype(np.float64), good.astype(int) - 1):
        with pytest.raises(InputError, match="tile codes below 5"):
            players.observe(wrong)  # type: ignore[arg-type]
    assert players.n_seen == 0


def test_wrong_traits_are_refused() -> None:
    with pytest.raises(InputError, match="half_life_levels: expected numbers above 0"):
        PatternObserver(N_TILES, half_life_levels=[1.0, 0.0])
    with pytest.raises(InputError, match="half_life_levels: expected numbers above 0"):
        PatternObserver(N_TILES, half_life_levels=np.nan)
    with pytest.raises(InputError, match="one value for each of 3 players"):
        PatternObserver(N_TILES, half_life_levels=[1.0, 2.0], n_players=3)
    with pytest.raises(InputError, match="n_tiles"):
        PatternObserver(0, half_life_levels=1.0)
    with pytest.raises(InputError, match="training: expected at least one level"):
        pattern_ends(N_TILES, 1.0, np.zeros((0, 4, 4), np.uint8), np.zeros((1, 4, 4), np.uint8))
