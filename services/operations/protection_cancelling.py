"""Travel of senior officials that is called off: all visits ahead, or one of several while the others stay."""

from __future__ import annotations

from typing import Any

from services.errors import Declined
from services.models.support import TravelNotification
from services.operations.catalogue import operation
from services.operations.protection import CANCELLED, NotAhead, list_senders, list_visits, note_coordination
from services.operations.work import Work
from services.registers import areas

#: Who arranges the protection of a visit, and is told when it is called off.
ARRANGING = ("PCU", "CSA", "HGL")
CANCELLED_TEXT = "N-TN-06"


class OnlyVisit(Declined):
    """This is the only visit that is left. Withdraw the whole notice instead."""


@operation("protection.cancel")
def cancel(work: Work) -> dict[str, Any]:
    """Cancel the visits for which the official has not left yet, and tell those who arranged them."""
    for row in list_visits(work):
        if row.outcome is None:
            _cancel(work, row)
    work.set_status(CANCELLED)
    return {"outcome": CANCELLED}


@operation("protection.cancel_visit")
def cancel_visit(
    work: Work, *, visits: list[dict[str, Any]], planned: list[dict[str, Any]], key: str, reason: str
) -> dict[str, Any]:
    """Cancel one visit of several; what was assessed and arranged for it stays written, and the others go on.

    Args:
        visits: The visits as they were asked for, in the order of `planned`.

    Raises:
        NotAhead: The official has left for it, or it was cancelled before, or there is no such visit.
        OnlyVisit: No other visit would stay.
    """
    standing = [row for row in list_visits(work) if row.outcome != CANCELLED]
    row = next((row for row in standing if row.visit == key), None)
    if row is None or row.outcome is not None or row.departs_at <= work.now:
        raise NotAhead
    if len(standing) == 1:
        raise OnlyVisit
    _cancel(work, row)
    note_coordination(work)
    asked = [{**visit, "cancelled": reason} if one["key"] == key else visit for visit, one in zip(visits, planned, strict=True)]
    return {"visits": asked, "planned": [{**one, "cancelled": reason} if one["key"] == key else one for one in planned]}


def _cancel(work: Work, row: TravelNotification) -> None:
    row.outcome, row.cancelled_at = CANCELLED, work.now
    facts = {"no": work.case.number, "area": areas.name_of(areas.get_area(work.session, row.area)), "visit": row.number}
    told = dict.fromkeys((row.official, *list_senders(work), *ARRANGING))
    receivers = [one for one in told if one != work.actor.person]
    work.notify(CANCELLED_TEXT, receivers, facts=facts, area=row.area, line=row.visit)
