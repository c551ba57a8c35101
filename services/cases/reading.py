"""A case as a person may see it: where it stands, who has it, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, func, or_, select
from sqlalchemy.orm import Session

from services import authority, people
from services.authority import Sight
from services.authority.ways import PERSON
from services.cases.amending import RequestVersion, list_request_versions
from services.cases.history import Event, history_of
from services.cases.loading import OWN_KINDS, get_case, is_party, look_into
from services.cases.stages import Stage, mark_elements, stages_of, taken_back
from services.errors import CaseEmptied, OperationFailed
from services.models.audit import AuditEntry, Decision
from services.models.cases import OPEN, Case, CaseIncident, CaseParty, Task
from services.models.definitions import ProcessVersion
from services.people import Actor
from workflows import engine

ALWAYS_SEEN = ("case", "requester")


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """A case, as far as the reader may see it.

    Attributes:
        stages: All steps for people so far, in the order in which they opened.
        marks: Per element of the diagram: "active", "done" or "cancelled".
        variables: What the case knows, as far as it is the reader's to see.
        scopes: What each open task sees of that, by its id; only for readers who see the whole case.
        names: Names of all persons on the page, by code.
        request_versions: The request as it was sent, and every change of it since; none of a case that was emptied.
        is_party: Whether it is the reader's own case, to withdraw or to add to.
    """

    case: Case
    version: ProcessVersion
    sight: Sight
    stages: list[Stage]
    open_tasks: list[Task]
    history: list[Event]
    decisions: list[Decision]
    incidents: list[CaseIncident]
    marks: dict[str, str]
    variables: dict[str, Any]
    scopes: dict[str, dict[str, Any]]
    names: dict[str, str]
    request_versions: list[RequestVersion]
    is_party: bool


def read_case(session: Session, case_id: str, *, actor: Actor, now: datetime) -> CaseView:
    """Return a case with its history. A constant number of queries.

    Raises:
        NotFound: There is no such case for this person.
    """
    case = get_case(session, case_id)
    sight = authority.may_see_case(session, actor, case, now)
    tasks = _of_case(session, Task, case, Task.revision, Task.opened_at, Task.element, Task.id)
    decisions = _of_case(session, Decision, case, Decision.decided_at, Decision.id)
    entries = _of_case(session, AuditEntry, case, AuditEntry.seq)
    incidents = _of_case(session, CaseIncident, case, CaseIncident.opened_at)
    marks = mark_elements(entries, tasks)
    tasks = [task for task in tasks if _is_seen(sight, task.area)]
    decisions = [decision for decision in decisions if _is_seen(sight, decision.area)]
    names = people.names_of(session, _persons(case, tasks, decisions, entries))
    void = taken_back(entries)
    stages = stages_of([task for task in tasks if task.id not in void], decisions, names)
    variables, scopes = _look_into(session, case, [task.id for task in tasks if task.state == OPEN], now)
    return CaseView(
        case=case,
        version=session.get_one(ProcessVersion, case.version_id),
        sight=sight,
        stages=stages,
        open_tasks=[task for task in tasks if task.state == OPEN],
        history=history_of(entries, tasks, decisions, names, sight),
        decisions=decisions,
        incidents=incidents,
        marks=marks,
        variables=seen_variables(variables, sight),
        scopes=scopes if sight.areas is None else {},
        names=names,
        request_versions=[] if case.emptied_at else list_request_versions(entries, case, names, sight),
        is_party=is_party(session, case, actor.person),
    )


def list_cases(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    own: bool = True,
    state: str | None = None,
    process_key: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Case], int]:
    """Return cases, the latest first, and how many there are in all.

    Args:
        own: Only those that the actor requested or travels in; else all of which the actor may see something.
    """
    shape = _Shape(own=own, of_state=state is not None, of_process=process_key is not None)
    asked = {"acting_person": actor.person, "acting_now": now, "state": state, "process": process_key}
    total = session.scalar(_count(shape), asked) or 0
    return list(session.scalars(_page(shape), {**asked, "most": limit, "first": offset})), total


class _Shape(NamedTuple):
    """What is asked of a list of cases, apart from the values."""

    own: bool
    of_state: bool
    of_process: bool


def _chosen(shape: _Shape) -> Select[Case]:
    chosen = select(Case).where(Case.id.in_(_own() if shape.own else authority.cases_in_sight()))
    if shape.of_state:
        chosen = chosen.where(Case.state == bindparam("state", type_=String))
    return chosen.where(Case.process_key == bindparam("process", type_=String)) if shape.of_process else chosen


@cache
def _count(shape: _Shape) -> Select[int]:
    return select(func.count()).select_from(_chosen(shape).subquery())


@cache
def _page(shape: _Shape) -> Select[Case]:
    latest = _chosen(shape).order_by(Case.started_at.desc(), Case.number.desc())
    return latest.limit(bindparam("most", type_=Integer)).offset(bindparam("first", type_=Integer))


def seen_variables(variables: dict[str, Any], sight: Sight) -> dict[str, Any]:
    """Leave only what the reader may see: the whole case, or of its lists those rows that lie in the reader's areas."""
    if sight.areas is None:
        return variables
    seen: dict[str, Any] = {name: variables[name] for name in ALWAYS_SEEN if name in variables}
    for name, value in variables.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) and "area" in row for row in value):
            seen[name] = [row for row in value if sight.sees_area(row["area"])]
    return seen


def _own() -> Select[str]:
    mine = CaseParty.kind.in_(OWN_KINDS)
    party = select(CaseParty.case_id).where(CaseParty.person == PERSON, mine)
    mine_too = or_(Case.requester == PERSON, Case.id.in_(party))
    return select(Case.id).where(mine_too, authority.is_open_to_actor(Case.id))


def _of_case(session: Session, table: Any, case: Case, *order: Any) -> list[Any]:
    return list(session.scalars(select(table).where(table.case_id == case.id).order_by(*order)))


def _is_seen(sight: Sight, area: str | None) -> bool:
    return area is None or sight.sees_area(area)


def _persons(case: Case, tasks: Sequence[Task], decisions: Sequence[Decision], entries: Sequence[AuditEntry]) -> set[str]:
    codes = {case.requester, case.started_by, *(entry.actor for entry in entries)}
    codes |= {code for task in tasks for code in (task.assignee, task.claimed_by) if code}
    return codes | {code for decision in decisions for code in (decision.actor_person, decision.acted_for) if code}


def _look_into(
    session: Session, case: Case, open_tasks: Iterable[str], now: datetime
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Read what the case knows, and what each of its open tasks sees; nothing where its state cannot be read."""
    try:
        run = look_into(session, case, now=now)
        return dict(run.variables), {task: dict(run.visible_to(task)) for task in open_tasks}
    except (OperationFailed, CaseEmptied, engine.NotOpen):
        return {}, {}
