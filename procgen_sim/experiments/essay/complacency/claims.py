"""What is claimed, by name: of each industry of design models, and of tile models.

The sentence and the figure find a check by its name here rather than by its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from procgen_sim.experiments.essay.finding import Check

__all__ = ["INDUSTRIES", "OF_INDUSTRIES", "OF_TILES", "by_claim", "in_order"]

INDUSTRIES: Final = ("dots", "levels")

OF_INDUSTRIES: Final = (
    "rate",
    "kept",
    "at_once",
    "in_the_end",
    "slowed",
    "not_stopped",
    "by_theory",
    "authored",
    "authored_half",
    "novelty",
    "novelty_half",
)

OF_TILES: Final = ("alike", "patterns", "by_hand")
"""The last only of a full run."""


def in_order(found: Mapping[str, Check]) -> list[Check]:
    """Checks of one industry or of tiles in the order of their names here."""
    names = OF_INDUSTRIES if OF_INDUSTRIES[0] in found else OF_TILES
    assert set(found) <= set(names), found.keys()
    return [found[name] for name in names if name in found]


def by_claim(checks: Sequence[Check]) -> dict[str, dict[str, Check]]:
    """A finding's checks by what they are of, ``dots``, ``levels`` or ``tiles``, and by name."""
    n = len(OF_INDUSTRIES)
    told = {
        name: dict(zip(OF_INDUSTRIES, checks[i * n : (i + 1) * n], strict=True))
        for i, name in enumerate(INDUSTRIES)
    }
    tiles = checks[len(INDUSTRIES) * n :]
    told["tiles"] = dict(zip(OF_TILES[: len(tiles)], tiles, strict=True))
    return told
