"""Emptying a case when the time of what people wrote in it is over, and removing it when that of its record is.

Each case goes in a transaction of its own, under its lock: what was found due is asked again there, because a hold may have come.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services import audit
from services.cases.loading import locked
from services.faults import fault
from services.models.base import UtcDateTime
from services.models.cases import Case
from services.models.definitions import ProcessVersion
from services.models.retention import Forgetting, ForgottenTotal
from services.people import SYSTEM
from services.prepared import Prepared
from services.retention.contents import clear_contents
from services.retention.obstacles import content_obstacles, is_free, record_obstacles
from services.retention.periods import content_is_over, first_content_end, first_record_end, list_periods, record_is_over
from services.retention.records import remove_record
from services.waiting import NOT_OVER

MOST_AT_ONCE = 100
#: The act under which the audit of a case tells that it was emptied.
ACT = "empty"
_TOTALS: Any = ForgottenTotal.__table__


def _ended(is_emptied: ColumnElement[bool]) -> Prepared:
    """Ask for one case that ended before a moment: mostly there is none, and the long question need not be built."""
    before: Any = bindparam("before", type_=UtcDateTime)
    over = select(Case.id).where(Case.ended_at.is_not(None), is_emptied, Case.ended_at < before)
    return Prepared(lambda: over.limit(literal_column("1")))


_KEPT, _EMPTIED = _ended(Case.emptied_at.is_(None)), _ended(Case.emptied_at.is_not(None))


def list_due_to_empty(session: Session, now: datetime, *, beside: Collection[str] = ()) -> list[str]:
    """List the cases whose time is over for what people wrote in them, the longest ended first; at most a hundred.

    Args:
        beside: Cases that are left out.
    """
    periods = list_periods(session)
    if not _KEPT.rows(session, before=first_content_end(periods, now)):
        return []
    return _list(session, is_due_to_empty(periods, now), beside)


def list_due_to_remove(session: Session, now: datetime, *, beside: Collection[str] = ()) -> list[str]:
    """List the emptied cases whose time is over for their record as well, the longest ended first; at most a hundred.

    Args:
        beside: Cases that are left out.
    """
    periods = list_periods(session)
    if not _EMPTIED.rows(session, before=first_record_end(periods, now)):
        return []
    return _list(session, is_due_to_remove(periods, now), beside)


def is_due_to_empty(periods: list[int], now: datetime) -> ColumnElement[bool]:
    """Say in SQL, of a case joined with its version, that it is emptied now."""
    over = Case.emptied_at.is_(None) & Case.state.not_in(NOT_OVER) & content_is_over(periods, now)
    return over & is_free(now, content_obstacles)


def is_due_to_remove(periods: list[int], now: datetime) -> ColumnElement[bool]:
    """Say in SQL, of a case joined with its version, that it is removed now."""
    return Case.emptied_at.is_not(None) & record_is_over(periods, now) & is_free(now, record_obstacles)


def empty_case(session: Session, case_id: str, *, now: datetime) -> bool:
    """Remove what people wrote in a case and where they went; its record stays. Answers whether it was still due."""
    case = _take(session, case_id, is_due_to_empty(list_periods(session), now))
    if case is None:
        return False
    _let_go(session, case, whole=False)
    clear_contents(session, case)
    fault("empty.after_contents")
    case.emptied_at = now
    audit.append(session, case, actor=SYSTEM.person, act=ACT, at=now)
    session.flush()
    _close(session, case.id)
    return True


def remove_case(session: Session, case_id: str, *, now: datetime) -> bool:
    """Remove an emptied case with all its rows, and count it. Answers whether it was still due."""
    case = _take(session, case_id, is_due_to_remove(list_periods(session), now))
    if case is None:
        return False
    _let_go(session, case, whole=True)
    _count(session, case.process_key, now.date())
    clear_contents(session, case)  # also what came after it was emptied
    remove_record(session, case)
    fault("remove.after_record")
    _close(session, case_id)
    return True


def _list(session: Session, due: ColumnElement[bool], beside: Collection[str]) -> list[str]:
    others = _cases(due).where(Case.id.not_in(beside)) if beside else _cases(due)
    return list(session.scalars(others.order_by(Case.ended_at, Case.id).limit(MOST_AT_ONCE)))


def _cases(due: ColumnElement[bool]) -> Select[Any]:
    return select(Case.id).join(ProcessVersion, ProcessVersion.id == Case.version_id).where(due)


def _take(session: Session, case_id: str, due: ColumnElement[bool]) -> Case | None:
    """Take the lock of a case, and look whether it is due once it is there."""
    case: Case | None = session.scalars(locked(select(Case).where(Case.id == case_id))).one_or_none()
    if case is None or session.scalars(_cases(due).where(Case.id == case_id)).one_or_none() is None:
        return None
    return case


def _let_go(session: Session, case: Case, *, whole: bool) -> None:
    """Let the database give up rows of the history of this case, until the end of the act."""
    session.add(Forgetting(case_id=case.id, whole=whole))
    session.flush()


def _close(session: Session, case_id: str) -> None:
    session.execute(delete(Forgetting).where(Forgetting.case_id == case_id), execution_options={"synchronize_session": False})


def _adding(total: Any) -> Any:
    return total.on_conflict_do_update(
        index_elements=["process_key", "day"], set_={"cases": _TOTALS.c.cases + total.excluded.cases}
    )


_ADDING = {"postgresql": _adding(postgresql.insert(_TOTALS)), "sqlite": _adding(sqlite.insert(_TOTALS))}


def _count(session: Session, process_key: str, day: date) -> None:
    session.execute(_ADDING[session.get_bind().dialect.name], [{"process_key": process_key, "day": day, "cases": 1}])
