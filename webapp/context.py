"""What a view may ask for: the database, the moment, who is signed in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from flask import Flask, current_app, session
from flask_login import current_user

from services.database import Database
from services.models.people import Account
from services.people import Actor, actor_of
from webapp.settings import Settings

EXTENSION = "safeconduct"
#: Under this name a session says when its person last entered the right password.
PROVED_AT = "proved_at"
_NEVER = datetime.min.replace(tzinfo=UTC)
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Tell the moment, aware; the only place of the web that asks the machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What one application was made with."""

    settings: Settings
    database: Database
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The account behind a request, as plain values that outlive the transaction; also what Flask-Login asks of a user.

    Attributes:
        stamp: Changes with the password, so that a changed password ends all sessions.
        keys: Whether single letters act on pages.
        appearance: "light", "dark", or "system" for what the person's system shows.
        zone: The time zone of the duty station, None when nothing is known of it.
    """

    actor: Actor
    login: str
    stamp: str
    keys: bool = True
    appearance: str = "system"
    zone: str | None = None
    is_active: bool = True
    is_authenticated: bool = True
    is_anonymous: bool = False

    @classmethod
    def from_account(cls, account: Account) -> SignedIn:
        """Copy what pages need of an account."""
        stamp = hashlib.sha256(account.password_hash.encode()).hexdigest()[:16]
        return cls(
            actor=actor_of(account),
            login=account.login,
            stamp=stamp,
            keys=account.keys,
            appearance=account.appearance,
            zone=account.zone,
        )

    @property
    def name(self) -> str:
        """The person's name, as the header shows it."""
        return self.actor.name

    @property
    def locale(self) -> str:
        """The language of the profile."""
        return self.actor.locale

    def get_id(self) -> str:
        """Name the account in the session."""
        return f"{self.actor.account}.{self.stamp}"


def context_of(app: Flask) -> Context:
    """Give what an application was made with."""
    return cast("Context", app.extensions[EXTENSION])


def settings() -> Settings:
    """Give the settings of the application that answers."""
    return context_of(current_app).settings


def database() -> Database:
    """Give the database of the application that answers; views open one transaction on it."""
    return context_of(current_app).database


def now() -> datetime:
    """Tell the moment of this request, aware; views hand it to the services."""
    return context_of(current_app).clock()


def signed_in() -> SignedIn:
    """Give the account that asks. Only for pages that are closed to strangers."""
    return cast("SignedIn", current_user._get_current_object())  # noqa: SLF001  the proxy has no other way to its value


def find_signed_in() -> SignedIn | None:
    """Give the account that asks, or None for a stranger."""
    return signed_in() if current_user and current_user.is_authenticated else None


def actor() -> Actor:
    """Give who acts, for a service call, and when they last proved who they are."""
    proved_at = session.get(PROVED_AT)
    return replace(signed_in().actor, proved_at=datetime.fromisoformat(proved_at) if proved_at else _NEVER)
