"""A case as a person may see it: where it stands, who has it, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services import authority, people
from services.authority import Sight
from services.cases.amending import RequestVersion, list_request_versions
from services.cases.loading import OWN_KINDS, get_case, is_party, look_into
from services.errors import OperationFailed
from services.models.audit import AuditEntry, Decision
from services.models.cases import DONE, OPEN, Case, CaseIncident, CaseParty, Task
from services.models.definitions import ProcessVersion
from services.people import Actor
from workflows import engine

ALWAYS_SEEN = ("case", "requester")
_STEPS = {"entered": 1, "left": -1, "cancelled": -1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One step for a person: open, done, or passed by.

    Attributes:
        who: Code of whoever did it, has claimed it, or is named for it; None while it waits for a role.
        why: The decision tables that led here, as recorded.
    """

    task_id: str
    element: str
    name: str
    role: str | None
    area: str | None
    line: str | None
    state: str
    since: datetime
    due_at: datetime | None
    closed_at: datetime | None
    who: str | None
    who_name: str | None
    outcome: str | None
    why: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of the history.

    Attributes:
        act: start, complete, message, timer, claim, release, incident, repair, …
        decision: The record, when somebody decided; by which name and role is in it.
        for_name: The name of who was away and in whose place that was.
    """

    at: datetime
    seq: int
    actor: str
    actor_name: str
    act: str
    element: str | None
    name: str | None
    line: str | None
    decision: Decision | None
    facts: dict[str, Any]
    for_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """A case, as far as the reader may see it.

    Attributes:
        stages: All steps for people so far, in the order in which they opened.
        marks: Per element of the diagram: "active", "done" or "cancelled".
        variables: What the case knows, as far as it is the reader's to see.
        scopes: What each open task sees of that, by its id; only for readers who see the whole case.
        names: Names of all persons on the page, by code.
        request_versions: The request as it was sent, and every change of it since.
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
    stages = _stages([task for task in tasks if task.id not in void], decisions, names)
    variables, scopes = _look_into(session, case, [task.id for task in tasks if task.state == OPEN], now)
    return CaseView(
        case=case,
        version=session.get_one(ProcessVersion, case.version_id),
        sight=sight,
        stages=stages,
        open_tasks=[task for task in tasks if task.state == OPEN],
        history=_history(entries, tasks, decisions, names, sight),
        decisions=decisions,
        incidents=incidents,
        marks=marks,
        variables=seen_variables(variables, sight),
        scopes=scopes if sight.areas is None else {},
        names=names,
        request_versions=list_request_versions(entries, case, names, sight),
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
    chosen = select(Case).where(Case.id.in_(_own(actor, now) if own else authority.visible_cases(actor, now)))
    if state is not None:
        chosen = chosen.where(Case.state == state)
    if process_key is not None:
        chosen = chosen.where(Case.process_key == process_key)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = session.scalars(chosen.order_by(Case.started_at.desc(), Case.number.desc()).limit(limit).offset(offset))
    return list(rows), total


def taken_back(entries: Iterable[AuditEntry]) -> set[str]:
    """Return the ids of the tasks whose completion was taken back; each is open again, or was, under another id."""
    return {task for entry in entries if entry.act == "take_back" for task in entry.payload["tasks"]}


def mark_elements(entries: Iterable[AuditEntry], tasks: Iterable[Task]) -> dict[str, str]:
    """Say of each element whether a token is there, has passed, or was taken away."""
    inside: dict[str, int] = {}
    last: dict[str, str] = {}
    entries = list(entries)
    void = taken_back(entries)
    for entry in entries:
        if entry.act == "complete" and entry.task_id in void:
            continue
        if mapping := entry.payload.get("mapping") if entry.act == "migrate" else None:
            inside = {mapping.get(element, element): count for element, count in inside.items()}
            last = {mapping.get(element, element): kind for element, kind in last.items()}
        for kind, element in entry.payload.get("trail", ()):
            inside[element] = inside.get(element, 0) + _STEPS.get(kind, 0)
            last[element] = kind
    active = {task.element for task in tasks if task.state == OPEN} | {element for element, count in inside.items() if count > 0}
    over = {element: "cancelled" if kind == "cancelled" else "done" for element, kind in last.items()}
    return over | dict.fromkeys(active, "active")


def seen_variables(variables: dict[str, Any], sight: Sight) -> dict[str, Any]:
    """Leave only what the reader may see: the whole case, or of its lists those rows that lie in the reader's areas."""
    if sight.areas is None:
        return variables
    seen: dict[str, Any] = {name: variables[name] for name in ALWAYS_SEEN if name in variables}
    for name, value in variables.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) and "area" in row for row in value):
            seen[name] = [row for row in value if sight.sees_area(row["area"])]
    return seen


