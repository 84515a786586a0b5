"""The director's desk on the screen: every choice is follow or break."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pygame

from procgen_sim._checks import InputError
from procgen_sim.game.app import App
from procgen_sim.game.authored import export_authored, free_folder, keep
from procgen_sim.game.card_words import proposal_words
from procgen_sim.game.choice import Choice
from procgen_sim.game.controls import Verb
from procgen_sim.game.desk import Desk, Shown
from procgen_sim.game.journey import Journey
from procgen_sim.game.palette import ACCENT, INK, PANEL, PANEL_EDGE, TEXT, TEXT_DIM
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.text import draw_text, line_height, wrap
from procgen_sim.game.view.axes import Axes
from procgen_sim.game.view.buttons import Button, Buttons
from procgen_sim.game.view.scatter import Scatter, draw_point
from procgen_sim.game.view.sliders import Sliders
from procgen_sim.game.view.thumbnail import thumbnail
from procgen_sim.levels import PARAMETERS
from procgen_sim.platformer.physics import TICKS_PER_S

__all__ = ["DirectingScene"]

MARGIN_PX: Final = 10
SLIDERS: Final = (MARGIN_PX + 2, 18, 222)
HINT_Y: Final = 152
PLOT: Final = pygame.Rect(244, 18, 226, 104)
KEY_Y: Final = 124
AXES: Final = (PLOT.left, 138, PLOT.width)
WORDS_Y, REPAIRS_Y = 178, 190
PREVIEW: Final = pygame.Rect(MARGIN_PX, 203, CANVAS_PX[0] - 2 * MARGIN_PX, 48)
BUTTONS: Final = (MARGIN_PX, 253)
BUILD_TICKS: Final = TICKS_PER_S // 20
"""Time between two previews while a slider moves."""


class DirectingScene(Scene):
    """Sliders, where they lead against the model, and what would be played.

    Parameters
    ----------
    journey
        Whose next level is to be decided on.
    desk
        The choices about it.
    """

    def __init__(self, journey: Journey, desk: Desk) -> None:
        self._journey, self.desk = journey, desk
        self._sliders = Sliders(self.desk, SLIDERS)
        self._axes = Axes(journey.director, self.desk.low, self.desk.high, AXES)
        self._scatter = Scatter(journey.director, PLOT.size, self._axes.view)
        self._buttons = Buttons(
            [
                Button(label="play", act=self._play, hint="Play what you see here."),
                Button(
                    label="follow",
                    act=self.desk.follow,
                    hint="Do as the model would. Again: another of its draws.",
                ),
                Button(
                    label="break",
                    act=self.desk.break_next,
                    hint="Leave the model on purpose. Again: another way of leaving it.",
                ),
                Button(
                    label="another",
                    act=self.desk.another,
                    hint="Another level with these very parameters.",
                ),
                Button(
                    label="surprise me",
                    act=self._surprise,
                    hint="The director decides to follow or to break, and tells you afterwards.",
                ),
                Button(label="keep", act=self._keep, hint="Keep this level in your own corpus."),
                Button(
                    label="export",
                    act=self._export,
                    hint="Copy the levels you kept into the current folder.",
                ),
            ],
            BUTTONS,
        )
        self._row, self._button = 0, 0
        self._held: int | None = None
        self._shown = self.desk.shown
        self._wait = 0
        self._thumbnail: tuple[Shown, pygame.Surface] | None = None

    def enter(self, app: App) -> None:
        self._app = app

    @property
    def chosen(self) -> int | str:
        """What the keys act on: the number of a slider, "view", "across", "up" or "buttons"."""
        rows = self._rows()
        return rows[min(self._row, len(rows) - 1)]

    def press(self, verb: Verb) -> None:
        self._wait = 0  # only a drag, many changes a frame, has to wait
        if verb in (Verb.UP, Verb.DOWN):
            n = len(self._rows())
            self._row = (min(self._row, n - 1) + (1 if verb is Verb.DOWN else -1)) % n
            self._app.sound.play("tick")
        elif verb in (Verb.LEFT, Verb.RIGHT):
            self._adjust(1 if verb is Verb.RIGHT else -1)
        elif verb is Verb.CONFIRM:
            self._confirm()
        elif verb is Verb.FORECAST:
            self._turn("view", 1)
        elif verb in (Verb.BACK, Verb.PAUSE):
            self._app.sound.play("back")
            self._back()

    def point(self, x: int, y: int, pressed: bool) -> None:
        parameter, button = self._sliders.at(x, y), self._buttons.at(x, y)
        if not pressed:
            self._held = None
            if button is not None:
                self._row, self._button = len(self._rows()) - 1, button
            return
        if parameter is not None:
            self._row = parameter
            if self._sliders.track(parameter).inflate(8, 0).collidepoint(x, y):
                self._held = parameter
                self.drag(x, y)
        elif button is not None:
            self._row, self._button = len(self._rows()) - 1, button
            self._wait = 0
            self._confirm()
        elif PLOT.collidepoint(x, y):
            self._held = -1
            self.drag(x, y)
        elif (line := self._axes.at(x, y)) is not None:
            self._row = self._rows().index(line)
            self._adjust(1)

    def drag(self, x: int, y: int) -> None:
        if self._held is None:
            return
        if self._held >= 0:
            self.desk.set(self._held, self._sliders.value_at(self._held, x))
            return
        place = x - PLOT.left, y - PLOT.top
        self.desk.set_all(self._scatter.where(*place, self.desk.values))

    def tick(self, actions: int) -> None:
        """Show the level that the sliders ask for, at most so many times a second."""
        self._wait = max(0, self._wait - 1)
        if self._wait == 0:
            was, self._shown = self._shown, self.desk.shown
            self._wait = BUILD_TICKS if was is not self._shown else 0

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        canvas.fill(PANEL)
        desk, chosen = self.desk, self.chosen
        draw_text(canvas, f"Level {desk.number} · {desk.title()}", (MARGIN_PX, 3), ACCENT)
        right = CANVAS_PX[0] - MARGIN_PX, 3
        draw_text(canvas, "Every choice is follow or break.", right, TEXT_DIM, align="right")
        self._sliders.draw(canvas, chosen if isinstance(chosen, int) else None)
        for number, line in enumerate(wrap(self._hint(), SLIDERS[2])[:2]):
            place = MARGIN_PX + 4, HINT_Y + number * line_height()
            draw_text(canvas, line, place, TEXT_DIM)
        shown = self._shown
        off = shown.place.off_model
        self._scatter.draw(canvas, PLOT.topleft, desk.values, shown.built.measured, off_model=off)
        self._scatter.draw_key(canvas, (PLOT.left, KEY_Y))
        self._axes.draw(canvas, chosen, self._app.controls.label(Verb.FORECAST))
        draw_point(canvas, (MARGIN_PX + 7, WORDS_Y + 6), off_model=off)
        draw_text(canvas, shown.words, (MARGIN_PX + 20, WORDS_Y), TEXT)
        draw_text(canvas, self._remark(), (MARGIN_PX + 20, REPAIRS_Y), TEXT_DIM)
        picture = self._preview(shown)
        where = picture.get_rect(center=PREVIEW.center)
        canvas.fill(INK, where.inflate(2, 2))
        canvas.blit(picture, where)
        self._buttons.draw(canvas, self._button if chosen == "buttons" else None)

    # What the keys act on

    def _rows(self) -> list[int | str]:
        return [*range(self.desk.space.n), *self._axes.lines, "buttons"]

    def _adjust(self, n: int) -> None:
        chosen = self.chosen
        if isinstance(chosen, int):
            self.desk.step(chosen, n)
        elif chosen == "buttons":
            self._button = (self._button + n) % len(self._buttons.buttons)
        else:
            self._turn(chosen, n)
        self._app.sound.play("tick")

    def _turn(self, line: str, n: int) -> None:
        self._axes.turn(line, n)
        self._scatter.view = self._axes.view

    def _confirm(self) -> None:
        if self.chosen == "buttons":
            self._app.sound.play("select")
            self._buttons.buttons[self._button].act()
        else:  # from anywhere, once more plays
            self._row, self._button = len(self._rows()) - 1, 0
            self._app.sound.play("tick")

    # What the buttons do

    def _play(self) -> None:
        self._begin(self.desk.choice)

    def _surprise(self) -> None:
        self._begin(Choice(who="surprise"))

    def _begin(self, choice: Choice) -> None:
        from procgen_sim.game.flow import play
        from procgen_sim.game.scenes.loading import LoadingScene

        app, journey = self._app, self._journey
        app.go(
            LoadingScene(
                lambda: journey.plan(choice), lambda plan: play(app, plan), words="Building a level"
            )
        )

    def _keep(self) -> None:
        try:
            kept = keep(self.desk)
        except InputError as error:
            self._app.say(str(error))
            return
        folder = kept.path.parent
        told = "Kept as" if kept.new else "It was kept before, as"
        self._app.say(f"{told} {kept.path.stem} in {folder}")

    def _export(self) -> None:
        target = free_folder(Path.cwd())
        try:
            n = export_authored(target)
        except InputError as error:
            self._app.say(str(error))
            return
        self._app.say(f"Copied {n} level{'s' if n != 1 else ''} to {target}")

    def _back(self) -> None:
        from procgen_sim.game.flow import to_title
        from procgen_sim.game.scenes.card import CardScene

        if self._journey.cards:
            self._app.go(CardScene(self._journey.cards[-1], self._journey))
        else:
            to_title(self._app)

    # What is drawn

    def _hint(self) -> str:
        chosen = self.chosen
        if isinstance(chosen, int):
            parameter = PARAMETERS[chosen]
            return f"{parameter.notices} ({parameter.unit})"
        if chosen == "buttons":
            return self._buttons.buttons[self._button].hint
        return "Rings hold half and nine tenths of the model; hatched: off it in this plane."

    def _remark(self) -> str:
        """What a proposal is after, or what the builder made of a person's wish. The model and
        the proposals know nothing of what can be built, so of theirs nothing is told."""
        who = self.desk.choice.who
        if who == "break":
            words = proposal_words(self.desk.choice.proposal)
            return f"{words[0].upper()}{words[1:]}."
        return self._shown.repairs if who == "vector" else ""

    def _preview(self, shown: Shown) -> pygame.Surface:
        if self._thumbnail is None or self._thumbnail[0] is not shown:
            picture = thumbnail(shown.built.level, shown.art, PREVIEW.size)
            pygame.draw.rect(picture, PANEL_EDGE, picture.get_rect(), 1)
            self._thumbnail = shown, picture
        return self._thumbnail[1]
