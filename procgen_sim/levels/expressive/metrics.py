"""The metrics of expressive range: numbers of one level, each after a published definition.

Some read what tiles do and ask for a side-scroller; the others know only which tile is the
background, so there is something to draw for every game. Where a definition had to be made
comparable between levels of different size, the metric's own definition says how.

Surface
    A tile one can stand on: solid or one-way, with a tile above it that is neither solid nor
    one-way. The top row has nothing above it and is no surface.
Background
    The most common tile of the body of levels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from procgen_sim.levels.body import Order
from procgen_sim.levels.design import PARAMETERS, measure
from procgen_sim.levels.level import Level
from procgen_sim.levels.tileset import Affordance

__all__ = ["METRICS", "Metric", "Seen", "look", "why_not"]

Mask = npt.NDArray[np.bool_]

_STAND: Final = Affordance.SOLID | Affordance.ONE_WAY
_DESIGN: Final = tuple(parameter.name for parameter in PARAMETERS)


class Seen(NamedTuple):
    """One level as metrics see it; all ``(rows, columns)``, row 0 on top."""

    level: Level
    surface: Mask
    filled: Mask
    codes: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric.

    Attributes
    ----------
    name
        As in tables, files and figures.
    unit
        What one of it is.
    low, high
        The natural range, which figures span and bins divide. Values beyond are put in the bin
        at that end.
    definition
        How it is measured, degenerate cases included.
    source
        Key of the publication it follows.
    needs
        What a tileset must say of at least one tile; all of these.
    only_columns
        True if it means something only in levels met column by column.
    of
        Measures a level.
    """

    name: str
    unit: str
    low: float
    high: float
    definition: str
    source: str
    needs: tuple[Affordance, ...] = ()
    only_columns: bool = False
    of: Callable[[Seen], float]


def look(level: Level, background: str) -> Seen:
    """A level and what several metrics need of it; ``background`` is a tile's character."""
    stand: Mask = level.mask(_STAND)
    surface = np.zeros_like(stand)
    surface[1:] = stand[1:] & ~stand[:-1]
    filled = level.grid != level.tileset.codes.get(background, len(level.tileset))
    return Seen(level, surface, filled, level.grid.astype(np.int64))


def why_not(metric: Metric, level: Level, order: Order) -> str | None:
    """Why a metric says nothing about a level met in this order; None if it does."""
    if metric.only_columns and order != "columns":
        return f"{metric.name} is defined for levels that are met column by column"
    missing = [need for need in metric.needs if not level.tileset.affords(need).any()]
    if missing:
        words = " or ".join(str(part.name).lower() for part in missing[0])
        return f"the tileset has no tile that is {words.replace('_', '-')}"
    return None


def _linearity(seen: Seen) -> float:
    """Least squares over surfaces [Smith2010]_: each tile counts, so wide ones more."""
    rows, columns = np.nonzero(seen.surface)
    n_rows = seen.level.n_rows
    if len(rows) < 2:
        return 1.0
    from_mean = columns - columns.mean()
    spread = float((from_mean**2).sum())
    slope = float((from_mean * rows).sum()) / spread if spread else 0.0
    off = float(np.abs(rows - rows.mean() - slope * from_mean).mean())
    return 1.0 - 4.0 * off / n_rows


def _leniency(seen: Seen) -> float:
    """The weights of [Shaker2012]_ for what can be told from tiles."""
    rates = dict(zip(_DESIGN, measure(seen.level).tolist(), strict=True))
    return -float(rates["enemy_rate"] + 0.5 * rates["gap_rate"] + 0.5 * rates["hazard_rate"])


def _density(seen: Seen) -> float:
    """Places to stand above one another [Horn2014]_."""
    return float(seen.surface.sum()) / seen.level.n_columns


def _interesting(seen: Seen) -> float:
    """Neither empty nor solid [SummervilleMateas2016]_."""
    return float((seen.filled & ~seen.level.mask(Affordance.SOLID)).mean())


def _filled(seen: Seen) -> float:
    """What is not background [Bazzaz2025]_."""
    return float(seen.filled.mean())


