"""New missions and offices: what is asked for, what security needs there, what partners say, and what a decision opens."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete

from services import duty_stations, people
from services.models.offices import OfficeRequest, OfficeRequirement
from services.models.people import Person
from services.operations.catalogue import operation
from services.operations.work import Work
from services.registers import areas

ASKED, ENDED = "new_office.asked", "new_office.ended"
#: What the case learns only on its way.
_SAID_LATER = (
    *("assessment", "settled", "ended", "requirements", "partners", "totals", "station", "outcome", "said"),
    *("recommendation", "do_reasons", "decision", "dir_reasons", "return_reasons"),
)


@operation("new_office.open")
def open_request(
    work: Work, *, area: str, office: str, ds_type: str, purpose: str, people: int, starts_on: str
) -> dict[str, Any]:
    """Begin the request for a new mission or office in an area that the register knows."""
    asker = work.session.get(Person, work.case.requester)
    name = areas.name_of(areas.get_area(work.session, area))
    work.session.add(
        OfficeRequest(
            number=work.case.number,
            case_id=work.case.id,
            area=area,
            name=office,
            ds_type=ds_type,
            purpose=purpose,
            people=people,
            starts_on=date.fromisoformat(starts_on[:10]),
            organisation=asker.organisation if asker is not None else None,
            asked_by=work.case.requester,
            asked_at=work.now,
        )
    )
    work.case.subject = f"{office}, {name}"
    work.case.organisation = None  # people of several organisations are asked
    work.count(ASKED, area=area)
    return {"area_name": name, "returns": 0, "consulted": [], "advice": [], **dict.fromkeys(_SAID_LATER)}


@operation("new_office.keep")
def keep_requirements(
    work: Work, *, requirements: list[dict[str, Any]] | None, partners: list[dict[str, Any]] | None
) -> dict[str, Any]:
    """Keep the list as it was drawn up, in the place of an earlier one that came back, and say who is consulted on it."""
    number = work.case.number
    work.session.execute(delete(OfficeRequirement).where(OfficeRequirement.request == number))
    rows = [_readied(row) for row in requirements or ()]
    for row in rows:
        work.session.add(
            OfficeRequirement(
                request=number,
                kind=row["kind"],
                text=row["text"],
                organisation=row["organisation"],
                year=row["year"],
                one_off_cost=row["one_off"],
                yearly_cost=row["yearly"],
            )
        )
    named = people.names_of(work.session, [row["person"] for row in partners or ()])
    work.set_status("IN_CONSULTATION" if partners else "PROPOSED")
    return {
        "requirements": rows,
        "totals": {name: sum(row[name] for row in rows) for name in ("one_off", "yearly")},
        "consulted": [{**row, "name": named[row["person"]]} for row in partners or ()],
        **dict.fromkeys(("recommendation", "do_reasons", "decision", "dir_reasons")),
    }


def _readied(row: dict[str, Any]) -> dict[str, Any]:
    """Write a requirement with whole numbers; a cost that is not named is none."""
    said = {name: row[name] for name in ("kind", "text", "organisation")}
    return {**said, "year": int(row["year"]), **{name: int(row.get(name) or 0) for name in ("one_off", "yearly")}}


@operation("new_office.weigh")
def weigh(work: Work, *, consulted: list[dict[str, Any]], answers: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Put together what the partners said; who did not answer has said nothing, and agreed to nothing."""
    said = {row["person"]: row for row in answers or () if row.get("advice")}
    advice = []
    for one in consulted:
        answer = said.get(one["person"], {})
        told = {"advice": answer.get("advice"), "text": answer.get("text")}
        advice.append({"department": one["department"], "name": one["name"], **told})
    work.set_status("PROPOSED")
    return {"advice": advice}


@operation("new_office.send_back")
def send_back(work: Work, *, returns: float, by: str, reasons: str | None) -> dict[str, Any]:
    """Count one more time that the requirements came back, and keep why."""
    work.set_status("BEING_DRAWN_UP")
    work.count("new_office.sent_back", area=work.case.area, by=by)
    return {"returns": int(returns) + 1, "return_reasons": reasons}


@operation("new_office.open_station")
def open_station(work: Work, *, area: str, office: str, ds_type: str) -> dict[str, Any]:
    """Open the duty station, starting up; where the area has an open one the office belongs to it, and its phase stays."""
    station = duty_stations.find_open(work.session, area) or duty_stations.open_station(
        work.session, area=area, name=office, ds_type=ds_type, actor=work.actor, now=work.now
    )
    work.session.get_one(OfficeRequest, work.case.number).duty_station = station.code
    return {"station": station.code}


@operation("new_office.close")
def close(work: Work, *, outcome: str, dir_reasons: str | None, return_reasons: str | None) -> dict[str, Any]:
    """Write into the register how the request ended, and choose the reasons that those concerned are told."""
    row = work.session.get_one(OfficeRequest, work.case.number)
    row.outcome, row.ended_at = outcome, work.now
    work.set_status({"OPENED": "OFFICE_OPENED", "RETURNED": "RETURNED_TOO_OFTEN"}.get(outcome, outcome))
    work.count(ENDED, area=row.area, outcome=outcome)
    reasons = dir_reasons if outcome == "REFUSED" else return_reasons
    return {"outcome": outcome, "said": reasons or "-"}
