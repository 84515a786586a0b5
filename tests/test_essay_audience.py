"""The essay's ``audience``: the claim over several seeds, and changes that make its checks fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding, experiment
from procgen_sim.experiments.essay.audience.experiment import run
from procgen_sim.experiments.essay.audience.fates import N_DECILES, Leaving, within_deciles
from procgen_sim.experiments.essay.meeting import in_blocks, setting_of
from procgen_sim.injection import ON_MODEL
from procgen_sim.players import TRAITS, Population, levels_until_bored
from procgen_sim.results import as_cube
from procgen_sim.session import play_arms

QUICK = Effort(seed=1, quick=True)
SORTED_BY = {"wundt": "appetite", "surprise": "threshold", "progress": "threshold"}


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(QUICK)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_hungry_leave_and_some_stay(seed: int, found: Finding) -> None:
    finding = found if seed == 1 else run(Effort(seed=seed, quick=True))
    assert len(finding.checks) == 8
    assert finding.holds, [check.sentence() for check in finding.checks if not check.holds]
    assert "lost sooner than the least (" in finding.conclusion
    assert "not everyone goes in the end" in finding.conclusion


def test_people_alike_in_appetite_are_lost_alike() -> None:
    alike = replace(TRAITS["appetite"], sd=0.0)
    finding = run(
        QUICK,
        worlds=["dots"],
        spreads={"appetite": alike},
        sorted_by={**SORTED_BY, "wundt": "saturation_bits"},
    )
    for sooner in finding.checks[::4]:
        assert "hungriest less least" in sooner.what
        assert sooner.estimate == 0.0
        assert not sooner.holds
    assert "not clearly lost sooner" in finding.conclusion


def test_an_audience_of_the_hungry_is_lost_whole() -> None:
    """Everybody wants nothing foreseen: nobody is at home, and the sentence says so."""
    hungry = replace(TRAITS["appetite"], median=1.2, sd=0.05)
    finding = run(QUICK, worlds=["dots"], spreads={"appetite": hungry})
    assert not any(check.holds for check in finding.checks[3::4])
    assert "hardly anyone was at home in the familiar" in finding.conclusion


def test_a_file_is_read_back_as_it_was_written(found: Finding, tmp_path: Path) -> None:
    found.write(tmp_path / "one.json")
    again = Finding.read(tmp_path / "one.json")
    again.write(tmp_path / "three.json")
    assert (tmp_path / "three.json").read_bytes() == (tmp_path / "one.json").read_bytes()


def test_as_they_are_players_leave_as_their_records_say() -> None:
    """Fates with nobody's trait exchanged are those of the session; blocks change nothing."""
    setting = setting_of("dots", seed=3, place=7, n_levels=40)
    whole = Leaving(SORTED_BY)(setting, [ON_MODEL], range(30))
    parts = list(in_blocks(Leaving(SORTED_BY), setting, [ON_MODEL], 30, jobs=1))
    assert len(parts) == 2
    records = play_arms(setting, [ON_MODEL], range(30))
    threshold = Population.sample(30, seed=3).threshold
    for notion in SORTED_BY:
        key = (ON_MODEL.name, notion)
        boredom = as_cube(records, f"boredom_{notion}", ON_MODEL.name)
        leaving = levels_until_bored(boredom, threshold)
        expected = np.where(leaving.censored, np.inf, leaving.levels)
        np.testing.assert_array_equal(whole.fates[key].left[-1], expected)
        together = np.concatenate([part.fates[key].left for part in parts], axis=1)
        np.testing.assert_array_equal(together, whole.fates[key].left)


def test_deciles_are_tenths_of_the_population() -> None:
    values = within_deciles("appetite", TRAITS, 1, range(200))
    assert values.shape == (N_DECILES, 200)
    edges = [TRAITS["appetite"].at(k / N_DECILES) for k in range(1, N_DECILES)]
    for k in range(N_DECILES):
        assert np.all(values[k] >= ([0.0, *edges])[k])
        assert np.all(values[k] <= ([*edges, np.inf])[k])
    np.testing.assert_array_equal(
        values[:, 150:], within_deciles("appetite", TRAITS, 1, range(150, 200))
    )


def test_what_became_of_deciles_adds_up(found: Finding) -> None:
    for told in found.data["worlds"].values():
        for policy in told["policies"].values():
            by = policy["by_decile"]
            gone = by["too_familiar"] + by["too_strange"]
            assert np.all(gone + by["at_home"] <= 1 + 1e-12)
            assert gone[0] == pytest.approx(policy["lost"]["least"][-1], abs=1e-4)
            assert gone[-1] == pytest.approx(policy["lost"]["most"][-1], abs=1e-4)
            assert gone.mean() == pytest.approx(policy["lost"]["everyone"][-1], abs=1e-4)


def test_it_is_registered() -> None:
    assert experiment("audience") is run
