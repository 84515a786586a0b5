"""A journey: level after level, what the companion makes of each, and the log of it all.

The next level is made on a thread of its own while the last one ends. All that the companion and
the director learn happens on that thread too, in the order of the levels, so what comes next
depends on the seed, the number, the choice, the levels met and what was said of them, never on
which thread was quicker: a level that was made before the person spoke is made again. What was only
imagined, for the desk or for nothing, was not met. No pygame here.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from procgen_sim._checks import InputError, check_int
from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import Prepared, prepare
from procgen_sim.game.choice import SCHEDULED, Choice
from procgen_sim.game.companion import Companion, Meeting
from procgen_sim.game.desk import Desk
from procgen_sim.game.director import Director
from procgen_sim.game.fits import fit_or_recall
from procgen_sim.game.kept import with_kept
from procgen_sim.game.memories import readable_levels, remember
from procgen_sim.game.plan import Card, Outcome, Plan
from procgen_sim.game.playlog import PlayLog
from procgen_sim.game.telling import announce, tell
from procgen_sim.injection import parse_arm
from procgen_sim.levels import Level

__all__ = ["Card", "Journey", "Outcome", "Plan"]

R = TypeVar("R")

N_CALIBRATION: Final = 2000
"""Levels that the model's region is found from: one in a thousand, give or take 0.07 %, is off
it. A tenth of what experiments take, so that the game begins at once."""

MOST_REMEMBERED: Final = 100
"""Levels of earlier sessions that the companion remembers: half a second of learning."""

NOBODY: Final = "player"
"""The person in the log who gave no name."""

_S_AN_HOUR: Final = 3600.0


class Journey:
    """The levels that one person plays; made by :meth:`open`.

    Attributes
    ----------
    director, companion
        Who decides, and who plays along: whoever has a log meets a companion that remembers the
        levels of their earlier sessions, and a director who remembers them, too. What they learn
        belongs to the journey's thread.
    cards
        Of the levels that are over, in order.
    current
        The level being played, or None.
    boredom_at_start
        How bored the companion was before the first level, 0 to 1: what a rest has left of an
        earlier session.
    rating
        How dull the person called the level that was over last, 1 to 5; 0 for nothing so far.
    """

    def __init__(
        self,
        director: Director,
        companion: Companion,
        *,
        log: PlayLog | None = None,
        session: int = 0,
        earlier: Sequence[Level] = (),
    ) -> None:
        self.director, self.companion = director, companion
        self.cards: list[Card] = []
        self.current: Plan | None = None
        self.rating = 0
        self._number = 0
        self._boredom = self.boredom_at_start = companion.boredom
        self._log, self._session = log, session
        self._entry: int | None = None  # of the current level in the log, once it is shown
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journey")
        self._memories = self._thread.submit(remember, director, companion, tuple(earlier))
        self._meeting: Future[Meeting] | None = None
        self._coming: tuple[int, Choice, Future[Plan]] | None = None

    @classmethod
    def open(
        cls,
        config: RunConfig,
        *,
        seed: int,
        log: PlayLog | None = None,
        injection: str = "on-model",
        person: str = "",
        prepared: Prepared | None = None,
    ) -> Journey:
        """Fit the model and meet the person: takes a few seconds.

        Parameters
        ----------
        config
            Corpora, model and assumptions about people; arms, players and levels are not used.
        seed
            Of the sequence of levels; that of the fit is the configuration's.
        log
            Where to keep what happens; None for nowhere.
        injection
            How the schedule leaves the model, in the language of arms: ``outlier@0.15``. For
            ``authored`` the levels are those of the configuration, else those that were kept.
        person
            Whose play it is.
        prepared
            A model that was fitted before; None to fit one.

        Raises
        ------
        InputError
            If something about the configuration, the corpus or the injection is wrong.
        """
        arm = parse_arm(injection, rate=config.rate, where="--injection")
        if prepared is None:
            with workers(1) as crew:
                plain = replace(config, observer="theme")
                prepared = prepare(plain, crew, calibration=N_CALIBRATION, fitter=fit_or_recall)
        director = Director(with_kept(prepared), arm, seed=seed)
        companion = Companion(prepared.setting, notion=config.interest)
        session, earlier = 0, list[Level]()
        if log is not None:
            name = person.strip() or NOBODY
            last = log.last_session(name)
            if last is not None and last.boredom is not None:
                companion.rest(last.boredom, (time.time() - last.ended) / _S_AN_HOUR)
            earlier = readable_levels(log.levels_met(name, most=MOST_REMEMBERED))
            session = log.start_session(name, config, seed, injection=injection)
        return cls(director, companion, log=log, session=session, earlier=earlier)

    @property
    def boredom(self) -> float:
        """How bored the companion was after the last level that is over, 0 to 1."""
        return self._boredom

    @property
    def next_number(self) -> int:
        """Number of the next level."""
        return self._number + 1

    @property
    def ready(self) -> bool:
        """Whether :meth:`plan` would answer at once, with what was last prepared."""
        return self._coming is not None and self._coming[2].done()

    def prepare_next(self, choice: Choice | None = None) -> None:
        """Make the next level on the journey's thread; None leaves it to the schedule."""
        wanted = choice or SCHEDULED
        if self._coming is not None and self._coming[:2] == (self.next_number, wanted):
            return
        self._meet()
        future = self._thread.submit(self._make, self.next_number, wanted)
        self._coming = self.next_number, wanted, future

    def plan(self, choice: Choice | None = None) -> Plan:
        """The next level, which begins now; waits for it if it has not been prepared.

        Raises
        ------
        InputError
            If the level cannot be made.
        """
        self.prepare_next(choice)
        assert self._coming is not None
        coming, self._coming = self._coming[2], None
        plan = _result(coming, "the next level")
        self._number, self.current, self._meeting, self._entry = plan.number, plan, None, None
        return plan

    def desk(self) -> Desk:
        """The choices about the next level; waits until all that was met is known, and, once,
        for proposals that have to look around before they can answer."""
        self._meet()
        _result(self._thread.submit(self.director.look_around), "the ways off the model")
        return Desk(self.director, self.next_number)

    def started(self) -> None:
        """The current level is shown: from now on it counts as met, whatever happens."""
        plan = self.current
        if self._log is not None and plan is not None and self._entry is None:
            self._entry = self._log.level(
                self._session,
                number=plan.number,
                level=plan.level,
                vector=plan.vector,
                off_model=plan.off_model,
                broke=plan.broke,
                proposal=plan.proposal,
                forecast=plan.forecast_columns,
                boredom=plan.boredom,
            )

    def finished(self, outcome: Outcome) -> Card:
        """The current level is over: what the companion, who met it too, made of it.

        Raises
        ------
        InputError
            If no level is being played.
        """
        plan = self.current
        if plan is None:
            raise InputError("the journey", expected="a level that is being played", found="none")
        self.started()
        self._meet()
        assert self._meeting is not None
        met = _result(self._meeting, "the simulated player")
        self.current, self._boredom, self.rating = None, met.boredom, 0
        card = tell(plan, outcome, met, threshold=self.companion.threshold, earlier=self.cards)
        self.cards.append(card)
        if self._log is not None and self._entry is not None:
            self._log.outcome(
                self._entry,
                outcome,
                foreseen=met.foreseen,
                predictability=None if np.isnan(met.predictability) else met.predictability,
                boredom=met.boredom,
            )
        return card

    def so_far(self, outcome: Outcome) -> None:
        """Log what there is of the current level, in case the game ends without a word."""
        if self._log is not None and self._entry is not None:
            self._log.outcome(self._entry, outcome)

    def rate(self, n: int) -> None:
        """The person says how dull the last level was: 1 not at all, 5 very."""
        check_int("rating", n, low=1, high=5)
        if self._log is not None and self._entry is not None:
            self._log.rating(self._entry, n)
        if self.cards and self.current is None and n != self.rating:
            self._thread.submit(self.director.rate, n)
            if self._coming is not None:  # what was made before this was said is out of date
                (_, choice, made), self._coming = self._coming, None
                made.cancel()
                self.prepare_next(choice)
        self.rating = n

    def close(self) -> None:
        """End the session; the log stays open. Closing twice is allowed."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._log is not None:
            self._log.end_session(self._session)
            self._log = None

    def _meet(self) -> None:
        """Have the companion meet the current level, once, before anything that comes after it."""
        if self.current is not None and self._meeting is None:
            self._meeting = self._thread.submit(self._met, self.current)

    def _met(self, plan: Plan) -> Meeting:
        self.director.show(plan.vector, broke=plan.broke)
        return self.companion.meet(plan.level)

    def _make(self, number: int, choice: Choice) -> Plan:
        self._memories.result()  # done: it was the thread's first work
        directed = self.director.direct(number, choice)
        return announce(directed, self.companion)


def _result(future: Future[R], what: str) -> R:
    """What the thread made; an error of any kind as one sentence."""
    try:
        return future.result()
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            what, expected="to be made", found=f"{type(error).__name__}: {error}"
        ) from error
