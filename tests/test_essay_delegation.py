"""Delegate the choices and the author disappears: what the experiment finds, and its parts."""

from __future__ import annotations

import math
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.delegation import experiment
from procgen_sim.experiments.essay.delegation.authors import dot_authors, level_authors, work
from procgen_sim.experiments.essay.delegation.checks import (
    ORDERS,
    checks,
    conclusion,
    half_gone,
)
from procgen_sim.experiments.essay.delegation.completion import all_sets, complete, log_marginals
from procgen_sim.experiments.essay.delegation.experiment import Size, run
from procgen_sim.experiments.essay.delegation.machines import Task, kept_decisions
from procgen_sim.experiments.essay.delegation.signature import (
    bits_by_set,
    bits_of_sets,
    telling_order,
)
from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.models import DesignModel, DesignSpace
from procgen_sim.models.fitting.authorship import recognise
from procgen_sim.rng import stream

SMALL = Size(
    repetitions=6,
    built=3,
    choose=20,
    hold=60,
    parts=(80, 30, 40),
    built_parts=(40, 15, 15),
)
SMALLER = replace(SMALL, repetitions=3, built=2)
TINY = replace(SMALL, repetitions=2, built=2, parts=(30, 10, 10), built_parts=(20, 5, 5))


def copycat(task: Task, rng: np.random.Generator) -> np.ndarray:
    """The planted change: a machine that completes a level as its author would have."""
    made = task.levels.copy()
    for i in range(task.authors.n_components):
        author = DesignModel(
            kind="author",
            space=task.authors.space,
            weights=np.ones(1),
            means=task.authors.means[i : i + 1],
            covariances=task.authors.covariances[i : i + 1],
        )
        mine = task.whose == i
        made[mine] = complete(author, task.levels[mine], task.kept[mine], rng=rng)
    return made


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(Effort(quick=True), size=SMALL)


def failed(finding: Finding) -> str:
    return "\n".join(check.what for check in finding.checks if not check.holds)


def test_the_author_disappears(found: Finding) -> None:
    assert found.holds, failed(found)
    assert found.conclusion.startswith("Of 6 authors the right one is recognised in ")
    assert "the genre outlasts the style" in found.conclusion
    levels = found.data["levels"]["built"]
    assert levels["bits built"]["mean"] != levels["bits as asked for"]["mean"]
    assert set(found.data["styles"]) == {"more alike", "less alike"}
    for name, d in (("dots", 2), ("levels", 11)):
        world = found.data[name]
        assert len(world["q"]) == d + 1
        for order in ("random", "fixed", "worst", "best"):
            assert len(world[order]["read"]["mean"]) == d + 1
            held = np.array(world[order]["held"]["mean"])
            assert (np.diff(held) <= 0.02).all()
            assert held[-1] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_the_author_disappears_in_a_quick_run(seed: int) -> None:
    finding = run(Effort(seed=seed, quick=True))
    assert finding.holds, failed(finding)


def test_a_machine_that_copies_its_author_hides_nobody() -> None:
    finding = run(Effort(quick=True), machine=copycat, size=SMALLER)
    assert not finding.holds
    for words in (
        "dots: share recognised when all is delegated",
        "levels: share recognised when all is delegated",
        "dots: shares at which more is read than kept decisions hold",
        "levels: shares at which more is read than kept decisions hold",
        "less those read after authors were shuffled",
    ):
        assert words in failed(finding)
    assert "not by chance" in finding.conclusion
    read = finding.data["levels"]["random"]["read"]
    assert abs(read["mean"][-1] - read["mean"][0]) < 3.5 * math.hypot(
        read["error"][-1], read["error"][0]
    )


