"""Off-model novelty: (15, 5) is what training exists to prevent, and it keeps boredom down.

Two questions. *How unlikely is it?* Models are fitted to fresh draws of the essay's dots again and
again; each is asked for the log density of (15, 5), of its own 99.9 % region's edge, and of
(5.5, 5.5), a dot as new as any that it could well have made. The last difference in words: for each
dot it makes at (15, 5) it makes 10^N at (5.5, 5.5). *What does it do to players?* The same players
meet the same sequence twice, on the model throughout and with some 15 % of samples replaced by
``outlier``, familiar choices in a combination the model never makes. What such a sample costs in
bits is compared with the on-model one it replaced, for players who had met the model alone: the
same players at the same moment. Boredom is compared under all three notions of interest
([Berlyne1970]_, [Schmidhuber2010]_), because they do not agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.dots import fit_dots
from procgen_sim.experiments.essay.finding import Check, Effort, Finding, Relation, mean_and_error
from procgen_sim.experiments.essay.meeting import BODIES, DOTS, N_FEW_DOTS, body_setting
from procgen_sim.experiments.essay.verdicts import in_words, verdicts_on
from procgen_sim.experiments.statistics import paired_difference
from procgen_sim.injection import parse_arms
from procgen_sim.models import hdr
from procgen_sim.players import NOTIONS, Population, levels_until_bored
from procgen_sim.results import Table, as_cube
from procgen_sim.rng import stream
from procgen_sim.session import Setting, play_arms

__all__ = ["FAR", "NEAR_BY", "RATE", "run"]

Values = npt.NDArray[np.float64]
Point = tuple[float, float]

FAR: Final = (15.0, 5.0)
"""The essay's dot that training exists to prevent."""

