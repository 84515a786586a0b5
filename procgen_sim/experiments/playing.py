"""Playing arms into a run's folder: what ``compare`` and ``simulate`` begin with.

Records are kept in parts of a few players. A part follows from the configuration and the corpus
alone, so a run that was stopped is gone on with by making those parts that are not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.people import spreads_from
from procgen_sim.experiments.preparation import Prepared, prepare
from procgen_sim.experiments.record_parts import player_blocks, read_part
from procgen_sim.experiments.run_folder import CONFIG_FILE, RunFolder
from procgen_sim.experiments.stored import FIT_FILE, MODEL_FILE, PLAYERS_FILE, read_json
from procgen_sim.files import write_text
from procgen_sim.injection import AUTHORED, Arm
from procgen_sim.models import load_model, save_model
from procgen_sim.players import TRAITS, Population
from procgen_sim.results import PARTS_FOLDER, Table, part_name, read_parts, write_table
from procgen_sim.session import Setting, play_arms

__all__ = ["Played", "Progress", "play_run", "settled"]

Progress = Callable[[int, int], None]
"""``(parts done, parts in all)``."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """Records, and who made them.

    Attributes
    ----------
    setting
        What all arms shared.
    people
        The players.
    records
        All parts as one table.
    """

    setting: Setting
    people: Population
    records: Table


def settled(config: RunConfig) -> RunConfig:
    """The configuration with every assumption about people written out, so that the run can be
    made again when what the program assumes has changed.

    Raises
    ------
    InputError
        If an assumption has a wrong name or value.
    """
    spreads = {**TRAITS, **spreads_from(config.assumptions)}
    numbers: dict[str, float] = {}
    for name, spread in spreads.items():
        numbers |= {name: float(spread.median), f"{name}_sd": float(spread.sd)}
    return replace(config, assumptions=numbers)


def play_run(
    folder: RunFolder[RunConfig],
    arms: Sequence[Arm],
    *,
    jobs: int,
    others: Sequence[str] = (),
    progress: Progress | None = None,
) -> Played:
    """Fit, and play all arms; or go on where an earlier run stopped.

    Parameters
    ----------
    folder
        The run's folder with its configuration.
    arms
        Arms to play.
    jobs
        Processes. The records are the same bytes for any number.
    others
        Further files that the command will write.
    progress
        Told after each part.

    Raises
    ------
    InputError
        If the corpus or the folder is wrong, or the corpus has changed since the run began; if
        an arm shows authored levels and there are none, or there are and no arm shows them.
    """
    config, path = folder.config, folder.path
    _check_authored(config, arms)
    blocks = player_blocks(config.players)
    names = [f"{PARTS_FOLDER}/{part_name(number)}" for number in range(len(blocks))]
    with workers(jobs) as crew:
        prepared = prepare(config, crew)
        setting, fit = prepared.setting, _fit(prepared)
        begun = folder.resumes and _began_alike(path, prepared, fit)
        folder.claim([CONFIG_FILE, MODEL_FILE, FIT_FILE, PLAYERS_FILE, *names, *others])
        missing = _missing_parts(path, arms, blocks, setting, begun=begun)
        save_model(setting.generator.model, path / MODEL_FILE)
        write_text(path / FIT_FILE, json.dumps(fit, indent=1))
        people = Population.sample(config.players, seed=config.seed, spreads=setting.spreads)
        write_table(path / PLAYERS_FILE, {name: getattr(people, name) for name in TRAITS})
        work = [(setting, tuple(arms), blocks[number]) for number in missing]
        done = len(blocks) - len(missing)
        for number, table in zip(missing, crew(play_arms, work), strict=True):
            write_table(path / names[number], table)
            done += 1
            if progress:
                progress(done, len(blocks))
    return Played(setting=setting, people=people, records=read_parts(path / PARTS_FOLDER))


def _check_authored(config: RunConfig, arms: Sequence[Arm]) -> None:
    """Raise :class:`InputError` if authored levels are missing, or nobody would see them."""
    showing = next((arm.name for arm in arms if arm.proposal == AUTHORED), None)
    if showing is not None and not config.authored:
        raise InputError(
            f"arm {showing!r}",
            expected="a folder of levels that people made",
            found="none",
            do="name one with --authored FOLDER",
        )
    if config.authored and showing is None:
        raise InputError(
            "authored",
            expected="an arm 'authored' that shows these levels",
            found=", ".join(arm.name for arm in arms),
            do="add it to the arms, or leave the folder out",
        )


def _missing_parts(
    path: Path, arms: Sequence[Arm], blocks: Sequence[range], setting: Setting, *, begun: bool
) -> list[int]:
    """Numbers of the parts to make; what is there and cannot be kept is removed."""
    missing = []
    for number, players in enumerate(blocks):
        part = path / PARTS_FOLDER / part_name(number)
        try:
            if begun and part.is_file():
                names = setting.outside.model.space.names
                arm_names = [arm.name for arm in arms]
                observer = setting.observer
                read_part(part, arm_names, players, setting.n_levels, names, observer)
                continue
        except InputError:
            pass  # cut off or damaged: made again
        part.unlink(missing_ok=True)
        missing.append(number)
    return missing


def _began_alike(path: Path, prepared: Prepared, fit: dict[str, Any]) -> bool:
    """Whether an unfinished run was fitted to the same levels; False if it did not get so far."""
    try:
        model, stored = load_model(path / MODEL_FILE), read_json(path / FIT_FILE)
    except InputError:
        return False
    if model == prepared.setting.generator.model and stored == fit:
        return True
    raise InputError(
        str(path),
        expected="an unfinished run of the same levels",
        found="one whose corpus was otherwise",
        do="choose another --out, or add --overwrite",
    )


def _fit(prepared: Prepared) -> dict[str, Any]:
    setting = prepared.setting
    return {
        "names": list(setting.outside.model.space.names),
        "levels": [level.name for level in prepared.corpus.levels],
        "bodies": list(prepared.bodies),
        "data": prepared.data.tolist(),
        "fidelity": [None if np.isnan(r) else float(r) for r in prepared.fidelity],
        "threshold_nats": setting.outside.region.threshold_nats,
        "n_columns": setting.generator.builder.n_columns,
        "authored": list(setting.outside.library.names),
        "authored_data": setting.outside.library.vectors.tolist(),
        "skipped": [*prepared.corpus.skipped, *setting.outside.library.skipped],
        "caveats": list(prepared.caveats),
    }
