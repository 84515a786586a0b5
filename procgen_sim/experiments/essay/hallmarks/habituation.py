"""Players who meet the same kind of level again and again: what habituation is asked of.

Habituation is a response that wanes because its stimulus returns. Here the stimulus is a level of
one theme, and the response is *engagement*, 1 − b, with b the boredom after the level:

    b_t = b · 2^(−h / H),   b ← b_t + (1 − i_t − b_t) / τ

for h hours of rest before the level, half-life of recovery H and interest i_t. Two clocks run:
boredom fades with hours, what was learned fades with levels met. *Intensity* of a level is what it
costs a newcomer, in bits: a property of each single level, as loudness is of a tone. How variable a
theme is is a property of the series, so it is no intensity; :mod:`.attention` varies that.

All surprise is measured against a fixed yardstick S₀: for dots, dots anywhere in the natural range,
which is what a newcomer is assumed to expect; for levels, the generator's.

Each player's levels are drawn for that player alone, and players come in :data:`GROUPS` groups
each of which has a yardstick of its own. So all that chance does is in the spread between groups,
and standard errors are over groups, not over players.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import mean_and_error
from procgen_sim.experiments.essay.hallmarks.material import GROUPS, MATERIALS, PLACE, Material
from procgen_sim.players import Evidence, Population, ThemeObserver, grow, naive_bits, recover
from procgen_sim.players import interest as interest_in
from procgen_sim.rng import stream

__all__ = ["Course", "Room", "by_group", "group_of", "groups_and_error"]

Floats = npt.NDArray[np.float64]


def group_of(n_players: int) -> npt.NDArray[np.int64]:
    """``(P,)`` the group of each player."""
    return np.arange(n_players) % GROUPS


def by_group(values: Floats) -> Floats:
    """``(P, …)`` of players to ``(GROUPS, …)``, means over each group's.

    >>> by_group(np.arange(40.0))[:3].tolist()
    [10.0, 11.0, 12.0]
    """
    return np.stack([values[group::GROUPS].mean(axis=0) for group in range(GROUPS)])


def groups_and_error(values: Floats) -> tuple[float, float]:
    """Mean of players' values ``(P,)``, and its standard error over groups."""
    return mean_and_error(by_group(values))


@dataclass(frozen=True, kw_only=True)
class Course:
    """What players met, and how they rested between.

    Attributes
    ----------
    evidence
        ``(P, T)`` what each level did to them.
    people
        Who they are.
    rest_hours
        ``(T,)`` hours of rest before each level.
    recovery_half_life_hours
        Hours in which half of their boredom is gone.
    """

    evidence: Evidence
    people: Population
    rest_hours: Floats
    recovery_half_life_hours: float

    def interest(self, notion: str) -> Floats:
        """``(P, T)`` interest in each level."""
        return interest_in(notion, self.evidence, self.people.taste)

    def boredom(self, notion: str) -> Floats:
        """``(P, T)`` boredom after each level; 1 − this is engagement, the response."""
        interest = self.interest(notion)
        curve = np.empty_like(interest)
        boredom = np.zeros(len(interest))
        for t, hours in enumerate(self.rest_hours.tolist()):
            if hours:
                boredom = recover(boredom, hours, half_life_hours=self.recovery_half_life_hours)
            boredom = grow(boredom, interest[:, t], self.people.tau_levels)
            curve[:, t] = boredom
        return curve


class Room:
    """Some players and one material: they are shown levels here, always starting naive.

    Parameters
    ----------
    shown
        Where levels come from.
    people
        Who plays; player i's levels are the same in any number of players.
    seed
        One seed, one result.
    recovery_half_life_hours
        Hours in which half of their boredom is gone.
    learns
        Whether players learn what they meet; if not, each level is to them as a first one.
    """

    def __init__(
        self,
        shown: Material,
        people: Population,
        *,
        seed: int,
        recovery_half_life_hours: float,
        learns: bool = True,
    ) -> None:
        self.shown, self.people, self.seed = shown, people, seed
        self.recovery_half_life_hours = recovery_half_life_hours
        self.learns = learns
        self.newcomers: ThemeObserver = people.theme_observer(shown.n_dimensions)
        self.naive_bits: Floats = self._yardstick_bits()[:, np.newaxis]

    def without_learning(self) -> Room:
        """The same players before the same levels, as they were if they learned nothing."""
        room = copy(self)
        room.learns = False
        return room

    def _yardstick_bits(self) -> Floats:
        """``(P,)`` S₀ of each player, by the yardstick of its group."""
        people, found = self.people, np.empty(self.people.n_players)
        for group, levels in enumerate(self.shown.yardsticks[: people.n_players]):
            of_it = slice(group, None, GROUPS)
            newcomers = ThemeObserver(
                self.shown.n_dimensions,
                half_life_levels=people.half_life_levels[of_it],
                concentration=people.concentration[of_it],
                resolution_bits=people.resolution_bits[of_it],
                n_players=len(found[of_it]),
            )
            found[of_it] = naive_bits(newcomers, levels)
        return found

    def rng(self, *address: int) -> np.random.Generator:
        """The stream of one purpose in this room."""
        place = MATERIALS.index(self.shown.name)
        return stream(self.seed, "essay", PLACE, place, *address)

    def levels(self, kind: str, n: int, *address: int) -> Floats:
        """``(P, n, d)`` levels of a kind; each address has its own."""
        return self.shown.draw(kind, self.people.n_players, n, self.rng(*address))

    def evidence(self, levels: Floats, *, learns: bool = True) -> Evidence:
        """What levels ``(P, T, d)`` do to newcomers who meet them in turn.

        Without learning each level is to them as the first is to a newcomer.
        """
        if learns and self.learns:
            seen = self.newcomers.naive().observe_many(levels)
            surprise, progress = seen.surprise_bits, seen.progress_bits
        else:
            n_players, n, d = levels.shape
            firsts = ThemeObserver(
                d,
                half_life_levels=np.repeat(self.people.half_life_levels, n),
                concentration=np.repeat(self.people.concentration, n),
                resolution_bits=np.repeat(self.people.resolution_bits, n),
                n_players=n_players * n,
                capacity=1,
            ).observe(levels.reshape(-1, d))
            surprise = firsts.surprise_bits.reshape(n_players, n)
            progress = firsts.progress_bits.reshape(n_players, n)
        return Evidence(surprise_bits=surprise, progress_bits=progress, naive_bits=self.naive_bits)

    def play(
        self, levels: Floats, rests: Mapping[int, float] | float = 0.0, *, learns: bool = True
    ) -> Course:
        """Players meet levels ``(P, T, d)``, resting some hours before some or before each."""
        return self.course(self.evidence(levels, learns=learns), rests)

    def course(self, evidence: Evidence, rests: Mapping[int, float] | float = 0.0) -> Course:
        """The same levels met with other rests: ``{level, from 0: hours}``, or hours before each.

        Learning does not know of hours, so what was met need not be met again.
        """
        hours = np.zeros(evidence.surprise_bits.shape[1])
        if isinstance(rests, Mapping):
            hours[list(rests)] = list(rests.values())
        else:
            hours[:] = rests
        return Course(
            evidence=evidence,
            people=self.people,
            rest_hours=hours,
            recovery_half_life_hours=self.recovery_half_life_hours,
        )
