"""Asking, answering, and taking a question back: each one act on the case, with its audit entry and its notices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import audit, authority, outbox, people
from services.cases.loading import is_party, restore_run, take_case
from services.cases.moving import is_repeated
from services.errors import Conflict, NotAllowed, NotFound
from services.models.base import new_id
from services.models.cases import OPEN, Case, Task
from services.models.questions import ANSWERED, CASE, DECIDERS, TAKEN_BACK, Question, QuestionEnd
from services.people import Actor
from services.progress import Act, store_run
from services.questions.files import add_files
from services.questions.pausing import go_on, hold
from services.questions.reading import who_is_asked
from services.tasks.claiming import load_open
from services.tasks.completing import capacity_of
from workflows.errors import SafeconductError

ASKED, WAS_ANSWERED = "N-ALL-01", "N-ALL-02"
LONGEST = 2000
_ACTS = {ANSWERED: "answer", TAKEN_BACK: "unask"}


class NobodyToAsk(NotAllowed):
    """There is nobody to ask: this is your own case, or nobody asked for it."""


class TextMissing(SafeconductError):
    """Write something first. What you send here is read by people, so it cannot be empty."""


class QuestionClosed(Conflict):
    """This question is no longer open: it was answered or taken back, or the task that it is about is over."""


def ask_requester(
    session: Session,
    task_id: str,
    *,
    text: str,
    actor: Actor,
    now: datetime,
    audience: str = DECIDERS,
    idempotency_key: str | None = None,
) -> Question:
    """Put a question to those whose case it is. The task stays open, and its clock stands still until the answer.

    Args:
        audience: Who else reads it: "DECIDERS", those who may decide, or "CASE", everybody who may see the case.

    Raises:
        NotFound, AlreadyDecided, TaskClosed, NotAllowed: As for completing the task.
        NobodyToAsk: It is the actor's own case, or nobody's.
        TextMissing: Nothing is asked.
    """
    loaded = load_open(session, task_id, actor=actor, now=now)
    task, case = loaded.task, loaded.case
    capacity = capacity_of(session, loaded, actor=actor, now=now)
    asked = who_is_asked(session, task, case, asker=actor.person)
    body = {"ask": task_id, "text": text, "audience": audience}
    if idempotency_key and is_repeated(session, actor, idempotency_key, body):
        return _asked_before(session, actor, idempotency_key)
    if not asked:
        raise NobodyToAsk
    run = restore_run(session, case, actor=actor, now=now)
    question = Question(
        id=new_id(),
        case_id=case.id,
        task_id=task.id,
        area=task.area,
        line=task.line,
        audience=CASE if audience == CASE else DECIDERS,
        asked_by=actor.person,
        asked_role=capacity.role,
        asked_at=now,
        text=_written(text),
    )
    hold(session, run, task, question, now=now)
    session.add(question)
    facts = {"question": question.id, "audience": question.audience, "text": audit.digest(question.text)}
    act = Act(name="ask", actor=actor, now=now, task_id=task.id, facts=facts, idempotency_key=idempotency_key, body=body)
    store_run(session, case, run, act)
    for person in sorted(asked):
        _tell(session, case, task, ASKED, to=person, by=actor, now=now)
    return question


def answer_question(
    session: Session, question_id: str, *, text: str, actor: Actor, now: datetime, files: Collection[str] = ()
) -> Question:
    """Answer a question: whoever asked is told, and the clock of the task goes on.

    Args:
        files: Ids of files that the actor has added. Those who read the answer open them.

    Raises:
        AnswersInvalid: The files cannot come with an answer.
        NotFound: There is no such question for this person.
        NotAllowed: Others are asked, or the actor asked it.
        QuestionClosed: It is no longer open.
        TextMissing: Nothing is answered.
    """
    question, task, case = _take(session, question_id)
    _ensure_sight(session, case, question, actor, now)
    if question.asked_by == actor.person or not is_party(session, case, actor.person):
        raise NotAllowed
    written = _written(text)
    facts = {"attachments": added} if (added := add_files(session, question, case, files, actor=actor, now=now)) else {}
    _end(session, question, task, case, ANSWERED, text=written, actor=actor, now=now, **facts)
    _tell(session, case, task, WAS_ANSWERED, to=question.asked_by, by=actor, now=now)
    return question


def take_back_question(session: Session, question_id: str, *, actor: Actor, now: datetime) -> Question:
    """Take a question back that nobody has answered: it needs no answer any more, and the clock of the task goes on.

    Raises:
        NotFound: There is no such question for this person.
        NotAllowed: Somebody else asked it.
        QuestionClosed: It is no longer open.
    """
    question, task, case = _take(session, question_id)
    _ensure_sight(session, case, question, actor, now)
    if question.asked_by != actor.person:
        raise NotAllowed
    _end(session, question, task, case, TAKEN_BACK, text="", actor=actor, now=now)
    return question


def _take(session: Session, question_id: str) -> tuple[Question, Task, Case]:
    """Read a question under the lock of its case, with its task as it is now."""
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound
    case = take_case(session, question.case_id)
    task = session.scalars(select(Task).where(Task.id == question.task_id).execution_options(populate_existing=True)).one()
    return question, task, case


def _ensure_sight(session: Session, case: Case, question: Question, actor: Actor, now: datetime) -> None:
    """Raise NotFound unless the actor sees the case; a party sees all of it."""
    sight = authority.may_see_case(session, actor, case, now)
    if question.area is not None and not sight.sees_area(question.area):
        raise NotFound


def _end(
    session: Session,
    question: Question,
    task: Task,
    case: Case,
    kind: str,
    *,
    text: str,
    actor: Actor,
    now: datetime,
    **facts: Any,
) -> None:
    over = session.scalar(select(QuestionEnd.question_id).where(QuestionEnd.question_id == question.id))
    if over is not None or task.state != OPEN:
        raise QuestionClosed
    run = restore_run(session, case, actor=actor, now=now)
    session.add(QuestionEnd(question_id=question.id, kind=kind, by=actor.person, at=now, text=text))
    go_on(session, run, task, question, now=now)
    said = {"text": audit.digest(text)} if text else {}
    kept = {"question": question.id, **said, **facts}
    store_run(session, case, run, Act(name=_ACTS[kind], actor=actor, now=now, task_id=task.id, facts=kept))


def _asked_before(session: Session, actor: Actor, idempotency_key: str) -> Question:
    entry = audit.find_replay(session, actor=actor.person, idempotency_key=idempotency_key)
    return session.get_one(Question, entry.payload["question"] if entry is not None else "")


def _written(text: str) -> str:
    kept = text.strip()[:LONGEST]
    if not kept:
        raise TextMissing
    return kept


def _tell(session: Session, case: Case, task: Task, code: str, *, to: str, by: Actor, now: datetime) -> None:
    """Say that there is something to read; what it says stays in the case."""
    facts = {"task": task.name, "by": people.names_of(session, [by.person])[by.person]}
    outbox.enqueue(session, outbox.notice(case, code, now=now, to_person=to, variables=facts))
