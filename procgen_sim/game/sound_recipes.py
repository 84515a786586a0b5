"""What each sound is made of, and how it is made: a few short tones with soft beginnings and ends.

A tone glides from one pitch to another, *f(t) = f₀ (f₁ / f₀)^(t / T)*, and its wave is read at the
phase *∫ f dt*. Its loudness rises along half a cosine, falls off exponentially, and is faded out
along another half cosine, so that it starts and ends at zero and the loudspeaker does not click.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

__all__ = ["RECIPES", "SAMPLES_PER_S", "Recipe", "Tone", "synthesise"]

SAMPLES_PER_S: Final = 44_100

_FADE_S: Final = 0.012
_PEAK: Final = 0.6  # of full scale: room for several sounds at once


@dataclass(frozen=True, kw_only=True)
class Tone:
    """One note or burst of noise.

    Attributes
    ----------
    wave
        ``square`` (rounded, so that it is not shrill), ``triangle``, or ``noise``, which is
        steps of random height, as many a second as the pitch says.
    from_hz, to_hz
        Pitch at the beginning and at the end.
    length_s
        How long it lasts, in seconds.
    at_s
        When it begins, in seconds after the sound began.
    loudness
        Its highest amplitude relative to the other tones of the sound.
    attack_s
        How long it takes to get loud, in seconds.
    decay
        How many times it gets quieter by the factor *e* until the end; 0 keeps it up.
    """

    wave: Literal["square", "triangle", "noise"]
    from_hz: float
    to_hz: float
    length_s: float
    at_s: float = 0.0
    loudness: float = 1.0
    attack_s: float = 0.004
    decay: float = 3.0


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One sound.

    Attributes
    ----------
    tones
        What it is made of.
    loudness
        Its peak relative to the loudest sounds, 0 to 1.
    pitches
        Factors for all pitches, taken in turn, so that a sound heard often does not tire.
    """

    tones: Sequence[Tone]
    loudness: float = 1.0
    pitches: Sequence[float] = (1.0,)


_OFTEN: Final = (1.0, 1.045, 0.965)


def _notes(
    *hertz: float, every_s: float, length_s: float, wave: Literal["square", "triangle"] = "triangle"
) -> list[Tone]:
    """Steady notes, one after the other."""
    return [
        Tone(wave=wave, from_hz=f, to_hz=f, length_s=length_s, at_s=i * every_s)
        for i, f in enumerate(hertz)
    ]


RECIPES: Final[Mapping[str, Recipe]] = {
    "jump": Recipe(
        tones=[Tone(wave="square", from_hz=250, to_hz=620, length_s=0.15, decay=2.2)],
        loudness=0.5,
        pitches=_OFTEN,
    ),
    "land": Recipe(
        tones=[
            Tone(wave="triangle", from_hz=150, to_hz=70, length_s=0.08),
            Tone(wave="noise", from_hz=2500, to_hz=900, length_s=0.05, loudness=0.35),
        ],
        loudness=0.45,
        pitches=_OFTEN,
    ),
    "skid": Recipe(
        tones=[Tone(wave="noise", from_hz=5200, to_hz=2600, length_s=0.13, attack_s=0.02)],
        loudness=0.25,
    ),
    "coin": Recipe(
        tones=[
            Tone(wave="square", from_hz=988, to_hz=988, length_s=0.06, loudness=0.8),
            Tone(wave="square", from_hz=1319, to_hz=1319, length_s=0.24, at_s=0.055),
        ],
        loudness=0.45,
    ),
    "bonus": Recipe(
        tones=_notes(523, 659, 784, 1047, every_s=0.055, length_s=0.13, wave="square"),
        loudness=0.5,
    ),
    "bump": Recipe(
        tones=[Tone(wave="square", from_hz=190, to_hz=95, length_s=0.1)],
        loudness=0.5,
        pitches=_OFTEN,
    ),
    "break": Recipe(
        tones=[
            Tone(wave="noise", from_hz=7000, to_hz=700, length_s=0.24, decay=4.0),
            Tone(wave="square", from_hz=210, to_hz=60, length_s=0.12, loudness=0.5),
        ],
        loudness=0.65,
        pitches=_OFTEN,
    ),
    "stomp": Recipe(
        tones=[
            Tone(wave="square", from_hz=520, to_hz=120, length_s=0.13),
            Tone(wave="noise", from_hz=3200, to_hz=1200, length_s=0.06, loudness=0.5),
        ],
        loudness=0.6,
        pitches=_OFTEN,
    ),
    "grab": Recipe(
        tones=[Tone(wave="triangle", from_hz=330, to_hz=440, length_s=0.07)],
        loudness=0.4,
    ),
    "die": Recipe(
        tones=[
            Tone(wave="square", from_hz=494, to_hz=466, length_s=0.14),
            Tone(wave="square", from_hz=392, to_hz=98, length_s=0.46, at_s=0.14, decay=1.8),
        ],
        loudness=0.6,
    ),
    "win": Recipe(
        tones=[
            *_notes(523, 659, 784, every_s=0.11, length_s=0.18, wave="square"),
            Tone(wave="square", from_hz=1047, to_hz=1047, length_s=0.55, at_s=0.33),
            Tone(wave="triangle", from_hz=262, to_hz=262, length_s=0.55, at_s=0.33),
        ],
        loudness=0.6,
    ),
    "select": Recipe(
        tones=_notes(660, 880, every_s=0.05, length_s=0.1),
        loudness=0.5,
    ),
    "back": Recipe(
        tones=_notes(587, 440, every_s=0.05, length_s=0.1),
        loudness=0.5,
    ),
    "tick": Recipe(
        tones=[Tone(wave="triangle", from_hz=1200, to_hz=1000, length_s=0.035, attack_s=0.002)],
        loudness=0.3,
    ),
    "rate": Recipe(
        tones=_notes(784, 1175, every_s=0.07, length_s=0.2),
        loudness=0.5,
    ),
    "surprise": Recipe(
        tones=_notes(466, 622, 932, 1245, every_s=0.06, length_s=0.26),
        loudness=0.5,
    ),
}
"""The sounds by name; the pitches of melodies are those of the tempered scale, A = 440 Hz."""


