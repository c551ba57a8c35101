"""What is kept no longer than it is needed: where people were, once their journey is long over.

Who decided what is kept for good; where somebody slept last spring is not.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.models.base import new_id
from services.models.clearances import Movement, MovementTotal

#: How long after the end of a journey it is known where its travellers were (specification, section 14 and F10).
KEPT = timedelta(days=90)
MOST_AT_ONCE = 1000
_TOTALS: Any = MovementTotal.__table__


def _adding(total: Any) -> Any:
    more = {"movements": _TOTALS.c.movements + total.excluded.movements}
    return total.on_conflict_do_update(index_elements=["area", "day", "kind"], set_=more)


_ADDING = {"postgresql": _adding(postgresql.insert(_TOTALS)), "sqlite": _adding(sqlite.insert(_TOTALS))}


def list_outdated_movements(session: Session, now: datetime) -> list[str]:
    """List the movements of journeys that ended long ago, at most a thousand of them."""
    found = select(Movement.id).where(Movement.closed_at < now - KEPT)
    return list(session.scalars(found.order_by(Movement.closed_at, Movement.id).limit(MOST_AT_ONCE)))


def aggregate_movements(session: Session, ids: list[str]) -> int:
    """Count movements by area, day and kind, and forget whose they were. Answers how many there were.

    What somebody else has counted in the meantime is gone, so nothing is counted twice.
    """
    forgetting = delete(Movement).where(Movement.id.in_(ids)).returning(Movement.area, Movement.at, Movement.kind)
    gone = session.execute(forgetting.execution_options(synchronize_session=False)).all()
    counted: Counter[tuple[str, date, str]] = Counter((row.area, row.at.date(), row.kind) for row in gone)
    if counted:
        totals = [dict(zip(("area", "day", "kind"), key, strict=True)) | {"movements": counted[key]} for key in sorted(counted)]
        session.execute(_ADDING[session.get_bind().dialect.name], [{"id": new_id(), **total} for total in totals])
    return len(gone)
