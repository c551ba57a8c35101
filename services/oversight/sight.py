"""Who oversees, and how far: everything, the own areas with what lies inside them, or the own organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, bindparam, false, or_, select, true
from sqlalchemy.orm import Session

from services import authority
from services.errors import NotFound
from services.models.areas import AreaWithin
from services.people import Actor

EVERYWHERE_ROLES = ("AUD", "USG", "USG_OFFICE")
AREA_ROLES = ("DRO_DIR", "DHSSS_DIR", "DRO_DESK", "DO", "DOAI", "CSA")
ORGANISATION_ROLES = ("EXH", "SECCO", "HSSD")


AREAS: BindParameter[str] = bindparam("overseen_areas", expanding=True)
_ORGANISATIONS: BindParameter[str] = bindparam("overseen_organisations", expanding=True)


class Extent(NamedTuple):
    """What of a reach stands in statements, which are built once for each: all but the areas and organisations themselves."""

    everywhere: bool
    of_areas: bool
    of_organisations: bool

    def covers(self, area: Any, organisation: Any) -> ColumnElement[bool]:
        """Say in SQL whether something in an area, of an organisation, is inside. Offices for all areas are the top's to see."""
        if self.everywhere:
            return true()
        within = select(AreaWithin.area).where(AreaWithin.ancestor.in_(AREAS))
        inside = [area.in_(within)] if self.of_areas else []
        own = [organisation.in_(_ORGANISATIONS)] if self.of_organisations else []
        return or_(false(), *inside, *own)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How far somebody oversees.

    Attributes:
        everywhere: All areas and organisations.
        areas: Otherwise these areas, and what lies inside them.
        organisations: And these organisations.
    """

    everywhere: bool
    areas: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether the person oversees anything."""
        return bool(self.everywhere or self.areas or self.organisations)

    @property
    def extent(self) -> Extent:
        """How its statements are built."""
        return Extent(everywhere=self.everywhere, of_areas=bool(self.areas), of_organisations=bool(self.organisations))

    def values(self, **more: Any) -> dict[str, Any]:
        """Return the parameters of its statements, and what a statement asks besides."""
        return {"overseen_areas": self.areas, "overseen_organisations": self.organisations, **more}


def reach_of(session: Session, actor: Actor, now: datetime) -> Reach:
    """Say how far somebody oversees. One query."""
    rows = authority.roles_held(session, actor.person, now)
    return Reach(
        everywhere=any(row.role in EVERYWHERE_ROLES or (row.role in AREA_ROLES and row.area is None) for row in rows),
        areas=tuple(sorted({row.area for row in rows if row.role in AREA_ROLES and row.area})),
        organisations=tuple(sorted({row.organisation for row in rows if row.role in ORGANISATION_ROLES and row.organisation})),
    )


def ensure_oversees(session: Session, actor: Actor, now: datetime) -> Reach:
    """Return how far the actor oversees.

    Raises:
        NotFound: The actor oversees nothing; the page is not there for them.
    """
    reach = reach_of(session, actor, now)
    if not reach.is_any:
        raise NotFound
    return reach
