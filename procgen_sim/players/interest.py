"""How much of a level was foreseen, and how interesting that makes it: three notions.

With surprise s, learning progress g and a newcomer's surprise S_0, all in bits:

- ``surprise``: what can be guessed is dull, i = s / S_0 clipped to [0, 1].
- ``wundt``: the foreseeable is dull and chaos is too; an inverted U over s / S_0 with its top at
  the player's appetite ([Berlyne1970]_, [Kidd2012]_). The default.
- ``progress``: only what teaches is interesting, so learned noise is dull; i = 1 − exp(−g / c) for
  g > 0, with saturation c ([Schmidhuber2010]_).

They disagree on purpose where people do. Everything here is elementwise over arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_choice

__all__ = [
    "DEFAULT_NOTION",
    "NOTIONS",
    "Evidence",
    "Notion",
    "Taste",
    "foreseen_share",
    "interest",
    "predictability",
]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What meeting levels did to players; all shapes broadcast together.

    Attributes
    ----------
    surprise_bits
        ``(P, T)``: s, what a level cost before it was learned.
    progress_bits
        ``(P, T)``: g, by how much learning it lowered its cost.
    naive_bits
        ``(P, 1)``: S_0, mean surprise of on-model levels to a newcomer; above 0.
    """

    surprise_bits: Floats
    progress_bits: Floats
    naive_bits: Floats


@dataclass(frozen=True, kw_only=True)
class Taste:
    """What players like; shapes broadcast with those of :class:`Evidence`.

    Attributes
    ----------
    appetite
        ``(P, 1)`` the ratio s / S_0 that a ``wundt`` player likes best.
    tolerance
        ``(P, 1)`` how far from it, in the same unit, interest has fallen to exp(−1/2) = 0.61.
    saturation_bits
        ``(P, 1)`` learning progress at which a ``progress`` player's interest is 1 − 1/e = 0.63.
    """

    appetite: Floats
    tolerance: Floats
    saturation_bits: Floats


Notion = Callable[[Evidence, Taste], Floats]
"""From what was met and what is liked to interest in [0, 1]."""


def foreseen_share(surprise_bits: Floats, naive_bits: Floats) -> Floats:
    """f = 1 − s / S_0: how much of a level the player saw coming; below 0 for a level that
    surprises more than on-model levels surprise newcomers."""
    return 1.0 - surprise_bits / naive_bits


def predictability(surprise_bits: Floats, naive_bits: Floats, veteran_bits: Floats) -> Floats:
    """p = (S_0 − s) / (S_0 − S_∞): how much of what can be foreseen is; not clipped.

    0 is a newcomer, 1 someone who knows the generator as well as it can be known. NaN where
    S_0 − S_∞ is not above 0: there is nothing to learn.
    """
    to_learn = naive_bits - veteran_bits
    return np.asarray((naive_bits - surprise_bits) / np.where(to_learn > 0, to_learn, np.nan))


def _surprise(evidence: Evidence, _taste: Taste) -> Floats:
    return np.clip(evidence.surprise_bits / evidence.naive_bits, 0.0, 1.0)


def _wundt(evidence: Evidence, taste: Taste) -> Floats:
    ratio = evidence.surprise_bits / evidence.naive_bits
    return np.asarray(np.exp(-0.5 * ((ratio - taste.appetite) / taste.tolerance) ** 2))


def _progress(evidence: Evidence, taste: Taste) -> Floats:
    gained = np.maximum(evidence.progress_bits, 0.0)
    return np.asarray(-np.expm1(-gained / taste.saturation_bits))


NOTIONS: Final[dict[str, Notion]] = {
    "surprise": _surprise,
    "wundt": _wundt,
    "progress": _progress,
}
"""The notions by name. Conclusions are shown under all of them."""

DEFAULT_NOTION: Final = "wundt"


def interest(notion: str, evidence: Evidence, taste: Taste) -> Floats:
    """Interest in [0, 1] under one notion, shaped as the evidence.

    Raises
    ------
    InputError
        If there is no such notion.

    Examples
    --------
    >>> met = Evidence(
    ...     surprise_bits=np.array([5.0, 20.0, 60.0]),
    ...     progress_bits=np.array([0.0, 2.0, 9.0]),
    ...     naive_bits=np.array([25.0]),
    ... )
    >>> likes = Taste(
    ...     appetite=np.array([0.8]), tolerance=np.array([0.3]), saturation_bits=np.array([2.0])
    ... )
    >>> {name: interest(name, met, likes).round(2).tolist() for name in NOTIONS}
    {'surprise': [0.2, 0.8, 1.0], 'wundt': [0.14, 1.0, 0.0], 'progress': [0.0, 0.63, 0.99]}
    """
    return NOTIONS[check_choice("notion", notion, NOTIONS)](evidence, taste)
