"""Pieces of a made-up audit: curves that follow the laws real ones do, levels, tropes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

NOTIONS = ("surprise", "wundt", "progress")
METRICS = (("linearity", 0.0, 1.0), ("leniency", -1.0, 1.0), ("density", 0.0, 1.0))


def vocabulary(levels: np.ndarray, heaps: float, scale: float) -> dict[str, Any]:
    expected = scale * levels ** min(heaps, 1.0)
    return {
        "distinct": round(float(expected[-1])),
        "heaps_exponent": heaps,
        "heaps_low": heaps - 0.05,
        "heaps_high": heaps + 0.05,
        "p_new": 0.02,
        "p_new_low": 0.01,
        "p_new_high": 0.03,
        "curve": np.rint(expected).tolist(),
        "expected": expected.tolist(),
        "rarefied": {"n_columns": 1000, "distinct": float(expected[0] * 3)},
    }


def hill(n_lines: int, heaps: float) -> dict[str, Any]:
    n = np.array([0.125, 0.25, 0.5, 1.0, 1.5, 2.0]) * n_lines
    curves = {order: (scale * n**power).tolist() for order, scale, power in
              (("0", 3.0, heaps), ("1", 2.0, heaps / 2), ("2", 2.0, heaps / 4))}  # fmt: skip
    observed = {order: curve[3] for order, curve in curves.items()}
    return observed | {
        "coverage": 0.97,
        "errors": {order: value * 0.03 for order, value in observed.items()},
        "curve": {"n": n.tolist(), "n_observed": n_lines} | curves,
    }


def boredom(tau: float) -> dict[str, list[float]]:
    mean = 0.8 * (1.0 - np.exp(-np.arange(1, 61) / tau))
    return {
        "mean": mean.tolist(),
        "low": (mean * 0.8).tolist(),
        "high": np.minimum(mean * 1.2, 1.0).tolist(),
    }


def expressive_range(rng: np.random.Generator, n_levels: int) -> dict[str, Any]:
    values = rng.multivariate_normal(
        [0.6, 0.1, 0.3], 0.02 * np.array([[1, 0.6, 0], [0.6, 1, 0], [0, 0, 0.5]]), n_levels
    ).clip([0, -1, 0], 1)
    metrics = [
        {
            "name": name,
            "definition": f"{name} as published",
            "unit": "",
            "low": low,
            "high": high,
            "source": "Smith2010",
            "values": values[:, i].tolist(),
            "reason": "",
        }
        for i, (name, low, high) in enumerate(METRICS)
    ]
    if n_levels > 2:
        metrics[1]["values"][1] = None
    return {
        "metrics": metrics,
        "pairs": [
            {"x": "linearity", "y": y, "occupied_share": 0.2, "occupied_share_equal": 0.1}
            for y in ("leniency", "density")
        ],
        "warning": "The occupied area does not follow what people call varied.",
    }


def level(
    rng: np.random.Generator, n_rows: int, n_columns: int, order: str, why: str
) -> dict[str, Any]:
    if order == "columns":
        ground = 2 + np.abs(np.cumsum(rng.choice([-1, 0, 0, 0, 0, 1], n_columns))) % 5
        solid = np.arange(n_rows)[::-1, None] < ground
    else:
        solid = (np.arange(n_rows)[:, None] % 5 == 4) & (rng.random((n_rows, n_columns)) < 0.7)
        solid[:, [0, -1]] = True
    grid = np.where(solid, "X", "-")
    free = grid == "-"
    for character, rate in (("o", 0.02), ("E", 0.008), ("=", 0.02)):
        grid[free & (rng.random(grid.shape) < rate)] = character
    rows = ["".join(row) for row in grid]
    return {
        "why": why,
        "index": 3,
        "file": "level_003.txt",
        "bits_per_active_column": 1.25,
        "rows": rows,
        "tile_bits": tile_bits(rng, rows),
    }


def tile_bits(rng: np.random.Generator, rows: Sequence[str]) -> list[list[float]]:
    grid = np.array([list(row) for row in rows])
    change = np.zeros(grid.shape)
    change[:, 1:] += grid[:, 1:] != grid[:, :-1]
    change[1:] += grid[1:] != grid[:-1]
    return np.round(rng.exponential(0.1 + 1.5 * change), 3).tolist()


def tropes(rows: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for i in range(6):
        height, width = min(3 + i, len(rows)), 2 + i % 3
        found.append(
            {
                "rows": [row[2 * i : 2 * i + width] for row in rows[-height:]],
                "n_occurrences": 400 // (i + 1),
                "share_of_levels": 0.9 / (i + 1),
                "bits_saved": 5000.0 / (i + 1),
                "share_of_bits": 0.12 / (i + 1),
                "first_level": f"level_{i:03d}",
                "first_line": 17 * i,
                "example": {"level": f"level_{i:03d}", "row": len(rows) - height, "column": 2 * i},
            }
        )
    return found


def helps(rng: np.random.Generator) -> list[dict[str, Any]]:
    found = []
    for notion, scale in zip(NOTIONS, (4.0, 2.0, 1.0), strict=True):
        for proposal, gain in (("noise", 1.0), ("novelty", 2.0), ("trope_break", -0.3)):
            for rate in (0.05, 0.1, 0.2):
                middle = scale * gain * rate * 10 + rng.normal(0, 0.2)
                found.append(
                    {
                        "proposal": proposal,
                        "rate": rate,
                        "notion": notion,
                        "levels_gained": middle,
                        "low": middle - 1.0,
                        "high": middle + 1.0,
                        "stands": abs(middle) > 1.4,
                        "playable_share": 0.9 if proposal != "noise" else None,
                        "off_model_share": 0.8,
                    }
                )
    return found
