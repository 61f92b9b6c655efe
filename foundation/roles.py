"""What the running portal may do in PostgreSQL: work with every row, and only add to the audit trail.

Migrations, the moving of keys and restores run as the owner of the tables; web processes and worker as this role. Then
not even somebody who takes over a web process can rewrite the trail, whatever becomes of the triggers.
"""

from foundation.audit import AuditEntry, AuditHead
from foundation.db import Base

ONLY_ADDED_TO = {AuditEntry.__tablename__}
ONLY_MOVED = {AuditHead.__tablename__}
"""The end of the chain moves on, and is neither made nor removed."""


def runtime_grants(role: str) -> list[str]:
    """List the statements that give a role exactly its rights, whatever it had before.

    Args:
        role: Its name, checked by the caller.
    """
    statements = [f"GRANT USAGE ON SCHEMA public TO {role}", f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"]
    for name in sorted(Base.metadata.tables):
        rights = "SELECT, INSERT, UPDATE, DELETE"
        if name in ONLY_ADDED_TO:
            rights = "SELECT, INSERT"
        elif name in ONLY_MOVED:
            rights = "SELECT, UPDATE"
        statements.append(f'GRANT {rights} ON TABLE public."{name}" TO {role}')
    return [*statements, f"GRANT SELECT ON TABLE public.alembic_version TO {role}"]
