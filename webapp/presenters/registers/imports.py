"""The page on which an owner brings many entries at once: what the table needs, what would be added, what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from services.people import Actor
from services.registry import choices, sheets
from services.registry.asking import NO, YES
from services.registry.editing import ensure_may_add
from services.registry.errors import SheetRefused
from services.registry.importing import ROW, Line
from services.registry.reading import find_register
from services.registry.shape import Column, Kind, Register
from services.registry.typed import LONGEST_REASON, REASON
from webapp.presenters.moments import reader_zone
from webapp.presenters.registers.lists import options_of
from webapp.presenters.registers.sheets import Asked, Brought, list_asked, read_brought
from webapp.questions import Question
from webapp.speech import gettext
from workflows.errors import Problem

FILE, PASTED, ROWS = "file", "pasted", "rows"
_SHOWN_ROWS = 20
_MOST_PROBLEMS = 50
_MOST_WORDS = 40


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column of the table: what goes into it, what helps to fill it in, and the words where only some are taken."""

    title: str
    is_required: bool
    takes: str
    hint: str
    words: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class ImportPage:
    """The page, before and after a table was brought.

    Attributes:
        templates: Addresses of an empty table, by format.
        most_rows, most_mb: How much is taken at once.
        shown, more: The first rows as they were read, under `titles`, and how many there are beside them.
        rows: What was brought, as the page hands it on.
        left_out: Headings that are not read.
        problems, others: What is wrong, and how much more of it there is.
    """

    title: str
    register: str
    address: str
    back: str
    templates: Mapping[str, str]
    most_rows: int
    most_mb: int
    headings: Sequence[Heading]
    reason: Question
    pasted: str
    count: int = 0
    titles: Sequence[str] = ()
    shown: Sequence[tuple[int, Sequence[str]]] = ()
    more: int = 0
    rows: str = ""
    left_out: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    others: int = 0


def read_sent(sent: Mapping[str, str], content: bytes) -> sheets.Sheet:
    """Read what a form brought: a file, pasted text, or the rows that the page handed on.

    Raises:
        SheetRefused: There is none, or it cannot be read.
    """
    if content:
        return sheets.read_sheet(content)
    if not sent.get(ROWS):
        return sheets.read_pasted(sent.get(PASTED, ""))
    try:
        rows = json.loads(sent[ROWS])
    except (ValueError, RecursionError):  # the latter of brackets inside brackets without end
        rows = None
    if not isinstance(rows, list) or not all(
        isinstance(row, list) and all(isinstance(cell, str) for cell in row) for row in rows
    ):
        raise SheetRefused
    return sheets.ensure_bounded(rows)


def read_lines(session: Session, key: str, sheet: sheets.Sheet, *, actor: Actor, now: datetime, locale: str) -> Brought:
    """Read the rows of a table as entries of a register that the actor may add to. Raises: NotFound, NotKept."""
    register, reader = find_register(session, key, actor=actor, now=now)
    ensure_may_add(register, reader)
    return read_brought(session, register, sheet, locale=locale)


def get_template(session: Session, key: str, *, actor: Actor, now: datetime) -> tuple[str, list[str]]:
    """Return the title of a register and the headings of a table for it. Raises: NotFound, NotKept."""
    register, reader = find_register(session, key, actor=actor, now=now)
    ensure_may_add(register, reader)
    return gettext(register.title), [asked.heading for asked in list_asked(register)]


def get_import_page(
    session: Session,
    key: str,
    *,
    actor: Actor,
    now: datetime,
    locale: str,
    sent: Mapping[str, str] | None = None,
    sheet: sheets.Sheet | None = None,
    brought: Brought | None = None,
    problems: Sequence[Problem] = (),
) -> ImportPage:
    """Ask for a table, or show what was read of it.

    Args:
        sent: What the form brought, when the page comes back.
        sheet, brought: The table and its rows, where they could be read.
        problems: What is wrong with it.

    Raises:
        NotFound, NotKept: See `services.registry.editing.ensure_may_add`.
    """
    register, reader = find_register(session, key, actor=actor, now=now)
    ensure_may_add(register, reader)
    typed = sent or {}
    is_ready = brought is not None and sheet is not None and not [each for each in problems if each.where != REASON]
    return ImportPage(
        title=gettext("Add many entries: {register}").format(register=gettext(register.title)),
        register=gettext(register.title),
        address=url_for("registers.bring", register=register.key),
        back=url_for("registers.index_of", register=register.key),
        most_rows=sheets.MOST_ROWS - 1,
        most_mb=sheets.MOST_BYTES // 1_000_000,
        templates={form: url_for("registers.template", register=register.key, form=form) for form in ("xlsx", "csv")},
        headings=_headings(session, register, locale),
        reason=_reason(typed, problems),
        pasted=typed.get(PASTED, ""),
        left_out=brought.left_out if brought is not None else (),
        problems=[_said(each, PASTED if typed.get(PASTED) else FILE) for each in problems[:_MOST_PROBLEMS]],
        others=max(0, len(problems) - _MOST_PROBLEMS),
        **(
            _ready(session, register, sheet, brought.lines, locale)
            if is_ready and brought is not None and sheet is not None
            else {}
        ),
    )


