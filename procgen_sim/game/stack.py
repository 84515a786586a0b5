"""The scenes that are open, one on top of the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pygame

from procgen_sim.game.scene import Scene

__all__ = ["SceneStack"]


@dataclass
class _Layer:
    scene: Scene
    ticks: int = 0
    """How many the scene has had."""


class SceneStack:
    """Only the scene on top ticks and hears; those beneath its overlays are drawn standing still.

    Parameters
    ----------
    entered
        Called with the scene that came on top.
    """

    def __init__(self, entered: Callable[[Scene], None]) -> None:
        self._layers: list[_Layer] = []
        self._entered = entered

    def __len__(self) -> int:
        return len(self._layers)

    @property
    def top(self) -> Scene:
        """The scene on top."""
        return self._layers[-1].scene

    def push(self, scene: Scene) -> None:
        """Put a scene on top."""
        self._layers.append(_Layer(scene))
        self._entered(scene)

    def pop(self) -> None:
        """Leave the scene on top and come back to the one beneath, if there is one."""
        self._layers.pop().scene.leave()
        if self._layers:
            self._entered(self.top)

    def clear(self) -> None:
        """Leave all scenes, from the top."""
        while self._layers:
            self._layers.pop().scene.leave()

    def tick(self, held: Callable[[int], int]) -> None:
        """One tick for the scene on top; ``held`` gives the actions at that tick of the scene."""
        layer = self._layers[-1]
        actions = held(layer.ticks)
        layer.ticks += 1
        layer.scene.tick(actions)

    def draw(self, canvas: pygame.Surface, alpha: float) -> None:
        """Draw the topmost scene that is no overlay, and all above it."""
        lowest = len(self._layers) - 1
        while lowest > 0 and self._layers[lowest].scene.overlay:
            lowest -= 1
        for layer in self._layers[lowest:]:
            # What lies beneath stands still: at its last tick, not trembling towards it.
            layer.scene.draw(canvas, alpha if layer is self._layers[-1] else 1.0)
