"""Attention is U-shaped in surprise: people leave the too simple soonest, and the too complex.

Infants look away from sequences whose events are very predictable and from those whose events are
very surprising [Kidd2012]_. Here sequences differ in one thing, how far their levels spread around
the middle of their theme: from one level for ever to more than the whole natural range. The hazard
is the chance to leave after a level,

    hazard = players who left / levels they met,

against s / S₀, mean surprise of the levels they met. S₀ is *one* yardstick for all sequences: were
each measured against its own newcomers, all would start at 1. The middle sequence is fixed
(:data:`MIDDLE`), not the best one found; ends are the least and the greatest spread. Under
``wundt`` the U is no discovery: interest is assumed to fall on both sides of an appetite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import Check
from procgen_sim.experiments.essay.hallmarks.habituation import Room, groups_and_error
from procgen_sim.players import Evidence, levels_until_bored

__all__ = ["MIDDLE", "SPREADS", "STRETCHES", "Attention", "Sequences", "spread_out"]

Floats = npt.NDArray[np.float64]

SPREADS: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.5, 2.0)
"""Half-width of a sequence of dots, in natural ranges: 0.5 is anywhere at all, more is beyond."""

STRETCHES: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
"""How far levels of a theme are from its middle, in their own distances. Above 1 they are design
vectors that need not be buildable: what can be built of eleven parameters is never too complex."""

MIDDLE: Final = {"dots": 0.4, "levels": 1.25}
"""The spread that ends are compared with: fixed once, from a pilot run in which it came closest to
the appetite assumed of people, so that it is not chosen from the numbers it is tested on."""

_N_LEVELS: Final = 40


def spread_out(room: Room, address: int) -> dict[float, Evidence]:
    """Sequences from constant to chaos by their spread, as each player's newcomer meets them."""
    n_players = room.people.n_players
    found = {}
    for item, spread in enumerate(SPREADS if room.shown.name == "dots" else STRETCHES):
        if room.shown.name == "dots":
            unit = room.rng(address, item).random((n_players, _N_LEVELS, room.shown.n_dimensions))
            levels = 0.5 + spread * (2.0 * unit - 1.0)
        else:
            theme = room.levels("theme", _N_LEVELS, address, item)
            middle = theme.mean(axis=(0, 1))
            levels = middle + spread * (theme - middle)
        found[spread] = room.evidence(levels)
    return found


@dataclass(frozen=True, kw_only=True)
class Sequences:
    """When players left sequences, one entry a spread.

    Attributes
    ----------
    spread
        ``(k,)`` how far levels spread.
    ratio
        ``(k,)`` mean s / S₀ of the levels that players met before they left.
    hazard, hazard_error
        ``(k,)`` chance to leave after a level, and its standard error over groups of players.
    stayed
        ``(k, P)`` levels until bored; the number of levels for those who stayed to the end.
    middle
        The place of the sequence that the ends are compared with.
    """

    spread: Floats
    ratio: Floats
    hazard: Floats
    hazard_error: Floats
    stayed: Floats
    middle: int

    @property
    def u_shaped(self) -> bool:
        """Whether players leave both ends sooner than the middle, beyond chance."""
        return self.longer_than(0).holds and self.longer_than(-1).holds

    def longer_than(self, end: int) -> Check:
        """By how many levels players stay longer with the middle than with one end (0 or −1)."""
        return self._check(self.stayed[self.middle] - self.stayed[end], self._end(end))

    def longer_at_the_end(self) -> Check:
        """By how many levels they stay longer with chaos than with the middle."""
        gained = self.stayed[-1] - self.stayed[self.middle]
        return self._check(gained, "the most spread than with the middle sequence")

    @staticmethod
    def _end(end: int) -> str:
        word = "constant" if end == 0 else "most spread"
        return f"the middle than with the {word} sequence"

    @staticmethod
    def _check(values: Floats, words: str) -> Check:
        what = f"levels that players stay longer with {words}"
        return Check.of(what, groups_and_error(values), "above", 0.0)


class Attention:
    """Players before sequences of every spread, asked under any notion of interest."""

    def __init__(self, room: Room, address: int) -> None:
        self.room, self.met = room, spread_out(room, address)

    def under(self, notion: str) -> Sequences:
        """When they leave under one notion."""
        rows = []
        people = self.room.people
        for evidence in self.met.values():
            boredom = self.room.course(evidence).boredom(notion)
            left = levels_until_bored(boredom, people.threshold)
            stayed = left.levels.astype(np.float64)
            gone = (~left.censored).astype(np.float64)
            hazard = gone.sum() / stayed.sum()
            # A ratio's error: of what a group's leavings exceed those expected of its levels.
            error = groups_and_error(gone - hazard * stayed)[1] / stayed.mean()
            surprise = evidence.surprise_bits / evidence.naive_bits
            met = np.arange(surprise.shape[1]) < stayed[:, np.newaxis]
            rows.append((surprise[met].mean(), hazard, error, stayed))
        ratio, hazards, errors, stays = (np.array(column) for column in zip(*rows, strict=True))
        return Sequences(
            spread=np.array(list(self.met)),
            ratio=ratio,
            hazard=hazards,
            hazard_error=errors,
            stayed=stays,
            middle=list(self.met).index(MIDDLE[self.room.shown.name]),
        )
