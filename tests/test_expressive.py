"""Expressive range: metrics by hand, planes, and rarefied area."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_corpus, shipped_corpus
from procgen_sim.levels.body import Body
from procgen_sim.levels.expressive import METRICS, N_BINS, expressive_range
from procgen_sim.levels.expressive.metrics import look

TILES = Tileset(
    {
        "-": ("passable", "empty"),
        "X": ("solid",),
        "E": ("enemy", "hazard"),
        "^": ("hazard",),
        "o": ("collectable",),
    }
)
MUTE = Tileset(dict.fromkeys("-XEo", ()))
BY_NAME = {metric.name: metric for metric in METRICS}


def value(name: str, *rows: str) -> float:
    """A metric of a level in which ``-`` is the background."""
    return BY_NAME[name].of(look(Level.from_rows(rows, TILES), "-"))


def steps(heights: list[int], n_rows: int) -> list[str]:
    """A level of solid columns of these heights."""
    return ["".join("X" if n_rows - r <= h else "-" for h in heights) for r in range(n_rows)]


@pytest.mark.parametrize("heights", [[2] * 8, [1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [0, 0, 0]])
def test_a_straight_surface_is_linear(heights: list[int]) -> None:
    assert value("linearity", *steps(heights, 8)) == pytest.approx(1.0)


def test_linearity_is_the_mean_distance_from_the_line() -> None:
    # 1 3 3 1: the line is flat at 2, every surface one tile off, of 8.
    assert value("linearity", *steps([1, 3, 3, 1], 8)) == pytest.approx(1 - 4 * 1 / 8)


def test_heights_spread_evenly_have_no_linearity() -> None:
    heights = np.random.default_rng(1).permuted(np.repeat(np.arange(1, 40), 40))
    found = value("linearity", *steps(heights.tolist(), 40))
    # Mean distance of a uniform height from the middle is a quarter of the range, which is 39/40.
    assert found == pytest.approx(0.0, abs=0.05)


def test_leniency_counts_enemies_gaps_and_hazards() -> None:
    rows = ["----------", "-E--E--^--", "XXXX--XXXX"]
    assert value("leniency", *rows) == pytest.approx(-100 * (2 + 0.5 + 0.5) / 10)
    assert value("leniency", "----", "XXXX") == 0.0


def test_density_counts_surfaces_above_one_another() -> None:
    # Two surfaces in the columns of the platform, one in the others; the top row is none.
    assert value("density", "X---", "----", "-XX-", "----", "XXXX") == pytest.approx(6 / 4)


def test_interesting_and_filled_are_shares_of_tiles() -> None:
    rows = ["-o--", "-E--", "XXXX"]
    assert value("interesting", *rows) == pytest.approx(2 / 12)
    assert value("filled", *rows) == pytest.approx(6 / 12)


def test_symmetry_compares_with_the_mirror_image() -> None:
    palindrome = ["-o-o-", "XX-XX"]
    assert value("left_right_symmetry", *palindrome) == 1.0
    assert value("up_down_symmetry", "X-o", "X-o") == 1.0
    assert value("left_right_symmetry", "X---") == 0.0
    # X in both, o beside E: one pair of the three filled places is the same.
    assert value("left_right_symmetry", "Xo-EX") == pytest.approx(2 / 4)
    assert value("left_right_symmetry", "----") == 1.0


def test_pattern_entropy_of_two_equally_frequent_patterns_is_one_bit() -> None:
    assert value("pattern_entropy", "-X-", "-X-") == pytest.approx(1.0)
    assert value("pattern_entropy", "----", "----") == 0.0
    assert value("pattern_entropy", "-X-") == 0.0


def test_regions_are_joined_by_sides_and_not_by_corners() -> None:
    assert value("regions", "XX--", "-X-o", "--o-") == pytest.approx(100 * 3 / 12)


def test_every_metric_is_documented_and_finite_on_any_level() -> None:
    assert len(BY_NAME) == len(METRICS)
    references = (Path(__file__).parents[1] / "REFERENCES.md").read_text(encoding="utf-8")
    rng = np.random.default_rng(2)
    for metric in METRICS:
        assert metric.low < metric.high
        assert metric.definition
        assert f"**{metric.source}**" in references
        for shape in [(1, 1), (1, 9), (9, 1), (2, 2), (14, 60)]:
            level = Level(rng.integers(0, len(TILES), shape).astype(np.uint8), TILES)
            assert math.isfinite(metric.of(look(level, "-")))


def test_a_tileset_that_says_nothing_leaves_metrics_without_tags() -> None:
    rng = np.random.default_rng(3)
    levels = [Level(rng.integers(0, 4, (5, 30)).astype(np.uint8), MUTE) for _ in range(4)]
    found = expressive_range(Body.of("mute", levels))
    assert set(found.reasons) == {"linearity", "leniency", "density", "interesting"}
    assert found.reasons["linearity"] == "the tileset has no tile that is solid or one-way"
    assert found.of("linearity") is None
    filled = found.of("filled")
    assert filled is not None
    assert np.isfinite(filled).all()
    assert [(plane.x.name, plane.y.name) for plane in found.planes] == [
        ("filled", "pattern_entropy"),
        ("left_right_symmetry", "regions"),
    ]
    with pytest.raises(InputError, match="did you mean 'filled'"):
        found.of("filed")


def test_levels_that_are_climbed_have_no_linearity() -> None:
    levels = [Level.from_rows(["--X-"] * 12, TILES)]
    found = expressive_range(Body.of("tower", levels))
    assert "column by column" in found.reasons["linearity"]
    assert "interesting" not in found.reasons


def test_planes_hold_every_level_and_put_what_is_beyond_at_the_edge() -> None:
    full = Level.from_rows(["XXXX", "EEEE", "XXXX"], TILES)
    level = Level.from_rows(["----------", "----------", "XXXXXXXXXX"], TILES)
    found = expressive_range(Body.of("two", [level, full, full], order="columns"))
    for plane in found.planes:
        assert plane.counts.shape == (N_BINS, N_BINS)
        assert plane.n_levels == 3
        assert len(plane.x_edges) == N_BINS + 1
    plane = found.planes[0]
    assert plane.counts[:, 0].sum() == 2  # a hundred enemies on a hundred columns: least lenient
    assert plane.counts[-1, -1] == 1  # flat, and nothing that hurts
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 1.0


def test_rarefied_area_is_the_mean_over_all_choices() -> None:
    levels = shipped_corpus("samurai").levels[:9]
    plane = expressive_range(Body.of("nine", levels)).planes[0]
    body = Body.of("nine", levels)
    brute = [
        expressive_range(body.take(chosen)).planes[0].occupied()
        for chosen in combinations(range(9), 3)
    ]
    assert plane.occupied(3) == pytest.approx(np.mean(brute))
    assert plane.occupied(9) == pytest.approx(plane.occupied())
    assert plane.occupied(1) == pytest.approx(1 / N_BINS**2)
    areas = [plane.occupied(n) for n in range(1, 10)]
    assert areas == sorted(areas)
    with pytest.raises(InputError, match="n_levels: expected a whole number from 1 to 9"):
        plane.occupied(10)


def test_copies_occupy_no_more() -> None:
    levels = shipped_corpus("samurai").levels[:5]
    once = expressive_range(Body.of("once", levels)).planes[0]
    twice = expressive_range(Body.of("twice", [*levels, *levels])).planes[0]
    assert twice.occupied() == once.occupied()
    assert twice.occupied(5) < once.occupied(5)


def test_the_caution_stands_with_every_result() -> None:
    found = expressive_range(Body.of("s", shipped_corpus("space_opera").levels))
    assert "does not follow what people call varied" in found.caution
    assert found.reasons == {}


def test_area_says_more_of_hopper_than_of_levels_made_by_hand(shared_data: Path) -> None:
    def area(folder: str, n: int) -> float:
        body = Body.of(folder, load_corpus(shared_data / folder).levels)
        return expressive_range(body).planes[0].occupied(n)

    # The reason for the caution: a generator with a few parts occupies as much as these do.
    assert area("mario_ai/hopper", 15) > 0.85 * area("vglc/super_mario_bros", 15)


@pytest.mark.parametrize("folder", ["vglc/kid_icarus", "vglc/lode_runner"])
def test_other_games_have_planes_too(shared_data: Path, folder: str) -> None:
    body = Body.of(folder, load_corpus(shared_data / folder).levels)
    found = expressive_range(body)
    assert len(found.planes) == 2
    assert np.isfinite(found.values[:, len(found.reasons) :]).all()
