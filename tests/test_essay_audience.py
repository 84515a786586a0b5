"""The essay's ``audience``: the claim over several seeds, and changes that make its checks fail."""

from __future__ import annotations

import importlib.util
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding, experiment
from procgen_sim.experiments.essay.audience.checks import (
    checks_of,
    hazard,
    late_in,
    level_of,
    nearly_everyone,
    off_model,
)
from procgen_sim.experiments.essay.audience.experiment import _told, run
from procgen_sim.experiments.essay.audience.fates import (
    N_DECILES,
    Fates,
    Leaving,
    World,
    _fates,
    within_deciles,
)
from procgen_sim.experiments.essay.audience.words import concluded, level_words, share_words
from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.essay.meeting import in_blocks, setting_of
from procgen_sim.injection import ON_MODEL
from procgen_sim.players import TRAITS, Evidence, Population, levels_until_bored
from procgen_sim.results import as_cube
from procgen_sim.session import play_arms

QUICK = Effort(seed=1, quick=True)
SORTED_BY = {"wundt": "appetite", "surprise": "threshold", "progress": "threshold"}
N = 30


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(QUICK, worlds=["dots"])


def _world(least: float = 400.0, most: float = 20.0, outside: float = 30.0) -> World:
    """The least hungry leave at one level and the hungriest at another, off the model at a third;
    players differ a little, so that there is an error. By surprise all go, by progress none."""
    little = np.arange(N) % 7
    left = np.linspace(least, most, N_DECILES)[:, np.newaxis] + little
    left = np.vstack([left, left[:1]])
    strange = np.arange(N_DECILES + 1)[:, np.newaxis] % 2 < np.ones(N)

    def fates(when: Any) -> Fates:
        return Fates(left=np.asarray(when, float), strange=strange)

    return World(
        fates={
            ("on-model", "wundt"): fates(left),
            ("on-model", "surprise"): fates(np.where(little == 0, 30.0, 40.0) + 0 * left),
            ("on-model", "progress"): fates(np.full_like(left, np.inf)),
            ("outlier", "wundt"): fates(left - least + outside + 10 * little),
        },
        n_levels=600,
        n_off=60,
    )


@pytest.mark.parametrize(
    ("seed", "world"), [(1, "dots"), pytest.param(2, "levels", marks=pytest.mark.slow)]
)
def test_the_hungry_go_first_and_leaving_does_not_stop(
    seed: int, world: str, found: Finding
) -> None:
    finding = found if seed == 1 else run(Effort(seed=seed, quick=True), worlds=[world])
    assert len(finding.checks) == 3
    assert finding.holds, [check.sentence() for check in finding.checks if not check.holds]
    assert "decile was lost sooner than the least" in finding.conclusion
    assert "people went on leaving" in finding.conclusion


def test_people_alike_in_appetite_are_lost_alike() -> None:
    alike = {"appetite": replace(TRAITS["appetite"], sd=0.0)}
    setting = setting_of("dots", seed=1, place=7, n_levels=60, spreads=alike)
    sorted_by = {**SORTED_BY, "wundt": "saturation_bits"}
    met = Leaving(sorted_by)(setting, [ON_MODEL], range(25))
    sooner = checks_of("dots", met)[0]
    assert "hungriest less least" in sooner.what
    assert met.fates[ON_MODEL.name, "wundt"].lost(50)[0].any()
    assert sooner.estimate == 0.0
    assert not sooner.holds


def test_who_never_goes_is_not_said_to_go() -> None:
    """Patience without end: leaving stops at once, and no level is named by which all are gone."""
    stayed = _world(least=1e9, most=1e9)
    checks = checks_of("dots", stayed)
    assert not checks[0].holds
    assert not checks[1].holds
    told = concluded({"dots": stayed}, checks)
    assert "could not be told that people went on leaving" in told
    assert "extrapolated" not in told
    nobody = {**stayed.fates, ("on-model", "surprise"): stayed.fates["on-model", "progress"]}
    assert not checks_of("dots", replace(stayed, fates=nobody))[2].holds


