"""How alike two levels look to people, without training and for any grid of tiles.

People asked which of two levels looks more like a third name the complexity of the pattern, its
symmetry and the colours of the tiles; frequencies of tiles agree with their answers better than
large patterns of tiles do, and pictures seen as a whole agree best [Berns2024]_. So the distance
adds up many small measurements of three kinds: *content* (which tiles, which of them touch,
straight runs), *place* (blurred maps: the whole is seen before its parts [Navon1977]_, and maps at
several scales tell scenes apart [Lazebnik2006]_) and *pattern* (shape and texture whatever the
tiles are called: regularity, direction and complexity are what people sort textures by
[RaoLohse1996]_, and mirror symmetry is seen at a glance [Wagemans1995]_).

Features that can be told apart add up, and each counts less the larger its difference is already
[Shepard1987]_:

    distance = sum over components of weight * (1 - exp(-difference / unit)).

It is at least 0, below 1, 0 for levels with the same tiles in the same places, and the same in both
directions. It is no metric in the strict sense: the triangle inequality is not promised. A unit is
twice the median difference of two levels of one body, the median again over 26 bodies: whole levels
and small windows of hand-made and generated platformers, puzzle platformers, rooms and boards.
Units and weights are frozen; nothing is set for a game. Which name a tile has matters only by being
the same or not, and what a tileset says about tiles does not matter at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.similarity_grid import GridLike
from procgen_sim.levels.similarity_look import Look, describe, pack

__all__ = [
    "COMPONENTS",
    "Component",
    "GridLike",
    "Look",
    "components",
    "describe",
    "distance",
    "distance_matrix",
    "distances",
]


@dataclass(frozen=True, kw_only=True)
class Component:
    """One of the things that make levels look different.

    Attributes
    ----------
    name
        What it is called in :func:`components`.
    kind
        ``"content"``, ``"place"``, ``"pattern"`` or ``"size"``.
    weight
        Its share of the distance; all weights sum to 1.
    unit
        The difference at which it has reached 1 - 1/e of its weight.
    meaning
        What is compared, for people.
    """

    name: str
    kind: str
    weight: float
    unit: float
    meaning: str


def _component(name: str, kind: str, weight: float, unit: float, meaning: str) -> Component:
    return Component(name=name, kind=kind, weight=weight, unit=unit, meaning=meaning)


COMPONENTS: Final = (
    _component("tiles", "content", 0.12, 0.50, "how many there are of each tile"),
    _component("kinds", "content", 0.08, 0.76, "which tiles there are, rare ones counting more"),
    _component("layout", "place", 0.25, 1.12, "where each tile lies, in a blurred map"),
    _component("pairs", "content", 0.05, 1.00, "which tiles touch"),
    _component("blocks", "content", 0.06, 1.32, "squares of two by two tiles"),
    _component("runs", "content", 0.08, 1.02, "straight runs of each tile, by length"),
    _component("structure", "place", 0.06, 0.20, "which places look alike, whatever the tiles"),
    _component("silhouette", "place", 0.04, 0.28, "where the uncommon tiles lie"),
    _component("shapes", "pattern", 0.07, 0.54, "small shapes, whatever the tiles"),
    _component("strokes", "pattern", 0.03, 0.11, "lengths of flat and upright runs"),
    _component("regions", "pattern", 0.03, 1.16, "forms and sizes of connected regions"),
    _component("symmetry", "pattern", 0.04, 0.30, "mirror images and half turns"),
    _component("regularity", "pattern", 0.03, 0.28, "what repeats after how many tiles"),
    _component("complexity", "pattern", 0.04, 0.18, "variety, edges and how they are spread"),
    _component("size", "size", 0.02, 2.00, "height and width, in octaves"),
)
"""What the distance is made of, in the order in which it is measured.

Weights follow the sources, not any game. The map of each tile leads, because it holds content and
place at once and the whole is seen first. The rest of content comes next: frequencies and what
touches what, at several sizes, because on a small grid each size alone is sparse. Pattern is spread
over many small measurements, none of which is reliable alone. Size is hardly looked at.
"""

_UNITS: Final = np.array([component.unit for component in COMPONENTS])
_WEIGHTS: Final = np.array([component.weight for component in COMPONENTS])


def _look(level: GridLike | Look) -> Look:
    return level if isinstance(level, Look) else describe(level)


def distance(a: GridLike | Look, b: GridLike | Look) -> float:
    """How different two levels look, from 0 for equal ones to less than 1.

    Two levels of one game are mostly 0.1 to 0.4 apart, two without a tile in common about 0.5.

    Parameters
    ----------
    a, b
        A level, a 2-D array of characters or of whole numbers, equally long rows of text, or what
        :func:`describe` made of one. A character is the same tile as its code point.

    Raises
    ------
    InputError
        If one of them is not a grid of tiles.

    Examples
    --------
    >>> room = ["#####", "#...#", "#.o.#", "#...#", "#####"]
    >>> filled = ["#####", "#~~~#", "#~o~#", "#~~~#", "#####"]
    >>> moved = ["#####", "#...#", "#..o#", "#...#", "#####"]
    >>> distance(room, room), distance(room, moved) < distance(room, filled)
    (0.0, True)
    """
    return float(distances(a, [b])[0])


def distances(level: GridLike | Look, others: Sequence[GridLike | Look]) -> npt.NDArray[np.float64]:
    """``(n_others,)`` :func:`distance` of one level from each of the others."""
    from procgen_sim.levels import similarity_kernel

    looks = pack([_look(level), *map(_look, others)])
    out = np.zeros(len(others) + 1)
    similarity_kernel.distances(looks, 0, 1, _UNITS, _WEIGHTS, out)
    return out[1:]


def distance_matrix(levels: Sequence[GridLike | Look]) -> npt.NDArray[np.float64]:
    """``(n_levels, n_levels)`` :func:`distance` of all pairs."""
    from procgen_sim.levels.similarity_kernel import all_distances

    return np.asarray(all_distances(pack([_look(level) for level in levels]), _UNITS, _WEIGHTS))


def components(a: GridLike | Look, b: GridLike | Look) -> dict[str, float]:
    """What a distance is made of: by name of the component, its part of the sum.

    Examples
    --------
    >>> parts = components(["##..", "##.."], ["..##", "..##"])
    >>> parts["tiles"], max(parts, key=parts.get)
    (0.0, 'layout')
    """
    from procgen_sim.levels.similarity_kernel import contrast

    out = np.zeros(len(COMPONENTS))
    contrast(pack([_look(a), _look(b)]), 0, 1, out)
    parts = _WEIGHTS * (1 - np.exp(-out / _UNITS))
    return {component.name: float(p) for component, p in zip(COMPONENTS, parts, strict=True)}
