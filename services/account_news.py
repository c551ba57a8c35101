"""What people are told about their account, so that nobody else can use it unnoticed: put down with the act, mailed after it.

No preference switches these mails off, and no act waits for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.models.account_mails import ADDRESS, AccountMail
from services.models.people import Account, Person


def tell_holder(session: Session, account: Account, what: str, *, now: datetime) -> None:
    """Tell the holder of an account what happened to it, at each address at which mails reach them.

    Args:
        what: PASSWORD, OPENED or CLOSED of `services.models.account_mails`.
    """
    _put_down(session, account.person, what, (account.login, account.holder.email), now)


def tell_moved(session: Session, person: Person, before: str, *, now: datetime) -> None:
    """Tell somebody that mails go to another address, there and at the address from before, so that no stranger moves them."""
    login = session.scalar(select(Account.login).where(Account.person == person.code))
    _put_down(session, person.code, ADDRESS, (before, person.email, login or before), now)


def _put_down(session: Session, person: str, what: str, addresses: Iterable[str], now: datetime) -> None:
    for address in sorted({each.strip().lower() for each in addresses}):
        session.add(AccountMail(person=person, what=what, address=address, happened_at=now, not_before=now))
