"""Changing a request that waits: what a change replaces, field by field, what it means, and the versions that come of it.

What a message of a requester does to a request is known to its process only. The event that catches the message says so in
properties: `ask.preview` names an operation that reads what would be replaced, `ask.table` the decision that judges it, and
`ask.note` what holds of every such change, such as that it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import definitions, people
from services.authority import Sight
from services.cases.hosting import OperationHost
from services.cases.loading import look_into
from services.errors import OperationFailed
from services.models.audit import AuditEntry
from services.models.cases import Case
from services.operations import CATALOGUE
from services.people import Actor
from workflows import engine
from workflows.diagrams import Element
from workflows.errors import SafeconductError
from workflows.packages import ASK_NOTE

PREVIEW, TABLE = "ask.preview", "ask.table"
#: Under this name the audit keeps what an act has changed in a request.
DIFFERENCES = "differences"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field of a request that changes.

    Attributes:
        row: The number of the row of a list that it is in, as people count; None outside of lists.
        area: The area that the row lies in, which decides who may read it.
        field: The name of the answer.
    """

    row: int | None
    area: str | None
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a change means: the word and the note of the table that judges it."""

    row: int | None
    area: str | None
    action: str
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Amendment:
    """A change before it is sent.

    Attributes:
        note: What the process says of it whatever it changes; may be empty.
    """

    differences: list[Difference] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    note: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """What the audit keeps of it."""
        return {DIFFERENCES: [asdict(each) for each in self.differences]} if self.differences else {}


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestVersion:
    """A request as it was sent, or sent anew.

    Attributes:
        number: 1 for the request as it was first sent.
        differences: What changed from the version before, as far as the reader may see it.
    """

    number: int
    at: datetime
    by: str
    by_name: str
    differences: list[Difference]


def preview_message(
    session: Session, case: Case, element: Element, answers: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Amendment:
    """Say what a message would change in a request, without sending it.

    Args:
        element: The event that waits for the message.
        answers: What it would carry, checked.

    Raises:
        OperationFailed: It cannot be worked out.
    """
    name = element.properties.get(PREVIEW, "")
    known = CATALOGUE.get(name)
    if known is None:
        return Amendment()
    variables = {**look_into(session, case, now=now).variables, **answers}
    call = engine.Call(element=element.id, token="", headers={}, traces=[], line=None, area=None)
    host = OperationHost(session, case, actor=actor, now=now)
    try:
        found = host.perform(name, {each: variables.get(each) for each in known.inputs}, call)
        effects = _judge(session, case, element.properties.get(TABLE, ""), found.get("facts") or [], now=now)
    except (engine.StepFailed, SafeconductError) as error:
        raise OperationFailed(cause=str(error)) from error
    note = element.properties.get(ASK_NOTE, "")
    return Amendment(differences=_read_differences(found.get("differences") or []), effects=effects, note=note)


def _judge(session: Session, case: Case, table: str, facts: Iterable[Mapping[str, Any]], *, now: datetime) -> list[Effect]:
    if not table:
        return []
    program = definitions.get_program(session, case.version_id)
    judged = ((fact, program.decide(table, fact, now).value) for fact in facts)
    return [
        Effect(
            row=fact.get("row"), area=fact.get("area"), action=str(value.get("action") or ""), note=str(value.get("note") or "")
        )
        for fact, value in judged
        if isinstance(value, Mapping)
    ]


def _read_differences(listed: Iterable[Mapping[str, Any]]) -> list[Difference]:
    return [
        Difference(
            row=each.get("row"),
            area=each.get("area"),
            field=str(each.get("field") or ""),
            before=each.get("before"),
            after=each.get("after"),
        )
        for each in listed
    ]


def list_request_versions(
    entries: Iterable[AuditEntry], case: Case, names: Mapping[str, str], sight: Sight
) -> list[RequestVersion]:
    """Return the versions of a request, the first one first, from its audit; a request that never changed has one.

    Differences in areas that the reader does not see are left out, the versions are not.
    """
    first = RequestVersion(
        number=1,
        at=case.started_at,
        by=case.started_by,
        by_name=names.get(case.started_by, case.started_by),
        differences=[],
    )
    changed = [entry for entry in entries if entry.payload.get(DIFFERENCES)]
    return [
        first,
        *(
            RequestVersion(
                number=number,
                at=entry.at,
                by=entry.actor,
                by_name=names.get(entry.actor, entry.actor),
                differences=[
                    each
                    for each in _read_differences(entry.payload[DIFFERENCES])
                    if sight.areas is None or sight.sees_area(each.area)
                ],
            )
            for number, entry in enumerate(changed, start=2)
        ),
    ]


def differences(session: Session, case: Case, sight: Sight) -> list[RequestVersion]:
    """Return the versions of a request for somebody who decides on it, by what they may see of the case. Two queries."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.case_id == case.id, AuditEntry.act.in_(("message", "complete")))
        .order_by(AuditEntry.seq)
    ).all()
    names = people.names_of(session, {case.started_by, *(entry.actor for entry in entries)})
    return list_request_versions(entries, case, names, sight)
