"""Which figures an audit has: those there are numbers for, with what a reader is told of each."""

from __future__ import annotations

from functools import partial

from procgen_sim.report.audit.bored import draw_bored, with_boredom
from procgen_sim.report.audit.expressive import draw_range, pairs_of, range_values
from procgen_sim.report.audit.helps import draw_helps, with_helps
from procgen_sim.report.audit.hill import draw_hill, with_hill
from procgen_sim.report.audit.learning import draw_learning, learners
from procgen_sim.report.audit.reading import Audit, Source
from procgen_sim.report.audit.tropes import draw_tropes
from procgen_sim.report.audit.two_axes import draw_two_axes, has_two_axes
from procgen_sim.report.audit.vocabulary import MAIN, draw_growth, draw_sizes, growth_of, sizes_of
from procgen_sim.report.audit.words import bits
from procgen_sim.report.document import Planned
from procgen_sim.report.facts import percent

__all__ = [
    "curves",
    "pool_words",
    "range_plans",
    "sheets",
    "stands_words",
    "two_axes",
    "warnings_of",
    "what_helps",
]


def two_axes(audit: Audit) -> list[Planned]:
    """The chart that stands under the verdict."""
    if not has_two_axes(audit):
        return []
    places = "; ".join(
        f"{source.name} {bits(source.facts['bits_per_active_column']['veteran'])} bits"
        for source in audit.sources
        if source.number("bits_per_active_column", "veteran") is not None
    )
    return [
        Planned(
            name="two_axes",
            title="Two questions, never one score",
            caption="Up: how unpredictable levels stay to somebody who knows all the others. To "
            "the right: how much there is to learn, in bits paid on the way above that. Low and "
            "left is soon seen through. Height alone is no praise: noise stands highest of all. "
            "Grey: hand-made bodies. “Half in 2”: half of what can be learned is learned within "
            "2 levels. Bars: 95 % intervals. Only the left panel compares like with like.",
            alt="Scatter plot of all sources: what can be learned against what stays "
            f"unpredictable. To a veteran an active column costs: {places}.",
            kind="wide",
            draw=partial(draw_two_axes, audit),
        )
    ]


def curves(audit: Audit) -> list[Planned]:
    """Learning, boredom, vocabulary and effective numbers."""
    plans = []
    if learners(audit):
        half = "; ".join(
            f"{source.name} after {source.number('levels_to_half'):.0f} levels"
            for source in learners(audit)
            if source.number("levels_to_half") is not None
        )
        plans.append(
            Planned(
                name="learning",
                title="How fast it is learned",
                caption="Mean over players who meet the levels in different orders. Left: what "
                "the next level costs, with the veteran’s cost as a dotted floor. Right: "
                "the share of all that knowing the other levels can save, as the rising curve "
                "closest to it; the open mark is the level that meets half of it known, the filled "
                "one 90 %.",
                alt=f"Learning curves. Half of what can be learned is known: {half or 'nowhere'}.",
                kind="wide",
                draw=partial(draw_learning, audit),
            )
        )
    if with_boredom(audit):
        plans.append(
            Planned(
                name="boredom",
                title="When they have had enough",
                caption="Mean boredom of a simulated audience, one panel for each notion of "
                "interest. The open mark is the level after which half of the players had left.",
                alt="Curves of mean boredom by level for each source, one panel for each notion "
                "of interest.",
                kind="wide",
                draw=partial(draw_bored, audit),
            )
        )
    counted = [source for source in audit.sources if growth_of(source, *MAIN) is not None]
    if counted:
        ends = "; ".join(f"{s.name} {s.number(*MAIN, 'distinct') or 0:,.0f}" for s in counted)
        plans.append(
            Planned(
                name="vocabulary",
                title="Vocabulary growth",
                caption="Distinct patterns of three successive columns (rows, where levels are "
                "met row by row), in expectation over all orders of the levels. On logarithmic "
                "axes the slope is the Heaps exponent.",
                alt=f"Growth curves of distinct patterns. In all: {ends}.",
                kind="wide",
                draw=partial(draw_growth, audit),
            )
        )
    for where, words in (("vocabulary", "columns or rows"), ("windows", "windows of tiles")):
        if sizes_of(audit, where):
            plans.append(
                Planned(
                    name="vocabulary_sizes" if where == "vocabulary" else "windows",
                    title=f"Vocabulary by size of pattern: {words}",
                    caption="The same count for patterns of other sizes. What has stopped growing "
                    "small may go on growing large: known pieces in new orders.",
                    alt=f"Growth curves of distinct patterns of {words}, one panel a size.",
                    kind="wide",
                    draw=partial(draw_sizes, audit, where),
                )
            )
    if with_hill(audit):
        plans.append(
            Planned(
                name="hill",
                title="Effective number of patterns",
                caption="Hill numbers of three-column patterns: as many equally common patterns "
                "would be as diverse. Rarefied to smaller samples, marked where each source ends, "
                "thin where extrapolated.",
                alt="Curves of Hill numbers of order 0, 1 and 2 over the number of patterns met.",
                kind="wide",
                draw=partial(draw_hill, audit),
            )
        )
    return plans


