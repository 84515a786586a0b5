"""The expressive range of a body of levels: values, planes, and how much of them is occupied."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_choice, check_int
from procgen_sim.levels.body import Body
from procgen_sim.levels.expressive.metrics import METRICS, Metric, look, why_not

__all__ = ["CAUTION", "N_BINS", "PAIRS", "ExpressiveRange", "Plane", "expressive_range"]

N_BINS: Final = 20
"""Bins along each axis of a plane."""

PAIRS: Final[tuple[tuple[str, str], ...]] = (
    ("linearity", "leniency"),
    ("linearity", "density"),
    ("filled", "pattern_entropy"),
    ("left_right_symmetry", "regions"),
)
"""The planes that are drawn: the field's standard one first, the last two for every game."""

CAUTION: Final = (
    "Read with care: the area that levels occupy here does not follow what people call varied. "
    "Levels far apart on these axes can look alike, levels in one bin can be quite different, and "
    "the area grows with the number of levels."
)
"""What must stand beside every picture of an expressive range; see [Marino2015]_, where measures of
this kind agree little with what players say."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plane:
    """Levels on two metrics.

    Attributes
    ----------
    x, y
        The metrics.
    x_edges, y_edges
        ``(N_BINS + 1,)`` the bins' edges over each metric's natural range.
    counts
        ``(N_BINS, N_BINS)`` levels a bin, by x, then y; read-only.
    """

    x: Metric
    y: Metric
    x_edges: npt.NDArray[np.float64]
    y_edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]

    @property
    def n_levels(self) -> int:
        return int(self.counts.sum())

    def occupied(self, n_levels: int | None = None) -> float:
        """Share of bins with a level in them: of all levels, or to be expected of fewer.

        More levels occupy more, so two bodies compare at equal numbers only: rarefaction
        [Hurlbert1971]_ gives the mean over all choices of ``n_levels`` of them.

        Raises
        ------
        InputError
            If there are fewer than ``n_levels`` levels.
        """
        total = self.n_levels
        counts = self.counts[self.counts > 0]
        if n_levels is None:
            return len(counts) / self.counts.size
        check_int("n_levels", n_levels, low=1, high=total)
        missed = [_missed(total, int(count), n_levels) for count in counts]
        return sum(1.0 - p for p in missed) / self.counts.size


@dataclass(frozen=True, kw_only=True, eq=False)
class ExpressiveRange:
    """What the metrics say of a body of levels.

    Attributes
    ----------
    metrics
        In the order of the columns of ``values``.
    values
        ``(n_levels, n_metrics)`` float64, NaN throughout a column that has a reason; read-only.
    reasons
        For each metric that says nothing about these levels, by name, why.
    planes
        The pairs of :data:`PAIRS` of which both metrics say something.
    background
        The body's most common tile, which metrics take for nothing.
    caution
        What must stand beside it.
    """

    metrics: tuple[Metric, ...]
    values: npt.NDArray[np.float64]
    reasons: dict[str, str]
    planes: tuple[Plane, ...]
    background: str
    caution: str = CAUTION

    def of(self, name: str) -> npt.NDArray[np.float64] | None:
        """``(n_levels,)`` the values of a metric; None if it has a reason to have none.

        Raises
        ------
        InputError
            If there is no metric of that name.
        """
        names = [metric.name for metric in self.metrics]
        check_choice("metric", name, names)
        return None if name in self.reasons else self.values[:, names.index(name)]


def expressive_range(body: Body) -> ExpressiveRange:
    """Measure every level of a body with every metric that says something about it.

    Whole levels are measured, padding included, as the field does.

    Examples
    --------
    >>> from procgen_sim.levels import shipped_corpus
    >>> found = expressive_range(Body.of("samurai", shipped_corpus("samurai").levels))
    >>> [(plane.x.name, plane.y.name) for plane in found.planes][0], found.background
    (('linearity', 'leniency'), '-')
    """
    frequency = sum(
        np.bincount(lines.ravel(), minlength=len(body.alphabet)) for lines in body.lines
    )
    background = body.alphabet[int(np.argmax(frequency))]
    tilesets = {level.tileset: level for level in body.levels}
    reasons: dict[str, str] = {}
    for metric in METRICS:
        for level in tilesets.values():
            reason = why_not(metric, level, body.order)
            if reason:
                reasons.setdefault(metric.name, reason)
    values = np.full((body.n_levels, len(METRICS)), np.nan)
    for i, level in enumerate(body.levels):
        seen = look(level, background)
        for j, metric in enumerate(METRICS):
            if metric.name not in reasons:
                values[i, j] = metric.of(seen)
    values.flags.writeable = False
    by_name = {metric.name: j for j, metric in enumerate(METRICS)}
    planes = tuple(
        _plane(METRICS[by_name[x]], METRICS[by_name[y]], values[:, [by_name[x], by_name[y]]])
        for x, y in PAIRS
        if x not in reasons and y not in reasons
    )
    return ExpressiveRange(
        metrics=METRICS, values=values, reasons=reasons, planes=planes, background=background
    )


def _missed(total: int, count: int, n: int) -> float:
    """The probability that ``n`` of ``total`` levels hold none of a bin's ``count``."""
    others = total - count
    if others < n:
        return 0.0
    return exp(
        lgamma(others + 1) - lgamma(others - n + 1) - lgamma(total + 1) + lgamma(total - n + 1)
    )


def _plane(x: Metric, y: Metric, values: npt.NDArray[np.float64]) -> Plane:
    edges = [np.linspace(metric.low, metric.high, N_BINS + 1) for metric in (x, y)]
    bins = [
        np.clip(np.searchsorted(edge, values[:, k], side="right") - 1, 0, N_BINS - 1)
        for k, edge in enumerate(edges)
    ]
    counts = np.zeros((N_BINS, N_BINS), np.int64)
    np.add.at(counts, tuple(bins), 1)
    counts.flags.writeable = False
    return Plane(x=x, y=y, x_edges=edges[0], y_edges=edges[1], counts=counts)
