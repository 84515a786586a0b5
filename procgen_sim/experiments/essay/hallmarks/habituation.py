"""Players who meet the same kind of level again and again: what habituation is asked of.

Habituation is a response that wanes because its stimulus returns. Here the stimulus is a level of
one theme, and the response is *engagement*, 1 − b, with b the boredom after the level:

    b_t = b · 2^(−h / H),   b ← b_t + (1 − i_t − b_t) / τ

for h hours of rest before the level, half-life of recovery H and interest i_t. Two clocks run:
boredom fades with hours, what was learned fades with levels met. *Intensity* of a level is what it
costs a newcomer, in bits: a property of each single level, as loudness is of a tone. How variable a
theme is is a property of the series, so it is no intensity; :mod:`.attention` varies that.

All surprise is measured against one fixed yardstick S₀ a material: for dots, dots anywhere in the
natural range, which is what a newcomer is assumed to expect; for levels, the generator's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_choice
from procgen_sim.experiments.essay.bodies import GENRES, prepared_levels
from procgen_sim.experiments.essay.dots import CENTRES, HIGH, SPACE
from procgen_sim.experiments.essay.registry import EXPERIMENTS
from procgen_sim.players import Evidence, Population, ThemeObserver, grow, naive_bits, recover
from procgen_sim.players import interest as interest_in
from procgen_sim.rng import stream

__all__ = ["MATERIALS", "Course", "Material", "Room", "material"]

Floats = npt.NDArray[np.float64]

MATERIALS: Final = ("dots", "levels")
"""What players can be shown; a place in this tuple is part of a stream's address."""

PLACE: Final = EXPERIMENTS.index("hallmarks")
_YARDSTICK: Final = 9999
_DOT_SD: Final = 1.5
_SHIFT: Final = 2.0
"""Of a similar theme: little more than one standard deviation."""
_CORNER: Final = 2.0
"""Middle of a theme as far from what a newcomer expects as there is room for."""
_N_YARDSTICK: Final = 500
"""Levels whose mean cost is S₀: known to half a percent."""


class Material(Protocol):
    """Where stimuli come from.

    Kinds are ``theme``, the one that returns; ``near`` and ``similar``, neighbours; ``other``,
    another theme; ``weak`` and ``strong``, little and much surprise to a newcomer.
    """

    name: str
    n_dimensions: int
    yardstick: Floats
    """``(m, d)`` levels, in unit coordinates, whose mean cost to a newcomer is S₀."""

    def draw(self, kind: str, n_players: int, n: int, rng: np.random.Generator) -> Floats:
        """``(P, n, d)`` levels of a kind in unit coordinates, each player's own."""
        ...


class Dots:
    """The essay's plane: themes are round clusters, as in :func:`.dots.cluster_dots`."""

    name = "dots"
    n_dimensions = SPACE.n

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "essay", PLACE, MATERIALS.index(self.name), _YARDSTICK)
        self.yardstick: Floats = rng.random((_N_YARDSTICK, SPACE.n))
        here, there = CENTRES
        middle = HIGH / 2  # what a newcomer expects
        self.middles: Mapping[str, tuple[float, float]] = {
            "theme": (here, here),
            "near": (here, here),
            "similar": (here + _SHIFT, here),
            "other": (there, there),
            "weak": (middle, middle),
            "strong": (_CORNER, _CORNER),
        }

    def draw(self, kind: str, n_players: int, n: int, rng: np.random.Generator) -> Floats:
        """Dots around the middle of their theme."""
        away = rng.normal(0.0, _DOT_SD, (n_players, n, SPACE.n))
        return SPACE.to_unit(np.array(self.middles[kind]) + away)


class Levels:
    """Built, measured on-model levels of the shipped corpora's generator, drawn with replacement.

    The theme is one genre; ``near`` and ``similar`` are its two halves along the direction in which
    it varies most; ``weak`` and ``strong`` are the quarters that cost a newcomer least and most.
    """

    name = "levels"

    def __init__(self, seed: int) -> None:
        prepared = prepared_levels(seed)
        model, yardstick = prepared.setting.outside.model, prepared.setting.yardstick
        vectors = np.concatenate([yardstick.training, yardstick.fresh])
        pool = model.space.to_unit(vectors)
        own = prepared.data[np.array(prepared.bodies) == GENRES[0]]
        genre = int(model.responsibilities(own).sum(axis=0).argmax())
        mine = model.responsibilities(vectors).argmax(axis=1) == genre
        theme = pool[mine]
        self.n_dimensions = model.space.n
        self.yardstick: Floats = model.space.to_unit(yardstick.fresh[:_N_YARDSTICK])
        centred = theme - theme.mean(axis=0)
        axis = np.linalg.svd(centred, full_matrices=False)[2][0]
        axis *= np.sign(axis[np.abs(axis).argmax()])  # an eigenvector's sign is arbitrary
        side = centred @ axis
        newcomer = Population.degenerate(1).theme_observer(self.n_dimensions)
        by_cost = theme[np.argsort(newcomer.surprise_bits_many(theme)[0], kind="stable")]
        quarter = len(theme) // 4
        self.pools: Mapping[str, Floats] = {
            "theme": theme,
            "near": theme[side < 0],
            "similar": theme[side >= 0],
            "other": pool[~mine],
            "weak": by_cost[:quarter],
            "strong": by_cost[-quarter:],
        }

    def draw(self, kind: str, n_players: int, n: int, rng: np.random.Generator) -> Floats:
        """Levels of that kind."""
        pool = self.pools[kind]
        which = (rng.random((n_players, n)) * len(pool)).astype(np.int64)
        return np.asarray(pool[which])


def material(name: str, seed: int) -> Material:
    """Dots or levels.

    Raises
    ------
    InputError
        If there is no such material.
    """
    return Dots(seed) if check_choice("material", name, MATERIALS) == "dots" else Levels(seed)


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
    """

    def __init__(
        self,
        shown: Material,
        people: Population,
        *,
        seed: int,
        recovery_half_life_hours: float,
    ) -> None:
        self.shown, self.people, self.seed = shown, people, seed
        self.recovery_half_life_hours = recovery_half_life_hours
        self.newcomers: ThemeObserver = people.theme_observer(shown.n_dimensions)
        self.naive_bits: Floats = naive_bits(self.newcomers, shown.yardstick)[:, np.newaxis]

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
        if learns:
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
