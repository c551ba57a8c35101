"""Support after incidents: whom counsellors have to reach, and whether they did. Dates only; what was said is kept nowhere.

Only counsellors see who it is. Everybody else sees the counts of an indicator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from services import authority
from services.authority.ways import held_by
from services.errors import Conflict, NotFound, OwnMatter
from services.indicators.response import NO_INCIDENTS
from services.indicators.settings import DEFAULTS
from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.incidents import AffectedPerson, Incident
from services.models.people import Person
from services.models.support import SupportContact
from services.people import Actor
from workflows.errors import SafeconductError

REACHED, DECLINED = "REACHED", "DECLINED"
MOST = 200


class OutcomeUnknown(SafeconductError):
    """Say whether the person was reached or declined."""


class MomentImpossible(SafeconductError):
    """That cannot have been then: it lies before the report of the incident, or in the future."""


class ContactNoted(Conflict):
    """It was noted already. What is noted stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """Somebody whom an incident affected, and what came of the contact."""

    id: str
    incident: str
    person: str
    name: str
    area: str
    reported_at: datetime
    due_at: datetime
    reached_at: datetime | None
    declined_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is noted yet."""
        return self.reached_at is None and self.declined_at is None


def list_affected(session: Session, *, actor: Actor, now: datetime) -> Sequence[Affected]:
    """List whom a counsellor has to reach or has reached: those who wait first, the oldest report first. One query.

    Raises:
        NotFound: The actor is no counsellor.
    """
    _ensure_counsellor(session, actor, now)
    rows = session.execute(authority.as_asked_by(_affected(actor, now).limit(MOST), actor, now))
    found = [_read(row) for row in rows]
    return sorted(found, key=lambda one: (not one.is_waiting, one.reported_at if one.is_waiting else now, one.incident))


def get_affected(session: Session, affected: str, *, actor: Actor, now: datetime) -> Affected:
    """Return one of them.

    Raises:
        NotFound: The actor is no counsellor, or there is nobody there for them.
    """
    _ensure_counsellor(session, actor, now)
    chosen = _affected(actor, now).where(AffectedPerson.id == affected)
    row = session.execute(authority.as_asked_by(chosen, actor, now)).first()
    if row is None:
        raise NotFound
    return _read(row)


def note_contact(session: Session, affected: str, *, outcome: str, at: datetime, actor: Actor, now: datetime) -> SupportContact:
    """Note that somebody was reached or declined. Who declined first may be reached later; everything else stays as noted.

    Raises:
        NotFound: The actor is no counsellor, or there is nobody there for them.
        OwnMatter: It is the counsellor.
        OutcomeUnknown, MomentImpossible: What was typed cannot be.
        ContactNoted: It was noted already.
    """
    one = get_affected(session, affected, actor=actor, now=now)
    if one.person == actor.person:
        raise OwnMatter
    if outcome not in {REACHED, DECLINED}:
        raise OutcomeUnknown
    if not one.reported_at <= at <= now:
        raise MomentImpossible
    if one.reached_at is not None or (outcome == DECLINED and one.declined_at is not None):
        raise ContactNoted
    known = select(SupportContact).where(SupportContact.incident == one.incident, SupportContact.person == one.person)
    contact = session.scalar(known.with_for_update())
    if contact is None:
        contact = SupportContact(id=new_id(), incident=one.incident, person=one.person)
        session.add(contact)
    if outcome == REACHED:
        contact.reached_at = at
    else:
        contact.declined_at = at
    contact.noted_by, contact.noted_at = actor.person, now
    return contact


def _ensure_counsellor(session: Session, actor: Actor, now: datetime) -> None:
    if all(held.role != "COUN" for held in authority.roles_held(session, actor.person, now)):
        raise NotFound


def _affected(actor: Actor, now: datetime) -> Any:
    """Select those affected by incidents of the areas that a counsellor holds, the newest reports first."""
    newer, holding, within = aliased(Incident), aliased(RoleHolding), aliased(AreaWithin)
    first = select(newer.reported_at).where(newer.number == Incident.number).order_by(newer.version).limit(1)
    reported_at = first.correlate(Incident).scalar_subquery()
    above = select(within.ancestor).where(within.area == Incident.area).correlate_except(within)
    reaches = exists().where(
        holding.role == "COUN",
        held_by(holding, actor.person, now),
        or_(holding.area.is_(None), holding.area.in_(above)),
    )
    columns = (
        AffectedPerson.id,
        Incident.number,
        Person.code,
        Person.name,
        Incident.area,
        reported_at.label("reported_at"),
        SupportContact.reached_at,
        SupportContact.declined_at,
    )
    contact = and_(SupportContact.incident == Incident.number, SupportContact.person == AffectedPerson.person)
    return (
        select(*columns)
        .select_from(Incident)
        .join(AffectedPerson, AffectedPerson.incident_id == Incident.id)
        .join(Person, Person.code == AffectedPerson.person)
        .outerjoin(SupportContact, contact)
        .where(
            Incident.status.not_in(NO_INCIDENTS),
            ~exists().where(newer.number == Incident.number, newer.version > Incident.version),
            authority.is_open_to_actor(Incident.case_id),
            reaches,
        )
        .order_by(Incident.reported_at.desc(), AffectedPerson.id)
    )


def _read(row: Any) -> Affected:
    return Affected(
        id=row.id,
        incident=row.number,
        person=row.code,
        name=row.name,
        area=row.area,
        reported_at=row.reported_at,
        due_at=row.reported_at + timedelta(hours=DEFAULTS.support_hours),
        reached_at=row.reached_at,
        declined_at=row.declined_at,
    )
