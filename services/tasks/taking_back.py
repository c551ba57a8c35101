"""Taking a decision back: by whoever took it, until the next person has acted.

The record of the decision stays as it was written, and another one takes it back. The case goes back to where it stood; the step
is open again under a new id, and what the act had changed in registers is put back row by row. Who was told is told of this too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, inspect, or_, select, update
from sqlalchemy.orm import Session, undefer

from services import audit, authority, journal, outbox, people
from services.cases.loading import locked, restore_run
from services.errors import ActedSince, InOtherHands, NotAllowed, NotFound, ReasonMissing, ToldElsewhere, TooLateToTakeBack
from services.faults import fault
from services.models.audit import AuditEntry, Decision
from services.models.base import UtcDateTime, new_id
from services.models.bus import BusEvent, BusReceipt
from services.models.cases import CANCELLED, OPEN, Case, Task, TaskCandidate, TaskDraft
from services.models.outbox import OutboxMessage
from services.people import Actor
from services.prepared import Prepared
from services.registers import ceilings
from services.waiting import changed_waits, write_waits
from services.ways_back import WayBack
from workflows import engine

#: So long an act can be taken back without a reason, also when it ended its case, and nothing of it leaves the house.
GRACE = timedelta(seconds=10)
ACT = "take_back"
TOLD = "N-ALL-04"
LEDGER = "ceiling_ledger"
#: Acts on a case that change nothing in its state.
_HARMLESS = ("claim", "release", "assign", "question", "answer", "read", "hold", "lift_hold", ACT)


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenBack:
    """What came of taking a decision back: the record of it, and the step that is open again."""

    case: Case
    decision: Decision
    task: Task


def take_back(session: Session, task_id: str, *, actor: Actor, now: datetime, reason: str = "") -> TakenBack:
    """Take back what the actor decided on a task; doing it twice does it once.

    Args:
        reason: Why. Needed when the decision is older than `GRACE`.

    Raises:
        NotFound: There is no such task for this person.
        NotAllowed: Somebody else decided it, or it was not decided.
        TooLateToTakeBack: The case has moved on; carries who acted, where it was a person.
        ReasonMissing: It was decided some time ago, and no reason is given.
    """
    case, decision = _load(session, task_id, actor=actor, now=now)
    if (done := _find_done(session, case, decision)) is not None:
        return done
    way = _way_back(session, case, decision, now=now)
    _ensure_untouched(session, way, actor=actor)
    if now > decision.decided_at + GRACE and not reason.strip():
        raise ReasonMissing
    fault("take_back.after_load")
    told = _recall(session, way.notices)
    _put_back(session, way, now=now)
    session.refresh(case, with_for_update=None)
    fault("take_back.after_rows")
    record = audit.record_decision(
        session,
        case,
        element=decision.element,
        line=decision.line,
        act=audit.TAKE_BACK,
        outcome=decision.outcome,
        reason_text=reason.strip()[:10_000] or None,
        actor_person=actor.person,
        actor_role=decision.actor_role,
        capacity=decision.capacity,
        acted_for=decision.acted_for,
        delegation_id=decision.delegation_id,
        area=decision.area,
        decided_at=now,
        supersedes_id=decision.id,
    )
    voided = _void_rules(session, case, decision, now=now)
    state, token = engine.renew(way.state, task_id)
    task = _reopen(session, task_id, token, case=case, decision=decision, now=now)
    _move(session, case, state, way, actor=actor, now=now)
    facts = {
        "takes_back": decision.id,
        "voids": voided,
        "tasks": {task_id: token},
        "cancelled": way.opened,
        "reopened": way.cancelled,
        "put_back": sorted({row.table for row in way.rows}),
    }
    audit.append(session, case, actor=actor.person, act=ACT, at=now, task_id=task_id, payload=facts)
    _tell(session, case, told, decision, now=now)
    session.flush()
    fault("take_back.after_store")
    return TakenBack(case=case, decision=record, task=task)


def may_take_back(case: Case, decision: Decision, *, actor: Actor, now: datetime) -> bool:
    """Say whether taking a decision back can be offered; only trying tells whether it goes through."""
    in_time = case.state == OPEN or now <= decision.decided_at + GRACE
    return case.undo_of == decision.id and decision.actor_person == actor.person and in_time


def keeps_ways_back(session: Session, now: datetime) -> bool:
    """Say whether any ended case still keeps how its last act is taken back, although it is too late for that."""
    return bool(_USELESS.rows(session, before=now - GRACE))


def forget_ways_back(session: Session, now: datetime) -> None:
    """Forget how the last acts of ended cases are taken back, once it is too late for that."""
    ended = update(Case).where(_is_useless(now - GRACE)).values(undo=None, undo_of=None)
    session.execute(ended, execution_options={"synchronize_session": False})


def _is_useless(before: Any) -> ColumnElement[bool]:
    return and_(Case.undo_of.is_not(None), Case.ended_at.is_not(None), Case.ended_at < before)


_USELESS = Prepared(lambda: select(Case.id).where(_is_useless(bindparam("before", type_=UtcDateTime))).limit(1))


def _load(session: Session, task_id: str, *, actor: Actor, now: datetime) -> tuple[Case, Decision]:
    found = select(Case, Decision).join(Task, Task.case_id == Case.id).outerjoin(Decision, Decision.task_id == Task.id)
    row = session.execute(locked(found.where(Task.id == task_id)).options(undefer(Case.undo))).one_or_none()
    if row is None:
        raise NotFound
    case, decision = row
    if decision is None or decision.actor_person != actor.person:
        authority.may_see_case(session, actor, case, now)
        raise NotAllowed
    return case, decision


def _find_done(session: Session, case: Case, decision: Decision) -> TakenBack | None:
    """Find the record by which a decision was taken back before."""
    taken = select(Decision).where(
        Decision.case_id == case.id, Decision.supersedes_id == decision.id, Decision.act == audit.TAKE_BACK
    )
    record = session.scalars(taken).one_or_none()
    if record is None:
        return None
    entries = select(AuditEntry).where(AuditEntry.case_id == case.id, AuditEntry.act == ACT)
    tokens = {old: new for entry in session.scalars(entries) for old, new in entry.payload["tasks"].items()}
    return TakenBack(case=case, decision=record, task=session.get_one(Task, tokens[decision.task_id or ""]))


def _way_back(session: Session, case: Case, decision: Decision, *, now: datetime) -> WayBack:
    mine = select(AuditEntry.seq).where(
        AuditEntry.case_id == case.id, AuditEntry.act == "complete", AuditEntry.task_id == decision.task_id
    )
    later = select(AuditEntry).where(
        AuditEntry.case_id == case.id, AuditEntry.act.not_in(_HARMLESS), AuditEntry.seq > mine.scalar_subquery()
    )
    entry = session.scalars(later.order_by(AuditEntry.seq).limit(1)).first()
    if entry is not None and entry.actor != people.SYSTEM.person:
        raise ActedSince(by=people.names_of(session, [entry.actor])[entry.actor], at=entry.at)
    too_late = case.state != OPEN and now > decision.decided_at + GRACE
    if entry is not None or too_late or case.undo is None or case.undo_of != decision.id:
        raise TooLateToTakeBack
    return WayBack.unpack(case.undo)


def _ensure_untouched(session: Session, way: WayBack, *, actor: Actor) -> None:
    """Raise when somebody else has the next step in hand, or other cases have heard of the act."""
    others = select(Task).where(Task.id.in_(way.opened), Task.claimed_by.is_not(None), Task.claimed_by != actor.person)
    task = session.scalars(others.order_by(Task.claimed_at).limit(1)).first()
    if task is not None and task.claimed_by is not None:
        raise InOtherHands(by=people.names_of(session, [task.claimed_by])[task.claimed_by], at=task.claimed_at)
    posted = [row.key["id"] for row in way.rows if row.table == BusEvent.__tablename__ and row.before is None]
    told = or_(BusEvent.handled_at.is_not(None), BusEvent.buffered_at.is_not(None), BusEvent.id.in_(select(BusReceipt.event_id)))
    events = select(BusEvent.id, told).where(BusEvent.id.in_(posted)).with_for_update()
    rows = session.execute(events).all() if posted else []
    if len(rows) != len(posted) or any(row[1] for row in rows):
        raise ToldElsewhere


def _recall(session: Session, ids: Sequence[str]) -> list[OutboxMessage]:
    """Stop the notices that are still in the house; answers those that may have left. Their keys are free for what follows."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids)).with_for_update()).all() if ids else []
    gone = [row for row in rows if row.sent_at is not None or row.attempts]
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_({row.id for row in rows} - {row.id for row in gone})))
    for row in gone:
        row.dedupe = f"{row.dedupe[:400]}|taken back|{row.id}"
    return gone


