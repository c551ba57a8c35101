"""The incident register: what was reported, what it was found to be, and who was harmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.models.areas import Area, AreaWithin
from services.models.incidents import AffectedPerson, Incident

#: Reports this far apart in time may be about the same incident.
SAME_INCIDENT = timedelta(hours=24)
OPEN_STATUSES = ("REPORTED", "TRIAGED", "RECORDED")
CLOSED = "CLOSED"


def latest_version(session: Session, number: str) -> Incident | None:
    """Return the newest version of an incident."""
    query = select(Incident).where(Incident.number == number)
    return session.scalars(query.order_by(Incident.version.desc()).limit(1)).first()


def incident_of_case(session: Session, case_id: str) -> Incident:
    """Return the version of an incident that a case writes."""
    return session.scalars(select(Incident).where(Incident.case_id == case_id)).one()


def similar_to(session: Session, area: str, happened_at: datetime, *, but: str) -> Sequence[Incident]:
    """Return open incidents nearby and about the same time, which a report may repeat; never confidential ones."""
    # The direct parent only: everything lies below the field, and that would say nothing.
    parent = select(Area.parent).where(Area.code == area).scalar_subquery()
    near = select(AreaWithin.area).where(or_(AreaWithin.ancestor == area, AreaWithin.ancestor == parent))
    query = select(Incident).where(
        Incident.area.in_(near),
        Incident.number != but,
        Incident.status.in_(OPEN_STATUSES),
        Incident.confidential.is_(False),
        Incident.happened_at >= happened_at - SAME_INCIDENT,
        Incident.happened_at <= happened_at + SAME_INCIDENT,
    )
    return session.scalars(query.order_by(Incident.reported_at, Incident.number)).all()


def affected_by(session: Session, incident_id: str) -> Sequence[AffectedPerson]:
    """Return who was harmed or threatened by an incident."""
    query = select(AffectedPerson).where(AffectedPerson.incident_id == incident_id)
    return session.scalars(query.order_by(AffectedPerson.person, AffectedPerson.name)).all()


def version_before(session: Session, incident: Incident) -> Incident | None:
    """Return the version that an incident's version corrects."""
    query = select(Incident).where(Incident.number == incident.number, Incident.version == incident.version - 1)
    return session.scalars(query).one_or_none()
