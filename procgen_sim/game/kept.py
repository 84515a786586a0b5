"""Levels that people kept at the desk, as the library of ``authored``. No pygame here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig
from procgen_sim.experiments.authored import load_library
from procgen_sim.experiments.preparation import Prepared
from procgen_sim.game.authored import authored_folder
from procgen_sim.game.ways import check_way
from procgen_sim.injection import Arm, Library

__all__ = ["check_arm", "kept_library", "with_kept"]


def kept_library(folder: Path | None = None) -> Library:
    """The levels kept in a folder, None for the person's own; empty if there are none that can be
    played."""
    folder = authored_folder() if folder is None else folder
    try:
        return load_library(folder, skip_bad=True)
    except InputError:
        return Library()


def with_kept(prepared: Prepared) -> Prepared:
    """With the levels that the person kept, where the run names no others."""
    setting = prepared.setting
    if setting.outside.library.n:
        return prepared
    outside = replace(setting.outside, library=kept_library())
    return replace(prepared, setting=replace(setting, outside=outside))


def check_arm(arm: Arm, config: RunConfig) -> None:
    """Refuse an arm whose proposal can lead nowhere, before anything is fitted.

    Raises
    ------
    InputError
        If there is no authored level, or a library is not installed.
    """
    if not config.authored:  # a folder that is named is read with the rest, and speaks for itself
        check_way(arm.proposal, kept_library(), where="--injection")
