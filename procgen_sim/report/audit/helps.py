"""What would help: levels that an audience stays longer for each way of leaving the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from matplotlib.figure import Figure

from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.differences import signed_tick
from procgen_sim.report.style import (
    NOTION_WORDS,
    QUIET,
    arm_looks,
    new_figure,
    says_little,
    set_margins,
)

__all__ = ["draw_helps", "with_helps"]


_LETTER_INCHES: Final = 0.08


def with_helps(audit: Audit) -> list[Source]:
    """Sources for which leaving the model was tried."""
    return [
        source
        for source in audit.sources
        if any(help_["levels_gained"] is not None for help_ in source.get("helps") or ())
    ]


def draw_helps(source: Source, *, narrow: bool = False) -> Figure:
    """A forest plot: a row for each proposal and rate; filled where the effect stands."""
    helps: list[Mapping[str, Any]] = [
        h for h in source.get("helps") if h["levels_gained"] is not None
    ]
    notions = list(dict.fromkeys(h["notion"] for h in helps))
    proposals = list(dict.fromkeys(h["proposal"] for h in helps))
    arms = list(dict.fromkeys((h["proposal"], h["rate"]) for h in helps))
    # The first look, plain black, is for what stays on the model.
    looks = dict(zip(proposals, arm_looks(["", *proposals])[1:], strict=True))
    figure, panels = new_figure(len(notions), narrow=narrow, height=1.35 + 0.27 * max(len(arms), 3))
    places = _places(arms)
    left, right = -0.5, 0.5
    for axes, notion in zip(panels, notions, strict=True):
        axes.axvline(0.0, color=QUIET, lw=1.0, zorder=0)
        for each in helps:
            if each["notion"] != notion:
                continue
            look, row = looks[each["proposal"]], places[each["proposal"], each["rate"]]
            ends = [x for x in (each["low"], each["high"]) if x is not None]
            if len(ends) == 2:
                axes.plot(ends, [row, row], color=look.colour, lw=2.0, solid_capstyle="butt")
            axes.plot(
                [each["levels_gained"]],
                [row],
                look.marker,
                color=look.colour,
                mfc=look.colour if each["stands"] else "white",
                mew=1.4,
                ms=7,
            )
            left = min([left, each["levels_gained"], *ends])
            right = max([right, each["levels_gained"], *ends])
        axes.set_title(notion)
        says_little(axes, NOTION_WORDS.get(notion, ""))
        axes.set_xlabel("levels longer than without")
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="y", color="#ececee", lw=0.8)
    room = 0.08 * (right - left)
    for axes in panels:
        axes.set_xlim(left - room, right + room)
        axes.xaxis.set_major_formatter(signed_tick)
    panels[0].set_yticks([places[arm] for arm in arms], [_words(*arm) for arm in arms])
    panels[0].set_ylim(max(places.values()) + 0.6, -0.6)
    for tick, (proposal, _) in zip(panels[0].get_yticklabels(), arms, strict=True):
        tick.set_color(looks[proposal].ink)
    room = 0.3 + _LETTER_INCHES * max(len(_words(*arm)) for arm in arms)
    set_margins(
        figure,
        left=room,
        right=0.15,
        bottom=0.55,
        top=0.5,
        between=0.15,
    )
    return figure


def _places(arms: list[tuple[str, float]]) -> dict[tuple[str, float], float]:
    """Rows from the top, with a little room between proposals."""
    found, place, before = {}, 0.0, arms[0][0]
    for i, arm in enumerate(arms):
        place += (1.0 if i else 0.0) + (0.35 if arm[0] != before else 0.0)
        before = arm[0]
        found[arm] = place
    return found


def _words(proposal: str, rate: float) -> str:
    return f"{proposal}, {rate * 100:.3g} %"
