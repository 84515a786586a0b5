"""Tilesets: which characters a game's levels are written in, and what each affords.

The file format is the VGLC's [Summerville2016]_: ``{"tiles": {character: [tags]}}``. Tags are a
game's own words; *affordances* are the few words every part of this program understands.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError

__all__ = ["Affordance", "Flags", "Tileset"]

Flags = npt.NDArray[np.uint16]
"""``(rows, columns)`` or ``(n_tiles,)`` bit sets of :class:`Affordance`."""

MAX_TILES: Final = 255


class Affordance(enum.IntFlag):
    """What a tile does, whatever it looks like. Values are bits of :data:`Flags`."""

    SOLID = 1  #: blocks movement from every side
    ONE_WAY = 2  #: carries from above, lets through from below and the sides
    HAZARD = 4  #: hurts on touch
    ENEMY = 8  #: a creature's starting place
    COLLECTABLE = 16  #: picked up by touching
    BREAKABLE = 32  #: can be destroyed
    CLIMBABLE = 64  #: ladder, rope
    START = 128  #: where a player begins
    GOAL = 256  #: where a level ends
    PASSABLE = 512  #: can be moved through
    BONUS = 1024  #: gives something when hit
    EMPTY = 2048  #: nothing there to be seen


_A: Final = Affordance

TAG_AFFORDANCES: Final[Mapping[str, Affordance]] = MappingProxyType(
    {
        "solid": _A.SOLID,
        "solidtop": _A.ONE_WAY,
        "one-way": _A.ONE_WAY,
        "hazard": _A.HAZARD,
        "damaging": _A.HAZARD,
        "enemy": _A.ENEMY,
        "collectable": _A.COLLECTABLE,
        "pickupable": _A.COLLECTABLE,
        "breakable": _A.BREAKABLE,
        "diggable": _A.BREAKABLE,
        "climbable": _A.CLIMBABLE,
        "ladder": _A.CLIMBABLE,
        "rope": _A.CLIMBABLE,
        "start": _A.START,
        "spawn": _A.START,
        "goal": _A.GOAL,
        "exit": _A.GOAL,
        "passable": _A.PASSABLE,
        "question block": _A.BONUS,
        "bonus block": _A.BONUS,
        "empty": _A.EMPTY,
    }
)
"""The tags that mean something to this program; any other tag is kept and ignored."""


@dataclass(frozen=True)
class Tileset:
    """An ordered alphabet of tiles and what each affords.

    Attributes
    ----------
    tags
        Character to its tags, in file order. A tile's *code* is its position in this order.
    flags
        ``(n_tiles,)`` affordance bits of each code. A tile that is neither solid nor said to be
        passable counts as passable; a solid tile's hazard bit is dropped (a cannon hurts by what
        it fires, one can still stand on it).

    Raises
    ------
    InputError
        If there is no tile, more than 255, or a key that is not one character.

    Examples
    --------
    >>> Tileset({"-": ("passable", "empty"), "X": ("solid", "ground")}).codes["X"]
    1
    """

    tags: Mapping[str, Sequence[str]]
    flags: Flags = field(init=False, repr=False, compare=False)
    codes: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 1 <= len(self.tags) <= MAX_TILES:
            raise InputError(
                "tileset", expected=f"1 to {MAX_TILES} tiles", found=str(len(self.tags))
            )
        for character in self.tags:
            if len(character) != 1 or character in "\r\n":
                raise InputError(
                    "tileset", expected="keys of one character each", found=repr(character)
                )
        tags = {character: tuple(words) for character, words in self.tags.items()}
        flags = np.array([_affords(words) for words in tags.values()], dtype=np.uint16)
        flags.flags.writeable = False
        object.__setattr__(self, "tags", MappingProxyType(tags))
        object.__setattr__(self, "flags", flags)
        object.__setattr__(
            self, "codes", MappingProxyType({character: i for i, character in enumerate(tags)})
        )

    def __reduce__(self) -> tuple[object, ...]:
        return Tileset, ({character: tuple(words) for character, words in self.tags.items()},)

    def __eq__(self, other: object) -> bool:
        # The order counts: it is what a level's codes mean.
        return isinstance(other, Tileset) and tuple(self.tags.items()) == tuple(other.tags.items())

    def __hash__(self) -> int:
        return hash(tuple(self.tags.items()))

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def characters(self) -> tuple[str, ...]:
        """The characters in the order of their codes."""
        return tuple(self.tags)

    def affords(self, affordance: Affordance) -> npt.NDArray[np.bool_]:
        """``(n_tiles,)`` True for each code that has (any bit of) the affordance."""
        has: npt.NDArray[np.bool_] = (self.flags & np.uint16(affordance)) != 0
        return has

    def first(self, affordance: Affordance) -> str | None:
        """The first character with this affordance, or None."""
        found = np.flatnonzero(self.affords(affordance))
        return self.characters[int(found[0])] if len(found) else None


def _affords(words: Sequence[str]) -> int:
    bits = Affordance(0)
    for word in words:
        bits |= TAG_AFFORDANCES.get(word.lower(), Affordance(0))
    if bits & _A.SOLID:
        bits &= ~(_A.HAZARD | _A.PASSABLE | _A.ONE_WAY)
        if "damaging" in (word.lower() for word in words):
            bits |= _A.HAZARD  # a spike block blocks *and* hurts whoever stands on it
    else:
        bits |= _A.PASSABLE
    return int(bits)
