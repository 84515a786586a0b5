"""A race: all arms run on a few players, the better half on twice as many, and so on.

Successive halving [Jamieson2016]_: most of the work goes to the arms that could be best. All arms
of a lap meet the same players with the same on-model levels, so that luck is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from procgen_sim.experiments.parallel import Workers
from procgen_sim.experiments.search.judging import levels_kept
from procgen_sim.injection import Arm
from procgen_sim.players import NOTIONS, Leaving, Population, levels_until_bored
from procgen_sim.results import Table, as_cube
from procgen_sim.session import Setting, play_arms

__all__ = ["Lap", "Ran", "race", "run_arms"]

_FIRST: Final = 10
"""Players of the first lap."""

_BLOCK: Final = 10
"""Players of one task; never depends on the number of processes."""

_MOST_ARMS: Final = 16
"""Arms of one task."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ran:
    """One arm, run by some players.

    Attributes
    ----------
    arm
        The arm.
    leaving
        Notion of interest to when they left.
    broke_share, off_model_share
        Shares of levels.
    """

    arm: Arm
    leaving: dict[str, Leaving]
    broke_share: float
    off_model_share: float


@dataclass(frozen=True, kw_only=True)
class Lap:
    """One lap.

    Attributes
    ----------
    n_players
        Who ran it: players 0 to ``n_players − 1``.
    ranking
        Arm and how many levels it kept the audience, best first.
    """

    n_players: int
    ranking: tuple[tuple[str, float], ...]


def race(
    setting: Setting,
    arms: Sequence[Arm],
    *,
    notion: str,
    keep: float,
    n_finalists: int,
    n_players: int,
    workers: Workers[Any],
    progress: Progress | None = None,
) -> tuple[tuple[Arm, ...], tuple[Lap, ...]]:
    """The ``n_finalists`` best arms, best first, and how the race went.

    Parameters
    ----------
    setting
        What all arms share.
    arms
        Who races.
    notion, keep
        What counts: how long a share ``keep`` of the audience stays under a notion of interest.
    n_players
        Players of the last lap at most.
    """
    laps: list[Lap] = []
    left, n = list(arms), min(_FIRST, n_players)
    while True:
        ran = run_arms(setting, left, range(n), workers)
        scores = [_score(each.leaving[notion], keep) for each in ran]
        # Arms are in a fixed order, and the sort is stable: ties are decided once for all.
        order = sorted(range(len(left)), key=lambda i: scores[i], reverse=True)
        laps.append(Lap(n_players=n, ranking=tuple((left[i].name, scores[i][0]) for i in order)))
        if progress:
            progress(len(laps), len(laps) + _laps_to_go(len(left), n_finalists, n, n_players))
        if len(left) <= n_finalists or n >= n_players:
            return tuple(left[i] for i in order[:n_finalists]), tuple(laps)
        half = max(n_finalists, (len(left) + 1) // 2)
        left, n = [left[i] for i in order[:half]], min(2 * n, n_players)


def run_arms(
    setting: Setting, arms: Sequence[Arm], players: range, workers: Workers[Any]
) -> list[Ran]:
    """Let players run arms, in blocks of players and arms; a result an arm."""
    groups = [arms[i : i + _MOST_ARMS] for i in range(0, len(arms), _MOST_ARMS)]
    blocks = [
        range(first, min(first + _BLOCK, players.stop))
        for first in range(players.start, players.stop, _BLOCK)
    ]
    tasks = [(setting, tuple(group), block) for block in blocks for group in groups]
    done = list(workers(_run_block, tasks))
    pieces: dict[str, list[Ran]] = {arm.name: [] for arm in arms}
    for ran in done:
        for each in ran:
            pieces[each.arm.name].append(each)
    return [_together(blocks_of_arm) for blocks_of_arm in pieces.values()]


def _run_block(setting: Setting, arms: tuple[Arm, ...], players: range) -> list[Ran]:
    table = play_arms(setting, arms, players)
    people = Population.sample(
        len(players), seed=setting.seed, spreads=setting.spreads, first=players.start
    )
    return [_ran(table, arm, people.threshold) for arm in arms]


def _ran(table: Table, arm: Arm, threshold: np.ndarray) -> Ran:
    return Ran(
        arm=arm,
        leaving={
            notion: levels_until_bored(as_cube(table, f"boredom_{notion}", arm.name), threshold)
            for notion in NOTIONS
        },
        broke_share=float(as_cube(table, "broke", arm.name).mean()),
        off_model_share=float(as_cube(table, "off_model", arm.name).mean()),
    )


def _together(pieces: list[Ran]) -> Ran:
    """Blocks of players as one; shares are weighted by their sizes."""
    notions = pieces[0].leaving
    sizes = np.array([len(next(iter(piece.leaving.values())).levels) for piece in pieces])
    return Ran(
        arm=pieces[0].arm,
        leaving={
            notion: Leaving(
                levels=np.concatenate([piece.leaving[notion].levels for piece in pieces]),
                censored=np.concatenate([piece.leaving[notion].censored for piece in pieces]),
            )
            for notion in notions
        },
        broke_share=float(np.average([piece.broke_share for piece in pieces], weights=sizes)),
        off_model_share=float(
            np.average([piece.off_model_share for piece in pieces], weights=sizes)
        ),
    )


def _score(leaving: Leaving, keep: float) -> tuple[float, float]:
    """How long the share is kept; of equals, how long the mean player stays."""
    return levels_kept(leaving, keep), float(leaving.levels.mean())


def _laps_to_go(n_arms: int, n_finalists: int, n: int, n_players: int) -> int:
    laps = 0
    while n_arms > n_finalists and n < n_players:
        n_arms, n, laps = max(n_finalists, (n_arms + 1) // 2), min(2 * n, n_players), laps + 1
    return laps
