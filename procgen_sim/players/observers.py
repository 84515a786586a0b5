"""One face for whatever players attend to: themes, patterns, or both.

Theme observers see design parameters, pattern observers see tiles. What *both* are told of a level
is the mean of two surprises, each as a share of its newcomer's, in the theme observer's bits:

    s = ½ (s_theme + s_pattern · S_0,theme / S_0,pattern)

A level has hundreds of tiles and eleven parameters, so the plain sum would be of patterns alone;
as shares, an ordinary level weighs the same with both on a player's first day. That they attend to
both equally is an ASSUMPTION. Learning progress, newcomers and veterans follow the same formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_choice
from procgen_sim.players.assumptions import NAIVE_PRIOR, NEWCOMER_BITS, NaivePrior
from procgen_sim.players.interest import Taste
from procgen_sim.players.pattern import PatternObserver
from procgen_sim.players.population import Population
from procgen_sim.players.theme import Observation, ThemeObserver
from procgen_sim.players.veteran import Ends

__all__ = ["OBSERVERS", "Met", "Observers", "Seen", "make_observers", "taste_for"]

Floats = npt.NDArray[np.float64]
Players = npt.NDArray[np.intp]

OBSERVERS: Final[dict[str, tuple[str, ...]]] = {
    "theme": ("theme",),
    "pattern": ("pattern",),
    "both": ("theme", "pattern"),
}
"""What players can be told to attend to, and which observers that takes; the first's bits are the
unit in which surprise is given."""

Met = Mapping[str, npt.NDArray[Any]]
"""What there is to see of the levels that players meet, one each: ``theme`` ``(P, d)`` design
parameters in unit coordinates, ``pattern`` ``(P, rows, columns)`` tile codes."""


@dataclass(frozen=True, kw_only=True)
class Seen(Observation):
    """What meeting levels did to players, and what each of their observers made of it.

    Attributes
    ----------
    parts
        Observer to its own observation, in its own bits.
    """

    parts: Mapping[str, Observation]


class Observers:
    """Some players' observers, taken together.

    Parameters
    ----------
    members
        The observers by name, of the same players, in the order of :data:`OBSERVERS`.
    ends
        Each one's ends of the scale.

    Attributes
    ----------
    weights
        Observer to ``(P,)``: what a bit of its surprise counts. 1 for an observer that is alone.
    ends
        Both ends of the scale for all observers together.
    """

    def __init__(
        self, members: Mapping[str, ThemeObserver | PatternObserver], ends: Mapping[str, Ends]
    ) -> None:
        self.members, self._ends = dict(members), ends
        unit, *others = (ends[name].naive_bits for name in members)
        n = 1 + len(others)
        shares = [np.full_like(unit, 1 / n), *(unit / (n * other) for other in others)]
        self.weights = dict(zip(members, shares, strict=True))
        self.ends = Ends(
            **{
                field.name: self._together({n: getattr(ends[n], field.name) for n in members})
                for field in fields(Ends)
            }
        )

    def surprise_bits(self, met: Met, who: Players) -> Floats:
        """``(len(who),)`` what their levels would cost some of the players now; not learned."""
        bits = {}
        for name, observer in self.members.items():
            if isinstance(observer, PatternObserver):
                bits[name] = observer.surprise_bits(met[name][who], who=who.tolist())
            else:
                bits[name] = observer.surprise_bits(met[name])[who]
        return self._together(bits, who)

    def observe(self, met: Met, siblings: Met) -> Seen:
        """Meet and learn one level each: results ``(P,)``.

        Parameters
        ----------
        met
            The levels.
        siblings
            Another of the kind of each that nobody met yet, for those who learn patterns: by how
            much cheaper a level made it is what the level taught.
        """
        parts: dict[str, Observation] = {}
        for name, observer in self.members.items():
            if isinstance(observer, PatternObserver):
                parts[name] = observer.observe(met[name], siblings[name])
            else:
                parts[name] = observer.observe(met[name])
        return Seen(
            surprise_bits=self._together({n: part.surprise_bits for n, part in parts.items()}),
            progress_bits=self._together({n: part.progress_bits for n, part in parts.items()}),
            parts=parts,
        )

    def copy(self) -> Observers:
        """The same players with the same memories, who from now on live their own lives."""
        return Observers({name: each.copy() for name, each in self.members.items()}, self._ends)

    def fresh(self) -> Observers:
        """The same players before they saw anything."""
        return Observers({name: each.naive() for name, each in self.members.items()}, self._ends)

    def _together(self, bits: Mapping[str, Floats], who: Players | None = None) -> Floats:
        chosen = slice(None) if who is None else who
        total, *more = (self.weights[name][chosen] * each for name, each in bits.items())
        for each in more:
            total = total + each
        return np.asarray(total)


def make_observers(
    observer: str,
    people: Population,
    ends: Mapping[str, Ends],
    *,
    n_dimensions: int,
    n_tiles: int,
    prior: NaivePrior = NAIVE_PRIOR,
) -> Observers:
    """These people's observers, naive.

    Parameters
    ----------
    observer
        One of :data:`OBSERVERS`.
    people
        Who they are.
    ends
        Both ends of the scale for each observer that this takes.
    n_dimensions, n_tiles
        How many design parameters levels have, and how many tiles there are.
    prior
        What newcomers to themes expect.

    Raises
    ------
    InputError
        If there is no such observer.
    """
    check_choice("observer", observer, OBSERVERS)
    makers: dict[str, Callable[[], ThemeObserver | PatternObserver]] = {
        "theme": lambda: people.theme_observer(n_dimensions, prior=prior),
        "pattern": lambda: people.pattern_observer(n_tiles),
    }
    return Observers({name: makers[name]() for name in OBSERVERS[observer]}, ends)


def taste_for(people: Population, observers: Observers) -> Taste:
    """What people like, learning progress measured in the bits of these observers.

    The saturation of ``progress`` is assumed in a theme observer's bits. For players who attend to
    patterns alone it is the same share of what an ordinary level costs them as newcomers.
    """
    if "theme" in observers.members:
        return people.taste
    scale = observers.ends.naive_bits[:, np.newaxis] / NEWCOMER_BITS
    return replace(people.taste, saturation_bits=people.taste.saturation_bits * scale)
