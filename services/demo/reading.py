"""Reading the files of the demo world, and moving their dates to another day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.models.base import Base

WORLD = Path(__file__).parents[1] / "demo_world"
#: The day that the world is written for.
DAY = date(2026, 12, 1)
BEGINNING = date(2026, 1, 1)


def read_world(stems: Iterable[str], days_later: int) -> dict[str, Any]:
    """Read files of the world into one mapping, with every date moved."""
    by = timedelta(days=days_later)
    world: dict[str, Any] = {}
    for stem in stems:
        content = yaml.load((WORLD / f"{stem}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        world |= {key: _moved(value, by) for key, value in content.items()}
    return world


def _moved(value: Any, by: timedelta) -> Any:
    """Move every date inside a value."""
    if isinstance(value, dict):
        return {key: _moved(part, by) for key, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    return value + by if isinstance(value, date) else value


def start_of_world(days_later: int) -> datetime:
    """Return the moment from which everything in the world holds."""
    return moment_of(BEGINNING + timedelta(days=days_later))


def moment_of(day: date) -> datetime:
    """Return the first moment of a day, UTC."""
    return datetime.combine(day, time(), UTC)


def add_rows(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Add rows in one statement, in the order given: keys between tables are checked at once."""
    found = list(rows)
    if found:
        session.execute(insert(table), found)
