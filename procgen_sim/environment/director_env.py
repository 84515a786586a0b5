"""The director's chair: level after level, follow the model or break it, until the player leaves.

An episode is one simulated player and a game's generator. The agent sees what a game can see: what
it showed, what the player said, what a shadow player foresees of the level that comes. It is
rewarded with the player's interest in each level until they have had enough. Levels, players and
learning are those of :mod:`procgen_sim.session`: player 7 here is player 7 of a comparison.

Two things are of the environment alone. Its players say how bored they are, which nobody asks in a
comparison, and an adaptive schedule listens; ``ratings=False`` asks nobody, and then an episode of
any arm is that arm's player, level by level. And breaks are rationed by the rule of an adaptive
schedule: one is made only if, with it, breaks are at most the budget's share of the levels so far.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any, Final

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.spaces import Box, Discrete

from procgen_sim._checks import InputError, check_choice, check_int, check_number
from procgen_sim.generators import BuiltBatch
from procgen_sim.injection import AUTHORED, PROPOSALS, Audience
from procgen_sim.injection.audience import LEAST_RATING, MOST_RATING
from procgen_sim.injection.proposals import check_installed
from procgen_sim.injection.schedules.base import affordable
from procgen_sim.levels import Level, house_tileset
from procgen_sim.players import DEFAULT_NOTION, NOTIONS, Evidence, grow, interest
from procgen_sim.session import Company, Setting, break_model

__all__ = ["OBSERVED", "DirectorEnv", "director_of"]

Observation = npt.NDArray[np.float32]

OBSERVED: Final = ("level", "forecast", "broke", "broke_share", "budget_left", "rating")
"""What stands in an observation before the design parameters of the level shown last:

- ``level``: levels shown, as a share of the horizon;
- ``forecast``: how much of what can be foreseen the shadow foresees in the level that comes, if it
  follows the model;
- ``broke``: 1 if the last level was a break;
- ``broke_share``: share of levels so far that were breaks;
- ``budget_left``: breaks saved up, budget × (levels so far + 1) − breaks so far: from 1 on, the
  level that comes may be a break;
- ``rating``: how bored the player said to be after the last level, 0.2 to 1; 0 where nothing was
  said.