def _ready(session: Session, register: Register, sheet: sheets.Sheet, lines: Sequence[Line], locale: str) -> dict[str, Any]:
    filled = [asked for asked in list_asked(register) if any(line.raw.get(asked.field) for line in lines)]
    offered = _offered(session, filled, locale)
    words = {asked.field: {**dict(options_of(asked.column, offered)), **_truths(asked.column)} for asked in filled}
    shown = [
        (line.number, [words[asked.field].get(said := line.raw.get(asked.field, ""), said) for asked in filled])
        for line in lines[:_SHOWN_ROWS]
    ]
    return {
        "count": len(lines),
        "titles": [asked.heading for asked in filled],
        "shown": shown,
        "more": len(lines) - len(shown),
        "rows": json.dumps(sheet, ensure_ascii=False),
    }


def _truths(column: Column) -> dict[str, str]:
    return {YES: gettext("yes"), NO: gettext("no")} if column.kind is Kind.YES_NO else {}


def _offered(session: Session, asked: Sequence[Asked], locale: str) -> dict[Kind, Sequence[tuple[str, str]]]:
    return choices.offered(session, {each.column.kind for each in asked}, locale=locale)


def _headings(session: Session, register: Register, locale: str) -> list[Heading]:
    asked = list_asked(register)
    offered = _offered(session, asked, locale)
    return [
        Heading(
            title=each.heading,
            is_required=each.is_required,
            takes=_takes(each.column),
            hint=gettext(each.column.hint) if each.column.hint else "",
            words=words if len(words := options_of(each.column, offered)) <= _MOST_WORDS else (),
        )
        for each in asked
    ]


def _takes(column: Column) -> str:
    """Say in a few words what goes into a column."""
    if column.kind is Kind.MOMENT:
        return gettext("A moment such as 2026-12-31T17:00; times are those of {zone}").format(zone=reader_zone())
    said = {
        Kind.NUMBER: gettext("A whole number"),
        Kind.DATE: gettext("A day such as 2026-12-31"),
        Kind.YES_NO: gettext("yes or no"),
        Kind.PERSON: gettext("A person: code, full name or e-mail address"),
        Kind.AREA: gettext("An area: code or name"),
        Kind.ORGANISATION: gettext("An organisation: code or name"),
        Kind.ROLE: gettext("A role"),
        Kind.CHOICE: gettext("One of the choices"),
        Kind.LIST: gettext("Several, with commas between them"),
    }
    return said.get(column.kind, gettext("Text of at most {most} characters").format(most=column.longest))


def _reason(typed: Mapping[str, str], problems: Sequence[Problem]) -> Question:
    return Question(
        kind="textarea",
        name=REASON,
        label=gettext("Why do you add these?"),
        description=gettext("The reason stays in the history of each entry."),
        value=typed.get(REASON, ""),
        is_required=True,
        problem=next((each for each in problems if each.where == REASON), None),
        attributes={"data-limit": str(LONGEST_REASON)},
    )


def _said(problem: Problem, place: str) -> Problem:
    """Let a problem name its row, and its column in the reader's language; it leads to where the table is brought."""
    facts = dict(problem.facts or {})
    row = facts.pop(ROW, None)
    if "title" in facts:
        facts["title"] = gettext(str(facts["title"]))
    if row is None:
        return replace(problem, facts=facts or None, where=problem.where or place)
    said = " ".join(gettext(each) for each in (problem.sentence, problem.way_out) if each).format(**facts)
    return Problem(where=place, sentence="Row {row}: {problem}", facts={"row": row, "problem": said})
