"""Sounds, and silence where there is no device."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pygame
import pytest

from procgen_sim._checks import InputError
from procgen_sim.game.sound import SOUNDS, Sounds
from procgen_sim.game.sound_recipes import RECIPES, SAMPLES_PER_S, Recipe, Tone, synthesise

FULL = 32_767


@pytest.fixture(autouse=True)
def dummy_device(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    pygame.mixer.quit()
    yield
    pygame.mixer.quit()


def pitch_hz(samples: np.ndarray) -> float:
    """The pitch of a steady tone, from how often it rises through zero."""
    rising = np.flatnonzero((samples[:-1] < 0) & (samples[1:] >= 0))
    return (len(rising) - 1) * SAMPLES_PER_S / float(rising[-1] - rising[0])


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_short_soft_and_does_not_click(name: str) -> None:
    recipe = RECIPES[name]
    for pitch in recipe.pitches:
        samples = synthesise(recipe, pitch=pitch)
        assert samples.dtype == np.int16
        assert samples.ndim == 1
        assert 0.03 < len(samples) / SAMPLES_PER_S < 1.0
        peak = int(np.abs(samples.astype(np.int32)).max())
        assert peak == pytest.approx(0.6 * recipe.loudness * FULL, abs=1)
        assert 0.1 < peak / FULL < 0.65
        assert samples[0] == samples[-1] == 0
        ends = np.concatenate([samples[:9], samples[-20:]]).astype(np.int32)
        assert np.abs(ends).max() < 0.01 * FULL
        assert abs(samples.mean()) < 0.1 * peak


def test_sounds_differ_and_are_always_the_same() -> None:
    made = {name: synthesise(recipe).tobytes() for name, recipe in RECIPES.items()}
    assert len(set(made.values())) == len(RECIPES)
    assert made == {name: synthesise(recipe).tobytes() for name, recipe in RECIPES.items()}


@pytest.mark.parametrize("wave", ["square", "triangle"])
def test_a_tone_has_its_pitch(wave: str) -> None:
    tone = Tone(wave=wave, from_hz=440, to_hz=440, length_s=0.5)  # type: ignore[arg-type]
    recipe = Recipe(tones=[tone])
    assert pitch_hz(synthesise(recipe)) == pytest.approx(440, rel=0.01)
    assert pitch_hz(synthesise(recipe, pitch=1.5)) == pytest.approx(660, rel=0.01)


def test_a_tone_glides() -> None:
    samples = synthesise(
        Recipe(tones=[Tone(wave="triangle", from_hz=200, to_hz=800, length_s=1.0)])
    )
    tenth = len(samples) // 10
    middle = slice(5 * tenth - tenth // 2, 5 * tenth + tenth // 2)
    assert pitch_hz(samples[middle]) == pytest.approx(400, rel=0.05)  # halfway by ear


def test_noise_is_even_and_has_no_pitch() -> None:
    noise = Tone(wave="noise", from_hz=SAMPLES_PER_S, to_hz=SAMPLES_PER_S, length_s=0.5, decay=0)
    middle = synthesise(Recipe(tones=[noise]))[2000:20000].astype(np.float64)
    assert abs(middle.mean()) < 0.02 * FULL
    assert middle.std() == pytest.approx(0.6 * FULL / np.sqrt(3), rel=0.03)  # uniform heights
    assert abs(np.corrcoef(middle[1:], middle[:-1])[0, 1]) < 5 / np.sqrt(len(middle))


def test_all_sounds_play_on_the_dummy_device() -> None:
    sounds = Sounds()
    assert sounds.problem == ""
    for name in SOUNDS:
        sounds.play(name)
    assert pygame.mixer.get_busy()
    sounds.mute()
    assert not pygame.mixer.get_busy()
    sounds.play("coin")
    assert not pygame.mixer.get_busy()
    sounds.mute(False)
    sounds.play("coin")
    assert pygame.mixer.get_busy()


def test_a_mixer_that_is_open_in_another_format_is_opened_again() -> None:
    pygame.mixer.init(22_050, -16, 2)
    assert Sounds().problem == ""
    assert pygame.mixer.get_init() == (SAMPLES_PER_S, -16, 1)


def test_sounds_start_quickly() -> None:
    Sounds()
    times = []
    for _ in range(3):
        begun = time.process_time()
        Sounds()
        times.append(time.process_time() - begun)
    assert min(times) < 0.06  # measured 0.010


def test_without_a_device_the_game_is_silent_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "no_such_driver")
    sounds = Sounds(0.5, muted=True)
    assert sounds.problem.startswith("There is no sound: ")
    assert sounds.problem.endswith(".")
    assert "no_such_driver" in sounds.problem
    sounds.play("jump")
    sounds.mute(False)
    sounds.set_volume(1.0)
    sounds.play("jump")
    assert (sounds.volume, sounds.muted) == (1.0, False)


def test_a_pygame_without_a_mixer_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    class Missing:
        def __getattr__(self, name: str) -> None:
            raise NotImplementedError("mixer module not available")

    monkeypatch.setattr(pygame, "mixer", Missing())
    sounds = Sounds()
    monkeypatch.undo()
    assert sounds.problem == "There is no sound: mixer module not available."


def test_a_device_that_goes_away_ends_the_sound_and_not_the_game() -> None:
    sounds = Sounds()
    pygame.mixer.quit()
    sounds.play("jump")
    assert sounds.problem == "There is no sound: the device was closed."
    sounds.play("jump")
    sounds.mute()
    sounds.set_volume(0.3)


def test_wrong_use_is_told() -> None:
    sounds = Sounds()
    with pytest.raises(InputError, match="volume: expected a number from 0 to 1, found 2"):
        sounds.set_volume(2)
    with pytest.raises(InputError, match="sound: expected one of .*did you mean 'stomp'"):
        sounds.play("stamp")
