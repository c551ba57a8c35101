"""What happens in areas, and how running cases hear of it.

An event is a row of the bus. For every unit of persons at a stop in that area the dispatcher asks the table D1.8, of the version
of their case, what it means for them, and sends the message that follows. Each unit has a transaction of its own, and a receipt,
so that a unit is told once however often the dispatcher runs or is killed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services import authority, cases, definitions
from services.database import Database
from services.errors import MessageNotExpected, NotYourRole
from services.models.areas import AreaWithin
from services.models.base import new_id
from services.models.bus import BusEvent, BusReceipt
from services.models.cases import OPEN, Case
from services.models.clearances import CLOSED_STATUSES, ClearanceLine
from services.people import SYSTEM, Actor
from services.registers import areas, clearances
from workflows.errors import SafeconductError

TABLE = "D1.8"
#: The kinds of events on the bus and what the table calls them.
EVENTS = {
    "SIG_LEVEL_UP": "LEVEL_UP",
    "SIG_LEVEL_DOWN": "LEVEL_DOWN",
    "SIG_MODE_TO_MANUAL": "MODE_TO_MANUAL",
    "SIG_SUSPENDED": "SUSPENSION",
    "SIG_AREA_LIFTED": "LIFTED",
    "SIG_EVACUATION": "EVACUATION",
    "SIG_SRM_EXPIRED": "SRM_EXPIRED",
    "SIG_CEILING_CHANGED": "CEILING_CUT",
    "INCIDENT_MINOR": "INCIDENT_MINOR",
    "INCIDENT_MAJOR": "INCIDENT_MAJOR",
}
PLACE_FREED = "PLACE_FREED"
#: Who may say that something happened in an area.
RAISING_ROLES = ("DO", "DOAI", "CSA", "DRO_DIR", "DHSSS_DIR", "USG")
NOTHING = "NONE"
_PHONE = "the security desk of the area"
_log = logging.getLogger("safeconduct.events")


class EventUnknown(SafeconductError):
    """There is no kind of area event called {kind}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """Persons at one stop who hear of an event together."""

    case_id: str
    unit_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A message to a case: its name, the key it is matched by, and what it brings."""

    name: str
    key: str
    payload: dict[str, Any]


def raise_area_event(
    session: Session,
    kind: str,
    area: str,
    payload: dict[str, Any],
    actor: Actor,
    now: datetime,
    *,
    effective_at: datetime | None = None,
) -> BusEvent:
    """Put an event onto the bus.

    Args:
        kind: A kind of section 12, such as SIG_LEVEL_UP.
        effective_at: When it begins to count; a change announced for later is dispatched then.

    Raises:
        EventUnknown: There is no such kind.
        NotYourRole: The actor may not speak for this area.
    """
    if kind not in EVENTS and kind != PLACE_FREED:
        raise EventUnknown(kind=kind)
    ensure_may_raise(session, area, actor, now)
    event = BusEvent(
        id=new_id(), kind=kind, area=area, payload=payload, created_by=actor.person, at=now, effective_at=effective_at or now
    )
    session.add(event)
    session.flush()
    return event


def ensure_may_raise(session: Session, area: str, actor: Actor, now: datetime) -> None:
    """Raise unless the actor speaks for the area, or is the system."""
    if actor.person == SYSTEM.person:
        return
    for role in RAISING_ROLES:
        if actor.person in authority.people_in_role(session, role=role, area=area, now=now):
            return
    raise NotYourRole


def change_area(session: Session, area: str, changes: dict[str, Any], *, actor: Actor, now: datetime) -> list[BusEvent]:
    """Let a new state of an area begin now, and tell the bus of everything in it that concerns journeys.

    Raises:
        NotYourRole: The actor may not speak for this area.
    """
    ensure_may_raise(session, area, actor, now)
    before = areas.facts_for_stay(session, area, arrive_at=now, now=now)
    after = areas.change_state(session, area, changes, by=actor.person, now=now)
    payload = {"old": before.level, "new": after.security_level, "mode": after.clearance_mode, "reason": after.reason}
    kinds = _kinds(before, after)
    return [raise_area_event(session, kind, area, payload, actor, now) for kind in kinds]


def _kinds(before: areas.AreaFacts, after: Any) -> list[str]:
    kinds = []
    if after.status != before.status:
        kinds.append({"OPEN": "SIG_AREA_LIFTED", "SUSPENDED": "SIG_SUSPENDED", "EVACUATED": "SIG_EVACUATION"}[after.status])
    if after.security_level != before.level:
        kinds.append("SIG_LEVEL_UP" if after.security_level > before.level else "SIG_LEVEL_DOWN")
    elif after.clearance_mode == "MANUAL" and before.mode == "AUTO":
        kinds.append("SIG_MODE_TO_MANUAL")
    if after.ceiling is not None and (before.ceiling is None or after.ceiling < before.ceiling):
        kinds.append("SIG_CEILING_CHANGED")
    return kinds


def dispatch_area_events(database: Database, now: datetime) -> int:
    """Tell every unit concerned of every event that counts by now. Answers how many events are done.

    Events of one area are told in their order; one that could not be told to everybody stays, and is tried again the next time.
    """
    with database.reading() as session:
        pending = [event.id for event in _pending(session, now)]
    return sum(_dispatch(database, event_id, now) for event_id in pending)


def _pending(session: Session, now: datetime) -> Sequence[BusEvent]:
    query = select(BusEvent).where(BusEvent.handled_at.is_(None), BusEvent.effective_at <= now)
    return session.scalars(query.order_by(BusEvent.area, BusEvent.effective_at, BusEvent.id)).all()


def _dispatch(database: Database, event_id: str, now: datetime) -> bool:
    with database.reading() as session:
        units = list_units(session, session.get_one(BusEvent, event_id))
    told = [_tell(database, event_id, unit, now) for unit in units]
    if not all(told):
        return False
    with database.transaction() as session:
        session.get_one(BusEvent, event_id).handled_at = now
    return True


def list_units(session: Session, event: BusEvent) -> list[Unit]:
    """List the units that an event concerns and that have not heard of it; a freed place concerns only the first who waits."""
    if event.kind != PLACE_FREED and event.kind not in EVENTS:
        return []
    within = select(AreaWithin.area).where(AreaWithin.ancestor == event.area)
    told = and_(BusReceipt.event_id == event.id, BusReceipt.unit_key == ClearanceLine.unit_key)
    query = (
        select(ClearanceLine.case_id, ClearanceLine.unit_key)
        .join(Case, Case.id == ClearanceLine.case_id)
        .outerjoin(BusReceipt, told)
        .where(ClearanceLine.area.in_(within), ClearanceLine.status.not_in(CLOSED_STATUSES), Case.state == OPEN)
        .where(
            BusReceipt.event_id.is_(None),
            or_(ClearanceLine.created_at <= event.effective_at, Case.started_at <= event.effective_at),
        )
        .group_by(ClearanceLine.case_id, ClearanceLine.unit_key, Case.started_at)
        .order_by(Case.started_at, ClearanceLine.unit_key)
    )
    if event.kind == PLACE_FREED:
        query = query.where(ClearanceLine.status == "DEFERRED").limit(1)
    return [Unit(case_id=row.case_id, unit_key=row.unit_key) for row in session.execute(query)]


def _tell(database: Database, event_id: str, unit: Unit, now: datetime) -> bool:
    """Tell one unit, in a transaction of its own. A unit that fails keeps the event open, but never keeps the others waiting."""
    try:
        with database.transaction() as session:
            tell_unit(session, session.get_one(BusEvent, event_id), unit, now)
    except SafeconductError:
        _log.exception("The event %s could not be told to %s", event_id, unit.unit_key)
        return False
    return True


def tell_unit(session: Session, event: BusEvent, unit: Unit, now: datetime) -> str:
    """Tell one unit of an event in the caller's transaction, and keep the receipt. Answers the action that the table gave."""
    if session.get(BusReceipt, (event.id, unit.unit_key)) is not None:
        return NOTHING
    lines = clearances.lines_of_unit(session, unit.case_id, unit.unit_key)
    case = session.get_one(Case, unit.case_id)
    action, deadline_h = ("RESUME_PLACE", 0.0) if event.kind == PLACE_FREED else _ask_table(session, event, case, lines, now)
    receipt = BusReceipt(event_id=event.id, unit_key=unit.unit_key, case_id=case.id, action=action, at=now)
    session.add(receipt)
    notice = _notice(session, event, case, lines, action, now + timedelta(hours=deadline_h), now)
    if notice is not None:
        try:
            cases.send_message(session, notice.name, notice.key, notice.payload, actor=SYSTEM, now=now)
        except MessageNotExpected:
            _log.info("%s does not wait for %s", notice.key, notice.name)
    return action


