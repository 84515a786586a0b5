"""The card between two levels: what the simulated player made of the one that is over."""

from __future__ import annotations

from typing import Final

import pygame

from procgen_sim.game.app import App
from procgen_sim.game.card_words import percent, where_words
from procgen_sim.game.controls import Verb
from procgen_sim.game.journey import Card, Journey
from procgen_sim.game.palette import (
    ACCENT,
    GREEN,
    INK,
    PANEL,
    PANEL_EDGE,
    SKY_BLUE,
    TEXT,
    TEXT_DIM,
)
from procgen_sim.game.scene import CANVAS_PX, Scene
from procgen_sim.game.text import draw_text, line_height, text_width, wrap
from procgen_sim.game.view.curve import draw_curves, draw_diamond
from procgen_sim.game.view.meter import Meter, draw_bar, draw_face, feeling
from procgen_sim.platformer.physics import TICKS_PER_S

__all__ = ["CardScene"]

RATINGS: Final = {
    Verb.RATE_1: 1,
    Verb.RATE_2: 2,
    Verb.RATE_3: 3,
    Verb.RATE_4: 4,
    Verb.RATE_5: 5,
}
STATUS_WORDS: Final = {"won": "finished", "died": "lost", "left": "left"}

MARGIN_PX: Final = 12
CURVE: Final = pygame.Rect(206, 32, 262, 108)
BAR: Final = (84, 11)
WHERE_Y, WORDS_Y, RATE_Y, KEYS_Y = 146, 164, 208, 250
BOX: Final = (22, 16)
BOX_GAP: Final = 4


