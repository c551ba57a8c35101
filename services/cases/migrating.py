"""Moving one running case to another version of its process.

A case keeps the version with which it began, unless somebody moves it. What people have in hand stays theirs: drafts, claims, due
dates. A case that has no clear place in the new version is refused as a whole, and nothing of it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from services import audit, definitions, people
from services.cases.hosting import OperationHost
from services.cases.loading import take_case
from services.errors import NotFound, RepairRefused
from services.models.cases import OPEN, Case, CaseIncident, Task, TaskCandidate, TaskDraft
from services.models.definitions import ProcessVersion
from services.models.migrating import GONE, MOVED, REFUSED
from services.people import Actor
from services.progress import candidate_rows, said_of, with_working_days
from services.waiting import changed_waits, write_waits
from workflows import engine
from workflows.errors import Problem

#: What is said of a task; when one of these changes, whoever has it open looks at it anew before it is done.
SEEN = ("element", "role", "form", "act")


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What became of a case, or would become of it.

    Attributes:
        state: MOVED, REFUSED, or GONE when it is over or in another version already.
        said: In sentences; those against it are no advice.
    """

    case_id: str
    number: str
    state: str
    said: list[Problem] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """What is against it."""
        return [said for said in self.said if not said.is_advice]


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """From which version to which, and how.

    Attributes:
        mapping: Ids of the old version and what takes their place in the new one; what is not named keeps its id.
        renew_due: Whether due dates are worked out anew, instead of staying.
    """

    source: ProcessVersion
    target: ProcessVersion
    mapping: Mapping[str, str]
    renew_due: bool = False


def migrate_case(
    session: Session,
    case_id: str,
    to_version: ProcessVersion,
    mapping: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    renew_due: bool = False,
) -> Report:
    """Move a case to another version of its process, or say what would become of it.

    Args:
        dry_run: Change nothing; works in a transaction that only reads.

    Raises:
        NotFound: There is no such case.
        RepairRefused: It is a version of another process.
    """
    case = _look(session, case_id) if dry_run else take_case(session, case_id)
    if case.process_key != to_version.key:
        raise RepairRefused("A case can only be moved to another version of its own process.")
    source = session.get_one(ProcessVersion, case.version_id)
    course = Course(source=source, target=to_version, mapping=mapping, renew_due=renew_due)
    if case.ended_at is not None:
        return _report(case, GONE, [_advice("The case is over.")])
    if case.version_id == to_version.id:
        return _report(case, GONE, [_advice("The case is in this version already.")])
    host = OperationHost(session, case, actor=actor, now=now)
    old, new = (definitions.get_program(session, version.id) for version in (source, to_version))
    try:
        moved = engine.migrate(old, new, case.engine_state or b"", mapping, host=host, now=now)
        moved = replace(moved, tasks=[with_working_days(session, case, each, now) for each in moved.tasks])
    except engine.StateRefused as error:
        return _report(case, REFUSED, [Problem(where=case.number, sentence=error.sentence, facts=error.facts)])
    if moved.run is None:
        return _report(case, REFUSED, [*moved.problems, *moved.notes])
    rows = {row.id: row for row in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == OPEN))}
    if set(rows) != set(moved.run.open_tokens):
        return _report(case, REFUSED, [_problem("The stored tasks of the case are not the ones that are open in it.")])
    said = [*_say_tasks(session, case, course, moved.tasks, rows), *moved.notes]
    if not dry_run:
        _store(session, case, course, moved, rows, actor=actor, now=now)
    return _report(case, MOVED, said)


def _look(session: Session, case_id: str) -> Case:
    case = session.get(Case, case_id, options=[undefer(Case.engine_state)])
    if case is None:
        raise NotFound
    return case


