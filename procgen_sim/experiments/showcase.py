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
from procgen_sim.injection import ON_MODEL, Arm, Audience
from procgen_sim.levels import Level, house_tileset, load_level, save_level, save_tileset
from procgen_sim.results import Table
from procgen_sim.session import Company, Setting, break_model

__all__ = [
    "Exhibit",
    "choose_exhibits",
    "exhibit_files",
    "read_exhibits",
    "remake_level",
    "write_exhibits",
]

_TILESET, _INDEX = "tileset.json", "index.json"


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


def remake_level(setting: Setting, arm: Arm, records: Table, row: int) -> Level:
    """The level that a row of the records is about."""
    player, number = int(records["player"][row]), int(records["level"][row])
    if records["broke"][row] and arm.proposal is not None:
        audience = _audience_before(setting, arm, records, player, number)
        _, built = break_model(setting, arm.proposal, [player], number - 1, [audience])
    else:
        built = setting.generator.on_model([player], number - 1)
    return Level(built.grids[0], house_tileset(), f"{arm.name} {player}.{number}")


def _audience_before(
    setting: Setting, arm: Arm, records: Table, player: int, number: int
) -> Audience:
    """The player as the game saw them just before that level: what it had shown, met again."""
    mine = (records["arm"] == arm.name) & (records["player"] == player)
    rows = np.flatnonzero(mine & (records["level"] < number))
    names = setting.outside.model.space.names
    shown = np.stack([records[f"phi_{name}"][rows] for name in names], axis=1)
    watch = Company(setting, range(player, player + 1)).watch()
    for vector, broke in zip(shown, records["broke"][rows], strict=True):
        watch.show(vector[np.newaxis], [broke])
    return watch.audiences[0]


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
        exhibits.append(
            Exhibit(
                why=why,
                arm=arm.name,
                player=player,
                number=number,
                surprise_bits=float(bits[row]),
                foreseen=float(records["foreseen"][row]),
                density_quantile=float(records["density_quantile"][row]),
                level=remake_level(setting, arm, records, row),
            )
        )
    return tuple(exhibits)


def exhibit_files(exhibits: Sequence[Exhibit]) -> list[str]:
    """Names of the files that :func:`write_exhibits` writes, the levels first and in order."""
    levels = [f"{number:02d}_{exhibit.why}.txt" for number, exhibit in enumerate(exhibits)]
    return [*levels, _TILESET, _INDEX]


def write_exhibits(folder: Path, exhibits: Sequence[Exhibit]) -> None:
    """Write levels as text beside their tileset, and ``index.json``."""
    index = []
    for file, exhibit in zip(exhibit_files(exhibits), exhibits, strict=False):
        save_level(exhibit.level, folder / file)
        facts = {key: value for key, value in vars(exhibit).items() if key != "level"}
        index.append({"file": file, **facts})
    save_tileset(house_tileset(), folder / _TILESET)
    write_text(folder / _INDEX, json.dumps(index, indent=1))


def read_exhibits(folder: Path, arms: Sequence[str]) -> tuple[Exhibit, ...]:
    """Read back what :func:`write_exhibits` wrote for a run of these arms.

    Raises
    ------
    InputError
        If the index is missing or broken.
    """
    path = folder / _INDEX
    wrong = "the index of a run's levels"
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        exhibits = tuple(
            Exhibit(
                level=load_level(folder / entry["file"], folder / _TILESET),
                **{key: value for key, value in entry.items() if key != "file"},
            )
            for entry in index
        )
        for exhibit in exhibits:
            _check_facts(exhibit, arms)
    except InputError:
        raise
    except OSError as error:
        found = (error.strerror or "nothing").lower()
        raise InputError(str(path), expected=wrong, found=found) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(str(path), expected=wrong, found=str(error)) from error
    return exhibits


def _check_facts(exhibit: Exhibit, arms: Sequence[str]) -> None:
    numbers = (exhibit.surprise_bits, exhibit.foreseen, exhibit.density_quantile)
    counts = (exhibit.player, exhibit.number)
    if (
        exhibit.why not in ("typical", "surprising", "break")
        or exhibit.arm not in arms
        or not all(type(value) in (int, float) for value in numbers)
        or not all(type(value) is int for value in counts)
    ):
        raise ValueError(f"an entry that is none of this run: {exhibit.why!r} of {exhibit.arm!r}")