def _ask_table(session: Session, event: BusEvent, case: Case, lines: Sequence[ClearanceLine], now: datetime) -> tuple[str, float]:
    model = definitions.get_package(session, case.version_id).decisions.get(TABLE)
    if model is None:
        return NOTHING, 0
    name = EVENTS[event.kind]
    phase = clearances.phase_of(lines, now)
    state = areas.get_state(session, lines[0].area, now)
    asked = {
        "event": name,
        # A held unit waits for the lifting only; for every other event it is pending like the rest.
        "phase": "PENDING" if phase == "HELD" and name != "LIFTED" else phase,
        "new_level": event.payload.get("new", state.security_level),
        "new_mode": event.payload.get("mode", state.clearance_mode),
    }
    value = model.decide(TABLE, asked, now=now).value or {}
    return str(value.get("action", NOTHING)), float(value.get("deadline_h") or 0)


def _notice(
    session: Session, event: BusEvent, case: Case, lines: Sequence[ClearanceLine], action: str, deadline: datetime, now: datetime
) -> Notice | None:
    """Say which message follows from an action."""
    line, reason = lines[0], str(event.payload.get("reason") or event.kind)
    area = areas.name_of(areas.get_area(session, line.area))
    told = {"area": area, "date": f"{now:%Y-%m-%d}", "reason": reason, "phone": _PHONE}
    again = {"stop": line.stop_key, "deadline": deadline.isoformat(), "reason": reason}
    cleared = clearances.phase_of(lines, now) == "CLEARED_NOT_DEPARTED"
    stop_all = Notice(name="MSG_STOP_ALL", key=case.number, payload={"event": EVENTS.get(event.kind, event.kind), **told})
    by_action = {
        "NOTIFY": Notice(name="MSG_AREA_NOTICE", key=case.number, payload={"code": "N-TSC-13", **told}),
        "REACK_ADVISORY": Notice(name="MSG_AREA_NOTICE", key=case.number, payload={"code": "N-TSC-13", **told}),
        "HEADCOUNT": Notice(name="MSG_AREA_NOTICE", key=case.number, payload={"code": "N-TSC-12", **told}),
        "CONTACT_TRAVELLER": Notice(name="MSG_AREA_NOTICE", key=case.number, payload={"code": "N-TSC-10", **told}),
        "REROUTE": Notice(name="MSG_STOP_REROUTE", key=line.unit_key, payload={"reason": reason}),
        "RESUME": Notice(name="MSG_AREA_LIFTED", key=line.unit_key, payload={}),
        "RESUME_PLACE": Notice(name="MSG_PLACE_FREED", key=line.unit_key, payload={}),
        "REASSESS": Notice(name="MSG_REASSESS", key=case.number, payload={**again, "hold": False}),
        "HOLD_AND_REASSESS": Notice(name="MSG_REASSESS", key=case.number, payload={**again, "hold": True}),
        "HOLD": Notice(name="MSG_REASSESS", key=case.number, payload={**again, "hold": True})
        if cleared
        else Notice(name="MSG_STOP_HOLD", key=line.unit_key, payload={"reason": reason}),
        "STOP_PENDING": stop_all,
        "REVOKE": stop_all,
        "REVOKE_DIVERT": stop_all,
    }
    return by_action.get(action)
