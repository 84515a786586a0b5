"""Which way of leaving keeps an audience longest: candidates, race, verdict, folder, words."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.cli.main import main
from procgen_sim.cli.search_table import search_table
from procgen_sim.config import RunConfig, read_config
from procgen_sim.experiments import preparation
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.search import (
    Lap,
    SearchRun,
    candidates,
    judge,
    levels_kept,
    open_search,
    race,
    racing,
    run_search,
)
from procgen_sim.experiments.search import run as search_run
from procgen_sim.experiments.search.judging import kept_interval, order_ranks
from procgen_sim.experiments.search.racing import Ran, run_arms
from procgen_sim.experiments.search.wording import kept_words, sentences
from procgen_sim.experiments.statistics import Interval
from procgen_sim.injection import Arm, Audience, make_schedule, parse_arms
from procgen_sim.injection.schedules import Within
from procgen_sim.levels import house_tileset, save_level, save_tileset, shipped_corpus
from procgen_sim.players import NOTIONS, Leaving, Population, levels_until_bored, memory_kinds
from procgen_sim.results import as_cube
from procgen_sim.rng import stream
from procgen_sim.session import Setting, play_arms

HORIZON = 30
TINY = RunConfig(
    players=20,
    levels=12,
    columns=60,
    check="screen",
    budget=0.3,
    keep=0.8,
    interest="surprise",
    assumptions={"threshold": 0.1, "tau_levels": 4.0},
)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """Calibrate on few levels, leave in one way: nothing here hangs on which."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparation, "_N_CALIBRATION", 1000)
        patch.setattr(search_run, "SELF_CONTAINED", ("noise",))
        yield


@pytest.fixture(scope="module")
def dots() -> Setting:
    body = cluster_dots(100, rng=stream(4, "test"))
    return dot_setting(fit_dots("gaussian", body, seed=4), body, seed=4, n_levels=HORIZON)


def left(levels: Sequence[int], horizon: int = HORIZON) -> Leaving:
    array = np.array(levels)
    return Leaving(levels=np.minimum(array, horizon), censored=array > horizon)


def words_of(arms: Sequence[Arm]) -> list[str]:
    return [arm.name.split("@")[1] for arm in arms]


class TestBudget:
    def test_ways_by_hand(self) -> None:
        assert words_of(candidates(["noise"], 0.3)) == [
            "every:4",  # every third would be a third
            "probability:0.3",
            "bursts:0.3:3",
            "adaptive:0.3:0.5",
            "adaptive:0.3:0.8",
            "every:7",
            "probability:0.15",
            "bursts:0.15:3",
            "adaptive:0.15:0.5",
            "adaptive:0.15:0.8",
        ]
        both = candidates(["noise", "outlier"], 0.3)
        assert [arm.proposal for arm in both] == ["noise"] * 10 + ["outlier"] * 10
        always = ["every:1", "adaptive:1:0.5", "adaptive:1:0.8"]
        assert words_of(candidates(["noise"], 1.0))[:4] == [*always, "every:2"]

    @pytest.mark.parametrize("budget", [0.16666, 0.012347, 0.99999, 1 / 3])
    def test_rates_are_rounded_down(self, budget: float) -> None:
        for word in words_of(candidates(["noise"], budget)):
            name, rate, *_ = word.split(":")
            share = 1 / Fraction(rate) if name == "every" else Fraction(rate)
            assert share <= Fraction(repr(budget)), word

    @pytest.mark.parametrize("budget", [0.05, 0.16666, 0.2, 0.29, 0.5, 0.66667, 1.0])
    def test_no_way_is_ever_over_it(self, budget: float) -> None:
        allowed = [math.floor(Fraction(repr(budget)) * n) for n in range(1, 101)]
        for arm in candidates(["noise"], budget):
            spent = []
            for player in range(12):
                audience = Audience(forecast=1.0)
                director = arm.schedule.start(audience, rng=stream(1, "test", player))
                for level in range(100):
                    audience.show(np.zeros(1), broke=director(level))
                spent.append(np.cumsum(audience.broke))
            assert (np.array(spent) <= allowed).all(), arm.name
            assert np.mean(spent, axis=0)[-1] > 0, arm.name

    def test_chance_alone_is_over_it(self) -> None:
        """What the budget is for: the same schedule without it."""
        for text in ("probability:0.2", "bursts:0.2:3"):
            schedule, told = make_schedule(text, rate=0.2), []
            for way in (schedule, Within(schedule, 0.2), Within(schedule, 1.0)):
                broke = []
                for player in range(30):
                    audience = Audience()
                    director = way.start(audience, rng=stream(2, "test", player))
                    for level in range(40):
                        audience.show(np.zeros(1), broke=director(level))
                    broke.append(audience.broke)
                told.append(np.array(broke))
            free, held, anything = told
            assert (np.cumsum(free, axis=1) > 0.2 * np.arange(1, 41) + 1e-9).any()
            assert np.array_equal(free, anything)
            assert held.any()
            assert (free | ~held).all()  # it only leaves out

    def test_players_in_a_session_never_are(self, dots: Setting) -> None:
        arms = candidates(["outlier"], 0.16666, HORIZON)[:3]
        table = play_arms(dots, arms, range(6))
        allowed = [math.floor(Fraction("0.16666") * n) for n in range(1, HORIZON + 1)]
        for arm in arms:
            assert (np.cumsum(as_cube(table, "broke", arm.name), axis=1) <= allowed).all()

    def test_ways_that_cannot_break_are_none(self) -> None:
        assert "every:5" in words_of(candidates(["noise"], 0.2, 5))
        assert words_of(candidates(["noise"], 0.2, 9)) == [
            *words_of(candidates(["noise"], 0.2))[:5],
            "probability:0.1",
            "bursts:0.1:3",
        ]
        with pytest.raises(InputError, match="found 0.2, which allows the first at level 5"):
            candidates(["noise"], 0.2, 4)

    def test_a_search_that_cannot_break_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="allows a break within 3 levels"):
            run_search(replace(TINY, levels=3), tmp_path / "a")
        assert not (tmp_path / "a").exists()


