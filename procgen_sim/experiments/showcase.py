"""Which levels of a run to show, and how they are kept.

Every level can be made again from its address, so a run keeps only the few that are worth a
picture: the most typical and the most surprising on-model level, and one break of each arm.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from procgen_sim._checks import InputError
from procgen_sim.files import write_text
from procgen_sim.injection import ON_MODEL, Arm, propose
from procgen_sim.injection.proposals import PROPOSAL_ADDRESS
from procgen_sim.levels import Level, house_tileset, load_level, save_level, save_tileset
from procgen_sim.results import Table
from procgen_sim.rng import stream
from procgen_sim.session import Setting

__all__ = ["Exhibit", "choose_exhibits", "read_exhibits", "remake_level", "write_exhibits"]


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One level worth a picture.

    Attributes
    ----------
    why
        ``"typical"``, ``"surprising"`` or ``"break"``.
    arm, player, number
        Its address: who met it, as which level (from 1).
    surprise_bits, foreseen
        What it cost that player, and how much of it was foreseen.
    density_quantile
        Share of on-model levels less dense under the model.
    level
        The level.
    """

    why: str
    arm: str
    player: int
    number: int
    surprise_bits: float
    foreseen: float
    density_quantile: float
    level: Level


def remake_level(setting: Setting, arm: Arm, player: int, number: int, *, broke: bool) -> Level:
    """The level that ``player`` met as number ``number`` (from 1) of an arm."""
    index = number - 1
    if broke and arm.proposal is not None:
        variant = PROPOSAL_ADDRESS[arm.proposal]
        rng = stream(setting.seed, "proposal", player, index, variant)
        vectors = propose(arm.proposal, setting.outside, rng=rng)[np.newaxis]
        built = setting.generator.build(vectors, [player], index, variant)
    else:
        built = setting.generator.on_model([player], index)
    return Level(built.grids[0], house_tileset(), f"{arm.name} {player}.{number}")


def choose_exhibits(setting: Setting, arms: Sequence[Arm], records: Table) -> tuple[Exhibit, ...]:
    """Choose and remake the levels to show.

    Typical and most surprising are taken from the second half of on-model play, when players
    know the generator; an arm's break is the one of median surprise there.
    """
    late = records["level"] > setting.n_levels // 2
    on_model = np.flatnonzero(late & (records["arm"] == ON_MODEL.name))
    bits = records["surprise_bits"]
    median = np.median(bits[on_model])
    chosen = [
        ("typical", ON_MODEL, int(on_model[np.argmin(np.abs(bits[on_model] - median))])),
        ("surprising", ON_MODEL, int(on_model[np.argmax(bits[on_model])])),
    ]
    for arm in arms:
        breaks = np.flatnonzero(late & (records["arm"] == arm.name) & records["broke"])
        if len(breaks):
            middle = np.argsort(bits[breaks], kind="stable")[len(breaks) // 2]
            chosen.append(("break", arm, int(breaks[middle])))
    exhibits = []
    for why, arm, row in chosen:
        player, number = int(records["player"][row]), int(records["level"][row])
        broke = bool(records["broke"][row])
        exhibits.append(
            Exhibit(
                why=why,
                arm=arm.name,
                player=player,
                number=number,
                surprise_bits=float(bits[row]),
                foreseen=float(records["foreseen"][row]),
                density_quantile=float(records["density_quantile"][row]),
                level=remake_level(setting, arm, player, number, broke=broke),
            )
        )
    return tuple(exhibits)


def write_exhibits(folder: Path, exhibits: Sequence[Exhibit]) -> None:
    """Write levels as text beside their tileset, and ``index.json``."""
    index = []
    for number, exhibit in enumerate(exhibits):
        file = f"{number:02d}_{exhibit.why}.txt"
        save_level(exhibit.level, folder / file)
        facts = {key: value for key, value in vars(exhibit).items() if key != "level"}
        index.append({"file": file, **facts})
    save_tileset(house_tileset(), folder / "tileset.json")
    write_text(folder / "index.json", json.dumps(index, indent=1))


def read_exhibits(folder: Path) -> tuple[Exhibit, ...]:
    """Read back what :func:`write_exhibits` wrote.

    Raises
    ------
    InputError
        If the index is missing or broken.
    """
    path = folder / "index.json"
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Exhibit(
                level=load_level(folder / entry["file"], folder / "tileset.json"),
                **{key: value for key, value in entry.items() if key != "file"},
            )
            for entry in index
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            str(path), expected="the index of a run's levels", found=str(error)
        ) from error
