"""Those who are sent to support a Security Management Team: their travel requests, their arrivals, and whoever does not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services import definitions, drafts, notices, people
from services.errors import NotPublished
from services.models.base import new_id
from services.models.bus import BusEvent
from services.models.cases import OPEN, Case
from services.models.clearances import ClearanceLine
from services.models.support import Deployment, DeploymentMember
from services.operations.catalogue import operation
from services.operations.moments import read_moment, write_moment
from services.operations.surges import ARRIVED, DECIDED
from services.operations.work import Work
from services.people import Actor
from services.registers import deployments

#: What is told of an arrival that a request for support waits for, and to the case.
ARRIVAL, HEARD = "SUPPORT_ARRIVED", "MSG_SUPPORT_ARRIVED"
TRAVEL, PREPARED, CALLED_OFF, LONGEST_PURPOSE = "travel_clearance", "N-SUP-10", "N-SUP-03", 500


@operation("surge.approve")
def approve(work: Work, *, area: str, released: list[dict[str, Any]]) -> dict[str, Any]:
    """Write who is sent, and prepare a travel request for each: a draft of their own, because only they can complete it."""
    row = deployments.get_deployment(work.session, work.case.number)
    if row.approved_at is None:
        row.approved_at = work.now
        work.count(DECIDED, area=area, kind=row.kind, outcome="APPROVED")
    for one in released:
        member = _member(work, row, one)
        if member.arrived_at is None:
            _prepare_request(work, row, member)
    work.set_status("ON_THE_WAY")
    return {**_said(work, row), "released": [], "approved_before": True}


@operation("surge.call_off")
def call_off(work: Work, *, persons: list[str] | None) -> dict[str, Any]:
    """Note who does not come; whoever has arrived stays."""
    row = deployments.get_deployment(work.session, work.case.number)
    for member in deployments.members_of(work.session, row.number):
        if member.person in (persons or ()) and member.arrived_at is None:
            _withdraw(work, row, member)
    return _said(work, row)


@operation("surge.cancel")
def cancel(work: Work) -> dict[str, Any]:
    """Call everybody off who is not there yet; the request is cancelled when nobody is there at all."""
    row = deployments.get_deployment(work.session, work.case.number)
    waiting = [one for one in deployments.members_of(work.session, row.number) if one.arrived_at is None]
    for member in waiting:
        _withdraw(work, row, member)
    is_cancelled = row.arrived_at is None
    if is_cancelled:
        row.cancelled_at = work.now
        work.set_status("CANCELLED")
    else:
        work.set_status("REPORT")
    return {**_said(work, row), "cancelled": is_cancelled}


@operation("surge.arrived")
def note_arrival(work: Work, *, arrival: dict[str, Any]) -> dict[str, Any]:
    """Write an arrival into the register; the first one stops the clock. Said a second time it changes nothing."""
    row = deployments.get_deployment(work.session, work.case.number)
    members = {one.person: one for one in deployments.members_of(work.session, row.number)}
    member = members.get(arrival["person"])
    if member is not None and member.arrived_at is None:
        at = read_moment(arrival["at"])
        member.arrived_at = max(at, member.approved_at)
        member.travel_request = arrival["request"]
        if row.arrived_at is None or member.arrived_at < row.arrived_at:
            row.arrived_at = member.arrived_at
        work.count(ARRIVED, area=row.area, kind=row.kind, in_time=deployments.is_in_time(row))
    return _said(work, row)


def cases_expecting(_session: Session, event: BusEvent) -> Select[str]:
    """Find the open request for support that an arrival is about."""
    return select(Case.id).where(Case.number == event.payload.get("number"), Case.state == OPEN)


@operation("surge.arrival_told", concerns=cases_expecting)
def tell_arrival(work: Work, *, event: dict[str, Any]) -> dict[str, Any]:
    """Say that an arrival is told to the request that waits for it."""
    said = event["payload"]
    payload = {"person": said["person"], "at": said["at"], "request": said["request"]}
    return {"told": [{"message": HEARD, "key": work.case.number, "payload": payload}]}


@operation("surge.await_report")
def await_report(work: Work) -> dict[str, Any]:
    """Say that only the report is missing."""
    work.set_status("REPORT")
    return {}


def announce_arrival(work: Work, line: ClearanceLine, at: datetime) -> None:
    """Put an arrival onto the bus for each request for support in which the traveller is expected there."""
    for number in deployments.expecting(work.session, line.person, line.area):
        said = {"number": number, "person": line.person, "at": write_moment(at), "request": work.case.number}
        work.tell_bus(ARRIVAL, line.area, said)


def _member(work: Work, row: Deployment, one: dict[str, Any]) -> DeploymentMember:
    """Add somebody who is sent, or take back that they do not come."""
    known = select(DeploymentMember).where(DeploymentMember.deployment == row.number, DeploymentMember.person == one["person"])
    member = work.session.scalars(known).one_or_none()
    if member is None:
        member = DeploymentMember(id=new_id(), deployment=row.number, case_id=work.case.id, person=one["person"])
        work.session.add(member)
    elif member.withdrawn_at is None:
        return member
    member.released_by, member.approved_at, member.withdrawn_at = one["by"], work.now, None
    return member


def _withdraw(work: Work, row: Deployment, member: DeploymentMember) -> None:
    """Note that somebody does not go, and tell them; a travel request of theirs is theirs to withdraw."""
    member.withdrawn_at = work.now
    work.notify(CALLED_OFF, [member.person], facts={"no": row.number, "area": row.area}, area=row.area)


def _prepare_request(work: Work, row: Deployment, member: DeploymentMember) -> None:
    """Begin a travel request for somebody who is sent, and tell them where it is; what it declares only they can say."""
    answers = {
        "travel_kind": "OFFICIAL",
        "purpose_code": "SURGE",
        "purpose_text": row.need[:LONGEST_PURPOSE],
        "stops": [{"stop_type": "DESTINATION", "area": row.area}],
    }
    try:
        definitions.current_version(work.session, TRAVEL)
    except NotPublished:
        return
    actor = Actor(person=member.person, account="", name="")
    draft = drafts.create_draft(work.session, TRAVEL, actor=actor, now=work.now, answers=answers)
    notices.tell(
        work.session,
        [member.person],
        PREPARED,
        source=f"{PREPARED}|{draft.id}",
        now=work.now,
        variables={"no": row.number, "area": row.area, "need": row.need, "target": write_moment(deployments.target_of(row))},
        address=f"/requests/{draft.id}/1",
    )


def _complete(row: Deployment, members: Sequence[DeploymentMember]) -> bool:
    """Write since when everybody who is still sent is there, and say whether they are."""
    arrivals = [one.arrived_at for one in members if one.arrived_at is not None]
    is_complete = bool(members) and len(arrivals) == len(members)
    row.complete_at = max(arrivals) if is_complete else None
    return is_complete


def _said(work: Work, row: Deployment) -> dict[str, Any]:
    """Say who is sent and who of them is missing, for the cards and forms of the case."""
    members = deployments.members_of(work.session, row.number)
    names = people.names_of(work.session, [one.person for one in members])
    sent = [
        {
            "person": one.person,
            "name": names[one.person],
            "arrived": write_moment(one.arrived_at) if one.arrived_at else None,
            "request": one.travel_request,
        }
        for one in members
    ]
    return {
        "sent": sent,
        "missing": [{"value": one["person"], "label": one["name"]} for one in sent if one["arrived"] is None],
        "all_there": _complete(row, members),
    }
