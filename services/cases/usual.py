"""How long a step usually takes, from what was done in the last twelve months."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.models.cases import DONE, Case, Task
from services.models.spans import worked_seconds

#: Fewer than these say nothing about what is usual, and could point at a person.
LEAST_CASES = 5
SPAN = timedelta(days=365)
#: The latest of each step are enough; older ones were done by other people under other rules.
MOST_TASKS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class UsualTime:
    """How long a step took, from when it could be done until it was done, without waiting for answers to questions.

    Attributes:
        median: Half of them took no longer.
        most: Nine in ten took no longer.
        tasks: How many were looked at.
    """

    median: timedelta
    most: timedelta
    tasks: int


def list_usual_times(
    session: Session, process_keys: Collection[str], elements: Collection[str], *, now: datetime
) -> dict[tuple[str, str], UsualTime]:
    """Return how long steps usually take, by process and element, where enough cases say so. One query, or none."""
    if not elements or not process_keys:
        return {}
    place = func.row_number().over(partition_by=(Case.process_key, Task.element), order_by=Task.closed_at.desc())
    done = (
        select(Case.process_key, Task.element, Task.case_id, worked_seconds(Task).label("worked_s"), place.label("place"))
        .join(Case, Case.id == Task.case_id)
        .where(
            Task.state == DONE,
            Task.element.in_(elements),
            Task.closed_at > now - SPAN,
            Task.closed_at <= now,
            Case.process_key.in_(process_keys),
        )
        .subquery()
    )
    spans: dict[tuple[str, str], list[timedelta]] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    for row in session.execute(select(done).where(done.c.place <= MOST_TASKS)):
        step = (row.process_key, row.element)
        spans.setdefault(step, []).append(timedelta(seconds=round(row.worked_s)))
        seen.setdefault(step, set()).add(row.case_id)
    return {step: _sum_up(sorted(taken)) for step, taken in spans.items() if len(seen[step]) >= LEAST_CASES}


def _sum_up(spans: list[timedelta]) -> UsualTime:
    return UsualTime(median=_share(spans, 0.5), most=_share(spans, 0.9), tasks=len(spans))


def _share(spans: list[timedelta], share: float) -> timedelta:
    """Return the least span that this share of all does not exceed."""
    return spans[max(math.ceil(share * len(spans)) - 1, 0)]
