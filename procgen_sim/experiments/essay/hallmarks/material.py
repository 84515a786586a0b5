"""What players are shown over and over: dots of the essay's plane, and levels of two genres.

Each player's stimuli are drawn for that player alone, so that players share no chances but those of
their group's yardstick: :mod:`.habituation` takes its errors over groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_choice
from procgen_sim.experiments.essay.bodies import GENRES, hand_made
from procgen_sim.experiments.essay.dots import CENTRES, HIGH, SPACE
from procgen_sim.experiments.essay.registry import EXPERIMENTS
from procgen_sim.experiments.preparation import design_space
from procgen_sim.models import fit
from procgen_sim.players import Population
from procgen_sim.rng import stream

__all__ = ["GROUPS", "MATERIALS", "PLACE", "Material", "material"]

Floats = npt.NDArray[np.float64]

MATERIALS: Final = ("dots", "levels")
"""What players can be shown; a place in this tuple is part of a stream's address."""

GROUPS: Final = 20
"""Groups of players; the i-th player is of group i modulo this."""

PLACE: Final = EXPERIMENTS.index("hallmarks")
_YARDSTICK: Final = 9999
_DOT_SD: Final = 1.5
_SHIFT: Final = 2.0
"""Of a similar theme: little more than one standard deviation."""
_CORNER: Final = 2.0
"""Middle of a theme as far from what a newcomer expects as there is room for."""
_N_YARDSTICK: Final = 200
"""Levels of a group whose mean cost is its S₀."""


class Material(Protocol):
    """Where stimuli come from.

    Kinds are ``theme``, the one that returns; ``near`` and ``similar``, neighbours; ``other``,
    another theme; ``weak`` and ``strong``, little and much surprise to a newcomer.
    """

    name: str
    n_dimensions: int
    yardsticks: Floats
    """``(GROUPS, m, d)`` levels, in unit coordinates, whose mean cost to a newcomer is S₀."""

    def draw(self, kind: str, n_players: int, n: int, rng: np.random.Generator) -> Floats:
        """``(P, n, d)`` levels of a kind in unit coordinates, each player's own."""
        ...


class Dots:
    """The essay's plane: themes are round clusters, as in :func:`.dots.cluster_dots`."""

    name = "dots"
    n_dimensions = SPACE.n

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "essay", PLACE, MATERIALS.index(self.name), _YARDSTICK)
        self.yardsticks: Floats = rng.random((GROUPS, _N_YARDSTICK, SPACE.n))
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
    """Levels as a generator asks for them, a Gaussian fitted to each of the shipped corpora.

    The theme is one genre, ``other`` another; S₀ is of both. ``near`` and ``similar`` are the two
    halves of the theme along the direction in which it varies most; ``weak`` and ``strong`` are the
    level of each four drawn that costs a newcomer least and most. Levels are as asked for, unbuilt,
    and all are drawn afresh: players who share a pool of built ones share its chances, too.
    """

    name = "levels"

    def __init__(self, seed: int) -> None:
        phi, bodies = hand_made()
        rng = stream(seed, "essay", PLACE, MATERIALS.index(self.name), _YARDSTICK)
        space, self.n_dimensions = design_space(), phi.shape[1]
        self.means, self.factors = [], []
        for genre in GENRES:
            fitted = fit("gaussian", phi[[body == genre for body in bodies]], space, rng=rng)
            unit = fitted.covariances[0] / np.outer(space.width, space.width)
            self.means.append(space.to_unit(fitted.means[0]))
            self.factors.append(np.linalg.cholesky(unit))
        self.axis: Floats = np.linalg.svd(self.factors[0])[0][:, 0]
        self.axis *= np.sign(self.axis[np.abs(self.axis).argmax()])  # its sign is arbitrary
        self.newcomer = Population.degenerate(1).theme_observer(self.n_dimensions)
        both = [self.draw(kind, GROUPS, _N_YARDSTICK // 2, rng) for kind in ("theme", "other")]
        self.yardsticks: Floats = np.concatenate(both, axis=1)

    def draw(self, kind: str, n_players: int, n: int, rng: np.random.Generator) -> Floats:
        """Levels of that kind."""
        if kind in ("weak", "strong"):
            four = self.draw("theme", n_players, 4 * n, rng).reshape(-1, 4, self.n_dimensions)
            cost = self.newcomer.surprise_bits_many(four.reshape(-1, self.n_dimensions))[0]
            cost = cost.reshape(-1, 4)
            which = cost.argmin(axis=1) if kind == "weak" else cost.argmax(axis=1)
            return np.asarray(four[np.arange(len(four)), which].reshape(n_players, n, -1))
        noise = rng.standard_normal((n_players, n, self.n_dimensions))
        genre = int(kind == "other")
        levels: Floats = self.means[genre] + noise @ self.factors[genre].T
        if kind not in ("near", "similar"):
            return levels
        # A Gaussian's halves mirror each other in its middle.
        middle = self.means[0]
        wrong = ((levels - middle) @ self.axis < 0) == (kind == "similar")
        return np.where(wrong[..., np.newaxis], 2 * middle - levels, levels)


def material(name: str, seed: int) -> Material:
    """Dots or levels.

    Raises
    ------
    InputError
        If there is no such material.
    """
    return Dots(seed) if check_choice("material", name, MATERIALS) == "dots" else Levels(seed)
