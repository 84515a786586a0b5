"""Pictures of tiles: the shipped art, and which picture shows which tile.

A genre's art is keyed by the characters of the house tileset, with sides: ``X_top_left`` is
ground whose top and left side are open to the air. The generic art is keyed by what a tile
affords, so it can show the levels of games nobody has drawn here.
"""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_choice
from procgen_sim.files import assets_folder
from procgen_sim.levels.corpus import house_tileset
from procgen_sim.levels.tileset import TAG_AFFORDANCES, Affordance, Tileset

if TYPE_CHECKING:
    from PIL import Image

__all__ = [
    "ARTS",
    "SIDES",
    "Art",
    "affordance_key",
    "art_for",
    "load_art",
    "picture_keys",
    "with_sides",
]

ARTS: Final = ("generic", "samurai", "space_opera")
"""The names of the shipped art: the folders of ``assets/art``."""

SIDES: Final = ("top", "bottom", "left", "right")
"""The sides in the order of their names in a key; bit *i* of a mask of sides is side *i*."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Art:
    """Pictures of tiles.

    Attributes
    ----------
    pictures
        ``(n, tile_px, tile_px, 4)`` red, green, blue, opacity; picture 0 is nothing at all.
    variants
        Key to its pictures, any of which may show it.
    sky
        The colours, red, green and blue, behind the top and the bottom row.
    connect
        Key to the keys that go on with its mass; a side next to any other is open.
    no_top_under
        Keys (liquids) that do not open the top of what is solid below them.
    underlay
        Keys of background that goes on behind things, the one that prevails first.
    deco_on, deco_rate
        What ornaments stand on, and on which share of it.
    plain
        True if pictures of levels are drawn without the distance, which is only for the game.
    backdrop_files
        Pictures of the distance, the farthest first.
    parallax
        Pixels that each of them moves when the level moves by one.
    """

    name: str
    tile_px: int
    pictures: npt.NDArray[np.uint8]
    variants: Mapping[str, tuple[int, ...]]
    sky: tuple[tuple[int, int, int], tuple[int, int, int]]
    connect: Mapping[str, Sequence[str]]
    no_top_under: Sequence[str]
    underlay: Sequence[str]
    deco_on: str
    deco_rate: float
    plain: bool
    backdrop_files: tuple[Path, ...]
    parallax: tuple[float, ...]

    def backdrops(self) -> tuple[Image.Image, ...]:
        """The pictures of the distance, the farthest first."""
        return tuple(_picture(path) for path in self.backdrop_files)


def load_art(name: str) -> Art:
    """The shipped art of that name, with the generic art's pictures under ``generic:`` keys.

    Raises
    ------
    InputError
        If there is no such art, or its files are damaged.
    """
    check_choice("art", name, ARTS)
    return _load(name)


@cache
def _load(name: str) -> Art:
    folder = assets_folder() / "art"
    document, size = _document(folder / name)
    pictures = [np.zeros((size, size, 4), dtype=np.uint8)]
    variants: dict[str, tuple[int, ...]] = {}
    for genre in dict.fromkeys((name, "generic")):
        entries, tile_px = _document(folder / genre)
        if tile_px != size:
            raise ValueError(f"art {genre!r} has another tile size than {name!r}")
        cells = _cells(folder / genre / entries["image"], size)
        prefix, keys = (
            ("generic:", entries["affordances"]) if genre == "generic" else ("", entries["tiles"])
        )
        for key, places in keys.items():
            # An artist repeats a variant to make it more common, so repetitions are kept.
            variants[prefix + key] = tuple(range(len(pictures), len(pictures) + len(places)))
            pictures.extend(cells[row, column] for row, column in places)
    stack = np.stack(pictures)
    stack.flags.writeable = False
    top, bottom = (_colour(colour) for colour in document["sky"])
    blocks = ("generic:solid", "generic:breakable", "generic:bonus")
    return Art(
        name=name,
        tile_px=size,
        pictures=stack,
        variants=variants,
        sky=(top, bottom),
        connect=document.get("connect", {}) | dict.fromkeys(blocks, blocks),
        no_top_under=document.get("no_top_under", []),
        underlay=document.get("underlay", []),
        deco_on=document.get("deco_on", ""),
        deco_rate=document.get("deco_rate", 0.0),
        plain=document.get("plain", False),
        backdrop_files=tuple(
            folder / name / backdrop["image"] for backdrop in document.get("backdrop", [])
        ),
        parallax=tuple(float(each["parallax"]) for each in document.get("backdrop", [])),
    )


def _document(folder: Path) -> tuple[dict[str, Any], int]:
    try:
        document = json.loads((folder / "tiles.json").read_text("utf-8"))
        return document, int(document["tile_px"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            "assets/art",
            expected=f"the art {folder.name!r}",
            found="missing or damaged files",
            do="install procgen-sim again",
        ) from None


def _cells(path: Path, size: int) -> npt.NDArray[np.uint8]:
    sheet = np.asarray(_picture(path))
    rows, columns = sheet.shape[0] // size, sheet.shape[1] // size
    return sheet.reshape(rows, size, columns, size, 4).swapaxes(1, 2)


@cache
def _picture(path: Path) -> Image.Image:
    from PIL import Image

    with Image.open(path) as image:
        return image.convert("RGBA")


def _colour(text: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(text.removeprefix("#")[:6])
    return red, green, blue


def art_for(tileset: Tileset, art: str | None = None) -> Art:
    """The art asked for; by default a genre's for the house tileset, else the generic one."""
    if art is None:
        house = house_tileset().tags
        ours = all(house.get(character) == tags for character, tags in tileset.tags.items())
        art = "samurai" if ours else "generic"
    return load_art(art)


