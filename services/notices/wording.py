"""Notices in the words of their reader: moments on a clock, names in the place of codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_interval, format_skeleton, format_time, get_timezone_location
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.cards import texts_in
from services.models.areas import Area
from services.models.people import Person
from workflows.packages import Texts, word_for
from workflows.packages.messages import plain

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Days and spans of days inside a text, and no part of a moment or of a longer number.
_DAYS = re.compile(r"(?<![\w-])(\d{4}-\d{2}-\d{2})(?:/(\d{4}-\d{2}-\d{2}))?(?![\w-])")
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)*|[a-z][\w-]*\.[\w.-]+")
#: The code of an area or a person inside a text, and no part of a longer one.
_INSIDE = re.compile(r"(?<![\w@./-])(?:[A-Z]{2}(?:-[A-Z]+)*|[a-z][\w-]*(?:\.[a-z0-9][\w-]*)+)(?![\w@/-])")
#: A word in capitals that stands alone between signs, and is no word of a sentence.
LONE_WORD = r"(?:^|(?<=[,:;→] )|(?<=[，：；]))(?:[A-Z]{3,}(?=[,:;，；]| →|$)|(?<=→ )[A-Z]{2,}(?=[,:;，；]|$)|[A-Z]{2,}(?= →))"
#: Codes for words inside a text: of several parts anywhere, others between signs.
_WORDS = re.compile(rf"(?<![\w@./-])[A-Z][A-Z0-9]*(?:_[A-Z][A-Z0-9]*)+(?![\w@/-])|{LONE_WORD}")
#: A letter or number of a word that is written with spaces around it, unlike Chinese, and without prefixes, unlike Arabic.
_LETTER = r"[^\W\u0600-\u06ff\u3000-\u9fff]"
LONGEST_CODE = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """How values are written for one reader.

    Attributes:
        persons: Names by code.
        areas: Names by code and language.
        texts: What the process calls its own codes, by language.
        zone: The zone of the clock on which moments are told.
        place: The names by language of the area that everything is about; texts may have it in English.
    """

    persons: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    zone: tzinfo = UTC
    place: Mapping[str, str] = field(default_factory=dict)

    def show(self, value: Any, language: str) -> str:
        """Write one value; a list with commas."""
        if isinstance(value, list):
            return ", ".join(self.show(each, language) for each in value)
        if not isinstance(value, str):
            return plain(value, language)
        if value in self.persons:
            return self.persons[value]
        if value in self.areas:
            return str(self.areas[value].get(language) or self.areas[value].get("en") or value)
        spoken = self.texts.get(language, {})
        word = word_for(spoken, value) if value.isupper() else spoken.get("texts", {}).get(value, "")
        if word:
            return word
        said = _WORDS.sub(lambda code: word_for(spoken, code[0]) or code[0], self._say_place(value, language))
        return turn_arrows(self._show_text(said, language), reading_locale(language).text_direction)

    def say_inside(self, text: str, language: str) -> str:
        """Write a text with the names of areas and persons in the place of codes, and its days as the reader writes them."""
        known = self.areas.keys() | self.persons.keys()
        placed = self._say_place(text, language)
        named = _INSIDE.sub(lambda code: self.show(code[0], language) if code[0] in known else code[0], placed)
        return say_days(named, reading_locale(language))

    def _say_place(self, text: str, language: str) -> str:
        written = self.place.get("en", "")
        return put_names(text, {written: self.place.get(language) or written})

    def _show_text(self, value: str, language: str) -> str:
        try:
            if _MOMENT.fullmatch(value):
                return say_moment(datetime.fromisoformat(value), language, self.zone)
            if _DAY.fullmatch(value):
                return format_skeleton("yMMMd", date.fromisoformat(value), locale=reading_locale(language))
        except ValueError:
            return value
        return say_days(value, reading_locale(language))


def put_names(text: str, names: Mapping[str, str]) -> str:
    """Write names in the place of other names or codes inside a text, as whole words and all at once.

    What changes into something else is left alone: NO → YES is no country.
    """
    wanted = sorted((written for written, said in names.items() if written and written != said), key=len, reverse=True)
    if not any(written in text for written in wanted):
        return text
    inside = rf"(?<!{_LETTER})(?<![@./-])(?<!→ )(?:{'|'.join(map(re.escape, wanted))})(?!{_LETTER}|[@/-]| →)"
    return re.sub(inside, lambda found: names[found[0]], text)


def turn_arrows(text: str, direction: str) -> str:
    """Let arrows point the way that a language is read: unlike brackets they are not mirrored, and "3 → 4" would say 4 → 3."""
    return text.replace(" → ", " ← ") if direction == "rtl" else text


def say_days(text: str, locale: Locale) -> str:
    """Write the days and spans of days inside a text, "2027-01-25/2027-01-29", as a reader does: "25–29 Jan 2027"."""
    return _DAYS.sub(lambda found: _say_span(found[1], found[2], locale) or found[0], text)


def _say_span(first: str, last: str | None, locale: Locale) -> str:
    try:
        days = [date.fromisoformat(each) for each in (first, last) if each]
    except ValueError:
        return ""
    if len(days) == 1 or days[0] == days[1]:
        said = format_skeleton("yMMMd", days[0], locale=locale)
    else:
        said = format_interval(days[0], days[1], "yMMMd", locale=locale)
    # Beside words of Latin letters its numbers would drift away from its month.
    return f"\u2068{said}\u2069" if locale.text_direction == "rtl" else said


def say_moment(at: datetime, language: str, zone: tzinfo) -> str:
    """Say a moment as a day and an hour, with the place of the clock: "Tue 1 Dec 17:00 (Nairobi)"."""
    local, locale = at.astimezone(zone), reading_locale(language)
    day = format_skeleton("MMMEd", local, locale=locale)
    return f"{day} {format_time(local, 'short', locale=locale)} ({say_zone(zone, at, locale)})"


def say_zone(zone: tzinfo, at: datetime, locale: Locale) -> str:
    """Name a zone by its city, or one that has none by its distance from UTC."""
    name = str(zone)
    if "/" in name and not name.startswith("Etc/"):
        return str(get_timezone_location(name, locale=locale, return_city=True))
    minutes = int((at.astimezone(zone).utcoffset() or timedelta(0)).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


def reading_locale(language: str) -> Locale:
    """Return a locale; plain English is written the international way, day before month and 24 hours."""
    return Locale("en", "GB") if language == "en" else Locale.parse(language)


def words_for(session: Session, values: Iterable[Any], *, area: str | None = None) -> Wording:
    """Find the names of all persons and areas that some values speak of, and the zone of an area. Two queries."""
    listed = list(values)
    codes = {found for value in listed for text in texts_in(value) for found in _INSIDE.findall(text)}
    codes |= {text for value in listed for text in texts_in(value) if len(text) <= LONGEST_CODE and _CODE.fullmatch(text)}
    wanted = {code for code in codes | {area or ""} if code}
    if not wanted:
        return Wording()
    areas = session.execute(select(Area.code, Area.name, Area.zone).where(Area.code.in_(wanted))).all()
    persons = session.execute(select(Person.code, Person.name).where(Person.code.in_(wanted))).all()
    zones = {row.code: row.zone for row in areas}
    return Wording(
        persons={row.code: row.name for row in persons},
        areas={row.code: row.name for row in areas},
        zone=ZoneInfo(zones[area]) if area in zones else UTC,
        place=next((row.name for row in areas if row.code == area), {}),
    )
