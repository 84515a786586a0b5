"""From what levels cost to how fast a body is learned and how much there is to learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.audit.learning import Learning

__all__ = ["BitRates", "LearningRate", "bits_so_far", "cost_after", "learning_rate", "mean_rates"]

Floats = npt.NDArray[np.float64]

_LEAST: Final = 0.02
"""Share of a newcomer's bits below which what could be learned is not told from nothing."""


@dataclass(frozen=True, kw_only=True)
class BitRates:
    """Bits per line.

    Attributes
    ----------
    naive
        Of levels to newcomers.
    total
        Of all levels met one after the other in the order of the body.
    veteran
        Of levels to those who know the others; None with a single level.
    veteran_error
        Its standard error over levels; None with fewer than two.
    """

    naive: float
    total: float
    veteran: float | None
    veteran_error: float | None


@dataclass(frozen=True, kw_only=True)
class LearningRate:
    """How fast a body is learned.

    Attributes
    ----------
    curve, error
        ``(T,)`` bits per active line of the level met first, second, …; mean over lives and its
        standard error.
    falling
        ``(T,)`` the curve that never rises and is closest to it: what is known is taken never to be
        forgotten on average.
    levels_to_half, levels_to_90
        Levels met until half, and 90 %, of what can be learned is learned; None where it cannot be
        said.
    learnable_bits
        Bits above the veteran's, summed over the body in its own order.
    exponent
        β of the power law (level number)^−β of what is still to learn; None where too little is.
    reasons
        Why something is None, by name.
    """

    curve: Floats
    error: Floats
    falling: Floats
    levels_to_half: int | None
    levels_to_90: int | None
    learnable_bits: float | None
    exponent: float | None
    reasons: dict[str, str]


def mean_rates(learning: Learning, *, active: bool) -> BitRates:
    """Bits per line, or per active line."""
    if active:
        naive, met = learning.naive_active_bits, learning.stream.active_bits
        asked, asked_lines = learning.veteran_active_bits, learning.veteran_active
        lines = learning.n_active
    else:
        naive, met = learning.naive_bits, learning.stream.bits
        asked, asked_lines = learning.veteran_bits, learning.veteran_lines
        lines = learning.n_lines
    veteran = error = None
    if len(asked):
        veteran = float(asked.sum() / asked_lines.sum())
    if len(asked) > 1 and veteran is not None:
        # Of a ratio of sums: levels are the units, long ones weigh more.
        residual = asked - veteran * asked_lines
        error = float(residual.std(ddof=1) * len(asked) ** 0.5 / asked_lines.sum())
    n = float(lines.sum())
    return BitRates(
        naive=float(naive.sum() / n),
        total=float(met.sum() / n),
        veteran=veteran,
        veteran_error=error,
    )


def learning_rate(learning: Learning, rates: BitRates) -> LearningRate:
    """How fast a body is learned; ``rates`` are those per active line."""
    per_line = np.stack([life.active_bits / life.n_lines for life in learning.lives])
    # Levels of a finite body differ; what each is to a newcomer is taken out where it can be.
    newcomer = np.stack(
        [(learning.naive_active_bits / learning.n_active)[life.order] for life in learning.lives]
    )
    adjusted = per_line - newcomer + rates.naive
    curve = adjusted.mean(axis=0)
    error = adjusted.std(axis=0, ddof=1) / len(adjusted) ** 0.5
    from scipy.optimize import isotonic_regression

    # What is known is not forgotten on average: the curve falls.
    falling = isotonic_regression(curve, increasing=False).x
    counts: dict[str, int | None] = {"levels_to_half": None, "levels_to_90": None}
    learnable = exponent = None
    reasons: dict[str, str] = {}
    if rates.veteran is None:
        why = "a single level: nobody can know the others"
        reasons = dict.fromkeys((*counts, "learnable_bits"), why)
    else:
        to_learn = rates.naive - rates.veteran
        above = learning.stream.active_bits.sum() - rates.veteran * learning.n_active.sum()
        learnable = max(float(above), 0.0)
        if to_learn <= _LEAST * max(rates.naive, np.finfo(np.float64).tiny):
            why = "there is nothing to learn: knowing the other levels helps nobody"
            reasons = dict.fromkeys(counts, why)
        else:
            exponent = _power_law(curve, rates.veteran)
            for name, share in (("levels_to_half", 0.5), ("levels_to_90", 0.9)):
                there = np.flatnonzero(falling <= rates.naive - share * to_learn)
                if len(there):
                    counts[name] = int(there[0])
                else:
                    reasons[name] = f"not within the {len(curve)} levels of a life"
    return LearningRate(
        curve=curve,
        error=error,
        falling=falling,
        learnable_bits=learnable,
        exponent=exponent,
        reasons=reasons,
        **counts,
    )


def cost_after(rate: LearningRate, n_levels: int) -> float:
    """Bits per active line of a level to those who met ``n_levels`` others, or as many as were met
    in a life."""
    return float(rate.falling[min(n_levels, len(rate.falling) - 1)])


def bits_so_far(learning: Learning, n_lines: int) -> float:
    """Mean bits per active line over the first ``n_lines`` active lines met, mean over lives.

    The last level counts in proportion to how much of it is within.
    """
    means = []
    for life in learning.lives:
        before = np.concatenate([[0], np.cumsum(life.n_lines)])
        spent = np.concatenate([[0.0], np.cumsum(life.active_bits)])
        means.append(float(np.interp(n_lines, before, spent)) / min(n_lines, int(before[-1])))
    return float(np.mean(means))


def _power_law(curve: Floats, veteran: float) -> float | None:
    """Slope of log (bits above the veteran's) over log (level number), while above a tenth."""
    above = curve - veteran
    rest = np.flatnonzero(above < 0.1 * above[0])
    n = int(rest[0]) if len(rest) else len(above)
    if n < 4 or (above[:n] <= 0).any():
        return None
    slope = np.polyfit(np.log(np.arange(1, n + 1)), np.log(above[:n]), 1)[0]
    return float(-slope)
