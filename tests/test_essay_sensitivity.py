"""Which conclusions hang on what is assumed about people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import Effort, sensitivity
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots
from procgen_sim.experiments.essay.main_conclusions import ARMS, CONCLUSIONS, Measured, draw
from procgen_sim.experiments.essay.sensitivity import ASSUMPTIONS, robustness, said, vary
from procgen_sim.players import NAIVE_PRIOR, TRAITS
from procgen_sim.rng import stream
from procgen_sim.session import Setting, play_arms

N_PLAYERS, N_LEVELS = 16, 40


@pytest.fixture(scope="module")
def dots() -> Setting:
    body = cluster_dots(200, rng=stream(2, "test"))
    return dot_setting(fit_dots("mixture", body, seed=2), body, seed=2, n_levels=N_LEVELS)


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ([(3, 1), (9, 1)], "robust"),
        ([(3, 1), (1, 1)], "fades"),
        ([(3, 1), (-3, 1)], "turns"),
        ([(1, 1), (1, 1)], "fails"),
        ([(-3, 1), (1, 1)], "fails"),
        ([(3, 1), (0, 0)], "fades"),
        ([(3, 1), (5, float("nan"))], "fades"),
    ],
)
def test_words_for_a_row(cells: list[tuple[float, float]], word: str) -> None:
    assert robustness({str(i): Measured(*cell) for i, cell in enumerate(cells)}) == word


def test_what_one_cell_says() -> None:
    cells = [Measured(2.1, 1), Measured(1.9, 1), Measured(-2.1, 1), Measured(0.0, 0.0)]
    assert [said(cell) for cell in cells] == ["yes", "open", "no", "open"]


def test_every_assumption_is_one_that_the_program_makes() -> None:
    names = {each.name for each in ASSUMPTIONS}
    assert names == {*TRAITS, "prior_sd"}
    for each in ASSUMPTIONS:
        assumed = sensitivity._assumed(each.name)
        assert each.low < assumed < each.high


def test_a_varied_setting_has_other_people_or_another_prior(dots: Setting) -> None:
    assert vary(dots, "threshold", 0.5).spreads["threshold"].median == 0.5
    assert vary(dots, "threshold", 0.5).spreads["appetite"] == TRAITS["appetite"]
    wide = vary(dots, "prior_sd", 0.6)
    assert wide.prior == replace(NAIVE_PRIOR, first_level_sd=0.6)
    with pytest.raises(InputError, match="assumptions"):
        vary(dots, "patience", 1.0)


@pytest.mark.parametrize("each", [a for a in ASSUMPTIONS if not a.learning], ids=lambda a: a.name)
def test_what_does_not_change_learning_may_keep_the_records(dots: Setting, each: Any) -> None:
    few = replace(dots, n_levels=12)
    before = play_arms(few, ARMS, range(4))
    after = play_arms(vary(few, each.name, each.high), ARMS, range(4))
    for column in ("surprise_bits", "unprepared_bits", "progress_bits", "naive_bits", "broke"):
        assert np.array_equal(before[column], after[column]), column


@pytest.mark.parametrize("each", [a for a in ASSUMPTIONS if a.learning], ids=lambda a: a.name)
def test_what_changes_learning_changes_the_records(dots: Setting, each: Any) -> None:
    few = replace(dots, n_levels=12)
    before = play_arms(few, ARMS, range(4))
    after = play_arms(vary(few, each.name, each.high), ARMS, range(4))
    assert not np.array_equal(before["surprise_bits"], after["surprise_bits"])


def test_conclusions_agree_with_the_records(dots: Setting) -> None:
    records = play_arms(dots, ARMS, range(N_PLAYERS))
    found = draw(records, dots, N_PLAYERS)
    assert set(found) == set(CONCLUSIONS)
    on = records["arm"] == "on-model"
    interest = records["interest_surprise"][on].reshape(N_PLAYERS, N_LEVELS)
    fading = interest[:, :3].mean(axis=1) - interest[:, -10:].mean(axis=1)
    assert found["fades surprise"].estimate == pytest.approx(fading.mean())
    assert found["fades surprise"].error == pytest.approx(fading.std(ddof=1) / N_PLAYERS**0.5)


def test_people_who_forget_at_once_never_come_to_foresee(dots: Setting) -> None:
    """The planted change."""
    forgetful = vary(dots, "half_life_levels", 1.0)
    forgetful = replace(
        forgetful,
        spreads={
            **forgetful.spreads,
            "half_life_levels": replace(
                forgetful.spreads["half_life_levels"], sd=0.0, median=0.05, low=0.01
            ),
        },
    )
    said_of = {
        name: said(draw(play_arms(each, ARMS, range(N_PLAYERS)), each, N_PLAYERS)["foreseen"])
        for name, each in (("people", dots), ("forgetful", forgetful))
    }
    assert said_of == {"people": "yes", "forgetful": "open"}


@pytest.mark.slow
def test_the_two_that_all_builds_on_are_robust() -> None:
    few = tuple(each for each in ASSUMPTIONS if each.name in ("half_life_levels", "appetite"))
    finding = sensitivity.run(Effort(seed=3, quick=True), assumptions=few)
    assert finding.holds
    assert "players come to foresee what follows the model" in finding.conclusion.split("Not")[0]
    assert set(finding.data["table"]) == {"dots", "levels"}
    cells = finding.data["table"]["dots"]["foreseen"]
    assert list(cells) == [
        "assumed",
        "half_life_levels low",
        "half_life_levels high",
        "appetite low",
        "appetite high",
    ]
