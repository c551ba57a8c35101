"""Forgets what is due and dies on the way, as by kill -9: after every statement, or every few, until a round comes through.

Run as a program with the address of a database, a moment and how many statements lie between two deaths; prints what was found
after each death. Each child is a process of its own, forked while nothing is connected.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services import jobs, retention
from services.database import Database
from tests.services.leave import Leave
from tests.services.power import Rehearsed
from tests.services.retention.trips import snapshot
from tests.statements import watch_statements

EXIT_AS_KILLED = 137
MOST_DEATHS = 200


def forget_and_die(url: str, now: datetime, at: int) -> None:
    """Be the child: do a round, and die after so many writing statements."""
    database = Database(url)
    seen = 0

    def watch(statement: str) -> None:
        nonlocal seen
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            seen += 1
            if seen == at:
                os._exit(EXIT_AS_KILLED)

    watch_statements(database.engine, after=watch)
    jobs.forget_cases(database, now)
    os._exit(0)


def die(url: str, now: datetime, at: int) -> int:
    """Fork a child and answer how it ended."""
    child = os.fork()
    if child == 0:
        try:
            forget_and_die(url, now, at)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def warm_up(url: str, now: datetime) -> None:
    """Forget what is due and undo it, so that the children need not compile every statement anew."""
    database = Rehearsed(url)
    with database.transaction() as session:
        for case_id in retention.list_due_to_empty(session, now):
            retention.empty_case(session, case_id, now=now)
        for case_id in retention.list_due_to_remove(session, now):
            retention.remove_case(session, case_id, now=now)
    database.dispose()


def look(url: str, now: datetime) -> dict[str, Any]:
    """Say what is there: a digest of all rows, how many cases, and what is wrong with them."""
    leave = Leave(database=Database(url))
    rows = snapshot(leave.database)
    found = {"digest": hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest(), "cases": len(rows["cases"])}
    problems = leave.problems(now=now)
    leave.database.dispose()
    return {**found, "problems": problems}


def deaths(url: str, now: datetime, step: int) -> Iterator[dict[str, Any]]:
    """Die at one place after the other until a round comes through; after what was committed the count begins anew."""
    warm_up(url, now)
    at, known = 1, look(url, now)
    yield {"ended": None, **known}
    for _ in range(MOST_DEATHS):
        ended, found = die(url, now, at), look(url, now)
        yield {"ended": ended, **found}
        if ended != EXIT_AS_KILLED:
            return
        at, known = (1, found) if found != known else (at + step, known)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(list(deaths(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])))))
