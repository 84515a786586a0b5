"""The page of an audit: one HTML file, verdict first, with everything in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from procgen_sim.report.audit.bored import notions_of
from procgen_sim.report.audit.pictures import show_levels, show_tropes
from procgen_sim.report.audit.plans import (
    curves,
    pool_words,
    range_plans,
    sheets,
    stands_words,
    two_axes,
    warnings_of,
    what_helps,
)
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.audit.tables import equal_grid, whole_grid
from procgen_sim.report.audit.tint import draw_legend
from procgen_sim.report.audit.words import Footnotes, joined
from procgen_sim.report.document import Shown, fill, make
from procgen_sim.report.style import NOTION_WORDS, as_png, as_svg, lay_out

__all__ = ["page"]

_LONGEST_HEADING = 130


def page(audit: Audit, keep: Callable[[str, bytes], None]) -> str:
    """The report as HTML; the files of its figures and pictures go to ``keep``."""
    heading, verdict = _heading(audit)
    equal_notes, whole_notes = Footnotes(), Footnotes()
    names = [source.name for source in audit.given]
    context: dict[str, Any] = {
        "title": f"{', '.join(names)}: how soon do players see through it?",
        "kicker": _kicker(audit),
        "heading": heading,
        "verdict": verdict,
        "caveats": [(s.name, str(r)) for s in audit.given for r in s.get("remarks") or ()],
        "many": len(names) > 1,
        "two_axes": [make(plan, keep) for plan in two_axes(audit)],
        "given": [(source, _own_verdict(source, audit)) for source in audit.given],
        "equal": equal_grid(audit, equal_notes),
        "equal_notes": equal_notes.reasons,
        "both": audit.facts.get("comparison") or {},
        "whole": whole_grid(audit, whole_notes),
        "whole_notes": whole_notes.reasons,
        "skipped": [(s.name, str(f)) for s in audit.sources for f in s.get("skipped") or ()],
        "tropes": [(source, show_tropes(source)) for source in audit.given],
        "levels": _levels(audit, keep),
        "legend": _legend(keep),
        "curves": [make(plan, keep) for plan in curves(audit)],
        "ranges": [make(plan, keep) for plan in range_plans(audit)],
        "warnings": warnings_of(audit),
        "metrics": _metrics(audit),
        "helps": [
            (make(plan, keep), f"{stands_words(source)} {pool_words(source)}")
            for source, plan in what_helps(audit)
        ],
        "no_helps": [
            (source, source.get("helps_note") or source.why("helps"))
            for source in audit.given
            if not source.get("helps")
        ],
        "words": {n: NOTION_WORDS.get(n, n) for n in notions_of(list(audit.sources))},
        "n_players": f"{int(audit.facts.get('n_players') or 0):,}",
        "horizon": f"{int(audit.facts.get('horizon') or 0):,}",
        "yardsticks": [source for source in audit.sources if source.yardstick],
        "sources": audit.sources,
        "version": audit.facts.get("version", ""),
        "seed": audit.facts.get("seed", ""),
    }
    for plan in sheets(audit):
        figure = lay_out(plan.draw())
        keep(f"{plan.name}.svg", as_svg(figure))
        keep(f"{plan.name}.png", as_png(figure))
    return fill("audit/page.html", context)


def _heading(audit: Audit) -> tuple[str, list[str]]:
    """The answer as a heading, and the sentences that follow; what is said of each comes later."""
    told = [str(sentence) for sentence in audit.facts.get("verdict") or ()]
    if len(audit.given) == 1 and told and len(told[0]) <= _LONGEST_HEADING:
        return told[0].rstrip("."), told[1:]
    names = joined([source.name for source in audit.given])
    of_each = {sentence for source in audit.given for sentence in source.get("verdict") or ()}
    if len(audit.given) > 1:
        told = [sentence for sentence in told if sentence not in of_each]
    return f"How soon players see through {names}", told


def _own_verdict(source: Source, audit: Audit) -> list[str]:
    """What is said of a source and not already said over all."""
    told = [str(sentence) for sentence in source.get("verdict") or ()]
    if len(audit.given) > 1:
        return told
    return [sentence for sentence in told if sentence not in (audit.facts.get("verdict") or ())]


def _kicker(audit: Audit) -> str:
    told = [
        f"{source.name} ({source.n_levels:,} level{'s' * (source.n_levels != 1)})"
        for source in audit.given
    ]
    yardsticks = [source.name for source in audit.sources if source.yardstick]
    if yardsticks and len(yardsticks) < len(audit.sources):
        told.append(f"held against {' and '.join(yardsticks)}, which were made by hand")
    return " · ".join(told)


def _levels(audit: Audit, keep: Callable[[str, bytes], None]) -> list[tuple[Source, Any]]:
    return [
        (source, show_levels(source, audit.sources.index(source) + 1, keep))
        for source in audit.given
    ]


def _legend(keep: Callable[[str, bytes], None]) -> Shown:
    from procgen_sim.report.document import Planned

    plan = Planned(
        name="forecast_legend", title="", caption="", kind="wide", draw=draw_legend,
        alt="Scale of the tint, from white for a tile that was certain to dark red for one that "
        "had a chance of 1 in 64 or less",
    )  # fmt: skip
    return make(plan, keep)


def _metrics(audit: Audit) -> list[Mapping[str, Any]]:
    """What was measured for the expressive range, each once."""
    found: dict[str, Mapping[str, Any]] = {}
    for source in audit.sources:
        for metric in source.get("expressive_range", "metrics") or ():
            found.setdefault(metric["name"], metric)
    return list(found.values())
