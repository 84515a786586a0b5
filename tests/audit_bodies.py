"""What the tests of audits share: small bodies of levels, and an audit of them without any file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.audit import Audit, AuditConfig
from procgen_sim.experiments.audit.audience import memories
from procgen_sim.experiments.audit.learning import N_LIVES, Learning, Life
from procgen_sim.experiments.audit.measure import measure
from procgen_sim.generators.sources import Source
from procgen_sim.levels import Level, Tileset
from procgen_sim.levels.body import Body, Order

TILES = Tileset({"-": ("passable", "empty"), "X": ("solid", "ground"), "o": ("collectable",)})
PIECES = ("-----X", "----XX", "---XXX", "-o---X", "------")
"""A tiny vocabulary of columns."""

Grid = npt.NDArray[np.str_]
Floats = npt.NDArray[np.float64]


def noise(rng: np.random.Generator, *, rows: int = 6, columns: int = 24) -> Grid:
    """Every tile on its own, one as likely as the other."""
    return rng.choice(["-", "X"], (rows, columns))


def hills(rng: np.random.Generator, *, rows: int = 6, columns: int = 24) -> Grid:
    """Ground that goes up and down by itself, with treasure on it: there is much to learn.

    Posts at both ends tell it from padding.
    """
    height = np.clip(1 + np.cumsum(rng.choice([-1, 0, 0, 0, 1], columns)), 0, rows - 2)
    row = np.arange(rows)[:, None]
    grid = np.where(row >= rows - height, "X", "-")
    grid[(row == rows - 1 - height) & (rng.random(columns) < 0.2)] = "o"
    grid[0, [0, -1]] = "o"
    return grid


def shuffled(rng: np.random.Generator, *, columns: int = 40) -> Grid:
    """Columns of a tiny vocabulary in random order."""
    pieces = np.array([list(piece) for piece in PIECES])
    return pieces[rng.integers(len(pieces), size=columns)].T


def flat(rows: int = 6, columns: int = 24) -> Grid:
    return np.full((rows, columns), "-")


def many(make: Callable[[np.random.Generator], Grid], n: int, *, seed: int = 1) -> list[Grid]:
    rng = np.random.default_rng(seed)
    return [make(rng) for _ in range(n)]


def body_of(grids: Sequence[Grid], name: str = "body", order: Order = "columns") -> Body:
    levels = [
        Level.from_rows(["".join(row) for row in grid], TILES, f"level {i}")
        for i, grid in enumerate(grids)
    ]
    return Body.of(name, levels, order=order)


def here(function: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    """Workers that are this process."""
    return (function(*call) for call in calls)


def audit_of(
    *bodies: Body, players: int = 24, seed: int = 1, n_helped: int = 0, yardstick: bool = False
) -> Audit:
    """An audit; only for the first ``n_helped`` bodies it is asked what would help.

    With ``yardstick`` the last body is one.
    """
    audience = memories(players, N_LIVES, seed=seed)
    audits = []
    for i, body in enumerate(bodies):
        source = Source(
            name=body.name,
            kind="folder",
            levels=body.levels,
            origins=tuple(f"{level.name}.txt" for level in body.levels),
            seeds=None,
            detail="made for a test",
        )
        last = yardstick and i == len(bodies) - 1
        found = measure(source, body, audience, seed=seed, yardstick=i >= n_helped, workers=here)
        object.__setattr__(found, "yardstick", last)
        audits.append(found)
    config = AuditConfig(sources=tuple(body.name for body in bodies), players=players, seed=seed)
    return Audit(config=config, sources=tuple(audits))


def life_of(
    active_bits: npt.ArrayLike,
    *,
    progress: npt.ArrayLike | None = None,
    n_lines: npt.ArrayLike | None = None,
    order: npt.ArrayLike | None = None,
) -> Life:
    """A life nobody lived."""
    spent = np.array(active_bits, float)
    n = len(spent)
    told = [0.0] * (n - 1) + [np.nan] if progress is None else progress
    return Life(
        order=np.arange(n) if order is None else np.array(order),
        bits=spent,
        active_bits=spent,
        progress_bits=np.array(told, float),
        n_lines=np.full(n, 10) if n_lines is None else np.array(n_lines),
    )


def learning_of(
    naive: npt.ArrayLike,
    lives: Sequence[Life],
    *,
    veteran: npt.ArrayLike = (),
    n_active: npt.ArrayLike | None = None,
    stream: Life | None = None,
) -> Learning:
    """What is learned of levels that do not exist; ten lines each unless told, none padding."""
    paid, bits = np.array(naive, float), np.array(veteran, float)
    n = np.full(len(paid), 10) if n_active is None else np.array(n_active)
    return Learning(
        n_lines=n,
        n_active=n,
        naive_bits=paid,
        naive_active_bits=paid,
        stream=lives[0] if stream is None else stream,
        lives=tuple(lives),
        veteran_bits=bits,
        veteran_active_bits=bits,
        veteran_lines=n[: len(bits)],
        veteran_active=n[: len(bits)],
        typical=None,
        surprising=None,
    )
