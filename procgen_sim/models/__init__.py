"""Level models: anything that can say how many bits a level costs.

What a design model is
    :class:`DesignSpace`, :class:`DesignModel`, :class:`Training`
How one is found from data
    :func:`fit`, :data:`MODELS`
Where it lives, and what is off-model
    :class:`DensityRegion`, :func:`hdr`
Tile by tile
    :class:`TileModel`, :class:`LevelReader`, :class:`KneserNey`;
    once fitted, :class:`FixedTileModel`
Files
    :func:`save_model`, :func:`load_model`
"""

from procgen_sim.models.design import DesignModel
from procgen_sim.models.files import load_model, save_model
from procgen_sim.models.fitting import MODELS, fit
from procgen_sim.models.fixed_tile import FixedTileModel
from procgen_sim.models.kneser_ney import KneserNey
from procgen_sim.models.region import DensityRegion, hdr
from procgen_sim.models.space import DesignSpace
from procgen_sim.models.tile import TileModel
from procgen_sim.models.tile_reader import LevelReader
from procgen_sim.models.training import Training

__all__ = [
    "MODELS",
    "DensityRegion",
    "DesignModel",
    "DesignSpace",
    "FixedTileModel",
    "KneserNey",
    "LevelReader",
    "TileModel",
    "Training",
    "fit",
    "hdr",
    "load_model",
    "save_model",
]
