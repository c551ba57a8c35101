"""Which of some tasks a person may act on: the last word after a list was put together from queues.

It asks the same ways and the same separation of duties as `visible_tasks`. Only the places of the person, which that finds out by
itself, are handed over here, because they were read before: a statement without them is planned and started in half the time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Select, SelectBase, String, cast, not_, null, select, true, union_all
from sqlalchemy.orm import Session, aliased

from services.authority.capacity import is_unbarred
from services.authority.confinement import is_known_to_all, is_named
from services.authority.queues import Reach, reach_of
from services.authority.reaching import ways
from services.authority.ways import NOW, PERSON
from services.barring import relatives
from services.given import given_rows, hand_over, hand_over_texts, is_given
from services.models.audit import Decision
from services.models.cases import OPEN, CaseParty, Task
from services.prepared import Prepared

_PLACE: dict[str, Any] = {
    "role": String,
    "area": String,
    "everywhere": Boolean,
    "nowhere": Boolean,
    "organisation": String,
    "holder": String,
    "delegator": String,
}

# What the ways and the separation of duties look at, so that nothing else is carried along.
_TASK = (
    *(Task.id, Task.case_id, Task.role, Task.assignee, Task.area, Task.organisation, Task.line, Task.act, Task.state),
    *(Task.widened, Task.opened_at, Task.separate_from),
)
_ACT = (
    *(Decision.id, Decision.case_id, Decision.element, Decision.line, Decision.act, Decision.actor_person, Decision.actor_role),
    *(Decision.conflict_declared, Decision.supersedes_id),
)
_PARTY = (CaseParty.case_id, CaseParty.person, CaseParty.kind)


def pick_visible(session: Session, person: str, task_ids: Collection[str], now: datetime) -> set[str]:
    """Return those of the tasks that a person may act on now, as `visible_tasks` says it of all. Two queries."""
    return set(pick_holders(session, person, task_ids, now, reach=reach_of(session, person, now)))


def pick_holders(
    session: Session, person: str, task_ids: Collection[str], now: datetime, *, reach: Reach
) -> dict[str, str | None]:
    """Return those of the tasks that a person may act on, each with whom the person stands in for, None in their own right.

    One query; when a task of a confined case is among them, one more.

    Args:
        reach: Where the person looks for tasks, as it was read before.
    """
    if not task_ids:
        return {}
    dialect = session.get_bind().dialect.name
    rows = [tuple(getattr(queue, field) for field in _PLACE) for queue in reach.queues]
    asked = {"acting_person": person, "acting_now": now, **hand_over("held", list(_PLACE), rows, dialect)}
    asked |= hand_over_texts("asked_tasks", list(task_ids), dialect)
    found = _prepare(_reached, dialect, stands_in=bool(reach.absent)).rows(session, **asked)
    open_rows = [row for row in found if row.state == OPEN]
    confined = sorted({row.id for row in open_rows if row.confined})
    if confined:
        asked |= hand_over_texts("asked_tasks", confined, dialect)
        known = {row.id for row in _prepare(_known, dialect).rows(session, **asked)}
        open_rows = [row for row in open_rows if not row.confined or row.id in known]
    holders: dict[str, set[str]] = {}
    for row in open_rows:
        holders.setdefault(row.id, set()).add(row.holder)
    return {task_id: None if person in each else min(each) for task_id, each in holders.items()}


@cache
def _prepare(build: Callable[..., Select[Any]], dialect: str, **shape: bool) -> Prepared:
    return Prepared(lambda: build(dialect, **shape))


def _reached(dialect: str, *, stands_in: bool) -> Select[Any]:
    # That a task is open is looked at afterwards: asked with the ids, it tempts PostgreSQL to read an index of all open ones.
    given = given_rows("held", _PLACE, dialect)
    nothing = cast(null(), String)
    added = (PERSON.label("acting"), nothing.label("capacity"), nothing.label("delegation_id"))
    # The lists are taken apart once. Who acts stands outside: compared in there, PostgreSQL would expect one place and no more.
    once = _once(select(*(given.c[field] for field in _PLACE)), "places")
    held = select(*(once.c[field] for field in _PLACE), *added).subquery()
    # What is asked about is read once, and what the person did in its cases, and is in them: mostly nothing, which is compared in
    # no time. Parties are looked for by person, whose cases lie side by side in an index.
    asked = _once(select(*_TASK).where(is_given(Task.id, "asked_tasks", dialect)), "asked")
    task = aliased(Task, asked)
    cases = select(asked.c.case_id)
    acts = select(*_ACT).where(Decision.actor_person == PERSON, Decision.case_id.in_(cases))
    near = (CaseParty.person == PERSON, CaseParty.person.in_(relatives(PERSON)))
    parties = union_all(*(select(*_PARTY).where(each, CaseParty.case_id.in_(cases)) for each in near))
    reached = union_all(*ways(PERSON, NOW, only=true(), held=held, stands_in=stands_in, task=task)).subquery()
    columns = (task.id, task.state, reached.c.holder, not_(is_known_to_all(task.case_id)).label("confined"))
    reaching = select(*columns).select_from(task).join(reached, reached.c.task_id == task.id)
    act, party = aliased(Decision, _once(acts, "acts")), aliased(CaseParty, _once(parties, "parties"))
    return reaching.where(is_unbarred(reached, task, act=act, party=party))


def _once(query: SelectBase, name: str) -> Any:
    return query.cte(name).prefix_with("MATERIALIZED")


def _known(dialect: str) -> Select[Any]:
    return select(Task.id).where(is_given(Task.id, "asked_tasks", dialect), is_named(PERSON, NOW, Task.case_id))
