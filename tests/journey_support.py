"""What the tests of directing, playing along and the journey share: one small fit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import Prepared, prepare
from procgen_sim.game.director import Director
from procgen_sim.game.journey import Journey, Outcome
from procgen_sim.injection import Library, parse_arm
from procgen_sim.rng import stream

CONFIG = RunConfig(columns=60, check="screen")
WON = Outcome(status="won", ticks=1200, deaths=1, coins=7)


@cache
def prepared() -> Prepared:
    with workers(1) as crew:
        return prepare(CONFIG, crew, calibration=1000)


@cache
def library() -> Library:
    """Three levels that somebody might have made, wider than those of the builder: two that lie
    off the model and one that lies on it."""
    from procgen_sim.generators import Builder

    outside, builder = prepared().setting.outside, Builder(90)
    ends = np.array([outside.model.space.low, outside.model.space.high, outside.model.means[0]])
    built = builder.build_many(ends, [stream(8, "test", i) for i in range(len(ends))])
    assert built.playable.all()
    assert outside.region.is_off(outside.model.log_density(built.measured)).tolist() == [1, 1, 0]
    return Library(
        names=("low", "high", "middle"),
        vectors=built.measured,
        grids=tuple(built.grids),
        proven=(True, False, True),
    )


def with_library(found: Prepared) -> Prepared:
    outside = replace(found.setting.outside, library=library())
    return replace(found, setting=replace(found.setting, outside=outside))


def director(arm: str = "on-model", seed: int = 5, *, authored: bool = False) -> Director:
    found = with_library(prepared()) if authored else prepared()
    return Director(found, parse_arm(arm, rate=0.15), seed=seed)


def journey(**given: Any) -> Journey:
    usual = {"seed": 5, "injection": "on-model", "prepared": prepared()}
    return Journey.open(CONFIG, **{**usual, **given})
