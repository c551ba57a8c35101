"""Who can stand in for somebody, and why somebody else cannot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from services.absences.reading import overlapping
from services.errors import NotFound
from services.models.areas import Area
from services.models.authority import Absence, RoleHolding
from services.models.people import Account, Person
from services.roles import NEVER_ROLES

MOST_COLLEAGUES = 60
LONGEST_NAME = 120
SELF, UNKNOWN, NO_ACCOUNT, KEPT_OUT = "SELF", "UNKNOWN", "NO_ACCOUNT", "KEPT_OUT"
OTHER_PLACE, AWAY, EACH_OTHER = "OTHER_PLACE", "AWAY", "EACH_OTHER"
#: Why somebody cannot stand in, in words.
REASON_SENTENCES = {
    SELF: "Nobody stands in for themselves.",
    UNKNOWN: "Nobody is known by this name, code or e-mail address.",
    NO_ACCOUNT: "{name} cannot sign in, so nothing would reach them.",
    KEPT_OUT: "{name} looks after the system or its processes, or audits them, and acts on no case.",
    OTHER_PLACE: "{name} is neither of your organisation nor of your duty station.",
    AWAY: "{name} is away in that time too.",
    EACH_OTHER: "{name} is away in that time and has named you. Two people cannot stand in for each other.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody who may be named.

    Attributes:
        shares_role: Holds a role of the person who will be away.
        reason: Why not, by its code; None for somebody who can.
    """

    code: str
    name: str
    shares_role: bool
    reason: str | None = None


def place_of(session: Session, person: str) -> tuple[str | None, str]:
    """Return the area of a person's duty station and its time zone."""
    row = session.execute(
        select(Person.duty_area, Area.zone).outerjoin(Area, Area.code == Person.duty_area).where(Person.code == person)
    ).one_or_none()
    return (row[0], row[1] or "UTC") if row else (None, "UTC")


def offices_of(session: Session, person: str, *, at: datetime) -> list[RoleHolding]:
    """Return what a person can have somebody stand in for: own roles, not those that rest on a delegation."""
    query = select(RoleHolding).where(
        RoleHolding.person == person,
        RoleHolding.delegation_id.is_(None),
        RoleHolding.role.not_in(NEVER_ROLES),
        or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to > at),
    )
    return list(session.scalars(query.order_by(RoleHolding.role, RoleHolding.area, RoleHolding.id)))


def find_person(session: Session, typed: str) -> Person | None:
    """Find a person by code, e-mail address or full name; a name that several have finds nobody."""
    wanted = typed.strip()[:LONGEST_NAME].lower()
    same = or_(func.lower(Person.code) == wanted, func.lower(Person.email) == wanted, func.lower(Person.name) == wanted)
    found = session.scalars(select(Person).where(same).limit(2)).all() if wanted else []
    return found[0] if len(found) == 1 else None


def list_colleagues(session: Session, person: str, *, begins_at: datetime, ends_at: datetime) -> list[Colleague]:
    """Return people who come to mind, those with the same roles first, each with what keeps them from standing in. Six queries.

    Raises:
        NotFound: There is no such person.
    """
    own = session.get(Person, person)
    if own is None:
        raise NotFound
    mine, theirs = aliased(RoleHolding), aliased(RoleHolding)
    shares = exists().where(
        mine.person == person,
        theirs.person == Person.code,
        theirs.role == mine.role,
        mine.role.not_in(NEVER_ROLES),
        or_(theirs.valid_to.is_(None), theirs.valid_to > begins_at),
    )
    near = (Person.organisation == own.organisation) | (Person.duty_area == own.duty_area)
    here = Person.duty_area == own.duty_area
    rank = case((shares, 0), (here & (Person.organisation == own.organisation), 1), (here, 2), else_=3)
    query = select(Person, shares).where(Person.code != person, near).order_by(rank, Person.name).limit(MOST_COLLEAGUES)
    rows = session.execute(query).all()
    reasons = why_not(session, own, [row[0] for row in rows], begins_at=begins_at, ends_at=ends_at)
    return [
        Colleague(code=each.code, name=each.name, shares_role=bool(same), reason=reasons.get(each.code)) for each, same in rows
    ]


def why_not(
    session: Session,
    absent: Person,
    asked: Sequence[Person],
    *,
    begins_at: datetime,
    ends_at: datetime,
) -> dict[str, str]:
    """Say of each person who cannot stand in why not. Three queries."""
    codes = [person.code for person in asked]
    active = set(session.scalars(select(Account.person).where(Account.person.in_(codes), Account.active)))
    kept_out = set(_kept_out(session, codes, ends_at, begins_at))
    query = select(Absence.person, Absence.substitute).where(Absence.person.in_(codes), overlapping(begins_at, ends_at))
    away: dict[str, set[str | None]] = {}
    for code, substitute in session.execute(query):
        away.setdefault(code, set()).add(substitute)
    found = {}
    for person in asked:
        reason = _reason(absent, person, active, kept_out, away)
        if reason is not None:
            found[person.code] = reason
    return found


def _reason(
    absent: Person, person: Person, active: Collection[str], kept_out: Collection[str], away: dict[str, set[str | None]]
) -> str | None:
    if person.code == absent.code:
        return SELF
    if person.code in kept_out:
        return KEPT_OUT
    if person.code in away:
        return EACH_OTHER if absent.code in away[person.code] else AWAY
    if person.organisation != absent.organisation and (person.duty_area is None or person.duty_area != absent.duty_area):
        return OTHER_PLACE
    return None if person.code in active else NO_ACCOUNT


def _kept_out(session: Session, codes: Sequence[str], ends_at: datetime, begins_at: datetime) -> list[str]:
    held = select(RoleHolding.person).where(
        RoleHolding.person.in_(codes),
        RoleHolding.role.in_(NEVER_ROLES),
        RoleHolding.valid_from < ends_at,
        or_(RoleHolding.valid_to.is_(None), RoleHolding.valid_to > begins_at),
    )
    return list(session.scalars(held.distinct()))