def test_levels_kept_by_hand() -> None:
    leaving = left([2, 4, 6, 8, 31])
    kept = [levels_kept(leaving, keep) for keep in (1.0, 0.8, 0.6, 0.4, 0.2)]
    assert kept == [2, 4, 6, 8, math.inf]
    assert levels_kept(leaving, 0.5) == 6  # fewer than half are left after level 6


class TestJudging:
    def test_a_better_arm_is_surely_best_and_twins_share(self) -> None:
        rng = np.random.default_rng(1)
        base = rng.integers(3, 20, 60)
        leaving = [left(arm) for arm in (base, base + 6, base + 1, base + 1)]
        verdict = judge(
            leaving,
            ["on-model", "a", "b", "c"],
            keep=0.7,
            shares=[(0.0, 0.0), (0.2, 0.1), (0.2, 0.1), (0.2, 0.1)],
            rng=stream(1, "test"),
        )
        a, b, c = verdict.finalists
        assert a.p_best > 0.99
        assert b.p_best == c.p_best < 0.01
        assert sum(each.p_best for each in verdict.finalists) == pytest.approx(1.0)
        assert (a.more.estimate, a.more.low) == (6.0, 6.0)
        assert (a.broke_share, a.off_model_share) == (0.2, 0.1)
        assert a.kept.estimate == verdict.on_model.estimate + 6
        found = [verdict.on_model, a.kept, b.kept, c.kept]
        assert found == [kept_interval(each, 0.7) for each in leaving]

    def test_intervals_by_hand(self) -> None:
        # The textbook's places for the median, and its ends where so few cannot tell.
        assert order_ranks(100, 0.5) == (40, 61)
        assert order_ranks(5, 0.5) == (0, 6)
        stays = left([9, 3, 5, 7, 99], 20)
        assert kept_interval(stays, 0.5) == Interval(estimate=7.0, low=0.0, high=math.inf)
        assert kept_interval(stays, 1.0) == Interval(estimate=3.0, low=0.0, high=3.0)

    @pytest.mark.parametrize("n_players", [10, 20, 100])
    @pytest.mark.parametrize("keep", [0.05, 0.5, 0.9, 1.0])
    def test_intervals_hold_the_truth_as_often_as_they_say(
        self, n_players: int, keep: float
    ) -> None:
        n, slack = 4000, 3 * math.sqrt(0.05 * 0.95 / 4000)
        rng = stream(3, "test", n_players, round(100 * keep))
        low, high = order_ranks(n_players, keep)
        chance = 0.13
        whole = np.sort(rng.geometric(chance, (n, n_players)), axis=1)
        smooth = np.sort(rng.exponential(1.0, (n, n_players)), axis=1)
        # The first level after which fewer than the share are left: P(stay > level) < keep.
        truths = {
            "whole": (whole, math.floor(math.log(keep) / math.log(1 - chance)) + 1),
            "smooth": (smooth, -math.log(keep)),
        }
        for name, (stays, truth) in truths.items():
            ordered = np.pad(stays.astype(float), ((0, 0), (1, 1)))
            ordered[:, -1] = np.inf
            held = ((ordered[:, low] <= truth) & (truth <= ordered[:, high])).mean()
            assert held >= 0.95 - slack, name
        # No wider than it must be: a place less on either side holds it too seldom.
        if low > 0 and high <= n_players:
            for ends in ((low + 1, high), (low, high - 1)):
                missed = (
                    (ordered[:, ends[0]] > truth).mean()
                    if ends[0] > low
                    else (ordered[:, ends[1]] < truth).mean()
                )
                assert missed > 0.025 - slack


