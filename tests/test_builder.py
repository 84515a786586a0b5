"""The builder: hits what it is asked for, always playable, same stream same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim._checks import InputError
from procgen_sim.generators.builder import Builder, BuiltBatch
from procgen_sim.levels import Level, house_tileset, load_corpus
from procgen_sim.levels.design import PARAMETERS, measure, measure_many
from procgen_sim.platformer import World, prove, reach
from procgen_sim.rng import stream

NAMES = [parameter.name for parameter in PARAMETERS]
LOW = np.array([parameter.low for parameter in PARAMETERS])
HIGH = np.array([parameter.high for parameter in PARAMETERS])
RANGE = HIGH - LOW
Vectors = npt.NDArray[np.float64]


def streams(n: int, seed: int = 1) -> list[np.random.Generator]:
    return [stream(seed, "test", i) for i in range(n)]


def draws(n: int, beyond: float = 0.0, seed: int = 5) -> Vectors:
    """Uniform in the natural ranges, widened by a share of them on either side."""
    rng = stream(seed, "test")
    return rng.uniform(LOW - beyond * RANGE, HIGH + beyond * RANGE, (n, len(NAMES)))


def r_squared(wanted: Vectors, measured: Vectors) -> Vectors:
    """``(11,)`` share of the variance of what was wanted that was hit."""
    missed = ((wanted - measured) ** 2).sum(axis=0)
    result: Vectors = 1 - missed / ((wanted - wanted.mean(axis=0)) ** 2).sum(axis=0)
    return result


def built(n: int = 400) -> tuple[Vectors, BuiltBatch]:
    vectors = draws(n)
    return vectors, Builder(120).build_many(vectors, streams(n))


def check_accuracy(wanted: Vectors, measured: Vectors) -> None:
    found = r_squared(wanted, measured)
    assert found.min() >= 0.9, dict(zip(NAMES, found.round(3), strict=True))
    assert np.median(found) >= 0.95


def test_it_hits_what_it_is_asked_for() -> None:
    vectors, batch = built()
    check_accuracy(vectors, batch.measured)


@pytest.mark.slow
def test_it_hits_what_it_is_asked_for_over_many_draws() -> None:
    vectors, batch = built(2000)
    check_accuracy(vectors, batch.measured)
    check_accuracy(batch.repaired, batch.measured)


def test_the_accuracy_check_can_fail() -> None:
    vectors, batch = built()
    planted = batch.measured.copy()
    planted[:, NAMES.index("gap_rate")] += 2 * 100 / 120  # two gaps too many, everywhere
    with pytest.raises(AssertionError, match="gap_rate"):
        check_accuracy(vectors, planted)


def test_what_is_reported_is_what_was_built() -> None:
    vectors, batch = built(40)
    for k in range(40):
        level = Level(batch.grids[k], house_tileset())
        assert np.array_equal(measure(level), batch.measured[k])
        assert reach(level).playable == batch.playable[k]
        offset = (batch.repaired[k] - vectors[k]) / RANGE
        assert batch.repair_distance[k] == pytest.approx(np.sqrt((offset**2).sum()))


def test_one_by_one_equals_many() -> None:
    vectors, batch = built(20)
    for k, rng in enumerate(streams(20)):
        one = Builder(120).build(vectors[k], rng=rng)
        assert np.array_equal(one.grid, batch.grids[k])
        assert np.array_equal(one.measured, batch.measured[k])
        assert np.array_equal(one.vector_repaired, batch.repaired[k])
        assert one.repair_distance == batch.repair_distance[k]
        assert (one.playable, one.attempts) == (batch.playable[k], batch.attempts[k])


def test_one_vector_many_layouts() -> None:
    vector = 0.5 * (LOW + HIGH)
    batch = Builder(120).build_many(np.tile(vector, (30, 1)), streams(30))
    assert len({grid.tobytes() for grid in batch.grids}) == 30
    # Alike to the parameters, different to the eye: most columns differ between any two.
    same = (batch.grids[0] == batch.grids[1:]).all(axis=1).mean()
    assert same < 0.5
    assert (batch.measured.std(axis=0) <= 0.06 * RANGE).all()


@settings(max_examples=60, deadline=None)
@given(
    unit=st.lists(st.floats(-1, 2), min_size=11, max_size=11),
    size=st.tuples(st.integers(16, 90), st.integers(12, 24)),
    seed=st.integers(0, 2**31),
)
def test_any_vector_at_any_size(unit: list[float], size: tuple[int, int], seed: int) -> None:
    vector = LOW + RANGE * np.array(unit)
    builder = Builder(*size)
    first = builder.build(vector, rng=stream(seed, "test"))
    again = builder.build(vector, rng=stream(seed, "test"))
    assert np.array_equal(first.grid, again.grid)
    assert first.grid.shape == (size[1], size[0])
    assert first.playable
    assert np.isfinite(first.measured).all()
    repaired, distance = builder.repair(first.vector_repaired)
    assert distance <= 1e-9, "what is buildable is left alone"
    assert repaired == pytest.approx(first.vector_repaired)


@pytest.mark.slow
def test_every_level_is_playable() -> None:
    for beyond, n in ((0.0, 8000), (1.0, 8000), (10.0, 2000)):
        batch = Builder(120).build_many(draws(n, beyond), streams(n))
        assert batch.playable.all()
    for columns, rows in ((16, 12), (40, 24), (300, 14)):
        batch = Builder(columns, rows).build_many(draws(1000, 0.5), streams(1000))
        assert batch.playable.all()


def test_the_last_resort_is_playable_at_its_worst() -> None:
    from procgen_sim.generators.adorn_kernel import adorn
    from procgen_sim.generators.furnish_kernel import CHARACTERS, furnish
    from procgen_sim.generators.ground_kernel import raise_ground
    from procgen_sim.generators.track_kernel import lay_track

    tiles = house_tileset()
    codes = np.array([tiles.codes[c] for c in CHARACTERS], np.uint8)
    builder = Builder(100, 12)
    for rng in streams(100):
        vector, _ = builder.repair(HIGH + RANGE)
        track = lay_track(vector, 100, builder.run_up, rng)
        ground = raise_ground(vector, track, 12, builder.run_up, 3, rng)
        grid, n_coins = furnish(vector, track, ground, 12, 3, rng)
        adorn(grid, track, ground, n_coins, codes, rng)
        assert reach(Level(grid, tiles)).playable


def test_a_refused_level_is_drawn_again_and_an_honest_verdict_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from procgen_sim.platformer import reachability_kernel

    screen = reachability_kernel.flood
    calls = []

    def refuse(flags: npt.NDArray[np.uint16], row: int, col: int) -> npt.NDArray[np.uint8]:
        calls.append(row)
        cells: npt.NDArray[np.uint8] = screen(flags, row, col)
        return np.zeros_like(cells) if len(calls) <= n_refused else cells

    monkeypatch.setattr(reachability_kernel, "flood", refuse)
    n_refused = 3
    again = Builder(60).build(0.5 * (LOW + HIGH), rng=stream(1, "test"))
    assert (again.playable, again.attempts) == (True, 4)
    n_refused = 10**6
    assert not Builder(60).build(0.5 * (LOW + HIGH), rng=stream(1, "test")).playable


def test_starts_and_ends_on_flat_ground_with_nothing_in_the_way() -> None:
    _, batch = built(100)
    tiles = house_tileset()
    for grid in batch.grids:
        rows = Level(grid, tiles).rows()
        assert sum(row.count("M") for row in rows) == sum(row.count("F") for row in rows) == 1
        for part in (slice(0, 6), slice(-6, None)):
            columns = ["".join(column) for column in zip(*(row[part] for row in rows), strict=True)]
            assert not set("^~EB") & set("".join(columns))
            heights = {len(c) - len(c.rstrip("X#")) for c in columns}
            assert len(heights) == 1
            assert heights != {0}


def test_enemies_on_foot_stand_on_ground() -> None:
    _, batch = built(100)
    tiles = house_tileset()
    for grid in batch.grids:
        for row, col in np.argwhere(grid == tiles.codes["E"]):
            assert tiles.characters[grid[row + 1, col]] in "X#"


def test_no_gaps_means_no_width_and_the_nearer_side_is_taken() -> None:
    builder = Builder(100)
    vector = 0.5 * (LOW + HIGH)
    rate, width = NAMES.index("gap_rate"), NAMES.index("gap_width")
    vector[[rate, width]] = 0.0, 0.4
    assert tuple(builder.repair(vector)[0][[rate, width]]) == (0.0, 0.0)
    vector[[rate, width]] = 0.0, 4.0
    repaired, distance = builder.repair(vector)
    assert tuple(repaired[[rate, width]]) == (1.0, 4.0)
    assert distance == pytest.approx(1 / 7)


def test_gaps_wider_than_a_jump_have_planks_to_land_on() -> None:
    vector = [2.5, 14, 2, 0.2, 10, 4, 4, 0, 5, 0, 0.7]
    for rng in streams(30):
        built_one = Builder(120).build(vector, rng=rng)
        assert built_one.repair_distance == 0
        assert built_one.playable
        assert built_one.measured[NAMES.index("gap_width")] == 14
    vector[NAMES.index("platform_rate")] = 0.0
    vector[NAMES.index("platform_height")] = 0.0
    repaired, distance = Builder(120).repair(vector)
    assert repaired[NAMES.index("gap_width")] == 5.0
    assert distance == pytest.approx(9 / 5)


@pytest.mark.parametrize(
    ("vector", "message"),
    [([1.0] * 10, "11 numbers"), ([1.0] * 10 + [np.nan], "rhythm: expected a finite")],
)
def test_bad_vectors_are_named(vector: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Builder().build(vector, rng=stream(1, "test"))


def test_many_are_repaired_as_one_by_one() -> None:
    builder = Builder(60)
    vectors = draws(200, 1.0)
    repaired, distance = builder.repair_many(vectors)
    alone = [builder.repair(vector) for vector in vectors]
    assert np.array_equal(repaired, [vector for vector, _ in alone])
    assert np.array_equal(distance, [apart for _, apart in alone])
    assert builder.repair_many(vectors[:0])[0].shape == (0, 11)
    vectors[3, 10] = np.inf
    with pytest.raises(InputError, match="row 3, rhythm: expected a finite number, found inf"):
        builder.repair_many(vectors)


def test_bad_sizes_are_named() -> None:
    with pytest.raises(InputError, match="builder columns"):
        Builder(15)
    with pytest.raises(InputError, match="builder rows"):
        Builder(100, 11)
    with pytest.raises(InputError, match="3 random streams"):
        Builder(100).build_many(draws(3), streams(2))


def test_levels_like_those_of_super_mario_bros(shared_data: Path) -> None:
    found = measure_many(load_corpus(shared_data / "vglc" / "super_mario_bros").levels)
    vectors = stream(3, "test").multivariate_normal(found.mean(axis=0), np.cov(found.T), 500)
    batch = Builder(120).build_many(vectors, streams(500))
    assert batch.playable.all()
    moving = batch.repaired.std(axis=0) > 0.01 * RANGE  # this game has no hazards but enemies
    assert (r_squared(batch.repaired, batch.measured)[moving] >= 0.9).all()


def test_proven_levels_have_a_replay_and_are_else_the_screened_ones() -> None:
    vectors = draws(60)
    screened = Builder(100).build_many(vectors, streams(60))
    proven = Builder(100, proof=True).build_many(vectors, streams(60))
    assert not screened.proven.any()
    assert proven.proven.mean() > 0.95
    assert np.array_equal(proven.playable, proven.proven)
    for grid, same, is_proven, attempts in zip(
        proven.grids,
        (proven.grids == screened.grids).all(axis=(1, 2)),
        proven.proven,
        proven.attempts - screened.attempts,
        strict=True,
    ):
        # Asking for a proof only ever adds attempts.
        assert same if attempts == 0 else attempts > 0
        actions = prove(Level(grid, house_tileset()))
        assert (actions is not None) == is_proven
        if actions is not None:
            world = World(Level(grid, house_tileset()))
            for action in actions.tolist():
                world.step(action)
            assert world.status == "won"


def test_what_has_no_proof_is_not_called_playable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procgen_sim.platformer.prove", lambda _level: None)
    batch = Builder(60, proof=True).build_many(draws(5), streams(5))
    assert not batch.proven.any()
    assert not batch.playable.any()
    assert (batch.attempts == 6).all()
    one = Builder(60, proof=True).build(draws(1)[0], rng=stream(1, "test"))
    assert (one.playable, one.proven) == (False, False)


def test_uncompiled_equals_compiled() -> None:
    program = (
        "import hashlib\n"
        "import numpy as np\n"
        "from procgen_sim.generators.builder import Builder\n"
        "from procgen_sim.levels.design import PARAMETERS\n"
        "from procgen_sim.rng import stream\n"
        "low = np.array([p.low for p in PARAMETERS])\n"
        "high = np.array([p.high for p in PARAMETERS])\n"
        "vectors = stream(2, 'test').uniform(1.5 * low - high / 2, 1.5 * high, (6, 11))\n"
        "batch = Builder(60).build_many(vectors, [stream(3, 'test', i) for i in range(6)])\n"
        "text = batch.grids.tobytes() + batch.measured.tobytes() + batch.repaired.tobytes()\n"
        "print(hashlib.sha256(text).hexdigest())\n"
    )
    found = []
    for switch in ("", "1"):
        environment = {**os.environ, "PROCGEN_SIM_NO_JIT": switch}
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(done.stdout)
    assert found[0] == found[1]
