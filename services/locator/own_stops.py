"""The stops at which a traveller can check in now: where to say "I have arrived" or "I have left" without filling in a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import Session, aliased

from services import authority
from services.authority.ways import NOW, PERSON
from services.locator.conditions import CLEARED
from services.models.areas import Area
from services.models.base import UtcDateTime
from services.models.bus import CaseWait
from services.models.cases import Case
from services.models.clearances import ClearanceLine, Movement
from services.people import Actor

CHECK_IN = "MSG_CHECKIN"
ARRIVED, DEPARTED = "ARRIVED", "DEPARTED"
#: Somebody may arrive so much earlier than planned, and leave so much earlier; whoever leaves still earlier says so in the form.
EARLY = timedelta(hours=12)
MOST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnStop:
    """A stop of the actor's own journey, and what is to be reported of it: ARRIVED or DEPARTED.

    Attributes:
        was_left: The actor said to have left, before the journey was to end: reported is that they are there all the same.
    """

    number: str
    stop_key: str
    kind: str
    place: str | None
    area: Mapping[str, Any]
    was_left: bool


def list_own_stops(session: Session, *, actor: Actor, now: datetime, number: str | None = None) -> list[OwnStop]:
    """Return the stops at which the actor can check in now, of one request when its number is given. One query.

    Only requests that wait for a check-in are listed, and only the actor's own place in them.
    """
    asked = {"early": now + EARLY, "number": number}
    chosen = _stops(of_one=number is not None)
    return [OwnStop(**row._asdict()) for row in session.execute(authority.as_asked_by(chosen, actor, now), asked)]


@cache
def _stops(*, of_one: bool) -> Select[Any]:
    """Select the stops of whoever asks; `early` is the end of what may be said already, `number` that of the one request."""
    line, heard, early = ClearanceLine, aliased(Movement), bindparam("early", type_=UtcDateTime)
    waits = exists().where(CaseWait.case_id == line.case_id, CaseWait.kind == "message", CaseWait.name == CHECK_IN)
    arrived = exists().where(heard.person == line.person, heard.stop_key == line.stop_key, heard.kind == ARRIVED)
    is_there = or_(line.status == "IN_AREA", and_(line.status == "REGISTERED", arrived))
    was_left = line.status == "LEFT"
    arrives = and_(~is_there, line.arrive_at <= early, line.depart_at > NOW)
    leaves = and_(is_there, line.depart_at <= early)
    query = (
        select(*(Case.number, line.stop_key, line.place, Area.name.label("area")), was_left.label("was_left"))
        .add_columns(case((arrives, ARRIVED), else_=DEPARTED).label("kind"))
        .select_from(line)
        .join(Case, Case.id == line.case_id)
        .join(Area, Area.code == line.area)
        .where(
            line.person == PERSON,
            or_(line.status.in_(CLEARED), was_left),
            or_(arrives, leaves),
            waits,
            authority.is_open_to_actor(line.case_id),
        )
        .order_by(line.arrive_at, line.stop_key)
        .limit(MOST)
    )
    return query.where(Case.number == bindparam("number", type_=String)) if of_one else query
