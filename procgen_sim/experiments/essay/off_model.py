"""Off-model novelty: (15, 5) is what training exists to prevent, and it keeps boredom down.

Two questions. *How unlikely is it?* Models are fitted to fresh draws of the essay's dots again and
again; each is asked whether (15, 5) is inside its own 99.9 % region, and how much less likely it is
than (5.5, 5.5), a dot as new as any that it could well have made: for each dot it makes at (15, 5)
it makes 10^N at (5.5, 5.5). *What does it do to players?* The same players meet the same sequence
twice, on the model throughout and with some 15 % of samples replaced by ``outlier``, familiar
choices in a combination the model never makes. What such a sample costs in bits is compared with
the on-model one it replaced, for players who had met the model alone: the same players at the same
moment. Boredom is compared under all three notions of interest ([Berlyne1970]_,
[Schmidhuber2010]_), because they do not agree: under ``surprise`` interest is what those bits are,
so that boredom falls there is no news; under ``wundt``, where too much is as dull as too little, it
falls less or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.dots import fit_dots
from procgen_sim.experiments.essay.few_repetitions import mean_of_few
from procgen_sim.experiments.essay.finding import Effort, Finding, mean_and_error
from procgen_sim.experiments.essay.meeting import BODIES, DOTS, N_FEW_DOTS, body_setting
from procgen_sim.experiments.essay.off_model_checks import NEAR_BY, Point, checks_of, conclude
from procgen_sim.experiments.essay.verdicts import verdicts_on
from procgen_sim.experiments.statistics import paired_difference
from procgen_sim.injection import parse_arms
from procgen_sim.models import hdr
from procgen_sim.players import NOTIONS, Population, levels_until_bored
from procgen_sim.results import Table, as_cube
from procgen_sim.rng import stream
from procgen_sim.session import Setting, play_arms

__all__ = ["FAR", "RATE", "run"]

Values = npt.NDArray[np.float64]

FAR: Final = (15.0, 5.0)
"""The essay's dot that training exists to prevent."""

RATE: Final = 0.15
"""Share of samples that leave the model."""

N_LEVELS: Final = 60

_PLACE: Final = 3
_N_REGION: Final = 20_000
_ARMS: Final = parse_arms("outlier", rate=RATE)
_ON, _OFF = (arm.name for arm in _ARMS)


def run(
    effort: Effort,
    *,
    only: Sequence[str] = tuple(BODIES),
    far: Point = FAR,
    exchange: Callable[[Setting], Setting] = lambda setting: setting,
) -> Finding:
    """How unlikely the essay's off-model dot is, and what such samples do to players.

    Parameters
    ----------
    effort
        How much work to do.
    only
        Keys of :data:`BODIES`: what players meet.
    far
        The dot said to be off the model; exchanged to see the claim fail.
    exchange
        From the setting of each body to the one that is played, for the same reason.
    """
    n_refits = {"line": effort.of(200, 20), "clusters": effort.of(40, 6)}
    n_players = {"line": effort.of(200, 40), "clusters": effort.of(200, 40)}
    n_players["levels"] = effort.of(200, 60)
    bodies = dict[str, dict[str, Any]]()
    settings = {
        name: body_setting(name, seed=effort.seed, place=_PLACE, n_levels=N_LEVELS) for name in only
    }
    for name, setting in settings.items():
        bodies[name] = _boredom(exchange(setting), n_players[name])
        if name in DOTS:
            bodies[name]["refits"] = _refits(name, n_refits[name], far, effort.seed)
    checks = {name: checks_of(name, bodies[name], far) for name in only}
    verdicts = verdicts_on(bodies)
    return Finding(
        experiment="off_model",
        claim="What training exists to prevent costs players more bits and keeps them from being"
        " bored: less so those who like neither the foreseeable nor chaos.",
        conclusion=conclude(bodies, verdicts, checks, far),
        checks=tuple(check for asked in checks.values() for check in asked.values()),
        data={
            "far": far,
            "near_by": NEAR_BY,
            "rate": RATE,
            "bodies": bodies,
            "verdicts": verdicts,
            "map": _map(settings["line"]) if "line" in only else {},
        },
        effort=effort,
    )


