"""Reading a task with all that an act on it needs, in one statement when it is open."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, String, and_, bindparam, or_, select
from sqlalchemy.orm import Session, defer

from services.cases.loading import locked
from services.errors import NotFound
from services.models.audit import AuditEntry, Decision
from services.models.cases import EVERYBODY, OPEN, Case, Task, TaskDraft
from services.people import Actor
from services.prepared import Prepared

_MINE = and_(TaskDraft.task_id == Task.id, or_(TaskDraft.person == bindparam("person"), TaskDraft.person == EVERYBODY))
_SAID_BEFORE = and_(AuditEntry.actor == bindparam("person"), AuditEntry.idempotency_key == bindparam("key"))
_FOR_ACT = locked(
    select(Task, Case, TaskDraft)
    .join(Case, Case.id == Task.case_id)
    .outerjoin(TaskDraft, _MINE)
    .where(Task.id == bindparam("task_id"))
    .options(defer(Task.card), defer(Task.words))  # what readers see
)
_FOR_REPEATABLE_ACT = _FOR_ACT.add_columns(AuditEntry).outerjoin(AuditEntry, _SAID_BEFORE)
_DECISION = select(Decision).where(Decision.task_id == bindparam("task_id"))


def _lock_query() -> Select[str]:
    case_id = select(Task.case_id).where(Task.id == bindparam("task_id", type_=String)).scalar_subquery()
    return select(Case.id).where(Case.id == case_id).with_for_update(key_share=True)


_LOCK = Prepared(_lock_query)


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """A task and what belongs to it.

    Attributes:
        decision: What was decided on it, once it is over.
        draft: What the actor, or the authors of a shared draft, had typed into it.
        replay: What the actor did before under the same idempotency key.
    """

    task: Task
    case: Case
    decision: Decision | None
    draft: TaskDraft | None
    replay: AuditEntry | None


def lock_case_of(session: Session, task_id: str) -> None:
    """Lock the case of a task before the task is read.

    `load_for_act` reads and locks in one statement; on PostgreSQL a task that another act changed while that statement waited
    for the lock is seen as it was before. Completing a task finds that out from the engine; whoever only looks locks first.
    """
    _LOCK.rows(session, task_id=task_id)


def load_for_act(session: Session, task_id: str, *, actor: Actor, idempotency_key: str | None = None) -> Loaded:
    """Read a task and lock its case.

    Raises:
        NotFound: There is no such task.
    """
    asked = {"task_id": task_id, "person": actor.person, "key": idempotency_key}
    row = session.execute(_FOR_ACT if idempotency_key is None else _FOR_REPEATABLE_ACT, asked).one_or_none()
    if row is None:
        raise NotFound
    task, case, draft, *said = row
    decision = None if task.state == OPEN else session.scalars(_DECISION, {"task_id": task_id}).one_or_none()
    return Loaded(task=task, case=case, decision=decision, draft=draft, replay=said[0] if said else None)


def opened_by(session: Session, entry: AuditEntry) -> list[Task]:
    """Return the tasks that an act opened."""
    ids = entry.payload.get("opened") or []
    known = {task.id: task for task in session.scalars(select(Task).where(Task.id.in_(ids)))} if ids else {}
    return [known[token] for token in ids if token in known]