def test_a_hazard_is_events_over_levels_at_risk() -> None:
    # Four players of two traits, from level 100 on: at risk 50 + 100, 100 + 100, 0 + 100, 100 + 20.
    left = np.array([[150.0, np.inf, 90.0, 201.0], [np.inf, 250.0, np.inf, 120.0]])
    rate, error = hazard(left, 100, 200)
    assert rate == pytest.approx(100 * 2 / 570)
    events, risk = np.array([0.5, 0, 0, 0.5]), np.array([0.75, 1.0, 0.5, 0.6])
    spread = (events - rate * risk) / risk.mean()
    assert error == pytest.approx(spread.std(ddof=1) / 2)
    assert math.isnan(hazard(np.full((2, 3), 5.0), 100, 200)[0])


def test_a_constant_hazard_is_found_again_and_extrapolated() -> None:
    for seed in range(5):
        left = np.random.default_rng(seed).geometric(0.002, (3, 400)).astype(float)
        left[left > 600] = np.inf
        rate, error = hazard(left, 150, 600)
        assert abs(rate - 0.2) < 4 * error < 0.1
    assert level_of(0.95, 0.5, 600, 0.2) == pytest.approx(600 + 500 * math.log(10))
    assert level_of(0.95, 0.04, 600, 0.2) == 600
    assert math.isinf(level_of(0.95, 0.5, 600, 0.0))
    assert (late_in(1200), late_in(240), late_in(60)) == (300, 50, 30)


@pytest.mark.parametrize(
    ("which", "quantity"), [(0, "hungry decile was"), (1, "after level"), (2, "by surprise")]
)
def test_each_check_has_its_clause(which: int, quantity: str) -> None:
    met = {"dots": _world()}
    checks = checks_of("dots", met["dots"])
    said = set()
    for away in (9.0, 0.5, -9.0):
        one = checks[which]
        turned = replace(one, estimate=one.bound + 0.01 * away, standard_error=0.01)
        said.add(concluded(met, [turned if i == which else c for i, c in enumerate(checks)]))
    assert len(said) == 3
    assert all(quantity in told for told in said)
    assert len({told.count(";") for told in said}) == 1


def test_the_signs_are_as_the_words_say() -> None:
    met = _world(least=45.0, most=20.0, outside=30.0)
    assert checks_of("dots", met)[0].estimate >= 0
    assert checks_of("dots", _world(least=100.0))[0].estimate == 1.0
    assert checks_of("dots", _world(least=20.0, most=100.0))[0].opposite
    # Off the model, sooner: some of the least hungry are gone by level 60 who on it stay.
    assert off_model("dots", _world(least=400.0, outside=30.0), "outlier").holds
    assert off_model("dots", _world(least=30.0, outside=300.0), "outlier").opposite
    assert nearly_everyone("dots", met, "progress").opposite
    told = concluded({"dots": met}, checks_of("dots", met))
    assert "not everyone on dots (0 %) by progress" in told


def test_too_strange_is_above_the_appetite() -> None:
    """Two players leave: one met more surprise than they like, the other less."""
    n = N_DECILES + 1
    ratio = np.repeat([[1.5], [0.1]], 20, axis=1)
    evidence = Evidence(
        surprise_bits=np.tile(4.0 * ratio, (n, 1)),
        progress_bits=np.tile(ratio, (n, 1)),
        naive_bits=np.full((2 * n, 1), 4.0),
    )
    each = {"appetite": 0.7, "tolerance": 0.2, "saturation_bits": 1.0, "threshold": 0.3}
    traits = {name: np.full(2 * n, value) for name, value in {**each, "tau_levels": 6.0}.items()}
    fates = _fates("wundt", evidence, traits, 2)
    assert np.isfinite(fates.left).all()
    assert fates.strange[:, 0].all()
    assert not fates.strange[:, 1].any()


