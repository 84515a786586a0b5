"""What is drawn while a level is played.

The whole: :class:`LevelView`, the level, and :class:`Hud`, the bar above it. Its parts, a file
each: :class:`Camera`, :class:`Backdrop`, :class:`Tiles`, :class:`Player` and :class:`Creatures`,
:class:`Particles`, :class:`Forecast`, :class:`Meter`, and :func:`draw_band`, the name of a level
before it begins. Of other screens: :func:`draw_curves`, :func:`thumbnail`.
"""

from procgen_sim.game.view.actors import Creatures, Player
from procgen_sim.game.view.backdrop import Backdrop
from procgen_sim.game.view.band import draw_band
from procgen_sim.game.view.camera import Camera
from procgen_sim.game.view.curve import draw_curves
from procgen_sim.game.view.forecast import Forecast
from procgen_sim.game.view.hud import Hud, Standing
from procgen_sim.game.view.level_view import VIEW_PX, LevelView
from procgen_sim.game.view.meter import Meter
from procgen_sim.game.view.particles import Particles
from procgen_sim.game.view.thumbnail import thumbnail
from procgen_sim.game.view.tiles import Tiles

__all__ = [
    "VIEW_PX",
    "Backdrop",
    "Camera",
    "Creatures",
    "Forecast",
    "Hud",
    "LevelView",
    "Meter",
    "Particles",
    "Player",
    "Standing",
    "Tiles",
    "draw_band",
    "draw_curves",
    "thumbnail",
]
