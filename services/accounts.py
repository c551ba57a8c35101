"""Who may sign in: accounts are opened for people, closed, and opened again. Nobody learns another's password."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.account_links import make_link
from services.account_news import tell_holder, tell_moved
from services.models.account_links import INVITED, AccountLink
from services.models.account_mails import CLOSED, OPENED
from services.models.base import new_id
from services.models.people import Account, Person
from services.people import nobodys_hash
from workflows.errors import SafeconductError


class HasAccount(SafeconductError):
    """This person has an account already, or somebody else's has the same e-mail address."""


class AddressTaken(SafeconductError):
    """The account of somebody else has this e-mail address."""


class NoAccount(SafeconductError):
    """There is no account of {login} with which anybody may sign in."""


def open_account(
    session: Session,
    person: Person,
    *,
    now: datetime,
    locale: str = "en",
    is_mailed: bool = True,
    active: bool = True,
) -> Account:
    """Open an account for a person; nobody can sign in with it before its link was used.

    Args:
        is_mailed: Whether the link goes to the person by mail; otherwise a mail says only that the account was opened.
        active: Whether it may be used; one that may not gets no link.

    Raises:
        HasAccount: There is one already for the person or the address.
    """
    login = person.email.strip().lower()
    if session.scalar(select(Account.id).where((Account.person == person.code) | (Account.login == login))) is not None:
        raise HasAccount
    account = Account(
        id=new_id(), person=person.code, login=login, password_hash=nobodys_hash(), locale=locale, active=active, created_at=now
    )
    session.add(account)
    session.flush()  # the link refers to it
    if active:
        make_link(session, account, INVITED, now=now, is_mailed=is_mailed)
        if not is_mailed:
            tell_holder(session, account, OPENED, now=now)
    return account


def set_active(session: Session, account: Account, *, active: bool, now: datetime) -> None:
    """Close an account, with its sessions and its link, or open it again with the password that it had; its holder is told."""
    if account.active != active:
        tell_holder(session, account, OPENED if active else CLOSED, now=now)
    account.active = active
    if not active and (link := session.get(AccountLink, account.id)) is not None:
        session.delete(link)


def follow_address(session: Session, account: Account, *, now: datetime) -> None:
    """Let the holder of an account sign in with their present e-mail address; a link that is on its way goes there anew.

    Both addresses are told. Nobody names the address here, so whoever moves an account needs who keeps the register of people.

    Raises:
        AddressTaken: Another account has it.
    """
    before, login = account.login, account.holder.email.strip().lower()
    if login == before:
        return
    account.login = login
    try:
        session.flush()
    except IntegrityError as error:
        raise AddressTaken from error
    tell_moved(session, account.holder, before, now=now)
    link = session.get(AccountLink, account.id)
    if link is None:
        return
    if account.active and link.expires_at > now:
        make_link(session, account, link.purpose, now=now)
    else:
        session.delete(link)


def find_by_login(session: Session, login: str) -> Account:
    """Return the open account with a login, or of a person.

    Raises:
        NoAccount: There is none.
    """
    found = session.scalar(
        select(Account).where((Account.login == login.strip().lower()) | (Account.person == login), Account.active)
    )
    if found is None:
        raise NoAccount(login=login)
    return found
