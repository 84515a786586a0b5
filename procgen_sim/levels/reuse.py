"""What a body of levels uses again: motifs, whole levels, terrain, and parts of the same level.

A *motif* is a run of so many successive lines. *Terrain* is what carries or stops a player: every
tile becomes solid, one-way or neither, so that a level with other enemies and coins on the same
ground is the same terrain. It is known only where every level's tileset says what is solid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from procgen_sim._checks import check_int
from procgen_sim.levels.body import Body
from procgen_sim.levels.estimate import Estimate, jackknife
from procgen_sim.levels.tileset import Affordance
from procgen_sim.levels.windows import Occurrences, Patterns

__all__ = ["Reuse", "motif_share", "repeats_inside", "reuse"]


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """How much of a body of levels is used again.

    Attributes
    ----------
    motif_length
        Lines of a motif.
    motif_share
        Share of the *other* levels that contain an average motif: the mean, over all places in all
        levels, of the share of the other levels that have what is there. 0: nothing comes back in
        another level.
    motif_share_with_own
        The same with the motif's own level among those that may contain it, so at least one level
        of all.
    motif_share_terrain
        :attr:`motif_share` when only terrain is looked at.
    copies
        Levels that equal an earlier one, tile by tile.
    copies_share
        The same as a share of all levels.
    terrain_copies
        Levels whose terrain equals an earlier one's; None where tilesets do not say what is solid.
    terrain_copies_share
        The same as a share of all levels, with the reason if it is None.
    inside
        Share of places in a level whose pattern of :attr:`inside_length` lines occurred earlier in
        the same level, without overlapping this one.
    inside_varied
        The same among patterns that are not one line repeated, so that flat stretches count
        neither for nor against.
    inside_length
        Lines of the patterns that :attr:`inside` is about.
    """

    motif_length: int
    motif_share: Estimate
    motif_share_with_own: Estimate
    motif_share_terrain: Estimate
    copies: int
    copies_share: Estimate
    terrain_copies: int | None
    terrain_copies_share: Estimate
    inside: Estimate
    inside_varied: Estimate
    inside_length: int


def reuse(source: Body | Patterns, *, motif_length: int = 8, inside_length: int = 3) -> Reuse:
    """Everything about what is used again.

    Parameters
    ----------
    source
        A body of levels, or its :class:`Patterns`; with ``active_only`` padding outside start and
        finish counts neither as a motif nor as a repeat. Copies are always of whole levels.
    motif_length
        Lines of a motif, 1 or more.
    inside_length
        Lines of the patterns looked for inside a level, 1 or more.

    Raises
    ------
    InputError
        If a length is less than 1.

    Examples
    --------
    >>> from procgen_sim.levels import Level, Tileset
    >>> tiles = Tileset({"-": (), "X": ("solid",), "o": ("coin",)})
    >>> rows = [["--o-", "XX-X"], ["-o--", "XX-X"], ["--o-", "XX-X"]]
    >>> body = Body.of("three", [Level.from_rows(r, tiles) for r in rows], order="columns")
    >>> found = reuse(body, motif_length=2)
    >>> found.copies, found.terrain_copies, round(found.motif_share.value, 3)
    (1, 2, 0.333)
    """
    check_int("motif_length", motif_length, low=1)
    patterns = Patterns.among(source)
    body = patterns.body
    motifs = patterns.of(motif_length)
    terrain = _terrain(body)
    copies = _copies(body.lines)
    if terrain is None:
        unknown = Estimate(reason="a tileset does not say what is solid")
        terrain_copies, terrain_share, terrain_motifs = None, unknown, unknown
    else:
        terrain_copies = _copies(terrain.lines)
        terrain_share = Estimate(value=terrain_copies / body.n_levels)
        places = Patterns(terrain, active_only=patterns.active_only).of(motif_length)
        terrain_motifs = motif_share(places)
    inside, varied = repeats_inside(patterns, inside_length)
    return Reuse(
        motif_length=motif_length,
        motif_share=motif_share(motifs),
        motif_share_with_own=_with_own(motifs),
        motif_share_terrain=terrain_motifs,
        copies=copies,
        copies_share=Estimate(value=copies / body.n_levels),
        terrain_copies=terrain_copies,
        terrain_copies_share=terrain_share,
        inside=inside,
        inside_varied=varied,
        inside_length=inside_length,
    )


def motif_share(places: Occurrences) -> Estimate:
    """Share of the other levels that contain an average motif, with the jackknife's error.

    A motif counts as often as it occurs: "average" is over places in levels, not over a list of
    different motifs.
    """
    n, total = places.n_levels, len(places)
    if not total:
        return Estimate(reason="no level is long enough to hold a motif")
    if n < 2:
        return Estimate(reason="no other level to compare with")
    level, code, here = places.by_level()
    n_in = np.bincount(code, minlength=places.distinct)
    counts = places.counts()
    found = counts * (n_in - 1)
    value = float(found.sum() / (n - 1) / total)
    # Without a level: its own places go, and others' motifs that it had are in one level less.
    change = (counts[code] - here) * (n_in[code] - 2) - found[code]
    left = found.sum() + np.bincount(level, weights=change, minlength=n)
    rest = total - np.bincount(level, weights=here, minlength=n)
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = left / ((n - 2) * rest)
    return jackknife(value, left_out, lowest=0.0, highest=1.0)


def _with_own(places: Occurrences) -> Estimate:
    if not len(places):
        return Estimate(reason="no level is long enough to hold a motif")
    _, code, _ = places.by_level()
    n_in = np.bincount(code, minlength=places.distinct)
    return Estimate(value=float(places.counts() @ n_in) / len(places) / places.n_levels)


def repeats_inside(source: Body | Patterns, k: int = 3) -> tuple[Estimate, Estimate]:
    """Share of patterns that occurred earlier in the same level without overlap.

    Returns
    -------
    Among all patterns of k lines, and among those that are not one line repeated. The errors are
    the jackknife's over levels.
    """
    patterns = Patterns.among(source)
    places = patterns.of(k)
    if not len(places):
        none = Estimate(reason="no level is long enough to hold a pattern")
        return none, none
    keys = places.level.astype(np.int64) * places.distinct + places.code
    _, inverse = np.unique(keys, return_inverse=True)
    first = np.full(int(inverse.max()) + 1, np.iinfo(np.int32).max)
    np.minimum.at(first, inverse, places.start)
    # If any earlier occurrence is clear of this one, the earliest is.
    again = places.start - first[inverse] >= k
    whole = np.ones(len(places), np.bool_)
    varied = whole if k == 1 else ~patterns.flat(k)
    return _share(places, again, whole), _share(places, again, varied)


def _share(
    places: Occurrences, again: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_]
) -> Estimate:
    n = places.n_levels
    size = np.bincount(places.level, weights=among, minlength=n)
    if not size.sum():
        return Estimate(reason="every pattern is one line repeated")
    repeated = np.bincount(places.level, weights=again & among, minlength=n)
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = (repeated.sum() - repeated) / (size.sum() - size)
    return jackknife(float(repeated.sum() / size.sum()), left_out, lowest=0.0, highest=1.0)


def _copies(lines: Sequence[npt.NDArray[np.uint8]]) -> int:
    """How many equal an earlier one."""
    return len(lines) - len({(array.shape, array.tobytes()) for array in lines})


def _terrain(body: Body) -> Body | None:
    """The body with every tile reduced to solid, one-way or neither; None if nobody says which."""
    kinds = {}
    for tiles in {level.tileset for level in body.levels}:
        blocks, carries = tiles.affords(Affordance.SOLID), tiles.affords(Affordance.ONE_WAY)
        if not (blocks | carries).any():
            return None
        kind = np.where(blocks, 2, carries.astype(np.uint8)).astype(np.uint8)
        known = dict(zip(tiles.characters, kind, strict=True))
        kinds[tiles] = np.array([known.get(character, 0) for character in body.alphabet])
    pairs = zip(body.levels, body.lines, strict=True)
    lines = tuple(kinds[level.tileset][lines] for level, lines in pairs)
    return replace(body, alphabet="-=X", lines=lines)