def test_the_same_seed_finds_the_same(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(Effort(seed=4, quick=True), size=TINY).write(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_round_trip(found: Finding, tmp_path: Path) -> None:
    found.write(tmp_path / "delegation.json")
    again = Finding.read(tmp_path / "delegation.json")
    assert again.conclusion == found.conclusion
    assert again.holds == found.holds
    assert (tmp_path / "delegation.json").stat().st_size < 100_000


def test_the_sentence_has_a_clause_a_check_and_follows_the_numbers(found: Finding) -> None:
    plain = conclusion(found.data, found.checks)
    for i, check in enumerate(found.checks):
        side = -1.0 if check.relation == "above" else 1.0
        turned = replace(check, estimate=check.bound + side, standard_error=0.01)
        checks_ = (*found.checks[:i], turned, *found.checks[i + 1 :])
        assert conclusion(found.data, checks_) != plain, check.what
        if check.relation != "equal":
            open_ = replace(check, estimate=check.bound, standard_error=0.01)
            told = conclusion(found.data, (*found.checks[:i], open_, *found.checks[i + 1 :]))
            assert told not in (plain, conclusion(found.data, checks_)), check.what
    levels = found.data["levels"]
    other = {**levels, "random": {**levels["random"], "accuracy": {"mean": [0.5] * 12}}}
    assert "in 50 % of levels" in conclusion({**found.data, "levels": other}, found.checks)
    fleeting = {"mean": [1.0] + [0.0] * 11}
    other = {**levels, "random": {**levels["random"], "school": fleeting}}
    assert "the genre does not outlast" in conclusion({**found.data, "levels": other}, found.checks)


def world(read: np.ndarray, held: np.ndarray) -> dict[str, Any]:
    """Repetitions of two decisions, the same in all orders."""
    return {
        "n_authors": 2,
        "shuffled": np.zeros(len(read)),
        "built": np.ones((len(read), 2, 4)),
        **{name: {"read": read, "held": held, "accuracy": read} for name in ORDERS},
    }


def test_steps_that_add_bits_and_bits_from_nowhere_are_counted() -> None:
    noise = np.linspace(-0.01, 0.01, 8)[:, np.newaxis]
    fair = world(np.array([1.0, 0.5, 0.0]) + noise, np.array([1.0, 0.6, 0.0]) + 0 * noise)
    risen = world(np.array([1.0, 0.3, 0.5]) + noise, np.array([1.0, 0.6, 0.0]) + 0 * noise)
    found = {
        check.what: check.estimate for check in checks({"dots": risen, "levels": fair}, n_tested=9)
    }
    assert found["dots: steps of delegation that add bits beyond chance"] == len(ORDERS)
    assert found["levels: steps of delegation that add bits beyond chance"] == 0
    more = "shares at which more is read than kept decisions hold, beyond chance"
    assert found[f"dots: {more}"] == len(ORDERS)
    assert found[f"levels: {more}"] == 0


def test_few_repetitions_have_wide_errors() -> None:
    few, many = (
        checks({"levels": world(read, read)}, n_tested=9)[0].standard_error * math.sqrt(len(read))
        for read in (np.tile([[0.9, 0.5, 0.0], [1.0, 0.5, 0.0]], (n, 1)) for n in (2, 200))
    )
    assert few > 2.0 * many


def test_orders_are_not_measured_on_the_levels_they_were_chosen_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen, measured = [], []
    by_set, of_sets = experiment.bits_by_set, experiment.bits_of_sets

    def choosing(authors: Any, levels: Any, *rest: Any, **more: Any) -> Any:
        chosen.append(levels)
        return by_set(authors, levels, *rest, **more)

    def measuring(authors: Any, levels: Any, *rest: Any, **more: Any) -> Any:
        measured.append(levels)
        return of_sets(authors, levels, *rest, **more)

    monkeypatch.setattr(experiment, "bits_by_set", choosing)
    monkeypatch.setattr(experiment, "bits_of_sets", measuring)
    experiment._repetition(1, 0, 0, TINY, experiment.autocomplete)
    assert chosen
    assert measured
    assert not any(np.isin(levels, chosen[0]).any() for levels in measured)


def test_the_title_follows_the_checks(found: Finding) -> None:
    title = runpy.run_path(str(Path(__file__).parents[1] / "analysis" / "delegation.py"))["title"]
    assert "the author disappears" in title(found)
    broken = replace(found.checks[0], estimate=0.0)
    assert "disappears" not in title(replace(found, checks=(broken,)))


def test_half_gone() -> None:
    assert half_gone([1.0, 1.0, 0.0]) == 0.75
    assert half_gone([1.0, 0.5, 0.4, 0.3, 0.0]) == 0.25
    assert half_gone([1.0, 0.9]) == 1.0


def two_authors(apart: float, correlation: float = 0.0) -> DesignModel:
    """Two unit Gaussians that differ in x alone."""
    return DesignModel(
        kind="authors",
        space=DesignSpace(("x", "y"), low=np.zeros(2), high=np.ones(2)),
        weights=np.array([0.5, 0.5]),
        means=np.array([[0.0, 0.0], [apart, 0.0]]),
        covariances=np.array([[[1.0, correlation], [correlation, 1.0]]] * 2),
    )


def test_bits_of_two_gaussians_are_those_of_the_integral() -> None:
    authors = two_authors(2.0)
    x = np.linspace(-8, 10, 20_001)
    p = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    q = np.exp(-((x - 2) ** 2) / 2) / math.sqrt(2 * math.pi)
    exact = 1 + np.trapezoid(p * np.log2(p / (p + q)), x)  # the same for either
    found = [
        bits_by_set(authors, *work(authors, 200, rng=stream(seed, "test")))[0] for seed in range(10)
    ]
    for place, expected in ((1, exact), (3, exact)):
        mean, error = mean_and_error([bits[place] for bits in found])
        assert abs(mean - expected) < 3.5 * error
    for bits in found:
        np.testing.assert_allclose(bits[[0, 2]], 0.0, atol=1e-12)
    assert telling_order(found[0], worst=True).tolist() == [0, 1]
    assert telling_order(found[0], worst=False).tolist() == [1, 0]


def test_what_a_partner_of_a_telling_decision_says_counts() -> None:
    """y says nothing alone; beside x, with which it goes, it does."""
    authors = two_authors(1.0, correlation=0.9)
    bits = bits_by_set(authors, *work(authors, 500, rng=stream(1, "test")))[0]
    assert bits[2] == pytest.approx(0.0, abs=1e-12)
    assert bits[3] > 2 * bits[1]


def test_a_genre_is_one_bit_of_the_author() -> None:
    authors = level_authors(stream(1, "test"))
    levels, whose = work(authors, 30, rng=stream(2, "test"))
    schools = np.array(authors.details["schools"])
    all_, school = bits_of_sets(authors, levels, whose, all_sets(11, 11), schools=schools)
    assert 0.99 < school[0] <= 1.0  # two genres
    assert school[0] < all_[0] < math.log2(6)


def test_marginals_add_up_to_the_density() -> None:
    model = level_authors(stream(3, "test"))
    levels, _ = work(model, 5, rng=stream(4, "test"))
    logs = log_marginals(model, levels, all_sets(11, 11))[0]
    ours = np.log((model.weights[:, np.newaxis] * np.exp(logs)).sum(axis=0))
    np.testing.assert_allclose(ours, model.log_density(levels), atol=1e-9)
    one = log_marginals(model, levels, np.array([[4]]))[0, 2]
    variance = model.covariances[2, 4, 4]
    expected = -0.5 * (levels[:, 4] - model.means[2, 4]) ** 2 / variance
    np.testing.assert_allclose(one, expected - 0.5 * np.log(2 * np.pi * variance), atol=1e-9)


@pytest.mark.parametrize("n_made", [0, 1, 2])
def test_what_the_model_completes_of_itself_it_could_have_made(n_made: int) -> None:
    """A model's own levels, completed by it, are still its own: mean log density is kept."""
    model = dot_authors(stream(5, "test"))
    n = 4000
    levels = model.sample(n, rng=stream(6, "test"))
    kept = kept_decisions(n, 2, n_made, None, stream(7, "test"))
    made = complete(model, levels, kept, rng=stream(8, "test", n_made))
    same = np.take_along_axis(made == levels, kept, axis=1)
    assert same.all()
    assert (made == levels).sum() == kept.size
    difference = model.log_density(made) - model.log_density(levels)
    mean, error = mean_and_error(difference)
    assert abs(mean) <= 3.5 * error


def test_completion_follows_the_regression() -> None:
    model = two_authors(0.0, correlation=0.8)
    levels = np.array([[1.5, 0.0]] * 4000)
    kept = np.zeros((4000, 1), np.int64)
    made = complete(model, levels, kept, rng=stream(9, "test"))[:, 1]
    mean, error = mean_and_error(made)
    assert abs(mean - 1.2) < 3.5 * error
    assert made.std() == pytest.approx(0.6, rel=3.5 / math.sqrt(2 * 4000))


def test_a_fixed_order_keeps_the_same_decisions_and_none_keeps_any() -> None:
    kept = kept_decisions(50, 3, 1, np.array([2, 0, 1]), stream(1, "test"))
    assert (kept == [0, 1]).all()
    kept = kept_decisions(50, 3, 1, None, stream(1, "test"))
    assert len(np.unique(kept, axis=0)) == 3
    assert (np.diff(kept, axis=1) > 0).all()


def test_the_classifier_reads_nearly_all_that_gaussians_say() -> None:
    missed = []
    for seed in range(6):
        authors = dot_authors(stream(seed, "test"))
        levels, whose = work(authors, 500, rng=stream(seed, "test", 1))
        seen = recognise(levels, whose, fitted=200, tempered=100)
        missed.append(bits_of_sets(authors, levels, whose, all_sets(2, 2))[0][0] - seen.bits)
    mean, error = mean_and_error(missed)
    assert mean > -3.5 * error
    assert mean < 0.1


def test_the_classifier_reads_nothing_from_noise() -> None:
    whose = np.repeat(np.arange(5), 200)
    seen = [
        recognise(stream(seed, "test").standard_normal((1000, 11)), whose, fitted=100, tempered=50)
        for seed in range(12)
    ]
    mean, error = mean_and_error([one.accuracy for one in seen])
    assert abs(mean - 0.2) < 3.5 * error
    assert all(abs(one.bits) < 0.02 for one in seen)


def test_the_classifier_is_sure_of_authors_far_apart() -> None:
    authors = two_authors(30.0)
    levels, whose = work(authors, 100, rng=stream(1, "test"))
    seen = recognise(levels, whose, fitted=40, tempered=20)
    assert seen.accuracy == 1.0
    assert seen.bits > 0.99


@pytest.mark.parametrize(
    ("whose", "found"),
    [([0] * 8, "1 of 8"), ([0] * 4 + [1] * 5, "2 of 4, 5"), ([0, 1] * 3, "2 of 3, 3")],
)
def test_the_classifier_refuses_bodies_it_cannot_learn_from(whose: list[int], found: str) -> None:
    with pytest.raises(InputError, match=found):
        recognise(np.zeros((len(whose), 2)), np.array(whose), fitted=2, tempered=1)
