"""What an owner types into the form of an entry: read by the kind of each column, every problem said at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.models.areas import Area
from services.models.organisations import Organisation
from services.models.people import Person
from services.people import LOCALES
from services.registry.asking import NO, YES
from services.registry.shape import Column, Kind
from services.roles import OWN_ROLES, ROLES
from workflows.errors import Problem

#: Languages in which a name may be typed; the first is the one that a required name needs.
LANGUAGES = LOCALES
REASON = "reason"
LONGEST_REASON = 1000
MOST_LISTED = 400
_LONGEST_NUMBER = 9
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What was read from a form: values by attribute, and what is wrong with it."""

    values: Mapping[str, Any]
    problems: Sequence[Problem]


class _Wrong(Exception):
    def __init__(self, sentence: str, way_out: str = "", **facts: Any) -> None:
        self.sentence, self.way_out, self.facts = sentence, way_out, facts
        super().__init__(sentence)


def read_typed(session: Session, columns: Sequence[Column], raw: Mapping[str, str], *, zone: tzinfo = UTC) -> Typed:
    """Read the columns of a form.

    Args:
        raw: Texts by attribute; of a name by attribute and language, as `name.en`.
        zone: In which moments are typed.
    """
    values: dict[str, Any] = {}
    problems = []
    for column in columns:
        try:
            value = _required(column, _read(session, column, raw, zone))
        except _Wrong as wrong:
            facts = {"title": column.title, **wrong.facts}
            problems.append(Problem(where=column.attribute, sentence=wrong.sentence, way_out=wrong.way_out, facts=facts))
        else:
            values[column.attribute] = value
    return Typed(values=values, problems=problems)


def read_reason(raw: Mapping[str, str]) -> tuple[str, list[Problem]]:
    """Read why something is changed; nobody changes a register without saying so."""
    reason = raw.get(REASON, "").strip()
    if not reason:
        return "", [
            Problem(
                where=REASON,
                sentence="Say why you change this.",
                way_out="Whoever reads the entry later will want to know.",
            )
        ]
    if len(reason) > LONGEST_REASON:
        sentence = "The reason is longer than {most} characters."
        return reason, [Problem(where=REASON, sentence=sentence, way_out="Shorten it.", facts={"most": LONGEST_REASON})]
    return reason, []


def check_period(column: Column | None, begins: Any, ends: Any) -> list[Problem]:
    """Say whether something ends before it begins."""
    if column is None or begins is None or ends is None or type(begins) is not type(ends) or ends >= begins:
        return []
    sentence = "“{title}” lies before the beginning."
    facts = {"title": column.title}
    return [Problem(where=column.attribute, sentence=sentence, way_out="Correct one of the two.", facts=facts)]


def _read(session: Session, column: Column, raw: Mapping[str, str], zone: tzinfo) -> Any:
    if column.kind is Kind.NAME:
        return _read_name(column, raw)
    text = raw.get(column.attribute, "").strip()
    if column.kind is Kind.LIST:
        return _read_list(text)
    if column.kind is Kind.YES_NO:
        return _read_yes_no(text)
    if not text:
        return None
    read = _BY_KIND.get(column.kind)
    if read is not None:
        return read(text, column)
    if column.kind is Kind.MOMENT:
        return _read_moment(text, zone)
    return _find(session, column, text)


def _required(column: Column, value: Any) -> Any:
    if column.required and value in (None, "", [], {}):
        raise _Wrong(sentence="“{title}” is missing.", way_out="Fill it in.")
    return value


def _read_text(text: str, column: Column) -> str:
    if len(text) > column.longest:
        raise _Wrong(sentence="“{title}” is longer than {most} characters.", way_out="Shorten it.", most=column.longest)
    return text


def _read_email(text: str, column: Column) -> str:
    """Small letters, so that one address is one text."""
    if not _EMAIL.fullmatch(text):
        raise _Wrong(sentence="“{title}” is not an e-mail address.", way_out="Write it like name@example.org.")
    return _read_text(text, column).lower()


def _read_number(text: str, _column: Column) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise _Wrong(sentence="“{title}” is not a whole number of 0 or more.", way_out="Write it in digits.")
    return int(text)


def _read_day(text: str, _column: Column) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Wrong(sentence="“{title}” is not a day.", way_out="Write it like 2026-12-31.") from None


def _read_moment(text: str, zone: tzinfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong(sentence="“{title}” is not a moment.", way_out="Write it like 2026-12-31T17:00.") from None


def _read_choice(text: str, column: Column) -> str:
    if text not in column.options:
        raise _Wrong(sentence="“{title}” is none of the choices.", way_out="Choose one of them.")
    return text


def _read_role(text: str, _column: Column) -> str:
    if text not in ROLES or text in OWN_ROLES:
        raise _Wrong(sentence="There is no role {code} that can be given.", way_out="Choose one of the list.", code=text)
    return text


def _read_yes_no(text: str) -> bool | None:
    if text and text not in {YES, NO}:
        raise _Wrong(sentence="“{title}” is neither yes nor no.", way_out="Choose one of them.")
    return {YES: True, NO: False}.get(text)


def _read_list(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LISTED:
        raise _Wrong(sentence="“{title}” has more than {most} lines.", way_out="Leave some out.", most=MOST_LISTED)
    return lines


def _read_name(column: Column, raw: Mapping[str, str]) -> dict[str, str] | None:
    said = {language: raw.get(f"{column.attribute}.{language}", "").strip() for language in LANGUAGES}
    named = {language: _read_text(text, column) for language, text in said.items() if text}
    if named and LANGUAGES[0] not in named:
        raise _Wrong(sentence="“{title}” is missing in English.", way_out="Fill it in; it stands in for every other language.")
    return named or None


def _find(session: Session, column: Column, text: str) -> str:
    """Find the row that a code names; of people also the one that a full name or an e-mail address names."""
    if column.kind is Kind.PERSON:
        same = or_(Person.code == text, func.lower(Person.name) == text.lower(), func.lower(Person.email) == text.lower())
        found = session.scalars(select(Person.code).where(same).limit(2)).all()
        if len(found) != 1:
            raise _Wrong(
                sentence="“{title}”: nobody, or more than one person, is called {code}.",
                way_out="Enter the code of the person, such as lina.marchetti.",
                code=text,
            )
        return found[0]
    model: type[Area | Organisation] = Area if column.kind is Kind.AREA else Organisation
    if session.scalar(select(model.code).where(model.code == text)) is None:
        raise _Wrong(sentence="“{title}”: there is no {code}.", way_out="Choose one of the list.", code=text)
    return text


_BY_KIND: Mapping[Kind, Callable[[str, Column], Any]] = {
    Kind.TEXT: _read_text,
    Kind.PROSE: _read_text,
    Kind.EMAIL: _read_email,
    Kind.NUMBER: _read_number,
    Kind.CENTS: _read_number,
    Kind.DATE: _read_day,
    Kind.CHOICE: _read_choice,
    Kind.ROLE: _read_role,
}
