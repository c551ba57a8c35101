"""Who decides about clearances of an area now, as its board says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority, people
from services.authority.ways import is_current, is_standing
from services.models.areas import AreaWithin, StandingOrder
from services.models.authority import Delegation

#: Delegations by which others decide in the official's place.
DECIDING = ("TSC_TIER1", "TSC_TIER2")


@dataclass(frozen=True, kw_only=True, slots=True)
class Deciders:
    """Who decides.

    Attributes:
        order: The number of the standing order by which clearances are granted by rule; None without one.
        officials: The names of those who act as Designated Official, each with whether it is in another's place.
        delegations: What the official delegated: the authority, the role or name it was given to, and its number.
    """

    order: str | None
    officials: tuple[tuple[str, bool], ...]
    delegations: tuple[tuple[str, str, str], ...]


def read_deciders(session: Session, area: str, now: datetime) -> Deciders:
    """Say who decides in an area. Four queries."""
    above = select(AreaWithin.ancestor).where(AreaWithin.area == area)
    order = session.scalar(
        select(StandingOrder.number)
        .where(StandingOrder.area.in_(above), is_current(StandingOrder, now))
        .order_by(StandingOrder.valid_from.desc())
        .limit(1)
    )
    officials = authority.acting(session, role="DO", area=area, now=now)
    given = session.scalars(
        select(Delegation)
        .where(Delegation.authority.in_(DECIDING), Delegation.area.in_(above), is_standing(Delegation, now))
        .order_by(Delegation.authority, Delegation.number)
    ).all()
    named = {person for person, _ in officials} | {one.delegate for one in given if one.delegate}
    names = people.names_of(session, named)
    return Deciders(
        order=order,
        officials=tuple((names[person], way.holder != person) for person, way in officials),
        delegations=tuple(
            (one.authority, names.get(one.delegate or "", one.delegate or one.delegate_role or ""), one.number) for one in given
        ),
    )
