"""``audience`` in one sentence that follows from its numbers, whatever they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.audience.fates import Fates, World
from procgen_sim.experiments.essay.finding import CLEAR, Check, mean_and_error
from procgen_sim.experiments.wording import decimal, listed, percent, sentence
from procgen_sim.injection import ON_MODEL

__all__ = ["SOON", "concluded", "share_words"]

Values = npt.NDArray[np.float64]

SOON: Final = 50
"""Levels after which the deciles are compared."""


def share_words(share: float) -> str:
    """A share in words; nearly all is not all."""
    return f"{share * 100:.1f} %" if 0.95 < share < 1 else percent(share)


def concluded(met: Mapping[str, World], appetite: Values, checks: Sequence[Check]) -> str:
    """What came out.

    Parameters
    ----------
    met
        World to what became of everybody there.
    appetite
        ``(10,)`` mean appetite of each decile.
    checks
        Of one world after the other: sooner, rising, everyone by surprise, at home.
    """
    n = len(checks) // len(met)
    of = {world: checks[i * n : (i + 1) * n] for i, world in enumerate(met)}
    sooner, rising, everyone, staying = (all(of[world][i].holds for world in met) for i in range(n))
    wundt = {world: each.fates[ON_MODEL.name, "wundt"] for world, each in met.items()}

    def each(share: Mapping[str, float], unit: str = "") -> str:
        return listed([f"{share_words(share[world])}{unit} on {world}" for world in met])

    soon = listed(
        [
            f"{share_words(float((fates.left[-2] <= SOON).mean()))} against"
            f" {share_words(float((fates.left[0] <= SOON).mean()))} on {world}"
            for world, fates in wundt.items()
        ]
    )
    first = "staying on the model, the most novelty-hungry decile was "
    first += "lost sooner than the least" if sooner else "not clearly lost sooner than the least"
    clauses = [f"{first} (by level {SOON}, {soon})"]
    lost = each({w: float(np.isfinite(f.left[:-1]).mean()) for w, f in wundt.items()})
    clauses.append(
        f"losses {'went on' if rising else 'did not clearly go on'} to {lost} of everyone"
    )
    home = each({w: float(f.stays[0].mean()) for w, f in wundt.items()})
    known = listed([f"{decimal(one.ratio)} on {world}" for world, one in met.items()])
    if staying:
        clauses.append(
            f"but not everyone goes in the end: {home} of the least hungry decile were still there"
            " and at home in the familiar, which costs those who know it"
            f" {known} of a newcomer's surprise, while they like {decimal(float(appetite[0]))} best"
        )
    else:
        clauses.append(f"hardly anyone was at home in the familiar ({home} of the least hungry)")
    chaos = each({w: _strange_share(f, 0) for w, f in wundt.items()})
    clauses.append(
        f"of the least hungry who left, {chaos} left what was too strange, not too familiar"
    )
    clauses.append(_off_model(met))
    gone = {
        notion: each(
            {
                world: float(np.isfinite(one.fates[ON_MODEL.name, notion].left[:-1]).mean())
                for world, one in met.items()
            }
        )
        for notion in ("surprise", "progress")
    }
    clauses.append(
        f"where appetite plays no part, {'nearly everyone' if everyone else 'not nearly everyone'}"
        f" left: {gone['surprise']} by surprise, {gone['progress']} by progress"
    )
    return sentence("; ".join(clauses))


def _off_model(met: Mapping[str, World]) -> str:
    """What leaving the model does to those who like the familiar best, paired by player."""
    clear, ranges = [], []
    for world, one in met.items():
        lost = {
            arm: np.isfinite(fates.left[0]) * 1.0
            for (arm, notion), fates in one.fates.items()
            if notion == "wundt"
        }
        staying = lost.pop(ON_MODEL.name)
        shares = [float(left.mean()) for left in lost.values()]
        words = list(dict.fromkeys([share_words(min(shares)), share_words(max(shares))]))
        ranges.append(
            f"{' to '.join(words)} on {world}, {share_words(float(staying.mean()))} on-model"
        )
        for left in lost.values():
            mean, error = mean_and_error(left - staying)
            clear.append(error > 0 and mean / error >= CLEAR)
    more = "more" if all(clear) else "not always clearly more"
    return f"off the model, {more} of the least hungry were lost ({'; '.join(ranges)})"


def _strange_share(fates: Fates, row: int) -> float:
    left = np.isfinite(fates.left[row])
    return float(fates.strange[row][left].mean()) if left.any() else 0.0
