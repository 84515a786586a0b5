"""Argument and input checks, with one formula for what is said when they fail.

Every message has the same four parts: *where* (parameter, file, line, column), what was
*expected*, what was *found*, and what to *do*. :class:`InputError` is the only exception the
command line turns into a sentence and exit status 2; anything else is a bug of ours.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable

__all__ = [
    "InputError",
    "check_choice",
    "check_int",
    "check_number",
    "nearest",
]


class InputError(ValueError):
    """Wrong use or bad input: one sentence that a person can act on.

    Parameters
    ----------
    where
        What was being read or set: ``"--rate"``, ``"levels/a.txt, line 3, column 7"``.
    expected
        What would have been right.
    found
        What was there instead.
    do
        What to do about it; None when the expectation already says so.
    """

    def __init__(self, where: str, *, expected: str, found: str, do: str | None = None) -> None:
        self.where, self.expected, self.found, self.do = where, expected, found, do
        advice = f"; {do}" if do else ""
        super().__init__(f"{where}: expected {expected}, found {found}{advice}.")

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes send errors back pickled; keyword-only arguments need help.
        return _rebuild, (self.where, self.expected, self.found, self.do)


def _rebuild(where: str, expected: str, found: str, do: str | None) -> InputError:
    return InputError(where, expected=expected, found=found, do=do)


def nearest(name: str, valid: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The valid name closest to a mistyped one, or None when nothing is close.

    >>> nearest("outler", ["noise", "outlier"])
    'outlier'
    """
    close = difflib.get_close_matches(name, list(valid), n=1, cutoff=cutoff)
    return close[0] if close else None


def check_choice(where: str, name: str, valid: Iterable[str]) -> str:
    """Return ``name`` if it is one of ``valid``; the error lists them and the nearest."""
    names = list(valid)
    if name in names:
        return name
    close = nearest(name, names)
    do = f"did you mean {close!r}?".rstrip("?") if close else None
    raise InputError(where, expected=f"one of {', '.join(names)}", found=repr(name), do=do)


def check_int(where: str, value: int, *, low: int | None = None, high: int | None = None) -> int:
    """Return ``value`` if it is a whole number within ``[low, high]``."""
    fits = (
        isinstance(value, int)
        and not isinstance(value, bool)
        and (low is None or value >= low)
        and (high is None or value <= high)
    )
    if fits:
        return value
    raise InputError(
        where, expected=f"a whole number {_interval(low, high)}".rstrip(), found=repr(value)
    )


def check_number(
    where: str, value: float, *, low: float | None = None, high: float | None = None
) -> float:
    """Return ``value`` as a float if it is finite and within ``[low, high]``."""
    fits = (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and (low is None or value >= low)
        and (high is None or value <= high)
    )
    if fits:
        return float(value)
    raise InputError(where, expected=f"a number {_interval(low, high)}".rstrip(), found=repr(value))


def _interval(low: float | None, high: float | None) -> str:
    low = None if low is None or math.isinf(low) else low
    high = None if high is None or math.isinf(high) else high
    if low is not None and high is not None:
        return f"from {_written(low)} to {_written(high)}"
    if low is not None:
        return f"of at least {_written(low)}"
    if high is not None:
        return f"of at most {_written(high)}"
    return ""


def _written(bound: float) -> str:
    return f"{int(bound):,}" if bound == int(bound) and abs(bound) < 1e15 else f"{bound:g}"
