"""The main job: the same players meet the same generator staying on its model and leaving it.

A run is a folder. Everything in it follows from ``config.toml`` and the corpus, but for the folder
and the seconds that ``summary.json`` names:

``run.json``
    Whose folder this is, whether the run is finished, and its files.
``config.toml``
    The resolved configuration; ``procgen-sim compare --config`` makes the run again.
``model.json``, ``fit.json``
    The fitted model; the corpus's parameters, the region's threshold, the builder's fidelity.
``records/part-NNNNNN.parquet``, ``players.parquet``
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
import time
from pathlib import Path
from typing import Any

from procgen_sim import __version__
from procgen_sim.config import RunConfig
from procgen_sim.experiments.conclusions import verdict
from procgen_sim.experiments.marker import list_files
from procgen_sim.experiments.playing import Progress, play_run, settled
from procgen_sim.experiments.run_folder import RunFolder
from procgen_sim.experiments.showcase import choose_exhibits, exhibit_files, write_exhibits
from procgen_sim.experiments.stored import (
    FIT_FILE,
    LEVELS_FOLDER,
    SUMMARY_FILE,
    CompareRun,
    open_run,
    read_json,
)
from procgen_sim.experiments.summary import Summary, summarise
from procgen_sim.experiments.used_up import library_use
from procgen_sim.files import write_text
from procgen_sim.injection import AUTHORED, parse_arms

__all__ = ["answer", "note_seconds", "run_compare"]


def run_compare(
    config: RunConfig,
    folder: Path,
    *,
    jobs: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> CompareRun:
    """Run it, write the folder (all but figures and report), and read it back.

    An unfinished run of the same configuration in ``folder`` is gone on with.

    Parameters
    ----------
    config
        What to run.
    folder
        Where to; must be new, empty, or hold such an unfinished run, unless ``overwrite``.
    jobs
        Processes. The records are the same bytes for any number.
    overwrite
        Remove the files of an earlier run in ``folder`` and start anew.
    progress
        Told after each part.

    Raises
    ------
    InputError
        If something in the configuration or the corpus is wrong, or the folder is taken.
    """
    start = time.perf_counter()
    config = settled(config)
    arms = parse_arms(config.arms, rate=config.rate)
    run = RunFolder(folder, command="compare", config=config, overwrite=overwrite)
    with run.stoppable():
        played = play_run(run, arms, jobs=jobs, others=[SUMMARY_FILE], progress=progress)
        exhibits = choose_exhibits(played.setting, arms, played.records)
        list_files(folder, [f"{LEVELS_FOLDER}/{name}" for name in exhibit_files(exhibits)])
        write_exhibits(folder / LEVELS_FOLDER, exhibits)
        names = [arm.name for arm in arms]
        summary = summarise(played.records, played.people.threshold, names)
        told = answer(summary, config, folder, time.perf_counter() - start)
        showing = [arm.name for arm in arms if arm.proposal == AUTHORED]
        uses = library_use(played.records, showing, played.setting.outside.library.n)
        told["authored"] = [use.as_dict() for use in uses]
        told["caveats"] = read_json(folder / FIT_FILE)["caveats"]
        write_text(folder / SUMMARY_FILE, json.dumps(told, indent=2))
        run.finish()
        return open_run(folder)


def note_seconds(folder: Path, seconds: float) -> None:
    """Let ``summary.json`` say how long everything took, report included."""
    told = read_json(folder / SUMMARY_FILE) | {"seconds": round(seconds, 3)}
    write_text(folder / SUMMARY_FILE, json.dumps(told, indent=2))


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
                "verdict": verdict(arm, config.interest),
                "notions": {
                    name: {
                        "levels_until_bored": _interval(each.bored.median, "median"),
                        "interest_end": each.interest_end,
                        "difference": _interval(each.difference, "mean"),
                        "p_value": each.difference.p_value,
                        "verdict": verdict(arm, name),
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
