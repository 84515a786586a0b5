"""The essay's overfitting: the claim holds, planted changes break it, the words follow."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.overfit import run
from procgen_sim.rng import stream


@lru_cache
def found(seed: int) -> Finding:
    return run(Effort(seed=seed, quick=True))


@lru_cache
def many_dots() -> Finding:
    return run(Effort(quick=True), n_fitted=1000, levels=few_levels())


def few_levels() -> np.ndarray:
    """Levels of three parameters, to spare time where the dots are asked."""
    return stream(1, "test").normal(size=(12, 3))


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_claim_holds(seed: int) -> None:
    assert [check.sentence() for check in found(seed).checks if not check.holds] == []


@pytest.mark.slow
def test_many_dots_tame_the_edge() -> None:
    """With 1,000 dots nothing explodes within them; beyond, no number of dots helps a curve."""
    _, edge, beyond, _, line, *_ = many_dots().checks
    assert not edge.holds
    assert edge.estimate < found(1).checks[1].estimate - 1.0
    assert beyond.estimate < found(1).checks[2].estimate - 1.0
    assert line.estimate < 0.15
    assert "at the edge nothing explodes" in many_dots().conclusion


def test_the_line_alone_does_not_explode() -> None:
    finding = run(Effort(quick=True), highest=1, levels=few_levels())
    assert [c.holds for c in finding.checks] == [False] * 4 + [True] + [False] * 3
    assert "comes no nearer" in finding.conclusion
    assert "cannot be told from chance" in finding.conclusion


def test_training_error_never_rises_with_the_degree() -> None:
    training = np.array(found(1).data["dots"]["training"])[:, 0]
    assert (np.diff(training) <= 1e-9).all()


def test_levels_are_dealt_apart() -> None:
    levels = found(1).data["levels"]
    assert levels["n_levels"] == 43
    assert sum(levels["n"].values()) == 700 * (43 - 18)


@pytest.mark.slow
def test_same_seed_same_finding(tmp_path: Path) -> None:
    def small(seed: int, name: str) -> bytes:
        effort = Effort(seed=seed, quick=True)
        run(effort, highest=3, levels=few_levels()).write(tmp_path / name)
        return (tmp_path / name).read_bytes()

    assert small(1, "a") == small(1, "b")
    assert small(1, "a") != small(2, "c")


def test_round_trip(tmp_path: Path) -> None:
    found(1).write(tmp_path / "overfit.json")
    again = Finding.read(tmp_path / "overfit.json")
    assert again.holds
    assert again.conclusion == found(1).conclusion
    assert (tmp_path / "overfit.json").stat().st_size < 100_000


def test_the_conclusion_tells_the_numbers() -> None:
    finding = found(1)
    assert f"off by {finding.data['miss_19'][-1]:.0f} in the median" in finding.conclusion
    assert f"{10 ** finding.checks[6].estimate:.0f} times as much beyond" in finding.conclusion
