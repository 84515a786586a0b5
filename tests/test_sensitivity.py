"""Other appetites on the same records: as assumed it is the summary's own number."""

from __future__ import annotations

import numpy as np
import pytest
from synthetic_run import NAIVE, synthetic_run

from procgen_sim.experiments.sensitivity import SHIFTS, shift_appetites
from procgen_sim.players import TRAITS, Population
from procgen_sim.results import Table


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Table, Table]:
    run = synthetic_run(tmp_path_factory.mktemp("run"))
    n_players = len(run.players["threshold"])
    people = Population.sample(n_players, seed=3)
    players = {name: np.asarray(getattr(people, name)) for name in TRAITS}
    return run.records, players


def test_more_appetite_for_surprise_favours_the_surprising_arm(tables: tuple[Table, Table]) -> None:
    records, players = tables
    surprise = records["surprise_bits"].copy()
    surprise[(records["arm"] == "noise") & records["broke"]] = 1.1 * NAIVE
    rows = shift_appetites({**records, "surprise_bits": surprise}, players, ("on-model", "noise"))
    assert [row.shift for row in rows] == list(SHIFTS)
    estimates = [row.differences["noise"].estimate for row in rows]
    assert estimates[0] < estimates[1] < estimates[2]


def test_as_assumed_it_follows_from_the_records(tables: tuple[Table, Table]) -> None:
    records, players = tables
    row = next(r for r in shift_appetites(records, players, ("on-model", "noise")) if r.shift == 0)
    assert row.appetite == pytest.approx(players["appetite"].mean())
    swapped = shift_appetites(records, players, ("noise", "on-model"))[1]
    assert swapped.differences["on-model"].estimate == -row.differences["noise"].estimate
