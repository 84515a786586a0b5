"""``off_model``: (15, 5) is outside every fit, costs players more, and keeps boredom down."""

from __future__ import annotations

import math
import runpy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.figure import Figure

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.few_repetitions import mean_of_few
from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.experiments.essay.meeting import BODIES
from procgen_sim.experiments.essay.off_model import (
    FAR,
    RATE,
    _extra_bits,
    _notion,
    _unlikely,
    run,
)
from procgen_sim.experiments.essay.off_model_checks import checks_of, conclude
from procgen_sim.experiments.essay.verdicts import in_words, verdicts_on
from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.players import NOTIONS
from procgen_sim.results import Table
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


def test_a_dot_on_the_line_is_not_off_the_model_nor_are_breaks_that_stay_there() -> None:
    """They cost nothing extra, and what is foreseen relieves nobody."""
    finding = run(QUICK, only=FEW, far=(15.0, 15.0), exchange=on_the_line)
    for what in (
        "powers of ten by which (15, 15) is less likely than (5.5, 5.5)",
        "models, of 20, that have (15, 15) inside their 99.9 % region",
        "bits an off-model sample costs beyond its on-model one",
    ):
        assert f"dots on a line: {what}" in failed(finding)
    assert "20 of 20 fits have it inside" in finding.conclusion
    assert "makes no thousand" in finding.conclusion
    refits = finding.data["bodies"]["line"]["refits"]
    assert refits["n_inside"] == refits["n"] == 20


def test_how_unlikely_by_hand() -> None:
    """A dot is outside if it is less likely than the edge, not than the other dot."""
    e = math.log(10.0)
    told = _unlikely(
        np.array([-9.0, -13.0]), np.array([2 * e - 9.0, 4 * e - 13.0]), np.array([-10.0, -10.0])
    )
    assert (told["n"], told["n_inside"]) == (2, 1)
    assert told["powers_of_ten"][0] == pytest.approx(3.0)


def test_of_few_repetitions_the_error_is_wider() -> None:
    """Three errors of n = 6 are as rare as three of a normal mean: t of 5 degrees at 0.99865."""
    few = np.arange(6.0)
    mean, error = mean_of_few(few)
    assert mean == 2.5
    assert error / mean_and_error(few)[1] == pytest.approx(5.5071 / 3, abs=1e-3)
    assert mean_of_few(np.arange(400.0))[1] == pytest.approx(
        mean_and_error(np.arange(400.0))[1], rel=0.02
    )


def two_players(**off: list[float]) -> Table:
    """Records by hand of two players and three levels; the second level of each is a break."""
    columns: dict[str, tuple[list[float], list[float]]] = {
        "surprise_bits": ([3.0, 4.0, 1.0, 2.0, 2.0, 2.0], off.get("surprise_bits", [0.0] * 6)),
        "unprepared_bits": ([0.0] * 6, off.get("unprepared_bits", [0.0] * 6)),
        "boredom_surprise": ([0.2, 0.6, 0.9, 0.1, 0.3, 0.6], off.get("boredom", [0.0] * 6)),
        "broke": ([0.0] * 6, [0.0, 1.0, 0.0] * 2),
    }
    table: Table = {name: np.array([*on, *of]) for name, (on, of) in columns.items()}
    table["broke"] = table["broke"].astype(bool)
    table["level"] = np.tile([1, 2, 3], 4)
    table["arm"] = np.array(["on-model"] * 6 + ["outlier"] * 6, dtype=object)
    return table


def test_a_break_costs_what_it_would_the_unprepared() -> None:
    table = two_players(
        unprepared_bits=[9.0, 11.0, 9.0, 9.0, 7.0, 9.0],
        surprise_bits=[1.0, 6.0, 1.0, 1.0, 3.0, 1.0],
    )
    assert _extra_bits(table) == (pytest.approx(6.0), pytest.approx(1.0))  # 11 − 4 and 7 − 2


def test_who_stays_longer_gains_levels() -> None:
    table = two_players(boredom=[0.2, 0.3, 0.4, 0.1, 0.3, 0.4])
    notion = _notion(table, "surprise", np.array([0.5, 0.5]))
    # The first leaves after level 2, the second after level 3; with breaks both see all three.
    assert notion["levels_gained"][0] == pytest.approx(0.5)
    assert notion["difference"][0] == pytest.approx(-(0.3 + 0.5 + 0.2) / 6)


def test_the_conclusion_follows_the_numbers(found: Finding) -> None:
    refits = found.data["bodies"]["line"]["refits"]
    assert f"10^{refits['powers_of_ten'][0]:.0f} and 10^" in found.conclusion
    assert "none of 20 and 6 fits" in found.conclusion
    assert in_words(BODIES, found.data["verdicts"]) in found.conclusion


def test_each_check_has_its_clause(found: Finding) -> None:
    bodies, verdicts = found.data["bodies"], found.data["verdicts"]
    checks = {name: checks_of(name, body, FAR) for name, body in bodies.items()}
    assert conclude(bodies, verdicts, checks, FAR) == found.conclusion
    told = [found.conclusion]
    for name, asked in checks.items():
        for key, check in asked.items():
            away = -1.0 if check.relation == "above" else 1.0
            for flipped in (
                replace(check, standard_error=math.nan),
                replace(check, estimate=check.bound + 5 * away, standard_error=1.0),
            ):
                assert not flipped.holds
                others = {**checks, name: {**asked, key: flipped}}
                told.append(conclude(bodies, verdicts, others, FAR))
                assert BODIES[name] in told[-1]
    assert len(set(told)) == 2 * sum(map(len, checks.values())) + 1
    assert not any("nan" in one or "{" in one for one in told)


def test_the_titles_follow_the_numbers(found: Finding) -> None:
    draw = drawing("off_model")
    assert "makes 10²" in titles(draw, found)[0]
    line = found.data["bodies"]["line"]
    inside = {**line, "refits": {**line["refits"], "n_inside": 8}}
    bodies = {**found.data["bodies"], "line": inside}
    checks = tuple(
        replace(check, estimate=8.0) if "99.9 %" in check.what else check for check in found.checks
    )
    other = replace(found, data={**found.data, "bodies": bodies}, checks=checks)
    assert titles(draw, other)[0] == "(15, 5) is inside the region of 8 of 26 fits"


def drawing(name: str) -> Callable[[Finding], Figure]:
    """``draw`` of a script of ``analysis/``."""
    draw = runpy.run_path(str(Path(__file__).parents[1] / "analysis" / f"{name}.py"))["draw"]
    return cast("Callable[[Finding], Figure]", draw)


def titles(draw: Callable[[Finding], Figure], finding: Finding) -> list[str]:
    return [axes.get_title() or axes.get_title(loc="left") for axes in draw(finding).axes]


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


def test_the_same_seed_gives_the_same_numbers(found: Finding, tmp_path: Path) -> None:
    """Whatever else is asked; and what is stored is read again."""
    run(QUICK, only=FEW).write(tmp_path / "line.json")
    found.write(tmp_path / "off_model.json")
    line, again = (Finding.read(tmp_path / f"{name}.json") for name in ("line", "off_model"))
    assert line.data["bodies"]["line"] == again.data["bodies"]["line"]
    assert again.conclusion == found.conclusion
    assert again.holds
    assert (tmp_path / "off_model.json").stat().st_size < 100_000


def test_boredom_curves_of_nothing_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = Path(__file__).parents[1] / "analysis" / "boredom_curves.py"
    assert runpy.run_path(str(script))["main"]([str(tmp_path / "none")]) == 2
    assert "expected the folder of a run" in capsys.readouterr().err
