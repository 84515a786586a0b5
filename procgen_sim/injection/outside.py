"""What a proposal may know, and the face all proposals share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from procgen_sim.injection.audience import Audience
from procgen_sim.injection.library import EMPTY, Library
from procgen_sim.models import DensityRegion, DesignModel

__all__ = ["Outside", "Proposal"]

Vectors = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Outside:
    """The model that is to be left, and what counts as having left it.

    Attributes
    ----------
    model
        The generator's fitted model.
    region
        Its highest-density region: off-model is outside it.
    data
        ``(n, d)`` the parameter vectors the model was fitted to, in natural units.
    buildable
        ``(n, d) → (n, d)`` each vector moved to the nearest one that can be built. Whether a
        candidate is off the model is judged there, or the builder would quietly bring it back.
    library
        Levels that people made, for the proposal ``authored``.
    audience
        Who is to be surprised; one who has met nothing yet, if nobody says.
    """

    model: DesignModel
    region: DensityRegion
    data: Vectors
    buildable: Callable[[Vectors], Vectors]
    library: Library = EMPTY
    audience: Audience = field(default_factory=Audience)

    def before(self, audience: Audience) -> Outside:
        """The same model, and somebody else who is to be surprised."""
        return replace(self, audience=audience)

    def delivered(self, vectors: Vectors) -> Vectors:
        """``(n, d)`` what will be measured, as far as can be known, when these are asked for:
        what is nearest and buildable, and a level of the library as it is."""
        found = np.array(self.buildable(vectors))
        for row, vector in enumerate(vectors) if self.library.n else ():
            if (self.library.vectors == vector).all(axis=1).any():
                found[row] = vector
        return found


class Proposal(Protocol):
    """Where to go when the schedule says to break: candidate vectors, good or not.

    A proposal only imagines; :func:`procgen_sim.injection.propose` keeps the first candidate that
    is still off-model once it is built.
    """

    def __call__(self, outside: Outside, n: int, *, rng: np.random.Generator) -> Vectors:
        """``(n, d)`` candidates in natural units; none at all if there is nowhere left to go."""
