"""One arm, headless: records and what made them, nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from procgen_sim.config import RunConfig
from procgen_sim.experiments.playing import Progress, play_run, settled
from procgen_sim.experiments.run_folder import RunFolder
from procgen_sim.experiments.summary import END
from procgen_sim.experiments.used_up import library_use
from procgen_sim.injection import AUTHORED, parse_arm
from procgen_sim.results import as_cube

__all__ = ["run_simulate"]


def run_simulate(
    config: RunConfig,
    arm_text: str,
    folder: Path,
    *,
    jobs: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Play one arm to the configuration's players and write the records.

    An unfinished run of the same arm and configuration in ``folder`` is gone on with.

    Returns
    -------
    ``run``, ``arm``, ``players``, ``levels``, ``seed`` and the mean foreseen share and
    predictability at the first level and over the last ten; ``authored``, how much was met of the
    levels that people made, None unless the arm shows them.

    Raises
    ------
    InputError
        If the arm, the configuration or the corpus is wrong, or the folder is taken.
    """
    arm = parse_arm(arm_text, rate=config.rate, where="arm")
    config = settled(replace(config, arms=arm.name))
    run = RunFolder(folder, command="simulate", config=config, overwrite=overwrite)
    with run.stoppable():
        played = play_run(run, [arm], jobs=jobs, progress=progress)
        run.finish()
    records, n_authored = played.records, played.setting.outside.library.n
    uses = library_use(records, [arm.name], n_authored) if arm.proposal == AUTHORED else ()
    foreseen = as_cube(records, "foreseen", arm.name)
    predictability = as_cube(records, "predictability", arm.name)
    return {
        "run": folder.as_posix(),
        "arm": arm.name,
        "players": config.players,
        "levels": config.levels,
        "seed": config.seed,
        "authored": uses[0].as_dict() if uses else None,
        "foreseen_start": float(foreseen[:, 0].mean()),
        "foreseen_end": float(foreseen[:, -END:].mean()),
        "predictability_start": float(predictability[:, 0].mean()),
        "predictability_end": float(predictability[:, -END:].mean()),
    }
