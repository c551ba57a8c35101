"""Acts on a case and dies on the way, as by kill -9: at every statement, at the commit, and right after it.

Run as a program it reads lines: the address of a database, the id of a case, the name of an act, and places to die at only there.
It answers each with one JSON list of its deaths. Each child is a process of its own, forked while nothing is connected.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services import cases, questions, tasks
from services.database import Database
from services.faults import FaultInjected
from services.models.cases import DONE, OPEN, Case, Task
from services.models.outbox import OutboxMessage
from services.models.questions import Question, QuestionEnd
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave, count_rows
from tests.statements import watch_statements

EXIT_AS_KILLED = 137
LATER = NOW + timedelta(hours=5)
"""A moment at which the reminder of the review is due."""


def _withdraw(leave: Leave, case_id: str) -> None:
    actor = leave.actor(REQUESTER)
    with leave.database.transaction() as session:
        cases.withdraw(session, case_id, actor=actor, reason="Plans changed", now=NOW)


def _fire_timers(leave: Leave, case_id: str) -> None:
    with leave.database.transaction() as session:
        cases.fire_timers(session, case_id, LATER)


def _take_back(leave: Leave, case_id: str) -> None:
    actor = leave.actor(REVIEWER)
    with leave.database.transaction() as session:
        task_id = session.scalars(select(Task.id).where(Task.case_id == case_id, Task.state == DONE)).one()
        tasks.take_back(session, task_id, actor=actor, now=NOW)


def ask(leave: Leave, case_id: str) -> None:
    """Put a question to the requester."""
    actor, task_id = leave.actor(REVIEWER), leave.open_task(case_id).id
    with leave.database.transaction() as session:
        questions.ask_requester(session, task_id, text="Which days?", actor=actor, now=NOW)


def _answer(leave: Leave, case_id: str) -> None:
    actor = leave.actor(REQUESTER)
    with leave.database.transaction() as session:
        asked = session.scalars(select(Question.id).where(Question.case_id == case_id)).one()
        questions.answer_question(session, asked, text="These.", actor=actor, now=LATER)


ACTS: dict[str, Callable[[Leave, str], Any]] = {
    "answer": _answer,
    "ask": ask,
    "complete": lambda leave, case_id: leave.review(case_id),
    "start": lambda leave, _: leave.start(),
    "take_back": _take_back,
    "timer": _fire_timers,
    "withdraw": _withdraw,
}


def act_and_die(url: str, case_id: str, act: str, *, at: str) -> None:
    """Be the child: act on a case, and die at a place such as "3", "commit.before" or "never"."""
    leave = Leave(database=Database(url))
    seen = 0

    def watch(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if str(seen) == at:
            os._exit(EXIT_AS_KILLED)

    watch_statements(leave.database.engine, watch)
    if "." in at:
        os.environ["SC_FAULT"] = f"{at}=exit137"
    ACTS[act](leave, case_id)
    os._exit(0)


def die(url: str, case_id: str, act: str, at: str) -> int:
    """Fork a child and answer how it ended."""
    child = os.fork()
    if child == 0:
        try:
            act_and_die(url, case_id, act, at=at)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look(url: str, case_id: str) -> dict[str, Any]:
    """Say what is there after a death: how many cases, the revision of the case, its open steps, and what is wrong."""
    leave = Leave(database=Database(url))
    with leave.database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Case))
        steps = session.scalars(select(Task.element).where(Task.case_id == case_id, Task.state == OPEN))
        found = [count, leave.case(case_id).revision, sorted(steps)]
        about = (Question, QuestionEnd, OutboxMessage)
        talk = [*count_rows(session, *about), *(at and at.isoformat() for at in _moments(session, case_id))]
    said = {"found": found, "talk": talk, "problems": leave.problems()}
    leave.database.dispose()
    return said


def _moments(session: Session, case_id: str) -> list[datetime | None]:
    """When the case wakes, and when its step is due and its clock stands."""
    moments = select(Case.wake_at, Task.due_at, Task.held_from, Task.held_until).join(Task)
    return list(session.execute(moments.where(Case.id == case_id, Task.state == OPEN)).one_or_none() or ())


def warm_up(url: str, case_id: str, act: str) -> None:
    """Act and undo it, so that the children need not compile every statement anew."""
    leave = Leave(database=Database(url))
    os.environ["SC_FAULT"] = "commit.before=raise"
    with suppress(FaultInjected):
        ACTS[act](leave, case_id)
    del os.environ["SC_FAULT"]
    leave.database.dispose()


def deaths(url: str, case_id: str, act: str, *places: str) -> Iterator[dict[str, Any]]:
    """Die at the given places, or else at every statement until none is left."""
    warm_up(url, case_id, act)
    for place in places or map(str, range(1, 40)):
        ended = die(url, case_id, act, place)
        yield {"at": place, "ended": ended, **look(url, case_id)}
        if ended != EXIT_AS_KILLED:
            return


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(list(deaths(*line.split()))) + "\n")
        sys.stdout.flush()
