"""The answer of an audit as plain text: the verdict, and all sources side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from procgen_sim.cli.tables import columns

__all__ = ["audit_table"]

_WIDTH: Final = 100
_NOTION: Final = "surprise"
_LEAST: Final = "samurai (hand-made)"
_HEAD: Final = (
    ("", "source"),
    ("", "levels"),
    ("levels until", "bored (95 %)"),
    ("next 3 lines", "new"),
    ("bits a line,", "newcomer"),
    ("", "veteran"),
    ("half", "learned"),
    ("perceptual", "spread"),
)


def audit_table(told: Mapping[str, Any]) -> str:
    """The verdict of an audit, its remarks, and a table of its sources.

    Lines are at most 100 columns wide, but for what cannot be broken.
    """
    lines: list[str] = []
    for sentence in told["verdict"]:
        lines += [*textwrap.wrap(sentence, _WIDTH, break_on_hyphens=False), ""]
    for source in told["sources"]:
        if not source["yardstick"]:
            for remark in source["remarks"]:
                text = f"Beware, {source['name']}: {remark}"
                lines += [*textwrap.wrap(text, _WIDTH, break_on_hyphens=False), ""]
    rows = [_row(source) for source in told["sources"]]
    return "\n".join([*lines, *columns(_HEAD, rows, least=_LEAST)])


def _row(source: Mapping[str, Any]) -> tuple[str, ...]:
    bits, half = source["bits_per_active_column"], source["levels_to_half"]
    new, spread = source["vocabulary"]["3"]["p_new"], source["perceptual_spread"]
    return (
        f"{source['name']} (hand-made)" if source["yardstick"] else str(source["name"]),
        f"{source['n_levels']:,}",
        _bored(
            source["levels_until_bored"][_NOTION], len(source["boredom_curves"][_NOTION]["mean"])
        ),
        "-" if new is None else f"{new:.0%}",
        f"{bits['naive']:.2f}",
        "-" if bits["veteran"] is None else f"{bits['veteran']:.2f}",
        "-" if half is None else f"{half:,}",
        "-" if spread is None else f"{spread:.2f}",
    )


def _bored(stored: Mapping[str, Any], horizon: int) -> str:
    if stored["median"] is None:
        return f">{horizon}"
    low = 1 if stored["low"] is None else int(stored["low"])
    high = f"–{stored['high']:.0f}" if stored["high"] is not None else " or more"
    return f"{stored['median']:.0f} ({low}{high})"
