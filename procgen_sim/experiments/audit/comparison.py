"""Sources side by side, at equal numbers of levels and of active lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from procgen_sim.experiments.audit.measure import SourceAudit
from procgen_sim.experiments.audit.rates import bits_so_far, cost_after
from procgen_sim.levels.estimate import Estimate
from procgen_sim.levels.vocabulary import rarefied
from procgen_sim.levels.windows import Patterns

__all__ = ["compare_sources"]


def compare_sources(audits: Sequence[SourceAudit]) -> dict[str, Any] | None:
    """Numbers that depend on how many levels there are, as if all had the fewest.

    Vocabulary is rarefied to as many active lines as the smallest source has; bits on the way are
    those of as many lines, in random orders; the veteran has seen as many levels as the smallest
    source has, less one; nobody is asked about boredom after more levels than that.
    """
    if len(audits) < 2:
        return None
    n_lines = min(int(audit.learning.n_active.sum()) for audit in audits)
    n_levels = min(audit.body.n_levels for audit in audits)
    rows = []
    for audit in audits:
        patterns = Patterns(audit.body, active_only=True)
        distinct = rarefied(patterns, 3, n_lines).by_level
        new = _still_new(patterns, n_lines)
        rates, lines_per_level = audit.active_rates, float(audit.learning.n_active.mean())
        veteran = None if rates.veteran is None else cost_after(audit.rate, n_levels - 1)
        rows.append(
            {
                "name": audit.body.name,
                "yardstick": audit.yardstick,
                "distinct_3": distinct.value,
                "p_new_3": new,
                "naive": rates.naive,
                "bits_so_far": bits_so_far(audit.learning, n_lines),
                "veteran": veteran,
                "learnable_per_level": None
                if veteran is None
                else (rates.naive - veteran) * lines_per_level,
                "levels_until_bored": {
                    notion: {
                        "median": _within(found.levels.estimate, n_levels),
                        "low": _within(found.levels.low, n_levels),
                        "high": _within(found.levels.high, n_levels),
                        "horizon": min(n_levels, len(found.mean)),
                    }
                    for notion, found in audit.bored.items()
                },
                "reasons": _reasons(distinct, rates.veteran),
            }
        )
    return {"n_levels": n_levels, "n_columns": n_lines, "rows": rows}


def _within(level: float | None, n_levels: int) -> float | None:
    return None if level is None or level > n_levels else level


def _reasons(distinct: Estimate, veteran: float | None) -> dict[str, str]:
    reasons = {}
    if distinct.value is None:
        reasons = dict.fromkeys(("distinct_3", "p_new_3"), distinct.reason)
    if veteran is None:
        why = "a single level: nobody can know the others"
        reasons |= dict.fromkeys(("veteran", "learnable_per_level"), why)
    return reasons


def _still_new(patterns: Patterns, n_lines: int) -> float | None:
    """New patterns of three a line, over the last tenth of so many lines."""
    before, after = (
        rarefied(patterns, 3, max(1, int(part))).by_level.value for part in (0.9 * n_lines, n_lines)
    )
    if before is None or after is None:
        return None
    return float(np.clip((after - before) / (0.1 * n_lines), 0.0, 1.0))
