"""What journeys hear of events: the table D1.8 says, for each unit of persons at a stop, which message follows.

The operations here are the `targets` of rules by which a process listens. They are asked for one case at a time, in the act that
tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from services import definitions
from services.models.areas import AreaWithin
from services.models.bus import BusEvent, BusReceipt
from services.models.cases import OPEN, Case
from services.models.clearances import CLOSED_STATUSES, GRANTED_STATUSES, ClearanceLine
from services.operations.catalogue import operation
from services.operations.leaving import who_leaves
from services.operations.moments import find_moment
from services.operations.work import Work
from services.registers import areas, clearances

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
NOTHING = "NONE"
#: What versions of the process say that do not have a text yet.
OLDER_TEXTS = {"N-TSC-24": "N-TSC-13", "N-TSC-25": "N-TSC-10"}
#: What asks a head count to be taken of everybody in an area.
HEADCOUNT = "MSG_HEADCOUNT"
#: How long a decider has when the training of somebody who is cleared no longer counts. Our reading.
REASSESS_WITHIN = timedelta(hours=24)
#: Levels sort as they are written, PC1 before PC2; a journey that is not rated comes last.
_CRITICALITY = case((ClearanceLine.pc_level.like("PC%"), ClearanceLine.pc_level), else_="PC9")

Told = dict[str, Any]
Lines = Sequence[ClearanceLine]


def cases_in_area(_session: Session, event: BusEvent) -> Select[str]:
    """Find the cases with somebody at a stop in the area of an event, or in one inside it."""
    return select(ClearanceLine.case_id).where(_in_area(event.area), ClearanceLine.status.not_in(CLOSED_STATUSES))


@operation("clearance.units_told", concerns=cases_in_area)
def tell_units(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Say what every unit of a request that an event concerns is told."""
    return {"told": [told for lines in _units(work, event["area"]) for told in _tell_unit(work, event, lines)]}


def first_in_line(session: Session, event: BusEvent) -> Select[str]:
    """Find the case that is first in line for a place in the area of an event; nobody, once somebody was told of it.

    The most critical journey comes first, of equally critical ones the one that was asked for first.
    """
    had = select(BusReceipt.event_id).where(BusReceipt.event_id == event.id).limit(1)
    found = (
        select(ClearanceLine.case_id)
        .join(Case, Case.id == ClearanceLine.case_id)
        .where(_in_area(event.area), ClearanceLine.status == "DEFERRED", Case.state == OPEN)
        .order_by(_CRITICALITY, Case.started_at, ClearanceLine.unit_key)
        .limit(1)
    )
    return found if session.scalars(had).first() is None else found.where(ClearanceLine.case_id.is_(None))


