"""``audit``: a verdict on the sameness of any levels, whatever the game.

Ask: :class:`AuditConfig`, :func:`run_audit`. Get: :class:`Audit` with a :class:`SourceAudit` each;
its ``document`` is the JSON that the report is made from, :func:`per_level` the table of levels.
"""

from procgen_sim.experiments.audit.config import AuditConfig
from procgen_sim.experiments.audit.folder import AuditFolder
from procgen_sim.experiments.audit.measure import SourceAudit
from procgen_sim.experiments.audit.run import PER_LEVEL_COLUMNS, Audit, per_level, run_audit

__all__ = [
    "PER_LEVEL_COLUMNS",
    "Audit",
    "AuditConfig",
    "AuditFolder",
    "SourceAudit",
    "per_level",
    "run_audit",
]
