"""From an audit's folder to its figures and page, again and again the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from procgen_sim.experiments.marker import list_files
from procgen_sim.files import write_bytes
from procgen_sim.report.audit.reading import Audit, read_audit

if TYPE_CHECKING:
    from procgen_sim.report.document import Planned

__all__ = ["write_audit_figures", "write_audit_report"]


def write_audit_figures(folder: Path, into: Path, names: Sequence[str]) -> list[Path]:
    """Write some of an audit's figures as SVG and PNG: ``two_axes``, ``learning``, ``boredom``,
    ``vocabulary``, ``vocabulary_sizes``, ``windows``, ``hill``, ``range_…``, ``helps_…``,
    ``tropes_…``, as far as ``folder/audit.json`` has numbers for them.

    Raises
    ------
    InputError
        If there is no audit or no such figure, or the folder cannot be written.
    """
    from procgen_sim.report.document import write_chosen
    from procgen_sim.report.style import looks

    with looks():
        return write_chosen(_all_plans(read_audit(folder)), into, names)


def write_audit_report(folder: Path) -> list[Path]:
    """Write ``figures/`` and ``report.html`` into an audit's folder, from ``audit.json`` alone.

    Each figure is an SVG for pages and print and a PNG for slides; pictures of levels are PNG.

    Returns
    -------
    The files written, ``report.html`` last.

    Raises
    ------
    InputError
        If there is no audit in the folder, or it cannot be written.
    """
    # Matplotlib takes most of a second to load, so only those who want figures wait for it.
    from procgen_sim.report.audit.page import page
    from procgen_sim.report.style import looks

    audit = read_audit(folder)
    made: dict[str, bytes] = {}

    def keep(name: str, data: bytes) -> None:
        made[f"figures/{name}"] = data

    with looks():
        html = page(audit, keep)
    made["report.html"] = html.encode("utf-8")
    list_files(folder, made)
    for name, data in made.items():
        write_bytes(folder / name, data)
    return [folder / name for name in made]


def _all_plans(audit: Audit) -> list[Planned]:
    from procgen_sim.report.audit.plans import curves, range_plans, sheets, two_axes, what_helps

    helps = [plan for _, plan in what_helps(audit)]
    return [*two_axes(audit), *curves(audit), *range_plans(audit), *helps, *sheets(audit)]
