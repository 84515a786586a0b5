"""A tile model that has stopped learning: what a generator is.

A player goes on learning while a level is played; a generator is fitted once. Sampling from a
model that learned from its own samples would soon be sampling them: a few flat columns make flat
columns likelier, until nothing else comes. So what a generator makes, and what is off its model,
go by the probabilities it had when its last level was learned:

    log P(L) = Σ log P(tile | what came before it in L, what was learned)

Log density is the mean of that over a level's lines, in nats, so that a level of another length
can be asked about too. A mean varies the less the longer the level; a region is that of one length.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_int, check_number
from procgen_sim.config import LEAST_TEMPERATURE
from procgen_sim.levels.body import Lines
from procgen_sim.models.region import DensityRegion

if TYPE_CHECKING:
    from procgen_sim.models.tile import TileModel

__all__ = ["FixedTileModel"]

Floats = npt.NDArray[np.float64]


class FixedTileModel:
    """What a tile model knew at one time.

    Parameters
    ----------
    model
        The model; a copy is made, and it may learn on.

    Examples
    --------
    >>> from procgen_sim.models.tile import TileModel
    >>> learner = TileModel(2)
    >>> stripes = np.tile(np.array([[0, 1, 1], [0, 0, 1]], np.uint8), (20, 1))
    >>> _ = learner.learn(stripes)
    >>> fixed = FixedTileModel(learner)
    >>> made = fixed.sample(10, 3, temperature=0.1, rng=np.random.default_rng(1))
    >>> bool(np.array_equal(made[2:], made[:-2]))
    True
    """

    def __init__(self, model: TileModel) -> None:
        self._model = model.copy()

    @property
    def n_tiles(self) -> int:
        """Size of the alphabet."""
        return self._model.n_tiles

    @property
    def learner(self) -> TileModel:
        """A model that knows the same and goes on learning."""
        return self._model.copy()

    def bits(self, lines: Lines) -> Floats:
        """``(n_lines,)`` bits that each line of a level ``(n_lines, line_length)`` costs.

        Raises
        ------
        InputError
            If the shape is wrong or a tile outside the alphabet.
        """
        return self._pass(self._model._checked(lines))

    def log_density(self, lines: Lines) -> float:
        """Mean log density of a level's lines, in nats a line."""
        return -math.log(2.0) * float(self.bits(lines).mean())

    def sample(
        self,
        n_lines: int,
        line_length: int,
        *,
        temperature: float = 1.0,
        rng: np.random.Generator,
    ) -> Lines:
        """Draw a level ``(n_lines, line_length)`` tile by tile.

        Parameters
        ----------
        n_lines, line_length
            Its size.
        temperature
            A line is decided on by a few questions (does it repeat the last, is its first tile
            the likeliest, the next, …); the odds of each answer are raised to the power of
            1 / temperature. Below 1 for levels more typical than the model's own, above 1 for
            wilder ones.

        Raises
        ------
        InputError
            If a size is below 1 or the temperature below 0.01.
        """
        check_number("temperature", temperature, low=LEAST_TEMPERATURE)
        return self._draw(n_lines, line_length, temperature, rng)[0]

    def region(
        self,
        n_lines: int,
        line_length: int,
        *,
        mass: float = 0.999,
        rngs: Iterable[np.random.Generator],
    ) -> DensityRegion:
        """The highest-density region that holds ``mass`` of the model's samples of one size.

        Parameters
        ----------
        n_lines, line_length
            Size of the samples.
        mass
            Share of samples inside.
        rngs
            One stream a sample. With n of them the share outside is ``1 − mass`` give or take
            ``sqrt(mass (1 − mass) / n)``: of 2,000, 0.1 % give or take 0.07 %.
        """
        bits = (self._draw(n_lines, line_length, 1.0, rng)[1].mean() for rng in rngs)
        return DensityRegion.from_samples([-math.log(2.0) * float(b) for b in bits], mass=mass)

    def _draw(
        self, n_lines: int, line_length: int, temperature: float, rng: np.random.Generator
    ) -> tuple[Lines, Floats]:
        """A level, and the bits of its lines at temperature 1, whatever it was drawn at."""
        check_int("n_lines", n_lines, low=1)
        check_int("line_length", line_length, low=1)
        lines = np.zeros((n_lines, line_length), np.uint8)
        return lines, self._pass(lines, rng, 1.0 / temperature)

    def _pass(
        self, lines: Lines, rng: np.random.Generator | None = None, sharpness: float = 1.0
    ) -> Floats:
        """``(n_lines,)`` bits of each line; with a stream, of a level drawn into ``lines``."""
        from procgen_sim.models import tile
        from procgen_sim.models.tile_kernel import pass_level

        bits = np.zeros(len(lines))
        work, memory = tile._fresh_work(lines.shape[1]), self._model._memory
        drawn, source = rng is not None, rng or np.random.default_rng(0)
        pass_level(
            lines, self.n_tiles, tile._tables(), memory, work, drawn, sharpness, source, bits
        )
        return bits