"""

_LOW, _HIGH = -4.0, 5.0
"""Where observations are cut off; natural ranges are 0 to 1, and few things are far from them. Of
breaks saved up, too, more than five are told as five."""

_MOST_PLAYERS: Final = 1_000_000
_OPTIONS: Final = ("player",)


class DirectorEnv(gymnasium.Env[Observation, np.int64]):
    """Direct one simulated player.

    Parameters
    ----------
    setting
        Generator, region and people, as for a comparison. Players attend to themes.
    notion
        What makes levels interesting to the player: a key of
        :data:`~procgen_sim.players.NOTIONS`.
    ways
        Proposals that the agent may break by, one action each after 0, to follow.
    budget
        Share of the levels so far that may be breaks, at any time; a break beyond it follows the
        model. A fifth by default, as for ``compare --search``: where every level may be a break
        there is nothing to direct, as breaking always keeps players longer than choosing when.
    ratings
        Whether the player says after each level how bored they are.
    render_mode
        ``"ansi"`` for the level shown last as text, or None.

    Raises
    ------
    InputError
        If a name, a number or the setting cannot be.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012

    def __init__(
        self,
        setting: Setting,
        *,
        notion: str = DEFAULT_NOTION,
        ways: Sequence[str] = ("noise", "outlier", "between", "extrapolate"),
        budget: float = 0.2,
        ratings: bool = True,
        render_mode: str | None = None,
    ) -> None:
        check_choice("notion", notion, NOTIONS)
        for i, way in enumerate(ways):
            check_choice("ways", way, [name for name in PROPOSALS if name != AUTHORED])
            check_installed(way, where="ways")
            if way in ways[:i]:
                raise InputError("ways", expected="each way once", found=f"{way!r} twice")
        if setting.observer != "theme":
            raise InputError(
                "setting, observer",
                expected="players who attend to themes",
                found=repr(setting.observer),
            )
        if render_mode is not None:
            check_choice("render_mode", render_mode, self.metadata["render_modes"])
        self.setting, self.notion, self.ways = setting, notion, tuple(ways)
        self.ratings, self.render_mode = ratings, render_mode
        # Decimal, as people write it: 0.29 of 100 levels are 29.
        self.budget = Fraction(repr(check_number("budget", budget, low=0.0, high=1.0)))
        n = len(OBSERVED) + setting.outside.model.space.n
        self.observation_space = Box(_LOW, _HIGH, (n,), np.float32)
        self.action_space = Discrete(1 + len(self.ways))
        self._company: Company | None = None
        self._shown: BuiltBatch | None = None
        self._over = False

    @property
    def audience(self) -> Audience:
        """The player as the game sees them; policies made of schedules look at it.

        Raises
        ------
        InputError
            Before the first :meth:`reset`.
        """
        self._playing("audience")
        return self._watch.audiences[0]

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin with a new player.

        Parameters
        ----------
        seed
            Which players come: one seed, one sequence of them.
        options
            ``{"player": number}`` asks for one in particular.

        Raises
        ------
        InputError
            If there is no such option or player.
        """
        super().reset(seed=seed)
        drawn = int(self.np_random.integers(_MOST_PLAYERS))
        for key in options or {}:
            check_choice("options", key, _OPTIONS)
        player = _player((options or {}).get("player", drawn))
        self._company = Company(self.setting, range(player, player + 1))
        self._observers = self._company.newcomers.fresh()
        self._watch = self._company.watch()
        self._boredom = np.zeros(1)
        self._shown, self._over = None, False
        self._look_ahead()
        return self._observation(), self._info()

    def step(self, action: np.int64 | int) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Show a level: 0 follows the model, i breaks it by ``ways[i − 1]``.

        Returns
        -------
        Observation; reward, the player's interest in the level, 0 to 1; terminated, the player has
        left; truncated, they stayed to the horizon; info with ``player``, ``broke``, ``off_model``
        and ``action_mask``, 1 for the actions that do what they say.

        Raises
        ------
        InputError
            If there is no such action, or nobody plays: before :meth:`reset`, and when the episode
            is over.
        """
        company = self._playing("step")
        if self._over:
            raise InputError("step", expected="reset() first", found="an episode that is over")
        if not self.action_space.contains(action):
            raise InputError(
                "action", expected=f"a whole number from 0 to {len(self.ways)}", found=repr(action)
            )
        level, broke, built = len(self.audience.shown), False, self._coming
        if action and self._may_break():
            way = self.ways[int(action) - 1]
            players = list(company.players)
            found, breaks = break_model(self.setting, way, players, level, [self.audience])
            broke = bool(found[0])
            built = breaks if broke else built
        met = company.meet(built)
        seen = self._observers.observe(met, met)
        self._watch.show(built.measured, [broke])
        evidence = Evidence(
            surprise_bits=seen.surprise_bits[:, np.newaxis],
            progress_bits=seen.progress_bits[:, np.newaxis],
            naive_bits=company.newcomers.ends.naive_bits[:, np.newaxis],
        )
        interesting = interest(self.notion, evidence, company.taste)[:, 0]
        self._boredom = grow(self._boredom, interesting, company.people.tau_levels)
        if self.ratings:
            self.audience.rate(self._rating(company))
        self._shown = built
        self._look_ahead()
        left = bool(self._boredom[0] > company.people.threshold[0])
        stayed = not left and len(self.audience.shown) >= self.setting.n_levels
        self._over = left or stayed
        return self._observation(), float(interesting[0]), left, stayed, self._info()

    def render(self) -> str | None:
        """The level shown last, one row a line; None without ``render_mode="ansi"``."""
        if self.render_mode is None:
            return None
        if self._shown is None:
            return "no level yet"
        return "\n".join(Level(self._shown.grids[0], house_tileset(), "shown").rows())

    def _playing(self, where: str) -> Company:
        if self._company is None:
            raise InputError(where, expected="reset() first", found="no player")
        return self._company

    def _look_ahead(self) -> None:
        """Build the level that comes if the model is followed, and let the shadow forecast it."""
        players, level = list(self._playing("step").players), len(self.audience.shown)
        self._coming = self.setting.generator.on_model(players, level)
        self._watch.look_ahead(self._coming.measured)

    def _may_break(self) -> bool:
        """Whether the budget has a break for the level that comes."""
        broke = self.audience.broke
        return affordable(broke, len(broke), self.budget)

    def _rating(self, company: Company) -> int:
        """How bored the player says to be. ASSUMPTION: fifths of the way to leaving."""
        share = float(self._boredom[0] / company.people.threshold[0])
        steps = MOST_RATING - LEAST_RATING + 1
        return LEAST_RATING + min(int(share * steps), steps - 1)

    def _observation(self) -> Observation:
        audience, space = self.audience, self.setting.outside.model.space
        n, spent = len(audience.shown), sum(audience.broke)
        told = [
            n / self.setting.n_levels,
            audience.forecast if np.isfinite(audience.forecast) else 0.0,
            float(audience.broke[-1]) if n else 0.0,
            spent / n if n else 0.0,
            float(self.budget * (n + 1) - spent),
            audience.ratings[-1] / MOST_RATING if n and self.ratings else 0.0,
        ]
        last = space.to_unit(audience.shown[-1]) if n else np.full(space.n, 0.5)
        seen: Observation = np.clip([*told, *last], _LOW, _HIGH).astype(np.float32)
        return seen

    def _info(self) -> dict[str, Any]:
        audience = self.audience
        region, model = self.setting.outside.region, self.setting.outside.model
        off = bool(audience.shown) and bool(
            region.is_off(model.log_density(audience.shown[-1][np.newaxis]))[0]
        )
        mask = np.ones(1 + len(self.ways), np.int8)
        mask[1:] = self._may_break()
        return {
            "player": self._playing("step").players.start,
            "broke": bool(audience.broke) and audience.broke[-1],
            "off_model": off,
            "action_mask": mask,
        }


def director_of(env: gymnasium.Env[Any, Any]) -> DirectorEnv:
    """The environment inside the wrappers that ``gymnasium.make`` puts around it.

    Raises
    ------
    InputError
        If it is another one.
    """
    inside = env.unwrapped
    if isinstance(inside, DirectorEnv):
        return inside
    raise InputError("env", expected="a DirectorEnv", found=type(inside).__name__)


def _player(number: Any) -> int:
    """A player's number; NumPy's whole numbers are whole numbers, too."""
    with suppress(TypeError):
        number = operator.index(number)
    return check_int("options, player", number, low=0)
