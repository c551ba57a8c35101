"""Standing delegations: to which roles of an area an authority has been given."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, String, bindparam, or_, select

from services.authority.ways import is_standing
from services.models.areas import AreaWithin
from services.models.authority import Delegation
from services.models.base import UtcDateTime
from services.operations.work import Work
from services.prepared import Prepared

DRILL_APPROVAL = "DRILL_APPROVAL"
CLAIM_VERIFY = "CLAIM_VERIFY"


def find_standing_roles(work: Work, area: str, authorities: Collection[str]) -> set[str]:
    """Return the roles that act in an area under a delegation of one of the authorities, which counts now."""
    standing = _STANDING.rows(work.session, area=area, now=work.now)
    return {row.delegate_role for row in standing if row.authority in authorities}


def _standing_query() -> Select[str, str | None]:
    above = select(AreaWithin.ancestor).where(AreaWithin.area == bindparam("area", type_=String))
    return select(Delegation.authority, Delegation.delegate_role).where(
        Delegation.delegate_role.is_not(None),
        or_(Delegation.area.is_(None), Delegation.area.in_(above)),
        is_standing(Delegation, bindparam("now", type_=UtcDateTime)),
    )


_STANDING = Prepared(_standing_query)
