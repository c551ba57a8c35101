"""How many cases of a process run, on which version."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.models.cases import INCIDENT, OPEN, Case


def count_running(session: Session, keys: Collection[str]) -> dict[tuple[str, str], int]:
    """Count the running cases of processes, by process and id of the version. One query."""
    counted = (
        select(Case.process_key, Case.version_id, func.count())
        .where(Case.process_key.in_(keys), Case.state.in_((OPEN, INCIDENT)))
        .group_by(Case.process_key, Case.version_id)
    )
    return {(key, version_id): count for key, version_id, count in session.execute(counted)}
