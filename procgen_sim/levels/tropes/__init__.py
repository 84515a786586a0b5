"""Tropes: what a body of levels does again and again, as pictures.

Ask: :func:`tropes`. Get: :class:`Tropes`, each a :class:`Trope` with the :class:`Place` where it is
first met. How: the base code (:mod:`.base_code`), the choice of patterns (:mod:`.mining`), and
which of them a person would call the same (:mod:`.families`).
"""

from procgen_sim.levels.tropes.search import MINED_TILES, Place, Trope, Tropes, tropes

__all__ = ["MINED_TILES", "Place", "Trope", "Tropes", "tropes"]
