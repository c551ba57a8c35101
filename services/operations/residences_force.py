"""What comes of a schedule: an interim approval, being in force, running out, being replaced, or not being approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from services.errors import Declined
from services.models.areas import AreaWithin
from services.models.residences import Occupant, Residence, Schedule
from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.residences_measures import write_lines
from services.operations.residences_schedule import DAY, write_day_end
from services.operations.work import Work
from services.registers import schedules

#: An interim approval of the Designated Official holds so long, and who has to confirm it is reminded at these days.
INTERIM = timedelta(days=30)
REMINDERS = (timedelta(days=20), timedelta(days=28))
#: What the register calls the ways in which a case of a schedule ends.
ENDED = {"REJECTED": "REJECTED", "REFUSED": "REFUSED", "WITHDRAWN": "WITHDRAWN", "RETURNED_CLOSED": "RETURNED"}


class InterimRunning(Declined):
    """An interim approval for this area is already in force: {number}. It has to be confirmed or to lapse first."""


class NothingSubmitted(Declined):
    """No schedule of this case waits for approval."""


@operation("residential.begin_interim")
def begin_interim(work: Work, *, area: str, measures: list[dict[str, Any]], reason: str | None) -> dict[str, Any]:
    """Put the schedule in force for 30 days at once, beside the one that waits to be confirmed."""
    submitted = _submitted(work)
    running = work.session.scalars(select(Schedule).where(Schedule.area == area, Schedule.status == "INTERIM")).first()
    if running is not None:
        raise InterimRunning(number=running.number)
    today = work.now.date()
    interim = _copy(submitted, number=f"{submitted.number}-I")
    interim.status, interim.authority, interim.approved_at = "INTERIM", "DO_INTERIM", work.now
    interim.valid_from, interim.valid_to = today, today + INTERIM - DAY
    work.session.add(interim)
    work.session.flush()  # of two at the same moment one fails here, at this step
    write_lines(work, interim.number, measures)
    work.count("rsm.approved", area=area, authority="DO_INTERIM", days=(work.now - work.case.started_at).days, reason=reason)
    return {
        "interim": {
            "number": interim.number,
            "valid_from": today.isoformat(),
            "valid_to": interim.valid_to.isoformat(),
            "first_at": write_moment(work.now + REMINDERS[0]),
            "second_at": write_moment(work.now + REMINDERS[1]),
            "lapse_at": write_moment(work.now + INTERIM),
        }
    }


def _copy(schedule: Schedule, *, number: str) -> Schedule:
    return Schedule(
        number=number,
        area=schedule.area,
        version=schedule.version,
        case_id=schedule.case_id,
        residual_residential=schedule.residual_residential,
        residence_count=schedule.residence_count,
        yearly_total_cents=schedule.yearly_total_cents,
        submitted_at=schedule.submitted_at,
    )


def _submitted(work: Work) -> Schedule:
    query = select(Schedule).where(Schedule.case_id == work.case.id, Schedule.status == "SUBMITTED")
    found = work.session.scalars(query).first()
    if found is None:
        raise NothingSubmitted
    return found


def _of_case(work: Work, *statuses: str) -> Sequence[Schedule]:
    query = select(Schedule).where(Schedule.case_id == work.case.id, Schedule.status.in_(statuses))
    return work.session.scalars(query.order_by(Schedule.number)).all()


@operation("residential.lapse_interim")
def lapse_interim(work: Work, *, area: str) -> dict[str, Any]:
    """Let the interim approval lapse; what is dated inside its days stays payable."""
    for interim in _of_case(work, "INTERIM"):
        interim.status = "LAPSED"
        work.count("rsm.interim_lapsed", area=area, number=interim.number)
    return {}


@operation("residential.publish")
def publish(work: Work, *, area: str, measures: list[dict[str, Any]], authority_name: str) -> dict[str, Any]:
    """Put the new version in force; the one before ends the day before, and an interim approval with it."""
    submitted = _submitted(work)
    today = work.now.date()
    begins = max(submitted.valid_from, today)
    _end_before(work, area, begins, by=submitted.number)
    work.session.flush()  # one of an area is in force: the one before ends first
    submitted.valid_from = begins
    submitted.valid_to = max(submitted.valid_to, begins)
    submitted.status, submitted.authority, submitted.approved_at = "IN_FORCE", authority_name, work.now
    write_lines(work, submitted.number, measures)  # the Designated Official may have left some out
    work.set_status("IN_FORCE")
    work.case.outcome = "IN_FORCE"
    days = (work.now - work.case.started_at).days
    work.count("rsm.approved", area=area, authority=authority_name, days=days, number=submitted.number)
    ends = submitted.valid_to
    return {
        "outcome": "IN_FORCE",
        "published": {
            "number": submitted.number,
            "version": submitted.version,
            "valid_from": begins.isoformat(),
            "valid_to": ends.isoformat(),
            "residents": _residents(work, area, today),
            "renew_at": write_day_end(work, area, ends - schedules.RENEWAL),
            "expire_at": write_day_end(work, area, ends),
            "grace_end_at": write_day_end(work, area, ends + schedules.GRACE),
        },
    }


def _end_before(work: Work, area: str, begins: date, *, by: str) -> None:
    """End what is replaced on the day before, or on its own first day when it would otherwise never have held."""
    for old in work.session.scalars(
        select(Schedule).where(Schedule.area == area, Schedule.status.in_(("IN_FORCE", "INTERIM"))).with_for_update()
    ):
        old.status = "SUPERSEDED"
        old.superseded_by = by
        old.valid_to = max(min(old.valid_to, begins - DAY), old.valid_from)


def _residents(work: Work, area: str, on: date) -> list[str]:
    below = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    query = select(Occupant.person).join(Residence, Residence.code == Occupant.residence).where(Residence.area.in_(below))
    living = query.where(Occupant.moved_in_on <= on, or_(Occupant.moved_out_on.is_(None), Occupant.moved_out_on >= on))
    return sorted(set(work.session.scalars(living)))


@operation("residential.expire")
def expire(work: Work, *, area: str) -> dict[str, Any]:
    """Let the version run out; recurring costs stay payable for the days of grace."""
    for schedule in _of_case(work, "IN_FORCE"):
        schedule.status = "EXPIRED"
    work.set_status("EXPIRED")
    work.case.outcome = "EXPIRED"
    return {"outcome": "EXPIRED"}


@operation("residential.close")
def close(work: Work, *, status: str, reason: str | None) -> dict[str, Any]:
    """End the case without a schedule, or because a newer one holds; an interim approval that was not confirmed ends with it."""
    for schedule in _of_case(work, "SUBMITTED"):
        schedule.status = ENDED.get(status, "RETURNED")
    for interim in _of_case(work, "INTERIM"):
        interim.status = "LAPSED"
        interim.valid_to = max(min(interim.valid_to, work.now.date()), interim.valid_from)
    if status == "RETURNED_CLOSED":
        work.count("rsm.returned", area=work.case.area, reason="no activity")
    work.set_status(status)
    work.case.outcome = status
    return {"outcome": status, "close_reason": reason}


@operation("residential.renewals_due")
def renewals_due(work: Work) -> dict[str, Any]:
    """List the schedules that run out within 60 days, so that a renewal is opened for each."""
    due = schedules.list_expiring(work.session, work.now.date())
    rows = [{"area": one.area, "number": one.number, "valid_to": one.valid_to.isoformat()} for one in due]
    return {"due": rows}
