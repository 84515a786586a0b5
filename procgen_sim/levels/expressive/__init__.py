"""Expressive range: where a body of levels lies on measures the field draws [Smith2010]_.

Ask: :func:`expressive_range`. Get: :class:`ExpressiveRange` with one :class:`Plane` a pair of
metrics. What is measured: :data:`METRICS`, each a :class:`Metric`. How far to trust it:
:data:`CAUTION`.
"""

from procgen_sim.levels.expressive.metrics import METRICS, Metric, why_not
from procgen_sim.levels.expressive.planes import (
    CAUTION,
    N_BINS,
    PAIRS,
    ExpressiveRange,
    Plane,
    expressive_range,
)

__all__ = [
    "CAUTION",
    "METRICS",
    "N_BINS",
    "PAIRS",
    "ExpressiveRange",
    "Metric",
    "Plane",
    "expressive_range",
    "why_not",
]
