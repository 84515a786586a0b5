"""How diversity goes over generations: the mean path of many lineages, and when half is gone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["half_gone", "mean_path"]

Floats = npt.NDArray[np.float64]


def mean_path(values: Floats) -> dict[str, Any]:
    """``(lineages, generations)`` to the mean of each generation and its standard error."""
    return {
        "mean": values.mean(axis=0),
        "error": values.std(axis=0, ddof=1) / math.sqrt(len(values)),
    }


def half_gone(path: Floats) -> float | None:
    """Generations until half the diversity is gone, between two on a straight line; None: not yet.

    >>> half_gone(np.array([1.0, 0.75, 0.25]))
    1.5
    """
    below = np.flatnonzero(path < 0.5)
    if not len(below):
        return None
    i = int(below[0])
    return i - 1 + float((path[i - 1] - 0.5) / (path[i - 1] - path[i]))
