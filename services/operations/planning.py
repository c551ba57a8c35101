"""Planning the decisions: what is only registered, and which units of persons and stops have to be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_lowercase
from typing import Any

from services import certificates
from services.models.areas import Area
from services.models.base import new_id
from services.models.clearances import ClearanceLine, Movement
from services.operations import issuing
from services.operations.catalogue import operation
from services.operations.moments import read_moment, write_moment
from services.operations.normalising import first_uncovered
from services.operations.revoking import list_cleared
from services.operations.stops import Stop, say_journey, set_status
from services.operations.work import Work
from services.registers import activities, areas, clearances
from services.registers.travellers import dependants_by_person, people_by_code

REGISTERED_ONLY = ("REGISTER_ONLY", "BY_DO")
DECIDED = ("MANDATORY", "EXPEDITED")
#: A reconsidered stop goes to the Designated Official in person.
RECONSIDERED_TIER = 4
LOWEST_TIER = 1
DANGEROUS_LEVEL = 5


@operation("clearance.register_movement")
def register_movement(work: Work, *, requirements: list[dict[str, Any]]) -> dict[str, Any]:
    """Register the stops that nobody decides, with a warning where it is dangerous."""
    found = [row for row in requirements if row["requirement"] in REGISTERED_ONLY and row.get("is_open", True)]
    codes = list(dict.fromkeys(row["area"] for row in found))
    for row in found:
        lines = [
            line for line in clearances.lines_of_stop(work.session, work.case.id, row["stop"]) if line.status != "NOT_COVERED"
        ]
        for line in lines:
            line.requirement = row["requirement"]
            if line.status in clearances.OPEN_STATUSES:
                work.session.add(_planned(work, line))
        set_status(work, (line for line in lines if line.status in clearances.OPEN_STATUSES), "REGISTERED")
    if found and len(found) == len(requirements):
        work.set_status("REGISTERED")
    first = work.session.get(Area, codes[0]) if codes else None
    warnings = [_warning(work, row["area"], row["stop"]) for row in found]
    return {
        "registered": {
            "stops": [row["stop"] for row in found],
            "area": areas.name_of(first) if first else "",
            "areas": codes,
            "warning": " ".join(dict.fromkeys(text for text in warnings if text)),
        }
    }


def _planned(work: Work, line: ClearanceLine) -> Movement:
    return Movement(
        id=new_id(),
        case_id=work.case.id,
        stop_key=line.stop_key,
        person=line.person,
        area=line.area,
        kind="PLANNED",
        at=line.arrive_at,
        place=line.place,
        recorded_at=work.now,
        recorded_by=work.actor.person,
    )


def _warning(work: Work, area: str, stop: str) -> str:
    lines = clearances.lines_of_stop(work.session, work.case.id, stop)
    arrive_at = lines[0].arrive_at if lines else work.now
    there = areas.facts_for_stay(work.session, area, arrive_at=arrive_at, now=work.now)
    name = areas.name_of(areas.get_area(work.session, area))
    if there.status == "EVACUATED":
        return f"{name} is evacuated: do not go there."
    if there.status == "SUSPENDED":
        return f"Travel to {name} is suspended: put your journey off."
    if there.level >= DANGEROUS_LEVEL:
        return f"{name} has security level {there.level}: reconsider your journey."
    return ""


@operation("clearance.plan")
def plan(
    work: Work,
    *,
    requirements: list[dict[str, Any]],
    reconsider: list[str] | None,
    purpose_text: str | None,
    travel_kind: str | None,
    activity_ref: str | None = None,
    pc_level: str | None = None,
    again: str | None = None,
) -> dict[str, Any]:
    """Make the units that have to be decided: normally one per open stop, a further one for persons on another tier.

    The register says how critical the trip is; only older versions of the process bring what the traveller said (`pc_level`).
    """
    wanted = set(reconsider or [])
    units: list[dict[str, Any]] = []
    for row in requirements:
        lines = _plannable(work, row, wanted)
        if wanted and lines:
            _put_back(work, lines)
        if lines:
            said = {"activity_ref": activity_ref, "pc_level": pc_level, "purpose": purpose_text, "again": again}
            said["travel_kind"] = travel_kind or lines[0].travel_kind
            units += _units(work, row, lines, least_tier=RECONSIDERED_TIER if wanted else 0, said=said)
    if units:
        work.set_status("IN_DECISION")
    needed = any(row["requirement"] in DECIDED for row in requirements)
    return {"stops_to_decide": sorted(units, key=lambda unit: unit["arrive_at"]), "needs_certificate": needed}


def _plannable(work: Work, row: dict[str, Any], reconsider: set[str]) -> list[ClearanceLine]:
    lines = [line for line in clearances.lines_of_stop(work.session, work.case.id, row["stop"]) if line.status != "NOT_COVERED"]
    for line in lines:
        line.requirement = row["requirement"]
    if row["requirement"] not in DECIDED:
        return []
    if reconsider:
        asked = row["stop"] in reconsider
        return [line for line in lines if asked and line.status in {"DENIED", "REFUSED", "REVOKED"} and not line.reconsidered]
    return [line for line in lines if line.status in clearances.OPEN_STATUSES]


def _put_back(work: Work, lines: Sequence[ClearanceLine]) -> None:
    for line in lines:
        line.reconsidered = True
    set_status(work, lines, "PENDING")


def _units(
    work: Work, row: dict[str, Any], lines: Sequence[ClearanceLine], *, least_tier: int, said: dict[str, Any]
) -> list[dict[str, Any]]:
    """Part the lines of a stop: protected persons and restricted dependants may go to another tier than the rest."""
    parts: dict[tuple[bool, bool], list[ClearanceLine]] = {}
    codes = [line.person for line in lines]
    people, dependants = people_by_code(work.session, codes), dependants_by_person(work.session, codes)
    there = areas.facts_for_stay(work.session, lines[0].area, arrive_at=lines[0].arrive_at, now=work.now)
    for line in lines:
        part = (there.family_restricted and line.person in dependants, people[line.person].protected)
        parts.setdefault(part, []).append(line)
    units = []
    for number, part in enumerate(sorted(parts)):
        key = row["stop"] + (ascii_lowercase[number] if number else "")
        for line in parts[part]:
            line.unit_key = key
        units.append(make_unit(work, parts[part], least_tier=least_tier, said=said))
    return units


def make_unit(work: Work, lines: Sequence[ClearanceLine], *, least_tier: int, said: dict[str, Any]) -> dict[str, Any]:
    """Describe lines that are decided together, as the process of a stop gets them."""
    first = lines[0]
    stop: Stop = {"arrive_at": write_moment(first.arrive_at), "extends": first.extends}
    area_name = areas.name_of(areas.get_area(work.session, first.area))
    people = people_by_code(work.session, [line.person for line in lines])
    place = {"area": first.area, "arrive_at": stop["arrive_at"], "depart_at": write_moment(first.depart_at)}
    rated = rate_unit(work, place, said.get("activity_ref"))
    pc_level = said.get("pc_level") or rated.level
    for line in lines:
        line.pc_level = pc_level
    return {
        "title": say_journey([person.name for person in people.values()], [area_name], first.arrive_at, first.depart_at),
        "key": first.unit_key,
        "stop": first.stop_key,
        "no": first.stop_no,
        **place,
        "area_name": area_name,
        "place": first.place,
        "from_at": write_moment(first_uncovered(work, stop)),
        "persons": [line.person for line in lines],
        "person_count": len(lines),
        "travel_kind": said.get("travel_kind") or first.travel_kind,
        "requirement": first.requirement,
        "min_tier": least_tier,
        "extends": first.extends,
        "organisation": first.organisation,
        "pc_level": pc_level,
        "activity": rated.said,
        "purpose": said.get("purpose"),
        "again": said.get("again"),
        "decide_by": said.get("decide_by"),
    }


def rate_unit(work: Work, unit: Mapping[str, Any], activity: str | None) -> activities.Criticality:
    """Say how critical an activity is for a unit that is decided together."""
    return activities.rate(
        work.session,
        activity,
        organisation=work.case.organisation,
        area=str(unit["area"]),
        arrive_at=read_moment(unit["arrive_at"]),
        depart_at=read_moment(unit["depart_at"]),
        now=work.now,
    )


@operation("clearance.reopen")
def reopen(
    work: Work,
    *,
    reassess: dict[str, Any],
    activity_ref: str | None = None,
    pc_level: str | None = None,
    purpose_text: str | None = None,
) -> dict[str, Any]:
    """Put a cleared stop back for a new decision; its places stay taken meanwhile.

    What was taken away from a person is looked at by a person: then no rule grants the stop again by itself. On hold, the
    certificate does not count meanwhile.
    """
    certificate = certificates.find_current(work.session, work.case.id)
    if reassess.get("hold") and certificate is not None:
        certificates.suspend(certificate, str(reassess.get("reason") or issuing.HELD))
    lines = clearances.lines_of_stop(work.session, work.case.id, str(reassess["stop"]))
    if not lines:
        lines = clearances.lines_of_unit(work.session, work.case.id, str(reassess["stop"]))
    lines = [line for line in lines if line.status not in {"NOT_COVERED", "RELEASED", "REVOKED"}]
    set_status(work, lines, "PENDING")
    said = {"activity_ref": activity_ref, "pc_level": pc_level, "purpose": purpose_text}
    said["again"] = reassess.get("text") or reassess.get("reason")
    said["decide_by"] = reassess.get("deadline")
    least_tier = LOWEST_TIER if reassess.get("by_hand") else 0
    unit = make_unit(work, lines, least_tier=least_tier, said=said) if lines else None
    return {"unit": unit, "stop": unit, "cleared": list_cleared(work)}
