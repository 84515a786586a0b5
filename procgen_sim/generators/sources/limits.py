"""What a stranger's generator may take: time, memory and words."""

from __future__ import annotations

from dataclasses import dataclass

from procgen_sim._checks import check_int, check_number

__all__ = ["Limits"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits for one level of a generator.

    Attributes
    ----------
    seconds
        Time until the level must be there.
    loading_seconds
        Time until a Python module must have been imported, before the first level.
    memory_bytes
        Memory of each process the generator consists of: on Linux what it really may write to
        (``RLIMIT_DATA``), so that runtimes which merely reserve addresses run; on other Unix
        systems addresses (``RLIMIT_AS``), as far as the system enforces it; not on Windows.
    output_bytes
        What it may write: the whole of standard output for a command.

    Raises
    ------
    InputError
        If a limit leaves no room.
    """

    seconds: float = 60.0
    loading_seconds: float = 60.0
    memory_bytes: int = 4 * 1024**3
    output_bytes: int = 10_000_000

    def __post_init__(self) -> None:
        check_number("seconds for a level", self.seconds, low=0.01, high=1e6)
        check_number("seconds for loading", self.loading_seconds, low=0.01, high=1e6)
        check_int("memory for a level", self.memory_bytes, low=16 * 1024**2, high=2**62)
        check_int("output for a level", self.output_bytes, low=1, high=2**31)
