"""Completes a task and dies on the way, as by kill -9: at every statement, at the commit, and right after it.

Run as a program with the address of a database and the id of a case, and a place to die at only there; prints one JSON object
per death. Each child is a process of its own, forked while nothing is connected.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from services import tasks
from services.database import Database
from tests.services.leave import NOW, REVIEWER, Leave, watch_statements

EXIT_AS_KILLED = 137


def complete_and_die(url: str, case_id: str, *, at: str) -> None:
    """Be the child: complete the open task of a case, and die at a place such as "3", "commit.before" or "never"."""
    leave = Leave(database=Database(url))
    task, actor = leave.open_task(case_id), leave.actor(REVIEWER)
    seen = 0

    def watch(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if str(seen) == at:
            os._exit(EXIT_AS_KILLED)

    watch_statements(leave.database.engine, watch)
    if "." in at:
        os.environ["SC_FAULT"] = f"{at}=exit137"
    with leave.database.transaction() as session:
        tasks.complete_task(session, task.id, actor=actor, answers={"advice": "RECOMMEND"}, revision=task.revision, now=NOW)
    os._exit(0)


def die(url: str, case_id: str, at: str) -> int:
    """Fork a child and answer how it ended."""
    child = os.fork()
    if child == 0:
        try:
            complete_and_die(url, case_id, at=at)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look(url: str, case_id: str) -> dict[str, Any]:
    """Say what is there after a death."""
    leave = Leave(database=Database(url))
    case = leave.case(case_id)
    said = {"revision": case.revision, "element": leave.open_task(case_id).element, "problems": leave.problems()}
    leave.database.dispose()
    return said


def main(url: str, case_id: str, *places: str) -> None:
    """Die at the given places, or else at every statement until none is left."""
    for place in places or map(str, range(1, 30)):
        ended = die(url, case_id, place)
        sys.stdout.write(json.dumps({"at": place, "ended": ended, **look(url, case_id)}) + "\n")
        if ended != EXIT_AS_KILLED:
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
