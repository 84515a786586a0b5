"""Plain sentences follow from the numbers: golden ones for every case; none fail or overclaim."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procgen_sim.experiments.conclusions import conclude, verdict
from procgen_sim.experiments.remarks import describe_breaks, describe_habit, describe_learning
from procgen_sim.experiments.statistics import Difference, Interval, Survival
from procgen_sim.experiments.summary import ArmSummary, Learned, NotionSummary, Summary

Ends = tuple[float | None, float | None, float | None]
NOTHING: Ends = (None, None, None)
NOTIONS = ("surprise", "wundt", "progress")


def interval(ends: Ends) -> Interval:
    return Interval(estimate=ends[0], low=ends[1], high=ends[2])


def difference(ends: Ends) -> Difference:
    return Difference(estimate=ends[0], low=ends[1], high=ends[2], p_value=None)


def known(ends: Ends) -> bool:
    return all(end is not None and math.isfinite(end) for end in ends)


def apart(ends: Ends) -> bool:
    return known(ends) and (ends[1] > 0 or ends[2] < 0)  # type: ignore[operator]


def an_arm(
    name: str,
    differences: Mapping[str, Ends] | Ends = (0.0, 0.0, 0.0),
    *,
    median: Ends = (14.0, 12.0, 17.0),
    predictability: tuple[float | None, float | None] = (0.03, 0.91),
    broke: float = 0.15,
    saved: Ends | None = None,
    off: float | None = 1.0,
) -> ArmSummary:
    each = differences if isinstance(differences, Mapping) else dict.fromkeys(NOTIONS, differences)
    ones = np.ones(3)
    return ArmSummary(
        name=name,
        notions={
            notion: NotionSummary(
                bored=Survival(
                    levels=np.arange(3), share=ones, low=ones, high=ones, median=interval(median)
                ),
                interest_end=0.4,
                difference=difference(ends),
                share_stayed=0.0,
                stands=apart(ends),
                tellable=known(ends),
            )
            for notion, ends in each.items()
        },
        predictability_end=predictability[1],
        predictability_start=predictability[0],
        foreseen_end=0.5,
        playable_share=1.0,
        broke_share=broke,
        off_model_share=broke,
        broke_off_model_share=off,
        repaired_share=0.1,
        learned=Learned(
            first_bits=40.0,
            last_bits=30.0,
            change=difference((-10.0, -12.0, -8.0)),
            unprepared_bits=40.0,
            saved=difference(saved),
        )
        if saved
        else None,
    )


def a_run(*arms: ArmSummary, n_players: int = 100, n_levels: int = 60) -> Summary:
    return Summary(
        arms=arms, n_players=n_players, n_levels=n_levels, naive_bits=35.0, veteran_bits=20.0
    )


ON_MODEL = an_arm("on-model", broke=0.0)
LONGER: Ends = (8.34, 6.12, 10.4)
A_LITTLE: Ends = (0.6, 0.02, 1.2)
SAME: Ends = (0.3, -0.4, 1.04)
SOONER: Ends = (-2.1, -3.0, -1.0)


def at(surprise: Ends, wundt: Ends, progress: Ends) -> dict[str, Ends]:
    return {"surprise": surprise, "wundt": wundt, "progress": progress}


CASES: dict[str, Summary] = {
    "every kind of arm": a_run(
        ON_MODEL,
        an_arm("noise", at(LONGER, SOONER, SAME)),
        an_arm("outlier", at(LONGER, LONGER, LONGER)),
        an_arm("between", at(SAME, SAME, SAME)),
        an_arm("extrapolate", at(A_LITTLE, SAME, SAME)),
        an_arm("outlier@0", broke=0.0),
    ),
    "no arm helps": a_run(ON_MODEL, an_arm("noise", SOONER), an_arm("between", SAME)),
    "all help": a_run(ON_MODEL, an_arm("noise", A_LITTLE), an_arm("outlier", LONGER)),
    "all hurt": a_run(ON_MODEL, an_arm("noise", SOONER)),
    "nothing to tell": a_run(ON_MODEL, an_arm("noise", SAME), an_arm("outlier", SAME)),
    "two notions against one": a_run(ON_MODEL, an_arm("noise", at(LONGER, LONGER, SAME))),
    "notions disagree": a_run(ON_MODEL, an_arm("noise", at(LONGER, SOONER, LONGER))),
    "nobody bored": a_run(an_arm("on-model", median=NOTHING, broke=0.0), an_arm("noise", SAME)),
    "hardly half bored": a_run(an_arm("on-model", median=(None, 52.0, None), broke=0.0)),
    "bored at the very end": a_run(an_arm("on-model", median=(58.0, 49.0, None), broke=0.0)),
    "one level": a_run(an_arm("on-model", median=(1.0, 1.0, 1.0), broke=0.0), n_levels=2),
    "a tie at exactly nothing": a_run(ON_MODEL, an_arm("noise", (0.0, 0.0, 0.0))),
    "interval ends at zero": a_run(ON_MODEL, an_arm("noise", (1.0, 0.0, 2.0))),
    "one player": a_run(ON_MODEL, an_arm("noise", (3.0, None, None)), n_players=1),
    "one player who stayed": a_run(an_arm("on-model", median=NOTHING, broke=0.0), n_players=1),
    "only on-model": a_run(ON_MODEL),
    "huge numbers": a_run(
        an_arm("on-model", median=(1234567.0, 1200000.0, 1300000.0), broke=0.0),
        an_arm("noise", (98765.4, 90000.0, 100000.0)),
        n_players=1_000_000,
        n_levels=100_000_000,
    ),
    "nothing to learn": a_run(
        an_arm("on-model", predictability=(None, math.nan), broke=0.0), an_arm("noise", SAME)
    ),
    "less predictable": a_run(an_arm("on-model", predictability=(0.1, -0.2), broke=0.0)),
    "breaks never happened": a_run(ON_MODEL, an_arm("noise@0", broke=0.0)),
    "one level longer": a_run(ON_MODEL, an_arm("noise", (1.0, 0.6, 1.4))),
}


def test_sentences_are_as_agreed(golden: Callable[[str, str], None]) -> None:
    pages = []
    for case, summary in CASES.items():
        told = [f"{each.notion or 'overall'}: {each.text}" for each in conclude(summary)]
        if len({line.split(": ", 1)[1] for line in told[:-1]}) == 1:
            told = ["any notion: " + told[0].split(": ", 1)[1], told[-1]]
        pages.append("\n".join([f"== {case}", *told]))
    golden("conclusions.txt", "\n\n".join(pages) + "\n")


def test_habits_are_as_agreed() -> None:
    assert describe_habit(a_run(ON_MODEL)) == (
        "There were too few breaks to say whether leaving became a habit."
    )
    run = a_run(
        ON_MODEL,
        an_arm("noise", saved=(9.96, 8.0, 12.0)),
        an_arm("outlier", saved=(-2.0, -3.0, -1.0)),
        an_arm("between", saved=(0.5, -1.0, 3.0)),
        an_arm("extrapolate", saved=(0.5, None, None)),
    )
    assert describe_habit(run) == (
        "Earlier breaks made later ones cheaper, so the leaving itself was learned: “noise” by "
        "10.0 bits (8.0 to 12.0); earlier breaks made later ones dearer: “outlier” by 2.0 bits "
        "(1.0 to 3.0); no such habit can be told for “between” (−1.0 to 3.0)."
    )


def test_breaks_that_stayed_on_the_model_are_told() -> None:
    assert describe_breaks(a_run(ON_MODEL, an_arm("noise"))) is None
    run = a_run(
        ON_MODEL,
        an_arm("between", off=0.012),
        an_arm("noise", off=0.95),
        an_arm("outlier", off=0.5),
        an_arm("outlier@0", off=None),
    )
    assert describe_breaks(run) == (
        "Some breaks did not leave the model: off it were 1.2 % of those of “between” and 50 % of "
        "those of “outlier”."
    )


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (LONGER, "longer"),
        (SOONER, "sooner"),
        (SAME, "same"),
        ((1.0, 0.0, 2.0), "same"),
        ((-1.0, -2.0, 0.0), "same"),
        ((1.0, None, None), "unknown"),
        ((1.0, math.nan, 2.0), "unknown"),
        (NOTHING, "unknown"),
    ],
)
def test_only_intervals_that_leave_out_zero_are_verdicts(ends: Ends, told: str) -> None:
    assert verdict(an_arm("noise", ends), "wundt") == told


numbers = st.one_of(
    st.none(), st.floats(), st.floats(-1e3, 1e3), st.integers(-3, 3).map(float), st.just(-0.0)
)
intervals = st.tuples(numbers, numbers, numbers)
names = st.one_of(st.sampled_from(["noise", "between", "a@every:3"]), st.text(min_size=1))


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    arms = [
        an_arm(
            name,
            at(draw(intervals), draw(intervals), draw(intervals)),
            median=draw(intervals),
            predictability=(draw(numbers), draw(numbers)),
            broke=draw(st.sampled_from([0.0, 0.15, 1.0])) if i else 0.0,
            saved=draw(st.one_of(st.none(), intervals)),
        )
        for i, name in enumerate(["on-model", *draw(st.lists(names, max_size=5, unique=True))])
    ]
    return a_run(
        *arms,
        n_players=draw(st.integers(1, 10**6)),
        n_levels=draw(st.integers(2, 10**9)),
    )


@given(summaries())
def test_any_summary_has_conclusions(summary: Summary) -> None:
    conclusions = conclude(summary)
    assert [each.notion for each in conclusions] == [*NOTIONS, None]
    assert [len(each.sentences) for each in conclusions] == [2, 2, 2, 1]
    for each in conclusions:
        for sentence in each.sentences:
            assert sentence.endswith(".")
            assert sentence[0] == sentence[0].upper()
    assert describe_habit(summary).endswith(".")


@given(summaries())
def test_nothing_is_claimed_when_the_interval_holds_zero(summary: Summary) -> None:
    told = {each.notion: each for each in conclude(summary)}
    for notion in NOTIONS:
        claims = {verdict(arm, notion) for arm in summary.arms[1:]}
        leaving = told[notion].sentences[1]
        plain = leaving
        for arm in summary.arms:
            plain = plain.replace(f"“{arm.name}”", "")
        assert ("kept" in plain) == ("longer" in claims)
        assert ("lost" in plain) == ("sooner" in claims)


@given(summaries())
def test_every_arm_is_named(summary: Summary) -> None:
    for each in conclude(summary):
        for arm in summary.arms[1:]:
            assert f"“{arm.name}”" in each.sentences[-1]


def test_no_number_is_left_raw() -> None:
    for summary in CASES.values():
        for each in conclude(summary):
            assert not re.search(r"None|nan|inf\b|-\d|\d\.\d{3}", each.text), each.text


def test_what_there_is_to_learn() -> None:
    summary = a_run(an_arm("on-model"))
    assert describe_learning(summary) == (
        "An on-model level costs a newcomer 35 bits and somebody who knows the generator 20: 43 % "
        "of it can be foreseen."
    )
    nothing = replace(summary, veteran_bits=34.9)
    assert "next to nothing to learn" in describe_learning(nothing)


def test_what_could_not_be_judged_is_not_called_no_difference() -> None:
    some = {"surprise": (0.3, -0.4, 1.0), "wundt": (0.3, -0.4, 1.0), "progress": NOTHING}
    *notions, overall = conclude(a_run(an_arm("on-model"), an_arm("noise", some)))
    assert "too few players were bored to say what “noise” changed" in notions[2].text
    assert overall.text == (
        "“noise” makes no difference that can be told from chance under surprise and wundt "
        "(under progress too few were bored to say)."
    )


def test_an_interval_without_0_that_does_not_stand_is_said_to_be_one() -> None:
    arm = an_arm("noise", (2.0, 0.01, 4.0))
    found = {name: replace(each, stands=False) for name, each in arm.notions.items()}
    text = conclude(a_run(an_arm("on-model"), replace(arm, notions=found)))[0].text
    assert "“noise” (0.01 to 4.0) cannot be told from chance once all 3 comparisons" in text


def test_ends_of_intervals_show_on_which_side_of_0_they_are() -> None:
    text = conclude(a_run(an_arm("on-model"), an_arm("noise", (0.2, -0.049, 0.5))))[0].text
    assert "“noise” (−0.05 to 0.5) made no difference" in text
