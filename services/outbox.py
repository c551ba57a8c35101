"""Notices on their way out.

They are put down in the transaction of the act and sent after it: at least once, each under a message id that never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr
from functools import lru_cache
from string import digits
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select, true, update
from sqlalchemy.orm import Session

from services.journal import note_notice
from services.models.base import UtcDateTime, new_id
from services.models.cases import Case
from services.models.outbox import OutboxMessage
from services.prepared import PreparedInsert

_UNLESS_SAID = PreparedInsert(OutboxMessage, unless_known="dedupe")
MOST_ATTEMPTS = 12
LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=6)
#: Stands in a letter for the address of this installation, which only whoever sends it knows.
ADDRESS = "{address}"
DEFAULT_ADDRESS = "http://localhost:8460"
#: Stands in a letter for what opens something to its receiver alone; only whoever sends it has the key to write it.
SEAL = "{seal}"
#: Two parts of a short message; in scripts other than Latin a gateway sends it in more.
LONGEST_SHORT_MESSAGE = 306


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A notice to one person, in that person's language.

    Attributes:
        footer: What stands below the text in the mail: facts, and links that begin with ADDRESS.
        unsubscribe: The path of the page on which the person chooses which mails come.
        phone, path: For what concerns somebody's safety: the mobile phone that hears of it as well, and the page that it names.
        nonce: What is sealed where the text says SEAL.
    """

    message_id: str
    to: str
    name: str
    subject: str
    body: str
    code: str = ""
    person: str = ""
    footer: str = ""
    unsubscribe: str = ""
    phone: str = ""
    path: str = ""
    nonce: str = ""

    def as_mail(self, sender: str, address: str = DEFAULT_ADDRESS, seal: Callable[[str], str] = str) -> EmailMessage:
        """Write it as a mail. A line break in a subject would start a new header, so there is none."""
        base = address.rstrip("/")
        mail = EmailMessage()
        mail["Message-ID"] = self.message_id
        mail["From"] = sender
        mail["To"] = formataddr((_one_line(self.name), self.to))
        mail["Subject"] = _one_line(self.subject)
        mail["Auto-Submitted"] = "auto-generated"
        if self.unsubscribe:
            mail["List-Unsubscribe"] = f"<{base}{self.unsubscribe}>"
        text = "\n\n".join(part for part in (self.body, self.footer) if part)
        text = text.replace(ADDRESS, base)
        mail.set_content(text.replace(SEAL, seal(self.nonce)) if self.nonce else text)
        return mail

    def as_mails(
        self, sender: str, address: str = DEFAULT_ADDRESS, gateway: str = "", seal: Callable[[str], str] = str
    ) -> list[EmailMessage]:
        """Write everything that leaves for it: the short message first, where a phone is to hear of it, then the mail."""
        short = self.as_short_message(sender, gateway, address)
        return [*([short] if short else []), self.as_mail(sender, address, seal)]

    def as_short_message(self, sender: str, gateway: str, address: str = DEFAULT_ADDRESS) -> EmailMessage | None:
        """Write it for a gateway that turns mails into short messages; None when no phone is to hear of it.

        Args:
            gateway: The gateway's address with `{number}`, the international number without its plus, in it.
        """
        number = "".join(sign for sign in self.phone if sign in digits)
        if not gateway or not number:
            return None
        link = f"{address.rstrip('/')}{self.path}"
        text = _one_line(self.body or self.subject)
        room = LONGEST_SHORT_MESSAGE - len(link) - 1
        mail = EmailMessage()
        mail["Message-ID"] = self.message_id.replace("<", "<short.", 1)
        mail["From"] = sender
        mail["To"] = gateway.replace("{number}", number)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"{text if len(text) <= room else text[: room - 1] + '…'} {link}")
        return mail


class Mailer(Protocol):
    """Whatever takes letters out of the house."""

    def send(self, letter: Letter) -> None:
        """Send it, or raise OSError to have it tried again later."""


def enqueue(session: Session, *notices: dict[str, Any]) -> None:
    """Put down notices, as `notice` makes them; they leave only if the transaction is committed."""
    _UNLESS_SAID.add(session, notices)
    for each in notices:
        note_notice(session, each["id"])


def notice(
    case: Case,
    code: str,
    *,
    now: datetime,
    to_person: str | None = None,
    to_role: str | None = None,
    area: str | None = None,
    organisation: str | None = None,
    variables: dict[str, Any] | None = None,
    dedupe: str | None = None,
    not_before: datetime | None = None,
) -> dict[str, Any]:
    """Make the row of a notice.

    Args:
        code: The text, a file in the process's messages/.
        dedupe: Of all notices under this key only the first is kept.
    """
    message_id = new_id()
    return {
        "id": message_id,
        "case_id": case.id,
        "code": code,
        "to_person": to_person,
        "to_role": to_role,
        "area": area,
        "organisation": organisation,
        "variables": variables or {},
        "version_id": case.version_id,
        "dedupe": message_id if dedupe is None else dedupe[:500],
        "created_at": now,
        "not_before": not_before or now,
        "attempts": 0,
    }


def claim_due(
    session: Session,
    now: datetime,
    *,
    only: ColumnElement[bool] | None = None,
    parameters: Mapping[str, Any] | None = None,
    limit: int = 50,
) -> list[OutboxMessage]:
    """Take notices that are due, for the time of a lease; whoever dies while sending leaves them to the next.

    Args:
        only: A condition on the rows; the others stay until it holds for them.
        parameters: What the condition asks for by name.
    """
    asked = {"due_by": now, "most": limit, **(parameters or {})}
    claimed = list(session.scalars(_due(only), asked))
    for message in claimed:
        message.not_before = now + LEASE
        message.attempts += 1
    return claimed


@lru_cache(maxsize=4)
def _due(only: ColumnElement[bool] | None) -> Select[OutboxMessage]:
    """Build the question for what is due; it is asked in every round of the jobs, whether anything is or not."""
    waiting = select(OutboxMessage).where(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.failed_at.is_(None),
        OutboxMessage.not_before <= bindparam("due_by", type_=UtcDateTime),
        true() if only is None else only,
    )
    in_order = waiting.order_by(OutboxMessage.not_before, OutboxMessage.id).limit(bindparam("most", type_=Integer))
    return in_order.with_for_update(skip_locked=True)


def mark_sent(session: Session, message_id: str, now: datetime) -> None:
    """Note that a notice has left."""
    _settle(session, message_id, sent_at=now, error=None)


def mark_failed(session: Session, message: OutboxMessage, cause: str, now: datetime) -> None:
    """Note that a notice could not be sent: try again later, less and less often, and give up in the end."""
    given_up = message.attempts >= MOST_ATTEMPTS
    pause = min(timedelta(minutes=2**message.attempts), LONGEST_PAUSE)
    _settle(session, message.id, error=cause[:500], not_before=now + pause, failed_at=now if given_up else None)


def list_of_case(session: Session, case_id: str) -> list[OutboxMessage]:
    """Return the notices of a case, the oldest first."""
    rows = select(OutboxMessage).where(OutboxMessage.case_id == case_id)
    return list(session.scalars(rows.order_by(OutboxMessage.created_at, OutboxMessage.id)))


def _settle(session: Session, message_id: str, **values: Any) -> None:
    rows = update(OutboxMessage).where(OutboxMessage.id == message_id)
    session.execute(rows.values(**values), execution_options={"synchronize_session": False})


def _one_line(text: str) -> str:
    return " ".join(text.split())
