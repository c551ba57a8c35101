"""The daily look: assign what is asked of people, page by page, and tell of delays."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from services.database import Database
from services.errors import Busy
from services.mandatory_trainings.assigning import assign
from services.mandatory_trainings.grounds import list_people
from services.mandatory_trainings.rules import Rule, rules_in_force
from services.mandatory_trainings.telling import tell_asked, tell_late, tell_very_late
from services.models.bus import DailyRound

ROUND = "trainings.assign"
#: So many people are looked at, and so many delays told, in one transaction.
PAGE = 300
_log = logging.getLogger("safeconduct.jobs")


def look_once(database: Database, now: datetime) -> bool:
    """Look at everybody, unless that was done today; a day is one of UTC. Says whether it was done now.

    One worker takes the day. Where a page fails the day is given back, and the next round looks again: what was done stays done.
    """
    with database.reading() as session:
        if session.get(DailyRound, (ROUND, now.date())) is not None:
            return False
        rules = rules_in_force(session, now)
    if not any(rules.values()):
        return False
    try:
        with database.transaction() as session:
            if session.get(DailyRound, (ROUND, now.date())) is not None:
                return False
            session.add(DailyRound(operation=ROUND, day=now.date(), at=now))
            session.flush()
    except Busy:
        return False
    try:
        _look(database, rules, now)
    except Exception as error:  # noqa: BLE001  whatever it was, the other jobs must run, and this one again
        if not isinstance(error, Busy):
            _log.exception("The trainings of today could not be assigned")
        with database.transaction() as session:
            session.execute(delete(DailyRound).where(DailyRound.operation == ROUND, DailyRound.day == now.date()))
        return False
    return True


def _look(database: Database, rules: Mapping[str, tuple[Rule, ...]], now: datetime) -> None:
    after = ""
    while True:
        with database.transaction() as session:
            people = list_people(session, after=after, limit=PAGE, on=now.date())
            if not people:
                break
            after = people[-1].code
            tell_asked(session, assign(session, people, rules, now), now)
    for tell in (tell_late, tell_very_late):
        told = PAGE
        while told == PAGE:
            with database.transaction() as session:
                told = tell(session, now, limit=PAGE)
