"""What officials, beside the parties, may send to a case: the event that catches the message says who, and about what.

It says so in properties (workflows/packages/asking.py). Whoever sends such a message about a row acts in the area of that row,
so the rules of separation hold as for a task there, and as for one that decides unless the event names another act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services import authority
from services.authority import Capacity
from services.cases.loading import look_into
from services.errors import MessageNotExpected, NotAllowed, NotYourRole
from services.models.cases import Case, Task
from services.people import SYSTEM, Actor
from services.proof import ensure_proved
from services.separation import DECIDE, objection, read_facts
from workflows import feel
from workflows.diagrams import Element
from workflows.packages import ASK_ACT, ASK_ROW, ASK_ROWS, Package, roles_asked

#: Under these names the message says in which capacity it was sent, and about which row.
SENT_BY, CHOSEN = "sent_by", "row"

Row = Mapping[str, Any]


def is_for_officials(event: Element) -> bool:
    """Say whether a message is sent by officials; every other is sent by the parties of the case."""
    return bool(roles_asked(event))


def is_for_role_of(session: Session, event: Element, *, actor: Actor, now: datetime) -> bool:
    """Say whether the actor holds, somewhere, a role that may send the message."""
    held = {row.role for row in authority.roles_held(session, actor.person, now)}
    return not held.isdisjoint(roles_asked(event))


def find_official_event(package: Package, message: str) -> Element | None:
    """Find an event that catches a message of officials."""
    elements = (element for diagram in package.diagrams.values() for element in diagram.elements.values())
    caught = (each for each in elements if each.event is not None and each.event.kind == "message" and each.event.name == message)
    return next((element for element in caught if is_for_officials(element)), None)


def list_rows(
    session: Session, case: Case, event: Element, known: Mapping[str, Any], *, actor: Actor, now: datetime
) -> list[Row]:
    """List the rows about which the actor may send the message.

    Args:
        known: What the case knows, as far as the actor may see it.
    """
    if not is_for_role_of(session, event, actor=actor, now=now):
        return []
    return [row for row in _rows(event, known, now) if _is_free(session, case, event, row, actor=actor, now=now)]


def sign(
    session: Session, case: Case, event: Element, payload: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Say for a message in which capacity the actor sends it, and the row that it is about; the system sends without one.

    Raises:
        NotFound: The actor does not even see the case.
        NotYourRole, OwnMatter, AlreadyActed: The actor may not send it about this row.
        MessageNotExpected: There is no such row, or not any more.
        ProofNeeded: The event asks for the actor's password, which was not entered lately.
    """
    if actor.person == SYSTEM.person:
        return {SENT_BY: asdict(Capacity(role=None, capacity="SYSTEM"))}
    sight = authority.may_see_case(session, actor, case, now)
    rows = _rows(event, look_into(session, case, now=now).variables, now)
    chosen = _choose(event, rows, payload)
    if not is_for_role_of(session, event, actor=actor, now=now):
        raise NotYourRole
    if chosen is None or not sight.sees_area(chosen["area"]):
        raise MessageNotExpected
    capacity = _capacity(session, case, event, chosen, actor=actor, now=now)
    ensure_proved(actor, event.properties, now=now)
    return {SENT_BY: asdict(capacity), CHOSEN: dict(chosen)}


def _rows(event: Element, known: Mapping[str, Any], now: datetime) -> Sequence[Row]:
    found = feel.to_json(feel.parse(event.properties[ASK_ROWS].removeprefix("=")).evaluate(known, now=now))
    return [row for row in found or () if isinstance(row, dict) and row.get("key") and row.get("area")]


def _choose(event: Element, rows: Sequence[Row], payload: Mapping[str, Any]) -> Row | None:
    answer = event.properties.get(ASK_ROW)
    if answer is None:
        return rows[0] if len(rows) == 1 else None
    return next((row for row in rows if row["key"] == payload.get(answer)), None)


def _is_free(session: Session, case: Case, event: Element, row: Row, *, actor: Actor, now: datetime) -> bool:
    try:
        _capacity(session, case, event, row, actor=actor, now=now)
    except NotAllowed:
        return False
    return True


def _capacity(session: Session, case: Case, event: Element, row: Row, *, actor: Actor, now: datetime) -> Capacity:
    facts = read_facts(session, case_id=case.id, area=row["area"], now=now)
    refusal: NotAllowed = NotYourRole()
    act = event.properties.get(ASK_ACT, DECIDE)
    for role in roles_asked(event):
        task = Task(case_id=case.id, act=act, role=role, area=row["area"], line=row["key"], separate_from=[])
        for person, way in authority.acting(session, role=role, area=row["area"], organisation=case.organisation, now=now):
            if person != actor.person:
                continue
            objected = objection(person, way=way, task=task, facts=facts)
            if objected is None:
                return Capacity.of(way, person)
            refusal = objected
    raise refusal
