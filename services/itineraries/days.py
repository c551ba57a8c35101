"""Dates in a line, in the ways in which itineraries write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from services.itineraries.lines import Line, Mark
from services.itineraries.months import month_names, one_of, weekday_names
from services.itineraries.parts import DAY_FIRST, MONTH_FIRST, NO_SUCH_DAY, NO_YEAR, OTHER_WEEKDAY, TWO_DAYS, Day

_COMING = timedelta(days=365)
_CENTURY = 2000


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Name the ways of writing a date, the most definite first."""
    weekday = rf"(?:(?<![^\W\d_])(?P<weekday>{one_of(weekday_names())})(?![^\W\d_])\.?[\s,،]{{0,3}}(?:(?:the|el|le|den)\s)?)?"
    named = rf"(?<![^\W\d_])(?P<name>{one_of(month_names())})(?![^\W\d_])\.?"
    # Of two figures only where a sign joins them: "12 Dec 26" may as well go on with something else.
    year = (
        r"(?:(?:\s?[,./-]?\s?|\sdel?\s|\sof\s)(?P<year>20\d\d)(?![\d:])(?:\s?г\.?|\s?года)?"
        r"|(?:(?<=[a-z])|[-/’'])(?P<short>\d{2})(?![\d:]))"
    )
    around = r"(?:\s?\(?(?P<after>" + one_of(name for name in weekday_names() if not name.isascii()) + r")\)?(?![^\W\d_]))?"
    between = r"(?:st|nd|rd|th|er|º|°|-го)?(?:\.?\s?|\s?-|/|\sde\s|\sof\s)"
    latin = one_of(name for name in month_names() if name.isascii())
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"{weekday}(?<![\d.,/-])(?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})(?!\d|[/-]\d)",
            rf"{weekday}(?<!\d)(?:(?P<year>\d{{4}})\s?年\s?)?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?[日号]{around}",
            rf"{weekday}(?<![\d.,/:-])(?P<day>\d{{1,2}}){between}(?:(?<=\d)(?P<glued>{latin})(?![^\W\d_])|{named}){year}?",
            rf"{weekday}{named}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s(?P<year>\d{{4}})(?![\d:]))?",
            rf"{weekday}(?<![\d.,/:-])(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?!\d)(?:\s?г\.?|\s?года)?",
            rf"{weekday}(?<![\d.,/:-])(?P<first>\d{{1,2}})(?P<sign>[/-])(?P<second>\d{{1,2}})(?P=sign)(?P<year>\d{{4}})(?!\d)",
        )
    )


def find_days(line: Line, *, order: str, today: date) -> Iterator[Mark]:
    """Take the dates out of a line.

    Args:
        order: How 03/04/2026 is meant, as the person said; empty where nobody did.
        today: What the year of a date without one is worked out from, where its weekday agrees.
    """
    for pattern in _patterns():
        for match in line.take(pattern):
            yield Mark(start=match.start(), end=match.end(), found=_read(match, line.text, order=order, today=today))


def _read(match: re.Match[str], text: str, *, order: str, today: date) -> Day:
    parts = match.groupdict()
    written = text[match.start() : match.end()].strip()
    weekdays = _weekdays(parts)
    year = int(parts["year"]) if parts.get("year") else _CENTURY + int(parts["short"]) if parts.get("short") else None
    if parts.get("first"):
        return _read_numbers(int(parts["first"]), int(parts["second"]), year or 0, written, weekdays, order)
    month = _month(parts)
    if year is None:
        return _read_without_year(month, int(parts["day"]), written, weekdays, today)
    return _checked(_date(year, month, int(parts["day"])), written, weekdays)


def _weekdays(parts: dict[str, str | None]) -> frozenset[int]:
    name = parts.get("weekday") or parts.get("after")
    return weekday_names()[name] if name else frozenset(range(7))


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("name") or parts.get("glued")
    return month_names()[name] if name else int(parts["month"] or 0)


def _read_numbers(first: int, second: int, year: int, written: str, weekdays: frozenset[int], order: str) -> Day:
    readings = {DAY_FIRST: _date(year, second, first), MONTH_FIRST: _date(year, first, second)}
    possible = {on for on in readings.values() if on is not None}
    fitting = {on for on in possible if on.weekday() in weekdays}
    if len(possible) > 1 and len(fitting) != 1:
        chosen = readings.get(order)
        return _checked(chosen, written, weekdays) if chosen else Day(text=written, trouble=TWO_DAYS)
    return _checked(next(iter(fitting or possible), None), written, weekdays)


def _read_without_year(month: int, day: int, written: str, weekdays: frozenset[int], today: date) -> Day:
    """Work out the year only where a weekday is written that agrees with the one such day that is still to come."""
    dates = [_date(year, month, day) for year in (today.year, today.year + 1)]
    coming = [on for on in dates if on is not None and today <= on < today + _COMING]
    if not any(_date(year, month, day) for year in range(today.year, today.year + 5)):
        return Day(text=written, trouble=NO_SUCH_DAY)
    if len(weekdays) < 7 and len(coming) == 1 and coming[0].weekday() in weekdays:
        return Day(text=written, on=coming[0])
    return Day(text=written, trouble=NO_YEAR)


def _checked(on: date | None, written: str, weekdays: frozenset[int]) -> Day:
    if on is None:
        return Day(text=written, trouble=NO_SUCH_DAY)
    if on.weekday() not in weekdays:
        return Day(text=written, trouble=OTHER_WEEKDAY)
    return Day(text=written, on=on)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
