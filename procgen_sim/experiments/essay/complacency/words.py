"""What complacency came to, as one sentence made from the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from procgen_sim.experiments.essay.finding import Check

__all__ = ["conclude"]


def conclude(data: Mapping[str, Any], checks: Sequence[Check]) -> str:
    """One sentence; it opens by saying so where not everything came out as claimed."""
    both = (data["dots"], data["levels"])
    n = len(both[0]["paths"]["all"]["mean"]) - 1

    def of_each(path: str, at: int = -1) -> str:
        return _pair([100 * float(one["paths"][path]["mean"][at]) for one in both])

    def shares(source: str) -> str:
        return _pair([100 * float(one["shares"][source]["share"]) for one in both])

    loss = " and ".join(
        f"{100 * (1 - one['rate']['value']):.2f} ± {100 * one['rate']['error']:.2f} % on "
        f"{one['name']} (theory: {100 / one['n_levels']:.2f} %)"
        for one in both
    )
    sentence = (
        f"models fitted to models lose {loss} of their variance a generation; copying an "
        f"audience's favourites leaves {of_each('favourites', 1)} after one generation and "
        f"{of_each('favourites')} after {n}; keeping all earlier work leaves "
        f"{of_each('all_kept')} without favourites but {of_each('favourites_kept')} with them; "
        f"to hold {100 * data['held']:.0f} % takes {shares('all_authored')} outside work without "
        f"favourites and, with them, {shares('authored')} by hand or {shares('novelty')} novel "
        f"(dots and levels in turn); {_tiles(data['tiles'])}."
    )
    failed = sum(not check.holds for check in checks)
    if failed:
        return f"Not as claimed ({failed} of {len(checks)} checks fail): {sentence}"
    return sentence[0].upper() + sentence[1:]


def _tiles(tiles: Mapping[str, Any]) -> str:
    told = {
        "sharp": "",
        "sharp_kept": " with everything kept",
        "sharp_authored": f" with {100 * tiles['outside']:.0f} % by hand",
    }
    ends = [
        f"{float(path['mean'][1]):.2g} to {float(path['mean'][-1]):.2g}{words}"
        for name, words in told.items()
        if (path := tiles["apart"].get(name))
    ]
    return f"levels of sharply drawn tile models go from {', '.join(ends)} in perceptual distance"


def _pair(values: Sequence[float]) -> str:
    """``0.05 % and 12 %``: two digits, and more where more than 99 are left."""
    told = [f"{value:.0f}" if value >= 10 else f"{value:.2g}" for value in values]
    return " and ".join(f"{value} %" for value in told)
