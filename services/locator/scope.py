"""Of what a board is read: the area, whose people, and the day that is asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_

from services import authority
from services.locator import conditions
from services.locator.conditions import Asked
from services.locator.sight import BoardSight, of_organisations
from services.models.areas import Area, AreaState
from services.models.clearances import ClearanceLine
from services.people import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Of what a board is read: the area and what holds there now, whose people, and the day that is asked about."""

    area: Area
    state: AreaState | None
    sight: BoardSight
    actor: Actor
    now: datetime
    organisation: str | None = None
    day: date | None = None

    @property
    def today(self) -> date:
        """The day by the clock of the area."""
        return self.now.astimezone(self.zone).date()

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the area."""
        return ZoneInfo(self.area.zone)

    @property
    def asked(self) -> Asked:
        """What is asked of the register."""
        codes = (self.area.code,)
        near = Asked(areas=codes, watched=codes if self.state is not None and self.state.checkin_required else (), now=self.now)
        if self.day is None:
            return near
        start, end = (datetime.combine(self.day + timedelta(days=n), time(), self.zone).astimezone(UTC) for n in (0, 1))
        return replace(near, start=start, end=end)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of what is asked about it: who reads, and when."""
        return {"acting_person": self.actor.person, "acting_now": self.now}

    @property
    def readable(self) -> ColumnElement[bool]:
        """Say in SQL of whom the actor reads here, live or not; asked with the scope's `values`."""
        line = ClearanceLine
        mine = of_organisations(line.organisation, self.sight.organisations(self.area.code))
        return and_(mine, authority.is_open_to_actor(line.case_id))

    @property
    def narrowed(self) -> ColumnElement[bool]:
        """Say in SQL which lines are asked for, of those that the actor reads."""
        chosen = [] if self.organisation is None else [ClearanceLine.organisation == self.organisation]
        return and_(conditions.is_live(self.asked), self.readable, *chosen)
