"""The schedule of residential measures of an area: drafted, consulted on, put to those who decide, published, ended."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services import authority
from services.models.areas import AreaWithin
from services.models.cases import OPEN, Case
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.residences import Schedule
from services.operations.catalogue import operation
from services.operations.clocks import deadlines
from services.operations.moments import read_moment, write_moment
from services.operations.residences_measures import as_variable, cents, number_measures, write_lines
from services.operations.teams import describe_team
from services.operations.work import Work
from services.registers import areas, schedules

#: A case in one of these is still being prepared; a second one for the same area would only be in its way.
PREPARING = ("DRAFT", "IN_CONSULTATION", "WITH_SMT", "WITH_DO", "WITH_DESK", "WITH_DIRECTOR", "WITH_USG", "RETURNED")
MOST_ROUNDS = 5
YEAR = timedelta(days=365)
#: A schedule may outlive the assessment that it rests on by so much.
AFTER_ASSESSMENT = timedelta(days=30)
DAY = timedelta(days=1)


@operation("residential.open")
def open_draft(work: Work, *, area: str, trigger: str | None, reason: str | None) -> dict[str, Any]:
    """Begin a new version for an area, with the measures of the last one as its base."""
    other = _drafted_elsewhere(work, area)
    there = areas.get_area(work.session, area)
    work.case.subject = f"Residential measures: {areas.name_of(there)}"
    work.set_status("DRAFT" if other is None else "JOINED")
    last = schedules.find_latest(work.session, area)
    begins = max(last.valid_to + DAY, work.now.date()) if last is not None else work.now.date() + DAY
    state = areas.find_state(work.session, area, work.now)
    assessed_to = state.assessment_valid_to if state is not None else None
    ends = begins + YEAR - DAY
    if assessed_to is not None and begins <= assessed_to + AFTER_ASSESSMENT:
        ends = min(ends, assessed_to + AFTER_ASSESSMENT)
    return {
        "drafting": other,
        "trigger": trigger or "NEW",
        "reason": reason,
        "area_name": areas.name_of(there),
        "headquarters": there.location_class == "HQ",
        "location_class": there.location_class,
        "area_risk": state.residual_risk if state is not None else None,
        "assessment": state.assessment if state is not None else None,
        "assessment_to": _text(assessed_to),
        "valid_from": begins.isoformat(),
        "valid_to": ends.isoformat(),
        "measures": [] if last is None else [as_variable(line) for line in schedules.lines_of(work.session, last.number)],
        "residences": last.residence_count if last is not None else None,
        "last_total": last.yearly_total_cents / 100 if last is not None else None,
        "last_number": last.number if last is not None else None,
        "smt": None,
        "interim": None,
        "comments": [],
        "returns": 0,
        "fixing": False,
        "change_kind": None,
        "emergency": False,
        "changed": [],
        "substance": False,
    }


def _drafted_elsewhere(work: Work, area: str) -> str | None:
    query = select(Case.number).where(
        Case.process_key == work.case.process_key,
        Case.area == area,
        Case.id != work.case.id,
        Case.state == OPEN,
        Case.status.in_(PREPARING),
    )
    return work.session.scalars(query.order_by(Case.number).limit(1)).first()


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@operation("residential.submit")
def submit(
    work: Work,
    *,
    area: str,
    measures: list[dict[str, Any]],
    valid_from: str,
    valid_to: str,
    residual_residential: str | None,
    residences: float,
    yearly_total: float | None,
    comment_days: float | None,
) -> dict[str, Any]:
    """Enter what was drafted into the register, and say who is asked to comment on it until when."""
    drafter = work.actor.person
    work.party(drafter, "DRAFTER")
    numbered = number_measures(measures)
    before = _substance(work)
    begins, ends = date.fromisoformat(valid_from[:10]), date.fromisoformat(valid_to[:10])
    risk = residual_residential or areas.get_state(work.session, area, work.now).residual_risk
    schedule = _row_of_case(work, "SUBMITTED")
    if schedule is None:
        version = schedules.next_version(work.session, area)
        number = f"RSM-{area}-{begins.year}-v{version}"
        schedule = Schedule(
            number=number, area=area, version=version, status="SUBMITTED", case_id=work.case.id, submitted_at=work.now
        )
        work.session.add(schedule)
        work.count("rsm.submitted", area=area, number=number)
    schedule.residual_residential = risk
    schedule.residence_count = int(residences)
    schedule.yearly_total_cents = cents(yearly_total or 0)
    schedule.valid_from, schedule.valid_to = begins, ends
    work.session.flush()  # of two that are given the same number at the same moment one fails here, at this step
    write_lines(work, schedule.number, numbered)
    work.session.flush()
    consulted = [] if comment_days is None else _consulted(work, area)
    if comment_days is not None:
        work.set_status("IN_CONSULTATION")
    return {
        "rsm_no": schedule.number,
        "drafter": drafter,
        "measures": numbered,
        "residual_residential": risk,
        "consulted": consulted,
        "consulted_people": sorted({person for row in consulted for person in row["people"]}),
        "comment_until": _deadline(work, area, comment_days or 10)["due"],
        "smt": None,
        "fixing": False,
        "changed": [],
        "substance": before is not None and before != _substance(work),
    }


def _substance(work: Work) -> tuple[Any, ...] | None:
    """Return what an approval is about, apart from its wording; None where nothing is submitted yet."""
    schedule = _row_of_case(work, "SUBMITTED")
    if schedule is None:
        return None
    lines = schedules.lines_of(work.session, schedule.number)
    return (
        (schedule.valid_from, schedule.valid_to, schedule.residual_residential),
        (schedule.residence_count, schedule.yearly_total_cents),
        [
            (
                line.measure,
                sorted(line.residence_kinds),
                line.cost_kind,
                line.cap_cents,
                line.share_rule,
                line.includes_local,
                line.armed,
            )
            for line in lines
        ],
    )


def _row_of_case(work: Work, status: str) -> Schedule | None:
    query = select(Schedule).where(Schedule.case_id == work.case.id, Schedule.status == status)
    return work.session.scalars(query.limit(1)).first()


def _consulted(work: Work, area: str) -> list[dict[str, Any]]:
    """List the organisations with people in the area, each with the roles that can speak for it; a Designated Official cannot."""
    below = select(AreaWithin.area).where(AreaWithin.ancestor == area)
    present = (
        select(Person.organisation)
        .join(Organisation, Organisation.code == Person.organisation)
        .where(Person.duty_area.in_(below), Organisation.unsms_member)
    )
    officials = set(authority.people_in_role(work.session, role="DO", area=area, now=work.now))
    found = []
    for organisation in sorted(set(work.session.scalars(present))):
        people = {
            role: [
                person
                for person in authority.people_in_role(
                    work.session, role=role, area=area, organisation=organisation, now=work.now
                )
                if person not in officials
            ]
            for role in ("HOA", "SFP")
        }
        roles = [role for role, able in people.items() if able]
        if roles:
            codes = sorted({person for able in people.values() for person in able})
            found.append({"organisation": organisation, "roles": roles, "people": codes})
    return found


def _deadline(work: Work, area: str, days: float) -> dict[str, str]:
    answered = deadlines(work, area=area, days={"step": days}) or {}
    found: dict[str, str] = answered["deadlines"]["step"]
    return found


@operation("residential.check")
def check(
    work: Work,
    *,
    area: str,
    measures: list[dict[str, Any]],
    smt: dict[str, Any] | None,
    residences: float | None,
    yearly_total: float | None,
    last_total: float | None,
    last_number: str | None,
) -> dict[str, Any]:
    """Read what the gate before the Security Management Team asks about."""
    state = areas.find_state(work.session, area, work.now)
    until = state.assessment_valid_to if state is not None else None
    members, present = (smt or {}).get("members") or 0, (smt or {}).get("present") or 0
    known = residences is not None and residences > 0 and yearly_total is not None
    return {
        "gate_facts": {
            "srm_endorsed": state is not None and state.assessment is not None and until is not None,
            "srm_days_left": (until - work.now.date()).days if until is not None else 0,
            "all_linked_to_risk": bool(measures) and all((row.get("risk_ref") or "").strip() for row in measures),
            "smt_quorum_ok": smt is None or present * 2 > members,
            "cost_sheet_ok": known and (last_number is None or last_total is not None),
        }
    }


@operation("residential.hand_over")
def hand_over(
    work: Work, *, stage: str, days: float, area: str, role: str | None, escalate_to: str | None, last_told: str | None
) -> dict[str, Any]:
    """Say who has it now, and when they are reminded, late, and very late, in working days of the area.

    When it goes to the team of the area, also who belongs to it.
    """
    work.set_status(stage)
    clock = _deadline(work, area, days)
    every = read_moment(clock["due"]) - read_moment(clock["remind"])
    cycle = f"R{MOST_ROUNDS}/{clock['remind']}/PT{max(int(every.total_seconds() // 60), 60)}M"
    kept = {**clock, "stage": stage, "cycle": cycle, "role": role, "escalate_to": escalate_to, "last_told": last_told}
    return {"clock": kept, **({"team": describe_team(work, area)} if stage == "WITH_SMT" else {})}


@operation("residential.take_back")
def take_back(work: Work, *, reason: str | None, area: str) -> dict[str, Any]:
    """Note that the draft went back, and why."""
    work.set_status("RETURNED")
    work.count("rsm.returned", area=area, reason=reason)
    return {"returned": {"reason": reason}}


def moment_after(work: Work, area: str, day: date) -> datetime:
    """Return the moment at which a day is over in an area."""
    zone = ZoneInfo(areas.get_area(work.session, area).zone)
    return datetime.combine(day + DAY, time(), zone)


def write_day_end(work: Work, area: str, day: date) -> str:
    """Write the moment at which a day is over in an area."""
    return write_moment(moment_after(work, area, day))
