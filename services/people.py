"""People signing in, and who is acting."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from services.account_news import tell_holder
from services.errors import NotAllowed, NotFound
from services.models.account_mails import PASSWORD
from services.models.people import Account, Person, SignInAttempt
from workflows.errors import SafeconductError

#: Failures are counted over this long, and this many of them close the door for the rest of it.
ATTEMPT_WINDOW = timedelta(minutes=15)
FAILURES_PER_LOGIN = 10
FAILURES_PER_ADDRESS = 50
PASSWORD_LENGTH = range(12, 129)
LOCALES = ("en", "fr", "es", "ru", "zh", "ar")
APPEARANCES = ("system", "light", "dark")

_hasher = PasswordHasher()


class SignInRefused(SafeconductError):
    """The e-mail address or the password is not right."""


class TooManyAttempts(SafeconductError):
    """There were too many attempts to sign in. Wait {minutes} minutes, then try again."""


class PasswordRefused(SafeconductError):
    """A password needs between 12 and 128 characters."""


class LocaleRefused(SafeconductError):
    """This language is not offered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who acts now.

    Attributes:
        proved_at: When this person last entered their password; None where no session stands behind the act.
    """

    person: str
    account: str
    name: str
    locale: str = "en"
    proved_at: datetime | None = None


#: Acts for nobody: timers and decisions by rule. It holds no role and no account.
SYSTEM = Actor(person="system", account="", name="Safeconduct")


def hash_password(password: str) -> str:
    """Turn a password into what may be stored."""
    return _hasher.hash(password)


def sign_in(session: Session, *, login: str, password: str, address: str, now: datetime) -> Account:
    """Check who it is.

    The attempt is committed as a failure before the password is looked at: an error later undoes the caller's transaction, and a
    guess that leaves no trace could be repeated without end. The commit also frees the write lock while the slow hash runs.

    Raises:
        TooManyAttempts: This login or this address failed too often lately.
        SignInRefused: Unknown login, wrong password or closed account; all three look alike and take equally long.
    """
    ensure_not_too_often(session, login, address, now)
    attempt = note_attempt(session, login, address, now)
    account = session.scalar(select(Account).where(Account.login == login.strip().lower()))
    session.commit()
    if not _is_right(account, password) or account is None or not account.active:
        raise SignInRefused
    attempt.succeeded = True
    account.signed_in_at = now
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hasher.hash(password)
    forget_sign_in_attempts(session, now=now)
    return account


def find_account(session: Session, account_id: str) -> Account | None:
    """Return the account that a session remembers, if it may still be used."""
    account = session.get(Account, account_id)
    return account if account is not None and account.active else None


def actor_for(session: Session, account_id: str) -> Actor:
    """Say who acts behind an account.

    Raises:
        NotFound: There is no such account, or it was closed.
    """
    account = find_account(session, account_id)
    if account is None:
        raise NotFound
    return actor_of(account)


def actor_of(account: Account) -> Actor:
    """Say who acts behind an account that is at hand."""
    return Actor(person=account.person, account=account.id, name=account.holder.name, locale=account.locale)


def actor_named(session: Session, person: str) -> Actor:
    """Say who acts when a person is named by code, as scenarios and commands do.

    Raises:
        NotFound: Nobody has this code, or the person has no account.
    """
    account = session.scalar(select(Account).where(Account.person == person, Account.active))
    if account is None:
        raise NotFound
    return actor_of(account)


def names_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return the names of persons by their codes; unknown codes stand for themselves."""
    known = dict(session.execute(select(Person.code, Person.name).where(Person.code.in_(set(codes)))).all()) if codes else {}
    return {code: known.get(code, SYSTEM.name if code == SYSTEM.person else code) for code in codes}


def line_of(session: Session, person: Person) -> list[str]:
    """Return the codes of the supervisor and the staff of somebody: neither judges the other's matter."""
    query = select(Person.code).where(or_(Person.supervisor == person.code, Person.code == (person.supervisor or "")))
    return sorted(session.scalars(query))


