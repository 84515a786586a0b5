"""A table small enough to work out on paper, and what the summary makes of it."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim.experiments.summary import END, Summary, summarise
from procgen_sim.players import NOTIONS
from procgen_sim.results import Table

N_PLAYERS, N_LEVELS, STAYED = 8, 12, 12
THRESHOLDS = np.array([0.3, 0.4, 0.3, 0.5, 0.3, 0.4, 0.3, 0.6])
LEVEL = np.arange(1, N_LEVELS + 1)

# The level after which each of eight players is bored; None: not within the twelve levels.
LEFT: dict[str, dict[str, list[int | None]]] = {
    "on-model": {
        "wundt": [2, 3, 4, 5, 6, 7, None, None],
        "surprise": [1, 2, 3, 4, 5, 6, 7, 8],
        "progress": [None] * 8,
    },
    "later": {
        "wundt": [4, 5, 6, 7, 8, 9, None, None],  # two levels later, but for who stayed
        "surprise": [4, 5, 6, 7, 8, 9, 10, 11],  # everybody three levels later
        "progress": [None] * 7 + [4],
    },
    "crossed": {
        "wundt": [None, None, 7, 6, 5, 4, 3, 2],  # the same levels, other people
        "surprise": [8, 7, 6, 5, 4, 3, 2, 1],
        "progress": [None] * 8,
    },
}


def boredom(left: list[int | None]) -> npt.NDArray[np.float64]:
    """Curves that cross each player's threshold at that level, having touched it before."""
    curves = np.empty((N_PLAYERS, N_LEVELS))
    for p, when in enumerate(left):
        over = (when or N_LEVELS + 1) <= LEVEL
        curves[p] = np.where(over, THRESHOLDS[p] + 0.01, THRESHOLDS[p])
    return curves


