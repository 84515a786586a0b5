"""A journey: level after level, what the companion makes of each, and the log of it all.

The next level is made on a thread of its own while the last one ends. All that the companion learns
happens on that thread too, in the order of the levels, so what comes next depends on the seed, the
number, the choice and the levels met, never on which thread was quicker. No pygame here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from procgen_sim._checks import InputError, check_int
from procgen_sim.config import RunConfig
from procgen_sim.experiments.parallel import workers
from procgen_sim.experiments.preparation import Prepared, prepare
from procgen_sim.game.card_words import card_words
from procgen_sim.game.companion import Companion, Meeting
from procgen_sim.game.director import SCHEDULED, Choice, Director
from procgen_sim.game.fits import fit_or_recall
from procgen_sim.game.plan import Card, Outcome, Plan
from procgen_sim.game.playlog import PlayLog
from procgen_sim.injection import parse_arm
from procgen_sim.levels import Level, house_tileset

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
        levels of their earlier sessions. It belongs to the journey's thread.
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
        self._memories = self._thread.submit(_remember, companion, tuple(earlier))
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
            How the schedule leaves the model, in the language of arms: ``outlier@0.15``.
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
        companion = Companion(prepared.setting, notion=config.interest)
        session, earlier = 0, list[Level]()
        if log is not None:
            name = person.strip() or NOBODY
            last = log.last_session(name)
            if last is not None and last.boredom is not None:
                companion.rest(last.boredom, (time.time() - last.ended) / _S_AN_HOUR)
            earlier = _levels(log.levels_met(name, most=MOST_REMEMBERED))
            session = log.start_session(name, config, seed, injection=injection)
        director = Director(prepared, arm, seed=seed)
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
        foreseen = min(max(met.foreseen, 0.0), 1.0)
        card = Card(
            number=plan.number,
            outcome=outcome,
            foreseen=foreseen,
            predictability=met.predictability,
            boredom=met.boredom,
            threshold=self.companion.threshold,
            boredom_curve=(*(card.boredom for card in self.cards), met.boredom),
            foreseen_curve=(*(card.foreseen for card in self.cards), foreseen),
            off_curve=(*(card.off_model for card in self.cards), plan.off_model),
            off_model=plan.off_model,
            broke=plan.broke,
            proposal=plan.proposal,
            quantile=plan.quantile,
            who=plan.who,
            words=card_words(
                foreseen=met.foreseen,
                boredom=met.boredom,
                threshold=self.companion.threshold,
                who=plan.who,
                broke=plan.broke,
                off_model=plan.off_model,
                proposal=plan.proposal,
            ),
        )
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
            self._meeting = self._thread.submit(self.companion.meet, self.current.level)

    def _make(self, number: int, choice: Choice) -> Plan:
        self._memories.result()  # done: it was the thread's first work
        directed = self.director.direct(number, choice)
        level = directed.built.level
        return Plan(
            number=number,
            level=level,
            vector=directed.built.measured,
            off_model=directed.place.off_model,
            broke=directed.broke,
            proposal=directed.proposal,
            quantile=directed.place.quantile,
            who=choice.who,
            forecast_columns=self.companion.foresee(level),
            boredom=self.companion.boredom,
            art=directed.art,
        )


def _levels(texts: Iterable[Sequence[str]]) -> list[Level]:
    """The levels of a log, but for those of another version's tileset."""
    levels = []
    for rows in texts:
        with suppress(InputError):
            levels.append(Level.from_rows(rows, house_tileset()))
    return levels


def _remember(companion: Companion, levels: Sequence[Level]) -> None:
    for level in levels:
        companion.remember(level)


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
