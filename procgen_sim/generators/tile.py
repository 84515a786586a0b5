"""A tile model as a generator: it learns a body of levels line by line, then goes on by itself.

It works on any grid of tiles. Where the levels are a platformer's, read from left to right, what
it makes is screened by the jump rules, as built levels are; elsewhere nothing is known about what
can be played, and nothing is claimed. What a game has one of (a start, a goal) a tile model may
set down twice: only one is left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int, check_number
from procgen_sim.config import LEAST_TEMPERATURE, MOST_TEMPERATURE
from procgen_sim.levels.body import Body, Lines, as_grid
from procgen_sim.levels.level import Level
from procgen_sim.levels.tileset import Affordance, Tileset
from procgen_sim.models.fixed_tile import FixedTileModel
from procgen_sim.models.region import DensityRegion
from procgen_sim.models.tile import TileModel
from procgen_sim.platformer import prove, reach
from procgen_sim.rng import stream

__all__ = ["Screened", "TileGenerator"]

_ATTEMPTS: Final = 50
"""Samples drawn until one is playable."""

_N_CALIBRATION: Final = 2000
"""On-model samples for the 99.9 % region: the share outside is 0.1 % give or take 0.07 %."""

_HALF: Final = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Screened:
    """A sampled level and whether it can be finished.

    Attributes
    ----------
    lines
        ``(n_lines, line_length)`` codes of the body's alphabet, in the order of meeting.
    playable
        The goal is reached by the jump rules, and by a replay if the generator proves; None where
        levels are not screened.
    attempts
        Samples drawn, 1 or more.
    """

    lines: Lines
    playable: bool | None
    attempts: int


@dataclass(frozen=True, kw_only=True, eq=False)
class TileGenerator:
    """Levels from a tile model that has learned a body of levels.

    Attributes
    ----------
    body
        What was learned, in its order.
    tileset
        What the body's characters mean; covers the alphabet.
    model
        What the model knew when it had learned the last of them.
    seed
        The run's seed; with an address it fixes a level.
    n_lines, line_length
        Size of the levels it makes.
    temperature
        1 is on-model; below, more typical than what was learned; above, freer.
    proof
        Ask for a replay that reaches the goal, too, wherever levels are screened.
    """

    body: Body
    tileset: Tileset
    model: FixedTileModel
    seed: int
    n_lines: int
    line_length: int
    temperature: float
    proof: bool = False

    @classmethod
    def fit(
        cls,
        body: Body,
        *,
        seed: int,
        n_lines: int | None = None,
        temperature: float = 1.0,
        proof: bool = False,
    ) -> TileGenerator:
        """Learn all levels of a body, in order.

        Parameters
        ----------
        body
            Levels of one tileset.
        seed
            The run's seed.
        n_lines
            Length of the levels to make; None for the body's median.
        temperature
            From :data:`~procgen_sim.config.LEAST_TEMPERATURE`, the likeliest tile always, to
            :data:`~procgen_sim.config.MOST_TEMPERATURE`, any tile at all.
        proof
            Levels are playable if a replay reaches the goal, not only by the jump rules.

        Raises
        ------
        InputError
            If the levels have different tilesets, or a number is out of its range.
        """
        check_number("temperature", temperature, low=LEAST_TEMPERATURE, high=MOST_TEMPERATURE)
        tilesets = {level.tileset for level in body.levels}
        if len(tilesets) > 1:
            raise InputError(
                f"body {body.name!r}",
                expected="levels of one tileset to learn tile by tile",
                found=f"{len(tilesets)} tilesets",
                do="name folders of one game",
            )
        lengths = [len(lines) for lines in body.lines]
        # The commonest line length; of equally common ones the longest.
        widths = Counter(lines.shape[1] for lines in body.lines)
        model = TileModel(len(body.alphabet))
        for lines in body.lines:
            model.learn(lines)
        return cls(
            body=body,
            tileset=tilesets.pop(),
            model=FixedTileModel(model),
            seed=seed,
            n_lines=check_int("n_lines", n_lines or int(np.median(lengths)), low=1),
            line_length=max(widths, key=lambda width: (widths[width], width)),
            temperature=temperature,
            proof=proof,
        )

    @cached_property
    def unscreened(self) -> str | None:
        """Why levels are not screened; None if they are."""
        if self.body.order != "columns":
            return "levels that are not met in columns are not screened for playability"
        if not self.tileset.affords(Affordance.SOLID | Affordance.ONE_WAY).any():
            return "nothing is tagged solid, so levels are not screened for playability"
        n_playable = sum(reach(level).playable for level in self.body.levels)
        if n_playable < _HALF * self.body.n_levels:
            return (
                f"only {n_playable} of the {self.body.n_levels} levels learned can be finished by "
                "the jump rules, so new ones are not screened by them"
            )
        return None

    @cached_property
    def region(self) -> DensityRegion:
        """Where the model's own samples lie: off-model is outside."""
        rngs = (stream(self.seed, "calibration", i) for i in range(_N_CALIBRATION))
        return self.model.region(self.n_lines, self.line_length, rngs=rngs)

    def level(self, lines: Lines, name: str = "") -> Level:
        """Lines as a level of the body's own tileset."""
        return Level(self._codes[as_grid(lines, self.body.order)], self.tileset, name)

    def playable(self, lines: Lines) -> bool:
        """Whether a level is known to be playable; True where levels are not screened."""
        return self.unscreened is not None or self._reached(lines)[0]

    def tidied(self, lines: Lines) -> Lines:
        """Starts but the first and goals but the last taken away, if no level learned has two."""
        tidy = lines.copy()
        for affordance, kept in ((Affordance.START, 0), (Affordance.GOAL, -1)):
            if affordance not in self._single:
                continue
            places = np.argwhere(self.tileset.affords(affordance)[self._codes][lines])
            for line, tile in np.delete(places, kept, axis=0) if len(places) > 1 else ():
                tidy[line, tile] = self._commonest
        return tidy

    @cached_property
    def _single(self) -> frozenset[Affordance]:
        """What no level learned has two of."""
        return frozenset(
            affordance
            for affordance in (Affordance.START, Affordance.GOAL)
            if all(level.mask(affordance).sum() <= 1 for level in self.body.levels)
        )

    def sample(self, index: int) -> Screened:
        """Level ``index`` of this generator: the first sample that is playable.

        If none of the attempts does, the one that can be walked furthest, not playable.
        """
        return self.screen(stream(self.seed, "generate", index))

    def screen(self, rng: np.random.Generator) -> Screened:
        """:meth:`sample` from a stream of one's own."""
        best, furthest = None, -1
        for attempt in range(1, _ATTEMPTS + 1):
            lines = self.tidied(
                self.model.sample(
                    self.n_lines, self.line_length, temperature=self.temperature, rng=rng
                )
            )
            if self.unscreened is not None:
                return Screened(lines=lines, playable=None, attempts=attempt)
            playable, column = self._reached(lines)
            if playable:
                return Screened(lines=lines, playable=True, attempts=attempt)
            if best is None or column > furthest:
                best, furthest = lines, column
        assert best is not None
        return Screened(lines=best, playable=False, attempts=_ATTEMPTS)

    @cached_property
    def _commonest(self) -> int:
        """The tile that most of the levels learned are made of."""
        counts = sum(np.bincount(m.ravel(), minlength=256) for m in self.body.lines)
        return int(np.argmax(counts))

    def _reached(self, lines: Lines) -> tuple[bool, int]:
        level = self.level(lines)
        found = reach(level)
        playable = found.playable and (not self.proof or prove(level) is not None)
        return playable, found.furthest_column

    @cached_property
    def _codes(self) -> npt.NDArray[np.uint8]:
        """Code in the body's alphabet to code in the tileset."""
        return np.array([self.tileset.codes[c] for c in self.body.alphabet], np.uint8)
