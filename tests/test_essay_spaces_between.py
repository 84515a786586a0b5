"""The essay's spaces between: the claim holds, a planted change breaks it, the words follow."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from essay_flips_support import check_words_and_titles

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.capacity import fit_all
from procgen_sim.experiments.essay.dots import SPACE, cluster_dots
from procgen_sim.experiments.essay.genre_way import GenreWay
from procgen_sim.experiments.essay.spaces_between import conclude, excess, mass_of_square, run
from procgen_sim.experiments.preparation import design_space
from procgen_sim.models import fit
from procgen_sim.rng import stream


@lru_cache
def found(seed: int) -> Finding:
    return run(Effort(seed=seed, quick=True))


@lru_cache
def broad() -> Finding:
    """One cluster instead of two, and levels of one Gaussian in genres that are none."""
    phi, bodies = hand_made()
    one = fit("gaussian", phi, design_space(), rng=stream(1, "fit"))
    phi = one.sample(len(phi), rng=stream(1, "test"))
    names = stream(1, "test").permutation(np.array(bodies)).tolist()

    def cluster(n: int, *, rng: np.random.Generator) -> np.ndarray:
        return rng.normal(10.0, 4.0, (n, 2))

    return run(Effort(quick=True), dots=cluster, levels=(phi, names))


def test_the_claim_holds() -> None:
    assert [check.sentence() for check in found(1).checks if not check.holds] == []


def test_one_broad_cluster_fails() -> None:
    ratio, two, line_off, right_off, levels, built = broad().checks
    assert line_off.holds  # a line holds the middle of one cluster, too
    assert not any(check.holds for check in (ratio, two, right_off, levels, built))
    assert two.estimate < 0.5
    assert abs(ratio.estimate) < 0.3
    assert "(less than ten times), which has not nearly always two" in broad().conclusion
    assert "on most mixtures" in broad().conclusion


def test_the_square_by_hand() -> None:
    """One Gaussian whose middle is (10, 10): the mass within 2 in x and 2 in y."""
    from scipy.stats import multivariate_normal

    model = fit("gaussian", cluster_dots(60, rng=stream(1, "test")), SPACE, rng=stream(1, "fit"))
    one = multivariate_normal(model.mean, model.covariance)
    by_hand = one.cdf([12.0, 12.0], lower_limit=[8.0, 8.0])
    assert mass_of_square(model) == pytest.approx(by_hand, rel=1e-3)


def test_errors_by_hand() -> None:
    """The jackknife's of the ratio, and of two shares of which one counts ten times."""
    levels = found(1).data["levels"]
    left = np.array(levels["left_out"]["line"]) - np.array(levels["left_out"]["BIC"])
    n = len(left)
    by_hand = np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
    assert n == 22
    assert found(1).checks[4].standard_error == pytest.approx(by_hand)
    estimate, error = excess(46, 6, 96)
    assert estimate == pytest.approx(46 / 96 - 60 / 96)
    assert error == pytest.approx(np.sqrt((0.48 * 0.52 + 100 * 0.08 * 0.92) / 96))


def test_only_refused_components_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask() -> list[str]:
        dots = cluster_dots(14, rng=stream(1, "test"))
        return list(fit_all(dots, SPACE, most=3, n_starts=1, rng_of=lambda: stream(1, "fit")))

    assert ask() == ["line", "Gaussian", "1", "2", "BIC", "kernels"]
    monkeypatch.setattr("procgen_sim.experiments.essay.capacity._TOO_MANY", "another place")
    with pytest.raises(InputError, match="5 levels or more each"):
        ask()


def test_the_middle_third_is_exact() -> None:
    """The formula against a model's own draws, in standard errors."""
    phi, bodies = hand_made()
    way = GenreWay(phi, np.array(bodies) == bodies[0])
    assert way.along(phi[np.array(bodies) == bodies[0]]).mean() == pytest.approx(0.0, abs=1e-9)
    assert way.along(phi[np.array(bodies) != bodies[0]]).mean() == pytest.approx(1.0, abs=1e-9)
    n = 4000
    for kind in ("trend", "kde"):
        model = fit(kind, phi, design_space(), rng=stream(1, "fit"))
        share = way.mass_between(model)
        z = [
            (way.count_between(model.sample(n, rng=stream(seed, "test"))) / n - share)
            / np.sqrt(share * (1.0 - share) / n)
            for seed in range(8)
        ]
        assert np.abs(z).max() < 4
        assert abs(np.mean(z)) < 3.5 / np.sqrt(8)


def test_a_fixed_number_of_components_is_the_same_fit() -> None:
    """What BIC chooses among all is what it chooses with the number fixed."""
    dots = cluster_dots(60, rng=stream(1, "test"))
    options = {"max_components": 3, "n_starts": 2}
    free = fit("mixture", dots, SPACE, options=options, rng=stream(1, "fit"))
    for k in (1, 2, 3):
        fixed = fit(
            "mixture", dots, SPACE, options={**options, "components": k}, rng=stream(1, "fit")
        )
        assert fixed.n_components == k
        assert (fixed.details["table"][0] in free.details["table"]) is True  # type: ignore[index,operator]
        if k == free.n_components:
            np.testing.assert_array_equal(fixed.means, free.means)
    with pytest.raises(InputError, match="5 levels or more each, found 9 levels for 3 components"):
        fit("mixture", dots[:9], SPACE, options={**options, "components": 3}, rng=stream(1, "fit"))
    with pytest.raises(
        InputError, match="mixture, components: expected a whole number from 0 to 3"
    ):
        fit("mixture", dots, SPACE, options={**options, "components": 4}, rng=stream(1, "fit"))


@pytest.mark.slow
def test_same_seed_same_finding(tmp_path: Path) -> None:
    finding = found(1)
    finding.write(tmp_path / "a.json")
    run(Effort(quick=True, jobs=2)).write(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.json").stat().st_size < 100_000
    again = Finding.read(tmp_path / "a.json")
    assert again.conclusion == finding.conclusion
    assert again.holds


def test_words_and_titles_follow_the_checks(tmp_path: Path) -> None:
    finding = found(1)
    check_words_and_titles(finding, conclude, tmp_path / "a.json", "spaces_between")
    assert f"{10 ** finding.checks[0].estimate:.0f} times" in finding.conclusion
    assert "0 of 43 hand-made ones" in finding.conclusion
