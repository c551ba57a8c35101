"""Requests to the authorities of the host country: who may make one for an area, and what it is called."""

from __future__ import annotations

from typing import Any

from services import authority
from services.errors import NotYourRole
from services.operations.catalogue import operation
from services.operations.work import Work
from services.people import SYSTEM
from services.registers import areas

#: Who speaks with the host authorities for an area, or has it done.
OFFICES = ("HGL", "DO", "DOAI", "CSA")


@operation("host.open")
def open_request(work: Work, *, area: str) -> dict[str, Any]:
    """Begin a request to the host country for an area.

    Raises:
        NotYourRole: Whoever began it holds none of the offices for the area.
    """
    people = (authority.people_in_role(work.session, role=role, area=area, now=work.now) for role in OFFICES)
    if work.case.requester != SYSTEM.person and not any(work.case.requester in holders for holders in people):
        raise NotYourRole
    name = areas.name_of(areas.get_area(work.session, area))
    work.case.subject = name
    work.set_status("OPEN")
    return {"area_name": name, "log": []}
