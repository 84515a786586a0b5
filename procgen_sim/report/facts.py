"""The report's tables: the comparison, the fit, the builder's fidelity, who the players were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from procgen_sim.experiments.sensitivity import shift_appetites
from procgen_sim.experiments.statistics import Interval
from procgen_sim.experiments.summary import ArmSummary

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

_ATTENTION: Final = {
    "theme": "themes: the design parameters of whole levels",
    "pattern": "patterns: which tile comes next, column after column",
    "both": "themes and patterns, which weigh the same to a newcomer; bits are those of themes",
}

__all__ = [
    "Grid",
    "appetite_grid",
    "arm_rows",
    "bored_after",
    "criterion_grid",
    "difference",
    "fidelity_grid",
    "fit_facts",
    "notion_grid",
    "number",
    "percent",
    "player_grid",
    "signed",
]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table: ``head`` and ``rows`` of text; ``chosen`` is (row, column) to make bold, or None."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chosen: tuple[int, int] | None = None


def signed(value: float, places: int = 1) -> str:
    """``+8.3``, ``−0.2``, ``0.0``; whole numbers with separators when huge."""
    if not np.isfinite(value):
        return "?"
    if abs(value) >= 1e6:
        return f"{value:+.2g}".replace("-", "−")
    if 0 < abs(value) < 0.05 and places == 1:
        places = 2  # so that an interval that leaves out 0 is seen to
    text = f"{value:+,.{places}f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def number(value: float | None) -> str:
    """``0.94``, ``−0.10``; a dash where there is none."""
    if value is None or not np.isfinite(value):
        return "–"
    return f"{value:.2f}".replace("-", "−")


def percent(share: float | None) -> str:
    """``15 %``; a share close to none or all is not rounded to it."""
    if share is None or not np.isfinite(share):
        return "–"
    if 0 < share < 0.005 or 0.995 < share < 1:
        return f"{share * 100:.1f} %"
    return f"{share * 100:.0f} %"


def bored_after(median: Interval, horizon: int) -> str:
    """``14 (12–17)``, ``30 (22 to >60)``, ``>60``."""
    beyond = f">{horizon:,}"

    def end(value: float | None) -> str:
        return beyond if value is None or not np.isfinite(value) else f"{value:,.0f}"

    if median.low is None:
        return end(median.estimate)
    low, high = end(median.low), end(median.high)
    to = " to " if beyond in (low, high) else "–"  # –> would be an arrow
    return f"{end(median.estimate)} ({low}{to}{high})"


def difference(interval: Interval) -> str:
    """``+8.3 (+6.1 to +10.4)``."""
    if interval.estimate is None:
        return "–"
    if interval.low is None or interval.high is None:
        return signed(interval.estimate)
    return f"{signed(interval.estimate)} ({signed(interval.low)} to {signed(interval.high)})"


def arm_rows(run: CompareRun) -> tuple[tuple[str, ...], ...]:
    """One row an arm under the notion the run was asked for, in the order of :data:`ARM_HEAD`."""
    return tuple(_arm_row(run, arm, first=i == 0) for i, arm in enumerate(run.summary.arms))


def _bored(run: CompareRun, arm: ArmSummary, notion: str) -> str:
    median = arm.notions[notion].bored.median
    if run.summary.n_players == 1:  # one player has no interval
        median = replace(median, low=None, high=None)
    return bored_after(median, run.summary.n_levels)


def _arm_row(run: CompareRun, arm: ArmSummary, *, first: bool) -> tuple[str, ...]:
    notion = arm.notions[run.config.interest]
    return (
        arm.name,
        _bored(run, arm, run.config.interest),
        number(arm.predictability_end),
        number(notion.interest_end),
        percent(arm.playable_share),
        percent(arm.off_model_share),
        "" if first else difference(notion.difference) if notion.tellable else "–",
    )


def notion_grid(run: CompareRun) -> Grid:
    """Levels until bored under each notion of interest."""
    arms = run.summary.arms
    notions = list(arms[0].notions)
    return Grid(
        head=("levels until bored", *notions),
        rows=tuple((arm.name, *(_bored(run, arm, n) for n in notions)) for arm in arms),
    )


def appetite_grid(run: CompareRun) -> Grid | None:
    """What arms change under ``wundt`` with other appetites; None with nothing to compare."""
    arms = tuple(arm.name for arm in run.summary.arms)
    if len(arms) < 2:
        return None
    rows = shift_appetites(run.records, run.players, arms)
    return Grid(
        head=("mean appetite", *arms[1:]),
        rows=tuple(
            (
                f"{row.appetite:.2f}{' (as assumed)' if row.shift == 0 else ''}",
                *(difference(row.differences[arm]) for arm in arms[1:]),
            )
            for row in rows
        ),
    )


def fit_facts(run: CompareRun) -> list[tuple[str, str]]:
    """What was fitted to what, in pairs of words and values."""
    fit, model = run.fit, run.model
    bodies: dict[str, int] = {}
    for body in fit.get("bodies", []):
        bodies[body] = bodies.get(body, 0) + 1
    trained = ", ".join(f"{body} ({n} levels)" for body, n in bodies.items())
    weights = ", ".join(f"{w:.2f}" for w in sorted(model.weights, reverse=True)[:8])
    more = ", …" if model.n_components > 8 else ""
    facts = [
        ("corpus", trained or f"{len(fit.get('levels', []))} levels"),
        ("model", model.kind),
        ("components", f"{model.n_components} (weights {weights}{more})"),
    ]
    facts += [
        (key.replace("_", " "), _plain(value))
        for key, value in model.details.items()
        if key != "n_components" and isinstance(value, str | int | float)
    ]
    facts += [
        (
            "off-model",
            f"below {fit['threshold_nats']:.1f} nats".replace("-", "−")
            + ", the log density above which 99.9 % of its own levels lie",
        ),
        ("generated levels", f"{fit['n_columns']} columns wide"),
        ("players attend to", _ATTENTION[run.config.observer]),
    ]
    for arm in run.summary.arms[1:]:
        if arm.broke_off_model_share is not None:
            told = f"{percent(arm.broke_share)} of levels, {percent(arm.broke_off_model_share)}"
            told += " of them below that density"
            if arm.learned is not None and run.summary.naive_bits > 0:
                cost = arm.learned.last_bits / run.summary.naive_bits
                told += f"; the later ones cost {cost:.2f} of a newcomer’s surprise"
            facts.append((f"breaks, {arm.name}", told))
    return facts


def criterion_grid(details: Mapping[str, Any]) -> Grid | None:
    """BIC of each candidate of a mixture, shapes down and components across; None without one."""
    table = details.get("table")
    if not table:
        return None
    shapes = list(dict.fromkeys(row["shape"] for row in table))
    counts = sorted({row["n_components"] for row in table})
    cells = {(row["shape"], row["n_components"]): row for row in table}

    def cell(shape: str, count: int) -> str:
        row = cells.get((shape, count))
        if row is None or row["bic"] is None:
            return "–"
        text = f"{row['bic']:,.0f}".replace("-", "−")
        return text if row.get("allowed", True) else f"({text})"

    chosen = None
    if details.get("shape") in shapes and details.get("n_components") in counts:
        chosen = (shapes.index(details["shape"]), 1 + counts.index(details["n_components"]))
    return Grid(
        head=("covariance", *(str(count) for count in counts)),
        rows=tuple((shape, *(cell(shape, count) for count in counts)) for shape in shapes),
        chosen=chosen,
    )


def fidelity_grid(run: CompareRun) -> Grid:
    """For each design parameter: its range in the corpus, and R² of asked for against built."""
    space, data = run.model.space, np.asarray(run.fit["data"], dtype=np.float64)
    units: Sequence[str] = space.units or [""] * space.n
    fidelity = run.fit.get("fidelity") or [None] * space.n
    rows = []
    for j, name in enumerate(space.names):
        known = fidelity[j] is not None and np.isfinite(fidelity[j])
        rows.append(
            (
                f"{name.replace('_', ' ')}{f' ({units[j]})' if units[j] else ''}",
                f"{space.low[j]:.3g} to {space.high[j]:.3g}",
                f"{data[:, j].min():.3g} to {data[:, j].max():.3g}".replace("-", "−"),
                f"{fidelity[j]:.2f}".replace("-", "−") if known else "constant",
            )
        )
    return Grid(
        head=("design parameter", "natural range", "in the corpus", "R² built"), rows=tuple(rows)
    )


def player_grid(run: CompareRun) -> Grid:
    """Median and 5–95 % range of each trait of the players of this run."""
    rows = []
    for name, values in run.players.items():
        if name == "player" or not np.issubdtype(np.asarray(values).dtype, np.floating):
            continue
        low, middle, high = map(float, np.quantile(values, [0.05, 0.5, 0.95]))
        rows.append((name.replace("_", " "), _plain(middle), f"{_plain(low)} to {_plain(high)}"))
    return Grid(head=("trait", "median", "5 to 95 % of players"), rows=tuple(rows))


def _plain(value: float | str) -> str:
    if isinstance(value, float):
        return (f"{value:,.0f}" if 100 <= abs(value) < 1e9 else f"{value:.3g}").replace("-", "−")
    return str(value)
