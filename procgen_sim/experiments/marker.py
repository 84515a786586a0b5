"""``run.json``: whose folder this is, whether its run is finished, and which files are its own."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from procgen_sim._checks import InputError
from procgen_sim.files import write_text

__all__ = [
    "MARKER_FILE",
    "Marker",
    "config_digest",
    "list_files",
    "own_path",
    "read_marker",
    "write_marker",
]

MARKER_FILE: Final = "run.json"
PROGRAM: Final = "procgen-sim"
FORMAT: Final = 1


@dataclass(frozen=True, kw_only=True)
class Marker:
    """What ``run.json`` says.

    Attributes
    ----------
    version
        Of the program.
    command
        ``"compare"``, ``"simulate"`` or ``"generate"``.
    config_sha256
        Of ``config.toml`` as it was written; empty while an earlier run is being removed.
    finished
        Everything but the report is there.
    files
        Names of the run's files, relative to the folder, with slashes.
    """

    version: str
    command: str
    config_sha256: str
    finished: bool
    files: tuple[str, ...]


def read_marker(folder: Path) -> Marker | None:
    """What ``run.json`` in a folder says; None if there is none.

    Raises
    ------
    InputError
        If it is not ours, broken, or of a newer format.
    """
    path = folder / MARKER_FILE
    wrong = InputError(
        str(path), expected=f"the mark of a run of {PROGRAM}", found="something else"
    )
    if not os.path.lexists(path):
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(told, dict) or told.get("program") != PROGRAM:
        raise wrong
    if told.get("format") != FORMAT:
        raise InputError(
            str(path), expected=f"format {FORMAT}", found=repr(told.get("format"))[:80]
        )
    kinds = {"version": str, "command": str, "config_sha256": str, "finished": bool, "files": list}
    whole = all(type(told.get(key)) is kind for key, kind in kinds.items())
    if not whole or not all(isinstance(name, str) for name in told["files"]):
        raise wrong
    return Marker(**{**{key: told[key] for key in kinds}, "files": tuple(told["files"])})


def list_files(folder: Path, names: Iterable[str]) -> None:
    """Add files to a run's list, before they are written; nothing if the folder is no run's.

    A report's files may be listed again and again.
    """
    marker = read_marker(folder)
    if marker is None:
        return
    files = tuple(dict.fromkeys((*marker.files, *names)))
    for name in files[len(marker.files) :]:
        own_path(folder, name)
    if files != marker.files:
        write_marker(folder, replace(marker, files=files))


def config_digest(text: str) -> str:
    """SHA-256 of a stored configuration."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def write_marker(folder: Path, marker: Marker) -> None:
    """Write ``run.json``, whole or not at all."""
    told = {"program": PROGRAM, "format": FORMAT, **vars(marker)}
    write_text(folder / MARKER_FILE, json.dumps(told, indent=1))


def own_path(folder: Path, name: str) -> Path:
    """Where a listed file is: inside the folder, with no link on the way.

    Raises
    ------
    InputError
        If it would be outside, or a link is on the way.
    """
    pure = PurePosixPath(name)
    if pure.is_absolute() or not pure.parts or ".." in pure.parts or set(name) & set("\\:\0"):
        raise InputError(
            str(folder / MARKER_FILE), expected="names of files in the folder", found=repr(name)
        )
    place = folder
    for part in pure.parts:
        place /= part
        if place.is_symlink():
            raise InputError(str(place), expected="a file or folder of the run", found="a link")
    return place