class TestRace:
    """With the playing left out: what counts is who is kept and who is dropped."""

    @staticmethod
    def run(
        monkeypatch: pytest.MonkeyPatch,
        stays: dict[str, dict[str, list[int]]],
        *,
        notion: str = "surprise",
        keep: float = 0.5,
        n_finalists: int = 1,
    ) -> tuple[list[str], tuple[Lap, ...]]:
        def planned(_s: object, arms: Sequence[Arm], players: range, _w: object) -> list[Ran]:
            return [
                Ran(
                    arm=arm,
                    leaving={
                        each: left(np.resize(levels, len(players)).tolist())
                        for each, levels in stays[arm.name].items()
                    },
                    broke_share=0.0,
                    off_model_share=0.0,
                )
                for arm in arms
            ]

        monkeypatch.setattr(racing, "run_arms", planned)
        names = list(stays)
        arms = parse_arms(",".join(names), rate=0.1)
        best, laps = race(
            None,  # type: ignore[arg-type]
            [arm for arm in arms if arm.name in names],
            notion=notion,
            keep=keep,
            n_finalists=n_finalists,
            n_players=40,
            workers=None,  # type: ignore[arg-type]
        )
        return [arm.name for arm in best], laps

    def test_what_is_kept_decides(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stays = {
            "noise": {"surprise": [5] * 10, "wundt": [9] * 10},
            "outlier": {"surprise": [1] * 5 + [20] * 5, "wundt": [2] * 10},
        }
        assert self.run(monkeypatch, stays, keep=0.9)[0] == ["noise"]
        assert self.run(monkeypatch, stays, keep=0.3)[0] == ["outlier"]
        assert self.run(monkeypatch, stays, keep=0.3, notion="wundt")[0] == ["noise"]

    def test_of_equals_the_longer_mean_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stays = {
            "noise": {"surprise": [5, 5]},
            "outlier": {"surprise": [5, 8]},
            "between": {"surprise": [5, 5]},
        }
        names, laps = self.run(monkeypatch, stays, keep=1.0, n_finalists=3)
        assert names == ["outlier", "noise", "between"]  # then as they were
        assert laps[-1].ranking == (("outlier", 5.0), ("noise", 5.0), ("between", 5.0))

    def test_the_better_half_runs_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        names = [f"noise@0.{i}" for i in range(1, 8)]
        stays = {name: {"surprise": [i + 3]} for i, name in enumerate(names)}
        best, laps = self.run(monkeypatch, stays, n_finalists=2)
        assert best == ["noise@0.7", "noise@0.6"]
        assert [lap.n_players for lap in laps] == [10, 20, 40]
        assert [len(lap.ranking) for lap in laps] == [7, 4, 2]


def test_the_race_finds_the_arm_that_is_best_by_far(dots: Setting) -> None:
    arms = parse_arms("noise@0.0,noise@0.01,noise@adaptive:0.5:0.5,outlier@0.01", rate=0.1)
    with workers(1) as crew:
        finalists, _ = race(
            dots, arms, notion="surprise", keep=0.5, n_finalists=1, n_players=20, workers=crew
        )
    assert finalists[0].name == "noise@adaptive:0.5:0.5"


def test_blocks_and_processes_change_nothing(dots: Setting) -> None:
    """As one block in this process, each player with their own threshold."""
    arms, players = parse_arms("noise@adaptive,outlier", rate=0.3), range(5, 19)
    # Half of the model is called off-model, so that breaks and levels off it differ.
    region = dots.outside.region
    strict = replace(region, threshold_nats=float(np.median(region.sorted_reference)))
    dots = replace(dots, outside=replace(dots.outside, region=strict))
    table = play_arms(dots, arms, players)
    people = Population.sample(19, seed=dots.seed, spreads=dots.spreads)
    assert np.unique(people.threshold).size == 19
    for jobs in (1, 2):
        with workers(jobs) as crew:
            found = run_arms(dots, arms, players, crew)
        assert [each.arm for each in found] == list(arms)
        for each in found:
            name = each.arm.name
            assert each.broke_share == pytest.approx(as_cube(table, "broke", name).mean())
            assert each.off_model_share == pytest.approx(as_cube(table, "off_model", name).mean())
            assert set(each.leaving) == set(NOTIONS)
            for notion, leaving in each.leaving.items():
                boredom = as_cube(table, f"boredom_{notion}", name)
                truth = levels_until_bored(boredom, people.threshold[5:])
                assert np.array_equal(leaving.levels, truth.levels)
                assert np.array_equal(leaving.censored, truth.censored)
            assert each.off_model_share > each.broke_share + 0.1


class Watched:
    """A search, and what it asked of its parts."""

    def __init__(self, folder: Path, config: RunConfig, *, jobs: int) -> None:
        self.asked: dict[str, list[tuple[tuple[Any, ...], dict[str, Any], Any]]] = {}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search_run, "workers", self._watch("workers", lambda _jobs: workers(1)))
            for name in ("race", "judge", "run_arms", "candidates"):
                patch.setattr(search_run, name, self._watch(name, getattr(search_run, name)))
            patch.setattr(racing, "run_arms", self._watch("lap", racing.run_arms))
            self.run = run_search(config, folder, jobs=jobs)

    def _watch(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **more: Any) -> Any:
            found = real(*given, **more)
            self.asked.setdefault(name, []).append((given, more, found))
            return found

        return watched


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    made = tmp_path_factory.mktemp("library") / "made"
    made.mkdir()
    for level in shipped_corpus("samurai").levels[:2]:
        save_level(level, made / f"{level.name}.txt")
    save_tileset(house_tileset(), made / "tileset.json")
    config = replace(TINY, authored=str(made))
    return Watched(tmp_path_factory.mktemp("search") / "a", config, jobs=3)


