"""One arm, headless: records and what made them, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from procgen_sim.config import RunConfig, write_config
from procgen_sim.experiments.compare import Progress, check_folder, claim_folder, run_arms
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import prepare
from procgen_sim.files import write_text
from procgen_sim.injection import parse_arm
from procgen_sim.models import save_model
from procgen_sim.players import TRAITS, Population
from procgen_sim.results import PARTS_FOLDER, as_cube, read_parts, write_table

__all__ = ["run_simulate"]

_END = 10


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

    Returns
    -------
    ``run``, ``arm``, ``players``, ``levels``, ``seed`` and the mean foreseen share and
    predictability at the first level and over the last ten.

    Raises
    ------
    InputError
        If the arm, the configuration or the corpus is wrong, or the folder is taken.
    """
    arm = parse_arm(arm_text, rate=config.rate, where="arm")
    check_folder(folder, overwrite=overwrite)
    with workers(jobs) as crew:
        prepared = prepare(config, crew)
        setting = prepared.setting
        claim_folder(folder, overwrite=overwrite)
        write_text(folder / "config.toml", write_config(config))
        save_model(setting.generator.model, folder / "model.json")
        people = Population.sample(config.players, seed=config.seed, spreads=setting.spreads)
        write_table(folder / "players.parquet", {name: getattr(people, name) for name in TRAITS})
        run_arms(setting, [arm], config.players, folder / PARTS_FOLDER, crew, progress)
    records = read_parts(folder / PARTS_FOLDER)
    foreseen = as_cube(records, "foreseen", arm.name)
    predictability = as_cube(records, "predictability", arm.name)
    return {
        "run": folder.as_posix(),
        "arm": arm.name,
        "players": config.players,
        "levels": config.levels,
        "seed": config.seed,
        "foreseen_start": float(foreseen[:, 0].mean()),
        "foreseen_end": float(foreseen[:, -_END:].mean()),
        "predictability_start": float(predictability[:, 0].mean()),
        "predictability_end": float(predictability[:, -_END:].mean()),
    }
