"""An audit from what people type to its numbers, and to a folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, cast

import numpy as np

from procgen_sim.experiments.audit.audience import memories
from procgen_sim.experiments.audit.config import AuditConfig
from procgen_sim.experiments.audit.document import document
from procgen_sim.experiments.audit.learning import N_LIVES
from procgen_sim.experiments.audit.measure import SourceAudit, measure
from procgen_sim.experiments.parallel import workers
from procgen_sim.generators.sources import Limits, Source, open_source
from procgen_sim.levels.body import Body, Order
from procgen_sim.levels.corpus import SHIPPED

__all__ = ["PER_LEVEL_COLUMNS", "Audit", "per_level", "run_audit"]

PER_LEVEL_COLUMNS: Final = (
    "source",
    "index",
    "file",
    "n_columns",
    "bits_naive",
    "bits",
    "progress_bits",
)
"""Columns of the table of levels."""

Tell = Callable[[str, int, int], None]
"""``(what is being done, pieces done, pieces in all)``."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Audit:
    """Several sources, measured.

    Attributes
    ----------
    config
        What was asked for.
    sources
        The sources in the order given, then the yardsticks.
    """

    config: AuditConfig
    sources: tuple[SourceAudit, ...]

    @property
    def document(self) -> dict[str, Any]:
        """As JSON: see :mod:`procgen_sim.experiments.audit.document`."""
        return document(self.config, self.sources)


def run_audit(
    config: AuditConfig,
    *,
    jobs: int = 1,
    limits: Limits | None = None,
    tell: Tell = lambda _what, _done, _all: None,
) -> Audit:
    """Open every source and measure it.

    Parameters
    ----------
    config
        What to audit.
    jobs
        Processes. The numbers are the same for any.
    limits
        What a generator may take for a level.
    tell
        Told how far it is.

    Raises
    ------
    InputError
        If a source or a value is wrong.
    """
    config = config.checked()
    opened = [_open(config, text, jobs, limits, tell) for text in config.sources]
    asked = len(opened)
    if config.yardsticks:
        opened += [open_source(name) for name in SHIPPED if name not in config.sources]
    names = _different([source.name for source in opened])
    order = None if config.order == "auto" else cast("Order", config.order)
    audience = memories(config.players, N_LIVES, seed=config.seed)
    audits = []
    with workers(jobs) as crew:
        for i, (name, source) in enumerate(zip(names, opened, strict=True)):
            body = Body.of(name, source.levels, order=order if i < asked else None)
            audits.append(
                measure(
                    source,
                    body,
                    audience,
                    seed=config.seed,
                    yardstick=i >= asked,
                    workers=crew,
                    tell=partial(tell, name),
                )
            )
    return Audit(config=config, sources=tuple(audits))


def per_level(audits: Sequence[SourceAudit]) -> str:
    """Each level's bits as CSV, in the order of the stream.

    ``bits_naive`` is what a level costs a newcomer, ``bits`` what it cost when it was met after
    those before it, ``progress_bits`` by how many bits it made the next one cheaper; the last has
    no next. All its lines count, but for progress, which is of active ones.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(PER_LEVEL_COLUMNS)
    for audit in audits:
        if audit.yardstick:
            continue
        learning = audit.learning
        for i, file in enumerate(audit.source.origins):
            progress = float(learning.stream.progress_bits[i])
            table.writerow(
                [
                    audit.body.name,
                    i,
                    file,
                    int(learning.n_lines[i]),
                    f"{learning.naive_bits[i]:.4f}",
                    f"{learning.stream.bits[i]:.4f}",
                    "" if np.isnan(progress) else f"{progress:.4f}",
                ]
            )
    return text.getvalue()


def _open(config: AuditConfig, text: str, jobs: int, limits: Limits | None, tell: Tell) -> Source:
    return open_source(
        text,
        n_levels=config.levels or None,
        tileset=config.tileset or None,
        skip_bad=config.skip_bad,
        seed=config.seed,
        jobs=jobs,
        limits=limits,
        progress=partial(tell, text),
    )


def _different(names: Sequence[str]) -> list[str]:
    """Names, those met before with a number."""
    found: list[str] = []
    for name in names:
        told, again = name, 1
        while told in found:
            again += 1
            told = f"{name} ({again})"
        found.append(told)
    return found
