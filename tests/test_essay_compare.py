"""The essay's ``compare``: the claim over several seeds, and changes that make its checks fail."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding, experiment
from procgen_sim.experiments.essay.compare import _conclusion, _holm, run, ways_of_leaving
from procgen_sim.experiments.essay.compare_checks import (
    Met,
    goes_stale,
    held_out,
    is_learned,
    some_way_helps,
)
from procgen_sim.experiments.summary import summarise
from procgen_sim.injection import ON_MODEL, PROPOSALS, Arm, parse_arm, parse_arms
from procgen_sim.players import NOTIONS
from procgen_sim.results import as_cube

QUICK = Effort(seed=1, quick=True)
P, T = 24, 20


def _ways(rate: float) -> tuple[Arm, ...]:
    return parse_arms("outlier,between", rate=rate)[1:]


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(QUICK, ways=_ways(0.15), worlds=["dots"])


def _met(bored: dict[str, Any], *, saved: Any = 0.0) -> Met:
    """Records by hand: in each arm each player is bored after ``(P,)`` levels under every notion;
    all levels of ways are breaks, and each saves so many bits ``(P, T)``."""
    level = np.tile(np.arange(1, T + 1), (P, 1))
    columns: dict[str, list[Any]] = {}
    for arm, when in bored.items():
        gone = (level >= np.broadcast_to(when, P)[:, np.newaxis]) * 1.0
        flat = np.zeros((P, T))
        broke = flat + (arm != ON_MODEL.name) > 0
        cost = 5.0 - np.broadcast_to(saved, (P, T)) * broke
        each = {"arm": np.full((P, T), arm), "level": level, "predictability": flat + 0.9}
        each |= {f"boredom_{notion}": gone for notion in NOTIONS}
        each |= {f"interest_{notion}": 1.0 - gone for notion in NOTIONS}
        each |= {"broke": broke, "off_model": broke, "playable": flat == 0, "foreseen": flat}
        each |= {"surprise_bits": cost, "unprepared_bits": flat + 5.0, "repair_distance": flat}
        each |= {"naive_bits": flat + 9.0, "veteran_bits": flat + 4.0}
        for name, values in each.items():
            columns.setdefault(name, []).append(values.ravel())
    records = {name: np.concatenate(parts) for name, parts in columns.items()}
    thresholds = np.full(P, 0.5)
    return Met(
        records=records,
        summary=summarise(records, thresholds, list(bored)),
        thresholds=thresholds,
    )


def test_generators_go_stale_and_leaving_helps(found: Finding) -> None:
    assert len(found.checks) == 4
    assert found.holds, [check.sentence() for check in found.checks if not check.holds]
    assert "dots were seen through" in found.conclusion
    assert "were learned on dots" in found.conclusion


@pytest.mark.slow
def test_levels_go_stale_too() -> None:
    finding = run(Effort(seed=2, quick=True), worlds=["levels"])
    assert finding.holds, [check.sentence() for check in finding.checks if not check.holds]
    told = finding.data["worlds"]["levels"]
    assert [way["name"] for way in told["ways"]] == [arm.name for arm in ways_of_leaving()]


def test_every_proposal_that_needs_nothing_more_is_tried() -> None:
    names = {arm.name for arm in ways_of_leaving()}
    assert {"noise", "outlier", "between", "extrapolate"} <= names
    assert set(PROPOSALS) - names == {"authored", "quality_diversity"} & set(PROPOSALS)


def test_who_never_leaves_gains_nothing_and_learns_nothing() -> None:
    finding = run(QUICK, ways=_ways(0.0)[:1], worlds=["dots"])
    stale, helps, learned = finding.checks[:2], finding.checks[2], finding.checks[3]
    assert all(check.holds for check in stale)
    assert not helps.holds
    assert not learned.holds
    assert "made no clear difference on dots" in finding.conclusion
    assert "not clearly learned" in finding.conclusion


def test_a_proposal_that_follows_the_model_helps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    # Wherever a break should go, it goes where the model goes; even the least dense of many levels
    # on the model is not asked for.
    for name in PROPOSALS:
        monkeypatch.setitem(
            PROPOSALS, name, lambda outside, _n, *, rng: outside.model.sample(1, rng=rng)
        )
    finding = run(QUICK, ways=_ways(0.15), worlds=["dots"])
    assert not finding.checks[2].holds


def test_a_generator_that_leaves_all_the_time_does_not_go_stale() -> None:
    restless = replace(parse_arm("noise@1", rate=0.15), name=ON_MODEL.name)
    finding = run(QUICK, staying=restless, ways=_ways(0.15)[:1], worlds=["dots"])
    assert not finding.checks[0].holds
    assert "dots were seen through" not in finding.conclusion


@pytest.mark.slow
def test_the_same_seed_gives_the_same_data(found: Finding) -> None:
    again = run(QUICK, ways=_ways(0.15), worlds=["dots"])
    assert again.checks == found.checks
    assert again.conclusion == found.conclusion


def test_the_best_way_is_chosen_on_other_players() -> None:
    """Two ways help only one half of the players each: each half would choose what helps it, and
    gain; chosen by the other half, it gains nothing."""
    even = np.arange(P) % 2 == 0
    met = {"dots": _met({"on-model": 8, "a": np.where(even, 12, 8), "b": np.where(even, 8, 12)})}
    gains = held_out(met, ["a", "b"], "surprise")
    assert set(gains.chosen) == {"a", "b"}
    assert gains.levels["dots"] == (0.0, 0.0)
    better = {"dots": _met({"on-model": 8, "a": 9 + np.arange(P) % 3, "b": 8})}
    one = some_way_helps(held_out(better, ["a", "b"], "wundt"), "wundt")[0]
    assert one.estimate == pytest.approx(2.0)
    assert one.holds


def test_only_late_breaks_count_as_learned() -> None:
    late = np.arange(T) >= T // 2
    some = np.arange(P)[:, np.newaxis] % 2 + 1.0
    for saved, expected in ((late * some, 1.5), (~late * some, 0.0), (late * -some, -1.5)):
        check = is_learned("dots", _met({"on-model": 8, "noise": 8}, saved=saved))
        assert check.estimate == pytest.approx(expected)
        assert check.holds == (expected > 0)


def test_verdicts_allow_for_all_comparisons() -> None:
    """A difference that stands alone does not among those of many."""
    # Six players of 24 stay a level longer: p = 0.011, and of nine comparisons 0.05 / 9 is asked.
    few = 8 + (np.arange(P) < 6)
    met = {"dots": _met({"on-model": 8, "a": few, "b": 8, "c": 8})}
    one = met["dots"].summary["a"].notions["surprise"]
    assert one.difference.p_value is not None
    assert 0.05 / 9 < one.difference.p_value < 0.05 / 3
    planted = replace(one, stands=True)
    arms = tuple(
        replace(arm, notions=dict.fromkeys(arm.notions, planted)) if arm.name == "a" else arm
        for arm in met["dots"].summary.arms
    )
    summary = replace(met["dots"].summary, arms=arms)
    judged = _holm({"dots": replace(met["dots"], summary=summary)})
    assert not judged["dots"].summary["a"].notions["surprise"].stands
    clear = _holm({"dots": _met({"on-model": 8, "a": 12 + few % 8, "b": 8})})
    assert clear["dots"].summary["a"].notions["surprise"].stands
    assert not clear["dots"].summary["b"].notions["surprise"].stands


def test_each_check_has_its_clause() -> None:
    met = {"dots": _met({"on-model": 8, "noise": 9 + np.arange(P) % 3}, saved=1.0)}
    gains = {notion: held_out(met, ["noise"], notion) for notion in NOTIONS}
    checks = [*goes_stale("dots", met["dots"]), *some_way_helps(gains["surprise"], "surprise")]
    checks.append(is_learned("dots", met["dots"]))
    for which in range(4):
        said = set()
        for away in (9.0, 0.5, -9.0):
            turned = replace(checks[which], estimate=checks[which].bound + away, standard_error=1.0)
            each = [turned if i == which else check for i, check in enumerate(checks)]
            said.add(_conclusion(met, gains, each))
        assert len(said) == 3
        assert len({told.count(";") for told in said}) == 1


def test_the_figures_title_follows_the_checks(found: Finding) -> None:
    path = Path(__file__).parents[1] / "analysis" / "compare.py"
    spec = importlib.util.spec_from_file_location("compare_figure", path)
    assert spec is not None
    assert spec.loader is not None
    figure = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figure)
    titles = {figure.draw(found).get_suptitle()}
    for which in (0, 2, 3):
        for away in (0.0, -9.0):
            turned = [
                replace(c, estimate=c.bound + away, standard_error=1.0) if i == which else c
                for i, c in enumerate(found.checks)
            ]
            titles.add(figure._title(replace(found, checks=tuple(turned))))
    assert len(titles) == 7


def test_a_file_is_read_back_as_it_was_written(found: Finding, tmp_path: Path) -> None:
    found.write(tmp_path / "one.json")
    assert (tmp_path / "one.json").stat().st_size < 120_000
    again = Finding.read(tmp_path / "one.json")
    again.write(tmp_path / "three.json")
    assert (tmp_path / "three.json").read_bytes() == (tmp_path / "one.json").read_bytes()
    assert again.holds == found.holds


def test_curves_are_thinned_and_begin_at_the_first_level(found: Finding) -> None:
    for told in found.data["worlds"].values():
        assert told["levels"][0] == 1
        assert told["levels"][-1] == found.data["n_levels"]
        assert list(told["curves"]) == [ON_MODEL.name, *found.data["best"]]
        for curve in told["curves"].values():
            assert len(curve["boredom"]) == len(curve["error"]) == len(told["levels"])
            assert np.all((curve["boredom"] >= 0) & (curve["boredom"] <= 1))


def test_it_is_registered() -> None:
    assert experiment("compare") is run
    assert isinstance(ways_of_leaving(0.3)[0], Arm)
    assert as_cube(_met({"on-model": 3}).records, "broke", "on-model").sum() == 0
