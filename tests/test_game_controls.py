"""Keys and pads: what is held, what is pressed, and remapping in the settings' table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from game_support import headless, make_app, tap

from procgen_sim.game.settings import DEFAULT_KEYS, Settings, load_settings, rebound
from procgen_sim.platformer import Action

__all__ = ["headless"]

pytestmark = pytest.mark.usefixtures("headless")

PAD = 7


@pytest.fixture
def controls(headless: Path) -> Any:  # noqa: ARG001 (the screen must be chosen first)
    """Controls with the default bindings; what is posted is given to them by ``hear``."""
    import pygame

    from procgen_sim.game.controls import Controls

    pygame.display.init()
    yield Controls(Settings())
    pygame.quit()


def hear(controls: Any, kind: str, **values: Any) -> list[str]:
    import pygame

    return list(controls.changes(pygame.Event(getattr(pygame, kind), **values)))


def press(controls: Any, name: str, *, down: bool = True) -> list[str]:
    import pygame

    return hear(controls, "KEYDOWN" if down else "KEYUP", key=pygame.key.key_code(name), mod=0)


def stick(controls: Any, value: float, axis: int = 0) -> list[str]:
    return hear(
        controls, "CONTROLLERAXISMOTION", instance_id=PAD, axis=axis, value=int(value * 32767)
    )


def button(controls: Any, number: int, *, down: bool = True) -> list[str]:
    kind = "CONTROLLERBUTTONDOWN" if down else "CONTROLLERBUTTONUP"
    return hear(controls, kind, instance_id=PAD, button=number)


@pytest.mark.usefixtures("controls")
def test_the_default_keys_are_keys_of_pygame() -> None:
    import pygame

    for names in DEFAULT_KEYS.values():
        for name in names:
            assert pygame.key.name(pygame.key.key_code(name)) == name


def test_keys_are_held_until_let_go(controls: Any) -> None:
    assert press(controls, "right") == ["key:right"]
    assert press(controls, "space") == ["key:space"]
    for _ in range(3):
        assert controls.held() == Action.RIGHT | Action.JUMP
    press(controls, "right", down=False)
    assert controls.held() == Action.JUMP
    assert press(controls, "space") == []  # the system's own repeats are none of ours
    press(controls, "space", down=False)
    assert controls.held() == 0


def test_two_keys_for_one_action(controls: Any) -> None:
    press(controls, "left")
    press(controls, "a")
    press(controls, "left", down=False)
    assert controls.held() == Action.LEFT
    press(controls, "a", down=False)
    assert controls.held() == 0


def test_a_tap_shorter_than_a_frame_is_not_lost(controls: Any) -> None:
    press(controls, "space")
    press(controls, "space", down=False)
    assert controls.held() == Action.JUMP
    assert controls.held() == 0


def test_a_jump_key_that_chose_in_a_menu_does_not_jump_until_pressed_again(controls: Any) -> None:
    press(controls, "space")
    press(controls, "right")
    controls.settle()
    assert controls.held() == Action.RIGHT
    press(controls, "space", down=False)
    press(controls, "space")
    assert controls.held() == Action.RIGHT | Action.JUMP


def test_menus_and_levels_read_the_same_key_differently(controls: Any) -> None:
    from procgen_sim.game.controls import Verb

    expected = {
        "key:escape": (Verb.PAUSE, Verb.BACK),
        "key:space": (None, Verb.CONFIRM),
        "key:return": (None, Verb.CONFIRM),
        "key:w": (Verb.UP, Verb.UP),
        "key:r": (Verb.RESTART, Verb.RESTART),
        "key:3": (None, Verb.RATE_3),
        "key:f11": (Verb.FULLSCREEN, Verb.FULLSCREEN),
        "key:q": (None, None),
        "pad:a": (None, Verb.CONFIRM),
        "pad:b": (None, Verb.BACK),
        "pad:start": (Verb.PAUSE, Verb.PAUSE),
        "pad:y": (Verb.FORECAST, Verb.FORECAST),
    }
    for source, (playing, menu) in expected.items():
        assert controls.verb(source, playing=True) == playing, source
        assert controls.verb(source, playing=False) == menu, source
    assert controls.verb("key:m", playing=False, typing=True) is None
    assert controls.verb("key:return", playing=False, typing=True) is Verb.CONFIRM


def test_nobody_is_locked_out_by_remapping(controls: Any) -> None:
    from procgen_sim.game.controls import Verb

    settings = Settings()
    for binding, name in zip(DEFAULT_KEYS, "qwertyuiopkl", strict=True):
        settings = rebound(settings, "keys", binding, name)
    controls.rebind(settings)
    for name, verb in {
        "escape": Verb.BACK,
        "return": Verb.CONFIRM,
        "up": Verb.UP,
        "down": Verb.DOWN,
    }.items():
        assert controls.verb(f"key:{name}", playing=False) is verb
    assert controls.verb("key:escape", playing=True) is Verb.PAUSE


def test_a_held_direction_repeats_in_menus(controls: Any) -> None:
    from procgen_sim.game.controls import Verb

    press(controls, "down")
    given = [controls.repeats(10_000_000) for _ in range(100)]  # a second
    assert given[:39] == [[]] * 39
    assert 6 <= given.count([Verb.DOWN]) <= 8
    press(controls, "down", down=False)
    assert controls.repeats(10**9) == []
    press(controls, "return")
    assert controls.repeats(10**9) == []


def test_letting_go_of_everything(controls: Any) -> None:
    press(controls, "right")
    controls.release()
    assert controls.held() == 0
    assert press(controls, "right", down=False) == []
    assert press(controls, "right") == ["key:right"]


# Pads


def test_buttons_of_a_pad(controls: Any) -> None:
    assert button(controls, 0) == ["pad:a"]
    assert button(controls, 14) == ["pad:dpad right"]
    assert controls.held() == Action.JUMP | Action.RIGHT
    button(controls, 0, down=False)
    assert controls.held() == Action.RIGHT
    assert button(controls, 99) == ["pad:button 99"]


def test_the_stick_has_a_dead_zone_and_does_not_flicker_at_its_edge(controls: Any) -> None:
    for value in (0.1, -0.2, 0.3, 0.45):
        assert stick(controls, value) == []
    assert controls.held() == 0
    assert stick(controls, 0.6) == ["pad:stick right"]
    for value in (0.49, 0.52, 0.4, 0.5):
        assert stick(controls, value) == []
        assert controls.held() == Action.RIGHT
    stick(controls, 0.2)
    assert controls.held() == 0
    stick(controls, 1.0)
    controls.held()
    assert stick(controls, -1.0) == ["pad:stick left"]
    assert controls.held() == Action.LEFT
    stick(controls, 0.0)
    stick(controls, -1.0, axis=1)
    assert controls.held() == Action.UP
    assert stick(controls, 1.0, axis=9) == []


def test_a_pad_that_is_pulled_out_lets_go(controls: Any) -> None:
    button(controls, 0)
    stick(controls, 1.0)
    controls.held()
    hear(controls, "CONTROLLERDEVICEREMOVED", instance_id=PAD)
    assert controls.held() == 0
    assert button(controls, 0) == ["pad:a"]  # and may be plugged in again


def test_a_pad_that_is_gone_before_it_is_opened(controls: Any) -> None:
    for kind in ("CONTROLLERDEVICEADDED", "JOYDEVICEADDED"):
        assert hear(controls, kind, device_index=5) == []


def test_a_pad_without_a_map_is_read_by_numbers(controls: Any) -> None:
    controls._pads._raw.add(3)
    assert hear(controls, "JOYBUTTONDOWN", instance_id=3, button=0) == ["pad:a"]
    assert hear(controls, "JOYHATMOTION", instance_id=3, hat=0, value=(-1, 0)) == ["pad:dpad left"]
    assert hear(controls, "JOYAXISMOTION", instance_id=3, axis=1, value=0.9) == ["pad:stick down"]
    assert controls.held() == Action.JUMP | Action.LEFT | Action.DOWN
    hear(controls, "JOYHATMOTION", instance_id=3, hat=0, value=(0, 0))
    assert controls.held() == Action.JUMP | Action.DOWN
    # One that has a map says everything twice; the numbers are then not listened to.
    assert hear(controls, "JOYBUTTONDOWN", instance_id=4, button=1) == []


def test_labels_follow_what_was_used_last(controls: Any) -> None:
    from procgen_sim.game.controls import Verb

    assert (controls.label("jump"), controls.label(Verb.CONFIRM)) == ("Space", "Enter")
    assert (controls.label("left"), controls.label(Verb.RATE_1)) == ("←", "1")
    button(controls, 1)
    assert (controls.label("jump"), controls.label(Verb.BACK)) == ("A", "B")
    assert controls.label(Verb.FULLSCREEN) == ""
    press(controls, "q")
    assert controls.label(Verb.BACK) == "Esc"


# In the loop


def test_a_posted_pad_steers_the_menus() -> None:
    import pygame

    app = make_app()
    for number in (12, 12, 0):  # down, down, A: the settings
        for kind in (pygame.CONTROLLERBUTTONDOWN, pygame.CONTROLLERBUTTONUP):
            pygame.event.post(pygame.Event(kind, instance_id=PAD, button=number))
            app.step()
    assert type(app.scene).__name__ == "OptionsScene"
    app.close()


def test_remapping_by_hand(headless: Path) -> None:
    from procgen_sim.game.scenes.remapping import RemappingScene

    app = make_app(first=RemappingScene())
    for _ in range(4):
        tap(app, "down")
    tap(app, "return")
    tap(app, "r")  # jump and restart swap
    assert app.settings.keys["jump"] == ("r",)
    assert app.settings.keys["restart"] == ("space",)
    assert load_settings(headless / "config")[0] == app.settings
    tap(app, "return")
    tap(app, "escape")  # leaves it as it was
    assert app.settings.keys["jump"] == ("r",)
    tap(app, "right")
    tap(app, "return")
    tap(app, "k")  # a key is no button
    assert app.scene.listens == "source"
    tap(app, "escape")
    for _ in range(6 + 2):
        tap(app, "down")
    tap(app, "return")
    assert app.settings == Settings()
    app.close()


def test_a_button_given_to_a_verb_works_at_once() -> None:
    import pygame

    from procgen_sim.game.scenes.remapping import RemappingScene

    app = make_app(first=RemappingScene())
    for _ in range(9):
        tap(app, "down")
    tap(app, "right")
    tap(app, "return")
    guide = pygame.Event(pygame.CONTROLLERBUTTONDOWN, instance_id=PAD, button=5)
    pygame.event.post(guide)
    app.step()
    assert app.settings.pad["mute"] == ("guide",)
    pygame.event.post(pygame.Event(pygame.CONTROLLERBUTTONUP, instance_id=PAD, button=5))
    app.step()
    pygame.event.post(guide)
    app.step()
    assert app.settings.muted
    app.close()
