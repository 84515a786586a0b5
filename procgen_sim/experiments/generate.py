"""Levels as files: on the model, or each of them off it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from procgen_sim._checks import check_choice
from procgen_sim.company import seasoned
from procgen_sim.config import TILE_MODEL, RunConfig
from procgen_sim.experiments.generate_tiles import TileMaker
from procgen_sim.experiments.marker import list_files
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.playing import settled
from procgen_sim.experiments.preparation import prepare
from procgen_sim.experiments.run_folder import CONFIG_FILE, RunFolder
from procgen_sim.files import write_text
from procgen_sim.injection import AUTHORED, PROPOSALS, check_installed, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.injection.tiles import TILE_PROPOSALS
from procgen_sim.levels import Level, house_tileset, save_level, save_tileset
from procgen_sim.levels.png import save_tile_sheet
from procgen_sim.rng import stream

__all__ = ["run_generate"]

_N_KNOWN: Final = 60
"""On-model levels that those who are to be surprised have met before."""


def run_generate(
    config: RunConfig,
    folder: Path,
    *,
    count: int,
    off: str | None = None,
    formats: Sequence[str] = ("txt",),
    art: str | None = None,
    overwrite: bool = False,
) -> dict[str, Any]:
    """Generate levels and write them with their parameters.

    Parameters
    ----------
    count
        How many.
    off
        A proposal to leave the model by, on every level; None to stay on it.
    formats
        File suffixes: ``txt``, ``tmx``, ``tmj``, ``png``.
    art
        Genre of the pictures.

    Returns
    -------
    What ``levels.json`` keeps: ``folder``, ``model``, ``seed``, ``remarks`` on all of them, and
    ``levels`` with each one's files, playability, off-modelness and measured parameters, and what
    only one kind of model knows (asked parameters; bits a column).

    Raises
    ------
    InputError
        If a name or the corpus is wrong, or the folder is taken.
    """
    if off is not None:
        ways = [name for name in PROPOSALS if name != AUTHORED]
        check_choice("--off", off, TILE_PROPOSALS if config.model == TILE_MODEL else ways)
        check_installed(off, where="--off")
    names = [f"level-{index + 1:0{len(str(count))}d}" for index in range(count)]
    files = [f"{name}.{suffix}" for name in names for suffix in formats]
    extra = ["tileset.json"] if "txt" in formats else []
    run = RunFolder(
        folder, command="generate", config=settled(config), overwrite=overwrite, resumable=False
    )
    with run.stoppable():
        maker = (TileMaker if config.model == TILE_MODEL else _DesignMaker)(run.config, off)
        run.claim([CONFIG_FILE, *files, *extra, "levels.json"])
        if {"tmx", "tmj"} & set(formats):
            # Its name, which follows from its content, is known only now.
            sheet, _, _ = save_tile_sheet(maker.tileset, folder)
            list_files(folder, [sheet])
        entries = []
        for index, name in enumerate(names):
            level, facts = maker.make(index, name)
            for suffix in formats:
                chosen = {"art": art} if suffix == "png" else {}
                save_level(level, folder / f"{name}.{suffix}", **chosen)
            entries.append({"name": name, "files": [f"{name}.{s}" for s in formats], **facts})
        if extra:
            save_tileset(maker.tileset, folder / "tileset.json")
        made = {
            "folder": folder.as_posix(),
            "model": config.model,
            "seed": config.seed,
            "off": off,
            "remarks": maker.remarks,
            "levels": entries,
        }
        write_text(folder / "levels.json", json.dumps(made, indent=1))
        run.finish()
    return made


class _DesignMaker:
    """Levels of a design model, built in the house tileset."""

    def __init__(self, config: RunConfig, off: str | None) -> None:
        with workers(1) as crew:
            self.setting = prepare(config, crew).setting
        self.off, self.tileset = off, house_tileset()
        self.watch = seasoned(self.setting, _N_KNOWN)
        self.remarks: list[str] = []

    def make(self, index: int, name: str) -> tuple[Level, dict[str, Any]]:
        """Level ``index`` and what is known about it."""
        outside, off = self.setting.outside, self.off
        model, region = outside.model, outside.region
        variant = PROPOSAL_ADDRESS[off] if off else 0
        rng = stream(self.setting.seed, "generate", index, variant)
        vector = model.sample(1, rng=rng)[0]
        if off:
            found = propose(off, outside.before(self.watch.audiences[0]), rng=rng)
            assert found is not None  # a proposal that uses up a library is refused
            vector = found
        built = self.setting.generator.builder.build_many(vector[np.newaxis], [rng])
        self.watch.show(built.measured, [off is not None])
        log_density = model.log_density(built.measured)
        names = model.space.names
        return Level(built.grids[0], self.tileset, name), {
            "playable": bool(built.playable[0]),
            "proven": bool(built.proven[0]),
            "off_model": bool(region.is_off(log_density)[0]),
            "density_quantile": float(region.quantile(log_density)[0]),
            "repair_distance": float(built.repair_distance[0]),
            "asked": dict(zip(names, map(float, vector), strict=True)),
            "measured": dict(zip(names, map(float, built.measured[0]), strict=True)),
        }
