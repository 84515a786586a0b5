"""The card and the director's desk on the screen, driven by keys and mouse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from game_support import headless, make_app, steps, tap
from journey_support import WON, director, journey, prepared

from procgen_sim.game.choice import Choice
from procgen_sim.game.desk import Desk, spoken
from procgen_sim.game.playlog import PlayLog
from procgen_sim.injection import PROPOSALS
from procgen_sim.levels import load_corpus

__all__ = ["headless"]


class Stage:
    """An app with a journey on it."""

    def __init__(self, **given: Any) -> None:
        self.log = PlayLog.memory()
        self.ratings: list[int] = []
        self.log.rating = lambda _level, n: self.ratings.append(n)  # type: ignore[method-assign]
        self.journey = journey(log=self.log, **given)
        self.app: Any = None

    def show(self, scene: Any) -> Any:
        if self.app is None:
            self.app = make_app(first=scene)
            self.app.journey = self.journey
        else:
            self.app.go(scene)
        steps(self.app, 1)
        return scene

    def card(self) -> Any:
        from procgen_sim.game.scenes.card import CardScene

        self.journey.plan()
        return self.show(CardScene(self.journey.finished(WON), self.journey))

    def desk(self) -> Any:
        from procgen_sim.game.scenes.directing import DirectingScene

        return self.show(DirectingScene(self.journey, self.journey.desk()))

    def press(self, *names: str) -> None:
        from procgen_sim.game.controls import Verb

        for name in names:
            self.app.press(Verb[name])
            steps(self.app, 1)

    def until(self, name: str) -> Any:
        """Frames until a scene of that class is on top."""
        end = time.monotonic() + 20
        while type(self.app.scene).__name__ != name:
            assert time.monotonic() < end, type(self.app.scene).__name__
            time.sleep(0.001)
            steps(self.app, 1)
        return self.app.scene

    def pixels(self, scene: Any = None) -> np.ndarray:
        import pygame

        canvas = pygame.Surface((480, 270))
        (scene or self.app.scene).draw(canvas, 0.0)
        return pygame.surfarray.array3d(canvas)


@pytest.fixture
def stage(headless: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []
    assert not headless.exists()  # nobody's home

    def make(**given: Any) -> Stage:
        made.append(Stage(**given))
        return made[-1]

    yield make
    for each in made:
        if each.app is not None:
            each.app.close()
        each.journey.close()


# The card


def test_one_key_rates_and_the_last_word_counts(stage: Any) -> None:
    s = stage()
    card = s.card()
    before = s.pixels()
    tap(s.app, "2")
    assert s.ratings == [2]
    assert card.rating == 2
    assert (s.pixels() != before).any()
    s.press("RATE_5", "RATE_5")
    assert s.ratings == [2, 5]
    s.press("LEFT", "RIGHT", "RIGHT")
    assert s.ratings == [2, 5, 4, 5]


def test_the_mouse_rates(stage: Any) -> None:
    from procgen_sim.game.scenes.card import _box

    s = stage()
    card = s.card()
    card.point(*_box(3).center, False)
    assert s.ratings == []
    card.point(*_box(3).center, True)
    assert s.ratings == [3]
    card.point(2, 2, True)
    assert s.ratings == [3]


def test_rating_can_be_skipped_and_the_next_level_follows(stage: Any) -> None:
    s = stage()
    s.card()
    s.press("CONFIRM")
    playing = s.until("PlayingScene")
    assert playing.playing
    assert s.journey.current is not None
    assert s.journey.current.number == 2
    assert s.ratings == []


def test_from_the_card_to_the_desk_and_back(stage: Any) -> None:
    s = stage()
    s.card()
    s.press("RATE_4", "DIRECT")
    s.until("DirectingScene")
    s.press("BACK")
    card = s.until("CardScene")
    assert card.card is s.journey.cards[-1]
    assert card.rating == 4  # what was said stays said
    assert s.ratings == [4]
    s.press("BACK")
    s.until("TitleScene")


def test_a_setting_asks_before_each_level(stage: Any) -> None:
    s = stage()
    s.card()
    s.app.settings = replace(s.app.settings, direct_each=True)
    s.press("CONFIRM")
    s.until("DirectingScene")


def test_off_the_model_is_told_after_and_not_before(stage: Any) -> None:
    """The level begins looking the same whatever is known about it; the card does not."""
    from procgen_sim.game.scenes.card import CardScene
    from procgen_sim.game.scenes.playing import PlayingScene

    s = stage()
    plan = s.journey.plan()
    off = replace(
        plan, off_model=True, broke=True, proposal="outlier", quantile=0.0, who="surprise"
    )
    looks = []
    for each in (replace(plan, off_model=False), off):
        s.show(PlayingScene(each))
        looks.append(s.pixels())
    assert np.array_equal(*looks)
    card = s.journey.finished(WON)
    told = replace(card, off_model=not card.off_model)
    looks = [s.pixels(s.show(CardScene(each, s.journey))) for each in (card, told)]
    assert not np.array_equal(*looks)


def test_cards_of_any_length_can_be_drawn(stage: Any) -> None:
    from procgen_sim.game.scenes.card import CardScene

    s = stage()
    s.journey.plan()
    card = s.journey.finished(WON)
    for n in (1, 2, 39, 40, 41, 500):
        curve = tuple(np.linspace(0.0, 1.0, n).tolist())
        off = tuple(i % 3 == 1 for i in range(n))
        long = replace(card, boredom_curve=curve, foreseen_curve=curve[::-1], off_curve=off)
        s.show(CardScene(long, s.journey))
        marked = s.pixels()
        plain = s.pixels(s.show(CardScene(replace(long, off_curve=(False,) * n), s.journey)))
        assert (marked != plain).any() == any(off)


@pytest.mark.usefixtures("headless")
def test_the_longest_sentence_stays_on_the_card() -> None:
    from procgen_sim.game.card_words import card_words
    from procgen_sim.game.scenes.card import MARGIN_PX, RATE_Y, WORDS_Y
    from procgen_sim.game.text import line_height, wrap

    for proposal in PROPOSALS:
        for off in (True, False):
            for boredom in (0.1, 1.0):
                words = card_words(
                    foreseen=1.0,
                    boredom=boredom,
                    threshold=0.33,
                    who="schedule",
                    broke=True,
                    off_model=off,
                    proposal=proposal,
                )
                lines = wrap(words, 480 - 2 * MARGIN_PX)
                assert WORDS_Y + len(lines) * line_height() <= RATE_Y


# The desk


def test_keys_move_a_slider_and_the_level_follows(stage: Any) -> None:
    s = stage()
    scene = s.desk()
    assert scene.chosen == 0
    s.press("DOWN")
    before, was = scene.desk.values, s.pixels()
    s.press("RIGHT", "RIGHT", "RIGHT")
    steps(s.app, 10)
    after = scene.desk.values
    assert np.flatnonzero(before != after).tolist() == [1]
    assert after[1] > before[1]
    assert scene._shown is scene.desk.shown
    assert (s.pixels() != was).any()
    assert s.app.scene.desk.choice.who == "vector"


def test_what_is_on_the_desk_is_played(stage: Any) -> None:
    s = stage(injection="noise@every:1")  # what a person says goes before the schedule
    scene = s.desk()
    s.press("RIGHT", "RIGHT")
    level = scene.desk.built.level
    s.press("CONFIRM", "CONFIRM")  # to the first button, which plays
    s.until("PlayingScene")
    plan = s.journey.current
    assert plan.level == level
    assert plan.who == "vector"
    assert plan.proposal == ""


def test_a_surprise_is_not_told(stage: Any) -> None:
    s = stage()
    scene = s.desk()
    choice, shown = scene.desk.choice, scene.desk.shown
    labels = [button.label for button in scene._buttons.buttons]
    scene.point(*scene._buttons.place("surprise me").center, True)
    assert "surprise me" in labels
    assert (scene.desk.choice, scene.desk.shown) == (choice, shown)
    s.until("PlayingScene")
    assert s.journey.current.who == "surprise"
    expected = director().direct(1, Choice(who="surprise"))
    assert s.journey.current.level == expected.built.level


def test_buttons_follow_break_and_another(stage: Any) -> None:
    s = stage()
    scene = s.desk()
    said = []
    for label in ("break", "break", "follow", "another"):
        scene.point(*scene._buttons.place(label).center, True)
        steps(s.app, 1)
        said.append((scene.desk.choice.who, scene.desk.choice.proposal))
    first, second, *_ = PROPOSALS
    assert said == [("break", first), ("break", second), ("follow", ""), ("vector", "")]


def test_the_mouse_drags_a_slider_to_its_ends(stage: Any) -> None:
    s = stage()
    scene = s.desk()
    track = scene._sliders.track(4)
    scene.point(track.centerx, track.centery, True)
    middle = scene.desk.values[4]
    low, high = scene.desk.low[4], scene.desk.high[4]
    assert middle == pytest.approx((low + high) / 2, abs=(high - low) / track.width)
    scene.drag(2000, track.centery + 80)  # the button is held: other rows do not take over
    assert scene.desk.values[4] == high
    scene.point(track.left, track.centery, False)  # let go
    scene.drag(track.left, track.centery)
    assert scene.desk.values[4] == high


@pytest.mark.parametrize("parameters", [False, True])
def test_the_point_goes_where_the_picture_is_pressed(stage: Any, parameters: bool) -> None:
    from procgen_sim.game.scenes.directing import PLOT

    s = stage()
    scene = s.desk()
    if parameters:
        s.press("FORECAST")
    before = scene.desk.values
    place = PLOT.left + PLOT.width // 3, PLOT.top + PLOT.height // 2
    scene.point(*place, True)
    scatter, space = scene._scatter, scene.desk.space
    seen = scatter.view.plane.see(space.to_unit(scene.desk.values)[None])
    ((x, y),) = scatter._pixels(seen)
    assert abs(PLOT.left + x - place[0]) <= 3
    assert abs(PLOT.top + y - place[1]) <= 3
    moved = np.flatnonzero(np.abs(scene.desk.values - before) > 1e-9)
    assert moved.tolist() == ([0, 8] if parameters else list(range(11)))


def test_axes_can_be_any_two_parameters(stage: Any) -> None:
    s = stage()
    scene = s.desk()
    s.press("UP", "UP")
    assert scene.chosen == "view"
    s.press("RIGHT", "DOWN")
    assert scene.chosen == "across"
    seen = set()
    for _ in range(12):
        s.press("RIGHT")
        across, up = scene._scatter.view.labels
        assert across != up == "coin rate"
        seen.add(across)
    assert len(seen) == 10
    s.press("DOWN", "LEFT")
    assert scene._scatter.view.labels[1] == spoken("hazard_rate")


def test_ground_is_plain_where_the_model_is(stage: Any) -> None:
    """The picture's ground says what the region says, pixel by pixel."""
    from procgen_sim.game.view.scatter import CELL_PX

    s = stage()
    scene = s.desk()
    scene.desk.set_all(prepared().data[0])
    values = scene.desk.values
    off = scene._scatter._off(values)
    assert 0.05 < off.mean() < 0.99
    rng = np.random.default_rng(1)
    width, height = scene._scatter._size
    agree = []
    for _ in range(200):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        vector = scene._scatter.where(x, y, values)
        agree.append(director().place(vector).off_model == off[y, x])
    assert CELL_PX < 4
    assert np.mean(agree) > 0.95  # but for pixels at the border


