"""Options that several commands share, made from the configuration's own documentation."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from procgen_sim._checks import InputError
from procgen_sim.config import CONFIG_KEYS, RunConfig, resolve

__all__ = [
    "add_config_file",
    "add_config_options",
    "add_jobs",
    "add_run_folder",
    "config_from",
    "folder_for",
    "jobs_from",
]

_METAVARS = {
    "corpus": "FOLDER",
    "tileset": "FILE",
    "model": "NAME",
    "degree": "N",
    "temperature": "T",
    "arms": "LIST",
    "rate": "SHARE",
    "authored": "FOLDER",
    "budget": "SHARE",
    "keep": "SHARE",
    "players": "N",
    "levels": "N",
    "columns": "N",
    "check": "HOW",
    "seed": "N",
    "observer": "NAME",
    "interest": "NOTION",
}


def add_config_options(parser: argparse._ActionsContainer, keys: Iterable[str]) -> None:
    """Add ``--key`` for configuration keys; left out, the file's or the default's value holds."""
    defaults = RunConfig()
    kinds = {field.name: type(getattr(defaults, field.name)) for field in fields(RunConfig)}
    for key in keys:
        flag, doc = f"--{key.replace('_', '-')}", CONFIG_KEYS[key]
        default = getattr(defaults, key)
        if key == "corpus":
            shown = " ".join(default)
            parser.add_argument(flag, nargs="+", metavar="FOLDER", help=f"{doc} (default: {shown})")
        elif kinds[key] is bool:
            parser.add_argument(flag, action="store_true", default=None, help=doc)
        else:
            shown = f" (default: {default})" if default != "" else ""
            parser.add_argument(flag, type=kinds[key], metavar=_METAVARS[key], help=f"{doc}{shown}")


def config_from(options: argparse.Namespace) -> RunConfig:
    """Defaults, the ``--config`` file, then options; checked."""
    given: dict[str, Any] = {key: getattr(options, key, None) for key in CONFIG_KEYS}
    if given["corpus"] is not None:
        given["corpus"] = tuple(given["corpus"])
    path = getattr(options, "config", None)
    return resolve(Path(path) if path else None, given)


def add_config_file(parser: argparse.ArgumentParser) -> None:
    """Add ``--config``."""
    keys = ", ".join(CONFIG_KEYS)
    parser.add_argument("--config", metavar="FILE", help=f"TOML file with any of the keys {keys}")


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add ``--jobs``."""
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="processes to work with; the results are the same (default: all cores)",
    )


def add_run_folder(parser: argparse.ArgumentParser, command: str) -> None:
    """Add ``--out`` and ``--overwrite`` of a command whose runs can be gone on with."""
    parser.add_argument("--out", metavar="FOLDER", help=f"where to (default: runs/{command}-NNNN)")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="replace the run in --out (left out, an unfinished one is gone on with)",
    )


def jobs_from(options: argparse.Namespace) -> int:
    """How many processes: what was asked for, else the cores there are."""
    from procgen_sim.experiments.parallel import usable_cores

    if options.jobs is None:
        return usable_cores()
    if options.jobs < 1:
        raise InputError("--jobs", expected="a whole number of at least 1", found=str(options.jobs))
    return int(options.jobs)


def folder_for(command: str, out: str | None) -> Path:
    """``--out``, or the next free ``runs/COMMAND-NNNN`` here."""
    if out == "":
        raise InputError("--out", expected="the name of a folder", found="''")
    if out is not None:
        return Path(out)
    number = 1
    while (folder := Path("runs") / f"{command}-{number:04d}").exists():
        number += 1
    return folder
