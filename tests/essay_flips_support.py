"""Findings whose checks are flipped one by one: words and titles must follow."""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt

from procgen_sim.experiments.essay import Check, Finding

ANALYSIS = Path(__file__).parents[1] / "analysis"


def in_state(check: Check, state: str) -> Check:
    """The check as it would be if it held, could not be told, or if the opposite held."""
    if check.relation == "equal":
        off = 9.0 + (check.within if math.isfinite(check.within) else 0.0)
        estimate = check.bound + (off if state == "opposite" else 0.0)
        return replace(
            check, estimate=estimate, standard_error=math.nan if state == "open" else 1.0
        )
    sign = (1.0 if check.relation == "above" else -1.0) * (-1.0 if state == "opposite" else 1.0)
    error = 1.0 if state == "open" else 0.01
    return replace(check, estimate=check.bound + sign * 0.4, standard_error=error)


def flips(finding: Finding) -> Iterator[tuple[int, dict[str, Finding]]]:
    """Each check's place, and by state the finding in which it alone is in that state, all others
    holding."""
    held = [in_state(check, "holds") for check in finding.checks]
    for i, check in enumerate(finding.checks):
        found = {}
        for state in ("holds", "open", "opposite"):
            checks = [*held[:i], in_state(check, state), *held[i + 1 :]]
            found[state] = replace(finding, checks=tuple(checks))
        yield i, found


def words_of(sentence: str) -> str:
    """A sentence without its numbers."""
    return re.sub(r"[-+]?\d[\d.,e+-]*", "#", sentence)


def drawing_of(name: str) -> Callable[[Finding], list[str]]:
    """From a finding to the titles of the panels that ``analysis/NAME.py`` draws."""
    spec = importlib.util.spec_from_file_location(f"analysis_{name}", ANALYSIS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def titles(finding: Finding) -> list[str]:
        figure = module.draw(finding)
        found = [
            axes.get_title(place) for axes in figure.axes for place in ("left", "center", "right")
        ]
        plt.close(figure)
        return [title for title in found if title]

    return titles


def check_words_and_titles(
    finding: Finding, conclude: Callable[..., str], stored: Path, name: str
) -> None:
    """Each check alone changes the sentence, three ways, and a title of the figure.

    The figure is drawn from the stored file, as the script does.
    """
    finding.write(stored)
    again = Finding.read(stored)
    assert conclude(finding.checks, finding.data) == finding.conclusion
    titles = drawing_of(name)
    for i, states in flips(again):
        told = {s: words_of(conclude(f.checks, f.data)) for s, f in states.items()}
        assert len(set(told.values())) == 3, (i, told)
        drawn = {s: titles(f) for s, f in states.items()}
        assert drawn["holds"] != drawn["open"], (i, drawn)
        assert drawn["holds"] != drawn["opposite"], (i, drawn)
        assert drawn["open"] != drawn["opposite"], (i, drawn)
