"""What failed, as those see it who look after processes: the step and the cause, never what a case is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from markupsafe import Markup, escape
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from services import cases, definitions
from services.cases import caretaking, repairing
from services.cases.caretaking import Listed
from services.errors import NotYourRole
from services.models.cases import CLOSED, FAILED, RETRYING, STOPPED, CaseIncident
from services.people import Actor
from webapp.i18n import say
from webapp.presenters.moments import show_moment, show_since
from webapp.presenters.texts import Texts
from webapp.presenters.words import Word
from webapp.speech import gettext
from workflows import engine
from workflows.errors import Problem

VALUE = "value."
_STATES: dict[str, tuple[object, str, str]] = {
    STOPPED: (lazy_gettext("Case stopped"), "✕", "bad"),
    FAILED: (lazy_gettext("The person may try again"), "!", "yours"),
    RETRYING: (lazy_gettext("Will be tried again"), "◷", "waiting"),
    CLOSED: (lazy_gettext("Repaired"), "✓", "good"),
}
_ACTS: dict[str, object] = {
    "complete": lazy_gettext("Somebody was completing the task “{about}”."),
    "message": lazy_gettext("Somebody was sending the message {about} to the case."),
    "start": lazy_gettext("Somebody was sending a request."),
    "timer": lazy_gettext("A moment had come at which the case moves on by itself."),
    "event": lazy_gettext("The case was being told of an event."),
}
_HOW: dict[str, object] = {
    "retry": lazy_gettext("It was tried again and went through."),
    "skip": lazy_gettext("The step was left out."),
    "change": lazy_gettext("Variables were changed, and it went through."),
    "dismiss": lazy_gettext("It was closed without a change to the case."),
    "MADE_GOOD": lazy_gettext("It went through later, or the case went on without it."),
}


@dataclass(frozen=True, kw_only=True)
class IncidentRow:
    """One failure in one line."""

    address: str
    reference: str
    step: str
    process: str
    number: str
    when: Markup
    cause: str
    word: Word
    next: Markup


@dataclass(frozen=True, kw_only=True)
class IncidentList:
    """All failures of one kind: open, or over."""

    rows: list[IncidentRow]
    waiting: int
    closed: bool


@dataclass(frozen=True, kw_only=True)
class IncidentPage:
    """One failure, with what can be done about it.

    Attributes:
        facts: What is known of it, as rows of name and value.
        why_not_skipped: Why the step cannot be left out; empty when it can.
        names: The variables that the step reads.
        orders: What will be different when it is tried again, in sentences.
        is_person: A person did it, and only that person does it again.
        seen: What was behind the glass, once it is broken.
        typed: What was entered, when the page comes back with problems.
    """

    id: str
    reference: str
    step: str
    word: Word
    facts: list[tuple[str, Any]]
    is_open: bool
    is_person: bool
    has_case: bool
    why_not_skipped: str
    names: list[str]
    orders: list[str]
    seen: repairing.Seen | None = None
    shown: list[tuple[str, str]] = field(default_factory=list)
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


def get_list(session: Session, *, actor: Actor, now: datetime, closed: bool) -> IncidentList:
    """List what failed in the processes that the actor looks after.

    Raises:
        NotYourRole: The actor looks after none.
    """
    waiting = caretaking.count_waiting(session, actor=actor, now=now)
    if waiting is None:
        raise NotYourRole
    listed = caretaking.list_incidents(session, actor=actor, now=now, closed=closed)
    return IncidentList(rows=[_row(session, each, now) for each in listed], waiting=waiting, closed=closed)


def get_page(
    session: Session,
    reference: str,
    *,
    actor: Actor,
    now: datetime,
    seen: repairing.Seen | None = None,
    typed: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
) -> IncidentPage:
    """Read one failure for somebody who may repair it.

    Raises:
        NotFound: There is no such incident for the actor.
    """
    listed = caretaking.read_incident(session, reference, actor=actor, now=now)
    incident = listed.incident
    return IncidentPage(
        id=incident.id,
        reference=cases.reference_of(incident),
        step=_name_step(session, listed),
        word=_word(incident),
        facts=_list_facts(session, listed, now),
        is_open=incident.closed_at is None,
        is_person=incident.state == FAILED,
        has_case=incident.case_id is not None,
        why_not_skipped=say(repairing.why_not_skipped(session, incident) or " ").strip(),
        names=repairing.names_of(session, incident),
        orders=_list_orders(incident),
        seen=seen,
        shown=[(name, json.dumps(value, ensure_ascii=False, indent=1)) for name, value in seen.values.items()] if seen else [],
        typed=typed or {},
        problems=problems,
    )


def read_values(posted: MultiDict[str, str]) -> dict[str, Any]:
    """Read the new values of variables; one that is left empty is not changed. What is no JSON is the text that it is."""
    typed = {name.removeprefix(VALUE): text.strip() for name, text in posted.items() if name.startswith(VALUE)}
    return {name: _read_value(text) for name, text in typed.items() if text}


def say_repaired(incident: CaseIncident) -> str:
    """Say what a repair has come to."""
    if incident.closed_at is not None:
        return gettext("Repaired: {reference}.").format(reference=cases.reference_of(incident))
    return gettext("Noted. It counts as soon as it is tried again.")


def _read_value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _row(session: Session, listed: Listed, now: datetime) -> IncidentRow:
    incident = listed.incident
    coming = show_moment(incident.retry_at, now=now)
    return IncidentRow(
        address=url_for("incidents.show", reference=cases.reference_of(incident)),
        reference=cases.reference_of(incident),
        step=_name_step(session, listed),
        process=_name_process(session, listed),
        number=listed.number or "",
        when=show_moment(incident.closed_at, now=now) if incident.closed_at else show_since(incident.failed_at, now=now),
        cause=incident.cause,
        word=_word(incident),
        next=escape(gettext("again at {moment}")).format(moment=coming) if coming else Markup(""),
    )


def _word(incident: CaseIncident) -> Word:
    text, icon, tone = _STATES[incident.state]
    return Word(text=str(text), icon=icon, tone=tone)  # type: ignore[arg-type]


def _list_facts(session: Session, listed: Listed, now: datetime) -> list[tuple[str, Any]]:
    incident = listed.incident
    about = incident.about or ""
    if incident.task_id:
        about = _name_element(session, listed, repairing.element_of_task(session, incident)) or ""
    doing = str(_ACTS.get(incident.act, _ACTS["timer"])).format(about=about)
    rows: list[tuple[str, Any]] = [
        (gettext("Cause"), incident.cause),
        (gettext("What was being done"), doing),
        (gettext("Step"), f"{_name_step(session, listed)} ({incident.place or incident.element})" if incident.element else ""),
        (gettext("Operation"), incident.operation or ""),
        (gettext("Process"), _name_process(session, listed)),
        (gettext("Case"), listed.number or gettext("none yet")),
        (gettext("Attempts"), incident.attempts),
        (gettext("First failed"), show_moment(incident.opened_at, now=now)),
        (gettext("Last failed"), show_moment(incident.failed_at, now=now)),
        (gettext("Next attempt"), show_moment(incident.retry_at, now=now)),
        (gettext("Closed"), show_moment(incident.closed_at, now=now)),
        (gettext("How"), str(_HOW.get(incident.closed_how or "", ""))),
    ]
    return [(name, value) for name, value in rows if value not in {"", None}]


def _list_orders(incident: CaseIncident) -> list[str]:
    said = []
    for order in (incident.orders or {}).values():
        if order["skip"]:
            said.append(gettext("The step will be left out."))
        if order["values"]:
            names = ", ".join(order["values"])
            said.append(gettext("Before the step these variables will be changed: {names}.").format(names=names))
    return said


def _name_step(session: Session, listed: Listed) -> str:
    named = _name_element(session, listed, listed.incident.element)
    return named or gettext("A step that is not known")


def _name_element(session: Session, listed: Listed, element: str | None) -> str | None:
    if element is None:
        return None
    found = engine.find_element(definitions.get_program(session, listed.version.id), element)
    package = definitions.get_package(session, listed.version.id)
    return Texts.of(package).element(element, found.name if found is not None else "") or element


def _name_process(session: Session, listed: Listed) -> str:
    title = Texts.of(definitions.get_package(session, listed.version.id)).title(listed.version.title)
    return gettext("{process}, version {version}").format(process=title, version=listed.version.version)