class CardScene(Scene):
    """What was foreseen, how bored the simulated player is, whether the level was off the model.

    Parameters
    ----------
    card
        Of the level that is over.
    journey
        Of which it is a part.
    """

    def __init__(self, card: Card, journey: Journey) -> None:
        self.card, self._journey = card, journey
        before = card.boredom_curve[-2] if len(card.boredom_curve) > 1 else journey.boredom_at_start
        self._boredom = Meter(before, card.boredom)
        self._foreseen = Meter(0.0, card.foreseen)
        self._ticks = 0

    def enter(self, app: App) -> None:
        self._app = app
        if app.settings.reduced_motion:
            self._boredom = Meter(self.card.boredom, self.card.boredom)
            self._foreseen = Meter(self.card.foreseen, self.card.foreseen)
        self._journey.prepare_next()

    @property
    def rating(self) -> int:
        """What the person said, 1 to 5; 0 for nothing so far."""
        return self._journey.rating

    def press(self, verb: Verb) -> None:
        """Rate, go on, direct the next level, or leave."""
        from procgen_sim.game.flow import next_level, to_title

        if verb in RATINGS:
            self._rate(RATINGS[verb])
        elif verb is Verb.RIGHT:
            self._rate(min(self.rating + 1, 5))
        elif verb is Verb.LEFT:
            self._rate(max(self.rating - 1, 1))
        elif verb is Verb.CONFIRM:
            self._app.sound.play("select")
            next_level(self._app)
        elif verb is Verb.DIRECT:
            self._app.sound.play("select")
            next_level(self._app, direct=True)
        elif verb in (Verb.BACK, Verb.PAUSE):
            self._app.sound.play("back")
            to_title(self._app)

    def point(self, x: int, y: int, pressed: bool) -> None:
        if pressed:
            for rating in RATINGS.values():
                if _box(rating).collidepoint(x, y):
                    self._rate(rating)

    def tick(self, actions: int) -> None:
        self._ticks += 1
        self._boredom.tick()
        self._foreseen.tick()

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        canvas.fill(PANEL)
        self._draw_heading(canvas)
        self._draw_player(canvas)
        card = self.card
        draw_curves(
            canvas,
            CURVE,
            foreseen=card.foreseen_curve,
            boredom=card.boredom_curve,
            off_model=card.off_curve,
            threshold=card.threshold,
        )
        self._draw_where(canvas)
        for number, line in enumerate(wrap(card.words, CANVAS_PX[0] - 2 * MARGIN_PX)):
            draw_text(canvas, line, (MARGIN_PX, WORDS_Y + number * line_height()), TEXT)
        self._draw_rating(canvas)
        self._draw_keys(canvas)

    def _rate(self, rating: int) -> None:
        if rating != self.rating:
            self._journey.rate(rating)
            self._app.sound.play("rate")

    def _draw_heading(self, canvas: pygame.Surface) -> None:
        card, outcome = self.card, self.card.outcome
        draw_text(canvas, f"Level {card.number}", (MARGIN_PX, 4), TEXT, size="large")
        seconds = outcome.ticks // TICKS_PER_S
        parts = [
            STATUS_WORDS[outcome.status],
            f"{seconds // 60}:{seconds % 60:02d}",
            _counted(outcome.coins, "coin"),
            _counted(outcome.deaths, "death"),
        ]
        right = CANVAS_PX[0] - MARGIN_PX
        draw_text(canvas, " · ".join(parts), (right, 10), TEXT_DIM, align="right")
        canvas.fill(PANEL_EDGE, (MARGIN_PX, 27, CANVAS_PX[0] - 2 * MARGIN_PX, 1))

    def _draw_player(self, canvas: pygame.Surface) -> None:
        """The simulated player: what it foresaw, and how bored it is."""
        card, x = self.card, MARGIN_PX
        draw_text(canvas, "The simulated player", (x, 34), TEXT_DIM)
        draw_text(canvas, "foresaw", (x, 54), TEXT)
        bar = pygame.Rect((x, 72), BAR)
        canvas.fill(INK, bar)
        inside = bar.inflate(-2, -2)
        canvas.fill(
            SKY_BLUE, (*inside.topleft, round(inside.width * self._foreseen.shown), inside.height)
        )
        pygame.draw.rect(canvas, PANEL_EDGE, bar, 1)
        draw_text(
            canvas, percent(card.foreseen), (x + BAR[0] + 84, 60), TEXT, align="right", size="large"
        )
        draw_text(canvas, "is now", (x, 92), TEXT)
        draw_face(
            canvas, (x + text_width("is now ") + 2, 92), card.boredom, self._ticks, card.threshold
        )
        draw_text(
            canvas,
            feeling(card.boredom, card.threshold),
            (x + text_width("is now ") + 18, 92),
            TEXT,
        )
        draw_bar(canvas, pygame.Rect((x, 110), BAR), self._boredom.shown, card.threshold)
        draw_text(
            canvas, percent(card.boredom), (x + BAR[0] + 84, 98), TEXT, align="right", size="large"
        )
        stop = f"and would stop at {percent(card.threshold)}"
        draw_text(canvas, stop, (x, 126), TEXT_DIM)

    def _draw_where(self, canvas: pygame.Surface) -> None:
        """On the model or off it, by shape, colour and word."""
        card, x, y = self.card, MARGIN_PX, WHERE_Y
        if card.off_model:
            draw_diamond(canvas, (x + 5, y + 6), 5)
            words, colour = "OFF THE MODEL", ACCENT
        else:
            pygame.draw.circle(canvas, GREEN, (x + 5, y + 6), 5, 2)
            words, colour = "ON THE MODEL", TEXT
        end = draw_text(canvas, words, (x + 16, y), colour).right
        more = where_words(
            broke=card.broke,
            off_model=card.off_model,
            proposal=card.proposal,
            used_up=card.used_up,
            quantile=card.quantile,
        )
        draw_text(canvas, more, (end + 10, y), TEXT_DIM)

    def _draw_rating(self, canvas: pygame.Surface) -> None:
        draw_text(canvas, "How bored are you?", (MARGIN_PX, RATE_Y + 3), TEXT)
        for rating in RATINGS.values():
            box, chosen = _box(rating), rating == self.rating
            canvas.fill(ACCENT if chosen else INK, box)
            pygame.draw.rect(canvas, TEXT if chosen else PANEL_EDGE, box, 1)
            colour = INK if chosen else TEXT
            draw_text(canvas, str(rating), (box.centerx + 1, box.top + 2), colour, align="centre")
        first, last = _box(1), _box(5)
        draw_text(canvas, "not at all", (first.left, first.bottom + 2), TEXT_DIM)
        draw_text(canvas, "very", (last.right, first.bottom + 2), TEXT_DIM, align="right")
        words = "noted" if self.rating else "1 to 5, or skip it"
        draw_text(canvas, words, (last.right + 10, RATE_Y + 3), TEXT_DIM)

    def _draw_keys(self, canvas: pygame.Surface) -> None:
        label = self._app.controls.label
        keys = [
            (label(Verb.CONFIRM), "next level"),
            (label(Verb.DIRECT), "direct it yourself"),
            (label(Verb.BACK), "title"),
        ]
        x = MARGIN_PX
        for key, words in keys:
            if key:
                x = draw_text(canvas, key, (x, KEYS_Y), ACCENT).right + 5
                x = draw_text(canvas, words, (x, KEYS_Y), TEXT).right + 18


def _box(rating: int) -> pygame.Rect:
    left = MARGIN_PX + text_width("How bored are you?") + 12
    return pygame.Rect((left + (rating - 1) * (BOX[0] + BOX_GAP), RATE_Y), BOX)


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
