"""What the Designated Official changes in a schedule when approving it: less than was drafted, never more."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from services.errors import Declined
from services.models.residences import Schedule
from services.operations.catalogue import operation
from services.operations.residences_measures import write_lines
from services.operations.work import Work


class ChangeGoesFurther(Declined):
    """An approval can leave measures out, lower limits and end earlier. For anything more send the schedule back."""


@operation("residential.take_changes")
def take_changes(
    work: Work,
    *,
    measures: list[dict[str, Any]],
    removed: list[str] | None,
    limits: list[dict[str, Any]] | None,
    ends_on: str | None,
    valid_from: str,
    valid_to: str,
) -> dict[str, Any]:
    """Take over what the approval leaves out, lowers and shortens, and say it in words that stay with the schedule.

    Raises:
        ChangeGoesFurther: Nothing would be left, or a limit or the last day would go beyond the draft.
    """
    lower = {row["measure"]: float(row["cap"]) for row in limits or []}
    out = [row for row in measures if row["measure"] in set(removed or ())]
    kept = [{**row, "cap": lower.get(row["measure"], row["cap"])} for row in measures if row not in out]
    last = (ends_on or valid_to)[:10]
    too_high = any(lower.get(row["measure"], 0) > row["cap"] for row in measures)
    if not kept or too_high or not valid_from[:10] <= last <= valid_to[:10]:
        raise ChangeGoesFurther
    _write(work, kept, date.fromisoformat(last))
    lowered = [(row, one) for row, one in ((row, lower.get(row["measure"])) for row in measures) if row not in out and one]
    return {
        "measures": kept,
        "valid_to": last,
        "changed": [
            *({"what": "LEFT_OUT", "name": row["name"], "before": None, "after": None} for row in out),
            *({"what": "LIMIT", "name": row["name"], "before": row["cap"], "after": one} for row, one in lowered),
            *([] if last == valid_to[:10] else [{"what": "LAST_DAY", "name": None, "before": valid_to[:10], "after": last}]),
        ],
    }


def _write(work: Work, measures: list[dict[str, Any]], last: date) -> None:
    """Let the register show what was approved, while headquarters still decides."""
    query = select(Schedule).where(Schedule.case_id == work.case.id, Schedule.status == "SUBMITTED")
    schedule = work.session.scalars(query).one()
    schedule.valid_to = last
    write_lines(work, schedule.number, measures)
