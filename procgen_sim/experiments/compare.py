"""The main job: the same players meet the same generator staying on its model and leaving it.

A run is a folder. Everything in it but ``summary.json``'s seconds follows from ``config.toml``:

``config.toml``
    The resolved configuration; ``procgen-sim compare --config`` makes the run again.
``model.json``, ``fit.json``
    The fitted model; the corpus's parameters, the region's threshold, the builder's fidelity.
``records/part-NNNN.parquet``, ``players.parquet``
    One row per arm, player and level; one per player.
``levels/``
    The levels shown in the report, as text with their tileset, and ``levels/index.json``.
``summary.json``
    The table.
``figures/``, ``report.html``
    Made by :mod:`procgen_sim.report` from the above.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from procgen_sim import __version__
from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig, resolve, write_config
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import Prepared, prepare
from procgen_sim.experiments.showcase import Exhibit, choose_exhibits, read_exhibits, write_exhibits
from procgen_sim.experiments.summary import Summary, summarise
from procgen_sim.files import write_text
from procgen_sim.injection import Arm, parse_arms
from procgen_sim.models import DesignModel, load_model, save_model
from procgen_sim.players import TRAITS, Population
from procgen_sim.results import PARTS_FOLDER, Table, read_parts, read_table, write_table
from procgen_sim.session import Setting, play_arms

__all__ = ["CompareRun", "check_folder", "claim_folder", "open_run", "run_arms", "run_compare"]

PLAYERS_PER_PART: Final = 10
"""Players a part holds; never depends on the number of processes."""

OWN_FOLDERS: Final = ("records", "levels", "figures")
OWN_FILES: Final = (
    "config.toml",
    "model.json",
    "fit.json",
    "players.parquet",
    "summary.json",
    "report.html",
)
"""What a run writes, and so what ``overwrite`` may remove."""

Progress = Callable[[int, int], None]
"""``(parts done, parts in all)``."""


@dataclass(frozen=True, kw_only=True)
class CompareRun:
    """A finished run, as it stands in its folder.

    Attributes
    ----------
    folder
        Where.
    config
        What it was told.
    model
        The fitted design model.
    fit
        ``fit.json``: ``names``, ``levels``, ``data``, ``fidelity``, ``threshold_nats``,
        ``n_columns``, ``skipped``.
    records, players
        The tables.
    exhibits
        Levels chosen for the report.
    summary
        The numbers of the table.
    seconds
        How long the run took; 0 when unknown.
    """

    folder: Path
    config: RunConfig
    model: DesignModel
    fit: dict[str, Any]
    records: Table
    players: Table
    exhibits: tuple[Exhibit, ...]
    summary: Summary
    seconds: float


def run_compare(
    config: RunConfig,
    folder: Path,
    *,
    jobs: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> CompareRun:
    """Run it, write the folder (all but figures and report), and read it back.

    Parameters
    ----------
    config
        What to run.
    folder
        Where to; must be new or empty unless ``overwrite``.
    jobs
        Processes. The records are the same bytes for any number.
    progress
        Told after each part.

    Raises
    ------
    InputError
        If something in the configuration or the corpus is wrong, or the folder is taken.
    """
    start = time.perf_counter()
    arms = parse_arms(config.arms, rate=config.rate)
    check_folder(folder, overwrite=overwrite)
    with workers(jobs) as crew:
        prepared = prepare(config, crew)
        setting = prepared.setting
        claim_folder(folder, overwrite=overwrite)
        write_text(folder / "config.toml", write_config(config))
        save_model(setting.generator.model, folder / "model.json")
        _write_fit(folder / "fit.json", prepared)
        people = Population.sample(config.players, seed=config.seed, spreads=setting.spreads)
        write_table(folder / "players.parquet", {name: getattr(people, name) for name in TRAITS})
        run_arms(setting, arms, config.players, folder / PARTS_FOLDER, crew, progress)
    records = read_parts(folder / PARTS_FOLDER)
    write_exhibits(folder / "levels", choose_exhibits(setting, arms, records))
    summary = summarise(records, people.threshold, [arm.name for arm in arms], seed=config.seed)
    seconds = time.perf_counter() - start
    write_text(
        folder / "summary.json", json.dumps(answer(summary, config, folder, seconds), indent=2)
    )
    return open_run(folder)


def run_arms(
    setting: Setting,
    arms: Sequence[Arm],
    n_players: int,
    folder: Path,
    crew: Any,
    progress: Progress | None = None,
) -> None:
    """Play all arms and write one part for each block of players, in order."""
    starts = range(0, n_players, PLAYERS_PER_PART)
    blocks = [
        (setting, tuple(arms), range(first, min(first + PLAYERS_PER_PART, n_players)))
        for first in starts
    ]
    for number, table in enumerate(crew(play_arms, blocks)):
        write_table(folder / f"part-{number:04d}.parquet", table)
        if progress:
            progress(number + 1, len(blocks))


def check_folder(folder: Path, *, overwrite: bool) -> None:
    """Refuse a folder that a run must not write to, before any work is done.

    Raises
    ------
    InputError
        If there is something in it and ``overwrite`` is False, or what is there is no run of ours.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(str(folder), expected="a folder to write to", found="a file")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    if not overwrite:
        raise InputError(
            str(folder),
            expected="a new or empty folder",
            found="files in it",
            do="choose another --out, or add --overwrite",
        )
    if not (folder / "config.toml").is_file():
        raise InputError(str(folder), expected="an earlier run to overwrite", found="other files")


