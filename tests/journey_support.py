"""What the tests of directing, playing along and the journey share: one small fit."""

from __future__ import annotations

from functools import cache
from typing import Any

from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import Prepared, prepare
from procgen_sim.game.director import Director
from procgen_sim.game.journey import Journey, Outcome
from procgen_sim.injection import parse_arm

CONFIG = RunConfig(columns=60, check="screen")
WON = Outcome(status="won", ticks=1200, deaths=1, coins=7)


@cache
def prepared() -> Prepared:
    with workers(1) as crew:
        return prepare(CONFIG, crew, calibration=1000)


def director(arm: str = "on-model", seed: int = 5) -> Director:
    return Director(prepared(), parse_arm(arm, rate=0.15), seed=seed)


def journey(**given: Any) -> Journey:
    options: dict[str, Any] = {"seed": 5, "injection": "on-model", **given}
    return Journey.open(CONFIG, prepared=prepared(), **options)
