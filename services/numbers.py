"""Numbers that are given out once and never again: TSC-2026-000123."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_NEXT = text(
    "INSERT INTO counters (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)


def next_number(session: Session, prefix: str, *, now: datetime) -> str:
    """Give out the next number of a prefix and year. A rolled back act gives it back, so there are no gaps."""
    series = f"{prefix}-{now.year}"
    value: int = session.execute(_NEXT, {"name": series}).scalar_one()
    return f"{series}-{value:06d}"