def _put_back(session: Session, way: WayBack, *, now: datetime) -> None:
    places = [row.after for row in way.rows if row.table == LEDGER and row.before is None and row.after is not None]
    rows = [row for row in way.rows if row.table != LEDGER]
    if journal.put_back(session, rows) is not None or not ceilings.move_back(session, places, now=now):
        raise ToldElsewhere


def _void_rules(session: Session, case: Case, decision: Decision, *, now: datetime) -> list[str]:
    """Take back what was decided by rule because of a decision; answers the ids."""
    chain = audit.in_chain_order(session.scalars(select(Decision).where(Decision.case_id == case.id)).all())
    after = chain[chain.index(decision) + 1 :]
    by_rule = [each for each in after if each.actor_person == people.SYSTEM.person and each.act != audit.TAKE_BACK]
    for each in by_rule:
        audit.record_decision(
            session,
            case,
            element=each.element,
            line=each.line,
            act=audit.TAKE_BACK,
            outcome=each.outcome,
            actor_person=each.actor_person,
            capacity=each.capacity,
            area=each.area,
            decided_at=now,
            supersedes_id=each.id,
        )
    return [each.id for each in by_rule]


def _reopen(session: Session, task_id: str, token: str, *, case: Case, decision: Decision, now: datetime) -> Task:
    """Open a step again under its new id, in the hands of whoever took the decision back, with the answers as they were."""
    old = session.get_one(Task, task_id)
    copied = {column.key: getattr(old, column.key) for column in inspect(Task).column_attrs}
    again = {"id": token, "state": OPEN, "closed_at": None, "opened_at": now, "paused_s": 0}
    # A question ended with the act; what its clock had left to stand still, it stands from now on.
    stands = old.held_until is not None and old.held_until > now
    again |= {"held_from": now if stands else None, "held_until": old.held_until if stands else None}
    again |= {"claimed_by": decision.actor_person, "claimed_at": now}
    task = Task(**{**copied, **again, "revision": case.revision + 1})
    session.add(task)
    for row in session.scalars(select(TaskCandidate).where(TaskCandidate.task_id == task_id)).all():
        session.add(TaskCandidate(id=new_id(), task_id=token, role=row.role, person=row.person, since=row.since, why=row.why))
    typed = {name: value for name, value in decision.answers.items() if value is not None}
    session.add(TaskDraft(task_id=token, person=decision.actor_person, answers=typed, saved_at=now))
    return task


