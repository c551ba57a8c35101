"""Breaches of access to premises: reported by security staff, looked into by somebody else, and what is put right."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.errors import NotYourRole
from services.models.premises import AccessBreach
from services.operations import premises_offices
from services.operations.catalogue import operation
from services.operations.moments import read_moment
from services.operations.offices import act_in_office
from services.operations.premises_actions import open_actions
from services.operations.work import Work
from services.registers import premises as register

#: Who works for security, and so reports what happens at a door.
OFFICES = ("SA", "DSSO", "ASC", "CSA", "HSSD", "SFP", "SECCO", "WDN", "DHSSS_DIR")
BREACH = "mos.breach"


@operation("access.report")
def report_breach(work: Work, *, premises: str, happened_at: str, told: dict[str, Any], kind: str) -> dict[str, Any]:
    """Enter a breach as it was reported; it counts when somebody else has confirmed it.

    Args:
        told: `place`, `who`, `how` and `what` of the report.
        kind: UNAUTHORISED_ENTRY or STOPPED_AT_GATE, as the table says.

    Raises:
        NotYourRole: Whoever reports it works for security neither in the area nor in an organisation there.
    """
    found = register.get_premises(work.session, premises, work.now.date())
    if not premises_offices.is_in_office(work.session, found, work.case.requester, OFFICES, now=work.now):
        raise NotYourRole
    office = premises_offices.find_office(work.session, found, now=work.now)
    row = AccessBreach(number=work.case.number, premises=premises, kind=kind, status="REPORTED", case_id=work.case.id)
    row.happened_at, row.what, row.place = read_moment(happened_at), told["what"], told["place"]
    row.who, row.how, row.reported_by = told["who"], told["how"], work.case.requester
    work.session.add(row)
    work.case.area, work.case.subject = found.area, office["premises_name"]
    work.set_status("REPORTED")
    return office | {"reviewer": _reviewer(work, found, office)}


def _reviewer(work: Work, premises: Any, office: dict[str, Any]) -> dict[str, Any]:
    """Return the head of the service, or who is above where the head reported it."""
    role = premises_offices.HEAD if office["head"]["organisation"] else premises_offices.ADVISER
    mine = premises_offices.is_in_office(work.session, premises, work.case.requester, (role,), now=work.now)
    return {"role": office["above"] if mine else role, "organisation": None if mine else office["head"]["organisation"]}


@operation("access.review")
def review_breach(
    work: Work, *, decision: str, findings: str, measures: list[dict[str, Any]] | None, kind: str, priority: str
) -> dict[str, Any]:
    """Confirm a breach or not, and open what is to be put right, each by its own day.

    Whoever reported it in office may look later whether it was put right.

    Args:
        kind, priority: What the table says by the facts as they were found to be.
    """
    row = work.session.get_one(AccessBreach, work.case.number)
    row.kind = kind
    row.status = "CONFIRMED" if decision == "CONFIRM" else "DISMISSED"
    row.findings, row.reviewed_by, row.reviewed_at = findings[:2000], work.actor.person, work.now
    lines = list(measures or ()) if decision == "CONFIRM" else []
    row.measure = "; ".join(str(line["text"]) for line in lines)[:2000] or None
    work.count(BREACH, area=work.case.area, premises=row.premises, kind=row.kind, status=row.status)
    opened = [
        {**line, "finding": row.what, "priority": priority, "days": max(1, (_day(line) - work.now.date()).days)} for line in lines
    ]
    actions = open_actions(work, row.premises, opened, breach=row.number)
    act_in_office(work, roles=[premises_offices.SURVEYOR, premises_offices.ADVISER], area=work.case.area)
    if decision != "CONFIRM":
        work.set_status("DISMISSED")
    return {"opened": actions}


def _day(line: dict[str, Any]) -> date:
    return date.fromisoformat(str(line["due_on"])[:10])
