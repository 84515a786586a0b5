"""Which conclusions hang on what is assumed about people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import Effort, main_conclusions, sensitivity
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots
from procgen_sim.experiments.essay.main_conclusions import ARMS, CONCLUSIONS, Measured, draw
from procgen_sim.experiments.essay.sensitivity import ASSUMPTIONS, robustness, said, vary
from procgen_sim.players import NAIVE_PRIOR, TRAITS, Population
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
    cells = [Measured(3.1, 1), Measured(2.9, 1), Measured(-3.1, 1), Measured(0.0, 0.0)]
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


def a_table(**columns: dict[str, list[list[float]]]) -> dict[str, np.ndarray]:
    """Records of two players by hand: column to arm to ``(players, levels)``."""
    arms = [arm.name for arm in ARMS]
    shape = np.shape(next(iter(next(iter(columns.values())).values())))
    rows = int(np.prod(shape))
    table: dict[str, np.ndarray] = {
        "arm": np.repeat(np.array(arms, dtype=object), rows),
        "level": np.tile(np.arange(1, shape[1] + 1), shape[0] * len(arms)),
    }
    for name, by_arm in columns.items():
        values = [np.asarray(by_arm.get(arm, np.zeros(shape)), float).ravel() for arm in arms]
        table[name] = np.concatenate(values)
    return table


def test_what_a_habit_saves_is_of_the_last_third_of_breaks() -> None:
    chance = ARMS[1].name
    broke = [[1, 0, 1, 1, 0, 1, 1, 1], [0, 1, 0, 0, 0, 0, 0, 0]]
    unprepared = [[9, 9, 9, 9, 9, 9, 9, 9], [5, 5, 5, 5, 5, 5, 5, 5]]
    cost = [[9, 0, 8, 7, 0, 6, 4, 2], [0, 7, 0, 0, 0, 0, 0, 0]]
    table = a_table(
        broke={chance: broke}, unprepared_bits={chance: unprepared}, surprise_bits={chance: cost}
    )
    table["broke"] = table["broke"].astype(bool)
    # Six breaks: the last two cost 4 and 2 instead of 9. One break, which cost more than without.
    assert main_conclusions._saved(table).tolist() == [6.0, -2.0]


def test_little_appetite_keeps_players_of_the_familiar(dots: Setting) -> None:
    people = Population.sample(8, seed=dots.seed, spreads=dots.spreads)
    # All that is met costs half of a newcomer's surprise: what people of little appetite like.
    half, whole = np.full((8, 40), 5.0), np.full((8, 40), 10.0)
    table = a_table(
        surprise_bits={arm.name: half.tolist() for arm in ARMS},
        progress_bits={arm.name: half.tolist() for arm in ARMS},
        naive_bits={arm.name: whole.tolist() for arm in ARMS},
    )
    assert (main_conclusions._hungry(table, people) >= 0).all()
    assert main_conclusions._hungry(table, people).max() > 10


def test_adaptive_is_compared_with_chance_and_chance_with_staying(dots: Setting) -> None:
    people = Population.sample(4, seed=dots.seed, spreads=dots.spreads)
    stays = {"on-model": 0.2, ARMS[1].name: 0.7, ARMS[2].name: 1.0}  # surprise, and so interest
    columns = {
        "surprise_bits": {arm: np.full((4, 40), 10 * s).tolist() for arm, s in stays.items()},
        "progress_bits": {arm: np.ones((4, 40)).tolist() for arm in stays},
        "naive_bits": {arm: np.full((4, 40), 10.0).tolist() for arm in stays},
        "unprepared_bits": {arm: np.ones((4, 40)).tolist() for arm in stays},
        "predictability": {arm: np.ones((4, 40)).tolist() for arm in stays},
        "broke": {arm: np.zeros((4, 40)).tolist() for arm in stays},
    }
    table = a_table(**columns)
    table["broke"] = table["broke"].astype(bool)
    found = dict(main_conclusions._each(table, people))
    assert (found["outlier surprise"] > 0).all()
    assert (found["adaptive surprise"] >= 0).all()
    assert found["adaptive surprise"].sum() >= 0
    assert np.abs(found["fades surprise"]).max() < 1e-12


def test_checks_are_made_where_a_conclusion_is_weakest() -> None:
    row = {"assumed": Measured(5.0, 1.0), "low": Measured(4.0, 2.0), "high": Measured(9.0, 1.0)}
    rows = dict.fromkeys(CONCLUSIONS, row)
    for check in sensitivity._checks({"dots": rows}):
        assert (check.estimate, check.standard_error) == (4.0, 2.0)
        assert not check.holds


def test_the_sentence_follows_the_verdicts() -> None:
    def told(dots: str, levels: str) -> str:
        return sensitivity._conclusion(
            {
                body: dict.fromkeys(CONCLUSIONS, word)
                for body, word in [("dots", dots), ("levels", levels)]
            }
        )

    assert told("robust", "robust").startswith("With any one assumption")
    assert "not robust" not in told("robust", "robust")
    assert told("robust", "fades").startswith("No conclusion stays true")
    assert "(robust on dots, fades on levels)" in told("robust", "fades")
    assert "(turns)" in told("turns", "turns")


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
    assert "players come to foresee what follows the model" in finding.conclusion.split("; what")[0]
    assert set(finding.data["table"]) == {"dots", "levels"}
    cells = finding.data["table"]["dots"]["foreseen"]
    # Those that change learning are played again, those that do not are asked of the same records.
    estimates = {name: cell["estimate"] for name, cell in cells.items()}
    assert len(set(estimates.values())) == 3
    assert estimates["appetite low"] == estimates["assumed"]
    assert list(cells) == [
        "assumed",
        "half_life_levels low",
        "half_life_levels high",
        "appetite low",
        "appetite high",
    ]
