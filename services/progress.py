"""From what the engine did to rows: the one place where a run of the engine becomes part of the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services import audit
from services.cards import flags_of
from services.errors import OperationFailed
from services.faults import fault
from services.journal import Journal, close_journal
from services.models.base import new_id
from services.models.bus import BusEvent
from services.models.cases import (
    CANCELLED,
    CLOSED,
    COMPLETED,
    FAILED,
    OPEN,
    RETRYING,
    Case,
    CaseIncident,
    Task,
    TaskCandidate,
)
from services.models.outbox import OutboxMessage
from services.models.words import words_of
from services.people import Actor
from services.posting import post_thrown
from services.prepared import PreparedInsert
from services.registers.areas import rank_of
from services.registers.calendars import calendar_of
from services.waiting import changed_waits, write_waits
from services.ways_back import WayBack
from workflows import engine

LONGEST_LINE = 500
_TASKS, _CANDIDATES = PreparedInsert(Task), PreparedInsert(TaskCandidate)
#: What a task says, in each language, that a search finds it by.
_SEARCHED = ("subject", "question")


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """What somebody, or a timer, is doing to a case right now.

    Attributes:
        name: The word for the audit: start, complete, message, timer, …
        task_id: The task that the act completes.
        body: What was sent along, for telling a repetition from something new under the same key.
        facts: What the audit entry keeps besides the changes themselves.
        decision, journal: The record of what a person decided, and what the act changes by it: it can be taken back.
        held: So long what the act says to others waits.
    """

    name: str
    actor: Actor
    now: datetime
    task_id: str | None = None
    idempotency_key: str | None = None
    body: Any = None
    facts: dict[str, Any] = field(default_factory=dict)
    decision: str | None = None
    journal: Journal | None = None
    held: timedelta = timedelta(0)


def store_run(session: Session, case: Case, run: engine.Run, act: Act) -> list[Task]:
    """Write down where the case stands now, together with the audit entry of the act; the caller's transaction commits it.

    What the act has thrown goes onto the bus. Answers the tasks that the act opened, as they were written: rows that are not the
    session's.
    """
    before, waited = case.state, case.waits
    state = case.engine_state if act.journal is not None else None
    fault("store.before_state")
    ensure_tasks_match(run)
    count_working_days(session, case, run)
    _store_state(case, run, act.now)
    waits = changed_waits(case, run)
    post_thrown(session, case, run.changes, actor=act.actor, now=act.now)
    opened = [(each, _task_row(case, each, act.now)) for each in open_now(session, case, run.changes, act.now)]
    gone = _cancelled(run.changes, act)
    if case.failures:
        close_made_good(session, case, run, act)
    fault("store.after_tasks")
    payload = {**act.facts, **describe_changes(run.changes), "state": [before, case.state]}
    if case.state != OPEN:
        payload["ended"] = list(run.ended)
    payload |= {"wake": case.wake_at.isoformat()} if case.wake_at is not None else {}
    if run.obeyed:
        payload["orders"] = {place: asdict(run.orders[place]) for place in sorted(run.obeyed)}
    ids = [row["id"] for _, row in opened]
    _keep_way_back(session, case, act, state, opened=ids, cancelled=gone)
    audit.append(
        session,
        case,
        actor=act.actor.person,
        act=act.name,
        at=act.now,
        payload={**payload, "opened": ids, "cancelled": gone},
        task_id=act.task_id,
        idempotency_key=act.idempotency_key,
        body_hash=audit.digest(act.body) if act.idempotency_key else None,
    )
    fault("store.after_flush")
    _TASKS.add(session, [row for _, row in opened])  # after the case, which a new one refers to
    _CANDIDATES.add(session, [candidate for each, row in opened for candidate in candidate_rows(row["id"], each, act.now)])
    _close_cancelled(session, gone, act.now)
    if waits is not None:
        write_waits(session, case, waits, had_some=bool(waited))
    return [Task(**row) for _, row in opened]


def _keep_way_back(
    session: Session, case: Case, act: Act, state: bytes | None, *, opened: list[str], cancelled: list[str]
) -> None:
    """Keep on the case what it takes to take this act back; any other act puts an end to that."""
    case.undo_of = case.undo = None
    noted = act.journal
    if noted is None or act.decision is None or state is None:
        return
    _hold(session, noted, act)
    close_journal(session)
    if not case.failures and not noted.unnoted:
        way = WayBack(
            decision=act.decision, state=state, opened=opened, cancelled=cancelled, notices=noted.notices, rows=noted.rows
        )
        case.undo_of, case.undo = act.decision, way.pack()


def _hold(session: Session, noted: Journal, act: Act) -> None:
    """Keep back what the act says to others."""
    if not act.held:
        return
    until = act.now + act.held
    for row in session.new:
        if isinstance(row, BusEvent):
            row.effective_at = max(row.effective_at, until)
    for event in noted.events:
        event.effective_at = max(event.effective_at, until)
    if noted.notices:
        early = update(OutboxMessage).where(OutboxMessage.id.in_(noted.notices), OutboxMessage.not_before < until)
        session.execute(early.values(not_before=until), execution_options={"synchronize_session": False})


def open_now(session: Session, case: Case, changes: engine.Changes, now: datetime) -> list[engine.OpenTask]:
    """Return the tasks that were opened and are still open, with their due dates."""
    over = {*changes.closed, *changes.cancelled}
    return [with_working_days(session, case, opened, now) for opened in changes.opened if opened.token not in over]


def describe_changes(changes: engine.Changes) -> dict[str, Any]:
    """Say in the audit which elements were passed, which rules fired, what was sent out and what operations brought."""
    said: dict[str, Any] = {
        "trail": [[step.kind, step.element] for step in changes.trail],
        "tables": [_short_trace(trace) for trace in changes.traces],
    }
    if changes.thrown:
        said["thrown"] = [{"kind": out.kind, "name": out.name, "key": out.key, "caught": out.caught} for out in changes.thrown]
    if changes.moved:
        said["moved"] = [list(moved) for moved in changes.moved]
    if changes.counted:
        said["counted"] = [list(counted) for counted in changes.counted]
    said["performed"] = [
        [done.element, done.operation, done.line, done.result, done.error and list(done.error)] for done in changes.performed
    ]
    return said


def _store_state(case: Case, run: engine.Run, now: datetime) -> None:
    try:
        case.engine_state = engine.save(run)
    except engine.StepFailed as error:
        raise OperationFailed(cause=str(error)) from error
    case.wake_at = run.wake_at
    outcome = run.variables.get("outcome")
    if outcome is not None:
        case.outcome = str(outcome)[:120]
    if run.status == "completed":
        case.state = COMPLETED
        case.ended_at = now
        case.wake_at = None


def _cancelled(changes: engine.Changes, act: Act) -> list[str]:
    """Name the tasks that the case has left without their being done."""
    opened_now = {opened.token for opened in changes.opened}
    return [token for token in changes.cancelled if token != act.task_id and token not in opened_now]


def _close_cancelled(session: Session, gone: list[str], now: datetime) -> None:
    """Close the rows of tasks that the case has left."""
    if not gone:
        return
    rows = update(Task).where(Task.id.in_(gone), Task.state == OPEN).values(state=CANCELLED, closed_at=now)
    closed: Any = session.execute(rows, execution_options={"synchronize_session": False})
    if closed.rowcount != len(gone):
        raise OperationFailed(cause="The case gives up a task that is not open.")


def ensure_tasks_match(run: engine.Run) -> None:
    """Raise unless the tasks that are open in the case are those that were open, and what the act has opened and closed.

    With the count of closed rows this keeps the stored tasks and the state the same, act by act, without reading them.
    """
    changes = run.changes
    opened = {task.token for task in changes.opened}
    if (run.open_before | opened) - {*changes.closed, *changes.cancelled} != set(run.open_tokens):
        raise OperationFailed(cause="The tasks that are open in the case are not the ones that are stored.")


def close_made_good(session: Session, case: Case, run: engine.Run, act: Act) -> None:
    """Close the incidents of a case that an act has settled.

    It is the act that failed and now went through, it has closed the task that could not be completed, it has done what a repair
    wanted done differently, or the case is over with it.
    """
    rows = session.scalars(select(CaseIncident).where(CaseIncident.case_id == case.id, CaseIncident.closed_at.is_(None))).all()
    tasks = {*run.changes.closed, *run.changes.cancelled}
    about = act.facts.get("message")
    for row in rows:
        again = row.state in {FAILED, RETRYING} and (row.act, row.task_id, row.about) == (act.name, act.task_id, about)
        if again or row.task_id in tasks or row.place in run.obeyed or case.state == COMPLETED:
            row.state, row.closed_at, row.closed_by, row.closed_how = CLOSED, act.now, act.actor.person, "MADE_GOOD"
    case.failures = sum(row.closed_at is None for row in rows)
    if not any(row.retry_at for row in rows if row.closed_at is None):
        case.retry_at = None


def count_working_days(session: Session, case: Case, run: engine.Run) -> None:
    """Let the clocks that the act has armed count working days, by the calendar of the area of each task."""
    areas = {opened.token: opened.area for opened in run.changes.opened}

    def add(token: str, since: datetime, days: float) -> datetime:
        if token not in areas:
            areas[token] = session.scalars(select(Task.area).where(Task.id == token)).first()
        return calendar_of(session, areas[token] or case.area).add_working_days(since, days)

    engine.count_working_days(run, add)


def with_working_days(session: Session, case: Case, opened: engine.OpenTask, now: datetime) -> engine.OpenTask:
    """Answer a task with its due date by the calendar of its area, where its diagram gives it working days."""
    if opened.due_days is None:
        return opened
    calendar = calendar_of(session, opened.area or case.area)
    return replace(opened, due_at=calendar.add_working_days(now, opened.due_days))


def _task_row(case: Case, opened: engine.OpenTask, now: datetime) -> dict[str, Any]:
    return {
        "id": opened.token,
        "case_id": case.id,
        "revision": case.revision + 1,  # the one that this act makes
        "due_at": opened.due_at,
        "follow_up_at": opened.follow_up_at,
        "paused_s": 0,
        "widened": bool(opened.candidate_groups[1:] or opened.candidate_users),
        "added_roles": "".join(f"{role} " for role in opened.candidate_groups[1:]),
        "opened_at": now,
        "state": OPEN,
        "tables_used": list(opened.traces),
        **said_of(case, opened),
    }


def said_of(case: Case, opened: engine.OpenTask) -> dict[str, Any]:
    """What the row of a task says in the words of the diagram, apart from its moments."""
    return {
        "element": opened.element,
        "name": opened.name[:LONGEST_LINE],
        "kind": opened.kind,
        "role": opened.candidate_groups[0] if opened.candidate_groups else opened.lane,
        "assignee": opened.assignee,
        "area": opened.area or case.area,
        "organisation": opened.organisation or case.organisation,
        "line": opened.line,
        "form": opened.form,
        "subject": (opened.subject or case.subject)[:LONGEST_LINE],
        "act": opened.act,
        "departs_at": opened.departs_at,
        "risk_rank": rank_of(opened.risk),
        "flagged": bool(flags_of(opened.card)),
        "words": _words_of(case, opened),
        "priority": opened.priority,
        "separate_from": with_former_ids(case, opened.separate_from),
        "card": opened.card,
        "properties": {**opened.properties, "said": opened.said} if opened.said else opened.properties,
    }


def _words_of(case: Case, opened: engine.OpenTask) -> str:
    own = {"subject": opened.subject or case.subject, "question": opened.properties.get("question")}
    texts = [words.get(name) for words in (own, *opened.said.values()) for name in _SEARCHED]
    return words_of(opened.name, *(str(text) for text in texts if text))


def with_former_ids(case: Case, elements: Iterable[str]) -> list[str]:
    """Name elements by all ids that they had in the versions of the case, so that whoever acted under an old id is known."""
    former = case.former_ids or {}
    return [each for element in elements for each in (element, *former.get(element, ()))]


def candidate_rows(task_id: str, opened: engine.OpenTask, now: datetime) -> Iterable[dict[str, Any]]:
    """The further roles and the persons that the diagram names for a task, whose row has marks of them."""
    named = [*((role, None) for role in opened.candidate_groups[1:]), *((None, person) for person in opened.candidate_users)]
    for role, person in named:
        yield {"id": new_id(), "task_id": task_id, "role": role, "person": person, "since": now, "why": ""}


def _short_trace(trace: dict[str, Any]) -> dict[str, Any]:
    rules = [rule["number"] for rule in trace.get("rules", ())]
    short = {"table": trace["decision"], "rules": rules, "line": trace.get("line"), "element": trace.get("element")}
    return {name: value for name, value in short.items() if value is not None}
