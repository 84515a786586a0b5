"""What becomes of an industry of tile models: lineages under each policy, and the checks.

Lineages are dear, so there are few: their errors are stretched to Student's t [Student1908]_, so
that three of them are as rare as three of a normal one.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.complacency.diversity_path import mean_path
from procgen_sim.experiments.essay.complacency.success import Audience
from procgen_sim.experiments.essay.complacency.tile_generations import (
    TileLineage,
    TilePolicy,
    tile_lineage,
)
from procgen_sim.experiments.essay.finding import CLEAR, Check, Effort, mean_and_error

__all__ = ["TEMPERATURE", "few", "tile_checks", "tile_policies", "tiles_found"]

Floats = npt.NDArray[np.float64]

TEMPERATURE: Final = 0.7
"""Of the sharper draws. ASSUMPTION: a usual choice for generators that are asked for clean work."""

_QUARTER: Final = 0.25


def tile_policies(*, audience: Audience, temperature: float) -> dict[str, TilePolicy]:
    """The favourites are copied, drawn from the model as it is or more sharply."""
    return {
        "sharp": TilePolicy(audience=audience, temperature=temperature),
        "faithful": TilePolicy(audience=audience),
        "sharp_kept": TilePolicy(audience=audience, temperature=temperature, accumulate=True),
        "sharp_authored": TilePolicy(audience=audience, temperature=temperature, outside=_QUARTER),
    }


def tiles_found(
    effort: Effort, *, audience: Audience, temperature: float
) -> tuple[dict[str, Any], dict[str, Check]]:
    """Numbers of tile models over generations, and the checks of what is claimed of them, by name.

    A taste has the sharp draws alone.
    """
    n_generations, n_lineages = effort.of(50, 10), effort.of(6, 10)
    found = {
        name: [
            tile_lineage(
                policy,
                n_levels=effort.of(10, 5),
                n_columns=effort.of(32, 24),
                n_generations=n_generations,
                seed=effort.seed,
                lineage=lineage,
            )
            for lineage in range(n_lineages)
        ]
        for name, policy in tile_policies(audience=audience, temperature=temperature).items()
        if name == "sharp" or not effort.quick
    }
    apart = {name: np.array([one.apart for one in each]) for name, each in found.items()}
    patterns = {name: np.array([one.patterns for one in each]) for name, each in found.items()}
    return {
        "temperature": temperature,
        "outside": _QUARTER,
        "n_lineages": n_lineages,
        "apart": {name: _path(values) for name, values in apart.items()},
        "patterns": {name: _path(values) for name, values in patterns.items()},
        "shown": _shown(found["sharp"][0]),
    }, tile_checks(apart, patterns)


def tile_checks(apart: dict[str, Floats], patterns: dict[str, Floats]) -> dict[str, Check]:
    """Checks of ``(lineages, generations + 1)`` distances and patterns of each policy, by name."""
    sharp = apart["sharp"]
    after = f"after {sharp.shape[1] - 1} generations"
    checks = {
        "alike": Check.of(
            f"tiles, drawn sharply: mean perceptual distance {after} over the first made",
            few(sharp[:, -1] / sharp[:, 1]), "below", 1.0),
        "patterns": Check.of(
            f"tiles, drawn sharply: effective patterns {after} over the first made",
            few(patterns["sharp"][:, -1] / patterns["sharp"][:, 1]), "below", 1.0),
    }  # fmt: skip
    if "sharp_authored" in apart:
        what = (
            f"tiles, drawn sharply: mean perceptual distance {after}, a quarter by hand less none"
        )
        more = apart["sharp_authored"][:, -1] - sharp[:, -1]
        checks["by_hand"] = Check.of(what, few(more), "above", 0.0)
    return checks


def few(values: Floats) -> tuple[float, float]:
    """Mean of a few independent values and its error, as if it were that of many."""
    mean, error = mean_and_error(values)
    return mean, error * _stretch(len(values), CLEAR)


def _stretch(n: int, errors: float) -> float:
    """How much wider Student's t of ``n`` values is than the normal at so many errors."""
    from scipy.stats import norm, t

    return float(t.isf(norm.sf(errors), n - 1) / errors)


def _path(values: Floats) -> dict[str, Any]:
    path = mean_path(values)
    return {**path, "error": path["error"] * _stretch(len(values), 1.96)}


def _shown(lineage: TileLineage) -> list[dict[str, Any]]:
    """One level of the hand-made generation, of an early, a later and the last one."""
    last = len(lineage.shown) - 1
    chosen = sorted({0, min(2, last), min(10, last), last})
    return [{"generation": g, "rows": list(lineage.shown[g])} for g in chosen]
