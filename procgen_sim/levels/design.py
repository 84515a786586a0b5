"""Design parameters: what a level is like, in eleven numbers.

Every parameter is measured from affordances alone, so levels of any tileset compare; on levels
that are not platformers the numbers are finite and mean little. Distances are in tiles, rates are
per 100 columns, so that short and long levels compare.

Words used in the definitions
-----------------------------
Ground of a column
    The solid tiles contiguous from the bottom row. A hill drawn as a one-way top over plain
    background down to the bottom row counts as ground too.
Gap
    A maximal run of columns without ground. Over a gap the ground height of the column before it
    is carried on (before a gap that opens the level, that of the first ground).
Ceiling
    Solid tiles, not ground, in the top three rows (in the top quarter of levels of fewer than
    twelve rows). Corpora differ in what they keep above the ceiling, hence three rows and not one.
Hazard column
    A column with a hazard that is not an enemy. Liquid or spikes *below the surface of a gap* do
    not count: falling in is lost either way, and the gap has been counted.
Onset
    A column where a gap, a run of hazard columns, or a run of columns with enemies begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.level import Level

__all__ = ["N_PARAMETERS", "PARAMETERS", "Parameter", "measure", "measure_many"]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One design parameter.

    Attributes
    ----------
    name
        As in tables, files and on the command line.
    unit
        What one of it is.
    low, high
        The natural range: what levels made by people and levels the builder can make span. A
        difference of ``high - low`` is the unit in which parameters compare; values beyond are
        allowed.
    definition
        How it is measured, degenerate cases included.
    notices
        What somebody who plays notices of it.
    """

    name: str
    unit: str
    low: float
    high: float
    definition: str
    notices: str


PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="gap_rate",
        unit="gaps per 100 columns",
        low=0.0,
        high=7.0,
        definition="number of gaps; a level without any ground is one gap",
        notices="how often there is a hole to jump",
    ),
    Parameter(
        name="gap_width",
        unit="tiles",
        low=0.0,
        high=5.0,
        definition="mean width of gaps; 0 without gaps",
        notices="how far the jumps are",
    ),
    Parameter(
        name="ground_height",
        unit="tiles",
        low=1.0,
        high=6.0,
        definition="mean height of the ground over the columns that have one; 0 without ground",
        notices="whether one walks low or high in the picture",
    ),
    Parameter(
        name="roughness",
        unit="tiles per column",
        low=0.0,
        high=0.8,
        definition="mean absolute difference of ground height between neighbouring columns that "
        "both have ground; 0 if there are none",
        notices="how much one climbs and drops",
    ),
    Parameter(
        name="platform_rate",
        unit="platforms per 100 columns",
        low=0.0,
        high=24.0,
        definition="number of maximal horizontal runs of solid or one-way tiles that belong to "
        "neither ground nor ceiling and have no solid tile directly above",
        notices="how much there is to stand on above the ground",
    ),
    Parameter(
        name="platform_height",
        unit="tiles",
        low=2.0,
        high=7.0,
        definition="mean over platforms of the height of their upper surface above the ground "
        "(carried over gaps), averaged over their columns; 0 without platforms",
        notices="how high the upper route runs",
    ),
    Parameter(
        name="enemy_rate",
        unit="enemies per 100 columns",
        low=0.0,
        high=14.0,
        definition="number of enemies",
        notices="how often something is in the way that moves",
    ),
    Parameter(
        name="hazard_rate",
        unit="hazard columns per 100 columns",
        low=0.0,
        high=20.0,
        definition="number of hazard columns",
        notices="how much of the floor hurts",
    ),
    Parameter(
        name="coin_rate",
        unit="finds per 100 columns",
        low=0.0,
        high=25.0,
        definition="number of collectables and of blocks that give something",
        notices="how much there is to pick up",
    ),
    Parameter(
        name="ceiling",
        unit="share of columns",
        low=0.0,
        high=1.0,
        definition="share of columns with a ceiling",
        notices="open sky or underground",
    ),
    Parameter(
        name="rhythm",
        unit="coefficient of variation",
        low=0.2,
        high=1.1,
        definition="standard deviation over mean of the distances between successive onsets: 0 "
        "for a metronome, 1 for random; 0 with fewer than three onsets",
        notices="a steady beat, or bursts and rests",
    ),
)
"""The design parameters, in the order of every design vector."""

N_PARAMETERS: Final = len(PARAMETERS)


def measure(level: Level) -> npt.NDArray[np.float64]:
    """Measure the design parameters of one level.

    Returns
    -------
    ``(11,)`` the design vector, in the order and units of :data:`PARAMETERS`; always finite.

    Examples
    --------
    >>> from procgen_sim.levels import Tileset
    >>> tiles = Tileset({"-": ("empty",), "X": ("solid",), "o": ("collectable",)})
    >>> level = Level.from_rows(["-" * 10] * 6 + ["----o-----", "XXXX--XXXX"], tiles)
    >>> [float(x) for x in measure(level)[:3]]
    [10.0, 2.0, 1.0]
    """
    from procgen_sim.levels.design_kernel import design_parameters

    vector: npt.NDArray[np.float64] = design_parameters(level.flags)
    return vector


def measure_many(levels: Sequence[Level]) -> npt.NDArray[np.float64]:
    """``(n, 11)`` one design vector a level, in the order given."""
    if not levels:
        return np.empty((0, N_PARAMETERS))
    return np.stack([measure(level) for level in levels])
