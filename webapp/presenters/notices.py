"""What the reader was told, and how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import absences, notices
from services.notices.planning import CLOSES, DIGEST, OPENS
from services.people import Actor
from webapp.i18n import language
from webapp.presenters.moments import say_offset, show_moment
from webapp.questions import Option, Question
from webapp.speech import gettext
from workflows.errors import Problem

_KINDS: dict[str, tuple[object, object]] = {
    "task": (lazy_gettext("Waits for me"), lazy_gettext("A step that you may take, or a question to you.")),
    "reminder": (lazy_gettext("Reminders"), lazy_gettext("Something is nearly due, or overdue.")),
    "request": (lazy_gettext("My requests"), lazy_gettext("What became of something that you asked for or reported.")),
    "decision": (lazy_gettext("What I follow"), lazy_gettext("Decisions and changes that concern your area or office.")),
    "substitution": (lazy_gettext("Substitution"), lazy_gettext("Who is away, who stands in, and delegations.")),
    "digest": (
        lazy_gettext("Daily overview"),
        lazy_gettext("One mail at 08:00 with everything that waits for you, also when there is no news."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """One notice as the page lists it."""

    id: str
    subject: str
    lines: list[str]
    kind: str
    told: Markup
    is_unread: bool
    is_urgent: bool


@dataclass(frozen=True, kw_only=True)
class NoticesPage:
    """One page of notices, with the addresses of those beside it."""

    rows: list[NoticeRow]
    unread: int
    number: int
    has_more: bool


@dataclass(frozen=True, kw_only=True)
class PreferencesPage:
    """The questions about how somebody wants to be told."""

    questions: Sequence[Question]
    problems: Sequence[Problem]
    zone: str


def say_kind(kind: str) -> str:
    """Say of what kind a notice is."""
    return str(_KINDS[kind][0]) if kind in _KINDS else kind


def get_notices_page(session: Session, *, actor: Actor, now: datetime, number: int) -> NoticesPage:
    """Read a page of what the actor was told."""
    told, has_more = notices.list_notices(
        session, actor=actor, now=now, locale=language(), offset=(number - 1) * notices.ROWS, limit=notices.ROWS
    )
    rows = [
        NoticeRow(
            id=each.id,
            subject=each.said.subject,
            lines=[line for line in each.said.body.splitlines() if line.strip()],
            kind=say_kind(each.kind),
            told=show_moment(each.told_at, now=now),
            is_unread=each.read_at is None,
            is_urgent=each.urgent,
        )
        for each in told
    ]
    return NoticesPage(rows=rows, unread=notices.count_unread(session, actor=actor, now=now), number=number, has_more=has_more)


def get_preferences_page(
    session: Session, *, actor: Actor, now: datetime, typed: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> PreferencesPage:
    """Ask how the actor wants to be told."""
    habits = notices.get_habits(session, actor.person)
    chosen = {f"kinds.{kind}": habits.way_of(kind) for kind in _KINDS}
    chosen |= {
        "quiet_from": habits.quiet_from.strftime("%H:%M") if habits.quiet_from else "",
        "quiet_to": habits.quiet_to.strftime("%H:%M") if habits.quiet_to else "",
        "working_time": "true" if habits.working_time else "",
    }
    values = chosen if typed is None else typed
    by_place = {problem.where: problem for problem in problems}
    questions = [_ask_kind(kind, values.get(f"kinds.{kind}", ""), by_place.get(f"kinds.{kind}")) for kind in _KINDS]
    questions += _ask_hours(values, by_place)
    zone = say_offset(now.astimezone(ZoneInfo(absences.place_of(session, actor.person)[1])))
    return PreferencesPage(questions=questions, problems=problems, zone=zone)


def _ask_kind(kind: str, value: str, problem: Problem | None) -> Question:
    ways = {
        notices.AT_ONCE: gettext("At once"),
        notices.DAILY: gettext("In one mail a day, at 08:00"),
        notices.OFF: gettext("No mail"),
    }
    offered = {way: text for way, text in ways.items() if kind != DIGEST or way != notices.AT_ONCE}
    title, about = _KINDS[kind]
    return Question(
        kind="radio",
        name=f"kinds.{kind}",
        label=str(title),
        description=str(about),
        is_required=True,
        problem=problem,
        options=[Option(value=way, label=text, is_chosen=way == value) for way, text in offered.items()],
    )


def _ask_hours(values: Mapping[str, str], problems: Mapping[str, Problem]) -> list[Question]:
    hours = {"quiet_from": gettext("No mail from"), "quiet_to": gettext("until")}
    clocks = [
        Question(
            kind="textfield",
            name=name,
            label=label,
            value=values.get(name, ""),
            input_type="time",
            problem=problems.get(name),
            width="third",
        )
        for name, label in hours.items()
    ]
    working = Question(
        kind="checkbox",
        name="working_time",
        label=gettext("Only in the working time of my duty station"),
        description=gettext("Working days there, {opens} to {closes}. Mails wait until it opens.").format(
            opens=OPENS.strftime("%H:%M"), closes=CLOSES.strftime("%H:%M")
        ),
        value=values.get("working_time", ""),
    )
    return [*clocks, working]


def read_kinds(typed: Mapping[str, str]) -> dict[str, str]:
    """Read which way was chosen for which kind."""
    return {kind: typed.get(f"kinds.{kind}", "") for kind in _KINDS}
