"""Where a fitted model comes from: the levels that trained it, and what its fit reports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from procgen_sim._checks import InputError, check_int

__all__ = ["Training", "frozen", "thawed"]


@dataclass(frozen=True, kw_only=True)
class Training:
    """Which levels a model was fitted to.

    Attributes
    ----------
    n
        How many.
    names, digests
        One of each a level (see :meth:`procgen_sim.levels.Level.digest`), or empty when the
        data were not levels.
    """

    n: int
    names: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_int("training", self.n, low=0)
        for what in ("names", "digests"):
            words = tuple(getattr(self, what))
            if words and len(words) != self.n:
                raise InputError(
                    f"training {what}", expected=f"{self.n}, one a level", found=str(len(words))
                )
            if not all(isinstance(word, str) for word in words):
                raise InputError(f"training {what}", expected="text", found=repr(words[:3]))
            object.__setattr__(self, what, words)


def frozen(value: object) -> object:
    """Mappings read-only, sequences as tuples, NumPy scalars as Python's: what files give back."""
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): frozen(item) for key, item in value.items()})
    if isinstance(value, list | tuple | np.ndarray):
        return tuple(frozen(item) for item in value)
    if isinstance(value, np.generic):
        value = value.item()
    finite = not isinstance(value, float) or math.isfinite(value)
    if finite and (value is None or isinstance(value, str | int | float)):
        return value
    raise InputError(
        "design model, details", expected="text, finite numbers, None", found=repr(value)
    )


def thawed(value: object) -> object:
    """The same as plain dictionaries and lists, for pickling and JSON."""
    if isinstance(value, Mapping):
        return {key: thawed(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [thawed(item) for item in value]
    return value
