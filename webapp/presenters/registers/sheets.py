"""From the rows of a table that an owner brings to entries: whatever language its headings and words are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import force_locale
from sqlalchemy.orm import Session

from services.registry import choices
from services.registry.asking import NO, YES
from services.registry.editing import enterable
from services.registry.importing import Line
from services.registry.shape import Column, Kind, Register
from services.registry.sheets import Sheet
from services.registry.typed import LANGUAGES
from webapp.i18n import NAMES
from webapp.presenters.registers.lists import options_of
from webapp.speech import gettext
from workflows.errors import Problem

_CODE_BEHIND = re.compile(r"\(([^()\s]+)\)$")
_BETWEEN_WORDS = re.compile(r"\s*[\n,;،、]\s*")
_TRUTHS = {"true": YES, "1": YES, "false": NO, "0": NO}


@dataclass(frozen=True, kw_only=True)
class Brought:
    """A table as it is read.

    Attributes:
        lines: Its rows as the form of an entry has them.
        left_out: Headings of columns that are not read.
        problems: What keeps it from being read at all.
    """

    lines: Sequence[Line]
    left_out: Sequence[str]
    problems: Sequence[Problem]


class Asked(NamedTuple):
    """A column of a table: what it fills, the field of the form, its heading in the reader's language, whether it is needed."""

    column: Column
    field: str
    heading: str
    is_required: bool


def list_asked(register: Register) -> list[Asked]:
    """Return the columns of a table for a register; a name has one in each language, and needs the first."""
    return [
        Asked(column, field, _heading(column, language), column.required and language in {"", LANGUAGES[0]})
        for column in enterable(register)
        for field, language in _fields(column)
    ]


def read_brought(session: Session, register: Register, sheet: Sheet, *, locale: str) -> Brought:
    """Read a table: its first row are headings, each further one an entry; empty rows are passed over."""
    fields = _known_headings(register)
    heads = [fields.get(_folded(cell), "") for cell in sheet[0]]
    problems = list(_heading_problems(register, sheet[0], heads))
    by_field = {asked.field: asked.column for asked in list_asked(register)}
    words = _words_of(session, register, locale)
    lines = []
    for number, row in enumerate(sheet[1:], start=2):
        if any(row) and not problems:
            said = {field: cell for field, cell in zip(heads, row, strict=False) if field}
            raw = {field: _worded(by_field[field], cell, words.get(field, {})) for field, cell in said.items()}
            lines.append(Line(number=number, raw=raw))
    if not lines and not problems:
        problems.append(Problem(where="", sentence="Below the headings there is no row with an entry."))
    return Brought(
        lines=lines, left_out=[cell for cell, field in zip(sheet[0], heads, strict=True) if cell and not field], problems=problems
    )


def _heading_problems(register: Register, written: Sequence[str], heads: Sequence[str]) -> Iterator[Problem]:
    for field in dict.fromkeys(filter(None, heads)):
        if heads.count(field) > 1:
            twice = ", ".join(cell for cell, head in zip(written, heads, strict=True) if head == field)
            yield Problem(
                where="", sentence="Two columns say the same: {headings}. Leave one of them out.", facts={"headings": twice}
            )
    for asked in list_asked(register):
        if asked.is_required and asked.field not in heads:
            yield Problem(where="", sentence="The column “{heading}” is missing.", facts={"heading": asked.heading})


def _fields(column: Column) -> Iterable[tuple[str, str]]:
    """Return the fields of the form that a column has, and the language of each."""
    if column.kind is Kind.NAME:
        return [(f"{column.attribute}.{language}", language) for language in LANGUAGES]
    return [(column.attribute, "")]


def _heading(column: Column, language: str) -> str:
    return f"{gettext(column.title)} ({NAMES[language]})" if language else gettext(column.title)


def _known_headings(register: Register) -> dict[str, str]:
    """Return under which headings, in every language, a field of the form stands."""
    known: dict[str, str] = {}
    for spoken in LANGUAGES:
        with force_locale(spoken):
            for column, field, heading, _ in list_asked(register):
                known.setdefault(_folded(heading), field)
                known.setdefault(_folded(field), field)
                if field == f"{column.attribute}.{spoken}":  # as the list is exported in this language
                    known.setdefault(_folded(gettext(column.title)), field)
    return known


def _words_of(session: Session, register: Register, locale: str) -> dict[str, dict[str, str]]:
    """Return by which words, in the reader's language and every other, a choice may be said."""
    columns = enterable(register)
    known: dict[str, dict[str, str]] = {column.attribute: {} for column in columns}
    for spoken in (locale, *LANGUAGES):
        offered = choices.offered(session, {column.kind for column in columns}, locale=spoken)
        with force_locale(spoken):
            for column in columns:
                known[column.attribute] = {**_words_for(options_of(column, offered)), **known[column.attribute]}
                if column.kind is Kind.YES_NO:
                    known[column.attribute] |= {_folded(gettext("yes")): YES, _folded(gettext("no")): NO, **_TRUTHS}
    return known


def _words_for(options: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return which code each word stands for; one that stands for several is none."""
    meant: dict[str, set[str]] = {}
    for code, label in options:
        for word in (code, label, label.removeprefix(code)):
            meant.setdefault(_folded(word), set()).add(code)
    return {word: code for word, (code, *others) in meant.items() if not others}


def _worded(column: Column, cell: str, words: Mapping[str, str]) -> str:
    """Turn a cell into what is typed into the form."""
    if column.kind is Kind.LIST:
        return "\n".join(_BETWEEN_WORDS.split(cell)) if cell else ""
    if column.kind is Kind.PERSON and (code := _CODE_BEHIND.search(cell)):
        return code[1]
    return words.get(_folded(cell), cell)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