@pytest.fixture(scope="module")
def tiny(watched: Watched) -> SearchRun:
    return watched.run


class TestSearch:
    def test_it_asks_what_it_was_told(self, watched: Watched) -> None:
        asked = watched.asked
        assert [given for given, _, _ in asked["workers"]] == [(3,)]
        ((proposals, budget, n_levels), _, ways) = asked["candidates"][0]
        assert (list(proposals), budget, n_levels) == (["noise", "authored"], 0.3, 12)
        ((_, arms), more, _) = asked["race"][0]
        assert arms == ways
        assert (more["notion"], more["keep"], more["n_players"]) == ("surprise", 0.8, 20)
        assert [more["keep"] for _, more, _ in asked["judge"]] == [0.8] * len(NOTIONS)

    def test_verdicts_are_of_those_who_judged(self, watched: Watched, tiny: SearchRun) -> None:
        ((_, arms, players, _), _, ran) = watched.asked["run_arms"][0]
        assert players == range(20, 40)
        assert [given[2] for given, _, _ in watched.asked["lap"]] == [range(10), range(20)]
        assert arms[0].name == "on-model"
        for notion, verdict in tiny.verdicts.items():
            assert verdict.on_model.estimate == levels_kept(ran[0].leaving[notion], 0.8)
            for finalist, each in zip(verdict.finalists, ran[1:], strict=True):
                assert finalist.name == each.arm.name
                assert finalist.kept.estimate == levels_kept(each.leaving[notion], 0.8)
                assert finalist.broke_share == each.broke_share <= 0.3
                assert finalist.off_model_share == each.off_model_share

    def test_it_is_read_back_as_it_was(self, tiny: SearchRun) -> None:
        again = open_search(tiny.folder)
        assert again == tiny
        assert again.choice is not None
        assert again.choice.name == tiny.laps[-1].ranking[0][0]
        assert set(tiny.verdicts) == {"surprise", "wundt", "progress"}
        told = json.loads((tiny.folder / "search.json").read_text("utf-8"))
        assert told["choice"] == again.choice.name
        assert {name.split("@")[0] for name, _ in tiny.laps[0].ranking} == {"noise", "authored"}

    def test_a_damaged_one_is_refused(self, tiny: SearchRun, tmp_path: Path) -> None:
        told = json.loads((tiny.folder / "search.json").read_text("utf-8"))
        del told["notions"]["wundt"]["finalists"][0]["kept"]
        (tmp_path / "search.json").write_text(json.dumps(told), encoding="utf-8")
        with pytest.raises(InputError, match="expected the answer of a search"):
            open_search(tmp_path)

    def test_judges_of_another_memory_than_the_racers(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who learns patterns is measured by a veteran of their kind: judges need one, too."""

        def kinds(seed: int, first: int) -> set[float]:
            people = Population.sample(2, seed=seed, first=first)
            return set(memory_kinds(people.half_life_levels).tolist())

        monkeypatch.setattr(preparation, "_N_TRAINING_PATTERNS", 4)
        monkeypatch.setattr(preparation, "_N_FRESH_PATTERNS", 2)
        monkeypatch.setattr(search_run, "_N_FINALISTS", 1)
        seed = next(s for s in range(100) if not kinds(s, 2) <= kinds(s, 0))
        config = replace(TINY, players=2, levels=4, budget=0.5, observer="pattern", seed=seed)
        found = run_search(config, tmp_path / "a")
        assert len(found.verdicts["surprise"].finalists) == 1


def interval(estimate: float) -> Interval:
    return Interval(estimate=estimate, low=estimate - 1, high=estimate + 1)


class TestWords:
    @staticmethod
    def told(found: SearchRun, low: float, high: float, p_best: float, notion: str) -> str:
        """The answer, had the choice done so under a notion."""
        verdicts = dict(found.verdicts)
        first, *rest = verdicts[notion].finalists
        more = replace(first.more, estimate=(low + high) / 2, low=low, high=high)
        changed = (replace(first, more=more, p_best=p_best), *rest)
        verdicts[notion] = replace(verdicts[notion], finalists=changed)
        return " ".join(sentences(verdicts, TINY, found.laps))

    def test_they_follow_the_numbers(self, tiny: SearchRun) -> None:
        assert kept_words(interval(20), 60) == "20 (19–21)"
        beyond = Interval(estimate=math.inf, low=41, high=math.inf)
        assert kept_words(beyond, 60) == ">60 (41–>60)"
        told = lambda *numbers: self.told(tiny, *numbers, "surprise")  # noqa: E731
        assert "a gain that stands on players who had no part" in told(1.0, 3.0, 0.99)
        assert "the best in 99 %" in told(1.0, 3.0, 0.99)
        assert "no gain that can be told from chance" in told(-1.0, 3.0, 0.5)
        assert "is not settled: it is in 50 %" in told(-1.0, 3.0, 0.5)
        assert "a loss" in told(-3.0, -1.0, 0.5)

    def test_under_other_notions(self, tiny: SearchRun) -> None:
        assert "under wundt it helps (+2.0 levels)" in self.told(tiny, 1.0, 3.0, 0.5, "wundt")
        assert "under wundt it harms (−2.0 levels)" in self.told(tiny, -3.0, -1.0, 0.5, "wundt")
        assert "under progress it changes nothing" in self.told(tiny, -1.0, 1.0, 0.5, "progress")

    def test_what_was_raced(self, tiny: SearchRun) -> None:
        told = " ".join(tiny.sentences)
        n = len(tiny.laps[0].ranking)
        few = n - len(tiny.laps[1].ranking)
        assert (
            f"Of the {n} ways that raced, {n - 5} were dropped, {few} of them on fewer than the 20"
        ) in told
        assert "is among the 5 finalists only" in told
        assert (
            "Every way was held to 30 % after any number of levels: breaks of probability" in told
        )
        verdict = tiny.verdicts["surprise"]
        lap = Lap(n_players=20, ranking=tuple((each.name, 9.0) for each in verdict.finalists))
        unlimited = sentences(tiny.verdicts, replace(TINY, budget=1.0), [lap])
        assert "held to" not in " ".join(unlimited)
        assert "were dropped" not in " ".join(unlimited)

    def test_nothing_is_chosen_where_nobody_leaves(self, tiny: SearchRun, tmp_path: Path) -> None:
        endless = Interval(estimate=math.inf, low=9.0, high=math.inf)
        verdicts = dict(tiny.verdicts)
        verdicts["surprise"] = replace(verdicts["surprise"], on_model=endless)
        told = sentences(verdicts, TINY, tiny.laps)
        assert told[0].startswith(
            "Nothing was chosen: even on the model 80 % of the audience are still there after the "
            "last level, 12"
        )
        assert not any("keeps 80 %" in each or "resampled" in each for each in told)
        found = replace(tiny, folder=tmp_path, verdicts=verdicts, sentences=told)
        assert found.choice is None
        written = json.dumps(search_run._told(found, TINY))
        assert json.loads(written)["choice"] is None
        (tmp_path / "search.json").write_text(written, encoding="utf-8")
        assert open_search(tmp_path) == found

    def test_the_table(self, tiny: SearchRun) -> None:
        text = search_table(tiny)
        first = tiny.verdicts["surprise"].finalists[0]
        changed = replace(first, broke_share=0.254, off_model_share=0.111)
        verdict = replace(tiny.verdicts["surprise"], finalists=(changed,))
        told = search_table(replace(tiny, verdicts={**tiny.verdicts, "surprise": verdict}))
        assert "25.4 %  11.1 %" in told
        assert "judged by 20 other players × 12 levels, interest: surprise" in text
        assert f"{len(tiny.laps[0].ranking)} ways of leaving the model on at most 30 %" in text
        assert all(len(line) <= 100 for line in text.splitlines()[:-1])
        flat = " ".join(text.split())
        assert all(sentence in flat for sentence in tiny.sentences)


class TestCommand:
    @pytest.mark.usefixtures("here")
    def test_it_searches_and_its_configuration_searches_again(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("few.toml").write_text(
            'players = 3\nlevels = 6\ncolumns = 60\ncheck = "screen"\nbudget = 0.25\nrate = 0.15\n',
            encoding="utf-8",
        )
        shared = ["compare", "--search", "--jobs", "1"]
        assert main([*shared, "--config", "few.toml", "--json", "--out", "a"]) == 0
        printed = json.loads(capsys.readouterr().out)
        assert printed == json.loads(Path("a/search.json").read_text("utf-8"))
        assert {each["arm"].split("@")[0] for each in printed["laps"][0]["ranking"]} == {"noise"}
        assert read_config(Path("a/config.toml"))["budget"] == 0.25
        assert Path("a/figures/search.png").stat().st_size > 10_000

        assert main([*shared, "--config", "a/config.toml", "--out", "b"]) == 0
        assert capsys.readouterr().out == f"{search_table(open_search(Path('b')))}\n"
        again = json.loads(Path("b/search.json").read_text("utf-8"))
        assert {**printed, "run": "b", "seconds": again["seconds"]} == again

    def test_the_figure_is_drawn_from_the_folder(self, tiny: SearchRun) -> None:
        assert main(["plot", str(tiny.folder)]) == 0
        assert (tiny.folder / "figures" / "search.png").stat().st_size > 10_000
        drawn = (tiny.folder / "figures" / "search.svg").read_text("utf-8")
        assert "<svg" in drawn

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
        self, here: Path, capsys: pytest.CaptureFixture[str], options: list[str], match: str
    ) -> None:
        assert main(["compare", *options, "--out", str(here / "a")]) == 2
        assert match in capsys.readouterr().err
        assert not (here / "a").exists()

    @pytest.mark.usefixtures("here")
    @pytest.mark.parametrize(
        ("options", "line", "match"),
        [
            (["--search"], 'arms = "noise"', "key 'arms': expected it only without --search"),
            (["--search"], "rate = 0.2", "key 'rate': expected it only without --search"),
            ([], "budget = 0.3", "key 'budget': expected it only with --search"),
            ([], "keep = 0.4", "key 'keep': expected it only with --search, found 0.4"),
        ],
    )
    def test_so_are_keys_of_a_file(
        self,
        capsys: pytest.CaptureFixture[str],
        options: list[str],
        line: str,
        match: str,
    ) -> None:
        Path("a.toml").write_text(line, encoding="utf-8")
        assert main(["compare", *options, "--config", "a.toml", "--out", "a"]) == 2
        assert match in " ".join(capsys.readouterr().err.split())
        assert not Path("a").exists()
