"""The page of one entry: what it says, what belongs to it, who changed it and why, and how it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_decimal
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import cases, definitions
from services.errors import NotFound
from services.models.register_changes import CHANGED, RegisterChange
from services.people import Actor
from services.registry.asking import Asked
from services.registry.reading import Entry, PartListing, find_register, read_entry
from services.registry.shape import Column, Kind, Register
from webapp.presenters.moments import read_moment, show_moment
from webapp.presenters.registers.cells import Reading, say_text, show_cell
from webapp.presenters.registers.lists import Table, address_of, make_table
from webapp.presenters.texts import Texts
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One value before and after a change."""

    title: str
    before: Markup
    after: Markup


@dataclass(frozen=True, kw_only=True)
class Change:
    """One act on the entry: who, when, why, and what differs."""

    who: str
    did: str
    when: Markup
    reason: str
    differences: Sequence[Difference]


@dataclass(frozen=True, kw_only=True)
class PartView:
    """Rows of another register that belong to the entry; `all` leads to their whole list."""

    title: str
    table: Table
    all: str
    counted: str


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """One entry.

    Attributes:
        written_by: Who or what writes it, where no owner does.
        process: Where the process that writes it is started, as (address, title), for whoever may.
        edit: Where it is changed, for whoever may.
    """

    key: str
    register: str
    title: str
    back: str
    facts: Sequence[tuple[str, Markup]]
    parts: Sequence[PartView]
    changes: Sequence[Change]
    written_by: str
    process: tuple[str, str] | None
    edit: str | None


def get_entry(session: Session, register_key: str, key: str, *, actor: Actor, now: datetime, locale: str) -> EntryPage:
    """Read one entry.

    Raises:
        NotFound: There is no such register or entry for the reader.
    """
    register, reader = find_register(session, register_key, actor=actor, now=now)
    entry = read_entry(session, register, key, reader=reader)
    reading = Reading(names=entry.names, locale=locale)
    is_own = register.not_own and entry.row.values.get(str(register.person)) == actor.person
    return EntryPage(
        key=key,
        register=gettext(register.title),
        title=title_of(entry, reading),
        back=url_for("registers.index_of", register=register.key),
        facts=[
            (gettext(column.title), show_cell(column, entry.row.values[column.attribute], reading)) for column in register.columns
        ],
        parts=[_part(part, key, reading) for part in entry.parts if part.rows],
        changes=[_change(register, change, reading) for change in entry.changes],
        written_by=gettext(register.written_by) if register.written_by else "",
        process=_process(session, register, actor=actor, now=now),
        edit=url_for("registers.edit", register=register.key, entry=key) if entry.may_change and not is_own else None,
    )


def title_of(entry: Entry, reading: Reading) -> str:
    """Name an entry for a person."""
    register = entry.register
    column = register.column(register.label or register.identity[0])
    if column is None:
        return entry.row.key
    value = entry.row.values[column.attribute]
    if column.kind is Kind.PERSON:
        return reading.names.persons.get(value, str(value))
    if column.kind in {Kind.AREA, Kind.ORGANISATION}:
        return show_cell(column, value, reading).striptags()
    return say_text(column, value, reading) if value not in (None, "") else entry.row.key


def list_differences(register: Register, before: Any, after: Any, reading: Reading) -> list[Difference]:
    """Say what differs between two states of an entry, in the order of the columns."""
    return [
        Difference(
            title=gettext(column.title),
            before=_show_kept(column, (before or {}).get(column.attribute), reading),
            after=_show_kept(column, after.get(column.attribute), reading),
        )
        for column in register.columns
        if column.attribute in after
    ]


def _show_kept(column: Column, value: Any, reading: Reading) -> Markup:
    """Show a value as the history keeps it: days and moments are texts there."""
    if column.kind is Kind.MOMENT:
        value = read_moment(value)
    return show_cell(column, value, reading) or Markup("–")


def _change(register: Register, change: RegisterChange, reading: Reading) -> Change:
    differences = list_differences(register, change.before, change.after, reading)
    if change.act != CHANGED:
        differences = [each for each in differences if each.after != "–"]
    return Change(
        who=reading.names.persons.get(change.by, change.by),
        did=gettext("changed the entry") if change.act == CHANGED else gettext("added the entry"),
        when=show_moment(change.at),
        reason=change.reason,
        differences=differences,
    )


def _part(part: PartListing, key: str, reading: Reading) -> PartView:
    return PartView(
        title=gettext(part.register.title),
        table=make_table(part.register, part.columns, part.rows, reading),
        all=address_of(part.register, Asked(filters={part.attribute: key})),
        counted=gettext("Show all {count}").format(count=format_decimal(part.found)) if part.found > len(part.rows) else "",
    )


def _process(session: Session, register: Register, *, actor: Actor, now: datetime) -> tuple[str, str] | None:
    """Say where the process that writes the register is started, if the reader may start it."""
    if register.process is None:
        return None
    try:
        version = definitions.current_version(session, register.process)
    except NotFound:
        return None
    if not cases.may_start(session, version, actor=actor, now=now):
        return None
    title = Texts.of(definitions.get_package(session, version.id)).title(version.title)
    return url_for("requests.start", process=register.process), title
