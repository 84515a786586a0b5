"""What there is to watch: a replay, levels in turn, or a journey through a model's levels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from procgen_sim._checks import InputError
from procgen_sim.game.scenes.playing import Pilot, Showing
from procgen_sim.game.scenes.watching import Watched
from procgen_sim.levels import Level
from procgen_sim.levels.art import art_for
from procgen_sim.platformer import TICKS_PER_S, World
from procgen_sim.platformer.bots import make_bot
from procgen_sim.platformer.replay import Replay, run_replay
from procgen_sim.rng import stream

if TYPE_CHECKING:
    from procgen_sim.game.journey import Journey
    from procgen_sim.game.plan import Outcome

__all__ = ["Item", "journey_programme", "levels_programme", "replay_programme"]

Following = Callable[["Outcome | None"], Watched | None]
"""See :class:`~procgen_sim.game.scenes.watching.WatchingScene`."""

MOST_TICKS_A_COLUMN: Final = TICKS_PER_S
MOST_TICKS_MORE: Final = 20 * TICKS_PER_S
"""How long a bot has: a second a column, five times as long as walking takes, and some more."""

WITHOUT_PROOF: Final = "runner"
"""The bot that plays levels of a journey which the one asked for cannot begin."""

AFTER_TICKS: Final = TICKS_PER_S
"""How long a replay that reaches no end is shown once it is over."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Item:
    """A level to be watched.

    Attributes
    ----------
    title
        What it is called.
    level
        The level.
    corpus
        The shipped corpus that it is from, whose art it has; None for another.
    """

    title: str
    level: Level
    corpus: str | None = None


def replay_programme(item: Item, replay: Replay) -> Following:
    """A replay, once.

    Raises
    ------
    InputError
        If the replay is of another level, or of other physics.
    """
    run_replay(item.level, replay)  # refuses what cannot be shown before a window opens
    actions = replay.actions

    def pilot(world: World) -> int:
        return actions[world.tick] if world.tick < len(actions) else 0

    watched = Watched(
        showing=_showing(item), who="replay", pilot=pilot, most_ticks=len(actions) + AFTER_TICKS
    )
    return _one_after_the_other(iter([watched]))


def levels_programme(
    items: Sequence[Item], bot: str, *, seed: int, say: Callable[[str], None]
) -> Following:
    """Levels in turn, each played by a bot.

    Parameters
    ----------
    items
        The levels.
    bot
        Name of the bot.
    seed
        Of what it does by chance.
    say
        Called with a sentence about each level that the bot cannot even begin; it is left out.
    """

    def each() -> Iterator[Watched]:
        for number, item in enumerate(items):
            try:
                pilot: Pilot = make_bot(bot, item.level, rng=stream(seed, "bot", number))
            except InputError as error:
                say(str(error))
                continue
            yield Watched(
                showing=_showing(item), who=bot, pilot=pilot, most_ticks=_patience(item.level)
            )

    return _one_after_the_other(each())


def journey_programme(journey: Journey, bot: str, *, seed: int) -> Following:
    """Levels of a journey, without an end, each played by a bot."""

    def following(outcome: Outcome | None) -> Watched | None:
        if outcome is not None:
            journey.finished(outcome)
        before = journey.cards[-2].boredom if len(journey.cards) > 1 else journey.boredom
        plan = journey.plan()
        journey.prepare_next()
        showing = Showing(
            title=f"Level {plan.number}",
            level=plan.level,
            art=plan.art,
            forecast=plan.forecast_columns,
            boredom=(before, plan.boredom),
            threshold=journey.companion.threshold,
        )
        who, rng = bot, stream(seed, "bot", plan.number)
        try:
            pilot = make_bot(bot, plan.level, rng=rng)
        except InputError:  # there is no proof to be played; the journey goes on all the same
            who, pilot = WITHOUT_PROOF, make_bot(WITHOUT_PROOF, plan.level, rng=rng)
        return Watched(showing=showing, who=who, pilot=pilot, most_ticks=_patience(plan.level))

    return following


def _one_after_the_other(all_watched: Iterator[Watched]) -> Following:
    return lambda _outcome: next(all_watched, None)


def _showing(item: Item) -> Showing:
    art = item.corpus or art_for(item.level.tileset).name
    return Showing(title=item.title, level=item.level, art=art)


def _patience(level: Level) -> int:
    return MOST_TICKS_A_COLUMN * level.n_columns + MOST_TICKS_MORE
