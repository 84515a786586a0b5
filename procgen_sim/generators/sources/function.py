"""Python functions ``module:function(seed)`` as sources of levels.

Each runs in a process of its own, which imports the module once and is then asked for one seed
after the other: it can be stopped when it hangs, can take no more memory than it may, and whatever
it prints stays out of our output. The current folder is importable. What may be returned is in
:mod:`procgen_sim.generators.sources.returned`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import Any, Final

from procgen_sim._checks import InputError
from procgen_sim.generators.sources.ending import ended, late, wordy
from procgen_sim.generators.sources.limits import Limits
from procgen_sim.generators.sources.process import Process, TimeIsUpError, TooMuchError
from procgen_sim.generators.sources.returned import decoded
from procgen_sim.generators.sources.seeds import Made
from procgen_sim.levels.tileset import Tileset

__all__ = ["Function"]

_SERVE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from procgen_sim.generators.sources.serve import serve; serve(sys.argv[2])"
)


class Function:
    """A function in a process of its own.

    Parameters
    ----------
    name
        ``module:function``.
    tileset
        What its characters or codes are; None for what they are.
    limits
        What it may take for one level, and for loading.
    """

    def __init__(self, name: str, tileset: Tileset | None, limits: Limits) -> None:
        self._name, self._tileset, self._limits = name, tileset, limits
        self._lock = threading.Lock()
        self._stopped = False
        self._process: Process | None = None

    def prepare(self) -> None:
        """Import the module; an error if it cannot be, has no such function, or takes too long."""
        self._running()

    def __call__(self, seed: int) -> Made:
        where = f"{self._name}, seed {seed}"
        self._running().send(f"{seed}\n".encode("ascii"))
        answer = self._answer(where, "a level", self._limits.seconds)
        words = answer["tags"]
        own = None if words is None else Tileset({character: tags for character, *tags in words})
        made = Made(rows=tuple(answer["rows"]), coded=answer["coded"], tileset=own)
        return decoded(where, made, self._tileset)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None:
            process.stop()

    def _running(self) -> Process:
        """The process, started anew if the last one had to be killed."""
        with self._lock:
            if self._process is not None:
                return self._process
            if self._stopped:
                raise InputError(self._name, expected="a running process", found="none")
            start = [sys.executable, "-P", "-c", _SERVE, json.dumps(sys.path), self._name]
            self._process = process = Process(start, self._limits, talks=True)
        self._answer(self._name, "a module that is loaded", self._limits.loading_seconds)
        return process

    def _answer(self, where: str, what: str, seconds: float) -> dict[str, Any]:
        process = self._process
        assert process is not None
        deadline = time.monotonic() + seconds
        try:
            length = process.read(4, deadline)
            n_bytes = int.from_bytes(length, "big")
            data = process.read(n_bytes, deadline)
            if len(length) < 4 or len(data) < n_bytes:
                raise ended(where, process, process.status(deadline))
        except TimeIsUpError:
            self._drop(process)
            raise late(where, process, what, seconds) from None
        except TooMuchError:
            self._drop(process)
            raise wordy(where, process, self._limits) from None
        except InputError:
            self._drop(process)
            raise
        answer: dict[str, Any] = json.loads(data)
        if "bad" in answer:
            at, expected, found, do = answer["bad"]
            raise InputError(at, expected=expected, found=found, do=do)
        return answer

    def _drop(self, process: Process) -> None:
        process.stop()
        with self._lock:
            self._process = None
