"""Who may read which questions, and who is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from services import authority, people
from services.authority import Sight
from services.cases.loading import OWN_KINDS, get_case, is_party
from services.errors import NotFound
from services.models.attachments import Attachment
from services.models.cases import OPEN, Case, CaseParty, Task
from services.models.questions import CASE, Question, QuestionEnd, QuestionFile
from services.people import SYSTEM, Actor
from services.roles import OWN_ROLES


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedQuestion:
    """A question as a person may read it.

    Attributes:
        task: What it is about.
        files: What came with the answer, without contents.
        state: "OPEN", "ANSWERED", "TAKEN_BACK", or "CLOSED" when its task was over before an answer.
        names: Names of the persons in it, by code.
    """

    question: Question
    end: QuestionEnd | None
    task: Task
    case: Case
    names: dict[str, str]
    may_answer: bool
    may_take_back: bool
    files: Sequence[Attachment] = ()

    @property
    def state(self) -> str:
        """How it stands."""
        if self.end is not None:
            return self.end.kind
        return "OPEN" if self.task.state == OPEN else "CLOSED"

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.state == "OPEN"


def who_is_asked(session: Session, task: Task, case: Case, *, asker: str) -> set[str]:
    """Return those to whom a question about a task goes: whose case it is, without the asker. Steps of their own ask nobody."""
    if task.role in OWN_ROLES:
        return set()
    parties = select(CaseParty.person).where(CaseParty.case_id == case.id, CaseParty.kind.in_(OWN_KINDS))
    asked = {case.requester, case.started_by, *session.scalars(parties)}
    # Who asks about the own case would ask themselves; others of that side are no better placed to be asked by them.
    return set() if asker in asked else asked - {SYSTEM.person}


def list_for_case(session: Session, case: Case, *, sight: Sight, actor: Actor) -> list[AskedQuestion]:
    """Return the questions of a case that the actor may read, the oldest first. Four queries, whatever there is."""
    asked = _rows().where(Question.case_id == case.id).order_by(Question.asked_at, Question.id)
    rows = session.execute(asked).all()
    if not rows:
        return []
    is_asked = is_party(session, case, actor.person)
    seen = [row for row in rows if _may_read(row[0], sight, actor.person, is_asked=is_asked)]
    names = people.names_of(session, _persons(seen))
    files = _files_of(session, seen)
    return [replace(_asked(row, actor.person, names, is_asked=is_asked), files=files.get(row[0].id, ())) for row in seen]


def _files_of(session: Session, rows: Iterable[Any]) -> dict[str, list[Attachment]]:
    """Return what came with answers, by question. One query."""
    answered = [question.id for question, end, *_ in rows if end is not None]
    chosen = select(QuestionFile.question_id, Attachment).join(Attachment, Attachment.id == QuestionFile.attachment_id)
    chosen = chosen.where(QuestionFile.question_id.in_(answered)).order_by(Attachment.name, Attachment.id)
    found: dict[str, list[Attachment]] = {}
    for question, file in session.execute(chosen) if answered else ():
        found.setdefault(question, []).append(file)
    return found


def list_waiting(session: Session, *, actor: Actor, now: datetime) -> list[AskedQuestion]:
    """Return the open questions that are put to the actor, the oldest first. Two queries."""
    party = select(CaseParty.case_id).where(CaseParty.person == actor.person, CaseParty.kind.in_(OWN_KINDS))
    mine = or_(Case.requester == actor.person, Case.started_by == actor.person, Case.id.in_(party))
    open_to = authority.is_open_to_actor(Case.id)
    asked = _rows().where(mine, Question.asked_by != actor.person, *_still_open(), open_to)
    rows = session.execute(authority.as_asked_by(asked.order_by(Question.asked_at, Question.id), actor, now)).all()
    names = people.names_of(session, _persons(rows)) if rows else {}
    return [_asked(row, actor.person, names, is_asked=True) for row in rows]


def get_question(session: Session, question_id: str, *, actor: Actor, now: datetime) -> AskedQuestion:
    """Return one question.

    Raises:
        NotFound: There is no such question for this person.
    """
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound
    case = get_case(session, question.case_id)
    sight = authority.may_see_case(session, actor, case, now)
    found = {each.question.id: each for each in list_for_case(session, case, sight=sight, actor=actor)}
    if question_id not in found:
        raise NotFound
    return found[question_id]


def find_on_tasks(session: Session, tasks: Collection[str]) -> set[str]:
    """Return those of the tasks that wait for an answer. One query."""
    asked = select(Question.task_id).join(Task, Task.id == Question.task_id)
    asked = asked.outerjoin(QuestionEnd, QuestionEnd.question_id == Question.id)
    return set(session.scalars(asked.where(Question.task_id.in_(tasks), *_still_open()))) if tasks else set()


def _rows() -> Select[Question, QuestionEnd, Task, Case]:
    rows = select(Question, QuestionEnd, Task, Case).join(Task, Task.id == Question.task_id)
    return rows.join(Case, Case.id == Question.case_id).outerjoin(QuestionEnd, QuestionEnd.question_id == Question.id)


def _still_open() -> tuple[ColumnElement[bool], ...]:
    return QuestionEnd.question_id.is_(None), Task.state == OPEN


def _may_read(question: Question, sight: Sight, person: str, *, is_asked: bool) -> bool:
    """Need to know: what belongs to a stop is for those who see that stop, what is for deciders for those who decide or have."""
    if is_asked or question.asked_by == person:
        return True
    if question.area is not None and not sight.sees_area(question.area):
        return False
    return question.audience == CASE or sight.acts or sight.why == "AUDIT"


def _persons(rows: Iterable[Any]) -> set[str]:
    return {code for question, end, *_ in rows for code in (question.asked_by, end.by if end is not None else None) if code}


def _asked(row: Any, person: str, names: dict[str, str], *, is_asked: bool) -> AskedQuestion:
    question, end, task, case = row
    still = end is None and task.state == OPEN
    return AskedQuestion(
        question=question,
        end=end,
        task=task,
        case=case,
        names=names,
        may_answer=still and is_asked and question.asked_by != person,
        may_take_back=still and question.asked_by == person,
    )
