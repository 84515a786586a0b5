"""A mean of few repetitions, with an error that three of are as rare as three of a normal one.

    error = s / √n · t_{n−1}(Φ(3)) / 3

A check wants three standard errors. Of six repetitions the error is itself so uncertain that the
mean is three of them off by chance once in 33 times, not in 370: Student's t says how much wider it
must be [Student1908]_. Of more than some 20 it makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import CLEAR, mean_and_error

__all__ = ["mean_of_few"]


def mean_of_few(values: Sequence[float] | npt.NDArray[np.float64]) -> tuple[float, float]:
    """Mean of independent values ``(n,)`` and its widened standard error; NaN for a single one."""
    from scipy.stats import norm, t

    mean, error = mean_and_error(values)
    wider = t.isf(norm.sf(CLEAR), max(len(values) - 1, 1)) / CLEAR
    return mean, error * float(wider)