def range_plans(audit: Audit) -> list[Planned]:
    """Expressive range, a figure for each pair of measures."""
    plans = []
    for pair in pairs_of(audit):
        names = [name.replace("_", " ") for name in pair]
        shown = [s.name for s in audit.sources if len(range_values(s, pair))]
        plans.append(
            Planned(
                name=f"range_{pair[0]}_{pair[1]}".replace(" ", "_"),
                title=f"Expressive range: {names[0]} and {names[1]}",
                caption="Darker: more levels; thin line around the densest 90 % of them, thick "
                "line around the densest half. Where there are few levels, each is a ring. In "
                "grey: the share of the area that they occupy, at equal numbers of levels. Area "
                "is not variety.",
                alt=f"2-D histograms of {names[0]} and {names[1]}, one panel each for "
                f"{', '.join(shown)}.",
                kind="wide",
                draw=partial(draw_range, audit, pair),
            )
        )
    return plans


def warnings_of(audit: Audit) -> list[str]:
    """What the measures themselves say about how to read them."""
    found = (source.get("expressive_range", "warning") for source in audit.sources)
    return list(dict.fromkeys(str(warning) for warning in found if warning))


def what_helps(audit: Audit) -> list[tuple[Source, Planned]]:
    """What would help, a figure for each source it was tried for."""
    return [
        (
            source,
            Planned(
                name=f"helps_{audit.sources.index(source) + 1:02d}",
                title=source.name,
                caption="Levels that the simulated audience stays longer (right) or leaves sooner "
                "(left) if such a share of the levels leaves the model, with 95 % intervals. "
                "Filled: the effect stands allowing for all comparisons. "
                + str(source.get("helps_note") or ""),
                alt=f"Levels gained for {source.name} by proposal, rate and notion of interest. "
                + stands_words(source),
                kind="wide",
                draw=partial(draw_helps, source),
            ),
        )
        for source in with_helps(audit)
    ]


def stands_words(source: Source) -> str:
    """What holds under which notions of interest, in a sentence."""
    notions = list(dict.fromkeys(h["notion"] for h in source.get("helps")))
    arms: dict[str, list[str]] = {}
    for h in source.get("helps"):
        arm = arms.setdefault(f"{h['proposal']} at {h['rate'] * 100:.3g} %", [])
        if h["stands"] and (h["levels_gained"] or 0.0) > 0:
            arm.append(h["notion"])
    whole = [arm for arm, under in arms.items() if len(under) == len(notions)]
    partly = [f"{arm} ({', '.join(u)})" for arm, u in arms.items() if 0 < len(u) < len(notions)]
    if not whole and not partly:
        return "Nothing that was tried keeps players longer beyond doubt."
    told = f"Under every notion: {'; '.join(whole)}." if whole else "Nothing under every notion."
    return told + (f" Under some only: {'; '.join(partly)}." if partly else "")


def pool_words(source: Source) -> str:
    """How many of the levels put in are off the model, and how many can be finished."""
    told = []
    for key, words in (("off_model_share", "off the model"), ("playable_share", "can be finished")):
        shares = {h["proposal"]: percent(h.get(key)) for h in source.get("helps")}
        known = {name: share for name, share in shares.items() if share != percent(None)}
        if known and len(set(shares.values())) == 1:
            told.append(f"{words}: {next(iter(known.values()))}")
        elif known:
            told.append(f"{words}: {', '.join(f'{share} ({n})' for n, share in known.items())}")
        elif key == "playable_share":
            told.append("whether they can be finished was not checked")
    return f"Of the levels put in – {'; '.join(told)}."


def sheets(audit: Audit) -> list[Planned]:
    """The tropes of each given source as a sheet of pictures, for slides."""
    return [
        Planned(
            name=f"tropes_{audit.sources.index(source) + 1:02d}",
            title=source.name,
            caption="",
            alt="",
            kind="wide",
            draw=partial(draw_tropes, source),
        )
        for source in audit.given
        if source.get("tropes")
    ]
