"""The space of design parameters: names, natural ranges, and the unit cube they map to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError

__all__ = ["DesignSpace", "Floats"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DesignSpace:
    """Named parameters with the range each naturally takes.

    A range is a yardstick, not a wall: models may put mass outside it, and only the builder
    decides what can be built.

    Attributes
    ----------
    names
        One name a parameter, all different.
    low, high
        ``(d,)`` ends of each natural range, in the parameter's own unit, ``low < high``.
    units
        One unit a parameter, or empty when nobody needs them.

    Raises
    ------
    InputError
        If names repeat, lengths differ, or a range is empty or not finite.

    Examples
    --------
    >>> space = DesignSpace(("x", "y"), low=np.zeros(2), high=np.full(2, 20.0))
    >>> space.to_unit([[5.0, 15.0]])
    array([[0.25, 0.75]])
    """

    names: Sequence[str]
    low: Floats
    high: Floats
    units: Sequence[str] = ()

    def __post_init__(self) -> None:
        names, units = tuple(self.names), tuple(self.units)
        if not names or len(set(names)) != len(names):
            raise InputError(
                "design space", expected="one different name a parameter", found=repr(names)
            )
        if not all(isinstance(word, str) for word in names + units):
            raise InputError("design space", expected="names and units of text", found=repr(names))
        if units and len(units) != len(names):
            raise InputError(
                "design space", expected=f"{len(names)} units or none", found=str(len(units))
            )
        low, high = read_only(self.low), read_only(self.high)
        if low.shape != (len(names),) or high.shape != low.shape:
            raise InputError(
                "design space",
                expected=f"{len(names)} low and high ends, one a name",
                found=f"shapes {low.shape} and {high.shape}",
            )
        with np.errstate(over="ignore", invalid="ignore"):
            fine = np.isfinite(low) & np.isfinite(high) & np.isfinite(high - low) & (low < high)
        if not fine.all():
            j = int(np.argmin(fine))
            raise InputError(
                f"design space, {names[j]!r}",
                expected="a finite range with low below high",
                found=f"{low[j]:g} to {high[j]:g}",
            )
        for field, value in (("names", names), ("low", low), ("high", high), ("units", units)):
            object.__setattr__(self, field, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DesignSpace) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        return self.names, self.low.tobytes(), self.high.tobytes(), self.units

    @property
    def n(self) -> int:
        """How many parameters."""
        return len(self.names)

    @property
    def width(self) -> Floats:
        """``(d,)`` length of each natural range."""
        return np.asarray(self.high - self.low)

    def to_unit(self, x: npt.ArrayLike) -> Floats:
        """``(..., d)`` natural units to unit coordinates: 0 is low, 1 is high; not clipped."""
        return np.asarray((np.asarray(x, dtype=np.float64) - self.low) / self.width)

    def from_unit(self, u: npt.ArrayLike) -> Floats:
        """``(..., d)`` unit coordinates to natural units."""
        return np.asarray(np.asarray(u, dtype=np.float64) * self.width + self.low)


def read_only(values: npt.ArrayLike) -> Floats:
    """An own, contiguous float64 copy that cannot be written to."""
    own = np.array(values, dtype=np.float64, order="C")
    own.flags.writeable = False
    return own