def table() -> Table:
    whole = np.ones((N_PLAYERS, N_LEVELS))
    player = np.arange(N_PLAYERS)[:, np.newaxis] * whole
    parts = []
    for number, (arm, left) in enumerate(LEFT.items()):
        broke = (LEVEL % 3 == 0) & (number == 1) & (whole > 0)
        predictability = whole * LEVEL / 20 + number
        predictability[3] = np.nan  # nothing to learn for that player
        cubes = {
            "arm": np.full(whole.shape, arm, dtype=object),
            "player": player.astype(np.int32),
            "level": (whole * LEVEL).astype(np.int32),
            "broke": broke,
            "off_model": broke & (LEVEL != 12) | (LEVEL == 1) & (whole > 0),
            "playable": (player + number > 0) | (LEVEL != 1),
            "repair_distance": np.where(3 * number >= LEVEL, 0.06, 0.04) * whole,
            "surprise_bits": 100.0 + player - 2 * LEVEL,
            "unprepared_bits": 100.0 + 3 * player - LEVEL,
            "naive_bits": 40.0 + player,
            "veteran_bits": 20.0 + 2 * player,
            "foreseen": whole * -LEVEL / 10,
            "predictability": predictability,
        }
        for i, notion in enumerate(NOTIONS):
            cubes[f"interest_{notion}"] = whole * (LEVEL / 100 + i / 4)
            cubes[f"boredom_{notion}"] = boredom(left[notion])
        parts.append({name: np.asarray(cube).ravel() for name, cube in cubes.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(table(), THRESHOLDS, list(LEFT))


def test_sizes_and_yardsticks(summary: Summary) -> None:
    assert END == 10
    assert (summary.n_players, summary.n_levels) == (8, 12)
    assert [arm.name for arm in summary.arms] == list(LEFT)
    assert summary.naive_bits == pytest.approx(43.5)
    assert summary.veteran_bits == pytest.approx(27.0)


def test_half_have_left(summary: Summary) -> None:
    """At 2, 3, 4, 5 the first four of eight leave: 5. Bands: S^exp(±1.96 √(S(1−S)/8)/|S ln S|)."""
    wundt = summary["on-model"].notions["wundt"].bored.median
    assert (wundt.estimate, wundt.low, wundt.high) == (5.0, 2.0, None)  # 0.39 at 2; 0.56 at 7
    surprise = summary["on-model"].notions["surprise"].bored.median
    assert (surprise.estimate, surprise.low, surprise.high) == (4.0, 1.0, 7.0)  # 0.42 at 7
    progress = summary["on-model"].notions["progress"].bored.median
    assert (progress.estimate, progress.low, progress.high) == (None, None, None)
    assert summary["later"].notions["wundt"].bored.median.estimate == 7.0
    assert summary["later"].notions["surprise"].bored.median.estimate == 7.0
    assert summary["crossed"].notions["wundt"].bored.median.estimate == 5.0


def test_who_stays_has_not_left(summary: Summary) -> None:
    wundt = summary["on-model"].notions["wundt"]
    assert wundt.bored.share.tolist() == [1, 1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, *[2 / 8] * 6]
    assert wundt.share_stayed == 0.25
    assert summary["on-model"].notions["surprise"].share_stayed == 0.0
    assert summary["on-model"].notions["progress"].bored.share.tolist() == [1.0] * 13
    assert summary["later"].notions["progress"].bored.share[-1] == 7 / 8
    assert summary["later"].notions["progress"].share_stayed == 7 / 8


def test_differences_are_each_players_own(summary: Summary) -> None:
    """Six players two levels later, two of whom nothing more is known: 1.5 ± 2.3646 √(6/7/8)."""
    wundt = summary["later"].notions["wundt"].difference
    half = 2.364624 * math.sqrt(6 / 7 / 8)
    assert wundt.estimate == 1.5
    assert wundt.low == pytest.approx(1.5 - half, abs=1e-6)
    assert wundt.high == pytest.approx(1.5 + half, abs=1e-6)
    shifted = summary["later"].notions["surprise"].difference
    assert (shifted.estimate, shifted.low, shifted.high) == (3.0, 3.0, 3.0)
    # The same levels among other people: no difference on average, and a wide interval.
    crossed = summary["crossed"].notions["surprise"].difference
    half = 2.364624 * math.sqrt(2 * (49 + 25 + 9 + 1) / 7 / 8)
    assert (crossed.estimate, crossed.high) == (0.0, pytest.approx(half, abs=1e-6))
    itself = summary["on-model"].notions["wundt"].difference
    assert (itself.estimate, itself.low, itself.high) == (0.0, 0.0, 0.0)


def test_what_is_claimed(summary: Summary) -> None:
    assert summary["later"].notions["surprise"].stands
    assert not summary["crossed"].notions["surprise"].stands
    assert not summary["on-model"].notions["surprise"].stands
    assert summary["later"].notions["wundt"].tellable
    assert not summary["later"].notions["progress"].tellable  # one of eight left


def test_the_end_is_the_last_ten_levels(summary: Summary) -> None:
    """Levels 3 to 12: their mean is 7.5, that of the first ten 5.5."""
    for number, arm in enumerate(summary.arms):
        assert arm.predictability_start == pytest.approx(1 / 20 + number)
        assert arm.predictability_end == pytest.approx(7.5 / 20 + number)
        assert arm.foreseen_end == pytest.approx(-0.75)
        for i, notion in enumerate(NOTIONS):
            assert arm.notions[notion].interest_end == pytest.approx(0.075 + i / 4)


def test_shares(summary: Summary) -> None:
    on_model, later, crossed = summary.arms
    assert on_model.playable_share == pytest.approx(1 - 1 / 96)
    assert later.playable_share == 1.0
    assert (on_model.broke_share, later.broke_share) == (0.0, pytest.approx(4 / 12))
    assert on_model.broke_off_model_share is None
    assert later.broke_off_model_share == pytest.approx(3 / 4)
    assert on_model.off_model_share == pytest.approx(1 / 12)
    assert later.off_model_share == pytest.approx(4 / 12)
    shares = [arm.repaired_share for arm in (on_model, later, crossed)]
    assert shares == pytest.approx([0.0, 3 / 12, 6 / 12])


def test_a_habit_is_learned_from_first_to_last_break(summary: Summary) -> None:
    """Breaks at 3, 6, 9, 12: a third of four is one, so the first is 3 and the last is 12."""
    learned = summary["later"].learned
    assert learned is not None
    assert learned.first_bits == pytest.approx(103.5 - 6)
    assert learned.last_bits == pytest.approx(103.5 - 24)
    assert (learned.change.estimate, learned.change.low) == pytest.approx((-18.0, -18.0))
    assert learned.unprepared_bits == pytest.approx(110.5 - 12)
    # What was saved is 12 + 2 p for player p.
    assert learned.saved.estimate == pytest.approx(19.0)
    half = 2.364624 * math.sqrt(4 * 42 / 7 / 8)
    assert learned.saved.low == pytest.approx(19.0 - half, abs=1e-5)
    assert summary["on-model"].learned is None
