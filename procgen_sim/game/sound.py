"""Playing sounds, or silence where there is no device for them."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Final

import pygame

from procgen_sim._checks import check_choice, check_number
from procgen_sim.game.sound_recipes import RECIPES, SAMPLES_PER_S, synthesise

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SOUNDS", "Sounds"]

SOUNDS: Final = tuple(RECIPES)
"""The names of all sounds."""

_FORMAT: Final = (SAMPLES_PER_S, -16, 1)  # rate, signed 16 bits, one channel
_BUFFER_SAMPLES: Final = 512  # 12 ms from a key to its sound
_CHANNELS: Final = 16


class Sounds:
    """All sounds of the game, made when this is made.

    Nothing here fails for want of a device: the game is then silent, and :attr:`problem` says
    why, so that it can be said once.

    Parameters
    ----------
    volume
        0 for silence to 1 for full loudness.
    muted
        Whether to be silent until :meth:`mute` says otherwise.
    """

    def __init__(self, volume: float = 0.7, *, muted: bool = False) -> None:
        self._sounds: dict[str, list[pygame.mixer.Sound]] = {}
        self._turns: dict[str, Iterator[pygame.mixer.Sound]] = {}
        self._problem = ""
        self._volume = check_number("volume", volume, low=0.0, high=1.0)
        self._muted = muted
        try:
            _open_device()
            for name, recipe in RECIPES.items():
                self._sounds[name] = [
                    pygame.mixer.Sound(buffer=synthesise(recipe, pitch=pitch).tobytes())
                    for pitch in recipe.pitches
                ]
                self._turns[name] = cycle(self._sounds[name])
        except (pygame.error, NotImplementedError) as error:  # the latter: built without a mixer
            self._fall_silent(str(error))
        self.set_volume(volume)

    @property
    def problem(self) -> str:
        """A sentence that says why there is no sound; empty when there is."""
        return self._problem

    @property
    def volume(self) -> float:
        """0 for silence to 1 for full loudness."""
        return self._volume

    @property
    def muted(self) -> bool:
        """Whether sounds are kept back."""
        return self._muted

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0 to 1; also of sounds that are being heard.

        Raises
        ------
        InputError
            If it is not between 0 and 1.
        """
        self._volume = check_number("volume", volume, low=0.0, high=1.0)
        if not self._working():
            return
        for sounds in self._sounds.values():
            for sound in sounds:
                # Ears judge ratios: the square makes half of the slider sound like half.
                sound.set_volume(self._volume**2)

    def mute(self, muted: bool = True) -> None:
        """Be silent from now on, or no longer."""
        self._muted = muted
        if muted and self._working():
            pygame.mixer.stop()

    def play(self, name: str) -> None:
        """Start a sound; it is heard over those that have not ended yet.

        Raises
        ------
        InputError
            If no sound has that name.
        """
        check_choice("sound", name, SOUNDS)
        if not self._muted and self._working():
            next(self._turns[name]).play()

    def _working(self) -> bool:
        """Whether sounds can be played."""
        # Playing after the mixer was closed is a crash, not an exception.
        if self._sounds and pygame.mixer.get_init() is None:
            self._fall_silent("the device was closed")
        return bool(self._sounds)

    def _fall_silent(self, reason: str) -> None:
        self._sounds.clear()
        self._turns.clear()
        self._problem = f"There is no sound: {reason.strip().rstrip('.')}."


def _open_device() -> None:
    """Open the mixer in our format, again if somebody opened it in another one."""
    mixer = pygame.mixer
    if mixer.get_init() not in (None, _FORMAT):
        mixer.quit()
    if mixer.get_init() is None:
        # No changes allowed: the device gets what it wants, and we may send what we have.
        mixer.init(*_FORMAT, _BUFFER_SAMPLES, allowedchanges=0)
    mixer.set_num_channels(_CHANNELS)
