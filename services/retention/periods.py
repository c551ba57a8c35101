"""How long a case is kept: what people wrote as long as its version says, its record for ten years at least."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from services.models.cases import Case
from services.models.definitions import ProcessVersion
from services.prepared import Prepared

#: How many days after its end decisions and history of a case are kept (specification, section 14).
RECORD_DAYS = 3650
#: No longer is counted than calendars can.
_MOST_DAYS = 365_000
_DAYS: ColumnElement[int] = func.coalesce(ProcessVersion.manifest["retention_days"].as_integer(), literal(RECORD_DAYS))
_PERIODS = Prepared(lambda: select(_DAYS.label("days")).distinct())


def days_kept(version: ProcessVersion) -> int:
    """Return for how many days after its end a case of a version keeps what people wrote."""
    days = version.manifest.get("retention_days")
    return RECORD_DAYS if days is None else int(days)


def emptied_from(case: Case, version: ProcessVersion) -> datetime | None:
    """Return when the time of what people wrote in a case is over; None while the case is not."""
    return None if case.ended_at is None else case.ended_at + _span(days_kept(version))


def removed_from(case: Case, version: ProcessVersion) -> datetime | None:
    """Return when the time of the record of a case is over; None while the case is not."""
    return None if case.ended_at is None else case.ended_at + _span(max(days_kept(version), RECORD_DAYS))


def list_periods(session: Session) -> list[int]:
    """List the numbers of days that versions name."""
    return sorted(row.days for row in _PERIODS.rows(session))


def first_content_end(periods: Sequence[int], now: datetime) -> datetime:
    """Return before when a case ended at the latest whose content has had its time."""
    return _earliest(periods, now)


def first_record_end(periods: Sequence[int], now: datetime) -> datetime:
    """Return before when a case ended at the latest whose record has had its time."""
    return _earliest([max(days, RECORD_DAYS) for days in periods], now)


def content_is_over(periods: Sequence[int], now: datetime) -> ColumnElement[bool]:
    """Say in SQL, of a case joined with its version, that the time of what people wrote is over."""
    return _is_over({days: days for days in periods}, now)


def record_is_over(periods: Sequence[int], now: datetime) -> ColumnElement[bool]:
    """Say in SQL, of a case joined with its version, that the time of its record is over."""
    return _is_over({days: max(days, RECORD_DAYS) for days in periods}, now)


def _is_over(kept: dict[int, int], now: datetime) -> ColumnElement[bool]:
    ends: list[Any] = [and_(_DAYS.in_([days]), Case.ended_at < now - _span(lasts)) for days, lasts in kept.items()]
    return and_(Case.ended_at < _earliest(kept.values(), now), or_(*ends))


def _earliest(lasts: Iterable[int], now: datetime) -> datetime:
    return now - _span(min(lasts, default=RECORD_DAYS))


def _span(days: int) -> timedelta:
    return timedelta(days=min(days, _MOST_DAYS))
