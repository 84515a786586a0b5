"""What the tests of sources of levels share: scripts that are run, and looking after them."""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from procgen_sim.generators.sources import Limits, Source

posix = pytest.mark.skipif(sys.platform == "win32", reason="processes end otherwise there")
PYTHON = f"'{sys.executable}' -I -S" if sys.platform != "win32" else f'"{sys.executable}" -I -S'
SHORT = Limits(seconds=1.0)


def write(here: Path, code: str, name: str = "gen.py") -> str:
    """Write a script; return the command line that runs it."""
    (here / name).write_text(textwrap.dedent(code))
    return f"{PYTHON} {name} {{seed}}"


def rows(source: Source) -> list[list[str]]:
    return [level.rows() for level in source.levels]


def alive(number: int) -> bool:
    """Whether a process runs; one that has ended may wait for somebody to ask how it went."""
    status = Path(f"/proc/{number}/stat")
    try:
        os.kill(number, 0)
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def soon(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)