def _move(session: Session, case: Case, state: bytes, way: WayBack, *, actor: Actor, now: datetime) -> None:
    """Let the case stand where it stood."""
    over = update(Task).where(Task.state == OPEN, Task.id.in_(way.opened)).values(state=CANCELLED, closed_at=now)
    session.execute(over, execution_options={"synchronize_session": "fetch"})
    back = update(Task).where(Task.state == CANCELLED, Task.id.in_(way.cancelled)).values(state=OPEN, closed_at=None)
    session.execute(back, execution_options={"synchronize_session": "fetch"})
    case.engine_state, case.undo, case.undo_of = state, None, None
    run = restore_run(session, case, actor=actor, now=now)
    case.wake_at = run.wake_at
    had_some = bool(case.waits)
    waits = changed_waits(case, run)
    if waits is not None:
        write_waits(session, case, waits, had_some=had_some)


def _tell(session: Session, case: Case, told: Sequence[OutboxMessage], decision: Decision, *, now: datetime) -> None:
    """Tell whoever may have heard of the decision that it was taken back."""
    name = people.names_of(session, [decision.actor_person])[decision.actor_person]
    receivers = {(row.to_person, row.to_role, row.area, row.organisation) for row in told}
    for person, role, area, organisation in sorted(receivers, key=str):
        outbox.enqueue(
            session,
            outbox.notice(
                case,
                TOLD,
                now=now,
                to_person=person,
                to_role=role,
                area=area,
                organisation=organisation,
                variables={"by": name, "number": case.number, "subject": case.subject, "at": decision.decided_at.isoformat()},
            ),
        )
