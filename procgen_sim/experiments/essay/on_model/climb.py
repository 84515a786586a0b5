"""How predictability climbs as players meet one on-model level after the other.

    p_t = (S_0 − s_t) / (S_0 − S_∞)

with s_t the bits that level t costs a player, S_0 what levels cost newcomers and S_∞ what they cost
veterans who forget nothing: 0 is a newcomer, 1 knows the generator as well as it can be known. Both
ends are the same for players who forget: measured against veterans as forgetful as themselves,
those who keep nothing would know all they ever can at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.few_repetitions import mean_of_few
from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.generators import BuiltBatch, FittedGenerator
from procgen_sim.generators.fitted import without_grids
from procgen_sim.injection.arms import ON_MODEL
from procgen_sim.players import TRAITS, Population, Spread, predictability, veteran_bits
from procgen_sim.results import Table, as_cube
from procgen_sim.session import Setting, play_arms

__all__ = ["AT_THE_END", "SOON", "Climb", "climb"]

Floats = npt.NDArray[np.float64]

SOON: Final = (11, 20)
"""First and last of the levels that are soon met."""

AT_THE_END: Final = 50
"""Last levels over which predictability is averaged."""

_N_SHOWN: Final = 20
_N_ASKED: Final = 8
_LIVES: Final = 8
_BOOTSTRAP: Final = 200


@dataclass(frozen=True, kw_only=True)
class Climb:
    """How players came to foresee levels.

    Attributes
    ----------
    curves
        Those who ``remember`` everything, and the same players who ``forget`` as people do: each
        with ``levels``, ``mean`` and ``error`` of p for a figure, ``first``, ``soon`` and ``last``
        as pairs of a mean and its standard error, and ``levels_to_half`` and ``levels_to_90``:
        levels met until the mean has risen so far, with its 95 % interval, None for never.
    met
        ``(players, levels, d)`` what they met, natural units.
    """

    curves: dict[str, dict[str, Any]]
    met: Floats


@dataclass(frozen=True, kw_only=True)
class _Once(FittedGenerator):
    """A generator whose levels are built once, though two kinds of players meet them."""

    source: FittedGenerator
    made: dict[int, BuiltBatch] = field(default_factory=dict)

    def on_model(self, players: Sequence[int], level: int) -> BuiltBatch:
        if level not in self.made:
            self.made[level] = without_grids(self.source.on_model(players, level))
        return self.made[level]


def climb(
    setting: Setting,
    n: int,
    *,
    half_life_levels: float = math.inf,
    rng: np.random.Generator,
) -> Climb:
    """Let ``n`` players meet on-model levels twice: forgetting nothing, and as people do.

    ``half_life_levels`` is the memory of those who are said to forget nothing; ``rng`` draws
    players again, for intervals.
    """
    source = setting.generator
    once = _Once(model=source.model, builder=source.builder, seed=source.seed, source=source)
    played: dict[str, Table] = {}
    for who, spreads in (("remember", _all_with(half_life_levels)), ("forget", {})):
        shared = replace(setting, generator=once, spreads={**TRAITS, **spreads})
        played[who] = play_arms(shared, [ON_MODEL], range(n))
    cube = partial(as_cube, arm=ON_MODEL.name)
    newcomer = cube(played["remember"], "naive_bits")[:, :1]
    veteran, errors = _ends(setting, n)
    curves = {
        who: _curve(
            predictability(cube(table, "surprise_bits"), newcomer, veteran), errors, rng=rng
        )
        for who, table in played.items()
    }
    names = setting.outside.model.space.names
    return Climb(
        curves=curves,
        met=np.stack([cube(played["remember"], f"phi_{name}") for name in names], axis=-1),
    )


def _all_with(half_life_levels: float) -> dict[str, Spread]:
    spread = TRAITS["half_life_levels"]
    return {"half_life_levels": replace(spread, median=half_life_levels, sd=0.0)}


def _curve(
    curves: Floats, at_the_ends: tuple[float, float], *, rng: np.random.Generator
) -> dict[str, Any]:
    """From predictability ``(players, levels)`` to its mean: standard errors are over players, and
    at both ends of the scale also of these ends."""
    # A point of the figure is the mean of the levels since the last point: one at first, many late.
    ends_at = np.unique(np.geomspace(1, curves.shape[1], _N_SHOWN).round().astype(np.int64))
    parts = np.split(curves, ends_at[:-1], axis=1)
    points = np.stack([part.mean(axis=1) for part in parts], axis=1)
    first = mean_and_error(curves[:, 0])
    soon = mean_and_error(curves[:, SOON[0] - 1 : SOON[1]].mean(axis=1))
    last = mean_and_error(curves[:, -AT_THE_END:].mean(axis=1))
    at_both = math.hypot(*at_the_ends)
    return {
        "levels": np.append(1.0, (ends_at[1:] + ends_at[:-1] + 1) / 2),
        "mean": points.mean(axis=0),
        "error": points.std(axis=0, ddof=1) / math.sqrt(len(points)),
        "first": (first[0], math.hypot(first[1], at_the_ends[0])),
        "soon": (soon[0], math.hypot(soon[1], at_both)),
        "last": (last[0], math.hypot(last[1], at_the_ends[1])),
        "levels_to_half": _levels_until(curves, 0.5, rng=rng),
        "levels_to_90": _levels_until(curves, 0.9, rng=rng),
    }


def _ends(setting: Setting, n: int) -> tuple[Floats, tuple[float, float]]:
    """S_∞ ``(n, 1)`` of players who forget nothing, and the standard errors of p at 0 and at 1 that
    all players share: what comes next is asked of finitely many levels, of veterans who had a few
    lives. One who took two genres for one at first may do so ever after, so lives do differ."""
    space, yardstick = setting.outside.model.space, setting.yardstick
    pool = space.to_unit(np.concatenate([yardstick.training, yardstick.fresh]))
    training, fresh = np.split(pool, [2 * len(pool) // 3])
    never = _all_with(math.inf)
    people = Population.sample(n, seed=setting.seed, spreads=never).theme_observer(space.n)
    veteran = veteran_bits(people, training, fresh, n_lives=_LIVES)
    themes = Population.sample(_N_ASKED, seed=setting.seed, spreads=never).theme_observer(space.n)
    asked = list[Floats]()
    for life in range(_LIVES):
        learned = themes.naive()
        learned.learn_many(training[life::_LIVES])
        asked.append(learned.surprise_bits_many(fresh).mean(axis=0))
    newcomers = themes.surprise_bits_many(pool).mean(axis=0)
    return veteran[:, np.newaxis], _errors_at_the_ends(newcomers, np.array(asked))


def _errors_at_the_ends(newcomers: Floats, lives: Floats) -> tuple[float, float]:
    """Standard errors of p at 0 and at 1: from what levels ``(m,)`` cost newcomers, and what other
    ``(lives, levels)`` cost veterans; both the levels and the lives are a sample."""
    newcomer, of_newcomers = mean_and_error(newcomers)
    of_levels = mean_and_error(lives.mean(axis=0))[1]
    of_lives = mean_of_few(lives.mean(axis=1))[1]
    to_learn = newcomer - float(lives.mean())
    return of_newcomers / to_learn, math.hypot(of_levels, of_lives) / to_learn


def _levels_until(curves: Floats, share: float, *, rng: np.random.Generator) -> list[float | None]:
    """Levels met until the mean curve, taken never to fall, has risen to a share; with the 95 %
    interval from players drawn again. None: not within the levels played."""
    from scipy.optimize import isotonic_regression

    def until(mean: Floats) -> float:
        risen = isotonic_regression(mean).x >= share
        return float(risen.argmax()) if risen.any() else math.inf

    n = len(curves)
    again = [until(curves[rng.integers(n, size=n)].mean(axis=0)) for _ in range(_BOOTSTRAP)]
    ends = np.quantile(again, [0.025, 0.975], method="nearest").tolist()
    return [at if math.isfinite(at) else None for at in (until(curves.mean(axis=0)), *ends)]
