"""Confining a case: for a time only some roles and persons know of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.models.base import new_id
from services.models.confinements import CaseConfinement
from services.operations.catalogue import operation
from services.operations.work import Work
from workflows.errors import SafeconductError


class NobodyLeft(SafeconductError):
    """A case cannot be hidden from everybody: name a role or a person who may see it."""


@operation("case.confine")
def confine(
    work: Work, *, roles: list[str] | None, persons: list[str] | None, area: str | None, why: str | None
) -> dict[str, Any]:
    """Let only the holders of these roles in the area, and these persons, know of the case from now on.

    Nobody else finds it in a list, a count or a search, is sent a notice of it, or reaches it by its address. It holds until it
    is lifted; what is confined already is confined further.
    """
    wanted = [(role, None) for role in roles or ()] + [(None, person) for person in persons or ()]
    if not wanted:
        raise NobodyLeft
    known = {(row.role, row.area, row.person) for row in _standing(work)}
    for role, person in dict.fromkeys(wanted):
        scope = (area or work.case.area) if role else None
        if (role, scope, person) in known:
            continue
        work.session.add(
            CaseConfinement(
                id=new_id(),
                case_id=work.case.id,
                role=role,
                person=person,
                area=scope,
                why=(why or "")[:500],
                since=work.now,
            )
        )
    return {}


@operation("case.lift_confinement")
def lift(work: Work) -> dict[str, Any]:
    """Let everybody know of the case again who would without a confinement; notices that were held back leave now."""
    for row in _standing(work):
        row.lifted_at = work.now
    return {}


def _standing(work: Work) -> list[CaseConfinement]:
    rows = select(CaseConfinement).where(CaseConfinement.case_id == work.case.id, CaseConfinement.lifted_at.is_(None))
    return list(work.session.scalars(rows))
