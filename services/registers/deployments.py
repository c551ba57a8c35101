"""Support to Security Management Teams: who may be sent, who is still expected, and when the clock of a request runs out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.orm import Session

from services.given import hand_over_texts, is_given
from services.indicators.settings import DEFAULTS
from services.models.areas import AreaWithin
from services.models.incidents import Incident
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.support import Deployment, DeploymentMember
from services.prepared import Prepared
from services.registers.askers import Asker
from services.registers.incidents import OPEN_STATUSES

#: Who may ask for support to the team of an area.
OFFICES = ("CSA", "DO", "DOAI")
_EXPECTED = Prepared(
    lambda: (
        select(DeploymentMember.deployment)
        .join(Deployment, Deployment.number == DeploymentMember.deployment)
        .join(AreaWithin, AreaWithin.ancestor == Deployment.area)
        .where(
            DeploymentMember.person == bindparam("person", type_=String),
            DeploymentMember.arrived_at.is_(None),
            DeploymentMember.withdrawn_at.is_(None),
            AreaWithin.area == bindparam("area", type_=String),
        )
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployable:
    """Somebody who may be sent, because a supervisor can release them; `within` are the areas around the duty station."""

    code: str
    name: str
    organisation: str
    post: str | None
    supervisor: str
    within: tuple[str, ...]


def target_of(deployment: Deployment) -> datetime:
    """Return the moment by which the first one has to be there: so many hours after the request, by its kind."""
    return deployment.asked_at + timedelta(hours=DEFAULTS.deployment_hours[deployment.kind])


def is_in_time(deployment: Deployment) -> bool:
    """Say whether the first arrival was in time."""
    return deployment.arrived_at is not None and deployment.arrived_at <= target_of(deployment)


def get_deployment(session: Session, number: str) -> Deployment:
    """Return the request that a case keeps, locked."""
    return session.scalars(select(Deployment).where(Deployment.number == number).with_for_update()).one()


def members_of(session: Session, number: str) -> Sequence[DeploymentMember]:
    """Return who was approved for a request and has not been called off."""
    kept = select(DeploymentMember).where(DeploymentMember.deployment == number, DeploymentMember.withdrawn_at.is_(None))
    return session.scalars(kept.order_by(DeploymentMember.approved_at, DeploymentMember.person)).all()


def expecting(session: Session, person: str, area: str) -> list[str]:
    """Return the numbers of the requests that somebody is still expected for in an area, or in one around it."""
    return sorted(row.deployment for row in _EXPECTED.rows(session, person=person, area=area))


def tie_request(session: Session, case_number: str, *, persons: Collection[str], areas: Collection[str]) -> None:
    """Note in which travel request people go to where they are expected; the newest counts."""
    dialect = session.get_bind().dialect.name
    asked = hand_over_texts("persons", list(persons), dialect) | hand_over_texts("areas", list(areas), dialect)
    for row in _expected_there(dialect).rows(session, **asked):
        session.get_one(DeploymentMember, row.id).travel_request = case_number


@cache
def _expected_there(dialect: str) -> Prepared:
    there = select(AreaWithin.ancestor).where(is_given(AreaWithin.area, "areas", dialect))
    return Prepared(
        lambda: (
            select(DeploymentMember.id)
            .join(Deployment, Deployment.number == DeploymentMember.deployment)
            .where(
                is_given(DeploymentMember.person, "persons", dialect),
                DeploymentMember.arrived_at.is_(None),
                DeploymentMember.withdrawn_at.is_(None),
                Deployment.area.in_(there),
            )
        )
    )


def list_deployable(session: Session, now: datetime) -> list[Deployable]:
    """List whom a supervisor can release: staff of the organisations of the system, under contract now, by name."""
    query = select(Person).join(Organisation, Organisation.code == Person.organisation)
    query = query.where(
        Organisation.unsms_member,
        Person.supervisor.is_not(None),
        or_(Person.contract_to.is_(None), Person.contract_to >= now.date()),
    )
    people = session.scalars(query.order_by(Person.name, Person.code)).all()
    around: dict[str, list[str]] = {}
    stations = {person.duty_area for person in people if person.duty_area}
    found = select(AreaWithin.area, AreaWithin.ancestor).where(AreaWithin.area.in_(stations))
    for area, ancestor in session.execute(found.order_by(AreaWithin.ancestor)):
        around.setdefault(area, []).append(ancestor)
    return [
        Deployable(
            code=person.code,
            name=person.name,
            organisation=person.organisation,
            post=person.post,
            supervisor=person.supervisor,
            within=tuple(around.get(person.duty_area or "", ())),
        )
        for person in people
        if person.supervisor
    ]


def list_incidents(session: Session, asker: Asker | None) -> list[tuple[str, str, list[str]]]:
    """List the open incidents for which somebody may ask for support: number, area, and the areas around it.

    Confidential incidents are not listed, whoever asks.
    """
    query = select(Incident).where(Incident.status.in_(OPEN_STATUSES), Incident.confidential.is_(False))
    held = asker.holdings(*OFFICES) if asker is not None else []
    if asker is not None and all(one.area is not None for one in held):
        inside = select(AreaWithin.area).where(AreaWithin.ancestor.in_([one.area for one in held]))
        query = query.where(Incident.area.in_(inside))
    newest: dict[str, Incident] = {}
    for row in session.scalars(query.order_by(Incident.number.desc(), Incident.version)):
        newest[row.number] = row
    found = select(AreaWithin.area, AreaWithin.ancestor).where(AreaWithin.area.in_({row.area for row in newest.values()}))
    around: dict[str, list[str]] = {}
    for area, ancestor in session.execute(found.order_by(AreaWithin.ancestor)):
        around.setdefault(area, []).append(ancestor)
    return [(row.number, row.area, around[row.area]) for row in newest.values()]
