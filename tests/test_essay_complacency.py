"""Generations that copy themselves: theory beside simulation, and the claim of the essay."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding, complacency
from procgen_sim.experiments.essay.complacency.design_generations import POLICIES, copying_found
from procgen_sim.experiments.essay.complacency.expectations import (
    accumulated,
    replaced,
    with_outside,
)
from procgen_sim.experiments.essay.complacency.generations import (
    Policy,
    lineages,
    maximum_likelihood,
)
from procgen_sim.experiments.essay.complacency.industries import (
    Industry,
    dots_industry,
    levels_industry,
)
from procgen_sim.experiments.essay.complacency.outside_share import expected_share
from procgen_sim.experiments.essay.complacency.outsiders import novelty, works_due
from procgen_sim.experiments.essay.complacency.success import Audience, liking, most_successful
from procgen_sim.experiments.essay.complacency.tile_generations import (
    TileLineage,
    TilePolicy,
    tile_lineage,
)
from procgen_sim.experiments.essay.complacency.words import conclude
from procgen_sim.experiments.essay.dots import SPACE, cluster_dots, fit_dots
from procgen_sim.models import fit
from procgen_sim.rng import stream

INDUSTRIES = (dots_industry(), levels_industry())
NAMES = [industry.name for industry in INDUSTRIES]


@lru_cache(maxsize=1)
def taste() -> Finding:
    return complacency.run(Effort(seed=1, quick=True))


def unbiased(works: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The planted change: over n − 1, which keeps the variance in expectation."""
    mean, covariance = maximum_likelihood(works)
    return mean, covariance * works.shape[1] / (works.shape[1] - 1)


def test_the_claim_holds_of_dots_levels_and_tiles() -> None:
    finding = taste()
    assert finding.holds, [c.sentence() for c in finding.checks if not c.holds]


@pytest.mark.parametrize("industry", INDUSTRIES, ids=NAMES)
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_copying_narrows_as_theory_has_it(industry: Industry, seed: int) -> None:
    _, checks = copying_found(
        industry, Effort(seed=seed, quick=True), refit=maximum_likelihood, accumulate=True
    )
    assert all(check.holds for check in checks), [c.sentence() for c in checks if not c.holds]


def test_an_unbiased_covariance_fails_the_rate() -> None:
    _, checks = copying_found(
        INDUSTRIES[0], Effort(seed=5, quick=True), refit=unbiased, accumulate=True
    )
    (rate,) = [check for check in checks if "over the last's" in check.what]
    assert not rate.holds
    assert abs(rate.estimate - 1) < 4 * rate.standard_error


def test_forgetting_what_was_to_be_kept_fails_accumulation() -> None:
    _, checks = copying_found(
        INDUSTRIES[0], Effort(seed=6, quick=True), refit=maximum_likelihood, accumulate=False
    )
    kept = [check for check in checks if "all copied and kept" in check.what]
    assert len(kept) == 2
    assert not any(check.holds for check in kept)


def test_a_failed_check_fails_the_finding_and_is_said() -> None:
    finding = taste()
    first = replace(finding.checks[0], estimate=2.0)
    broken = (first, *finding.checks[1:])
    assert not replace(finding, checks=broken).holds
    assert conclude(finding.data, finding.checks) == finding.conclusion
    assert conclude(finding.data, broken).startswith(f"Not as claimed (1 of {len(broken)} checks")


def test_the_conclusion_follows_the_numbers() -> None:
    finding = taste()
    rate = {"value": 0.5, "error": 0.01}
    changed = {**finding.data, "dots": {**finding.data["dots"], "rate": rate}}
    assert "lose 50.00 ± 1.00 % on dots (theory: 2.50 %)" in conclude(changed, finding.checks)


