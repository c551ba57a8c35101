"""The dispatcher: everything on the bus that counts by now reaches whom it concerns, each receiver in its own transaction.

It may be killed anywhere and run anywhere else at the same time: receipts say who has had what.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from services import cases
from services.bus.learning import learn_waits
from services.bus.opening import ask_what_is_due, open_for
from services.bus.receipts import GONE, TAKER, list_owed, owe, settle
from services.bus.receivers import list_receivers
from services.bus.rules import Opening, openings_for, rules_by_version
from services.bus.telling import ACT, find_taker, pass_message, tell_case
from services.database import Database
from services.errors import Busy, StaleRevision
from services.faults import fault
from services.models.base import UtcDateTime
from services.models.bus import MESSAGE, BusEvent, CaseWait
from services.models.cases import Case
from services.prepared import Prepared
from services.waiting import is_open

MOST_ROUNDS = 50
_AT_ONCE = 200
_log = logging.getLogger("safeconduct.bus")


def dispatch(database: Database, now: datetime) -> int:
    """Tell everybody of everything that counts by now. Answers how many events were handled.

    Events are told in the order of the moments from which they count. A receiver that fails is owed the event and keeps nobody
    waiting; what came after it waits for it in that case only.
    """
    learn_waits(database, now)
    ask_what_is_due(database, now)
    _retry(database, now)
    _expire(database, now)
    done = 0
    tried: set[str] = set()
    for _ in range(MOST_ROUNDS):
        with database.reading() as session:
            pending = [row.id for row in _PENDING.rows(session, now=now) if row.id not in tried]
            wanted = [row.id for row in _WANTED.rows(session, now=now) if row.id not in tried]
        if not pending and not wanted:
            break
        done += _handle_all(database, pending, now)
        done += sum(_pass(database, event_id, now) for event_id in wanted)
        tried.update(pending, wanted)
    return done


def _pending_query() -> Select[*tuple[Any, ...]]:
    waiting = select(BusEvent.id).where(BusEvent.handled_at.is_(None), BusEvent.buffered_at.is_(None))
    due = waiting.where(BusEvent.effective_at <= bindparam("now", type_=UtcDateTime))
    return due.order_by(BusEvent.effective_at, BusEvent.id).limit(_AT_ONCE)


def _wanted_query() -> Select[*tuple[Any, ...]]:
    """Select the messages that were kept and that a case waits for by now."""
    fits = and_(CaseWait.name == BusEvent.kind, or_(CaseWait.key == BusEvent.key, CaseWait.key == ""))
    is_kept = and_(BusEvent.buffered_at.is_not(None), BusEvent.expires_at > bindparam("now", type_=UtcDateTime))
    found = (
        select(BusEvent.id, BusEvent.effective_at)
        .join(CaseWait, and_(CaseWait.kind == MESSAGE, fits))
        .join(Case, Case.id == CaseWait.case_id)
        .where(BusEvent.handled_at.is_(None), is_kept, is_open())
    )
    return found.distinct().order_by(BusEvent.effective_at, BusEvent.id).limit(_AT_ONCE)


_PENDING, _WANTED = Prepared(_pending_query), Prepared(_wanted_query)


def _handle_all(database: Database, pending: Collection[str], now: datetime) -> int:
    """Handle events one after the other. A case that one of them opens is not told of the others: they were there before it."""
    done = 0
    opened: set[str] = set()
    for event_id in pending:
        if not _handle(database, event_id, opened, now):
            break  # the database could not take it: what comes after must not overtake it
        done += 1
    return done


def _handle(database: Database, event_id: str, opened: set[str], now: datetime) -> bool:
    """Tell everybody of one event. Says whether it is out of the way."""
    with database.reading() as session:
        event = session.get_one(BusEvent, event_id)
        told = [case_id for case_id in list_receivers(session, event, rules_by_version(session)) if case_id not in opened]
        openings = openings_for(session, event)
    fault("bus.before_tell")
    kept = [_tell(database, event_id, case_id, now) for case_id in told]
    kept += [_open(database, event_id, opening, opened, now) for opening in openings]
    fault("bus.before_mark")
    if not all(kept):
        return False
    return _pass(database, event_id, now) if event.channel == MESSAGE else _mark(database, event_id, now)


def _tell(database: Database, event_id: str, case_id: str, now: datetime) -> bool:
    def act(session: Session) -> None:
        tell_case(session, event_id, case_id, now=now)

    def fail(session: Session, error: Exception) -> None:
        _owe_case(session, event_id, case_id, case_id, error, now)

    return _settle(database, act, fail)


def _open(database: Database, event_id: str, opening: Opening, opened: set[str], now: datetime) -> bool:
    made: list[str] = []

    def act(session: Session) -> None:
        made.extend(filter(None, [open_for(session, event_id, opening, now=now)]))

    def fail(session: Session, error: Exception) -> None:
        owe(session, event_id, opening.receiver, case_id=None, now=now, error=str(error) or type(error).__name__)

    kept = _settle(database, act, fail)
    opened.update(made)
    return kept


def _pass(database: Database, event_id: str, now: datetime) -> bool:
    """Hand a message to the case that waits for it, or keep it for the one that will."""

    def act(session: Session) -> None:
        pass_message(session, event_id, now=now)

    def fail(session: Session, error: Exception) -> None:
        event = session.get_one(BusEvent, event_id)
        event.handled_at = now
        taker = find_taker(session, event)
        if taker is None:
            owe(session, event_id, TAKER, case_id=None, now=now, error=str(error))
        else:
            _owe_case(session, event_id, TAKER, taker, error, now)

    return _settle(database, act, fail)


def _mark(database: Database, event_id: str, now: datetime) -> bool:
    def act(session: Session) -> None:
        session.get_one(BusEvent, event_id).handled_at = now

    return _note(database, act)


def _settle(database: Database, act: Callable[[Session], None], fail: Callable[[Session, Exception], None]) -> bool:
    """Act in a transaction, and if that fails, note the failure in another. Says whether either was kept.

    Nothing is noted where somebody else was at it: then there may be nothing left to do, which the next try finds out.
    """
    try:
        with database.transaction() as session:
            act(session)
    except (Busy, StaleRevision):
        return False
    except Exception as error:  # noqa: BLE001  a receiver that fails must not keep the others waiting, whatever makes it fail
        _log.warning("A receiver of the bus failed: %s", type(error).__name__)
        failure = error
    else:
        return True
    return _note(database, lambda session: fail(session, failure))


def _note(database: Database, act: Callable[[Session], None]) -> bool:
    try:
        with database.transaction() as session:
            act(session)
    except (Busy, StaleRevision):
        return False
    return True


def _owe_case(session: Session, event_id: str, receiver: str, case_id: str, error: Exception, now: datetime) -> None:
    """Keep what failed as an incident of the case, and try again when that says so, or when it was repaired."""
    incident = cases.note_attempt(session, case_id, error, now=now, act=ACT, about=event_id)
    again = None if incident is None else incident.retry_at
    owe(session, event_id, receiver, case_id=case_id, now=now, retry_at=again, error="" if incident is None else incident.cause)


def _retry(database: Database, now: datetime) -> None:
    """Try again what receivers are owed."""
    with database.reading() as session:
        owed = [(receipt.event_id, receipt.receiver, receipt.case_id) for receipt in list_owed(session, now, limit=_AT_ONCE)]
    for event_id, receiver, case_id in owed:
        if receiver == TAKER:
            _pass(database, event_id, now)
        elif case_id is not None:
            _tell(database, event_id, case_id, now)
        else:
            _retry_opening(database, event_id, receiver, now)


def _retry_opening(database: Database, event_id: str, receiver: str, now: datetime) -> None:
    with database.reading() as session:
        openings = openings_for(session, session.get_one(BusEvent, event_id))
    opening = next((each for each in openings if each.receiver == receiver), None)
    if opening is not None:
        _open(database, event_id, opening, set(), now)
        return

    def act(session: Session) -> None:
        settle(session, event_id, receiver, action=GONE, case_id=None, now=now)  # no newer version has this rule any more

    _note(database, act)


def _expire(database: Database, now: datetime) -> None:
    """Let go of the messages that nobody came to wait for in time."""
    over = (BusEvent.handled_at.is_(None), BusEvent.buffered_at.is_not(None), BusEvent.expires_at <= now)
    with database.reading() as session:
        expired = list(session.scalars(select(BusEvent.id).where(*over).limit(_AT_ONCE)))
    if not expired:
        return
    _log.warning("%s messages were kept in vain: %s", len(expired), ", ".join(expired))

    def act(session: Session) -> None:
        rows = update(BusEvent).where(BusEvent.id.in_(expired), *over).values(handled_at=now)
        session.execute(rows, execution_options={"synchronize_session": False})

    _note(database, act)
