"""How diversity goes over generations: the mean path of many lineages."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["mean_path"]

Floats = npt.NDArray[np.float64]


def mean_path(values: Floats) -> dict[str, Any]:
    """``(lineages, generations)`` to the mean of each generation and its standard error."""
    return {
        "mean": values.mean(axis=0),
        "error": values.std(axis=0, ddof=1) / math.sqrt(len(values)),
    }
