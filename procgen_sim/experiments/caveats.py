"""What a reader must know before believing a run: where corpus, model and builder do not fit.

The builder makes platformer levels. Any grid of tiles can be measured and fitted, but if what comes
out is unlike the corpus, the run is about what was built and not about the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import nearest
from procgen_sim.levels import Affordance, Corpus
from procgen_sim.levels.tileset import TAG_AFFORDANCES
from procgen_sim.models import DesignSpace
from procgen_sim.platformer import reach

__all__ = ["find_caveats"]

_FAR: Final = 0.5
"""Difference of means, in natural ranges, from which built levels are unlike the corpus."""

_POOR: Final = 0.5
"""R² below which the builder does not do what it is asked."""

_HALF: Final = 0.5

Vectors = npt.NDArray[np.float64]


def find_caveats(
    corpus: Corpus,
    data: Vectors,
    measured: Vectors,
    fidelity: npt.NDArray[np.float64],
    space: DesignSpace,
) -> tuple[str, ...]:
    """Plain sentences, none when all is well.

    Parameters
    ----------
    corpus
        The levels.
    data
        ``(n, d)`` their design parameters, natural units.
    measured
        ``(m, d)`` those of levels generated on the model.
    fidelity
        ``(d,)`` R² of the builder; NaN where nothing was asked.
    space
        Names and natural ranges.
    """
    return (
        *_about_tiles(corpus),
        *_about_playing(corpus),
        *_about_numbers(data),
        *_about_building(data, measured, fidelity, space),
    )


def _about_tiles(corpus: Corpus) -> Iterator[str]:
    tilesets = {level.tileset for level in corpus.levels}
    # Games have words of their own; one is suspect only where it is all that is said of a tile.
    lonely = {
        word
        for tiles in tilesets
        for words in tiles.tags.values()
        if not any(word.lower() in TAG_AFFORDANCES for word in words)
        for word in words
    }
    for word in sorted(lonely):
        close = nearest(word.lower(), TAG_AFFORDANCES, cutoff=0.8)
        if close:
            yield f"The tileset's tag {word!r} means nothing here; was {close!r} meant?"
    if not any(tiles.affords(Affordance.SOLID | Affordance.ONE_WAY).any() for tiles in tilesets):
        yield "No tile is tagged 'solid' or 'solidtop': there is nothing to stand on."


def _about_playing(corpus: Corpus) -> Iterator[str]:
    n = len(corpus.levels)
    n_playable = sum(reach(level).playable for level in corpus.levels)
    if n_playable < _HALF * n:
        yield (
            f"Only {n_playable} of the corpus's {n} levels can be finished by the jump rules: is "
            "it a platformer read from left to right, and does its tileset say what is solid?"
        )


def _about_numbers(data: Vectors) -> Iterator[str]:
    n, d = data.shape
    if n > 1 and (np.ptp(data, axis=0) == 0).all():
        yield f"All {n} levels measure alike: the model knows one level, and so do its players."
    elif n <= d:
        yield (
            f"The model was fitted to {n} levels in {d} parameters: how these vary together is "
            "mostly guessed."
        )


def _about_building(
    data: Vectors, measured: Vectors, fidelity: npt.NDArray[np.float64], space: DesignSpace
) -> Iterator[str]:
    wished, built = data.mean(axis=0), measured.mean(axis=0)
    far = np.abs(built - wished) > _FAR * space.width
    with np.errstate(invalid="ignore"):
        poor = fidelity < _POOR
    told = [
        f"{name.replace('_', ' ')} ({wished[j]:.3g} in the corpus, {built[j]:.3g} built)"
        if far[j]
        else f"{name.replace('_', ' ')} (R² {fidelity[j]:.2f})".replace("-", "−")
        for j, name in enumerate(space.names)
        if far[j] or poor[j]
    ]
    if told:
        yield (
            f"The builder cannot make levels like these: {', '.join(told)}. "
            "What is said here is about the levels it made."
        )
