"""``on_model``: every sample is new, and players who do not forget come to foresee nearly all."""

from __future__ import annotations

import math
import runpy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.bodies import GENRES, level_setting
from procgen_sim.experiments.essay.dots import SPACE
from procgen_sim.experiments.essay.meeting import BODIES
from procgen_sim.experiments.essay.on_model.climb import _errors_at_the_ends, _levels_until
from procgen_sim.experiments.essay.on_model.experiment import run
from procgen_sim.experiments.essay.on_model.newness import _copies, new_dots, new_levels
from procgen_sim.experiments.essay.on_model.words import checks_of, conclude
from procgen_sim.experiments.preparation import open_corpus
from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.rng import stream
from procgen_sim.session import Setting

QUICK = Effort(quick=True)
FEW = ("clusters",)


@dataclass(frozen=True, kw_only=True)
class Copying(FittedGenerator):
    """Every third of its levels is the first one again."""

    def on_model(self, players: Sequence[int], level: int) -> BuiltBatch:
        return super().on_model(players, 0 if level % 3 == 0 else level)


def exchanged(kind: type[FittedGenerator], setting: Setting) -> Setting:
    own = setting.generator
    return replace(setting, generator=kind(model=own.model, builder=own.builder, seed=own.seed))


def failed(finding: Finding) -> list[str]:
    return [check.what for check in finding.checks if not check.holds]


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(QUICK)


def test_no_sample_is_a_copy_and_soon_foreseen(found: Finding) -> None:
    assert found.holds, failed(found)
    assert set(found.data["bodies"]) == set(BODIES)
    assert found.conclusion.startswith("None of 20,000 dots on a line, 8,000 dots in two clusters")


def test_who_forgets_at_once_never_foresees_and_a_generator_that_copies_is_found_out() -> None:
    """Every third dot of 40 players is the first again: 66 of each player."""
    finding = run(
        QUICK, only=FEW, half_life_levels=1.0, exchange=lambda one: exchanged(Copying, one)
    )
    assert "dots in two clusters: samples, of 8,000, equal to one before" in failed(finding)
    assert finding.conclusion.startswith("2,640 of 8,000 dots in two clusters are copies")
    assert "dots in two clusters: predictability of the last 50 of 200" in failed(finding)
    assert "90 % never" in finding.conclusion


def test_levels_that_come_twice_are_found_out(found: Finding) -> None:
    """The nearest look-alike may be one of the player's own, not only a hand-made one."""
    setting = exchanged(Copying, level_setting(1, 4))
    new = new_levels(setting, open_corpus(GENRES)[0].levels[:3], 2, 4)
    assert (new.n_samples, new.n_copies) == (8, 2)
    assert new.more["least"] == (0.0, 0.0)
    assert found.data["bodies"]["levels"]["least"][0] > 0.0


def test_copies_by_hand() -> None:
    assert _copies(["a", "b", "a", "c"], {"c", "d"}) == 2


def test_copies_and_told_apart_by_hand() -> None:
    data = np.array([[0.0, 0.0]])
    met = np.array([[[3.0, 4.0], [3.0, 4.0], [18.0, 4.0]]] * 2)
    new = new_dots(met, data, SPACE)
    assert (new.n_samples, new.n_copies) == (6, 2)
    # A step is 20 / 2^2.5 = 3.5: the first is 4 from the data, the third 15 from the others.
    assert new.share_told_apart == (pytest.approx(2 / 3), 0.0)


def test_levels_met_until_a_share_by_hand() -> None:
    """Half is foreseen of the third level, so after two have been met."""
    curves = np.array([[0.0, 0.2, 0.6, 0.8]] * 2)
    assert _levels_until(curves, 0.5, rng=stream(1, "test")) == [2.0, 2.0, 2.0]
    assert _levels_until(curves, 0.9, rng=stream(1, "test")) == [None, None, None]


def test_errors_at_the_ends_by_hand() -> None:
    """Levels cost veterans alike, but lives differ: that alone makes the end uncertain."""
    newcomers = np.array([9.0, 11.0])
    lives = np.tile(np.array([[4.0], [6.0], [5.0]]), 7)
    at_0, at_1 = _errors_at_the_ends(newcomers, lives)
    assert at_0 == pytest.approx(1.0 / 5.0)
    assert at_1 >= math.sqrt(1 / 3) / 5.0
    assert _errors_at_the_ends(newcomers, np.full((3, 7), 5.0))[1] == 0.0


def test_each_check_has_its_clause(found: Finding) -> None:
    bodies = found.data["bodies"]
    checks = {name: checks_of(name, body) for name, body in bodies.items()}
    assert conclude(bodies, checks) == found.conclusion
    told = [found.conclusion]
    for name, asked in checks.items():
        for key, check in asked.items():
            away = -1.0 if check.relation == "above" else 1.0
            open = {"standard_error": math.nan}
            flipped = {"estimate": check.bound + 0.04 * away, "standard_error": 0.001}
            if key == "copies":
                flipped = {"estimate": 9.0}
            for change in (open, flipped):
                other = replace(check, **change)
                assert not other.holds
                told.append(conclude(bodies, {**checks, name: {**asked, key: other}}))
    assert len(set(told)) == 2 * sum(map(len, checks.values())) + 1
    assert not any("nan" in one or "{" in one for one in told)


def test_that_late_levels_look_more_alike_than_any_by_hand_is_said(found: Finding) -> None:
    bodies = dict(found.data["bodies"])
    for late, words in ((0.1, "0.100 ± 0.001 away, less than"), (0.5, "away, no less than")):
        bodies["levels"] = {**bodies["levels"], "late": (late, 0.001)}
        checks = {name: checks_of(name, body) for name, body in bodies.items()}
        assert words in conclude(bodies, checks)


def test_the_titles_follow_the_numbers(found: Finding) -> None:
    draw = runpy.run_path(str(Path(__file__).parents[1] / "analysis" / "on_model.py"))["draw"]

    def titles(finding: Finding) -> list[str]:
        return [axes.get_title() or axes.get_title(loc="left") for axes in draw(finding).axes]

    first, second, third = titles(found)
    assert (first, second) == ("No dot is a copy", "No level is a copy")
    assert third.startswith("Yet half is foreseen after")
    levels = {**found.data["bodies"]["levels"], "n_copies": 60}
    checks = tuple(replace(check, estimate=0.2, standard_error=0.01) for check in found.checks)
    data = {**found.data, "bodies": {**found.data["bodies"], "levels": levels}}
    _, second, third = titles(replace(found, data=data, checks=checks))
    assert (second, third) == ("60 of 300 levels are copies", "Not all foreseen")


def test_the_same_seed_gives_the_same_numbers(found: Finding, tmp_path: Path) -> None:
    """Whatever else is asked; and what is stored is read again."""
    run(QUICK, only=FEW).write(tmp_path / "clusters.json")
    found.write(tmp_path / "on_model.json")
    one, again = (Finding.read(tmp_path / f"{name}.json") for name in ("clusters", "on_model"))
    assert one.data["bodies"]["clusters"] == again.data["bodies"]["clusters"]
    assert again.conclusion == found.conclusion
    assert again.holds
    assert (tmp_path / "on_model.json").stat().st_size < 100_000


def test_memory_is_all_that_those_who_forget_lack(found: Finding) -> None:
    for body in found.data["bodies"].values():
        assert body["forget"]["last"][0] <= body["remember"]["last"][0]
        assert body["remember"]["levels_to_half"][0] <= body["remember"]["levels_to_90"][0]