def claim_folder(folder: Path, *, overwrite: bool) -> None:
    """Make the folder, or empty it of the earlier run it holds.

    Raises
    ------
    InputError
        As :func:`check_folder`; also if it cannot be written.
    """
    check_folder(folder, overwrite=overwrite)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for item in list(folder.iterdir()):
            if item.is_dir() and item.name in OWN_FOLDERS:
                shutil.rmtree(item)
            elif item.is_file() and item.name in OWN_FILES:
                item.unlink()
    except OSError as error:
        raise InputError(
            str(folder),
            expected="a folder to write to",
            found=(error.strerror or type(error).__name__).lower(),
        ) from error


def open_run(folder: Path) -> CompareRun:
    """Read a run back from its folder.

    Raises
    ------
    InputError
        If the folder is not a finished run.
    """
    if not (folder / "config.toml").is_file():
        raise InputError(
            str(folder), expected="the folder of a run (with config.toml)", found="none there"
        )
    config = resolve(folder / "config.toml", {})
    if not (folder / "summary.json").is_file():
        raise InputError(
            str(folder),
            expected="a finished run (with summary.json)",
            found="one that was interrupted",
            do="run it again with --config on its config.toml",
        )
    records = read_parts(folder / PARTS_FOLDER)
    players = read_table(folder / "players.parquet")
    arms = [arm.name for arm in parse_arms(config.arms, rate=config.rate)]
    return CompareRun(
        folder=folder,
        config=config,
        model=load_model(folder / "model.json"),
        fit=_read_json(folder / "fit.json"),
        records=records,
        players=players,
        exhibits=read_exhibits(folder / "levels"),
        summary=summarise(records, players["threshold"], arms, seed=config.seed),
        seconds=float(_read_json(folder / "summary.json").get("seconds", 0.0)),
    )


def answer(summary: Summary, config: RunConfig, folder: Path, seconds: float) -> dict[str, Any]:
    """What ``--json`` prints and ``summary.json`` keeps."""
    arms = []
    for arm in summary.arms:
        notion = arm.notions[config.interest]
        arms.append(
            {
                "name": arm.name,
                "levels_until_bored": _interval(notion.bored.median, "median"),
                "predictability_end": arm.predictability_end,
                "interest_end": notion.interest_end,
                "playable_share": arm.playable_share,
                "off_model_share": arm.off_model_share,
                "difference": _interval(notion.difference, "mean"),
                "notions": {
                    name: {
                        "levels_until_bored": _interval(each.bored.median, "median"),
                        "interest_end": each.interest_end,
                        "difference": _interval(each.difference, "mean"),
                        "share_stayed": each.share_stayed,
                    }
                    for name, each in arm.notions.items()
                },
            }
        )
    return {
        "run": folder.as_posix(),
        "seed": config.seed,
        "version": __version__,
        "interest": config.interest,
        "players": summary.n_players,
        "levels": summary.n_levels,
        "naive_bits": summary.naive_bits,
        "veteran_bits": summary.veteran_bits,
        "arms": arms,
        "seconds": round(seconds, 3),
    }


def _interval(interval: Any, name: str) -> dict[str, float | None]:
    return {name: interval.estimate, "low": interval.low, "high": interval.high}


def _write_fit(path: Path, prepared: Prepared) -> None:
    setting = prepared.setting
    fit = {
        "names": list(setting.outside.model.space.names),
        "levels": [level.name for level in prepared.corpus.levels],
        "bodies": list(prepared.bodies),
        "data": prepared.data.tolist(),
        "fidelity": [None if np.isnan(r) else float(r) for r in prepared.fidelity],
        "threshold_nats": setting.outside.region.threshold_nats,
        "n_columns": setting.generator.builder.n_columns,
        "skipped": list(prepared.corpus.skipped),
    }
    write_text(path, json.dumps(fit, indent=1))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(str(path), expected="a JSON file of a run", found=str(error)) from error
    if not isinstance(value, dict):
        raise InputError(str(path), expected="a JSON object", found=type(value).__name__)
    return value
