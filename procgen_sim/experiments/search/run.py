"""A search as a folder: candidates, race, verdict, and the sentence that says how sure it is.

``search.json`` holds the answer and how it was found; figures are drawn from it alone.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from procgen_sim import __version__
from procgen_sim._checks import InputError
from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.playing import settled
from procgen_sim.experiments.preparation import prepare
from procgen_sim.experiments.run_folder import CONFIG_FILE, RunFolder
from procgen_sim.experiments.search.judging import Finalist, Verdict, judge
from procgen_sim.experiments.search.racing import Lap, race, run_arms
from procgen_sim.experiments.search.ways import candidates
from procgen_sim.experiments.search.wording import sentences
from procgen_sim.experiments.statistics import Difference, Interval
from procgen_sim.experiments.stored import read_json
from procgen_sim.files import write_text
from procgen_sim.injection import AUTHORED, ON_MODEL, SELF_CONTAINED
from procgen_sim.players import NOTIONS
from procgen_sim.rng import stream

__all__ = ["SEARCH_FILE", "SearchRun", "open_search", "run_search"]

SEARCH_FILE: Final = "search.json"
_N_FINALISTS: Final = 5

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class SearchRun:
    """A finished search, as it stands in its folder.

    Attributes
    ----------
    folder
        Where.
    interest, budget, keep
        What was searched for.
    n_players, n_levels
        Players who judged, none of whom had a part in the race; levels each played.
    laps
        How the race went.
    verdicts
        Notion of interest to what was found; the race was run under ``interest``.
    sentences
        The answer in words.
    caveats
        What a reader must know before believing it.
    seconds
        How long it took.
    """

    folder: Path
    interest: str
    budget: float
    keep: float
    n_players: int
    n_levels: int
    laps: tuple[Lap, ...]
    verdicts: Mapping[str, Verdict]
    sentences: tuple[str, ...]
    caveats: tuple[str, ...]
    seconds: float

    @property
    def choice(self) -> Finalist | None:
        """The arm that was found; None where the levels played decide nothing."""
        verdict = self.verdicts[self.interest]
        return verdict.finalists[0] if verdict.decides else None


def run_search(
    config: RunConfig,
    folder: Path,
    *,
    jobs: int = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> SearchRun:
    """Find the proposal, schedule and rate that keep a share of the audience for longest.

    Players 0 to P − 1 choose, players P to 2 P − 1 judge.

    Parameters
    ----------
    config
        What to fit and who plays; ``interest``, ``budget`` and ``keep`` say what to search for.
        Its arms and their rate are not looked at, and stored as the defaults.
    folder
        Where to; must be new or empty, unless ``overwrite``.
    jobs
        Processes. The answer is the same for any number.
    overwrite
        Remove the files of an earlier run in ``folder`` and start anew.
    progress
        Told after each lap.

    Raises
    ------
    InputError
        If something in the configuration or the corpus is wrong, the folder is taken, or the
        budget does not allow a single break.
    """
    start = time.perf_counter()
    plain = RunConfig()
    config = settled(replace(config, arms=plain.arms, rate=plain.rate))
    proposals = [*SELF_CONTAINED, *([AUTHORED] if config.authored else [])]
    ways = candidates(proposals, config.budget, config.levels)
    run = RunFolder(folder, command="search", config=config, overwrite=overwrite, resumable=False)
    with run.stoppable(), workers(jobs) as crew:
        prepared = prepare(config, crew, n_people=2 * config.players)
        setting = prepared.setting
        run.claim([CONFIG_FILE, SEARCH_FILE])
        finalists, laps = race(
            setting,
            ways,
            notion=config.interest,
            keep=config.keep,
            n_finalists=_N_FINALISTS,
            n_players=config.players,
            workers=crew,
            progress=progress,
        )
        arms = (ON_MODEL, *finalists)
        ran = run_arms(setting, arms, range(config.players, 2 * config.players), crew)
        verdicts = {
            notion: judge(
                [each.leaving[notion] for each in ran],
                [arm.name for arm in arms],
                keep=config.keep,
                shares=[(each.broke_share, each.off_model_share) for each in ran],
                rng=stream(config.seed, "search", number),
            )
            for number, notion in enumerate(NOTIONS)
        }
        found = SearchRun(
            folder=folder,
            interest=config.interest,
            budget=config.budget,
            keep=config.keep,
            n_players=config.players,
            n_levels=config.levels,
            laps=laps,
            verdicts=verdicts,
            sentences=sentences(verdicts, config, laps),
            caveats=prepared.caveats,
            seconds=round(time.perf_counter() - start, 3),
        )
        write_text(folder / SEARCH_FILE, json.dumps(_told(found, config), indent=2))
        run.finish()
    return open_search(folder)


def open_search(folder: Path) -> SearchRun:
    """Read a search back from its folder.

    Raises
    ------
    InputError
        If there is none, or it is not as the search left it.
    """
    path = folder / SEARCH_FILE
    told = read_json(path)
    try:
        return SearchRun(
            folder=folder,
            interest=told["interest"],
            budget=float(told["budget"]),
            keep=float(told["keep"]),
            n_players=int(told["players"]),
            n_levels=int(told["levels"]),
            laps=tuple(
                Lap(
                    n_players=int(lap["players"]),
                    ranking=tuple((each["arm"], _number(each["kept"])) for each in lap["ranking"]),
                )
                for lap in told["laps"]
            ),
            verdicts={notion: _verdict(each) for notion, each in told["notions"].items()},
            sentences=tuple(told["sentences"]),
            caveats=tuple(told["caveats"]),
            seconds=float(told["seconds"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(
            str(path), expected="the answer of a search", found="something else", do="search again"
        ) from error


def _told(found: SearchRun, config: RunConfig) -> dict[str, Any]:
    """What ``--json`` prints and ``search.json`` keeps; null for a stay beyond the horizon, and for
    the choice where nothing was chosen."""
    return {
        "run": found.folder.as_posix(),
        "seed": config.seed,
        "version": __version__,
        "interest": found.interest,
        "budget": found.budget,
        "keep": found.keep,
        "players": found.n_players,
        "levels": found.n_levels,
        "choice": found.choice.name if found.choice else None,
        "sentences": list(found.sentences),
        "caveats": list(found.caveats),
        "notions": {
            notion: {
                "on_model": _interval(verdict.on_model),
                "finalists": [
                    {
                        "arm": each.name,
                        "kept": _interval(each.kept),
                        "more": {**_interval(each.more), "p_value": each.more.p_value},
                        "p_best": each.p_best,
                        "broke_share": each.broke_share,
                        "off_model_share": each.off_model_share,
                    }
                    for each in verdict.finalists
                ],
            }
            for notion, verdict in found.verdicts.items()
        },
        "laps": [
            {
                "players": lap.n_players,
                "ranking": [{"arm": arm, "kept": _finite(kept)} for arm, kept in lap.ranking],
            }
            for lap in found.laps
        ],
        "seconds": found.seconds,
    }


def _verdict(told: dict[str, Any]) -> Verdict:
    return Verdict(
        on_model=Interval(**_numbers(told["on_model"])),
        finalists=tuple(
            Finalist(
                name=each["arm"],
                kept=Interval(**_numbers(each["kept"])),
                more=Difference(**each["more"]),
                p_best=float(each["p_best"]),
                broke_share=float(each["broke_share"]),
                off_model_share=float(each["off_model_share"]),
            )
            for each in told["finalists"]
        ),
    )


def _interval(interval: Interval) -> dict[str, float | None]:
    ends = ("estimate", "low", "high")
    return {end: _finite(getattr(interval, end)) for end in ends}


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else float(value)


def _number(value: float | None) -> float:
    return math.inf if value is None else float(value)


def _numbers(told: Mapping[str, float | None]) -> dict[str, float]:
    return {end: _number(told[end]) for end in ("estimate", "low", "high")}
