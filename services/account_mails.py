"""The mails about accounts as they leave: claimed, written in the language of their reader, tried again, given up in the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.models.account_mails import ADDRESS as MOVED
from services.models.account_mails import CLOSED, OPENED, PASSWORD, AccountMail
from services.models.base import UtcDateTime
from services.models.people import Account, Person
from services.notices.receiving import FALLBACK_LOCALE
from services.notices.texts import common
from services.notices.wording import say_moment
from services.outbox import ADDRESS, LEASE, LONGEST_PAUSE, MOST_ATTEMPTS, Letter

#: Where a new password is asked for.
PATH = "/forgotten"
_TEXTS = {PASSWORD: "MAIL-PASSWORD", OPENED: "MAIL-OPENED", CLOSED: "MAIL-CLOSED", MOVED: "MAIL-ADDRESS"}
_DUE = select(AccountMail).where(AccountMail.given_up_at.is_(None), AccountMail.not_before <= bindparam("by", type_=UtcDateTime))


def is_any_due(session: Session, now: datetime) -> bool:
    """Say whether any of these mails is due."""
    return session.scalar(_DUE.with_only_columns(AccountMail.id).limit(1), {"by": now}) is not None


def claim_due(session: Session, now: datetime, *, limit: int = 50) -> list[tuple[str, Letter]]:
    """Take mails that are due, for the time of a lease; answers their ids with the letters."""
    due = _DUE.order_by(AccountMail.not_before, AccountMail.id).limit(limit).with_for_update(skip_locked=True)
    written = []
    for mail in session.scalars(due, {"by": now}).all():
        mail.attempts += 1
        mail.not_before = now + LEASE
        written.append((mail.id, _write(session, mail)))
    return written


def settle(session: Session, mail_id: str, failure: str | None, *, now: datetime) -> None:
    """Remove a mail that has left; one that could not is tried less and less often, and given up in the end."""
    mail = session.get(AccountMail, mail_id)
    if mail is None:
        return
    if failure is None:
        session.delete(mail)
        return
    mail.error = failure[:500]
    if mail.attempts >= MOST_ATTEMPTS:
        mail.given_up_at = now
    else:
        mail.not_before = now + min(timedelta(minutes=2**mail.attempts), LONGEST_PAUSE)


def _write(session: Session, mail: AccountMail) -> Letter:
    person = session.get_one(Person, mail.person)
    account = session.scalar(select(Account).where(Account.person == person.code))
    locale = account.locale if account is not None else FALLBACK_LOCALE
    zone = account.zone if account is not None else None
    said = {
        "name": person.name,
        "login": account.login if account is not None else mail.address,
        "at": say_moment(mail.happened_at, locale, ZoneInfo(zone or "UTC")),
        "link": ADDRESS + PATH,
    }
    code = _TEXTS[mail.what]
    subject, body = common()[code].render(locale, said)
    return Letter(
        message_id=f"<{mail.id}@safeconduct.invalid>",
        to=mail.address,
        name=person.name,
        subject=subject,
        body=body,
        code=code,
        person=person.code,
    )
