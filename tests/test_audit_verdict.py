"""What an audit says: the right thing about bodies that are easily misjudged, and in good words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from audit_bodies import PIECES, audit_of, body_of, flat, hills, many, noise, shuffled

from procgen_sim.cli.audit_table import audit_table
from procgen_sim.experiments.audit import Audit
from procgen_sim.experiments.audit.helps import Help, Pool
from procgen_sim.experiments.audit.sameness import independent_bits
from procgen_sim.experiments.audit.verdict import is_noise, judge, levels_told, percent
from procgen_sim.experiments.statistics import Difference, Interval
from procgen_sim.levels.body import Body

N = 12


def padded(rng: np.random.Generator) -> Any:
    return np.hstack([flat(columns=8), hills(rng), flat(columns=8)])


def uneven_noise(rng: np.random.Generator) -> Any:
    return rng.choice(["-", "X", "o"], (6, 24), p=[0.8, 0.15, 0.05])


def stripes(rng: np.random.Generator) -> Any:
    """Nothing to learn from other levels, and yet no noise: each goes on as it began."""
    return np.repeat(rng.choice(["-", "X"], (6, 1)), 24, axis=1)


BODIES = {
    "hills": body_of(many(lambda rng: hills(rng, rows=12, columns=60), N), "hills"),
    "copies": body_of(many(hills, 1) * N, "copies"),
    "some copies": body_of([*many(hills, 10), *many(hills, 2)], "some copies"),
    "single": body_of(many(hills, 1), "single"),
    "three": body_of(many(hills, 3), "three"),
    "empty": body_of([flat()] * N, "empty"),
    "noise": body_of(many(noise, N), "noise"),
    "uneven noise": body_of(many(uneven_noise, N), "uneven noise"),
    "shuffled": body_of(many(shuffled, N), "shuffled"),
    "stripes": body_of(many(stripes, N), "stripes"),
    "padded": body_of(many(padded, N), "padded"),
    "climbed": body_of(many(lambda rng: hills(rng).T, N), "climbed", order="rows-up"),
}


@pytest.fixture(scope="module")
def audit() -> Audit:
    return audit_of(*BODIES.values())


@pytest.fixture(scope="module")
def told(audit: Audit) -> dict[str, Any]:
    document: dict[str, Any] = audit.document
    return document


def said(told: dict[str, Any], name: str) -> tuple[str, str]:
    """Verdict and remarks."""
    source = next(source for source in told["sources"] if source["name"] == name)
    return " ".join(source["verdict"]), " ".join(source["remarks"])


NOISE = "noise to a player, not variety"
SHUFFLED = "in what might as well be random order"
COPIES = "are the same level"
NOTHING = "next to nothing to learn"
PADDING = "are padding"


@pytest.mark.parametrize("name", BODIES)
def test_what_must_be_known_is_said_of_those_it_is_true_of(told: dict[str, Any], name: str) -> None:
    remarks = said(told, name)[1]
    assert (NOISE in remarks) == (name in ("noise", "uneven noise"))
    assert (SHUFFLED in remarks) == (name == "shuffled")
    assert (COPIES in remarks) == (name in ("copies", "empty"))
    assert ("nothing to see" in remarks) == (name == "empty")
    assert (PADDING in remarks) == (name == "padded")
    assert ("exact copies of an earlier one" in remarks) == (name in ("some copies", "stripes"))
    assert ("every number here is rough" in remarks) == (name in ("single", "three"))


def test_noise_is_called_so_before_anything_else(told: dict[str, Any]) -> None:
    for name in ("noise", "uneven noise"):
        assert said(told, name)[0].startswith(f"{name} is noise, not variety")
    assert any("noise is noise, not variety" in sentence for sentence in told["verdict"])
    assert all("noise" not in said(told, name)[0] for name in BODIES if "noise" not in name)


@pytest.mark.parametrize("n", [3, 6, 24])
def test_noise_is_told_from_levels_however_many_there_are(n: int) -> None:
    found = audit_of(
        body_of(many(noise, n)),
        body_of(many(uneven_noise, n)),
        body_of(many(hills, n)),
        body_of(many(shuffled, n)),
        players=20,
    )
    assert [is_noise(each) for each in found.sources] == [True, True, False, False]


def test_tiles_on_their_own_cost_their_entropy() -> None:
    #  Two values as often as each other at one place of four, always the same at the others.
    body = body_of([np.array([["-", "X", "X", "-"], *([["-"] * 4] * 3)])] * 3)
    assert independent_bits(body) == pytest.approx(1.0)
    sizes = body_of([*many(noise, 60), *many(lambda rng: noise(rng, rows=3), 60)])
    assert independent_bits(sizes) == pytest.approx((6 + 3) / 2, rel=0.01)
    assert independent_bits(body_of([flat()])) == 0.0


def test_the_vocabulary_of_pieces_in_random_order_is_counted(told: dict[str, Any]) -> None:
    remarks = said(told, "shuffled")[1]
    assert f"A vocabulary of {len(PIECES)} columns" in remarks
    assert f"would cost {np.log2(len(PIECES)):.1f}"[:-1] in remarks
    assert "it is not varied" in remarks


def test_padding_is_measured(told: dict[str, Any]) -> None:
    share = re.search(r"(\d+) % of all columns are padding", said(told, "padded")[1])
    assert share is not None
    assert int(share[1]) == pytest.approx(14 / 40 * 100, abs=4)  # eight at each end, one is kept


def test_few_levels_give_no_time_to_be_bored(told: dict[str, Any]) -> None:
    assert "one level is too little" in said(told, "single")[0]
    assert "3 levels are too few" in said(told, "three")[0]
    assert "audience" not in said(told, "single")[0] + said(told, "three")[0]


def test_bodies_in_rows_are_spoken_of_in_rows(told: dict[str, Any]) -> None:
    words = " ".join(said(told, "climbed"))
    assert "the next three rows are new" in words
    assert "bits per active row" in words
    assert "column" not in words
    assert "row" not in said(told, "hills")[0]


def test_copies_are_seen_through_sooner_than_what_goes_on(told: dict[str, Any]) -> None:
    until = {source["name"]: source["levels_until_bored"]["surprise"] for source in told["sources"]}
    assert until["copies"]["median"] <= 5
    assert until["empty"]["median"] <= 4
    hills_last = until["hills"]["median"]
    assert hills_last is None or hills_last > until["copies"]["median"]


@pytest.mark.parametrize("name", BODIES)
def test_sentences_are_sentences(told: dict[str, Any], name: str) -> None:
    source = next(source for source in told["sources"] if source["name"] == name)
    for sentence in (*source["verdict"], *source["remarks"]):
        assert_well_said(sentence)


def test_so_are_those_over_all(told: dict[str, Any]) -> None:
    assert len(told["verdict"]) > len(BODIES)
    for sentence in told["verdict"]:
        assert_well_said(sentence)
    assert told["verdict"][-1].startswith("Two axes, never one score")
    assert "single (" not in told["verdict"][-1]  # nobody knows the rest of a single level


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        ((), "Most of the audience is still there at the end: what would keep it is not seen."),
        (("surprise",), "told from chance under surprise."),
        (("surprise", "wundt"), "told from chance under surprise and wundt."),
        (
            ("surprise", "wundt", "progress"),
            "told from chance under surprise, wundt and progress.",
        ),
    ],
)
def test_what_would_help_is_told_with_the_notions_it_holds_under(
    audit: Audit, stands: tuple[str, ...], words: str
) -> None:
    pool = Pool(proposal="trope_break", lines=(), off_model_share=1, playable_share=None, note="")
    tried = tuple(
        Help(
            proposal="trope_break",
            rate=rate,
            notion=notion,
            gained=Difference(estimate=gained, low=gained - 1, high=gained + 1, p_value=0.01),
            stands=rate == 0.25 and notion in stands,
            pool=pool,
        )
        for rate in (0.1, 0.25)
        for notion, gained in (("surprise", 4.04), ("wundt", 3.0), ("progress", 2.0))
    )
    sentence = judge(replace(audit.sources[0], helps=tried))[-1]
    assert sentence.endswith(words)
    assert_well_said(sentence)
    gone = {**audit.sources[0].bored}
    gone["surprise"] = replace(gone["surprise"], share_stayed=0.1)
    if not stands:
        bored = replace(audit.sources[0], helps=tried, bored=gone)
        assert judge(bored)[-1].startswith("No simulated way of leaving the model is seen to keep")
    if stands:
        assert "trope break in one level of 4, levels gained +4.0 under surprise, +3.0" in sentence


def assert_well_said(sentence: str) -> None:
    assert sentence.endswith("."), sentence
    assert not re.search(r"None|\bnan\b|\binf\b|\b1 levels|  |\.\.|\(\)|_active|e-\d", sentence)


def test_one_source_is_held_against_the_yardsticks() -> None:
    given, yardstick = body_of(many(hills, 6), "mine"), body_of(many(hills, 5), "theirs")
    verdict = audit_of(given, yardstick, yardstick=True).document["verdict"]
    assert verdict[-1].startswith("For comparison, our hand-made bodies: theirs ")
    assert "mine" in verdict[0]
    for sentence in verdict:
        assert_well_said(sentence)


def test_the_table_fits_and_has_a_line_a_source(told: dict[str, Any]) -> None:
    text = audit_table(told)
    assert max(map(len, text.splitlines())) <= 100
    assert not re.search(r"None|nan|inf\b", text)
    table = text.splitlines()[-len(BODIES) :]
    assert [line.split("  ")[0] for line in table] == list(BODIES)
    assert text.count("Beware, noise: ") == 1


def test_the_table_breaks_long_names_and_marks_yardsticks() -> None:
    name = "a folder whose name says all about it " * 2
    bodies: tuple[Body, ...] = (body_of(many(hills, 2), name), body_of(many(hills, 2), "ours"))
    text = audit_table(audit_of(*bodies, yardstick=True).document)
    assert name in text.splitlines()
    assert "ours (hand-made)" in text
    assert max(len(line) for line in text.splitlines() if line != name) <= 100


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((9.0, 7.0, 12.0), "9 levels (7–12)"),
        ((1.0, 1.0, 2.0), "1 level (1–2)"),
        ((9.0, 7.0, None), "9 levels (7 or more)"),
        ((None, 7.0, None), "more than 60 levels (7 at the least)"),
        ((None, None, None), "more than 60 levels"),
    ],
)
def test_levels_in_words(interval: tuple[float | None, ...], words: str) -> None:
    estimate, low, high = interval
    assert levels_told(Interval(estimate=estimate, low=low, high=high), 60) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.5, "50 %"),
        (1.0, "100 %"),
        (0.9999, "nearly 100 %"),
        (0.005, "less than 1 %"),
        (0.0051, "1 %"),
    ],
)
def test_shares_in_words(share: float, words: str) -> None:
    assert percent(share) == words
