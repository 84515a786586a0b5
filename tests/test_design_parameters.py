"""The design parameters, against levels small enough to measure by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procgen_sim.levels import Level, Tileset, house_tileset, load_corpus
from procgen_sim.levels.design import N_PARAMETERS, PARAMETERS, measure, measure_many

NAMES = [parameter.name for parameter in PARAMETERS]


def phi(*rows: str, tileset: Tileset | None = None) -> dict[str, float]:
    level = Level.from_rows(rows, tileset or house_tileset())
    return dict(zip(NAMES, (float(x) for x in measure(level)), strict=True))


SKY = ("-" * 20,) * 9


def test_eleven_parameters_with_ranges() -> None:
    assert N_PARAMETERS == len(set(NAMES)) == 11
    assert all(p.low < p.high and p.definition and p.notices and p.unit for p in PARAMETERS)


def test_gaps() -> None:
    found = phi(*SKY, "--------------------", "XXX--XXXXX----XXXXXX")
    assert found["gap_rate"] == 10.0  # two in twenty columns
    assert found["gap_width"] == 3.0  # (2 + 4) / 2
    assert found["ground_height"] == 1.0
    assert found["roughness"] == 0.0


def test_gaps_at_the_edges_count() -> None:
    found = phi(*SKY, "--------------------", "--XXXXXXXXXXXXXXXX--")
    assert (found["gap_rate"], found["gap_width"]) == (10.0, 2.0)


def test_ground_height_and_roughness() -> None:
    rows = (*SKY, "----------XX--------", "XX--XX----XXXXXXXXXX", "XX--XXXXXXXXXXXXXXXX")
    found = phi(*rows)
    # heights 2 2 . . 2 2 1 1 1 1 3 3 2*8; 18 columns; steps 1 + 2 + 1 over 1 + 15 pairs
    assert found["ground_height"] == pytest.approx((4 + 4 + 4 + 6 + 16) / 18)
    assert found["roughness"] == pytest.approx(4 / 16)


def test_platforms() -> None:
    rows = (
        *SKY[:6],
        "----------==--------",
        "--=====-------------",
        *SKY[:2],
        "---XX---------------",
    )
    rows = (*rows, "XXXXXXXX-----XXXXXXX")
    found = phi(*rows)
    assert found["platform_rate"] == 10.0
    # 2..6 over ground of height 1 2 2 1 1 (5 less each), 10..11 over a gap with 1 carried on
    first = (4 + 3 + 3 + 4 + 4) / 5
    assert found["platform_height"] == pytest.approx((first + 5) / 2)


def test_a_platform_under_a_solid_tile_is_none_and_a_wall_has_one_top() -> None:
    ground = "X" * 20
    assert phi(*SKY, "-----SS-------------", "-----SS-------------", "-" * 20, ground)[
        "platform_rate"
    ] == pytest.approx(5.0)
    assert phi(*SKY, "-----S--------------", "-----SS-------------", "-" * 20, ground)[
        "platform_rate"
    ] == pytest.approx(10.0)


def test_ceiling_is_in_the_top_three_rows_and_no_platform() -> None:
    roofed = "-----#####----------"
    for row in range(3):
        rows = ["-" * 20] * 13
        rows[row] = roofed
        found = phi(*rows, "X" * 20)
        assert (found["ceiling"], found["platform_rate"]) == (0.25, 0.0)
    rows = ["-" * 20] * 13
    rows[3] = roofed
    found = phi(*rows, "X" * 20)
    assert (found["ceiling"], found["platform_rate"]) == (0.0, 5.0)


def test_enemies_hazards_and_coins() -> None:
    rows = (*SKY, "---------?--oo-*----", "-" * 20, "--E--^^------B------")
    found = phi(*rows, "XXXXXXXXX--XXXXXXXXX")
    assert found["enemy_rate"] == 10.0
    assert found["hazard_rate"] == 10.0  # enemies are not hazards here
    assert found["coin_rate"] == 20.0  # two coins, a treasure, a question block


def test_liquid_counts_in_a_pool_and_not_in_a_pit() -> None:
    pit = phi(*SKY, "XXXXXXX---XXXXXXXXXX", "XXXXXXX~~~XXXXXXXXXX")
    assert (pit["hazard_rate"], pit["gap_rate"], pit["gap_width"]) == (0.0, 5.0, 3.0)
    pool = phi(*SKY, "XXXXXXX~~~XXXXXXXXXX", "XXXXXXXXXXXXXXXXXXXX")
    assert (pool["hazard_rate"], pool["gap_rate"]) == (15.0, 0.0)


def test_rhythm() -> None:
    ground = "X" * 20
    steady = phi(*SKY, "---E----E----E----E-", ground)
    assert steady["rhythm"] == 0.0
    # onsets 2, 6 (a run), 14: distances 4 and 8, mean 6, deviation 2
    assert phi(*SKY, "--E---^^------E-----", ground)["rhythm"] == pytest.approx(2 / 6)
    assert phi(*SKY, "--E---------------E-", ground)["rhythm"] == 0.0
    # two enemies side by side are one onset; a gap is one at its first column
    assert phi(*SKY, "--EE----------------", "XXXXXX--XXXXXX-XXXXX")["rhythm"] == pytest.approx(
        2 / 6
    )


def test_a_hill_of_one_way_tiles_over_background_is_ground() -> None:
    tiles = Tileset({"-": ("empty",), "X": ("solid",), "%": ("solidtop",), "|": ("background",)})
    found = phi(*SKY, "---%%%%-------------", "XXX||||XXXXXXXXXXXXX", tileset=tiles)
    assert found["gap_rate"] == 0.0
    assert found["ground_height"] == pytest.approx((16 + 8) / 20)
    assert found["platform_rate"] == 0.0


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (3, 3), (12, 40)])
@pytest.mark.parametrize("tile", ["-", "X", "=", "^", "E", "o", "|"])
def test_degenerate_levels_measure_finite(shape: tuple[int, int], tile: str) -> None:
    found = measure(Level.from_rows([tile * shape[1]] * shape[0], house_tileset()))
    assert np.isfinite(found).all()
    assert (found >= 0).all()


def test_all_empty_is_one_gap() -> None:
    found = phi("-" * 10, "-" * 10)
    assert (found["gap_rate"], found["gap_width"]) == (10.0, 10.0)
    assert sum(found.values()) == 20.0


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_grid_measures_finite_and_within_bounds(data: st.DataObject) -> None:
    tiles = house_tileset()
    rows, cols = data.draw(st.integers(1, 18)), data.draw(st.integers(1, 40))
    seed = data.draw(st.integers(0, 2**32 - 1))
    grid = np.random.default_rng(seed).integers(0, len(tiles), (rows, cols)).astype(np.uint8)
    found = dict(zip(NAMES, measure(Level(grid, tiles)), strict=True))
    assert all(np.isfinite(x) for x in found.values())
    assert 0 <= found["ceiling"] <= 1
    assert found["ground_height"] <= rows
    assert found["hazard_rate"] <= 100
    assert found["gap_rate"] * found["gap_width"] <= 100 + 1e-9


def test_mirror_image_keeps_what_has_no_direction() -> None:
    rows = (*SKY, "---o---E-----==-----", "XXX--XXXXXXX--XXXXXX")
    mirrored = [row[::-1] for row in rows]
    once, twice = phi(*rows), phi(*mirrored)
    for name in set(NAMES) - {"platform_height", "rhythm"}:
        assert once[name] == pytest.approx(twice[name])


def test_many() -> None:
    level = Level.from_rows([*SKY, "XXXXXXXX--XXXXXXXXXX"], house_tileset())
    assert np.array_equal(measure_many([level, level]), np.stack([measure(level)] * 2))
    assert measure_many([]).shape == (0, N_PARAMETERS)


def test_levels_made_by_people_fall_near_the_natural_ranges(shared_data: Path) -> None:
    corpus = load_corpus(shared_data / "vglc" / "super_mario_bros")
    found = measure_many(corpus.levels)
    low = np.array([p.low for p in PARAMETERS])
    high = np.array([p.high for p in PARAMETERS])
    near = (found >= low - 0.5 * (high - low)) & (found <= high + 0.5 * (high - low))
    # Treetop levels have gaps of twenty columns, spanned by platforms.
    assert near.mean() > 0.9
    underground = found[[level.name.endswith(("1-2", "4-2")) for level in corpus.levels]]
    assert (underground[:, NAMES.index("ceiling")] > 0.7).all()
