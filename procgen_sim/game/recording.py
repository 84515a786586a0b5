"""Recording what is shown: an animated picture, or a folder of pictures, as the name says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError
from procgen_sim.files import writing_beside
from procgen_sim.game.recording_formats import ENCODERS, Box, Encoder

__all__ = ["TICKS_A_FRAME", "Recorder", "check_recording", "recording"]

TICKS_A_FRAME: Final = 6
"""Every sixth tick is recorded: 20 pictures a second, which all formats can say exactly."""

Pixels = npt.NDArray[np.uint8]

_LONGEST_TICKS: Final = 6000
"""What stands still is said again after 50 s: times in the formats have 16 bits."""


class Recorder(Protocol):
    """Takes pictures; made by :func:`recording`."""

    n_frames: int
    """Pictures taken so far."""

    def add(self, pixels: Pixels, ticks: int) -> None:
        """Add a picture ``(height, width, 3)``, red, green and blue, that is shown for ``ticks``.

        All must be of one size.
        """


def check_recording(path: Path) -> None:
    """Refuse a name that says no format, before anything is played.

    Raises
    ------
    InputError
        If the suffix is none of ours, Pillow cannot write it, or the folder holds pictures.
    """
    suffix = path.suffix.lower()
    if path.is_dir() or not suffix:
        if path.is_dir() and any(path.glob("frame-*.png")):
            raise InputError(
                f"--record {path}", expected="a folder without recorded pictures", found="some"
            )
        return
    if suffix not in ENCODERS:
        raise InputError(
            f"--record {path}",
            expected=f"a name that ends in {', '.join(ENCODERS)}, or of a folder",
            found=f"{suffix!r}",
        )
    if suffix == ".webp":
        from PIL import features

        if not features.check("webp"):
            raise InputError(
                f"--record {path}",
                expected="a Pillow that writes WebP",
                found="one that does not",
                do="record a .gif or .png",
            )


@contextmanager
def recording(path: Path) -> Iterator[Recorder]:
    """Record pictures to ``path`` while the block lasts.

    A file is there when the block has ended, whole; if it ends by an error there is none.

    Parameters
    ----------
    path
        ``.gif`` (256 colours), ``.webp`` or ``.png`` (all colours) for an animated picture;
        without a suffix a folder, of numbered PNGs.

    Raises
    ------
    InputError
        See :func:`check_recording`; also if the place cannot be written, or no picture came.
    """
    check_recording(path)
    if path.is_dir() or not path.suffix:
        numbered = _Numbered(path)
        yield numbered
        _check_any(path, numbered)
        return
    with writing_beside(path) as beside, beside.open("wb") as file:
        animated = _Animated(file, ENCODERS[path.suffix.lower()])
        yield animated
        _check_any(path, animated)
        animated.end()


class _Animated:
    """Keeps one picture back, to learn how long it is shown, and writes only what changed."""

    def __init__(self, file: BinaryIO, encoder: type[Encoder]) -> None:
        self.n_frames = 0
        self._file, self._make = file, encoder
        self._encoder: Encoder | None = None
        self._shown: Pixels | None = None
        self._waiting: tuple[Box, int] | None = None

    def add(self, pixels: Pixels, ticks: int) -> None:
        self.n_frames += 1
        height, width = pixels.shape[:2]
        if self._encoder is None or self._shown is None or self._waiting is None:
            self._encoder = self._make(self._file, (width, height))
            box = (0, 0, width, height)
        else:
            changed = _changed(self._shown, pixels, self._encoder.ALIGN_PX)
            before, so_far = self._waiting
            if changed is None and so_far + ticks <= _LONGEST_TICKS:
                self._waiting = before, so_far + ticks
                return
            self._write()
            box = changed or (0, 0, self._encoder.ALIGN_PX, self._encoder.ALIGN_PX)
        self._shown, self._waiting = pixels.copy(), (box, ticks)

    def _write(self) -> None:
        from PIL import Image

        assert self._encoder is not None
        assert self._shown is not None
        assert self._waiting is not None
        (left, top, right, bottom), ticks = self._waiting
        part = np.ascontiguousarray(self._shown[top:bottom, left:right])
        self._encoder.frame(Image.fromarray(part), (left, top, right, bottom), ticks)

    def end(self) -> None:
        self._write()
        assert self._encoder is not None
        self._encoder.end()


class _Numbered:
    """One PNG a picture, ``frame-000001.png`` and so on, each whole."""

    def __init__(self, folder: Path) -> None:
        self.n_frames = 0
        self._folder = folder

    def add(self, pixels: Pixels, ticks: int) -> None:
        from PIL import Image

        self.n_frames += 1
        path = self._folder / f"frame-{self.n_frames:06d}.png"
        with writing_beside(path) as beside:
            Image.fromarray(pixels).save(beside, "PNG")


def _changed(before: Pixels, after: Pixels, align_px: int) -> Box | None:
    """The smallest box that holds all pixels that differ; None if none does."""
    differs = (before != after).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return None
    left, top = int(columns[0]), int(rows[0])
    left, top = left - left % align_px, top - top % align_px
    return left, top, int(columns[-1]) + 1, int(rows[-1]) + 1


def _check_any(path: Path, recorder: Any) -> None:
    if recorder.n_frames == 0:
        raise InputError(f"--record {path}", expected="something to record", found="no picture")
