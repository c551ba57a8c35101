"""Cases that open by themselves: for an event, for a message, or because they are due today."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import cases
from services.bus.receipts import EXISTS, NOTHING, OPENED, is_settled, settle
from services.bus.rules import Opening, daily_openings, daily_operations, facts_of
from services.cases.starting import LONGEST_KEY
from services.database import Database
from services.errors import AlreadyOpen, Busy, OperationFailed
from services.models.bus import DUE, BusEvent, DailyRound
from services.models.cases import OPEN, Case
from services.models.definitions import ProcessVersion
from services.operations import CATALOGUE, Work
from services.people import SYSTEM
from services.posting import post_event
from services.waiting import is_open
from workflows import engine
from workflows.feel import FeelError
from workflows.packages import Opens, fill, holds

_log = logging.getLogger("safeconduct.bus")


def open_for(session: Session, event_id: str, opening: Opening, *, now: datetime) -> str | None:
    """Open the case that a rule wants for an event, and keep the receipt. Answers the id of the new case, if there is one.

    Raises:
        OperationFailed: A step that follows at once could not be carried out.
    """
    if is_settled(session, event_id, opening.receiver):
        return None
    event = session.get_one(BusEvent, event_id)
    known, rule = facts_of(event), opening.rule
    if not holds(rule.when, known, now):
        settle(session, event_id, opening.receiver, action=NOTHING, case_id=None, now=now)
        return None
    try:
        case = cases.open_case(
            session,
            session.get_one(ProcessVersion, opening.version_id),
            start=rule.start,
            answers=fill(rule.answers, known, now) if rule.answers else event.payload,
            once=_once(rule, known, now),
            facts={"event": event.id, "kind": event.kind},
            now=now,
        )
    except AlreadyOpen:
        if is_settled(session, event_id, opening.receiver):
            return None  # somebody else opened it for this very event in the meantime
        settle(session, event_id, opening.receiver, action=EXISTS, case_id=None, now=now)
        return None
    settle(session, event_id, opening.receiver, action=OPENED, case_id=case.id, now=now)
    return case.id


def ask_what_is_due(database: Database, now: datetime) -> int:
    """Ask every daily operation that was not asked today yet, and put what it answers onto the bus. Answers how many were asked.

    A day is one of UTC. The question and its answers are one transaction: it is asked again until they are kept.
    """
    with database.reading() as session:
        wanted = daily_operations(session)
        asked = set(session.scalars(select(DailyRound.operation).where(DailyRound.day == now.date()))) if wanted else set()
    return sum(_ask(database, name, wanted[name], now) for name in sorted(wanted.keys() - asked))


def _ask(database: Database, name: str, version_id: str, now: datetime) -> bool:
    try:
        with database.transaction() as session:
            if session.get(DailyRound, (name, now.date())) is not None:
                return False
            session.add(DailyRound(operation=name, day=now.date(), at=now))
            session.flush()  # whoever asks at the same moment waits here, and then finds it asked
            for due in _leave_out_open(session, name, _answers(session, name, version_id, now), now):
                post_event(session, name, area=due.get("area"), payload=due, by=SYSTEM.person, now=now, channel=DUE)
    except Busy:
        return False
    except Exception:  # noqa: BLE001  whatever it was, the other operations must be asked, and this one again
        _log.exception("The daily operation %s failed", name)
        return False
    return True


def _leave_out_open(session: Session, name: str, dues: list[Mapping[str, Any]], now: datetime) -> list[Mapping[str, Any]]:
    """Leave out what has its open case in every process that a rule names: it would be said in vain, day after day."""
    rules = daily_openings(session, name)
    held = select(Case.process_key, Case.once_key).where(
        Case.process_key.in_({each.process for each in rules}), Case.once_key.is_not(None), is_open()
    )
    taken = {(row.process_key, row.once_key) for row in session.execute(held)}

    def is_open_for(rule: Opening, due: Mapping[str, Any]) -> bool:
        try:
            return (rule.process, _once(rule.rule, {"due": due}, now)) in taken
        except FeelError:
            return False  # said all the same: where the rule is carried out its failure is kept

    return [due for due in dues if not all(is_open_for(rule, due) for rule in rules)]


def _once(rule: Opens, known: Mapping[str, Any], now: datetime) -> str | None:
    """Say under which key no second case may be open; None where there may be any number."""
    once = fill(rule.once, known, now)
    return None if once is None else str(once)[:LONGEST_KEY]


def _answers(session: Session, name: str, version_id: str, now: datetime) -> list[Mapping[str, Any]]:
    known = CATALOGUE.get(name)
    if known is None:
        raise OperationFailed(cause=f'There is no operation "{name}".')
    # An operation always works for a case. This one is of nobody, and is never stored.
    case = Case(id="", number="", version_id=version_id, state=OPEN, requester=SYSTEM.person, subject="")
    call = engine.Call(element="", token="", headers={}, traces=[], line=None, area=None)
    work = Work(session=session, case=case, actor=SYSTEM, now=now, version_id=version_id, call=call)
    return list(known.run(work, {}).get("due") or ())
