"""People with accounts, for tests that need somebody to be signed in and nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from flask.testing import FlaskClient
from sqlalchemy import select

from services.database import Database
from services.models.organisations import Organisation
from services.models.people import Account, Person
from services.people import hash_password
from webapp.context import PROVED_AT, SignedIn, context_of

LOGIN = "ada.reader@example.org"
PASSWORD = "four plain words here"
#: Made once: what protects a password takes its time.
STORED = cache(lambda: hash_password(PASSWORD))


def add_account(database: Database, *, now: datetime, login: str = LOGIN, locale: str = "en", active: bool = True) -> str:
    """Add a person with an account and give the account's id."""
    code = login.partition("@")[0]
    with database.transaction() as session:
        session.merge(Organisation(code="UNEX", name={"en": "UN Example"}, kind="AGENCY"))
        session.flush()
        session.add(Person(code=code, name="Ada Reader", email=login, organisation="UNEX", contract_type="INTL"))
        session.flush()
        account = Account(person=code, login=login, password_hash=STORED(), locale=locale, active=active, created_at=now)
        session.add(account)
        session.flush()
        return account.id


def token_of(page: str) -> str:
    """Read the token that a page's forms send along."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def sign_in(client: FlaskClient, login: str = LOGIN) -> FlaskClient:
    """Leave in a browser what signing in leaves there, without page and password; those are in tests/site/test_signing_in.py."""
    with context_of(client.application).database.reading() as session:
        person = SignedIn.from_account(session.scalars(select(Account).where(Account.login == login)).one())
    with client.session_transaction() as kept:
        kept.permanent = True
        kept["_user_id"], kept["_fresh"] = person.get_id(), True
        kept[PROVED_AT] = context_of(client.application).clock().isoformat()
    return client