def test_a_finding_survives_its_file(tmp_path: Path) -> None:
    finding = taste()
    path = tmp_path / "complacency.json"
    finding.write(path)
    again = Finding.read(path)
    assert (again.conclusion, again.holds) == (finding.conclusion, finding.holds)
    assert conclude(again.data, again.checks) == finding.conclusion
    again.write(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()
    assert path.stat().st_size < 100_000


def test_the_refit_is_our_gaussian_without_shrinkage() -> None:
    dots = cluster_dots(40, rng=stream(1, "test", 1))
    options = {"shrinkage": "none"}
    model = fit("gaussian", dots, SPACE, options=options, rng=stream(1, "test", 2))
    mean, covariance = maximum_likelihood(dots[np.newaxis])
    np.testing.assert_allclose(model.means[0], mean[0], rtol=1e-12)
    np.testing.assert_allclose(model.covariances[0], covariance[0], rtol=1e-9)
    # Shrunk, as users get it, each parameter's variance is still the same.
    ours = fit_dots("gaussian", dots, seed=1).covariances[0]
    np.testing.assert_allclose(np.diag(ours), np.diag(covariance[0]), rtol=1e-9)
    assert abs(ours[0, 1]) < abs(covariance[0, 0, 1])


@pytest.mark.parametrize("industry", INDUSTRIES, ids=NAMES)
@pytest.mark.parametrize("seed", [1, 2])
def test_theory_of_outside_work(industry: Industry, seed: int) -> None:
    total = lineages(
        industry, Policy(outside=0.3), n_lineages=600, n_generations=12, seed=seed, group=7
    )
    share = total / total[:, 0].mean()
    error = share.std(axis=0, ddof=1) / np.sqrt(len(share))
    expected = with_outside(industry, 0.3, 12)
    assert (np.abs(share.mean(axis=0) - expected)[1:] < 4.5 * error[1:]).all()


def test_theory_at_its_limits() -> None:
    industry = levels_industry()
    np.testing.assert_allclose(with_outside(industry, 0.0, 30), replaced(industry.n_levels, 30))
    assert accumulated(40, 60)[-1] > np.sinc(40**-0.5) / (1 - 1 / 40)
    low, high = expected_share(industry, 10), expected_share(industry, 50)
    assert 0.0 < low < high < 0.2


def test_the_same_seed_gives_the_same_lineages_and_groups_differ() -> None:
    industry, policy = dots_industry(), POLICIES["favourites"]

    def of(seed: int, group: int) -> np.ndarray:
        return lineages(industry, policy, n_lineages=3, n_generations=4, seed=seed, group=group)

    assert np.array_equal(of(1, 0), of(1, 0))
    assert not np.array_equal(of(1, 0), of(1, 1))
    assert not np.array_equal(of(1, 0), of(2, 0))


def test_all_policies_begin_alike() -> None:
    firsts = [
        lineages(dots_industry(), policy, n_lineages=2, n_generations=1, seed=1, group=0)[:, 0]
        for policy in POLICIES.values()
    ]
    assert all(np.array_equal(first, firsts[0]) for first in firsts)


def test_the_most_liked_are_chosen() -> None:
    squares = np.array([[[9.0, 9.0], [0.0, 0.0], [1.0, 1.0]]])
    np.testing.assert_allclose(liking(squares)[0], np.exp([-4.5, 0.0, -0.5]))
    many = Audience(n_people=100_000)
    assert most_successful(squares, many, 2, rng=stream(1, "test", 3)).tolist() == [[1, 2]]


def test_outside_works_come_at_their_share() -> None:
    due = [works_due(0.07, 43, generation) for generation in range(1, 101)]
    assert sum(due) == 301
    assert set(due) == {3, 4}


def test_novel_work_is_far_from_what_was_shown() -> None:
    industry = dots_industry()
    shown = industry.begin(5, 40, stream(1, "test", 4))
    found = novelty(industry, shown, 3, rng=stream(1, "test", 5))
    assert found.shape == (5, 3, 2)
    assert (found >= industry.low).all()
    assert (found <= industry.high).all()

    def nearest(works: np.ndarray) -> np.ndarray:
        apart = np.linalg.norm(works[:, :, np.newaxis] - shown[:, np.newaxis], axis=3)
        return np.asarray(apart.min(axis=2))

    drawn = stream(1, "test", 6).uniform(industry.low, industry.high, (5, 200, 2))
    assert (nearest(found) > np.median(nearest(drawn), axis=1)[:, np.newaxis]).all()


def _few(policy: TilePolicy) -> TileLineage:
    return tile_lineage(policy, n_levels=4, n_columns=16, n_generations=2, seed=1, lineage=0)


def test_tile_lineages_begin_alike_and_repeat() -> None:
    first, again = _few(TilePolicy()), _few(TilePolicy())
    assert np.array_equal(first.apart, again.apart)
    assert first.shown == again.shown
    kept = _few(TilePolicy(accumulate=True))
    assert kept.apart[:2].tolist() == first.apart[:2].tolist()
    assert kept.shown[2] != first.shown[2]


def test_tiles_wholly_by_hand_stay_hand_made() -> None:
    path = _few(TilePolicy(outside=1.0, temperature=0.5))
    assert path.patterns[1:].min() > 0.7 * path.patterns[0]
