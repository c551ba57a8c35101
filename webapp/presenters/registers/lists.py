"""The page of all registers, and the list of one: headings that sort, filters, counts, pages, exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import url_for
from flask_babel import format_currency, format_decimal
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import beginning, ended_contracts
from services.people import Actor
from services.registry import choices
from services.registry.asking import NO, VALID_ON, YES, Asked, filters_of, has_validity, read_asked, sortable
from services.registry.declared import registers
from services.registry.exporting import FORMATS, list_for_export
from services.registry.reading import ROWS_PER_PAGE, Listing, count_asked, find_register, list_entries, list_registers
from services.registry.rights import may_keep, reader_of
from services.registry.shape import FAMILY_TITLES, Column, Kind, Register
from services.registry.totals import Total, add_up
from webapp.presenters.registers.cells import Reading, cell_for_file, show_cell
from webapp.presenters.roles import ROLE_NAMES, say_role
from webapp.questions import Option
from webapp.speech import gettext, ngettext
from workflows.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column heading: its address sorts the list by it, where that is possible."""

    title: str
    kind: str
    address: str | None
    sorted: str


@dataclass(frozen=True, kw_only=True)
class RowView:
    """One entry: the first cell leads to its page."""

    address: str
    cells: Sequence[Markup]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One way to narrow the list: a choice when it has options, a day or a text otherwise."""

    name: str
    label: str
    value: str
    kind: str
    options: Sequence[Option] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows with their headings, as the table of a list and of a part of an entry."""

    caption: str
    headings: Sequence[Heading]
    rows: Sequence[RowView]


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """The list of a register.

    Attributes:
        everything: The address of the list without search and filters.
        exports: Addresses of the list as files, by format.
        add, bring: Addresses where an owner adds one entry, or many out of a table.
        totals: What the amounts of the list come to; None where nothing is added up.
    """

    key: str
    title: str
    about: str
    search: str
    sort: str
    table: Table
    counted: str
    filters: Sequence[Filter]
    is_narrowed: bool
    is_empty: bool
    everything: str
    newer: str | None
    older: str | None
    exports: Mapping[str, str]
    add: str | None
    bring: str | None
    totals: Table | None
    problems: Sequence[Problem]


@dataclass(frozen=True, kw_only=True)
class Family:
    """Registers under one heading, as (address, title, what they hold)."""

    title: str
    registers: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the first steps of an installation: the register in which something is entered, and whether it was."""

    address: str
    title: str
    is_done: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Entries of a register that somebody should look at: their number in words, and the list of them."""

    address: str
    said: str


@dataclass(frozen=True, kw_only=True)
class FileRows:
    """A list as it goes into a file."""

    listing: Listing
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]


def list_families(session: Session, *, actor: Actor, now: datetime) -> list[Family]:
    """List the registers that the reader may open."""
    places = list(FAMILY_TITLES)
    opened = sorted(list_registers(session, actor=actor, now=now), key=lambda register: places.index(register.family))
    return [
        Family(title=gettext(FAMILY_TITLES[family]), registers=[_link(register) for register in registers])
        for family, registers in groupby(opened, key=lambda register: register.family)
    ]


def list_first_steps(session: Session, *, actor: Actor, now: datetime) -> list[Step]:
    """List what an administrator enters first in an installation that has just begun; nothing for anybody else, or later."""
    reader = reader_of(session, actor, now)
    if not may_keep(registers()["accounts"], reader):
        return []
    return [
        Step(
            address=url_for("registers.index_of", register=step.register),
            title=gettext(registers()[step.register].title),
            is_done=step.is_done,
        )
        for step in beginning.list_first_steps(session)
    ]


def count_ended(session: Session, *, actor: Actor, now: datetime) -> Waiting | None:
    """Count the open accounts of people whose contract ended, for whoever keeps accounts; None when there are none."""
    asked = Asked(filters=ended_contracts.ASKED)
    count = count_asked(session, "accounts", asked, actor=actor, now=now)
    if not count:
        return None
    said = ngettext(
        "%(num)d person whose contract has ended may still sign in",
        "%(num)d people whose contract has ended may still sign in",
        count,
    )
    return Waiting(address=address_of(registers()["accounts"], asked), said=said)


