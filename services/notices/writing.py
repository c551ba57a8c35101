"""A notice as text: what its reader sees on the page, and the mail that goes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from services import cards, definitions
from services.models.cases import Case, Task
from services.models.notices import Notice
from services.models.people import Person
from services.notices.receiving import NO_CIRCLE, Circle
from services.notices.texts import common, find_text
from services.notices.wording import Wording, say_moment, words_for
from services.outbox import ADDRESS, Letter
from services.separation import DECIDE
from workflows.packages import Message, Package

HOST = "safeconduct.invalid"
PREFERENCES = "/profile/notifications"
_DECIDE, _TASK, _OPEN_TASK, _NEUTRAL, _FRAME = "MAIL-DECIDE", "MAIL-TASK", "MAIL-TASK-OPEN", "MAIL-NEUTRAL", "MAIL-FRAME"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A notice in the words of a reader, and the page that it leads to."""

    subject: str
    body: str
    path: str


def say_notice(
    session: Session,
    notice: Notice,
    *,
    locale: str,
    case: Case | None,
    wording: Wording | None = None,
    more: Mapping[str, Any] | None = None,
) -> Said:
    """Write a notice for a reader. One whose text is no longer there says its code.

    Args:
        wording: The names behind its codes, where they were looked up already.
        more: What its text may speak of besides what the notice keeps.
    """
    package = _package(session, notice)
    text = find_text(package, notice.code)
    path = notice.address or (f"/cases/{case.number}" if case is not None else "/notifications")
    if text is None:
        return Said(subject=notice.code, body="", path=path)
    variables = {**variables_of(notice, case), **(more or {})}
    if package is not None and (name := package.find_text(locale, "elements", str(variables.get("element") or ""))):
        variables["task"] = name
    words = wording or words_for(session, [variables], area=case.area if case is not None else None)
    words = replace(words, texts=package.texts if package is not None else {})
    subject, body = text.render(locale, variables, show=words.show)
    return Said(subject=subject, body=body, path=path)


def variables_of(notice: Notice, case: Case | None) -> dict[str, Any]:
    """What the text of a notice may speak of."""
    if case is None:
        return notice.variables
    return {"case": {"number": case.number, "subject": case.subject}, "no": case.number, **notice.variables}


def write_letter(
    session: Session,
    notice: Notice,
    person: Person,
    *,
    locale: str,
    case: Case | None,
    circle: Circle = NO_CIRCLE,
    more: Mapping[str, Any] | None = None,
    phone: str = "",
) -> Letter:
    """Write the mail of a notice: nothing in it that its receiver may not read, and no place on a lock screen without need.

    Args:
        more: What its text may speak of besides what the notice keeps.
        phone: The number that hears of it as well when it is urgent.
    """
    said = say_notice(session, notice, locale=locale, case=case, more=more)
    task = circle.tasks.get(person.code)
    facts: list[str] = []
    if case is not None and task is not None:
        said = _as_task(session, notice, said, task, case, locale)
        facts = _facts_of(session, task, case, locale)
    elif case is not None and not notice.urgent and not circle.may_read_places(person.code, notice.kind):
        subject, body = common()[_NEUTRAL].render(locale, {"no": case.number})
        said = Said(subject=subject, body=body, path=said.path)
    subject = said.subject if case is None or case.number in said.subject else f"[{case.number}] {said.subject}"
    links = {"link": ADDRESS + said.path, "preferences": ADDRESS + PREFERENCES}
    _, footer = common()[_FRAME].render(locale, links)
    return Letter(
        message_id=f"<{notice.source}.{person.code}@{HOST}>",
        to=person.email,
        name=person.name,
        subject=subject,
        body=said.body,
        code=notice.code,
        person=person.code,
        footer="\n\n".join(part for part in ("\n".join(facts), footer) if part),
        unsubscribe=PREFERENCES,
        phone=phone if notice.urgent else "",
        path=said.path,
    )


def _as_task(session: Session, notice: Notice, said: Said, task: Task, case: Case, locale: str) -> Said:
    """Let a notice that asks for a step lead to it; its subject says what to do by when, instead of that there is something."""
    path = f"/tasks/{task.id}"
    if notice.kind != "task":
        return Said(subject=said.subject, body=said.body, path=path)
    said_task = task.properties.get("said", {}).get(locale, {}) if isinstance(task.properties.get("said"), dict) else {}
    about = said_task.get("subject") or task.subject
    words = words_for(session, [about], area=task.area)
    package = definitions.get_package(session, case.version_id)
    variables = {
        "no": case.number,
        "task": package.find_text(locale, "elements", task.element) or task.name,
        "subject": words.say_inside(about, locale),
        "due": say_moment(task.due_at, locale, words.zone) if task.due_at else None,
    }
    subject, _ = _task_text(task).render(locale, variables)
    return Said(subject=subject, body=said.body, path=path)


def _task_text(task: Task) -> Message:
    if task.due_at is None:
        return common()[_OPEN_TASK]
    return common()[_DECIDE if task.act == DECIDE else _TASK]


def _facts_of(session: Session, task: Task, case: Case, locale: str) -> list[str]:
    """Write the card of a task as lines, the flags first."""
    said = task.properties.get("said")
    card = (said.get(locale, {}).get("card") if isinstance(said, dict) else None) or task.card
    facts, flags = cards.facts_of(card), cards.flags_of(card)
    found = words_for(session, [[value for _, value in facts], flags], area=task.area)
    words = replace(found, texts=definitions.get_package(session, case.version_id).texts)
    lines = [f"⚑ {words.show(flag, locale)}" for flag in flags]
    return lines + [f"{_label(words.show(name, locale))}: {_line(words.show(value, locale))}" for name, value in facts]


def _label(name: str) -> str:
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def _line(text: str) -> str:
    return " ".join(text.split())


def list_lines(said: Sequence[Said]) -> str:
    """Write several notices as a list with links."""
    return "\n".join(f"- {_line(each.subject)}\n  {ADDRESS}{each.path}" for each in said)


def _package(session: Session, notice: Notice) -> Package | None:
    return definitions.get_package(session, notice.version_id) if notice.version_id else None
