"""What was decided in similar cases before: the same step of the same process in the same area, alike in what the diagram names.

Counts tell nobody what they may not know: cases that a reader may not see are counted only when there are at least five of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from services import authority
from services.models.audit import Decision
from services.models.cases import Case, Task
from services.people import Actor

WITHIN = timedelta(days=730)
FEWEST = 5
MOST_SHOWN = 3
#: Of so many the latest are looked at, so that an old and busy step costs the same as a young one.
MOST_LOOKED_AT = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Precedent:
    """An earlier case that the reader may open."""

    number: str
    outcome: str
    decided_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Similar:
    """What came of similar cases.

    Attributes:
        total: How many are counted.
        outcomes: How often each outcome came, the most frequent first.
        shown: The latest of them that the reader may open.
    """

    total: int
    outcomes: list[tuple[str, int]]
    shown: list[Precedent]


def find_similar(session: Session, task: Task, case: Case, *, actor: Actor, now: datetime) -> Similar:
    """Count what came of similar cases. Two queries, whatever their number."""
    rows = session.execute(_earlier(task, case, actor, now)).all()
    seen = authority.pick_seen(session, {row.case_id for row in rows}, actor=actor, now=now).keys()
    latest: dict[str, Any] = {}
    for row in rows:
        latest.setdefault(row.case_id, row)
    hidden = latest.keys() - seen
    counted = [row for case_id, row in latest.items() if case_id in seen or len(hidden) >= FEWEST]
    shown = [row for row in counted if row.case_id in seen][:MOST_SHOWN]
    return Similar(
        total=len(counted),
        outcomes=Counter(row.outcome for row in counted).most_common(),
        shown=[Precedent(number=row.number, outcome=row.outcome, decided_at=row.decided_at) for row in shown],
    )


def _earlier(task: Task, case: Case, actor: Actor, now: datetime) -> Any:
    """Select the latest decisions on the same step elsewhere, of cases that are not kept from the reader."""
    found = (
        select(Decision.case_id, Decision.outcome, Decision.decided_at, Case.number)
        .join(Case, Case.id == Decision.case_id)
        .join(Task, Task.id == Decision.task_id)
        .where(
            Decision.element == task.element,
            Decision.area == task.area if task.area is not None else Decision.area.is_(None),
            Decision.decided_at.between(now - WITHIN, now),
            Decision.outcome.is_not(None),
            Case.process_key == case.process_key,
            Case.id != case.id,
            _is_alike(task),
            authority.is_open_to_actor(Case.id),
        )
    )
    latest = found.order_by(Decision.decided_at.desc(), Decision.id).limit(MOST_LOOKED_AT)
    return authority.as_asked_by(latest, actor, now)


def _is_alike(task: Task) -> ColumnElement[bool]:
    """Say in SQL whether a task is alike in what the property `similar` names, such as the risk and the purpose."""
    trait = task.properties.get("similar")
    if trait is None:
        return true()
    return and_(func.coalesce(Task.properties["similar"].as_string(), "") == str(trait))
