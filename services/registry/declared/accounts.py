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
from services.models.register_changes import CHANGED, RegisterChange
from services.people import Actor
from services.registry.declared.people import PEOPLE
from services.registry.reaches import ADMINISTRATOR, AUDITOR
from services.registry.shape import Column, Kind, Register
from workflows.errors import AnswersInvalid, Problem


def _open(session: Session, values: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> Account:
    person = session.get_one(Person, values["person"])
    _ensure_own_address(person, values.get("login"))
    try:
        return accounts.open_account(session, person, now=now, active=values.get("active", True))
    except accounts.HasAccount as refusal:
        raise AnswersInvalid([Problem(where="person", sentence=refusal.sentence)]) from refusal


def _change(session: Session, entry: Account, changes: Mapping[str, Any], *, actor: Actor, reason: str, now: datetime) -> None:
    if "login" in changes:
        _ensure_own_address(entry.holder, changes["login"])
        _ensure_moved_by_another(session, entry.holder, actor)
        try:
            accounts.follow_address(session, entry, now=now)
        except accounts.AddressTaken as refusal:
            raise AnswersInvalid([Problem(where="login", sentence=refusal.sentence)]) from refusal
    if "active" in changes:
        accounts.set_active(session, entry, active=changes["active"], now=now)


def _ensure_own_address(person: Person, login: str | None) -> None:
    """An account has the address of its person, so that nobody leads it, or its links, to an address of their own."""
    if login is not None and login != person.email.strip().lower():
        raise AnswersInvalid(
            [
                Problem(
                    where="login",
                    sentence="This is not the address that the register of people has.",
                    way_out="Have it changed there first, or leave this empty.",
                )
            ]
        )


def _ensure_moved_by_another(session: Session, person: Person, actor: Actor) -> None:
    """It takes two to move an account: whoever has changed the address does not let the account follow."""
    moved = select(RegisterChange.by).where(
        RegisterChange.register == PEOPLE.key,
        RegisterChange.entry == person.code,
        RegisterChange.act == CHANGED,
        RegisterChange.after["email"].as_string().is_not(None),
    )
    if session.scalar(moved.order_by(RegisterChange.number.desc()).limit(1)) == actor.person:
        sentence = "You changed this address in the register of people yourself."
        way_out = "Ask another administrator to let the account follow."
        raise AnswersInvalid([Problem(where="login", sentence=sentence, way_out=way_out)])


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
        Column(
            "login",
            "E-mail address",
            Kind.EMAIL,
            listed=True,
            searched=True,
            edited=True,
            longest=254,
            hint="With it the person signs in. Empty: the one that the register of people has now.",
        ),
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
    apply=_change,
    enter=_open,
)

REGISTERS = (ACCOUNTS,)
