"""How a stranger's process ended without a level, in one sentence."""

from __future__ import annotations

import signal

from procgen_sim._checks import InputError
from procgen_sim.generators.sources.limits import Limits
from procgen_sim.generators.sources.process import Process

__all__ = ["ended", "late", "wordy"]


def ended(where: str, process: Process, status: int) -> InputError:
    """It ended by itself, or was ended by the system."""
    found = f"exit status {status}" if status >= 0 else f"an end by {_signal(-status)}"
    return InputError(where, expected="a level and exit status 0", found=found, do=_words(process))


def late(where: str, process: Process, what: str, seconds: float) -> InputError:
    """It had to be ended: ``what`` was not there within so many seconds."""
    within = f"{what} within {seconds:g} second{'s' if seconds != 1 else ''}"
    return InputError(where, expected=within, found="none by then", do=_words(process))


def wordy(where: str, process: Process, limits: Limits) -> InputError:
    """It had to be ended: it wrote too much."""
    expected = f"at most {limits.output_bytes:,} bytes of output"
    return InputError(where, expected=expected, found="more", do=_words(process))


def _words(process: Process) -> str | None:
    words = process.last_words
    return f"its last words: {words.rstrip('.')}" if words else None


def _signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
    return f"{name} (out of memory, or killed)" if name == "SIGKILL" else name
