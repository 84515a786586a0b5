"""The essay's trend line: the claim holds, a planted change breaks it, the words follow."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.bodies import hand_made
from procgen_sim.experiments.essay.dots import line_dots
from procgen_sim.experiments.essay.trend_line import run
from procgen_sim.rng import stream


@lru_cache
def found(seed: int) -> Finding:
    return run(Effort(seed=seed, quick=True))


def shuffled(n: int, *, rng: np.random.Generator) -> np.ndarray:
    dots = line_dots(n, rng=rng)
    return np.column_stack([dots[:, 0], rng.permutation(dots[:, 1])])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_claim_holds(seed: int) -> None:
    finding = found(seed)
    assert [check.sentence() for check in finding.checks if not check.holds] == []


def test_dots_without_a_trend_fail() -> None:
    finding = run(Effort(quick=True), dots=shuffled)
    slope, near, *_ = finding.checks
    assert not slope.holds
    assert near.holds  # new dots lie as near to a line that says nothing, too
    assert "is not x = y" in finding.conclusion


def test_levels_without_a_trend_fail() -> None:
    """Each parameter shuffled on its own: nothing goes with anything."""
    alone = stream(1, "test").permuted(hand_made()[0], axis=0)
    finding = run(Effort(quick=True), levels=alone)
    assert [check.holds for check in finding.checks] == [True, True, False, False, False]
    assert "no more than chance" in finding.conclusion
    assert "cannot be told that order was lost" in finding.conclusion


def test_new_work_that_ignores_the_fit_fails() -> None:
    def scattered(model, n, *, rng):  # type: ignore[no-untyped-def]
        return rng.permuted(model.sample(n, rng=rng), axis=0)

    finding = run(Effort(quick=True), draw=scattered)
    assert [check.holds for check in finding.checks[:2]] == [True, False]
    assert "not as near to it as" in finding.conclusion


def test_the_axis_is_steeper_than_the_line_by_what_theory_says() -> None:
    """Noise in y alone makes the principal axis sd(y) / sd(x) = sqrt(1 + 12 / 400)."""
    for seed in (1, 2, 3):
        mean, error = found(seed).data["axis_slope"]
        assert abs(mean - np.sqrt(1.03)) < 4 * error
        assert mean - 1.0 > 4 * error


def test_same_seed_same_finding(tmp_path: Path) -> None:
    finding = found(1)
    finding.write(tmp_path / "a.json")
    run(Effort(quick=True, jobs=2)).write(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.json").stat().st_size < 100_000
    again = Finding.read(tmp_path / "a.json")
    assert again.conclusion == finding.conclusion
    assert again.holds
    assert found(2).data["dots"]["slope"] != finding.data["dots"]["slope"]


def test_the_conclusion_tells_the_numbers() -> None:
    finding = found(1)
    for number in (
        f"slope {finding.checks[0].estimate:.3f}",
        f"{100 * finding.data['levels']['share']:.0f} %",
        f"{finding.checks[3].estimate:.1f} bits",
    ):
        assert number in finding.conclusion
