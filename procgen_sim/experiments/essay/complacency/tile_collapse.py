"""What becomes of an industry of tile models: lineages under each policy, and the checks."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from procgen_sim.experiments.essay.complacency.diversity_path import mean_path
from procgen_sim.experiments.essay.complacency.success import Audience
from procgen_sim.experiments.essay.complacency.tile_generations import (
    CORPUS,
    TileLineage,
    TilePolicy,
    tile_lineage,
)
from procgen_sim.experiments.essay.finding import Check, Effort, mean_and_error

__all__ = ["TEMPERATURE", "TILE_POLICIES", "tiles_found"]

TEMPERATURE: Final = 0.7
"""Of the sharper draws. ASSUMPTION: a usual choice for generators that are asked for clean work."""

_QUARTER: Final = 0.25
_CROWD: Final = Audience()

TILE_POLICIES: Final[dict[str, TilePolicy]] = {
    "faithful": TilePolicy(audience=_CROWD),
    "sharp": TilePolicy(audience=_CROWD, temperature=TEMPERATURE),
    "sharp_kept": TilePolicy(audience=_CROWD, temperature=TEMPERATURE, accumulate=True),
    "sharp_authored": TilePolicy(audience=_CROWD, temperature=TEMPERATURE, outside=_QUARTER),
}
"""The favourites are copied, drawn from the model as it is or more sharply."""


_FEW: Final = ("sharp",)  # policies of a taste


def tiles_found(effort: Effort) -> tuple[dict[str, Any], list[Check]]:
    """Numbers of tile models over generations, and the checks of what is claimed of them."""
    n_generations = effort.of(50, 12)
    n_lineages = effort.of(4, 7)
    names = _FEW if effort.quick else tuple(TILE_POLICIES)
    found = {
        name: [
            tile_lineage(
                TILE_POLICIES[name],
                n_levels=effort.of(10, 6),
                n_columns=32,
                n_generations=n_generations,
                seed=effort.seed,
                lineage=lineage,
            )
            for lineage in range(n_lineages)
        ]
        for name in names
    }
    apart = {name: np.array([one.apart for one in found[name]]) for name in names}
    patterns = {name: np.array([one.patterns for one in found[name]]) for name in names}
    sharp = apart["sharp"]
    after = f"after {n_generations} generations"
    checks = [
        _check(
            f"tiles, sharp: perceptual spread {after} over the first made",
            sharp[:, -1] / sharp[:, 1],
            "below",
            1.0,
        ),
        _check(
            f"tiles, sharp: effective patterns {after} over the first made",
            patterns["sharp"][:, -1] / patterns["sharp"][:, 1],
            "below",
            1.0,
        ),
    ]
    if not effort.quick:
        more = apart["sharp_authored"][:, -1] - sharp[:, -1]
        what = f"tiles, sharp: perceptual spread {after}, with a quarter by hand less without"
        checks.append(_check(what, more, "above", 0.0))
    return {
        "corpus": CORPUS,
        "temperature": TEMPERATURE,
        "outside": _QUARTER,
        "n_generations": n_generations,
        "n_lineages": n_lineages,
        "apart": {name: mean_path(values) for name, values in apart.items()},
        "patterns": {name: mean_path(values) for name, values in patterns.items()},
        "shown": _shown(found["sharp"][0]),
    }, checks


def _shown(lineage: TileLineage) -> list[dict[str, Any]]:
    """One level of the hand-made generation, of an early, a later and the last one."""
    last = len(lineage.shown) - 1
    chosen = sorted({0, min(2, last), min(10, last), last})
    return [{"generation": g, "rows": list(lineage.shown[g])} for g in chosen]


def _check(what: str, values: np.ndarray, relation: Any, bound: float) -> Check:
    estimate, error = mean_and_error(values)
    return Check(what=what, estimate=estimate, standard_error=error, relation=relation, bound=bound)
