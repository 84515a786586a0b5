"""Command lines with ``{seed}`` as sources of levels: standard output is the level.

``{seed}`` is replaced inside each argument after the line has been split, and no shell ever sees
it. Each level is a process of its own, with nothing to read, that is ended with all its
descendants when its time is up or when it has ended itself.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import threading
import time
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.generators.sources.ending import ended, late, wordy
from procgen_sim.generators.sources.limits import Limits
from procgen_sim.generators.sources.process import Process, TimeIsUpError, TooMuchError
from procgen_sim.generators.sources.returned import decoded
from procgen_sim.generators.sources.seeds import Made
from procgen_sim.generators.sources.text import rows_of
from procgen_sim.levels.reading import decode_text
from procgen_sim.levels.tileset import Tileset

__all__ = ["SEED", "Command", "split_command"]

SEED: Final = "{seed}"

_LENGTH: Final = 60
"""Characters of a command line that are repeated in messages."""


def split_command(line: str) -> list[str]:
    """The program and its arguments, by the rules of the system's own shell for quotes.

    Raises
    ------
    InputError
        If a quote is not closed, or there is no such program.
    """
    try:
        if sys.platform == "win32":
            words = [word.strip('"') for word in shlex.split(line, posix=False)]
        else:
            words = shlex.split(line)
    except ValueError:
        raise InputError(
            repr(line), expected="a command line", found="a quote that is not closed"
        ) from None
    if not words:
        raise InputError(repr(line), expected="a command line", found="nothing")
    program = words[0]
    if shutil.which(program) is None:
        raise InputError(
            repr(line),
            expected="a program that can be run",
            found=f"{program!r}, which {_why_not(program)}",
            do=_advice(program),
        )
    return words


def _why_not(program: str) -> str:
    if os.path.isdir(program):
        return "is a folder"
    if os.path.exists(program):
        return "may not be executed" if os.sep in program else "is a file in this folder"
    return "does not exist" if os.sep in program else "is not installed"


def _advice(program: str) -> str | None:
    if not os.path.isfile(program):
        return None
    if program.endswith(".py"):
        return f"write python {program} and its arguments"
    return f"write {os.path.join('.', program)}" if os.sep not in program else None


class Command:
    """A command line that is run once for each seed.

    Parameters
    ----------
    line
        The command line.
    tileset
        What its characters are; None for what they are.
    limits
        What it may take for one level.
    """

    def __init__(self, line: str, tileset: Tileset | None, limits: Limits) -> None:
        self._line = line
        self._shown = line if len(line) <= _LENGTH else f"{line[:_LENGTH]}..."
        self._tileset, self._limits = tileset, limits
        self._lock = threading.Lock()
        self._stopped = False
        self._process: Process | None = None
        self._words: list[str] = []

    def prepare(self) -> None:
        """Find the program; raises as :func:`split_command`."""
        self._words = split_command(self._line)

    def __call__(self, seed: int) -> Made:
        where = f"{self._shown!r}, seed {seed}"
        data = self._output(where, [word.replace(SEED, str(seed)) for word in self._words])
        if not data.strip():
            raise InputError(where, expected="a level on standard output", found="nothing")
        made = Made(rows=rows_of(where, decode_text(where, data)))
        return decoded(where, made, self._tileset)

    def _output(self, where: str, words: list[str]) -> bytes:
        deadline = time.monotonic() + self._limits.seconds
        with self._lock:
            if self._stopped:
                raise InputError(where, expected="a running process", found="none")
            try:
                self._process = process = Process(words, self._limits)
            except OSError as error:
                found = error.strerror.lower() if error.strerror else type(error).__name__
                raise InputError(where, expected="a program that runs", found=found) from None
        try:
            data = process.read_all(deadline)
            status = process.status(deadline)
            if status:
                raise ended(where, process, status)
            return data
        except TimeIsUpError:
            process.stop()
            raise late(where, process, "a level", self._limits.seconds) from None
        except TooMuchError:
            process.stop()
            raise wordy(where, process, self._limits) from None
        finally:
            process.stop()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None:
            process.stop()