def test_levels_are_kept_and_exported(
    stage: Any,
    headless: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    s = stage()
    scene = s.desk()
    keep, export = (scene._buttons.place(label).center for label in ("keep", "export"))
    scene.point(*export, True)
    assert "expected levels that were kept, found none" in s.app._message.text
    scene.point(*keep, True)
    scene.point(*export, True)
    kept = load_corpus(headless / "data" / "authored")
    assert list(kept.levels) == [scene.desk.built.level]
    assert list(load_corpus(here / "authored").levels) == list(kept.levels)


def test_without_a_card_back_is_the_title(stage: Any) -> None:
    s = stage()
    s.desk()
    s.press("BACK")
    s.until("TitleScene")


@pytest.mark.usefixtures("headless")
def test_a_level_becomes_a_small_picture() -> None:
    import pygame

    from procgen_sim.game.view.thumbnail import thumbnail

    level = Desk(director(), 1).built.level
    picture = thumbnail(level, "samurai", (460, 48))
    assert picture.get_size() == (3 * level.n_columns, 3 * level.n_rows)
    assert thumbnail(level, "samurai", (50, 48)).get_size() == (50, 13)
    assert thumbnail(level, "samurai", (90, 48)).get_size() == (90, 24)
    other = thumbnail(level, "space_opera", (460, 48))
    assert (pygame.surfarray.array3d(picture) != pygame.surfarray.array3d(other)).any()
