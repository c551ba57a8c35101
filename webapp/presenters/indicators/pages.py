"""The dashboard of all indicators, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_decimal
from markupsafe import Markup
from sqlalchemy.orm import Session

from services.indicators import INDICATORS, Member, Part, Unit, board
from services.indicators.board import PAGE, Board, Quarter, Sheet, Shown
from services.indicators.process import MOST_LISTED
from services.indicators.reach import SUPPORT
from services.indicators.scopes import Chosen, Scope
from services.people import Actor
from webapp.i18n import direction
from webapp.presenters.indicators.drawing import Drawing, draw_trend
from webapp.presenters.indicators.figures import (
    address_of,
    in_order,
    say_amount,
    say_counting,
    say_fraction,
    say_part,
    say_period,
    say_trend,
    say_why,
    told,
)
from webapp.presenters.indicators.frames import Frame, make_frame
from webapp.presenters.indicators.parts import name_parts
from webapp.presenters.indicators.texts import Told
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of the dashboard."""

    key: str
    number: str
    title: str
    address: str
    value: str
    fraction: str
    target: str
    trend: str
    width: float | None
    beside: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class BoardPage:
    """The dashboard."""

    frame: Frame
    indicators: list[Row]
    figures: list[Row]
    file: str
    freezing: str | None
    is_correction: bool
    typed: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a list."""

    label: str
    address: str | None
    counting: str
    counts: bool
    fraction: str
    why: list[Markup]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A companion figure."""

    title: str
    value: str
    fraction: str
    address: str | None
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class SheetPage:
    """One figure."""

    frame: Frame
    key: str
    seed: str
    told: Told
    value: str
    fraction: str
    target: str
    beside: list[Beside]
    drawing: Drawing
    trend: list[tuple[str, str, str, str]]
    entries: list[Entry]
    counted: str
    is_secret: bool
    is_live_list: bool
    contacts: str | None
    file: str
    back: str
    newer: str | None
    older: str | None


