"""Handing a task over to somebody by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import audit, authority, outbox, people
from services.authority import Candidate
from services.authority.ways import is_current
from services.errors import ClaimedByOther, NotAllowed
from services.models.authority import Absence
from services.models.cases import Task
from services.people import Actor
from services.tasks.claiming import load_open
from services.tasks.completing import capacity_of
from services.tasks.loading import Loaded

HANDED_OVER = "N-ALL-03"
LONGEST_NOTE = 1000


class NotEligible(NotAllowed):
    """{name} may not act on this task. Choose somebody from the list of those who may."""


def assign_task(session: Session, task_id: str, *, to: str, actor: Actor, now: datetime, note: str = "") -> Task:
    """Hand a task over: it is then in the hands of the other person, who is told; all others keep their right to act later.

    Whoever may act on the task may hand it over, and whoever has it in hand, even without being allowed to act any more. What a
    colleague has in hand stays with that colleague, except one who is away or may not act any more.

    Args:
        to: The code of somebody who may act on the task now.
        note: What the other person should know.

    Raises:
        NotFound, AlreadyDecided, TaskClosed, NotAllowed: As for completing it.
        ClaimedByOther: A colleague is working on it.
        NotEligible: The other person may not act on it: no role, or kept out by separation of duties.
    """
    loaded = load_open(session, task_id, actor=actor, now=now)
    task, case = loaded.task, loaded.case
    able = {one.person: one for one in authority.candidates(session, task, now)}
    _ensure_may_hand_over(session, loaded, able, actor=actor, now=now)
    if to not in able:
        raise NotEligible(name=people.names_of(session, [to]).get(to, to))
    if task.claimed_by == to:
        return task
    before = task.claimed_by
    task.claimed_by, task.claimed_at = to, now
    facts = {"to": to, "note": note.strip()[:LONGEST_NOTE], "from": before}
    audit.append(
        session, case, actor=actor.person, act="assign", at=now, task_id=task.id, payload={k: v for k, v in facts.items() if v}
    )
    if to != actor.person:
        _tell(session, loaded, to=to, note=facts["note"] or "", actor=actor, now=now)
    return task


def _ensure_may_hand_over(session: Session, loaded: Loaded, able: dict[str, Candidate], *, actor: Actor, now: datetime) -> None:
    holder = loaded.task.claimed_by
    if holder == actor.person:
        return
    capacity_of(session, loaded, actor=actor, now=now)
    if holder is not None and holder in able and not _is_away(session, holder, now):
        raise ClaimedByOther(by=people.names_of(session, [holder])[holder], at=loaded.task.claimed_at)


def _is_away(session: Session, person: str, now: datetime) -> bool:
    away = select(Absence.id).where(Absence.person == person, is_current(Absence, now))
    return session.scalar(away.limit(1)) is not None


def _tell(session: Session, loaded: Loaded, *, to: str, note: str, actor: Actor, now: datetime) -> None:
    task = loaded.task
    facts = {
        "task": task.name,
        "subject": task.subject,
        "by": people.names_of(session, [actor.person])[actor.person],
        "note": note or "–",
        "due": task.due_at.isoformat() if task.due_at else "–",
    }
    outbox.enqueue(session, outbox.notice(loaded.case, HANDED_OVER, now=now, to_person=to, variables=facts))