def _own(actor: Actor, now: datetime) -> Any:
    mine = CaseParty.kind.in_(OWN_KINDS)
    party = select(CaseParty.case_id).where(CaseParty.person == actor.person, mine)
    mine_too = or_(Case.requester == actor.person, Case.id.in_(party))
    return select(Case.id).where(mine_too, authority.is_open_to(actor.person, now, Case.id))


def _of_case(session: Session, table: Any, case: Case, *order: Any) -> list[Any]:
    return list(session.scalars(select(table).where(table.case_id == case.id).order_by(*order)))


def _is_seen(sight: Sight, area: str | None) -> bool:
    return area is None or sight.sees_area(area)


def _persons(case: Case, tasks: Sequence[Task], decisions: Sequence[Decision], entries: Sequence[AuditEntry]) -> set[str]:
    codes = {case.requester, case.started_by, *(entry.actor for entry in entries)}
    codes |= {code for task in tasks for code in (task.assignee, task.claimed_by) if code}
    return codes | {code for decision in decisions for code in (decision.actor_person, decision.acted_for) if code}


def _stages(tasks: Sequence[Task], decisions: Sequence[Decision], names: dict[str, str]) -> list[Stage]:
    by_task = {decision.task_id: decision for decision in decisions if decision.task_id}
    return [_stage(task, by_task.get(task.id), names) for task in tasks]


def _stage(task: Task, decision: Decision | None, names: dict[str, str]) -> Stage:
    who = decision.actor_person if decision else task.claimed_by or task.assignee
    return Stage(
        task_id=task.id,
        element=task.element,
        name=task.name,
        role=task.role,
        area=task.area,
        line=task.line,
        state=task.state,
        since=task.opened_at,
        due_at=task.due_at,
        closed_at=task.closed_at,
        who=who,
        who_name=names.get(who) if who else None,
        outcome=decision.outcome if decision and task.state == DONE else None,
        why=task.tables_used,
    )


def _history(
    entries: Sequence[AuditEntry],
    tasks: Sequence[Task],
    decisions: Sequence[Decision],
    names: dict[str, str],
    sight: Sight,
) -> list[Event]:
    by_task = {decision.task_id: decision for decision in decisions if decision.task_id}
    known = {task.id: task for task in tasks}
    seen = [entry for entry in entries if entry.task_id is None or entry.task_id in known]
    events = [_event(entry, known.get(entry.task_id or ""), by_task.get(entry.task_id or ""), names, sight) for entry in seen]
    events += [_rule_event(decision, names) for decision in decisions if decision.task_id is None]
    return sorted(events, key=lambda event: event.at)


def _event(entry: AuditEntry, task: Task | None, decision: Decision | None, names: dict[str, str], sight: Sight) -> Event:
    return Event(
        at=entry.at,
        seq=entry.seq,
        actor=entry.actor,
        actor_name=names[entry.actor],
        act=entry.act,
        element=task.element if task else None,
        name=task.name if task else None,
        line=task.line if task else None,
        decision=decision if entry.act == "complete" else None,
        for_name=_for_name(decision, names) if entry.act == "complete" else None,
        facts=entry.payload if sight.areas is None else {},
    )


def _for_name(decision: Decision | None, names: dict[str, str]) -> str | None:
    return names[decision.acted_for] if decision is not None and decision.acted_for else None


def _rule_event(decision: Decision, names: dict[str, str]) -> Event:
    """A decision by rule, or a declared conflict: it belongs to no task that it completed."""
    return Event(
        at=decision.decided_at,
        seq=0,
        actor=decision.actor_person,
        actor_name=names[decision.actor_person],
        act="decide",
        element=decision.element,
        name=None,
        line=decision.line,
        decision=decision,
        for_name=_for_name(decision, names),
        facts={},
    )


def _look_into(
    session: Session, case: Case, open_tasks: Iterable[str], now: datetime
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Read what the case knows, and what each of its open tasks sees; nothing where its state cannot be read."""
    try:
        run = look_into(session, case, now=now)
        return dict(run.variables), {task: dict(run.visible_to(task)) for task in open_tasks}
    except (OperationFailed, engine.NotOpen):
        return {}, {}
