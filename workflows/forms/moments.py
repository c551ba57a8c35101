"""Dates, times and moments as a page or another program writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows import feel

_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
_OFFSET = r"(?:Z|[+-]\d{2}:\d{2})"
_SHAPES = {
    "date": re.compile(_DATE, re.ASCII),
    "time": re.compile(rf"{_TIME}{_OFFSET}?", re.ASCII),
    "datetime": re.compile(rf"{_DATE}[T ]{_TIME}{_OFFSET}?", re.ASCII),
}
# The last place on earth where a day ends: what is still today for anybody is not refused as past.
_LAST_ZONE = timezone(timedelta(hours=-12))


def read_moment(text: str, *, subtype: str, zone: str, scope: Mapping[str, Any]) -> str | None:
    """Return the ISO text of a date, a time, or a moment with its offset; None when it is none.

    Args:
        zone: Where a moment without offset is meant: an IANA name, or FEEL with a leading `=` that gives one. Empty is UTC.
    """
    text = text.strip()
    if not _SHAPES[subtype].fullmatch(text):
        return None
    try:
        if subtype == "date":
            return date.fromisoformat(text).isoformat()
        if subtype == "time":
            return time.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=find_zone(zone, scope))).isoformat()


def is_past(moment: str, *, subtype: str, now: datetime) -> bool:
    """Tell whether a date, or the day of a moment in its own offset, lies before today."""
    if subtype == "time":
        return False
    if subtype == "date":
        return date.fromisoformat(moment) < now.astimezone(_LAST_ZONE).date()
    aware = datetime.fromisoformat(moment)
    return aware.date() < now.astimezone(aware.tzinfo).date()


def find_zone(zone: str, scope: Mapping[str, Any]) -> ZoneInfo | timezone:
    """Find the zone that a field means, as `read_moment` takes it; UTC where nothing names one."""
    name = feel.to_json(feel.parse(zone[1:]).evaluate(scope)) if zone.startswith("=") else zone
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
