"""What the numbers of :mod:`.experiment` say of its claim: as checks, and in one sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim.experiments.essay.finding import CLEAR, NEAR, Check, Relation, mean_and_error
from procgen_sim.experiments.wording import percent

__all__ = ["ORDERS", "checks", "conclusion", "curve", "gathered", "half_gone", "summary"]

ORDERS: Final = ("random", "fixed", "worst", "best")
"""In which order decisions are delegated."""

_TRACE: Final = 0.02
"""Bits that are no trace of anybody: fewer are not counted, however surely they are there."""

_LIKE_CHANCE: Final = 0.05
"""Share of levels by which guesses may differ from chance and still be no better."""

_KEPT_BY_BUILDING: Final = 0.8
"""Least share of what is read of levels as asked for that must be read of them once built."""

Told = Mapping[str, Any]


def gathered(told: Sequence[Told]) -> dict[str, Any]:
    """Repetitions as arrays with the repetition first; what is the same in all of them once."""
    first = told[0]
    shared = {name: first[name] for name in ("names", "n_authors")}
    each = {
        name: np.array([one[name] for one in told if name in one])
        for name in ("alone", "shuffled", "built")
        if name in first
    }
    orders = {
        name: {what: np.array([one[name][what] for one in told]) for what in first[name]}
        for name in ORDERS
    }
    return {**shared, **each, **orders}


def summary(world: Told) -> dict[str, Any]:
    """A world as means and standard errors, for the file: ``mean`` and ``error`` by share."""
    d = len(world["names"])
    found: dict[str, Any] = {
        "q": [n_made / d for n_made in range(d + 1)],
        "repetitions": len(world["shuffled"]),
        "n_authors": world["n_authors"],
        "names": world["names"],
        "alone": curve(world["alone"]),
        "half_gone": {name: curve(_half_gone(world, name)) for name in ORDERS},
    }
    for name in ORDERS:
        found[name] = {what: curve(each) for what, each in world[name].items()}
    if "built" in world:
        words = ("bits as asked for", "bits built", "accuracy as asked for", "accuracy built")
        found["built"] = {word: curve(world["built"][:, :, i]) for i, word in enumerate(words)}
    return found


def half_gone(bits: Sequence[float]) -> float:
    """The share delegated at which half of the bits are gone, steps joined by straight lines.

    >>> half_gone([2.0, 1.5, 0.5, 0.0])
    0.5
    """
    left = np.asarray(bits, np.float64)
    half = left[0] / 2
    after = int(np.argmax(left <= half))
    if left[after] > half:
        return 1.0
    within = (left[after - 1] - half) / (left[after - 1] - left[after])
    return float((after - 1 + within) / (len(left) - 1))


def checks(worlds: Mapping[str, Told], *, n_tested: int) -> tuple[Check, ...]:
    """The claim, quantity by quantity, of dots and of levels.

    ``n_tested`` is on how many levels of each author a classifier is tested.
    """
    found: list[Check] = []
    for name, world in worlds.items():
        accuracy, read = world["random"]["accuracy"], world["random"]["read"]
        chance = 1.0 / world["n_authors"]
        q = np.linspace(0.0, 1.0, read.shape[1])
        slope = np.polynomial.polynomial.polyfit(q, read.T, 1)[1]
        found += [
            _check(
                f"{name}: share recognised when nothing is delegated, against twice chance",
                accuracy[:, 0],
                "above",
                2 * chance,
            ),
            Check(
                what=f"{name}: share recognised when all is delegated, against chance",
                estimate=float(accuracy[:, -1].mean()),
                # Guesses about levels that say nothing: exactly this, whatever the classifier.
                standard_error=math.sqrt(
                    chance * (1 - chance) / (len(accuracy) * world["n_authors"] * n_tested)
                ),
                relation="equal",
                bound=chance,
                within=_LIKE_CHANCE,
            ),
            _check(f"{name}: slope of the bits read in the share delegated", slope, "below", 0.0),
            _count(f"{name}: steps of delegation that add bits beyond chance", _rises(world)),
            _count(
                f"{name}: shares at which more is read than kept decisions hold, beyond chance",
                _excesses(world),
            ),
            _check(
                f"{name}: share delegated when half of the bits are gone, best less worst order",
                _half_gone(world, "best") - _half_gone(world, "worst"),
                "above",
                0.0,
            ),
        ]
    over_chance = [world["random"]["read"][:, -1] - world["shuffled"] for world in worlds.values()]
    found.append(
        _check(
            "bits read when all is delegated, less those read after authors were shuffled",
            np.concatenate(over_chance),
            "equal",
            0.0,
            within=_TRACE,
        )
    )
    built = worlds["levels"]["built"]
    for step, words in enumerate(("nothing", "half")):
        # A difference: a share of the few bits that some authors leave would be of anything.
        beyond = built[:, step, 1] - _KEPT_BY_BUILDING * built[:, step, 0]
        what = f"levels: bits read once built, less {percent(_KEPT_BY_BUILDING)} of those read"
        found.append(_check(f"{what} before, {words} delegated", beyond, "above", 0.0))
    return tuple(found)


def conclusion(data: Mapping[str, Told], found: Sequence[Check]) -> str:
    """What came out, in one sentence: a clause a check."""
    levels = data["levels"]
    seen, read = (levels["random"][what]["mean"] for what in ("accuracy", "read"))
    middle = len(read) // 2
    worst, best = (levels["half_gone"][name]["mean"][0] for name in ("worst", "best"))
    styles = [
        f"{' → '.join(percent(share) for share in curve['mean'])} if they are {name}"
        for name, curve in data["styles"].items()
    ]
    parts = [
        f"Of {levels['n_authors']} authors the right one is recognised in {percent(seen[0])} of "
        f"levels when they decide everything, in {percent(seen[middle])} when "
        f"{percent(levels['q'][middle])} is delegated and in {percent(seen[-1])} when all is "
        f"(chance {percent(1 / levels['n_authors'])}), how alike authors are to begin with being an"
        f" assumption ({', '.join(styles)})"
    ]
    each = (len(found) - 3) // 2
    parts += [_of_world("dots", found[:each]), _of_world("levels", found[each : 2 * each])]
    parts.append(f"in levels half of it is gone at {percent(worst)} and at {percent(best)}")
    end, asked, half = found[-3:]
    parts.append(
        end.told(
            "of what is wholly delegated no more is read than of shuffled authors",
            "of what is wholly delegated it cannot be told whether anything is read",
            "of what is wholly delegated other than of shuffled authors is read",
        )
    )
    share = percent(_KEPT_BY_BUILDING)
    kept = [
        check.told(f"at least {share}", f"perhaps {share}", f"less than {share}")
        for check in (asked, half)
    ]
    parts.append(f"building keeps {kept[0]} of it with nothing delegated, {kept[1]} with half")
    return "; ".join([*parts, _lasting(levels, middle)]) + "."


def _of_world(name: str, found: Sequence[Check]) -> str:
    """What the checks of one world say, one clause each."""
    clear, chance, falls, rises, excesses, orders = found
    known = clear.told("above twice chance", "perhaps above twice chance", "below twice chance")
    end = chance.told("by chance", "who can tell how", "not by chance")
    trend = falls.told("fall", "may fall or not", "grow")
    step = rises.told("no step adds any", "a step may add some", "some step adds some")
    bound = excesses.told("never exceed", "may exceed", "somewhere exceed")
    order = orders.told("later", "at no plainly other time", "sooner")
    return (
        f"{name}: authors who decide all are recognised {known}, who decide nothing {end}, bits"
        f" read {trend} as more is delegated, {step}, they {bound} what the kept decisions hold,"
        f" half of which is gone {order} in the best order for the author than in the worst"
    )


def _lasting(levels: Told, middle: int) -> str:
    """What goes first, the genre or the style within it."""
    held, school = (np.asarray(levels["random"][what]["mean"]) for what in ("held", "school"))
    genre = float(school[middle] / school[0])
    style = float((held - school)[middle] / (held - school)[0])
    verb = "outlasts" if genre > style else "does not outlast"
    return (
        f"the genre {verb} the style within it (in the middle the decisions kept hold "
        f"{percent(genre)} of the one and {percent(style)} of the other)"
    )


def curve(each: npt.NDArray[np.float64]) -> dict[str, list[float]]:
    """Mean and standard error over repetitions ``(n, …)``, place by place."""
    pairs = [mean_and_error(column) for column in each.reshape(len(each), -1).T]
    return {"mean": [mean for mean, _ in pairs], "error": [error for _, error in pairs]}


def _half_gone(world: Told, order: str) -> npt.NDArray[np.float64]:
    return np.array([half_gone(bits) for bits in world[order]["held"]])


def _rises(world: Told) -> int:
    """Steps of any order after which more bits are read."""
    return sum(_beyond(np.diff(world[order]["read"], axis=1)) for order in ORDERS)


def _excesses(world: Told) -> int:
    """Shares in any order at which more bits are read than the kept decisions hold."""
    return sum(_beyond(world[order]["read"] - world[order]["held"]) for order in ORDERS)


def _beyond(differences: npt.NDArray[np.float64]) -> int:
    """How many columns of ``(repetitions, m)`` are above a trace, beyond chance."""
    pairs = [mean_and_error(column) for column in differences.T]
    return sum(mean - _TRACE > NEAR * error for mean, error in pairs)


def _check(
    what: str,
    each: npt.NDArray[np.float64],
    relation: Relation,
    bound: float,
    *,
    within: float = math.inf,
) -> Check:
    """Of repetitions that are few: the error is widened so that as many of it as a check demands
    are as rare as Student's t has them [Student1908]_."""
    from scipy.stats import norm, t

    estimate, error = mean_and_error(each)
    wide = float(t.isf(norm.sf(CLEAR), len(each) - 1)) / CLEAR
    return Check.of(what, (estimate, error * wide), relation, bound, within=within)


def _count(what: str, n: int) -> Check:
    return Check.of(what, (n, 0.0), "equal", 0.0, within=0.0)