def test_what_the_figure_shows_adds_up() -> None:
    met = _world(least=300.0, most=20.0)
    told = _told(met)
    policy = told["policies"]["on-model"]
    off = told["policies"]["outlier"]
    lost = met.fates["outlier", "wundt"].left[0][:, np.newaxis] <= off["levels"]
    expected = lost.std(axis=0, ddof=1) / math.sqrt(N)
    assert expected.max() > 0.05
    np.testing.assert_allclose(off["error"]["least"], expected, atol=1e-4)
    assert told["policies"]["outlier"]["levels"][-1] == met.n_off
    gone = told["by_decile"]["too_familiar"] + told["by_decile"]["too_strange"]
    assert gone[0] == pytest.approx(policy["lost"]["least"][-1], abs=1e-4)
    assert gone[-1] == pytest.approx(policy["lost"]["most"][-1], abs=1e-4)
    assert gone.mean() == pytest.approx(policy["lost"]["everyone"][-1], abs=1e-4)
    assert told["by_decile"]["too_strange"][1] == 0


def test_shares_and_levels_in_words() -> None:
    assert [share_words(x) for x in (0.0, 0.001, 55 / 56, 0.999, 1.0)] == [
        "0 %",
        "under 1 %",
        "98 %",
        "over 99 %",
        "100 %",
    ]
    assert level_words(5734.0) == "level 5,700"
    assert level_words(math.inf) == "no level"


def test_the_figures_title_follows_the_checks(found: Finding) -> None:
    path = Path(__file__).parents[1] / "analysis" / "audience.py"
    spec = importlib.util.spec_from_file_location("audience_figure", path)
    assert spec is not None
    assert spec.loader is not None
    figure = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figure)
    titles = {figure.draw(found).get_suptitle()}
    for which in range(3):
        for away in (0.0, -9.0):
            turned = [
                replace(c, estimate=c.bound + away, standard_error=1.0) if i % 3 == which else c
                for i, c in enumerate(found.checks)
            ]
            titles.add(figure._title(replace(found, checks=tuple(turned))))
    assert len(titles) == 7


def test_a_file_is_read_back_as_it_was_written(found: Finding, tmp_path: Path) -> None:
    found.write(tmp_path / "one.json")
    again = Finding.read(tmp_path / "one.json")
    again.write(tmp_path / "three.json")
    assert (tmp_path / "three.json").read_bytes() == (tmp_path / "one.json").read_bytes()
    assert all(isinstance(check, Check) for check in again.checks)


def test_as_they_are_players_leave_as_their_records_say() -> None:
    """Fates with nobody's trait exchanged are those of the session; blocks change nothing, and a
    longer game begins as a shorter one."""
    setting = setting_of("dots", seed=3, place=7, n_levels=40)
    whole = Leaving(SORTED_BY)(setting, [ON_MODEL], range(30))
    parts = list(in_blocks(Leaving(SORTED_BY), setting, [ON_MODEL], 30, jobs=1))
    assert len(parts) == 2
    records = play_arms(setting, [ON_MODEL], range(30))
    threshold = Population.sample(30, seed=3).threshold
    shorter = Leaving(SORTED_BY)(replace(setting, n_levels=15), [ON_MODEL], range(30))
    for notion in SORTED_BY:
        key = (ON_MODEL.name, notion)
        boredom = as_cube(records, f"boredom_{notion}", ON_MODEL.name)
        leaving = levels_until_bored(boredom, threshold)
        expected = np.where(leaving.censored, np.inf, leaving.levels)
        np.testing.assert_array_equal(whole.fates[key].left[-1], expected)
        together = np.concatenate([part.fates[key].left for part in parts], axis=1)
        np.testing.assert_array_equal(together, whole.fates[key].left)
        np.testing.assert_array_equal(shorter.fates[key].lost(15), whole.fates[key].lost(15))


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


def test_it_is_registered() -> None:
    assert experiment("audience") is run
