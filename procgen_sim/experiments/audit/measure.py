"""Everything about one source, measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from procgen_sim.experiments.audit.audience import Audience, Bored, ask_audience
from procgen_sim.experiments.audit.helps import (
    RATES,
    Help,
    helps,
    injected_lives,
    outsides,
    pools,
)
from procgen_sim.experiments.audit.learning import Learning, learned, meetings
from procgen_sim.experiments.audit.rates import BitRates, LearningRate, learning_rate, mean_rates
from procgen_sim.experiments.audit.sameness import Counted, counting, sameness
from procgen_sim.experiments.parallel import Workers
from procgen_sim.generators.sources import Source
from procgen_sim.injection.tiles import TILE_PROPOSALS
from procgen_sim.levels.body import Body

__all__ = ["SourceAudit", "measure"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SourceAudit:
    """What an audit found about one source.

    Attributes
    ----------
    source
        Where the levels are from.
    yardstick
        It is a shipped corpus that the others are held against.
    body
        The levels as they are met.
    counted
        What can be counted without anybody meeting them.
    learning
        What they cost those who meet them.
    all_rates, active_rates
        Bits per line, and per active line.
    rate
        How fast they are learned.
    bored
        How an audience takes them, by notion of interest.
    helps
        What leaving the model would change; empty for yardsticks and where it was not tried.
    """

    source: Source
    yardstick: bool
    body: Body
    counted: Counted
    learning: Learning
    all_rates: BitRates
    active_rates: BitRates
    rate: LearningRate
    bored: dict[str, Bored]
    helps: tuple[Help, ...]


def measure(
    source: Source,
    body: Body,
    audience: Audience,
    *,
    seed: int,
    yardstick: bool,
    workers: Workers[Any],
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> SourceAudit:
    """Measure one source.

    Parameters
    ----------
    source, body
        Its levels.
    audience
        Who is asked.
    seed
        The run's seed.
    yardstick
        Leave out what would help.
    workers
        Who does it; the result is the same for any number.
    tell
        Told after each piece of work how many are done, of how many.
    """

    n_lives = len(audience.half_lives)
    # What takes long comes first, so that nobody waits for it in the end.
    groups = {
        "counting": counting(body, seed),
        "regions": [] if yardstick else outsides(body, seed=seed),
        "meetings": meetings(body, seed=seed, half_lives=audience.half_lives),
    }
    n_pools = len(groups["regions"]) * len(TILE_PROPOSALS)
    n_all = sum(map(len, groups.values())) + n_pools * (1 + len(RATES) * n_lives)
    n_done = 0

    def done(calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        nonlocal n_done
        results = []
        for result in workers(_call, calls):
            results.append(result)
            n_done += 1
            tell(n_done, n_all)
        return results

    results = iter(done([call for calls in groups.values() for call in calls]))
    first = {name: [next(results) for _ in calls] for name, calls in groups.items()}
    learning = learned(body, first["meetings"], seed=seed, n_lives=n_lives)
    made = done(pools(body, first["regions"], seed=seed))
    lived = done(injected_lives(body, learning, made, audience, seed=seed))
    active_rates = mean_rates(learning, active=True)
    return SourceAudit(
        source=source,
        yardstick=yardstick,
        body=body,
        counted=sameness(first["counting"]),
        learning=learning,
        all_rates=mean_rates(learning, active=False),
        active_rates=active_rates,
        rate=learning_rate(learning, active_rates),
        bored=ask_audience(audience, learning, learning.lives, seed=seed),
        helps=helps(learning, made, lived, audience),
    )


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)
