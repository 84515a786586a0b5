"""Theme observers: players who learn what a generator's levels are like, many at once.

Each player keeps a Dirichlet-process mixture of conjugate Gaussians over design parameters in unit
coordinates (:mod:`procgen_sim.models.dirichlet_process`). Before a level is learned it costs
``surprise_bits``; learning it would have made it cheaper by ``progress_bits`` (Schmidhuber's
compression progress [Schmidhuber2010]_).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import InputError, check_int
from procgen_sim.players.assumptions import NAIVE_PRIOR, THEME_CAPACITY, NaivePrior

if TYPE_CHECKING:
    from procgen_sim.models.theme_kernel import Memory, Traits

__all__ = ["Observation", "ThemeObserver"]

Floats = npt.NDArray[np.float64]

FURTHEST_UNITS = 1e6
"""Values further from the natural range than this many ranges are refused as broken input."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What meeting levels did to players.

    Attributes
    ----------
    surprise_bits
        ``(P,)`` or ``(P, T)``: what each level cost just before it was learned.
    progress_bits
        Same shape: by how much learning it lowered its own cost. Negative when what had to be
        forgotten outweighs what was learned.
    """

    surprise_bits: Floats
    progress_bits: Floats


class ThemeObserver:
    """P players who learn themes, starting naive.

    Parameters
    ----------
    n_dimensions
        Number of design parameters, d.
    half_life_levels
        ``(P,)`` or a number: levels after which half of what was learned is gone; infinity forgets
        nothing.
    concentration
        ``(P,)`` or a number: readiness to see a new genre, in levels; 0 is a player who takes
        everything for one theme.
    resolution_bits
        ``(P,)`` or a number: how many bits per dimension are told apart; infinity is perfect
        perception, when bits are plainly −log2 of the density and may be negative.
    n_players
        P; needed only when all three are numbers and P is not 1.
    prior
        What a newcomer expects, of the first level and of every new theme.
    capacity
        Most themes a player can hold.

    Raises
    ------
    InputError
        If a trait is out of its range or the shapes disagree.

    Examples
    --------
    >>> player = ThemeObserver(2, half_life_levels=np.inf, concentration=0.0, resolution_bits=2.5)
    >>> seen = player.observe_many(np.full((1, 5, 2), 0.8))
    >>> bool(np.all(np.diff(seen.surprise_bits) < 0))  # the same level again and again
    True
    """

    def __init__(
        self,
        n_dimensions: int,
        *,
        half_life_levels: npt.ArrayLike,
        concentration: npt.ArrayLike,
        resolution_bits: npt.ArrayLike,
        n_players: int = 1,
        prior: NaivePrior = NAIVE_PRIOR,
        capacity: int = THEME_CAPACITY,
    ) -> None:
        from procgen_sim.models.theme_kernel import Memory, Traits, begin

        check_int("n_dimensions", n_dimensions, low=1)
        check_int("n_players", n_players, low=1)
        check_int("capacity", capacity, low=1)
        self.prior, self.capacity = prior, capacity
        half_life = _trait("half_life_levels", half_life_levels, zero_is_fine=False)
        alpha = _trait("concentration", concentration, zero_is_fine=True, finite=True)
        resolution = _trait("resolution_bits", resolution_bits, zero_is_fine=False)
        try:
            traits = np.broadcast_arrays(half_life, alpha, resolution, np.empty(n_players))
        except ValueError:
            shapes = f"{half_life.shape}, {alpha.shape}, {resolution.shape}"
            raise InputError(
                "half_life_levels, concentration, resolution_bits",
                expected=f"numbers or one value for each of {n_players} players",
                found=f"shapes {shapes}",
            ) from None
        half_life, alpha, resolution = (np.array(t, np.float64).reshape(-1) for t in traits[:3])
        perfect = np.isinf(resolution)
        self.n_dimensions = n_dimensions
        self.n_players = len(half_life)
        self.n_seen = 0
        """How many levels the players have learned from."""
        self.half_life_levels, self.concentration, self.resolution_bits = (
            half_life,
            alpha,
            resolution,
        )
        nu = n_dimensions + prior.nu_above_dimensions
        self._traits: Traits = Traits(
            decay=2.0 ** (-1.0 / half_life),
            concentration=alpha,
            noise_variance=4.0**-resolution / (2 * math.pi),
            cell_bits=np.where(perfect, 0.0, n_dimensions * np.where(perfect, 0.0, resolution)),
            prior_mean=prior.mean,
            prior_kappa=prior.kappa,
            prior_nu=nu,
            prior_psi=prior.psi,
        )
        shape = (self.n_players, capacity)
        d = n_dimensions
        self._memory: Memory = Memory(
            n_components=np.zeros(self.n_players, np.int64),
            weight=np.zeros(shape),
            mean=np.zeros((*shape, d)),
            scatter=np.zeros((*shape, d, d)),
            factor=np.zeros((*shape, d, d)),
            log_norm=np.zeros(shape),
        )
        begin(self._traits, self._memory)

    @property
    def n_themes(self) -> npt.NDArray[np.int64]:
        """``(P,)`` how many themes each player has told apart so far."""
        return self._memory.n_components.copy()

    def surprise_bits(self, levels: npt.ArrayLike) -> Floats:
        """What a level ``(P, d)``, or one ``(d,)`` for all, costs now: ``(P,)``; not learned.

        Raises
        ------
        InputError
            If the shape is wrong or a value is not finite.
        """
        return self.surprise_bits_many(np.asarray(levels)[..., None, :])[:, 0]

    def surprise_bits_many(self, levels: npt.ArrayLike) -> Floats:
        """What levels ``(P, T, d)``, or ``(T, d)`` for all, cost now: ``(P, T)``; not learned.

        Raises
        ------
        InputError
            If the shape is wrong or a value is not finite.
        """
        from procgen_sim.models.theme_kernel import surprise

        sequences = self._sequences(levels)
        bits = np.empty((self.n_players, sequences.shape[1]))
        surprise(self._traits, self._memory, sequences, bits)
        return bits

    def observe(self, levels: npt.ArrayLike) -> Observation:
        """Meet and learn one level each: ``(P, d)``, or ``(d,)`` for all; results ``(P,)``.

        Raises
        ------
        InputError
            If the shape is wrong or a value is not finite; nothing is learned then.
        """
        seen = self.observe_many(np.asarray(levels)[..., None, :])
        return Observation(
            surprise_bits=seen.surprise_bits[:, 0], progress_bits=seen.progress_bits[:, 0]
        )

    def observe_many(self, levels: npt.ArrayLike) -> Observation:
        """Meet and learn a sequence: ``(P, T, d)``, or ``(T, d)`` for all; results ``(P, T)``.

        Raises
        ------
        InputError
            If the shape is wrong or a value is not finite; nothing is learned then.
        """
        from procgen_sim.models.theme_kernel import observe

        sequences = self._sequences(levels)
        shape = (self.n_players, sequences.shape[1])
        surprise_bits, progress_bits = np.empty(shape), np.empty(shape)
        observe(self._traits, self._memory, sequences, surprise_bits, progress_bits)
        self.n_seen += sequences.shape[1]
        return Observation(surprise_bits=surprise_bits, progress_bits=progress_bits)

    def learn_many(self, levels: npt.ArrayLike) -> None:
        """Learn a sequence as :meth:`observe_many` does, without working out any bits.

        Raises
        ------
        InputError
            If the shape is wrong or a value is not finite; nothing is learned then.
        """
        from procgen_sim.models.theme_kernel import learn

        sequences = self._sequences(levels)
        learn(self._traits, self._memory, sequences)
        self.n_seen += sequences.shape[1]

    def belief(self, player: int) -> tuple[Floats, Floats, Floats]:
        """What one player expects of the next level, as far as they have learned anything.

        The predictive distribution of each theme is a Student-t; given are its mean and
        covariance. Before the first level there is one theme, the naive prior's.

        Returns
        -------
        ``(k,)`` weights that sum to 1, ``(k, d)`` means and ``(k, d, d)`` covariances, in unit
        coordinates.
        """
        memory, traits, d = self._memory, self._traits, self.n_dimensions
        known = max(1, int(memory.n_components[player]))
        weight = memory.weight[player, :known]
        held = np.flatnonzero(weight > 0)
        if not len(held):
            held, weight = np.zeros(1, np.intp), np.zeros(1)
        weight = weight[held]
        share = weight / (traits.prior_kappa + weight)
        means = traits.prior_mean + share[:, None] * (memory.mean[player, held] - traits.prior_mean)
        # The memory keeps upper Cholesky factors with their diagonals inverted.
        factors = np.triu(memory.factor[player, held])
        diagonal = np.arange(d)
        factors[:, diagonal, diagonal] = 1.0 / factors[:, diagonal, diagonal]
        nu = traits.prior_nu + weight - d + 1.0
        covariances = np.einsum("kji,kjl->kil", factors, factors)
        covariances *= (nu / (nu - 2.0))[:, None, None]
        total = weight.sum()
        weights = weight / total if total > 0 else np.ones(1)
        return weights, means, covariances

    def copy(self) -> ThemeObserver:
        """The same players with the same memories, who from now on live their own lives."""
        twin = self.naive()
        for mine, theirs in zip(self._memory, twin._memory, strict=True):
            theirs[...] = mine
        twin.n_seen = self.n_seen
        return twin

    def naive(self) -> ThemeObserver:
        """The same players before they saw anything."""
        return ThemeObserver(
            self.n_dimensions,
            half_life_levels=self.half_life_levels,
            concentration=self.concentration,
            resolution_bits=self.resolution_bits,
            n_players=self.n_players,
            prior=self.prior,
            capacity=self.capacity,
        )

    def _sequences(self, levels: npt.ArrayLike) -> Floats:
        """Levels as the kernel takes them: ``(P or 1, T, d)``, contiguous, finite."""
        given = np.asarray(levels, np.float64)
        sequences = given[None] if given.ndim == 2 else given
        fits = (
            sequences.ndim == 3
            and sequences.shape[0] in (1, self.n_players)
            and sequences.shape[2] == self.n_dimensions
        )
        if not fits:
            raise InputError(
                "levels",
                expected=f"{self.n_players} players (or 1) by {self.n_dimensions} parameters",
                found=f"shape {given.shape}",
            )
        strange = ~(np.abs(sequences - self.prior.mean) <= FURTHEST_UNITS)
        if strange.any():
            player, level, dimension = np.argwhere(strange)[0]
            raise InputError(
                f"levels, player {player}, level {level}, parameter {dimension}",
                expected="a number in unit coordinates, roughly 0 to 1",
                found=f"{sequences[player, level, dimension]}",
            )
        # Read-only arrays would make the kernel compile a second time.
        return np.require(sequences, np.float64, ["C", "W"])


def _trait(name: str, values: npt.ArrayLike, *, zero_is_fine: bool, finite: bool = False) -> Floats:
    array = np.asarray(values, np.float64)
    fits = (array >= 0 if zero_is_fine else array > 0) & (np.isfinite(array) | (not finite))
    if array.ndim > 1 or not fits.all():
        least = "of at least 0" if zero_is_fine else "above 0"
        more = "" if finite else " (infinity is allowed)"
        raise InputError(
            name, expected=f"numbers {least}{more}, one per player", found=str(array.tolist())
        )
    return array