def _refits(name: str, n: int, far: Point, seed: int) -> dict[str, Any]:
    """What :func:`_unlikely` says of ``n`` models, each fitted to its own draw of the dots."""
    kind, draw = DOTS[name]
    body = list(DOTS).index(name)
    found = []
    for repetition in range(n):
        rng = stream(seed, "essay", _PLACE, 1, body, repetition)
        model = fit_dots(kind, draw(N_FEW_DOTS, rng=rng), seed=seed, address=repetition)
        edge = hdr(model, n=_N_REGION, rng=rng).threshold_nats
        found.append([*model.log_density([far, NEAR_BY]), edge])
    return _unlikely(*np.array(found).T)


def _unlikely(far_nats: Values, near_nats: Values, edge_nats: Values) -> dict[str, Any]:
    """How many models have the far dot inside their region, and how many powers of ten it is less
    likely than the near one, from log densities ``(models,)`` in nats: a mean over models and its
    standard error."""
    return {
        "n": len(far_nats),
        "n_inside": int((far_nats >= edge_nats).sum()),
        "powers_of_ten": mean_of_few((near_nats - far_nats) / np.log(10.0)),
    }


def _boredom(setting: Setting, n: int) -> dict[str, Any]:
    """``n`` players on the model throughout, and with some samples off it."""
    table = play_arms(setting, _ARMS, range(n))
    people = Population.sample(n, seed=setting.seed, spreads=setting.spreads)
    notions = {notion: _notion(table, notion, people.threshold) for notion in NOTIONS}
    by_player = {notion: found.pop("by_player") for notion, found in notions.items()}
    return {
        "n_levels": setting.n_levels,
        "share_off_model": as_cube(table, "off_model", _OFF).mean(),
        "extra_bits": _extra_bits(table),
        "threshold": np.quantile(people.threshold, [0.1, 0.5, 0.9]),
        "notions": notions,
        "less_under_wundt": mean_and_error(by_player["wundt"] - by_player["surprise"]),
        "broken": _dots_that_broke(table) if setting.outside.model.space.n == 2 else [],
    }


def _extra_bits(table: Table) -> tuple[float, float]:
    """What a break would have cost somebody who only met the model, beyond what the sample that it
    replaced did cost them: mean over players and its standard error."""
    on, off = (partial(as_cube, table, arm=arm) for arm in (_ON, _OFF))
    return _over_players(
        np.where(off("broke"), off("unprepared_bits") - on("surprise_bits"), np.nan)
    )


def _over_players(values: Values) -> tuple[float, float]:
    """Mean over players of each one's mean, and its standard error; players without a value are
    left out. NaN if nobody has one."""
    known = np.isfinite(values).any(axis=1)
    if not known.any():
        return np.nan, np.nan
    return mean_and_error(np.nanmean(values[known], axis=1))


def _notion(table: Table, notion: str, threshold: Values) -> dict[str, Any]:
    """Boredom with and without off-model samples under one notion of interest, by player."""
    curves = {arm: as_cube(table, f"boredom_{notion}", arm) for arm in (_ON, _OFF)}
    left = {arm: levels_until_bored(curve, threshold) for arm, curve in curves.items()}
    gained = paired_difference(left[_OFF].levels, left[_ON].levels)
    error = len(threshold) ** -0.5
    by_player = (curves[_OFF] - curves[_ON]).mean(axis=1)
    return {
        "curves": {
            arm: {"mean": curve.mean(axis=0), "error": curve.std(axis=0, ddof=1) * error}
            for arm, curve in curves.items()
        },
        "by_player": by_player,
        "difference": mean_and_error(by_player),
        "levels_gained": [gained.estimate, gained.low, gained.high],
        "p_value": gained.p_value,
    }


def _dots_that_broke(table: Table, n: int = 40) -> Values:
    rows = (table["arm"] == _OFF) & table["broke"]
    return np.column_stack([table["phi_x"][rows], table["phi_y"][rows]])[:n]


def _map(setting: Setting) -> dict[str, Any]:
    """The line as the model knows it: one Gaussian, and how thin it is at its region's edge."""
    model, region = setting.outside.model, setting.outside.region
    return {
        "training": setting.outside.data,
        "mean": model.mean,
        "covariance": model.covariance,
        "edge_nats": region.threshold_nats,
    }