def get_list(session: Session, key: str, parameters: Mapping[str, str], *, actor: Actor, now: datetime, locale: str) -> ListPage:
    """Read one page of a register.

    Raises:
        NotFound: There is no such register for the reader.
    """
    register, reader = find_register(session, key, actor=actor, now=now)
    asked = read_asked(register, parameters)
    listing = list_entries(session, register, asked, reader=reader)
    reading = Reading(names=listing.names, locale=locale)
    pages = -(-listing.found // ROWS_PER_PAGE)
    return ListPage(
        key=register.key,
        title=gettext(register.title),
        about=gettext(register.about),
        search=asked.search,
        sort=asked.sort,
        table=make_table(register, listing.columns, listing.rows, reading, asked=asked),
        counted=_say_count(listing),
        filters=_filters(session, register, asked, locale),
        is_narrowed=asked.is_narrowed,
        is_empty=not listing.total,
        everything=url_for("registers.index_of", register=register.key),
        newer=address_of(register, asked, page=min(asked.page - 1, pages) or None) if asked.page > 1 else None,
        older=address_of(register, asked, page=asked.page + 1) if asked.page < pages else None,
        exports={form: _export_address(register, asked, form) for form in FORMATS},
        add=url_for("registers.new", register=register.key) if listing.may_add else None,
        bring=url_for("registers.choose_table", register=register.key) if listing.may_add else None,
        totals=_make_totals(register, add_up(session, register, asked, reader=reader, locale=locale)),
        problems=asked.problems,
    )


def _make_totals(register: Register, totals: Sequence[Total]) -> Table | None:
    """Write what each organisation pays in all; each row leads to the entries that it is made of."""
    if not totals:
        return None
    titles = ((gettext("Organisation"), ""), (gettext("Year"), ""), (gettext("Budgets"), "number"), (gettext("In all"), "number"))
    return Table(
        caption=gettext("What each organisation pays in all, of the budgets that were agreed on and that you may read"),
        headings=[Heading(title=title, kind=kind, address=None, sorted="") for title, kind in titles],
        rows=[
            RowView(
                address=url_for("registers.index_of", register=register.key, organisation=total.organisation),
                cells=[
                    escape(total.name),
                    escape(total.year),
                    escape(format_decimal(total.budgets)),
                    escape(format_currency(Decimal(total.amount_cents) / 100, total.currency)),
                ],
            )
            for total in totals
        ],
    )


def get_file_rows(
    session: Session, key: str, parameters: Mapping[str, str], *, actor: Actor, now: datetime, locale: str
) -> FileRows:
    """Read exactly the list that was asked for, every column of it, for a file.

    Raises:
        NotFound: There is no such register for the reader.
        TooManyRows: It is too long for one file.
    """
    register, reader = find_register(session, key, actor=actor, now=now)
    listing = list_for_export(session, register, read_asked(register, parameters), reader=reader)
    reading = Reading(names=listing.names, locale=locale)
    return FileRows(
        listing=listing,
        title=gettext(register.title),
        headers=[gettext(column.title) for column in listing.columns],
        rows=[
            [cell_for_file(column, row.values[column.attribute], reading) for column in listing.columns] for row in listing.rows
        ],
    )


def make_table(
    register: Register, columns: Sequence[Column], rows: Sequence[Any], reading: Reading, *, asked: Asked | None = None
) -> Table:
    """Write rows with their headings; without `asked` the headings do not sort."""
    return Table(
        caption=gettext(register.title),
        headings=[_heading(register, column, asked) for column in columns],
        rows=[
            RowView(
                address=url_for("registers.show", register=register.key, entry=row.key),
                cells=[show_cell(column, row.values[column.attribute], reading) for column in columns],
            )
            for row in rows
        ],
    )


def address_of(register: Register, asked: Asked, **changed: str | int | None) -> str:
    """Write the address of a list, with some of what is asked changed."""
    query = asked.query(**changed)
    address = url_for("registers.index_of", register=register.key)
    return f"{address}?{query}" if query else address


def _link(register: Register) -> tuple[str, str, str]:
    return url_for("registers.index_of", register=register.key), gettext(register.title), gettext(register.about)


def _say_count(listing: Listing) -> str:
    facts = {"count": format_decimal(listing.found), "all": format_decimal(listing.total)}
    if listing.found == listing.total:
        return ngettext("%(num)d entry", "%(num)d entries", listing.total)
    return gettext("{count} of {all} entries").format(**facts)


def _heading(register: Register, column: Column, asked: Asked | None) -> Heading:
    kind = "number" if column.kind in {Kind.NUMBER, Kind.CENTS} else ""
    if asked is None or column not in sortable(register):
        return Heading(title=gettext(column.title), kind=kind, address=None, sorted="")
    now_by = asked.sort or (register.order[0] if register.order else "")
    is_rising = now_by == column.attribute
    state = "ascending" if is_rising else "descending" if now_by == f"-{column.attribute}" else ""
    wanted = f"-{column.attribute}" if is_rising else column.attribute
    return Heading(
        title=gettext(column.title), kind=kind, address=address_of(register, asked, sort=wanted, page=None), sorted=state
    )


def _export_address(register: Register, asked: Asked, form: str) -> str:
    address = url_for("registers.export", register=register.key, form=form)
    query = asked.query(page=None)
    return f"{address}?{query}" if query else address


def _filters(session: Session, register: Register, asked: Asked, locale: str) -> list[Filter]:
    """Offer what the list may be narrowed by. Areas and organisations are read once, however many columns name them."""
    offered = choices.offered(session, {column.kind for column in filters_of(register)}, locale=locale)
    found = [_filter(column, asked.filters.get(column.attribute, ""), offered) for column in filters_of(register)]
    if has_validity(register):
        day = asked.valid_on.isoformat() if asked.valid_on else ""
        found.append(Filter(name=VALID_ON, label=gettext("Holds on"), value=day, kind="date"))
    return found


def _filter(column: Column, value: str, offered: Mapping[Kind, Sequence[tuple[str, str]]]) -> Filter:
    options = [Option(value=code, label=label, is_chosen=code == value) for code, label in _options(column, offered)]
    kind = "select" if options else "number" if column.kind is Kind.NUMBER else "text"
    return Filter(name=column.attribute, label=gettext(column.title), value=value, kind=kind, options=options)


def _options(column: Column, offered: Mapping[Kind, Sequence[tuple[str, str]]]) -> Sequence[tuple[str, str]]:
    if column.kind is Kind.YES_NO:
        return [(YES, gettext("yes")), (NO, gettext("no"))]
    return options_of(column, offered)


def options_of(column: Column, offered: Mapping[Kind, Sequence[tuple[str, str]]]) -> Sequence[tuple[str, str]]:
    """Return what may be chosen in a column, as codes and words; nothing where it is typed in."""
    if column.kind is Kind.CHOICE:
        return [(code, gettext(title)) for code, title in column.options.items()]
    if column.kind is Kind.ROLE:
        beside = [(code, gettext(title)) for code, title in column.options.items()]
        return sorted([*((code, say_role(code)) for code in ROLE_NAMES), *beside], key=lambda option: option[1])
    return offered.get(column.kind, ())
