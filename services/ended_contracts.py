"""Accounts of people whose contract ended: nobody is locked out by a day in a register, and whoever keeps accounts hears of them.

A wrong day must not keep anybody from asking or deciding in a crisis, so a person looks and closes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from services import authority, notices
from services.database import Database
from services.errors import Busy
from services.models.bus import DailyRound
from services.models.people import Account, Person

ROUND = "accounts.ended"
TOLD = "N-ALL-12"
#: What is asked of the register of accounts, and its address: there they are closed.
ASKED = {"active": "yes", "contract_ended": "yes"}
PAGE = f"/registers/accounts?{urlencode(ASKED)}"
#: So many people are named in one notice; of all it gives the number.
MOST_NAMED = 50


def has_ended(person: Any, today: Any) -> ColumnElement[bool]:
    """Say in SQL whether the contract of a person is over: its last day is before today."""
    return exists(select(Person.code).where(Person.code == person, Person.contract_to < today).correlate_except(Person))


def tell_once(database: Database, now: datetime) -> bool:
    """Tell administrators of open accounts whose holders' contracts have ended, once a day; says whether it was done now."""
    today = now.date()
    with database.reading() as session:
        if session.get(DailyRound, (ROUND, today)) is not None:
            return False
    try:
        with database.transaction() as session:
            if session.get(DailyRound, (ROUND, today)) is not None:
                return False
            session.add(DailyRound(operation=ROUND, day=today, at=now))
            session.flush()  # of two workers one fails here
            _tell_new(session, today, now)
    except Busy:
        return False
    return True


def _tell_new(session: Session, today: date, now: datetime) -> None:
    """Tell of those that nobody was told of yet. A contract that was prolonged and ends again is told of again."""
    keepers = authority.people_in_role(session, role="ADM", now=now)
    if not keepers:
        return
    untold = or_(Account.end_told.is_(None), Account.end_told != Person.contract_to)
    found = select(Account).join(Person, Person.code == Account.person).where(Account.active, Person.contract_to < today, untold)
    new = session.scalars(found.order_by(Person.name, Person.code)).all()
    if not new:
        return
    for account in new:
        account.end_told = account.holder.contract_to
    facts = {"persons": [account.person for account in new[:MOST_NAMED]], "count": len(new)}
    notices.tell(session, keepers, TOLD, source=f"{ROUND}|{today.isoformat()}", variables=facts, address=PAGE, now=now)
