"""Normalising a request: numbered stops, one register line per covered person and stop, and the facts that D1.1 asks for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.models.clearances import GRANTED_STATUSES
from services.models.people import Person
from services.operations.catalogue import operation
from services.operations.moments import hours_until, not_before_least, read_moment, write_moment
from services.operations.opening import traveller_codes as codes_of
from services.operations.stops import Stop, number_stops, set_status, with_statuses, write_lines
from services.operations.work import Work
from services.registers import areas, clearances, deployments
from services.registers.phones import TRIP_PHONE, phone_for
from services.registers.travellers import dependants_by_person, is_covered, people_by_code

DAY = timedelta(hours=24)
CONDITIONS_BEFORE = timedelta(hours=12)
#: An endorsement has two days, or four hours when people arrive within two days.
ENDORSE_HOURS, ENDORSE_HOURS_EMERGENCY = 48, 4
EMERGENCY = timedelta(hours=48)


@operation("clearance.normalise")
def normalise(
    work: Work,
    *,
    stops: list[Stop],
    round: int | None,  # noqa: A002  the name that the diagram uses
    travellers: list[Any] | None,
    traveller_codes: list[str] | None,
    travel_kind: str,
    advisory_ack: list[Any] | None,
    mobile: str | None = None,
) -> dict[str, Any]:
    """Number the stops, enter them into the register and compute the facts from which the requirement of each follows."""
    codes = traveller_codes or codes_of(travellers) or [work.case.requester]
    people = people_by_code(work.session, codes)
    numbered = [_frozen_advisory(work, stop) for stop in number_stops(work, stops)]
    covered, dropped = _split_covered(work, [people[code] for code in codes if code in people], numbered)
    _drop_lines(work, dropped if covered else [])
    for stop in numbered:
        write_lines(work, stop, covered, travel_kind=travel_kind)
    deployments.tie_request(
        work.session, work.case.number, persons=[one.code for one in covered], areas=[stop["area"] for stop in numbered]
    )
    _note_phone(work, phone_for([person.code for person in covered], work.case.requester), mobile)
    shown = with_statuses(work, numbered)
    first = people.get(codes[0]) if codes else None
    return {
        "stops": shown,
        "stop_facts": [_facts(work, stop, shown, first, covered=bool(covered), travel_kind=travel_kind) for stop in shown],
        "dropped": [person.code for person in dropped] if covered else [],
        "traveller_codes": [person.code for person in covered] if covered else codes,
        "clocks": _clocks(work, shown),
        "round": (round or 0) + 1,
    }


def _frozen_advisory(work: Work, stop: Stop) -> Stop:
    """Keep which version of the advisory counted when the request was made."""
    if stop.get("advisory") is None:
        advisory = areas.find_advisory(work.session, stop["area"], work.now)
        stop["advisory"] = advisory.version if advisory else None
    return stop


def _note_phone(work: Work, person: str | None, mobile: str | None) -> None:
    """Keep the number for the trip with the lines of whoever carries the phone; older versions of the process bring none."""
    for line in clearances.lines_of_case(work.session, work.case.id):
        if line.person == person and line.facts.get(TRIP_PHONE) != mobile:
            line.facts = {**line.facts, TRIP_PHONE: mobile}


def _split_covered(work: Work, people: list[Person], stops: list[Stop]) -> tuple[list[Person], list[Person]]:
    on = read_moment(stops[0]["arrive_at"]).date() if stops else work.now.date()
    dependants = dependants_by_person(work.session, [person.code for person in people])
    covered = [person for person in people if is_covered(work.session, person, dependants.get(person.code), on)]
    return covered, [person for person in people if person not in covered]


def _drop_lines(work: Work, dropped: list[Person]) -> None:
    codes = {person.code for person in dropped}
    set_status(
        work, (line for line in clearances.lines_of_case(work.session, work.case.id) if line.person in codes), "NOT_COVERED"
    )


def _facts(work: Work, stop: Stop, stops: list[Stop], first: Person | None, *, covered: bool, travel_kind: str) -> dict[str, Any]:
    arrive_at = read_moment(stop["arrive_at"])
    there = areas.facts_for_stay(work.session, stop["area"], arrive_at=arrive_at, now=work.now)
    home = first.duty_area if first is not None else None
    return {
        "stop": stop["key"],
        "no": stop["no"],
        "area": stop["area"],
        "covered": covered,
        "travel_kind": travel_kind,
        "stop_type": stop["stop_type"],
        "area_status": there.status,
        "same_area": home == stop["area"] and all(other["area"] == stop["area"] for other in stops),
        "internal_control": there.internal_control,
        "is_open": stop["status"] in clearances.OPEN_STATUSES,
        "hours_to_arrival": hours_until(first_uncovered(work, stop), work.now),
    }


def first_uncovered(work: Work, stop: Stop) -> datetime:
    """Return the first moment of a stop that no valid clearance covers: an extension begins where the cleared stay ends."""
    arrive_at = read_moment(stop["arrive_at"])
    if not stop.get("extends"):
        return arrive_at
    before = clearances.lines_of_stop(work.session, work.case.id, str(stop["extends"]))
    ends = [line.valid_to for line in before if line.status in GRANTED_STATUSES and line.valid_to is not None]
    return max([arrive_at, *ends])


def _clocks(work: Work, stops: list[Stop]) -> dict[str, Any]:
    waiting = [stop for stop in stops if stop["status"] in clearances.OPEN_STATUSES] or stops
    first_open = min(first_uncovered(work, stop) for stop in waiting)
    first = min(read_moment(stop["arrive_at"]) for stop in stops)
    last = max(read_moment(stop["depart_at"]) for stop in stops)
    return {
        "first_arrival": write_moment(first),
        "last_departure": write_moment(last),
        "fix_until": not_before_least(first_open - DAY, work.now),
        "ack_until": not_before_least(first - CONDITIONS_BEFORE, work.now),
        "endorse_hours": ENDORSE_HOURS_EMERGENCY if first_open - work.now < EMERGENCY else ENDORSE_HOURS,
    }
