"""The same players meet the essay's dots, and levels: two settings, and blocks of players.

What is asked of dots is asked of levels by the same code: only the setting differs. Blocks are of
a fixed size, so nothing depends on how many processes share them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from procgen_sim.experiments.essay.bodies import level_setting
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots
from procgen_sim.experiments.parallel import workers
from procgen_sim.injection import Arm
from procgen_sim.players import TRAITS, Spread
from procgen_sim.rng import stream
from procgen_sim.session import Setting

__all__ = ["WORLDS", "in_blocks", "setting_of"]

R = TypeVar("R")

WORLDS: Final = ("dots", "levels")
"""What players can meet: the essay's dots of two clusters, and levels; from a mixture each."""

_N_DOTS: Final = 200
_BLOCK: Final = 25


def setting_of(
    world: str,
    *,
    seed: int,
    place: int,
    n_levels: int,
    spreads: Mapping[str, Spread] | None = None,
) -> Setting:
    """Everything that players need to meet one of :data:`WORLDS`.

    Parameters
    ----------
    world
        ``"dots"`` or ``"levels"``.
    seed
        One seed, one result.
    place
        The experiment's place among the essay's, which is the address of its dots.
    n_levels
        How many each player meets.
    spreads
        Traits of people that are spread otherwise than the program assumes.
    """
    if world == "dots":
        dots = cluster_dots(_N_DOTS, rng=stream(seed, "essay", place, 0))
        model = fit_dots("mixture", dots, seed=seed, address=place)
        return dot_setting(
            model, dots, seed=seed, n_levels=n_levels, spreads=dict(spreads) if spreads else None
        )
    setting = level_setting(seed, n_levels)
    return replace(setting, spreads={**TRAITS, **(spreads or {})})


def in_blocks(
    play: Callable[[Setting, Sequence[Arm], range], R],
    setting: Setting,
    arms: Sequence[Arm],
    n_players: int,
    *,
    jobs: int,
) -> Iterator[R]:
    """What ``play`` makes of each block of players, in their order."""
    blocks = [range(p, min(p + _BLOCK, n_players)) for p in range(0, n_players, _BLOCK)]
    with workers(jobs) as crew:
        yield from crew(play, [(setting, tuple(arms), block) for block in blocks])
