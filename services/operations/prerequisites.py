"""The facts behind the prerequisite check, per person and unit, and those that the organisation's endorsement rests on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from services.models.areas import Lodging
from services.models.clearances import ClearanceLine
from services.models.organisations import Organisation
from services.models.people import Dependant, Person
from services.operations.catalogue import operation
from services.operations.endorsing import forget_endorsements
from services.operations.moments import hours_until, read_moment
from services.operations.opening import is_head
from services.operations.planning import rate_unit
from services.operations.work import Work
from services.registers import activities, areas, clearances
from services.registers.travellers import (
    dependants_by_person,
    find_organisation,
    people_by_code,
    state_of_training,
    status_of_operator,
    trainings_by_person,
    type_of,
)

#: From this level on the traveller names somebody on site.
LOCAL_CONTACT_LEVEL = 3
FLYING = ("AIR",)
#: Where only activities that are critical enough are carried out.
DANGEROUS_RISKS = ("HIGH", "VERY_HIGH", "UNACCEPTABLE")


class Known:
    """What registers say about the persons of a case, and what they said about themselves; read once."""

    def __init__(
        self, work: Work, lines: list[ClearanceLine], *, advisory_ack: list[Any], reachable: bool, flight_approved: bool
    ) -> None:
        """Read persons, dependants, trainings and other journeys."""
        codes = list(dict.fromkeys(line.person for line in lines))
        self.people = people_by_code(work.session, codes)
        self.dependants = dependants_by_person(work.session, codes)
        self.basic = trainings_by_person(work.session, codes, "BSAFE")
        self.advanced = trainings_by_person(work.session, codes, "SSAFE")
        first = min((line.arrive_at for line in lines), default=work.now)
        self.elsewhere = clearances.stays_elsewhere(work.session, codes, case_id=work.case.id, since=first)
        self.advisory_ack = {_written(row) for row in advisory_ack}
        self.reachable = reachable
        self.flight_approved = flight_approved


@operation("clearance.prerequisites")
def prerequisites(
    work: Work,
    *,
    stops_to_decide: list[dict[str, Any]],
    requirements: list[dict[str, Any]] | None,
    waivers: list[Any] | None,
    family_exception: str | None,
    advisory_ack: list[Any] | None,
    mobile: str | None,
    emergency_phone: str | None,
    flight_decision: str | None,
    travel_kind: str | None,
    activity_ref: str | None = None,
    pc_level: str | None = None,
) -> dict[str, Any]:
    """Compute what each traveller still lacks for each unit, what the endorsement rests on, and which flights are in question.

    The register says how critical the trip is; only older versions of the process bring what the traveller said (`pc_level`).
    """
    units = [(unit, clearances.lines_of_unit(work.session, work.case.id, unit["key"])) for unit in stops_to_decide]
    known = Known(
        work,
        [line for _, lines in units for line in lines],
        advisory_ack=advisory_ack or [],
        reachable=bool(mobile and emergency_phone),
        flight_approved=flight_decision == "APPROVE",
    )
    return {
        "prereq_facts": [_facts(work, unit, line, known) for unit, lines in units for line in lines],
        "endorse_facts": {
            **_endorse_facts(work, stops_to_decide, known, travel_kind=travel_kind),
            **_criticality(work, stops_to_decide, activity_ref, said=pc_level),
        },
        "flight": _flight(work, [line for _, lines in units for line in lines]),
        **forget_endorsements(work),
    }


def _facts(work: Work, unit: Mapping[str, Any], line: ClearanceLine, known: Known) -> dict[str, Any]:
    person, dependant = known.people[line.person], known.dependants.get(line.person)
    there = areas.facts_for_stay(work.session, line.area, arrive_at=line.arrive_at, now=work.now)
    arrive_on, depart_on = line.arrive_at.date(), line.depart_at.date()
    met = there.level < LOCAL_CONTACT_LEVEL or bool(line.facts.get("contact_name") and line.facts.get("contact_phone"))
    return {
        "person": line.person,
        "stop": unit["key"],
        "area": line.area,
        "person_type": type_of(person, dependant, arrive_on),
        "bsafe_ok": state_of_training(known.basic.get(line.person), arrive_on=arrive_on, depart_on=depart_on) == "VALID",
        "area_requires_ssafe": there.requires_ssafe,
        "ssafe_state": state_of_training(known.advanced.get(line.person), arrive_on=arrive_on, depart_on=depart_on),
        "contact_ok": known.reachable and met,
        "advisory_ack": _is_acknowledged(work, line.area, known.advisory_ack),
        "overlap": clearances.is_overlapped(
            known.elsewhere.get(line.person, ()), arrive_at=line.arrive_at, depart_at=line.depart_at
        ),
        "operator_status": _operator_status(work, line),
        "accom_required": there.accom_required,
        "accom_cleared": _is_lodging_cleared(work, line),
        "family_restricted": there.family_restricted,
        "flight_over_cap": not known.flight_approved and _is_over_cap(work, line),
        "contract_covers": person.contract_to is None or (person.contract_to - depart_on).days >= 1,
        "accompanied": _is_accompanied(dependant, known),
        "sponsor_ok": person.contract_type != "VISITOR" or person.supervisor is not None,
        "lead_days": int(hours_until(read_moment(unit["from_at"]), work.now) // 24),
        "area_mode": there.mode,
    }


def _written(row: Any) -> str:
    """Write what was read as its form does, area and version; older versions of the process bring both by name."""
    return f"{row.get('area')} {row.get('version')}" if isinstance(row, dict) else str(row)


def _is_acknowledged(work: Work, area: str, acknowledged: Collection[str]) -> bool:
    """Say whether the version of the advisory that is in force was read; an area without one asks for nothing."""
    advisory = areas.find_advisory(work.session, area, work.now)
    if advisory is None:
        return True
    return f"{area} {advisory.version}" in acknowledged


def _operator_status(work: Work, line: ClearanceLine) -> str:
    if line.facts.get("transport_mode") not in FLYING:
        return "APPROVED"
    return status_of_operator(
        work.session, line.operator, organisation=line.organisation, case_number=work.case.number, on=line.arrive_at.date()
    )


def _is_lodging_cleared(work: Work, line: ClearanceLine) -> bool:
    reference = line.facts.get("lodging_ref")
    lodging = work.session.get(Lodging, reference) if reference else None
    return lodging is not None and lodging.area == line.area and lodging.cleared_to >= line.arrive_at.date()


def _is_over_cap(work: Work, line: ClearanceLine) -> bool:
    if not line.operator or not line.flight_number or line.facts.get("transport_mode") not in FLYING:
        return False
    return _count_aboard(work, line) > work.session.get_one(Organisation, line.organisation).flight_cap


def _count_aboard(work: Work, line: ClearanceLine) -> int:
    return clearances.count_on_flight(
        work.session,
        operator=line.operator or "",
        flight=line.flight_number or "",
        arrive_at=line.arrive_at,
        organisation=line.organisation,
    )


def _is_accompanied(dependant: Dependant | None, known: Known) -> bool:
    """A dependant is accompanied when somebody grown up and no dependant travels along."""
    return dependant is None or any(code not in known.dependants for code in known.people)


def _endorse_facts(work: Work, units: list[dict[str, Any]], known: Known, *, travel_kind: str | None) -> dict[str, Any]:
    risks = [_risk(work, unit["area"], read_moment(unit["arrive_at"])) for unit in units]
    people: list[Person] = list(known.people.values())
    organisation = find_organisation(work.session, work.case.organisation)
    supervised = any(person.supervisor for person in people)
    return {
        "travel_kind": travel_kind,
        "residual_risk": max(risks, key=areas.RISKS.index, default="LOW"),
        "is_head_of_org": is_head(work, people, {unit["area"] for unit in units}),
        "org_supervisor_step": organisation is not None and organisation.supervisor_step and supervised,
    }


def _criticality(work: Work, units: list[dict[str, Any]], code: str | None, *, said: str | None) -> dict[str, Any]:
    """Say how critical the trip is where the risk asks for it: at the worst of the dangerous stops, else of all."""
    if said is not None:
        return {"pc_level": said, "activity": None, "misfit": None}
    dangerous = [unit for unit in units if _risk(work, unit["area"], read_moment(unit["arrive_at"])) in DANGEROUS_RISKS]
    rated = [rate_unit(work, unit, code) for unit in dangerous or units]
    return {
        "pc_level": activities.worst_of([each.level for each in rated]),
        "activity": next((each.said for each in rated), None),
        "misfit": next((each.misfit for each in rated if each.misfit), None),
    }


def _risk(work: Work, area: str, arrive_at: datetime) -> str:
    return areas.facts_for_stay(work.session, area, arrive_at=arrive_at, now=work.now).risk


def _flight(work: Work, lines: list[ClearanceLine]) -> dict[str, Any]:
    """Say which operators need a look, and the fullest flight against the organisation's cap."""
    unlisted = dict.fromkeys(line.operator for line in lines if line.operator and _operator_status(work, line) == "NOT_LISTED")
    full = max(
        (line for line in lines if line.operator and line.flight_number), key=lambda line: _count_aboard(work, line), default=None
    )
    organisation = find_organisation(work.session, work.case.organisation)
    return {
        "operators": list(unlisted),
        "number": full.flight_number if full else None,
        "count": _count_aboard(work, full) if full else 0,
        "cap": organisation.flight_cap if organisation else 0,
    }
