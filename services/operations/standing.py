"""Standing delegations: to which roles of an area an authority has been given."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select

from services.authority.ways import is_standing
from services.models.areas import AreaWithin
from services.models.authority import Delegation
from services.operations.work import Work

DRILL_APPROVAL = "DRILL_APPROVAL"
CLAIM_VERIFY = "CLAIM_VERIFY"


def find_standing_roles(work: Work, area: str, authorities: Collection[str]) -> set[str]:
    """Return the roles that act in an area under a delegation of one of the authorities, which counts now."""
    above = select(AreaWithin.ancestor).where(AreaWithin.area == area)
    query = select(Delegation.delegate_role).where(
        Delegation.delegate_role.is_not(None),
        Delegation.authority.in_(authorities),
        or_(Delegation.area.is_(None), Delegation.area.in_(above)),
        is_standing(Delegation, work.now),
    )
    return {role for role in work.session.scalars(query) if role is not None}
