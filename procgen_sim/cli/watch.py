"""Watch a bot or a replay play, in the game's own physics.

Without levels, the bot plays those of a fitted model, as play would show them. With --record and
no screen nothing is shown, and what would have been is recorded all the same.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procgen_sim._checks import InputError, check_choice, check_number
from procgen_sim.cli.options import config_from
from procgen_sim.cli.play import (
    add_level_options,
    add_window_options,
    only_now,
    sequence_seed,
)

if TYPE_CHECKING:
    from procgen_sim.cli.given import Given
    from procgen_sim.config import RunConfig
    from procgen_sim.game.app import App
    from procgen_sim.game.programme import Following, Item
    from procgen_sim.game.scenes.watching import WatchingScene
    from procgen_sim.platformer.replay import Replay

__all__ = ["HELP", "add_arguments", "run"]

HELP = "watch a bot or a replay play"

DEFAULT_BOT = "solver"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="LEVEL",
        help="levels, folders of levels, or the shipped 'samurai' and 'space_opera'",
    )
    parser.add_argument("--bot", metavar="NAME", help=f"who plays (default: {DEFAULT_BOT})")
    parser.add_argument("--replay", metavar="FILE", help="a replay to show instead of a bot")
    parser.add_argument(
        "--record",
        metavar="FILE",
        help="record to a .gif, .webp or .png (animated), or to a folder of pictures",
    )
    parser.add_argument("--seconds", type=float, metavar="S", help="end after so long")
    add_level_options(parser)
    add_window_options(parser)


def run(options: argparse.Namespace) -> int:
    """Show it until it is over or the window is closed."""
    config = config_from(options)
    seed = sequence_seed(options, config.seed)
    if options.seconds is not None:
        check_number("--seconds", options.seconds, low=0.1)
    settings = only_now(options)

    from procgen_sim.game.installed import check_pygame
    from procgen_sim.game.recording import check_recording
    from procgen_sim.platformer import TICKS_PER_S
    from procgen_sim.platformer.bots import BOTS

    if options.replay is not None and options.bot is not None:
        raise InputError("--replay", expected="a bot or a replay", found="both")
    bot = check_choice("--bot", options.bot or DEFAULT_BOT, BOTS)
    if options.record is not None:
        check_recording(Path(options.record))
    check_pygame()

    from procgen_sim.game.recording import recording
    from procgen_sim.game.scenes.watching import WatchingScene

    with ExitStack() as stack:
        following = _programme(options, config, bot, seed, stack)
        recorder = options.record and stack.enter_context(recording(Path(options.record)))
        most_ticks = None if options.seconds is None else round(options.seconds * TICKS_PER_S)
        scene = WatchingScene(following, recorder=recorder, most_ticks=most_ticks)
        app = _open(options, settings, scene)
        try:
            app.run()
        except KeyboardInterrupt:
            # What was recorded so far is wanted, too.
            print("procgen-sim: stopped.", file=sys.stderr)
    for line in _went(scene):
        print(line)
    if recorder:
        n = recorder.n_frames
        print(f"Recorded {n} {'picture' if n == 1 else 'pictures'}: {options.record}")
    return 0


def _programme(
    options: argparse.Namespace, config: RunConfig, bot: str, seed: int, stack: ExitStack
) -> Following:
    """What is to be watched, or an error before any window opens."""
    from procgen_sim.game.programme import journey_programme, levels_programme, replay_programme

    if options.replay is not None:
        return replay_programme(*_replayed(options))
    if options.files:
        items = _items(options)
        return levels_programme(items, bot, seed=seed, say=_say)
    from procgen_sim.game.journey import Journey

    journey = Journey.open(config, seed=seed, injection=options.injection)
    stack.callback(journey.close)
    return journey_programme(journey, bot, seed=seed)


def _items(options: argparse.Namespace) -> list[Item]:
    from procgen_sim.cli.given import given_levels
    from procgen_sim.game.programme import Item

    skip_bad = bool(options.skip_bad)
    return [
        Item(title=_title(given), level=given.level, corpus=given.corpus)
        for given in given_levels(options.files, options.tileset, skip_bad=skip_bad)
    ]


def _replayed(options: argparse.Namespace) -> tuple[Item, Replay]:
    """The replay, and its level: among those named, else beside it, else a shipped one."""
    from procgen_sim.cli.given import given_levels
    from procgen_sim.game.programme import Item
    from procgen_sim.levels.corpus import SHIPPED
    from procgen_sim.levels.store import READABLE
    from procgen_sim.platformer.replay import load_replay

    path = Path(options.replay)
    replay = load_replay(path)
    names = list(options.files)
    if not names:
        beside = [path.with_suffix(suffix) for suffix in READABLE]
        names = [*(str(file) for file in beside if file.is_file()), *SHIPPED]
    levels = given_levels(names, options.tileset, skip_bad=bool(options.skip_bad))
    for given in levels:
        if given.level.digest() == replay.digest:
            return Item(title=_title(given), level=given.level, corpus=given.corpus), replay
    raise InputError(
        f"--replay {path}",
        expected=f"the level that it is of (digest {replay.digest[:8]}…)",
        found="another level" if len(levels) == 1 else f"{len(levels)} other levels",
        do="name the level as it was when it was played",
    )


def _title(given: Given) -> str:
    return given.level.name.replace("_", " ") or given.file


def _open(options: argparse.Namespace, settings: dict[str, Any], scene: WatchingScene) -> App:
    """A window; or, to record where there is no screen, an invisible one that does not wait."""
    import pygame

    from procgen_sim.game.app import App

    try:
        return App(first=scene, only_now=settings, scale=options.scale)
    except InputError as error:
        if error.where != "display" or options.record is None:
            raise
    if options.seconds is None and not (options.files or options.replay):
        raise InputError(
            "--record",
            expected="--seconds, as a model's levels have no end and no one can close the window",
            found="none",
        )
    pygame.quit()
    os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"
    return App(first=scene, only_now=settings, scale=1, paced=False)


def _went(scene: WatchingScene) -> list[str]:
    """A line for each level that is over."""
    from procgen_sim.game.view.hud import clock

    said = []
    for title, who, outcome in scene.ended:
        how = {"won": "won in", "died": "died after", "left": "stopped after"}[outcome.status]
        coins = "1 coin" if outcome.coins == 1 else f"{outcome.coins} coins"
        said.append(f"{title}: {who} {how} {clock(outcome.ticks)}, {coins}")
    return said


def _say(sentence: str) -> None:
    print(f"procgen-sim: {sentence}", file=sys.stderr)
