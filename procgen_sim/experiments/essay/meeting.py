"""The same players meet the essay's dots, and levels: two settings, and blocks of players.

What is asked of dots is asked of levels by the same code: only the setting differs. Blocks are of
a fixed size, so nothing depends on how many processes share them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.bodies import level_setting
from procgen_sim.experiments.essay.dots import cluster_dots, dot_setting, fit_dots, line_dots
from procgen_sim.experiments.parallel import workers
from procgen_sim.injection import Arm
from procgen_sim.players import TRAITS, Spread
from procgen_sim.rng import stream
from procgen_sim.session import Setting

__all__ = ["BODIES", "DOTS", "N_FEW_DOTS", "WORLDS", "body_setting", "in_blocks", "setting_of"]

R = TypeVar("R")
Vectors = npt.NDArray[np.float64]

WORLDS: Final = ("dots", "levels")
"""What players can meet: the essay's dots of two clusters, and levels; from a mixture each."""

BODIES: Final = {
    "line": "dots on a line",
    "clusters": "dots in two clusters",
    "levels": "platformer levels",
}
"""The same with the essay's first example, too: dots of a fitted line. In words."""

_N_DOTS: Final = 200
DOTS: Final[dict[str, tuple[str, Callable[..., Vectors]]]] = {
    "line": ("trend", line_dots),
    "clusters": ("mixture", cluster_dots),
}
"""Those of them that are dots: the model that is fitted, and how dots are drawn."""

N_FEW_DOTS: Final = 60
"""Dots that such a model is fitted to."""

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


def body_setting(name: str, *, seed: int, place: int, n_levels: int) -> Setting:
    """Everything that players need to meet one of :data:`BODIES`: of dots, those of a model that
    was fitted to :data:`N_FEW_DOTS`. Parameters as for :func:`setting_of`."""
    if name == "levels":
        return level_setting(seed, n_levels)
    kind, draw = DOTS[name]
    body = list(BODIES).index(name)
    dots = draw(N_FEW_DOTS, rng=stream(seed, "essay", place, 0, body))
    model = fit_dots(kind, dots, seed=seed, address=body)
    return dot_setting(model, dots, seed=seed, n_levels=n_levels)


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
