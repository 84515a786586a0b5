"""Directing as an environment: Gymnasium's own check, what is seen, what is rewarded, policies."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from procgen_sim._checks import InputError
from procgen_sim.environment import (
    OBSERVED,
    DirectorEnv,
    by_chance,
    by_rating,
    by_schedule,
    evaluate,
    follow,
)
from procgen_sim.experiments.essay.bodies import level_setting
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots
from procgen_sim.injection import parse_arms
from procgen_sim.players import NOTIONS, Population, levels_until_bored
from procgen_sim.results import as_cube
from procgen_sim.rng import stream
from procgen_sim.session import Setting, play_arms

N_LEVELS = 40


@pytest.fixture(scope="module")
def dots() -> Setting:
    body = cluster_dots(100, rng=stream(4, "test"))
    return dot_setting(fit_dots("mixture", body, seed=4), body, seed=4, n_levels=N_LEVELS)


@pytest.fixture(scope="module")
def levels() -> Setting:
    return level_setting(1, 12)


@pytest.mark.parametrize("which", ["dots", "levels"])
def test_gymnasium_finds_nothing_wrong(which: str, request: pytest.FixtureRequest) -> None:
    check_env(DirectorEnv(request.getfixturevalue(which)), skip_render_check=True)


def test_it_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procgen_sim.environment.director_env._CALIBRATION", 1000)
    env = gymnasium.make("procgen_sim/Director-v0", notion="surprise", render_mode="ansi")
    env.reset(seed=1)
    env.step(env.action_space.sample())
    text = env.render()
    assert isinstance(text, str)
    assert len(text.splitlines()) == 16
    env.close()


@pytest.mark.parametrize("notion", NOTIONS)
@pytest.mark.parametrize("arm", ["on-model", "outlier@every:3", "noise@probability:0.3"])
def test_an_episode_is_a_player_of_a_comparison(dots: Setting, notion: str, arm: str) -> None:
    players = range(3, 7)
    arms = parse_arms(arm, rate=0.2)
    records = play_arms(dots, arms, players)
    people = Population.sample(4, seed=dots.seed, spreads=dots.spreads, first=3)
    boredom = as_cube(records, f"boredom_{notion}", arm)
    stays = levels_until_bored(boredom, people.threshold).levels
    interest = as_cube(records, f"interest_{notion}", arm)
    score = evaluate(DirectorEnv(dots, notion=notion), by_schedule(arm), 4, first=3)
    assert score.levels.tolist() == stays.tolist()
    for i, n in enumerate(stays):
        assert score.interest[i] == pytest.approx(interest[i, :n].sum(), abs=1e-9)


def test_only_what_a_game_can_see_is_observed(dots: Setting) -> None:
    """People as different as can be, who were shown the same and said the same, look the same."""
    env = DirectorEnv(dots)

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


def test_the_budget_is_kept(dots: Setting) -> None:
    env = DirectorEnv(dots, budget=0.1, notion="surprise")
    for player in range(5):
        env.reset(seed=1, options={"player": player})
        broke, over, info = 0, False, {}
        while not over:
            _, _, left, truncated, info = env.step(1)
            broke += info["broke"]
            over = left or truncated
        assert broke == min(4, len(env.audience.shown))
        assert info["action_mask"].tolist() == ([1, 0, 0, 0, 0] if broke == 4 else [1] * 5)


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


def test_breaking_when_told_to_be_bored_beats_following(dots: Setting) -> None:
    env = DirectorEnv(dots, notion="surprise")
    scores = {
        name: evaluate(env, policy, 30)
        for name, policy in [
            ("follow", follow),
            ("rating", by_rating("outlier")),
            ("never", by_rating("outlier", at_least=6)),  # the planted change: it never hears
            ("chance", by_chance(0.0)),
        ]
    }
    gain = scores["rating"].interest - scores["follow"].interest
    assert gain.mean() > 3 * gain.std(ddof=1) / np.sqrt(30)
    assert np.array_equal(scores["never"].interest, scores["follow"].interest)
    assert np.array_equal(scores["chance"].interest, scores["follow"].interest)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"notion": "fun"}, "notion: expected one of"),
        ({"ways": ["authored"]}, "ways: expected one of"),
        ({"budget": 1.5}, "budget: expected a number from 0 to 1"),
        ({"render_mode": "human"}, "render_mode: expected one of ansi"),
    ],
)
def test_wrong_environments(dots: Setting, options: dict[str, object], match: str) -> None:
    with pytest.raises(InputError, match=match):
        DirectorEnv(dots, **options)  # type: ignore[arg-type]


def test_a_step_needs_a_player(dots: Setting) -> None:
    with pytest.raises(InputError, match=r"expected reset\(\) first"):
        DirectorEnv(dots).step(0)


def test_without_gymnasium_one_sentence_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['gymnasium'] = None\n"
        "try:\n    import procgen_sim.environment\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("InputError")
    assert "procgen-sim[gym]" in done.stdout