def _symmetry(seen: Seen, axis: int) -> float:
    """Share of filled tiles that the mirrored level has too [Alvarez2022]_."""
    mirrored = np.flip(seen.codes, axis)
    either = seen.filled | np.flip(seen.filled, axis)
    n = int(either.sum())
    return float(((seen.codes == mirrored) & seen.filled).sum()) / n if n else 1.0


def _left_right(seen: Seen) -> float:
    return _symmetry(seen, 1)


def _up_down(seen: Seen) -> float:
    return _symmetry(seen, 0)


def _pattern_entropy(seen: Seen) -> float:
    """Of the tile patterns of [Lucas2019]_."""
    tiles = seen.codes
    if min(tiles.shape) < 2:
        return 0.0
    n = len(seen.level.tileset)
    windows = ((tiles[:-1, :-1] * n + tiles[:-1, 1:]) * n + tiles[1:, :-1]) * n + tiles[1:, 1:]
    _, counts = np.unique(windows, return_counts=True)
    p = counts / counts.sum()
    return float(-(p * np.log2(p)).sum()) + 0.0


def _regions(seen: Seen) -> float:
    """Connected regions as in [Khalifa2020]_, of what is there, not of what is empty."""
    from scipy.ndimage import label

    _, n = label(seen.filled)
    return 100.0 * n / seen.filled.size


METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        name="linearity",
        unit="1 for a straight line",
        low=-0.5,
        high=1.0,
        definition="one minus four times the mean absolute distance, in level heights, of surface "
        "tiles from the line through them by least squares: 1 if all lie on one line or there are "
        "fewer than two, 0 if they are spread evenly over the whole height",
        source="Smith2010",
        needs=(_STAND,),
        only_columns=True,
        of=_linearity,
    ),
    Metric(
        name="leniency",
        unit="points per 100 columns",
        low=-30.0,
        high=0.0,
        definition="minus one for each enemy, minus a half for each gap and for each column with a "
        "hazard, counted as for the design parameters; rewards, which tilesets do not tell apart, "
        "and the mean width of gaps, which does not grow with length, are left out",
        source="Shaker2012",
        needs=(_STAND, Affordance.ENEMY | Affordance.HAZARD),
        only_columns=True,
        of=_leniency,
    ),
    Metric(
        name="density",
        unit="surfaces per column",
        low=0.0,
        high=2.5,
        definition="mean over columns of the number of surface tiles above one another",
        source="Horn2014",
        needs=(_STAND,),
        only_columns=True,
        of=_density,
    ),
    Metric(
        name="interesting",
        unit="share of tiles",
        low=0.0,
        high=0.5,
        definition="share of tiles that are neither background nor solid",
        source="SummervilleMateas2016",
        needs=(Affordance.SOLID,),
        of=_interesting,
    ),
    Metric(
        name="filled",
        unit="share of tiles",
        low=0.0,
        high=1.0,
        definition="share of tiles that are not background",
        source="Bazzaz2025",
        of=_filled,
    ),
    Metric(
        name="left_right_symmetry",
        unit="share of tiles",
        low=0.0,
        high=1.0,
        definition="of the tiles that are not background in the level or in its mirror image, left "
        "for right, the share that is the same in both; 1 if there are none",
        source="Alvarez2022",
        of=_left_right,
    ),
    Metric(
        name="up_down_symmetry",
        unit="share of tiles",
        low=0.0,
        high=1.0,
        definition="the same of the mirror image upside down",
        source="Alvarez2022",
        of=_up_down,
    ),
    Metric(
        name="pattern_entropy",
        unit="bits",
        low=0.0,
        high=6.0,
        definition="Shannon entropy of the level's 2 × 2 tile patterns; 0 if it has none",
        source="Lucas2019",
        of=_pattern_entropy,
    ),
    Metric(
        name="regions",
        unit="regions per 100 tiles",
        low=0.0,
        high=5.0,
        definition="number of connected regions, by sides, of tiles that are not background",
        source="Khalifa2020",
        of=_regions,
    ),
)
"""The metrics, in the order of every row of values."""
