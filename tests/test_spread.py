"""Perceptual spread: means over pairs, by all of them or by a sample."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from similarity_designs import draw

from procgen_sim._checks import InputError
from procgen_sim.levels.similarity import describe, distance, distance_matrix
from procgen_sim.levels.spread import perceptual_spread
from procgen_sim.rng import stream


def rng(n: int) -> np.random.Generator:
    return stream(4, "test", 50, n)


def test_all_pairs() -> None:
    rooms = draw("rooms", 8, rng(0))
    apart = np.array([[distance(a, b) for b in rooms] for a in rooms])
    spread = perceptual_spread(rooms, rng=rng(1))
    assert spread.exact
    assert (spread.n_levels, spread.n_pairs, spread.nearest_at) == (8, 28, 8)
    assert spread.mean == pytest.approx(apart[np.triu_indices(8, 1)].mean())
    np.fill_diagonal(apart, np.inf)
    assert spread.nearest == pytest.approx(apart.min(axis=1).mean())
    assert 0 < spread.nearest < spread.mean < 1


def test_the_nearest_in_smaller_company_is_the_mean_over_all_companies() -> None:
    rooms = draw("rooms", 7, rng(2))
    apart = distance_matrix(rooms)
    np.fill_diagonal(apart, np.inf)
    for size in (2, 3, 6, 7):
        companies = [np.ix_(c, c) for c in combinations(range(7), size)]
        expected = np.mean([apart[company].min(axis=1).mean() for company in companies])
        spread = perceptual_spread(rooms, nearest_at=size, rng=rng(3))
        assert spread.nearest == pytest.approx(expected)
        assert spread.nearest_at == size


def test_copies_have_no_spread_and_noise_more_than_rooms() -> None:
    copies = perceptual_spread([["##", ".."]] * 5, rng=rng(4))
    assert (copies.mean, copies.nearest, copies.mean_se, copies.nearest_se) == (0, 0, 0, 0)
    one_odd = perceptual_spread([["##", ".."]] * 4 + [["oo", "##"]], rng=rng(4))
    assert one_odd.mean > one_odd.nearest > 0


def test_looks_do_as_well_as_levels_and_all_pairs_draw_nothing() -> None:
    boards = draw("boards", 6, rng(5))
    one, other = np.random.default_rng(1), np.random.default_rng(1)
    assert perceptual_spread(boards, rng=one) == perceptual_spread(
        [describe(board) for board in boards], rng=one
    )
    assert one.random() == other.random()


def test_samples_are_drawn_from_the_given_stream() -> None:
    boards = [describe(board) for board in draw("boards", 30, rng(6))]
    one, same, other = (perceptual_spread(boards, n_pairs_max=50, rng=rng(n)) for n in (7, 7, 8))
    assert one == same != other
    assert (one.n_levels, one.n_pairs, one.nearest_at, one.exact) == (10, 45, 10, False)
    assert perceptual_spread(boards, n_pairs_max=435, rng=rng(7)).exact
    assert perceptual_spread(boards, n_pairs_max=434, rng=rng(7)).n_levels == 29
    assert perceptual_spread(boards, n_pairs_max=1, rng=rng(7)).mean_se is None


@pytest.mark.slow
def test_the_stated_errors_are_the_errors_made() -> None:
    """Samples of 40 from a body of 600: deviations against stated errors, for both means."""
    boards = [describe(board) for board in draw("boards", 600, rng(9))]
    truth = perceptual_spread(boards, nearest_at=20, rng=rng(10))
    n = 200
    drawn = [
        perceptual_spread(boards, n_pairs_max=40 * 39 // 2, nearest_at=20, rng=rng(11 + k))
        for k in range(n)
    ]
    for name in ("mean", "nearest"):
        values = np.array([getattr(spread, name) for spread in drawn])
        errors = np.array([getattr(spread, f"{name}_se") for spread in drawn])
        # No bias, in standard errors of the mean of all samples.
        assert abs(values.mean() - getattr(truth, name)) < 4 * values.std() / np.sqrt(n)
        # The jackknife errs on the safe side; a standard deviation of n values is known to a
        # share of 1 / sqrt(2 n).
        ratio = np.sqrt((errors**2).mean()) / values.std()
        assert 1 - 4 / np.sqrt(2 * n) < ratio < 1.4 + 4 / np.sqrt(2 * n)


@pytest.mark.parametrize(
    ("levels", "options", "message"),
    [
        ([], {}, "at least two levels, found 0"),
        ([["#"]], {}, "at least two levels, found 1"),
        ([["#"]] * 3, {"n_pairs_max": 0}, "n_pairs_max: expected a whole number of at least 1"),
        ([["#"]] * 3, {"nearest_at": 1}, "nearest_at: expected a whole number from 2 to 3"),
        ([["#"]] * 3, {"nearest_at": 4}, "nearest_at: expected a whole number from 2 to 3"),
        ([["#"], ["##", "#"]], {}, "rows of equal length"),
    ],
)
def test_wrong_use(levels: list[list[str]], options: dict[str, int], message: str) -> None:
    with pytest.raises(InputError, match=message):
        perceptual_spread(levels, **options, rng=rng(12))
