"""Who plays: people with different appetites, memories and patience.

Player i is drawn from a stream of their own, so player 7 of a seed is the same person whether 10 or
10,000 play, and all arms of an experiment meet the same people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_choice, check_int
from procgen_sim.levels.body import Order
from procgen_sim.players.assumptions import NAIVE_PRIOR, TRAITS, NaivePrior, Spread
from procgen_sim.players.interest import Taste
from procgen_sim.players.pattern import PatternObserver, memory_kinds
from procgen_sim.players.theme import ThemeObserver
from procgen_sim.rng import stream

__all__ = ["Population"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Population:
    """P players, one read-only array ``(P,)`` a trait.

    Attributes
    ----------
    half_life_levels
        Levels after which half of what was learned is gone.
    concentration
        Readiness to see a new genre, in levels.
    resolution_bits
        Bits per parameter told apart.
    appetite
        The ratio s / S_0 a ``wundt`` player likes best.
    tolerance
        Distance from it, in the same unit, at which interest is 0.61.
    saturation_bits
        Learning progress at which a ``progress`` player's interest is 0.63.
    threshold
        Boredom above which the player leaves.
    tau_levels
        Levels over which boredom averages.
    """

    half_life_levels: Floats
    concentration: Floats
    resolution_bits: Floats
    appetite: Floats
    tolerance: Floats
    saturation_bits: Floats
    threshold: Floats
    tau_levels: Floats

    def __post_init__(self) -> None:
        for name in TRAITS:
            values = np.array(getattr(self, name), np.float64)
            if values.shape != (self.n_players,):
                raise InputError(
                    name,
                    expected=f"one value for each of {self.n_players} players",
                    found=f"shape {values.shape}",
                )
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Population):
            return NotImplemented
        return all(np.array_equal(getattr(self, n), getattr(other, n)) for n in TRAITS)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def sample(
        cls,
        n_players: int,
        *,
        seed: int,
        spreads: Mapping[str, Spread] | None = None,
        first: int = 0,
    ) -> Population:
        """Draw players ``first`` to ``first + n_players − 1`` of a seed.

        Parameters
        ----------
        n_players
            P, at least 1.
        seed
            The run's seed.
        spreads
            Traits spread otherwise than in :data:`~.assumptions.TRAITS`; others stay.
        first
            Index of the first player drawn, for shards of a large population.

        Raises
        ------
        InputError
            If P is below 1, ``first`` below 0 or a trait unknown.

        Examples
        --------
        >>> few, many = Population.sample(8, seed=1), Population.sample(20, seed=1)
        >>> few.player(7) == many.player(7)
        True
        """
        check_int("n_players", n_players, low=1)
        check_int("first", first, low=0)
        table = _table(spreads)
        # 0 has no quantile; it is drawn once in 2**53.
        shares = [
            np.maximum(stream(seed, "population", i).random(len(table)), 2.0**-53).tolist()
            for i in range(first, first + n_players)
        ]
        return cls(
            **{
                name: np.array([spread.at(share[column]) for share in shares])
                for column, (name, spread) in enumerate(table.items())
            }
        )

    @classmethod
    def degenerate(cls, n_players: int, **values: float) -> Population:
        """Players who are all alike: the median person, but for ``values``.

        Raises
        ------
        InputError
            If P is below 1 or a trait is unknown.

        Examples
        --------
        >>> Population.degenerate(3, threshold=0.5).threshold.tolist()
        [0.5, 0.5, 0.5]
        """
        check_int("n_players", n_players, low=1)
        for name in values:
            check_choice("trait", name, TRAITS)
        medians = {name: spread.median for name, spread in TRAITS.items()}
        return cls(**{name: np.full(n_players, v) for name, v in {**medians, **values}.items()})

    @property
    def n_players(self) -> int:
        """P."""
        return len(self.half_life_levels)

    @property
    def taste(self) -> Taste:
        """What they like, ``(P, 1)``, ready for evidence per level ``(P, T)``."""
        return Taste(
            appetite=self.appetite[:, None],
            tolerance=self.tolerance[:, None],
            saturation_bits=self.saturation_bits[:, None],
        )

    def player(self, index: int) -> dict[str, float]:
        """One player's traits by name."""
        return {name: float(getattr(self, name)[index]) for name in TRAITS}

    def theme_observer(
        self, n_dimensions: int, *, prior: NaivePrior = NAIVE_PRIOR
    ) -> ThemeObserver:
        """These players' theme observers, naive."""
        return ThemeObserver(
            n_dimensions,
            half_life_levels=self.half_life_levels,
            concentration=self.concentration,
            resolution_bits=self.resolution_bits,
            n_players=self.n_players,
            prior=prior,
        )

    def pattern_observer(self, n_tiles: int, *, order: Order = "columns") -> PatternObserver:
        """These players' pattern observers, naive; of a few kinds of memory."""
        return PatternObserver(
            n_tiles,
            half_life_levels=memory_kinds(self.half_life_levels),
            n_players=self.n_players,
            order=order,
        )


def _table(spreads: Mapping[str, Spread] | None) -> dict[str, Spread]:
    """All traits in their fixed order, some spread otherwise."""
    for name in spreads or {}:
        check_choice("trait", name, TRAITS)
    return {**TRAITS, **(spreads or {})}
