"""What complacency came to, as one sentence made from the numbers and the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from procgen_sim.experiments.essay.complacency.claims import INDUSTRIES, by_claim
from procgen_sim.experiments.essay.finding import Check

__all__ = ["conclude", "percent"]

_CLAUSES: Final = {
    "rate": (
        "models fitted to models lose variance at theory's rate",
        "at what rate models fitted to models lose variance cannot be told",
        "models fitted to models do not lose variance at theory's rate",
    ),
    "kept": (
        "keeping all earlier work saves what theory says",
        "what keeping all earlier work saves cannot be told",
        "keeping all earlier work does not save what theory says",
    ),
    "at_once": (
        "copying an audience's favourites takes more at once",
        "whether copying an audience's favourites takes more at once cannot be told",
        "copying an audience's favourites takes less at once",
    ),
    "in_the_end": (
        "and in the end",
        "and whether it does in the end cannot be told",
        "and it takes less in the end",
    ),
    "slowed": (
        "keeping everything slows that",
        "whether keeping everything slows that cannot be told",
        "keeping everything hastens that",
    ),
    "not_stopped": (
        "but does not stop it",
        "whether it stops it cannot be told",
        "and stops it",
    ),
    "by_theory": (
        "without favourites the outside work that should hold {held} by theory does",
        "whether without favourites the outside work that should hold {held} by theory does "
        "cannot be told",
        "without favourites the outside work that should hold {held} by theory does not hold "
        "just that",
    ),
    "authored": (
        "with favourites hand-made work holds {held}",
        "whether with favourites hand-made work holds {held} cannot be told",
        "with favourites hand-made work does not hold {held} as it was searched to",
    ),
    "authored_half": (
        "half of it does not",
        "whether half of it does cannot be told",
        "half of it does, too",
    ),
    "novelty": (
        "novel work holds {held}",
        "whether novel work holds {held} cannot be told",
        "novel work does not hold {held} as it was searched to",
    ),
    "novelty_half": (
        "half of it does not",
        "whether half of it does cannot be told",
        "half of it does, too",
    ),
}
"""Of each claim about industries: it holds, it cannot be told, the opposite holds."""


def conclude(data: Mapping[str, Any], checks: Sequence[Check]) -> str:
    """One sentence, a clause for each check; it opens by saying so where not all came out."""
    found = by_claim(checks)
    held = f"{100 * data['held']:.0f} %"
    told = {
        claim: _clause(
            [
                (found[name][claim].told(*clauses), _number(data[name], claim), name)
                for name in INDUSTRIES
            ]
        ).replace("{held}", held)
        for claim, clauses in _CLAUSES.items()
    }
    after_a_comma = {"in_the_end", "not_stopped", "authored_half", "novelty_half"}
    sentence = ""
    for claim, clause in told.items():
        sentence += f"{', ' if claim in after_a_comma else '; '}{clause}"
    sentence = f"{sentence[2:]}{_others(data)}; {_tiles(data['tiles'], found['tiles'])}."
    failed = sum(not check.holds for check in checks)
    if failed:
        return f"Not as claimed ({failed} of {len(checks)} checks fail): {sentence}"
    return sentence[0].upper() + sentence[1:]


def _clause(told: Sequence[tuple[str, str, str]]) -> str:
    """One clause on both industries where the same came out, else each its own."""
    texts = [text for text, _, _ in told]
    if texts[0] == texts[1]:
        numbers = ", ".join(f"{number} on {name}" for _, number, name in told if number)
        return f"{texts[0]} ({numbers})" if numbers else texts[0]
    each = [f"{text} on {name}" + f" ({number})" * bool(number) for text, number, name in told]
    return ", but ".join(each)


def _number(one: Mapping[str, Any], claim: str) -> str:
    """The number that belongs to a claim about an industry, if it has not been told."""

    def left(path: str, at: int = -1) -> str:
        return f"{percent(one['paths'][path]['mean'][at])} left"

    if claim == "rate":
        loss, error = 100 * (1 - one["rate"]["value"]), 100 * one["rate"]["error"]
        return f"{loss:.2f} ± {error:.2f} % a generation for {100 / one['n_levels']:.2f} %"
    if claim in ("authored", "novelty"):
        share = one["shares"][claim]
        return f"{100 * share['share']:.1f} ± {100 * share['error']:.1f} %"
    if claim == "by_theory":
        return f"{100 * one['shares']['theory']['share']:.1f} %"
    places = {
        "kept": ("all_kept", -1),
        "at_once": ("favourites", 1),
        "in_the_end": ("favourites", -1),
        "slowed": ("favourites_kept", -1),
    }
    return left(*places[claim]) if claim in places else ""


def _others(data: Mapping[str, Any]) -> str:
    """What becomes of it with other audiences; nothing in a taste."""
    rows = [row for name in INDUSTRIES for row in data[name]["others"]]
    if not rows:
        return ""
    left, share = ([float(row[key]) for row in rows] for key in ("left", "share"))
    return (
        f" (with other audiences {percent(min(left))} to {percent(max(left))} is left, and "
        f"{100 * min(share):.0f} to {100 * max(share):.0f} % by hand would hold it)"
    )


def _tiles(tiles: Mapping[str, Any], found: Mapping[str, Check]) -> str:
    def ends(kind: str) -> str:
        mean = tiles[kind]["sharp"]["mean"]
        return " to ".join(f"{end:.0f}" if end > 9 else f"{end:.2g}" for end in (mean[1], mean[-1]))

    told = "levels of sharply drawn tile models get " + found["alike"].told(
        "more alike", "neither more alike nor less for all that can be told", "less alike"
    )
    told += f" ({ends('apart')} in perceptual distance), " + found["patterns"].told(
        "of fewer patterns", "whether of fewer patterns cannot be told", "of more patterns"
    )
    told += f" ({ends('patterns')})"
    if by_hand := found.get("by_hand"):
        quarter = f"{100 * tiles['outside']:.0f} % by hand"
        told += ", and " + by_hand.told(
            f"less so with {quarter}",
            f"whether less so with {quarter} cannot be told",
            f"even more so with {quarter}",
        )
        told += f" ({float(tiles['apart']['sharp_authored']['mean'][-1]):.2g})"
    if kept := tiles["apart"].get("sharp_kept"):
        told += f", and with everything kept end at {float(kept['mean'][-1]):.2g}"
    return told


def percent(share: float) -> str:
    """``12 %``, or two digits of less."""
    value = 100 * float(share)
    return f"{value:.0f} %" if value >= 10 else f"{value:.2g} %"
