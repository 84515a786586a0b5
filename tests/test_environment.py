"""Directing as an environment: Gymnasium's own check, what is seen, what is rewarded, policies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from procgen_sim._checks import InputError
from procgen_sim.company import Company
from procgen_sim.config import RunConfig
from procgen_sim.environment import (
    OBSERVED,
    DirectorEnv,
    Policy,
    Score,
    always,
    by_chance,
    by_rating,
    by_schedule,
    evaluate,
    follow,
    make_env,
)
from procgen_sim.experiments.essay.bodies import level_setting
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots
from procgen_sim.injection import parse_arms
from procgen_sim.players import NOTIONS, Population, levels_until_bored
from procgen_sim.results import as_cube
from procgen_sim.rng import stream
from procgen_sim.session import Setting, play_arms

N_LEVELS = 40
TINY = RunConfig(levels=7, columns=60, check="screen", seed=3)


@pytest.fixture(scope="module")
def dots() -> Setting:
    body = cluster_dots(100, rng=stream(4, "test"))
    return dot_setting(fit_dots("mixture", body, seed=4), body, seed=4, n_levels=N_LEVELS)


@pytest.fixture(scope="module")
def levels() -> Setting:
    return level_setting(1, 12)


@pytest.fixture(autouse=True)
def quick_calibration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procgen_sim.environment.making._CALIBRATION", 1000)


def leavers(setting: Setting, notion: str, players: range) -> Iterator[tuple[int, int]]:
    """Who leaves a generator that stays on its model before the horizon, and after which level."""
    stays = evaluate(
        DirectorEnv(setting, notion=notion), follow, len(players), first=players.start
    ).levels.tolist()
    yield from ((p, n) for p, n in zip(players, stays, strict=True) if n < setting.n_levels)


@pytest.mark.parametrize("which", ["dots", "levels"])
def test_gymnasium_finds_nothing_wrong(which: str, request: pytest.FixtureRequest) -> None:
    check_env(DirectorEnv(request.getfixturevalue(which)), skip_render_check=True)


def test_it_is_registered_and_can_be_scored_wrapped() -> None:
    env = gymnasium.make(
        "procgen_sim/Director-v0", config=TINY, notion="surprise", render_mode="ansi"
    )
    env.reset(seed=1)
    env.step(env.action_space.sample())
    text = env.render()
    assert isinstance(text, str)
    assert len(text.splitlines()) == 16
    for policy in (follow, by_chance(1.0), by_rating("noise"), by_schedule("outlier@adaptive:0.2")):
        wrapped = evaluate(env, policy, 2)
        bare = evaluate(make_env(TINY, notion="surprise"), policy, 2)
        assert np.array_equal(wrapped.interest, bare.interest)
    env.close()
    with pytest.raises(InputError, match="env: expected a DirectorEnv, found CartPoleEnv"):
        evaluate(gymnasium.make("CartPole-v1"), follow, 1)


def test_make_env_does_as_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = make_env(TINY).setting
    assert (setting.n_levels, setting.seed, setting.generator.builder.n_columns) == (7, 3, 60)
    other = make_env(replace(TINY, model="gaussian", assumptions={"threshold": 0.5})).setting
    assert other.spreads["threshold"].median == 0.5
    assert not np.array_equal(other.yardstick.fresh, setting.yardstick.fresh)
    with pytest.raises(InputError, match="levels: expected a whole number from 2"):
        make_env(replace(TINY, levels=0))
    # Fitted once: a second one, and a copy as gymnasium.make sends it, needs no fit.
    monkeypatch.setattr("procgen_sim.environment.making.prepare", None)
    assert make_env(replace(TINY)).setting is setting


def test_folders_are_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted: list[tuple[str, ...]] = []
    setting = make_env(TINY).setting

    def fit(config: RunConfig) -> Setting:
        fitted.append(config.corpus)
        return setting

    monkeypatch.setattr("procgen_sim.environment.making._fitted", fit)
    for config in (replace(TINY, corpus=("mine",)), replace(TINY, authored="kept")):
        make_env(config)
        make_env(config)
    assert len(fitted) == 4


@pytest.mark.parametrize("notion", NOTIONS)
@pytest.mark.parametrize(
    "arm", ["on-model", "outlier@every:3", "noise@probability:0.3", "outlier@adaptive:0.3:0.5"]
)
def test_an_episode_is_a_player_of_a_comparison(dots: Setting, notion: str, arm: str) -> None:
    players = range(3, 7)
    records = play_arms(dots, parse_arms(arm, rate=0.2), players)
    people = Population.sample(4, seed=dots.seed, spreads=dots.spreads, first=3)
    boredom = as_cube(records, f"boredom_{notion}", arm)
    stays = levels_until_bored(boredom, people.threshold).levels
    interest, broke = as_cube(records, f"interest_{notion}", arm), as_cube(records, "broke", arm)
    env = DirectorEnv(dots, notion=notion, budget=1.0, ratings=False)
    score = evaluate(env, by_schedule(arm), 4, first=3)
    assert score.levels.tolist() == stays.tolist()
    for i, n in enumerate(stays):
        assert score.interest[i] == pytest.approx(interest[i, :n].sum(), abs=1e-9)
    # Of all levels together; a mean over players would weigh those who left early as much.
    n_broke = sum(int(broke[i, :n].sum()) for i, n in enumerate(stays))
    assert score.broke_share == pytest.approx(n_broke / stays.sum(), abs=1e-12)
    if arm.startswith("outlier@every"):
        assert score.broke_share == sum(n // 3 for n in stays.tolist()) / stays.sum()


def test_an_adaptive_schedule_listens_to_ratings(dots: Setting) -> None:
    """Why the arm of a comparison, where nobody is asked, is that of ``ratings=False``."""
    policy = by_schedule("outlier@adaptive:0.3:0.5")
    scores = [
        evaluate(DirectorEnv(dots, notion="surprise", budget=0.3, ratings=asked), policy, 4)
        for asked in (True, False)
    ]
    assert not np.array_equal(scores[0].interest, scores[1].interest)


@pytest.mark.parametrize("budget", [0.5, 1.0])
def test_what_is_observed_is_what_was_shown(dots: Setting, budget: float) -> None:
    """Each entry against the records of the same player in a comparison."""
    arm = f"noise@every:{round(1 / budget)}"
    players = range(5, 6)
    records = play_arms(dots, parse_arms(arm, rate=0.2), players)
    row = {name: values[records["arm"] == arm][:12] for name, values in records.items()}
    space, person = dots.outside.model.space, Company(dots, players)
    measured = np.stack([row[f"phi_{name}"] for name in space.names], axis=1)
    assert row["off_model"].any()
    env, watch = DirectorEnv(dots, budget=budget, notion="surprise"), person.watch()
    seen, info = env.reset(seed=1, options={"player": 5})
    assert info["off_model"] is False
    spent = 0
    for n in range(12):
        watch.look_ahead(person.follow(n).measured)
        told = dict(zip(OBSERVED, seen, strict=False))
        boredom = row["boredom_surprise"][n - 1] / person.people.threshold[0]
        expected = {
            "level": n / N_LEVELS,
            "forecast": watch.audiences[0].forecast,
            "broke": float(n and row["broke"][n - 1]),
            "broke_share": spent / max(n, 1),
            "budget_left": min(budget * (n + 1) - spent, 5.0),
            "rating": (1 + min(int(5 * boredom), 4)) / 5 if n else 0.0,
        }
        assert told == pytest.approx(expected, abs=1e-6)
        assert told["forecast"] != 0.0
        shown = space.to_unit(measured[n - 1]) if n else np.full(space.n, 0.5)
        assert seen[len(OBSERVED) :] == pytest.approx(shown, abs=1e-6)
        assert info["action_mask"].tolist() == [1, *[int(told["budget_left"] >= 1)] * 4]
        seen, _, left, _, info = env.step(1)  # noise, wherever the budget has a break
        watch.show(measured[n : n + 1], row["broke"][n : n + 1])
        spent += int(row["broke"][n])
        assert (info["broke"], info["off_model"]) == (row["broke"][n], row["off_model"][n])
        if left:
            break
    assert n >= 5


def test_only_what_a_game_can_see_is_observed(dots: Setting) -> None:
    """People as different as can be, who were shown the same and said the same, look the same."""
    env = DirectorEnv(dots, budget=1.0, notion="surprise")

    def watched(**traits: float) -> list[np.ndarray]:
        other = {name: replace(dots.spreads[name], median=v, sd=0.0) for name, v in traits.items()}
        # What the game assumes about people stays as it was; only the player is another.
        env.reset(seed=1, options={"player": 5})
        company = type(env._company)(replace(dots, spreads={**dots.spreads, **other}), range(5, 6))
        env._observers = company.newcomers.fresh()
        seen = [env.step(action)[0] for action in (0, 1, 0, 2, 0, 0, 3)]
        return [np.delete(each, OBSERVED.index("rating")) for each in seen]

    one = watched(half_life_levels=3.0, resolution_bits=1.5, concentration=0.1)
    two = watched(half_life_levels=900.0, resolution_bits=4.0, concentration=5.0)
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("budget", [0.0, 0.1, 0.29, 0.16667, 1 / 3, 1.0])
def test_the_budget_is_kept_at_every_level(dots: Setting, budget: float) -> None:
    env = DirectorEnv(dots, budget=budget, notion="surprise")
    assert env.budget == Fraction(str(budget))
    for player in range(3):
        _, info = env.reset(seed=1, options={"player": player})
        spent, over, n = 0, False, 0
        while not over:
            allowed = spent + 1 <= Fraction(str(budget)) * (n + 1)
            assert info["action_mask"].tolist() == [1, *[int(allowed)] * 4]
            _, _, left, truncated, info = env.step(1)
            assert info["broke"] == allowed  # all that it allows, and no more
            spent, n, over = spent + allowed, n + 1, left or truncated


@pytest.mark.parametrize("notion", NOTIONS)
def test_leaving_ends_an_episode_and_so_does_the_horizon(dots: Setting, notion: str) -> None:
    player, n = next(leavers(dots, notion, range(20)))
    for horizon, ended in ((n, (True, False)), (n - 1, (False, True))):
        env = DirectorEnv(replace(dots, n_levels=horizon), notion=notion)
        env.reset(seed=1, options={"player": player})
        ends = [env.step(0)[2:4] for _ in range(horizon)]
        assert ends == [*[(False, False)] * (horizon - 1), ended]
        with pytest.raises(InputError, match=r"step: expected reset\(\) first, found an episode"):
            env.step(0)
        env.reset(seed=1)
        env.step(0)


def test_one_seed_one_episode(dots: Setting) -> None:
    def played(seed: int) -> list[float]:
        env = DirectorEnv(dots)
        env.reset(seed=seed)
        return [env.step(action)[1] for action in (0, 1, 2, 0, 4)]

    assert played(7) == played(7)
    assert played(7) != played(8)


def test_ratings_follow_boredom_up_to_leaving(dots: Setting) -> None:
    env = DirectorEnv(dots, notion="surprise")
    rated = []
    for player in range(8):
        seen, _ = env.reset(seed=1, options={"player": player})
        assert seen[OBSERVED.index("rating")] == 0.0
        left = truncated = False
        while not (left or truncated):
            seen, _, left, truncated, _ = env.step(0)
            share = float(env._boredom[0] / env._company.people.threshold[0])
            rating = round(5 * float(seen[OBSERVED.index("rating")]))
            assert rating == 1 + min(int(5 * share), 4)
            rated.append(rating)
        assert not left or rating == 5
    assert set(rated) == {1, 2, 3, 4, 5}


def test_nobody_is_asked_where_nobody_rates(dots: Setting) -> None:
    env = DirectorEnv(dots, notion="surprise", ratings=False)
    env.reset(seed=1)
    seen = [env.step(0)[0] for _ in range(5)]
    assert [each[OBSERVED.index("rating")] for each in seen] == [0.0] * 5
    assert np.isnan(env.audience.ratings).all()


def gain(one: Score, other: Score) -> float:
    """Interest that ``one`` keeps more than ``other`` on the same players, in standard errors."""
    more = one.interest - other.interest
    return float(more.mean() / (more.std(ddof=1) / np.sqrt(len(more))))


def test_breaking_when_told_to_be_bored_beats_following(dots: Setting) -> None:
    env = DirectorEnv(dots, notion="surprise")
    still, told = (evaluate(env, policy, 30) for policy in (follow, by_rating("outlier")))
    assert gain(told, still) > 3
    # The planted change: nobody says anything.
    unheard = evaluate(DirectorEnv(dots, notion="surprise", ratings=False), by_rating("outlier"), 9)
    assert np.array_equal(unheard.interest, still.interest[:9])
    chance = evaluate(env, by_chance(0.0), 9)
    assert np.array_equal(chance.interest, still.interest[:9])


def test_within_the_default_budget_nothing_constant_beats_a_director_who_watches(
    dots: Setting,
) -> None:
    ways = ("noise", "outlier", "between", "extrapolate")
    env = DirectorEnv(dots, notion="surprise")
    assert env.ways == ways
    assert env.budget == Fraction("0.2")
    constant = {way: evaluate(env, always(way), 24) for way in ways}
    watching = {way: evaluate(env, by_schedule(f"{way}@adaptive:0.2"), 24) for way in ways}
    best = max(watching.values(), key=lambda score: float(score.interest.mean()))
    for way in ways:
        assert gain(constant[way], best) < 3
        assert gain(constant[way], watching[way]) < 3
    # The planted change: a budget for every level, with which there is nothing to direct.
    everything = DirectorEnv(dots, notion="surprise", budget=1.0)
    assert gain(evaluate(everything, always("noise"), 24), best) > 3


def decide(env: DirectorEnv, policy: Policy, n: int = 1, *, rating: float = 0.0) -> list[int]:
    seen, _ = env.reset(seed=1)
    seen[OBSERVED.index("rating")] = rating
    action = policy(env, stream(4, "test", 1))
    return [action(seen) for _ in range(n)]


@pytest.mark.parametrize("p", [0.3, 1.0])
def test_chance_is_fair(dots: Setting, p: float) -> None:
    counts = np.bincount(decide(DirectorEnv(dots), by_chance(p), 4000), minlength=5) / 4000
    expected = np.array([1.0 - p, *[p / 4] * 4])
    assert (np.abs(counts - expected) <= 4 * np.sqrt(expected * (1 - expected) / 4000)).all()


def test_chance_breaks_each_way(dots: Setting) -> None:
    """All that an episode's budget allows is spent, and on all ways."""
    env = DirectorEnv(dots, notion="surprise", budget=1.0)
    score = evaluate(env, by_chance(1.0), 2)
    assert score.broke_share == 1.0
    fifth = evaluate(DirectorEnv(dots, notion="surprise"), by_chance(1.0), 2)
    assert fifth.broke_share == sum(n // 5 for n in fifth.levels.tolist()) / fifth.levels.sum()
    assert set(decide(env, by_chance(1.0), 60)) == {1, 2, 3, 4}
    assert decide(DirectorEnv(dots, ways=()), by_chance(1.0), 9) == [0] * 9


def test_four_of_five_is_bored(dots: Setting) -> None:
    env, policy = DirectorEnv(dots), by_rating("outlier")
    said = [decide(env, policy, rating=np.float32(rating / 5))[0] for rating in range(6)]
    assert said == [0, 0, 0, 0, 2, 2]
    assert decide(env, by_rating("noise", at_least=2), rating=0.4) == [1]
    with pytest.raises(InputError, match="at_least: expected a whole number from 1 to 5, found 6"):
        by_rating("outlier", at_least=6)


def test_a_policy_needs_its_way(dots: Setting) -> None:
    env = DirectorEnv(dots, ways=("noise", "between"))
    env.reset(seed=1)
    for policy in (always("outlier"), by_rating("outlier"), by_schedule("outlier@every:3")):
        with pytest.raises(
            InputError, match="way: expected one of noise, between, found 'outlier'"
        ):
            policy(env, stream(4, "test"))
    assert decide(env, always("between"), 2) == [2, 2]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"notion": "fun"}, "notion: expected one of"),
        ({"ways": ["authored"]}, "ways: expected one of"),
        ({"ways": ["noise", "outlier", "noise"]}, "ways: expected each way once, found 'noise' tw"),
        ({"budget": 1.5}, "budget: expected a number from 0 to 1"),
        ({"budget": float("nan")}, "budget: expected a number from 0 to 1"),
        ({"render_mode": "human"}, "render_mode: expected one of ansi"),
    ],
)
def test_wrong_environments(dots: Setting, options: dict[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        DirectorEnv(dots, **options)  # type: ignore[arg-type]


def test_before_a_player_has_come(dots: Setting) -> None:
    env = DirectorEnv(dots, render_mode="ansi")
    with pytest.raises(InputError, match=r"step: expected reset\(\) first, found no player"):
        env.step(0)
    with pytest.raises(InputError, match=r"audience: expected reset\(\) first, found no player"):
        _ = env.audience
    assert env.render() == "no level yet"
    assert DirectorEnv(dots).render() is None


@pytest.mark.parametrize("action", [-1, 5, 99, 0.5, 1.0, "1", None, np.float64(1), [1]])
def test_wrong_actions(dots: Setting, action: Any) -> None:
    env = DirectorEnv(dots)
    env.reset(seed=1)
    with pytest.raises(InputError, match="action: expected a whole number from 0 to 4, found "):
        env.step(action)
    assert not env.audience.shown
    for whole in (1, np.int64(1), np.int32(0), np.uint8(4), np.array(2)):
        env.step(whole)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"playr": 1}, "options: expected one of player, found 'playr'; did you mean 'player'"),
        ({"player": -1}, "options, player: expected a whole number of at least 0, found -1"),
        ({"player": 1.5}, "options, player: expected a whole number of at least 0, found 1.5"),
        ({"player": "1"}, "options, player: expected a whole number of at least 0, found '1'"),
    ],
)
def test_wrong_options(dots: Setting, options: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match):
        DirectorEnv(dots).reset(options=options)


def test_a_player_by_any_whole_number(dots: Setting) -> None:
    env = DirectorEnv(dots)
    infos = [env.reset(seed=1, options={"player": n})[1] for n in (7, np.int64(7), np.uint8(7))]
    assert [info["player"] for info in infos] == [7, 7, 7]


def test_without_gymnasium_one_sentence_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['gymnasium'] = None\n"
        "try:\n    import procgen_sim.environment\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("InputError")
    assert "procgen-sim[gym]" in done.stdout
