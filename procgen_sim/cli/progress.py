"""A progress bar on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Yield ``(done, total) -> None``."""
    from tqdm import tqdm

    bar = tqdm(
        desc=what,
        unit="part",
        disable=quiet or not sys.stderr.isatty(),
        leave=False,
        bar_format="{desc} {bar} {percentage:3.0f} % {elapsed} left {remaining}",
    )

    def tell(done: int, total: int) -> None:
        bar.total = total
        bar.n = done
        bar.refresh()

    try:
        yield tell
    finally:
        bar.close()
