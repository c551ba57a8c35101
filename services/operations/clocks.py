"""Deadlines in working days, by the calendar of the area."""

from __future__ import annotations

from typing import Any

from services.operations.catalogue import operation
from services.operations.moments import write_moment
from services.operations.work import Work
from services.registers.calendars import calendar_of

#: A share of the time that a person has: to be reminded, to be late, and to be very late.
SHARES = {"remind": 0.5, "due": 1.0, "escalate": 1.5}


@operation("clock.deadlines")
def deadlines(work: Work, *, area: str | None, days: dict[str, Any]) -> dict[str, Any]:
    """Say when working days from now on are over: for each name the moments of half of them, all, and half as many again.

    The area is the case's unless another is named; its calendar says which days count, its zone when they begin.
    """
    calendar = calendar_of(work.session, area or work.case.area)
    found = {
        name: {share: write_moment(calendar.add_working_days(work.now, float(number) * part)) for share, part in SHARES.items()}
        for name, number in days.items()
    }
    return {"deadlines": found}
