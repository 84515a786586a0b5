"""Which way of leaving keeps an audience longest: candidates, race, verdict, folder, words."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.cli.main import main
from procgen_sim.config import RunConfig
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.search import (
    candidates,
    judge,
    levels_kept,
    open_search,
    race,
    run_search,
)
from procgen_sim.experiments.search import run as search_run
from procgen_sim.experiments.search.racing import run_arms
from procgen_sim.experiments.search.wording import kept_words, sentences
from procgen_sim.experiments.statistics import Interval
from procgen_sim.injection import parse_arms
from procgen_sim.players import Leaving
from procgen_sim.rng import stream
from procgen_sim.session import Setting

HORIZON = 30
TINY = RunConfig(players=10, levels=12, columns=60, check="screen", budget=0.25)


@pytest.fixture(scope="module")
def dots() -> Setting:
    body = cluster_dots(100, rng=stream(4, "test"))
    return dot_setting(fit_dots("mixture", body, seed=4), body, seed=4, n_levels=HORIZON)


def left(levels: list[int], horizon: int = HORIZON) -> Leaving:
    array = np.array(levels)
    return Leaving(levels=np.minimum(array, horizon), censored=array > horizon)


@pytest.mark.parametrize("budget", [0.05, 0.15, 0.2, 0.5, 1.0])
def test_candidates_keep_within_the_budget(dots: Setting, budget: float) -> None:
    arms = candidates(["noise", "outlier"], budget)
    assert len({(arm.proposal, arm.schedule) for arm in arms}) == len(arms)
    assert {arm.proposal for arm in arms} == {"noise", "outlier"}
    for ran in run_arms(dots, arms, range(20), lambda f, blocks: (f(*block) for block in blocks)):
        exact = ran.arm.name.split("@")[1].startswith(("every", "adaptive"))
        # Chance may take the others over it: up to three standard errors of 600 levels in bursts.
        slack = 0.0 if exact else 3 * math.sqrt(3 * budget * (1 - budget) / (20 * HORIZON))
        assert ran.broke_share <= budget + slack + 1e-12, ran.arm.name


def test_levels_kept_by_hand() -> None:
    leaving = left([2, 4, 6, 8, 31])
    kept = [levels_kept(leaving, keep) for keep in (1.0, 0.8, 0.6, 0.4, 0.2)]
    assert kept == [2, 4, 6, 8, math.inf]
    assert levels_kept(leaving, 0.5) == 6  # fewer than half are left after level 6


def test_a_better_arm_is_surely_best_and_twins_share() -> None:
    rng = np.random.default_rng(1)
    base = rng.integers(3, 20, 60)
    arms = [base, base + 6, base + 1, base + 1]
    verdict = judge(
        [left(arm.tolist()) for arm in arms],
        ["on-model", "a", "b", "c"],
        keep=0.5,
        shares=[(0.0, 0.0)] * 4,
        rng=stream(1, "test"),
    )
    a, b, c = verdict.finalists
    assert a.p_best > 0.99
    assert b.p_best == c.p_best < 0.01
    assert sum(each.p_best for each in verdict.finalists) == pytest.approx(1.0)
    assert (a.more.estimate, a.more.low) == (6.0, 6.0)
    assert a.kept.estimate == verdict.on_model.estimate + 6
    assert a.kept.low <= a.kept.estimate <= a.kept.high


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(200):
        rng = stream(seed, "test")
        stays = rng.geometric(0.1, 80)
        levels = left(stays.tolist(), 1000)
        verdict = judge(
            [levels, levels], ["on-model", "a"], keep=0.5, shares=[(0.0, 0.0)] * 2, rng=rng
        )
        truth = math.ceil(math.log(0.5) / math.log(0.9))  # the median of that distribution
        held += verdict.on_model.low <= truth <= verdict.on_model.high
    assert 0.88 <= held / 200 <= 1.0
    # An interval half as wide would be found out.
    assert held / 200 > 0.85


def test_the_race_finds_the_arm_that_is_best_by_far(dots: Setting) -> None:
    arms = parse_arms(
        "noise@0.0,noise@0.01,noise@0.02,noise@adaptive:0.5:0.5,outlier@0.01,between@0.01",
        rate=0.1,
    )
    with workers(1) as crew:
        finalists, laps = race(
            dots, arms, notion="surprise", keep=0.5, n_finalists=2, n_players=40, workers=crew
        )
    assert finalists[0].name == "noise@adaptive:0.5:0.5"
    assert [lap.n_players for lap in laps] == [10, 20, 40]
    assert [len(lap.ranking) for lap in laps] == [7, 4, 2]


def test_blocks_and_processes_change_nothing(dots: Setting) -> None:
    arms = parse_arms("noise@adaptive,outlier", rate=0.3)
    found = []
    for jobs in (1, 2):
        with workers(jobs) as crew:
            found.append(run_arms(dots, arms, range(5, 27), crew))
    for one, two in zip(*found, strict=True):
        assert one.arm == two.arm
        assert one.broke_share == two.broke_share
        for notion in one.leaving:
            assert np.array_equal(one.leaving[notion].levels, two.leaving[notion].levels)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> search_run.SearchRun:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("procgen_sim.experiments.preparation._N_CALIBRATION", 1000)
        patch.setattr(search_run, "SELF_CONTAINED", ("noise",))
        return run_search(TINY, tmp_path_factory.mktemp("search") / "a")


def test_a_search_is_read_back_as_it_was(tiny: search_run.SearchRun) -> None:
    again = open_search(tiny.folder)
    assert again == tiny
    assert again.choice.name == tiny.laps[-1].ranking[0][0]
    assert set(tiny.verdicts) == {"surprise", "wundt", "progress"}
    told = json.loads((tiny.folder / "search.json").read_text("utf-8"))
    assert told["choice"] == tiny.choice.name
    assert (tiny.folder / "config.toml").is_file()


def test_judges_had_no_part_in_the_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raced: list[range] = []
    real = run_arms

    def watched(setting: Setting, arms: object, players: range, crew: object) -> object:
        raced.append(players)
        return real(setting, arms, players, crew)  # type: ignore[arg-type]

    monkeypatch.setattr("procgen_sim.experiments.preparation._N_CALIBRATION", 1000)
    monkeypatch.setattr("procgen_sim.experiments.search.racing.run_arms", watched)
    monkeypatch.setattr(search_run, "run_arms", watched)
    monkeypatch.setattr(search_run, "SELF_CONTAINED", ("noise",))
    run_search(TINY, tmp_path / "a")
    *laps, final = raced
    assert laps
    assert all(set(lap).isdisjoint(final) for lap in laps)


def test_a_damaged_search_is_refused(tiny: search_run.SearchRun, tmp_path: Path) -> None:
    told = json.loads((tiny.folder / "search.json").read_text("utf-8"))
    del told["notions"]["wundt"]["finalists"][0]["kept"]
    (tmp_path / "search.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="expected the answer of a search"):
        open_search(tmp_path)


def test_the_figure_is_drawn_from_the_folder(tiny: search_run.SearchRun) -> None:
    assert main(["plot", str(tiny.folder)]) == 0
    assert (tiny.folder / "figures" / "search.png").stat().st_size > 10_000
    assert (tiny.folder / "figures" / "search.svg").is_file()


def interval(estimate: float) -> Interval:
    return Interval(estimate=estimate, low=estimate - 1, high=estimate + 1)


def test_words_follow_the_numbers(tiny: search_run.SearchRun) -> None:
    assert kept_words(interval(20), 60) == "20 (19–21)"
    assert kept_words(Interval(estimate=math.inf, low=41, high=math.inf), 60) == ">60 (41–>60)"
    verdicts = dict(tiny.verdicts)
    first, *rest = verdicts["wundt"].finalists

    def told(low: float, high: float, p_best: float) -> str:
        more = replace(first.more, estimate=(low + high) / 2, low=low, high=high)
        changed = (replace(first, more=more, p_best=p_best), *rest)
        verdict = replace(verdicts["wundt"], finalists=changed)
        return " ".join(sentences({**verdicts, "wundt": verdict}, TINY))

    assert "a gain that stands on players who had no part" in told(1.0, 3.0, 0.99)
    assert "the best in 99 %" in told(1.0, 3.0, 0.99)
    assert "no gain that can be told from chance" in told(-1.0, 3.0, 0.5)
    assert "is not settled: it is in 50 %" in told(-1.0, 3.0, 0.5)
    assert "a loss" in told(-3.0, -1.0, 0.5)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (["--search", "--arms", "noise"], "--arms: expected it only without --search"),
        (["--search", "--rate", "0.2"], "--rate: expected it only without --search"),
        (["--budget", "0.2"], "--budget: expected it only with --search"),
        (["--keep", "0.2"], "--keep: expected it only with --search"),
        (["--search", "--budget", "0"], "budget: expected a number from 0.005 to 1"),
        (["--search", "--keep", "1.5"], "keep: expected a number from 0.01 to 1"),
    ],
)
def test_options_that_would_do_nothing_are_refused(
    here: Path, capsys: pytest.CaptureFixture[str], options: list[str], match: str
) -> None:
    assert main(["compare", *options, "--out", str(here / "a")]) == 2
    assert match in capsys.readouterr().err
    assert not (here / "a").exists()
