"""People at their browsers, on the demo data with the small leave process published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services import definitions
from services.database import Database
from tests.accounts import sign_in, token_of
from tests.databases import FILLS, NOW
from tests.services.leave import Leave, fill_leave
from webapp.preparing import PROCESSES

CONTENT = "pages"


def fill_pages(url: str) -> None:
    """Make a database with the people of the demo world, the leave process and the processes of the house; no cases."""
    fill_leave(url)
    database = Database(url)
    with database.transaction() as session:
        definitions.publish_folders(session, PROCESSES, now=NOW)
    database.dispose()


FILLS[CONTENT] = fill_pages


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who is signed in."""

    code: str
    client: FlaskClient

    def get(self, address: str) -> TestResponse:
        """Open a page."""
        return self.client.get(address)

    def post(self, address: str, **answers: Any) -> TestResponse:
        """Send a form with the token that the person's pages carry."""
        token = token_of(self.client.get("/profile").text)
        return self.client.post(address, data={"csrf_token": token, **answers})


@pytest.fixture
def leave(copy_database: Callable[[str, str], str]) -> Iterator[Leave]:
    """Give the leave process with its people."""
    database = Database(copy_database("sqlite", CONTENT))
    yield Leave(database=database)
    database.dispose()


@pytest.fixture
def pages(leave: Leave, make_app: Callable[..., Flask]) -> Flask:
    """Give the application on that database."""
    return make_app(leave.database)


@pytest.fixture
def enter(pages: Flask) -> Callable[[str], Person]:
    """Give a function that signs somebody in: `enter("lina.marchetti")`."""

    def signed_in(person: str) -> Person:
        client = sign_in(pages.test_client(), login=f"{person}@demo.example")
        return Person(code=person, client=client)

    return signed_in
