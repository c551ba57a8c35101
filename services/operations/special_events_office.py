"""Who decides on a special event, and who is told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import authority
from services.models.areas import Area
from services.models.special_events import SpecialEvent
from services.operations.moments import write_moment
from services.operations.work import Work
from services.registers import areas

HEAD, DIRECTOR = "HSSD", "DHSSS_DIR"


def is_at_headquarters(place: Area) -> bool:
    """Say whether a head of security answers for a place, and not its Designated Official."""
    return place.location_class == "HQ"


def find_office(session: Session, event: SpecialEvent, *, now: datetime) -> dict[str, str | None] | None:
    """Say who decides on an event at headquarters: the head of security of its organisation, or the director.

    None elsewhere, where the Designated Official does. The organiser does not count as a holder.
    """
    if not is_at_headquarters(areas.get_area(session, event.area)):
        return None
    holders = authority.people_in_role(session, role=HEAD, area=event.area, organisation=event.organisation, now=now)
    if set(holders) - {event.organiser}:
        return {"role": HEAD, "organisation": event.organisation}
    return {"role": DIRECTOR, "organisation": None}


def tell(work: Work, event: SpecialEvent, code: str, *, urgent: bool = False, **more: Any) -> None:
    """Tell the organiser, the adviser, the liaison and those who decide; what comes about again is told again."""
    facts = {
        "no": event.number,
        "title": event.title,
        "area": areas.name_of(areas.get_area(work.session, event.area)),
        "starts": write_moment(event.starts_at),
        "level": event.level,
        **more,
    }
    common: dict[str, Any] = {"facts": facts, "area": event.area, "line": write_moment(work.now), "urgent": urgent}
    work.notify(code, [event.organiser, "CSA", "HGL", "DO"], **common)
    office = find_office(work.session, event, now=work.now)
    if office:
        work.notify(code, [str(office["role"])], organisation=office["organisation"], **common)
