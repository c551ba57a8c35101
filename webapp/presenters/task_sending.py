"""What is sent with the form of a task, and what is said about it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from services import tasks
from services.models.cases import Task
from services.people import Actor
from services.roles import OWN_ROLES
from services.tasks import Completion
from webapp.presenters.answers import Row, summarise
from webapp.presenters.roles import say_roles
from webapp.presenters.tasks import TaskPage
from webapp.speech import gettext
from webapp.uploads import take_files
from workflows.errors import Problem


def take_files_of_task(
    session: Session,
    task_id: str,
    typed: dict[str, Any],
    sent: MultiDict[str, FileStorage],
    *,
    actor: Actor,
    now: datetime,
) -> list[Problem]:
    """Keep the files that came with the form of a task; answers what is wrong with those that could not be kept."""
    found = tasks.find_form(session, task_id)
    if found is None:
        return []
    case, form = found
    return take_files(session, form.fields, typed, sent, actor=actor, now=now, case_id=case.id)


def list_kept(page: TaskPage, typed: Mapping[str, Any], *, now: datetime) -> list[Row]:
    """List what was typed and not sent, so that nothing of it is lost."""
    groups = summarise(page.form.fields, typed, scope=page.scope, now=now)
    return [row for group in groups for row in group.rows if row.value]


def say_done(done: Completion) -> str:
    """Say what was just sent, and to whom it went on."""
    sent = gettext("{number}: sent.").format(number=done.case.number)
    return f"{sent} {say_next(done.next_tasks)}".strip()


def say_next(opened: Iterable[Task]) -> str:
    """Say to which roles a case went on."""
    roles = [task.role for task in opened if task.role]
    return gettext("It is now with: {roles}.").format(roles=say_roles(roles)) if roles else ""


def address_after(done: Completion, *, actor: Actor) -> str:
    """Say where to go on: to the own case, else to the inbox."""
    is_own = done.decision.actor_role in OWN_ROLES or actor.person == done.case.requester
    return url_for("cases.show", number=done.case.number) if is_own else url_for("tasks.inbox")
