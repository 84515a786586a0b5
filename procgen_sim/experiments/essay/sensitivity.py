"""Which conclusions hang on what is assumed about people, and which do not.

Every number about people is an assumption or comes from other tasks than playing levels
(:mod:`procgen_sim.players.assumptions`). So each main conclusion is drawn again with one assumption
after the other far lower and far higher than assumed, the others as they are. It is *robust* if it
comes out the same way, told apart from chance, each time; it *fades* if somewhere it cannot be
told; it *turns* if somewhere the opposite holds; it *fails* if it holds nowhere. What the essay
claims of models alone (trend lines, overfitting, the spaces between, delegation, complacency
without an audience) assumes nothing about people; how like each other authors are, and what
audiences like, are assumptions of those experiments themselves, named there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from procgen_sim.experiments.essay.finding import CLEAR, Check, Effort, Finding
from procgen_sim.experiments.essay.main_conclusions import ARMS, CONCLUSIONS, Measured, draw
from procgen_sim.experiments.essay.meeting import WORLDS, setting_of
from procgen_sim.experiments.people import spreads_from
from procgen_sim.players import NAIVE_PRIOR, TRAITS
from procgen_sim.results import Table
from procgen_sim.session import Setting, play_arms

__all__ = ["ASSUMPTIONS", "Assumption", "robustness", "run"]

CLAIM: Final = "What is concluded about players should not hang on what was assumed about them."

_PLACE: Final = 10


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One number about people, and two others it might have been.

    Attributes
    ----------
    name
        A trait, or ``prior_sd``: how widely a newcomer expects first levels to vary.
    words
        What it is, with its unit.
    low, high
        The other values.
    learning
        Whether it changes what players learn, and not only what they make of it.
    """

    name: str
    words: str
    low: float
    high: float
    learning: bool


ASSUMPTIONS: Final = (
    Assumption(
        name="half_life_levels", words="memory (levels)", low=25.0, high=1600.0, learning=True
    ),
    Assumption(name="resolution_bits", words="resolution (bits)", low=1.5, high=3.5, learning=True),
    Assumption(
        name="concentration", words="readiness for genres", low=0.2, high=5.0, learning=True
    ),
    Assumption(name="prior_sd", words="prior width (ranges)", low=0.15, high=0.6, learning=True),
    Assumption(name="appetite", words="appetite (of S₀)", low=0.65, high=1.05, learning=False),
    Assumption(name="tolerance", words="tolerance (of S₀)", low=0.12, high=0.5, learning=False),
    Assumption(
        name="saturation_bits", words="saturation (bits)", low=0.7, high=6.0, learning=False
    ),
    Assumption(name="threshold", words="threshold", low=0.2, high=0.5, learning=False),
    Assumption(name="tau_levels", words="mood τ (levels)", low=3.0, high=12.0, learning=False),
)
"""Each about as far from what is assumed as anybody would go: factors of 2 to 8, or two standard
deviations between people."""


def robustness(cells: Mapping[str, Measured]) -> str:
    """``robust``, ``fades``, ``turns`` or ``fails``, from one conclusion under every variation.

    Examples
    --------
    >>> robustness({"assumed": Measured(3.0, 0.5), "low": Measured(1.0, 0.1)})
    'robust'
    >>> robustness({"assumed": Measured(3.0, 0.5), "low": Measured(0.1, 0.1)})
    'fades'
    >>> robustness({"assumed": Measured(3.0, 0.5), "low": Measured(-1.0, 0.1)})
    'turns'
    """
    words = [said(cell) for cell in cells.values()]
    if all(word == "yes" for word in words):
        return "robust"
    if "yes" not in words:
        return "fails"
    return "turns" if "no" in words else "fades"


def said(cell: Measured) -> str:
    """``yes``, ``no`` (the opposite) or ``open``: what one cell says of a conclusion."""
    if not cell.error >= 0:  # too few to say
        return "open"
    if cell.estimate >= CLEAR * cell.error and cell.estimate > 0:
        return "yes"
    return "no" if cell.estimate <= -CLEAR * cell.error and cell.estimate < 0 else "open"


