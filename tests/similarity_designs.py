"""Small boards and rooms made from attributes that a person could name, for test_similarity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Grid = npt.NDArray[np.int64]
Design = dict[str, Any]
Rng = np.random.Generator

PATTERNS = (
    *("none", "scatter", "dense", "checker", "rows", "columns", "dots"),
    *("ring", "centre", "cross", "diagonal", "corners", "low", "side"),
)

BOARD: Mapping[str, Sequence[Any]] = {
    "hole": ("corners", "diagonal", "cross", "side", "centre", "ring"),
    "symmetry": ("none", "left-right", "top-bottom", "both"),
    "filling": (0, 1, "mixed"),
    "blocker": (11, 12, 13),
    "pattern": PATTERNS[1:],
    "special": ((0, 20), (3, 20), (3, 21), (10, 20)),
}
ROOM: Mapping[str, Sequence[Any]] = {
    "wall": (1, 2),
    "pattern": PATTERNS,
    "obstacle": (11, 12, 13),
    "doors": (0, 1, 2, 4),
    "monsters": (0, 1, 4),
    "symmetry": ("none", "left-right", "both"),
    "corners": (False, True),
}
"""What can vary, and how. Every choice is as likely as every other."""


def pattern(name: str, shape: tuple[int, int], rng: Rng) -> npt.NDArray[np.bool_]:
    rows, cols = shape
    y, x = np.mgrid[:rows, :cols]
    dy, dx = y / (rows - 1) - 0.5, x / (cols - 1) - 0.5
    thick, phase = rng.uniform(0.06, 0.15), rng.integers(2)
    masks: dict[str, npt.NDArray[np.bool_]] = {
        "none": np.zeros(shape, np.bool_),
        "scatter": rng.random(shape) < 0.2,
        "dense": rng.random(shape) < 0.45,
        "checker": (y + x + phase) % 2 == 0,
        "rows": (y + phase) % 2 == 0,
        "columns": (x + phase) % 2 == 0,
        "dots": ((y + phase) % 2 == 0) & (x % 2 == 0),
        "ring": abs(np.maximum(abs(dy), abs(dx)) - 0.3) < thick / 2,
        "centre": np.maximum(abs(dy), abs(dx)) < 2 * thick,
        "cross": np.minimum(abs(dy), abs(dx)) < thick,
        "diagonal": abs(dy - dx * (1 - 2 * phase)) < thick,
        "corners": np.minimum(abs(dy), abs(dx)) > 0.4 - thick,
        "low": dy > 0.4 - 2 * thick,
        "side": dx < -0.4 + 2 * thick,
    }
    return masks[name]


def mirrored(mask: npt.NDArray[np.bool_], how: str) -> npt.NDArray[np.bool_]:
    mask = mask.copy()
    rows, cols = mask.shape
    if how in ("left-right", "both"):
        mask[:, cols - cols // 2 :] = mask[:, : cols // 2][:, ::-1]
    if how in ("top-bottom", "both"):
        mask[rows - rows // 2 :] = mask[: rows // 2][::-1]
    return mask


def board(design: Design, rng: Rng) -> Grid:
    """9 by 9: pieces, blockers in a pattern, a few special pieces, holes."""
    grid = np.full((9, 9), design["filling"] if design["filling"] != "mixed" else 0)
    if design["filling"] == "mixed":
        grid = rng.integers(0, 4, (9, 9))
    grid[mirrored(pattern(design["pattern"], (9, 9), rng), design["symmetry"])] = design["blocker"]
    n, special = design["special"]
    grid.flat[rng.choice(81, n, replace=False)] = special
    grid[mirrored(pattern(design["hole"], (9, 9), rng), design["symmetry"])] = 30
    return grid


def room(design: Design, rng: Rng) -> Grid:
    """11 by 16: walls around, doors, obstacles in a pattern, monsters."""
    grid = np.full((11, 16), 30)
    wall = design["wall"]
    inner = grid[wall:-wall, wall:-wall]
    inner[:] = 0
    if design["corners"]:
        inner[pattern("corners", inner.shape, rng)] = 14
    obstacles = mirrored(pattern(design["pattern"], inner.shape, rng), design["symmetry"])
    inner[obstacles] = design["obstacle"]
    free = np.argwhere(inner == 0)
    for r, c in free[rng.permutation(len(free))[: design["monsters"]]]:
        inner[r, c] = 20
    doors = (grid[:wall, 7:9], grid[-wall:, 7:9], grid[5:6, :wall], grid[5:6, -wall:])
    for door in doors[: design["doors"]]:
        door[:] = 31
    return grid


SPACES: dict[str, tuple[Mapping[str, Sequence[Any]], Callable[[Design, Rng], Grid]]] = {
    "boards": (BOARD, board),
    "rooms": (ROOM, room),
}


def draw(space: str, n: int, rng: Rng) -> list[Grid]:
    """``n`` levels of a space, every attribute at random."""
    choices, make = SPACES[space]
    designs = ({k: v[int(rng.integers(len(v)))] for k, v in choices.items()} for _ in range(n))
    return [make(design, rng) for design in designs]


def triplets(space: str, n: int, rng: Rng) -> list[tuple[Grid, Grid, Grid]]:
    """(a, b, c): c differs from a in all attributes in which b does, the same way, and in more.

    Which attributes matter how much is a person's business; that b is the more similar is not.
    """
    choices, make = SPACES[space]
    found = []
    for _ in range(n):
        a = {k: v[int(rng.integers(len(v)))] for k, v in choices.items()}
        b, c = dict(a), dict(a)
        less = rng.integers(0, 3)
        more = rng.integers(less + 1, less + 3)
        for k, name in enumerate(rng.permutation(list(choices))[:more]):
            others = [value for value in choices[name] if value != a[name]]
            c[name] = others[int(rng.integers(len(others)))]
            if k < less:
                b[name] = c[name]
        found.append((make(a, rng), make(b, rng), make(c, rng)))
    return found
