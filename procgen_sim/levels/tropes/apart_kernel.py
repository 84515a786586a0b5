"""Compiled: which of many places can be taken without one lying over another."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procgen_sim.compiled import jit


@jit
def apart(
    places: npt.NDArray[np.int64], cells: npt.NDArray[np.int64], free: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Those of ``places`` that are free and do not lie over an earlier one kept.

    Parameters
    ----------
    places
        ``(n,)`` flat positions of a pattern's first tile.
    cells
        ``(n_cells,)`` where its tiles are from there.
    free
        ``(n_tiles,)`` False where nothing may lie; not changed.

    Returns
    -------
    ``(m,)`` the places kept, in the order given.
    """
    still_free = free.copy()
    kept = np.empty(len(places), np.int64)
    n_kept = 0
    for place in places:
        fits = True
        for cell in cells:
            if not still_free[place + cell]:
                fits = False
                break
        if fits:
            for cell in cells:
                still_free[place + cell] = False
            kept[n_kept] = place
            n_kept += 1
    return kept[:n_kept]
