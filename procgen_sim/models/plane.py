"""Where to look from at points of many dimensions: a plane to see them in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from procgen_sim.models.space import Floats

__all__ = ["Plane", "plane_of"]


class Plane(NamedTuple):
    """Where unit coordinates go: ``(d,)`` centre, ``(2, d)`` axes, ``(2,)`` shares of variance."""

    centre: Floats
    axes: Floats
    shares: Floats

    def see(self, unit: Floats) -> Floats:
        """``(n, d)`` unit coordinates to ``(n, 2)``."""
        return np.asarray((unit - self.centre) @ self.axes.T)


def plane_of(unit: Floats) -> Plane:
    """The first two principal components of ``(n, d)`` unit coordinates, signs fixed."""
    centre = unit.mean(axis=0)
    _, sizes, directions = np.linalg.svd(unit - centre, full_matrices=True)
    axes = directions[:2]
    if len(axes) < 2:  # one parameter: the second axis has nothing to show
        axes = np.vstack([axes, np.zeros_like(axes)])
    largest = np.abs(axes).argmax(axis=1)
    signs = np.where(np.take_along_axis(axes, largest[:, None], axis=1) < 0, -1.0, 1.0)
    energy = np.zeros(max(2, len(sizes)))
    energy[: len(sizes)] = sizes**2
    return Plane(centre, axes * signs, energy[:2] / max(float(energy.sum()), 1e-12))
