"""Kernels repeat a few numbers, because the compiler's cache is per file; they must not drift."""

from __future__ import annotations

import importlib

import pytest

from procgen_sim.levels import PARAMETERS, Affordance
from procgen_sim.platformer import jumps

KERNELS = [
    "procgen_sim.levels.design_kernel",
    "procgen_sim.platformer.reachability_kernel",
    "procgen_sim.generators.adorn_kernel",
    "procgen_sim.generators.furnish_kernel",
    "procgen_sim.generators.ground_kernel",
    "procgen_sim.generators.repair_kernel",
    "procgen_sim.generators.track_kernel",
]
INDEX = {parameter.name.upper(): i for i, parameter in enumerate(PARAMETERS)}
JUMPS = {
    "RISE": jumps.JUMP_RISE_TILES,
    "JUMP_RISE": jumps.JUMP_RISE_TILES,
    "FREE_ROWS": jumps.FALL_ROWS_WITH_COLUMN,
    "ROWS_PER_COLUMN": jumps.RISE_ROWS_PER_COLUMN,
    "WIDEST_GAP": jumps.MAX_GAP_TILES,
    "MAX_GAP": jumps.MAX_GAP_TILES,
}
TRACK = {"PLAIN": 0, "GAP": 1, "HAZARD": 2, "ENEMY": 3}
"""What stands on a track, in the builder's kernels; affordance bits elsewhere."""


@pytest.mark.parametrize("name", KERNELS)
def test_numbers_are_those_of_their_definition(name: str) -> None:
    kernel = importlib.import_module(name)
    builds = ".generators." in name
    for word, number in vars(kernel).items():
        if word in INDEX:
            assert number == INDEX[word], word
        elif word in JUMPS:
            assert number == JUMPS[word], word
        elif builds and word in TRACK:
            assert number == TRACK[word], word
        elif not builds and word in Affordance.__members__:
            assert number == Affordance[word], word


def test_what_all_kernels_share_is_shared() -> None:
    seen: dict[str, tuple[str, object]] = {}
    for name in KERNELS[2:]:
        for word, number in vars(importlib.import_module(name)).items():
            if word.isupper() and isinstance(number, int | str) and not word.startswith("_"):
                where, before = seen.setdefault(word, (name, number))
                assert before == number, f"{word}: {where} has {before}, {name} {number}"
