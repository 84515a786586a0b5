"""The model map: every level of the run as a dot, seen from where the corpus spreads most.

The plane is that of the first two principal components of the corpus in unit coordinates, so both
axes mix design parameters; which ones mostly is written on them. A Gaussian seen in a plane is a
Gaussian, so each component's ellipse is exact: it holds what lies within two standard deviations
in this plane (86 %). Of a model of many components, a curve or a kernel density, the outlines of
the densest half and the densest 86 % are drawn instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from procgen_sim.models.plane import Plane, plane_of
from procgen_sim.report.style import INK, ArmLook, new_figure

if TYPE_CHECKING:
    from procgen_sim.experiments import CompareRun

__all__ = ["draw_map"]

Values = npt.NDArray[np.float64]

_MOST_ON_MODEL: Final = 700
_MOST_BREAKS: Final = 120
_MOST_ELLIPSES: Final = 6
_GRID: Final = 90
_BODY_MARKERS: Final = ("o", "*", "P", "X", "p", "h")


def draw_map(run: CompareRun, arms: list[ArmLook], *, narrow: bool = False) -> Figure:
    """Corpus, model and what was generated on and off it, in one plane."""
    space = run.model.space
    data = np.asarray(run.fit["data"], dtype=np.float64).reshape(-1, space.n)
    plane = plane_of(space.to_unit(data))
    figure, (axes,) = new_figure(1, narrow=narrow, height=5.0, width=8.2)

    phi = np.stack([run.records[f"phi_{name}"] for name in space.names], axis=1)
    seen = plane.see(space.to_unit(phi))
    on_model = _thinned(run.records["arm"] == arms[0].name, _MOST_ON_MODEL)
    axes.plot(*seen[on_model].T, ".", color="#a9a9ae", ms=3.5, alpha=0.7, rasterized=True, zorder=1)
    handles = [_key(axes, ".", "#a9a9ae", f"generated, {arms[0].name}", ms=6)]
    for arm in arms[1:]:
        broke = _thinned(
            (run.records["arm"] == arm.name) & run.records["broke"].astype(bool), _MOST_BREAKS
        )
        if len(broke):
            axes.plot(
                *seen[broke].T,
                arm.marker,
                color=arm.colour,
                mfc="none",
                ms=4.5,
                mew=0.9,
                alpha=0.85,
                rasterized=True,
                zorder=2,
            )
            handles.append(_key(axes, arm.marker, arm.colour, f"breaks, {arm.name}", mfc="none"))
    _outline(axes, run, plane)
    corpus = plane.see(space.to_unit(data))
    bodies = np.asarray(run.fit.get("bodies", [""] * len(data)), dtype=object)
    for i, body in enumerate(dict.fromkeys(bodies.tolist())):
        marker = _BODY_MARKERS[i % len(_BODY_MARKERS)]
        fill = INK if i % 2 == 0 else "white"
        size = 10 if marker == "*" else 7
        axes.plot(
            *corpus[bodies == body].T, marker, color=INK, mfc=fill, ms=size, mew=1.1, zorder=5
        )
        handles.append(_key(axes, marker, INK, f"corpus, {body}"[:44], mfc=fill, ms=size))
    for i, name in enumerate(("x", "y")):
        getattr(axes, f"set_{name}label")(_axis_words(plane, i, space.names, narrow=narrow))
    axes.tick_params(labelbottom=False, labelleft=False, length=0)
    axes.margins(0.04)
    figure.legend(
        handles=handles,
        loc="outside lower center" if narrow else "outside right upper",
        ncols=1,
        handletextpad=0.3,
    )
    return figure


def _outline(axes: Axes, run: CompareRun, plane: Plane) -> None:
    """The model as an ellipse a component or, of many components, the outline of their sum."""
    model = run.model
    scale = plane.axes / model.space.width
    centres = plane.see(model.space.to_unit(model.means))
    flat = scale @ model.covariances @ scale.T
    if model.n_components > _MOST_ELLIPSES:
        _contours(axes, model.weights, centres, flat)
        return
    for centre, covariance in zip(centres, flat, strict=True):
        sizes, directions = np.linalg.eigh(covariance)
        axes.add_patch(
            Ellipse(
                (float(centre[0]), float(centre[1])),
                *(4.0 * np.sqrt(np.maximum(sizes[::-1], 0.0))),
                angle=float(np.degrees(np.arctan2(directions[1, 1], directions[0, 1]))),
                fill=False,
                color=INK,
                lw=1.4,
                zorder=4,
            )
        )


def _contours(axes: Axes, weights: Values, centres: Values, covariances: Values) -> None:
    """Lines around the densest half and the densest 86 % of a mixture in the plane."""
    sd = np.sqrt(np.maximum(covariances[:, [0, 1], [0, 1]], 0.0))
    if not (sd > 0).all():
        return  # a plane of one parameter has no area to outline
    ends = (centres - 3 * sd).min(axis=0), (centres + 3 * sd).max(axis=0)
    x, y = (np.linspace(low, high, _GRID) for low, high in zip(*ends, strict=True))
    away = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    density = np.zeros(len(away))
    for weight, centre, covariance in zip(weights, centres, covariances, strict=True):
        apart = away - centre
        squares = (apart @ np.linalg.inv(covariance) * apart).sum(axis=1)
        density += weight * np.exp(-0.5 * squares) / np.sqrt(np.linalg.det(covariance))
    falling = np.sort(density)[::-1]
    held = np.cumsum(falling) / falling.sum()
    levels = sorted({float(falling[np.searchsorted(held, share)]) for share in (0.5, 0.86)})
    axes.contour(
        x,
        y,
        density.reshape(_GRID, _GRID),
        levels=levels,
        colors=INK,
        linewidths=[1.0, 1.6][-len(levels) :],
        zorder=4,
    )


def _key(axes: Axes, marker: str, colour: str, label: str, **more: object) -> object:
    style: dict[str, object] = {"color": colour, "ms": 6, **more}
    return axes.plot([], [], marker, label=label, **style)[0]  # type: ignore[arg-type]


def _thinned(chosen: npt.NDArray[np.bool_], most: int) -> npt.NDArray[np.int64]:
    """Every so many-th of the chosen rows, so that at most ``most`` are drawn."""
    rows = np.flatnonzero(chosen)
    return rows[:: max(1, -(-len(rows) // most))]


def _axis_words(plane: Plane, which: int, names: Sequence[str], *, narrow: bool) -> str:
    """``28 % of the corpus’s spread: + gap_rate, − coin_rate``."""
    weights = plane.axes[which]
    strongest = [j for j in np.argsort(-np.abs(weights))[: 2 if narrow else 3] if weights[j]]
    told = ", ".join(
        f"{'more' if weights[j] > 0 else 'less'} {names[j].replace('_', ' ')}" for j in strongest
    )
    return f"{told} →\n({plane.shares[which]:.0%} of the corpus’s spread)".replace("%", " %")