def picture_keys(art: Art, tileset: Tileset) -> list[str | None]:
    """The key without sides of each code's picture; None for tiles that show nothing.

    A genre's picture stands for a character only where the character means what it means in the
    house tileset: ``-`` is air for us and a rope in Lode Runner.
    """
    house = house_tileset()
    keys: list[str | None] = []
    for character, flags in zip(tileset.characters, tileset.flags.tolist(), strict=True):
        code = house.codes.get(character)
        if character in art.variants and code is not None and int(house.flags[code]) == flags:
            keys.append(character)
        else:
            key = affordance_key(tileset, character)
            keys.append(None if key is None else f"generic:{key}")
    return keys


def affordance_key(tileset: Tileset, character: str) -> str | None:
    """The generic art's key for a tile, from what it affords; None for emptiness.

    >>> affordance_key(Tileset({"G": ("passable", "pickupable", "gold")}), "G")
    'collectable'
    """
    words = " ".join(tileset.tags[character]).lower()
    flags = Affordance(int(tileset.flags[tileset.codes[character]]))
    by_affordance: Sequence[tuple[Affordance, str]] = (
        (Affordance.START, "start"),
        (Affordance.GOAL, "goal"),
        (Affordance.ENEMY, "enemy_flying" if "winged" in words else "enemy"),
        (Affordance.HAZARD, "liquid" if "liquid" in words else "hazard"),
        (Affordance.COLLECTABLE, "treasure" if "treasure" in words else "collectable"),
        (Affordance.BONUS, "bonus_used" if "empty" in words else "bonus"),
        (Affordance.BREAKABLE, "breakable"),
        (Affordance.CLIMBABLE, "climbable"),
        (Affordance.ONE_WAY, "one_way"),
        (Affordance.SOLID, "bonus_used" if "used" in words else "solid"),
        (Affordance.EMPTY, ""),
    )
    for affordance, key in by_affordance:
        if flags & affordance:
            return key or None
    if "background" in words:
        return "background"
    known = any(tag.lower() in TAG_AFFORDANCES for tag in tileset.tags[character])
    return "passable" if known else "unknown"


def with_sides(variants: Container[str], key: str, mask: int) -> str:
    """The key of a tile whose sides in ``mask`` are open: the one that shows most of them.

    >>> with_sides(["X", "X_top"], "X", 0b0101)  # open above and to the left
    'X_top'
    """
    sides = [side for i, side in enumerate(SIDES) if mask >> i & 1]
    if {"left", "right"} <= set(sides) and f"{key}_single" in variants:
        return f"{key}_single"
    for n in range(len(sides), 0, -1):
        for some in combinations(sides, n):
            name = f"{key}_{'_'.join(some)}"
            if name in variants:
                return name
    return key
