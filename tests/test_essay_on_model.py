"""``on_model``: every sample is new, and players who do not forget come to foresee nearly all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.dots import SPACE
from procgen_sim.experiments.essay.on_model.experiment import run
from procgen_sim.experiments.essay.on_model.newness import new_dots
from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.session import Setting

QUICK = Effort(quick=True)
FEW = ("clusters",)


@dataclass(frozen=True, kw_only=True)
class Drifting(FittedGenerator):
    """What it makes moves a little with every level: there is no end to learning it."""

    def vectors(self, players: Sequence[int], level: int) -> npt.NDArray[np.float64]:
        return super().vectors(players, level) + 0.5 * level


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


def test_every_sample_is_new_and_soon_foreseen(found: Finding) -> None:
    assert found.holds, failed(found)
    assert set(found.data["bodies"]) == {"line", "clusters", "levels"}
    assert found.conclusion.startswith("All of 24,000 dots on a line, 8,000 dots in two clusters")


@pytest.mark.parametrize("seed", [2, 3])
def test_so_it_is_with_other_seeds(seed: int) -> None:
    finding = run(Effort(quick=True, seed=seed), only=FEW)
    assert finding.holds, failed(finding)


def test_players_who_forget_at_once_never_foresee() -> None:
    finding = run(QUICK, only=FEW, half_life_levels=1.0)
    assert failed(finding) == ["dots in two clusters: predictability of the last 50 of 200"]
    assert "did not come out" in finding.conclusion


def test_a_generator_that_drifts_is_never_foreseen() -> None:
    finding = run(QUICK, only=FEW, exchange=lambda setting: exchanged(Drifting, setting))
    assert failed(finding) == ["dots in two clusters: predictability of the last 50 of 200"]


def test_a_generator_that_copies_itself_is_found_out() -> None:
    finding = run(QUICK, only=FEW, exchange=lambda setting: exchanged(Copying, setting))
    assert "dots in two clusters: share of samples unequal to all before" in failed(finding)


@pytest.mark.slow
def test_levels_that_come_twice_are_found_out() -> None:
    finding = run(QUICK, only=("levels",), exchange=lambda setting: exchanged(Copying, setting))
    assert "platformer levels: share of samples unequal to all before" in failed(finding)
    assert any("look-alike" in what for what in failed(finding))
    assert finding.data["bodies"]["levels"]["least_of_all"] == 0.0


def test_nearest_and_told_apart_by_hand() -> None:
    data = np.array([[0.0, 0.0]])
    met = np.array([[[3.0, 4.0], [3.0, 4.0], [18.0, 4.0]]] * 2)
    new = new_dots(met, data, SPACE)
    assert new.more["nearest"] == {"least": 0.0, "median": 5.0}
    assert new.share_new == (pytest.approx(2 / 3), 0.0)
    # A step is 20 / 2^2.5 = 3.5: the first is 4 from the data, the third 15 from the others.
    assert new.share_told_apart == (pytest.approx(2 / 3), 0.0)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(QUICK, only=FEW).write(tmp_path / f"{name}.json")
    one = (tmp_path / "one.json").read_bytes()
    assert one == (tmp_path / "two.json").read_bytes()


def test_round_trip(found: Finding, tmp_path: Path) -> None:
    found.write(tmp_path / "on_model.json")
    again = Finding.read(tmp_path / "on_model.json")
    assert again.conclusion == found.conclusion
    assert again.holds
    assert (tmp_path / "on_model.json").stat().st_size < 100_000


def test_memory_is_all_that_those_who_forget_lack(found: Finding) -> None:
    for body in found.data["bodies"].values():
        assert body["forget"]["last"][0] <= body["remember"]["last"][0]
        assert body["remember"]["levels_to_half"][0] <= body["remember"]["levels_to_90"][0]
