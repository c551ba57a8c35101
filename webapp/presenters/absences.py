"""When somebody is away: the page that says so, and the report of what happened meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import absences, overview
from services.absences import Absent, Stand
from services.absences.reading import CURRENT, OVER, PLANNED
from services.people import Actor
from webapp.i18n import language
from webapp.presenters.moments import say_subject, show_moment
from webapp.presenters.roles import say_role
from webapp.presenters.words import Word, say_act, word
from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class StandRow:
    """Somebody who stands in, in words."""

    name: str
    roles: str
    areas: str
    declined: Markup | None


@dataclass(frozen=True, kw_only=True)
class AbsenceRow:
    """One absence as the page lists it."""

    id: str
    name: str
    begins: Markup
    ends: Markup
    state: Word
    note: str
    stands: Sequence[StandRow]
    may_change: bool
    may_end: bool
    has_report: bool


@dataclass(frozen=True, kw_only=True)
class AbsencesPage:
    """Everything about being away and standing in.

    Attributes:
        own: The reader's absences that are not over.
        past: Those that are.
        standing_in: Others for whom the reader stands in, or will.
    """

    own: list[AbsenceRow]
    past: list[AbsenceRow]
    standing_in: list[AbsenceRow]


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One step of the report."""

    number: str
    subject: str
    step: str
    did: str
    who: str
    when: Markup
    reason: str
    address: str


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """What happened while the reader was away."""

    absence: AbsenceRow
    decided: list[ReportLine]
    still_open: list[ReportLine]
    gone: list[ReportLine]


def get_absences_page(session: Session, *, actor: Actor, now: datetime) -> AbsencesPage:
    """Read the page of the actor."""
    own = absences.list_own(session, actor.person, now)
    others = absences.list_standing_in(session, actor.person, now)
    zone = ZoneInfo(absences.place_of(session, actor.person)[1])
    names = _area_names(session, (*own, *others))
    rows = [_row(each, names, zone, now) for each in own]
    return AbsencesPage(
        own=[row for row, each in zip(rows, own, strict=True) if each.state != OVER],
        past=[row for row, each in zip(rows, own, strict=True) if each.state == OVER],
        standing_in=[_row(each, names, zone, now) for each in others],
    )


def _area_names(session: Session, listed: Iterable[Absent]) -> dict[str, str]:
    codes = {area for each in listed for stand in each.stands for area in stand.areas}
    return overview.name_codes(session, codes, locale=language())


def _row(each: Absent, names: Mapping[str, str], zone: ZoneInfo, now: datetime) -> AbsenceRow:
    states = {
        PLANNED: lambda: word(gettext("Planned"), "waiting"),
        CURRENT: lambda: word(gettext("Away now"), "yours"),
        OVER: lambda: word(gettext("Over"), "closed"),
    }
    return AbsenceRow(
        id=each.id,
        name=each.name,
        begins=show_moment(each.valid_from, zone=zone),
        ends=show_moment(each.valid_to, zone=zone),
        state=states[each.state](),
        note=each.note,
        stands=[_stand(stand, names, zone, now) for stand in each.stands],
        may_change=each.is_declared and each.state == PLANNED,
        may_end=each.is_declared and each.state != OVER,
        has_report=each.state != PLANNED,
    )


def _stand(stand: Stand, names: Mapping[str, str], zone: ZoneInfo, now: datetime) -> StandRow:
    return StandRow(
        name=stand.name,
        roles=", ".join(say_role(role) for role in stand.roles) or gettext("all roles"),
        areas=", ".join(str(names.get(area, area)) for area in stand.areas) or gettext("everywhere"),
        declined=show_moment(stand.declined_at, now=now, zone=zone) if stand.declined_at else None,
    )


def get_report_page(session: Session, absence_id: str, *, actor: Actor, now: datetime) -> ReportPage:
    """Read the report of one absence of the actor.

    Raises:
        NotFound: There is no such absence of the actor.
    """
    report = absences.report_of(session, absence_id, actor=actor, now=now)
    zone = ZoneInfo(absences.place_of(session, actor.person)[1])
    names = _area_names(session, [report.absence])
    return ReportPage(
        absence=_row(report.absence, names, zone, now),
        decided=[_line(line, now) for line in report.decided],
        still_open=[_line(line, now) for line in report.still_open],
        gone=[_line(line, now) for line in report.gone],
    )


def _line(line: Any, now: datetime) -> ReportLine:
    task, decision = line.task, line.decision
    address = url_for("cases.show", number=line.case.number)
    if decision is None and task is not None and task.closed_at is None:
        address = url_for("tasks.show", task_id=task.id)
    at = decision.decided_at if decision is not None else (task.closed_at or task.opened_at) if task is not None else None
    return ReportLine(
        number=line.case.number,
        subject=say_subject(task.subject if task is not None else line.case.subject),
        step=task.name if task is not None else "",
        did=say_act(decision.act, decision.outcome) if decision is not None else "",
        who=line.by,
        when=show_moment(at, now=now),
        reason=(decision.reason_text or "") if decision is not None else "",
        address=address,
    )
