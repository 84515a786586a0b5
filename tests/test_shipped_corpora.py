"""Our two bodies of work: every level can be finished, and the vocabulary keeps growing."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.experiments.preparation import fit_corpus, open_corpus
from procgen_sim.files import assets_folder
from procgen_sim.levels import SHIPPED, Affordance, Level, load_corpus, shipped_corpus
from procgen_sim.levels.body import Body
from procgen_sim.levels.vocabulary import Vocabulary, vocabulary
from procgen_sim.platformer import reach


def three_columns(levels: Sequence[Level]) -> Vocabulary:
    return vocabulary(Body.of("body", levels, order="columns"), 3)


@pytest.mark.parametrize("name", SHIPPED)
class TestEachCorpus:
    def test_size(self, name: str) -> None:
        levels = shipped_corpus(name).levels
        assert len(levels) >= 16
        assert all(14 <= level.n_rows <= 18 for level in levels)
        assert all(80 <= level.n_columns <= 200 for level in levels)

    def test_every_level_has_one_start_and_one_goal_and_can_be_finished(self, name: str) -> None:
        for level in shipped_corpus(name).levels:
            assert level.mask(Affordance.START).sum() == 1, level.name
            assert level.mask(Affordance.GOAL).sum() == 1, level.name
            found = reach(level)
            assert found.playable, f"{level.name} {found.reason}"

    def test_every_level_has_its_idea_in_the_index(self, name: str) -> None:
        folder = assets_folder() / "corpora" / name
        index = tomllib.loads((folder / "index.toml").read_text(encoding="utf-8"))
        files = [entry["file"] for entry in index["level"]]
        assert files == sorted(path.name for path in folder.glob("*.txt"))
        ideas = [entry["idea"] for entry in index["level"]]
        assert len(set(ideas)) == len(ideas)
        assert all(len(idea) > 30 for idea in ideas)

    def test_vocabulary_keeps_growing_in_any_order(self, name: str) -> None:
        found = three_columns(shipped_corpus(name).levels)
        assert found.heaps_as_met is not None
        assert found.heaps_as_met >= 0.7
        assert found.growth.heaps.low is not None
        assert found.growth.heaps.low >= 0.7

    def test_no_two_levels_are_alike(self, name: str) -> None:
        levels = shipped_corpus(name).levels
        assert len({level.digest() for level in levels}) == len(levels)


def test_copies_add_no_vocabulary() -> None:
    level = shipped_corpus("samurai").levels[0]
    assert three_columns([level] * 16).growth.heaps.value == pytest.approx(0)


def test_a_mixture_finds_the_two_genres() -> None:
    corpus, bodies = open_corpus(SHIPPED)
    model, data = fit_corpus(corpus, "mixture", seed=1)
    assert model.n_components == 2
    which = model.responsibilities(data).argmax(axis=1)
    genre = np.array([body == "samurai" for body in bodies])
    agreement = max((which == genre).mean(), (which != genre).mean())
    assert agreement >= 0.95


def test_human_made_levels_keep_adding_vocabulary_and_a_constructive_generator_stops(
    shared_data: Path,
) -> None:
    mario = three_columns(load_corpus(shared_data / "vglc" / "super_mario_bros").levels).met
    assert mario[-1] - mario[-2] >= 12  # by the dozen, at level 15
    constructed = three_columns(load_corpus(shared_data / "mario_ai" / "notchParam").levels).met
    assert np.diff(constructed)[-20:].mean() < 3  # almost none, at level 200
