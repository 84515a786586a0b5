"""An audit nobody ran: an ``audit.json`` of made-up numbers with the shape of real ones.

Curves follow the laws that real ones do (Heaps growth, power-law learning), levels are simple
but of the right shapes: side-scrollers, a tower of 16 × 200 and a single screen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from synthetic_audit_parts import (
    NOTIONS,
    boredom,
    expressive_range,
    helps,
    hill,
    level,
    tile_bits,
    tropes,
    vocabulary,
)

from procgen_sim.levels import shipped_corpus

TILES = {
    "-": ["passable", "empty"],
    "X": ["solid", "ground"],
    "o": ["passable", "collectable"],
    "E": ["passable", "enemy"],
    "=": ["solidtop"],
}


def synthetic_source(
    name: str,
    *,
    seed: int = 1,
    n_levels: int = 40,
    n_rows: int = 14,
    n_columns: int = 120,
    order: str = "columns",
    yardstick: bool = False,
    veteran: float = 0.9,
    heaps: float = 0.5,
    helped: bool = True,
) -> dict[str, Any]:
    """One source with every number there can be."""
    rng = np.random.default_rng(seed)
    n_lines = n_levels * (n_columns if order == "columns" else n_rows)
    levels = np.arange(1, n_levels + 1)
    lives = np.arange(1, min(n_levels, 100) + 1)
    naive = 3.0 * veteran
    share = 1.0 - 0.72 * lives**-0.45
    learning = naive - share * (naive - veteran) + rng.normal(0, 0.01, len(lives))
    above = (learning - veteran).clip(0)
    half = int(np.argmax(share >= 0.5)) + 1 if (share >= 0.5).any() else None
    most = int(np.argmax(share >= 0.9)) + 1 if (share >= 0.9).any() else None
    shown = [level(rng, n_rows, n_columns, order, why) for why in ("typical", "surprising")]
    reasons = {}
    if most is None:
        reasons["levels_to_90"] = f"not within the {len(lives)} levels of a life"
    source: dict[str, Any] = {
        "name": name,
        "kind": "folder",
        "detail": f"{n_levels} levels read",
        "notes": [],
        "yardstick": yardstick,
        "order": order,
        "line": "column" if order == "columns" else "row",
        "tileset": TILES,
        "alphabet": "".join(sorted(TILES)),
        "n_levels": n_levels,
        "n_columns": n_lines,
        "n_active_columns": round(n_lines * 0.95),
        "verdict": [
            f"Players see through {name} in about 9 levels (7–12).",
            "After 40 levels the chance that the next three columns are new is 2 %.",
        ],
        "remarks": [] if yardstick else ["3 levels are copies of others."],
        "vocabulary": {
            str(k): vocabulary(levels, heaps * (0.6 + 0.15 * k), 20.0 * k) for k in (1, 2, 3, 5)
        },
        "windows": {}
        if order == "columns"
        else {size: vocabulary(levels, heaps, 30.0) for size in ("2x2", "3x3")},
        "higher_order": {
            "pairs": {"heaps_exponent": heaps + 0.1, "low": heaps, "high": heaps + 0.2},
            "triples": {"heaps_exponent": heaps + 0.2, "low": heaps, "high": heaps + 0.3},
        },
        "hill": {"3": hill(n_lines, heaps)},
        "bits_per_column": {"naive": naive * 0.9, "total": veteran * 1.2, "veteran": veteran * 0.9},
        "bits_per_active_column": {
            "naive": naive,
            "total": veteran * 1.3,
            "veteran": veteran,
            "veteran_error": 0.04 * veteran,
        },
        "learning_curve": learning.tolist(),
        "learning_low": (learning - 0.05 * naive).tolist(),
        "learning_high": (learning + 0.05 * naive).tolist(),
        "learning_exponent": 0.45,
        "levels_to_half": half,
        "levels_to_90": most,
        "learnable_bits": float(above.sum() * n_lines / n_levels),
        "levels_until_bored": {
            notion: {"median": m, "low": m - 2, "high": m + 3, "share_stayed": 0.1}
            for notion, m in zip(NOTIONS, (6, 12, 22), strict=True)
        },
        "boredom_curves": dict(zip(NOTIONS, map(boredom, (4, 9, 18)), strict=True)),
        "foreseen_curve": share.tolist(),
        "motif8_share": 0.31,
        "reuse": {"n_copies": 3, "terrain_repeats": 0.12, "within_level": 0.2},
        "perceptual_spread": 0.41,
        "spread": {"mean": 0.41, "nearest": 0.2, "mean_error": 0.01, "exact": True},
        "expressive_range": expressive_range(rng, n_levels),
        "tropes": tropes(shown[0]["rows"]),
        "shown_levels": shown,
        "helps": helps(rng) if helped and not yardstick else [],
        "helps_note": "not simulated for a yardstick"
        if yardstick
        else "Injected levels were screened for playability.",
        "reasons": reasons,
    }  # fmt: skip
    return source


def bare_source(name: str) -> dict[str, Any]:
    """A single level of a single tile: nearly nothing can be said, and why."""
    why = "a single level: nobody can know the others"
    return {
        "name": name,
        "kind": "folder",
        "detail": "1 level read",
        "notes": [],
        "yardstick": False,
        "order": "columns",
        "line": "column",
        "tileset": {"-": ["passable", "empty"]},
        "alphabet": "-",
        "n_levels": 1,
        "n_columns": 30,
        "n_active_columns": 30,
        "verdict": ["With a single level nothing can be said about sameness."],
        "remarks": ["All levels are empty."],
        "vocabulary": {
            "3": {"distinct": 1, "heaps_exponent": None, "p_new": 0.0, "curve": [1]}
        },
        "hill": {"3": {"0": 1.0, "1": None, "2": None}},
        "bits_per_active_column": {"naive": 0.01, "total": 0.01, "veteran": None},
        "learning_curve": None,
        "levels_to_half": None,
        "levels_to_90": None,
        "learnable_bits": None,
        "levels_until_bored": {n: {"median": None, "low": None, "high": None} for n in NOTIONS},
        "motif8_share": None,
        "perceptual_spread": None,
        "expressive_range": {"metrics": [], "pairs": [], "warning": ""},
        "tropes": [],
        "shown_levels": [],
        "helps": [],
        "helps_note": "not simulated: fewer than eight levels",
        "reasons": {
            "levels_to_half": why,
            "levels_to_90": why,
            "learnable_bits": why,
            "bits_per_active_column.veteran": why,
            "learning_curve": why,
            "levels_until_bored": why,
            "vocabulary.3.heaps_exponent": "growth needs two levels",
            "hill": "too few patterns",
            "shown_levels": why,
        },
    }  # fmt: skip


def synthetic_audit(
    folder: Path, sources: Sequence[dict[str, Any]] | None = None, **over: Any
) -> Path:
    """Write ``audit.json`` into a folder; two games and a yardstick unless told."""
    if sources is None:
        sources = [
            synthetic_source("my generator", seed=1, n_levels=200, veteran=0.55, heaps=0.4),
            synthetic_source(
                "tower", seed=2, n_levels=6, n_rows=200, n_columns=16, order="rows-up", veteran=5.0
            ),
            yardstick("samurai", seed=4),
        ]  # fmt: skip
    both = min(source["n_levels"] for source in sources)
    audit: dict[str, Any] = {
        "format": 1,
        "version": "0.1.0",
        "seed": 1,
        "n_players": 200,
        "horizon": 60,
        "verdict": [
            "Players see through my generator in about 9 levels (7–12).",
            "After 40 levels the chance that the next three columns are new is 2 %.",
        ],
        "sources": list(sources),
        "comparison": {
            "n_levels": both,
            "n_columns": both * 100,
            "rows": [_row(source) for source in sources],
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(audit | over, allow_nan=False, indent=1)
    (folder / "audit.json").write_text(text, encoding="utf-8")
    return folder


def yardstick(name: str, *, seed: int) -> dict[str, Any]:
    """A shipped corpus with its own levels shown."""
    corpus = shipped_corpus(name)
    source = synthetic_source(
        name, seed=seed, n_levels=len(corpus.levels), yardstick=True, veteran=8.0, heaps=0.97
    )
    rng = np.random.default_rng(seed)
    source["tileset"] = {c: list(words) for c, words in corpus.levels[0].tileset.tags.items()}
    for shown, made in zip(source["shown_levels"], corpus.levels, strict=False):
        shown["rows"] = made.rows()
        shown["tile_bits"] = tile_bits(rng, made.rows())
    source["tropes"] = tropes(source["shown_levels"][0]["rows"])
    return source


def _row(source: dict[str, Any]) -> dict[str, Any]:
    bits = source["bits_per_active_column"]
    to_learn = source["learnable_bits"]
    return {
        "name": source["name"],
        "yardstick": source["yardstick"],
        "distinct_3": source["vocabulary"]["3"]["distinct"],
        "p_new_3": source["vocabulary"]["3"]["p_new"],
        "bits_so_far": bits["total"],
        "veteran": bits["veteran"],
        "naive": bits["naive"],
        "learnable_per_level": None if to_learn is None else to_learn / source["n_levels"],
        "levels_until_bored": source["levels_until_bored"],
    }
