"""The register of policies: what is in force, who it is for, who was asked to read it, and who confirmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from services.authority.ways import is_holding_current
from services.models.areas import AreaWithin
from services.models.authority import RoleHolding
from services.models.base import new_id
from services.models.organisations import Organisation
from services.models.people import Person
from services.models.policies import AREAS, EVERYBODY, ORGANISATIONS, ROLES, Policy, PolicyAddendum, PolicyReader, PolicyVersion

#: Readers have so long; then they are overdue.
READ_WITHIN = timedelta(days=30)
#: Roles that prepare policies of the whole system and watch who has read which, and roles that do so in an organisation.
SYSTEM_ROLES = ("USG_OFFICE", "DRO_DIR", "DHSSS_DIR")
ORGANISATION_ROLES = ("SECCO", "SFP", "HSSD")
#: Roles that read policies of every organisation.
WATCHING_ROLES = (*SYSTEM_ROLES, "USG", "AUD")
_NO_STAFF = ("PARTNER", "VISITOR")


def find_in_force(session: Session, policy: str) -> PolicyVersion | None:
    """Return the version of a policy that is in force."""
    return session.scalars(in_force().where(PolicyVersion.policy == policy)).one_or_none()


def in_force() -> Select[Any]:
    """Select the versions that are in force."""
    return select(PolicyVersion).where(PolicyVersion.superseded_at.is_(None))


def list_addenda(session: Session, version: str) -> dict[str, str]:
    """Return what organisations add to a version, by organisation."""
    query = select(PolicyAddendum).where(PolicyAddendum.version == version).order_by(PolicyAddendum.organisation)
    return {row.organisation: row.text for row in session.scalars(query)}


def digest_of(version: PolicyVersion, addendum: str | None) -> str:
    """Say by a hash what a reader has before them: the text, and what their organisation adds."""
    shown = [version.number, version.title, version.text, addendum]
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def is_readable(person: Any, now: Any) -> ColumnElement[bool]:
    """Say in SQL whether a person may read a policy: it is of the system, of the own organisation, or the person watches it."""
    mine = select(Person.organisation).where(Person.code == person).scalar_subquery()
    held = and_(RoleHolding.person == person, RoleHolding.role.in_(WATCHING_ROLES), is_holding_current(RoleHolding, now))
    asked = exists().where(PolicyReader.policy == Policy.code, PolicyReader.person == person).correlate(Policy)
    watching = exists(select(RoleHolding.person).where(held).correlate_except(RoleHolding))
    return or_(Policy.organisation.is_(None), Policy.organisation == mine, asked, watching)


def list_audience(session: Session, version: PolicyVersion, now: datetime) -> list[str]:
    """List the staff for whom a version is, as they are today, by code."""
    policy = session.get_one(Policy, version.policy)
    query = select(Person.code).where(_is_staff(now), _is_meant(version, now))
    if policy.organisation is not None:
        query = query.where(Person.organisation == policy.organisation)
    return list(session.scalars(query.order_by(Person.code)))


def _is_staff(now: datetime) -> ColumnElement[bool]:
    today = now.date()
    members = select(Organisation.code).where(Organisation.unsms_member)
    return and_(
        Person.organisation.in_(members),
        Person.contract_type.not_in(_NO_STAFF),
        or_(Person.contract_from.is_(None), Person.contract_from <= today),
        or_(Person.contract_to.is_(None), Person.contract_to >= today),
    )


def _is_meant(version: PolicyVersion, now: datetime) -> ColumnElement[bool]:
    codes = version.audience
    inside = select(AreaWithin.area).where(AreaWithin.ancestor.in_(codes))
    holding = select(RoleHolding.person).where(RoleHolding.role.in_(codes), is_holding_current(RoleHolding, now))
    meant: dict[str, ColumnElement[bool]] = {
        EVERYBODY: true(),
        ORGANISATIONS: Person.organisation.in_(codes),
        AREAS: Person.duty_area.in_(inside),
        ROLES: Person.code.in_(holding),
    }
    return meant[version.audience_kind]


def list_unasked(session: Session, version: PolicyVersion, now: datetime) -> list[str]:
    """List those for whom a version is and who were not asked to read it, such as people who came since."""
    known = select(PolicyReader.person).where(
        PolicyReader.policy == version.policy, PolicyReader.generation == version.generation
    )
    asked = set(session.scalars(known))
    return [person for person in list_audience(session, version, now) if person not in asked]


def add_readers(session: Session, version: PolicyVersion, persons: Collection[str], *, case_id: str, now: datetime) -> None:
    """Enter people who are asked to read a version."""
    due = now + READ_WITHIN
    about = {"policy": version.policy, "generation": version.generation, "asked_at": now, "due_at": due, "case_id": case_id}
    session.add_all([PolicyReader(id=new_id(), person=person, **about) for person in persons])
    session.flush()


def list_silent(session: Session, version: PolicyVersion, case_id: str, now: datetime) -> Sequence[PolicyReader]:
    """List those whom a case asked, for whom the version still is, and who have not confirmed it."""
    query = select(PolicyReader).where(
        PolicyReader.policy == version.policy,
        PolicyReader.generation == version.generation,
        PolicyReader.case_id == case_id,
        PolicyReader.acknowledged_at.is_(None),
    )
    meant = set(list_audience(session, version, now))
    return [row for row in session.scalars(query.order_by(PolicyReader.person)) if row.person in meant]
