"""What a finding is: checks in standard errors, a file that is read back, experiments by name."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from procgen_sim._checks import InputError
from procgen_sim.experiments.essay import EXPERIMENTS, Check, Effort, Finding, experiment
from procgen_sim.experiments.essay.finding import mean_and_error

REPOSITORY = Path(__file__).parents[1]


def check(estimate: float, error: float, relation: str, bound: float = 0.0) -> Check:
    return Check(
        what="x",
        estimate=estimate,
        standard_error=error,
        relation=relation,  # type: ignore[arg-type]
        bound=bound,
    )


@pytest.mark.parametrize(
    ("estimate", "error", "relation", "holds"),
    [
        (3.1, 1.0, "above", True),
        (2.9, 1.0, "above", False),
        (-3.1, 1.0, "above", False),
        (-3.1, 1.0, "below", True),
        (-2.9, 1.0, "below", False),
        (3.4, 1.0, "equal", True),
        (3.6, 1.0, "equal", False),
        (-3.6, 1.0, "equal", False),
        (1e-9, 0.0, "above", True),
        (0.0, 0.0, "above", False),
        (0.0, 0.0, "equal", True),
        (1e-9, 0.0, "equal", False),
        (math.nan, 1.0, "above", False),
        (1.0, math.nan, "above", False),
        (math.nan, math.nan, "equal", False),
    ],
)
def test_a_check_is_made_in_standard_errors(
    estimate: float, error: float, relation: str, holds: bool
) -> None:
    assert check(estimate, error, relation).holds is holds
    word = "holds" if holds else "does not hold"
    assert f" {word} (" in check(estimate, error, relation).sentence()


def finding(*checks: Check) -> Finding:
    return Finding(
        experiment="trend_line",
        claim="A claim – with a dash.",
        conclusion="A conclusion.",
        checks=checks,
        data={
            "curve": np.linspace(0, 1, 3),
            "none": math.nan,
            "n": np.int64(3),
            "deep": {"a": (1,)},
        },
        effort=Effort(seed=7, quick=True, jobs=2),
    )


def test_it_holds_if_every_check_does() -> None:
    good, bad = check(9.0, 1.0, "above"), check(0.0, 1.0, "above")
    assert finding(good, good).holds
    assert not finding(good, bad).holds


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.json"
    checks = (check(1.25, 0.5, "above"), check(math.nan, math.inf, "equal"))
    finding(*checks).write(path)
    again = Finding.read(path)
    assert again.checks[0] == checks[0]
    assert math.isnan(again.checks[1].estimate)
    assert again.data == {"curve": [0, 0.5, 1], "none": None, "n": 3, "deep": {"a": [1]}}
    # How many processes worked on it leaves no trace.
    assert again.effort == Effort(seed=7, quick=True)
    again.write(tmp_path / "again.json")
    assert Finding.read(tmp_path / "again.json").data == again.data


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"checks": 3}', '{"checks": [{}]}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="expected a stored finding, found another file"):
        Finding.read(path)


def test_nothing_stored(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="run the experiment first"):
        Finding.read(tmp_path / "x.json")


def test_mean_and_error_by_hand() -> None:
    mean, error = mean_and_error([1.0, 2.0, 3.0, 6.0])
    assert (mean, error) == (3.0, pytest.approx(math.sqrt(14 / 3 / 4)))
    assert math.isnan(mean_and_error([1.0])[1])


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_its_script_and_its_source(name: str) -> None:
    run = experiment(name)
    module = __import__(run.__module__, fromlist=["run"])
    assert module.__doc__
    assert run.__doc__
    script = REPOSITORY / "analysis" / f"{name}.py"
    assert f'script("{name}", draw, __doc__' in script.read_text(encoding="utf-8")


def test_no_such_experiment() -> None:
    with pytest.raises(InputError, match="did you mean 'overfit'"):
        experiment("overfitt")


@pytest.mark.parametrize(("key", "match"), [({"seed": -1}, "seed"), ({"jobs": 0}, "jobs")])
def test_impossible_efforts(key: dict[str, int], match: str) -> None:
    with pytest.raises(InputError, match=match):
        Effort(**key)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_stored_figures_are_of_findings_that_hold(name: str) -> None:
    """What the repository shows was found, and drawn from a file that is whole."""
    stored = REPOSITORY / "analysis" / "results" / f"{name}.json"
    told = json.loads(stored.read_text(encoding="utf-8"))
    assert told["experiment"] == name
    assert told["holds"]
    assert not told["quick"]
