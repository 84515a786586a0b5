"""Figures, level pictures and the HTML report of a run, all from what was stored.

:func:`write_report` makes everything, :func:`write_figures` single figures; one file draws one.
:mod:`~procgen_sim.report.audit` does the same for an audit.
"""

from procgen_sim.report.write import write_figures, write_report

__all__ = ["write_figures", "write_report"]
