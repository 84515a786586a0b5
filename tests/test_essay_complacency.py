"""Generations that copy themselves: theory beside simulation, and the claim of the essay."""

from __future__ import annotations

import importlib.util
import math
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from procgen_sim.experiments.essay import Check, Effort, Finding, complacency
from procgen_sim.experiments.essay.complacency import other_audiences as others
from procgen_sim.experiments.essay.complacency import outside_share, tile_collapse
from procgen_sim.experiments.essay.complacency.claims import by_claim
from procgen_sim.experiments.essay.complacency.design_generations import (
    Size,
    copying_found,
    industry_found,
    policies,
)
from procgen_sim.experiments.essay.complacency.diversity_path import mean_path
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
from procgen_sim.experiments.essay.complacency.outside_share import (
    HELD,
    bisect,
    end_of,
    expected_share,
    least_share,
)
from procgen_sim.experiments.essay.complacency.outsiders import SOURCES, novelty, works_due
from procgen_sim.experiments.essay.complacency.success import Audience, liking, most_successful
from procgen_sim.experiments.essay.complacency.tile_collapse import (
    few,
    tile_checks,
    tile_policies,
)
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
SMALL = Size(
    generations=10, copying=300, keeping=80, choosing=20, steps=5, searching=20, others=False
)
ANYTHING = Audience(width=1e6)
"""The planted change: an audience that likes one thing as much as the other."""


@lru_cache(maxsize=1)
def taste() -> Finding:
    return complacency.run(Effort(seed=1, quick=True))