@operation("clearance.first_waiting_told", concerns=first_in_line)
def tell_first_waiting(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Say that a place is free, to the first unit of a request that waits for one."""
    units = _units(work, event["area"])
    keys = [lines[0].unit_key for lines in units if any(line.status == "DEFERRED" for line in lines)]
    return {"told": [{"message": "MSG_PLACE_FREED", "key": key} for key in keys[:1]]}


def cases_of_person(_session: Session, event: BusEvent) -> Select[str]:
    """Find the cases in which the person of an event travels."""
    person = event.payload.get("person") or ""
    return select(ClearanceLine.case_id).where(ClearanceLine.person == person, ClearanceLine.status.not_in(CLOSED_STATUSES))


@operation("clearance.person_told", concerns=cases_of_person)
def tell_of_person(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Say what a request is told when a training or contract of one of its travellers has changed.

    What is being repaired is checked again. A stop that was granted is assessed again where the change takes away what it was
    granted on, and by a person: the tables of a stop do not ask for trainings and contracts.
    """
    payload = event["payload"]
    message = "MSG_CONTRACT_UPDATED" if event["kind"] == "MSG_CONTRACT_UPDATED" else "MSG_TRAINING_RECORDED"
    told: list[Told] = [{"message": message, "payload": payload}]
    lines = [line for line in clearances.lines_of_case(work.session, work.case.id) if line.person == payload.get("person")]
    deadline = (work.now + REASSESS_WITHIN).isoformat()
    for line in lines:
        if line.status in GRANTED_STATUSES and _takes_away(event, line):
            hold = line.status != "IN_AREA"  # nobody is made illegal where they are already
            again = {"stop": line.stop_key, "deadline": deadline, "reason": event["kind"], "hold": hold, "by_hand": True}
            told.append({"message": "MSG_REASSESS", "payload": again})
    return {"told": told}


def _takes_away(event: dict[str, Any], line: ClearanceLine) -> bool:
    if event["kind"] != "MSG_CONTRACT_UPDATED":
        return bool(event["kind"] == "MSG_TRAINING_REVOKED")
    ends_at = find_moment(event["payload"].get("to"))
    return ends_at is not None and ends_at < line.depart_at


def _in_area(area: str | None) -> Any:
    return ClearanceLine.area.in_(select(AreaWithin.area).where(AreaWithin.ancestor == area))


def _units(work: Work, area: str | None) -> list[list[ClearanceLine]]:
    """Return the lines of the case at stops in an area, unit by unit."""
    found = select(ClearanceLine).where(
        ClearanceLine.case_id == work.case.id, _in_area(area), ClearanceLine.status.not_in(CLOSED_STATUSES)
    )
    rows = work.session.scalars(found.order_by(ClearanceLine.unit_key, ClearanceLine.person)).all()
    keys = [key for key, _ in groupby(rows, key=lambda line: line.unit_key)]
    return [list(clearances.lines_of_unit(work.session, work.case.id, key)) for key in keys]


def _tell_unit(work: Work, event: dict[str, Any], lines: Lines) -> Iterator[Told]:
    action, deadline_h = _ask_table(work, event, lines)
    action = _narrowed(work, event, action)
    if action == "HEADCOUNT":
        work.tell_bus(HEADCOUNT, lines[0].area, {"persons": [line.person for line in lines], "reason": EVENTS[event["kind"]]})
    told = _follows(work, event, lines, action, work.now + timedelta(hours=deadline_h))
    if told is not None:
        yield told


def _narrowed(work: Work, event: dict[str, Any], action: str) -> str:
    """Spare a request of which an evacuation calls nobody away; one of which it calls some is stopped as a whole."""
    travelling = {line.person for line in clearances.lines_of_case(work.session, work.case.id)}
    return action if who_leaves(work.session, event["payload"], travelling) else NOTHING


def _ask_table(work: Work, event: dict[str, Any], lines: Lines) -> tuple[str, float]:
    """Ask the table, of the version of the case, what the event means for a unit."""
    model = definitions.get_package(work.session, work.version_id).decisions.get(TABLE)
    name = EVENTS.get(event["kind"])
    if model is None or name is None:
        return NOTHING, 0
    phase = clearances.phase_of(lines, work.now)
    state = areas.get_state(work.session, lines[0].area, work.now)
    asked = {
        "event": name,
        # A held unit waits for the lifting only; for every other event it is pending like the rest.
        "phase": "PENDING" if phase == "HELD" and name != "LIFTED" else phase,
        "new_level": event["payload"].get("new", state.security_level),
        "new_mode": event["payload"].get("mode", state.clearance_mode),
    }
    value = model.decide(TABLE, asked, now=work.now).value or {}
    return str(value.get("action", NOTHING)), float(value.get("deadline_h") or 0)


def _text(work: Work, code: str) -> str:
    """Name a text of the version of the case: an older one has not every text, and says the same in fewer words."""
    return code if code in definitions.get_package(work.session, work.version_id).messages else OLDER_TEXTS[code]


def _follows(work: Work, event: dict[str, Any], lines: Lines, action: str, deadline: datetime) -> Told | None:
    """Say which message follows from an action."""
    line, reason = lines[0], str(event["payload"].get("reason") or event["kind"])
    about = {"event": EVENTS[event["kind"]], "area": line.area, "stop": line.unit_key, "deadline": deadline.isoformat()}
    told = {**about, "date": f"{work.now:%Y-%m-%d}", "persons": [each.person for each in lines], "action": action}
    again = {"stop": line.stop_key, "deadline": deadline.isoformat(), "reason": reason}
    hold = {"message": "MSG_REASSESS", "payload": {**again, "hold": True}}
    cleared = clearances.phase_of(lines, work.now) == "CLEARED_NOT_DEPARTED"
    stop_all = {"message": "MSG_STOP_ALL", "payload": {**about, "reason": reason, "divert": action == "REVOKE_DIVERT"}}
    by_action: dict[str, Told] = {
        "NOTIFY": {"message": "MSG_AREA_NOTICE", "payload": {"code": _text(work, "N-TSC-24"), **told}},
        "REACK_ADVISORY": {"message": "MSG_AREA_NOTICE", "payload": {"code": "N-TSC-13", **told}},
        "CONTACT_TRAVELLER": {"message": "MSG_AREA_NOTICE", "payload": {"code": _text(work, "N-TSC-25"), **told}},
        "REROUTE": {"message": "MSG_STOP_REROUTE", "key": line.unit_key, "payload": {"reason": reason}},
        "RESUME": {"message": "MSG_AREA_LIFTED", "key": line.unit_key},
        "REASSESS": {"message": "MSG_REASSESS", "payload": {**again, "hold": False}},
        "HOLD_AND_REASSESS": hold,
        "HOLD": hold if cleared else {"message": "MSG_STOP_HOLD", "key": line.unit_key, "payload": {"reason": reason}},
        "STOP_PENDING": stop_all,
        "REVOKE": stop_all,
        "REVOKE_DIVERT": stop_all,
    }
    return by_action.get(action)
