"""Patterns, and how their number grows: brute force on small bodies, theory on random ones."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim._checks import InputError
from procgen_sim.levels import Level, Tileset, load_corpus
from procgen_sim.levels.body import ORDERS, Body, Order
from procgen_sim.levels.estimate import jackknife
from procgen_sim.levels.growth import expected_growth, growth, heaps_exponent
from procgen_sim.levels.vocabulary import (
    p_new_by_level,
    p_new_by_pattern,
    rarefied,
    vocabulary,
)
from procgen_sim.levels.windows import Occurrences, Patterns, Size
from procgen_sim.rng import stream

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TILES = Tileset(dict.fromkeys(LETTERS, ("solid",)))


def body_of(levels: Sequence[str | Sequence[str]], order: Order = "columns") -> Body:
    """A string is a level of one row, so that its patterns are its substrings."""
    rows = [[level] if isinstance(level, str) else level for level in levels]
    return Body.of("b", [Level.from_rows(r, TILES) for r in rows], order=order)


def random_levels(seed: int, n: int, *, letters: int = 3, longest: int = 12) -> list[str]:
    rng = stream(seed, "test")
    return [
        "".join(rng.choice(list(LETTERS[:letters]), size=rng.integers(1, longest)))
        for _ in range(n)
    ]


def sampled(
    levels: Sequence[npt.NDArray[np.int64]] | npt.NDArray[np.int64],
) -> Occurrences:
    """Occurrences from plain numbers, a row a level."""
    _, code = np.unique(np.concatenate(levels), return_inverse=True)
    sizes = [len(level) for level in levels]
    return Occurrences(
        code=code.astype(np.int32),
        level=np.repeat(np.arange(len(levels), dtype=np.int32), sizes),
        start=np.concatenate([np.arange(size, dtype=np.int32) for size in sizes]),
        distinct=int(code.max()) + 1,
        n_levels=len(levels),
    )


def zipf(n: int) -> npt.NDArray[np.float64]:
    p = 1 / np.arange(1, n + 1)
    return np.asarray(p / p.sum())


class TestPatterns:
    @pytest.mark.parametrize("k", [1, 2, 3, 5, 7])
    def test_lines_are_the_substrings(self, k: int) -> None:
        levels = random_levels(k, 20)
        places = Patterns(body_of(levels)).of(k)
        expected = [
            (index, start, level[start : start + k])
            for index, level in enumerate(levels)
            for start in range(len(level) - k + 1)
        ]
        assert places.level.tolist() == [index for index, _, _ in expected]
        assert places.start.tolist() == [start for _, start, _ in expected]
        # The same number for the same text and for no other.
        pairs = set(zip(places.code.tolist(), (text for _, _, text in expected), strict=True))
        assert len(pairs) == len({text for _, _, text in expected}) == places.distinct
        assert set(places.code.tolist()) == set(range(places.distinct))

    @pytest.mark.parametrize("n_rows", [7, 8, 9, 17])
    def test_lines_differ_wherever_one_tile_does(self, n_rows: int) -> None:
        rng = stream(1, "test")
        grid = np.repeat(rng.integers(0, 3, (n_rows, 1), dtype=np.uint8), n_rows + 1, axis=1)
        grid[np.arange(n_rows), np.arange(n_rows)] += 1
        body = Body.of("b", [Level(grid, TILES)], order="columns")
        assert Patterns(body).of(1).distinct == n_rows + 1

    def test_lines_of_different_length_differ(self) -> None:
        # "a" is code 0: a shorter column must not pass for one padded with it.
        body = body_of([["b", "a", "a"], ["b", "a"], ["b"], ["b"]])
        assert Patterns(body).of(1).counts().tolist() == [2, 1, 1]

    @pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 2), (1, 4), (3, 3), (5, 5)])
    @pytest.mark.parametrize("order", ORDERS)
    def test_windows(self, size: tuple[int, int], order: Order) -> None:
        rng = stream(2, "test")
        grids = [rng.integers(0, 3, rng.integers(1, 7, size=2), dtype=np.uint8) for _ in range(15)]
        body = Body.of("b", [Level(grid, TILES) for grid in grids], order=order)
        rows, columns = size
        expected = [
            (index, r * grid.shape[1] + c, grid[r : r + rows, c : c + columns].tobytes())
            for index, grid in enumerate(grids)
            for r in range(grid.shape[0] - rows + 1)
            for c in range(grid.shape[1] - columns + 1)
        ]
        places = Patterns(body).of(size)
        assert places.level.tolist() == [index for index, _, _ in expected]
        assert places.start.tolist() == [start for _, start, _ in expected]
        pairs = set(zip(places.code.tolist(), (text for _, _, text in expected), strict=True))
        assert len(pairs) == len({text for _, _, text in expected}) == places.distinct

    def test_active_only(self) -> None:
        levels = ["aaaabcaaa", "aabaabaaaaaa"]  # active: "abca", "abaaba"
        patterns = Patterns(body_of(levels), active_only=True)
        assert patterns.n_lines == 10
        inner = Patterns(body_of(["abca", "abaaba"])).of(3)
        places = patterns.of(3)
        assert places.code.tolist() == inner.code.tolist()
        assert places.start.tolist() == [3, 4, 1, 2, 3, 4]

    @pytest.mark.parametrize("order", ORDERS)
    def test_active_only_windows(self, order: Order) -> None:
        wide = ["aaabcaa", "aaabbaa"]
        tall = ["aa", "bb", "cb", "aa", "aa", "aa"]
        inner = ["abca", "abba"] if order == "columns" else ["aa", "bb", "cb", "aa"]
        body = body_of([wide if order == "columns" else tall], order)
        found = Patterns(body, active_only=True).of((2, 2))
        expected = Patterns(body_of([inner], order)).of((2, 2))
        assert found.code.tolist() == expected.code.tolist()

    def test_flat(self) -> None:
        patterns = Patterns(body_of(["aaab", "bbb"]))
        assert patterns.flat(2).tolist() == [True, True, False, True, True]
        assert patterns.flat(3).tolist() == [True, False, True]

    def test_by_level_counts(self) -> None:
        level, code, counts = Patterns(body_of(["abab", "b"])).of(1).by_level()
        assert (level.tolist(), code.tolist(), counts.tolist()) == ([0, 0, 1], [0, 1, 1], [2, 2, 1])

    @pytest.mark.parametrize("size", [0, (0, 2), (2, 0)])
    def test_wrong_sizes(self, size: Size) -> None:
        with pytest.raises(InputError, match="expected a whole number of at least 1, found 0"):
            Patterns(body_of(["ab"])).of(size)


class TestGrowth:
    levels = ("abcab", "bcd", "a", "dabc")

    def met(self, order: Sequence[int], k: int) -> list[int]:
        seen: set[str] = set()
        result = []
        for level in (self.levels[i] for i in order):
            seen |= {level[i : i + k] for i in range(len(level) - k + 1)}
            result.append(len(seen))
        return result

    @pytest.mark.parametrize("k", [1, 2, 3])
    def test_expected_growth_is_the_mean_over_all_orders(self, k: int) -> None:
        found = vocabulary(body_of(self.levels), k)
        assert found.met.tolist() == self.met(range(4), k)
        every = [self.met(order, k) for order in itertools.permutations(range(4))]
        assert found.growth.levels.tolist() == [1, 2, 3, 4]
        assert found.growth.expected == pytest.approx(np.mean(every, axis=0))

    def test_intervals_are_the_jackknife_of_the_body_without_each_level(self) -> None:
        body = body_of(random_levels(3, 9, letters=5, longest=25))
        found = vocabulary(body, 2)
        others = [vocabulary(body.take([i for i in range(9) if i != out]), 2) for out in range(9)]
        heaps = np.array([other.growth.heaps.value for other in others])
        assert found.growth.heaps.value is not None
        assert found.growth.heaps.se == pytest.approx(jackknife(found.growth.heaps.value, heaps).se)
        assert found.growth.low is not None
        for point, at in ((2, 2), (8, 7)):  # of nine levels only eight can be left
            curves = np.array([other.growth.expected[at] for other in others])
            expected = jackknife(float(found.growth.expected[point]), curves)
            assert found.growth.low[point] == pytest.approx(expected.low)
        shares = np.array([other.p_new_by_level.value for other in others])
        assert found.p_new_by_level.value is not None
        assert found.p_new_by_level.se == pytest.approx(
            jackknife(found.p_new_by_level.value, shares).se
        )

    def test_copies_add_nothing_and_strangers_everything(self) -> None:
        copies = vocabulary(body_of(["abcd"] * 10), 2)
        assert copies.heaps_as_met == copies.growth.heaps.value == 0
        assert copies.growth.heaps.se == 0
        assert copies.p_new_by_level.value == 0
        strangers = vocabulary(body_of([LETTERS[4 * i : 4 * i + 4] for i in range(12)]), 2)
        assert strangers.growth.heaps.value == pytest.approx(1)
        assert strangers.growth.heaps.se == pytest.approx(0, abs=1e-9)
        assert strangers.p_new_by_level.value == strangers.p_new.value == 1

    def test_a_power_law_gives_its_exponent(self) -> None:
        n = np.arange(1.0, 500.0)
        assert heaps_exponent(7 * n**0.6) == pytest.approx(0.6)

    def test_few_points_stand_for_all(self) -> None:
        levels = [stream(i, "test").choice(5000, size=40, p=zipf(5000)) for i in range(400)]
        places = sampled(levels)
        found = growth(places)
        assert len(found.levels) <= 100
        _, code, _ = places.by_level()
        every = expected_growth(np.bincount(code), 400, np.arange(1, 401))
        assert found.heaps.value == pytest.approx(heaps_exponent(every), abs=1e-3)

    def test_the_first_levels_may_be_too_small(self) -> None:
        found = vocabulary(body_of(["a", "ab", "abc", "bcd"]), 2)
        assert found.met.tolist() == [0, 1, 2, 3]
        assert found.heaps_as_met == pytest.approx(
            np.polyfit(np.log([2, 3, 4]), np.log([1, 2, 3]), 1)[0]
        )

    def test_pairs_and_triples_are_runs_of_two_and_three_patterns(self) -> None:
        body = body_of(random_levels(5, 12, longest=30))
        found = vocabulary(body, 2)
        assert found.heaps_pairs == vocabulary(body, 4).growth.heaps
        assert found.heaps_triples == vocabulary(body, 6).growth.heaps

    def test_combinations_keep_coming_when_patterns_do_not(self) -> None:
        # Four letters at random: all met in the first level, their sequences hardly ever.
        rng = stream(1, "test")
        levels = ["".join(rng.choice(list("abcd"), size=100)) for _ in range(30)]
        found = vocabulary(body_of(levels), 1)
        assert found.growth.heaps.value == pytest.approx(0, abs=0.01)
        wide = vocabulary(body_of(levels), 4)
        assert wide.heaps_triples.low is not None
        assert wide.heaps_triples.low > 0.99

    @pytest.mark.slow
    def test_the_interval_covers_and_that_of_regression_does_not(self) -> None:
        p = zipf(300)
        n_levels, n_bodies = 25, 300
        found, naive = [], []
        for index in range(n_bodies):
            curve = growth(sampled(stream(1, "test", index).choice(300, size=(n_levels, 20), p=p)))
            found.append(curve.heaps)
            x = np.log(curve.levels) - np.log(curve.levels).mean()
            residuals = np.log(curve.expected) - np.polyval(
                np.polyfit(x, np.log(curve.expected), 1), x
            )
            naive.append(np.sqrt(residuals @ residuals / (len(x) - 2) / (x @ x)))
        values = np.array([heaps.value for heaps in found])
        truth = values.mean()
        enough = 0.95 - 4 * np.sqrt(0.95 * 0.05 / n_bodies)
        assert np.mean([heaps.low <= truth <= heaps.high for heaps in found]) >= enough
        assert np.mean(np.abs(values - truth) <= 2 * np.array(naive)) < enough
        ratio = np.mean([heaps.se for heaps in found]) / values.std(ddof=1)
        assert 0.8 < ratio < 1.5  # the jackknife errs on the side of caution


class TestNew:
    def test_good_turing_counts_what_was_seen_once(self) -> None:
        found = p_new_by_pattern(np.array([1, 1, 1, 2, 5]))
        assert found.value == pytest.approx(0.3)
        assert found.se == pytest.approx(np.sqrt(3 * 0.7 + 2) / 10)

    def test_good_turing_meets_the_missing_probability(self) -> None:
        p = zipf(400)
        errors, z = [], []
        for index in range(400):
            counts = stream(2, "test", index).multinomial(300, p)
            found = p_new_by_pattern(counts)
            assert found.value is not None
            assert found.se is not None
            errors.append(found.value - p[counts == 0].sum())
            z.append(errors[-1] / found.se)
        assert abs(np.mean(errors)) < 4 * np.std(errors) / 20 + 1 / 300  # bias of at most p/n
        assert np.std(z) == pytest.approx(1, abs=4 / np.sqrt(2 * 400))

    def test_by_level_is_what_the_next_level_brings(self) -> None:
        p = zipf(200)
        errors = []
        for index in range(300):
            levels = stream(3, "test", index).choice(200, size=(13, 8), p=p).repeat(5, axis=1)
            *known, coming = levels
            found = p_new_by_level(sampled(levels)).value
            assert found is not None
            errors.append(found - np.mean(~np.isin(coming, known)))
            # Each pattern comes five times at once: none is ever seen once.
            assert p_new_by_pattern(sampled(levels).counts()).value == 0
        assert abs(np.mean(errors)) < 4 * np.std(errors) / np.sqrt(300)

    def test_by_level_by_hand(self) -> None:
        # Only in one level: c twice in the first, d in the second, of nine patterns.
        assert vocabulary(body_of(["abcc", "abd", "ab"]), 1).p_new_by_level.value == 3 / 9


class TestRarefied:
    body = body_of(["abca", "aabd", "cefa"])

    def test_by_pattern_is_the_mean_over_all_selections(self) -> None:
        every = "".join(["abca", "aabd", "cefa"])
        for n in (1, 5, 11, 12):
            sizes = [len(set(some)) for some in itertools.combinations(every, n)]
            found = rarefied(self.body, 1, n)
            assert found.by_pattern.value == pytest.approx(np.mean(sizes))

    def test_by_level_is_the_growth_over_levels(self) -> None:
        curve = vocabulary(self.body, 2).growth.expected
        assert rarefied(self.body, 2, 8).by_level.value == pytest.approx(curve[1])
        assert rarefied(self.body, 2, 10).by_level.value == pytest.approx(curve[1:].mean())

    def test_patterns_that_cling_to_levels_are_more_when_drawn_one_by_one(self) -> None:
        found = rarefied(body_of(["aaaa", "bbbb", "cccc", "dddd"]), 1, 8)
        assert found.by_level.value == 2
        assert found.by_pattern.value is not None
        assert found.by_pattern.value > 3

    def test_what_cannot_be_said_has_its_reason(self) -> None:
        assert rarefied(self.body, 1, 3).by_level.reason == "fewer lines than a level has"
        assert rarefied(self.body, 1, 3).by_pattern.value is not None
        assert rarefied(self.body, 1, 13).by_level.reason == "only 12 lines"
        assert rarefied(self.body, 9, 3).by_pattern.reason.startswith("no level is large enough")
        with pytest.raises(InputError, match="n_lines: expected a number of at least 1, found 0"):
            rarefied(self.body, 1, 0)


class TestReasons:
    def test_no_pattern_at_all(self) -> None:
        found = vocabulary(body_of(["ab", "a", "b"]), 3)
        assert (found.distinct, found.n_patterns, found.met.tolist()) == (0, 0, [0, 0, 0])
        assert found.heaps_as_met is None
        for estimate in (found.growth.heaps, found.p_new, found.p_new_by_level):
            assert (estimate.value, estimate.low) == (None, None)
            assert estimate.reason == "no level is large enough to hold a pattern"

    def test_one_level_and_two(self) -> None:
        one = vocabulary(body_of(["abcab"]), 1)
        assert one.growth.heaps.reason == "no growth in a single level"
        assert one.p_new_by_level.reason == "no other level to compare with"
        assert one.p_new.value == 1 / 5
        two = vocabulary(body_of(["abcab", "abd"]), 1)
        assert two.growth.heaps.value is not None
        assert two.growth.heaps.reason == "no interval from fewer than three levels"

    def test_all_hangs_on_one_level(self) -> None:
        found = vocabulary(body_of(["abcd", "a", "b", "c"]), 2)
        assert found.growth.heaps.value is not None
        assert found.growth.heaps.se is None
        assert "single level" in found.growth.heaps.reason

    def test_windows_have_no_successors(self) -> None:
        found = vocabulary(body_of([["abc", "bca"], ["aab", "bab"]]), (2, 2))
        assert found.distinct == 4
        assert found.heaps_pairs.value is None
        assert "do not follow" in found.heaps_triples.reason


def test_jackknife_of_a_mean_covers() -> None:
    inside = 0
    for index in range(400):
        x = stream(4, "test", index).normal(size=6)
        found = jackknife(float(x.mean()), (x.sum() - x) / 5)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 0 <= found.high
    assert abs(inside / 400 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 400)


def test_counts_agree_with_plain_sets_on_real_levels(shared_data: Path) -> None:
    corpus = load_corpus(shared_data / "vglc" / "super_mario_bros")
    patterns = Patterns(Body.of("mario", corpus.levels))
    for k in (1, 2, 3, 5):
        plain: Counter[tuple[str, ...]] = Counter()
        for level in corpus.levels:
            columns = ["".join(column) for column in zip(*level.rows(), strict=True)]
            plain.update(tuple(columns[i : i + k]) for i in range(len(columns) - k + 1))
        assert sorted(patterns.of(k).counts().tolist()) == sorted(plain.values())


def test_human_levels_have_more_than_generators_at_equal_numbers_of_columns(
    shared_data: Path,
) -> None:
    def three(folder: str) -> Patterns:
        return Patterns(Body.of(folder, load_corpus(shared_data / folder).levels))

    found = [
        rarefied(three(folder), 3, 2600).by_level
        for folder in ("vglc/super_mario_bros", "mario_ai/notch", "mario_ai/notchParam")
    ]
    for more, less in itertools.pairwise(found):
        assert more.low is not None
        assert less.high is not None
        assert more.low > less.high


@pytest.mark.parametrize("folder", ["vglc/kid_icarus", "vglc/lode_runner"])
def test_other_games(shared_data: Path, folder: str) -> None:
    body = Body.of(folder, load_corpus(shared_data / folder).levels)
    lines, windows = vocabulary(body, 3), vocabulary(body, (3, 3))
    for found in (lines, windows):
        assert found.growth.heaps.low is not None
        assert found.growth.heaps.low > 0.3
    # Whole rows hardly ever return; small windows do.
    assert lines.p_new.value is not None
    assert windows.p_new.value is not None
    assert windows.p_new.value < lines.p_new.value / 3
