"""The answer of an audit as plain text: the verdict, and all sources side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["audit_table"]

_WIDTH: Final = 100
_NOTION: Final = "surprise"
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
    return "\n".join([*lines, *_table([_row(source) for source in told["sources"]])])


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


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    columns = range(len(_HEAD))
    widths = [max(len(cell) for cell in (*_HEAD[i], *(row[i] for row in rows))) for i in columns]
    rest = sum(widths[1:]) + 2 * len(_HEAD)
    widths[0] = min(widths[0], max(_WIDTH - rest, len("samurai (hand-made)")))
    lines = [_line([head[i] for head in _HEAD], widths) for i in (0, 1)]
    lines.append("  ".join("-" * width for width in widths))
    for name, *cells in rows:
        if len(name) > widths[0]:
            lines += [name, _line(["", *cells], widths)]
        else:
            lines.append(_line([name, *cells], widths))
    return lines


def _line(cells: list[str], widths: list[int]) -> str:
    first, *others = (cell.ljust(w) for cell, w in zip(cells, widths, strict=True))
    return "  ".join([first, *others]).rstrip()
