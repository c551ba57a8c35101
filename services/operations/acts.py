"""What was decided in a case before, in the order in which it was."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from services.models.audit import Decision
from services.operations.work import Work


def newest_acts(work: Work) -> Iterator[Decision]:
    """Give the decision records of the case, the newest first: along their chain, because moments can be the same."""
    head = work.case.decision_head
    if not head:
        return
    by_hash = {row.hash: row for row in work.session.scalars(select(Decision).where(Decision.case_id == work.case.id))}
    while head in by_hash:
        yield by_hash[head]
        head = by_hash[head].prev_hash
