"""Moments as texts in variables, and spans in hours and days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

#: Nobody is given less time than this, however late it is.
LEAST = timedelta(hours=2)


def read_moment(text: Any) -> datetime:
    """Read a moment that a variable holds; one without a zone is UTC."""
    moment = datetime.fromisoformat(str(text))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def find_moment(text: Any) -> datetime | None:
    """Read a moment that may be missing."""
    return read_moment(text) if text else None


def write_moment(moment: datetime) -> str:
    """Write a moment for a variable, in UTC with Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def hours_until(moment: datetime, now: datetime) -> float:
    """Return the hours from now to a moment; negative when it is over."""
    return round((moment - now).total_seconds() / 3600, 2)


def not_before_least(moment: datetime, now: datetime) -> str:
    """Write a deadline that leaves at least two hours."""
    return write_moment(max(moment, now + LEAST))
