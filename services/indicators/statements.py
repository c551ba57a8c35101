"""What the statements of indicators have in common: what is asked is a parameter of them, so that each is built once."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, String, bindparam, select, true

from services.models.areas import AreaWithin
from services.models.base import UtcDateTime

#: The first moment that counts, and the first that no longer does.
SINCE = bindparam("asked_since", type_=UtcDateTime)
UNTIL = bindparam("asked_until", type_=UtcDateTime)
#: The first day of the period, and the reference date.
START = bindparam("asked_start", type_=Date)
ON = bindparam("asked_on", type_=Date)
_AREA = bindparam("asked_area", type_=String)
_ORGANISATION = bindparam("asked_organisation", type_=String)


class Extent(NamedTuple):
    """How far a statement reaches: all areas or one of them, all organisations or one of them."""

    of_area: bool
    of_organisation: bool

    def covers(self, area: Any) -> ColumnElement[bool]:
        """Say in SQL whether an area lies in the scope."""
        if not self.of_area:
            return true()
        inside: ColumnElement[bool] = area.in_(select(AreaWithin.area).where(AreaWithin.ancestor == _AREA))
        return inside

    def employs(self, organisation: Any) -> ColumnElement[bool]:
        """Say in SQL whether an organisation is the one that is asked about."""
        return true() if not self.of_organisation else organisation == _ORGANISATION
