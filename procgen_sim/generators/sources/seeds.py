"""Asking a generator for many levels: several at once, the same answer for any number."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from procgen_sim._checks import InputError
from procgen_sim.levels.tileset import Tileset

__all__ = ["Asked", "Made", "ask"]

_LOOK_S: Final = 0.1
"""How often to report progress, and to notice Ctrl-C."""


@dataclass(frozen=True, kw_only=True)
class Made:
    """A level as a generator gave it.

    Attributes
    ----------
    rows
        Equally long rows of characters, top row first.
    coded
        True if these stand for tile codes; see
        :data:`~procgen_sim.generators.sources.returned.CODE_CHARACTERS`.
    tileset
        What the generator itself said the characters mean; None for nothing.
    """

    rows: tuple[str, ...]
    coded: bool = False
    tileset: Tileset | None = None


class Asked(Protocol):
    """Something that makes one level after the other; used by one thread at a time."""

    def prepare(self) -> None:
        """Get ready; an :class:`InputError` here is the fault of no seed."""

    def __call__(self, seed: int) -> Made:
        """The level of a seed; an :class:`InputError` that names the seed if there is none."""

    def stop(self) -> None:
        """End at once whatever runs. May be called by another thread, and twice."""


def ask(
    start: Callable[[], Asked],
    seeds: Sequence[int],
    *,
    jobs: int,
    skip_bad: bool,
    progress: Callable[[int, int], None] | None = None,
) -> dict[int, Made | InputError]:
    """The level of each seed, or what was wrong with it.

    Seeds are handed out in order, so the first that fails is the same for any number of jobs.

    Parameters
    ----------
    start
        Makes one of the things that are asked; nothing runs yet.
    seeds
        All different.
    jobs
        How many to ask at once.
    skip_bad
        True to go on after a failure.
    progress
        Told how many are done, of how many.

    Returns
    -------
    Seed to result, in the order of the seeds.

    Raises
    ------
    InputError
        If it cannot be asked at all; the failure of the first seed that fails, unless
        ``skip_bad``.
    """
    crew = _Crew([start() for _ in range(min(jobs, len(seeds)))], seeds, skip_bad)
    threads = [
        threading.Thread(target=crew.work, args=(asked,), daemon=True) for asked in crew.asked
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_LOOK_S)
                if progress is not None:
                    progress(len(crew.results), len(seeds))
    finally:
        crew.stop()
        for thread in threads:
            if thread.ident is not None:
                thread.join()
    if crew.broken:
        raise crew.broken[0]
    results = {seed: crew.results[seed] for seed in seeds if seed in crew.results}
    for result in results.values():
        if isinstance(result, InputError) and not skip_bad:
            raise result
    return results


class _Crew:
    """Threads that share a list of seeds."""

    def __init__(self, asked: Sequence[Asked], seeds: Sequence[int], skip_bad: bool) -> None:
        self.asked = asked
        self.results: dict[int, Made | InputError] = {}
        self.broken: list[BaseException] = []
        self._left: Iterator[int] = iter(seeds)
        self._skip_bad = skip_bad
        self._stopped = False
        self._lock = threading.Lock()

    def work(self, asked: Asked) -> None:
        try:
            asked.prepare()
            while (seed := self._next()) is not None:
                self._ask(asked, seed)
        except BaseException as error:  # a thread's own end would go unheard
            with self._lock:
                self.broken.append(error)
                self._left = iter(())
        finally:
            asked.stop()

    def _next(self) -> int | None:
        with self._lock:
            return None if self._stopped else next(self._left, None)

    def _ask(self, asked: Asked, seed: int) -> None:
        result: Made | InputError
        try:
            result = asked(seed)
        except InputError as error:
            result = error
        with self._lock:
            if self._stopped:
                return
            self.results[seed] = result
            if isinstance(result, InputError) and not self._skip_bad:
                self._left = iter(())  # smaller seeds are under way and may yet fail, too

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        for asked in self.asked:
            asked.stop()
