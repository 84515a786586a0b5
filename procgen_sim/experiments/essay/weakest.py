"""Several checks under one title: the one that speaks for them all."""

from __future__ import annotations

from collections.abc import Sequence

from procgen_sim.experiments.essay.finding import Check

__all__ = ["weakest"]


def weakest(checks: Sequence[Check]) -> Check:
    """The check that came out worst: an opposite before what cannot be told before what holds."""
    return min(checks, key=lambda check: (check.holds, not check.opposite))
