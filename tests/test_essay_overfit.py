"""The essay's overfitting: the claim holds, planted changes break it, the words follow."""

from __future__ import annotations

import itertools
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from essay_flips_support import check_words_and_titles

from procgen_sim.experiments.essay import Effort, Finding
from procgen_sim.experiments.essay.deals import Pool, told_by
from procgen_sim.experiments.essay.overfit import conclude, run
from procgen_sim.rng import stream


@lru_cache
def found(seed: int) -> Finding:
    return run(Effort(seed=seed, quick=True))


def few_levels() -> np.ndarray:
    """Levels of three parameters, to spare time where the dots are asked."""
    return stream(1, "test").normal(size=(12, 3))


def test_the_claim_holds() -> None:
    assert [check.sentence() for check in found(1).checks if not check.holds] == []


def test_many_dots_tame_the_edge() -> None:
    """With 300 dots degree 6 explodes nowhere within them; beyond, no number of dots helps it."""
    finding = run(Effort(quick=True), n_fitted=100, highest=6, levels=few_levels())
    _, edge, beyond, _, line, *levels = finding.checks
    assert edge.opposite
    assert beyond.opposite
    assert line.estimate < 0.2
    assert not any(check.holds for check in levels[1:])
    assert "(less than 10) off as the line" in finding.conclusion


def test_the_line_alone_does_not_explode() -> None:
    finding = run(Effort(quick=True), highest=1, levels=few_levels())
    assert [c.holds for c in finding.checks] == [False] * 4 + [True] + [False] * 3
    assert "comes 1.0 times as near (not clearly more than 1) to its dots" in finding.conclusion


def test_the_line_beyond_is_read_beyond() -> None:
    """Dots on y = 1.1 x without noise: off by a tenth of x from 20 to 24, in 17 places."""

    def steep(n: int, *, rng: np.random.Generator) -> np.ndarray:
        x = rng.uniform(0.0, 20.0, n)
        return np.column_stack([x, 1.1 * x])

    line = run(Effort(quick=True), dots=steep, highest=1, levels=few_levels()).checks[4]
    assert line.estimate == pytest.approx(0.1 * np.sqrt((np.linspace(20, 24, 17) ** 2).mean()))
    assert line.opposite


def test_the_edge_is_compared_with_the_middle() -> None:
    _, edge, _, further, *_ = found(1).checks
    middle = np.array(found(1).data["dots"]["middle"])[:, 0]
    assert further.estimate == pytest.approx(edge.estimate - (middle[-1] - middle[0]))


def test_the_jackknife_by_hand() -> None:
    """Every pair of five levels left out once, all beyond: the error is that of their mean."""
    rise = np.array([0.0, 1.0, 1.5, 3.0, 7.0])
    pairs = list(itertools.combinations(range(5), 3))
    pool = Pool(
        fitted=np.array(pairs),
        training=np.zeros((len(pairs), 2)),
        off=np.tile(np.stack([np.zeros(5), rise]), (len(pairs), 1, 1)),
        reach=np.full((len(pairs), 5), 2.0),
    )
    told = told_by(pool)
    mean, error = told["beyond_rise"]
    assert mean == pytest.approx(rise.mean())
    assert error == pytest.approx(rise.std(ddof=1) / np.sqrt(5))
    assert told["more_rise"] == told["beyond_rise"]
    assert told["n"] == {"middle": 0, "edge": 0, "beyond": 20}


def test_training_error_never_rises_with_the_degree() -> None:
    training = np.array(found(1).data["dots"]["training"])[:, 0]
    assert (np.diff(training) <= 1e-9).all()


def test_levels_are_dealt_apart() -> None:
    levels = found(1).data["levels"]
    assert levels["n_levels"] == 43
    assert sum(levels["n"].values()) == 600 * (43 - 18)


@pytest.mark.slow
def test_same_seed_same_finding(tmp_path: Path) -> None:
    def small(seed: int, name: str) -> bytes:
        effort = Effort(seed=seed, quick=True)
        run(effort, highest=2, levels=few_levels()).write(tmp_path / name)
        return (tmp_path / name).read_bytes()

    assert small(1, "a") == small(1, "b")
    assert small(1, "a") != small(2, "c")


def test_words_and_titles_follow_the_checks(tmp_path: Path) -> None:
    finding = found(1)
    check_words_and_titles(finding, conclude, tmp_path / "a.json", "overfit")
    assert Finding.read(tmp_path / "a.json").holds
    assert (tmp_path / "a.json").stat().st_size < 100_000
    assert f"({finding.data['miss_19'][-1]:.0f} and" in finding.conclusion
    assert f"{10 ** finding.checks[6].estimate:.0f} times as far" in finding.conclusion
