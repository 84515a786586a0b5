"""Pictures of levels, with what each cost the player who met it.

A level is long and low; on a page it is cut into rows of equal length that are read like text.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from procgen_sim.levels import SHIPPED, render
from procgen_sim.report.style import INK, QUIET

if TYPE_CHECKING:
    from PIL import Image

    from procgen_sim.experiments import CompareRun
    from procgen_sim.experiments.showcase import Exhibit

__all__ = ["Strip", "make_strips", "strips_png", "wrap"]

_COLUMNS_PER_ROW: Final = 80
_TILE_PX: Final = 16
_GAP_PX: Final = 12
_WIDTH_PX: Final = 1100
_SHEET_PX: Final = 1760
_CAPTION_PX: Final = 86
_MOST_COLUMNS: Final = 1200


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One level ready to show.

    Attributes
    ----------
    title, caption, alt
        What it is; what it cost; what a person who cannot see it is told.
    picture
        The whole level in one strip.
    """

    title: str
    caption: str
    alt: str
    picture: Image.Image

    def png(self) -> bytes:
        """The picture cut into rows for a page, as PNG."""
        from PIL import Image

        rows = wrap(self.picture)
        if rows.width > _WIDTH_PX:
            height = round(rows.height * _WIDTH_PX / rows.width)
            rows = rows.resize((_WIDTH_PX, height), Image.Resampling.BOX)
        return _png(rows)


def make_strips(run: CompareRun) -> list[Strip]:
    """A strip for each of the run's exhibits, in their order."""
    return [_strip(run, exhibit) for exhibit in run.exhibits]


def wrap(picture: Image.Image) -> Image.Image:
    """One long strip as rows of at most 80 tiles, equally long, on white."""
    from PIL import Image

    columns = -(-picture.width // _TILE_PX)
    n_rows = -(-columns // _COLUMNS_PER_ROW)
    width = -(-columns // n_rows) * _TILE_PX
    height = picture.height
    page = Image.new("RGB", (width, n_rows * (height + _GAP_PX) - _GAP_PX), "white")
    for row in range(n_rows):
        piece = picture.crop((row * width, 0, min((row + 1) * width, picture.width), height))
        page.paste(piece, (0, row * (height + _GAP_PX)))
    return page


def strips_png(strips: list[Strip]) -> bytes:
    """All strips below one another with their captions, for a slide, as PNG."""
    import matplotlib
    from PIL import Image, ImageDraw, ImageFont

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    bold = ImageFont.truetype(str(fonts / "DejaVuSans-Bold.ttf"), 22)
    plain = ImageFont.truetype(str(fonts / "DejaVuSans.ttf"), 18)
    pictures = [
        s.picture.resize(
            (_SHEET_PX, max(1, round(s.picture.height * _SHEET_PX / s.picture.width))),
            Image.Resampling.BOX,
        )
        for s in strips
    ]
    height = sum(picture.height + _CAPTION_PX for picture in pictures)
    sheet = Image.new("RGB", (_SHEET_PX + 2 * _GAP_PX, height + _GAP_PX), "white")
    pen, top = ImageDraw.Draw(sheet), 0
    for strip, picture in zip(strips, pictures, strict=True):
        pen.text((_GAP_PX, top + 24), strip.title, font=bold, fill=INK)
        pen.text((_GAP_PX, top + 54), strip.caption, font=plain, fill=QUIET)
        sheet.paste(picture, (_GAP_PX, top + _CAPTION_PX))
        top += picture.height + _CAPTION_PX
    return _png(sheet)


def _png(picture: Image.Image) -> bytes:
    """As PNG, of 256 colours: the pictures are pixel art over a plain sky."""
    from PIL import Image

    buffer = io.BytesIO()
    fewer = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    fewer.save(buffer, format="PNG")
    return buffer.getvalue()


def _strip(run: CompareRun, exhibit: Exhibit) -> Strip:
    titles = {
        "typical": "Typical: on the model, of median surprise late in play",
        "surprising": "Most surprising of those that stayed on the model",
        "break": f"A break: “{exhibit.arm}”",
    }
    level = exhibit.level
    foreseen = exhibit.foreseen
    seen = (
        f"{foreseen:.0%} of it foreseen"
        if foreseen >= 0
        else f"{-foreseen:.0%} dearer than to a newcomer"
    ).replace("%", " %")
    quantile = exhibit.density_quantile
    less = (
        "less likely under the model than any of its own levels"
        if quantile <= 0
        else f"likelier than {_percent(quantile)} of the model’s own levels"
    )
    body = _nearest_body(run, exhibit)
    caption = f"Level {exhibit.number} of player {exhibit.player}: "
    caption += f"{exhibit.surprise_bits:.1f} bits, {seen}; {less}."
    if body is not None:
        caption += f" Closest to a level of {body}."
    if level.n_columns > _MOST_COLUMNS:
        caption += f" The first {_MOST_COLUMNS} of its {level.n_columns} columns."
        level = type(level)(level.grid[:, :_MOST_COLUMNS], level.tileset, level.name)
    title = titles.get(exhibit.why, exhibit.why)
    return Strip(
        title=title,
        caption=caption,
        alt=f"{title}. A picture of a level of {level.n_columns} columns. {caption}",
        picture=render(level, art=body if body in SHIPPED else None),
    )


def _percent(share: float) -> str:
    if share < 0.01:
        return f"{share * 100:.1f} %"
    return f"{min(share, 0.99) * 100:.0f} %" if share < 1 else "all"


def _nearest_body(run: CompareRun, exhibit: Exhibit) -> str | None:
    """The body of work of the corpus level with the most similar design parameters."""
    records, space = run.records, run.model.space
    row = np.flatnonzero(
        (records["arm"] == exhibit.arm)
        & (records["player"] == exhibit.player)
        & (records["level"] == exhibit.number)
    )
    bodies = run.fit.get("bodies")
    if not len(row) or not bodies:
        return None
    here = np.array([records[f"phi_{name}"][row[0]] for name in space.names])
    apart = space.to_unit(np.asarray(run.fit["data"])) - space.to_unit(here)
    return str(bodies[int((apart**2).sum(axis=1).argmin())])
