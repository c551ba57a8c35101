"""Acts on several tasks: what is about to be done, with whom, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from services import authority
from services.people import Actor
from services.tasks import InboxRow
from services.tasks.inbox.rows import read_rows, read_tasks
from webapp.presenters.inbox.page import say_row_subject, say_why_not_quick
from webapp.speech import gettext, ngettext

MOST_AT_ONCE = 50
MORNING = time(8)
PUTTING_OFF = ("put-off-tomorrow", "put-off-monday", "put-off-day")
_MONDAY = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """One task of several.

    Attributes:
        is_done: What was wanted is done, or may be.
        why: Why not, or what was done.
        seen: The revision that its reader saw, to be sent along when it is tried again.
        may_try: It makes sense to select it for another try.
    """

    task_id: str
    number: str
    subject: str
    address: str
    is_done: bool
    why: Markup | str
    seen: str
    may_try: bool = True


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who may act on all of the chosen tasks."""

    code: str
    name: str


def preview_approval(session: Session, ids: Sequence[str], seen: dict[str, str], *, actor: Actor, now: datetime) -> list[Line]:
    """Say of each chosen task whether it may be approved unopened, and why not."""
    rows = _visible_rows(session, ids, actor=actor, now=now)
    lines = []
    for task_id in ids:
        row = rows.get(task_id)
        why = say_why_not_quick(row) if row else gettext("There is nothing here, or it is not yours to see.")
        if row and not why and row.claimed_by not in {None, actor.person}:
            why = gettext("{name} is working on it").format(name=row.claimed_name)
        lines.append(_line(task_id, row, is_done=not why, why=why, seen=seen.get(task_id, "")))
    return lines


def list_chosen(session: Session, ids: Sequence[str], *, actor: Actor, now: datetime) -> list[Line]:
    """List those of the chosen tasks that are the actor's."""
    rows = _visible_rows(session, ids, actor=actor, now=now)
    return [_line(task_id, rows[task_id], is_done=True, why="", seen="") for task_id in ids if task_id in rows]


def list_eligible(session: Session, ids: Sequence[str], *, actor: Actor, now: datetime) -> tuple[list[Line], list[Person]]:
    """List the chosen tasks, and who besides the actor may act on all of them."""
    rows = _visible_rows(session, ids, actor=actor, now=now)
    able: dict[str, str] | None = None
    for task in read_tasks(session, list(rows)):
        found = {one.person: one.name for one in authority.candidates(session, task, now)}
        able = found if able is None else {code: name for code, name in able.items() if code in found}
    lines = [_line(task_id, rows[task_id], is_done=True, why="", seen="") for task_id in ids if task_id in rows]
    others = [Person(code=code, name=name) for code, name in (able or {}).items() if code != actor.person]
    return lines, sorted(others, key=lambda person: person.name)


def describe(
    session: Session, outcomes: Sequence[tuple[str, bool, Markup | str, bool]], seen: dict[str, str], *, actor: Actor
) -> list[Line]:
    """Describe what became of each task: (id, is done, why, may be known of)."""
    known = [task_id for task_id, _, _, may_know in outcomes if may_know]
    rows = {row.task_id: row for row in read_rows(session, actor, known)}
    return [
        _line(
            task_id,
            rows.get(task_id),
            is_done=is_done,
            why=why,
            seen=str(rows[task_id].revision) if task_id in rows else seen.get(task_id, ""),
        )
        for task_id, is_done, why, _ in outcomes
    ]


def say_sum(lines: Sequence[Line]) -> str:
    """Say how much was done and how much was not."""
    done = sum(line.is_done for line in lines)
    left = len(lines) - done
    said = [ngettext("%(num)d task done", "%(num)d tasks done", done)] if done else []
    said += [ngettext("%(num)d task not done", "%(num)d tasks not done", left)] if left else []
    return ", ".join(said)


def until_of(act: str, on: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """Say until when a task is put off: the morning of tomorrow, of next Monday, or of a typed day; None when it is none."""
    today = now.astimezone(zone).date()
    if act == "put-off-tomorrow":
        day = today + timedelta(days=1)
    elif act == "put-off-monday":
        day = today + timedelta(days=(_MONDAY - today.weekday() - 1) % 7 + 1)
    else:
        try:
            day = datetime.strptime(on, "%Y-%m-%d").replace(tzinfo=zone).date()
        except ValueError:
            return None
    return datetime.combine(day, MORNING, tzinfo=zone)


def _visible_rows(session: Session, ids: Sequence[str], *, actor: Actor, now: datetime) -> dict[str, InboxRow]:
    visible = authority.pick_visible(session, actor.person, ids, now)
    return {row.task_id: row for row in read_rows(session, actor, [task_id for task_id in ids if task_id in visible])}


def _line(task_id: str, row: InboxRow | None, *, is_done: bool, why: Markup | str, seen: str) -> Line:
    return Line(
        task_id=task_id,
        number=row.number if row else "",
        subject=say_row_subject(row) if row else gettext("Not found"),
        address=url_for("tasks.show", task_id=task_id) if row else "",
        is_done=is_done,
        why=why,
        seen=seen,
        may_try=row is not None and row.state == "OPEN",
    )
