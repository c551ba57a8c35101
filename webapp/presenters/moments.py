"""Moments as a person says them: a clock with its zone, how long until, how long since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time, format_timedelta, get_timezone_location
from flask_babel import get_locale, get_timezone
from markupsafe import Markup, escape

from services.notices.wording import say_days
from webapp.context import settings
from webapp.speech import gettext

Tone = Literal["late", "soon", "calm"]

_ENGLISH = Locale("en", "GB")
_SOON = timedelta(hours=24)
_NEAR = timedelta(days=6)
#: Days and moments that are kept as they were said: pages say the same ones again and again, and working out how takes long.
_MOST_KEPT = 4096
#: With which word a length of time that is to come begins in languages where the noun behind it changes.
_GOVERNING = {"ru": "через ", "ar": "خلال "}


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A deadline in words, with how pressing it is."""

    words: Markup
    tone: Tone


def read_moment(value: datetime | str | None) -> datetime | None:
    """Read a moment from a value of a case; a text that is no moment gives None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if value is None:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def reader_zone() -> ZoneInfo:
    """Return the clock of the reader. What Flask-Babel keeps may be of a kind that is wrong by minutes when put into a moment."""
    return ZoneInfo(str(get_timezone()))


def show_moment(at: datetime | str | None, *, now: datetime | None = None, zone: tzinfo | None = None) -> Markup:
    """Show a moment as a `<time>`: "Tue 17:00 Nairobi" when it is near, with the full date otherwise."""
    moment = read_moment(at)
    if moment is None:
        return Markup("")
    return _time_element(moment, _say_moment(moment, now=now, zone=zone), zone)


def say_local_moment(text: str) -> str:
    """Say a day, or a moment on the clock of its own place, inside a sentence: "Mon, 7 Dec 2026 10:00 UTC+3"."""
    moment = datetime.fromisoformat(text)
    if "T" not in text:
        return format_skeleton("yMMMd", moment, locale=_reading_locale())
    return _say_moment(moment, now=None, zone=moment.tzinfo) if moment.tzinfo else str(moment)


def say_subject(text: str) -> str:
    """Write the days inside a line that somebody's process wrote as the reader does."""
    return say_days(text, _reading_locale())


def show_date(on: date | datetime | str | None) -> Markup:
    """Show a day as a `<time>`: "5 Dec 2026"."""
    if isinstance(on, str):
        try:
            on = datetime.fromisoformat(on)
        except ValueError:
            return escape(on)
    if on is None:
        return Markup("")
    day = on.date() if isinstance(on, datetime) else on
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), _say_day("yMMMd", day, _reading_locale()))


def say_short_day(day: date) -> str:
    """Say a day as short as can be, where there is little room: "5 Dec"."""
    return _say_day("MMMd", day, _reading_locale())


def show_span(start: date | datetime | str | None, end: date | datetime | str | None) -> Markup:
    """Show two days as one span: "5 Dec 2026 – 12 Dec 2026", one day alone when they are the same."""
    first, last = show_date(start), show_date(end)
    if not first or not last or first == last:
        return first or last
    return Markup("{} – {}").format(first, last)


def show_since(at: datetime | str | None, *, now: datetime) -> Markup:
    """Say how long something has lasted: "for 3 hours"; the exact moment is the title."""
    moment = read_moment(at)
    if moment is None:
        return Markup("")
    if now - moment < timedelta(minutes=1):
        return _time_element(moment, gettext("just now"))
    return _time_element(moment, gettext("for {span}").format(span=_say_span_governed(now - moment)))


def show_deadline(due_at: datetime | str | None, *, now: datetime, zone: tzinfo | None = None) -> Deadline | None:
    """Say a deadline as a moment and as what is left: "due in 5 h (Tue 17:00 Nairobi)"."""
    moment = read_moment(due_at)
    if moment is None:
        return None
    left, clock = moment - now, _say_moment(moment, now=now, zone=zone)
    if left < timedelta(0):
        words = gettext("overdue by {span} ({moment})").format(span=_say_span_governed(-left), moment=clock)
        return Deadline(words=_time_element(moment, words, zone), tone="late")
    words = gettext("due in {span} ({moment})").format(span=_say_span_governed(left), moment=clock)
    return Deadline(words=_time_element(moment, words, zone), tone="soon" if left < _SOON else "calm")


def say_span_of_time(span: timedelta) -> str:
    """Say a length of time in one unit: "5 hours", "2 days"."""
    return format_timedelta(max(span, timedelta(minutes=1)), threshold=1.5, format="long", locale=_reading_locale())


def _say_span_governed(span: timedelta) -> str:
    """Say a length of time as it stands behind a preposition, in languages whose nouns change there."""
    locale = _reading_locale()
    said = format_timedelta(
        max(span, timedelta(minutes=1)), threshold=1.5, format="long", add_direction=locale.language in _GOVERNING, locale=locale
    )
    return said.removeprefix(_GOVERNING.get(locale.language, ""))


def _say_moment(at: datetime, *, now: datetime | None, zone: tzinfo | None) -> str:
    shown = zone or reader_zone()
    near = now is not None and abs(at - now) < _NEAR
    day, clock = _say_clock("E" if near else "yMMMEd", at, shown, _reading_locale())
    return gettext("{day} {clock} {zone}").format(day=day, clock=clock, zone=_say_zone(at.astimezone(shown), zone))


@lru_cache(maxsize=_MOST_KEPT)
def _say_day(pattern: str, day: date, locale: Locale) -> str:
    return str(format_skeleton(pattern, day, locale=locale))


@lru_cache(maxsize=_MOST_KEPT)
def _say_clock(pattern: str, at: datetime, zone: tzinfo, locale: Locale) -> tuple[str, str]:
    """Say the day and the time of a moment on a clock. Equal moments are the same on it, whatever zone they come with."""
    local = at.astimezone(zone)
    clock = str(format_time(local, "short", tzinfo=zone, locale=locale))
    return str(format_skeleton(pattern, local, tzinfo=zone, locale=locale)), clock


def _say_zone(local: datetime, zone: tzinfo | None) -> str:
    """Name the zone of the house by its city, and the one of an area or a duty station by its distance from UTC."""
    own = reader_zone()
    if zone is None and "/" in str(own) and str(own) == settings().zone:
        return str(get_timezone_location(own, locale=_reading_locale(), return_city=True))
    return say_offset(local)


def say_offset(local: datetime) -> str:
    """Name a zone by its distance from UTC at a moment: "UTC+3"."""
    minutes = int((local.utcoffset() or timedelta(0)).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def _time_element(at: datetime, words: str, zone: tzinfo | None = None) -> Markup:
    stamp = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, _say_moment(at, now=None, zone=zone), words)


def _reading_locale() -> Locale:
    """The reader's locale; plain English is written the international way, day before month and 24 hours."""
    locale = get_locale() or Locale("en")
    return _ENGLISH if locale.language == "en" else locale
