"""Animated pictures, written frame by frame: whatever the length, two frames are in memory.

Pillow can write each of the three formats, but gathers all frames first. So each frame is encoded
by Pillow as a still picture, and its data are put into the frame of the animation here, as the
formats' specifications have it: [GIF89a]_, [PNG3]_, [WebPContainer]_.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, Protocol

import numpy as np

from procgen_sim.platformer.physics import TICKS_PER_S

__all__ = ["ENCODERS", "Encoder"]

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first beyond."""

_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MOST_COLOURS: Final = 256
_PACK: Final = np.array([1 << 16, 1 << 8, 1])


class Encoder(Protocol):
    """Writes one format. The first frame must be as large as the picture."""

    ALIGN_PX: int
    """Left and top of a frame must be multiples of it."""

    def __init__(self, file: BinaryIO, size_px: tuple[int, int]) -> None: ...

    def frame(self, image: Any, box: Box, ticks: int) -> None:
        """Add a frame: an RGB picture of what is within ``box``, shown for ``ticks``."""

    def end(self) -> None:
        """Write what can only be known at the end."""


class GifEncoder:
    """GIF: at most 256 colours a frame, and times in hundredths of a second."""

    ALIGN_PX = 1

    def __init__(self, file: BinaryIO, size_px: tuple[int, int]) -> None:
        self._file = file
        self._ticks = self._written_cs = 0
        file.write(b"GIF89a" + struct.pack("<HHBBB", *size_px, 0, 0, 0))
        file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")  # for ever

    def frame(self, image: Any, box: Box, ticks: int) -> None:
        still = io.BytesIO()
        _few_colours(image).save(still, "GIF", optimize=False, interlace=False)
        table, data = _gif_parts(still.getvalue())
        # Hundredths do not divide ticks: what is cut off here is added to later frames.
        self._ticks += ticks
        delay_cs = self._ticks * 100 // TICKS_PER_S - self._written_cs
        self._written_cs += delay_cs
        left, top, right, bottom = box
        bits = (len(table) // 3).bit_length() - 2
        self._file.write(b"\x21\xf9\x04\x04" + struct.pack("<HBB", delay_cs, 0, 0))
        place = (left, top, right - left, bottom - top, 0x80 | bits)
        self._file.write(b"\x2c" + struct.pack("<HHHHB", *place) + table + data)

    def end(self) -> None:
        self._file.write(b"\x3b")


class ApngEncoder:
    """Animated PNG: every colour, exact times; larger."""

    ALIGN_PX = 1

    def __init__(self, file: BinaryIO, size_px: tuple[int, int]) -> None:
        self._file = file
        self._n_frames = self._n_numbers = 0
        file.write(_PNG_SIGNATURE)
        self._chunk(b"IHDR", struct.pack(">IIBBBBB", *size_px, 8, 2, 0, 0, 0))
        self._count_at = file.tell()
        self._chunk(b"acTL", struct.pack(">II", 0, 0))

    def frame(self, image: Any, box: Box, ticks: int) -> None:
        still = io.BytesIO()
        image.save(still, "PNG")
        data = b"".join(body for kind, body in _png_chunks(still.getvalue()) if kind == b"IDAT")
        left, top, right, bottom = box
        place = (right - left, bottom - top, left, top)
        shown = struct.pack(">IIIIHHBB", *place, ticks, TICKS_PER_S, 0, 0)
        self._chunk(b"fcTL", self._number() + shown)
        if self._n_frames:
            self._chunk(b"fdAT", self._number() + data)
        else:
            self._chunk(b"IDAT", data)
        self._n_frames += 1

    def end(self) -> None:
        self._chunk(b"IEND", b"")
        self._file.seek(self._count_at)
        self._chunk(b"acTL", struct.pack(">II", self._n_frames, 0))

    def _number(self) -> bytes:
        self._n_numbers += 1
        return struct.pack(">I", self._n_numbers - 1)

    def _chunk(self, kind: bytes, body: bytes) -> None:
        checksum = zlib.crc32(kind + body)
        self._file.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum))


class WebpEncoder:
    """WebP without loss: every colour, the smallest file; times in milliseconds."""

    ALIGN_PX = 2

    def __init__(self, file: BinaryIO, size_px: tuple[int, int]) -> None:
        self._file = file
        self._ticks = self._written_ms = 0
        width, height = size_px
        animated = struct.pack("<I", 0x02) + _u24(width - 1) + _u24(height - 1)
        file.write(b"RIFF\0\0\0\0WEBP" + _riff(b"VP8X", animated))
        file.write(_riff(b"ANIM", struct.pack("<IH", 0xFF000000, 0)))

    def frame(self, image: Any, box: Box, ticks: int) -> None:
        still = io.BytesIO()
        image.save(still, "WEBP", lossless=True, quality=50, method=1)
        self._ticks += ticks
        ms = self._ticks * 1000 // TICKS_PER_S - self._written_ms
        self._written_ms += ms
        left, top, right, bottom = box
        place = (left // 2, top // 2, right - left - 1, bottom - top - 1, ms)
        head = b"".join(_u24(number) for number in place) + b"\x02"  # replaces what was there
        picture = next(c for c in _riff_chunks(still.getvalue()) if c.startswith(b"VP8L"))
        self._file.write(_riff(b"ANMF", head + picture))

    def end(self) -> None:
        length = self._file.tell()
        self._file.seek(4)
        self._file.write(struct.pack("<I", length - 8))


ENCODERS: Final[dict[str, type[Encoder]]] = {
    ".gif": GifEncoder,
    ".webp": WebpEncoder,
    ".png": ApngEncoder,
    ".apng": ApngEncoder,
}
"""Suffix to format."""


def _few_colours(image: Any) -> Any:
    """The picture with a palette: exactly, if it has few enough colours."""
    from PIL import Image

    counted = image.getcolors(_MOST_COLOURS)
    if counted is None:
        return image.quantize(
            _MOST_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    # Not by `quantize(palette=…)`, which takes colours that are nearly the same for the same.
    colours = np.array([colour for _, colour in counted])
    codes = colours @ _PACK
    order = np.argsort(codes)
    indices = np.searchsorted(codes[order], np.asarray(image).astype(np.int64) @ _PACK)
    few = Image.fromarray(indices.astype(np.uint8))
    few.putpalette(colours[order].astype(np.uint8).tobytes())
    return few


def _gif_parts(data: bytes) -> tuple[bytes, bytes]:
    """Colour table and picture data of a GIF with one picture."""
    n_table = 3 << (data[10] & 7) + 1
    table, at = data[13 : 13 + n_table], 13 + n_table
    while data[at] == 0x21:  # extensions
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    return table, data[at + 10 : -1]


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += length + 12


def _riff_chunks(data: bytes) -> Iterator[bytes]:
    at = 12
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 4)
        whole = 8 + length + length % 2
        yield data[at : at + whole]
        at += whole


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")