NEAR_BY: Final = (5.5, 5.5)
"""The essay's dot that was never in the data and could have been."""

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
    n_refits = {"line": effort.of(200, 30), "clusters": effort.of(40, 6)}
    n_players = {name: effort.of(200, 40) for name in DOTS} | {"levels": effort.of(200, 40)}
    bodies = dict[str, dict[str, Any]]()
    settings = {
        name: body_setting(name, seed=effort.seed, place=_PLACE, n_levels=N_LEVELS) for name in only
    }
    for name, setting in settings.items():
        bodies[name] = _boredom(exchange(setting), n_players[name])
        if name in DOTS:
            bodies[name]["refits"] = _refits(name, n_refits[name], far, effort.seed)
    checks = tuple(check for name in only for check in _checks(name, bodies[name], far))
    verdicts = verdicts_on(bodies)
    return Finding(
        experiment="off_model",
        claim="What training exists to prevent is what keeps players from being bored.",
        conclusion=_conclusion(bodies, verdicts, checks, far),
        checks=checks,
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
    """Log densities in nats under ``n`` models, each fitted to its own draw of the dots: pairs are
    a mean over models and its standard error."""
    kind, draw = DOTS[name]
    body = list(DOTS).index(name)
    found = []
    for repetition in range(n):
        rng = stream(seed, "essay", _PLACE, 1, body, repetition)
        model = fit_dots(kind, draw(N_FEW_DOTS, rng=rng), seed=seed, address=repetition)
        edge = hdr(model, n=_N_REGION, rng=rng).threshold_nats
        found.append([*model.log_density([far, NEAR_BY]), edge])
    far_nats, near_nats, edge_nats = np.array(found).T
    return {
        "n": n,
        "model": kind,
        "far_nats": mean_and_error(far_nats),
        "near_by_nats": mean_and_error(near_nats),
        "edge_nats": mean_and_error(edge_nats),
        "beyond_edge_nats": mean_and_error(far_nats - edge_nats),
        "share_outside": mean_and_error(far_nats < edge_nats),
        "powers_of_ten": mean_and_error((near_nats - far_nats) / np.log(10.0)),
    }


def _boredom(setting: Setting, n: int) -> dict[str, Any]:
    """``n`` players on the model throughout, and with some samples off it."""
    table = play_arms(setting, _ARMS, range(n))
    people = Population.sample(n, seed=setting.seed, spreads=setting.spreads)
    on, off = (partial(as_cube, table, arm=arm) for arm in (_ON, _OFF))
    broke = off("broke")
    # What the break would have cost somebody who only met the model, against what the sample that
    # it replaced did cost them.
    extra = np.where(broke, off("unprepared_bits") - on("surprise_bits"), np.nan)
    met = np.where(broke, off("surprise_bits") - on("surprise_bits"), np.nan)
    edge = setting.outside.region.threshold_nats
    return {
        "n_players": n,
        "n_levels": setting.n_levels,
        "share_off_model": off("off_model").mean(),
        "nats_beyond_edge": _over_players(np.where(broke, edge - off("log_density"), np.nan)),
        "on_model_bits": mean_and_error(on("surprise_bits").mean(axis=1)),
        "extra_bits": _over_players(extra),
        "extra_bits_late": _over_players(extra[:, setting.n_levels // 2 :]),
        "extra_bits_late_used_to_breaks": _over_players(met[:, setting.n_levels // 2 :]),
        "threshold": np.quantile(people.threshold, [0.1, 0.5, 0.9]),
        "notions": {notion: _notion(table, notion, people) for notion in NOTIONS},
        "broken": _dots_that_broke(table) if setting.outside.model.space.n == 2 else [],
    }


def _over_players(values: Values) -> tuple[float, float]:
    """Mean over players of each one's mean, and its standard error; players without a value are
    left out. NaN if nobody has one."""
    known = np.isfinite(values).any(axis=1)
    if not known.any():
        return np.nan, np.nan
    return mean_and_error(np.nanmean(values[known], axis=1))


def _notion(table: Table, notion: str, people: Population) -> dict[str, Any]:
    """Boredom with and without off-model samples under one notion of interest, by player."""
    curves = {arm: as_cube(table, f"boredom_{notion}", arm) for arm in (_ON, _OFF)}
    left = {arm: levels_until_bored(curve, people.threshold) for arm, curve in curves.items()}
    gained = paired_difference(left[_OFF].levels, left[_ON].levels)
    error = len(people.threshold) ** -0.5
    return {
        "curves": {
            arm: {"mean": curve.mean(axis=0), "error": curve.std(axis=0, ddof=1) * error}
            for arm, curve in curves.items()
        },
        "difference": mean_and_error((curves[_OFF] - curves[_ON]).mean(axis=1)),
        "median_levels": {arm: float(np.median(left[arm].levels)) for arm in curves},
        "share_stayed": {arm: float(left[arm].censored.mean()) for arm in curves},
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


def _checks(name: str, body: Mapping[str, Any], far: Point) -> list[Check]:
    def check(what: str, value: Sequence[float], relation: Relation, bound: float) -> Check:
        return Check(
            what=f"{BODIES[name]}: {what}",
            estimate=value[0],
            standard_error=value[1],
            relation=relation,
            bound=bound,
        )

    checks = []
    if "refits" in body:
        refits, dot = body["refits"], f"({far[0]:g}, {far[1]:g})"
        checks = [
            check(
                f"share of models that have {dot} outside their 99.9 % region",
                refits["share_outside"],
                "equal",
                1.0,
            ),
            check(
                f"log density of {dot} less that of the region's edge, nats",
                refits["beyond_edge_nats"],
                "below",
                0.0,
            ),
        ]
    surprise = body["notions"]["surprise"]["difference"]
    return [
        *checks,
        check(
            "bits an off-model sample costs beyond its on-model one", body["extra_bits"], "above", 0
        ),
        check("boredom with off-model samples less without (surprise)", surprise, "below", 0.0),
    ]


def _conclusion(
    bodies: Mapping[str, Any],
    verdicts: Mapping[str, Mapping[str, str]],
    checks: Sequence[Check],
    far: Point,
) -> str:
    failed = [check.sentence() for check in checks if not check.holds]
    if failed:
        return f"Off-model novelty did not come out as the essay says: {'; '.join(failed)}."
    odds = [
        f"10^{body['refits']['powers_of_ten'][0]:.0f} ({BODIES[name]})"
        for name, body in bodies.items()
        if name in DOTS
    ]
    unlikely = (
        f"for one dot at ({far[0]:g}, {far[1]:g}) the model makes {' or '.join(odds)} at"
        f" ({NEAR_BY[0]:g}, {NEAR_BY[1]:g}); "
        if odds
        else ""
    )
    extra = [f"{body['extra_bits'][0]:.1f} ({BODIES[name]})" for name, body in bodies.items()]
    words = (
        f"{unlikely}what is off the model cost players {', '.join(extra)} bits more than what it"
        f" replaced, and with it they were {in_words(BODIES, verdicts)}."
    )
    return words[0].upper() + words[1:]