def unbiased(works: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The planted change: over n − 1, which keeps the variance in expectation."""
    mean, covariance = maximum_likelihood(works)
    return mean, covariance * works.shape[1] / (works.shape[1] - 1)


def copying(
    industry: Industry, seed: int, *, audience: Audience | None = None, accumulate: bool = True
) -> dict[str, Check]:
    how = policies(audience=audience or Audience(), accumulate=accumulate)
    effort = Effort(seed=seed, quick=True)
    return copying_found(industry, effort, how, refit=maximum_likelihood, size=SMALL)[1]


def test_the_claim_holds_of_dots_levels_and_tiles() -> None:
    finding = taste()
    assert finding.holds, [c.sentence() for c in finding.checks if not c.holds]


@pytest.mark.parametrize("industry", INDUSTRIES, ids=NAMES)
@pytest.mark.parametrize("seed", [2, 3])
def test_copying_narrows_as_theory_has_it(industry: Industry, seed: int) -> None:
    checks = copying(industry, seed)
    # A few generations of a few lineages are not enough to know what is saved.
    kept = checks.pop("kept")
    assert abs(kept.errors_away) < 3.5
    assert all(check.holds for check in checks.values()), [c.sentence() for c in checks.values()]


def test_planted_changes_fail_their_checks_and_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def small(policy: TilePolicy, *, seed: int, lineage: int, **sizes: int) -> TileLineage:
        sizes |= {"n_levels": 4, "n_generations": 3}
        return tile_lineage(policy, seed=seed, lineage=lineage, **sizes)

    monkeypatch.setattr(tile_collapse, "tile_lineage", small)
    finding = complacency.run(
        Effort(seed=2, quick=True),
        refit=unbiased,
        accumulate=False,
        audience=ANYTHING,
        temperature=1.0,
        size=replace(SMALL, generations=20, copying=600, choosing=8, searching=8, steps=3),
    )
    checks = by_claim(finding.checks)
    assert not finding.holds
    for found in (checks["dots"], checks["levels"]):
        for claim in ("rate", "at_once", "in_the_end", "slowed", "by_theory"):
            assert not found[claim].holds, found[claim].sentence()
        assert found["slowed"].estimate == 0  # forgotten alike, it is the same lineages
        assert abs(found["rate"].estimate - 1) < 4 * found["rate"].standard_error
    assert not checks["tiles"]["patterns"].holds  # drawn as the model is
    assert "do not lose variance at theory's rate" in finding.conclusion
    assert finding.conclusion.startswith("Not as claimed")


def test_forgetting_what_was_to_be_kept_saves_nothing() -> None:
    checks = copying(INDUSTRIES[0], 6, accumulate=False)
    assert not checks["kept"].holds
    assert not checks["slowed"].holds


@pytest.mark.parametrize("source", SOURCES)
def test_outsiders_who_copy_hold_nothing(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def last(industry: Industry, shown: np.ndarray, n: int, *, rng: object) -> np.ndarray:  # noqa: ARG001
        return shown[:, -n:]

    monkeypatch.setitem(SOURCES, source, last)
    size = replace(SMALL, copying=100, steps=3, searching=5, choosing=5)
    _, checks = industry_found(
        INDUSTRIES[0], Effort(seed=3, quick=True), refit=maximum_likelihood, accumulate=True,
        audience=Audience(), size=size,
    )  # fmt: skip
    assert not checks[source].holds


def _flipped(check: Check, to: str) -> Check:
    """The same check where it cannot be told, or where the opposite holds."""
    if to == "open":
        return replace(check, estimate=check.bound, standard_error=math.nan)
    away = {"above": -9.0, "below": 9.0, "equal": 9.0}[check.relation]
    return replace(check, estimate=check.bound + away, standard_error=0.1)


def test_each_check_has_its_clause() -> None:
    finding = taste()
    more = Check.of("by hand", (1.0, 0.1), "above", 0.0)
    apart = dict(finding.data["tiles"]["apart"])
    apart["sharp_authored"] = apart["sharp"]
    data = {**finding.data, "tiles": {**finding.data["tiles"], "apart": apart}}
    checks = (*finding.checks, more)
    said = {conclude(data, checks)}
    for i in range(len(checks)):
        for to in ("open", "opposite"):
            changed = (*checks[:i], _flipped(checks[i], to), *checks[i + 1 :])
            sentence = conclude(data, changed)
            assert sentence.startswith(f"Not as claimed (1 of {len(checks)} checks fail): ")
            assert ("cannot be told" in sentence) or to == "opposite" or "can be told" in sentence
            said.add(sentence)
    assert len(said) == 1 + 2 * len(checks)


def test_where_both_fail_one_clause_says_so() -> None:
    finding = taste()
    claims = by_claim(finding.checks)
    slowed = [claims[name]["slowed"] for name in NAMES]
    changed = [_flipped(c, "opposite") if c in slowed else c for c in finding.checks]
    sentence = conclude(finding.data, changed)
    assert sentence.count("keeping everything hastens that") == 1
    assert "slows" not in sentence


def test_the_conclusion_follows_the_numbers() -> None:
    finding = taste()
    assert conclude(finding.data, finding.checks) == finding.conclusion
    rate = {"value": 0.5, "error": 0.01}
    rows = [{"left": 0.03, "share": 0.2}, {"left": 0.3, "share": 0.7}]
    dots = {**finding.data["dots"], "rate": rate, "others": rows}
    sentence = conclude({**finding.data, "dots": dots}, finding.checks)
    assert "50.00 ± 1.00 % a generation for 2.50 % on dots" in sentence
    assert "3 % to 30 % is left, and 20 to 70 % by hand would hold it" in sentence


def test_titles_follow_the_checks() -> None:
    path = Path(__file__).parents[1] / "analysis" / "complacency.py"
    spec = importlib.util.spec_from_file_location("analysis_complacency", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    def titles(checks: tuple[Check, ...]) -> list[str]:
        figure = script.draw(replace(finding, checks=checks))
        return [
            axes.get_title(loc="center") or axes.get_title(loc="left") for axes in figure.axes[:3]
        ]

    finding = taste()
    tiles = {**finding.data["tiles"], "shown": []}
    finding = replace(finding, data={**finding.data, "tiles": tiles})
    told = [
        titles(finding.checks),
        *(titles(tuple(_flipped(c, to) for c in finding.checks)) for to in ("open", "opposite")),
    ]
    assert all(len(set(panel)) == 3 for panel in zip(*told, strict=True)), told
    claims = by_claim(finding.checks)
    going = [claims[name]["not_stopped"] for name in NAMES]
    stopped = tuple(_flipped(c, "opposite") if c in going else c for c in finding.checks)
    assert titles(stopped)[1] == "Keeping everything slows it and stops it"


def test_a_finding_survives_its_file(tmp_path: Path) -> None:
    finding = taste()
    path = tmp_path / "complacency.json"
    finding.write(path)
    again = Finding.read(path)
    assert (again.conclusion, again.holds) == (finding.conclusion, finding.holds)
    assert conclude(again.data, again.checks) == finding.conclusion
    again.write(tmp_path / "again.json")
    assert Finding.read(tmp_path / "again.json").data == again.data
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
def test_theory_of_outside_work(industry: Industry) -> None:
    total = lineages(
        industry, Policy(outside=0.3), n_lineages=500, n_generations=8, seed=1, group=7
    )
    share = total / industry.first_variance
    error = share.std(axis=0, ddof=1) / np.sqrt(len(share))
    expected = with_outside(industry, 0.3, 8)
    assert (np.abs(share.mean(axis=0) - expected) <= 4.5 * error + 1e-9).all()


def test_theory_by_hand_and_at_its_limits() -> None:
    np.testing.assert_allclose(replaced(4, 2), [1, 3 / 4, 9 / 16], rtol=1e-12)
    np.testing.assert_allclose(accumulated(4, 2), [1, 15 / 16, 15 / 16 * 35 / 36], rtol=1e-12)
    industry = levels_industry()
    n, u = industry.n_levels, industry.n_parameters
    assert industry.first_variance == u
    np.testing.assert_allclose(with_outside(industry, 0.0, 30), replaced(n, 30), rtol=1e-12)
    # Wholly from outside, each generation is a sample of the source, whatever went before.
    np.testing.assert_allclose(with_outside(industry, 1.0, 3)[1:], 1 - 1 / n, rtol=1e-12)
    dots = dots_industry()
    assert dots.first_variance == pytest.approx(2 * 39 / 40)
    np.testing.assert_allclose(with_outside(dots, 1.0, 3), 1.0, rtol=1e-12)
    # At rest v = u b / (b + 1/(2N)): 90 % for b = 9 / (2N), when that is small, in the long run.
    assert 0.0 < expected_share(industry, 10) < expected_share(industry, 50) < 0.2
    assert expected_share(dots, 2000) == pytest.approx(9 / 80, abs=0.02)


def test_the_end_is_the_last_fifth_and_a_path_has_its_error() -> None:
    paths = np.array([[7.0] * 9 + [1.0, 3.0], [7.0] * 9 + [3.0, 5.0]])
    assert end_of(paths).tolist() == [2.0, 4.0]
    path = mean_path(np.array([[1.0, 2.0], [1.0, 4.0]]))
    assert path["mean"].tolist() == [1.0, 3.0]
    np.testing.assert_allclose(path["error"], [0.0, 1.0])


def test_the_search_finds_where_diversity_is_just_held(monkeypatch: pytest.MonkeyPatch) -> None:
    assert bisect(lambda share: 2 * share, 12) == pytest.approx(0.45, abs=2**-13)
    assert bisect(lambda share: 0.0, 4) == 1 - 2**-5  # noqa: ARG005
    assert bisect(lambda share: 1.0, 4) == 2**-5  # noqa: ARG005
    gains = np.array([1.8, 2.0, 2.2])

    def straight(industry: Industry, policy: Policy, **others: Any) -> np.ndarray:  # noqa: ARG001
        return np.outer(gains * policy.outside, np.ones(6)) * industry.first_variance

    monkeypatch.setattr(outside_share, "lineages", straight)
    options = {"n_lineages": 3, "n_generations": 5, "seed": 1, "group": 1, "n_steps": 12}
    found = least_share(dots_industry(), Policy(), **options)
    assert found.value == pytest.approx(HELD / 2, abs=2**-12)
    assert found.slope == pytest.approx(2.0)
    assert found.error == pytest.approx(0.2 * 0.45 / math.sqrt(3) / 2, rel=0.01)
    gains *= -1
    assert math.isnan(least_share(dots_industry(), Policy(), **options).error)


def test_other_audiences_have_their_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    choices = {"9 in 10 copied": others.OTHERS["9 in 10 copied"], "anything": ANYTHING}
    monkeypatch.setattr(others, "OTHERS", choices)
    nine, anything = others.other_audiences(
        dots_industry(), n_lineages=30, n_generations=8, seed=1, n_steps=4
    )
    assert nine["left"] < anything["left"] - 5 * anything["left_error"]
    assert abs(anything["left"] - replaced(40, 8)[-1]) < 4 * anything["left_error"]
    assert nine["share"] > anything["share"]
    assert nine["share_error"] > 0


def test_the_same_seed_gives_the_same_lineages_and_groups_differ() -> None:
    industry, policy = dots_industry(), Policy(audience=Audience())

    def of(seed: int, group: int) -> np.ndarray:
        return lineages(industry, policy, n_lineages=3, n_generations=4, seed=seed, group=group)

    assert np.array_equal(of(1, 0), of(1, 0))
    assert not np.array_equal(of(1, 0), of(1, 1))
    assert not np.array_equal(of(1, 0), of(2, 0))


def test_all_policies_begin_alike() -> None:
    firsts = [
        lineages(dots_industry(), policy, n_lineages=2, n_generations=1, seed=1, group=0)[:, 0]
        for policy in policies(audience=Audience(), accumulate=True).values()
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


def test_novel_work_is_the_farthest_candidate_by_hand() -> None:
    line = replace(dots_industry(), low=np.zeros(1), high=np.ones(1))
    shown = np.zeros((1, 3, 1))
    found = novelty(line, shown, 2, rng=stream(1, "test", 7))
    drawn = stream(1, "test", 7).random((8, 1, 1))[:, 0, 0]
    np.testing.assert_allclose(found[0, :, 0], np.sort(drawn)[::-1][:2])


def test_a_few_values_are_judged_by_student() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    mean, error = few(values)
    # 3 errors of 4 values are 9.22 of Student's t with 3 degrees of freedom.
    assert mean == 2.5
    assert error == pytest.approx(values.std(ddof=1) / 2 * 9.219 / 3, rel=1e-3)


def test_tile_checks_by_hand_and_planted() -> None:
    falling = np.array([[9.0, 0.4, 0.1], [9.0, 0.4, 0.12], [9.0, 0.4, 0.11]])
    flat = np.array([[0.01, 0.4, 0.41], [0.01, 0.4, 0.4], [0.01, 0.4, 0.39]])
    # Against the first made, not the hand-made: what comes first does not matter.
    checks = tile_checks({"sharp": falling, "sharp_authored": flat}, {"sharp": falling})
    assert [check.holds for check in checks.values()] == [True] * 3
    assert checks["alike"].estimate == pytest.approx(0.275)
    assert checks["by_hand"].estimate == pytest.approx(0.29)
    checks = tile_checks({"sharp": flat, "sharp_authored": flat}, {"sharp": flat})
    assert not any(check.holds for check in checks.values())
    how = tile_policies(audience=Audience(), temperature=0.5)
    assert [how[key].temperature for key in ("faithful", "sharp", "sharp_kept")] == [1, 0.5, 0.5]
    assert how["sharp_kept"].accumulate
    assert how["sharp_authored"].outside == 0.25


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
