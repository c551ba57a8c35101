"""People with accounts, for tests that need somebody to be signed in and nothing else."""

from __future__ import annotations

import re
from datetime import datetime

from flask.testing import FlaskClient

from services.database import Database
from services.models.organisations import Organisation
from services.models.people import Account, Person
from services.people import hash_password

LOGIN = "ada.reader@example.org"
PASSWORD = "four plain words here"


def add_account(database: Database, *, now: datetime, login: str = LOGIN, locale: str = "en", active: bool = True) -> str:
    """Add a person with an account and give the account's id."""
    code = login.partition("@")[0]
    with database.transaction() as session:
        session.merge(Organisation(code="UNEX", name={"en": "UN Example"}, kind="AGENCY"))
        session.flush()
        session.add(Person(code=code, name="Ada Reader", email=login, organisation="UNEX", contract_type="INTL"))
        session.flush()
        account = Account(
            person=code, login=login, password_hash=hash_password(PASSWORD), locale=locale, active=active, created_at=now
        )
        session.add(account)
        session.flush()
        return account.id


def token_of(page: str) -> str:
    """Read the token that a page's forms send along."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def sign_in(client: FlaskClient, login: str = LOGIN, password: str = PASSWORD) -> FlaskClient:
    """Sign in through the page, as a person does."""
    token = token_of(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"login": login, "password": password, "csrf_token": token})
    assert answer.status_code == 303, answer.text
    return client