def choose_locale(session: Session, *, actor: Actor, locale: str) -> None:
    """Remember the language of the actor."""
    if locale not in LOCALES:
        raise LocaleRefused
    account = session.get(Account, actor.account)
    if account is None:
        raise NotFound
    account.locale = locale


def choose_keys(session: Session, *, actor: Actor, wanted: bool) -> None:
    """Remember whether single letters act on the pages of the actor."""
    account = session.get(Account, actor.account)
    if account is None:
        raise NotFound
    account.keys = wanted


def choose_appearance(session: Session, *, actor: Actor, wanted: str) -> None:
    """Remember whether the pages of the actor are light, dark, or as their system is; what is neither follows the system."""
    account = session.get(Account, actor.account)
    if account is None:
        raise NotFound
    account.appearance = wanted if wanted in APPEARANCES else APPEARANCES[0]


def change_password(session: Session, *, actor: Actor, old: str, new: str, now: datetime) -> None:
    """Replace the actor's password; a mail says so.

    Raises:
        NotAllowed: The old password is not right.
        PasswordRefused: The new one is too short or too long.
    """
    account = session.get(Account, actor.account)
    if account is None or not _is_right(account, old):
        raise NotAllowed
    if len(new) not in PASSWORD_LENGTH:
        raise PasswordRefused
    account.password_hash = _hasher.hash(new)
    tell_holder(session, account, PASSWORD, now=now)


def forget_sign_in_attempts(session: Session, *, now: datetime) -> None:
    """Remove attempts that no longer count."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - 2 * ATTEMPT_WINDOW))


def _login_key(login: str) -> str:
    # Hashed, because people type their password into the wrong box.
    return hashlib.sha256(login.strip().lower().encode()).hexdigest()


def note_attempt(session: Session, login: str, address: str, now: datetime) -> SignInAttempt:
    """Note that somebody tries, as a failure until it is known to be none."""
    attempt = SignInAttempt(login=_login_key(login), address=address[:64], at=now, succeeded=False)
    session.add(attempt)
    return attempt


def ensure_not_too_often(session: Session, login: str, address: str, now: datetime) -> None:
    """Count failures by login since its last success, and by address.

    Raises:
        TooManyAttempts: They are too many.
    """
    key = _login_key(login)
    since = now - ATTEMPT_WINDOW
    succeeded_at = (
        select(func.max(SignInAttempt.at))
        .where(SignInAttempt.login == key, SignInAttempt.succeeded)
        .correlate(None)
        .scalar_subquery()
    )
    failed = select(SignInAttempt.login, SignInAttempt.address).where(
        SignInAttempt.at > since,
        SignInAttempt.succeeded.is_(False),
        or_(SignInAttempt.address == address[:64], SignInAttempt.login == key),
        or_(SignInAttempt.login != key, succeeded_at.is_(None), SignInAttempt.at > succeeded_at),
    )
    rows = session.execute(failed.limit(FAILURES_PER_ADDRESS + FAILURES_PER_LOGIN)).all()
    by_login = sum(row.login == key for row in rows)
    by_address = sum(row.address == address[:64] for row in rows)
    if by_login >= FAILURES_PER_LOGIN or by_address >= FAILURES_PER_ADDRESS:
        raise TooManyAttempts(minutes=int(ATTEMPT_WINDOW.total_seconds() // 60))


@cache
def nobodys_hash() -> str:
    """Return the hash of a password that nobody knows: for logins that are not there, and accounts whose is not chosen yet."""
    return _hasher.hash(secrets.token_urlsafe())


def _is_right(account: Account | None, password: str) -> bool:
    # An unknown login is checked against a hash too, so that the time of the answer tells nothing.
    stored = account.password_hash if account is not None else nobodys_hash()
    try:
        _hasher.verify(stored, password[: PASSWORD_LENGTH.stop])
    except (VerificationError, InvalidHashError):
        return False
    return account is not None
