"""ISO 8601 text to and from temporal values, as strict as XML Schema about its form."""

from __future__ import annotations

import re

from workflows.feel.temporal import (
    MIDNIGHT,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    find_zone,
)

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z0-9_+\-/]+))?",
    re.ASCII,
)
_DAYS = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_LARGEST_OFFSET = 18 * 3_600
_LONGEST = 100  # characters: nothing temporal is longer, and huge digit strings are slow to read


def read_date(text: str) -> Date | None:
    """Read `2026-12-01`."""
    match = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    sign, year, month, day = match.groups()
    return Date.of(-int(year) if sign else int(year), int(month), int(day))


def read_time(text: str) -> Time | None:
    """Read `09:30:00`, with a fraction and with `Z`, `+02:00` or `@Europe/Paris` if need be."""
    match = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    hour, minute, second = (int(part) for part in match.group(1, 2, 3))
    nanosecond = int((match.group(4) or "")[:9].ljust(9, "0"))
    offset, zone = _offset(match), match.group(10)
    if (offset is not None and abs(offset) > _LARGEST_OFFSET) or (zone is not None and find_zone(zone) is None):
        return None
    if (hour, minute, second, nanosecond) == (24, 0, 0, 0):
        hour = 0
    if hour > 23 or minute > 59 or second > 59:
        return None
    return Time(hour, minute, second, nanosecond, offset, zone)


def _offset(match: re.Match[str]) -> int | None:
    if match.group(5):
        return 0
    if not match.group(6):
        return None
    hours, minutes, seconds = int(match.group(7)), int(match.group(8)), int(match.group(9) or 0)
    if minutes > 59 or seconds > 59:
        return _LARGEST_OFFSET + 1
    total = hours * 3_600 + minutes * 60 + seconds
    return -total if match.group(6) == "-" else total


def read_date_time(text: str) -> DateTime | None:
    """Read `2026-12-01T09:30:00` with an offset or zone if need be; a day alone is its midnight."""
    day, mark, clock = text.partition("T")
    date = read_date(day)
    if date is None:
        return None
    if not mark:
        return DateTime(date, MIDNIGHT)
    time = read_time(clock)
    if time is None:
        return None
    if clock.startswith("24"):
        next_day = Date.from_number(date.number + 1)
        return None if next_day is None else DateTime(next_day, time)
    return DateTime(date, time)


def read_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """Read `P1DT2H` or `P1Y2M`; the two kinds do not mix."""
    if len(text) > _LONGEST or text.endswith(("P", "T")):
        return None
    if match := _MONTHS.fullmatch(text):
        sign, years, months = match.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return MonthsDuration.of(-total if sign else total)
    if match := _DAYS.fullmatch(text):
        sign, days, hours, minutes, seconds, fraction = match.groups()
        total = ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
        nanos = total * NANOS + int((fraction or "")[:9].ljust(9, "0"))
        return DaysDuration.of(-nanos if sign else nanos)
    return None


def read_any(text: str) -> Date | Time | DateTime | DaysDuration | MonthsDuration | None:
    """Read what stands in a literal such as `@"2026-12-01"`."""
    return read_date(text) or read_time(text) or read_date_time(text) or read_duration(text)


def write_date(date: Date) -> str:
    """Write `2026-12-01`."""
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04d}-{date.month:02d}-{date.day:02d}"


def write_time(time: Time) -> str:
    """Write `09:30:00`, with its fraction and its offset or zone."""
    fraction = f".{time.nanosecond:09d}".rstrip("0") if time.nanosecond else ""
    zone = f"@{time.zone}" if time.zone else _write_offset(time.offset)
    return f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}{fraction}{zone}"


def _write_offset(offset: int | None) -> str:
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    size = abs(offset)
    seconds = f":{size % 60:02d}" if size % 60 else ""
    return f"{'-' if offset < 0 else '+'}{size // 3_600:02d}:{size // 60 % 60:02d}{seconds}"


def write_date_time(moment: DateTime) -> str:
    """Write `2026-12-01T09:30:00Z`."""
    return f"{write_date(moment.date)}T{write_time(moment.time)}"


def write_days_duration(duration: DaysDuration) -> str:
    """Write `P1DT2H`; nothing at all is `PT0S`."""
    seconds, nanos = divmod(abs(duration.nanos), NANOS)
    days, hours, minutes, rest = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60, seconds % 60
    fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
    last = f"{rest}{fraction}S" if rest or nanos else ""
    clock = "".join((f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", last))
    text = "".join((f"{days}D" if days else "", f"T{clock}" if clock else ""))
    return f"{'-' if duration.nanos < 0 else ''}P{text or 'T0S'}"


def write_months_duration(duration: MonthsDuration) -> str:
    """Write `P1Y2M`; nothing at all is `P0M`."""
    years, months = divmod(abs(duration.months), 12)
    text = "".join((f"{years}Y" if years else "", f"{months}M" if months else ""))
    return f"{'-' if duration.months < 0 else ''}P{text or '0M'}"
