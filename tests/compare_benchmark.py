"""Speed of the whole: ``python -m pytest tests/compare_benchmark.py``.

Reports seconds and peak memory of the default ``compare`` as a person runs it (start-up, fit,
records, figures, page), and of ``--help``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pytest_benchmark")

MEASURED = """
import resource, subprocess, sys
command = [sys.executable, "-m", "procgen_sim", *sys.argv[1:]]
subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def peak_mb(*words: str) -> float:
    """Run the command; peak memory of its largest process, in MB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *words], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_default_compare(benchmark, tmp_path: Path, jobs: str) -> None:  # type: ignore[no-untyped-def]
    peak_mb("compare", "--players", "2", "--levels", "2", "--out", str(tmp_path / "warm"))
    number = iter(range(100))

    def run() -> float:
        return peak_mb("compare", "--jobs", jobs, "--out", str(tmp_path / str(next(number))))

    peak = benchmark.pedantic(run, rounds=2)
    benchmark.extra_info["peak MB of the largest process"] = round(peak)


def test_help(benchmark) -> None:  # type: ignore[no-untyped-def]
    benchmark(lambda: peak_mb("--help"))
