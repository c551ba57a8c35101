"""The Security Management Team of an area, as forms and gates ask for it."""

from __future__ import annotations

from typing import Any

from services import authority, people
from services.operations.work import Work


def describe_team(work: Work, area: str | None) -> dict[str, Any]:
    """Say who belongs to the team of an area, and how many have to be there for a quorum: more than half."""
    codes = authority.people_in_role(work.session, role="SMT", area=area, now=work.now)
    names = people.names_of(work.session, codes)
    members = [{"value": code, "label": names[code]} for code in codes]
    return {"members": members, "count": len(codes), "quorum": len(codes) // 2 + 1}
