"""Dispatches what is on the bus and dies on the way, as by kill -9: after every statement of every transaction.

Run as a program with the address of a database; prints how often it died, and how the last try ended. Each child is a process of
its own, forked while nothing is connected.
"""

from __future__ import annotations

import json
import os
import sys

from sqlalchemy import func, select

from services import bus, definitions
from services.database import Database
from services.models.bus import BusEvent, BusReceipt
from services.models.definitions import ProcessVersion
from tests.services.power import Rehearsed
from tests.services.watching import NOW
from tests.statements import watch_statements

EXIT_AS_KILLED = 137
MOST_DEATHS = 500


def dispatch_and_die(url: str, at: int) -> None:
    """Be the child: dispatch, and die after so many writing statements."""
    database = Database(url)
    seen = 0

    def watch(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            os._exit(EXIT_AS_KILLED)

    watch_statements(database.engine, after=watch)
    bus.dispatch(database, NOW)
    os._exit(0)


def die(url: str, at: int) -> int:
    """Fork a child and answer how it ended."""
    child = os.fork()
    if child == 0:
        try:
            dispatch_and_die(url, at)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def progress(url: str) -> tuple[int, ...]:
    """How much has been kept so far."""
    database = Database(url)
    with database.reading() as session:
        handled = select(func.count()).select_from(BusEvent).where(BusEvent.handled_at.is_not(None))
        receipts = select(func.count()).select_from(BusReceipt)
        kept = (session.scalar(receipts) or 0, session.scalar(handled) or 0)
    database.dispose()
    return kept


def warm_up(url: str) -> None:
    """Compile what is published, and every statement, once for all children."""
    database = Rehearsed(url)
    with database.reading() as session:
        for version_id in session.scalars(select(ProcessVersion.id)):
            definitions.get_published(session, version_id)
    bus.dispatch(database, NOW)
    database.dispose()


def main(url: str) -> None:
    """Die until nothing is left to do. Once a transaction has gone through, the next one begins at its first statement."""
    warm_up(url)
    deaths, at, ended = 0, 1, EXIT_AS_KILLED
    while ended == EXIT_AS_KILLED and deaths < MOST_DEATHS:
        before = progress(url)
        ended = die(url, at)
        deaths += ended == EXIT_AS_KILLED
        at = at + 1 if progress(url) == before else 1
    sys.stdout.write(json.dumps({"deaths": deaths, "ended": ended}))


if __name__ == "__main__":
    main(*sys.argv[1:])
