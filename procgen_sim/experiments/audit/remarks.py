"""What must be known before an audit's numbers are believed: copies, noise, shuffled pieces."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from procgen_sim.experiments.audit.measure import SourceAudit
from procgen_sim.experiments.audit.verdict import is_noise, is_shuffled, percent

__all__ = ["remarks"]

_NOTHING: Final = 0.03
"""Share of a newcomer's bits from which there is something to learn."""

_PADDED: Final = 0.1
_COPIES: Final = 0.02
_FEW: Final = 10

_RETURNS: Final = 0.4
"""Share of the other levels that have an average motif from which the same pieces return; 0.00 to
0.10 in levels made by hand, 0.54 in a generator known for it."""


def remarks(audit: SourceAudit) -> list[str]:
    """Plain sentences, none when all is well."""
    return [
        *audit.source.notes,
        *_about_numbers(audit),
        *_about_copies(audit),
        *_about_order(audit),
        *_about_padding(audit),
    ]


def _about_numbers(audit: SourceAudit) -> Iterator[str]:
    n = audit.body.n_levels
    if n < _FEW:
        yield (
            f"{'One level' if n == 1 else f'{n} levels'}: every number here is rough, and some "
            "cannot be had."
        )
    if len(audit.body.alphabet) == 1:
        yield "Every tile of every level is the same: there is nothing to see."
    if len({len(lines[0]) for lines in audit.body.lines}) > 1:
        yield "Levels differ in size across the way they are met; each is predicted at its own."


def _about_copies(audit: SourceAudit) -> Iterator[str]:
    n, copies = audit.body.n_levels, audit.counted.reuse.copies
    if n > 1 and copies == n - 1:
        yield f"{'Both' if n == 2 else f'All {n}'} levels are the same level."
    elif copies > _COPIES * n:
        yield f"{copies} of {n} levels are exact copies of an earlier one."
    again, length = audit.counted.reuse.motif_share.value, audit.counted.reuse.motif_length
    if n > 2 and copies < n - 1 and again is not None and again >= _RETURNS:
        yield (
            f"The same pieces return: an average stretch of {length} {audit.body.line_name}s is "
            f"found in {percent(again)} of the other levels."
        )


def _about_order(audit: SourceAudit) -> Iterator[str]:
    rates, line = audit.active_rates, audit.body.line_name
    if rates.veteran is None or rates.naive <= 0.0:
        return
    singles = audit.counted.lines[1]
    new = singles.p_new_by_level.value or 0.0
    learnable = rates.naive - rates.veteran
    if is_noise(audit):
        yield (
            f"A tile's neighbours and the other levels tell no more about it than its place in the "
            f"{line} does. That is noise to a player, not variety, however unpredictable it stays."
        )
    elif learnable <= _NOTHING * rates.naive:
        yield "There is next to nothing to learn: knowing the other levels hardly helps."
    elif is_shuffled(audit):
        line_entropy = math.log2(audit.counted.hill[1].observed[1].value or 1.0)
        yield (
            f"A vocabulary of {singles.distinct} {line}s in what might as well be random order: "
            f"a veteran pays {rates.veteran:.2f} bits for the next {line}, where one drawn blindly "
            f"would cost {line_entropy:.2f}. It stays unpredictable, but it is not varied: the "
            f"chance of a {line} never seen before is {percent(new)}."
        )


def _about_padding(audit: SourceAudit) -> Iterator[str]:
    learning = audit.learning
    share = 1.0 - float(learning.n_active.sum() / np.maximum(learning.n_lines.sum(), 1))
    if share > _PADDED:
        yield (
            f"{percent(share)} of all {audit.body.line_name}s are padding before the start or "
            "after the finish; what is said per active line leaves them out."
        )
