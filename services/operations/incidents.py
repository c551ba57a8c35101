"""Security incidents: taken in, judged, recorded, and told to those whom they concern."""

from __future__ import annotations

from typing import Any

from services import authority
from services.models.base import new_id
from services.models.incidents import AffectedPerson, Incident
from services.operations.catalogue import operation
from services.operations.moments import read_moment, write_moment
from services.operations.work import Work
from services.registers import areas, incidents

#: Who may correct what somebody else reported.
_CORRECTING_ROLES = ("DSSO", "CSA")
_CLOSING = ("CLOSED", "DUPLICATE", "NOT_SECURITY", "FALSE_ALARM")


@operation("incident.open")
def open_incident(
    work: Work,
    *,
    area: str,
    place: str | None,
    what: str,
    kind: str,
    happened_at: str,
    affected: list[dict[str, Any]] | None,
    confidant: str | None,
    confidential: bool | None,
    corrects: str | None,
) -> dict[str, Any]:
    """Enter a report into the incident register, and look for open reports that it may repeat."""
    corrected = _corrected(work, corrects)
    incident = Incident(
        id=new_id(),
        number=corrected.number if corrected else work.case.number,
        version=corrected.version + 1 if corrected else 1,
        case_id=work.case.id,
        status="REPORTED",
        confidential=bool(confidential) or bool(corrected and corrected.confidential),
        area=area,
        place=place,
        what=what[:2000],
        reported_kind=kind,
        category=corrected.category if corrected else None,
        severity=corrected.severity if corrected else None,
        un_related=corrected.un_related if corrected else None,
        happened_at=read_moment(happened_at),
        reported_at=work.now,
        reported_by=work.case.requester,
        confidant=confidant,
    )
    work.session.add(incident)
    _enter_affected(work, incident, affected)
    similar = (
        []
        if incident.confidential or corrected
        else incidents.similar_to(work.session, area, incident.happened_at, but=incident.number)
    )
    work.set_status("REPORTED")
    work.count("inc.reported", area=area, kind="CONFIDENTIAL" if incident.confidential else kind)
    return {
        "incident": {
            "number": incident.number,
            "version": incident.version,
            "corrects": incident.number if corrected else None,
            "reported_at": write_moment(work.now),
            "area_name": areas.name_of(areas.get_area(work.session, area)),
            "area_status": areas.get_state(work.session, area, work.now).status,
            "similar": [{"value": one.number, "label": f"{one.number}: {one.what[:80]}"} for one in similar],
        }
    }


def _corrected(work: Work, number: str | None) -> Incident | None:
    """Find the closed incident that a report corrects; whoever did not report it needs a role in its area."""
    found = incidents.latest_version(work.session, number.strip().upper()) if number else None
    if found is None or found.status != incidents.CLOSED or found.confidential:
        return None
    person = work.case.requester
    if found.reported_by == person:
        return found
    holders = (authority.people_in_role(work.session, role=role, area=found.area, now=work.now) for role in _CORRECTING_ROLES)
    return found if any(person in people for people in holders) else None


def _enter_affected(work: Work, incident: Incident, affected: list[dict[str, Any]] | None) -> None:
    known = {(one.person, one.name) for one in incidents.affected_by(work.session, incident.id)}
    for row in affected or []:
        person, name = row.get("person"), row.get("name")
        if (person or name) and (person, name) not in known:
            known.add((person, name))
            work.session.add(
                AffectedPerson(
                    id=new_id(), incident_id=incident.id, person=person, name=name, effect=row.get("effect") or "UNKNOWN"
                )
            )


@operation("incident.triage")
def triage(
    work: Work,
    *,
    classification: str,
    category: str | None,
    severity: str | None,
    un_related: bool | None,
    duplicate_of: str | None,
) -> dict[str, Any]:
    """Write down what a report was found to be; a duplicate hands the people it names on to the first report."""
    incident = incidents.incident_of_case(work.session, work.case.id)
    incident.triaged_at = work.now
    incident.category, incident.severity, incident.un_related = category, severity, un_related
    incident.status = "TRIAGED" if classification == "INCIDENT" else classification
    first = incidents.latest_version(work.session, duplicate_of) if duplicate_of else None
    if first is not None and classification == "DUPLICATE":
        incident.duplicate_of = first.number
        rows = incidents.affected_by(work.session, incident.id)
        _enter_affected(work, first, [{"person": row.person, "name": row.name, "effect": row.effect} for row in rows])
    work.set_status(incident.status)
    minutes = round((work.now - incident.reported_at).total_seconds() / 60)
    work.count("inc.triaged", area=incident.area, severity=severity, classification=classification, minutes=minutes)
    return {}


@operation("incident.offer_support")
def offer_support(work: Work) -> dict[str, Any]:
    """Ask for support for everybody whom the incident harmed or threatened and who was not offered it yet."""
    incident = incidents.incident_of_case(work.session, work.case.id)
    asked = []
    for one in incidents.affected_by(work.session, incident.id):
        if one.support_offered_at is None:
            one.support_offered_at = work.now
            asked.append(one.person or one.name)
            payload = {"person": one.person, "name": one.name, "incident": incident.number}
            work.tell_bus("SUPPORT_PERSON", incident.area, payload)
    return {"supported": asked}


@operation("incident.record")
def record(work: Work, *, account: str, affected: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Keep the full account of an incident, and the people it names."""
    incident = incidents.incident_of_case(work.session, work.case.id)
    incident.account, incident.recorded_at, incident.status = account, work.now, "RECORDED"
    _enter_affected(work, incident, affected)
    work.set_status("RECORDED")
    return {}


@operation("incident.close")
def close(work: Work, *, status: str) -> dict[str, Any]:
    """Close an incident; a corrected version takes the place of the one before it."""
    incident = incidents.incident_of_case(work.session, work.case.id)
    incident.closed_at = work.now
    incident.status = status if status in _CLOSING else incidents.CLOSED
    earlier = incidents.version_before(work.session, incident)
    if earlier is not None and earlier.status == incidents.CLOSED:
        earlier.status = "SUPERSEDED"
    work.set_status(incident.status)
    work.count("inc.closed", area=incident.area, status=incident.status, version=incident.version)
    return {"outcome": incident.status}
