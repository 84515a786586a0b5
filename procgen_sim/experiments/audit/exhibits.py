"""What an audit shows, as JSON: expressive range, tropes, levels with a forecast, what helps."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.audit.measure import SourceAudit
from procgen_sim.experiments.audit.veterans import Forecast

__all__ = ["expressive", "shown_levels", "tropes", "what_helps"]

Json = dict[str, Any]


def expressive(audit: SourceAudit, n_equal: int) -> Json:
    found = audit.counted.expressive
    metrics = [
        {
            "name": metric.name,
            "definition": metric.definition,
            "unit": metric.unit,
            "low": metric.low,
            "high": metric.high,
            "source": metric.source,
            "values": found.values[:, i],
            "reason": found.reasons.get(metric.name, ""),
        }
        for i, metric in enumerate(found.metrics)
    ]
    pairs = [
        {
            "x": plane.x.name,
            "y": plane.y.name,
            "x_edges": plane.x_edges,
            "y_edges": plane.y_edges,
            "counts": plane.counts,
            "occupied_share": plane.occupied(),
            "occupied_share_equal": plane.occupied(n_equal),
        }
        for plane in found.planes
    ]
    return {"metrics": metrics, "pairs": pairs, "warning": found.caution}


def tropes(audit: SourceAudit) -> list[Json]:
    found = audit.counted.tropes
    return [
        {
            "rows": list(trope.picture),
            "variants": [list(rows) for rows in trope.variants],
            "n_occurrences": trope.n_occurrences,
            "share_of_levels": trope.share_of_levels,
            "bits_saved": trope.saved_bits,
            "share_of_bits": trope.saved_bits / found.total_bits if found.total_bits else 0.0,
            "first_level": trope.first.name,
            "first_line": trope.first.line,
            "example": {
                "level": trope.places[0].name,
                "row": trope.places[0].row,
                "column": trope.places[0].column,
            }
            if trope.places
            else None,
        }
        for trope in found
    ]


def shown_levels(audit: SourceAudit) -> list[Json]:
    learning = audit.learning
    shown: list[tuple[str, Forecast | None]] = [
        ("typical", learning.typical),
        ("surprising", learning.surprising),
    ]
    return [
        {
            "why": why,
            "index": level.index,
            "file": audit.source.origins[level.index],
            "bits_per_active_column": level.bits_per_line,
            "rows": audit.body.levels[level.index].rows(),
            "tile_bits": np.round(_upright(level.tile_bits, audit), 2),
        }
        for why, level in shown
        if level is not None
    ]


def _upright(tile_bits: npt.NDArray[np.float64], audit: SourceAudit) -> npt.NDArray[np.float64]:
    """``(rows, columns)`` as the picture lies."""
    if audit.body.order == "columns":
        return tile_bits.T
    return tile_bits[::-1] if audit.body.order == "rows-up" else tile_bits


def what_helps(audit: SourceAudit) -> Json:
    entries = [
        {
            "proposal": each.proposal,
            "rate": each.rate,
            "notion": each.notion,
            "levels_gained": each.gained.estimate,
            "low": each.gained.low,
            "high": each.gained.high,
            "stands": each.stands,
            "playable_share": each.pool.playable_share,
            "off_model_share": each.pool.off_model_share,
        }
        for each in audit.helps
    ]
    if audit.yardstick:
        note = "not simulated for a yardstick"
    elif not entries:
        note = "not simulated: fewer than eight levels, or levels of several tilesets"
    else:
        note = audit.helps[0].pool.note
    return {"helps": entries, "helps_note": note}
