"""One task, with all that its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from services import authority, people, registers
from services.cases.loading import look_into
from services.errors import NotAllowed, NotFound, OperationFailed
from services.models.audit import Decision
from services.models.cases import EVERYBODY, OPEN, Case, Task, TaskDraft
from services.people import Actor
from services.tasks.completing import capacity_of, ensure_visible
from services.tasks.loading import Loaded
from services.tasks.records import form_of
from workflows import engine, forms


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskView:
    """A task as a person sees it.

    Attributes:
        revision: Of the case, to be sent back with the answers.
        form: What is asked; None when the task only needs to be confirmed.
        variables: What the form and the card may show: what the task sees of its case.
        options: The choices of registers that the form refers to.
        may_act: Whether the actor may complete it now.
        why_not: Why not, as a sentence.
        decision: What was decided, when the task is done, with the name of who did.
        draft: What the actor has typed before.
    """

    task: Task
    case: Case
    revision: int
    form: forms.Form | None
    variables: dict[str, Any]
    options: dict[str, Any]
    may_act: bool
    why_not: str
    capacity: authority.Capacity | None
    claimed_name: str | None
    decision: Decision | None
    decided_by_name: str | None
    decided_for_name: str | None
    draft: dict[str, Any] | None


def get_task(session: Session, task_id: str, *, actor: Actor, now: datetime) -> TaskView:
    """Return a task with its form.

    Raises:
        NotFound: There is no such task for this person.
    """
    loaded = _load(session, task_id, actor=actor)
    task, case = loaded.task, loaded.case
    capacity, why_not = _standing(session, loaded, actor=actor, now=now)
    form = form_of(session, case, task)
    decision = loaded.decision
    deciders = (decision.actor_person, decision.acted_for) if decision else ()
    named = {code for code in (task.claimed_by, *deciders) if code}
    names = people.names_of(session, named)
    # What was answered is named to every reader; what may be chosen depends on who chooses.
    asker = authority.asker_of(session, actor.person, now) if task.state == OPEN else None
    return TaskView(
        task=task,
        case=case,
        revision=case.revision,
        form=form,
        variables=_variables(session, loaded, now=now),
        options=registers.options_for(session, form, asker=asker, now=now) if form is not None else {},
        may_act=capacity is not None and task.state == OPEN,
        why_not=why_not,
        capacity=capacity,
        claimed_name=names.get(task.claimed_by or ""),
        decision=loaded.decision,
        decided_by_name=names[decision.actor_person] if decision else None,
        decided_for_name=names.get(decision.acted_for or "") if decision else None,
        draft=loaded.draft.answers if loaded.draft else None,
    )


def find_form(session: Session, task_id: str) -> tuple[Case, forms.Form] | None:
    """Return the case and the form of an open task; None when there is no such task, or nothing is asked."""
    row = session.execute(select(Task, Case).join(Case, Case.id == Task.case_id).where(Task.id == task_id)).one_or_none()
    form = form_of(session, row[1], row[0]) if row is not None and row[0].state == OPEN else None
    return None if row is None or form is None else (row[1], form)


def _load(session: Session, task_id: str, *, actor: Actor) -> Loaded:
    found = (
        select(Task, Case, Decision, TaskDraft)
        .join(Case, Case.id == Task.case_id)
        .outerjoin(Decision, Decision.task_id == Task.id)
        .outerjoin(TaskDraft, and_(TaskDraft.task_id == Task.id, TaskDraft.person.in_((actor.person, EVERYBODY))))
        .where(Task.id == task_id)
    )
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound
    return Loaded(task=row[0], case=row[1], decision=row[2], draft=row[3], replay=None)


def _standing(session: Session, loaded: Loaded, *, actor: Actor, now: datetime) -> tuple[authority.Capacity | None, str]:
    """Say in which capacity the actor may act, or why not."""
    if loaded.task.state != OPEN:
        ensure_visible(session, loaded, actor=actor, now=now)
        return None, ""
    try:
        return capacity_of(session, loaded, actor=actor, now=now), ""
    except NotAllowed as refusal:
        return None, str(refusal)


def _variables(session: Session, loaded: Loaded, *, now: datetime) -> dict[str, Any]:
    """Return what the task sees of its case; nothing once it is closed, the decision record holds what mattered."""
    if loaded.task.state != OPEN:
        return {}
    try:
        return dict(look_into(session, loaded.case, now=now).visible_to(loaded.task.id))
    except (engine.NotOpen, OperationFailed):
        return {}
