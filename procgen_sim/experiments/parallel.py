"""Blocks of work on one process or several, with the same results in the same order.

Processes are spawned, not forked: the same on every platform, and nothing of the parent's threads
comes along. What all blocks share is sent to each process once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

__all__ = ["Workers", "usable_cores", "workers"]

R = TypeVar("R")
Workers = Callable[[Callable[..., R], Sequence[tuple[Any, ...]]], Iterator[R]]
"""``(function, argument tuples) → results in order``."""


def usable_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def workers(jobs: int) -> Iterator[Workers[Any]]:
    """Something that maps a function over blocks, in this process or in ``jobs`` others.

    Functions and arguments are sent pickled, so functions live at module level.
    """
    if jobs == 1:
        yield lambda function, blocks: (function(*block) for block in blocks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:

        def run(function: Callable[..., R], blocks: Sequence[tuple[Any, ...]]) -> Iterator[R]:
            futures = [pool.submit(function, *block) for block in blocks]
            try:
                for future in futures:
                    yield future.result()
            except BrokenProcessPool as error:
                raise RuntimeError(
                    "a worker process died (out of memory, or killed); finished parts are kept"
                ) from error
            finally:
                for future in futures:
                    future.cancel()

        yield run
