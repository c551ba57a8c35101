"""Cases from before it was written down what they wait for: read once, so that messages and signals find them too."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.cases.loading import look_into, take_case
from services.database import Database
from services.errors import Busy, OperationFailed, StaleRevision
from services.models.cases import Case
from services.prepared import Prepared
from services.waiting import changed_waits, is_open, write_waits

_AT_ONCE = 200
_UNKNOWN = Prepared(lambda: select(Case.id).where(is_open(), Case.waits.is_(None)).limit(_AT_ONCE))
_log = logging.getLogger("safeconduct.bus")


def learn_waits(database: Database, now: datetime) -> int:
    """Write down what open cases wait for that nobody has noted yet. Answers how many there were."""
    with database.reading() as session:
        unknown = [row.id for row in _UNKNOWN.rows(session)]
    for case_id in unknown:
        try:
            with database.transaction() as session:
                _learn(session, case_id, now)
        except (Busy, StaleRevision):
            continue  # somebody moves it on, and notes it on the way
    return len(unknown)


def _learn(session: Session, case_id: str, now: datetime) -> None:
    case = take_case(session, case_id)
    if case.waits is not None:
        return
    try:
        waits = changed_waits(case, look_into(session, case, now=now))
    except OperationFailed:
        _log.warning("Case %s cannot be read, and hears of nothing until it is repaired", case.number)
        case.waits, waits = "", None
    if waits is not None:
        write_waits(session, case, waits, had_some=False)
