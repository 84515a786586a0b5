"""Blocks on several processes: in order, few at a time, and nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from procgen_sim._checks import InputError
from procgen_sim.experiments import parallel
from procgen_sim.experiments.parallel import workers


def double(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return 2 * number


def who(_block: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def wait(folder: str) -> None:
    Path(folder, str(os.getpid())).touch()
    time.sleep(600)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_are_in_order_and_few_blocks_are_taken_ahead(jobs: int) -> None:
    taken = 0

    def blocks() -> Iterator[tuple[int]]:
        nonlocal taken
        for number in range(30):
            taken += 1
            yield (number,)

    with workers(jobs) as crew:
        for place, result in enumerate(crew(double, blocks())):
            assert result == 2 * place
            assert taken <= place + 1 + 2 * jobs
    assert taken == 30


def test_no_more_processes_than_blocks() -> None:
    with workers(8) as crew:
        found = set(crew(who, [(0,), (1,)]))
    assert os.getpid() not in found
    assert 1 <= len(found) <= 2


def test_windows_can_wait_for_61(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Pool(parallel.ProcessPoolExecutor):
        def __init__(self, jobs: int, **options: object) -> None:
            asked.append(jobs)
            super().__init__(1, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(parallel, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(parallel.sys, "platform", "win32")
    with workers(500):
        pass
    assert asked == [61]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM to die of")
def test_a_worker_that_dies_is_one_sentence() -> None:
    with workers(2) as crew, pytest.raises(InputError, match="found one that died"):
        list(crew(die, [()]))


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "from test_parallel import wait\n"
        "from procgen_sim.experiments.parallel import workers\n"
        "if __name__ == '__main__':\n"
        "    with workers(2) as crew:\n"
        f"        list(crew(wait, [({str(tmp_path)!r},)] * 2))\n"
    )
    tests = Path(__file__).parent
    script = tmp_path / "run" / "script.py"
    script.parent.mkdir()
    script.write_text(code)
    path = os.pathsep.join([str(tests), str(tests.parent)])
    parent = subprocess.Popen([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": path})
    try:
        waited_for(lambda: len(numbers(tmp_path)) == 2, 60)
    finally:
        parent.kill()
        parent.wait()
    started = numbers(tmp_path)
    try:
        waited_for(lambda: not any(alive(number) for number in started), 10)
    finally:
        for number in filter(alive, started):
            os.kill(number, signal.SIGKILL)


def numbers(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]


def alive(number: int) -> bool:
    """Whether a process runs; one that has ended may wait for somebody to ask how it went."""
    status = Path(f"/proc/{number}/stat")
    try:
        os.kill(number, 0)
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def waited_for(happened: object, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not happened():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)
