"""Figures, level pictures and the page of an audit, all from its ``audit.json``.

:func:`write_audit_report` makes everything, :func:`write_audit_figures` single figures; one file
draws one.
"""

from procgen_sim.report.audit.write import write_audit_figures, write_audit_report

__all__ = ["write_audit_figures", "write_audit_report"]
