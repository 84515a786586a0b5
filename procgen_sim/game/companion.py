"""The companion: one simulated player who has met exactly the levels that the person was given.

It learns what levels are like, and from that comes how much of each it foresaw and how bored it is,
by the arithmetic of :mod:`procgen_sim.session`. It also learns tile by tile, and from that comes
the forecast: how surprising each column of a level will be to it. No pygame here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim.levels import Level, house_tileset, measure
from procgen_sim.levels.body import as_lines
from procgen_sim.models import TileModel
from procgen_sim.players import (
    DEFAULT_NOTION,
    Ends,
    Evidence,
    Population,
    Seen,
    foreseen_share,
    interest,
    make_observers,
    memory_kinds,
    naive_bits,
    predictability,
    recover,
    taste_for,
    veteran_bits,
)
from procgen_sim.players.boredom import grow
from procgen_sim.session import Setting

__all__ = ["Companion", "Meeting"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What meeting a level did to the companion.

    Attributes
    ----------
    foreseen
        Share of the level that it saw coming, 1 for all of it; below 0 where it surprised more
        than the model's levels surprise a newcomer.
    predictability
        How much of what can be foreseen it foresaw: 0 a newcomer, 1 a veteran; not clipped. NaN
        where there is nothing to learn.
    interest
        How interesting that was, 0 to 1.
    boredom
        How bored it is afterwards, 0 to 1.
    """

    foreseen: float
    predictability: float
    interest: float
    boredom: float


class Companion:
    """The median player of a setting, alone with the levels of one person.

    Parameters
    ----------
    setting
        What levels the model makes, and what people are like.
    notion
        What makes a level interesting: a key of :data:`~procgen_sim.players.NOTIONS`.

    Attributes
    ----------
    boredom
        How bored it is now, 0 to 1.
    threshold
        The boredom at which it would leave.
    n_met
        Levels it has met.
    """

    def __init__(self, setting: Setting, *, notion: str = DEFAULT_NOTION) -> None:
        medians = {name: spread.median for name, spread in setting.spreads.items()}
        self._people = Population.degenerate(1, **medians)
        self._space = setting.outside.model.space
        themes = self._people.theme_observer(self._space.n)
        training = self._space.to_unit(setting.yardstick.training)
        fresh = self._space.to_unit(setting.yardstick.fresh)
        ends = Ends(
            naive_bits=naive_bits(themes, fresh),
            veteran_bits=veteran_bits(themes, training, fresh),
        )
        n_tiles = len(house_tileset())
        self._themes = make_observers(
            "theme", self._people, {"theme": ends}, n_dimensions=self._space.n, n_tiles=n_tiles
        )
        self._taste, self._notion = taste_for(self._people, self._themes), notion
        half_life = float(memory_kinds(self._people.half_life_levels)[0])
        self._patterns = TileModel(n_tiles, half_life_levels=half_life)
        self._newcomer = self._patterns.naive()
        self._boredom = np.zeros(1)
        self.threshold = float(self._people.threshold[0])
        self.n_met = 0

    @property
    def boredom(self) -> float:
        return float(self._boredom[0])

    def rest(self, boredom: float, hours: float) -> None:
        """Begin with what is left of an earlier session's boredom after ``hours``."""
        self._boredom = recover(np.full(1, min(max(boredom, 0.0), 1.0)), max(hours, 0.0))

    def remember(self, level: Level) -> None:
        """Learn a level that was met in an earlier session: it is known, but bores nobody now."""
        self._learn(level)

    def foresee(self, level: Level) -> Floats:
        """``(n_columns,)`` how surprising each column will be, 0 to 1; nothing is learned.

        1 is a column that costs what it costs a newcomer, or what a column of this level costs a
        newcomer on average if that is more: of columns in which nothing happens even a newcomer
        expects nothing else, and a ratio of next to nothing to next to nothing would be noise.
        """
        lines = as_lines(level.grid, "columns")
        now, newcomer = self._patterns.bits(lines), self._newcomer.bits(lines)
        yardstick = np.maximum(newcomer, newcomer.mean())
        return np.asarray(np.clip(now / yardstick, 0.0, 1.0))

    def meet(self, level: Level) -> Meeting:
        """Meet a level and learn it."""
        seen = self._learn(level)
        bits, ends = seen.surprise_bits, self._themes.ends
        met = Evidence(
            surprise_bits=bits[:, np.newaxis],
            progress_bits=seen.progress_bits[:, np.newaxis],
            naive_bits=ends.naive_bits[:, np.newaxis],
        )
        interesting = interest(self._notion, met, self._taste)[:, 0]
        self._boredom = grow(self._boredom, interesting, self._people.tau_levels)
        return Meeting(
            foreseen=float(foreseen_share(bits, ends.naive_bits)[0]),
            predictability=float(predictability(bits, ends.naive_bits, ends.veteran_bits)[0]),
            interest=float(interesting[0]),
            boredom=self.boredom,
        )

    def _learn(self, level: Level) -> Seen:
        unit = self._space.to_unit(measure(level))[np.newaxis]
        self._patterns.learn(as_lines(level.grid, "columns"))
        self.n_met += 1
        return self._themes.observe({"theme": unit}, {"theme": unit})
