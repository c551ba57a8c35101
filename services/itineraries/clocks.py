"""Times of day, and what else of a line is neither a place nor a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta

from services.itineraries.lines import Line, Mark
from services.itineraries.parts import Clock, Flight
from services.itineraries.words import CARRIED_BY, LABELS, NEXT_DAY

_BEFORE = r"(?P<before>上午|下午)?\s?"
_HALF = r"(?:\s?(?P<half>a\.?\s?m\.?|p\.?\s?m\.?|ص|م)(?![^\W\d_]))"
_LATER = (
    r"(?:\s?\(?\+\s?(?P<later>[1-3])(?![\d:])\s?(?:days?|d|jours?|j|dias?|день|дня|дн\.?|天|日|يوم)?(?![^\W\d_])\)?"
    rf"|\s?\(?(?P<next>{NEXT_DAY})\)?)"
)
_ZONE = r"(?:\s?(?P<utc>utc|gmt|z)(?![^\W\d_])(?:\s?(?P<hours>[+-]\d{1,2})(?::?(?P<minutes>\d{2}))?)?)"
_TIMES = (
    re.compile(
        r"(?<=\x00)t(?P<hour>\d{2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d{1,6})?)?"
        r"(?:(?P<utc>z)|(?P<offset>[+-]\d{2}:?\d{2}))?(?![\d:])"
    ),
    re.compile(
        rf"{_BEFORE}(?<![\d:.,])(?P<hour>\d{{1,2}})(?::|\s?h\s?|\s?ч\.?\s?|[时点])(?P<minute>\d{{2}})"
        rf"(?::\d{{2}}(?:\.\d{{1,6}})?)?(?![\d:])(?:\s?(?:hrs|hours|uhr|h|мин|分)(?![^\W\d_]))?{_HALF}?{_ZONE}?{_LATER}?"
    ),
    re.compile(rf"(?<![\d:.,])(?P<hour>\d{{1,2}}){_HALF}{_LATER}?"),
)
#: Hours and minutes without a sign between them, as in "0920 1930+1": only where a line has exactly two of them.
_GLUED = re.compile(
    rf"(?<![^\W_])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?![^\W_])(?![:.])(?:\s?h(?:rs)?(?![^\W\d_]))?{_LATER}?"
)
_ASIDES = (
    re.compile(r"(?<![\d:])\d{1,2}\s?h(?:rs?|ours?)?\.?\s?\d{1,2}\s?m(?:in(?:utes?)?)?(?![^\W\d_])\.?"),
    re.compile(r"\d{1,2}\s?小时\s?(?:\d{1,2}\s?分钟?)?|\d{1,2}\s?ч\.?\s?\d{1,2}\s?мин\.?"),
    re.compile(
        r"(?:duration|duree|duracion|в пути|время в пути|时长|飞行时间|مدة)\s?:?\s?\d{1,2}\s?[:h]\s?\d{2}(?:\s?h(?:rs)?)?"
    ),
    re.compile(r"(?<![^\W_])(?:terminal|term\.?|терминал|航站楼|صالة)\s?[a-z0-9]{1,2}(?![^\W_])|(?<![^\W_])t\d(?![^\W_])"),
    re.compile(r"(?<![^\W_])(?:seat|siege|asiento|место|gate|porte|puerta|row)\s?:?\s?[a-z]?\d{1,3}[a-z]?(?![^\W_])"),
    re.compile(r"(?<![^\W_])(?:airbus|boeing|embraer|atr|dash)\s?[a-z0-9-]{1,8}(?![^\W_])"),
    re.compile(r"(?<![^\W_])(?:a3\d\d|b7\d\d|e1\d\d)[a-z]{0,3}(?![^\W_])"),
    re.compile(r"\(\s?[a-z]\s?\)|(?<![^\W_])(?:hk|ss|kk)\d(?![^\W_])|(?<![^\W_])(?:\d{1,2}\s?kg|[12]\s?pc)(?![^\W_])"),
)
_FLIGHT = re.compile(
    r"(?<![^\W_])(?P<carrier>[A-Z]{2}|[A-Z]\d(?=[ -]?\d{3})|\d[A-Z](?=[ -]?\d{2}))[ -]?(?P<number>\d{1,4}[A-Z]?)"
    r"(?![^\W_]|[:.,]\d)"
)
_NO_CARRIERS = frozenset({"AT", "ON", "TO", "IN", "OF", "NO", "DE", "LE", "LA", "EL", "AM", "PM", "ID", "KG", "PC", "DU", "AU"})
#: The number of a line, and in reservation systems the day of the week behind the date.
_NUMBERING = re.compile(r"^\s{0,9}\d{1,2}(?:[.)]\s|\s{1,3}(?=[a-z]{2}\s?\d{1,4}\s))|(?<=\x00)\s?[1-7]\s(?=[a-z]{3}\s?[a-z]{3}\s)")


def blank_asides(line: Line) -> None:
    """Take out durations, terminals, seats and kinds of aircraft, which look like times and flights."""
    for pattern in (*_ASIDES, _NUMBERING):
        for _ in line.take(pattern):
            pass


def find_clocks(line: Line) -> Iterator[Mark]:
    """Take the times out of a line; what is none, such as 25:10, stays."""
    for pattern in _TIMES:
        for match in line.take(pattern):
            clock = _read(match)
            if clock is None:
                line.left = line.left[: match.start()] + match.group() + line.left[match.end() :]
            else:
                yield Mark(start=match.start(), end=match.end(), found=clock)


def find_glued_clocks(line: Line) -> list[Mark]:
    """Take out the two times of a line in the code of reservation systems; anything but two is left alone."""
    found = list(_GLUED.finditer(line.left))
    if len(found) != 2:
        return []
    return [Mark(start=match.start(), end=match.end(), found=_read(match)) for match in line.take(_GLUED)]


def find_flights(line: Line) -> Iterator[Mark]:
    """Take the numbers of flights and trains out of a line."""
    for match in _FLIGHT.finditer(line.rest):
        if match["carrier"] not in _NO_CARRIERS:
            line.blank(match.start(), match.end())
            flight = Flight(carrier=match["carrier"], number=match["number"].lstrip("0") or "0")
            yield Mark(start=match.start(), end=match.end(), found=flight)


def find_labels(line: Line) -> Iterator[Mark]:
    """Take out the words for departure and arrival, and for who really flies."""
    for match in line.take(CARRIED_BY):
        yield Mark(start=match.start(), end=match.end(), found="carried_by")
    for role, pattern in LABELS.items():
        for match in line.take(pattern):
            yield Mark(start=match.start(), end=match.end(), found=role)


def _read(match: re.Match[str]) -> Clock | None:
    parts = match.groupdict()
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    half = (parts.get("half") or "")[:1]
    if half and not 1 <= hour <= 12:
        return None
    afternoon = half in {"p", "م"} or parts.get("before") == "下午"
    if half in {"p", "م"} or (afternoon and hour < 12):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    if hour > 23 or minute > 59:
        return None
    days = 1 if parts.get("next") else int(parts.get("later") or 0)
    return Clock(at=time(hour, minute), days_later=days, from_utc=_from_utc(parts))


def _from_utc(parts: dict[str, str | None]) -> timedelta | None:
    if offset := parts.get("offset"):
        sign = -1 if offset[0] == "-" else 1
        return sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    if parts.get("utc"):
        hours = int(parts.get("hours") or 0)
        minutes = int(parts.get("minutes") or 0)
        return timedelta(hours=hours, minutes=-minutes if hours < 0 else minutes)
    return None
