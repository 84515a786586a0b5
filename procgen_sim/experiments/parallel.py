"""Blocks of work on one process or several, with the same results in the same order.

Processes are spawned, not forked: the same on every platform, and nothing of the parent's threads
comes along. A block is sent whole, what all blocks share with it: half a megabyte, for seconds of
work. Only a few blocks are on their way at a time, so memory does not grow with their number.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from procgen_sim._checks import InputError

__all__ = ["Workers", "usable_cores", "workers"]

R = TypeVar("R")
Workers = Callable[[Callable[..., R], Iterable[tuple[Any, ...]]], Iterator[R]]
"""``(function, argument tuples) → results in order``."""

_AHEAD: Final = 2
"""Blocks on their way for each process: one at work, one waiting, so that none ever idles."""

_MOST_ON_WINDOWS: Final = 61
"""Processes that Windows can wait for at once."""


def usable_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def workers(jobs: int) -> Iterator[Workers[Any]]:
    """Something that maps a function over blocks, in this process or in ``jobs`` others.

    Functions and arguments are sent pickled, so functions live at module level. Blocks are taken
    as they are needed. A process is started when a block finds none free: there are never more of
    them than blocks. They end with this process, however it ends.

    Raises
    ------
    InputError
        If a process died.
    """
    if sys.platform == "win32":
        jobs = min(jobs, _MOST_ON_WINDOWS)
    if jobs == 1:
        yield lambda function, blocks: (function(*block) for block in blocks)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_end_with_parent) as pool:

        def run(function: Callable[..., R], blocks: Iterable[tuple[Any, ...]]) -> Iterator[R]:
            pending: deque[Future[R]] = deque()
            try:
                for block in blocks:
                    if len(pending) >= _AHEAD * jobs:
                        yield pending.popleft().result()
                    pending.append(pool.submit(function, *block))
                while pending:
                    yield pending.popleft().result()
            except BrokenProcessPool as error:
                raise InputError(
                    "--jobs",
                    expected="processes that live as long as the run",
                    found="one that died (out of memory, or killed)",
                    do="finished parts are kept; try fewer",
                ) from error
            finally:
                for future in pending:
                    future.cancel()

        yield run


def _end_with_parent() -> None:
    """Watch the parent from a thread: killed, it could not tell its workers to stop."""
    # A terminal sends Ctrl-C to all; the parent has something to say about it, workers just go.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
