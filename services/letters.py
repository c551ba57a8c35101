"""From a notice in the outbox to letters: who receives it, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import authority, definitions
from services.errors import OperationFailed
from services.models.cases import Case
from services.models.outbox import OutboxMessage
from services.models.people import Account, Person
from services.outbox import Letter

FALLBACK_LOCALE = "en"
HOST = "safeconduct.invalid"


def compose(session: Session, message: OutboxMessage, *, now: datetime) -> list[Letter]:
    """Write a notice for everybody who is to receive it now; nobody, when no one holds the role.

    Raises:
        OperationFailed: The process has no such text.
    """
    package = definitions.get_package(session, message.version_id)
    text = package.messages.get(message.code)
    if text is None:
        raise OperationFailed(cause=f'There is no text "{message.code}".')
    case = session.get_one(Case, message.case_id)
    variables: dict[str, Any] = {"case": {"number": case.number, "subject": case.subject}, "no": case.number, **message.variables}
    letters = []
    for person, locale in _receivers(session, message, now=now):
        subject, body = text.render(locale, variables)
        letter = Letter(
            message_id=f"<{message.id}.{person.code}@{HOST}>",
            to=person.email,
            name=person.name,
            subject=subject,
            body=body,
            code=message.code,
            person=person.code,
        )
        letters.append(letter)
    return letters


def _receivers(session: Session, message: OutboxMessage, *, now: datetime) -> list[tuple[Person, str]]:
    codes: Sequence[str] = [message.to_person] if message.to_person else []
    if message.to_role:
        codes = authority.people_in_role(
            session, role=message.to_role, area=message.area, organisation=message.organisation, now=now
        )
    codes = sorted(authority.who_may_know(session, message.case_id, codes, now))
    known = select(Person, Account.locale).outerjoin(Account, Account.person == Person.code)
    rows = session.execute(known.where(Person.code.in_(codes)).order_by(Person.code))
    return [(person, locale or FALLBACK_LOCALE) for person, locale in rows]