def synthesise(recipe: Recipe, *, pitch: float = 1.0) -> npt.NDArray[np.int16]:
    """Make the samples of a sound.

    Parameters
    ----------
    recipe
        What the sound is made of.
    pitch
        Factor for all its pitches.

    Returns
    -------
    numpy.ndarray of int16
        ``(n_samples,)`` at :data:`SAMPLES_PER_S`, one channel, full scale 32,767; the first and
        the last sample are zero. The same arguments give the same samples.
    """
    end_s = max(tone.at_s + tone.length_s for tone in recipe.tones)
    mix = np.zeros(round(end_s * SAMPLES_PER_S) + 2, dtype=np.float32)
    for tone in recipe.tones:
        wave = _tone(tone, pitch)
        begin = round(tone.at_s * SAMPLES_PER_S)
        mix[begin : begin + len(wave)] += wave
    peak = 32_767 * _PEAK * recipe.loudness
    samples: npt.NDArray[np.int16] = np.rint(mix * (peak / np.abs(mix).max())).astype(np.int16)
    return samples


def _tone(tone: Tone, pitch: float) -> npt.NDArray[np.float32]:
    n = round(tone.length_s * SAMPLES_PER_S)
    share = np.linspace(0.0, 1.0, n, dtype=np.float32)
    hertz = tone.from_hz * pitch * (tone.to_hz / tone.from_hz) ** share
    turns = np.cumsum(hertz, dtype=np.float64) / SAMPLES_PER_S
    if tone.wave == "noise":
        wave: npt.NDArray[np.floating] = _noise(turns.astype(np.uint32))
    else:
        sine = np.sin(2 * np.pi * (turns % 1.0)).astype(np.float32)
        wave = np.tanh(3 * sine) if tone.wave == "square" else np.arcsin(sine) * (2 / np.pi)
    envelope = np.exp(-tone.decay * share)
    for ramp, length_s in ((slice(None), tone.attack_s), (slice(None, None, -1), _FADE_S)):
        rise = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0, 1, round(length_s * SAMPLES_PER_S)))
        part = envelope[ramp][: len(rise)]
        part *= rise[: len(part)]
    made: npt.NDArray[np.float32] = (tone.loudness * wave * envelope).astype(np.float32)
    return made


def _noise(step: npt.NDArray[np.uint32]) -> npt.NDArray[np.float64]:
    """A height between -1 and 1 for each step number: its bits, scrambled, always the same way."""
    bits = (step + np.uint32(1)) * np.uint32(2_654_435_761)
    bits ^= bits >> np.uint32(15)
    bits *= np.uint32(2_246_822_519)
    bits ^= bits >> np.uint32(13)
    return bits.astype(np.float64) / 2**31 - 1
