"""Any source, from what people type to its levels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from procgen_sim._checks import InputError, check_int
from procgen_sim.generators.sources.archive import read_archive
from procgen_sim.generators.sources.command import Command
from procgen_sim.generators.sources.folder import read_folder
from procgen_sim.generators.sources.function import Function
from procgen_sim.generators.sources.limits import Limits
from procgen_sim.generators.sources.recognise import recognise
from procgen_sim.generators.sources.seeds import Asked, Made, ask
from procgen_sim.generators.sources.source import Kind, Source
from procgen_sim.generators.sources.text import NO_TILESET, untagged_tileset
from procgen_sim.levels.corpus import shipped_corpus
from procgen_sim.levels.level import Level
from procgen_sim.levels.store import as_tileset
from procgen_sim.levels.tileset import Tileset

__all__ = ["DEFAULT_LEVELS", "open_source"]

DEFAULT_LEVELS: Final = 100
"""How many levels a generator is asked for when nobody says."""


def open_source(
    text: str,
    *,
    n_levels: int | None = None,
    tileset: Tileset | Path | str | None = None,
    skip_bad: bool = False,
    seed: int = 0,
    jobs: int = 1,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Source:
    """Read or make the levels of a source.

    Parameters
    ----------
    text
        A shipped corpus, a folder, a ``.zip``, ``module:function``, or a command line with
        ``{seed}``.
    n_levels
        How many at most: of files the first in natural order. None for all files, and
        :data:`DEFAULT_LEVELS` of a generator.
    tileset
        The tileset or its file; what is not in it is an error. None for the source's own, and if
        it has none for every character that occurs, without tags. Shipped corpora have their own.
    skip_bad
        True to go on when a file or a seed is bad, and list it in :attr:`Source.skipped`.
    seed
        The first seed; the others follow by one.
    jobs
        How many processes of a generator run at once. The result is the same for any number, as
        long as the generator goes by its seed.
    limits
        What a generator may take for a level; None for the defaults of :class:`Limits`.
    progress
        Told while a generator runs how many levels are done, of how many.

    Raises
    ------
    InputError
        If the text is no source, or anything about it is bad: one sentence, with the file and
        line or the seed.

    Examples
    --------
    >>> source = open_source("samurai", n_levels=3)
    >>> source.kind, len(source.levels), source.seeds
    ('shipped', 3, None)
    """
    if n_levels is not None:
        check_int("number of levels", n_levels, low=1, high=10_000_000)
    check_int("seed", seed, low=0, high=2**53)
    check_int("jobs", jobs, low=1)
    kind = recognise(text)
    if kind == "shipped":
        return _shipped(text, n_levels)
    given = as_tileset(tileset)
    if kind == "folder" or kind == "zip":
        read = read_folder if kind == "folder" else read_archive
        return read(Path(text), tileset=given, n_levels=n_levels, skip_bad=skip_bad)
    limits = limits or Limits()
    seeds = range(seed, seed + (n_levels or DEFAULT_LEVELS))

    def start() -> Asked:
        return (Function if kind == "function" else Command)(text, given, limits)

    results = ask(start, seeds, jobs=jobs, skip_bad=skip_bad, progress=progress)
    return _generated(text, kind, seeds, results, start)


def _shipped(name: str, n_levels: int | None) -> Source:
    corpus = shipped_corpus(name)
    levels = corpus.levels[:n_levels]
    return Source(
        name=name,
        kind="shipped",
        levels=levels,
        origins=tuple(level.name for level in levels),
        seeds=None,
        detail=f"the corpus {name} that comes with the program",
    )


def _generated(
    text: str,
    kind: Kind,
    seeds: Sequence[int],
    results: dict[int, Made | InputError],
    start: Callable[[], Asked],
) -> Source:
    made = {seed: result for seed, result in results.items() if isinstance(result, Made)}
    skipped = [str(result) for result in results.values() if isinstance(result, InputError)]
    if not made:
        raise InputError(
            repr(text),
            expected="at least one level",
            found=f"{len(skipped)} seeds that gave none",
            do=f"the first says: {skipped[0].rstrip('.')}",
        )
    notes = []
    bare = [one.rows for one in made.values() if one.tileset is None]
    if bare:
        untagged = untagged_tileset(repr(text), bare)
        notes.append(NO_TILESET)
    levels = tuple(
        Level.from_rows(one.rows, one.tileset or untagged, f"seed {seed}")
        for seed, one in made.items()
    )
    notes += _asked_again(start, *list(made.items())[-1])
    what = "the Python function" if kind == "function" else "the command"
    return Source(
        name=text,
        kind=kind,
        levels=levels,
        origins=tuple(f"seed {seed}" for seed in made),
        seeds=tuple(made),
        detail=f"{what} {text!r} with the seeds {seeds[0]} to {seeds[-1]}",
        skipped=tuple(skipped),
        notes=tuple(notes),
    )


def _asked_again(start: Callable[[], Asked], seed: int, before: Made) -> list[str]:
    """What to say of a generator that does not go by its seed.

    A new process is asked for the last seed, so that a function whose levels depend on how often
    it has been called is found out, too.
    """
    again = ask(start, [seed], jobs=1, skip_bad=True)[seed]
    if isinstance(again, InputError):
        return [f"Asked once more, it failed: {again}"]
    if again.rows == before.rows:
        return []
    return [
        f"Asked for seed {seed} once more, it gave another level: these results cannot be repeated "
        "exactly; let the seed alone decide."
    ]
