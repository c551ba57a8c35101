"""Holding a case: as long as somebody does it is neither emptied nor removed, whatever its time.

Auditors, administrators and the owners of its process hold a case, by its number and without seeing what it is about; a confined
case is held by those alone who may know of it. Nobody holds or lifts in a matter of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import audit, authority, people
from services.cases.loading import find_case_by_key, is_party, take_case
from services.errors import Conflict, NotFound, OwnMatter, ReasonMissing
from services.models.base import new_id
from services.models.cases import Case
from services.models.confinements import CaseConfinement
from services.models.definitions import ProcessVersion
from services.models.retention import CaseHold, CaseHoldEnd
from services.people import Actor
from services.roles import ADMINISTRATOR

AUDITOR = "AUD"
_LONGEST = 10_000


class AlreadyHeld(Conflict):
    """This case is held already. It stays until that hold is lifted."""


class NotHeld(Conflict):
    """This case is not held."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A hold and its end, with the names of whoever set and lifted it."""

    hold: CaseHold
    by: str
    end: CaseHoldEnd | None
    lifted_by: str


def hold_case(session: Session, number: str, *, reason: str, actor: Actor, now: datetime) -> CaseHold:
    """Keep a case as it is until the hold is lifted.

    Raises:
        NotFound: There is no such case for the actor.
        OwnMatter: It is the actor's own case.
        ReasonMissing: No reason is given.
        AlreadyHeld: It is held.
    """
    case, role = _take(session, number, actor=actor, now=now)
    if find_hold(session, case.id) is not None:
        raise AlreadyHeld
    said = _ensure_reason(reason)
    hold = CaseHold(id=new_id(), case_id=case.id, by=actor.person, role=role, at=now, reason=said)
    session.add(hold)
    facts = {"hold": hold.id, "role": role, "reason_hash": audit.digest(said)}
    audit.append(session, case, actor=actor.person, act="hold", at=now, payload=facts)
    return hold


def lift_hold(session: Session, number: str, *, reason: str, actor: Actor, now: datetime) -> CaseHoldEnd:
    """Let a case go the way of its time again.

    Raises:
        NotFound: There is no such case for the actor.
        OwnMatter: It is the actor's own case.
        ReasonMissing: No reason is given.
        NotHeld: Nobody holds it.
    """
    case, role = _take(session, number, actor=actor, now=now)
    hold = find_hold(session, case.id)
    if hold is None:
        raise NotHeld
    said = _ensure_reason(reason)
    end = CaseHoldEnd(hold_id=hold.id, by=actor.person, role=role, at=now, reason=said)
    session.add(end)
    facts = {"hold": hold.id, "role": role, "reason_hash": audit.digest(said)}
    audit.append(session, case, actor=actor.person, act="lift_hold", at=now, payload=facts)
    return end


def find_hold(session: Session, case_id: str) -> CaseHold | None:
    """Return the hold of a case that was not lifted."""
    standing = select(CaseHold).outerjoin(CaseHoldEnd, CaseHoldEnd.hold_id == CaseHold.id)
    return session.scalars(standing.where(CaseHold.case_id == case_id, CaseHoldEnd.hold_id.is_(None))).first()


def list_holds(session: Session, case_id: str) -> list[Hold]:
    """Return all holds of a case, the latest first."""
    both = select(CaseHold, CaseHoldEnd).outerjoin(CaseHoldEnd, CaseHoldEnd.hold_id == CaseHold.id)
    rows = session.execute(both.where(CaseHold.case_id == case_id).order_by(CaseHold.at.desc(), CaseHold.id)).all()
    names = people.names_of(session, {each.by for row in rows for each in row if each is not None})
    return [Hold(hold=hold, by=names[hold.by], end=end, lifted_by=names[end.by] if end is not None else "") for hold, end in rows]


def get_kept_case(session: Session, number: str, *, actor: Actor, now: datetime) -> tuple[Case, ProcessVersion]:
    """Return a case and its version to somebody who may say whether it is kept.

    Raises:
        NotFound: There is no such case for the actor.
    """
    case = find_case_by_key(session, number)
    if case is None or case.number != number or may_hold(session, case, actor=actor, now=now) is None:
        raise NotFound
    return case, session.get_one(ProcessVersion, case.version_id)


def may_hold(session: Session, case: Case, *, actor: Actor, now: datetime) -> str | None:
    """Say in which role the actor may hold a case, if in any. Whether it is the actor's own is asked when they do."""
    if not authority.may_know(session, actor.person, case, now):
        return None
    held = [row.role for row in authority.roles_held(session, actor.person, now)]
    owner = session.get_one(ProcessVersion, case.version_id).manifest.get("owner_role")
    if AUDITOR in held:
        return AUDITOR
    if authority.looks_after(session, actor.person, owner, now):
        return ADMINISTRATOR if ADMINISTRATOR in held else str(owner)
    named = select(CaseConfinement.role).where(CaseConfinement.case_id == case.id, CaseConfinement.lifted_at.is_(None))
    return next((role for role in session.scalars(named) if role in held), None)


def _take(session: Session, number: str, *, actor: Actor, now: datetime) -> tuple[Case, str]:
    case, _ = get_kept_case(session, number, actor=actor, now=now)
    case = take_case(session, case.id)
    role = may_hold(session, case, actor=actor, now=now)
    if role is None:
        raise NotFound
    if is_party(session, case, actor.person):
        raise OwnMatter
    return case, role


def _ensure_reason(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()[:_LONGEST]
