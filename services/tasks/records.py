"""From the answers of a form to the decision record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import attachments, audit, authority, definitions, registers
from services.cases.starting import NO_FORM
from services.models.audit import Decision
from services.models.cases import Case, Task
from services.people import Actor
from workflows import engine, forms

DONE_WITHOUT_VERB = "COMPLETE"
_REASONS = ("reason_text", "reasons", "reason", "remarks", "flight_remarks", "medevac_remarks", "justification")


def form_of(session: Session, case: Case, task: Task) -> forms.Form | None:
    """Return the form of a task, in the version of its case."""
    return definitions.get_package(session, case.version_id).forms[task.form] if task.form else None


def form_hash_of(session: Session, case: Case, task: Task) -> str | None:
    """Name the exact form that was filled in."""
    if task.form is None:
        return None
    files = definitions.get_package(session, case.version_id).files
    source = next((files[name] for name in sorted(files) if name.endswith(f"{task.form}.form")), b"")
    return hashlib.sha256(source).hexdigest()


def read_answers(
    session: Session,
    form: forms.Form | None,
    answers: Mapping[str, Any],
    variables: Mapping[str, Any],
    *,
    case: Case,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Turn what was typed into values; a task without a form takes none.

    Raises:
        AnswersInvalid: The form is not filled in as asked.
    """
    asked = form if form is not None else NO_FORM
    asker = authority.asker_of(session, actor.person, now)
    options = registers.options_for(session, asked, asker=asker, now=now, answers=answers)
    named = forms.named_files(asked.fields, answers)
    files = attachments.references_for(session, named, person=actor.person, case_id=case.id)
    return asked.read_answers(answers, {**variables, "options": options}, now=now, files=files)


def record_of(
    session: Session,
    case: Case,
    task: Task,
    *,
    run: engine.Run,
    values: dict[str, Any],
    actor: Actor,
    capacity: authority.Capacity,
    now: datetime,
) -> Decision:
    """Add the decision record of a task that is being completed."""
    outcome = run.outcome_of(task.id, values)
    if outcome is None:
        outcome = values.get("decision")
    return audit.record_decision(
        session,
        case,
        task_id=task.id,
        element=task.element,
        line=task.line,
        act=task.act or DONE_WITHOUT_VERB,
        outcome=None if outcome is None else str(outcome)[:120],
        conditions=_as_list(values.get("conditions")),
        reason_code=_as_text(values.get("reason_code"), 64),
        reason_text=_as_text(next((values[name] for name in _REASONS if values.get(name)), None), 10_000),
        actor_person=actor.person,
        actor_role=capacity.role,
        capacity=capacity.capacity,
        acted_for=capacity.acted_for,
        delegation_id=capacity.delegation_id,
        area=task.area,
        decided_at=now,
        valid_from=_as_moment(values.get("valid_from")),
        valid_to=_as_moment(values.get("valid_to")),
        tables_used=task.tables_used,
        form_hash=form_hash_of(session, case, task),
        answers=values,
    )


def _as_list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]


def _as_text(value: Any, longest: int) -> str | None:
    return value[:longest] if isinstance(value, str) and value else None


def _as_moment(value: Any) -> datetime | None:
    """Read a moment that an answer gives; a bare date or a moment without a zone is not one."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
