"""Telling one case of one event, or handing it a message, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import cases
from services.bus.receipts import GONE, NOTHING, TAKER, TOLD, forget, has_any, is_owed_before, is_settled, owe, settle
from services.bus.receivers import is_within
from services.bus.rules import Rules, facts_of, rules_by_version
from services.cases.loading import take_case
from services.cases.telling import Notice, tell
from services.models.bus import EVENT, BusEvent
from services.models.cases import INCIDENT, OPEN, Case
from services.operations import CATALOGUE, Work
from services.people import SYSTEM
from services.progress import Act
from services.waiting import find_waiting
from workflows import engine
from workflows.errors import SafeconductError
from workflows.packages import Listens, fill, holds
from workflows.packages.reactions import ANY

#: The word for the audit, and for what fails.
ACT = "event"


class OperationUnknown(SafeconductError):
    """There is no operation "{operation}"."""


def tell_case(session: Session, event_id: str, case_id: str, *, now: datetime) -> None:
    """Tell a case what the rules of its version say of an event, and keep the receipt; told before, nothing happens.

    Raises:
        OperationFailed: A step that follows could not be carried out.
    """
    case = take_case(session, case_id)
    if is_settled(session, event_id, case_id):
        return
    event = session.get_one(BusEvent, event_id)
    if case.state == INCIDENT or is_owed_before(session, event, case_id):
        owe(session, event_id, case_id, case_id=case_id, now=now)
        return
    action = GONE
    if case.state == OPEN:
        notices = list(_notices(session, event, case, rules_by_version(session)[case.version_id], now))
        action = TOLD if _tell_all(session, event, case, notices, now) else NOTHING
    settle(session, event_id, case_id, action=action, case_id=case_id, now=now)


def pass_message(session: Session, event_id: str, *, now: datetime) -> None:
    """Hand a message to the one case that waits for it, or keep it for the one that will.

    Raises:
        OperationFailed: A step that follows could not be carried out; `find_taker` says in which case.
    """
    event = session.scalars(select(BusEvent).where(BusEvent.id == event_id).with_for_update(key_share=True)).one()
    if is_settled(session, event_id, TAKER) or _hand_over(session, event, now):
        event.handled_at = event.handled_at or now
        return
    forget(session, event_id, TAKER)
    if has_any(session, event_id):  # it was there for cases that listen or open
        event.handled_at = now
    else:
        event.handled_at, event.buffered_at = None, event.buffered_at or now


def find_taker(session: Session, event: BusEvent) -> str | None:
    """Find the case that takes a message."""
    return find_waiting(session, event.kind, event.key or "")


def _hand_over(session: Session, event: BusEvent, now: datetime) -> bool:
    taker = find_taker(session, event)
    if taker is None:
        return False
    case = take_case(session, taker)
    if case.state == INCIDENT:
        owe(session, event.id, TAKER, case_id=taker, now=now)
        return True
    notice = Notice(name=event.kind, key=event.key or "", payload=event.payload)
    if not _tell_all(session, event, case, [notice], now):
        return False
    settle(session, event.id, TAKER, action=TOLD, case_id=taker, now=now)
    return True


def _tell_all(session: Session, event: BusEvent, case: Case, notices: Sequence[Notice], now: datetime) -> int:
    caught = 0
    for notice in notices:
        if case.state == OPEN:  # what came before may have ended it
            caught += tell(session, case, notice, Act(name=ACT, actor=SYSTEM, now=now, facts={"event": event.id}))
    if case.failures:
        cases.close_after(session, case, act=ACT, about=event.id, now=now)
    return caught


def _notices(session: Session, event: BusEvent, case: Case, rules: Rules, now: datetime) -> Iterator[Notice]:
    hearing = rules.hearing(event.kind)
    if not hearing and event.channel == EVENT:
        yield Notice(name=event.kind, key=None, payload=event.payload)
    known = {**facts_of(event), "case": _facts_of_case(case)}
    for rule in hearing:
        if rule.targets is not None:
            if holds(rule.when, known, now):
                yield from _targeted(session, event, case, rule.targets, now)
        elif _reaches(session, rule, event, case) and holds(rule.when, known, now):
            payload = event.payload if rule.payload is None else fill(rule.payload, known, now)
            key = None if rule.send is None else str(fill(rule.key, known, now) or case.number)
            yield Notice(name=rule.send or event.kind, key=key, payload=payload)


def _reaches(session: Session, rule: Listens, event: BusEvent, case: Case) -> bool:
    return case.id != event.created_by_case and (rule.area == ANY or is_within(session, case.area, event.area))


def _targeted(session: Session, event: BusEvent, case: Case, name: str, now: datetime) -> Iterator[Notice]:
    """Ask an operation which messages a case is sent."""
    known = CATALOGUE.get(name)
    if known is None:
        raise OperationUnknown(operation=name)
    call = engine.Call(element="", token="", headers={}, traces=[], line=None, area=event.area)
    work = Work(session=session, case=case, actor=SYSTEM, now=now, version_id=case.version_id, call=call)
    for told in known.run(work, facts_of(event)).get("told") or ():
        yield Notice(name=told["message"], key=str(told.get("key") or case.number), payload=told.get("payload") or {})


def _facts_of_case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "area": case.area,
        "organisation": case.organisation,
        "subject": case.subject,
        "status": case.status,
        "requester": case.requester,
    }
