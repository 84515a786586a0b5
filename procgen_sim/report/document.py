"""What pages are made of: filled templates with every picture inside, nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from procgen_sim._checks import check_choice
from procgen_sim.files import write_bytes
from procgen_sim.report.style import as_png, as_svg, lay_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Planned", "Shown", "ShownLevel", "data_uri", "fill", "make", "write_chosen"]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A figure to make: what it is called, what a reader is told, what draws it.

    Attributes
    ----------
    name, title, caption, alt
        Of the files; above it; below it; what a person who cannot see it is told.
    kind
        ``"wide"``, or ``"one"`` for one of a single panel.
    draw
        Draws it; its keyword ``narrow`` says for how wide a page.
    """

    name: str
    title: str
    caption: str
    alt: str
    kind: str
    draw: Callable[..., Figure]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A figure on the page; ``wide`` and ``narrow`` are data URIs for wide and narrow pages."""

    name: str
    title: str
    caption: str
    alt: str
    wide: str
    narrow: str | None
    kind: str


@dataclass(frozen=True, kw_only=True)
class ShownLevel:
    """A level's picture on the page, as a data URI."""

    title: str
    caption: str
    alt: str
    src: str


def data_uri(data: bytes, kind: str) -> str:
    """Bytes as something an ``img`` can show without loading it; ``kind`` as ``"image/png"``."""
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def make(plan: Planned, keep: Callable[[str, bytes], None]) -> Shown:
    """Draw a figure for the page, and hand its files to ``keep``: a name and the bytes."""
    figure = lay_out(plan.draw())
    svg = as_svg(figure)
    keep(f"{plan.name}.svg", svg)
    keep(f"{plan.name}.png", as_png(figure))
    return Shown(
        name=plan.name,
        title=plan.title,
        caption=plan.caption,
        alt=plan.alt,
        kind=plan.kind,
        wide=data_uri(svg, "image/svg+xml"),
        narrow=data_uri(as_svg(lay_out(plan.draw(narrow=True))), "image/svg+xml"),
    )


def write_chosen(plans: Sequence[Planned], folder: Path, names: Sequence[str]) -> list[Path]:
    """Write some figures as SVG and PNG into a folder.

    Raises
    ------
    InputError
        If there is no such figure, or the folder cannot be written.
    """
    by_name = {plan.name: plan for plan in plans}
    written = []
    for name in names:
        figure = lay_out(by_name[check_choice("figure", name, by_name)].draw())
        for suffix, data in (("svg", as_svg(figure)), ("png", as_png(figure))):
            write_bytes(folder / f"{name}.{suffix}", data)
            written.append(folder / f"{name}.{suffix}")
    return written


def fill(template: str, context: Mapping[str, Any]) -> str:
    """A template of this folder as HTML; a percent sign stays with its number."""
    html = _environment().get_template(template).render(context)
    return html.replace(" %", "\u00a0%")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
