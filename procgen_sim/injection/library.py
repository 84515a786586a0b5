"""Levels that people made, kept for when the model is to be left: nobody builds them, they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["EMPTY", "Library"]

Vectors = npt.NDArray[np.float64]


def _no_vectors() -> Vectors:
    return np.empty((0, 0))


@dataclass(frozen=True, kw_only=True, eq=False)
class Library:
    """Authored levels in the order of their names.

    Attributes
    ----------
    names
        ``n`` names.
    vectors
        ``(n, d)`` design parameters measured on them, natural units.
    grids
        ``n`` arrays ``(rows, columns)`` of codes of the house tileset; sizes may differ.
    proven
        ``n`` times whether a replay finishes it; those without one are known by the jump rules.
    skipped
        One sentence for each file that was left out.
    """

    names: tuple[str, ...] = ()
    vectors: Vectors = field(default_factory=_no_vectors)
    grids: tuple[npt.NDArray[np.uint8], ...] = ()
    proven: tuple[bool, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many levels."""
        return len(self.names)

    def unmet(self, met: Collection[int]) -> list[int]:
        """Which levels somebody who met some has not met yet."""
        return [i for i in range(self.n) if i not in met]

    def find(self, vector: Vectors, met: Collection[int]) -> int | None:
        """The first unmet level that measures exactly like ``(d,)``; None if none does."""
        for i in self.unmet(met):
            if np.array_equal(self.vectors[i], vector):
                return i
        return None


EMPTY = Library()
"""Nobody made anything."""
