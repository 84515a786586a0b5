"""The folder of a run, and ``run.json`` in it, which says whose it is and what may be removed.

``run.json`` is written first and lists every file of the run before that file is written, so it
is true whenever the run is killed. Only files on the list are ever removed, and never through a
link; a folder that holds anything and no ``run.json`` of ours is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final, Generic, Protocol, TypeVar

from procgen_sim import __version__
from procgen_sim._checks import InputError
from procgen_sim.config import CONFIG_KEYS, resolve
from procgen_sim.experiments.marker import (
    MARKER_FILE,
    Marker,
    config_digest,
    own_path,
    read_marker,
    write_marker,
)
from procgen_sim.files import write_text
from procgen_sim.levels.corpus import SHIPPED
from procgen_sim.results import PARTS_FOLDER

__all__ = ["CONFIG_FILE", "RunFolder"]

CONFIG_FILE: Final = "config.toml"

_LEFTOVER: Final = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}")
"""What :func:`procgen_sim.files.writing_beside` calls a file that it has not finished."""


class Settings(Protocol):
    """What a command is told."""

    @property
    def corpus(self) -> tuple[str, ...]:
        """Where levels are read; a name that no folder has is none."""

    def as_toml(self) -> str:
        """Everything that decides the numbers, as ``config.toml`` keeps it."""


S = TypeVar("S", bound=Settings)


class RunFolder(Generic[S]):
    """A folder that a command is going to write to.

    Parameters
    ----------
    path
        Where.
    command, config
        Which command, told what.
    overwrite
        True to remove an earlier run's files and start anew.
    resumable
        Whether an unfinished run of the same command and configuration is gone on with.

    Attributes
    ----------
    resumes
        True if there is an unfinished run to go on with.

    Raises
    ------
    InputError
        If the folder is taken, before any work is done and with nothing changed.
    """

    def __init__(
        self,
        path: Path,
        *,
        command: str,
        config: S,
        overwrite: bool = False,
        resumable: bool = True,
    ) -> None:
        self.path, self.command, self.config = path, command, config
        self.overwrite, self.resumable = overwrite, resumable
        _check_apart(path, config.corpus)
        with _said_plainly(path):
            if path.exists() and not path.is_dir():
                raise InputError(str(path), expected="a folder to write to", found="a file")
            self._before = read_marker(path)
            self.resumes = self._check()

    def claim(self, files: Iterable[str]) -> None:
        """Make the folder this run's: remove an earlier run's files, list those to be written.

        Raises
        ------
        InputError
            If one of them is there and is not a run's, or the folder cannot be written.
        """
        names = tuple(dict.fromkeys(files))
        before = self._before
        with _said_plainly(self.path):
            self._refuse_strangers(names, before.files if before else ())
            self.path.mkdir(parents=True, exist_ok=True)
            if before is not None and not self.resumes:
                # Killed in the middle of removing, what is left must not pass for the new run's.
                write_marker(self.path, replace(before, config_sha256="", finished=False))
                _remove(self.path, before.files)
            _remove_leftovers(self.path, (*names, *(before.files if before else ())))
        kept = before.files if before is not None and self.resumes else ()
        marker = Marker(
            version=__version__,
            command=self.command,
            config_sha256=config_digest(self.config.as_toml()),
            finished=False,
            files=tuple(dict.fromkeys((*kept, *names))),
        )
        write_marker(self.path, marker)
        write_text(self.path / CONFIG_FILE, self.config.as_toml())

    def finish(self) -> None:
        """Say that the run is complete."""
        marker = read_marker(self.path)
        assert marker is not None
        write_marker(self.path, replace(marker, finished=True))

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Make Ctrl-C say what there is and how to go on."""
        try:
            yield
        except KeyboardInterrupt as stop:
            raise KeyboardInterrupt(self._after_stop()) from stop

    def _check(self) -> bool:
        path, marker = self.path, self._before
        if marker is None:
            if any(not _is_leftover(entry.name, {MARKER_FILE}) for entry in _entries(path)):
                raise InputError(
                    str(path),
                    expected="a new or empty folder",
                    found="files that are no run of this program",
                    do="choose another --out",
                )
            return False
        if self.overwrite:
            for name in marker.files:
                own_path(path, name)
            return False
        unlike = _unlike(path, marker, self.command, self.config)
        if unlike is None and self.resumable:
            return True
        raise InputError(
            str(path),
            expected="a new or empty folder",
            found=unlike or f"an unfinished {marker.command} run",
            do="choose another --out, or add --overwrite",
        )

    def _refuse_strangers(self, names: Sequence[str], ours: Sequence[str]) -> None:
        known = set(ours)
        parts = (self.path / PARTS_FOLDER).glob("part-*.parquet")
        for name in (*names, *(f"{PARTS_FOLDER}/{part.name}" for part in parts)):
            place = own_path(self.path, name)
            if name not in known and os.path.lexists(place):
                raise InputError(
                    str(place),
                    expected="nothing of that name that is not the run's",
                    found="a file",
                    do="move it away, or choose another --out",
                )

    def _after_stop(self) -> str:
        marker = read_marker(self.path)
        if marker is None:
            return "stopped; nothing was written"
        if marker.finished:
            state = "as it was" if marker == self._before else "complete"
            return f"stopped; the run in {self.path} is {state}"
        again = f"the same command with --out {self.path}"
        if not self.resumable or (self.overwrite and marker == self._before):
            return f"stopped; {again} --overwrite starts anew"
        parts = [name for name in marker.files if name.startswith(f"{PARTS_FOLDER}/")]
        done = sum((self.path / name).is_file() for name in parts)
        without = " and without --overwrite" if self.overwrite else ""
        if not done:
            return f"stopped; {again}{without} starts again"
        return f"stopped; {done} of {len(parts)} parts are kept, and {again}{without} goes on"


