"""What an operation works with: the case, the act it belongs to, and the few ways in which it may leave traces."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services import audit, outbox
from services.models.audit import Decision
from services.models.base import new_id
from services.models.cases import OPEN, Case, CaseParty, Task, TaskCandidate
from services.models.clearances import KpiEvent
from services.people import SYSTEM, Actor
from services.posting import post_event
from services.prepared import Prepared, PreparedInsert
from workflows import engine

_COUNTED = PreparedInsert(KpiEvent)
_PARTY_TABLE = frozenset({CaseParty.__tablename__})
_PARTIES = Prepared(
    lambda: select(CaseParty.person, CaseParty.kind, CaseParty.line).where(CaseParty.case_id == bindparam("case_id"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """One call of an operation: for which case, by whose act, when, and from which element of the diagram."""

    session: Session
    case: Case
    actor: Actor
    now: datetime
    version_id: str
    call: engine.Call

    def set_status(self, word: str) -> None:
        """Say in one word where the request stands."""
        if self.case.status != word:
            self.case.status = word
            self.case.status_since = self.now

    def party(self, person: str, kind: str, line: str | None = None) -> None:
        """Note a person whom the case concerns; noted once."""
        rows = _PARTIES.recall(self.session, beside=_PARTY_TABLE, case_id=self.case.id)
        waiting = [row for row in self.session.new if isinstance(row, CaseParty) and row.case_id == self.case.id]
        known = {(row.person, row.kind, row.line) for row in rows} | {(row.person, row.kind, row.line) for row in waiting}
        if (person, kind, line) not in known:
            self.session.add(CaseParty(id=new_id(), case_id=self.case.id, person=person, kind=kind, line=line))

    def notify(
        self,
        code: str,
        receivers: Iterable[str],
        *,
        facts: dict[str, Any],
        area: str | None = None,
        organisation: str | None = None,
        line: str | None = None,
        urgent: bool = False,
    ) -> None:
        """Put notices into the outbox, one per receiver: a person by code (there is a dot in it) or a role.

        The same notice with the same facts from the same element goes out once, however often the element is run.
        """
        content = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]

        def notice(receiver: str) -> dict[str, Any]:
            is_person = "." in receiver
            return outbox.notice(
                self.case,
                code,
                now=self.now,
                to_person=receiver if is_person else None,
                to_role=None if is_person else receiver,
                area=area,
                organisation=organisation,
                variables={**facts, "urgent": True} if urgent else facts,
                dedupe="|".join((self.case.number, self.call.element, code, receiver, line or "", content)),
            )

        outbox.enqueue(self.session, *map(notice, dict.fromkeys(receivers)))

    def record_decision(
        self,
        *,
        act: str,
        outcome: str,
        line: str | None,
        area: str | None,
        reason_code: str | None = None,
        reason_text: str | None = None,
        conditions: Sequence[Any] = (),
        valid_from: datetime | None = None,
        valid_to: datetime | None = None,
    ) -> Decision:
        """Record a decision that no person took: by rule or by the clock, with the tables that led to it."""
        return audit.record_decision(
            self.session,
            self.case,
            element=self.call.element,
            line=line,
            act=act,
            outcome=outcome,
            conditions=conditions,
            reason_code=reason_code,
            reason_text=reason_text,
            actor_person=SYSTEM.person,
            capacity="SYSTEM",
            area=area,
            decided_at=self.now,
            valid_from=valid_from,
            valid_to=valid_to,
            tables_used=self.call.traces,
        )

    def find_decision(self, line: str, act: str) -> Decision | None:
        """Return the newest decision of an act on a line."""
        return audit.find_decision(self.session, self.case, line=line, act=act)

    def add_candidate(
        self, elements: Sequence[str], line: str | None, *, role: str | None = None, person: str | None = None, why: str
    ) -> bool:
        """Let a further role or person act on an open task beside those who can. Says whether there was such a task."""
        query = select(Task).where(Task.case_id == self.case.id, Task.state == OPEN, Task.element.in_(elements))
        if line is not None:
            query = query.where(Task.line == line)
        tasks = self.session.scalars(query).all()
        for task in tasks:
            known = select(TaskCandidate.id).where(TaskCandidate.task_id == task.id)
            same = TaskCandidate.role == role if role is not None else TaskCandidate.person == person
            if self.session.scalar(known.where(same).limit(1)) is None:
                candidate = TaskCandidate(id=new_id(), task_id=task.id, role=role, person=person, since=self.now, why=why)
                self.session.add(candidate)
        return bool(tasks)

    def count(self, name: str, *, area: str | None = None, **facts: Any) -> None:
        """Note something that counts in an indicator."""
        row = {"id": new_id(), "name": name, "case_id": self.case.id, "area": area, "at": self.now, "facts": facts}
        _COUNTED.add(self.session, [row])

    def tell_bus(self, kind: str, area: str | None, payload: dict[str, Any], *, effective_at: datetime | None = None) -> None:
        """Put an event onto the bus, for other cases and processes; one announced for later is told then."""
        post_event(
            self.session,
            kind,
            area=area,
            payload=payload,
            by=self.actor.person,
            now=self.now,
            effective_at=effective_at,
            case_id=self.case.id,
        )
