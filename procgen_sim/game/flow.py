"""Which screen follows which: title → loading → [directing] → playing → card → playing → …"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procgen_sim.game.scenes.loading import LoadingScene

if TYPE_CHECKING:
    from procgen_sim.game.app import App
    from procgen_sim.game.journey import Journey
    from procgen_sim.game.plan import Plan

__all__ = ["begin", "next_level", "play", "to_title"]


def begin(app: App) -> None:
    """Fit the model and open the sequence of levels, then the first of them."""
    if app.open_journey is None:
        app.say("There are no levels to play here.")
        return

    def opened(journey: Journey) -> None:
        app.journey = journey
        next_level(app)

    words = "Learning from the levels"
    app.push(
        LoadingScene(app.open_journey, opened, words=words, unwanted=lambda late: late.close())
    )


def next_level(app: App, *, direct: bool | None = None) -> None:
    """The next level: chosen by the person first if they ask for it, else as the director says.

    Parameters
    ----------
    app
        With a journey.
    direct
        Whether to ask the person; None: as their settings say.
    """
    journey = app.journey
    assert journey is not None
    if app.settings.direct_each if direct is None else direct:
        from procgen_sim.game.scenes.directing import DirectingScene

        app.go(
            LoadingScene(
                journey.desk,
                lambda desk: app.go(DirectingScene(journey, desk)),
                words="Looking for ways off the model",
            )
        )
    else:
        app.go(LoadingScene(journey.plan, lambda plan: play(app, plan), words="Building a level"))


def play(app: App, plan: Plan) -> None:
    """Play a level that is ready."""
    from procgen_sim.game.scenes.playing import PlayingScene

    assert app.journey is not None
    app.go(PlayingScene(plan, app.journey))


def to_title(app: App) -> None:
    """Back to the title; the sequence of levels ends."""
    from procgen_sim.game.scenes.title import TitleScene

    # First the scenes: a level left in the middle still has an outcome to log.
    app.go(TitleScene())
    app.end_journey()
