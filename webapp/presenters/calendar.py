"""Calendars for other programs (RFC 5545): journeys with where their clearance stands, and steps that are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import force_locale
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from services import agenda, calendar_tokens, cases, definitions
from services.agenda import DueStep, TripStop
from services.errors import NotFound
from services.people import Actor
from webapp.i18n import language
from webapp.presenters.texts import Texts
from webapp.presenters.words import say_status
from webapp.speech import gettext

TRIPS, TASKS = "trips", "tasks"
_PRODUCT = "-//Safeconduct//Calendar//EN"
_HOST = "safeconduct.invalid"


def read_feed(session: Session, secret: str, kind: str, *, now: datetime) -> bytes:
    """Write the calendar that a secret opens, in the language of its person.

    Raises:
        NotFound: There is no such calendar, or no more.
        ReadTooOften: It was read too often lately.
    """
    if kind not in {TRIPS, TASKS}:
        raise NotFound
    actor = calendar_tokens.open_calendar(session, secret, now=now)
    with force_locale(actor.locale):
        return _write_tasks(session, actor, now=now) if kind == TASKS else _write_trips(session, actor, now=now)


def read_case_calendar(session: Session, number: str, *, actor: Actor, now: datetime) -> bytes:
    """Write the reader's own stops of one request.

    Raises:
        NotFound: There is no such case for this person, or they do not travel in it.
    """
    case = cases.find_case_by_key(session, number)
    if case is None or case.number != number:
        raise NotFound
    stops = agenda.list_trips(session, actor=actor, now=now, number=number)
    if not stops:
        raise NotFound
    return _write(number, (_trip_event(stop) for stop in stops))


def _write_trips(session: Session, actor: Actor, *, now: datetime) -> bytes:
    stops = agenda.list_trips(session, actor=actor, now=now)
    return _write(gettext("Journeys of {name}").format(name=actor.name), (_trip_event(stop) for stop in stops))


def _write_tasks(session: Session, actor: Actor, *, now: datetime) -> bytes:
    steps = agenda.list_due_steps(session, actor=actor, now=now)
    texts = {step.version_id: Texts.of(definitions.get_package(session, step.version_id)) for step in steps}
    events = (_due_event(step, texts[step.version_id]) for step in steps)
    return _write(gettext("Due for {name}").format(name=actor.name), events)


def _trip_event(stop: TripStop) -> Event:
    area = stop.area.get(language()) or stop.area.get("en") or ""
    where = ", ".join(dict.fromkeys(part for part in (stop.place, area) if part))
    word = say_status(stop.status).text
    event = _event(stop.key, stop.sequence, stop.changed_at, address=url_for("cases.show", number=stop.number, _external=True))
    event.add("summary", gettext("{place}: {status}").format(place=where, status=word))
    event.add("dtstart", stop.arrive_at)
    event.add("dtend", stop.depart_at)
    event.add("location", where)
    event.add("status", stop.certainty)
    event.add("transp", "TRANSPARENT")
    return event


def _due_event(step: DueStep, texts: Texts) -> Event:
    name = texts.element(step.task.element, step.task.name)
    address = url_for("tasks.show", task_id=step.task.id, _external=True)
    event = _event(step.key, step.sequence, step.task.opened_at, address=address)
    event.add("summary", gettext("Due: {step} ({number})").format(step=name, number=step.number))
    event.add("dtstart", step.due_at)
    event.add("duration", timedelta(0))
    event.add("status", agenda.CONFIRMED)
    event.add("transp", "TRANSPARENT")
    return event


def _event(key: str, sequence: int, changed_at: datetime, *, address: str) -> Event:
    event = Event()
    event.add("uid", f"{key}@{_HOST}")
    event.add("sequence", sequence)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("url", address)
    return event


def _write(name: str, events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())
