"""From a stored run to its figures and page, again and again the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from procgen_sim.experiments.marker import list_files
from procgen_sim.experiments.remarks import describe_habit
from procgen_sim.files import write_bytes

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun
    from procgen_sim.report.document import Planned

__all__ = ["write_figures", "write_report"]


def write_figures(run: CompareRun, folder: Path, names: Sequence[str]) -> list[Path]:
    """Write some of a run's figures as SVG and PNG: ``boredom``, ``survival``, ``differences``,
    ``predictability``, ``habit``, ``model_map``.

    Raises
    ------
    InputError
        If there is no such figure, or the folder cannot be written.
    """
    from procgen_sim.report.document import write_chosen
    from procgen_sim.report.style import looks

    with looks():
        return write_chosen(_plans(run), folder, names)


def write_report(run: CompareRun) -> list[Path]:
    """Write ``figures/`` and ``report.html`` into a run's folder, from what it stores alone.

    Each figure is an SVG for pages and print and a PNG for slides; pictures of levels are PNG.

    Returns
    -------
    The files written, ``report.html`` last.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    # Matplotlib takes most of a second to load, so only those who want figures wait for it.
    from procgen_sim.report.document import ShownLevel, data_uri, make
    from procgen_sim.report.page import page
    from procgen_sim.report.strips import make_strips, strips_png
    from procgen_sim.report.style import looks

    made: dict[str, bytes] = {}

    def keep(name: str, data: bytes) -> None:
        made[f"figures/{name}"] = data

    with looks():
        shown = [make(plan, keep) for plan in _plans(run)]
        strips = make_strips(run)
        levels = []
        for number, strip in enumerate(strips):
            png = strip.png()
            keep(f"level_{number + 1:02d}_{run.exhibits[number].why}.png", png)
            levels.append(
                ShownLevel(
                    title=strip.title,
                    caption=strip.caption,
                    alt=strip.alt,
                    src=data_uri(png, "image/png"),
                )
            )
        if strips:
            keep("levels.png", strips_png(strips))
    made["report.html"] = page(run, shown, levels).encode("utf-8")
    list_files(run.folder, made)
    for name, data in made.items():
        write_bytes(run.folder / name, data)
    return [run.folder / name for name in made]


def _plans(run: CompareRun) -> list[Planned]:
    from procgen_sim.report.curves import draw_boredom, draw_predictability
    from procgen_sim.report.differences import draw_differences
    from procgen_sim.report.document import Planned
    from procgen_sim.report.facts import number
    from procgen_sim.report.habit import draw_habit
    from procgen_sim.report.model_map import draw_map
    from procgen_sim.report.style import arm_looks
    from procgen_sim.report.survival import draw_survival

    arms = run.summary.arms
    interest, horizon = run.config.interest, run.summary.n_levels
    looks = arm_looks([arm.name for arm in arms])
    names = ", ".join(arm.name for arm in arms)

    def each(told: Callable[[Any], str]) -> str:
        return "; ".join(f"{arm.name} {told(arm)}" for arm in arms)

    stayed = each(lambda arm: f"{arm.notions[interest].share_stayed:.0%}")
    return [
        Planned(
            name="boredom",
            title="Boredom, level by level",
            caption="Mean over players with the 95 % band of that mean. Shaded: the thresholds at "
            "which the middle 80 % of players leave, with their median. One panel for each notion "
            "of interest. An arm can end less bored on average and still have lost more players "
            "on the way.",
            alt=f"Line chart of mean boredom over {horizon} levels, one panel for each notion of "
            f"interest. Interest at the end under {interest}: "
            + each(lambda arm: f"{arm.notions[interest].interest_end:.2f}"),
            kind="wide",
            draw=partial(draw_boredom, run, looks),
        ),
        Planned(
            name="survival",
            title="Who is still there",
            caption="Share of players not yet bored (Kaplan–Meier, 95 % bands). Beside each "
            "panel, the level by which half of an arm’s players had left.",
            alt=f"Survival curves, one panel for each notion. Still there at the end under "
            f"{interest}: {stayed}",
            kind="wide",
            draw=partial(draw_survival, run, looks),
        ),
        Planned(
            name="differences",
            title="What leaving the model changed",
            caption="Levels that the same players stayed longer (right) or left sooner (left) than "
            "on the model, with 95 % intervals. Filled: told apart from chance allowing for all "
            "these comparisons. An effect that points the same way in all panels does not hang on "
            "what one takes interest to be.",
            alt="Paired differences from on-model with intervals for each arm and notion. Under "
            f"{interest}: "
            + each(lambda arm: f"{arm.notions[interest].difference.estimate or 0.0:+.1f}"),
            kind="wide",
            draw=partial(draw_differences, run, looks),
        ),
        Planned(
            name="predictability",
            title="What there is left to find out",
            caption="Every level on the model is new, and yet players come to see it coming. Arms "
            "that leave the model are averaged over all their levels, breaks included.",
            alt="Line charts of predictability and foreseen share by level. Predictability at the "
            "end: " + each(lambda arm: number(arm.predictability_end)),
            kind="wide",
            draw=partial(draw_predictability, run, looks),
        ),
        Planned(
            name="habit",
            title="A habit gets learned",
            caption="What each player’s first, second, … break cost, with the 95 % band of "
            "the mean, and what it would have cost them had every level before followed the "
            "model. The gap is what they learned of the habit: leaving always in the same way is "
            f"itself a model. {describe_habit(run.summary)}",
            alt=f"Mean surprise of breaks by their ordinal number, one panel an arm: {names}. "
            + describe_habit(run.summary),
            kind="wide",
            draw=partial(draw_habit, run, looks),
        ),
        Planned(
            name="model_map",
            title="Where the levels are",
            caption="The corpus, the fitted model (outlined: two standard deviations of each "
            "component, or half and 86 % of what it makes), what it generated, and the breaks, in "
            "the plane in which the corpus spreads most. A break can be far off in directions "
            "this plane does not show.",
            alt="Scatter plot of levels in the first two principal components of the corpus, with "
            f"the model’s {run.model.n_components} components outlined. Share of levels off the "
            "model: " + each(lambda arm: f"{arm.off_model_share:.0%}"),
            kind="one",
            draw=partial(draw_map, run, looks),
        ),
    ]
