"""What is kept of cases and for how long, as those read it who look after processes, and as a case page says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.units import format_unit
from flask import url_for
from flask_babel import get_locale
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from services import definitions, retention
from services.cases import CaseView
from services.models.cases import Case
from services.models.definitions import ProcessVersion
from services.people import Actor
from webapp.presenters.moments import show_date, show_moment
from webapp.presenters.roles import say_role
from webapp.presenters.texts import Texts
from webapp.speech import gettext

_DAYS_IN_A_YEAR = 365


@dataclass(frozen=True, kw_only=True)
class ProcessRow:
    """A process: how long its cases keep what, and how many of them go soon, are held, or are gone."""

    title: str
    content: str
    record: str
    to_empty: int
    to_remove: int
    held: int
    removed: int


@dataclass(frozen=True, kw_only=True)
class StayingRow:
    """A case that stays, and why."""

    number: str
    address: str
    process: str
    ended: Markup
    why: str


@dataclass(frozen=True, kw_only=True)
class PreviewPage:
    """What is forgotten within some days, and what stays."""

    days: int
    most_days: int
    until: Markup
    rows: list[ProcessRow]
    staying: list[StayingRow]


@dataclass(frozen=True, kw_only=True)
class HoldRow:
    """A hold: who set it and why, and how it ended."""

    said: Markup
    reason: str
    ended: Markup
    end_reason: str


@dataclass(frozen=True, kw_only=True)
class KeptPage:
    """One case: when it is over what is kept of it, and who held it."""

    number: str
    process: str
    facts: list[tuple[str, Markup]]
    holds: list[HoldRow]
    is_held: bool


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a case page says of this.

    Attributes:
        emptied: When and why it was emptied and until when its record is kept; empty otherwise.
        held: Since when and by whom it is held; empty otherwise.
        reason: Why, for readers whose own matter it is not.
        address: Where the reader may hold it or lift the hold.
    """

    emptied: Markup
    held: Markup
    reason: str
    address: str | None


def say_keeping(days: int) -> str:
    """Say how long something is kept: in years where they are whole, else in days."""
    years, rest = divmod(days, _DAYS_IN_A_YEAR)
    number, unit = (days, "duration-day") if rest or not years else (years, "duration-year")
    return str(format_unit(number, unit, locale=get_locale() or "en"))


def get_preview_page(session: Session, *, days: int, actor: Actor, now: datetime) -> PreviewPage:
    """Say what is forgotten within some days.

    Raises:
        NotFound: There is no process for the reader.
    """
    found = retention.preview(session, days=days, actor=actor, now=now)
    titles = {row.process_key: _title(session, row.version) for row in found.rows}
    rows = [
        ProcessRow(
            title=titles[row.process_key],
            content=say_keeping(row.days),
            record=say_keeping(row.record_days),
            to_empty=row.to_empty,
            to_remove=row.to_remove,
            held=row.held,
            removed=row.removed,
        )
        for row in found.rows
    ]
    staying = [
        StayingRow(
            number=each.number,
            address=url_for("retention.show", number=each.number),
            process=titles[each.process_key],
            ended=show_date(each.ended_at),
            why=gettext(retention.say_why(each.why)),
        )
        for each in found.staying
    ]
    asked = min(max(days, 0), retention.MOST_DAYS)
    return PreviewPage(days=asked, most_days=retention.MOST_DAYS, until=show_date(found.until), rows=rows, staying=staying)


def get_kept_page(session: Session, number: str, *, actor: Actor, now: datetime) -> KeptPage:
    """Say what is kept of a case, to somebody who may hold it.

    Raises:
        NotFound: There is no such case for the reader.
    """
    case, version = retention.get_kept_case(session, number, actor=actor, now=now)
    holds = retention.list_holds(session, case.id)
    return KeptPage(
        number=case.number,
        process=_title(session, version),
        facts=_list_facts(case, version, now),
        holds=[_show_hold(each, now) for each in holds],
        is_held=any(each.end is None for each in holds),
    )


def say_kept(session: Session, view: CaseView, *, actor: Actor, now: datetime) -> Kept:
    """Say on the page of a case whether it was emptied and whether it is held."""
    case, held, said = view.case, Markup(), Markup()
    hold = next((each for each in retention.list_holds(session, case.id) if each.end is None), None)
    if hold is not None:
        held = escape(gettext("This case has been held since {moment} by {name}. It is kept as it is until the hold is lifted."))
        held = held.format(moment=show_moment(hold.hold.at, now=now), name=hold.by)
    if case.emptied_at is not None:
        said = escape(
            gettext(
                "What was written in it was removed on {date}, because its process keeps that for {days} days after the end. "
                "Decisions and history are kept until {until}."
            )
        ).format(
            date=show_date(case.emptied_at),
            days=retention.days_kept(view.version),
            until=show_date(retention.removed_from(case, view.version)),
        )
    may = retention.may_hold(session, case, actor=actor, now=now) is not None
    return Kept(
        emptied=said,
        held=held,
        reason=hold.hold.reason if hold is not None and not view.is_party and view.sight.areas is None else "",
        address=url_for("retention.show", number=case.number) if may else None,
    )


def _list_facts(case: Case, version: ProcessVersion, now: datetime) -> list[tuple[str, Markup]]:
    if case.ended_at is None:
        return [(gettext("Ended"), escape(gettext("It is not over; its time begins at its end.")))]
    emptied = (
        show_moment(case.emptied_at, now=now)
        if case.emptied_at is not None
        else escape(gettext("not before {date}")).format(date=show_date(retention.emptied_from(case, version)))
    )
    removed = escape(gettext("not before {date}")).format(date=show_date(retention.removed_from(case, version)))
    return [
        (gettext("Ended"), show_moment(case.ended_at, now=now)),
        (gettext("What was written in it is removed"), emptied),
        (gettext("Its decisions and history are removed"), removed),
    ]


def _show_hold(each: retention.Hold, now: datetime) -> HoldRow:
    ended = Markup()
    if each.end is not None:
        ended = _signed(gettext("Lifted by {name}, {role}, {moment}"), each.lifted_by, each.end.role, each.end.at, now)
    return HoldRow(
        said=_signed(gettext("Held by {name}, {role}, {moment}"), each.by, each.hold.role, each.hold.at, now),
        reason=each.hold.reason,
        ended=ended,
        end_reason=each.end.reason if each.end is not None else "",
    )


def _signed(sentence: str, name: str, role: str, at: datetime, now: datetime) -> Markup:
    return escape(sentence).format(name=name, role=say_role(role), moment=show_moment(at, now=now))


def _title(session: Session, version: ProcessVersion) -> str:
    return Texts.of(definitions.get_package(session, version.id)).title(version.title)
