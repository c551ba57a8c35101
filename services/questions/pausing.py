"""How long the clock of a task stands still for a question, and how its due date and timers move on.

Time counts as the clock of the task does: all of it, or working days of the area where the diagram says `clock="working"`.
Decision 0024 says what moves and what does not.
"""

from __future__ import annotations

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
        _begin(question, task, now, now)
        return
    known = _latest(session, task)
    if known is not None and known.held_until > now and _is_still_held(session, known, task):
        question.held_from, question.held_until = known.held_from, known.held_until
        question.due_before, question.follow_up_before = known.due_before, known.follow_up_before
        return
    _begin(question, task, now, _longest(session, run, task, now))
    _count_pause(task, now)
    task.held_from, task.held_until = question.held_from, question.held_until
    shift = _shift(session, task)
    engine.hold_clock(run, task.id, question.held_until, shift)
    _move_dates(run, task, question, question.held_until, shift)


def never_stands(task: Task) -> bool:
    """Say whether the diagram lets nothing about the task wait for an answer, because it protects people."""
    return task.properties.get("clock") == CASE_CLOCK


def go_on(session: Session, run: engine.Run, task: Task, question: Question, *, now: datetime) -> None:
    """Let the clock go on after a question has ended, unless it stands still for another one as well."""
    if task.held_from != question.held_from or _is_still_held(session, question, task):
        return
    until, shift = min(now, question.held_until), _shift(session, task)
    _count_pause(task, until)
    engine.start_clock(run, task.id, until, shift)
    _move_dates(run, task, question, until, shift)


def _begin(question: Question, task: Task, since: datetime, until: datetime) -> None:
    question.held_from, question.held_until = since, until
    question.due_before, question.follow_up_before = task.due_at, task.follow_up_at


def _count_pause(task: Task, until: datetime) -> None:
    """Count the time for which the clock stood until a moment, and let it stand no more."""
    if task.held_from is not None and task.held_until is not None:
        task.paused_s += round((min(until, task.held_until) - task.held_from).total_seconds())
    task.held_from = task.held_until = None


def _latest(session: Session, task: Task) -> Question | None:
    asked = select(Question).where(Question.task_id == task.id).order_by(Question.held_from.desc(), Question.asked_at.desc())
    return session.scalars(asked.limit(1)).first()


def _is_still_held(session: Session, question: Question, task: Task) -> bool:
    """Say whether this question, or one that the clock stands still for together with it, has no end yet."""
    asked = select(Question.id).outerjoin(QuestionEnd, QuestionEnd.question_id == Question.id)
    asked = asked.where(Question.task_id == task.id, QuestionEnd.question_id.is_(None), Question.held_from == question.held_from)
    return session.scalar(asked.limit(1)) is not None


def _longest(session: Session, run: engine.Run, task: Task, now: datetime) -> datetime:
    """Say until when the clock may stand: five days, and always so that the time left before it is left before a hard stop."""
    calendar = _working_days(session, task)
    until = now + timedelta(days=MOST_DAYS) if calendar is None else calendar.add_working_days(now, MOST_DAYS)
    stop = engine.stops_at(run, task.id)
    if stop is None:
        return until
    left = max(task.due_at - now, timedelta()) if task.due_at is not None else timedelta()
    return max(now, min(until, stop - left))


def _shift(session: Session, task: Task) -> engine.Shift:
    """Say where a moment goes when the clock of a task stands still between two others."""
    calendar = _working_days(session, task)
    if calendar is None:
        return lambda moment, since, until: moment + (until - since)

    def by_working_days(moment: datetime, since: datetime, until: datetime) -> datetime:
        days = calendar.working_days_between(since, until)
        return calendar.add_working_days(moment, days) if days > 0 else moment

    return by_working_days


def _working_days(session: Session, task: Task) -> Calendar | None:
    return calendar_of(session, task.area) if task.properties.get("clock") == WORKING else None


def _move_dates(run: engine.Run, task: Task, question: Question, until: datetime, shift: engine.Shift) -> None:
    """Move the dates of a task by the time that its clock stands; never past the moment at which the task is taken away.

    A date that had passed before stays: what was late already is not in time because somebody asks.
    """
    since, stop = question.held_from, engine.stops_at(run, task.id)

    def moved(before: datetime | None) -> datetime | None:
        if before is None or before < since:
            return before
        after = shift(before, since, until)
        return max(before, min(after, stop)) if stop is not None else after

    task.due_at, task.follow_up_at = moved(question.due_before), moved(question.follow_up_before)
