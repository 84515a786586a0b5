"""Play levels from a fitted model, beside a simulated player who has met the same ones.

Between levels a card says what the simulated player foresaw and how bored it is; whether a level
left the model is told after it, never before. What you play is logged on this machine (see
procgen-sim playlog).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from procgen_sim._checks import InputError, check_int
from procgen_sim.cli.options import add_config_file, add_config_options, config_from

if TYPE_CHECKING:
    from procgen_sim.config import RunConfig
    from procgen_sim.game.app import App
    from procgen_sim.game.journey import Journey
    from procgen_sim.game.playlog import PlayLog
    from procgen_sim.game.playlog_sitting import Sitting

__all__ = ["HELP", "add_arguments", "add_level_options", "add_window_options", "run"]

HELP = "play the levels yourself"

LEVEL_KEYS = (
    *("corpus", "tileset", "skip_bad", "model", "degree", "rate", "authored", "columns"),
    "interest",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_level_options(parser)
    add_window_options(parser)
    parser.add_argument(
        "--director", action="store_true", help="before each level: follow, break, or design it"
    )
    parser.add_argument("--person", metavar="NAME", help="who plays, for the log")
    parser.add_argument("--no-log", action="store_true", help="keep no log of this play")


def add_level_options(parser: argparse.ArgumentParser) -> None:
    """Add what decides on the levels: the model, how it is left, and the seed."""
    add_config_options(parser, LEVEL_KEYS)
    parser.add_argument(
        "--injection",
        default="outlier",
        metavar="ARM",
        help="how levels leave the model: on-model, PROPOSAL, PROPOSAL@RATE or "
        "PROPOSAL@SCHEDULE:N (default: outlier)",
    )
    parser.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="one seed, one sequence of levels, for those who were shown and say the same "
        "(default: another)",
    )
    add_config_file(parser)


def add_window_options(parser: argparse.ArgumentParser) -> None:
    """Add what decides on the window."""
    parser.add_argument("--fullscreen", action="store_true", help="fill the screen")
    parser.add_argument(
        "--scale", type=int, metavar="N", help="window pixels for a pixel of the game, 1 to 8"
    )


def sequence_seed(options: argparse.Namespace, config_seed: int) -> int:
    """The seed of the levels: what was asked for, else one that nobody has seen the levels of."""
    if options.seed is not None or options.config:
        return config_seed
    import secrets

    return secrets.randbelow(2**32)


def check_corpora(config: RunConfig) -> None:
    """Refuse what cannot be played from before a window opens."""
    from procgen_sim.config import MODEL_NAMES, TILE_MODEL
    from procgen_sim.experiments.preparation import open_corpus

    if config.model == TILE_MODEL:
        expected = f"a design model ({', '.join(MODEL_NAMES)})"
        raise InputError("--model", expected=expected, found=repr(config.model))
    open_corpus(config.corpus, tileset=config.tileset, skip_bad=config.skip_bad)


def only_now(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that the options change for this run; nothing of it is kept as the person's.

    Raises
    ------
    InputError
        If one cannot be.
    """
    from procgen_sim.game.settings import MOST_SCALE, Settings

    if options.scale is not None:
        check_int("--scale", options.scale, low=1, high=MOST_SCALE)
    asked: dict[str, Any] = {
        "fullscreen": options.fullscreen or None,
        "person": getattr(options, "person", None),
        "direct_each": getattr(options, "director", False) or None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    replace(Settings(), **given).checked()
    return given


def run(options: argparse.Namespace) -> int:
    """Open the window and play until it is closed."""
    config = config_from(options)
    seed = sequence_seed(options, config.seed)

    from procgen_sim.game.installed import check_pygame
    from procgen_sim.game.kept import check_arm
    from procgen_sim.injection import parse_arm

    check_arm(parse_arm(options.injection, rate=config.rate, where="--injection"), config)
    settings = only_now(options)  # what is wrong is said before a window opens
    check_pygame()
    check_corpora(config)

    from procgen_sim.game.app import App
    from procgen_sim.game.journey import Journey
    from procgen_sim.game.playlog import PlayLog

    journeys: list[Journey] = []

    def open_journey() -> Journey:
        # Whoever begins again meets other levels; the first ones are those of the seed.
        journey = Journey.open(
            config,
            seed=seed + len(journeys),
            log=log,
            injection=options.injection,
            person=app.settings.person,
        )
        journeys.append(journey)
        return journey

    app = App(open_journey=open_journey, only_now=settings, scale=options.scale)
    log = PlayLog.memory() if options.no_log else PlayLog.open(say=lambda s: _say(app, s))
    try:
        app.run()
    finally:
        for journey in journeys:
            journey.close()
        for words in summary(log, kept=not options.no_log):
            print(words)
        log.close()
    return 0


def _say(app: App, sentence: str) -> None:
    """In the window, and for whoever looks at the terminal later."""
    app.say(sentence)
    print(f"procgen-sim: {sentence}", file=sys.stderr)


def summary(log: PlayLog, *, kept: bool) -> list[str]:
    """What there is to say at the end: a paragraph for each session, and where the log is."""
    said = [_paragraph(sitting) for sitting in log.sittings() if sitting.n_levels]
    if not said:
        return ["No level was played."]
    if log.path is not None:
        said.append(f"Log: {log.path} (procgen-sim playlog show)")
    elif kept:
        said.append("The log could not be written, or not to the end.")
    return said


def _paragraph(sitting: Sitting) -> str:
    levels = "1 level" if sitting.n_levels == 1 else f"{sitting.n_levels} levels"
    deaths = "1 death" if sitting.deaths == 1 else f"{sitting.deaths} deaths"
    minutes = sitting.seconds / 60
    lasted = f"{minutes:.1f} minutes" if minutes >= 1 else f"{sitting.seconds:.0f} seconds"
    said = [f"{levels} in {lasted}, {sitting.n_won} won, {deaths} (seed {sitting.seed})."]
    first, last, boredom = sitting.foreseen_first, sitting.foreseen_last, sitting.boredom
    if first is not None and last is not None and boredom is not None:
        share = f"{percent(first)} of the first and {percent(last)} of the last"
        if sitting.n_levels == 1:
            share = f"{percent(first)} of it"
        said.append(f"The simulated player foresaw {share}; its boredom is {percent(boredom)}.")
    if sitting.rating is not None:
        said.append(f"You rated your own boredom {sitting.rating:.1f} of 5 on average.")
    return " ".join(said)


def percent(share: float) -> str:
    """A share for people.

    >>> percent(0.345)
    '34 %'
    """
    return f"{100 * min(max(share, 0.0), 1.0):.0f} %"