def run(effort: Effort, *, assumptions: tuple[Assumption, ...] = ASSUMPTIONS) -> Finding:
    """Draw the main conclusions under every assumption, of dots and of levels."""
    n_players, n_levels = effort.of(60, 16), effort.of(60, 40)
    settings = {
        world: setting_of(world, seed=effort.seed, place=_PLACE, n_levels=n_levels)
        for world in WORLDS
    }
    table: dict[str, dict[str, dict[str, Measured]]] = {}
    for body, setting in settings.items():
        table[body] = {name: {} for name in CONCLUSIONS}
        for variation, played, records in _variations(setting, assumptions, n_players):
            for name, measured in draw(records, played, n_players).items():
                table[body][name][variation] = measured
    verdicts = {
        body: {name: robustness(cells) for name, cells in rows.items()}
        for body, rows in table.items()
    }
    return Finding(
        experiment="sensitivity",
        claim=CLAIM,
        conclusion=_conclusion(verdicts),
        checks=tuple(_checks(table)),
        data={
            "assumptions": [
                {
                    "name": each.name,
                    "words": each.words,
                    "low": each.low,
                    "high": each.high,
                    "assumed": _assumed(each.name),
                }
                for each in assumptions
            ],
            "conclusions": CONCLUSIONS,
            "table": {
                body: {
                    name: {
                        variation: {
                            "estimate": cell.estimate,
                            "error": cell.error,
                            "said": said(cell),
                        }
                        for variation, cell in cells.items()
                    }
                    for name, cells in rows.items()
                }
                for body, rows in table.items()
            },
            "verdicts": verdicts,
            "players": n_players,
            "levels": n_levels,
        },
        effort=effort,
    )


def _variations(
    setting: Setting, assumptions: tuple[Assumption, ...], n_players: int
) -> Iterator[tuple[str, Setting, Table]]:
    """Name, setting and records of every variation, what is assumed first.

    Traits that change only what players make of levels are applied to the same records."""
    players = range(n_players)
    ordinary = play_arms(setting, ARMS, players)
    yield "assumed", setting, ordinary
    for each in assumptions:
        for end, value in (("low", each.low), ("high", each.high)):
            varied = vary(setting, each.name, value)
            records = play_arms(varied, ARMS, players) if each.learning else ordinary
            yield f"{each.name} {end}", varied, records


def vary(setting: Setting, name: str, value: float) -> Setting:
    """The setting with one number about people replaced."""
    if name == "prior_sd":
        return replace(setting, prior=replace(NAIVE_PRIOR, first_level_sd=value))
    changed = spreads_from({name: value})
    return replace(setting, spreads={**TRAITS, **changed})


def _assumed(name: str) -> float:
    return NAIVE_PRIOR.first_level_sd if name == "prior_sd" else TRAITS[name].median


def _checks(table: Mapping[str, Mapping[str, Mapping[str, Measured]]]) -> Iterator[Check]:
    """The two claims that everything else builds on, where they are weakest."""
    for body, rows in table.items():
        for name in ("foreseen", "fades surprise"):
            cells = rows[name]
            weakest = min(cells.values(), key=lambda cell: cell.estimate / cell.error)
            yield Check(
                what=f"{body}: {CONCLUSIONS[name]}, where it is weakest",
                estimate=weakest.estimate,
                standard_error=weakest.error,
                relation="above",
                bound=0.0,
            )


def _conclusion(verdicts: Mapping[str, Mapping[str, str]]) -> str:
    """One sentence: what is robust on both, and what became of the rest."""
    robust, rest = [], []
    for name, words in CONCLUSIONS.items():
        found = {body: rows[name] for body, rows in verdicts.items()}
        if set(found.values()) == {"robust"}:
            robust.append(words)
        else:
            told = ", ".join(f"{word} on {body}" for body, word in found.items())
            if len(set(found.values())) == 1:
                told = next(iter(found.values()))
            rest.append(f"{words} ({told})")
    start = (
        f"With any one assumption about people far lower or higher, it stays true on dots and "
        f"levels that {', that '.join(robust)}"
        if robust
        else "No conclusion stays true on dots and levels with each assumption changed"
    )
    return f"{start}; what is left is not robust: {'; '.join(rest)}." if rest else f"{start}."