def _unlike(folder: Path, marker: Marker, command: str, config: Settings) -> str | None:
    """Why the run in a folder is not the one to go on with; None if it is."""
    if marker.finished:
        return f"a finished {marker.command} run"
    unfinished = f"an unfinished {marker.command} run"
    if marker.command != command:
        return unfinished
    if marker.version != __version__:
        return f"{unfinished} of version {marker.version}"
    if marker.config_sha256 == config_digest(config.as_toml()):
        return None
    try:
        stored = resolve(folder / CONFIG_FILE, {})
    except InputError:
        return unfinished
    others = [key for key in CONFIG_KEYS if getattr(stored, key) != getattr(config, key, None)]
    return f"{unfinished} with other {', '.join(others) or 'settings'}"


def _check_apart(path: Path, corpus: Sequence[str]) -> None:
    """Refuse to write where the levels are read from: results would become levels."""
    with _said_plainly(path):
        out = path.resolve()
        for source in corpus:
            there = Path(source).resolve()
            if source not in SHIPPED and (
                out == there or out in there.parents or there in out.parents
            ):
                raise InputError(
                    "--out",
                    expected="a folder apart from the corpus",
                    found=f"{str(path)!r} with the corpus {source!r}",
                    do="choose another --out",
                )


def _remove(folder: Path, names: Sequence[str]) -> None:
    places = [own_path(folder, name) for name in names]
    for place in places:
        if place.is_file():
            place.unlink()
    _remove_leftovers(folder, names)
    for parent in sorted({p for place in places for p in place.parents}, reverse=True):
        if folder in parent.parents and parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


def _remove_leftovers(folder: Path, names: Sequence[str]) -> None:
    listed = {MARKER_FILE, *names}
    for parent in {PurePosixPath(name).parent for name in listed}:
        inside = {path.name for path in map(PurePosixPath, listed) if path.parent == parent}
        for entry in _entries(folder / parent):
            if _is_leftover(entry.name, inside) and entry.is_file() and not entry.is_symlink():
                entry.unlink()


def _is_leftover(name: str, of: set[str]) -> bool:
    match = _LEFTOVER.fullmatch(name)
    return match is not None and match["name"] in of


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(
            str(path), expected="a folder to write to", found=str(reason).lower()
        ) from error
