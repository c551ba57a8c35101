"""Who may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services import accounts, ended_contracts
from services.authority.ways import TODAY
from services.models.account_links import AccountLink
from services.models.people import Account, Person
from services.people import Actor
from services.registry.reaches import ADMINISTRATOR, AUDITOR
from services.registry.shape import Column, Kind, Register
from workflows.errors import AnswersInvalid, Problem


def _open(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Account:
    person = session.get_one(Person, values["person"])
    try:
        return accounts.open_account(session, person, now=now, active=values.get("active", True))
    except accounts.HasAccount as refusal:
        raise AnswersInvalid([Problem(where="person", sentence=refusal.sentence)]) from refusal


def _close(session: Session, entry: Account, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> None:
    accounts.set_active(session, entry, active=changes["active"], now=now)


_INVITED_UNTIL = select(AccountLink.expires_at).where(AccountLink.account == Account.id).correlate(Account).scalar_subquery()
_ORGANISATION = select(Person.organisation).where(Person.code == Account.person).correlate(Account).scalar_subquery()
_CONTRACT_TO = select(Person.contract_to).where(Person.code == Account.person).correlate(Account).scalar_subquery()

ACCOUNTS = Register(
    key="accounts",
    family="people",
    title="Accounts",
    about="Who may sign in. Whoever is added gets a mail with a link and chooses the password; nobody else ever knows it.",
    model=Account,
    identity=("person",),
    order=("person",),
    columns=(
        Column("person", "Person", Kind.PERSON, listed=True, filtered=True, searched=True, entered=True, required=True),
        Column("organisation", "Organisation", Kind.ORGANISATION, value=_ORGANISATION, listed=True, filtered=True),
        Column("login", "E-mail address", listed=True, searched=True),
        Column(
            "active", "May sign in", Kind.YES_NO, listed=True, filtered=True, edited=True, hint="No: open sessions end at once."
        ),
        Column("contract_to", "Contract to", Kind.DATE, value=_CONTRACT_TO, listed=True),
        Column(
            "contract_ended",
            "Contract ended",
            Kind.YES_NO,
            value=ended_contracts.has_ended(Account.person, TODAY),
            filtered=True,
        ),
        Column("created_at", "Opened", Kind.MOMENT, listed=True),
        Column("signed_in_at", "Signed in last", Kind.MOMENT, listed=True),
        Column("invited_until", "Link holds until", Kind.MOMENT, value=_INVITED_UNTIL, listed=True),
    ),
    person="person",
    readers=(*ADMINISTRATOR, *AUDITOR),
    owners=ADMINISTRATOR,
    not_own=True,
    adding=True,
    apply=_close,
    enter=_open,
)

REGISTERS = (ACCOUNTS,)
