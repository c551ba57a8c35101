"""How people come by a password without anybody else knowing it: a link to the address of their account, once and for a while.

A link is sent to whoever is invited, and to whoever asks because the password is forgotten. The answer to the latter is the same
whether there is such an account or not. The address in the mail is the link's nonce with a seal under the key of this
installation, so whoever reads the database can open nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.account_news import tell_holder
from services.models.account_links import FORGOTTEN, INVITED, AccountLink
from services.models.account_mails import PASSWORD
from services.models.base import UtcDateTime, new_id
from services.models.people import Account
from services.notices.texts import common
from services.notices.wording import say_moment
from services.outbox import ADDRESS, LEASE, LONGEST_PAUSE, MOST_ATTEMPTS, SEAL, Letter
from services.people import PASSWORD_LENGTH, PasswordRefused, ensure_not_too_often, hash_password, note_attempt
from workflows.errors import SafeconductError

#: So long a link holds.
HOLDS = {INVITED: timedelta(days=7), FORGOTTEN: timedelta(hours=1)}
#: Whoever asks again so soon has a mail on its way already.
QUIET = timedelta(minutes=5)
PATH = "/account/"
_TEXTS = {INVITED: "MAIL-INVITED", FORGOTTEN: "MAIL-FORGOTTEN"}
_NONCE = 32
_BY = bindparam("by", type_=UtcDateTime)
_DUE = select(AccountLink).where(AccountLink.sent_at.is_(None), AccountLink.not_before <= _BY, AccountLink.expires_at > _BY)


class LinkOver(SafeconductError):
    """This link does not hold any more: it was used, a newer one took its place, or its time is over. Ask for a new one."""


def seal(key: str, nonce: str) -> str:
    """Return what stands in the address of a link."""
    mac = hmac.new(key.encode(), b"account-link:" + nonce.encode(), hashlib.sha256)
    return nonce + mac.hexdigest()


def make_link(session: Session, account: Account, purpose: str, *, now: datetime, is_mailed: bool = True) -> AccountLink:
    """Make the link of an account; one from before holds no longer.

    Args:
        is_mailed: Whether a mail brings it; otherwise whoever asked hands it over.
    """
    link = session.get(AccountLink, account.id)
    expires_at = now + HOLDS[purpose]
    if link is None:
        link = AccountLink(account=account.id)
        session.add(link)
    elif link.expires_at > expires_at:
        expires_at = link.expires_at  # an invitation is not cut short by somebody who asks in another's name
    link.purpose, link.nonce, link.made_at, link.expires_at = purpose, new_id(), now, expires_at
    link.not_before, link.attempts, link.error, link.sent_at = now, 0, None, None if is_mailed else now
    return link


def request_link(session: Session, login: str, *, address: str, now: datetime) -> None:
    """Send a link to the account with this login, if there is one that may be used; nobody learns whether there is.

    Raises:
        TooManyAttempts: It was asked for too often lately, for this login or from this address.
    """
    asked = f"link {login}"
    ensure_not_too_often(session, asked, address, now)
    note_attempt(session, asked, address, now)
    # Locked, so that of two who ask at the same moment the second finds the link of the first.
    known = select(Account).where(Account.login == login.strip().lower(), Account.active).with_for_update()
    account = session.scalar(known)
    if account is None:
        return
    link = session.get(AccountLink, account.id)
    if link is None or link.made_at <= now - QUIET:
        make_link(session, account, FORGOTTEN, now=now)


def open_link(session: Session, token: str, *, key: str, now: datetime, to_use: bool = False) -> AccountLink:
    """Return the link behind an address.

    Args:
        to_use: Whether it is used up now: of two who use it at the same moment the second finds it gone.

    Raises:
        LinkOver: There is none, or it does not hold any more.
    """
    nonce = token[:_NONCE]
    if hmac.compare_digest(seal(key, nonce).encode(), token.encode()):
        found = select(AccountLink).where(AccountLink.nonce == nonce, AccountLink.expires_at > now)
        link = session.scalar(found.with_for_update() if to_use else found)
        if link is not None and session.get_one(Account, link.account).active:
            return link
    raise LinkOver


def choose_password(session: Session, token: str, *, key: str, new: str, now: datetime) -> Account:
    """Give the account behind a link its password; the link is used up, open sessions end, and a mail says so.

    Raises:
        LinkOver: See `open_link`.
        PasswordRefused: It is too short or too long; the link still holds.
    """
    link = open_link(session, token, key=key, now=now, to_use=True)
    if len(new) not in PASSWORD_LENGTH:
        raise PasswordRefused
    account = session.get_one(Account, link.account)
    account.password_hash, account.signed_in_at = hash_password(new), now
    session.delete(link)
    tell_holder(session, account, PASSWORD, now=now)
    return account


def is_any_due(session: Session, now: datetime) -> bool:
    """Say whether the mail of any link is due."""
    return session.scalar(_DUE.with_only_columns(AccountLink.account), {"by": now}) is not None


def claim_due(session: Session, now: datetime, *, limit: int = 50) -> list[tuple[str, Letter]]:
    """Take links whose mail is due, for the time of a lease; answers their nonces with the letters."""
    due = _DUE.order_by(AccountLink.not_before).limit(limit).with_for_update(skip_locked=True)
    claimed = session.scalars(due, {"by": now}).all()
    written = []
    for link in claimed:
        link.attempts += 1
        link.not_before = now + LEASE
        written.append((link.nonce, _write(session.get_one(Account, link.account), link)))
    return written


def settle(session: Session, nonce: str, failure: str | None, *, now: datetime) -> None:
    """Note that the mail of a link has left, or why it could not: it is tried less and less often, and given up in the end."""
    link = session.scalar(select(AccountLink).where(AccountLink.nonce == nonce))
    if link is None:
        return
    link.error = failure and failure[:500]
    if failure is None or link.attempts >= MOST_ATTEMPTS:
        link.sent_at = now
    else:
        link.not_before = now + min(timedelta(minutes=2**link.attempts), LONGEST_PAUSE)


def _write(account: Account, link: AccountLink) -> Letter:
    holder = account.holder
    until = say_moment(link.expires_at, account.locale, ZoneInfo(account.zone or "UTC"))
    said = {"name": holder.name, "link": ADDRESS + PATH + SEAL, "until": until, "login": account.login}
    subject, body = common()[_TEXTS[link.purpose]].render(account.locale, said)
    return Letter(
        message_id=f"<{link.nonce[:8]}.{account.id}@safeconduct.invalid>",
        to=account.login,
        name=holder.name,
        subject=subject,
        body=body,
        code=_TEXTS[link.purpose],
        person=account.person,
        nonce=link.nonce,
    )
