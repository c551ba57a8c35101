"""What is missing: an area without its official, a role that processes need and nobody holds, a term that ends, nobody there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.oversight.offices import EX_OFFICIO, Office, Offices
from services.roles import AREA_ROLES

NO_OFFICIAL, NO_HOLDER, NOBODY_THERE, TERM_ENDS, WITH_POST = "NO_OFFICIAL", "NO_HOLDER", "NOBODY_THERE", "TERM_ENDS", "WITH_POST"
#: The most pressing first.
KINDS = (NO_OFFICIAL, NOBODY_THERE, NO_HOLDER, TERM_ENDS, WITH_POST)
ENDS_WITHIN = timedelta(days=30)
OFFICIAL, ALTERNATE = "DO", "DOAI"


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """One thing that is missing or will be.

    Attributes:
        kind: NO_OFFICIAL, NOBODY_THERE, NO_HOLDER, TERM_ENDS, or WITH_POST, which is no gap yet: it goes with the post.
        office: The holding that it is about, where it is about one.
    """

    kind: str
    role: str
    area: str | None
    office: Office | None = None


def find_gaps(offices: Offices, needed: Collection[str], *, now: datetime) -> list[Gap]:
    """List what is missing inside a reach, the most pressing first.

    Args:
        needed: The roles that the lanes of the published processes name.
    """
    found = [*_gaps_of_areas(offices, needed), *_gaps_of_terms(offices, now)]
    return sorted(
        found, key=lambda gap: (KINDS.index(gap.kind), gap.area or "", gap.role, gap.office.person if gap.office else "")
    )


def _gaps_of_areas(offices: Offices, needed: Collection[str]) -> Iterator[Gap]:
    for area in offices.designated:
        officials = offices.holders(OFFICIAL, area)
        if not officials:
            yield Gap(kind=NO_OFFICIAL, role=OFFICIAL, area=area)
        elif all(_is_unreplaced(one) for one in (*officials, *offices.holders(ALTERNATE, area))):
            yield Gap(kind=NOBODY_THERE, role=OFFICIAL, area=area, office=officials[0])
        for role in sorted(set(needed) & set(AREA_ROLES) - {OFFICIAL}):
            if not offices.inside(role, area):
                yield Gap(kind=NO_HOLDER, role=role, area=area)


def _is_unreplaced(office: Office) -> bool:
    return office.stands_in == ""


def _gaps_of_terms(offices: Offices, now: datetime) -> Iterator[Gap]:
    for one in offices.held:
        if one.valid_to is not None and one.valid_to <= now + ENDS_WITHIN and one.delegation is None:
            yield Gap(kind=TERM_ENDS, role=one.role, area=one.area, office=one)
        if one.source == EX_OFFICIO:
            yield Gap(kind=WITH_POST, role=one.role, area=one.area, office=one)
