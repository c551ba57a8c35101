"""What people wrote in a case, and where they went: all of it, table by table, in the order in which it can go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from services.models.attachments import Attachment
from services.models.bus import BusEvent, BusReceipt, CaseWait
from services.models.cases import Case, CaseIncident, Task, TaskCandidate, TaskDraft
from services.models.ceilings import CeilingEntry
from services.models.clearances import Breach, Certificate, ClearanceLine, Movement, Waiver
from services.models.confinements import CaseConfinement
from services.models.headcounts import Headcount, HeadcountAnswer, HeadcountPerson
from services.models.inbox import PutOff
from services.models.migrating import MigratedCase
from services.models.notices import Notice
from services.models.outbox import OutboxMessage
from services.models.questions import Question, QuestionEnd, QuestionFile, SeenCard
from services.models.residences import ClaimLine
from services.models.special_events import EventAccreditation
from services.retention.movements import aggregate_movements

#: Rows that go with the content of their case and are named by nothing else.
_OF_CASE: tuple[Any, ...] = (
    Attachment, SeenCard, CaseWait, Notice, OutboxMessage, Certificate, Waiver, Breach, ClearanceLine,
    EventAccreditation,
)  # fmt: skip
#: Columns that are blanked in rows that stay with the record.
_BLANK: tuple[tuple[Any, dict[str, Any]], ...] = (
    (Task, {"subject": "", "words": "", "card": None, "tables_used": [], "properties": {}, "widened": False, "added_roles": ""}),
    (CaseIncident, {"detail": "", "orders": None, "about": None}),
    (CaseConfinement, {"why": ""}),
    (MigratedCase, {"said": None}),
    (ClaimLine, {"reason": None}),
    (Headcount, {"reason": "", "sign_reason": None, "left": []}),
)


def clear_contents(session: Session, case: Case) -> None:
    """Remove what people wrote in a case and where they went; the caller lets the database do it and takes the lock."""
    aggregate_movements(session, list(session.scalars(select(Movement.id).where(Movement.case_id == case.id))))
    for statement in _statements(case.id):
        session.execute(statement, execution_options={"synchronize_session": False})
    case.subject = ""
    case.engine_state = case.undo = case.undo_of = None
    case.once_key = case.former_ids = case.waits = None
    case.wake_at = case.retry_at = None


def _statements(case_id: str) -> Iterator[Any]:
    questions = select(Question.id).where(Question.case_id == case_id)
    yield _without(QuestionFile.question_id, questions)
    yield _without(QuestionEnd.question_id, questions)
    yield delete(Question).where(Question.case_id == case_id)
    tasks = select(Task.id).where(Task.case_id == case_id)
    for column in (TaskDraft.task_id, PutOff.task_id, TaskCandidate.task_id):
        yield _without(column, tasks)
    events = select(BusEvent.id).where(BusEvent.created_by_case == case_id)
    yield _without(BusReceipt.event_id, events)
    yield delete(BusEvent).where(BusEvent.created_by_case == case_id)
    listed = select(HeadcountPerson.id).where(HeadcountPerson.case_id == case_id)
    yield _without(HeadcountAnswer.listed, listed)
    yield delete(HeadcountPerson).where(HeadcountPerson.case_id == case_id)
    units = select(ClearanceLine.unit_key).where(ClearanceLine.case_id == case_id)
    yield update(CeilingEntry).where(CeilingEntry.unit_key.in_(units)).values(unit_key="")
    stops = select(ClearanceLine.stop_key).where(ClearanceLine.case_id == case_id)
    yield update(ClearanceLine).where(ClearanceLine.extends.in_(stops)).values(extends=None)
    for model in _OF_CASE:
        yield delete(model).where(model.case_id == case_id)
    for model, blank in _BLANK:
        yield update(model).where(model.case_id == case_id).values(**blank)


def _without(column: Any, chosen: Select[Any]) -> Any:
    return delete(column.class_).where(column.in_(chosen))
