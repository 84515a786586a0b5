"""An audit as JSON: what ``--json`` prints, and all that the report is made from.

What could not be computed is null, with the reason in ``reasons`` under its dotted path. A *column*
is a line, whatever the order in which the levels are met.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim import __version__
from procgen_sim.experiments.audit.comparison import compare_sources
from procgen_sim.experiments.audit.config import AuditConfig
from procgen_sim.experiments.audit.exhibits import (
    expressive,
    shown_levels,
    tropes,
    what_helps,
)
from procgen_sim.experiments.audit.learning import HORIZON
from procgen_sim.experiments.audit.measure import SourceAudit
from procgen_sim.experiments.audit.rates import BitRates
from procgen_sim.experiments.audit.remarks import remarks
from procgen_sim.experiments.audit.verdict import judge, judge_all
from procgen_sim.levels.diversity import Diversity
from procgen_sim.levels.vocabulary import Vocabulary

__all__ = ["FORMAT", "document"]

FORMAT: Final = 1

_DIGITS: Final = 6

Json = dict[str, Any]


def document(config: AuditConfig, audits: Sequence[SourceAudit]) -> Json:
    """The whole audit."""
    n_equal = min(audit.body.n_levels for audit in audits)
    comparison = compare_sources(audits)
    return {
        "format": FORMAT,
        "version": __version__,
        "seed": config.seed,
        "n_players": config.players,
        "horizon": HORIZON,
        "verdict": judge_all(audits, comparison),
        "sources": [_source(audit, n_equal) for audit in audits],
        "comparison": _rounded(comparison),
    }


def _source(audit: SourceAudit, n_equal: int) -> Json:
    body, learning, counted = audit.body, audit.learning, audit.counted
    reasons: dict[str, str] = {}
    entry: Json = {
        "name": audit.body.name,
        "kind": audit.source.kind,
        "detail": audit.source.detail,
        "notes": list(audit.source.notes),
        "skipped": list(audit.source.skipped),
        "yardstick": audit.yardstick,
        "order": body.order,
        "line": body.line_name,
        "alphabet": body.alphabet,
        "tileset": _tileset(audit),
        "n_levels": body.n_levels,
        "n_columns": body.n_lines,
        "n_active_columns": int(learning.n_active.sum()),
        "verdict": judge(audit),
        "remarks": remarks(audit),
        "vocabulary": {
            str(k): _vocabulary(found, f"vocabulary.{k}", reasons)
            for k, found in counted.lines.items()
        },
        "windows": {
            f"{rows}x{columns}": _vocabulary(found, f"windows.{rows}x{columns}", reasons)
            for (rows, columns), found in counted.windows.items()
        },
        "higher_order": _higher_order(counted.lines[1], reasons),
        "hill": {str(k): _hill(found, f"hill.{k}", reasons) for k, found in counted.hill.items()},
        "bits_per_column": _bits(audit.all_rates, "bits_per_column", reasons),
        "bits_per_active_column": _bits(audit.active_rates, "bits_per_active_column", reasons),
        "learning_curve": audit.rate.curve,
        "learning_low": audit.rate.curve - 1.96 * audit.rate.error,
        "learning_high": audit.rate.curve + 1.96 * audit.rate.error,
        "learning_exponent": audit.rate.exponent,
        "levels_to_half": audit.rate.levels_to_half,
        "levels_to_90": audit.rate.levels_to_90,
        "learnable_bits": audit.rate.learnable_bits,
        **_audience(audit, reasons),
        **_reuse(audit, reasons),
        "expressive_range": expressive(audit, n_equal),
        "tropes": tropes(audit),
        "tropes_share_of_bits": counted.tropes.share_saved,
        "shown_levels": shown_levels(audit),
        **what_helps(audit),
    }
    reasons |= audit.rate.reasons
    if audit.rate.exponent is None:
        reasons["learning_exponent"] = "too little of the curve stands out from the veteran's bits"
    _explain(entry, "", reasons)
    entry["reasons"] = reasons
    found: Json = _rounded(entry)
    return found


def _tileset(audit: SourceAudit) -> dict[str, list[str]]:
    """Tags of every character that occurs; of several tilesets the first that has it."""
    tags: dict[str, list[str]] = {}
    for level in audit.body.levels:
        for character, words in level.tileset.tags.items():
            if character in audit.body.alphabet:
                tags.setdefault(character, list(words))
    return tags


def _vocabulary(found: Vocabulary, path: str, reasons: dict[str, str]) -> Json:
    heaps, new = found.growth.heaps, found.p_new_by_level
    for name, estimate in (("heaps_exponent", heaps), ("p_new", new)):
        if estimate.value is None:
            reasons[f"{path}.{name}"] = estimate.reason
    return {
        "distinct": found.distinct,
        "heaps_exponent": heaps.value,
        "heaps_low": heaps.low,
        "heaps_high": heaps.high,
        "p_new": new.value,
        "p_new_low": new.low,
        "p_new_high": new.high,
        "p_new_good_turing": found.p_new.value,
        "curve": found.met,
        "expected": _at_levels(found),
    }


def _at_levels(found: Vocabulary) -> npt.NDArray[np.float64]:
    """``(n_levels,)`` expected distinct patterns after 1, 2, … levels in random order."""
    at = np.arange(1, found.n_levels + 1)
    return np.interp(at, found.growth.levels, found.growth.expected)


def _higher_order(found: Vocabulary, reasons: dict[str, str]) -> Json:
    entry = {}
    for name, estimate in (("pairs", found.heaps_pairs), ("triples", found.heaps_triples)):
        entry[name] = {
            "heaps_exponent": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
        }
        if estimate.value is None:
            reasons[f"higher_order.{name}"] = estimate.reason
    return entry


def _hill(found: Diversity, path: str, reasons: dict[str, str]) -> Json:
    entry: Json = {}
    for q, estimate in enumerate(found.observed):
        entry[str(q)] = estimate.value
        if estimate.value is None:
            reasons[f"{path}.{q}"] = estimate.reason
    entry["errors"] = {str(q): each.se for q, each in enumerate(found.observed)}
    entry["asymptotic"] = {str(q): each.value for q, each in enumerate(found.asymptotic)}
    entry["coverage"] = found.coverage.value
    if found.curve is not None:
        entry["curve"] = {
            "n": found.curve.sizes,
            **{str(q): found.curve.hill[q] for q in range(3)},
            **{f"{q}_error": found.curve.se[q] for q in range(3)},
            "n_observed": found.n_patterns,
        }
    return entry


def _bits(rates: BitRates, path: str, reasons: dict[str, str]) -> Json:
    if rates.veteran is None:
        reasons[f"{path}.veteran"] = "a single level: nobody can know the others"
    return {
        "naive": rates.naive,
        "total": rates.total,
        "veteran": rates.veteran,
        "veteran_error": rates.veteran_error,
    }


def _audience(audit: SourceAudit, reasons: dict[str, str]) -> Json:
    until: Json = {}
    curves: Json = {}
    for notion, found in audit.bored.items():
        until[notion] = {
            "median": found.levels.estimate,
            "low": found.levels.low,
            "high": found.levels.high,
            "share_stayed": found.share_stayed,
        }
        if found.levels.estimate is None:
            n = len(found.mean)
            reasons[f"levels_until_bored.{notion}"] = (
                f"more than half of the audience is not bored within {n} levels"
            )
        curves[notion] = {"mean": found.mean, "low": found.low, "high": found.high}
    naive = max(audit.active_rates.naive, np.finfo(np.float64).tiny)
    return {
        "levels_until_bored": until,
        "boredom_curves": curves,
        "foreseen_curve": 1.0 - audit.rate.curve / naive,
    }


def _reuse(audit: SourceAudit, reasons: dict[str, str]) -> Json:
    found, spread = audit.counted.reuse, audit.counted.spread
    told = {
        "motif8_share": found.motif_share,
        "reuse.terrain_copies_share": found.terrain_copies_share,
        "reuse.within_level": found.inside,
        "reuse.within_level_varied": found.inside_varied,
        "reuse.motif8_share_terrain": found.motif_share_terrain,
    }
    reasons |= {path: each.reason for path, each in told.items() if each.value is None}
    if spread is None:
        reasons["perceptual_spread"] = "a single level has no other to differ from"
    return {
        "motif8_share": found.motif_share.value,
        "reuse": {
            "n_copies": found.copies,
            "terrain_copies": found.terrain_copies,
            "terrain_copies_share": found.terrain_copies_share.value,
            "within_level": found.inside.value,
            "within_level_varied": found.inside_varied.value,
            "motif8_share_terrain": found.motif_share_terrain.value,
        },
        "perceptual_spread": None if spread is None else spread.mean,
        "spread": None
        if spread is None
        else {
            "mean": spread.mean,
            "mean_error": spread.mean_se,
            "nearest": spread.nearest,
            "nearest_error": spread.nearest_se,
            "nearest_at": spread.nearest_at,
            "exact": spread.exact,
        },
    }


def _explain(entry: Json, path: str, reasons: dict[str, str]) -> None:
    """Give every number that is not there a reason, if it has none yet."""
    for key, value in entry.items():
        here = f"{path}.{key}" if path else key
        if any(here == known or here.startswith(f"{known}.") for known in reasons):
            continue
        if isinstance(value, dict):
            _explain(value, here, reasons)
        elif value is None or (isinstance(value, float) and not np.isfinite(value)):
            beyond = path.startswith("levels_until_bored") and key in ("low", "high")
            reasons[here] = (
                "beyond the levels there are" if beyond else "cannot be had from so few levels"
            )


def _rounded(value: Any) -> Any:
    """Plain JSON: arrays as lists, numbers to six digits, what is not a number as null."""
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return _rounded(value.tolist())
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    if isinstance(value, float | np.floating):
        number = float(value)
        return float(f"{number:.{_DIGITS}g}") if np.isfinite(number) else None
    if isinstance(value, np.integer):
        return int(value)
    return value
