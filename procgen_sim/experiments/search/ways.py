"""Every way of leaving the model that a budget allows: proposal × schedule × rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from procgen_sim.injection import Arm, parse_arm

__all__ = ["TOO_GOOD", "candidates"]

_SHARES: Final = (1.0, 0.5)
"""Rates looked at, as shares of the budget: the best rate is not always the highest."""

_BURST: Final = 3
"""Levels in a burst."""

TOO_GOOD: Final = (0.5, 0.8)
"""Forecasts from which an adaptive director breaks."""


def candidates(proposals: Sequence[str], budget: float) -> tuple[Arm, ...]:
    """Arms of which at most a share ``budget`` of levels leaves the model.

    ``adaptive`` keeps to its budget after any number of levels, ``every`` too; ``probability`` and
    ``bursts`` in the long run.

    Parameters
    ----------
    proposals
        Where to go.
    budget
        Share of levels, above 0 and at most 1.

    Examples
    --------
    >>> [arm.name for arm in candidates(["noise"], 0.5)][:4]
    ['noise@probability:0.5', 'noise@every:2', 'noise@bursts:0.5:3', 'noise@adaptive:0.5:0.5']
    """
    words: dict[str, None] = {}
    for share in _SHARES:
        rate = f"{budget * share:.4g}"
        words[f"probability:{rate}"] = None
        words[f"every:{math.ceil(1.0 / float(rate) - 1e-9)}"] = None
        words[f"bursts:{rate}:{_BURST}"] = None
        words |= {f"adaptive:{rate}:{good:g}": None for good in TOO_GOOD}
    texts = [f"{proposal}@{word}" for proposal in proposals for word in words]
    arms: dict[object, Arm] = {}
    for text in texts:
        arm = parse_arm(text, rate=budget, where="--search")
        arms.setdefault((arm.proposal, arm.schedule), arm)  # at 1, every level breaks three ways
    return tuple(arms.values())
