"""Standing delegations: to which roles of an area an authority has been given."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, or_, select

from services.authority.ways import is_standing
from services.models.areas import AreaWithin
from services.models.authority import Delegation
from services.models.base import UtcDateTime
from services.operations.work import Work

DRILL_APPROVAL = "DRILL_APPROVAL"
CLAIM_VERIFY = "CLAIM_VERIFY"
_ABOVE = select(AreaWithin.ancestor).where(AreaWithin.area == bindparam("area"))
_STANDING = select(Delegation.delegate_role).where(
    Delegation.delegate_role.is_not(None),
    Delegation.authority.in_(bindparam("authorities", expanding=True)),
    or_(Delegation.area.is_(None), Delegation.area.in_(_ABOVE)),
    is_standing(Delegation, bindparam("now", type_=UtcDateTime)),
)


def find_standing_roles(work: Work, area: str, authorities: Collection[str]) -> set[str]:
    """Return the roles that act in an area under a delegation of one of the authorities, which counts now."""
    asked = {"area": area, "authorities": list(authorities), "now": work.now}
    return set(work.session.scalars(_STANDING, asked))
