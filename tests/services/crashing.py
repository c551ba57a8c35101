"""Acts on a case and dies on the way, as by kill -9: at every statement, at the commit, and right after it.

Run as a program with the address of a database, the id of a case, the name of an act, and places to die at only there; prints
one JSON object per death. Each child is a process of its own, forked while nothing is connected.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from services import cases, tasks
from services.database import Database
from services.models.cases import DONE, OPEN, Case, Task
from tests.services.leave import NOW, REQUESTER, REVIEWER, Leave, watch_statements

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


ACTS: dict[str, Callable[[Leave, str], Any]] = {
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
    said = {"found": found, "problems": leave.problems()}
    leave.database.dispose()
    return said


def main(url: str, case_id: str, act: str, *places: str) -> None:
    """Die at the given places, or else at every statement until none is left."""
    for place in places or map(str, range(1, 40)):
        ended = die(url, case_id, act, place)
        sys.stdout.write(json.dumps({"at": place, "ended": ended, **look(url, case_id)}) + "\n")
        if ended != EXIT_AS_KILLED:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
