"""What a level is, and the files it comes in.

Nouns: :class:`Level`, :class:`Tileset`, :class:`Affordance`, :data:`Flags`, :class:`Corpus`.
Files: :func:`load_level`, :func:`save_level`, :func:`load_corpus`, :func:`combine`,
:func:`load_tileset`, :func:`save_tileset`. Shipped: :func:`house_tileset`,
:func:`shipped_corpus`, :data:`SHIPPED`. Design parameters: :data:`PARAMETERS`, :func:`measure`,
:func:`measure_many`. Pictures: :func:`render`, :func:`save_png`.
"""

from procgen_sim.levels.corpus import (
    SHIPPED,
    Corpus,
    combine,
    house_tileset,
    load_corpus,
    shipped_corpus,
)
from procgen_sim.levels.design import N_PARAMETERS, PARAMETERS, Parameter, measure, measure_many
from procgen_sim.levels.level import Level
from procgen_sim.levels.png import render, save_png
from procgen_sim.levels.store import load_level, save_level
from procgen_sim.levels.tileset import Affordance, Flags, Tileset
from procgen_sim.levels.tileset_file import load_tileset, save_tileset

__all__ = [
    "N_PARAMETERS",
    "PARAMETERS",
    "SHIPPED",
    "Affordance",
    "Corpus",
    "Flags",
    "Level",
    "Parameter",
    "Tileset",
    "combine",
    "house_tileset",
    "load_corpus",
    "load_level",
    "load_tileset",
    "measure",
    "measure_many",
    "render",
    "save_level",
    "save_png",
    "save_tileset",
    "shipped_corpus",
]
