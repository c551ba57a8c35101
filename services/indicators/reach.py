"""Who may see indicators: of all areas, of the own ones, or of the own organisation; and which entries of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority
from services.errors import NotFound
from services.indicators.catalogue import INDICATORS, Indicator
from services.indicators.shape import Member
from services.models.areas import AreaWithin
from services.models.cases import Case
from services.people import Actor

#: Roles that see indicators as far as their holding reaches: everywhere, or in its areas.
AREA_ROLES = ("AUD", "USG", "USG_OFFICE", "DRO_DIR", "DHSSS_DIR", "DRO_DESK", "DO", "DOAI", "CSA")
ORGANISATION_ROLES = ("EXH", "SECCO", "HSSD")
#: Whoever keeps the counts of support sees them everywhere, and nothing else.
COUNSELLORS = ("COUN",)
#: They report: what they freeze stays.
FREEZING_ROLES = ("USG_OFFICE", "USG")
SUPPORT = "K12"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How far somebody sees indicators.

    Attributes:
        everywhere: All areas and the total.
        areas: Otherwise these areas with what lies inside them.
        organisations: And the people of these organisations, in the indicators that are about people.
        is_counsellor: Also the counts of support given, everywhere.
        freezing: The role in which they may freeze a period.
    """

    everywhere: bool
    areas: tuple[str, ...]
    organisations: tuple[str, ...]
    is_counsellor: bool
    freezing: str | None

    @property
    def is_any(self) -> bool:
        """Whether they see any indicator at all."""
        return bool(self.everywhere or self.areas or self.organisations or self.is_counsellor)

    def sees(self, indicator: Indicator, *, area: str | None, organisation: str | None, above: frozenset[str]) -> bool:
        """Say whether they see an indicator in a scope; `above` are the areas that the asked one lies in, itself included."""
        if organisation is not None and not indicator.by_organisation:
            return False
        if self.everywhere or (area is not None and above & set(self.areas)):
            return True
        if organisation is not None and organisation in self.organisations:
            return True
        return self.is_counsellor and indicator.key == SUPPORT


def reach_of(session: Session, actor: Actor, now: datetime) -> Reach:
    """Say how far somebody sees indicators. One query."""
    rows = authority.roles_held(session, actor.person, now)
    mine = {row.role for row in rows}
    areas = {row.area for row in rows if row.role in AREA_ROLES and row.area is not None}
    return Reach(
        everywhere=any(row.area is None and row.organisation is None for row in rows if row.role in AREA_ROLES),
        areas=tuple(sorted(areas)),
        organisations=tuple(sorted({row.organisation for row in rows if row.role in ORGANISATION_ROLES and row.organisation})),
        is_counsellor=bool(mine & set(COUNSELLORS)),
        freezing=next((role for role in FREEZING_ROLES if role in mine), None),
    )


def choose_scope(
    session: Session, reach: Reach, *, area: str | None, organisation: str | None
) -> tuple[str | None, str | None, list[Indicator]]:
    """Say which scope somebody is shown, and which indicators in it. Without a choice it is the widest that they may see.

    Raises:
        NotFound: They may see nothing in the scope that they chose; an area that is not theirs answers like none.
    """
    if area is None and organisation is None and not reach.everywhere:
        if reach.areas:
            area = reach.areas[0]
        elif reach.organisations:
            organisation = reach.organisations[0]
    above = frozenset(session.scalars(select(AreaWithin.ancestor).where(AreaWithin.area == area))) if area else frozenset()
    if area is not None and not above:
        raise NotFound
    seen = [each for each in INDICATORS.values() if reach.sees(each, area=area, organisation=organisation, above=above)]
    if not seen:
        raise NotFound
    return area, organisation, seen


def closed_entries(session: Session, members: Iterable[Member], *, actor: Actor, now: datetime) -> set[str]:
    """Return the ids of the cases behind entries that this reader sees as entries only: confined ones, and others' cases."""
    listed: Sequence[Member] = [member for member in members if member.case_id is not None]
    if not listed:
        return set()
    ids = {str(member.case_id) for member in listed}
    about = {str(member.case_id) for member in listed if member.is_case}
    known = select(Case.id).where(Case.id.in_(ids), authority.is_open_to_actor(Case.id))
    closed = ids - set(session.scalars(authority.as_asked_by(known, actor, now)))
    if about:
        closed |= about - authority.pick_seen(session, about, actor=actor, now=now).keys()
    return closed