def read_chosen(asked: Mapping[str, str]) -> Chosen:
    """Read period and scope from an address."""
    version, page = asked.get("version", ""), asked.get("page", "")
    return Chosen(
        period=asked.get("period", ""),
        area=asked.get("area", ""),
        organisation=asked.get("organisation", ""),
        version=int(version) if _is_number(version) else None,
        part=asked.get("part", ""),
        page=int(page) if _is_number(page) else 1,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7


def get_board(session: Session, chosen: Chosen, *, actor: Actor, now: datetime, typed: str = "") -> BoardPage:
    """Build the dashboard."""
    found = board.read_board(session, chosen, actor=actor, now=now)
    scope = found.scope
    may_freeze = scope.reach.freezing is not None and scope.is_total and now >= scope.asked.period.until
    return BoardPage(
        frame=make_frame(session, scope, chosen, "indicators.index", now=now),
        indicators=[_row(found, each.key, chosen) for each in scope.indicators],
        figures=[_row(found, each.key, chosen) for each in scope.figures],
        file=address_of("indicators.export", scope, chosen),
        freezing=scope.asked.period.key if may_freeze else None,
        is_correction=bool(scope.versions),
        typed=typed,
    )


def _row(found: Board, key: str, chosen: Chosen) -> Row:
    shown, text = found.shown[key], told(key)
    return Row(
        key=key,
        number=key if key in INDICATORS else "",
        title=str(text.title),
        address=address_of("indicators.show", found.scope, chosen, key=key),
        value=say_amount(shown.value, shown.unit),
        fraction=say_fraction(shown.numerator, shown.denominator, shown.unit),
        target=_target(key),
        trend=say_trend(shown, found.scope.asked.period.previous()),
        width=float(shown.value) if shown.value is not None and shown.unit is Unit.PERCENT else None,
        beside=[(say_part(key, part), say_amount(part.value, part.unit)) for part in in_order(shown)]
        if key in INDICATORS
        else [],
    )


def _target(key: str) -> str:
    target = INDICATORS[key].target if key in INDICATORS else None
    return gettext("{number} %").format(number=format_decimal(target)) if target is not None else ""


def get_sheet(session: Session, key: str, chosen: Chosen, *, actor: Actor, now: datetime) -> SheetPage:
    """Build the page of one figure."""
    sheet = board.read_sheet(session, key, chosen, actor=actor, now=now)
    scope, shown = sheet.scope, sheet.shown
    page, shown_to = max(chosen.page, 1), max(chosen.page, 1) * PAGE
    is_paged = key in INDICATORS
    around = {"key": key, "part": chosen.part or None}
    names = {} if key in INDICATORS else name_parts(session, [part.name for part in shown.parts])
    return SheetPage(
        frame=make_frame(session, scope, chosen, "indicators.show", now=now, key=key),
        key=key,
        seed=INDICATORS[key].seed if key in INDICATORS else "",
        told=told(key),
        value=say_amount(shown.value, shown.unit),
        fraction=say_fraction(shown.numerator, shown.denominator, shown.unit),
        target=_target(key),
        beside=[_beside(scope, shown, part, chosen, names) for part in in_order(shown)],
        drawing=draw_trend(sheet.trend, shown.unit, mirrored=direction() == "rtl"),
        trend=[_quarter(one, shown.unit) for one in sheet.trend],
        entries=[_entry(sheet, member) for member in sheet.members],
        counted=_counted(sheet),
        is_secret=any(member.is_secret for member in sheet.members),
        is_live_list=scope.frozen is not None,
        contacts=url_for("support.index") if key == SUPPORT and scope.reach.is_counsellor else None,
        file=address_of("indicators.export_list", scope, chosen, **around),
        back=address_of("indicators.index", scope, chosen),
        newer=address_of("indicators.show", scope, chosen, **around, page=page - 1) if is_paged and page > 1 else None,
        older=address_of("indicators.show", scope, chosen, **around, page=page + 1)
        if is_paged and shown_to < sheet.found
        else None,
    )


def _beside(scope: Scope, shown: Shown, part: Part, chosen: Chosen, names: Mapping[str, str]) -> Beside:
    is_listed = part.has_list or shown.key not in INDICATORS
    address = address_of("indicators.show", scope, chosen, key=shown.key, part=part.name) if is_listed and part.name else None
    return Beside(
        title=names.get(part.name) or say_part(shown.key, part),
        value=say_amount(part.value, part.unit),
        fraction=say_fraction(part.numerator, part.denominator, part.unit),
        address=address,
        is_chosen=bool(chosen.part) and part.name == chosen.part,
    )


def _quarter(one: Quarter, unit: Unit) -> tuple[str, str, str, str]:
    return (
        say_period(one.period),
        say_amount(one.value, unit),
        say_fraction(one.numerator, one.denominator, unit),
        gettext("as reported") if one.is_frozen else gettext("counted now"),
    )


def _entry(sheet: Sheet, member: Member) -> Entry:
    closed = sheet.is_closed(member)
    return Entry(
        label=gettext("An entry that you may not see") if closed else member.label,
        address=None if closed else _address(sheet, member),
        counting=say_counting(member),
        counts=member.counts,
        fraction=_weight(member),
        # A reason may name what the entry is about; of a closed one only whether it counts is said.
        why=[] if sheet.is_closed(member) and not member.is_secret else [say_why(why) for why in member.why],
    )


def _weight(member: Member) -> str:
    if member.denominator <= 1 and member.numerator <= 1:
        return ""
    return gettext("{above} of {below}").format(above=format_decimal(member.numerator), below=format_decimal(member.denominator))


def _address(sheet: Sheet, member: Member) -> str | None:
    if member.register == "cases":
        return url_for("cases.show", number=member.entry)
    if (member.register, member.entry) in sheet.links:
        return url_for("registers.show", register=member.register, entry=member.entry)
    return None


def _counted(sheet: Sheet) -> str:
    if sheet.found > len(sheet.members) and sheet.shown.key not in INDICATORS:
        sentence = gettext("{count} entries; the newest {most} are shown.")
        return sentence.format(count=format_decimal(sheet.found), most=format_decimal(MOST_LISTED))
    return gettext("{count} entries").format(count=format_decimal(sheet.found))
