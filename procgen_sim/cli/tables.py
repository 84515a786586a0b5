"""The answer of a comparison as plain text: a table, what follows from it, where the rest is."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from procgen_sim.report.facts import arm_rows

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["columns", "compare_table"]

_WIDTH: Final = 100
_HEAD: Final = (
    ("", "arm"),
    ("levels until", "bored (95 %)"),
    ("predictable", "at the end"),
    ("interest", "at the end"),
    ("", "playable"),
    ("", "off-model"),
    ("levels more than", "on-model (95 %)"),
)
_GAP: Final = "  "


def compare_table(run: CompareRun) -> str:
    """The table of a run under its notion of interest, conclusions, and where it was written.

    Lines are at most 100 columns wide, but for what cannot be broken: an arm's name, a path.
    """
    from procgen_sim.experiments.conclusions import conclude
    from procgen_sim.experiments.remarks import describe_breaks, describe_learning
    from procgen_sim.experiments.used_up import describe_use, use_in

    *notions, overall = conclude(run.summary)
    headline = next(each for each in notions if each.notion == run.config.interest)
    players = "1 player" if run.summary.n_players == 1 else f"{run.summary.n_players:,} players"
    title = f"{players} × {run.summary.n_levels:,} levels an arm, interest: {headline.notion}"
    lines = [title, "", *columns(_HEAD, arm_rows(run), least="on-model")]
    found = (describe_breaks(run.summary), describe_use(use_in(run)))
    learning = describe_learning(run.summary)
    caveats = [f"Beware: {caveat}" for caveat in run.fit.get("caveats", [])]
    remarks = [remark for remark in found if remark]
    for text in (*caveats, learning, *headline.sentences, overall.text, *remarks):
        lines += ["", *textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)]
    folder = run.folder.as_posix()
    lines += ["", f"Run:    {folder}", f"Report: {folder}/report.html"]
    return "\n".join(lines)


def columns(
    head: Sequence[tuple[str, str]], rows: Sequence[tuple[str, ...]], *, least: str
) -> list[str]:
    """A table with a two-line head, at most 100 columns wide but for long names in front, of which
    those as long as ``least`` always have room."""
    widths = [
        max(len(cell) for cell in (*head[i], *(row[i] for row in rows))) for i in range(len(head))
    ]
    rest = sum(widths[1:]) + len(_GAP) * (len(widths) - 1)
    # A name that would push the numbers off the line stands on a line of its own.
    widths[0] = min(widths[0], max(_WIDTH - rest, len(least)))
    lines = [_line([words[i] for words in head], widths) for i in (0, 1)]
    lines.append(_GAP.join("-" * width for width in widths))
    for name, *cells in rows:
        if len(name) > widths[0]:
            lines += [name, _line(["", *cells], widths)]
        else:
            lines.append(_line([name, *cells], widths))
    return lines


def _line(cells: list[str], widths: list[int]) -> str:
    """The name to the left, numbers to the left too: their intervals differ in length."""
    return _GAP.join(cell.ljust(w) for cell, w in zip(cells, widths, strict=True)).rstrip()
