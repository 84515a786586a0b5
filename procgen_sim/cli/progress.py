"""A progress bar on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

__all__ = ["progress_bar", "stages_bar"]


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Yield ``(done, total) -> None``."""
    # Without a standard error there is no stream at all.
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return

    from tqdm import tqdm

    bar = tqdm(
        desc=what,
        unit="part",
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


@contextmanager
def stages_bar(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Yield ``(what, done, total) -> None``: one bar after the other as ``what`` changes."""
    with ExitStack() as stack:
        now: list[str] = []
        tell: list[Callable[[int, int], None]] = []

        def told(what: str, done: int, total: int) -> None:
            if now != [what]:
                stack.close()
                now[:], tell[:] = [what], [stack.enter_context(progress_bar(what, quiet=quiet))]
            tell[0](done, total)

        yield told
