"""The essay's trend line: the claim holds, planted changes break it, the words follow."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from essay_flips_support import check_words_and_titles

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.dots import line_dots
from procgen_sim.experiments.essay.genre_line import (
    bits_within,
    order_off,
    saved_bits,
    share_of,
    shuffled_shares,
    spread_of,
)
from procgen_sim.experiments.essay.trend_line import conclude, run
from procgen_sim.models import DesignSpace
from procgen_sim.rng import stream


@lru_cache
def found(seed: int) -> Finding:
    return run(Effort(seed=seed, quick=True))


def shuffled(n: int, *, rng: np.random.Generator) -> np.ndarray:
    dots = line_dots(n, rng=rng)
    return np.column_stack([dots[:, 0], rng.permutation(dots[:, 1])])


@pytest.mark.parametrize("seed", [1, 2])
def test_the_claim_holds(seed: int) -> None:
    finding = found(seed)
    assert [check.sentence() for check in finding.checks if not check.holds] == []


def test_dots_and_levels_without_a_trend_fail() -> None:
    """Of levels each parameter is shuffled on its own: nothing goes with anything."""
    phi, bodies = hand_made()
    alone = stream(1, "test").permuted(phi, axis=0)
    finding = run(Effort(quick=True), dots=shuffled, levels=(alone, bodies))
    slope, near, share, _, _, order = finding.checks
    assert not slope.holds
    assert near.holds  # new dots lie as near to a line that says nothing, too
    assert not share.holds
    assert not order.holds
    assert "is not x = y" in finding.conclusion
    assert "not clearly more than shuffled ones" in finding.conclusion
    assert "cannot be told to have lost order" in finding.conclusion


def test_a_line_within_genres_and_new_work_that_ignores_it_fail() -> None:
    """One real line through levels of genres that are none: it is more than the way between."""

    def scattered(model, n, *, rng):  # type: ignore[no-untyped-def]
        return rng.permuted(model.sample(n, rng=rng), axis=0)

    phi, bodies = hand_made()
    names = stream(1, "test").permutation(np.array(bodies)).tolist()
    finding = run(Effort(quick=True), draw=scattered, levels=(phi, names))
    _, near, share, within, follows, _ = finding.checks
    assert [near.holds, share.holds, within.holds, follows.holds] == [False, True, False, False]
    assert within.estimate > 0.3
    assert "do not lie as near" in finding.conclusion
    assert "not just what its two genres make of it" in finding.conclusion
    assert "do not follow it" in finding.conclusion


def test_the_axis_is_steeper_than_the_line_by_what_theory_says() -> None:
    """Noise in y alone makes the principal axis sd(y) / sd(x) = sqrt(1 + 12 / 400)."""
    for seed in (1, 2):
        mean, error = found(seed).data["dots"]["axis_slope"]
        assert abs(mean - np.sqrt(1.03)) < 4 * error
        assert mean - 1.0 > 4 * error


def with_correlations(sizes: np.ndarray) -> np.ndarray:
    """``(40, 4)`` levels whose correlations have the eigenvalues of ``[[1, a], [a, 1]]`` twice."""
    raw = stream(1, "test").normal(size=(40, 4))
    white = np.linalg.qr(raw - raw.mean(axis=0))[0]
    a, b = sizes
    root = np.linalg.cholesky(
        np.kron(np.diag([1.0, 0.0]), [[1, a], [a, 1]])
        + np.kron(np.diag([0.0, 1.0]), [[1, b], [b, 1]])
    )
    return np.asarray(white @ root.T * [1.0, 5.0, 0.1, 2.0] + 3.0)


def test_spread_and_order_by_hand() -> None:
    """Correlations 0.8 and 0.4: eigenvalues 1.8, 1.4, 0.6, 0.2 of 4."""
    levels = with_correlations(np.array([0.8, 0.4]))
    np.testing.assert_allclose(spread_of(levels), np.array([1.8, 1.4, 0.6, 0.2]) / 4)
    assert share_of(levels) == pytest.approx(0.45)
    mean = 2.2 / 3
    by_hand = 0.5 * (np.log2(mean / 1.4) + np.log2(mean / 0.6) + np.log2(mean / 0.2))
    assert order_off(levels) == pytest.approx(by_hand)


def test_shuffles_keep_the_genres_or_not() -> None:
    """Two genres, all alike within: shuffled within them nothing changes, shuffled all it does."""
    names = np.array(["a"] * 20 + ["b"] * 20)
    levels = np.where((names == "a")[:, None], 1.0, [2.0, 3.0, 0.0, -4.0])
    rng = stream(1, "test")
    np.testing.assert_allclose(shuffled_shares(levels, names, 3, rng=rng), 1.0)
    assert shuffled_shares(levels, np.full(40, "all"), 20, rng=rng).mean() < 0.6


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_levels_share_what_chance_shares(seed: int) -> None:
    """The reference is the mean over shuffles: that of levels drawn at random, to four errors."""
    phi, _ = hand_made()
    rng = stream(seed, "test")
    random = [
        np.linalg.eigvalsh(np.corrcoef(rng.permuted(phi, axis=0).T))[-1] / phi.shape[1]
        for _ in range(200)
    ]
    mean, sd = found(seed).data["levels"]["share_shuffled"]
    assert abs(mean - np.mean(random)) < 4 * np.std(random) * np.sqrt(1 / 60 + 1 / 200)
    assert sd == pytest.approx(np.std(random), rel=0.5)
    own = found(seed).data["levels"]
    assert found(seed).checks[2].estimate == pytest.approx(own["share"] - mean)
    assert found(seed).checks[5].estimate == pytest.approx(own["order"] - own["order_built"][0])


def test_a_line_is_asked_about_levels_it_was_not_fitted_to() -> None:
    """Each level left out in turn, by hand; fitted to them all, it would seem to know more."""
    space = DesignSpace(("x", "y", "z"), low=np.zeros(3), high=np.full(3, 20.0))
    levels = 10.0 + stream(1, "test").normal(size=(8, 3))
    names = np.array(["a"] * 8)
    one = [
        float(saved_bits(np.delete(levels, i, axis=0), levels[i][None], space, seed=1)[0])
        for i in range(8)
    ]
    assert bits_within(levels, names, space, seed=1) == pytest.approx([np.mean(one)])
    assert saved_bits(levels, levels, space, seed=1).mean() > np.mean(one) + 0.2


def test_same_seed_same_finding(tmp_path: Path) -> None:
    finding = found(1)
    finding.write(tmp_path / "a.json")
    run(Effort(quick=True, jobs=2)).write(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.json").stat().st_size < 100_000
    again = Finding.read(tmp_path / "a.json")
    assert again.conclusion == finding.conclusion
    assert again.holds
    assert found(2).checks[0].estimate != finding.checks[0].estimate


def test_words_and_titles_follow_the_checks(tmp_path: Path) -> None:
    finding = found(1)
    check_words_and_titles(finding, conclude, tmp_path / "a.json", "trend_line")
    for number in (
        f"slope {finding.checks[0].estimate:.3f}",
        f"{100 * finding.data['levels']['share']:.0f} %",
        f"{finding.data['levels']['order']:.1f})",
    ):
        assert number in finding.conclusion
