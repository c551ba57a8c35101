"""How long the clock of a task stands still for a question, and how its due date and timers move on.

Time counts as the clock of the task does: all of it, or working days of the area where the diagram says `clock="working"`.
Decision 0024 says what moves and what does not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.cases import Task
from services.models.questions import Question, QuestionEnd
from services.registers.calendars import calendar_of
from workflows import engine
from workflows.calendars import Calendar
from workflows.diagrams import CASE_CLOCK

#: A clock stands for so many days at most, or working days; then it runs on though nobody has answered.
MOST_DAYS = 5
WORKING = "working"


def hold(session: Session, run: engine.Run, task: Task, question: Question, *, now: datetime) -> None:
    """Let the clock of the task stand still for a new question, beside those that it stands still for already."""
    if never_stands(task):
        question.held_from, question.held_until, question.due_before = now, now, task.due_at
        return
    known = _latest(session, task)
    if known is not None and known.held_until > now and _is_open(session, known.held_from, task):
        question.held_from, question.held_until, question.due_before = known.held_from, known.held_until, known.due_before
        return
    if known is not None:  # what stood for it at the longest runs since then
        engine.start_clock(run, task.id, _mover(session, task, known.held_from, known.held_until))
    question.held_from, question.held_until, question.due_before = now, _longest(session, run, task, now), task.due_at
    later = _mover(session, task, now, question.held_until)
    engine.hold_clock(run, task.id, later)
    task.due_at = _moved_due(run, task, task.due_at, later)


def never_stands(task: Task) -> bool:
    """Say whether the diagram lets nothing about the task wait for an answer, because it protects people."""
    return task.properties.get("clock") == CASE_CLOCK


def go_on(session: Session, run: engine.Run, task: Task, question: Question, *, now: datetime) -> None:
    """Let the clock go on after a question has ended, unless it stands still for another one as well."""
    if _is_open(session, question.held_from, task) or _is_open(session, None, task, after=question.held_from):
        return
    later = _mover(session, task, question.held_from, min(now, question.held_until))
    engine.start_clock(run, task.id, later)
    task.due_at = _moved_due(run, task, question.due_before, later)


def _latest(session: Session, task: Task) -> Question | None:
    asked = select(Question).where(Question.task_id == task.id).order_by(Question.held_from.desc(), Question.asked_at.desc())
    return session.scalars(asked.limit(1)).first()


def _is_open(session: Session, held_from: datetime | None, task: Task, *, after: datetime | None = None) -> bool:
    """Say whether a question on the task has no end yet: of those that began to hold its clock then, or after then."""
    asked = select(Question.id).outerjoin(QuestionEnd, QuestionEnd.question_id == Question.id)
    asked = asked.where(Question.task_id == task.id, QuestionEnd.question_id.is_(None))
    when = Question.held_from == held_from if after is None else Question.held_from > after
    return session.scalar(asked.where(when).limit(1)) is not None


def _longest(session: Session, run: engine.Run, task: Task, now: datetime) -> datetime:
    """Say until when the clock may stand: five days, and always so that the time left before it is left before a hard stop."""
    calendar = _working_days(session, task)
    until = now + timedelta(days=MOST_DAYS) if calendar is None else calendar.add_working_days(now, MOST_DAYS)
    stop = engine.stops_at(run, task.id)
    if stop is None:
        return until
    left = max(task.due_at - now, timedelta()) if task.due_at is not None else timedelta()
    return max(now, min(until, stop - left))


def _mover(session: Session, task: Task, since: datetime, until: datetime) -> Callable[[datetime], datetime]:
    """Say where a moment goes when the clock stood still between two others."""
    calendar = _working_days(session, task)
    if calendar is None:
        return lambda moment: moment + (until - since)
    days = calendar.working_days_between(since, until)
    return lambda moment: calendar.add_working_days(moment, days) if days > 0 else moment


def _working_days(session: Session, task: Task) -> Calendar | None:
    return calendar_of(session, task.area) if task.properties.get("clock") == WORKING else None


def _moved_due(run: engine.Run, task: Task, due: datetime | None, later: Callable[[datetime], datetime]) -> datetime | None:
    """Move the due date of a task; never past the moment at which the task is taken away."""
    if due is None:
        return None
    moved, stop = later(due), engine.stops_at(run, task.id)
    return max(due, min(moved, stop)) if stop is not None else moved
