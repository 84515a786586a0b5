"""Levels that a person made on the director's desk and kept: a corpus of their own.

The folder holds the levels as text, the tileset, and ``vectors.json`` with what was asked for and
what came of it; :func:`procgen_sim.levels.load_corpus` reads it like any other, and the proposal
``authored`` shows them (:mod:`procgen_sim.game.kept`). No pygame here.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from procgen_sim._checks import InputError
from procgen_sim.files import write_text, writing_beside
from procgen_sim.game.desk import Desk
from procgen_sim.game.folders import data_folder
from procgen_sim.levels import PARAMETERS, save_level, save_tileset
from procgen_sim.levels.tileset_file import TILESET_FILE

__all__ = ["VECTORS_FILE", "Kept", "authored_folder", "export_authored", "free_folder", "keep"]

VECTORS_FILE: Final = "vectors.json"
FORMAT: Final = "procgen-sim authored levels"
VERSION: Final = 1


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A level in the folder.

    Attributes
    ----------
    path
        Its file.
    new
        False when the very same level had been kept before.
    """

    path: Path
    new: bool


def authored_folder() -> Path:
    """Where levels are kept. It need not exist yet."""
    return data_folder() / "authored"


def keep(desk: Desk, folder: Path | None = None) -> Kept:
    """Keep the level on the desk.

    Parameters
    ----------
    desk
        With the level.
    folder
        Where to; None for the person's own.

    Raises
    ------
    InputError
        If the folder cannot be written, or its ``vectors.json`` is not ours.
    """
    folder = authored_folder() if folder is None else folder
    document = _document(folder)
    levels: dict[str, dict[str, Any]] = document["levels"]
    level, digest = desk.built.level, desk.built.level.digest()
    for name, entry in levels.items():
        if entry.get("digest") == digest and (folder / f"{name}.txt").is_file():
            return Kept(path=folder / f"{name}.txt", new=False)
    number = 1
    while f"authored-{number:04d}" in levels or (folder / f"authored-{number:04d}.txt").exists():
        number += 1
    name = f"authored-{number:04d}"
    names = desk.space.names
    levels[name] = {
        "digest": digest,
        "who": desk.choice.who,
        "proposal": desk.choice.proposal,
        "off_model": desk.shown.place.off_model,
        "density_quantile": desk.shown.place.quantile,
        "asked": dict(zip(names, map(float, desk.values), strict=True)),
        "measured": dict(zip(names, map(float, desk.built.measured), strict=True)),
    }
    # Tileset and level first: a list that names a level which is not there would be a lie.
    if not (folder / TILESET_FILE).exists():
        save_tileset(level.tileset, folder / TILESET_FILE)
    save_level(level, folder / f"{name}.txt")
    write_text(folder / VECTORS_FILE, json.dumps(document, indent=1) + "\n")
    return Kept(path=folder / f"{name}.txt", new=True)


def export_authored(target: Path, folder: Path | None = None) -> int:
    """Copy the levels that were kept into a folder that is new or empty; how many there are.

    Raises
    ------
    InputError
        If nothing was kept, or the target has something in it or cannot be written.
    """
    folder = authored_folder() if folder is None else folder
    names = list(_document(folder)["levels"])
    files = [f"{name}.txt" for name in names if (folder / f"{name}.txt").is_file()]
    if not files:
        raise InputError(
            str(folder), expected="levels that were kept", found="none", do="keep one first"
        )
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(str(target), expected="a new or an empty folder", found="something there")
    for name in (TILESET_FILE, *files, VECTORS_FILE):
        with writing_beside(target / name) as beside:
            shutil.copyfile(folder / name, beside)
    return len(files)


def free_folder(parent: Path, name: str = "authored") -> Path:
    """``parent/name``, or the first of ``name-2``, ``name-3``, … that is not there."""
    number, path = 1, parent / name
    while path.exists():
        number += 1
        path = parent / f"{name}-{number}"
    return path


def _document(folder: Path) -> dict[str, Any]:
    """What the folder's ``vectors.json`` says; an empty list if there is none."""
    path = folder / VECTORS_FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        parameters = {parameter.name: parameter.unit for parameter in PARAMETERS}
        return {"format": FORMAT, "version": VERSION, "parameters": parameters, "levels": {}}
    except OSError as error:
        found = (error.strerror or type(error).__name__).lower()
        raise InputError(str(path), expected="a file that can be read", found=found) from error
    except ValueError:
        document = None
    ours = (
        isinstance(document, dict)
        and (document.get("format"), document.get("version")) == (FORMAT, VERSION)
        and isinstance(document.get("levels"), dict)
    )
    if not ours:
        raise InputError(
            str(path),
            expected="the list of levels that were kept",
            found="something else",
            do="move it away",
        )
    return dict(document)
