"""Figures, level pictures and the HTML report of a run, all from what was stored.

:func:`write_report` makes everything; one file draws one figure.
"""

from procgen_sim.report.write import write_report

__all__ = ["write_report"]