def _store(
    session: Session,
    case: Case,
    course: Course,
    moved: engine.Moved,
    rows: Mapping[str, Task],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if moved.run is None:
        return
    former, waited = dict(case.former_ids or {}), case.waits
    for old, new in course.mapping.items():
        former[new] = sorted({old, *former.get(old, ()), *former.get(new, ())})
    case.former_ids = former or None
    case.version_id = course.target.id
    case.engine_state, case.wake_at = engine.save(moved.run), moved.run.wake_at
    case.undo_of = case.undo = None
    waits = changed_waits(case, moved.run)
    for opened in moved.tasks:
        _rewrite_task(session, case, course, rows[opened.token], opened, now)
    _rename_candidates(session, moved.tasks, rows, now)
    if case.failures:
        _rename_incidents(session, case, course.mapping)
    facts = {
        "from": {"id": course.source.id, "version": course.source.version},
        "to": {"id": course.target.id, "version": course.target.version},
        "mapping": dict(course.mapping),
        "state": [case.state, case.state],
    }
    audit.append(session, case, actor=actor.person, act="migrate", at=now, payload=facts)
    if waits is not None:
        write_waits(session, case, waits, had_some=bool(waited))


def _rewrite_task(session: Session, case: Case, course: Course, row: Task, opened: engine.OpenTask, now: datetime) -> None:
    said = said_of(case, opened)
    if any(getattr(row, name) != said[name] for name in SEEN) or _form_differs(session, course, row.form, opened.form):
        row.revision = case.revision + 1
    if _changes_hands(row, opened, said):
        row.claimed_by = row.claimed_at = None
    for name, value in said.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    if course.renew_due:
        row.due_at, row.follow_up_at = opened.due_at, opened.follow_up_at


def _rename_candidates(session: Session, opened: Iterable[engine.OpenTask], rows: Mapping[str, Task], now: datetime) -> None:
    """Let those stand beside a task whom the new version names; whoever came to it by an escalation keeps it."""
    stored = select(TaskCandidate).where(TaskCandidate.task_id.in_(rows), TaskCandidate.why == "")
    before = list(session.scalars(stored))
    for each in opened:
        had = {(row.role, row.person): row for row in before if row.task_id == each.token}
        wanted = {(row["role"], row["person"]): row for row in candidate_rows(each.token, each, now)}
        for gone in had.keys() - wanted.keys():
            session.delete(had[gone])
        session.add_all(TaskCandidate(**wanted[new]) for new in wanted.keys() - had.keys())


def _rename_incidents(session: Session, case: Case, mapping: Mapping[str, str]) -> None:
    rows = select(CaseIncident).where(CaseIncident.case_id == case.id, CaseIncident.closed_at.is_(None))
    for incident in session.scalars(rows):
        if incident.element:
            incident.element = mapping.get(incident.element, incident.element)
        if incident.place:
            incident.place = _renamed(incident.place, mapping)
        if incident.orders:
            incident.orders = {_renamed(place, mapping): order for place, order in incident.orders.items()}


def _renamed(place: str, mapping: Mapping[str, str]) -> str:
    parts = (part.partition("[") for part in place.split("/"))
    return "/".join(mapping.get(name, name) + bracket + rest for name, bracket, rest in parts)


def _say_tasks(
    session: Session, case: Case, course: Course, opened: Iterable[engine.OpenTask], rows: Mapping[str, Task]
) -> list[Problem]:
    drafts = session.scalars(select(TaskDraft).where(TaskDraft.task_id.in_(rows)).order_by(TaskDraft.saved_at)).all()
    codes = {draft.person for draft in drafts} | {row.claimed_by for row in rows.values() if row.claimed_by}
    names = people.names_of(session, codes)
    said: list[Problem] = []
    for each in opened:
        row = rows[each.token]
        said += _say_task(case, course, row, each, names)
        said += _say_drafts(session, course, each, [draft for draft in drafts if draft.task_id == row.id], names)
    return said


def _say_task(case: Case, course: Course, row: Task, opened: engine.OpenTask, names: Mapping[str, str]) -> Iterator[Problem]:
    said = said_of(case, opened)
    task = {"where": opened.element, "task": opened.name or opened.element}
    yield _advice("The task {task} stays open.", **task)
    if row.role != said["role"]:
        yield _advice("The task {task} goes from {old} to {new}.", **task, old=row.role or "-", new=said["role"] or "-")
    if row.claimed_by and _changes_hands(row, opened, said):
        yield _advice("{person} no longer has the task {task} in hand.", **task, person=names[row.claimed_by])
    elif row.claimed_by:
        yield _advice("{person} keeps the task {task} in hand.", **task, person=names[row.claimed_by])
    if course.renew_due and opened.due_at != row.due_at:
        yield _advice("The task {task} becomes due at {moment}.", **task, moment=_moment(opened.due_at))
    elif row.due_at:
        yield _advice("The task {task} stays due at {moment}.", **task, moment=_moment(row.due_at))


def _say_drafts(
    session: Session, course: Course, opened: engine.OpenTask, drafts: Sequence[TaskDraft], names: Mapping[str, str]
) -> Iterator[Problem]:
    form = definitions.get_package(session, course.target.id).forms.get(opened.form or "")
    asked = set(form.keys) if form is not None else set()
    for draft in drafts:
        facts = {"task": opened.name or opened.element, "person": names[draft.person]}
        yield _advice("The draft of {person} for the task {task} is kept.", where=opened.element, **facts)
        lost = sorted(set(draft.answers) - asked)
        if lost:
            sentence = "In the draft of {person} for the task {task}, {fields} is not asked any more."
            yield _advice(sentence, where=opened.element, **facts, fields=", ".join(lost))


def _changes_hands(row: Task, opened: engine.OpenTask, said: Mapping[str, Any]) -> bool:
    """Whether others do the task in the new version, so that it must not stay in the hand of somebody who may not."""
    return row.role != said["role"] or (said["assignee"] is not None and said["assignee"] != row.claimed_by)


def _form_differs(session: Session, course: Course, old: str | None, new: str | None) -> bool:
    return _form_of(session, course.source, old) != _form_of(session, course.target, new)


def _form_of(session: Session, version: ProcessVersion, name: str | None) -> bytes | None:
    return definitions.get_package(session, version.id).files.get(f"forms/{name}.form") if name else None


def _moment(at: datetime | None) -> str:
    return "-" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _report(case: Case, state: str, said: list[Problem]) -> Report:
    return Report(case_id=case.id, number=case.number, state=state, said=said)


def _advice(sentence: str, *, where: str = "", **facts: Any) -> Problem:
    return Problem(where=where, sentence=sentence, facts=facts, is_advice=True)


def _problem(sentence: str) -> Problem:
    return Problem(where="", sentence=sentence)
