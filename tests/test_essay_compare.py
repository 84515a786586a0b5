"""The essay's ``compare``: the claim over several seeds, and changes that make its checks fail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding, experiment
from procgen_sim.experiments.essay.compare import run, ways_of_leaving
from procgen_sim.injection import ON_MODEL, PROPOSALS, Arm, parse_arm, parse_arms

QUICK = Effort(seed=1, quick=True)


def _ways(rate: float) -> tuple[Arm, ...]:
    return parse_arms("outlier,between", rate=rate)[1:]


@pytest.fixture(scope="module")
def found() -> Finding:
    return run(QUICK)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_generators_go_stale_and_leaving_helps(seed: int, found: Finding) -> None:
    finding = found if seed == 1 else run(Effort(seed=seed, quick=True))
    assert len(finding.checks) == 8
    assert finding.holds, [check.sentence() for check in finding.checks if not check.holds]
    assert "went stale" in finding.conclusion
    assert "were learned, too" in finding.conclusion


def test_every_proposal_that_needs_nothing_more_is_tried(found: Finding) -> None:
    names = {arm.name for arm in ways_of_leaving()}
    for told in found.data["worlds"].values():
        assert [told["arms"][0]["name"], *names] == [
            ON_MODEL.name,
            *(name for name in names if name in {arm["name"] for arm in told["arms"]}),
        ]
        assert len(told["arms"]) == 1 + len(names)
    assert {"noise", "outlier", "between", "extrapolate"} <= names
    assert set(PROPOSALS) - names == {"authored", "quality_diversity"} & set(PROPOSALS)


def test_who_never_leaves_gains_nothing_and_learns_nothing() -> None:
    finding = run(QUICK, ways=_ways(0.0), worlds=["dots"])
    stale, helps, learned = finding.checks[:2], finding.checks[2:3], finding.checks[3:]
    assert all(check.holds for check in stale)
    assert not any(check.holds for check in (*helps, *learned))
    assert "did not show clearly" in finding.conclusion


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
    finding = run(QUICK, staying=restless, ways=_ways(0.15), worlds=["dots"])
    assert not finding.checks[0].holds
    assert "did not clearly go stale" in finding.conclusion


def test_the_same_seed_gives_the_same_data() -> None:
    one, two = (run(QUICK, ways=_ways(0.15), worlds=["dots"]) for _ in range(2))
    assert one.checks == two.checks
    assert one.conclusion == two.conclusion


def test_a_file_is_read_back_as_it_was_written(found: Finding, tmp_path: Path) -> None:
    found.write(tmp_path / "one.json")
    assert (tmp_path / "one.json").stat().st_size < 120_000
    again = Finding.read(tmp_path / "one.json")
    again.write(tmp_path / "three.json")
    assert (tmp_path / "three.json").read_bytes() == (tmp_path / "one.json").read_bytes()
    assert again.holds == found.holds


def test_verdicts_allow_for_all_comparisons(found: Finding) -> None:
    """Holm's method never claims more than plain intervals; the sentence names what it claims."""
    claimed = 0
    for told in found.data["worlds"].values():
        for arm in told["arms"][1:]:
            for notion in arm["notions"].values():
                if notion["verdict"] in ("longer", "sooner"):
                    claimed += 1
                    assert notion["low"] > 0 or notion["high"] < 0
                    assert (notion["levels_more"] > 0) == (notion["verdict"] == "longer")
    assert claimed
    assert ("none helped under all notions" in found.conclusion) != (
        "longer under all notions" in found.conclusion
    ) or "on dots" in found.conclusion


def test_curves_are_thinned_and_begin_at_the_first_level(found: Finding) -> None:
    for told in found.data["worlds"].values():
        assert told["levels"][0] == 1
        assert told["levels"][-1] == found.data["n_levels"]
        for arm in told["arms"]:
            for notion in arm["notions"].values():
                assert len(notion["boredom"]) == len(notion["error"]) == len(told["levels"])
                assert np.all((notion["boredom"] >= 0) & (notion["boredom"] <= 1))


def test_it_is_registered() -> None:
    assert experiment("compare") is run
    assert isinstance(ways_of_leaving(0.3)[0], Arm)
