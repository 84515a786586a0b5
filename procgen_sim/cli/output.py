"""Printing where printing may fail: an old code page, a full disk, nobody there."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from typing import Final

from procgen_sim._checks import InputError

__all__ = ["always_write", "check_output", "drop_output", "output_error"]

_PLAIN: Final = {
    "×": "x",
    "−": "-",
    "–": "-",
    "·": "-",
    "→": "->",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "≥": ">=",
    "≤": "<=",
    "±": "+/-",
    "∞": "inf",
}
"""What is written where a character cannot be."""


def always_write() -> None:
    """Let standard output and error write anything, in plainer characters where they must."""
    codecs.register_error("procgen_sim_plain", _plainly)
    for stream in (sys.stdout, sys.stderr):
        # Whoever chose another way by PYTHONIOENCODING keeps it.
        if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "backslashreplace"):
            stream.reconfigure(errors="procgen_sim_plain")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_PLAIN.get(character) or _stripped(character) for character in wrong), error.end


def _stripped(character: str) -> str:
    """A letter without its accent, a small digit large; ``?`` for what has no such kin."""
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode("ascii")
    return plain or "?"


def check_output() -> None:
    """Write what was printed and not written yet.

    Raises
    ------
    OSError
        If it cannot be.
    InputError
        If there never was a standard output.
    """
    if sys.stdout is None:
        raise output_error("none")
    sys.stdout.flush()


def output_error(found: str) -> InputError:
    """What to say when nothing can be said."""
    return InputError(
        "standard output",
        expected="a place to print to",
        found=found,
        do="what was made is in its folder",
    )


def drop_output() -> None:
    """Let what is still to be printed, now or when Python ends, go nowhere."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
