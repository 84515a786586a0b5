"""``off_model``: (15, 5) is outside every fit, costs players more, and keeps boredom down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.meeting import BODIES
from procgen_sim.experiments.essay.off_model import RATE, run
from procgen_sim.experiments.essay.verdicts import in_words, verdicts_on
from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.players import NOTIONS
from procgen_sim.session import Setting

QUICK = Effort(quick=True)
FEW = ("line",)


@dataclass(frozen=True, kw_only=True)
class OnTheLine(FittedGenerator):
    """Asked for something off the model, it makes (15, 15)."""

    def build(
        self,
        vectors: npt.NDArray[np.float64],
        players: Sequence[int],
        level: int,
        variant: int = 0,
    ) -> BuiltBatch:
        made = np.full_like(vectors, 15.0) if variant else vectors
        return super().build(made, players, level, variant)


def on_the_line(setting: Setting) -> Setting:
    own = setting.generator
    return replace(
        setting, generator=OnTheLine(model=own.model, builder=own.builder, seed=own.seed)
    )


def failed(finding: Finding) -> list[str]:
    return [check.what for check in finding.checks if not check.holds]


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(QUICK)


def test_off_the_model_is_unlikely_costs_more_and_bores_less(found: Finding) -> None:
    assert found.holds, failed(found)
    assert set(found.data["bodies"]) == set(BODIES)
    for name in ("line", "clusters"):
        assert found.data["bodies"][name]["refits"]["powers_of_ten"][0] > 6
    for body in found.data["bodies"].values():
        assert body["share_off_model"] == pytest.approx(RATE, abs=0.03)


@pytest.mark.parametrize("seed", [2, 3])
def test_so_it_is_with_other_seeds(seed: int) -> None:
    finding = run(Effort(quick=True, seed=seed), only=FEW)
    assert finding.holds, failed(finding)


def test_a_dot_on_the_line_is_not_off_the_model() -> None:
    finding = run(QUICK, only=FEW, far=(15.0, 15.0))
    assert failed(finding) == [
        "dots on a line: share of models that have (15, 15) outside their 99.9 % region",
        "dots on a line: log density of (15, 15) less that of the region's edge, nats",
    ]
    assert "did not come out" in finding.conclusion


def test_breaks_that_stay_on_the_line_cost_nothing_extra() -> None:
    finding = run(QUICK, only=FEW, exchange=on_the_line)
    assert "dots on a line: bits an off-model sample costs beyond its on-model one" in failed(
        finding
    )


def test_the_conclusion_follows_the_numbers(found: Finding) -> None:
    power = found.data["bodies"]["line"]["refits"]["powers_of_ten"][0]
    assert f"10^{power:.0f} (dots on a line)" in found.conclusion
    assert in_words(BODIES, found.data["verdicts"]) in found.conclusion


def a_body(**gained: tuple[float, float]) -> dict[str, object]:
    return {
        "notions": {
            notion: {"levels_gained": [gained[notion][0], 0, 0], "p_value": gained[notion][1]}
            for notion in NOTIONS
        }
    }


def test_a_conclusion_under_one_notion_says_so() -> None:
    bodies = {"line": a_body(surprise=(5.0, 1e-9), wundt=(-3.0, 1e-6), progress=(1.0, 0.04))}
    verdicts = verdicts_on(bodies)
    assert verdicts == {"line": {"surprise": "later", "wundt": "sooner", "progress": "later"}}
    bodies["levels"] = a_body(surprise=(5.0, 1e-9), wundt=(1.0, 0.5), progress=(1.0, 0.03))
    verdicts = verdicts_on(bodies)  # six comparisons: 0.03 and 0.04 no longer stand
    assert in_words(BODIES, verdicts) == (
        "bored under surprise later, under wundt no later (platformer levels) and sooner (dots on"
        " a line), under progress no later: that they stay longer holds under one of three"
    )


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(QUICK, only=FEW).write(tmp_path / f"{name}.json")
    one = (tmp_path / "one.json").read_bytes()
    assert one == (tmp_path / "two.json").read_bytes()


def test_round_trip(found: Finding, tmp_path: Path) -> None:
    found.write(tmp_path / "off_model.json")
    again = Finding.read(tmp_path / "off_model.json")
    assert again.conclusion == found.conclusion
    assert again.holds
    assert (tmp_path / "off_model.json").stat().st_size < 100_000
